"""A whole day of the guard under a pretended clock: 05:55, 06:00 … 18:00, the night, and the next 05:55."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from onbam.guard.desk import Desk, Folders
from onbam.guard.guard import Guard
from onbam.guard.model import Hours, Patience, Spec
from onbam.guard.plan import Plan
from onbam.guard.program import Program
from onbam.guard.renewal import Renewal
from onbam.guard.report import Told, read
from onbam.guard.runs import Ended, Run
from onbam.guard.tending import Tending
from onbam.guard.weighing import Weighing
from onbam.kernel.beats import FileBeats
from onbam.kernel.chance import Chance
from onbam.kernel.clock import FakeClock
from onbam.kernel.words import Said

SEOUL = ZoneInfo("Asia/Seoul")
SPEC = Spec("agent", ("agent",), ".", watch="beats", handover="pause")


class Shop:
    """A guard whose programs are pretended: they begin at once, beat when told to, and end when asked."""

    def __init__(self, folder: Path, at: str, spec: Spec = SPEC) -> None:
        self.clock = FakeClock(datetime.fromisoformat(at).replace(tzinfo=SEOUL))
        self.folders = Folders(folder, folder / "data")
        plan = Plan({"agent": spec}, SEOUL, "ko", folder / "logs", time(5, 55), Patience())
        self.desk = Desk(self.folders, plan, self.clock, str)
        self.count = 0
        self.tending = Tending(self.desk, self, SimpleNamespace(), self.name)  # type: ignore[arg-type]
        self.renewal = Renewal(self.desk, self.tending)
        self.program = Program("agent", spec)
        self.works: Callable[[Run], bool] = lambda _: True
        """Whether a run beats when its time comes."""
        self.beats: dict[str, FileBeats] = {}
        self.deaf = False
        self.weighing: Weighing | None = None

    # -- in place of real processes

    def name(self) -> str:
        """The next run's name."""
        self.count += 1
        return f"run{self.count}"

    def beat_path(self, name: str, taken: Path | None) -> Path:
        """Beside the one that is taken."""
        plain = self.folders.run / f"{name}.beat"
        return plain if taken != plain else self.folders.run / f"{name}.next.beat"

    def missing(self, spec: Spec) -> OSError | None:
        """Nothing."""
        del spec

    def start(self, spec: Spec, run: Run, capture: object) -> None:
        """At once."""
        del spec, capture
        run.started = SimpleNamespace(pid=self.count, start=str(self.count), wait=lambda: 0)
        self.beats[run.id] = FileBeats(run.beat_path, "agent", self.clock, run=run.id)

    def end(self, run: Run, why: Said, stop_s: float, evidence: object, killed: object) -> None:
        """At once, unless it is deaf."""
        del stop_s, evidence, killed
        run.ending = why
        if not self.deaf:
            self.tending.ended(self.program, Ended(run, 0, ()), self.clock.monotonic())

    # -- the day

    def until(self, at: str, *, idle_s: float = 600.0) -> list[str]:
        """Let the time pass, minute by minute; which run worked at each."""
        end = datetime.fromisoformat(at).replace(tzinfo=SEOUL)
        worked: list[str] = []
        while self.clock.now() < end:
            for run in self.program.runs:
                if self.works(run):
                    self.beats[run.id].idle(idle_s)
            now_s = self.clock.monotonic()
            self.renewal.turn({"agent": self.program}, now_s)
            if self.weighing is not None:
                self.weighing.turn([self.program], now_s)
            for _ in range(6):
                self.tending.turn(self.program, now_s)
            worked.append(self.program.run.id if self.program.run else "-")
            self.clock.advance(60)
        return worked

    def told(self, *whats: str) -> list[Told]:
        """The events of these kinds."""
        return [told for told in read(self.folders.run) if told.what in whats]

    def at(self, told: Told) -> str:
        """When, on the shop's wall."""
        return datetime.fromisoformat(told.at).astimezone(SEOUL).strftime("%d %H:%M")


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Shop]:
    return lambda at, **spec: Shop(tmp_path, at, replace(SPEC, **spec))


def test_b45_a_day_without_trouble(make: Callable[..., Shop]) -> None:
    """From one 05:55 to the next one process works at every moment, replaced once a minute later, when it has proved itself."""
    shop = make("2026-01-14 05:50")
    worked = shop.until("2026-01-15 06:10")
    assert "-" not in worked
    assert [shop.at(told) for told in shop.told("process.renewed")] == ["14 05:56", "15 05:56"]
    assert shop.told("process.stuck", "process.died", "process.slow") == []
    assert sorted(set(worked)) == ["run1", "run2", "run3"]


def test_b47_a_hang_at_two_in_the_afternoon(make: Callable[..., Shop]) -> None:
    """The last beat comes before 14:00 and promises one in two minutes: found at 14:02, not at 15:00."""
    shop = make("2026-01-14 06:00")
    shop.until("2026-01-14 14:00", idle_s=120)
    hung = shop.program.run
    assert hung is not None
    shop.works = lambda run: run is not hung
    worked = shop.until("2026-01-14 15:00", idle_s=120)
    (stuck,) = shop.told("process.stuck")
    assert shop.at(stuck) == "14 14:02"
    assert "-" not in worked[5:]
    assert stuck.cause is not None
    assert stuck.cause["title"]["ko"] == "프로세스 정지 감지 - 자동 재시작"


def test_b1_the_night_of_the_incident(make: Callable[..., Shop]) -> None:
    """Silent from 18:01: found within its ten-minute promise, not at 14:48 the next day."""
    shop = make("2026-01-13 17:00")
    shop.until("2026-01-13 18:01")
    hung = shop.program.run
    shop.works = lambda run: run is not hung
    shop.until("2026-01-13 19:00")
    (stuck,) = shop.told("process.stuck")
    assert "13 18:01" < shop.at(stuck) <= "13 18:11"


def test_b48_a_date_that_changes_without_a_restart_is_put_right_at_five_to_six(make: Callable[..., Shop]) -> None:
    """Begun the evening before, it works over midnight into the new day: at 05:55 a fresh process takes its place."""
    shop = make("2026-01-13 23:00")
    over_midnight = shop.until("2026-01-14 05:55")
    assert set(over_midnight) == {"run1"}
    assert "-" not in shop.until("2026-01-14 06:30")
    assert [shop.at(told) for told in shop.told("process.renewed")] == ["14 05:56"]
    assert shop.program.run is not None
    assert shop.program.run.id == "run2"


def test_a_pc_that_slept_over_the_moment_renews_when_it_wakes(make: Callable[..., Shop]) -> None:
    """Asleep from 23:00 to 09:00: the process of yesterday is replaced on waking, once."""
    shop = make("2026-01-13 22:00")
    shop.until("2026-01-13 23:00")
    shop.clock.jump(10 * 3_600)
    shop.until("2026-01-14 12:00")
    assert [shop.at(told) for told in shop.told("process.renewed")] == ["14 09:01"]


def test_b4_the_clock_set_back_an_hour_renews_nothing_twice(make: Callable[..., Shop]) -> None:
    """Somebody sets the clock back at 06:30: 05:55 comes again, and finds a process of this morning."""
    shop = make("2026-01-14 05:00")
    shop.until("2026-01-14 06:30")
    shop.clock.jump(-3_600)
    shop.until("2026-01-14 07:00")
    assert len(shop.told("process.renewed")) == 1


def test_a_fresh_process_that_never_beats_leaves_the_old_one(make: Callable[..., Shop]) -> None:
    """It is tried once that morning, told once, and the old one goes on until the next."""
    shop = make("2026-01-14 05:00")
    shop.until("2026-01-14 05:54")
    old = shop.program.run
    shop.works = lambda run: run is old
    worked = shop.until("2026-01-14 20:00")
    assert set(worked) == {"run1"}
    assert [shop.at(told) for told in shop.told("process.not_renewed")] == ["14 05:56"]


def test_a_renewal_that_works_takes_the_notice_of_a_failed_one_back(make: Callable[..., Shop]) -> None:
    """Told on the morning it failed; over on the next, when the fresh process works."""
    shop = make("2026-01-14 05:00")
    shop.until("2026-01-14 05:54")
    old = shop.program.run
    shop.works = lambda run: run is old
    shop.until("2026-01-14 20:00")
    assert shop.desk.opened == ["process.renewal:agent"]
    shop.works = lambda _: True
    shop.until("2026-01-15 07:00")
    assert [(shop.at(told), told.resolves) for told in shop.told("process.recovered")] == [
        ("15 05:56", "process.renewal:agent")
    ]
    assert shop.desk.opened == []


def test_a_program_that_hangs_again_and_again_is_not_well_in_between(make: Callable[..., Shop]) -> None:
    """Its notice counts on and is taken back once, when it has worked for ten minutes."""
    shop = make("2026-01-14 10:00", start_s=60, timeout_s=60)
    shop.works = lambda _: shop.clock.now().minute % 5 < 2
    shop.until("2026-01-14 10:20")
    assert len(shop.told("process.stuck")) > 2
    assert shop.told("process.recovered") == []
    assert "process.stuck:agent" in shop.desk.opened
    shop.works = lambda _: True
    shop.until("2026-01-14 10:40")
    assert [told.resolves for told in shop.told("process.recovered")][-1:] == ["process.stuck:agent"]
    assert len([told for told in shop.told("process.recovered") if told.resolves == "process.stuck:agent"]) == 1


def test_a_program_over_its_memory_is_counted_told_once_and_slowed(make: Callable[..., Shop]) -> None:
    """Its limit is too low: replaced at once until its budget is used up, then every ten minutes, with one notice."""
    shop = make("2026-01-14 10:00", handover="stop", memory_mb=60)
    shop.desk.plan = replace(shop.desk.plan, patience=Patience(burst=2, slow_s=600))
    heavy = SimpleNamespace(memory_mb=lambda families: [150 for _ in families])
    shop.weighing = Weighing(shop.desk, heavy, shop.tending)  # type: ignore[arg-type]
    shop.until("2026-01-14 10:59")
    assert 3 < shop.program.restarts <= 3 + 60 / 10
    (told,) = shop.told("process.slow")
    assert told.cause is not None
    assert told.cause["title"]["ko"] == "agent가 자꾸 메모리 한도를 넘습니다"
    assert "150 MB" in told.cause["advice"]["ko"]


def test_a_program_with_hours_rests_outside_them(make: Callable[..., Shop]) -> None:
    """From 06:00 to 18:00 it runs, before and after it does not, and that is no trouble."""
    shop = make("2026-01-14 05:30", hours=Hours(time(6), time(18)))
    worked = shop.until("2026-01-14 19:00")
    assert [run != "-" for run in worked] == [30 <= minute < 12 * 60 + 30 for minute in range(13 * 60 + 30)]
    assert shop.told("process.died", "process.stuck") == []


def test_one_stuck_in_ending_holds_up_nothing_else(make: Callable[..., Shop]) -> None:
    """A process that takes its time to end is waited for, and no second one is started beside it."""
    shop = make("2026-01-14 10:00")
    shop.until("2026-01-14 10:05")
    run: Any = shop.program.run
    shop.works, shop.deaf = (lambda _: False), True
    shop.until("2026-01-14 11:00")
    assert shop.program.run is run
    assert shop.count == 1


class Still:
    """A system on which nothing runs."""

    adopts = False
    slept_s = 0.0

    def asleep_s(self) -> float:
        """As set."""
        return self.slept_s

    def seat(self, _: str) -> Any:
        """Always free."""
        return SimpleNamespace(leave=lambda: None)

    def marked(self, _: str) -> list[Any]:
        """Nothing."""
        return []


def test_sleep_is_noticed_and_told(tmp_path: Path) -> None:
    """A turn that comes minutes late is a gap nobody is blamed for; a suspended PC's own count is told too."""
    (tmp_path / "onbam.toml").write_text("[guard]\nrun = []\n", "utf-8")
    clock, system = FakeClock(), Still()
    guard = Guard(tmp_path, {}, {}, clock=clock, chance=Chance(1), system=system)  # type: ignore[arg-type]
    before_s = clock.monotonic()
    clock.advance(302)
    guard._notice_sleep(before_s, 2.0)
    assert [(gap.begins_s - before_s, gap.ends_s - before_s) for gap in guard._gaps] == [(0, 302)]
    system.slept_s = 13_320.0
    guard._notice_sleep(clock.monotonic(), 2.0)
    told = [event for event in read(tmp_path / "data" / "run") if event.what == "machine.slept"]
    assert [event.data["seconds"] for event in told] == [300, 13_320]
    assert len(guard._gaps) == 1
    guard.stop()


def test_a_disk_nobody_can_write_to_ends_nobody(make: Callable[..., Shop], monkeypatch: pytest.MonkeyPatch) -> None:
    """Full or read-only for an hour, so that no beat is seen: all goes on, said once; a hang after it is found as ever."""
    shop = make("2026-01-14 08:00")
    shop.until("2026-01-14 09:00")
    monkeypatch.setattr("onbam.guard.tending.could_replace", lambda _: False)
    shop.works = lambda _: False
    worked = shop.until("2026-01-14 10:00")
    monkeypatch.undo()
    shop.works = lambda _: True
    worked += shop.until("2026-01-14 11:00")
    assert set(worked) == {"run1"}
    assert shop.told("process.stuck") == []
    log = "".join(path.read_text("utf-8") for path in (shop.folders.home / "logs").glob("guard_*.log"))
    assert log.count("그대로 둠") == 1
    shop.works = lambda run: run.id != "run1"
    shop.until("2026-01-14 12:00")
    assert [shop.at(told) for told in shop.told("process.stuck")] == ["14 11:10"]
