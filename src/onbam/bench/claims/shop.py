"""A shop whose orders wait to be claimed.

For: the subjects next door.
Promises: the product's own store as an agent uses it; every order is known before the clock starts.
Refuses: to choose the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from functools import partial
from typing import Final

import sqlalchemy as sa

from onbam.bench.claims.turns import Call
from onbam.claims.asks import Grant, New
from onbam.claims.model import Agent, Ref, Terms
from onbam.claims.stores.sql import SqlStore
from onbam.claims.tables import items
from onbam.database.engine import Database
from onbam.database.schema import metadata
from onbam.journal.model import Line
from onbam.journal.sql import append_in
from onbam.kernel.clock import Clock

SINGLE: Final = 200
"""Claims of one sample, one a call."""
BATCH: Final = 100
BATCHES: Final = 20
ROWS_PER_INSERT: Final = 10_000
AGENT: Final = Agent("BENCH-1", "BENCH-1/agent/1", "BENCH", "127.0.0.1")


class Shop(closing[Database]):
    """A store in a database of its own; the database is closed with it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__(database)
        self.database = database
        self.latencies_ms: list[float] = []
        self._clock = clock
        self._next = 0
        metadata.create_all(database.engine)
        self.store = SqlStore(database, Terms(lease_ms=1_800_000))

    def singles(self) -> Sequence[Call]:
        """Claims, one a call."""
        return [partial(self._single, ref) for ref in self._fresh(SINGLE)]

    def batches(self) -> Sequence[Call]:
        """Claims, a hundred a call."""
        refs = self._fresh(BATCH * BATCHES)
        return [partial(self._batch, refs[start : start + BATCH]) for start in range(0, len(refs), BATCH)]

    def _single(self, ref: Ref) -> None:
        before = self._clock.monotonic()
        granted = self.store.claim_many(AGENT, [ref])
        self.latencies_ms.append((self._clock.monotonic() - before) * 1000)
        assert isinstance(granted[0], Grant), "a waiting order is granted"

    def _batch(self, refs: Sequence[Ref]) -> None:
        granted = self.store.claim_many(AGENT, refs)
        assert all(isinstance(grant, Grant) for grant in granted), "waiting orders are granted"

    def fill(self, count: int) -> None:
        """So many completed orders, as after years, each with a line in the journal."""
        row = {column.name: _EMPTY.get(column.name, "") for column in items.c}
        for start in range(0, count, ROWS_PER_INSERT):
            keys = [f"done{start + n:012d}" for n in range(ROWS_PER_INSERT)]
            with self.database.write() as connection:
                connection.execute(sa.insert(items), [{**row, "key": key} for key in keys])
                append_in(connection, [Line("item.completed", "order", key, AGENT.who) for key in keys], at_ms=1)

    def _fresh(self, count: int) -> list[Ref]:
        """Orders nobody has claimed yet, already known."""
        refs = [Ref("order", f"{self._next + n:012d}") for n in range(count)]
        self._next += count
        for start in range(0, count, ROWS_PER_INSERT):
            self.store.add([New(ref) for ref in refs[start : start + ROWS_PER_INSERT]])
        return refs


_EMPTY: Final = {
    "kind": "order",
    "state": "completed",
    "phase": None,
    "token": 1,
    "attempt": 1,
    "crashes": 0,
    "claimed_at_ms": 1,
    "expires_at_ms": None,
    "limit_at_ms": None,
    "lease_ms": 30_000,
    "sending_until_ms": None,
    "sending_ms": 0,
    "due_at_ms": None,
    "version": 4,
    "added_at_ms": 1,
    "changed_at_ms": 1,
}
