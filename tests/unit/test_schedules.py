"""Due times: business hours, holidays, beats on a grid, sleep and wrong clocks, and one simulated day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onbam.kernel.clock import FakeClock
from onbam.kernel.errors import Misconfigured
from onbam.schedules.holidays import KoreanHolidays
from onbam.schedules.model import Hours, Schedule, Shop
from onbam.schedules.settings import ScheduleSettings, schedule_of

SEOUL = ZoneInfo("Asia/Seoul")
PLAIN = schedule_of(ScheduleSettings(holidays=False, weekdays=("mon", "tue", "wed", "thu", "fri", "sat", "sun")), SEOUL)
KOREAN = schedule_of(ScheduleSettings(), SEOUL)
INSTANTS = st.integers(0, 3 * 365 * 86_400).map(lambda s: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=s))


def seoul(text: str) -> datetime:
    """A wall-clock time in Seoul."""
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


def shown(instant: datetime) -> str:
    """The wall clock's face in Seoul."""
    return f"{instant.astimezone(SEOUL):%m-%d %H:%M}"


# -- the grid ---------------------------------------------------------------------------------------------------------------


def test_sweeps_stand_on_the_half_hours_of_business() -> None:
    """06:00, 06:30 … 17:30; closing time itself is no sweep."""
    now, beats = seoul("2026-01-14 05:55"), []
    while (due := PLAIN.next(now)).beat == "cycle" or not beats:
        beats.append(f"{due.at.astimezone(SEOUL):%H:%M}")
        now = due.at
    assert beats == [f"{h:02d}:{m:02d}" for h in range(6, 18) for m in (0, 30)]


def test_the_first_sign_of_life_after_work_comes_ten_minutes_past() -> None:
    """After the last sweep: 18:10, 18:20, … until 05:50, then 06:00 is a sweep again."""
    first = PLAIN.next(seoul("2026-01-14 17:30"))
    last = PLAIN.next(seoul("2026-01-15 05:45"))
    opening = PLAIN.next(last.at)
    assert [(shown(d.at), d.beat) for d in (first, last, opening)] == [
        ("01-14 18:10", "standby"),
        ("01-15 05:50", "standby"),
        ("01-15 06:00", "cycle"),
    ]


@given(INSTANTS)
def test_the_next_beat_lies_ahead_and_within_its_step(now: datetime) -> None:
    """From any instant the next beat comes later, and never later than one step (and the pause at closing)."""
    due = KOREAN.next(now)
    assert now < due.at <= now + KOREAN.cycle + KOREAN.standby


@given(INSTANTS)
def test_a_beat_is_due_at_its_own_moment(now: datetime) -> None:
    """What `next` names is due when it comes, and not again once it is done."""
    coming = KOREAN.next(now)
    due = KOREAN.due(coming.at, last=None)
    assert due is not None
    assert (due.at, due.beat) == (coming.at, coming.beat)
    assert KOREAN.due(coming.at, last=coming.at) is None


@given(INSTANTS, st.timedeltas(timedelta(0), timedelta(minutes=29)))
def test_every_pc_agrees_on_the_place_of_a_beat(now: datetime, late: timedelta) -> None:
    """A PC that looks later sees the same beat, as long as no other came between."""
    coming = KOREAN.next(now)
    if coming.at + late < KOREAN.next(coming.at).at and (due := KOREAN.due(coming.at + late, last=None)) is not None:
        assert due.at == coming.at


@given(INSTANTS, st.timedeltas(timedelta(minutes=1), timedelta(days=5)))
def test_a_sleep_is_made_up_for_once(now: datetime, sleep: timedelta) -> None:
    """After any sleep at most one beat is due, and the one after it lies ahead."""
    last = KOREAN.next(now).at
    woken = last + sleep
    due = KOREAN.due(woken, last)
    if due is not None:
        assert last < due.at <= woken
        assert KOREAN.due(woken, due.at) is None


def test_a_nap_says_how_many_sweeps_it_missed() -> None:
    """Asleep from noon to 14:17: the sweep of 14:00 is due now; those of 12:30, 13:00 and 13:30 are gone."""
    due = PLAIN.due(seoul("2026-01-14 14:17"), last=seoul("2026-01-14 12:00"))
    assert due is not None
    assert (shown(due.at), due.beat, due.missed) == ("01-14 14:00", "cycle", 3)


def test_skipping_leaves_a_late_beat_out() -> None:
    """With `skip` a sweep that is 17 minutes late waits for the next one; one that is a minute late runs."""
    skipping = Schedule(PLAIN.shop, misfire="skip")
    noon = seoul("2026-01-14 12:00")
    assert skipping.due(seoul("2026-01-14 14:17"), noon) is None
    assert skipping.due(seoul("2026-01-14 14:01"), noon) is not None


def test_a_mark_from_the_future_does_not_silence_the_schedule() -> None:
    """A last beat written under a clock a year ahead does not count."""
    due = PLAIN.due(seoul("2026-01-14 14:00"), last=seoul("2027-01-14 14:00"))
    assert due is not None
    assert due.missed == 0


# -- which days -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-02-17", "설날"),
        ("2026-03-02", "삼일절 대체 휴일"),
        ("2026-05-25", "부처님오신날 대체 휴일"),
        ("2026-10-05", "개천절 대체 휴일"),
    ],
)
def test_public_and_substitute_holidays_are_known(day: str, name: str) -> None:
    """Seollal moves with the moon, and a holiday on a Sunday gives its Monday."""
    assert KoreanHolidays()(date.fromisoformat(day)) == name
    assert not KOREAN.is_open(seoul(f"{day} 10:00"))


def test_a_closed_day_has_signs_of_life_and_no_sweep() -> None:
    """Over Seollal the grid of the night goes on."""
    due = KOREAN.next(seoul("2026-02-17 12:00"))
    assert (shown(due.at), due.beat) == ("02-17 12:10", "standby")
    assert shown(KOREAN.period(seoul("2026-02-17 12:00")).ends or due.at) == "02-19 06:00"


def test_the_shops_own_days_win() -> None:
    """Open on a holiday, closed on a working day, half a day on a third."""
    own = schedule_of(ScheduleSettings(exceptions=("2026-02-17=open", "2026-01-14=closed", "2026-01-15=06:00-12:00")), SEOUL)
    instants = ("2026-02-17 10:00", "2026-01-14 10:00", "2026-01-15 11:59", "2026-01-15 12:00")
    assert [own.is_open(seoul(t)) for t in instants] == [True, False, True, False]


def test_a_shop_that_never_opens_still_gives_signs_of_life() -> None:
    """Without a single working day there are standby beats, and no opening is in sight."""
    never = Schedule(Shop(SEOUL, Hours(time(6), time(18)), frozenset()))
    now = seoul("2026-01-14 12:03")
    assert never.period(now).ends is None
    assert (shown(never.next(now).at), never.next(now).beat) == ("01-14 12:10", "standby")


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Seoul"])
def test_a_day_of_clock_change_has_every_sweep_once(zone: str) -> None:
    """Where clocks change, opening follows the wall clock and no beat comes twice."""
    hours = Hours(time(1, 30), time(6))
    schedule = Schedule(Shop(ZoneInfo(zone), hours, frozenset(range(7))))
    for day in (datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)):
        now, seen = day, []
        while now < day + timedelta(days=2):
            now = schedule.next(now).at
            seen.append(now)
        assert seen == sorted(set(seen))


@pytest.mark.parametrize(
    "wrong",
    [
        {"opens": "25:00"},
        {"opens": "18:00", "closes": "06:00"},
        {"weekdays": ("someday",)},
        {"exceptions": ("2026-02-30=open",)},
        {"exceptions": ("2026-02-17=perhaps",)},
    ],
)
def test_settings_that_mean_nothing_are_refused(wrong: dict[str, object]) -> None:
    """A wrong time, day or exception ends the start with what to write instead."""
    with pytest.raises(Misconfigured) as error:
        schedule_of(ScheduleSettings(**wrong), SEOUL)  # type: ignore[arg-type]
    assert error.value.hint.to("ko")


# -- a day ------------------------------------------------------------------------------------------------------------------


def test_a_whole_day_goes_as_promised() -> None:
    """Restarted 05:55; sweeps from 06:00 to 17:30; standby from 18:10; the next morning the same again."""
    clock = FakeClock(seoul("2026-01-14 05:55").astimezone(UTC))
    last: datetime | None = seoul("2026-01-14 05:50")
    done: list[tuple[str, str, int]] = []
    while clock.now() < seoul("2026-01-15 06:31"):
        if due := PLAIN.due(clock.now(), last):
            done.append((shown(due.at), due.beat, due.missed))
            last = due.at
        clock.wait((PLAIN.next(clock.now()).at - clock.now()).total_seconds())
    assert done[0] == ("01-14 06:00", "cycle", 0)
    assert done[23:26] == [("01-14 17:30", "cycle", 0), ("01-14 18:10", "standby", 0), ("01-14 18:20", "standby", 0)]
    assert done[-3:] == [("01-15 05:50", "standby", 0), ("01-15 06:00", "cycle", 0), ("01-15 06:30", "cycle", 0)]
    assert len(done) == 24 + 71 + 2
