"""`onbam up`, `down`, `ensure`: the guard and everything with it.

For: people, once; the operating system, every few minutes.
Promises: `up` comes back when the programs work or says which one does not, and starts nothing for a name nobody knows; a
program whose section is wrong is named and the others run; `ensure` is silent and quick where all is well; `down` is remembered
until somebody says up or the PC starts anew; a stop of the orders that stands is said beside it.
Refuses: a second guard.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from itertools import chain
from typing import Any

import click

from onbam.cli import guard_words as say
from onbam.cli.app import App
from onbam.cli.frame import command, json_option, option, pass_app, reason_option
from onbam.cli.guard_calls import (
    BECOMING,
    about,
    answer,
    beside,
    caller,
    is_troubled,
    listed,
    mind,
    troubles,
    waiting,
    who,
)
from onbam.cli.passing import in_passing
from onbam.guard.calling import Caller
from onbam.guard.words import NO_PROCESS, NO_PROCESS_HINT
from onbam.kernel.errors import EXIT_FAILED, EXIT_OK, Misconfigured, Refused, Transient
from onbam.kernel.words import kept

SETTLE_LIMIT_S = 20.0
"""How long `up` waits for programs to show that they work."""
FAILED_AFTER = 2
"""A program that ended so often while `up` looked is not waited for."""


@command(say.UP, name="up")
@click.argument("names", nargs=-1)
@option("--foreground", text=say.FOREGROUND_OPTION, is_flag=True)
@json_option
@reason_option
@pass_app
def up(app: App, names: tuple[str, ...], foreground: bool, reason: str) -> int:  # noqa: FBT001 -- a flag of click's
    """Start, and see it work."""
    if foreground and names:
        raise click.UsageError(kept(say.NAMES_AND_FOREGROUND))
    here = caller(app)
    _hold(app, here, names)
    if foreground:
        return _stay(app)
    from onbam.guard import calling

    with waiting(app):
        outcome = calling.up(here, ending=lambda: app.aside(say.ENDS_FIRST))
        given = calling.ask(here, "up", names=list(names), who=who(), reason=reason)
    ends: dict[str, int] = {}

    def chosen(status: Mapping[str, Any]) -> list[dict[str, Any]]:
        return [one for one in listed(status) if one["name"] in names or not names]

    def failing(status: Mapping[str, Any]) -> set[str]:
        return {one["name"] for one in chosen(status) if one["restarts"] - ends.get(one["name"], 0) >= FAILED_AFTER}

    def shown(status: Mapping[str, Any]) -> bool:
        """Each has shown that it works, or that it does not."""
        for one in chosen(status):
            ends.setdefault(one["name"], one["restarts"])
        failed = failing(status)
        wanted = [one for one in chosen(status) if one["wish"] == "up" and one["name"] not in failed]
        return not any(one["state"] in BECOMING for one in wanted)

    with waiting(app):
        status = calling.settled(here, shown, SETTLE_LIMIT_S)
    failed = failing(status)
    passing = in_passing(app)
    said = about(status["processes"], names, failed, quiet=passing.needs is None)
    beside_it = {"needs": passing.needs.both() if passing.needs else None, "paused": passing.stops_json()}
    told = {"outcome": outcome, "sentence": said.both(), **beside_it, "processes": listed(status)}
    answer(app, told, said)
    mind(app, here, given, status, said, *beside(app, status["processes"], said, failed))
    for line in filter(None, (passing.needs, *chain.from_iterable(passing.stops))):
        app.aside(line)
    bad = any(is_troubled(one, failed) for one in chosen(status)) or (not names and bool(troubles(here, status)))
    return EXIT_FAILED if bad else EXIT_OK


def _hold(app: App, here: Caller, names: tuple[str, ...]) -> None:
    """Every setting is held against the whole tree before anything starts; a program's wrong section costs that program."""
    from onbam.guard.plan import plan_of

    settings = here.settings
    if settings.trouble is not None:
        raise settings.trouble
    try:
        _ = app.onbam.settings
    except Misconfigured:
        if not settings.wrong:
            raise
    plan = plan_of(settings.share, here.home, here.environ, sections=settings.wrong)
    known = [*plan.specs, *plan.wrong]
    for name in names:
        if name not in known:
            raise Refused(NO_PROCESS(name=name), NO_PROCESS_HINT(names=", ".join(known) or "-"))


def _stay(app: App) -> int:
    """Become the guard: where the system can, in this very process, so that whoever started it watches the right one."""
    from onbam.guard import calling

    here = caller(app)
    words = calling.command(here, *(["--echo"] if sys.stdout.isatty() else []))
    if sys.platform == "win32":
        return subprocess.call(words, env=calling.environment(here))  # noqa: S603 -- our own words
    else:  # noqa: RET505 -- a type checker for one platform follows if and else
        os.execve(words[0], words, calling.environment(here))  # noqa: S606 -- our own words
        raise AssertionError("execve does not come back")


@command(say.DOWN, name="down")
@json_option
@reason_option
@pass_app
def down(app: App, reason: str) -> int:
    """Stop everything."""
    from onbam.guard import calling

    here = caller(app)
    try:
        with waiting(app):
            given, ended = calling.down(here, who=who(), reason=reason)
    except calling.Mute:  # it runs, and did not hear us
        raise
    except Transient:
        answer(app, {"down": True, "was": "down"}, say.WAS_DOWN)
        mind(app, here)
        return EXIT_OK
    answer(app, {"down": ended, "was": "up"}, say.ALL_DOWN if ended else say.NOT_DOWN)
    mind(app, here, given)
    return EXIT_OK if ended else EXIT_FAILED


@command(say.ENSURE, name="ensure")
@json_option
@pass_app
def ensure(app: App) -> None:
    """Nothing, where all is well."""
    from onbam.guard import calling

    here = caller(app)
    outcome = calling.ensure(here)
    said = {"healthy": say.HEALTHY, "started": say.STARTED, "restarted": say.RESTARTED, "down": say.IS_DOWN}[outcome]
    answer(app, {"outcome": outcome}, said)
    mind(app, here)
