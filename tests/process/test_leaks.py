"""A thousand starts and ends leave nothing behind: neither in the guard that tends a program nor in a service's runner."""

from __future__ import annotations

import gc
import os
import sys
import threading
from datetime import datetime
from pathlib import Path

import psutil
import pytest

from onbam.guard.guard import Guard
from onbam.guard.system import this_system
from onbam.guard.words import WHY_PERSON
from onbam.kernel.chance import Chance
from onbam.kernel.clock import SystemClock
from onbam.kernel.service import Runner
from support.waiting import until

TIMES = 1_000
WARM = 100
MOST_KB = 3_000
"""Of growth from the hundredth to the thousandth: three kilobytes a time would show."""


def held() -> tuple[int, int]:
    """Descriptors and threads of this process."""
    return len(list(Path("/proc/self/fd").iterdir())), threading.active_count()


def memory_kb() -> int:
    """What this process holds, after what nobody needs is gone."""
    gc.collect()
    return psutil.Process().memory_info().rss >> 10


@pytest.mark.skipif(sys.platform != "linux", reason="processes of Linux")
def test_a_program_started_and_ended_a_thousand_times_leaves_nothing(tmp_path: Path) -> None:
    """The guard's own turns, its reader and waiter threads, its notes and events; and no process stays."""
    (tmp_path / "onbam.toml").write_text(
        '[guard]\nrun = []\nlog_mb = 1\n[process.brief]\ncommand = ["/bin/sleep", "1000"]\nwatch = "none"\n', "utf-8"
    )
    guard = Guard(tmp_path, dict(os.environ), {}, clock=SystemClock(), chance=Chance(1), system=this_system())
    guard._take_up(guard.desk.plan)
    program = guard.programs["brief"]

    def cycle() -> None:
        until(lambda: guard.step() >= 0 and program.run is not None, what="it runs")
        run = program.run
        assert run is not None
        guard.tending.end_now(program, WHY_PERSON())
        until(lambda: guard.step() >= 0 and program.run is not run, what="it ended")

    for _ in range(WARM):
        cycle()
    before, before_kb = held(), memory_kb()
    for _ in range(TIMES - WARM):
        cycle()
    program.wish = "off"
    if program.run is not None:
        guard.tending.end_now(program, WHY_PERSON())
    until(lambda: guard.step() >= 0 and not program.runs, what="nothing runs")
    until(lambda: held() <= before, what="descriptors and threads are as before")
    assert memory_kb() - before_kb < MOST_KB
    assert this_system().marked(f"{guard._key}-") == []
    guard.stop()


class Brief:
    """A service that does nothing, often."""

    name = "brief"

    def __init__(self) -> None:
        self.alive = 0
        self.stepped = threading.Event()

    def start(self) -> None:
        """One more."""
        self.alive += 1

    def step(self, now: datetime) -> float:
        """A step."""
        self.stepped.set()
        return 3_600.0

    def stop(self) -> None:
        """One less."""
        self.alive -= 1


@pytest.mark.skipif(sys.platform != "linux", reason="counts descriptors as Linux shows them")
def test_a_service_started_and_stopped_a_thousand_times_leaves_nothing() -> None:
    """Its thread is gone each time, and it was stopped as often as it was started."""
    service = Brief()
    runner = Runner(service, SystemClock(), lambda _, __: None)

    def cycle() -> None:
        service.stepped.clear()
        runner.start()
        assert service.stepped.wait(30)
        assert runner.stop()
        assert (service.alive, runner.running) == (0, False)

    for _ in range(WARM):
        cycle()
    before, before_kb = held(), memory_kb()
    for _ in range(TIMES - WARM):
        cycle()
    assert held() <= before
    assert memory_kb() - before_kb < MOST_KB
