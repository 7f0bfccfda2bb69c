"""Flower, the dashboard people put beside Celery, on a Redis of its own and with tasks to show.

For: the plan next door.
Promises: started the way its own page says; Celery's own event dispatcher tells it of its tasks; a page of its list is what its
browser asks for: the page and then the fifty rows in it; everything is ended and gone afterwards.
Refuses: somebody's Redis; a comparison of what only one of the two has: it keeps the newest tasks in memory and no history, and
its list does not change while one looks at it.
"""

from __future__ import annotations

import http.client
import importlib
import importlib.util
import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any, Final
from urllib.parse import urlencode

import psutil

from onbam.bench import words as every
from onbam.bench.orders.celery_peer import program, redis
from onbam.bench.tools import Tools
from onbam.kernel.errors import Refused
from onbam.kernel.words import Said, plain

NAME: Final = "Flower"
TASK: Final = "orders.process"
START_S: Final = 120.0
KNOWN_S: Final = 300.0
"""So long it may take until it knows all of its tasks."""
LOOK_S: Final = 0.2
LIMIT_S: Final = 60.0
ROWS: Final = 50
OK: Final = 200
_MIB: Final = 1024 * 1024
_COLUMNS: Final = ("name", "uuid", "state", "received", "runtime", "worker")
"""What its list shows when nobody chooses."""
_SORTED: Final = _COLUMNS.index("received")
_LIST: Final = "/tasks/datatable?" + urlencode(
    {
        "draw": 1,
        "start": 0,
        "length": ROWS,
        "search[value]": "",
        "order[0][column]": _SORTED,
        "order[0][dir]": "desc",
        **{f"columns[{n}][data]": name for n, name in enumerate(_COLUMNS)},
    }
)


class Flower:
    """One that listens and knows its tasks."""

    def __init__(self, process: psutil.Process, port: int, tools: Tools, tasks: int) -> None:
        self.tasks = tasks
        self._process, self._clock = process, tools.clock
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT_S)

    def page_ms(self) -> float:
        """How many milliseconds a page of its list takes: what stands around, and the rows."""
        begun = self._clock.monotonic()
        self.asked("/tasks")
        self.asked(_LIST)
        return (self._clock.monotonic() - begun) * 1000

    def held_mb(self) -> float:
        """Memory it holds."""
        return float(self._process.memory_info().rss) / _MIB

    def known(self) -> int:
        """How many tasks it knows."""
        return int(json.loads(self.asked(_LIST))["recordsTotal"])

    def asked(self, path: str) -> bytes:
        """One answer."""
        self._connection.request("GET", path, headers={"accept-encoding": "gzip"})
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != OK:
            raise Refused(plain(f"{NAME}: {path.partition('?')[0]} → {answer.status}"))
        return body

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


@contextmanager
def flower(tools: Tools, tasks: int, notes: list[Said]) -> Iterator[Flower | None]:
    """Running while the block runs; none, and a note, where something it needs is not there."""
    missing = next((name for name in ("flower", "celery", "redis") if importlib.util.find_spec(name) is None), None)
    if missing is not None or program() is None:
        notes.append(every.NOT_MEASURED(what=NAME, why=every.NOT_INSTALLED() if missing else every.NO_REDIS()))
        yield None
        return
    folder = tools.folder / "flower"
    folder.mkdir()
    with ExitStack() as open_ones:
        open_ones.enter_context(redis(folder, tools.clock))
        broker, port = f"redis+socket://{folder / 'redis.sock'}", _free_port()
        process = open_ones.enter_context(_started(tools, broker, port))
        one = open_ones.enter_context(closing(Flower(psutil.Process(process.pid), port, tools, tasks)))
        _told(tools, one, process, broker)
        yield one


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def _started(tools: Tools, broker: str, port: int) -> Iterator[Any]:
    flags = ["flower", "--address=127.0.0.1", f"--port={port}"]
    process = subprocess.Popen(  # noqa: S603 -- our own words
        [sys.executable, "-m", "celery", f"--broker={broker}", *flags],
        env=tools.surroundings(),
        cwd=tools.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _told(tools: Tools, one: Flower, process: Any, broker: str) -> None:
    """Tell it of its tasks, once it listens: what was told before, it never hears."""
    celery: Any = importlib.import_module("celery").Celery("orders", broker=broker, set_as_current=False)
    with celery.connection_for_write() as connection, celery.events.Dispatcher(connection, hostname="agent@PC-1") as teller:
        _waited(tools, process, START_S, lambda: _listens(one, teller))
        for n in range(1, one.tasks):
            _tell(teller, n)
        _waited(tools, process, KNOWN_S, lambda: one.known() >= one.tasks)


def _listens(one: Flower, teller: Any) -> bool:
    """Whether it has heard of the first task."""
    try:
        one.known()
        _tell(teller, 0)
        return one.known() > 0
    except OSError:
        one.close()
        return False


def _tell(teller: Any, n: int) -> None:
    uuid = f"00000000-0000-4000-8000-{n:012}"
    teller.send("task-received", uuid=uuid, name=TASK, args=f"('{26_000_000_000 + n}',)", kwargs="{}", retries=0)
    teller.send("task-succeeded", uuid=uuid, result="'20260105-3'", runtime=0.4)


def _waited(tools: Tools, process: Any, limit_s: float, done: Callable[[], bool]) -> None:
    deadline = tools.clock.monotonic() + limit_s
    while not done():
        if process.poll() is not None or tools.clock.monotonic() > deadline:
            raise Refused(plain(f"{NAME} did not come so far"))
        tools.clock.wait(LOOK_S)
