"""Gathers what a report is made of: the journal, the guard's own file of events, the logs.

For: `onbam report`, `onbam timeline`, the dashboard's pages.
Promises: what the guard told counts once, whether it has reached the journal yet or not; a long journal is entered at its
day, not read from its beginning.
Refuses: to judge.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from onbam.care.drill import JOURNAL_KIND, Outcome, outcome_of
from onbam.care.report import Happening, Report, report
from onbam.care.timeline import timeline
from onbam.care.timeline_read import days_of, read_folder
from onbam.guard import report as guard_report
from onbam.journal.model import Entry
from onbam.journal.ports import Journal
from onbam.kernel.logfile import MANAGED
from onbam.schedules.model import Schedule

PAGE: Final = 2_000
KINDS: Final = frozenset({"process", "guard"})
PERSON: Final = "person:"
THIN: Final = timedelta(seconds=20)
"""Of a file's lines so many are enough to find silences."""
SILENCE_LEAST: Final = timedelta(minutes=1)
SILENT_CYCLES: Final = 2
"""A program that says nothing for so many cycles of business hours is irregular: the older idea of an hour."""


def position_at(journal: Journal, at_ms: int) -> int:
    """The last position before a moment: found by halving, since positions and times grow together."""
    low, high = 0, journal.head()
    while low < high:
        middle = (low + high) // 2
        stretch = journal.read(middle, 1)
        if not stretch.entries or stretch.entries[0].at_ms >= at_ms:
            high = middle
        else:
            low = stretch.entries[0].position
    return low


def entries(journal: Journal, begins: datetime, ends: datetime) -> Iterator[Entry]:
    """The journal between two moments, by the store's clock."""
    until_ms = int(ends.timestamp() * 1000)
    since = position_at(journal, int(begins.timestamp() * 1000))
    while (stretch := journal.read(since, PAGE)).entries:
        for entry in stretch.entries:
            if entry.at_ms >= until_ms:
                return
            yield entry
        since = stretch.position


def happenings(known: list[Entry], folder: Path, host: str) -> list[Happening]:
    """What the guards told: of every PC from the journal, of this one also what has not got there yet."""
    found = {(h.at, h.what, h.program): h for entry in known if entry.line.kind in KINDS for h in [_of(entry)]}
    for told in guard_report.read(folder):
        with contextlib.suppress(ValueError):
            one = Happening(datetime.fromisoformat(told.at), told.what, f"{host}/{told.key}", told.why.get("ko", ""), told.data)
            found.setdefault((one.at, one.what, one.program), one)
    return sorted(found.values(), key=lambda one: one.at)


def _of(entry: Entry) -> Happening:
    line = entry.line
    at = datetime.fromtimestamp(entry.at_ms / 1000, UTC)
    with contextlib.suppress(ValueError):
        at = datetime.fromisoformat(str(line.data.get("at")))
    return Happening(at, line.what, line.key, line.why, dict(line.data))


def drills(known: Iterable[Entry]) -> list[Outcome]:
    """The accidents on purpose, in their order."""
    told = (outcome_of(entry) for entry in known if entry.line.kind == JOURNAL_KIND)
    return [one for one in told if one is not None]


def decisions(known: list[Entry]) -> int:
    """What people decided on orders."""
    return sum(entry.line.who.startswith(PERSON) and entry.line.what.startswith("item.") for entry in known)


def log_days(logs: Path) -> set[date]:
    """The days with a log file of their own."""
    with contextlib.suppress(OSError):
        return days_of([path.name for path in logs.iterdir() if MANAGED.match(path.name)])
    return set()


def gathered(
    first: date,
    last: date,
    *,
    journal: Journal | None,
    run: Path,
    logs: Path,
    host: str,
    schedule: Schedule,
    now: datetime,
) -> Report:
    """The report of these days."""
    begins = datetime.combine(first, time(), schedule.shop.zone)
    ends = datetime.combine(last + timedelta(days=1), time(), schedule.shop.zone)
    known = list(entries(journal, begins, ends)) if journal is not None else []
    days = log_days(logs)
    read = read_folder(logs, begins, ends, schedule.shop.zone, every=THIN)
    line = timeline(read.marks, first, schedule.shop, days=(last - first).days + 1, gap=SILENCE_LEAST, now=now)
    told = happenings(known, run, host)
    recorded = [datetime.combine(day, time(), schedule.shop.zone) for day in days] + [one.at for one in told]
    return report(
        first,
        last,
        shop=schedule.shop,
        now=now,
        happenings=told,
        decisions=decisions(known),
        log_days=days,
        silences=line.holes if read.marks else None,
        limit=SILENT_CYCLES * schedule.cycle,
        since=min(recorded, default=None),
        drills=drills(known),
    )
