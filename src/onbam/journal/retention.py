"""Old lines become counts.

For: `roller.py` next door, once a day; the yearly statistics.
Promises: a line is counted in its day and removed in the same transaction, oldest first, in portions, and counted once
also when two PCs do so at once; the newest line always stays, so that positions go on; a line somebody still has to read is not
removed.
Refuses: to guess a time zone: whoever keeps the journal says what a day is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from onbam.database.engine import Database
from onbam.journal.tables import journal, journal_days

PORTION: Final = 2000
"""Lines one transaction removes: a writer never waits long."""
DAY_MS: Final = 86_400_000

_c: Final = journal.c
_d: Final = journal_days.c


class _TakenError(Exception):
    """Another PC removed these lines meanwhile, and has counted them."""


class Retention:
    """Keeps the journal as long as it was asked to."""

    def __init__(self, database: Database, zone: ZoneInfo) -> None:
        self._database = database
        self._zone = zone

    def roll_up(self, keep_days: float, *, still_needed_after: int | None = None) -> int:
        """Count and remove one portion of lines older than that; answers how many, so zero is the end.

        `still_needed_after` is the position of the slowest reader that may not miss anything: nothing after it is removed.
        """
        assert keep_days > 0, "a journal keeps something"
        try:
            with self._database.write() as connection:
                before_ms = self._database.clock_ms(connection) - int(keep_days * DAY_MS)
                counts, last = self._old(connection, before_ms, still_needed_after)
                if counts:
                    _remove(connection, last, counts.total())
                    _count(connection, counts)
                return counts.total()
        except _TakenError:
            return 0

    def _old(
        self, connection: Connection, before_ms: int, needed_after: int | None
    ) -> tuple[Counter[tuple[str, str, str]], int]:
        """The first portion of lines that may go, counted by day, kind and what; and the position of the last of them."""
        newest = int(connection.scalar(sa.select(sa.func.max(_c.position))) or 0)
        end = newest - 1 if needed_after is None else min(newest - 1, needed_after)
        first = sa.select(_c.position, _c.at_ms, _c.kind, _c.what).where(_c.position <= end)
        counts: Counter[tuple[str, str, str]] = Counter()
        last = 0
        for position, at_ms, kind, what in connection.execute(first.order_by(_c.position).limit(PORTION)):
            if at_ms >= before_ms:
                break
            counts[self._day(at_ms), kind, what] += 1
            last = position
        return counts, last

    def days(self, *, kind: str = "", since_day: str = "") -> Mapping[tuple[str, str, str], int]:
        """What was counted of removed lines: (day, kind, what) → how many."""
        statement = sa.select(_d.day, _d.kind, _d.what, _d.lines).where(_d.day >= since_day)
        if kind:
            statement = statement.where(_d.kind == kind)
        with self._database.read() as connection:
            return {(day, of, what): lines for day, of, what, lines in connection.execute(statement)}

    def _day(self, at_ms: int) -> str:
        return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(self._zone).date().isoformat()


def _remove(connection: Connection, last: int, lines: int) -> None:
    """Remove what was read; another PC that did so first makes the whole transaction void."""
    if connection.execute(sa.delete(journal).where(_c.position <= last)).rowcount != lines:
        raise _TakenError


def _count(connection: Connection, counts: Counter[tuple[str, str, str]]) -> None:
    for (day, kind, what), lines in sorted(counts.items()):
        same = sa.and_(_d.day == day, _d.kind == kind, _d.what == what)
        if connection.execute(sa.update(journal_days).where(same).values(lines=_d.lines + lines)).rowcount == 0:
            connection.execute(sa.insert(journal_days), {"day": day, "kind": kind, "what": what, "lines": lines})
