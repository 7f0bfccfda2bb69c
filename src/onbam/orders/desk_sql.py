"""Which orders: answered by the indexes of the claims' own table.

For: every installation whose claims stand in a database.
Promises: what an index can answer (a number, its beginning, states, days, counts) costs what it brings, also among a million
orders; what none can (a PC, words of a note, a site) looks at `LOOK_MAX` orders of each state in one call, newest first.
Refuses: to write.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final, NamedTuple, Self, cast

import sqlalchemy as sa

from onbam.claims.model import Item, Phase, State
from onbam.claims.tables import items
from onbam.database.engine import Database, Kind
from onbam.database.prepared import Prepared
from onbam.orders.desk_rows import COUNTED, LOOK_MAX, NEEDING, Counts, Found, Place, Query
from onbam.orders.model import KIND

BEGINNING_MAX: Final = 1000
"""So many numbers with the same beginning are shown as such; with more, the beginning says too little."""
BETWEEN: Final = "\n"
ESCAPE: Final = "/"
QUESTIONS_KEPT: Final = 64
"""So many sorts of question are kept written; people ask a handful."""
_SIGNS: Final = frozenset(f"%_{ESCAPE}")
_c: Final = items.c
_NEWEST: Final = (_c.changed_at_ms.desc(), _c.kind.desc(), _c.key.desc())
"""The index of the board, backwards: no database sorts anything."""
_OLDEST: Final = Prepared(
    sa.select(items)
    .where(_c.state == sa.bindparam("s"), _c.kind == KIND)
    .order_by(_c.changed_at_ms, _c.kind, _c.key)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_BEGINNING: Final = Prepared(
    sa.select(items)
    .where(_c.kind == KIND, _c.key >= sa.bindparam("text"), _c.key < sa.bindparam("beyond"))
    .limit(sa.literal_column(str(BEGINNING_MAX + 1), sa.Integer))
)


def _counted(state: State) -> sa.ScalarSelect[int]:
    counted = sa.select(sa.func.count()).select_from(items).where(_c.state == state.value, _c.kind == KIND)
    today = counted.where(_c.changed_at_ms >= sa.bindparam("today", type_=sa.BigInteger))
    return (today if state is State.COMPLETED else counted).scalar_subquery()


_COUNTED: Final = (*COUNTED, State.COMPLETED)
_NEEDING: Final = Prepared(cast("sa.Select[Any]", sa.select(*map(_counted, NEEDING))))
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
            return _shown(self._newest(query, begin, None, limit), limit, None)
        beginning = self._beginning(query.text)
        if beginning:
            return _shown([i for i in beginning if query.fits(i) and _behind(i, begin)], limit, None)
        return self._looked_through(query, limit, begin)

    def _looked_through(self, query: Query, limit: int, begin: Place | None) -> Found:
        """What no index finds: as far as the first state of which there is more than one call looks at."""
        end = self._end(query, begin)
        rows, more = self._saying(query, begin, end, limit)
        if more and len(rows) <= limit < self._look_max:  # the words stood between what people read: look further
            rows, more = self._saying(query, begin, end, self._look_max)
        return _shown(rows, limit, end if more is None or len(rows) > limit else more)

    def _saying(self, query: Query, begin: Place | None, end: Place | None, most: int) -> tuple[list[Item], Place | None]:
        """Those among so many that say it where people read it; and where there may be more."""
        rows = self._newest(query, begin, end, most)
        more = Place(rows[-1].changed_at_ms, rows[-1].key) if len(rows) > most else None
        return [item for item in rows if query.fits(item)], more

    def _newest(self, query: Query, begin: Place | None, end: Place | None, most: int) -> list[Item]:
        """One more than so many, where there are, in one question."""
        asked = _newest_of(_Asked.of(query, begin, end), self._database.kind)
        with self._database.look() as connection:
            return list(_items(asked.rows(connection, _values(query, begin, end) | {"most": most + 1})))

    def _end(self, query: Query, begin: Place | None) -> Place | None:
        """The last place this call looks at; none where it can look at everything.

        A state with more than one call looks at ends the look in all of them: what another has further on could not be shown
        before it, because orders of the first may stand between.
        """
        asked = _end_of(_Asked.of(query, begin, None, says=False))
        with self._database.look() as connection:
            rows = asked.rows(connection, _values(query, begin, None) | {"beyond": self._look_max - 1})
        return Place(*rows[0]) if rows else None

    def _beginning(self, text: str) -> list[Item]:
        """The orders whose number begins so; none when there are too many to mean them."""
        if not text.isascii() or not text or " " in text:
            return []
        beyond = text[:-1] + chr(ord(text[-1]) + 1)
        with self._database.look() as connection:
            rows = list(_items(_BEGINNING.rows(connection, {"text": text, "beyond": beyond})))
        return rows if len(rows) <= BEGINNING_MAX else []

    def oldest(self, state: State, limit: int) -> Sequence[Item]:
        """Of a state, those that changed longest ago."""
        with self._database.look() as connection:
            return list(_items(_OLDEST.rows(connection, {"s": state.value, "most": limit})))

    def counts(self, today_ms: int) -> Counts:
        """One count an index."""
        with self._database.look() as connection:
            row = _COUNTS.rows(connection, {"today": today_ms})[0]
        return Counts(dict(zip(_COUNTED, map(int, row), strict=True)))

    def needing(self) -> int:
        """The same, of two states that are never many."""
        with self._database.look() as connection:
            return sum(map(int, _NEEDING.rows(connection, {})[0]))


class _Asked(NamedTuple):
    """Which question: everything but the values, which are given when the statement runs."""

    states: tuple[State, ...]
    since: bool
    until: bool
    begin: bool
    end: bool
    machine: bool = False
    text: bool = False
    plain_text: bool = True
    """The words stand in the card as people type them: JSON writes none of their letters in another way."""

    @classmethod
    def of(cls, query: Query, begin: Place | None, end: Place | None, *, says: bool = True) -> Self:
        """What a query needs; `says`: also what no index finds."""
        states = tuple([state for state in State if state in query.states]) or tuple(State)
        bounds = (query.since_ms is not None, query.until_ms is not None, begin is not None, end is not None)
        if not says:
            return cls(states, *bounds)
        return cls(states, *bounds, bool(query.machine), bool(query.text), _written(query.text) == query.text)


def _values(query: Query, begin: Place | None, end: Place | None) -> dict[str, Any]:
    """All that may be asked with."""
    values: dict[str, Any] = {"since": query.since_ms, "until": query.until_ms}
    if begin is not None:
        values |= {"begin_ms": begin.at_ms, "begin": begin.key}
    if end is not None:
        values |= {"end_ms": end.at_ms, "end": end.key}
    if query.machine:
        values |= {"machine": query.machine, "holder": f"{_escaped(query.machine)}{ESCAPE}_%"}
    if query.text:
        values |= {"text": f"%{_escaped(query.text)}%", "written": f"%{_escaped(_written(query.text))}%"}
    return values


def _moment(name: str) -> sa.BindParameter[int]:
    return sa.bindparam(name, type_=sa.BigInteger)


def _key(name: str) -> sa.BindParameter[str]:
    return sa.bindparam(name, type_=sa.String)


def _lying(state: State, asked: _Asked) -> Iterator[sa.ColumnElement[bool]]:
    """Where in the index to look."""
    yield _c.state == state.value
    yield _c.kind == KIND
    if asked.since:
        yield _c.changed_at_ms >= _moment("since")
    if asked.until:
        yield _c.changed_at_ms < _moment("until")
    if asked.begin:
        at, key = _moment("begin_ms"), _key("begin")
        yield _c.changed_at_ms <= at
        yield sa.or_(_c.changed_at_ms < at, _c.key < key)
    if asked.end:
        at, key = _moment("end_ms"), _key("end")
        yield _c.changed_at_ms >= at
        yield sa.or_(_c.changed_at_ms > at, _c.key >= key)


def _saying(asked: _Asked, database: Kind) -> Iterator[sa.ColumnElement[bool]]:
    """What no index finds."""
    if asked.machine:
        yield sa.or_(_c.machine_id == _key("machine"), _c.holder.like(_key("holder"), escape=ESCAPE))
    if not asked.text:
        return
    # What the ledger shows stands in the card as JSON, with more than people read: `fits` takes that out again.
    text, written = _key("text"), _key("written")
    if database == "sqlite":  # whose LIKE knows no capitals anyway: text by text is faster than one long one made of them
        every = [one.like(text, escape=ESCAPE) for one in (_c.key, _c.receipt, _c.holder, _c.note)]
        yield sa.or_(*every, _c.data.like(written, escape=ESCAPE))
        return
    # One text and one look at it: four would take longer. The sign between them stands in none of them.
    whole = _c.key + BETWEEN + _c.receipt + BETWEEN + _c.holder + BETWEEN + _c.note
    if asked.plain_text:
        yield (whole + BETWEEN + _c.data).ilike(text, escape=ESCAPE)
    else:
        yield sa.or_(whole.ilike(text, escape=ESCAPE), _c.data.ilike(written, escape=ESCAPE))


def _written(text: str) -> str:
    """As JSON writes it."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _escaped(text: str) -> str:
    """So that LIKE finds these very letters."""
    return "".join([f"{ESCAPE}{letter}" if letter in _SIGNS else letter for letter in text])


@lru_cache(maxsize=QUESTIONS_KEPT)
def _end_of(asked: _Asked) -> Prepared:
    """Of each state the one so many places behind the newest, and of these the newest."""
    beyond = sa.bindparam("beyond", type_=sa.Integer)
    parts = [
        sa.select(_c.changed_at_ms, _c.key)
        .where(*_lying(state, asked))
        .order_by(*_NEWEST)
        .limit(sa.literal_column("1", sa.Integer))
        .offset(beyond)
        .subquery()
        for state in asked.states
    ]
    ends = sa.union_all(*(sa.select(part) for part in parts)).subquery()
    newest = sa.select(ends).order_by(ends.c.changed_at_ms.desc(), ends.c.key.desc())
    return Prepared(newest.limit(sa.literal_column("1", sa.Integer)))


@lru_cache(maxsize=QUESTIONS_KEPT)
def _newest_of(asked: _Asked, database: Kind) -> Prepared:
    """The newest of each state, and of all these the newest: each part ends where its index says enough."""
    most = sa.bindparam("most", type_=sa.Integer)
    meant = list(_saying(asked, database))
    parts = [
        sa.select(items).where(*_lying(state, asked), *meant).order_by(*_NEWEST).limit(most).subquery()
        for state in asked.states
    ]
    found = sa.union_all(*(sa.select(part) for part in parts)).subquery()
    return Prepared(sa.select(found).order_by(found.c.changed_at_ms.desc(), found.c.key.desc()).limit(most))


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
