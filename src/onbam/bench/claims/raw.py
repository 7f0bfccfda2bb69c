"""The same, written by hand: nothing told, nothing fenced.

For: the limit ours is held against.
Promises: the shortest statements a person would write for it, every transaction durable.
Refuses: to know our tables.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from onbam.bench.claims.shop import BATCH, BATCHES, SINGLE
from onbam.kernel.clock import Clock

if TYPE_CHECKING:
    import psycopg

SINGLE_NAME: Final = "UPDATE … RETURNING, by hand"
BATCH_NAME: Final = "SELECT … FOR UPDATE SKIP LOCKED + UPDATE, by hand"


class RawSqlite:
    """A file of its own, and one statement a transaction."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._clock = clock
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
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


class RawPostgres:
    """A table of its own on the same server."""

    def __init__(self, connection: psycopg.Connection[Any], clock: Clock) -> None:
        self._clock = clock
        self._connection = connection
        self._run("CREATE TABLE raw_orders (key text PRIMARY KEY, state text, holder text, token bigint)")
        self._run("CREATE INDEX raw_waiting ON raw_orders (key) WHERE state = 'waiting'")
        self._next = 0

    def singles(self) -> float:
        """Claims a second, one a transaction."""
        return self._timed(SINGLE, self._single)

    def batches(self) -> float:
        """Claims a second, a hundred a transaction."""
        return self._timed(BATCH * BATCHES, self._batch)

    def _timed(self, count: int, claim: Callable[[list[str]], None]) -> float:
        keys = [f"{self._next + n:012d}" for n in range(count)]
        self._next += count
        self._run("INSERT INTO raw_orders SELECT unnest(%s::text[]), 'waiting', '', 0", keys)
        begun = self._clock.monotonic()
        claim(keys)
        return count / (self._clock.monotonic() - begun)

    def _single(self, keys: list[str]) -> None:
        for key in keys:
            claimed = self._connection.execute(
                "UPDATE raw_orders SET state = 'processing', holder = 'a', token = token + 1"
                " WHERE key = %s AND state = 'waiting' RETURNING token",
                (key,),
            ).fetchall()
            assert claimed == [(1,)], "a waiting order is claimed"

    def _batch(self, keys: list[str]) -> None:
        for _ in range(0, len(keys), BATCH):
            with self._connection.transaction():
                found = self._connection.execute(
                    "SELECT key FROM raw_orders WHERE state = 'waiting' ORDER BY key LIMIT %s FOR UPDATE SKIP LOCKED", (BATCH,)
                ).fetchall()
                claimed = self._connection.execute(
                    "UPDATE raw_orders SET state = 'processing', holder = 'a', token = token + 1 WHERE key = ANY(%s)",
                    ([key for (key,) in found],),
                ).rowcount
            assert claimed == BATCH, "waiting orders are claimed"

    def _run(self, statement: str, *values: object) -> None:
        self._connection.execute(statement.encode(), values or None)
