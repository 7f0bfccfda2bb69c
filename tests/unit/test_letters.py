"""Which letters are due: planned from how things stand, without clock, store or channel."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onbam.kernel.errors import Misconfigured
from onbam.notices.letters import Letter, Listener, Manners, Plan, Quiet, Sort, Stand, State, plan
from onbam.notices.manners import manners_of
from onbam.notices.model import Notice, Severity
from onbam.notices.settings import NoticeSettings

SEOUL = ZoneInfo("Asia/Seoul")
MAIL = Listener("mail:kim@shop.kr", Severity.WARN, digest=True)
PHONE = Listener("phone", Severity.URGENT)
HOUR_MS = 3_600_000


def at(text: str) -> int:
    """A moment in Seoul, as the store counts."""
    return int(datetime.fromisoformat(text).replace(tzinfo=SEOUL).astimezone(UTC).timestamp() * 1000)


NOON = at("2026-01-14T12:00")


def notice(number: int = 1, severity: Severity = Severity.WARN, key: str = "", first: int = NOON) -> Notice:
    """An open notice."""
    return Notice(
        number, key or f"parked:{number}", severity, {"ko": "가", "en": "a"}, {"ko": "나", "en": "b"}, "", 1, first, first
    )


def over(one: Notice, when: int) -> Notice:
    """The same, resolved."""
    return replace(one, resolved_at_ms=when, resolved_by="x", resolved_why="y")


class Desk:
    """Plans and keeps letters as the store and the postman would."""

    def __init__(self, *listeners: Listener, manners: Manners | None = None) -> None:
        self.listeners = listeners
        self.manners = manners or Manners(SEOUL)
        self.letters: list[Letter] = []

    def plan(self, now_ms: int, *notices: Notice) -> Plan:
        """Plan, and write down what it says."""
        made = plan(Stand(now_ms, notices, self.letters), self.listeners, self.manners)
        for letter in made.write:
            twins = [
                x
                for x in self.letters
                if (x.channel, x.about, x.sort, x.number) == (letter.channel, letter.about, letter.sort, letter.number)
            ]
            assert twins == [], "a letter of one sort is written once"
            self.letters.append(replace(letter, id=len(self.letters) + 1))
        ended = dict(made.drop)
        waits = dict(made.wait)
        self.letters = [
            replace(x, state=ended.get(x.id, x.state), due_at_ms=waits.get(x.id, x.due_at_ms)) for x in self.letters
        ]
        return made

    def send(self, now_ms: int) -> list[str]:
        """Everything due goes out; answers what."""
        out = [x for x in self.letters if x.state is State.DUE and x.due_at_ms <= now_ms]
        self.letters = [replace(x, state=State.SENT, done_at_ms=now_ms) if x in out else x for x in self.letters]
        return [f"{x.channel.split(':')[0]} {x.sort.value} {x.key}".strip() for x in out]


def test_one_cause_is_one_letter_however_often_it_is_met() -> None:
    """The count grows on the notice; nobody is written to again."""
    desk = Desk(MAIL)
    for minute in range(10):
        desk.plan(NOON + minute * 60_000, replace(notice(), count=minute + 1))
        desk.send(NOON + minute * 60_000)
    assert [letter.sort for letter in desk.letters] == [Sort.OPENED]


def test_each_receiver_hears_of_what_is_bad_enough_for_it() -> None:
    """The phone rings for what is urgent, the mail also brings warnings, nobody is written to for information."""
    desk = Desk(MAIL, PHONE)
    desk.plan(NOON, notice(1, Severity.INFO), notice(2, Severity.WARN), notice(3, Severity.URGENT))
    assert sorted(desk.send(NOON)) == ["mail opened parked:2", "mail opened parked:3", "phone opened parked:3"]


def test_resolved_is_told_only_to_who_was_told_of_the_cause() -> None:
    """A cause that was gone before its letter went out is mentioned nowhere."""
    quiet = Manners(SEOUL, Quiet(time(22), time(6)))
    desk = Desk(MAIL, manners=quiet)
    night, later = at("2026-01-14T23:00"), at("2026-01-15T01:00")
    desk.plan(night, notice(1, first=night))
    assert desk.send(night) == []
    desk.plan(later, over(notice(1, first=night), later))
    assert desk.send(at("2026-01-15T07:00")) == []
    assert [letter.state for letter in desk.letters] == [State.DROPPED]
    desk.plan(NOON, notice(2))
    assert desk.send(NOON) == ["mail opened parked:2"]
    desk.plan(NOON + 1, over(notice(2), NOON + 1))
    assert desk.send(NOON + 1) == ["mail resolved parked:2"]


def test_resolved_can_be_switched_off() -> None:
    """Some want to hear of trouble only."""
    desk = Desk(MAIL, manners=Manners(SEOUL, tell_resolved=False))
    desk.plan(NOON, notice())
    desk.send(NOON)
    desk.plan(NOON + 1, over(notice(), NOON + 1))
    assert desk.send(NOON + 1) == []


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-01-14T21:59", "2026-01-14T21:59"),
        ("2026-01-14T22:00", "2026-01-15T06:00"),
        ("2026-01-15T03:00", "2026-01-15T06:00"),
        ("2026-01-15T06:00", "2026-01-15T06:00"),
    ],
)
def test_in_quiet_hours_only_what_is_urgent_goes_out(now: str, due: str) -> None:
    """A warning waits until they end; something urgent wakes whoever wants to be woken."""
    desk = Desk(MAIL, manners=Manners(SEOUL, Quiet(time(22), time(6))))
    desk.plan(at(now), notice(1, Severity.WARN), notice(2, Severity.URGENT))
    assert [letter.due_at_ms for letter in desk.letters] == [at(due), at(now)]


def test_quiet_hours_may_lie_inside_a_day() -> None:
    """Lunch, for instance."""
    lunch = Quiet(time(12), time(13))
    now = datetime(2026, 1, 14, 12, 30, tzinfo=SEOUL)
    assert lunch.until(now) == datetime(2026, 1, 14, 13, 0, tzinfo=SEOUL)
    assert lunch.until(now.replace(hour=13)) is None


def test_a_cause_that_comes_and_goes_is_not_told_each_time() -> None:
    """It is told at most every half hour; when it is gone before, nothing is said."""
    desk = Desk(MAIL)
    told = []
    for minute in range(0, 60, 2):
        now = NOON + minute * 60_000
        one = notice(minute + 1, key="portal:away", first=now)
        before = [
            over(notice(m + 1, key="portal:away", first=NOON + m * 60_000), NOON + (m + 1) * 60_000)
            for m in range(0, minute, 2)
        ]
        desk.plan(now, one, *before)
        told += desk.send(now)
        desk.plan(now + 60_000, over(one, now + 60_000), *before)
        told += desk.send(now + 60_000)
    assert [what for what in told if "opened" in what] == ["mail opened portal:away"] * 2


def test_a_cause_that_flickers_is_told_to_be_over_once_it_is() -> None:
    """Told, gone, back before that was said, and gone for good: whoever heard of it hears that it is over, once."""
    desk = Desk(MAIL)
    first, second = notice(1, key="stuck:agent"), notice(2, key="stuck:agent", first=NOON + 60_000)
    desk.plan(NOON, first)
    assert desk.send(NOON) == ["mail opened stuck:agent"]
    gone = over(first, NOON + 30_000)
    desk.plan(NOON + 30_000, gone)
    desk.plan(NOON + 60_000, gone, second)
    assert desk.send(NOON + 60_000) == []
    for minute in (2, 3, 40):
        desk.plan(NOON + minute * 60_000, gone, over(second, NOON + 2 * 60_000))
        told = desk.send(NOON + minute * 60_000)
        assert told == (["mail resolved stuck:agent"] if minute == 2 else [])


def test_what_gets_worse_is_told_again() -> None:
    """From a warning to urgent is news, once."""
    desk = Desk(MAIL, PHONE)
    desk.plan(NOON, notice(1, Severity.WARN))
    desk.send(NOON)
    for minute in (1, 2):
        desk.plan(NOON + minute, notice(1, Severity.URGENT))
        desk.send(NOON + minute)
    assert [(x.channel[:5], x.sort) for x in desk.letters] == [
        ("mail:", Sort.OPENED),
        ("mail:", Sort.WORSE),
        ("phone", Sort.OPENED),
    ]


def test_what_a_person_has_seen_is_not_sent_any_more() -> None:
    """Seen in the inbox before its letter went out: the letter is not needed."""
    desk = Desk(MAIL, manners=Manners(SEOUL, Quiet(time(22), time(6))))
    night = at("2026-01-14T23:00")
    one = notice(1, first=night)
    desk.plan(night, one)
    desk.plan(night + 1, replace(one, seen_at_ms=night + 1, seen_by="person:kim"))
    assert desk.send(at("2026-01-15T07:00")) == []


def test_a_snoozed_notice_waits() -> None:
    """Not now, says a person; later it is told if it is still there."""
    desk = Desk(MAIL)
    asleep = replace(notice(), snoozed_until_ms=NOON + 2 * HOUR_MS)
    desk.plan(NOON, asleep)
    assert desk.send(NOON + HOUR_MS) == []
    assert desk.send(NOON + 2 * HOUR_MS) == ["mail opened parked:1"]
    other = Desk(MAIL)
    other.plan(NOON, notice())
    other.plan(NOON, asleep)
    assert other.send(NOON + HOUR_MS) == []


def test_an_urgent_notice_nobody_saw_is_sent_again_when_the_shop_wants_that() -> None:
    """By default once; with remind_hours = 4 every four hours, until somebody has seen it."""
    once, again = Desk(PHONE), Desk(PHONE, manners=Manners(SEOUL, remind_ms=4 * HOUR_MS))
    urgent = notice(1, Severity.URGENT)
    for hour in range(13):
        for desk in (once, again):
            desk.plan(NOON + hour * HOUR_MS, urgent)
            desk.send(NOON + hour * HOUR_MS)
    assert (len(once.letters), len(again.letters)) == (1, 4)
    again.plan(NOON + 20 * HOUR_MS, replace(urgent, seen_at_ms=NOON))
    assert len(again.letters) == 4


def test_a_channels_own_trouble_does_not_go_through_it() -> None:
    """The mail does not work: the phone hears of it, the mail does not try."""
    desk = Desk(MAIL, Listener("phone", Severity.WARN))
    desk.plan(NOON, notice(1, key="channel:mail:kim@shop.kr"))
    assert desk.send(NOON) == ["phone opened channel:mail:kim@shop.kr"]


def test_the_digest_is_written_once_a_day_from_its_time_on() -> None:
    """At eight; a PC that was off until nine sends it then; one that wakes in the evening leaves it out."""
    manners = Manners(SEOUL, digest_at=time(8))
    desk = Desk(MAIL, PHONE, manners=manners)
    for now in ("2026-01-14T07:59", "2026-01-14T09:00", "2026-01-14T10:00", "2026-01-15T08:00"):
        desk.plan(at(now))
        desk.send(at(now))
    assert [letter.about for letter in desk.letters] == ["digest:2026-01-14", "digest:2026-01-15"]
    late = Desk(MAIL, manners=manners)
    late.plan(at("2026-01-14T20:00"))
    assert late.letters == []


def test_what_cannot_be_delivered_for_a_day_is_given_up() -> None:
    """A receiver that works again tomorrow is not flooded with yesterday."""
    desk = Desk(MAIL)
    desk.plan(NOON, notice())
    desk.letters = [replace(desk.letters[0], tries=7)]
    desk.plan(NOON + 23 * HOUR_MS, notice())
    assert desk.letters[0].state is State.DUE
    desk.plan(NOON + 24 * HOUR_MS, notice())
    assert [letter.state for letter in desk.letters] == [State.GIVEN_UP]


def test_a_receiver_that_was_removed_gets_nothing_more() -> None:
    """Letters to an address that is no longer in the settings are dropped."""
    desk = Desk(MAIL)
    desk.plan(NOON, notice())
    desk.listeners = (PHONE,)
    desk.plan(NOON, notice())
    assert [letter.state for letter in desk.letters] == [State.DROPPED]


events = st.lists(
    st.tuples(
        st.sampled_from(["open", "worse", "resolve", "see", "snooze", "send"]), st.integers(1, 3), st.integers(0, 4 * HOUR_MS)
    ),
    max_size=40,
)


@given(events)
def test_whatever_happens_a_receiver_is_told_of_an_end_only_after_its_beginning(story: list[tuple[str, int, int]]) -> None:
    """Also: nothing twice, and nothing that is not urgent at night."""
    quiet = Quiet(time(22), time(6))
    desk = Desk(MAIL, PHONE, manners=Manners(SEOUL, quiet, time(8), remind_ms=2 * HOUR_MS))
    now, known = NOON, dict[int, Notice]()
    for what, number, passes in story:
        now += passes
        one = known.get(number)
        if what == "open" and one is None:
            known[number] = notice(number, first=now)
        elif one is not None and one.open:
            changes: dict[str, dict[str, object]] = {
                "worse": {"severity": Severity.URGENT},
                "resolve": {"resolved_at_ms": now},
                "see": {"seen_at_ms": now},
                "snooze": {"snoozed_until_ms": now + HOUR_MS},
            }
            known[number] = replace(one, **changes.get(what, {}))  # type: ignore[arg-type]
        desk.plan(now, *known.values())
        if what == "send":
            desk.send(now)
    for letter in desk.letters:
        if letter.state is State.SENT and letter.sort is Sort.RESOLVED:
            before = [x for x in desk.letters if (x.channel, x.about) == (letter.channel, letter.about) and x is not letter]
            assert any(x.state is State.SENT and x.sort is not Sort.RESOLVED for x in before)
        if letter.severity is not Severity.URGENT and letter.sort is not Sort.DIGEST:
            assert quiet.until(datetime.fromtimestamp(letter.due_at_ms / 1000, SEOUL)) is None or letter.due_at_ms > now


@pytest.mark.parametrize(
    ("name", "value"), [("quiet", "at night"), ("quiet", "22:00"), ("quiet", "06:00-06:00"), ("digest_at", "8")]
)
def test_manners_that_cannot_be_read_are_named(name: str, value: str) -> None:
    """The setting, what stands in it, and how it is written."""
    with pytest.raises(Misconfigured, match=f"notices.{name}"):
        manners_of(replace(NoticeSettings(), **{name: value}), SEOUL)  # type: ignore[arg-type]


def test_no_quiet_hours_and_no_digest_are_possible() -> None:
    """Empty means none."""
    manners = manners_of(NoticeSettings(quiet="", digest_at=""), SEOUL)
    assert (manners.quiet, manners.digest_at) == (None, None)
