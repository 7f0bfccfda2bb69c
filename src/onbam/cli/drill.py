"""`onbam drill`: an accident on purpose, and how soon everything works again.

For: whoever wants to know whether the promises hold on this very PC; a weekly task outside business hours.
Promises: asked before anything is done; the measured time beside the target, kept in the record and shown by `list` and by
`onbam report`; exit code 1 when the promise was not kept.
Refuses: business hours, and a program in the middle of an order, unless forced.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from onbam.care import drill_words as words
from onbam.care.drill import KINDS, LONGEST_S, TEXTS, Kind, Outcome
from onbam.cli import drill_words as say
from onbam.cli.app import App
from onbam.cli.frame import Command, command, group, json_option, option, pass_app, reason_option
from onbam.cli.guard_calls import caller
from onbam.kernel.errors import EXIT_FAILED, EXIT_OK, OnbamError, Refused

if TYPE_CHECKING:
    from rich.console import Console

    from onbam.care.drill_acts import Order

DAYS: int = 90


@group(say.DRILL, name="drill")
def drill() -> None:
    """Hold the commands below."""


def _command(kind: Kind) -> Command:
    """The command of one kind."""

    @command(TEXTS[kind], name=kind)
    @option("--program", text=say.PROGRAM_OPTION, default="")
    @option("--seconds", text=say.SECONDS_OPTION, type=click.FloatRange(0.0, LONGEST_S))
    @option("--yes", "yes", text=say.YES_OPTION, is_flag=True)
    @option("--force", "force", text=say.FORCE_OPTION, is_flag=True)
    @json_option
    @reason_option
    @pass_app
    def act(app: App, program: str, seconds: float | None, yes: bool, force: bool, reason: str) -> int:  # noqa: FBT001 -- flags
        """Check, ask, do, tell."""
        from onbam.care.drill_acts import Order

        return _do(app, Order(kind, program, seconds, force), reason, yes=yes)

    return act


def _do(app: App, order: Order, reason: str, *, yes: bool) -> int:
    drills = app.onbam.drills(caller(app), lambda said: None if app.as_json else app.say(said))
    name = drills.check(order)
    if not yes:
        if app.as_json or not sys.stdin.isatty():
            raise Refused(say.NOT_ASKED, say.NOT_ASKED_HINT)
        if not click.confirm(app.words(say.ASK(what=TEXTS[order.kind](), name=name)), default=False):
            app.say(say.LEFT)
            return EXIT_FAILED
    outcome = drills.do(order)
    try:
        app.onbam.keep_drill(outcome, reason)
    except OnbamError as error:  # the figure is shown all the same; the exit code says that it is not kept
        app.aside(words.NOT_KEPT(what=error.message))
        _tell(app, outcome, order.limit_s)
        return EXIT_FAILED
    _tell(app, outcome, order.limit_s)
    return EXIT_OK if outcome.held else EXIT_FAILED


def _tell(app: App, outcome: Outcome, limit_s: float) -> None:
    def draw(_: Console) -> None:
        what, target = outcome.kind, outcome.target_s
        if outcome.took_s is None:
            app.say(words.NEVER(what=what, limit=limit_s, target=target))
        else:
            app.say((words.DONE if outcome.took_s <= target else words.LATE)(what=what, took=outcome.took_s, target=target))
        if outcome.lost:
            app.say(words.LOST(count=outcome.lost))

    app.emit(outcome.to_json(), draw)


@command(say.LIST, name="list")
@option("--days", text=say.DAYS_OPTION, type=click.IntRange(1, 3650), default=DAYS, show_default=True)
@json_option
@pass_app
def list_(app: App, days: int) -> None:
    """The newest first."""
    found = app.onbam.past_drills(days)

    def draw(_: Console) -> None:
        if not found:
            app.say(words.NONE)
        for one in found:
            took = "-" if one.took_s is None else f"{one.took_s:.1f}"
            app.say(
                words.LIST_LINE(
                    at=f"{one.at.astimezone(app.onbam.zone):%Y-%m-%d %H:%M}",
                    machine=one.host,
                    kind=one.kind,
                    program=one.program,
                    took=took,
                    target=one.target_s,
                    verdict=words.HELD if one.held else words.MISSED,
                )
            )

    app.emit({"drills": [one.to_json() for one in found]}, draw)


for one_kind in KINDS:
    drill.add_command(_command(one_kind))
drill.add_command(list_)
