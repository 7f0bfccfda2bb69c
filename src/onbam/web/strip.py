"""The night strip: one thin row for each PC, from yesterday's close to now; the rest of the day pale.

For: *Today*, and the phone, where it stands upright.
Promises: pure geometry in hundredths of the width; what is wrong is never folded away; a strip of fifty PCs is as high as one
of twelve until somebody opens it.
Refuses: colour: that is the style's business, and none of it alone carries meaning.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from onbam.web.nightbook import BUCKET_MS, HOUR_MS, Night, Row, busiest
from onbam.web.seen import Seen

PAST_SHARE: Final = 92.0
"""So much of the width belongs to what has happened; the rest of the day is pale."""
ROWS_MAX: Final = 12
STILL: Final = "stopped"
"""How a PC is that is not on the list any more."""
LABEL_GAP: Final = 9.0
"""Two labels of the axis are at least so far apart."""
LOW: Final = 0.14
"""The lowest bar that is still seen."""
PHONE_HOURS: Final = 12


@dataclass(frozen=True, slots=True)
class Tick:
    """A time of the axis."""

    x: float
    text: str
    now: bool = False


@dataclass(frozen=True, slots=True)
class Hatch:
    """A silence."""

    x: float
    width: float
    length_ms: int
    open: bool
    from_ms: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A restart, a stop or a take-over."""

    x: float
    at_ms: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One PC."""

    pc: str
    state: str
    """How it is now: a key of `words.LIVES`."""
    bars: str
    """A path in buckets across and hundredths up."""
    lamp: str
    """The same for the bucket that is being worked in now."""
    hatches: Sequence[Hatch]
    restarts: Sequence[Mark]
    stops: Sequence[Mark]
    takeovers: Sequence[Mark]
    work: int
    baseline: float = 0.0
    """Where its line begins: before it was there, there is none."""


@dataclass(frozen=True, slots=True)
class Strip:
    """All of it."""

    from_ms: int
    to_ms: int
    end_ms: int
    ticks: Sequence[Tick]
    lines: Sequence[Line]
    folded: int
    """PCs that were quiet and are not shown."""
    buckets: int
    """How many fit from the beginning to now."""
    now_x: float
    at_x: float | None = None
    """Where the page looks, when it looks at the past."""

    @property
    def holes(self) -> int:
        """Silences."""
        return sum(len(line.hatches) for line in self.lines)

    @property
    def handed_over(self) -> int:
        """Orders another PC took over."""
        return sum(len(line.takeovers) for line in self.lines)


def strip_of(seen: Seen, night: Night, lives: dict[str, str], *, everyone: bool = False, from_ms: int | None = None) -> Strip:
    """Drawn from a night. `lives`: how each PC is now; PCs that did nothing this night are there too."""
    begin = night.from_ms if from_ms is None else max(night.from_ms, from_ms)
    known = {row.pc: row for row in night.rows}
    rows = [known.get(pc) or Row(pc) for pc in sorted({*known, *lives})]
    scale = _Scale(begin, night.to_ms, night.end_ms)
    most = busiest(rows)
    seen_rows = rows if everyone or len(rows) <= ROWS_MAX else _worth_seeing(rows, scale, lives)
    shown = [_line(row, scale, most, lives.get(row.pc, STILL)) for row in seen_rows]
    at_ms = seen.at_ms
    return Strip(
        begin,
        night.to_ms,
        night.end_ms,
        _ticks(seen, scale),
        shown,
        len(rows) - len(shown),
        scale.buckets,
        scale.x(night.to_ms),
        scale.x(at_ms) if at_ms is not None and begin <= at_ms <= night.to_ms else None,
    )


class _Scale:
    """Moments across the width."""

    def __init__(self, from_ms: int, to_ms: int, end_ms: int) -> None:
        self.from_ms, self.to_ms, self.end_ms = from_ms, max(to_ms, from_ms + BUCKET_MS), end_ms
        self.past = PAST_SHARE if end_ms > to_ms + HOUR_MS else 100.0
        self.buckets = max(1, math.ceil((self.to_ms - from_ms) / BUCKET_MS))
        self._across: dict[int, str] = {}

    def x(self, at_ms: int) -> float:
        if at_ms <= self.to_ms:
            share = (at_ms - self.from_ms) / (self.to_ms - self.from_ms)
            return round(max(0.0, share) * self.past, 3)
        return round(self.past + (at_ms - self.to_ms) / (self.end_ms - self.to_ms) * (100.0 - self.past), 3)

    def across(self, number: int) -> str:
        """Where a bucket begins, counted from the strip's beginning: the same for every line."""
        known = self._across.get(number)
        if known is None:
            known = self._across[number] = f"{max(0.0, (number * BUCKET_MS - self.from_ms) / BUCKET_MS):.2f}"
        return known


def _line(row: Row, scale: _Scale, most: int, state: str) -> Line:
    lamp_from = scale.to_ms // BUCKET_MS
    bars = {b: n for b, n in row.work.items() if b * BUCKET_MS >= scale.from_ms - BUCKET_MS and b <= lamp_from}
    inside = [s for s in row.silences if (s.to_ms or scale.to_ms) > scale.from_ms]
    return Line(
        pc=row.pc,
        state=state,
        bars=_path({b: n for b, n in bars.items() if b != lamp_from or state != "busy"}, scale, most),
        lamp=_path({b: n for b, n in bars.items() if b == lamp_from and state == "busy"}, scale, most),
        hatches=[_hatch(s.from_ms, s.to_ms, scale) for s in inside],
        restarts=[Mark(scale.x(at), at) for at in row.restarts if at >= scale.from_ms],
        stops=[Mark(scale.x(at), at) for at in row.stops if at >= scale.from_ms],
        takeovers=[Mark(scale.x(at), at, pc) for at, pc in row.takeovers if at >= scale.from_ms],
        work=row.total,
    )


def _hatch(from_ms: int, to_ms: int | None, scale: _Scale) -> Hatch:
    begin, end = scale.x(max(from_ms, scale.from_ms)), scale.x(to_ms or scale.to_ms)
    return Hatch(begin, round(max(0.5, end - begin), 3), (to_ms or scale.to_ms) - from_ms, to_ms is None, from_ms)


def _path(bars: dict[int, int], scale: _Scale, most: int) -> str:
    """Bars with a hair of space between them. A logarithm, so that one busy hour does not flatten the night."""
    top = math.log1p(max(most, 4))
    heights: dict[int, str] = {}
    parts = []
    for bucket, lines in sorted(bars.items()):
        up = heights.get(lines)
        if up is None:
            up = heights[lines] = f" 100V{100 - 100 * (LOW + (1 - LOW) * math.log1p(lines) / top):.1f}h.82V100z"
        parts.append(f"M{scale.across(bucket)}{up}")
    return "".join(parts)


def _ticks(seen: Seen, scale: _Scale) -> list[Tick]:
    """Every third hour, unless it would touch another label; the last one is now."""
    now = Tick(scale.x(scale.to_ms), seen.local(scale.to_ms).strftime("%H:%M"), now=True)
    ticks = []
    at = seen.local(scale.from_ms).replace(minute=0, second=0, microsecond=0)
    step = timedelta(hours=3 if scale.to_ms - scale.from_ms > 6 * HOUR_MS else 1)
    first = datetime.fromtimestamp(scale.from_ms / 1000, seen.zone)
    ticks.append(Tick(0.0, first.strftime("%H:%M")))
    while at.timestamp() * 1000 <= scale.end_ms:
        ms = int(at.timestamp() * 1000)
        if ms > scale.from_ms and at.hour % (3 if step.seconds > 3600 else 1) == 0:
            x = scale.x(ms)
            clear = all(abs(x - tick.x) >= LABEL_GAP for tick in (*ticks, now))
            if clear and ms < scale.to_ms:
                ticks.append(Tick(x, at.strftime("%H:%M")))
        at += timedelta(hours=1)
    if now.x >= LABEL_GAP:
        ticks.append(now)
    return ticks


def _worth_seeing(rows: Sequence[Row], scale: _Scale, lives: Mapping[str, str]) -> list[Row]:
    """Those with a mark first, then the busiest; in the order of their names."""

    def rank(row: Row) -> tuple[bool, bool, bool, int]:
        silent = any((s.to_ms or scale.to_ms) > scale.from_ms for s in row.silences)
        taken = any(at >= scale.from_ms for at, _ in row.takeovers)
        return not silent, lives.get(row.pc, STILL) not in ("dead", "late"), not taken, -row.total

    return sorted(sorted(rows, key=rank)[:ROWS_MAX], key=lambda row: row.pc)
