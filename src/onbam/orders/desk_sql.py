"""Which orders: answered by the indexes of the claims' own table.

For: every installation whose claims stand in a database.
Promises: what an index can answer (a number, its beginning, states, days, counts) costs what it brings, also among a million
orders; what none can (a PC, words of a note) looks at `LOOK_MAX` orders of each state in one call, newest first.
Refuses: to write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from onbam.claims.model import Item, Phase, State
from onbam.claims.tables import items
from onbam.database.engine import Database
from onbam.database.prepared import Prepared
from onbam.orders.desk_rows import COUNTED, LOOK_MAX, Counts, Found, Place, Query
from onbam.orders.model import KIND

BEGINNING_MAX: Final = 1000
"""So many numbers with the same beginning are shown as such; with more, the beginning says too little."""
BETWEEN: Final = "\n"
_c: Final = items.c
_NEWEST: Final = (_c.changed_at_ms.desc(), _c.kind.desc(), _c.key.desc())
"""The index of the board, backwards: no database sorts anything."""
_OLDEST: Final = Prepared(
    sa.select(items)
    .where(_c.state == sa.bindparam("s"), _c.kind == KIND)
    .order_by(_c.changed_at_ms, _c.kind, _c.key)
    .limit(sa.bindparam("most", type_=sa.Integer))
)


def _counted(state: State) -> sa.ScalarSelect[int]:
    counted = sa.select(sa.func.count()).select_from(items).where(_c.state == state.value, _c.kind == KIND)
    today = counted.where(_c.changed_at_ms >= sa.bindparam("today", type_=sa.BigInteger))
    return (today if state is State.COMPLETED else counted).scalar_subquery()


_COUNTED: Final = (*COUNTED, State.COMPLETED)
_COUNTS: Final = Prepared(cast("sa.Select[Any]", sa.select(*map(_counted, _COUNTED))))


class SqlRows:
    """Straight from the table."""

    def __init__(self, database: Database, look_max: int = LOOK_MAX) -> None:
        self._database = database
        self._look_max = look_max

    def page(self, query: Query, limit: int, after: str = "") -> Found:
        """By the beginning of a number where that finds something, else from the newest on."""
        begin = Place.read(after) if after else None
        with self._database.read() as connection:
            beginning = _beginning(connection, query.text)
            if beginning:
                return _shown([i for i in beginning if query.fits(i) and _behind(i, begin)], limit, None)
            return self._from_the_newest(connection, query, limit, begin)

    def _from_the_newest(self, connection: Connection, query: Query, limit: int, begin: Place | None) -> Found:
        fitting: list[Item] = []
        ends: list[Place] = []
        for state in query.states or tuple(State):
            lying = _lying(query, state, begin)
            end = None if query.plain else self._end(connection, lying)
            if end is not None:
                ends.append(end)
                lying.append(_not_behind(end))
            found = sa.select(items).where(*lying, *_saying(query)).order_by(*_NEWEST).limit(limit + 1)
            fitting += _items(connection.execute(found))
        return _shown(fitting, limit, max(ends, key=attrgetter("at_ms", "key"), default=None))

    def _end(self, connection: Connection, lying: Sequence[sa.ColumnElement[bool]]) -> Place | None:
        """The last one this call looks at; none when it can look at all of them."""
        last = sa.select(_c.changed_at_ms, _c.key).where(*lying).order_by(*_NEWEST).offset(self._look_max - 1).limit(1)
        row = connection.execute(last).first()
        return Place(row[0], row[1]) if row else None

    def oldest(self, state: State, limit: int) -> Sequence[Item]:
        """Of a state, those that changed longest ago."""
        with self._database.look() as connection:
            return list(_items(_OLDEST.rows(connection, {"s": state.value, "most": limit})))

    def counts(self, today_ms: int) -> Counts:
        """One count an index."""
        with self._database.look() as connection:
            row = _COUNTS.rows(connection, {"today": today_ms})[0]
        return Counts(dict(zip(_COUNTED, map(int, row), strict=True)))


def _beginning(connection: Connection, text: str) -> list[Item]:
    """The orders whose number begins so; none when there are too many to mean them."""
    if not text.isascii() or not text or " " in text:
        return []
    beyond = text[:-1] + chr(ord(text[-1]) + 1)
    found = sa.select(items).where(_c.kind == KIND, _c.key >= text, _c.key < beyond).limit(BEGINNING_MAX + 1)
    rows = list(_items(connection.execute(found)))
    return rows if len(rows) <= BEGINNING_MAX else []


def _lying(query: Query, state: State, begin: Place | None) -> list[sa.ColumnElement[bool]]:
    """Where in the index to look."""
    lying: list[sa.ColumnElement[bool]] = [_c.state == state.value, _c.kind == KIND]
    if query.since_ms is not None:
        lying.append(_c.changed_at_ms >= query.since_ms)
    if query.until_ms is not None:
        lying.append(_c.changed_at_ms < query.until_ms)
    if begin is not None:
        lying += [_c.changed_at_ms <= begin.at_ms, sa.or_(_c.changed_at_ms < begin.at_ms, _c.key < begin.key)]
    return lying


def _not_behind(end: Place) -> sa.ColumnElement[bool]:
    return sa.and_(_c.changed_at_ms >= end.at_ms, sa.or_(_c.changed_at_ms > end.at_ms, _c.key >= end.key))


def _saying(query: Query) -> Iterator[sa.ColumnElement[bool]]:
    """What no index finds."""
    if query.machine:
        yield sa.or_(_c.machine_id == query.machine, _c.holder.startswith(f"{query.machine}_", autoescape=True))
    if query.text:
        # One text and one look at it: four would take twice as long. The sign between them stands in none of them.
        whole = _c.key + BETWEEN + _c.receipt + BETWEEN + _c.holder + BETWEEN + _c.note
        yield whole.icontains(query.text, autoescape=True)


def _behind(item: Item, begin: Place | None) -> bool:
    return begin is None or (item.changed_at_ms, item.key) < (begin.at_ms, begin.key)


def _shown(fitting: list[Item], limit: int, end: Place | None) -> Found:
    """The first of them, and where to go on: after the last one shown, or where the look ended first."""
    fitting.sort(key=attrgetter("changed_at_ms", "key"), reverse=True)
    sure = [i for i in fitting if end is None or (i.changed_at_ms, i.key) >= (end.at_ms, end.key)]
    if len(sure) > limit:
        last = sure[limit - 1]
        return Found(sure[:limit], str(Place(last.changed_at_ms, last.key)))
    return Found(sure, str(end) if end else "", end.at_ms if end else None)


def _items(rows: Iterable[Any]) -> Iterator[Item]:
    for kind, key, state, phase, *rest in rows:
        yield Item(kind, key, State(state), Phase(phase) if phase else None, *rest)
