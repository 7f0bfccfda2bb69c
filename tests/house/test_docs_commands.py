"""What the documentation shows can be typed: its commands are there, and their options, in the place where they stand."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import pytest

from onbam.cli.main import onbam
from support.sources import ROOT

PAGES = [*sorted((ROOT / "docs").rglob("*.md")), *(ROOT / name for name in ("README.md", "README.ko.md", "CONTRIBUTING.md"))]
FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
FRONT = r"(?:onbam|python3? run\.py|py run\.py|onbam\.bat)"
SHOWN = re.compile(rf"^\s*(?:\$ )?{FRONT} ([^\n]*)$", re.MULTILINE)
QUOTED = re.compile(rf"`{FRONT} ([^`\n]+)`")
OPTION = re.compile(r"`(--[a-z][a-z-]+)[^`]*`")
STAND_FOR_ANY = ("…", "<", "COMMAND")
"""Words in place of a command or an option."""
OUTSIDE = frozenset({"test", "--with"})
"""Of `run.py` itself, whose own tests run it."""
OF_OTHERS = frozenset({"--with"})


def commands(page: Path) -> Iterator[list[str]]:
    """Every command of the page, as words behind the program's name; without what a shell does with its answer."""
    text = page.read_text("utf-8")
    for line in [*QUOTED.findall(text), *(line for block in FENCE.findall(text) for line in SHOWN.findall(block))]:
        words = shlex.split(re.split(r" [|>] ", line)[0], comments=True)
        if words and words[0] not in OUTSIDE and not words[0].startswith(STAND_FOR_ANY):
            yield words


def follow(words: Sequence[str]) -> None:
    """Read it as the command line does, as far as names and the values with a choice go; nothing is done."""
    command: click.Command = onbam
    ctx = click.Context(command, info_name="onbam")
    while True:
        given, rest, _ = command.make_parser(ctx).parse_args(list(words))
        for one in command.params:
            value = given.get(one.name or "")
            if isinstance(one.type, click.Choice) and isinstance(value, str):
                one.type.convert(value, one, ctx)
        if not isinstance(command, click.Group) or not rest or rest[0] in STAND_FOR_ANY:
            return
        sub = command.get_command(ctx, rest[0])
        if sub is None:
            raise click.UsageError(f"there is no '{rest[0]}'")
        command, ctx, words = sub, click.Context(sub, info_name=rest[0], parent=ctx), rest[1:]


def options(command: click.Command, ctx: click.Context) -> Iterator[str]:
    """Every option of this command and those below it."""
    for one in command.params:
        yield from (*one.opts, *one.secondary_opts)
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            sub = command.get_command(ctx, name)
            assert sub is not None
            yield from options(sub, click.Context(sub, info_name=name, parent=ctx))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_shown_can_be_typed(page: Path) -> None:
    """A command, an option or a choice that is misspelt, gone, or in the wrong place is found before a reader finds it."""
    wrong = []
    for words in commands(page):
        if words[0] == "sim":  # each simulator has options of its own, which it shows itself
            continue
        try:
            follow(words)
        except click.ClickException as error:
            wrong.append(f"onbam {shlex.join(words)}: {error.format_message()}")
    assert wrong == []


def test_every_option_named_by_itself_is_one() -> None:
    """In a sentence about a command, too."""
    known = {*options(onbam, click.Context(onbam)), *OF_OTHERS, "--help"}
    strange = {page.name: set(OPTION.findall(page.read_text("utf-8"))) - known for page in PAGES}
    assert {name: found for name, found in strange.items() if found} == {}


def test_a_misspelt_command_of_a_page_would_be_found(tmp_path: Path) -> None:
    """A test that cannot fail is a defect."""
    page = tmp_path / "page.md"
    page.write_text("`onbam demo --lang ko`, `onbam bench start`\n```\n$ onbam --lang ko demo   # 보기\n```\n", "utf-8")
    shown = list(commands(page))
    assert shown == [["demo", "--lang", "ko"], ["bench", "start"], ["--lang", "ko", "demo"]]
    for words, fine in zip(shown, (False, False, True), strict=True):
        try:
            follow(words)
        except click.ClickException:
            assert not fine
        else:
            assert fine
