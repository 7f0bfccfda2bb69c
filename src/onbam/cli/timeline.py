"""`onbam timeline`: a day read from whatever was written on it.

For: whoever asks why nothing happened last night, of our robot or of another one.
Promises: our logs and the journal, or any folder of logs (`--logs`); times in the shop's zone.
Refuses: to write anything.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from onbam.care import timeline_words as words
from onbam.cli import lookback_words as say
from onbam.cli.app import App
from onbam.cli.frame import command, json_option, option, pass_app
from onbam.kernel.errors import OnbamError
from onbam.kernel.words import kept

if TYPE_CHECKING:
    from rich.console import Console

    from onbam.care.timeline import Hole, Mark, Timeline
    from onbam.care.timeline_read import Read

BACK = timedelta(days=1)
AHEAD = timedelta(days=3)
"""A hole is followed so far beyond the days asked for."""
ERRORS_SHOWN = 20


@command(say.TIMELINE, name="timeline")
@option("--date", "day", text=say.DATE_OPTION, default=None)
@option("--days", text=say.DAYS_OPTION, type=click.IntRange(1, 400), default=1)
@option("--gap", "gap", text=say.GAP_OPTION, type=click.FloatRange(min=0.1), default=60.0)
@option("--logs", "logs", text=say.LOGS_OPTION, type=click.Path(exists=True, path_type=Path))
@json_option
@pass_app
def timeline(app: App, day: str | None, days: int, gap: float, logs: Path | None) -> None:
    """Read, and tell."""
    from onbam.care.timeline import timeline as drawn_up

    onbam = app.onbam
    now = onbam.clock.now()
    first = parsed_date(day, "--date") or now.astimezone(onbam.zone).date()
    begins = datetime.combine(first, time(), onbam.zone)
    read = _read(app, logs, begins - BACK, begins + timedelta(days=days) + AHEAD)
    found = drawn_up(read.marks, first, onbam.schedule.shop, days=days, gap=timedelta(minutes=gap), now=now)
    app.emit(_as_data(app, found, read), lambda console: _draw(app, console, found, read, gap))


def parsed_date(text: str | None, option: str) -> date | None:
    """A day as people write it."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(kept(say.BAD_DATE(text=text)), param_hint=option) from None


def _read(app: App, logs: Path | None, begins: datetime, ends: datetime) -> Read:
    """Another robot's logs alone; or ours, with the journal."""
    from onbam.care.report_read import entries
    from onbam.care.timeline_read import of_journal, read_folder

    onbam = app.onbam
    if logs is not None:
        return read_folder(logs, begins, ends, onbam.zone)
    read = read_folder(app.home / onbam.settings.logs.folder, begins, ends, onbam.zone)
    with suppress(OnbamError):  # a database out of reach hides its part, not the logs
        if not onbam.has_database():
            return read
        read.marks += [mark for mark in of_journal(entries(onbam.journal, begins, ends), app.lang) if begins <= mark.at < ends]
    return read


def _draw(app: App, console: Console, found: Timeline, read: Read, gap: float) -> None:
    app.say(words.DAY(first=_at(app, found.begins), last=_at(app, found.ends), marks=found.marks))
    for what in read.unreadable:
        app.aside(words.UNREADABLE(what=what))
    if read.cut:
        app.aside(words.CUT(count=len(read.marks)))
    if not found.marks and not found.holes:
        app.say(words.NOTHING)
        return
    _programs(app, console, found)
    console.print(app.words(words.HOLES), style="bold")
    if not found.holes:
        app.say(f"  {app.words(words.NO_HOLES(gap=f'{gap:g}'))}")
    for hole in found.holes:
        _hole(app, console, hole)
    for at, pids in found.together:
        console.print(
            app.words(words.TOGETHER(at=_at(app, at), count=len(pids), pids=", ".join(map(str, pids)))), style="yellow"
        )
    for late in found.late:
        said = words.LATE(file=late.source, day=late.day, until=_at(app, late.until), lines=late.lines)
        console.print(app.words(said), style="yellow", markup=False)
    if found.errors:
        console.print(app.words(words.ERRORS(count=len(found.errors))), style="bold")
        for mark in found.errors[-ERRORS_SHOWN:]:
            console.print(f"  {_at(app, mark.at)} {mark.who}: {_clean(app, mark)}", markup=False)


def _programs(app: App, console: Console, found: Timeline) -> None:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", title=app.words(words.RAN), title_justify="left")
    for heading in (words.PROGRAM, words.FIRST, words.LAST, words.LINES, words.WRONG, words.PIDS):
        table.add_column(app.words(heading), overflow="fold")
    for one in found.ran:
        pids = ", ".join(map(str, one.pids))
        table.add_row(one.who, _at(app, one.first), _at(app, one.last), str(one.lines), str(one.errors), pids)
    console.print(table)


def _hole(app: App, console: Console, hole: Hole) -> None:
    ends = _at(app, hole.ends) if hole.ends else app.words(words.STILL)
    said = words.HOLE(begins=_at(app, hole.begins), ends=ends, lasted=length(hole.lasted), open=length(hole.open))
    console.print(f"  {app.words(said)}", style="red", markup=False)
    console.print(f"    {app.words(words.BEFORE(text=_clean(app, hole.before)))}", markup=False)
    if hole.after is not None:
        console.print(f"    {app.words(words.AFTER(text=_clean(app, hole.after)))}", markup=False)


def length(span: timedelta) -> str:
    """Hours, minutes, seconds."""
    seconds = int(span.total_seconds())
    return f"{seconds // 3600}:{seconds % 3600 // 60:02}:{seconds % 60:02}"


def _clean(app: App, mark: Mark) -> str:
    return app.onbam.redactor.text(mark.text)


def _at(app: App, at: datetime) -> str:
    return at.astimezone(app.onbam.zone).strftime("%Y-%m-%d %H:%M:%S")


def _as_data(app: App, found: Timeline, read: Read) -> dict[str, Any]:
    zone = app.onbam.zone

    def iso(at: datetime | None) -> str | None:
        return None if at is None else at.astimezone(zone).isoformat(timespec="milliseconds")

    return {
        "begins": iso(found.begins),
        "ends": iso(found.ends),
        "lines": found.marks,
        "files": read.files,
        "unreadable": read.unreadable,
        "cut": read.cut,
        "ran": [
            {
                "who": one.who,
                "first": iso(one.first),
                "last": iso(one.last),
                "lines": one.lines,
                "errors": one.errors,
                "pids": one.pids,
            }
            for one in found.ran
        ],
        "holes": [
            {
                "begins": iso(hole.begins),
                "ends": iso(hole.ends),
                "lasted_s": hole.lasted.total_seconds(),
                "open_s": hole.open.total_seconds(),
                "before": _clean(app, hole.before),
                "after": _clean(app, hole.after) if hole.after else None,
            }
            for hole in found.holes
        ],
        "together": [{"at": iso(at), "pids": pids} for at, pids in found.together],
        "late": [
            {"file": one.source, "day": one.day.isoformat(), "until": iso(one.until), "lines": one.lines} for one in found.late
        ],
        "errors": len(found.errors),
    }
