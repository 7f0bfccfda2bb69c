"""This PC's share of the account's requests a minute.

For: the client, before each request.
Promises: never more than its share within any 60 seconds, however many threads ask; after a 429 a growing pause as Google asks
(2^n seconds and jitter, 64 at most).
Refuses: to wait inside: it tells how long, the caller decides.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import Final, Literal

from onbam.connectors.sheets.contract import Spare
from onbam.kernel.chance import Chance
from onbam.kernel.clock import Clock

WINDOW_S: Final = 60.0
BACKOFF_MAX_S: Final = 64.0
Kind = Literal["read", "write"]
KINDS: Final[tuple[Kind, ...]] = ("read", "write")


class Budget:
    """Counts what was sent in the last minute."""

    def __init__(self, clock: Clock, chance: Chance, *, reads: float, writes: float) -> None:
        self._clock = clock
        self._chance = chance
        self._limit = {"read": max(1, int(reads)), "write": max(1, int(writes))}
        self._sent: dict[str, deque[float]] = {"read": deque(), "write": deque()}
        self._refusals = 0
        self._quiet_until = 0.0
        self._lock = threading.Lock()

    def take(self, kind: Kind) -> float:
        """One request of this kind, counted: 0 = it may go out now; else how long to wait before asking again."""
        with self._lock:
            wait = self._wait_s(kind)
            if wait <= 0:
                self._sent[kind].append(self._clock.monotonic())
            return wait

    def spare(self) -> Spare:
        """What is left of this minute."""
        with self._lock:
            quiet = max(0.0, self._quiet_until - self._clock.monotonic())
            left = {kind: self._limit[kind] - len(self._recent(kind)) for kind in KINDS}
        return Spare(left["read"], left["write"], self._limit["read"], self._limit["write"], quiet)

    def _wait_s(self, kind: Kind) -> float:
        now = self._clock.monotonic()
        sent = self._recent(kind)
        full = sent[0] + WINDOW_S - now if len(sent) >= self._limit[kind] else 0.0
        return max(full, self._quiet_until - now, 0.0)

    def _recent(self, kind: Kind) -> deque[float]:
        """What was sent within the last minute."""
        sent = self._sent[kind]
        while sent and sent[0] <= self._clock.monotonic() - WINDOW_S:
            sent.popleft()
        return sent

    def refused(self) -> float:
        """Google said 429; answers how long to keep quiet."""
        with self._lock:
            pause = min(2.0**self._refusals + self._chance.uniform(0, 1), BACKOFF_MAX_S)
            self._refusals += 1
            self._quiet_until = self._clock.monotonic() + pause
            return pause

    def accepted(self) -> None:
        """Google answered: the next 429 begins with a short pause again."""
        self._refusals = 0
