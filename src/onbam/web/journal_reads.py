"""Questions to the journal that only the desk asks: by time, and added up.

For: `nightbook.py`, the board of a past moment.
Promises: a moment is found by halving positions (the journal has no index of times and needs none); sums are made by the
database, so that a busy night does not travel through Python line by line.
Refuses: to write.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from onbam.database.engine import Database
from onbam.database.lean import LeanConnection
from onbam.database.prepared import LOT_MAX, Prepared
from onbam.journal.model import Entry, Line
from onbam.journal.sql import read_in
from onbam.journal.tables import journal, journal_days

Looking = Connection | LeanConnection
"""`Database.look` gives one: what is written in the journal stays, so each question may look at its own moment."""
_c: Final = journal.c
PART: Final = 500
LOOKED_FOR: Final = 10
"""So many moments are looked for at once."""
LASTS: Final = (1, 5, 20, 50, 100)
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


_HEAD: Final = Prepared(sa.select(sa.func.max(_c.position)))
_BOUNDS: Final = Prepared(
    sa.select(sa.select(sa.func.min(_c.position)).scalar_subquery(), sa.select(sa.func.max(_c.position)).scalar_subquery())
)
"""Two ends of one index: asked for together in one breath, SQLite would read all of it."""
_TIMES: Final = Prepared(sa.select(_c.position, _c.at_ms).where(_c.position.in_(sa.bindparam("positions", expanding=True))))
_BY_WHO: Final = _by(_c.who, _c.who.startswith(AGENT), _c.what.not_like("machine.%"))
_BY_WHAT: Final = _by(_c.what, _c.what.in_(sa.bindparam("names", expanding=True)))
_NEWEST: Final = Prepared(
    sa.select(journal)
    .where(_between, _c.what.in_(sa.bindparam("names", expanding=True)))
    .order_by(_c.position.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)


@cache
def _lasts_of(count: int) -> Prepared:
    """The last line of each of so many things of a kind, found by its own end of the index."""
    names = [sa.select(sa.bindparam(f"y{n}", type_=sa.String).label("key")) for n in range(count)]
    about = sa.union_all(*names).subquery()
    own = (_c.kind == sa.bindparam("k"), _c.key == about.c.key, _c.position <= sa.bindparam("upto", type_=sa.BigInteger))
    last = sa.select(sa.func.max(_c.position)).where(*own).correlate(about).scalar_subquery()
    lasts = sa.select(last.label("last")).select_from(about).subquery()
    line = journal.alias()
    return Prepared(sa.select(line).select_from(lasts.join(line, line.c.position == lasts.c.last)))


def head_of(connection: Looking) -> int:
    """The newest position."""
    return int(_HEAD.rows(connection, {})[0][0] or 0)


def positions_at(connection: Looking, moments: Sequence[int]) -> Sequence[int]:
    """Of each moment the last position written at or before it; 0 when there is none.

    A question looks at many places at once: four find one among millions. The store's clock may have been set back once; then
    the answer is one of the two places that fit.
    """
    first, head = (int(found or 0) for found in _BOUNDS.rows(connection, {})[0])
    places = [_Place(at_ms, max(first - 1, 0), head) for at_ms in moments]
    while wanted := [one for one in places if one.low < one.high][:LOOKED_FOR]:
        positions = sorted({position for one in wanted for position in one.probes(LOT_MAX // LOOKED_FOR)})
        times = dict(_TIMES.rows(connection, {"positions": positions}))
        for one in wanted:
            one.narrow([position for position in positions if one.low < position <= one.high], times)
    return [one.low for one in places]


@dataclass(slots=True)
class _Place:
    """Where a moment is looked for: not before `low`, not after `high`."""

    at_ms: int
    low: int
    high: int

    def probes(self, most: int) -> Iterator[int]:
        """Positions to look at, the last one included."""
        length = self.high - self.low
        parts = min(most, length)
        return (self.low + length * part // parts for part in range(1, parts + 1))

    def narrow(self, positions: Sequence[int], times: Mapping[int, int]) -> None:
        """By what stood there; a line that is gone was written before any moment."""
        for position in reversed(positions):
            if times.get(position, 0) <= self.at_ms:
                self.low = position
                return
            self.high = position - 1


def worked(connection: Looking, after: int, upto: int, length_ms: int) -> Sequence[tuple[str, int, int]]:
    """Lines of work that agents wrote after one position up to another: who, the beginning of the stretch of time, how many."""
    return _counted(_BY_WHO, connection, {"after": after, "upto": upto, "length": length_ms})


def happened(
    connection: Looking, after: int, upto: int, length_ms: int, whats: Sequence[str]
) -> Sequence[tuple[str, int, int]]:
    """The same of lines of these sorts: what, the beginning of the stretch of time, how many."""
    return _counted(_BY_WHAT, connection, {"after": after, "upto": upto, "length": length_ms, "names": list(whats)})


def _counted(statement: Prepared, connection: Looking, values: dict[str, Any]) -> list[tuple[str, int, int]]:
    return cast("list[tuple[str, int, int]]", statement.rows(connection, values))


def told(connection: Looking, after: int, upto: int, whats: Sequence[str], limit: int) -> Sequence[Entry]:
    """The newest lines of these sorts, in order."""
    rows = _NEWEST.rows(connection, {"after": after, "upto": upto, "names": list(whats), "most": limit})
    return [_entry(row) for row in reversed(rows)]


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
    found: dict[str, Entry] = {}
    with database.look() as connection:
        for start in range(0, len(keys), LASTS_MAX):
            lot = keys[start : start + LASTS_MAX]
            count = next(n for n in LASTS if n >= len(lot))  # few texts, each made once
            named = {f"y{n}": lot[min(n, len(lot) - 1)] for n in range(count)}
            lasts = map(_entry, _lasts_of(count).rows(connection, {"k": kind, "upto": upto, **named}))
            found |= {entry.line.key: entry for entry in lasts}
    return [found[key] for key in keys if key in found]


def stretch(database: Database, after: int, upto: int) -> Iterator[Entry]:
    """Every line after one position up to another; only a part of them is in memory at a time."""
    position = after
    while position < upto:
        with database.look() as connection:
            part = read_in(connection, position, min(PART, upto - position))
        if not part.entries:
            break
        yield from part.entries
        position = part.position


def entry_of(row: sa.Row[Any]) -> Entry:
    """A row as the journal's own readers give it."""
    return _entry(tuple(row))


def _entry(row: Sequence[Any]) -> Entry:
    position, at_ms, what, kind, key, who, why, data = row
    return Entry(position, at_ms, Line(what, kind, key, who, why, json.loads(data) if data else {}))
