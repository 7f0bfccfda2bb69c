"""Stops and marks in memory: for tests and simulations.

For: everything that runs without a database.
Promises: the same answers as the kept ones.
Refuses: to remember over a restart.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

from onbam.journal.ports import Journal
from onbam.kernel.clock import Clock
from onbam.orders.marks import Mark
from onbam.orders.pauses import Pause, lifted_line, set_line


class MemoryPauses:
    """Stops in a dictionary."""

    def __init__(self, clock: Clock, journal: Journal) -> None:
        self._clock = clock
        self._journal = journal
        self._standing: dict[str, Pause] = {}
        self._lock = threading.Lock()

    def set(self, scope: str, *, who: str, why: str) -> Pause:
        """Stop."""
        pause = Pause(scope, who, why, int(self._clock.now().timestamp() * 1000))
        with self._lock:
            self._standing[scope] = pause
        self._journal.append([set_line(pause)])
        return pause

    def lift(self, scope: str, *, who: str, why: str) -> bool:
        """Go on."""
        with self._lock:
            stood = self._standing.pop(scope, None) is not None
        if stood:
            self._journal.append([lifted_line(scope, who, why)])
        return stood

    def standing(self) -> Sequence[Pause]:
        """Every stop."""
        with self._lock:
            return sorted(self._standing.values(), key=lambda pause: (pause.at_ms, pause.scope))


class MemoryMarks:
    """Marks in a dictionary."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._marks: dict[str, tuple[str, int]] = {}

    def put(self, name: str, value: str = "") -> None:
        """Remember it."""
        self._marks[name] = (value, int(self._clock.now().timestamp() * 1000))

    def get(self, name: str) -> Mark | None:
        """What is remembered."""
        if name not in self._marks:
            return None
        value, at_ms = self._marks[name]
        return Mark(name, value, at_ms, int(self._clock.now().timestamp() * 1000) - at_ms)
