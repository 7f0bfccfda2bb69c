"""Questions to the journal that only the desk asks: by time, and added up.

For: `nightbook.py`, the board of a past moment.
Promises: a moment is found by halving positions (the journal has no index of times and needs none); sums are made by the
database, so that a busy night does not travel through Python line by line.
Refuses: to write.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from onbam.database.engine import Database
from onbam.journal.model import Entry, Line
from onbam.journal.sql import read_in
from onbam.journal.tables import journal, journal_days

_c: Final = journal.c
READ_MAX: Final = 5000


@dataclass(frozen=True, slots=True)
class Tally:
    """So many lines of one sort, by one author, in one stretch of time."""

    who: str
    what: str
    bucket: int
    lines: int


def head_of(connection: Connection) -> int:
    """The newest position."""
    return int(connection.scalar(sa.select(sa.func.max(_c.position))) or 0)


def position_at(connection: Connection, at_ms: int) -> int:
    """The last position written at or before a moment; 0 when there is none.

    The store's clock may have been set back once; then the answer is one of the two places that fit.
    """
    low = int(connection.scalar(sa.select(sa.func.min(_c.position))) or 0)
    high = head_of(connection)
    if high == 0 or _time_of(connection, low) > at_ms:
        return max(low - 1, 0)
    while low < high:
        middle = (low + high + 1) // 2
        if _time_of(connection, middle) <= at_ms:
            low = middle
        else:
            high = middle - 1
    return low


def _time_of(connection: Connection, position: int) -> int:
    return int(connection.scalar(sa.select(_c.at_ms).where(_c.position == position)) or 0)


def tallies(connection: Connection, after: int, upto: int, bucket_ms: int) -> Sequence[Tally]:
    """Lines after one position up to another, added up."""
    bucket = (_c.at_ms - _c.at_ms % bucket_ms) / bucket_ms
    whole = sa.cast(bucket, sa.BigInteger)
    counted = sa.select(_c.who, _c.what, whole.label("bucket"), sa.func.count().label("lines"))
    counted = counted.where(_c.position > after, _c.position <= upto).group_by(_c.who, _c.what, whole)
    return [Tally(row.who, row.what, int(row.bucket), int(row.lines)) for row in connection.execute(counted)]


def told(connection: Connection, after: int, upto: int, whats: Sequence[str], limit: int) -> Sequence[Entry]:
    """The newest lines of these sorts, in order."""
    some = sa.select(journal).where(_c.position > after, _c.position <= upto, _c.what.in_(whats))
    rows = connection.execute(some.order_by(_c.position.desc()).limit(limit)).all()
    return [entry_of(row) for row in reversed(rows)]


def rolled_up(connection: Connection, day: str) -> dict[str, int]:
    """What the journal counted of a day before it removed its lines."""
    d = journal_days.c
    summed = sa.select(d.what, sa.func.sum(d.lines)).where(d.day == day).group_by(d.what)
    return {what: int(lines) for what, lines in connection.execute(summed)}


def next_of(connection: Connection, entry: Entry, whats: Sequence[str]) -> Entry | None:
    """The next line of these sorts about the same thing."""
    line = entry.line
    same = sa.select(journal).where(_c.kind == line.kind, _c.key == line.key, _c.position > entry.position, _c.what.in_(whats))
    row = connection.execute(same.order_by(_c.position).limit(1)).first()
    return None if row is None else entry_of(row)


def about_kind(database: Database, kind: str, keys: Sequence[str], upto: int) -> Sequence[Entry]:
    """Of each of these things its last line up to a position."""
    found = []
    with database.read() as connection:
        for key in keys:
            last = sa.select(journal).where(_c.kind == kind, _c.key == key, _c.position <= upto)
            row = connection.execute(last.order_by(_c.position.desc()).limit(1)).first()
            if row is not None:
                found.append(entry_of(row))
    return found


def stretch(database: Database, after: int, upto: int, limit: int) -> tuple[Sequence[Entry], bool]:
    """Every line after one position up to another, at most the last `limit`; and whether there were more."""
    begin = max(after, upto - limit)
    entries: list[Entry] = []
    with database.read() as connection:
        position = begin
        while position < upto:
            part = read_in(connection, position, min(READ_MAX, upto - position))
            if not part.entries:
                break
            entries += part.entries
            position = part.position
    return entries, begin > after


def entry_of(row: sa.Row[Any]) -> Entry:
    """A row as the journal's own readers give it."""
    import json

    data = json.loads(row.data) if row.data else {}
    return Entry(row.position, row.at_ms, Line(row.what, row.kind, row.key, row.who, row.why, data))
