"""Which orders a process is at, written down where its death cannot take it along.

For: the agent that starts after a crash: only an order that was being worked on may have caused it.
Promises: a few bytes in a file of this PC, written in place before the work begins and again when it ended; nothing waits for
the disk, because a power cut is no order's fault; a file that cannot be written or read blames as if it were not there.
Refuses: to be the truth about leases: that is the store's.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Collection
from pathlib import Path
from typing import Final, Literal

from onbam.claims import rules
from onbam.claims.claims import Claims
from onbam.claims.model import Phase, Ref, State
from onbam.claims.ports import PAGE_MAX, Filter
from onbam.orders.model import KIND

Strand = Literal["preparing", "entering"]
STRANDS: Final[tuple[Strand, ...]] = ("preparing", "entering")
SLOT_BYTES: Final = 1024
"""Holds the longest name of an item, whatever its letters."""


class InWork:
    """One PC's file: a line for each strand."""

    def __init__(self, path: Path) -> None:
        self.begun = _left(path)
        """What an earlier process was at when it ended; none when nobody knows."""
        self._path = path
        self._lock = threading.Lock()
        self._fd: int | None = None

    def begin(self, strand: Strand, ref: Ref) -> None:
        """From now on this strand is at this order."""
        self._write(strand, str(ref).encode("utf-8", "replace")[: SLOT_BYTES - 1])

    def end(self, strand: Strand) -> None:
        """It is at none."""
        self._write(strand, b"")

    def close(self) -> None:
        """Let the file go; harmless twice."""
        with self._lock:
            fd, self._fd = self._fd, None
            if fd is not None:
                os.close(fd)

    def _write(self, strand: Strand, text: bytes) -> None:
        with self._lock, contextlib.suppress(OSError):
            if self._fd is None:  # only now: who is turned away at the seat leaves the other one's file alone
                self._fd = _opened(self._path)
            os.lseek(self._fd, STRANDS.index(strand) * SLOT_BYTES, os.SEEK_SET)
            os.write(self._fd, text.ljust(SLOT_BYTES - 1) + b"\n")


class Unwatched(InWork):
    """Where nobody looks afterwards: tests, benchmarks without a home."""

    def __init__(self) -> None:
        self.begun = None

    def begin(self, strand: Strand, ref: Ref) -> None:
        """Nothing."""

    def end(self, strand: Strand) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


def spare(claims: Claims, begun: Collection[str] | None, why: str) -> int:
    """Hand back what an earlier process in our seat held and had not begun, before its death is counted against anything."""
    if begun is None:
        return 0
    which = Filter(kinds=(KIND,), states=(State.PROCESSING,), machine_id=claims.agent.machine_id)
    held = [item for item in claims.store.find(which, limit=PAGE_MAX).items if rules.left_behind(item, claims.agent)]
    fences = [item.fence for item in held if item.phase is Phase.CLAIMED and str(item.ref) not in begun]
    return len(claims.store.release(fences, why=why)) if fences else 0


def _opened(path: Path) -> int:
    """The file, with nothing in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ours = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0) | getattr(os, "O_CLOEXEC", 0)
    fd = os.open(path, os.O_RDWR | os.O_CREAT | ours, 0o644)
    os.write(fd, (b" " * (SLOT_BYTES - 1) + b"\n") * len(STRANDS))
    return fd


def _left(path: Path) -> frozenset[str] | None:
    try:
        raw = path.read_bytes()[: SLOT_BYTES * len(STRANDS)]
    except OSError:
        return None
    lines = (line.strip(b" \0").decode("utf-8", "replace") for line in raw.split(b"\n"))
    return frozenset(line for line in lines if line)
