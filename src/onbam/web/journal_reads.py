"""Questions to the journal that only the desk asks: by time, and added up.

For: `nightbook.py`, the board of a past moment.
Promises: a moment is found by halving positions (the journal has no index of times and needs none), and the database halves;
a busy night does not travel through Python line by line.
Refuses: to write.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from onbam.claims.model import TRIAL_KIND
from onbam.database.engine import Database
from onbam.database.lean import LeanConnection
from onbam.database.prepared import LOT_MAX, LOTS, Prepared
from onbam.journal.model import Entry, Line
from onbam.journal.sql import read_in
from onbam.journal.tables import journal, journal_days

Looking = Connection | LeanConnection
"""`Database.look` gives one: what is written in the journal stays, so each question may look at its own moment."""
_c: Final = journal.c
PART: Final = 500
LOOKED_FOR: Final = 50
"""So many moments are looked for at once."""
PIECE: Final = 10_000
"""Lines that are in memory at a time where only a few words of each are read."""
_NAME_END: Final = "\n"
LASTS: Final = (1, 5, 20, 50, 100)
LASTS_MAX: Final = LASTS[-1]
"""So many things are asked about at once; SQLite takes at most 500 questions in one."""
AGENT: Final = "agent:"
"""How the journal names an agent."""
ITEM: Final = "item."
"""How lines about items begin."""


_between: Final = sa.and_(
    _c.position > sa.bindparam("after", type_=sa.BigInteger), _c.position <= sa.bindparam("upto", type_=sa.BigInteger)
)


def _by(column: sa.ColumnElement[Any], *which: sa.ColumnElement[bool]) -> Prepared:
    """Lines counted by a column and a stretch of time."""
    length = sa.bindparam("length", type_=sa.BigInteger)
    counted = sa.select(column, (_c.at_ms - _c.at_ms % length).label("begin_ms"), sa.func.count())
    return Prepared(counted.where(_between, *which).group_by(column, sa.text("begin_ms")))


_HEAD: Final = Prepared(sa.select(sa.func.max(_c.position)))
_BY_WHAT: Final = _by(_c.what, _c.what.in_(sa.bindparam("names", expanding=True)))
_NEWEST: Final = Prepared(
    sa.select(journal)
    .where(_between, _c.what.in_(sa.bindparam("names", expanding=True)))
    .order_by(_c.position.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)


_BY_PCS: Final = "machine.%"
_of_work: Final = _c.what.not_like(_BY_PCS)
"""What a PC says of itself is not work."""
_begin: Final = (_c.at_ms - _c.at_ms % sa.bindparam("length", type_=sa.BigInteger)).label("begin_ms")
_real: Final = _c.kind != TRIAL_KIND
"""What only tried the store out was no work."""
# From within, for there PostgreSQL does not take every moment for a stretch of its own and sort them all.
_lines: Final = sa.select(_begin, _c.who, _c.what).where(_between, _real).offset(sa.literal_column("0")).subquery()
_TOGETHER: Final = Prepared(
    sa.select(
        _lines.c.begin_ms,
        sa.func.aggregate_strings(_lines.c.who, _NAME_END).filter(_lines.c.what.not_like(_BY_PCS)),
        sa.func.aggregate_strings(_lines.c.what, _NAME_END),
    ).group_by(_lines.c.begin_ms)
)
_APART: Final = Prepared(sa.select(_begin, sa.case((_of_work, _c.who), else_=""), _c.what).where(_between, _real))
_ABOUT_ITEMS: Final = Prepared(
    sa.select(_c.at_ms, _c.what, _c.key, _c.who, _c.data).where(_between, _c.what.like(f"{ITEM}%")).order_by(_c.position)
)


@cache
def _places_of(count: int) -> Prepared:
    """Of so many moments `at0`, `at1`, … the last position written at or before each; by halving, in the database.

    A line that is gone was written before any moment.
    """
    first = sa.func.coalesce(sa.select(sa.func.min(_c.position)).scalar_subquery(), 1) - 1
    head = sa.func.coalesce(sa.select(sa.func.max(_c.position)).scalar_subquery(), 0)
    wanted = [sa.select(_whole(sa.literal(n)).label("n"), _whole(sa.bindparam(f"at{n}")).label("at_ms")) for n in range(count)]
    moments = sa.union_all(*wanted).subquery("moments")
    place = sa.select(moments.c.n, moments.c.at_ms, _whole(first).label("low"), _whole(head).label("high")).cte(
        "place", recursive=True
    )
    middle = (place.c.low + place.c.high + 1).bitwise_rshift(sa.literal_column("1"))
    stood_at = sa.select(_c.at_ms).where(_c.position == middle).correlate(place).scalar_subquery()
    before = sa.func.coalesce(stood_at, 0) <= place.c.at_ms
    half = sa.select(
        place.c.n,
        place.c.at_ms,
        sa.case((before, middle), else_=place.c.low),
        sa.case((before, place.c.high), else_=middle - 1),
    ).where(place.c.low < place.c.high)
    halved = place.union_all(half)
    return Prepared(sa.select(halved.c.n, sa.func.max(halved.c.low)).group_by(halved.c.n))


def _whole(value: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
    """A number that may be a moment or a position, on every database."""
    return sa.cast(value, sa.BigInteger)


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

    The store's clock may have been set back once; then the answer is one of the two places that fit.
    """
    found: list[int] = []
    for start in range(0, len(moments), LOOKED_FOR):
        lot = moments[start : start + LOOKED_FOR]
        count = next(n for n in LOTS if n >= len(lot))  # few texts, each made once
        places = dict(_places_of(count).rows(connection, {f"at{n}": lot[min(n, len(lot) - 1)] for n in range(count)}))
        found += [int(places[n]) for n in range(len(lot))]
    return found


def written(connection: Looking, after: int, upto: int, length_ms: int) -> Iterator[tuple[int, Sequence[str], Sequence[str]]]:
    """Lines after one position up to another, by stretches of time: when it begins, who did work, what happened; each as often
    as it stands there. A stretch of time may come more than once.
    """
    for start in range(after, upto, PIECE):
        values = {"after": start, "upto": min(upto, start + PIECE), "length": length_ms}
        if connection.dialect.name == "mysql":  # it cuts what it puts together at a length that is a setting of its own
            yield from _put_together(_APART.rows(connection, values))
            continue
        for begin_ms, whos, whats in _TOGETHER.rows(connection, values):
            yield begin_ms, (whos or "").split(_NAME_END), whats.split(_NAME_END)


def _put_together(rows: Sequence[tuple[int, str, str]]) -> Iterator[tuple[int, Sequence[str], Sequence[str]]]:
    stretches: dict[int, tuple[list[str], list[str]]] = {}
    for begin_ms, who, what in rows:
        whos, whats = stretches.setdefault(begin_ms, ([], []))
        whos.append(who)
        whats.append(what)
    for begin_ms, (whos, whats) in stretches.items():
        yield begin_ms, whos, whats


def happened(
    connection: Looking, after: int, upto: int, length_ms: int, whats: Sequence[str]
) -> Sequence[tuple[str, int, int]]:
    """Lines of these sorts after one position up to another: what, the beginning of the stretch of time, how many."""
    values = {"after": after, "upto": upto, "length": length_ms, "names": list(whats)}
    return cast("list[tuple[str, int, int]]", _BY_WHAT.rows(connection, values))


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


def about_items(connection: Looking, after: int, upto: int) -> Iterator[tuple[int, str, str, str, str]]:
    """Lines about items after one position up to another, in order: when, what, which item, who, and its facts as written."""
    for start in range(after, upto, PIECE):
        found = _ABOUT_ITEMS.rows(connection, {"after": start, "upto": min(upto, start + PIECE)})
        yield from cast("list[tuple[int, str, str, str, str]]", found)


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
