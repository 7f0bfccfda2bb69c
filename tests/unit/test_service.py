"""Services start and stop whatever happens."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest

from onbam.kernel.clock import FakeClock, SystemClock
from onbam.kernel.service import ERROR_PAUSE_MAX_S, Group, Runner


class Counting:
    """A service that counts what is done to it."""

    name = "counting"

    def __init__(self, next_s: float = 60.0) -> None:
        self.next_s = next_s
        self.starts = self.steps = self.stops = 0
        self.stepped = threading.Event()

    def start(self) -> None:
        """Count."""
        self.starts += 1

    def step(self, now: datetime) -> float:
        """Count."""
        assert now.tzinfo is not None
        self.steps += 1
        self.stepped.set()
        return self.next_s

    def stop(self) -> None:
        """Count."""
        self.stops += 1


def ignore(_name: str, _error: BaseException) -> None:
    """No errors are expected."""
    raise AssertionError(_error)


def test_a_service_starts_and_stops_a_thousand_times() -> None:
    """Each start is matched by one stop, and no thread is left."""
    service = Counting()
    runner = Runner(service, SystemClock(), ignore)
    before = threading.active_count()
    for _ in range(1000):
        runner.start()
        assert runner.stop()
    assert (service.starts, service.stops) == (1000, 1000)
    assert threading.active_count() == before


def test_stop_before_start_and_a_second_stop_are_harmless() -> None:
    """Nobody has to know whether it runs."""
    service = Counting()
    runner = Runner(service, SystemClock(), ignore)
    assert runner.stop()
    runner.start()
    assert runner.stop()
    assert runner.stop()
    assert service.stops == 1


def test_a_second_start_is_a_bug() -> None:
    """Two of one service at once must not happen."""
    runner = Runner(Counting(), SystemClock(), ignore)
    runner.start()
    with pytest.raises(AssertionError, match="already running"):
        runner.start()
    runner.stop()


def test_a_wake_calls_the_next_step_at_once() -> None:
    """A hint does not wait for the planned time."""
    service = Counting(next_s=3600)
    runner = Runner(service, SystemClock(), ignore)
    runner.start()
    assert service.stepped.wait(60)
    service.stepped.clear()
    runner.wake()
    assert service.stepped.wait(60)
    runner.stop()


def test_a_step_that_raises_is_reported_and_tried_again_ever_slower() -> None:
    """Errors neither end the service nor storm."""
    errors: list[str] = []
    enough = threading.Event()

    class Failing(Counting):
        def step(self, now: datetime) -> float:
            super().step(now)
            raise OSError("no")

    clock = FakeClock()
    began = clock.monotonic()

    def told(name: str, error: BaseException) -> None:
        errors.append(f"{name}: {error}")
        if len(errors) >= 10:
            enough.set()
            clock.wait = lambda _s, stop=None: bool(stop and stop.wait(60))  # type: ignore[method-assign]

    runner = Runner(Failing(), clock, told)
    runner.start()
    assert enough.wait(60)
    assert runner.stop()
    assert errors[:2] == ["counting: no", "counting: no"]
    assert clock.monotonic() - began == sum(min(2.0**n, ERROR_PAUSE_MAX_S) for n in range(9))


def test_a_stop_is_bounded_and_says_so() -> None:
    """A step that does not end keeps its thread, but not the one who asked to stop."""
    release = threading.Event()

    class Stuck(Counting):
        def step(self, now: datetime) -> float:
            super().step(now)
            release.wait(30)
            return 0

    service = Stuck()
    runner = Runner(service, SystemClock(), ignore)
    runner.start()
    assert service.stepped.wait(60)
    assert runner.stop(limit_s=0.01) is False
    release.set()
    assert runner.stop() is True
    assert service.stops == 1


def test_a_group_that_cannot_start_leaves_nothing_running() -> None:
    """When the second service refuses, the first is stopped again."""

    class Refusing(Counting):
        def start(self) -> None:
            raise OSError("no port")

    first = Counting()
    group = Group([Runner(first, SystemClock(), ignore), Runner(Refusing(), SystemClock(), ignore)])
    with pytest.raises(OSError, match="no port"):
        group.start()
    assert (first.starts, first.stops) == (1, 1)
    assert group.stop()
