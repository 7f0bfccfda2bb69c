"""Writes the reference pages that the code knows better than any author: settings, commands, errors.

For: `python scripts/docs.py` after a setting or command changed; `--check` in the house tests.
Promises: the pages come from the same objects the program uses, in both languages; `--check` writes nothing and names
what is stale.
Refuses: prose. Whoever has something to explain writes a page beside the generated ones.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from onbam import bootstrap
from onbam.cli.app import App
from onbam.cli.frame import Group, Option
from onbam.cli.main import onbam
from onbam.kernel import errors
from onbam.kernel.settings import Known, Secret, families, kind_of, known, known_in
from onbam.kernel.words import LANGS, Text

REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference"
SOURCES = Path(__file__).resolve().parents[1] / "src" / "onbam"
MADE = "<!-- Written by scripts/docs.py; change the code, then run it again. -->"


def cell(text: object) -> str:
    """One cell of a table."""
    return str(text).replace("|", r"\|").replace("\n", " ").strip()


def code(text: object) -> str:
    """One cell in code letters."""
    return f"`{cell(text)}`" if str(text) else ""


# -- settings -----------------------------------------------------------------------------------------------------------


def settings_page() -> Iterator[str]:
    """Every setting of the tree."""
    yield "# Settings"
    yield MADE
    yield (
        "For whoever looks a setting up. "
        "A setting is written in `onbam.toml` as `[section]` and `name = value`, in `.env`, `.env.local` or the environment "
        "under its variable, or for one call as `onbam --set section.name=value`. Later ones win, in that order. "
        "`onbam config show` prints every value and where it came from. A wrong name, type or range ends the program with "
        "[exit code 78](exit-codes.md) and names file, line and the nearest known name."
    )
    yield (
        "Two variables are read before any setting: `ONBAM_HOME` (the folder with settings and data) and `ONBAM_LANG` "
        "(the language, until the settings are read). A secret may also come from the file that `NAME_FILE` names. "
        'Names of other programs in `.env` are allowed with `[env] foreign = ["THEIRS_*"]` in `onbam.toml`.'
    )
    section = ""
    for one in known(bootstrap.Settings):
        if one.section != section:
            section = one.section
            yield f"## `[{section}]`"
        yield from setting(one)
    for family, cls in families(bootstrap.Settings).items():
        yield f"## `[{family}.NAME]`"
        yield (
            f"As many sections as a shop likes, each under a name of its own, as `[{family}.my-robot]`: lower-case letters, "
            "figures, `-` and `_`. Only in `onbam.toml`."
        )
        for one in known_in(f"{family}.NAME", cls):
            yield f"### `{one.name}`"
            yield f"{one.meta.help.en}  \n{one.meta.help.ko}"
            yield f"{kind_of(one).to('en')}{limits(one)}; default {default(one)}."


def setting(one: Known) -> Iterator[str]:
    """One setting."""
    names = ", ".join(f"`{name}`" for name, _ in one.variables())
    facts = [f"`{one.dotted}` · {names}", f"{kind_of(one).to('en')}{limits(one)}", f"default {default(one)}"]
    if one.meta.env_scale != 1.0:
        facts.append(f"`{one.meta.env}` counts in units of {one.meta.env_scale:g}")
    yield f"### `{one.name}`"
    yield f"{one.meta.help.en}  \n{one.meta.help.ko}"
    yield "; ".join(facts) + "."


def limits(one: Known) -> str:
    """The range of a number."""
    low, high = one.meta.ge, one.meta.le
    if low is None and high is None:
        return ""
    if high is None:
        return f", at least {low:g}"
    return f", at most {high:g}" if low is None else f" from {low:g} to {high:g}"


def default(one: Known) -> str:
    """The default as people write it; what stands in the code is no secret."""
    if isinstance(one.default, Secret):
        return f"`{one.default.reveal()}`" if one.default else "none"
    if one.default is None or one.default in ("", ()):
        return "empty"
    if isinstance(one.default, bool):
        return f"`{str(one.default).lower()}`"
    if isinstance(one.default, Path):
        return f"`{one.default.as_posix()}`"
    return f"`{','.join(map(str, one.default))}`" if isinstance(one.default, tuple) else f"`{one.default}`"


# -- commands -----------------------------------------------------------------------------------------------------------


def commands_page() -> Iterator[str]:
    """Every command of the command line."""
    yield "# Commands"
    yield MADE
    yield (
        "For whoever looks a command up. "
        "`onbam --help` and `onbam COMMAND --help` say the same in the reader's language. Every command that reads answers "
        "JSON with `--json`. An act of a person on orders, programs, users or notices takes `--reason`, which the journal "
        "keeps with who did it; what is kept outside the journal (secrets, the database itself, the installation) does not. "
        "How commands end: [exit codes](exit-codes.md)."
    )
    app = App(home=Path(), lang_chosen="en")
    with click.Context(onbam, info_name="onbam", obj=app) as ctx:
        yield "## `onbam`"
        yield from options(onbam, ctx)
        for name in onbam.list_commands(ctx):
            yield from command(onbam, name, ctx)


def command(parent: Group, name: str, above: click.Context) -> Iterator[str]:
    """One command, and those below it."""
    found = parent.get_command(above, name)
    assert found is not None, name
    if found.hidden:
        return
    with found.context_class(found, info_name=name, parent=above) as ctx:
        usage = " ".join([ctx.command_path, *found.collect_usage_pieces(ctx)])
        yield f"## `{ctx.command_path}`"
        text: Text = found.text  # type: ignore[attr-defined]
        yield from (text.to(lang) for lang in reversed(LANGS))
        yield f"    {usage}"
        yield from options(found, ctx)
        if isinstance(found, Group):
            for below in found.list_commands(ctx):
                yield from command(found, below, ctx)


def options(one: click.Command, ctx: click.Context) -> Iterator[str]:
    """The options of a command as one table."""
    rows = []
    for parameter in one.get_params(ctx):
        if isinstance(parameter, Option) and not parameter.hidden:
            record = parameter.get_help_record(ctx)
            assert record is not None
            rows.append(f"| {code(record[0])} | {cell(parameter.text.en)} | {cell(parameter.text.ko)} |")
    if rows:
        yield "\n".join(["| option | | |", "| --- | --- | --- |", *rows])


# -- errors -------------------------------------------------------------------------------------------------------------


def errors_page() -> Iterator[str]:
    """Every class of trouble."""
    yield "# Errors"
    yield MADE
    yield (
        "For scripts that read errors. "
        "Trouble is sorted by what to do next. Each error carries a message and a hint in both languages; with `--json` a "
        'command prints `{"error": {"kind": …, "message": …, "hint": …}}` on standard error (and `message_ko`, '
        "`message_en`, `hint_ko`, `hint_en`, whoever reads), where `kind` is a name below, or `Usage` where "
        "the command line was not understood."
    )
    rows = ["| kind | what happens next | exit code |", "| --- | --- | --- |"]
    for name, found in inspect.getmembers(errors, inspect.isclass):
        if issubclass(found, errors.OnbamError) and found is not errors.OnbamError:
            says = (inspect.getdoc(found) or "").splitlines()[0]
            rows.append(f"| {code(name)} | {cell(says)} | {found.exit_code} |")
    yield "\n".join(rows)
    yield "Some rooms say it more exactly. Whoever knows only the kinds above treats these as what they are a case of."
    rows = ["| kind | a case of | what it says |", "| --- | --- | --- |"]
    for name, above, says in sorted(finer()):
        case = "none of them" if above == errors.OnbamError.__name__ else code(above)
        rows.append(f"| {code(name)} | {case} | {cell(says)} |")
    yield "\n".join(rows)


def finer() -> Iterator[tuple[str, str, str]]:
    """The kinds the rooms make of those of the kernel: name, what it is a case of, its first sentence. Read, not imported."""
    classes = [
        (node.name, base.id, (ast.get_docstring(node) or "").partition("\n")[0])
        for path in sorted(SOURCES.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
        for base in node.bases
        if isinstance(base, ast.Name)
    ]
    own = {name for name, found in inspect.getmembers(errors, inspect.isclass) if issubclass(found, errors.OnbamError)}
    known_kinds = set(own)
    while fresh := {name for name, above, _ in classes if above in known_kinds} - known_kinds:
        known_kinds |= fresh
    yield from ((name, above, says) for name, above, says in classes if name not in own and above in known_kinds)


PAGES = {"settings.md": settings_page, "commands.md": commands_page, "errors.md": errors_page}


def main(arguments: list[str]) -> int:
    """Write the pages, or say which ones are stale."""
    stale = []
    for name, page in PAGES.items():
        path, text = REFERENCE / name, "\n\n".join(page()) + "\n"
        if path.is_file() and path.read_text("utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            path.write_text(text, "utf-8", newline="\n")
            print(f"written: docs/reference/{name}")
    if stale and "--check" in arguments:
        print(f"stale: {', '.join(stale)}. Run: python scripts/docs.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
