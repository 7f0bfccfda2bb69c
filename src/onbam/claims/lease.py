"""How long a lease may be relied on, by the agent's own clocks.

For: everything an agent does between two answers of the store.
Promises: never believes in more than the store granted: counted from before the question was asked, minus a margin, and by
whichever of the two clocks ran further, because one of them stands still while a PC sleeps.
Refuses: the store's times: only "how much is left" crosses the wire, never "until when".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from onbam.kernel.clock import Clock

MARGIN_SHARE: Final = 0.1
"""Of the lease: for clocks that run at different speed, and for the moment between looking and acting."""
MARGIN_LEAST_S: Final = 0.05


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time on both clocks."""

    monotonic: float
    wall: datetime

    @classmethod
    def now(cls, clock: Clock) -> Self:
        """This moment."""
        return cls(clock.monotonic(), clock.now())

    def since_s(self, clock: Clock) -> float:
        """How long ago: the further of the two. A wall clock set forward only makes us careful; set back it is not believed."""
        return max(clock.monotonic() - self.monotonic, (clock.now() - self.wall).total_seconds())


@dataclass(frozen=True, slots=True)
class Lease:
    """What an agent may believe of its right."""

    asked: Moment
    granted_s: float

    @property
    def margin_s(self) -> float:
        """What is left unused at the end."""
        return max(MARGIN_LEAST_S, self.granted_s * MARGIN_SHARE)

    def left_s(self, clock: Clock) -> float:
        """So long it may still be relied on; zero or less: it may not."""
        return self.granted_s - self.margin_s - self.asked.since_s(clock)
