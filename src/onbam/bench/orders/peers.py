"""The same five steps, written plainly on what people take for background work.

For: the child process that takes one sample.
Promises: each peer is used as its own documentation shows; the step's record is a durable commit of its own, in the peer's own
way where it keeps steps (DBOS), else as a row beside its queue; two orders at a time (PgQueuer: its own ten, which makes it
faster); what is needed to begin is not counted.
Refuses: tricks for or against: no batching of steps, no settings beyond durability and the number of orders at a time.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from onbam.bench.orders.papers import Paper, book, understood
from onbam.kernel.clock import Clock

AT_ONCE: Final = 2
"""As our agent's two strands."""
WAIT_S: Final = 120.0
DEQUEUE_S: Final = 0.2
"""How long PgQueuer waits for its own bell before it looks again: what its bell misses must not cost it its default of 30 s."""
STEPS_TABLE: Final = "CREATE TABLE bench_steps (number varchar(20), step varchar(10), body {blob}, PRIMARY KEY (number, step))"
Keep = Callable[[str, str, bytes], Any]
"""Number, step, body: durable when it returns."""


class Order:
    """What is done with one order, step by step."""

    def __init__(self, papers: Sequence[Paper]) -> None:
        self.papers = {paper.number: paper for paper in papers}
        self.codes = book()
        self.done = threading.Semaphore(0)

    def document(self, number: str) -> bytes:
        """Fetched."""
        return self.papers[number].raw

    def understood(self, number: str) -> tuple[bytes, bytes]:
        """Read, and made a slip of."""
        return understood(self.papers[number], self.codes)

    def entered(self, number: str) -> bytes:
        """Sent to an ERP that answers at once."""
        return f"20260105-{int(number) % 10_000}".encode()

    def all_done(self) -> None:
        """Wait until every order is through."""
        for _ in self.papers:
            assert self.done.acquire(timeout=WAIT_S), "an order never came through"


# -- Huey, on SQLite ----------------------------------------------------------------------------------------------------------


def on_huey(folder: Path, papers: Sequence[Paper], clock: Clock) -> float:
    """A task an order, its steps as rows in a table beside Huey's."""
    huey_of: Any = importlib.import_module("huey").SqliteHuey
    order, file = Order(papers), folder / "huey.db"
    huey = huey_of("orders", filename=str(file), fsync=True, results=False)
    local = threading.local()
    with sqlite3.connect(file) as made:
        made.execute(STEPS_TABLE.format(blob="blob"))

    def keep(number: str, step: str, body: bytes) -> None:
        if not hasattr(local, "connection"):
            local.connection = sqlite3.connect(file, isolation_level=None, timeout=WAIT_S)
            local.connection.execute("PRAGMA synchronous=FULL")
        local.connection.execute("INSERT INTO bench_steps VALUES (?, ?, ?)", (number, step, body))

    def process(number: str) -> None:
        through(order, number, keep)

    task: Any = huey.task()(process)
    consumer = huey.create_consumer(workers=AT_ONCE, periodic=False, initial_delay=0.01, backoff=1.0)
    consumer.start()
    begun = clock.monotonic()
    for paper in papers:
        task(paper.number)
    order.all_done()
    took_s = clock.monotonic() - begun
    consumer.stop(graceful=True)
    return len(papers) / took_s


def through(order: Order, number: str, keep: Keep) -> None:
    """The four steps after it was found."""
    keep(number, "document", order.document(number))
    form, slip = order.understood(number)
    keep(number, "form", form)
    keep(number, "intent", slip)
    keep(number, "receipt", order.entered(number))
    order.done.release()


# -- DBOS, on either ----------------------------------------------------------------------------------------------------------


def on_dbos(url: str, papers: Sequence[Paper], clock: Clock) -> float:
    """A durable function an order, with its own durable steps."""
    dbos_of: Any = importlib.import_module("dbos").DBOS
    logging.disable(logging.CRITICAL)
    dbos = dbos_of(config={"name": "orders", "system_database_url": url, "run_admin_server": False, "log_level": "CRITICAL"})
    order = Order(papers)

    def document(number: str) -> str:
        return order.document(number).hex()

    def form(number: str) -> list[str]:
        return [part.decode() for part in order.understood(number)]

    def intent(slip: str) -> str:
        return slip

    def receipt(number: str) -> str:
        return order.entered(number).decode()

    steps: Any = [dbos_of.step()(step) for step in (document, form, intent, receipt)]

    def process(number: str) -> str:
        steps[0](number)
        _, slip = steps[1](number)
        steps[2](slip)
        return str(steps[3](number))

    durable: Any = dbos_of.workflow()(process)
    dbos_of.launch()
    try:
        begun = clock.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for _ in pool.map(durable, order.papers):
                pass
        return len(papers) / (clock.monotonic() - begun)
    finally:
        dbos_of.destroy()
        del dbos


# -- PgQueuer, on PostgreSQL --------------------------------------------------------------------------------------------------


def on_pgqueuer(url: str, papers: Sequence[Paper], clock: Clock) -> float:
    """An entry in its table an order."""
    return asyncio.run(_pgqueuer(url, papers, clock))


async def _pgqueuer(url: str, papers: Sequence[Paper], clock: Clock) -> float:
    pgqueuer: Any = importlib.import_module("pgqueuer")
    order = Order(papers)
    connections = [await _connected(url) for _ in range(2)]
    driver = pgqueuer.PsycopgDriver(connections[0])
    queries = pgqueuer.Queries(driver)
    await queries.install()
    await connections[1].execute(STEPS_TABLE.format(blob="bytea").encode())
    manager = pgqueuer.PgQueuer(driver)

    async def process(entry: Any) -> None:
        await athrough(order, entry.payload.decode(), connections[1])

    manager.entrypoint("order")(process)
    begun = clock.monotonic()
    count = len(papers)
    await queries.enqueue(["order"] * count, [paper.number.encode() for paper in papers], [0] * count)
    running = asyncio.create_task(manager.run(dequeue_timeout=timedelta(seconds=DEQUEUE_S)))
    await asyncio.to_thread(order.all_done)
    took_s = clock.monotonic() - begun
    manager.shutdown.set()
    await running
    for connection in connections:
        await connection.close()
    return count / took_s


async def _connected(url: str) -> Any:
    import psycopg

    return await psycopg.AsyncConnection.connect(url, autocommit=True)


async def athrough(order: Order, number: str, connection: Any) -> None:
    """The four steps after it was found."""

    async def keep(step: str, body: bytes) -> None:
        await connection.execute("INSERT INTO bench_steps VALUES (%s, %s, %s)", (number, step, body))

    await keep("document", order.document(number))
    form, slip = order.understood(number)
    await keep("form", form)
    await keep("intent", slip)
    await keep("receipt", order.entered(number))
    order.done.release()


# -- Procrastinate, on PostgreSQL ---------------------------------------------------------------------------------------------


def on_procrastinate(url: str, papers: Sequence[Paper], clock: Clock) -> float:
    """A task an order."""
    return asyncio.run(_procrastinate(url, papers, clock))


async def _procrastinate(url: str, papers: Sequence[Paper], clock: Clock) -> float:
    procrastinate: Any = importlib.import_module("procrastinate")
    logging.disable(logging.CRITICAL)
    order = Order(papers)
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url))
    connection = await _connected(url)
    await connection.execute(STEPS_TABLE.format(blob="bytea").encode())

    async def process(number: str) -> None:
        await athrough(order, number, connection)

    task: Any = app.task(name="process")(process)
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        begun = clock.monotonic()
        await task.batch_defer_async(*({"number": paper.number} for paper in papers))
        await app.run_worker_async(concurrency=AT_ONCE, wait=False, install_signal_handlers=False, listen_notify=False)
        took_s = clock.monotonic() - begun
    order.all_done()
    await connection.close()
    return len(papers) / took_s
