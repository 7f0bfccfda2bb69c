"""Whether a PostgreSQL is really running on a data folder.

For: `server.py`.
Promises: a zombie is dead, a process that merely inherited the number is not ours; the leftovers of a killed server are known.
Refuses: to trust `postmaster.pid` alone, or the wall clock (a process's start time moves when somebody sets the clock): ours is
the one that was started on this folder.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

PID_FILE: Final = "postmaster.pid"
_READY: Final = "ready"
_STATUS_LINE: Final = 7


@dataclass(frozen=True, slots=True)
class Note:
    """What the server wrote about itself."""

    pid: int
    status: str


def note(cluster: Path) -> Note | None:
    """The server's own note; nothing when there is none or it is half-written."""
    try:
        lines = (cluster / PID_FILE).read_text("utf-8", "replace").splitlines()
        return Note(int(lines[0]), lines[_STATUS_LINE].strip() if len(lines) > _STATUS_LINE else "")
    except (OSError, ValueError, IndexError):
        return None


def ready(cluster: Path) -> bool:
    """Whether the living server answers. By one reading: a dead one's `ready` stands there until the next writes its own."""
    written = note(cluster)
    return written is not None and written.status == _READY and _process(written, cluster) is not None


def server(cluster: Path) -> psutil.Process | None:
    """The living server of this folder."""
    return _process(note(cluster), cluster)


def _process(written: Note | None, cluster: Path) -> psutil.Process | None:
    """The process of that note, if it lives and serves this folder."""
    if written is None or written.pid <= 0:
        return None
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(written.pid)
        if _living(process) and _serves(process, cluster):
            return process
    return None


def leftovers(cluster: Path) -> Iterator[psutil.Process]:
    """Children of a killed server that still stand in its folder."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.name().startswith("postgres") and _living(process) and _same(Path(process.cwd()), cluster):
                yield process


def _living(process: psutil.Process) -> bool:
    return bool(process.is_running() and process.status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD))


def _serves(process: psutil.Process, cluster: Path) -> bool:
    """The program is postgres and its command names this folder."""
    words = process.cmdline()
    if not words or not Path(words[0]).name.startswith("postgres") or "-D" not in words[:-1]:
        return False
    return _same(Path(words[words.index("-D") + 1]), cluster)


def _same(one: Path, other: Path) -> bool:
    return os.path.normcase(one) == os.path.normcase(other) or (one.exists() and other.exists() and one.samefile(other))
