"""What the PCs of a company share, kept in the memory of one process.

For: one PC alone, tests, simulations; the shape of the stores that keep it for many.
Promises: atomic under its lock; the clock that was passed in decides.
Refuses: to outlive the process.
"""

from __future__ import annotations

import threading

from onbam.connectors.ecount.contract import Session
from onbam.kernel.clock import Clock


class MemoryShelf:
    """Sessions, zones and failed log-ins by account."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sessions: dict[str, Session] = {}
        self._zones: dict[str, str] = {}
        self._failures: dict[str, int] = {}

    def session(self, account: str) -> Session | None:
        """The session, if there is one."""
        with self._lock:
            return self._sessions.get(account)

    def keep(self, account: str, session: Session) -> None:
        """A new session for everybody; failed log-ins are forgotten."""
        with self._lock:
            self._sessions[account] = session
            self._failures.pop(account, None)

    def drop(self, account: str, session: Session) -> None:
        """This session ended; a newer one stays."""
        with self._lock:
            if self._sessions.get(account) == session:
                del self._sessions[account]

    def zone(self, account: str) -> str:
        """The company's zone; empty before it is known."""
        with self._lock:
            return self._zones.get(account, "")

    def keep_zone(self, account: str, zone: str) -> None:
        """Remember the zone."""
        with self._lock:
            self._zones[account] = zone

    def failures(self, account: str) -> int:
        """How many log-ins failed since the last that worked."""
        with self._lock:
            return self._failures.get(account, 0)

    def count_failure(self, account: str) -> int:
        """One more."""
        with self._lock:
            self._failures[account] = self._failures.get(account, 0) + 1
            return self._failures[account]

    def forgive(self, account: str) -> None:
        """Start counting again."""
        with self._lock:
            self._failures.pop(account, None)


class MemoryTurnstile:
    """The next free moment of each gate."""

    def __init__(self, clock: Clock) -> None:
        self._lock = threading.Lock()
        self._clock = clock
        self._free_at: dict[str, float] = {}

    def book(self, gate: str, spacing_s: float, ahead_s: float = 0.0) -> float:
        """Take the next free moment that is at least so far ahead; answers the seconds until it."""
        with self._lock:
            now = self._clock.monotonic()
            at = max(now + ahead_s, self._free_at.get(gate, now))
            self._free_at[gate] = at + spacing_s
            return at - now

    def take(self, gate: str, spacing_s: float) -> float:
        """Go through now, or learn how long not."""
        with self._lock:
            now = self._clock.monotonic()
            wait = self._free_at.get(gate, now) - now
            if wait > 0:
                return wait
            self._free_at[gate] = now + spacing_s
            return 0.0

    def hold(self, gate: str, seconds: float) -> None:
        """Nobody is let through or booked for this long."""
        with self._lock:
            until = self._clock.monotonic() + seconds
            self._free_at[gate] = max(until, self._free_at.get(gate, until))

    def release(self, gate: str) -> None:
        """Free at once."""
        with self._lock:
            self._free_at.pop(gate, None)
