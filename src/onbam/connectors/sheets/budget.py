"""This PC's share of the account's requests a minute.

For: the client, before each request.
Promises: never more than its share within any 60 seconds; after a 429 a growing pause as Google asks (2^n seconds and jitter,
64 at most); writes that guard a lease may use the reserve that looking around may not.
Refuses: to wait inside: it tells how long, the caller decides.
"""

from __future__ import annotations

from collections import deque
from typing import Final, Literal

from onbam.kernel.chance import Chance
from onbam.kernel.clock import Clock

WINDOW_S: Final = 60.0
BACKOFF_MAX_S: Final = 64.0
Kind = Literal["read", "write"]


class Budget:
    """Counts what was sent in the last minute."""

    def __init__(self, clock: Clock, chance: Chance, *, reads: float, writes: float) -> None:
        self._clock = clock
        self._chance = chance
        self._limit = {"read": max(1, int(reads)), "write": max(1, int(writes))}
        self._sent: dict[str, deque[float]] = {"read": deque(), "write": deque()}
        self._refusals = 0
        self._quiet_until = 0.0

    def wait_s(self, kind: Kind) -> float:
        """How long to wait before the next request of this kind; 0 = now."""
        now = self._clock.monotonic()
        sent = self._sent[kind]
        while sent and sent[0] <= now - WINDOW_S:
            sent.popleft()
        full = sent[0] + WINDOW_S - now if len(sent) >= self._limit[kind] else 0.0
        return max(full, self._quiet_until - now, 0.0)

    def left(self, kind: Kind) -> int:
        """How many requests of this kind may still go out now."""
        self.wait_s(kind)
        return self._limit[kind] - len(self._sent[kind])

    def sent(self, kind: Kind) -> None:
        """One went out."""
        self._sent[kind].append(self._clock.monotonic())

    def refused(self) -> float:
        """Google said 429; answers how long to keep quiet."""
        pause = min(2.0**self._refusals + self._chance.uniform(0, 1), BACKOFF_MAX_S)
        self._refusals += 1
        self._quiet_until = self._clock.monotonic() + pause
        return pause

    def accepted(self) -> None:
        """Google answered: the next 429 begins with a short pause again."""
        self._refusals = 0
