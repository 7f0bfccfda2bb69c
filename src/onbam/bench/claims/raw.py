"""The same, written by hand: nothing told, nothing fenced.

For: the limit ours is held against.
Promises: the shortest statements a person would write for it, every transaction durable.
Refuses: to know our tables.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from onbam.bench.claims.shop import BATCH, BATCHES, SINGLE
from onbam.bench.claims.turns import Call

if TYPE_CHECKING:
    import psycopg

SINGLE_NAME: Final = "UPDATE … RETURNING, by hand"
BATCH_NAME: Final = "SELECT … FOR UPDATE SKIP LOCKED + UPDATE, by hand"


class RawSqlite:
    """A file of its own, and one statement a transaction."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute(
            "CREATE TABLE orders (key TEXT PRIMARY KEY, state TEXT, holder TEXT, token INTEGER) WITHOUT ROWID"
        )
        self._next = 0

    def singles(self) -> Sequence[Call]:
        """Claims, one a transaction."""
        keys = [f"{self._next + n:012d}" for n in range(SINGLE)]
        self._next += SINGLE
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT INTO orders VALUES (?, 'waiting', '', 0)", [(key,) for key in keys])
        self._connection.execute("COMMIT")
        return [partial(self._single, key) for key in keys]

    def _single(self, key: str) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        claimed = self._connection.execute(
            "UPDATE orders SET state = 'processing', holder = 'a', token = token + 1"
            " WHERE key = ? AND state = 'waiting' RETURNING token",
            (key,),
        ).fetchall()
        self._connection.execute("COMMIT")
        assert claimed == [(1,)], "a waiting order is claimed"

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


class RawPostgres:
    """A table of its own on the same server."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._run("CREATE TABLE raw_orders (key text PRIMARY KEY, state text, holder text, token bigint)")
        self._run("CREATE INDEX raw_waiting ON raw_orders (key) WHERE state = 'waiting'")
        self._next = 0

    def singles(self) -> Sequence[Call]:
        """Claims, one a transaction."""
        return [partial(self._single, key) for key in self._fresh(SINGLE)]

    def batches(self) -> Sequence[Call]:
        """Claims, a hundred a transaction."""
        self._fresh(BATCH * BATCHES)
        return [self._batch] * BATCHES

    def _fresh(self, count: int) -> list[str]:
        keys = [f"{self._next + n:012d}" for n in range(count)]
        self._next += count
        self._run("INSERT INTO raw_orders SELECT unnest(%s::text[]), 'waiting', '', 0", keys)
        return keys

    def _single(self, key: str) -> None:
        claimed = self._connection.execute(
            "UPDATE raw_orders SET state = 'processing', holder = 'a', token = token + 1"
            " WHERE key = %s AND state = 'waiting' RETURNING token",
            (key,),
        ).fetchall()
        assert claimed == [(1,)], "a waiting order is claimed"

    def _batch(self) -> None:
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
