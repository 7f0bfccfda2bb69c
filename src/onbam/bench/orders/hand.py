"""Five commits an order, written by hand: what the database itself can do.

For: the limit ours is held against.
Promises: the shortest statements a person would write for the five steps, each its own durable transaction, with the same
documents read in between.
Refuses: everything else: no lease, no fence, no journal, nothing a second PC could trust.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from onbam.bench.orders.papers import Paper, book, understood
from onbam.kernel.clock import Clock

TABLE = (
    "CREATE TABLE hand_orders (number varchar(20) PRIMARY KEY, step varchar(10), document {blob}, form {blob},"
    " slip {blob}, receipt varchar(20))"
)
STEPS = (
    "INSERT INTO hand_orders (number, step) VALUES ({p}, 'found')",
    "UPDATE hand_orders SET step = 'document', document = {p} WHERE number = {p}",
    "UPDATE hand_orders SET step = 'form', form = {p} WHERE number = {p}",
    "UPDATE hand_orders SET step = 'intent', slip = {p} WHERE number = {p}",
    "UPDATE hand_orders SET step = 'receipt', receipt = {p} WHERE number = {p}",
)


def on_sqlite(folder: Path, papers: Sequence[Paper], clock: Clock) -> float:
    """Orders a second in a file."""
    with closing(sqlite3.connect(folder / "hand.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(TABLE.format(blob="blob"))

        def run(statement: str, values: tuple[Any, ...]) -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(statement, values)
            connection.execute("COMMIT")

        return _timed(run, "?", papers, clock)


def on_postgres(url: str, papers: Sequence[Paper], clock: Clock) -> float:
    """Orders a second on a server."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLE.format(blob="bytea").encode())
        return _timed(lambda text, values: connection.execute(text.encode(), values), "%s", papers, clock)


def _timed(run: Callable[[str, tuple[Any, ...]], object], place: str, papers: Sequence[Paper], clock: Clock) -> float:
    codes = book()
    found, document, formed, intended, received = (step.format(p=place) for step in STEPS)
    begun = clock.monotonic()
    for n, paper in enumerate(papers):
        run(found, (paper.number,))
        run(document, (paper.raw, paper.number))
        form, slip = understood(paper, codes)
        run(formed, (form, paper.number))
        run(intended, (slip, paper.number))
        run(received, (f"20260105-{n}", paper.number))
    return len(papers) / (clock.monotonic() - begun)
