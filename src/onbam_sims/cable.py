"""A network cable that can be pulled: a small relay between one PC and one server, on loopback.

For: the demo and tests that take a single PC offline while the others go on.
Promises: while it is plugged in, bytes pass as they are; pulled, every connection breaks and new ones are refused at once;
plugged in again, it works as before.
Refuses: any address but loopback.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Self
from urllib.parse import urlsplit

from onbam_sims.server import LOOPBACK

PIECE = 65536


class Cable:
    """One relay."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        assert parts.hostname == LOOPBACK, "a cable leads to this machine only"
        assert parts.port is not None, "and to a port"
        self._target = (LOOPBACK, parts.port)
        self._plugged = threading.Event()
        self._plugged.set()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._door = socket.create_server((LOOPBACK, 0))
        self.url = f"http://{LOOPBACK}:{self._door.getsockname()[1]}"
        threading.Thread(target=self._listen, name="cable", daemon=True).start()

    @property
    def plugged(self) -> bool:
        """Whether bytes pass."""
        return self._plugged.is_set()

    def pull(self) -> None:
        """Break what is open; refuse what comes."""
        self._plugged.clear()
        with self._lock:
            ends = list(self._open)
        for end in ends:
            _shut(end)

    def plug(self) -> None:
        """Let it pass again."""
        self._plugged.set()

    def close(self) -> None:
        """Take it away."""
        self.pull()
        _shut(self._door)
        self._door.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- inside ---------------------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._relay, args=(near,), name="cable", daemon=True).start()

    def _relay(self, near: socket.socket) -> None:
        with near:
            if not self._plugged.is_set():
                return
            try:
                far = socket.create_connection(self._target, timeout=10)
            except OSError:
                return
            with far:
                far.settimeout(None)
                with self._lock:
                    self._open |= {near, far}
                back = threading.Thread(target=_pump, args=(far, near), name="cable", daemon=True)
                back.start()
                _pump(near, far)
                back.join()
                with self._lock:
                    self._open -= {near, far}


def _pump(source: socket.socket, sink: socket.socket) -> None:
    """One direction, to its end; the end is passed on."""
    with contextlib.suppress(OSError):
        while piece := source.recv(PIECE):
            sink.sendall(piece)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def _shut(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
