"""Looks whether a port is free, and who holds it when it is not.

For: the doctor, and whatever could not open its port.
Promises: the holder is named by program and number where the system tells; our own dashboard is not taken for a stranger.
Refuses: to end anybody.
"""

from __future__ import annotations

import itertools
import socket
import sys
from collections.abc import Iterator
from typing import Final, NamedTuple

import psutil

from onbam.care import words as say
from onbam.kernel.checks import Finding, bad, ok

LOOPBACK: Final = "127.0.0.1"
OURS: Final = "onbam"


class Holder(NamedTuple):
    """Who listens."""

    pid: int | None
    program: str
    ours: bool


def port_check(port: int, host: str = LOOPBACK) -> Iterator[Finding]:
    """One port."""
    if free(host, port):
        yield ok("port", say.PORT_FREE, port=port)
        return
    who = holder(port)
    if who.ours:
        yield ok("port", say.PORT_OURS, port=port, pid=who.pid)
    elif who.pid is None:
        yield bad("port", say.PORT_TAKEN_UNKNOWN, say.PORT_UNKNOWN_FIX, port=port)
    else:
        yield bad("port", say.PORT_TAKEN, say.PORT_FIX, port=port, pid=who.pid, program=who.program)


def free(host: str, port: int) -> bool:
    """Whether we could listen there now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if sys.platform == "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def holder(port: int) -> Holder:
    """The process that listens on a port; systems tell it only about processes one may see."""
    try:
        found = [
            c for c in psutil.net_connections("inet") if c.laddr and c.laddr.port == port and c.status == psutil.CONN_LISTEN
        ]
    except (psutil.Error, OSError):
        found = []
    pid = next((connection.pid for connection in found if connection.pid), None)
    if pid is None:
        return Holder(None, "", ours=False)
    try:
        process = psutil.Process(pid)
        name = process.name()
        words = process.cmdline()
    except (psutil.Error, OSError):
        return Holder(pid, "?", ours=False)
    return Holder(pid, name, ours=_is_ours(words))


def _is_ours(words: list[str]) -> bool:
    """Whether a command line runs Onbam: the program, or Python with `-m onbam`."""
    first = [word.replace("\\", "/").rpartition("/")[2].lower().removesuffix(".exe") for word in words[:2]]
    return OURS in first or any(pair == ("-m", OURS) for pair in itertools.pairwise(words))
