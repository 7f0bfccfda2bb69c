"""The journal in memory: for tests and simulations.

For: the memory claim store and everything that runs without a database.
Promises: the same as the kept ones, but for remembering over a restart.
Refuses: nothing more.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from onbam.journal.model import WHO_MAX, WHY_MAX, Entry, Line, Stretch, clipped
from onbam.kernel.clock import Clock

POLL_S: Final = 0.05


class MemoryJournal:
    """Lines in a list."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: list[Entry] = []
        self._lock = threading.Lock()

    def append(self, lines: Sequence[Line]) -> int:
        """Write lines; answers the position of the last one."""
        at_ms = int(self._clock.now().timestamp() * 1000)
        with self._lock:
            for line in lines:
                told = replace(line, who=clipped(line.who, WHO_MAX), why=clipped(line.why, WHY_MAX))
                self._entries.append(Entry(len(self._entries) + 1, at_ms, told))
            return len(self._entries)

    def read(self, since: int, limit: int = 500) -> Stretch:
        """Entries after a position, oldest first."""
        with self._lock:
            entries = self._entries[since : since + limit]
        return Stretch(entries, entries[-1].position if entries else since)

    def tail(self, since: int, wait_s: float, limit: int = 500) -> Stretch:
        """The same; waits for the first one."""
        until = self._clock.monotonic() + wait_s
        while not (stretch := self.read(since, limit)).entries and (left := until - self._clock.monotonic()) > 0:
            self._clock.wait(min(POLL_S, left))
        return stretch

    def head(self) -> int:
        """The position of the newest entry."""
        with self._lock:
            return len(self._entries)

    def about(self, kind: str, key: str, limit: int = 200, before: int | None = None) -> Sequence[Entry]:
        """What happened to one thing, newest first."""
        with self._lock:
            entries = list(self._entries if before is None else self._entries[: before - 1])
        return [entry for entry in reversed(entries) if entry.line.kind == kind and entry.line.key == key][:limit]
