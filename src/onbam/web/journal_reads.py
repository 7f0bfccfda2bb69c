"""Questions to the journal that only the desk asks: by time, and added up.

For: `nightbook.py`, the board of a past moment.
Promises: a moment is found by halving positions (the journal has no index of times and needs none); sums are made by the
database, so that a busy night does not travel through Python line by line.
Refuses: to write.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from onbam.database.engine import Database
from onbam.database.prepared import Prepared
from onbam.journal.model import Entry, Line
from onbam.journal.sql import read_in
from onbam.journal.tables import journal, journal_days

_c: Final = journal.c
READ_MAX: Final = 5000
AGENT: Final = "agent:"
"""How the journal names an agent."""


_between: Final = sa.and_(
    _c.position > sa.bindparam("after", type_=sa.BigInteger), _c.position <= sa.bindparam("upto", type_=sa.BigInteger)
)


def _by(column: sa.ColumnElement[Any], *which: sa.ColumnElement[bool]) -> Prepared:
    """Lines counted by a column and a stretch of time."""
    length = sa.bindparam("length", type_=sa.BigInteger)
    counted = sa.select(column, (_c.at_ms - _c.at_ms % length).label("begin_ms"), sa.func.count())
    return Prepared(counted.where(_between, *which).group_by(column, sa.text("begin_ms")))


_TIME_OF: Final = Prepared(sa.select(_c.at_ms).where(_c.position == sa.bindparam("position", type_=sa.BigInteger)))
_BY_WHO: Final = _by(_c.who, _c.who.startswith(AGENT), _c.what.not_like("machine.%"))
_BY_WHAT: Final = _by(_c.what, _c.what.in_(sa.bindparam("names", expanding=True)))
_LAST_OF: Final = Prepared(
    sa.select(journal)
    .where(_c.kind == sa.bindparam("k"), _c.key == sa.bindparam("y"))
    .where(_c.position <= sa.bindparam("upto", type_=sa.BigInteger))
    .order_by(_c.position.desc())
    .limit(1)
)


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
    rows = _TIME_OF.rows(connection, {"position": position})
    return int(rows[0][0]) if rows else 0


def worked(connection: Connection, after: int, upto: int, length_ms: int) -> Sequence[tuple[str, int, int]]:
    """Lines of work that agents wrote after one position up to another: who, the beginning of the stretch of time, how many."""
    return _counted(_BY_WHO, connection, {"after": after, "upto": upto, "length": length_ms})


def happened(
    connection: Connection, after: int, upto: int, length_ms: int, whats: Sequence[str]
) -> Sequence[tuple[str, int, int]]:
    """The same of lines of these sorts: what, the beginning of the stretch of time, how many."""
    return _counted(_BY_WHAT, connection, {"after": after, "upto": upto, "length": length_ms, "names": list(whats)})


def _counted(statement: Prepared, connection: Connection, values: dict[str, Any]) -> list[tuple[str, int, int]]:
    return [(name, int(begin), int(lines)) for name, begin, lines in statement.rows(connection, values)]


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
    with database.read() as connection:
        last = (_LAST_OF.rows(connection, {"k": kind, "y": key, "upto": upto}) for key in keys)
        return [_entry(rows[0]) for rows in last if rows]


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
    return _entry(tuple(row))


def _entry(row: Sequence[Any]) -> Entry:
    position, at_ms, what, kind, key, who, why, data = row
    return Entry(position, at_ms, Line(what, kind, key, who, why, json.loads(data) if data else {}))
