"""PCs, their clocks, and the processes that live on them.

For: everything in a history that asks what time it is, or who is asking.
Promises: each PC has its own wall clock (off by what the history says, set when the history says) and its own monotonic one,
which on some PCs does not count sleep; waiting costs no real time.
Refuses: to tell any PC the true time.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Final

from onbam.claims.model import Agent
from onbam.simulate.scheduler import Process, Scheduler

EPOCH: Final = datetime(2026, 1, 13, 9, 0, tzinfo=UTC)


class Machine:
    """One PC; also the place where the deciding clock stands."""

    def __init__(self, scheduler: Scheduler, name: str, number: int, *, counts_sleep: bool = True) -> None:
        self.name = name
        self.ip = f"192.168.1.{100 + number}"
        self.skew_s = 0.0
        self.slept_s = 0.0
        """What its monotonic clock did not count."""
        self.counts_sleep = counts_sleep
        self.cut_off_until = 0.0
        """It cannot reach the store until then."""
        self.boots = 0
        self.process: Process | None = None
        """The process in its one seat, while it lives."""
        self.clock = MachineClock(scheduler, self, 1000.0 * (number + 1))

    def boot(self) -> tuple[Process, Agent]:
        """A new process in the seat."""
        self.boots += 1
        self.process = Process(f"{self.name}#{self.boots}")
        return self.process, Agent(self.name, f"{self.name}/agent/{self.boots}", self.name, self.ip)


class MachineClock:
    """Time as one PC sees it."""

    def __init__(self, scheduler: Scheduler, machine: Machine, started_s: float) -> None:
        self._scheduler = scheduler
        self._machine = machine
        self._started_s = started_s

    def now(self) -> datetime:
        """The PC's wall clock."""
        return EPOCH + timedelta(seconds=self._scheduler.now_s + self._machine.skew_s)

    def monotonic(self) -> float:
        """The PC's monotonic clock."""
        return self._started_s + self._scheduler.now_s - self._machine.slept_s

    def wait(self, seconds: float, stop: threading.Event | None = None) -> bool:
        """Let time pass; true when `stop` was set first."""
        return self._scheduler.pause(seconds, stop)
