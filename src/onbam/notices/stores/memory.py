"""The inbox in memory: for tests and simulations.

For: everything that runs without a database.
Promises: the same answers as the kept one.
Refuses: to remember over a restart.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from dataclasses import replace

from onbam.journal.model import Line
from onbam.journal.ports import Journal
from onbam.kernel.clock import Clock
from onbam.notices.model import Cause, Notice
from onbam.notices.rules import again, closed, first_met, opened_line, order, resolved_line, seen_line, snoozed, snoozed_line


class MemoryNotices:
    """Notices in a list."""

    def __init__(self, clock: Clock, journal: Journal) -> None:
        self._clock = clock
        self._journal = journal
        self._all: dict[int, Notice] = {}
        self._lock = threading.Lock()

    def _now_ms(self) -> int:
        return int(self._clock.now().timestamp() * 1000)

    def _open_of(self, key: str) -> Notice | None:
        return next((n for n in self._all.values() if n.key == key and n.open), None)

    def open(self, cause: Cause) -> Notice:
        """Opens its notice, or counts once more."""
        now_ms = self._now_ms()
        with self._lock:
            known = self._open_of(cause.key)
            notice = again(known, cause, now_ms) if known else first_met(cause, len(self._all) + 1, now_ms)
            self._all[notice.id] = notice
        self._tell([opened_line(notice)] if known is None else [])
        return notice

    def resolve(self, key: str, *, who: str, why: str) -> bool:
        """The cause is gone."""
        now_ms = self._now_ms()
        with self._lock:
            known = self._open_of(key)
            if known is None:
                return False
            notice = self._all[known.id] = closed(known, who, why, now_ms)
        self._tell([resolved_line(notice)])
        return True

    def settle(self, prefix: str, present: Sequence[Cause], *, who: str) -> None:
        """These are all the causes there are under this prefix."""
        wanted = {cause.key: cause for cause in present}
        with self._lock:
            there = {n.key for n in self._all.values() if n.open and n.key.startswith(prefix)}
        for key in sorted(set(wanted) - there):
            self.open(wanted[key])
        for key in sorted(there - set(wanted)):
            self.resolve(key, who=who, why="gone")

    def seen(self, keys: Collection[str], *, who: str) -> int:
        """A person has read these."""
        now_ms = self._now_ms()
        with self._lock:
            unread = [n for n in self._all.values() if n.open and n.seen_at_ms is None and n.key in keys]
            for notice in unread:
                self._all[notice.id] = replace(notice, seen_at_ms=now_ms, seen_by=who)
        self._tell([seen_line(notice.key, who) for notice in unread])
        return len(unread)

    def snooze(self, key: str, *, for_ms: int, who: str, why: str) -> Notice | None:
        """Nobody is told outside for so long."""
        with self._lock:
            known = self._open_of(key)
            if known is None:
                return None
            notice = self._all[known.id] = snoozed(known, self._now_ms() + for_ms)
        self._tell([snoozed_line(notice, who, why)])
        return notice

    def inbox(self, *, limit: int = 100) -> Sequence[Notice]:
        """The open ones."""
        with self._lock:
            return sorted((n for n in self._all.values() if n.open), key=order)[:limit]

    def past(self, *, limit: int = 100, before_id: int | None = None) -> Sequence[Notice]:
        """The resolved ones, the newest first."""
        with self._lock:
            gone = [n for n in self._all.values() if not n.open and (before_id is None or n.id < before_id)]
        return sorted(gone, key=lambda n: -n.id)[:limit]

    def get(self, key: str) -> Notice | None:
        """The open notice of a cause."""
        with self._lock:
            return self._open_of(key)

    def _tell(self, lines: Sequence[Line]) -> None:
        if lines:
            self._journal.append(lines)
