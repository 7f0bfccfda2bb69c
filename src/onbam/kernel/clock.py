"""The only place that reads time and waits.

For: anything that asks "when" or "how long".
Promises: `now()` is aware UTC; durations come from `monotonic()`, which never jumps; a wait ends early when its event is set.
Refuses: naive times, waits that cannot be interrupted.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Time as the rooms see it; the simulation passes its own."""

    def now(self) -> datetime:
        """The wall clock, aware UTC. For people and records, never for measuring."""
        ...

    def monotonic(self) -> float:
        """Seconds that only grow. For measuring, never for records."""
        ...

    def wait(self, seconds: float, stop: threading.Event | None = None) -> bool:
        """Wait; true when `stop` was set before the time was over."""
        ...


class SystemClock:
    """This PC's own clock."""

    def now(self) -> datetime:
        """The wall clock, aware UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that only grow."""
        return time.monotonic()

    def wait(self, seconds: float, stop: threading.Event | None = None) -> bool:
        """Wait; true when `stop` was set before the time was over."""
        return (stop or threading.Event()).wait(max(0.0, seconds))


class FakeClock:
    """A clock that moves when told to. A wait moves it by itself, so a test never sleeps."""

    def __init__(self, now: datetime = datetime(2026, 1, 13, 9, 0, tzinfo=UTC)) -> None:
        self._now = now
        self._monotonic = 1000.0
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The pretended wall clock."""
        with self._lock:
            return self._now

    def monotonic(self) -> float:
        """The pretended monotonic clock."""
        with self._lock:
            return self._monotonic

    def wait(self, seconds: float, stop: threading.Event | None = None) -> bool:
        """Let the time pass at once."""
        if stop is not None and stop.is_set():
            return True
        self.advance(seconds)
        return False

    def advance(self, seconds: float) -> None:
        """Both clocks move on."""
        with self._lock:
            self._now += timedelta(seconds=seconds)
            self._monotonic += max(0.0, seconds)

    def jump(self, seconds: float) -> None:
        """Only the wall clock moves, as when a person or the network sets it."""
        with self._lock:
            self._now += timedelta(seconds=seconds)
