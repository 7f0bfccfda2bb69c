"""Statements that run thousands of times: written in Core, compiled once, run as plain text.

For: the hot paths of stores. Core spends more time on preparing a small statement than SQLite on running it.
Promises: the text is what Core makes of the statement for this very database, so nothing is written twice; values are always
bound, never put into the text; trouble comes out the same way as from Core.
Refuses: values that need a type's own conversion (only texts, numbers and nothing); results with names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property
from operator import itemgetter
from typing import Any, Final, Literal, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.sql import visitors

from onbam.database.engine import Database
from onbam.database.lean import LeanConnection

LOTS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500)
"""The lengths a list may have; one in between repeats its last value. Few texts, so that databases keep their plans."""
LOT_MAX: Final = LOTS[-1]


@cache
def _dialect(name: str) -> Dialect:
    """How this database writes its texts. Imported when asked for: a shop has one database, and a dialect is megabytes."""
    if name == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.dialect(paramstyle="qmark")
    if name == "postgresql":
        from sqlalchemy.dialects import postgresql

        dialect: Dialect = postgresql.psycopg.dialect(paramstyle="format")  # type: ignore[no-untyped-call]
        return dialect
    from sqlalchemy.dialects import mysql

    assert name == "mysql", name
    return mysql.pymysql.dialect(paramstyle="format")


class _Text(NamedTuple):
    """A statement's text and which value stands at which place."""

    text: str
    names: tuple[str | int, ...]
    """Whose value stands there: a number means a place in the list."""
    fixed: Mapping[str, Any]
    """Values that stand in the statement itself."""
    pick: Callable[[Mapping[Any, Any]], tuple[Any, ...]]
    """The values in their places, by name and by number."""


def _picking(names: Sequence[str | int]) -> Callable[[Mapping[Any, Any]], tuple[Any, ...]]:
    return itemgetter(*names) if len(names) > 1 else lambda every: tuple([every[name] for name in names])


class Prepared:
    """One statement. Lists for `IN` are `bindparam(name, expanding=True)`; at most one of them."""

    def __init__(self, statement: sa.Select[Any] | sa.UpdateBase, *, order: Sequence[str] = ()) -> None:
        self._statement = statement
        self._order = tuple(order)
        """How `run_many` is given its values."""
        self._list: str | None = None
        for bind in visitors.iterate(statement):
            if isinstance(bind, sa.BindParameter) and bind.expanding:
                assert self._list in (None, bind.key), "a prepared statement has one list at most"
                self._list = bind.key
        self._texts: dict[tuple[str, int], _Text] = {}
        self._pickers: dict[str, Callable[[Sequence[Any]], tuple[Any, ...]] | None] = {}

    def rows(self, connection: Connection | LeanConnection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run it and bring every row, as plain tuples in the order of its columns."""
        text, bound = self._bound(connection.dialect.name, values)
        return fetched(connection, text, bound)

    def run(self, connection: Connection | LeanConnection, values: Mapping[str, Any]) -> int:
        """Run it; how many rows it touched."""
        text, bound = self._bound(connection.dialect.name, values)
        return touched(connection, text, bound)

    def run_many(self, connection: Connection | LeanConnection, rows: Sequence[Sequence[Any]]) -> int:
        """Run it for each row of values, given in `order`; how many rows all of them touched together."""
        text, pick = self._picking(connection.dialect.name)
        if len(rows) == 1:
            return touched(connection, text, tuple(rows[0]) if pick is None else pick(rows[0]))
        many = [tuple(row) for row in rows] if pick is None else list(map(pick, rows))
        if isinstance(connection, LeanConnection):
            return connection.executemany(text, many)
        return connection.exec_driver_sql(text, many).rowcount

    def counted(self, connection: Connection | LeanConnection, row: Sequence[Any]) -> int:
        """Insert one row, given in `order`, on SQLite; the number SQLite counted for it where its key was left open."""
        assert connection.dialect.name == "sqlite", "only SQLite counts by itself"
        text, pick = self._picking("sqlite")
        values = tuple(row) if pick is None else pick(row)
        if isinstance(connection, LeanConnection):
            return int(connection.execute(text, values).lastrowid)
        return int(connection.exec_driver_sql(text, values).lastrowid)

    def _picking(self, dialect: str) -> tuple[str, Callable[[Sequence[Any]], tuple[Any, ...]] | None]:
        """The text, and how a row in `order` becomes its values; none when it already is."""
        text, names, _, _ = self._texts.get((dialect, 0)) or self._text(dialect, 0)
        if dialect not in self._pickers:
            places = [self._order.index(str(one)) for one in names]
            self._pickers[dialect] = None if places == list(range(len(self._order))) else itemgetter(*places)
        return text, self._pickers[dialect]

    def _bound(self, dialect: str, values: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
        if self._list is None:
            text, _, fixed, pick = self._texts.get((dialect, 0)) or self._text(dialect, 0)
            return text, pick({**fixed, **values} if fixed else values)
        given = values[self._list]
        wanted = len(given)
        lot = 1 if wanted == 1 else next(n for n in LOTS if n >= wanted)
        text, _, fixed, pick = self._texts.get((dialect, lot)) or self._text(dialect, lot)
        every: dict[Any, Any] = {**fixed, **values}
        every.update(enumerate(given))
        every.update((n, given[-1]) for n in range(wanted, lot))
        return text, pick(every)

    def _text(self, dialect: str, lot: int) -> _Text:
        """Compiled the first time it is asked for; two threads that do so at once make the same."""
        known = self._texts.get((dialect, lot))
        if known is None:
            compiled = self._statement.compile(dialect=_dialect(dialect))
            fixed = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
            values = dict.fromkeys(compiled.binds) | fixed | ({self._list: [None] * lot} if self._list else {})
            whole = compiled.construct_expanded_state(values)
            places = {f"{self._list}_{n + 1}": n for n in range(lot)}
            names = tuple([places.get(name, name) for name in whole.positiontup or ()])
            known = self._texts[dialect, lot] = _Text(whole.statement, names, fixed, _picking(names))
        return known


def fetched(connection: Connection | LeanConnection, text: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """Run a text and bring every row."""
    if isinstance(connection, LeanConnection):
        rows: list[tuple[Any, ...]] = connection.execute(text, values).fetchall()
        return rows
    return connection.exec_driver_sql(text, values).fetchall()  # type: ignore[return-value] # rows are tuples


def touched(connection: Connection | LeanConnection, text: str, values: tuple[Any, ...]) -> int:
    """Run a text; how many rows it touched."""
    if isinstance(connection, LeanConnection):
        return int(connection.execute(text, values).rowcount)
    return connection.exec_driver_sql(text, values).rowcount


class StoreClock:
    """The store's clock for a transaction of either sort: a round trip on a server, none on SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ask = Prepared(sa.select(database.now_ms()))

    def __call__(self, connection: Connection | LeanConnection) -> int:
        """Epoch milliseconds."""
        if self._database.kind == "sqlite":
            return int(self._database.clock.now().timestamp() * 1000)
        return int(self._ask.rows(connection, {})[0][0])


class Bulk:
    """The same change to many rows in one statement: insert, update or delete, fenced by columns of the row as it was.

    On PostgreSQL the values go over as arrays and the statement runs once; elsewhere it runs once a row, which on SQLite costs
    next to nothing. Rows are given as tuples: what is set, then the fence.
    """

    def __init__(
        self, verb: Literal["insert", "update", "delete"], table: sa.Table, sets: Sequence[str], fence: Sequence[str]
    ) -> None:
        self._order = (*sets, *(f"was_{name}" for name in fence))
        where = sa.and_(sa.true(), *(table.c[name] == sa.bindparam(f"was_{name}") for name in fence))
        statement: sa.Insert | sa.Update | sa.Delete
        if verb == "insert":
            statement = sa.insert(table).values({name: sa.bindparam(name) for name in sets})
        elif verb == "update":
            statement = sa.update(table).where(where).values({name: sa.bindparam(name) for name in sets})
        else:
            statement = sa.delete(table).where(where)
        self._one = Prepared(statement, order=self._order)
        self._what = (verb, table, sets, fence)

    @cached_property
    def _arrays(self) -> str:
        """PostgreSQL's text, made when it is first asked for."""
        return _over_arrays(*self._what)

    def run(self, connection: Connection | LeanConnection, rows: Sequence[Sequence[Any]]) -> int:
        """How many rows were touched together."""
        if connection.dialect.name != "postgresql" or len(rows) == 1:  # one row is plainer for the planner
            return self._one.run_many(connection, rows)
        return touched(connection, self._arrays, tuple(list(column) for column in zip(*rows, strict=True)))

    def new(
        self, connection: Connection | LeanConnection, rows: Sequence[Sequence[Any]], key: Sequence[str]
    ) -> list[tuple[Any, ...]]:
        """Insert those that are not there yet, on PostgreSQL; the keys of those that really are new."""
        assert connection.dialect.name == "postgresql", "only PostgreSQL answers an insert like this"
        keys = ", ".join(_dialect("postgresql").identifier_preparer.quote(name) for name in key)
        text = f"{self._arrays} ON CONFLICT DO NOTHING RETURNING {keys}"
        return fetched(connection, text, tuple(list(column) for column in zip(*rows, strict=True)))


def _over_arrays(verb: str, table: sa.Table, sets: Sequence[str], fence: Sequence[str]) -> str:
    """PostgreSQL's text for `Bulk`."""
    quote = _dialect("postgresql").identifier_preparer.quote
    names = [(name, f"v_{name}") for name in sets] + [(name, f"was_{name}") for name in fence]
    arrays = ", ".join(f"%s::{table.c[name].type.compile(_dialect('postgresql'))}[]" for name, _ in names)
    rows = f"unnest({arrays}) AS t({', '.join(alias for _, alias in names)})"
    same = " AND ".join(f"{quote(table.name)}.{quote(name)} = t.was_{name}" for name in fence)
    if verb == "insert":
        columns = ", ".join(quote(name) for name in sets)
        return f"INSERT INTO {quote(table.name)} ({columns}) SELECT {', '.join(f't.v_{name}' for name in sets)} FROM {rows}"  # noqa: S608
    if verb == "update":
        values = ", ".join(f"{quote(name)} = t.v_{name}" for name in sets)
        return f"UPDATE {quote(table.name)} SET {values} FROM {rows} WHERE {same}"  # noqa: S608 -- names of our own tables
    return f"DELETE FROM {quote(table.name)} USING {rows} WHERE {same}"  # noqa: S608 -- names of our own tables
