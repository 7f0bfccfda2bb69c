"""A process stopped in its tracks, never inside a write of a file that others share.

For: tests in which a PC stands still while other PCs go on.
Promises: every thread of it stands still when this returns, and an SQLite file it shares with others can be written: whoever
is stopped inside a write of one keeps everybody out until it goes on, which is another matter than a lease that runs out. On a
server a transaction that stands still keeps only its own rows, and they come free when it goes on: there is nothing to look at.
Refuses: to count as frozen what has not stopped yet. One that has ended meanwhile needs no freezing.
"""

from __future__ import annotations

import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Final

import psutil
from sqlalchemy import make_url

from support.nursery import Child
from support.waiting import until

LOOK_S: Final = 0.2
"""So long a look at the file waits for its turn: a writer that runs has had its own by then, and if not we look again."""


def freeze(child: Child, database_url: str = "") -> None:
    """Stop it where it keeps nobody else from working."""
    assert sys.platform != "win32", "there is no such signal"

    def stands_still() -> bool:
        child.send_signal(signal.SIGSTOP)
        until(lambda: child.poll() is not None or _is_still(child.pid), what=f"process {child.pid} has stopped")
        if can_be_written(database_url):
            return True
        child.send_signal(signal.SIGCONT)
        return False

    until(stands_still, what=f"process {child.pid} was stopped outside of a write")


def can_be_written(database_url: str) -> bool:
    """Whether nobody is inside a write of this file; what is no SQLite file can be."""
    if not database_url.startswith("sqlite"):
        return True
    with closing(sqlite3.connect(str(make_url(database_url).database), timeout=LOOK_S, isolation_level=None)) as looking:
        try:
            looking.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        looking.execute("ROLLBACK")
        return True


def _is_still(pid: int) -> bool:
    """Whether every thread of it has stopped; also one that came back from the disk only now."""
    tasks = Path(f"/proc/{pid}/task")
    try:
        if not tasks.exists():
            return psutil.Process(pid).status() in (psutil.STATUS_STOPPED, psutil.STATUS_ZOMBIE)
        states = [(task / "stat").read_text("ascii").rpartition(")")[2].split()[0] for task in tasks.iterdir()]
    except (OSError, psutil.NoSuchProcess):
        return False  # a thread, or all of it, has just ended: look again
    return all(state in "TZX" for state in states)
