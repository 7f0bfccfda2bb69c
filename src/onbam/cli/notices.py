"""`onbam notices …`: the inbox at the terminal, and the ways outside.

For: people without the dashboard at hand; scripts; whoever sets a channel up.
Promises: texts in the reader's language, without secrets; an act by a person needs its reason; a test goes through the very
channel the notices use, and says what the other side answered.
Refuses: to show an address of a chat room or a phone: it is a secret.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import click

from onbam.cli import notices_words as say
from onbam.cli.app import App
from onbam.cli.frame import command, group, json_option, option, pass_app, reason_option
from onbam.kernel import home as homes
from onbam.kernel.errors import EXIT_FAILED, EXIT_OK, Refused
from onbam.kernel.words import heard, kept
from onbam.notices import words as notice_words

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from onbam.notices.model import Notice
    from onbam.notices.outbox import ChannelState

_LENGTH: Final = re.compile(r"(\d+(?:\.\d+)?)\s*([mhd])")
_UNITS_MS: Final = {"m": 60_000, "h": 3_600_000, "d": 86_400_000}
COLORS: Final = {"urgent": "red", "warn": "yellow", "info": "default"}


@group(say.NOTICES, name="notices")
def notices() -> None:
    """Hold the commands below."""


@command(say.LIST, name="list")
@option("--past", text=say.PAST_OPTION, is_flag=True)
@option("--limit", text=say.LIMIT_OPTION, type=click.IntRange(1, 500), default=100)
@json_option
@pass_app
def show_list(app: App, past: bool, limit: int) -> None:  # noqa: FBT001 -- click's way
    """The inbox."""
    inbox = app.onbam.notices
    found = inbox.past(limit=limit) if past else inbox.inbox(limit=limit)

    def draw(console: Console) -> None:
        if not found:
            app.say(say.NONE_PAST if past else say.NONE_OPEN)
        for notice in found:
            _draw(app, console, notice)

    app.emit({"notices": [_as_data(app, notice) for notice in found]}, draw)


@command(say.SNOOZE, name="snooze")
@click.argument("key")
@option("--for", "length", text=say.FOR_OPTION, required=True)
@reason_option
@json_option
@pass_app
def snooze(app: App, key: str, length: str, reason: str) -> None:
    """Not now."""
    _with_reason(reason)
    match = _LENGTH.fullmatch(length.strip())
    if match is None:
        raise click.BadParameter(kept(say.BAD_TIME(text=length)), param_hint="--for")
    notice = _open_one(app, key)
    for_ms = int(float(match[1]) * _UNITS_MS[match[2]])
    done = app.onbam.notices.snooze(notice.key, for_ms=for_ms, who=app.onbam.person, why=reason)
    if done is None:
        raise Refused(say.UNKNOWN(key=key), say.UNKNOWN_HINT)
    until = _local(app, done.snoozed_until_ms or 0)
    app.emit(_as_data(app, done), lambda _: app.say(say.SNOOZED(key=done.key, until=until)))


@command(say.RESOLVE, name="resolve")
@click.argument("key")
@reason_option
@json_option
@pass_app
def resolve(app: App, key: str, reason: str) -> None:
    """It is over, says a person."""
    _with_reason(reason)
    notice = _open_one(app, key)
    if not app.onbam.notices.resolve(notice.key, who=app.onbam.person, why=reason):
        raise Refused(say.UNKNOWN(key=key), say.UNKNOWN_HINT)
    app.emit({"key": notice.key, "resolved": True}, lambda _: app.say(say.RESOLVED(key=notice.key)))


@command(say.TEST, name="test")
@click.argument("channel")
@json_option
@pass_app
def test(app: App, channel: str) -> int:
    """Through every receiver of the channel."""
    from onbam.notices.trial import trial

    routes = app.onbam.notice_routes
    chosen = [route for route in routes if channel in (route.receiver.group, route.receiver.name)]
    if not chosen:
        names = ", ".join(sorted({route.receiver.group for route in routes})) or say.NONE
        raise Refused(say.NO_CHANNEL(name=channel), say.NO_CHANNEL_HINT(names=names))
    results = []
    with app.progress(say.TESTING, len(chosen)) as advance:
        for route in chosen:
            message = app.onbam.notice_writer(app.lang).trial(app.onbam.host.name, app.onbam.clock.now())
            results.append((route, trial(route.channel, message, app.onbam.outbox, app.onbam.notices)))
            advance(1)

    def draw(_: Console) -> None:
        for route, outcome in results:
            name = route.receiver.name
            app.say(say.TESTED_OK(name=name) if outcome.kind == "sent" else say.TESTED_BAD(name=name, why=heard(outcome.why)))

    rows = [
        {
            "channel": route.receiver.name,
            "outcome": outcome.kind,
            "why": str(heard(outcome.why)),
            **heard(outcome.why).named("why"),
        }
        for route, outcome in results
    ]
    app.emit({"results": rows}, draw)
    return EXIT_OK if all(outcome.kind == "sent" for _, outcome in results) else EXIT_FAILED


@command(say.CARRY, name="carry")
@json_option
@pass_app
def carry(app: App) -> None:
    """Once what the agent and the web do all the time; also where they cannot start because of their settings."""
    from onbam.bootstrap import Onbam

    with Onbam(app.home, homes.environment(), app.flags, news_only=True) as onbam:
        wait = onbam.carry_news()
    app.emit({"waiting": wait}, lambda _: app.say(say.CARRIED_NOT(count=wait) if wait else say.CARRIED))


@command(say.CHANNELS, name="channels")
@json_option
@pass_app
def channels(app: App) -> None:
    """Each receiver: from which severity on, and how it is."""
    known = app.onbam.outbox.channels()
    rows = []
    for route in app.onbam.notice_routes:
        state = known.get(route.receiver.name)
        fits = state is not None and state.fingerprint == route.channel.fingerprint
        floor = route.receiver.floor
        rows.append(
            (route.receiver.name, floor.value if floor else "off", _condition(state if fits else None), state if fits else None)
        )

    def draw(console: Console) -> None:
        if not rows:
            app.say(say.NO_CHANNELS)
            return
        table = _table(app, "name", "floor", "state", "ok", "why")
        for name, floor, condition, state in rows:
            ok_at = _local(app, state.ok_at_ms) if state and state.ok_at_ms else ""
            table.add_row(
                name, floor, app.words(say.CHANNEL_STATES[condition]), ok_at, app.words(heard(state.error)) if state else ""
            )
        console.print(table)

    data = [
        {
            "channel": name,
            "floor": floor,
            "state": condition,
            "ok_at_ms": state.ok_at_ms if state else None,
            "why": str(heard(state.error)) if state else "",
        }
        for name, floor, condition, state in rows
    ]
    app.emit({"channels": data}, draw)


@command(say.LETTERS, name="letters")
@option("--limit", text=say.LIMIT_OPTION, type=click.IntRange(1, 500), default=30)
@json_option
@pass_app
def letters(app: App, limit: int) -> None:
    """What went out, what waits, what did not arrive."""
    found = app.onbam.outbox.recent(limit)

    def draw(console: Console) -> None:
        if not found:
            app.say(say.NO_LETTERS)
            return
        table = _table(app, "at", "name", "about", "state", "tries", "why")
        for one in found:
            at = _local(app, one.done_at_ms or one.due_at_ms)
            about = f"{one.sort.value} {one.key or one.about}"
            table.add_row(
                at, one.channel, about, app.words(say.LETTER_STATES[one.state]), str(one.tries), app.words(heard(one.error))
            )
        console.print(table)

    data = [
        {
            "id": one.id,
            "channel": one.channel,
            "about": one.about,
            "key": one.key,
            "sort": one.sort.value,
            "state": one.state.value,
            "tries": one.tries,
            "due_at_ms": one.due_at_ms,
            "done_at_ms": one.done_at_ms,
            "why": str(heard(one.error)),
        }
        for one in found
    ]
    app.emit({"letters": data}, draw)


# -- inside -------------------------------------------------------------------------------------------------------------


def _open_one(app: App, key: str) -> Notice:
    """By its key, or by the number the list shows."""
    inbox = app.onbam.notices
    found = inbox.get(key)
    if found is None and key.lstrip("#").isdigit():
        found = next((one for one in inbox.inbox(limit=500) if one.id == int(key.lstrip("#"))), None)
    if found is None:
        raise Refused(say.UNKNOWN(key=key), say.UNKNOWN_HINT)
    return found


def _with_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(say.REASON_NEEDED, say.REASON_HINT)


def _condition(state: ChannelState | None) -> str:
    if state is None:
        return "new"
    return "stopped" if state.stopped else "failing" if state.failures else "well"


def _draw(app: App, console: Console, notice: Notice) -> None:
    clean = app.onbam.redactor.text
    severity = app.words(notice_words.SEVERITY[notice.severity])
    console.print(f"[{severity}] {clean(notice.title[app.lang])}", style=COLORS[notice.severity.value], markup=False)
    for line in clean(notice.advice[app.lang]).splitlines():
        console.print(f"    {line}", markup=False)
    first, last = _local(app, notice.first_at_ms), _local(app, notice.last_at_ms)
    met = say.MET(number=notice.id, key=notice.key, count=notice.count, first=first, last=last)
    asleep = notice.snoozed_until_ms if notice.open else None
    mark = f" {app.words(say.SNOOZED_MARK(until=_local(app, asleep)))}" if asleep else ""
    console.print(f"    {app.words(met)}{mark}", style="dim", markup=False)
    if notice.resolved_at_ms is not None:
        over = say.OVER(at=_local(app, notice.resolved_at_ms), who=notice.resolved_by, why=clean(notice.resolved_why))
        console.print(f"    {app.words(over)}", style="dim", markup=False)


def _as_data(app: App, notice: Notice) -> dict[str, Any]:
    clean = app.onbam.redactor.text
    return {
        "id": notice.id,
        "key": notice.key,
        "severity": notice.severity.value,
        "title": {lang: clean(text) for lang, text in notice.title.items()},
        "advice": {lang: clean(text) for lang, text in notice.advice.items()},
        "link": notice.link,
        "count": notice.count,
        "first_at_ms": notice.first_at_ms,
        "last_at_ms": notice.last_at_ms,
        "resolved_at_ms": notice.resolved_at_ms,
        "resolved_by": notice.resolved_by,
        "resolved_why": clean(notice.resolved_why),
        "seen_at_ms": notice.seen_at_ms,
        "seen_by": notice.seen_by,
        "snoozed_until_ms": notice.snoozed_until_ms,
    }


def _table(app: App, *columns: str) -> Table:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in columns:
        table.add_column(app.words(say.COLUMNS[name]), overflow="fold")
    return table


def _local(app: App, at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, app.onbam.zone).strftime("%m-%d %H:%M:%S")


for one in (show_list, snooze, resolve, test, carry, channels, letters):
    notices.add_command(one)
