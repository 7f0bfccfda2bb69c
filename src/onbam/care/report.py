"""A week, or a month, in figures: the questions of the older weekly checklist, answered from what was recorded.

For: `onbam report --week|--month`, the dashboard's page.
Promises: pure; hangs, crashes and recoveries with measured seconds; how many of the days were renewed and had a log of their
own; who had to step in; a stop is counted from the last sign of life to the next start.
Refuses: to count what was not recorded as well: a report says from when on there is a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any, Final

from onbam.care.drill import Outcome
from onbam.care.timeline import Hole, open_time
from onbam.guard.model import is_misconfigured
from onbam.schedules.model import Shop

HANG: Final = "process.stuck"
DIED: Final = "process.died"
HELD_S: Final = 60.0
"""A start that lasted less than this before the next death ended nothing: the program was still crashing."""
ENDS: Final = frozenset({"process.stopped", "process.ended", "process.died"})
TAKE_OVER_S: Final = 300.0
"""Two processes of one program side by side for no longer than this are one taking over from the other."""
ASKED: Final = "guard.asked"
BY_HAND: Final = frozenset({"up", "restart", "stop", "down", "remove"})
GIVING_UP: Final = frozenset({"stop", "down", "remove"})


@dataclass(frozen=True, slots=True)
class Happening:
    """One event the guard told, wherever it was kept."""

    at: datetime
    what: str
    program: str
    """`PC-A/agent`."""
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stop:
    """One program that did not work."""

    program: str
    what: str
    """`hang` or `crash`."""
    begins: datetime
    """Its last sign of life."""
    ends: datetime | None
    """When the next one had started, or a person said that none should; none: not yet."""
    open: timedelta
    """How much of it lay in business hours."""
    noticed: datetime
    """When the guard knew."""
    given_up: bool = False
    """A person ended it by stopping the program: nobody waits for it, and nothing was recovered."""

    @property
    def lasted(self) -> timedelta | None:
        """From the last sign of life to the next start, or to whoever gave it up."""
        return None if self.ends is None else self.ends - self.begins


@dataclass(frozen=True, slots=True)
class Report:
    """The figures."""

    first: date
    last: date
    days: int
    duplicates: int
    most_at_once: int
    hangs: int
    crashes: int
    misconfigured: int
    """Ends over wrong settings: the program stays down on purpose until a person has corrected them."""
    stops: Sequence[Stop]
    renewed: Sequence[date]
    logged: Sequence[date]
    silences: Sequence[Hole]
    """Longer than allowed, in business hours."""
    longest_silence: timedelta | None
    """In business hours; none when there is no log."""
    interventions: Sequence[Happening]
    """Somebody started, stopped or restarted something."""
    decisions: int
    """People's, on orders."""
    slept: Sequence[float]
    """Seconds, each time."""
    limit: timedelta
    """Of a silence in business hours."""
    since: datetime | None
    """When the record begins, if that is later than the days do."""
    drills: Sequence[Outcome] = ()
    """Accidents on purpose; what they caused stands in no other figure."""

    @property
    def recoveries(self) -> list[float]:
        """Seconds from the last sign of life to the next start, in their order of length."""
        return sorted(stop.lasted.total_seconds() for stop in self.stops if stop.lasted is not None and not stop.given_up)

    @property
    def median_s(self) -> float | None:
        """Of the recoveries."""
        return median(self.recoveries) if self.recoveries else None

    @property
    def longest(self) -> Stop | None:
        """The longest stop; one that is not over counts as the longest."""
        return max(self.stops, key=lambda stop: stop.lasted or timedelta.max, default=None)

    @property
    def as_promised(self) -> bool:
        """Nothing a person should look at."""
        whole = len(self.renewed) == len(self.logged) == self.days
        return whole and not (
            self.duplicates or self.hangs or self.crashes or self.misconfigured or self.silences or self.interventions
        )


def report(
    first: date,
    last: date,
    *,
    shop: Shop,
    now: datetime,
    happenings: Iterable[Happening],
    decisions: int,
    log_days: Iterable[date],
    silences: Sequence[Hole] | None,
    limit: timedelta,
    since: datetime | None = None,
    drills: Sequence[Outcome] = (),
) -> Report:
    """The days from first to last, both included. `silences`: every silence in the logs; none when there are no logs."""
    begins = datetime(first.year, first.month, first.day, tzinfo=shop.zone)
    ends = min(now, datetime(last.year, last.month, last.day, tzinfo=shop.zone) + timedelta(days=1))
    known = sorted((h for h in happenings if h.at < ends and not h.data.get("drill")), key=lambda h: h.at)
    inside = [h for h in known if h.at >= begins]
    days = {h.at.astimezone(shop.zone).date() for h in inside if h.what == "guard.renewed"}
    failed = {h.at.astimezone(shop.zone).date() for h in inside if h.what == "process.not_renewed"}
    duplicates, most = _duplicates(inside)
    return Report(
        first,
        last,
        (last - first).days + 1,
        duplicates,
        most,
        sum(h.what == HANG for h in inside),
        sum(_crashed(h) for h in inside),
        sum(h.what == DIED and not _crashed(h) for h in inside),
        tuple(_stops(inside, shop, ends)),
        tuple(sorted(days - failed)),
        tuple(sorted(day for day in set(log_days) if first <= day <= last)),
        tuple(hole for hole in silences or () if hole.open > limit),
        max((hole.open for hole in silences), default=timedelta()) if silences is not None else None,
        tuple(h for h in inside if _by_hand(h)),
        decisions,
        tuple(float(h.data.get("seconds", 0)) for h in inside if h.what == "machine.slept"),
        limit,
        since if since is not None and since > begins else None,
        tuple(one for one in drills if begins <= one.at < ends),
    )


def _crashed(happening: Happening) -> bool:
    """Whether a program ended although it could have worked."""
    return happening.what == DIED and not is_misconfigured(happening.data.get("code"))


def _by_hand(happening: Happening) -> bool:
    """Whether a person had to start, stop or restart something, and did; an update does so by itself."""
    asked = happening.what == ASKED and happening.data.get("do") in BY_HAND and not happening.data.get("refused")
    return asked and not str(happening.data.get("who", "")).startswith("system:")


def _stops(happenings: Sequence[Happening], shop: Shop, until: datetime) -> Iterator[Stop]:
    """Each hang and crash, with the start that ended it; deaths in a row, each soon after its start, are one stop."""
    lasting: dict[str, datetime | None] = {}
    """When the start comes that ends a program's present stop; none: not yet."""
    for place, happening in enumerate(happenings):
        if not (happening.what == HANG or _crashed(happening)) or _is_same_stop(lasting, happening):
            continue
        hang = happening.what == HANG
        silence = timedelta(seconds=float(happening.data.get("silence_s") or 0)) if hang else timedelta()
        begins = happening.at - silence
        program = happening.program
        end = _end([h for h in happenings[place + 1 :] if h.program == program or _gives_up(h, program)])
        lasting[program] = ends = None if end is None else end.at
        lay_open = open_time(shop, begins, ends or until)
        given_up = end is not None and end.what == ASKED
        yield Stop(program, "hang" if hang else "crash", begins, ends, lay_open, happening.at, given_up)


def _is_same_stop(lasting: Mapping[str, datetime | None], happening: Happening) -> bool:
    """Whether this death belongs to a stop that is told of already: the start that ended it is still to come."""
    if happening.program not in lasting:
        return False
    ends = lasting[happening.program]
    return ends is None or happening.at < ends


def _gives_up(happening: Happening, program: str) -> bool:
    """Whether a person said that this program need not run."""
    if not _by_hand(happening) or happening.data.get("do") not in GIVING_UP or _host(happening.program) != _host(program):
        return False
    names = str(happening.data.get("names") or "")
    return not names or program.partition("/")[2] in names.split(", ")


def _end(later: Sequence[Happening]) -> Happening | None:
    """The first start that was not followed by another death at once, or who gave it up before."""
    for place, happening in enumerate(later):
        if happening.what == ASKED:
            return happening
        if happening.what != "process.started":
            continue
        died = next((h.at for h in later[place + 1 :] if h.what == DIED), None)
        if died is None or died - happening.at > timedelta(seconds=HELD_S):
            return happening
    return None


def _duplicates(happenings: Sequence[Happening]) -> tuple[int, int]:
    """Starts beside a process that went on working, and how many worked at once."""
    working: dict[str, list[datetime]] = {}
    beside: list[tuple[str, datetime]] = []
    ended: list[tuple[str, datetime]] = []
    most = 0
    for happening in happenings:
        runs = working.setdefault(happening.program, [])
        if happening.what == "process.started":
            if runs:
                beside.append((happening.program, happening.at))
            runs.append(happening.at)
        elif happening.what in ENDS and runs:
            runs.pop(0)
            ended.append((happening.program, happening.at))
        elif happening.what == "guard.started":
            for program in [name for name in working if name.startswith(_host(happening.program))]:
                working[program] = []  # what an earlier guard left behind is adopted, or has ended
        elif happening.what == "process.adopted":
            runs.append(happening.at)
        most = max(most, *(len(runs) for runs in working.values()), 0)
    twice = [one for one in beside if not any(_taken_over(one, end) for end in ended)]
    return len(twice), max(most if twice else min(most, 1), 0)


def _taken_over(start: tuple[str, datetime], end: tuple[str, datetime]) -> bool:
    """The other one ended soon after."""
    return start[0] == end[0] and timedelta() <= end[1] - start[1] <= timedelta(seconds=TAKE_OVER_S)


def _host(program: str) -> str:
    return f"{program.partition('/')[0]}/"
