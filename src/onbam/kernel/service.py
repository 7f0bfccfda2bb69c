"""Everything long-lived is a service: start, stop, and one bounded step that says when it wants to be called again.

For: agents, renewers, watchers, schedulers; so that each can be simulated, drilled and shown in one way.
Promises: stop before start and a second stop are harmless; a step that raises is reported and tried again after a growing
pause, never in a storm; `stop()` returns within its limit and says whether the service ended.
Refuses: to run two steps of one service at once; to hide a step's error; to catch anything but a step's own failure.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final, Protocol

from onbam.kernel.clock import Clock

ERROR_PAUSE_FIRST_S: Final = 1.0
ERROR_PAUSE_MAX_S: Final = 60.0
STOP_LIMIT_S: Final = 10.0


class Service(Protocol):
    """One long-lived thing."""

    name: str

    def start(self) -> None:
        """Get ready; may raise, then nothing runs."""
        ...

    def step(self, now: datetime) -> float:
        """Do one bounded piece of work; answer in how many seconds to be called again (0 = at once)."""
        ...

    def stop(self) -> None:
        """Let go of everything; called once after the last step, also when a step raised."""
        ...


ErrorSink = Callable[[str, BaseException], None]
"""Told (service name, error) for each step that raised."""


class Runner:
    """Runs one service in a thread of its own."""

    def __init__(self, service: Service, clock: Clock, on_error: ErrorSink) -> None:
        self.service = service
        self._clock = clock
        self._on_error = on_error
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._gate = threading.Lock()

    def start(self) -> None:
        """Start the service and its thread; a second start is an assertion, it would be two of them."""
        with self._gate:
            assert self._thread is None, f"{self.service.name} is already running"
            self._stopping.clear()
            self._wake.clear()
            self.service.start()
            self._thread = threading.Thread(target=self._run, name=f"service-{self.service.name}", daemon=True)
            self._thread.start()

    def wake(self) -> None:
        """Call the next step now."""
        self._wake.set()

    def stop(self, limit_s: float = STOP_LIMIT_S) -> bool:
        """Ask it to end and wait; false when it did not end within the limit (it still will, after its step)."""
        with self._gate:
            thread = self._thread
            if thread is None:
                return True
            self._stopping.set()
            self._wake.set()
            if thread is not threading.current_thread():
                thread.join(limit_s)
                if thread.is_alive():
                    return False
            self._thread = None
            return True

    @property
    def running(self) -> bool:
        """Whether its thread is alive."""
        return self._thread is not None and self._thread.is_alive()

    def _run(self) -> None:
        pause = ERROR_PAUSE_FIRST_S
        try:
            while not self._stopping.is_set():
                try:
                    wait_s = self.service.step(self._clock.now())
                    pause = ERROR_PAUSE_FIRST_S
                except Exception as error:  # noqa: BLE001 -- the service loop is one of three places that may
                    self._on_error(self.service.name, error)
                    wait_s, pause = pause, min(pause * 2, ERROR_PAUSE_MAX_S)
                if wait_s > 0:
                    self._clock.wait(wait_s, self._wake)
                self._wake.clear()
        finally:
            self.service.stop()


class Group:
    """Several services that live and die together: started in order, stopped in reverse."""

    def __init__(self, runners: list[Runner]) -> None:
        self._runners = runners

    def start(self) -> None:
        """Start all; when one refuses, those already started are stopped again and the error goes on."""
        started: list[Runner] = []
        try:
            for runner in self._runners:
                runner.start()
                started.append(runner)
        except BaseException:
            for runner in reversed(started):
                runner.stop()
            raise

    def stop(self, limit_s: float = STOP_LIMIT_S) -> bool:
        """Stop all; true when every one ended within its limit."""
        ended = [runner.stop(limit_s) for runner in reversed(self._runners)]
        return all(ended)
