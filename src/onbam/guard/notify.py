"""Tells systemd that the guard is ready, alive, or about to end.

For: the guard, when systemd started it (`Type=notify`, `WatchdogSec`).
Promises: the standard library's socket is enough; nothing is said where nobody listens; children inherit none of it.
Refuses: to beat from a side thread: the guard's own loop says that it lives.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Mapping
from typing import Final

ADDRESS: Final = "NOTIFY_SOCKET"
INTERVAL: Final = "WATCHDOG_USEC"
WHOM: Final = "WATCHDOG_PID"
NAMES: Final = (ADDRESS, INTERVAL, WHOM)


class Notify:
    """The line to systemd, or none."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        address = environ.get(ADDRESS, "")
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self.every_s = _every(environ)
        """How often it wants to hear that we live: half of what it allows; none when it does not."""

    def tell(self, *words: str) -> None:
        """`READY=1`, `STATUS=…`, `WATCHDOG=1`, `STOPPING=1`."""
        if not self._address or not hasattr(socket, "AF_UNIX"):
            return
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.settimeout(1.0)
            line.sendto("\n".join(words).encode(), self._address)


def _every(environ: Mapping[str, str]) -> float | None:
    try:
        meant = int(environ.get(WHOM, os.getpid()))
        allowed_s = int(environ[INTERVAL]) / 1_000_000
    except (KeyError, ValueError):
        return None
    return allowed_s / 2 if meant == os.getpid() and allowed_s > 0 else None
