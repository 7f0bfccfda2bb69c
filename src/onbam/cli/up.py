"""`onbam up`, `down`, `ensure`: the guard and everything with it.

For: people, once; the operating system, every few minutes.
Promises: `up` comes back when the programs work or says which one does not; `ensure` is silent and quick where all is well;
`down` is remembered until somebody says up or the PC starts anew.
Refuses: a second guard.
"""

from __future__ import annotations

import os
import subprocess
import sys

import click

from onbam.cli import guard_words as say
from onbam.cli.app import App
from onbam.cli.frame import command, json_option, option, pass_app, reason_option
from onbam.cli.guard_calls import BECOMING, TROUBLED, answer, caller, listed, sentence, who
from onbam.kernel.errors import EXIT_FAILED, EXIT_OK, Transient

SETTLE_LIMIT_S = 20.0
"""How long `up` waits for programs to show that they work."""
DOWN_SLACK_S = 30.0


@command(say.UP, name="up")
@click.argument("names", nargs=-1)
@option("--foreground", text=say.FOREGROUND_OPTION, is_flag=True)
@json_option
@reason_option
@pass_app
def up(app: App, names: tuple[str, ...], foreground: bool, reason: str) -> int:  # noqa: FBT001 -- a flag of click's
    """Start, and see it work."""
    if foreground and names:
        raise click.UsageError(app.words(say.NAMES_AND_FOREGROUND))
    _ = app.onbam.settings  # every setting is held against the whole tree before anything starts
    if foreground:
        return _stay(app)
    from onbam.guard import calling

    here = caller(app)
    outcome = calling.up(here)
    calling.ask(here, "up", names=list(names), who=who(), reason=reason)

    def still(status: object) -> bool:
        programs = listed(status)  # type: ignore[arg-type]
        return not any(one["state"] in BECOMING and one["wish"] == "up" for one in programs)

    status = calling.settled(here, still, SETTLE_LIMIT_S)
    programs = listed(status)
    said = sentence(app, programs)
    answer(app, {"outcome": outcome, "sentence": said.both(), "processes": programs}, said)
    return EXIT_FAILED if any(one["state"] in TROUBLED for one in programs) else EXIT_OK


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
        calling.ask(here, "down", who=who(), reason=reason)
    except Transient:
        answer(app, {"down": True, "was": "down"}, say.WAS_DOWN)
        return EXIT_OK
    limit_s = SETTLE_LIMIT_S + DOWN_SLACK_S
    ended = calling.gone(here, limit_s)
    answer(app, {"down": ended, "was": "up"}, say.ALL_DOWN if ended else say.NOT_DOWN)
    return EXIT_OK if ended else EXIT_FAILED


@command(say.ENSURE, name="ensure")
@json_option
@pass_app
def ensure(app: App) -> None:
    """Nothing, where all is well."""
    from onbam.guard import calling

    outcome = calling.ensure(caller(app))
    said = {"healthy": say.HEALTHY, "started": say.STARTED, "restarted": say.RESTARTED, "down": say.IS_DOWN}[outcome]
    answer(app, {"outcome": outcome}, said)
