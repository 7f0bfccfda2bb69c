"""Which orders: answered by the indexes of the claims' own table.

For: every installation whose claims stand in a database.
Promises: what an index can answer (a number, its beginning, states, days, counts) costs what it brings, also among a million
orders; what none can (a PC, words of a note, a site) looks at `LOOK_MAX` orders of each state in one call, newest first.
Refuses: to write.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
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
        if query.plain:
            return self._newest(query, limit, begin)
        with self._database.read() as connection:
            beginning = _beginning(connection, query.text)
            if beginning:
                return _shown([i for i in beginning if query.fits(i) and _behind(i, begin)], limit, None)
            return self._from_the_newest(connection, query, limit, begin)

    def _newest(self, query: Query, limit: int, begin: Place | None) -> Found:
        """What indexes alone answer, in one question."""
        asked = _newest_of(*_bounded(query, begin))
        values = _bounds(query, begin) | {"most": limit + 1}
        with self._database.look() as connection:
            return _shown(list(_items(asked.rows(connection, values))), limit, None)

    def _from_the_newest(self, connection: Connection, query: Query, limit: int, begin: Place | None) -> Found:
        fitting: list[Item] = []
        ends: list[Place] = []
        saying = list(_saying(query))
        look_ends = self._ends(connection, query, begin)
        for state in query.states or tuple(State):
            lying = _lying(query, state, begin)
            end = look_ends.get(state)
            if end is not None:
                ends.append(end)
                lying.append(_not_behind(end))
            found = sa.select(items).where(*lying, *saying).order_by(*_NEWEST).limit(limit + 1)
            rows = list(_items(connection.execute(found)))
            meant = [item for item in rows if query.fits(item)]
            if len(rows) > limit >= len(meant):  # the words stood between what people read: there may be more further on
                ends.append(Place(rows[-1].changed_at_ms, rows[-1].key))
            fitting += meant
        return _shown(fitting, limit, max(ends, key=attrgetter("at_ms", "key"), default=None))

    def _ends(self, connection: Connection, query: Query, begin: Place | None) -> Mapping[State, Place]:
        """Of each state the last one this call looks at; none where it can look at all of them."""
        asked = _ends_of(*_bounded(query, begin))
        values = _bounds(query, begin) | {"beyond": self._look_max - 1}
        return {State(state): Place(at_ms, key) for state, at_ms, key in asked.rows(connection, values)}

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
    return _between(state, query.since_ms, query.until_ms, *((begin.at_ms, begin.key) if begin else (None, None)))


def _between(state: State, since: Any, until: Any, at: Any, behind: Any) -> list[sa.ColumnElement[bool]]:
    """The same for values or for the places of values; none: no such bound."""
    lying: list[sa.ColumnElement[bool]] = [_c.state == state.value, _c.kind == KIND]
    if since is not None:
        lying.append(_c.changed_at_ms >= since)
    if until is not None:
        lying.append(_c.changed_at_ms < until)
    if at is not None:
        lying += [_c.changed_at_ms <= at, sa.or_(_c.changed_at_ms < at, _c.key < behind)]
    return lying


def _bounded(query: Query, begin: Place | None) -> tuple[tuple[State, ...], bool, bool, bool]:
    """Which states, and which bounds there are: their values are given when the statement runs."""
    return tuple(query.states or State), query.since_ms is not None, query.until_ms is not None, begin is not None


def _bounds(query: Query, begin: Place | None) -> dict[str, Any]:
    """The values of the bounds."""
    values: dict[str, Any] = {"since": query.since_ms, "until": query.until_ms}
    return values if begin is None else values | {"at": begin.at_ms, "behind": begin.key}


def _places(state: State, since: bool, until: bool, after: bool) -> list[sa.ColumnElement[bool]]:  # noqa: FBT001 -- which bounds
    """Where in the index to look, with places for the values."""
    return _between(
        state,
        sa.bindparam("since", type_=sa.BigInteger) if since else None,
        sa.bindparam("until", type_=sa.BigInteger) if until else None,
        sa.bindparam("at", type_=sa.BigInteger) if after else None,
        sa.bindparam("behind", type_=sa.String),
    )


@cache
def _ends_of(states: tuple[State, ...], since: bool, until: bool, after: bool) -> Prepared:  # noqa: FBT001 -- which bounds
    """Of each state the one so many places behind the newest."""
    beyond = sa.bindparam("beyond", type_=sa.Integer)
    parts = [
        sa.select(sa.literal_column(f"'{state.value}'", sa.String).label("state"), _c.changed_at_ms, _c.key)
        .where(*_places(state, since, until, after))
        .order_by(*_NEWEST)
        .limit(sa.literal_column("1", sa.Integer))
        .offset(beyond)
        .subquery()
        for state in states
    ]
    return Prepared(sa.select(sa.union_all(*(sa.select(part) for part in parts)).subquery()))


@cache
def _newest_of(states: tuple[State, ...], since: bool, until: bool, after: bool) -> Prepared:  # noqa: FBT001 -- which bounds
    """The newest of each state, and of all these the newest: each part ends where its index says enough."""
    most = sa.bindparam("most", type_=sa.Integer)
    lying = (_places(state, since, until, after) for state in states)
    parts = [sa.select(items).where(*where).order_by(*_NEWEST).limit(most).subquery() for where in lying]
    found = sa.union_all(*(sa.select(part) for part in parts)).subquery()
    return Prepared(sa.select(found).order_by(found.c.changed_at_ms.desc(), found.c.key.desc()).limit(most))


def _not_behind(end: Place) -> sa.ColumnElement[bool]:
    return sa.and_(_c.changed_at_ms >= end.at_ms, sa.or_(_c.changed_at_ms > end.at_ms, _c.key >= end.key))


def _saying(query: Query) -> Iterator[sa.ColumnElement[bool]]:
    """What no index finds."""
    if query.machine:
        yield sa.or_(_c.machine_id == query.machine, _c.holder.startswith(f"{query.machine}_", autoescape=True))
    if query.text:
        # One text and one look at it: four would take twice as long. The sign between them stands in none of them.
        whole = _c.key + BETWEEN + _c.receipt + BETWEEN + _c.holder + BETWEEN + _c.note
        # What the ledger shows stands in the card as JSON, with more than people read: `fits` takes that out again.
        written = json.dumps(query.text, ensure_ascii=False)[1:-1]
        if written == query.text:
            yield (whole + BETWEEN + _c.data).icontains(query.text, autoescape=True)
        else:
            yield sa.or_(whole.icontains(query.text, autoescape=True), _c.data.icontains(written, autoescape=True))


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
