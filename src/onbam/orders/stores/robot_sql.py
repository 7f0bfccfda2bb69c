"""Stops and marks in a database.

For: every installation.
Promises: a stop and its line in the journal are one transaction; of two that set one at once the last word stays.
Refuses: this PC's clock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from onbam.database.engine import Database
from onbam.database.prepared import Prepared, StoreClock
from onbam.journal.model import Line, clipped
from onbam.journal.sql import append_in
from onbam.orders.evidence import BY_MAX
from onbam.orders.marks import Mark
from onbam.orders.pauses import Pause, lifted_line, set_line
from onbam.orders.tables import WHY_MAX, order_marks, order_pauses

_p: Final = order_pauses.c
_m: Final = order_marks.c
_MARK: Final = Prepared(sa.select(_m.value, _m.at_ms).where(_m.name == sa.bindparam("mark")))
_STANDING: Final = Prepared(sa.select(_p.scope, _p.who, _p.why, _p.at_ms).order_by(_p.at_ms, _p.scope))


class SqlPauses:
    """Stops in a table."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._look = database.lean.alone if database.lean else database.read  # it is asked before each effect

    def set(self, scope: str, *, who: str, why: str) -> Pause:
        """Stop."""
        row = {"scope": scope, "who": clipped(who, BY_MAX), "why": clipped(why, WHY_MAX)}
        at_ms = _put(self._database, order_pauses, {"scope": scope}, row, lambda at: [set_line(Pause(**row, at_ms=at))])
        return Pause(**row, at_ms=at_ms)

    def lift(self, scope: str, *, who: str, why: str) -> bool:
        """Go on."""
        with self._database.write() as connection:
            stood = connection.execute(sa.delete(order_pauses).where(_p.scope == scope)).rowcount > 0
            if stood:
                append_in(connection, [lifted_line(scope, who, why)], self._database.clock_ms(connection))
        return stood

    def standing(self) -> Sequence[Pause]:
        """Every stop."""
        with self._look() as connection:
            return [Pause(*row) for row in _STANDING.rows(connection, {})]


class SqlMarks:
    """Marks in a table."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._now_ms = StoreClock(database)

    def put(self, name: str, value: str = "") -> None:
        """Remember it."""
        _put(self._database, order_marks, {"name": name}, {"name": name, "value": value}, lambda _: [])

    def get(self, name: str) -> Mark | None:
        """What is remembered."""
        with self._database.look() as connection:
            found = _MARK.rows(connection, {"mark": name})
            if not found:
                return None
            [(value, at_ms)] = found
            return Mark(name, value, at_ms, self._now_ms(connection) - at_ms)


def _put(
    database: Database, table: sa.Table, key: dict[str, str], row: dict[str, Any], lines: Callable[[int], Sequence[Line]]
) -> int:
    """A row anew, whether it is there or not; answers the store's time."""
    try:
        with database.write() as connection:
            return _written(database, connection, table, key, row, lines)
    except IntegrityError:  # another PC made the row this very moment
        with database.write() as connection:
            return _written(database, connection, table, key, row, lines)


def _written(
    database: Database,
    connection: Connection,
    table: sa.Table,
    key: dict[str, str],
    row: dict[str, Any],
    lines: Callable[[int], Sequence[Line]],
) -> int:
    at_ms = database.clock_ms(connection)
    [(name, value)] = key.items()
    fresh = {**row, "at_ms": at_ms}
    if connection.execute(sa.update(table).where(table.c[name] == value).values(fresh)).rowcount == 0:
        connection.execute(sa.insert(table).values(fresh))
    append_in(connection, lines(at_ms), at_ms)
    return at_ms
