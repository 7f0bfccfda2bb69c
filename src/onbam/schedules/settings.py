"""Settings of business hours and beats."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from onbam.kernel.errors import Misconfigured
from onbam.kernel.forms import TIME, Form, day_of, one_of, time_of
from onbam.kernel.settings import Trouble, setting
from onbam.kernel.words import Text
from onbam.schedules import words as say
from onbam.schedules.holidays import KoreanHolidays
from onbam.schedules.model import Hours, Schedule, Shop

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOSED: Final = "closed"
OPEN: Final = "open"


def _is_weekday(text: str) -> bool:
    """`mon`, `Monday`: its first three letters tell."""
    return text.strip().lower()[:3] in WEEKDAYS


def _is_exception(text: str) -> bool:
    """`2026-02-16=closed`, `=open`, or hours of its own."""
    day, sign, rule = text.partition("=")
    if not sign or day_of(day) is None:
        return False
    opens, _, closes = rule.partition("-")
    first, last = time_of(opens), time_of(closes)
    return rule.strip() in (CLOSED, OPEN) or (first is not None and last is not None and first < last)


WEEKDAY: Final = one_of(*WEEKDAYS, fits=_is_weekday)
EXCEPTION: Final = Form(_is_exception, say.EXCEPTION_KIND())


@dataclass(frozen=True, slots=True)
class ScheduleSettings:
    """When the shop works, and how often it looks."""

    opens: str = setting("06:00", Text(ko="업무 시작 시각", en="When business hours begin"), form=TIME)
    closes: str = setting("18:00", Text(ko="업무 종료 시각", en="When business hours end"), form=TIME)
    weekdays: tuple[str, ...] = setting(
        WEEKDAYS[:6], Text(ko="일하는 요일 (쉼표로 나눔)", en="Days of the week that are worked"), form=WEEKDAY
    )
    holidays: bool = setting(
        True, Text(ko="공휴일과 대체공휴일에는 쉽니다", en="Whether the shop stays closed on public and substitute holidays")
    )
    exceptions: tuple[str, ...] = setting(
        (),
        Text(
            ko="이 가게만의 날: 2026-02-16=closed, 2026-02-17=open, 2026-02-18=06:00-12:00",
            en="Days of this shop alone, as in 2026-02-16=closed, 2026-02-17=open, 2026-02-18=06:00-12:00",
        ),
        form=EXCEPTION,
    )
    cycle_minutes: float = setting(
        30.0, Text(ko="업무 시간에 원장을 살펴보는 간격(분)", en="Minutes between sweeps in business hours"), ge=0.01, le=720
    )
    standby_minutes: float = setting(
        10.0, Text(ko="업무 시간 밖의 대기 신호 간격(분)", en="Minutes between standby beats outside of them"), ge=1, le=720
    )
    misfire: Literal["once", "skip"] = setting(
        "once",
        Text(
            ko="PC가 자는 동안 지나간 일: once는 한 번 만회하고, skip은 건너뜁니다",
            en="What passed while the PC slept: 'once' makes up for it once, 'skip' leaves it out",
        ),
    )

    def troubles(self) -> Iterator[Trouble]:
        """A day opens before it closes."""
        first, last = time_of(self.opens), time_of(self.closes)
        if first is not None and last is not None and first >= last:
            yield Trouble(("opens", "closes"), say.BAD_HOURS(opens=self.opens, closes=self.closes), say.BAD_HOURS_HINT())


def schedule_of(chosen: ScheduleSettings, zone: ZoneInfo) -> Schedule:
    """The schedule these settings describe; `Misconfigured` names what is wrong in them."""
    hours = hours_from(chosen.opens, chosen.closes)
    weekdays = frozenset(_weekday(text) for text in chosen.weekdays)
    exceptions = dict(_exception(text, hours) for text in chosen.exceptions)
    holiday = KoreanHolidays() if chosen.holidays else _no_holiday
    return Schedule(
        Shop(zone, hours, weekdays, holiday, exceptions),
        timedelta(minutes=chosen.cycle_minutes),
        timedelta(minutes=chosen.standby_minutes),
        chosen.misfire,
    )


def hours_from(opens: str, closes: str) -> Hours:
    """Two times of day as hours."""
    first, last = _time(opens), _time(closes)
    if first >= last:
        raise Misconfigured(say.BAD_HOURS(opens=opens, closes=closes), say.BAD_HOURS_HINT)
    return Hours(first, last)


def _time(text: str) -> time:
    at = time_of(text)
    if at is None:
        raise Misconfigured(say.BAD_TIME(text=text), say.BAD_TIME_HINT)
    return at


def _weekday(text: str) -> int:
    if not _is_weekday(text):
        raise Misconfigured(say.BAD_WEEKDAY(text=text), say.BAD_WEEKDAY_HINT)
    return WEEKDAYS.index(text.strip().lower()[:3])


def _exception(text: str, hours: Hours) -> tuple[date, Hours | None]:
    """One day of this shop alone."""
    day, _, rule = (part.strip() for part in text.partition("="))
    when = day_of(day)
    if when is None or not _is_exception(text):
        raise Misconfigured(say.BAD_EXCEPTION(text=text), say.BAD_EXCEPTION_HINT)
    if rule in (CLOSED, OPEN):
        return when, hours if rule == OPEN else None
    opens, _, closes = rule.partition("-")
    return when, hours_from(opens, closes)


def _no_holiday(_: date) -> str | None:
    return None
