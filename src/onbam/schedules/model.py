"""When something is due: opening hours, the beats inside and outside them, and what a missed one means.

For: whoever runs something on time: the agent's sweep, its standby beat, the guard's idea of "should have".
Promises: pure; every answer follows from the hours and the instant alone; beats stand on a grid that begins when the period
begins (06:00, 06:30, … and 18:10, 18:20, …), so that all PCs agree and a late one does not shift the rest; after a sleep the
beat of now is due once, with how many were missed.
Refuses: naive times.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

SEARCH_DAYS: Final = 400
"""How far ahead and back an opening is looked for; a shop closed for longer is simply closed."""
_ANCHOR: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Where the standby grid begins for a shop that was never open."""

Beat = Literal["cycle", "standby"]
"""A sweep inside business hours, or a sign of life outside."""
Misfire = Literal["once", "skip"]
"""What happens to a beat whose moment passed while the PC slept: it is made up for once, or left out."""


@dataclass(frozen=True, slots=True)
class Hours:
    """From when to when a day is worked; the end belongs to the night."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        assert self.opens < self.closes, "a day opens before it closes"


@dataclass(frozen=True, slots=True)
class Shop:
    """When a shop works."""

    zone: ZoneInfo
    hours: Hours
    weekdays: frozenset[int]
    """0 is Monday."""
    holiday: Callable[[date], str | None] = lambda _: None
    """The name of a public holiday."""
    exceptions: Mapping[date, Hours | None] = field(default_factory=dict)
    """Days of this shop alone: other hours, or none. They win over weekdays and holidays."""

    def hours_of(self, day: date) -> Hours | None:
        """A day's hours; none when the shop stays closed."""
        if day in self.exceptions:
            return self.exceptions[day]
        if day.weekday() not in self.weekdays or self.holiday(day) is not None:
            return None
        return self.hours

    def stretch_of(self, day: date) -> tuple[datetime, datetime] | None:
        """A day's opening and closing as instants. A wall-clock time that does not exist that day is the next one that does."""
        hours = self.hours_of(day)
        if hours is None:
            return None
        opens, closes = (datetime.combine(day, at, self.zone).astimezone(UTC) for at in (hours.opens, hours.closes))
        return (opens, closes) if opens < closes else None


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time in which the shop is open or closed throughout."""

    open: bool
    begins: datetime
    ends: datetime | None
    """None: no opening is in sight."""


@dataclass(frozen=True, slots=True)
class Due:
    """A beat that is to be done now."""

    at: datetime
    """Its place on the grid: the same on every PC."""
    beat: Beat
    missed: int = 0
    """How many beats of this period passed before it without being done."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The two beats of a shop."""

    shop: Shop
    cycle: timedelta = timedelta(minutes=30)
    standby: timedelta = timedelta(minutes=10)
    misfire: Misfire = "once"
    grace: timedelta = timedelta(minutes=2)
    """How late a beat may be before `skip` leaves it out."""

    def __post_init__(self) -> None:
        assert self.cycle > timedelta(0), "a cycle takes time"
        assert self.standby > timedelta(0), "a standby beat takes time"

    def period(self, now: datetime) -> Period:
        """Whether the shop is open at this instant, since when, and until when."""
        assert now.tzinfo is not None, "times are aware"
        today = now.astimezone(self.shop.zone).date()
        before: datetime | None = None
        for back in range(-1, SEARCH_DAYS):
            stretch = self.shop.stretch_of(today - timedelta(days=back))
            if stretch is None or stretch[0] > now:
                continue
            if now < stretch[1]:
                return Period(True, *stretch)
            before = stretch[1]
            break
        return Period(False, before or _ANCHOR, self._opening_after(now, today))

    def is_open(self, now: datetime) -> bool:
        """Whether the shop works at this instant."""
        return self.period(now).open

    def next(self, now: datetime) -> Due:
        """The first beat after this instant."""
        period = self.period(now)
        place = self._place(period, now) + 1
        at = period.begins + place * self._step(period)
        if period.ends is not None and at >= period.ends:
            following = self.period(period.ends)
            at = following.begins if following.open else period.ends + self.standby
            return Due(at, _beat(following))
        return Due(at, _beat(period))

    def due(self, now: datetime, last: datetime | None) -> Due | None:
        """The beat that is to be done at this instant, when the last one done was `last`.

        A `last` that lies ahead was written under a wrong clock; it does not count, or it would silence the schedule till then.
        """
        period = self.period(now)
        place = self._place(period, now)
        at = period.begins + place * self._step(period)
        if not period.open and place < 1:  # closing time itself is no beat: the first sign of life comes a step later
            return None
        if last is not None and at <= last <= now:
            return None
        if self.misfire == "skip" and now - at > self.grace:
            return None
        first = 0 if period.open else 1
        done = self._place(period, last) if last is not None and period.begins <= last <= now else first - 1
        missed = place - done - 1 if last is not None and last <= now else 0
        return Due(at, _beat(period), max(0, missed))

    # -- inside ---------------------------------------------------------------------------------------------------------

    def _step(self, period: Period) -> timedelta:
        return self.cycle if period.open else self.standby

    def _place(self, period: Period, instant: datetime) -> int:
        """The number of the last grid point at or before an instant."""
        return (instant - period.begins) // self._step(period)

    def _opening_after(self, now: datetime, today: date) -> datetime | None:
        for ahead in range(-1, SEARCH_DAYS):
            stretch = self.shop.stretch_of(today + timedelta(days=ahead))
            if stretch is not None and stretch[0] > now:
                return stretch[0]
        return None


def _beat(period: Period) -> Beat:
    return "cycle" if period.open else "standby"
