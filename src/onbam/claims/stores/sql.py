"""The claim store in a database: SQLite on one PC, PostgreSQL or MySQL/MariaDB for a fleet.

For: every installation but those that have nothing but a sheet.
Promises: an item, its fence and the line that tells of the change are one transaction; a row that is decided about is locked
from the look to the write, and the write repeats token, state and version; rows another turn is busy with are skipped where a
choice is free, waited for where it is not, always in the order of their keys.
Refuses: decisions: those are `deciding.py` and the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from onbam.claims.model import NOTE_MAX, Agent, Item, Ref, State, Terms
from onbam.claims.ports import PAGE_MAX, Capabilities, Filter, Page
from onbam.claims.stores.deciding import DecidingStore
from onbam.claims.stores.giving import Giving
from onbam.claims.stores.giving_file import FileGiving
from onbam.claims.stores.turn_sql import InTransaction, SqlTurn, items_of, lots
from onbam.claims.tables import items
from onbam.database.engine import Database
from onbam.database.prepared import Prepared, StoreClock
from onbam.journal.model import Stretch, clipped
from onbam.journal.sql import read_in

_c: Final = items.c
_FILE_GIVING: Final = FileGiving()
_NEWEST: Final = Prepared(
    sa.select(items)
    .where(_c.state == sa.bindparam("s"))
    .order_by(_c.changed_at_ms.desc(), _c.kind, _c.key)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_counts: Final = sa.select(_c.kind, _c.state, sa.func.count()).group_by(_c.kind, _c.state)

_CAPABILITIES: Final[Mapping[str, Capabilities]] = {
    "sqlite": Capabilities(clock="machine", many_machines=False, durable=True, push=True, best_batch=200),
    "postgresql": Capabilities(clock="server", many_machines=True, durable=True, push=True, best_batch=200, round_trip_ms=5),
    "mysql": Capabilities(clock="server", many_machines=True, durable=True, push=False, best_batch=200, round_trip_ms=5),
}


class SqlStore(DecidingStore):
    """Items in a database."""

    def __init__(self, database: Database, terms: Terms | None = None) -> None:
        super().__init__(terms or Terms())
        self._database = database
        self._lean = database.lean
        self._giving = Giving(database) if database.kind == "postgresql" else None
        self._write: Callable[[], InTransaction] = self._lean.write if self._lean else database.write
        self._read: Callable[[], InTransaction] = self._lean.read if self._lean else database.read
        self._clock = StoreClock(database)

    @property
    def capabilities(self) -> Capabilities:
        """What this store can do."""
        return _CAPABILITIES[self._database.kind]

    def turn(self) -> SqlTurn:
        """One write transaction."""
        return SqlTurn(self._write(), self._clock, locking=True)

    def look(self) -> SqlTurn:
        """One read transaction."""
        return SqlTurn(self._read(), self._clock, locking=False)

    def give(self, by: Agent, kinds: Sequence[str], limit: int, note: str) -> Sequence[Item] | None:
        """PostgreSQL and files have a short cut for one kind."""
        if self._lean is None or len(kinds) != 1:
            return None
        note = clipped(note, NOTE_MAX)
        if self._giving is not None:
            with self._lean.alone() as connection:
                return self._giving.due(connection, by, kinds[0], limit, self.terms, note)
        with self._lean.write() as connection:
            return _FILE_GIVING.due(connection, self._clock(connection), by, kinds[0], limit, self.terms, note)

    def give_named(self, by: Agent, want: Sequence[Ref], note: str) -> Sequence[Item | None]:
        """The same for items that were named; one transaction for each lot."""
        if self._lean is None:
            return [None] * len(want)
        note = clipped(note, NOTE_MAX)
        given: dict[str, dict[str, Item]] = {}
        for kind, keys in lots(want):
            if self._giving is not None:
                with self._lean.alone() as connection:
                    lot = self._giving.named(connection, by, kind, keys, self._terms, note)
            else:
                with self._lean.write() as connection:
                    lot = _FILE_GIVING.named(connection, self._clock(connection), by, kind, keys, self._terms, note)
            given.setdefault(kind, {}).update([(item.key, item) for item in lot])
        return [given[ref.kind].get(ref.key) for ref in want]

    def find(self, which: Filter, *, limit: int = 100, after: str = "") -> Page:
        """A page of rows, the last changed first. One state at a time, for that is how the index lies."""
        most = min(limit, PAGE_MAX)
        found: list[Item] = []
        if not after and len(which.states) == 1 and which == Filter(states=which.states):
            with self._database.look() as connection:
                newest = items_of(_NEWEST.rows(connection, {"s": which.states[0].value, "most": most + 1}))
            return _a_page(newest, most)
        with self._database.read() as connection:
            for state in which.states or tuple(State):
                found += items_of(connection.execute(_page(which, state, after).limit(most + 1)))
        found.sort(key=lambda item: (-item.changed_at_ms, item.kind, item.key))
        return _a_page(found, most)

    def counts(self) -> Mapping[tuple[str, State], int]:
        """How many rows of each kind are in each state."""
        with self._database.read() as connection:
            return {(kind, State(state)): count for kind, state, count in connection.execute(_counts)}

    def changes(self, since: int, *, limit: int = 500) -> Stretch:
        """The journal's lines about items after a position."""
        with self._database.read() as connection:
            stretch = read_in(connection, since, limit)
        kept = [entry for entry in stretch.entries if entry.line.what.startswith("item.")]
        return Stretch(kept, stretch.position, stretch.missing_before)


def _a_page(found: Sequence[Item], most: int) -> Page:
    """The first of them, and where to go on where there are more."""
    last = found[most - 1] if len(found) > most else None
    return Page(found[:most], f"{last.changed_at_ms}:{last.kind}:{last.key}" if last else "")


def _page(which: Filter, state: State, after: str) -> sa.Select[Any]:
    statement = sa.select(items).where(_c.state == state.value)
    if which.kinds:
        statement = statement.where(_c.kind.in_(which.kinds))
    if which.machine_id:
        statement = statement.where(_c.machine_id == which.machine_id)
    if which.text:
        statement = statement.where(_c.key.contains(which.text, autoescape=True))
    if which.changed_before_ms is not None:
        statement = statement.where(_c.changed_at_ms < which.changed_before_ms)
    if after:
        at, kind, key = after.split(":", 2)
        same = sa.and_(_c.changed_at_ms == int(at), sa.or_(_c.kind > kind, sa.and_(_c.kind == kind, _c.key > key)))
        statement = statement.where(sa.or_(_c.changed_at_ms < int(at), same))
    return statement.order_by(_c.changed_at_ms.desc(), _c.kind, _c.key)
