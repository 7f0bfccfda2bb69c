"""One transaction of the claim store: what a decision needs, read and written in SQL.

For: `stores/sql.py`, and rooms that write in the same step.
Promises: a row that is decided about is locked from the look to the write, and the write repeats token, state and version; rows
another turn is busy with are skipped where a choice is free, waited for where it is not, always in the order of their keys; the
lines are written last.
Refuses: decisions; to begin or to end a transaction by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from operator import attrgetter, itemgetter
from types import TracebackType
from typing import Any, Final, Self

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.engine import Connection

from onbam.claims import words
from onbam.claims.model import Item, Phase, Ref, State
from onbam.claims.ports import Memory
from onbam.claims.stores.steering import unindexed
from onbam.claims.stores.turn import Rewrite
from onbam.claims.tables import item_memory, items
from onbam.database.lean import LeanConnection
from onbam.database.prepared import LOT_MAX, Bulk, Prepared
from onbam.journal.model import Line
from onbam.journal.sql import append_in
from onbam.kernel.errors import Damaged

_COLUMNS: Final = Item._fields
assert list(items.c.keys()) == list(_COLUMNS), "a row is an item, column by column"
_c: Final = items.c
_m: Final = item_memory.c
_NOW: Final = sa.bindparam("now", type_=sa.BigInteger)
_MOST: Final = sa.bindparam("most", type_=sa.Integer)
_named: Final = (_c.kind == sa.bindparam("k"), _c.key.in_(sa.bindparam("keys", expanding=True)))
_peek: Final = sa.select(items).where(*_named).order_by(_c.kind, _c.key)
_recall: Final = sa.select(item_memory).where(_m.kind == sa.bindparam("k"), _m.key.in_(sa.bindparam("keys", expanding=True)))
_due: Final = (
    sa.select(items)
    .where(_c.kind == sa.bindparam("k"), _c.due_at_ms <= _NOW)
    .order_by(_c.due_at_ms, _c.added_at_ms, _c.key)
    .limit(_MOST)
)
_lapsed: Final = sa.select(items).where(_c.expires_at_ms <= _NOW).order_by(_c.expires_at_ms).limit(_MOST)
_lapsed_of: Final = _lapsed.where(unindexed(_c.kind).in_(sa.bindparam("kinds", expanding=True)))
_held: Final = sa.select(items).where(_c.expires_at_ms.is_not(None)).order_by(unindexed(_c.kind), unindexed(_c.key))
_outlasting: Final = _held.where(_c.expires_at_ms > _NOW + _c.lease_ms)
_held_on: Final = _held.where(_c.machine_id == sa.bindparam("machine"))
_held_by: Final = _held.where(_c.agent_id.in_(sa.bindparam("agents", expanding=True)))
_worn: Final = (
    sa.select(items).where(_c.state == sa.bindparam("s"), _c.changed_at_ms <= _NOW).order_by(_c.changed_at_ms).limit(_MOST)
)
_MOVING: Final = ("state", "phase", *_COLUMNS[4:])
_FENCE: Final = ("kind", "key", "token", "state")


class _Look:
    """A select, and the same one keeping what it finds still until the turn ends."""

    def __init__(self, statement: sa.Select[Any], *, skipping: bool) -> None:
        self._free = Prepared(statement)
        self._locking = Prepared(statement.with_for_update(skip_locked=skipping))

    def items(self, connection: Connection | LeanConnection, values: Mapping[str, Any], *, locking: bool) -> list[Item]:
        """What it finds."""
        return items_of((self._locking if locking else self._free).rows(connection, values))


# Rows that were named are waited for; where any would do, those somebody is busy with are skipped.
_PEEK: Final = _Look(_peek, skipping=False)
_DUE: Final = _Look(_due, skipping=True)
_LAPSED: Final = _Look(_lapsed, skipping=True)
_LAPSED_OF: Final = _Look(_lapsed_of, skipping=True)
_OUTLASTING: Final = _Look(_outlasting, skipping=True)
_HELD_ON: Final = _Look(_held_on, skipping=False)
_HELD_BY: Final = _Look(_held_by, skipping=False)
_WORN: Final = _Look(_worn, skipping=True)
_RECALL: Final = Prepared(_recall)
_VERSIONED: Final = (*_FENCE, "version")
_WRITE: Final = Bulk("update", items, _MOVING, _VERSIONED)
_STEPPING: Final = ("phase", "sending_until_ms", "sending_ms", "step", "note", "data", "version", "changed_at_ms")
_STEP: Final = Bulk("update", items, _STEPPING, _VERSIONED)
"""A step further moves a row in one index and not in three."""
_REST: Final = itemgetter(*(n for n, name in enumerate(_COLUMNS) if name not in _STEPPING))
_EXTEND: Final = Bulk("update", items, ("expires_at_ms", "limit_at_ms"), _FENCE)
_REMOVE: Final = Bulk("delete", items, (), (*_FENCE, "version"))
_INSERT: Final = Bulk("insert", items, _COLUMNS, ())
_MEMORY_COLUMNS: Final = tuple(item_memory.c.keys())


def _upsert_memory(module: Any) -> Prepared:
    """Insert, or bring up to date."""
    changing = _MEMORY_COLUMNS[2:]
    statement = module.insert(item_memory).values({name: sa.bindparam(name) for name in _MEMORY_COLUMNS})
    if module is mysql:
        upsert = statement.on_duplicate_key_update({name: statement.inserted[name] for name in changing})
    else:
        new = {name: statement.excluded[name] for name in changing}
        upsert = statement.on_conflict_do_update(index_elements=[_m.kind, _m.key], set_=new)
    return Prepared(upsert, order=_MEMORY_COLUMNS)


_MODULES: Final = {"sqlite": sqlite, "postgresql": postgresql, "mysql": mysql}
_INSERT_NEW: Final = Prepared(
    sa.insert(items).values({name: sa.bindparam(name) for name in _COLUMNS}).prefix_with("IGNORE"), order=_COLUMNS
)
"""MySQL's way to insert what is not there yet."""
_REMEMBER: Final = Bulk("insert", item_memory, _MEMORY_COLUMNS, ())
_REMEMBER_NEW: Final = Prepared(
    sa.insert(item_memory).values({name: sa.bindparam(name) for name in _MEMORY_COLUMNS}).prefix_with("IGNORE"),
    order=_MEMORY_COLUMNS,
)
_UPSERT_MEMORY: Final = {name: _upsert_memory(module) for name, module in _MODULES.items()}


InTransaction = AbstractContextManager[Connection] | AbstractContextManager[LeanConnection]


class SqlTurn:
    """One transaction."""

    __slots__ = ("_clock", "_connection", "_locking", "_now_ms", "_within", "lines")

    def __init__(self, within: InTransaction, clock: Callable[[Connection | LeanConnection], int], *, locking: bool) -> None:
        self._within = within
        self._clock = clock
        self._now_ms: int | None = None
        self.lines: list[Line] = []
        self._locking = locking

    def __enter__(self) -> Self:
        self._connection: Connection | LeanConnection = self._within.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None and self.lines:
            try:
                append_in(self._connection, self.lines, self.now_ms)
            except BaseException as broken:
                self._within.__exit__(type(broken), broken, broken.__traceback__)
                raise
        self._within.__exit__(kind, error, trace)

    @property
    def connection(self) -> Connection | LeanConnection:
        """For a room that writes in the same step."""
        return self._connection

    @property
    def now_ms(self) -> int:
        """Asked for when it is first needed, and then the same for the whole turn."""
        if self._now_ms is None:
            self._now_ms = self._clock(self._connection)
        return self._now_ms

    def load(self, refs: Collection[Ref]) -> Mapping[Ref, Item]:
        """These rows, kept still."""
        return self._named(refs, locking=self._locking)

    def peek(self, refs: Collection[Ref]) -> Mapping[Ref, Item]:
        """These rows, only looked at."""
        return self._named(refs, locking=False)

    def _named(self, refs: Collection[Ref], *, locking: bool) -> Mapping[Ref, Item]:
        found: dict[Ref, Item] = {}
        for kind, keys in lots(refs):
            found.update((i.ref, i) for i in _PEEK.items(self._connection, {"k": kind, "keys": keys}, locking=locking))
        return found

    def recall(self, refs: Collection[Ref]) -> Mapping[Ref, Memory]:
        """What is remembered of these."""
        found: dict[Ref, Memory] = {}
        for kind, keys in lots(refs):
            for _, key, state, at_ms, token, holder, receipt in _RECALL.rows(self._connection, {"k": kind, "keys": keys}):
                ref = Ref(kind, key)
                found[ref] = Memory(ref, _STATES[state], at_ms, token, holder, receipt)
        return found

    def due(self, kinds: Sequence[str], limit: int) -> Sequence[Item]:
        """Claimable rows, by due time."""
        found: list[Item] = []
        for kind in kinds:
            found += self._some(_DUE, k=kind, now=self.now_ms, most=limit)
        if len(kinds) > 1:
            found.sort(key=lambda item: (item.due_at_ms or 0, item.added_at_ms, item.key))
        return found[:limit]

    def lapsed(self, kinds: Sequence[str], before_ms: int, limit: int) -> Sequence[Item]:
        """Leases that ended."""
        if kinds:
            return self._some(_LAPSED_OF, now=before_ms, most=limit, kinds=kinds)
        return self._some(_LAPSED, now=before_ms, most=limit)

    def outlasting(self) -> Sequence[Item]:
        """Leases with more left than their length."""
        return self._some(_OUTLASTING, now=self.now_ms)

    def held(self, *, machine_id: str = "", agent_ids: Collection[str] = ()) -> Sequence[Item]:
        """Leases of a machine or of some agents."""
        if machine_id:
            return self._some(_HELD_ON, machine=machine_id)
        return self._some(_HELD_BY, agents=list(agent_ids))

    def worn(self, states: Collection[State], before_ms: int, limit: int) -> Sequence[Item]:
        """Rows that changed last at that time at the latest."""
        found: list[Item] = []
        for state in states:
            if len(found) < limit:
                found += self._some(_WORN, s=state.value, now=before_ms, most=limit - len(found))
        return found

    def _some(self, look: _Look, **values: object) -> list[Item]:
        return look.items(self._connection, values, locking=self._locking)

    def insert(self, news: Sequence[Item]) -> Collection[Ref]:
        """In the order of their keys; where another was faster, this waits for it to end and leaves its row alone."""
        rows = [_row(item) for item in sorted(news, key=attrgetter("kind", "key"))]
        if not rows:
            return ()
        name = self._connection.dialect.name
        if name == "sqlite":  # the only writer: nobody is faster
            _INSERT.run(self._connection, rows)
            return {item.ref for item in news}
        if name == "postgresql":
            return {Ref(kind, key) for kind, key in _INSERT.new(self._connection, rows, ("kind", "key"))}
        return {Ref(row[0], row[1]) for row in rows if _INSERT_NEW.run_many(self._connection, [row]) == 1}

    def write(self, rewrites: Sequence[Rewrite]) -> None:
        """Rows as they become."""
        if len(rewrites) == 1 and _is_step(*rewrites[0]):
            before, after = rewrites[0]
            self._exactly(_STEP, [(*_stepping(after), *_fence(before), before.version)])
            return
        self._exactly(_WRITE, [(*_moving(after), *_fence(before), before.version) for before, after in rewrites])

    def extend(self, held: Sequence[Item]) -> None:
        """The lease times of these."""
        ordered = sorted(held, key=attrgetter("kind", "key"))
        self._exactly(_EXTEND, [(i.expires_at_ms, i.limit_at_ms, *_fence(i)) for i in ordered])

    def remove(self, rows: Sequence[Item]) -> None:
        """Rows that are no longer needed."""
        self._exactly(_REMOVE, [(*_fence(i), i.version) for i in rows])

    def _exactly(self, statement: Bulk, values: list[tuple[Any, ...]]) -> None:
        """Every one of these writes finds its row as it was loaded; the locks of this turn make sure of it."""
        if not values:
            return
        written = statement.run(self._connection, values)
        if written != len(values):
            raise Damaged(words.NOT_STILL, words.NOT_STILL_HINT, wanted=len(values), written=written)

    def memorise(self, memories: Sequence[Memory]) -> int:
        """What is known is brought up to date; of the rest only the insert itself says who was first.

        Always in the order of their keys, so that two never wait crosswise.
        """
        rows = sorted((m.ref.kind, m.ref.key, m.state.value, m.at_ms, m.token, m.holder, m.receipt) for m in memories)
        known = self.recall([memory.ref for memory in memories])
        old = [row for row in rows if Ref(row[0], row[1]) in known]
        if old:
            _UPSERT_MEMORY[self._connection.dialect.name].run_many(self._connection, old)
        return self._first_memories([row for row in rows if Ref(row[0], row[1]) not in known])

    def _first_memories(self, rows: Sequence[tuple[Any, ...]]) -> int:
        """Insert; how many were not there yet. Where another was faster this very moment, its memory stays."""
        if not rows:
            return 0
        name = self._connection.dialect.name
        if name == "sqlite":  # the only writer: nobody is faster
            return _REMEMBER.run(self._connection, rows)
        if name == "postgresql":
            return len(_REMEMBER.new(self._connection, rows, ("kind", "key")))
        return sum(_REMEMBER_NEW.run_many(self._connection, [row]) for row in rows)

    def tell(self, lines: Sequence[Line]) -> None:
        """Lines for the journal."""
        self.lines.extend(lines)


def lots(refs: Collection[Ref]) -> Iterable[tuple[str, list[str]]]:
    """Keys by kind, sorted, in lots one statement can name."""
    if len(refs) == 1:
        (one,) = refs
        return [(one.kind, [one.key])]
    return _many_lots(refs)


def _many_lots(refs: Iterable[Ref]) -> Iterator[tuple[str, list[str]]]:
    by_kind: dict[str, list[str]] = {}
    for ref in refs:
        by_kind.setdefault(ref.kind, []).append(ref.key)
    for kind in sorted(by_kind):
        keys = sorted(set(by_kind[kind]))
        for start in range(0, len(keys), LOT_MAX):
            yield kind, keys[start : start + LOT_MAX]


_STATES: Final = {state.value: state for state in State}
_PHASES: Final = {None: None} | {phase.value: phase for phase in Phase}


def items_of(rows: Iterable[Sequence[Any]]) -> list[Item]:
    """Rows as they are read."""
    make = Item._make
    return [make((kind, key, _STATES[state], _PHASES[phase], *rest)) for kind, key, state, phase, *rest in rows]


def _moving(item: Item) -> tuple[Any, ...]:
    """The values of `_MOVING`."""
    return (item.state.value, item.phase.value if item.phase else None, *item[4:])


def _is_step(before: Item, after: Item) -> bool:
    return before.state is after.state and _REST(before) == _REST(after)


def _stepping(item: Item) -> tuple[Any, ...]:
    """The values of `_STEPPING`."""
    phase = item.phase.value if item.phase else None
    changed = (item.version, item.changed_at_ms)
    return (phase, item.sending_until_ms, item.sending_ms, item.step, item.note, item.data, *changed)


def _fence(item: Item) -> tuple[Any, ...]:
    """The values of `_FENCE`."""
    return (item.kind, item.key, item.token, item.state.value)


def _row(item: Item) -> tuple[Any, ...]:
    """The values of `_COLUMNS`."""
    return (item.kind, item.key, *_moving(item))
