"""The same five steps on Celery with Redis, which is made to wait for the disk at each step.

For: the child process that takes one sample.
Promises: a Redis of this sample's own, on a socket in its folder, with `appendfsync always`; tasks are acknowledged when they
are done, so that a worker that dies loses none; a step is a field of the order's hash beside Celery's queue; two at a time.
Refuses: somebody's Redis.
"""

from __future__ import annotations

import importlib
import logging
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from onbam.bench.orders.papers import Paper
from onbam.bench.orders.peers import AT_ONCE, Order, through
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Refused
from onbam.kernel.words import plain

SERVER: Final = "redis-server"
START_S: Final = 10.0
LOOK_S: Final = 0.02


def program() -> str | None:
    """Where Redis is."""
    return shutil.which(SERVER)


@contextmanager
def redis(folder: Path, clock: Clock) -> Iterator[Any]:
    """A Redis that writes through; a client of it."""
    socket, found = folder / "redis.sock", program()
    assert found is not None, "asked only where there is one"
    options = ["--port", "0", "--unixsocket", str(socket), "--dir", str(folder), "--save", "", "--loglevel", "warning"]
    durable = ["--appendonly", "yes", "--appendfsync", "always"]
    with subprocess.Popen([found, *options, *durable], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as server:  # noqa: S603 -- our own words
        try:
            library: Any = importlib.import_module("redis")
            client = library.Redis(unix_socket_path=str(socket))
            deadline = clock.monotonic() + START_S
            while not _answers(client, library):
                if clock.monotonic() > deadline or server.poll() is not None:
                    raise Refused(plain(f"{SERVER} did not start"))
                clock.wait(LOOK_S)
            yield client
            client.close()
        finally:
            server.terminate()


def _answers(client: Any, library: Any) -> bool:
    try:
        return bool(client.ping())
    except library.exceptions.ConnectionError:
        return False


def on_celery(folder: Path, papers: Sequence[Paper], clock: Clock) -> float:
    """A task an order."""
    logging.disable(logging.CRITICAL)
    celery: Any = importlib.import_module("celery")
    starts: Any = importlib.import_module("celery.contrib.testing.worker").start_worker
    order = Order(papers)
    with redis(folder, clock) as client:
        app = celery.Celery("orders", broker=f"redis+socket://{folder / 'redis.sock'}", set_as_current=False)
        app.conf.update(task_acks_late=True, task_ignore_result=True, worker_hijack_root_logger=False)

        def keep(number: str, step: str, body: bytes) -> None:
            client.hset(number, step, body)

        def process(number: str) -> None:
            through(order, number, keep)

        task = app.task(name="process")(process)
        with starts(app, concurrency=AT_ONCE, pool="threads", perform_ping_check=False, loglevel="CRITICAL"):
            begun = clock.monotonic()
            for paper in papers:
                task.delay(paper.number)
            order.all_done()
            took_s = clock.monotonic() - begun
        kept = sum(client.hlen(paper.number) for paper in papers)
    assert kept == 4 * len(papers), "every step was kept"
    return len(papers) / took_s
