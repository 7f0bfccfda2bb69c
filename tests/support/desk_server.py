"""A desk on a real port: for streams, browsers and programs that speak HTTP.

For: integration tests of the live stream, browser tests.
Promises: the same server as `onbam web run`, in a thread, on a free port, gone at the end.
Refuses: the port people use.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from onbam.web.serve import Listening, WebServer
from support.stage import Stage

LIMIT_S = 60.0
ASIDE = range(20_000, 30_000)


@dataclass
class Served:
    """A desk that listens."""

    stage: Stage
    address: str


def port_aside() -> int:
    """A free port of those the system gives to nobody by itself: whoever leaves it can come back to it."""
    begin = ASIDE.start + os.getpid() % (len(ASIDE) // 2)
    for port in range(begin, ASIDE.stop):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise AssertionError("no port is free")


@contextmanager
def served(stage: Stage, port: int = 0) -> Iterator[Served]:
    """Listening while the block runs."""
    server = WebServer(stage.onbam, host="127.0.0.1", port=port)
    ready: list[Listening] = []
    there = threading.Event()

    def told(listening: Listening) -> None:
        ready.append(listening)
        there.set()

    thread = threading.Thread(target=server.run, args=(told,), name="desk", daemon=True)
    thread.start()
    assert there.wait(LIMIT_S), "the desk did not listen"
    try:
        yield Served(stage, ready[0].address)
    finally:
        server.stop()
        thread.join(LIMIT_S)
        assert not thread.is_alive(), "the desk did not end"
