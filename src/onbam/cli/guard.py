"""`onbam restart`, `stop`, `remove`, `logs`: one program, or all of them.

For: people at a terminal, and scripts.
Promises: the command comes back when it is done, with a sentence about the programs that were named; a name nobody knows is
answered with those there are; settings nobody can read keep nobody from stopping and looking.
Refuses: to end anything by itself: the guard does.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from onbam.cli import guard_words as say
from onbam.cli.app import App
from onbam.cli.frame import command, json_option, option, pass_app, reason_option
from onbam.cli.guard_calls import BECOMING, about, answer, beside, caller, is_troubled, listed, logs_folder, mind, waiting, who
from onbam.guard.calling import Caller
from onbam.guard.words import NO_PROCESS, NO_PROCESS_HINT
from onbam.kernel.errors import EXIT_FAILED, EXIT_OK, Refused

if TYPE_CHECKING:
    from onbam.guard.output import Family, Place

LIMIT_S = 100.0
"""A drain may take its time; the command waits for it."""
GUARD = "guard"


@command(say.RESTART, name="restart")
@click.argument("names", nargs=-1)
@option("--now", text=say.NOW_OPTION, is_flag=True)
@json_option
@reason_option
@pass_app
def restart(app: App, names: tuple[str, ...], now: bool, reason: str) -> int:  # noqa: FBT001 -- a flag of click's
    """Fresh processes."""
    return _do(app, "restart", names, reason, now=now)


@command(say.STOP, name="stop")
@click.argument("names", nargs=-1)
@json_option
@reason_option
@pass_app
def stop(app: App, names: tuple[str, ...], reason: str) -> int:
    """Stopped, and remembered."""
    return _do(app, "stop", names, reason)


@command(say.REMOVE, name="remove")
@click.argument("names", nargs=-1, required=True)
@json_option
@reason_option
@pass_app
def remove(app: App, names: tuple[str, ...], reason: str) -> int:
    """Off the list."""
    return _do(app, "remove", names, reason)


def _do(app: App, what: str, names: tuple[str, ...], reason: str, **more: object) -> int:
    """Ask, then wait until it is so."""
    from onbam.guard import calling

    here = caller(app)
    given = calling.ask(here, what, names=list(names), who=who(), reason=reason, **more)
    meant = given["done"]

    def settled(status: Mapping[str, Any]) -> bool:
        return not any(one["state"] in BECOMING for one in status["processes"] if one["name"] in meant)

    with waiting(app):
        status = calling.settled(here, settled, LIMIT_S)
    programs = listed(status)
    said = about(status["processes"], names)
    answer(app, {"done": meant, "sentence": said.both(), "processes": programs}, said)
    mind(app, here, given, status, said, *beside(app, programs, said))
    bad = any(is_troubled(one) or one["state"] in BECOMING for one in programs if one["name"] in meant)
    return EXIT_FAILED if bad else EXIT_OK


@command(say.LOGS, name="logs")
@click.argument("names", nargs=-1)
@option("-f", "--follow", "follow", text=say.FOLLOW_OPTION, is_flag=True)
@option("-n", "--lines", "count", text=say.COUNT_OPTION, type=click.IntRange(0, 100_000), default=100, show_default=True)
@json_option
@pass_app
def logs(app: App, names: tuple[str, ...], follow: bool, count: int) -> None:  # noqa: FBT001 -- a flag of click's
    """The last lines, then those to come."""
    from onbam.guard.output import FOLDER, GUARD_FILES, PROCESS_FILES, Family
    from onbam.guard.plan import PROGRAMS

    here = caller(app)
    folder = logs_folder(app)
    known = sorted(path.name for path in (folder / FOLDER).glob("*") if path.is_dir())
    _refuse_strangers(names, {GUARD, *known, *PROGRAMS, *_sections(here)})
    mind(app, here)
    families = {
        name: Family(folder, GUARD_FILES) if name == GUARD else Family(folder / FOLDER / name, PROCESS_FILES)
        for name in names or known
    }
    ends = {name: family.end() for name, family in families.items()}
    lines = _last(families, count, ends)
    if follow:
        with contextlib.suppress(KeyboardInterrupt):
            _print(app, lines, several=len(families) > 1)
            _follow(app, families, ends)
        return
    data = [{"process": name, "line": line} for name, line in lines]

    if app.as_json or not lines:
        answer(app, data, say.NO_LOGS)
    else:
        _print(app, lines, several=len(families) > 1)


def _sections(here: Caller) -> set[str]:
    """The shop's own programs, as the settings name them; those whose section cannot be read too."""
    settings = here.settings
    return {*settings.share.process, *(section.partition(".")[2] for section in settings.wrong)}


def _refuse_strangers(names: tuple[str, ...], known: set[str]) -> None:
    """A name that was mistyped is no program that wrote nothing."""
    for name in names:
        if name not in known:
            raise Refused(NO_PROCESS(name=name), NO_PROCESS_HINT(names=", ".join(sorted(known))))


def _last(families: Mapping[str, Family], count: int, ends: Mapping[str, Place]) -> list[tuple[str, str]]:
    """The last lines of all, in the order of their times; each line begins with its own."""
    found = [(name, line) for name, family in families.items() for line in family.last(count, ends[name])]
    found.sort(key=lambda entry: entry[1][:21])
    return found[-count:] if count else []


def _print(app: App, lines: list[tuple[str, str]], *, several: bool) -> None:
    for name, line in lines:
        app.say(f"{name} | {line}" if several else line)


def _follow(app: App, families: Mapping[str, Family], ends: Mapping[str, Place]) -> None:
    """Until Ctrl+C."""
    from onbam.kernel.clock import SystemClock

    stop, lines = threading.Event(), queue.SimpleQueue[tuple[str, str]]()

    def read(name: str, family: Family) -> Callable[[], None]:
        def go_on() -> None:
            for line in family.follow(ends[name], SystemClock(), stop):
                lines.put((name, line))

        return go_on

    for name, family in families.items():
        threading.Thread(target=read(name, family), daemon=True).start()
    try:
        while True:
            _print(app, [lines.get()], several=len(families) > 1)
    finally:
        stop.set()
