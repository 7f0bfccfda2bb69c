"""Questions to the journal that only the desk asks: by time, and added up.

For: `nightbook.py`, the board of a past moment.
Promises: a moment is found by halving positions (the journal has no index of times and needs none); sums are made by the
database, so that a busy night does not travel through Python line by line.
Refuses: to write.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from onbam.database.engine import Database
from onbam.database.prepared import LOT_MAX, Prepared
from onbam.journal.model import Entry, Line
from onbam.journal.sql import read_in
from onbam.journal.tables import journal, journal_days

_c: Final = journal.c
READ_MAX: Final = 5000
LASTS: Final = (1, 5, 20, 100)
LASTS_MAX: Final = LASTS[-1]
"""So many things are asked about at once; SQLite takes at most 500 questions in one."""
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


@cache
def _lasts_of(count: int) -> Prepared:
    """The last lines of so many things of a kind, each found by its own end of the index."""
    upto = sa.bindparam("upto", type_=sa.BigInteger)
    lasts = [
        sa.select(sa.func.max(_c.position).label("last"))
        .where(_c.kind == sa.bindparam("k"), _c.key == sa.bindparam(f"y{n}"), _c.position <= upto)
        .subquery()
        for n in range(count)
    ]
    return Prepared(sa.select(journal).where(_c.position.in_(sa.select(sa.union_all(*map(sa.select, lasts)).subquery()))))


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


def nexts_of(connection: Connection, entries: Sequence[Entry], whats: Sequence[str]) -> Sequence[Entry]:
    """Of each of these the next line of these sorts about the same thing, where there is one. One question for a kind."""
    found: list[Entry] = []
    kinds: dict[str, list[Entry]] = {}
    for one in entries:
        kinds.setdefault(one.line.kind, []).append(one)
    for kind, same in kinds.items():
        keys, first = sorted({one.line.key for one in same}), min(one.position for one in same)
        later: dict[str, list[Entry]] = {key: [] for key in keys}
        for start in range(0, len(keys), LOT_MAX):
            about = sa.and_(_c.kind == kind, _c.key.in_(keys[start : start + LOT_MAX]), _c.position > first, _c.what.in_(whats))
            for row in connection.execute(sa.select(journal).where(about).order_by(_c.position)):
                later[row.key].append(entry_of(row))
        found += [nearest for one in same if (nearest := _first_after(later[one.line.key], one.position)) is not None]
    return found


def _first_after(entries: Sequence[Entry], position: int) -> Entry | None:
    return next((entry for entry in entries if entry.position > position), None)


def about_kind(database: Database, kind: str, keys: Sequence[str], upto: int) -> Sequence[Entry]:
    """Of each of these things its last line up to a position."""
    found: list[Entry] = []
    with database.read() as connection:
        for start in range(0, len(keys), LASTS_MAX):
            lot = keys[start : start + LASTS_MAX]
            count = next(n for n in LASTS if n >= len(lot))  # few texts, each made once
            named = {f"y{n}": lot[min(n, len(lot) - 1)] for n in range(count)}
            found += map(_entry, _lasts_of(count).rows(connection, {"k": kind, "upto": upto, **named}))
    place = {key: n for n, key in enumerate(keys)}
    return sorted(found, key=lambda entry: place[entry.line.key])


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
