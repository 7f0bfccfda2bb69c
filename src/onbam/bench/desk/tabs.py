"""Open tabs without a browser: each holds a stream and reads what comes.

For: the subjects next door; a hundred browsers would measure themselves.
Promises: each is a connection of its own, logged in, over the pages people leave open, in two languages; one thread reads all
of them, as fast as they come.
Refuses: to look at what it reads, but for how much it was.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from onbam.bench.desk.served import Desk

VIEWS: Final = ("today", "today", "board", "orders", "needs", "machines", "today?pcs=all", "orders?state=failed", "notices")
"""What people leave open; most of them the first page."""
LANGS: Final = ("ko", "ko", "ko", "en")
READ: Final = 1 << 16
LOOK_S: Final = 0.2


class Tabs:
    """All of them."""

    def __init__(self) -> None:
        self.read_bytes = 0
        self.ended = 0
        """Streams the server ended."""
        self._open = selectors.DefaultSelector()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read, name="bench-tabs", daemon=True)

    def start(self, desk: Desk, count: int) -> None:
        """Open so many."""
        for n in range(count):
            view, lang = VIEWS[n % len(VIEWS)], LANGS[n % len(LANGS)]
            one = socket.create_connection(("127.0.0.1", desk.port), timeout=30)
            one.sendall(
                f"GET /live/{view} HTTP/1.1\r\nHost: 127.0.0.1:{desk.port}\r\nCookie: {desk.cookie}; onbam_lang={lang}\r\n"
                f"Accept: text/event-stream\r\n\r\n".encode()
            )
            one.setblocking(False)
            self._open.register(one, selectors.EVENT_READ)
        self._thread.start()

    def stop(self) -> None:
        """Close them."""
        self._stop.set()
        self._thread.join()
        for key in list(self._open.get_map().values()):
            self._close(key.fileobj)
        self._open.close()

    def _read(self) -> None:
        while not self._stop.is_set():
            for key, _ in self._open.select(LOOK_S):
                one = key.fileobj
                assert isinstance(one, socket.socket), "nothing else is registered"
                with contextlib.suppress(BlockingIOError):
                    got = len(self._received(one))
                    self.read_bytes += got
                    if not got:
                        self.ended += 1
                        self._close(one)

    @staticmethod
    def _received(one: socket.socket) -> bytes:
        try:
            return one.recv(READ)
        except ConnectionError:
            return b""

    def _close(self, one: object) -> None:
        assert isinstance(one, socket.socket), "nothing else is registered"
        self._open.unregister(one)
        one.close()


@contextmanager
def tabs(desk: Desk, count: int) -> Iterator[Tabs]:
    """Open while the block runs."""
    opened = Tabs()
    opened.start(desk, count)
    try:
        yield opened
    finally:
        opened.stop()
