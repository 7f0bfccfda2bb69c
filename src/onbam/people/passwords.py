"""Passwords: kept as argon2, compared slowly, tried not too often.

For: the log-in and whoever sets a password.
Promises: one comparison at a time (each takes 64 MB of memory on purpose); a name nobody has costs as much as a wrong password;
after too many wrong tries from one address or for one name there is a pause that doubles.
Refuses: to remember tries over a restart: an attacker who can restart us needs no password.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from onbam.kernel.clock import Clock

if TYPE_CHECKING:
    from argon2 import PasswordHasher

REMEMBERED: Final = 10_000
"""So many addresses and names are counted; then the oldest count is forgotten."""
PAUSE_MAX_S: Final = 3600.0
CALM_S: Final = 900.0
"""After so long without a wrong try the count begins anew."""


class Passwords:
    """Makes and compares."""

    def __init__(self) -> None:
        self._one = threading.Lock()

    @cached_property
    def _hasher(self) -> PasswordHasher:
        from argon2 import PasswordHasher

        return PasswordHasher()

    @cached_property
    def _nobody(self) -> str:
        """Compared with when nobody has the name."""
        return self._hasher.hash("nobody has this name")

    def made(self, password: str) -> str:
        """What is kept."""
        with self._one:
            return self._hasher.hash(password)

    def fits(self, kept: str, password: str) -> bool:
        """Whether it is the one; an empty `kept` fits nothing and takes as long."""
        from argon2.exceptions import InvalidHashError, VerificationError

        with self._one:
            try:
                self._hasher.verify(kept or self._nobody, password)
            except (VerificationError, InvalidHashError):
                return False
        return bool(kept)

    def outdated(self, kept: str) -> bool:
        """Whether it was made with weaker settings than today's."""
        return bool(kept) and self._hasher.check_needs_rehash(kept)


@dataclass(slots=True)
class _Count:
    wrong: int
    last: float
    until: float


class Gate:
    """Counts wrong tries by address and by name."""

    def __init__(self, clock: Clock, *, tries: int, pause_s: float) -> None:
        self._clock = clock
        self._tries = tries
        self._pause_s = pause_s
        self._counts: OrderedDict[str, _Count] = OrderedDict()
        self._lock = threading.Lock()

    def wait_s(self, *keys: str) -> float:
        """How long to wait before the next try; 0: try now."""
        now = self._clock.monotonic()
        with self._lock:
            return max((count.until - now for key in keys if (count := self._counts.get(key))), default=0.0)

    def wrong(self, *keys: str) -> None:
        """One more wrong try."""
        now = self._clock.monotonic()
        with self._lock:
            for key in keys:
                count = self._counts.pop(key, None)
                if count is None or now - count.last > CALM_S + max(0.0, count.until - count.last):
                    count = _Count(0, now, now)
                count.wrong, count.last = count.wrong + 1, now
                over = count.wrong - self._tries
                if over >= 0:
                    count.until = now + min(self._pause_s * 2.0**over, PAUSE_MAX_S)
                self._counts[key] = count
            while len(self._counts) > REMEMBERED:
                self._counts.popitem(last=False)

    def right(self, *keys: str) -> None:
        """Came in: the count begins anew."""
        with self._lock:
            for key in keys:
                self._counts.pop(key, None)
