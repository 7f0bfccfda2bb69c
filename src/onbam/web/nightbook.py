"""What happened since yesterday's close, added up as the journal grows.

For: the night strip, the figures of the day, the list of what happened last.
Promises: asking again costs what happened since; memory is bounded by PCs and hours, not by lines; nothing is read while nobody
asks.
Refuses: to keep anything the journal does not have.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from onbam.claims.model import TRIAL_KIND, seat_of
from onbam.database.engine import Database
from onbam.journal.model import Entry, Fact
from onbam.orders.why_figures import pc_of
from onbam.schedules.model import Schedule
from onbam.web import journal_reads as reads
from onbam.web.journal_reads import AGENT

BUCKET_MS: Final = 300_000
"""Five minutes: what one can still see on a strip of fifteen hours."""
HOUR_MS: Final = 3_600_000
KEEP_MS: Final = 40 * HOUR_MS
"""Longest night shown, and a margin."""
FRESH_NIGHT: Final = timedelta(hours=4)
"""So long after closing, last night is still what people ask about."""
CATCH_UP_MAX: Final = 5_000
"""More than so many new lines are added up by the database."""
NIGHTS_KEPT: Final = 8
EVENTS_MAX: Final = 200
MARKS_MAX: Final = 500
MACHINE: Final = "machine."
"""What a PC says of itself is not work."""
ENDS: Final = ("item.completed", "item.failed", "item.uncertain", "item.parked", "item.cancelled")
BY_HAND: Final = ("item.complete", "item.there")
"""A person says that it is done."""
COUNTED: Final = (*ENDS, *BY_HAND)
FALLEN: Final = ("item.expired", "item.bereaved")
TAKEN: Final = ("item.claimed", "item.resumed")
JOINED, LEFT, DEAD, BACK = "machine.joined", "machine.left", "machine.dead", "machine.back"
NOTABLE: Final = (
    *ENDS,
    *FALLEN,
    "item.resumed",
    "item.fail",
    "item.release",
    "item.hold",
    "item.unhold",
    "item.cancel",
    "item.complete",
    "item.there",
    "item.not_there",
    "effect.contradicted",
    JOINED,
    LEFT,
    DEAD,
    BACK,
    "notice.opened",
    "notice.resolved",
    "orders.bulk",
    "errand.asked",
    "errand.done",
    "errand.failed",
    "setting.changed",
    "person.added",
    "person.changed",
    "person.refused",
    "key.added",
    "key.revoked",
)
"""What stands in the list of events."""
TURNS: Final = (*FALLEN, JOINED, LEFT, DEAD, BACK)
"""What marks the strip."""
MARKING: Final = (*TURNS, "item.resumed")


@dataclass(frozen=True, slots=True)
class Silence:
    """A stretch without a sign of life."""

    from_ms: int
    to_ms: int | None
    """None: still."""


@dataclass(slots=True)
class Row:
    """One PC's night."""

    pc: str
    work: Counter[int] = field(default_factory=Counter)
    """By bucket: how many lines it wrote."""
    silences: list[Silence] = field(default_factory=list)
    restarts: list[int] = field(default_factory=list)
    stops: list[int] = field(default_factory=list)
    takeovers: list[tuple[int, str]] = field(default_factory=list)
    """When, and from whom."""
    seats: dict[str, str] = field(default_factory=dict)
    """What was last heard of each of its seats."""

    @property
    def total(self) -> int:
        """All its work of the night."""
        return sum(self.work.values())


@dataclass(frozen=True, slots=True)
class Night:
    """What the book says now."""

    from_ms: int
    to_ms: int
    end_ms: int
    """When this day closes: the rest is drawn pale."""
    rows: Sequence[Row]
    hours: Mapping[int, Counter[str]]
    """By hour: how orders ended."""
    events: Sequence[Entry]
    """The newest first."""

    def ended(self, what: str, since_ms: int | None = None) -> int:
        """How many orders ended so, by whole hours."""
        first = -1 if since_ms is None else since_ms // HOUR_MS
        return sum(counts[what] for hour, counts in self.hours.items() if hour >= first)


class NightBook:
    """One web process's."""

    def __init__(self, database: Database, zone: ZoneInfo, schedule: Schedule, seats: Callable[[], Mapping[str, str]]) -> None:
        """`seats` says which PC a seat belongs to, for those that were there before the night began."""
        self._database = database
        self._seats = seats
        self._zone = zone
        self._schedule = schedule
        self._gate = threading.Lock()
        self._over: dict[tuple[int, int], Night] = {}
        """Nights that are over, by their beginning and end."""
        self._clear(0)

    def night(self, now_ms: int) -> Night:
        """The night up to now."""
        from_ms, end_ms = self.bounds(now_ms)
        with self._gate:
            if from_ms != self._from_ms:
                self._clear(from_ms)
            self._catch_up()
            return self._told(from_ms, now_ms, end_ms)

    def night_of(self, at_ms: int) -> Night:
        """The night a past moment lies in, whole, from the journal; without its events, of which a moment has its own."""
        from_ms, end_ms = self._whole(at_ms)
        with self._gate:
            known = self._over.get((from_ms, end_ms))
        if known is not None:
            return known
        book = NightBook(self._database, self._zone, self._schedule, self._seats)
        book._clear(from_ms)
        with self._database.look() as connection:
            head = reads.head_of(connection)
            book._position, upto = reads.positions_at(connection, [from_ms - 1, end_ms])
        book._read(upto, listed=False)
        night = book._told(from_ms, end_ms, end_ms)
        if head > upto:  # something happened after it: it is over, and stays as it is
            with self._gate:
                self._over[from_ms, end_ms] = night
                while len(self._over) > NIGHTS_KEPT:
                    del self._over[next(iter(self._over))]
        return night

    def bounds(self, now_ms: int) -> tuple[int, int]:
        """From which close to which close."""
        now = datetime.fromtimestamp(now_ms / 1000, self._zone)
        closes = self._schedule.shop.hours.closes
        day = (now - FRESH_NIGHT).date()
        begin = datetime.combine(day, closes, self._zone)
        if begin > now - FRESH_NIGHT:
            begin = datetime.combine(day - timedelta(days=1), closes, self._zone)
        end = datetime.combine(begin.date() + timedelta(days=1), closes, self._zone)
        while end < now:
            end += timedelta(days=1)
        return int(begin.timestamp() * 1000), int(end.timestamp() * 1000)

    def _whole(self, at_ms: int) -> tuple[int, int]:
        """From the close before a past moment to the next one; an evening is told up to where the next night took its place."""
        from_ms, end_ms = self.bounds(at_ms)
        begin = datetime.fromtimestamp(from_ms / 1000, self._zone)
        replaced = begin + timedelta(days=1) + FRESH_NIGHT
        return from_ms, min(end_ms, int(replaced.timestamp() * 1000))

    # ---- reading

    def _clear(self, from_ms: int) -> None:
        self._from_ms = from_ms
        self._position = -1
        self._rows: dict[str, Row] = {}
        self._hours: dict[int, Counter[str]] = {}
        self._events: deque[Entry] = deque(maxlen=EVENTS_MAX)
        self._fallen: dict[str, str] = {}
        self._seat_pc: dict[str, str] = dict(self._seats()) if from_ms else {}

    def _catch_up(self) -> None:
        with self._database.look() as connection:
            head = reads.head_of(connection)
        self._read(head)

    def _read(self, upto: int, *, listed: bool = True) -> None:
        """Everything up to a position that was not read yet; `listed`: also the list of events."""
        if self._position < 0:
            with self._database.look() as connection:
                self._position = reads.positions_at(connection, [self._from_ms - 1])[0]
        if upto <= self._position:
            return
        if upto - self._position > CATCH_UP_MAX:
            self._add_up(upto, listed=listed)
        else:
            for entry in reads.stretch(self._database, self._position, upto):
                if entry.line.kind != TRIAL_KIND:  # it only tried the store out
                    self._count(entry)
                    self._mark(entry, listed=listed)
        self._position = upto

    def _add_up(self, upto: int, *, listed: bool) -> None:
        """A long stretch: sums from the database, then only the lines that stand for themselves."""
        after, turned = self._position, 0
        works: dict[str, Counter[int] | None] = {}
        with self._database.look() as connection:
            for begin_ms, whos, whats in reads.written(connection, after, upto, BUCKET_MS):
                self._add_work(begin_ms // BUCKET_MS, Counter(whos), works)
                for what, lines in Counter(whats).items():
                    self._end(what, begin_ms // HOUR_MS, lines)
                    turned += lines if what in MARKING else 0
            turns = reads.told(connection, after, upto, MARKING, min(turned, MARKS_MAX)) if turned else ()
            events = reads.told(connection, after, upto, NOTABLE, EVENTS_MAX) if listed else ()
        fallen = [one for one in turns if one.line.what in FALLEN]
        with self._database.read() if fallen else nullcontext() as reading:
            taken = reads.nexts_of(reading, fallen, TAKEN) if reading is not None else ()
        for entry in sorted((*turns, *taken), key=lambda one: one.position):
            self._mark(entry, listed=False)
        self._events.extend(events)

    def _count(self, entry: Entry) -> None:
        if not entry.line.what.startswith(MACHINE):
            self._work(entry.line.who, entry.at_ms // BUCKET_MS, 1)
        self._end(entry.line.what, entry.at_ms // HOUR_MS, 1)

    def _work(self, who: str, bucket: int, lines: int) -> None:
        if who.startswith(AGENT):
            self._row(self._signed(who)).work[bucket] += lines

    def _add_work(self, bucket: int, written: Mapping[str, int], works: dict[str, Counter[int] | None]) -> None:
        """The same for sums; a night of fifty PCs has thousands. `works`: of everybody who wrote, none for who is no agent."""
        for who, lines in written.items():
            if who not in works:
                works[who] = self._row(self._signed(who)).work if who.startswith(AGENT) else None
            work = works[who]
            if work is not None:
                work[bucket] = work.get(bucket, 0) + lines

    def _end(self, what: str, hour: int, lines: int) -> None:
        if what in COUNTED:
            ended = "item.completed" if what in BY_HAND else what
            self._hours.setdefault(hour, Counter())[ended] += lines

    def _mark(self, entry: Entry, *, listed: bool = True) -> None:
        line = entry.line
        if line.what in TURNS or line.what in TAKEN:
            self._turn(entry)
        if listed and line.what in NOTABLE:
            self._events.append(entry)

    def _turn(self, entry: Entry) -> None:
        line, at_ms = entry.line, entry.at_ms
        if line.kind == "machine":
            self._machine(line.what, line.key, line.who, at_ms, line.data.get("beat_at_ms"))
        elif line.what in FALLEN:
            if len(self._fallen) < MARKS_MAX:
                self._fallen[line.key] = pc_of(str(line.data.get("held_by") or ""))
        elif (before := self._fallen.pop(line.key, None)) is not None:
            pc = self._signed(line.who)
            row = self._row(pc)
            if before != pc and len(row.takeovers) < MARKS_MAX:
                row.takeovers.append((at_ms, before))

    def _machine(self, what: str, seat: str, who: str, at_ms: int, beat_at_ms: Fact) -> None:
        if who.startswith(AGENT):
            self._seat_pc[seat] = pc_of(who.removeprefix(AGENT))
        row = self._row(self._seat_pc.get(seat) or seat.partition("/")[0])
        before = row.seats.get(seat)
        row.seats[seat] = what
        if what == DEAD:
            row.silences.append(Silence(beat_at_ms if isinstance(beat_at_ms, int) else at_ms, None))
        elif what == LEFT:
            row.stops.append(at_ms)
        else:
            open_one = next((n for n, s in enumerate(row.silences) if s.to_ms is None), None)
            if open_one is not None:
                row.silences[open_one] = Silence(row.silences[open_one].from_ms, at_ms)
            if what == JOINED and (before is not None or open_one is not None or row.work):
                row.restarts.append(at_ms)

    def _signed(self, who: str) -> str:
        """The PC that wrote a line."""
        holder = who.removeprefix(AGENT)
        return self._seat_pc.get(seat_of(holder)) or pc_of(holder)

    def _row(self, pc: str) -> Row:
        found = self._rows.get(pc)
        if found is None:
            found = self._rows[pc] = Row(pc)
        return found

    def _told(self, from_ms: int, to_ms: int, end_ms: int) -> Night:
        rows = sorted(self._rows.values(), key=lambda row: row.pc)
        hours = {hour: Counter(counts) for hour, counts in self._hours.items()}
        copies = [_copied(row) for row in rows]
        return Night(from_ms, to_ms, end_ms, copies, hours, list(reversed(self._events)))


def _copied(row: Row) -> Row:
    return Row(
        row.pc, Counter(row.work), list(row.silences), list(row.restarts), list(row.stops), list(row.takeovers), dict(row.seats)
    )


def busiest(rows: Iterable[Row]) -> int:
    """The most lines any PC wrote in one bucket."""
    return max((max(row.work.values(), default=0) for row in rows), default=0)
