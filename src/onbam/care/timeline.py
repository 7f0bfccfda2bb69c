"""What ran, what stopped, and the hole between: a day read from whatever was written on it.

For: `onbam timeline`, the weekly report; whoever asks why nothing happened last night.
Promises: pure; from marks (a moment, who, what) it tells what each program did from when to when, the stretches in which nobody
wrote anything, how much of them lay in business hours, which programs ran side by side, and which kept writing an earlier day's
file after midnight.
Refuses: to guess a cause.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from onbam.schedules.model import Shop

GAP: Final = timedelta(minutes=60)
"""The older watchdog's idea of too long."""
TOGETHER: Final = timedelta(minutes=10)
"""Two programs that both wrote within this ran side by side."""
TROUBLE: Final = frozenset({"error", "critical", "fatal"})


@dataclass(frozen=True, slots=True)
class Mark:
    """One line somebody wrote, or one event."""

    at: datetime
    who: str
    """Which program, as well as can be told: its name, its PID, its file."""
    text: str
    level: str = ""
    source: str = ""
    """The file, or `journal`."""
    pid: int | None = None
    file_day: date | None = None
    """The day in the file's name."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What one program wrote, from its first line to its last."""

    who: str
    first: datetime
    last: datetime
    lines: int
    errors: int
    pids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Hole:
    """A stretch in which nobody wrote anything."""

    begins: datetime
    ends: datetime | None
    """None: nothing was written afterwards, as far as was looked."""
    lasted: timedelta
    open: timedelta
    """How much of it lay in business hours."""
    before: Mark
    after: Mark | None


@dataclass(frozen=True, slots=True)
class Late:
    """A file of an earlier day that was still written after midnight."""

    source: str
    day: date
    until: datetime
    lines: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """A day, or several."""

    begins: datetime
    ends: datetime
    marks: int
    ran: Sequence[Stretch] = ()
    holes: Sequence[Hole] = ()
    together: Sequence[tuple[datetime, tuple[int, ...]]] = ()
    """When several processes (by PID) wrote side by side, each combination once."""
    late: Sequence[Late] = ()
    errors: Sequence[Mark] = field(default_factory=tuple)


def timeline(
    marks: Iterable[Mark], day: date, shop: Shop, *, days: int = 1, gap: timedelta = GAP, now: datetime | None = None
) -> Timeline:
    """The days from `day` on. A hole that begins in them is followed to its end: give later marks too."""
    begins = datetime.combine(day, time(), shop.zone).astimezone(UTC)
    ends = datetime.combine(day + timedelta(days=days), time(), shop.zone).astimezone(UTC)
    known = sorted(marks, key=lambda mark: mark.at)
    inside = [mark for mark in known if begins <= mark.at < ends]
    return Timeline(
        begins,
        ends,
        len(inside),
        ran=_ran(inside),
        holes=tuple(_holes(known, begins, ends, shop, gap, now)),
        together=tuple(_together(inside)),
        late=tuple(_late(inside, shop.zone)),
        errors=tuple(mark for mark in inside if mark.level.lower() in TROUBLE),
    )


def _ran(marks: Sequence[Mark]) -> tuple[Stretch, ...]:
    """Each program's stretch; a program that started anew has several PIDs."""
    by: dict[str, list[Mark]] = {}
    for mark in marks:
        by.setdefault(mark.who, []).append(mark)
    found = [
        Stretch(
            who,
            own[0].at,
            own[-1].at,
            len(own),
            sum(mark.level.lower() in TROUBLE for mark in own),
            tuple(dict.fromkeys(mark.pid for mark in own if mark.pid is not None)),
        )
        for who, own in by.items()
    ]
    return tuple(sorted(found, key=lambda stretch: (stretch.first, stretch.who)))


def _holes(
    marks: Sequence[Mark], begins: datetime, ends: datetime, shop: Shop, gap: timedelta, now: datetime | None
) -> Iterator[Hole]:
    """Between one line and the next; after the last one, until now or the end of the days."""
    for before, after in pairwise(marks):
        if after.at - before.at >= gap and before.at < ends and after.at > begins:
            yield Hole(before.at, after.at, after.at - before.at, open_time(shop, before.at, after.at), before, after)
    if marks and marks[-1].at < ends:
        last, until = marks[-1], min(now, ends) if now is not None else ends
        if until - last.at >= gap and until > begins:
            yield Hole(last.at, None, until - last.at, open_time(shop, last.at, until), last, None)


def open_time(shop: Shop, begins: datetime, ends: datetime) -> timedelta:
    """How much of a stretch lies in business hours."""
    total = timedelta()
    day = begins.astimezone(shop.zone).date() - timedelta(days=1)
    while day <= ends.astimezone(shop.zone).date():
        hours = shop.stretch_of(day)
        if hours is not None:
            total += max(timedelta(), min(hours[1], ends) - max(hours[0], begins))
        day += timedelta(days=1)
    return total


def _together(marks: Sequence[Mark]) -> Iterator[tuple[datetime, tuple[int, ...]]]:
    """Processes that wrote by turns within the same few minutes, not one after the other had ended: the largest sets, each when
    it is first seen.
    """
    seen: dict[tuple[int, ...], datetime] = {}
    ends = {mark.pid: mark.at for mark in marks if mark.pid is not None}
    last: dict[int, datetime] = {}
    for mark in marks:
        if mark.pid is None:
            continue
        last[mark.pid] = mark.at
        near = tuple(sorted(pid for pid, at in last.items() if mark.at - at <= TOGETHER and ends[pid] >= mark.at))
        if len(near) > 1:
            seen.setdefault(near, mark.at)
    yield from ((at, pids) for pids, at in seen.items() if not any(set(pids) < set(other) for other in seen))


def _late(marks: Sequence[Mark], zone: ZoneInfo) -> Iterator[Late]:
    """Lines whose own day is not the day of their file."""
    by: dict[tuple[str, date], list[Mark]] = {}
    for mark in marks:
        if mark.file_day is not None and mark.at.astimezone(zone).date() > mark.file_day:
            by.setdefault((mark.source, mark.file_day), []).append(mark)
    for (source, day), own in sorted(by.items()):
        yield Late(source, day, own[-1].at, len(own))
