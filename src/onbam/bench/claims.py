"""The benchmark `claims`: what a lease costs in a database, as a share of what the database itself can do.

For: the promise that exactly-once costs at most half of the speed of a hand-written statement.
Promises: every claim is a durable commit with its line in the journal; the peer is one hand-written `UPDATE … RETURNING` in a
transaction of its own on the same kind of file, in turns; the last figures are taken with a million completed orders in the
table.
Refuses: a database in memory, or one that does not wait for the disk.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from onbam.bench import words as say
from onbam.bench.model import Peer, Result, Subject
from onbam.bench.tools import Bench, Plan, Tools
from onbam.claims.asks import Grant, New
from onbam.claims.model import Agent, Ref, Terms
from onbam.claims.stores.sql import SqlStore
from onbam.claims.tables import items
from onbam.database.engine import open_database
from onbam.database.schema import metadata

SINGLE: Final = 200
"""Claims of one sample, one a call."""
BATCH: Final = 100
BATCHES: Final = 20
LARGE: Final = 1_000_000
ROWS_PER_INSERT: Final = 10_000
BATCH_TARGET: Final = 20_000
P99_TARGET_MS: Final = 5.0
AGENT: Final = Agent("BENCH-1", "BENCH-1/agent/1", "BENCH", "127.0.0.1")


class Shop:
    """A store on a file of its own, with orders that wait."""

    def __init__(self, tools: Tools, name: str) -> None:
        self._clock = tools.clock
        self.database = open_database(f"sqlite:///{(tools.folder / f'{name}.db').as_posix()}", clock=tools.clock)
        metadata.create_all(self.database.engine)
        self.store = SqlStore(self.database, Terms(lease_ms=1_800_000))
        self._next = 0
        self.latencies_ms: list[float] = []

    def fresh(self, count: int) -> list[Ref]:
        """Orders nobody has claimed yet, already known."""
        refs = [Ref("order", f"{self._next + n:012d}") for n in range(count)]
        self._next += count
        for start in range(0, count, ROWS_PER_INSERT):
            self.store.add([New(ref) for ref in refs[start : start + ROWS_PER_INSERT]])
        return refs

    def singles(self) -> float:
        """Claims a second, one a call."""
        refs = self.fresh(SINGLE)
        begun = self._clock.monotonic()
        for ref in refs:
            before = self._clock.monotonic()
            granted = self.store.claim_many(AGENT, [ref])
            self.latencies_ms.append((self._clock.monotonic() - before) * 1000)
            assert isinstance(granted[0], Grant), "a waiting order is granted"
        return SINGLE / (self._clock.monotonic() - begun)

    def batches(self) -> float:
        """Claims a second, a hundred a call."""
        refs = self.fresh(BATCH * BATCHES)
        begun = self._clock.monotonic()
        for start in range(0, len(refs), BATCH):
            granted = self.store.claim_many(AGENT, refs[start : start + BATCH])
            assert all(isinstance(grant, Grant) for grant in granted), "waiting orders are granted"
        return len(refs) / (self._clock.monotonic() - begun)

    def fill(self, count: int) -> None:
        """So many completed orders, as after years."""
        row = {column.name: _EMPTY.get(column.name, "") for column in items.c}
        for start in range(0, count, ROWS_PER_INSERT):
            rows = [{**row, "key": f"done{start + n:012d}"} for n in range(ROWS_PER_INSERT)]
            with self.database.write() as connection:
                connection.execute(sa.insert(items), rows)


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
    "due_at_ms": None,
    "version": 4,
    "added_at_ms": 1,
    "changed_at_ms": 1,
}


class Raw:
    """The same, written by hand: one statement, nothing told, nothing fenced."""

    def __init__(self, tools: Tools) -> None:
        self._clock = tools.clock
        self._path = tools.folder / "raw.db"
        self._connection = _raw_connection(self._path)
        self._connection.execute(
            "CREATE TABLE orders (key TEXT PRIMARY KEY, state TEXT, holder TEXT, token INTEGER) WITHOUT ROWID"
        )
        self._next = 0

    def singles(self) -> float:
        """Claims a second, one a transaction."""
        keys = [f"{self._next + n:012d}" for n in range(SINGLE)]
        self._next += SINGLE
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT INTO orders VALUES (?, 'waiting', '', 0)", [(key,) for key in keys])
        self._connection.execute("COMMIT")
        begun = self._clock.monotonic()
        for key in keys:
            self._connection.execute("BEGIN IMMEDIATE")
            claimed = self._connection.execute(
                "UPDATE orders SET state = 'processing', holder = 'a', token = token + 1"
                " WHERE key = ? AND state = 'waiting' RETURNING token",
                (key,),
            ).fetchall()
            self._connection.execute("COMMIT")
            assert claimed == [(1,)], "a waiting order is claimed"
        return SINGLE / (self._clock.monotonic() - begun)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _raw_connection(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


@contextmanager
def prepare(tools: Tools) -> Iterator[Plan]:
    """A small shop, a large one, and the raw limit."""
    small, large = Shop(tools, "small"), Shop(tools, "large")
    with closing(small.database), closing(large.database), closing(Raw(tools)) as raw:
        large.fill(LARGE)
        subjects = [
            Subject(
                say.CLAIM_SINGLE(), "per second", small.singles, better="more", peers=(Peer(RAW_NAME, raw.singles),), repeats=7
            ),
            Subject(say.CLAIM_BATCH(n=BATCH), "per second", small.batches, target=BATCH_TARGET, better="more", repeats=7),
            Subject(
                say.CLAIM_SINGLE_LARGE(n=f"{LARGE:,}"),
                "per second",
                large.singles,
                better="more",
                peers=(Peer(SMALL_NAME, small.singles),),
                repeats=7,
            ),
            Subject(
                say.CLAIM_BATCH_LARGE(n=BATCH, rows=f"{LARGE:,}"),
                "per second",
                large.batches,
                better="more",
                peers=(Peer(SMALL_NAME, small.batches),),
                repeats=7,
            ),
        ]
        yield Plan(subjects, lambda: afterwards(small))


RAW_NAME: Final = "UPDATE … RETURNING, by hand"
SMALL_NAME: Final = "an empty table"


def afterwards(small: Shop) -> Sequence[Result]:
    """The slowest of a hundred single claims."""
    ordered = sorted(small.latencies_ms)
    p99 = ordered[int(len(ordered) * 0.99)]
    return [Result(say.CLAIM_P99(n=f"{len(ordered):,}"), "ms", p99, (ordered[0], ordered[-1]), P99_TARGET_MS)]


BENCH: Final = Bench("claims", say.CLAIMS, prepare)
