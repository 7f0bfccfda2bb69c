"""A drill that is on: what the guard knows of it.

For: whoever drills (`onbam drill`); the guard's desk, which marks what happens meanwhile.
Promises: what a drill causes is told as a drill's, opens no notice and uses up no patience; a drill ends by itself, so that one
whose caller died is over too; a clock that was set for a drill goes right again at the same moment.
Refuses: to do anything to a program: whoever drills does that from outside, as an accident would.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Final

from onbam.kernel.clock import Clock

LONGEST_S: Final = 900.0
FARTHEST_S: Final = 86_400.0


class Drill:
    """The one drill there may be."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._what, self._program, self._until_s = "", "", 0.0

    def begin(self, what: str, program: str, seconds: float) -> None:
        """For so long what happens to this program (to any, when none is named) belongs to it."""
        self._what, self._program = what, program
        self._until_s = self._clock.monotonic() + min(max(0.0, seconds), LONGEST_S)

    def end(self) -> None:
        """It is over."""
        self._until_s = 0.0

    def of(self, program: str) -> str:
        """Which drill a program is in now; empty when in none."""
        meant = self._program in ("", program)
        return self._what if meant and self._clock.monotonic() < self._until_s else ""


class SetClock:
    """This PC's clock, as somebody set it: for a drill, and only so long."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._by, self._until_s = clock, timedelta(), 0.0

    def put(self, by_s: float, seconds: float) -> None:
        """Let the wall clock be wrong by so much, for so long."""
        self._by = timedelta(seconds=min(max(by_s, -FARTHEST_S), FARTHEST_S))
        self._until_s = self.monotonic() + min(max(0.0, seconds), LONGEST_S)

    def right(self) -> None:
        """Let it be right again."""
        self._until_s = 0.0

    def now(self) -> datetime:
        """The wall clock, right or wrong."""
        return self._clock.now() + (self._by if self.monotonic() < self._until_s else timedelta())

    def monotonic(self) -> float:
        """Nobody can set this one."""
        return self._clock.monotonic()

    def wait(self, seconds: float, stop: threading.Event | None = None) -> bool:
        """As the clock below waits."""
        return self._clock.wait(seconds, stop)
