"""What the guard tells, and what other PCs do not say, becomes notices."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from onbam.care.guardnews import LOOK_S, TAKEN, GuardNews
from onbam.care.peerwatch import FORGOTTEN_MS, STOPPED_MS, PeerWatch, silent
from onbam.claims.machines import Life, Peer
from onbam.claims.model import Agent
from onbam.claims.stores.registry_memory import MemoryRegistry
from onbam.guard import words as guard_words
from onbam.guard.report import NAME, Cause, Event, Reporter
from onbam.journal.memory import MemoryJournal
from onbam.kernel.clock import FakeClock
from onbam.kernel.errors import Transient
from onbam.kernel.words import Text, heard
from onbam.notices.stores.memory import MemoryNotices
from onbam.schedules.settings import ScheduleSettings, schedule_of

SEOUL = ZoneInfo("Asia/Seoul")
WHY = Text(ko="60초 동안 조용함 {x}", en="silent for 60 s {x}")
HANG = Cause("stuck:agent", "urgent", guard_words.RESTART_TITLE(), guard_words.RESTART_TEXT(ago=guard_words.MINUTES(n=62.0)))


@pytest.fixture
def clock() -> FakeClock:
    """Wednesday, ten in the morning in Seoul."""
    return FakeClock(datetime(2026, 1, 14, 1, 0, tzinfo=UTC))


# ---- the guard's news


class Desk:
    """A guard's folder, a journal, an inbox and the service between them."""

    def __init__(self, folder: Path, clock: FakeClock) -> None:
        self.folder, self.clock = folder, clock
        self.journal = MemoryJournal(clock)
        self.notices = MemoryNotices(clock, self.journal)
        self.guard = Reporter(folder, clock)

    def news(self) -> GuardNews:
        """The service, as a program that just started has it."""
        return GuardNews(
            self.folder, self.journal, self.notices, self.clock, "PC-A", lambda text: text.replace("secret", "•••")
        )

    def told(self) -> list[tuple[str, str]]:
        """(what, key) of the guard's lines in the journal."""
        return [(e.line.what, e.line.key) for e in self.journal.read(0).entries if e.line.kind in ("process", "guard")]


@pytest.fixture
def desk(tmp_path: Path, clock: FakeClock) -> Desk:
    """All of it."""
    return Desk(tmp_path / "run", clock)


def test_b42_a_hang_becomes_a_notice_with_the_older_scripts_words(desk: Desk) -> None:
    """Title and text as `kill_and_restart()` sent them, with the PC's name in the key; the journal has what happened."""
    desk.guard.tell(Event("process.stuck", "agent", WHY(x="secret {}"), {"silence_s": 62.0}, HANG))
    assert desk.news().step(desk.clock.now()) == LOOK_S
    (notice,) = desk.notices.inbox()
    assert notice.key == "PC-A:stuck:agent"
    assert notice.title["ko"] == "프로세스 정지 감지 - 자동 재시작"
    assert notice.advice["ko"] == "마지막 업데이트: 62분 전\n자동 재시작 실행"
    assert (notice.severity.value, desk.told()) == ("urgent", [("process.stuck", "PC-A/agent")])
    line = desk.journal.read(0).entries[0].line
    assert (str(heard(line.why)), line.who, line.data["silence_s"]) == ("silent for 60 s ••• {}", "system:guard", 62.0)


def test_each_event_is_taken_once_whoever_starts_and_stops(desk: Desk) -> None:
    """Two programs of one PC, one after the other and side by side: no line twice, none missing; what is over is resolved."""
    for number in range(3):
        desk.guard.tell(Event("process.died", f"p{number}", WHY(x="")))
    first = desk.news()
    first.step(desk.clock.now())
    desk.guard.tell(Event("process.stuck", "agent", WHY(x=""), cause=HANG))
    second = desk.news()
    for service in (second, first, second):
        service.step(desk.clock.now())
    desk.guard.tell(Event("process.started", "agent", WHY(x=""), resolves="stuck:agent"))
    first.step(desk.clock.now())
    keys = [key.removeprefix("PC-A/") for _, key in desk.told()]
    assert keys == ["p0", "p1", "p2", "agent", "agent"]
    assert list(desk.notices.inbox()) == []


def test_a_database_out_of_reach_delays_and_loses_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The events wait in their file."""
    desk.guard.tell(Event("process.died", "agent", WHY(x="")))
    service = desk.news()
    append = desk.journal.append

    def away(_: Any) -> int:
        raise Transient("away")

    monkeypatch.setattr(desk.journal, "append", away)
    service.step(desk.clock.now())
    monkeypatch.setattr(desk.journal, "append", append)
    service.step(desk.clock.now())
    assert len(desk.told()) == 1


def test_a_guard_that_counts_anew_is_heard(desk: Desk) -> None:
    """The data folder was put back from a copy: its numbers begin before what was taken."""
    desk.guard.tell(Event("process.died", "old", WHY(x="")))
    desk.news().step(desk.clock.now())
    (desk.folder / TAKEN).write_text("900", "ascii")
    (desk.folder / NAME).unlink()
    Reporter(desk.folder, desk.clock).tell(Event("process.died", "new", WHY(x="")))
    desk.news().step(desk.clock.now())
    assert [key for _, key in desk.told()] == ["PC-A/old", "PC-A/new"]


def test_each_reader_hears_in_his_language_that_it_is_over(desk: Desk) -> None:
    """The notice's last word, and the journal's."""
    desk.guard.tell(Event("process.stuck", "agent", WHY(x=""), cause=HANG))
    desk.guard.tell(Event("process.recovered", "agent", guard_words.RECOVERED(name="agent"), resolves="stuck:agent"))
    desk.news().step(desk.clock.now())
    both = {"ko": "agent 정상 작동", "en": "agent works again"}
    lines = [entry.line for entry in desk.journal.read(0).entries]
    assert heard([line.why for line in lines if line.kind == "notice"][-1]).both() == both
    assert [heard(line.why).both() for line in lines if line.what == "process.recovered"] == [both]


def test_no_guard_is_no_news(desk: Desk) -> None:
    """Without its folder the service waits."""
    assert desk.news().step(desk.clock.now()) == LOOK_S
    assert desk.told() == []


# ---- other PCs


def agent(machine: str, boot: str = "1") -> Agent:
    """A program on a PC."""
    return Agent(machine, f"{machine}/agent/{boot}", machine, "192.168.1.7")


class Fleet:
    """Three PCs; the first one watches."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.journal = MemoryJournal(clock)
        self.registry = MemoryRegistry(clock, self.journal)
        self.notices = MemoryNotices(clock, self.journal)
        self.schedule = schedule_of(ScheduleSettings(), SEOUL)
        for name in ("PC-A", "PC-B", "PC-C"):
            self.registry.join(agent(name), version="1", pid=1, due_in_ms=20_000)

    def watch(self, own: str = "PC-A") -> PeerWatch:
        """The service of one of them."""
        return PeerWatch(self.registry, self.notices, self.schedule, own, lambda: int(self.clock.now().timestamp() * 1000))

    def pass_s(self, seconds: float, *speaking: str) -> None:
        """So much time, with a beat every ten seconds by those who speak, and a look by two of them."""
        for _ in range(int(seconds // 10)):
            self.clock.advance(10)
            for name in speaking:
                self.registry.beat(agent(name), doing="", due_in_ms=20_000)
            for own in ("PC-A", "PC-B"):
                if own in speaking:
                    self.watch(own).step(self.clock.now())

    def keys(self) -> list[str]:
        """The open notices about PCs."""
        return [notice.key for notice in self.notices.inbox()]


def test_a_pc_that_goes_silent_is_one_notice_until_it_speaks_again(clock: FakeClock) -> None:
    """Two others see it; one notice; within a minute; gone by itself."""
    fleet = Fleet(clock)
    fleet.pass_s(40, "PC-A", "PC-B")
    assert fleet.keys() == []
    fleet.pass_s(20, "PC-A", "PC-B")
    assert fleet.keys() == ["peer:PC-C"]
    (notice,) = fleet.notices.inbox()
    assert (notice.count, notice.severity.value) == (1, "urgent")
    assert notice.title["ko"] == "PC-C_192.168.1.7이 01-14 10:00부터 응답하지 않습니다."
    fleet.pass_s(20, "PC-A", "PC-B", "PC-C")
    assert fleet.keys() == []


def test_a_dead_pc_that_was_buried_is_silent_too(clock: FakeClock) -> None:
    """The keepers declare it dead first; a new process in its seat ends the notice."""
    fleet = Fleet(clock)
    fleet.clock.advance(25)
    fleet.registry.bury()
    fleet.registry.join(agent("PC-A", "2"), version="1", pid=2, due_in_ms=20_000)
    fleet.clock.advance(30)
    fleet.watch().step(fleet.clock.now())
    assert sorted(fleet.keys()) == ["peer:PC-B", "peer:PC-C"]
    fleet.registry.join(agent("PC-B", "2"), version="1", pid=2, due_in_ms=20_000)
    fleet.watch().step(fleet.clock.now())
    assert fleet.keys() == ["peer:PC-C"]


def test_at_night_nobody_is_woken_and_in_the_morning_somebody_is_told(clock: FakeClock) -> None:
    """Silence outside business hours raises nothing; when the shop opens and it is still silent, it does."""
    clock.advance(10 * 3600)
    fleet = Fleet(clock)
    fleet.pass_s(600, "PC-A", "PC-B")
    assert fleet.keys() == []
    clock.advance(11 * 3600)
    fleet.pass_s(20, "PC-A", "PC-B")
    assert fleet.keys() == ["peer:PC-C"]


def test_a_pc_that_said_goodbye_is_given_time(clock: FakeClock) -> None:
    """Updates take a while; after half an hour it is a warning, not an alarm."""
    fleet = Fleet(clock)
    fleet.registry.leave(agent("PC-C"))
    fleet.pass_s(STOPPED_MS / 1000 - 60, "PC-A", "PC-B")
    assert fleet.keys() == []
    fleet.pass_s(120, "PC-A", "PC-B")
    assert [(n.key, n.severity.value) for n in fleet.notices.inbox()] == [("peer:PC-C", "warn")]


def test_a_pc_does_not_watch_itself_and_forgets_the_long_gone() -> None:
    """Nor one that nobody has seen for two weeks."""
    gone = Peer("PC-X", "PC-X/agent", "x", "PC-X", "1.1.1.1", "1", 1, Life.DEAD, "", 0, 1_000, 2_000)
    now = 2_000 + FORGOTTEN_MS
    assert silent([gone], "PC-X", 500_000) == []
    assert [one.machine_id for one in silent([gone], "PC-A", 500_000)] == ["PC-X"]
    assert silent([gone], "PC-A", now) == []
    assert silent([gone, replace(gone, seat="PC-X/web", life=Life.ALIVE, due_at_ms=600_000)], "PC-A", 500_000) == []


def test_without_its_store_the_watch_waits(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then it is this PC that is silent."""
    fleet = Fleet(clock)

    def away() -> list[Peer]:
        raise Transient("away")

    monkeypatch.setattr(fleet.registry, "peers", away)
    fleet.watch().step(clock.now())
    assert fleet.keys() == []
