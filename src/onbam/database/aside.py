"""Room for the way back: a damaged file is put aside under a name that tells so, and a new one stands ready for a copy's rows.

For: `onbam db restore`.
Promises: the damaged file and its logs are kept, all of them or none moved; a healthy file is not touched; what comes in its
place is an empty database and not an empty file, which would be taken for a loss.
Refuses: while Onbam runs; a server's database, whose owner has the means.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from onbam.database import words as say
from onbam.database.engine import Database
from onbam.database.snapshot import ours
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Damaged, Misconfigured, Refused
from onbam.kernel.files import make_private
from onbam.kernel.oserror import what_of

BESIDE: Final = ("-wal", "-shm", "-journal", "")
"""The file itself goes last: as long as it stands, nothing new is begun."""


def make_room(
    path: Path | None, open_it: Callable[[], Database], running: Callable[[], bool], clock: Clock
) -> tuple[Path, ...]:
    """Put a damaged file aside; answers where its parts are now, nothing when it is well or belongs to a server."""
    if path is None or not _is_damaged(open_it):
        return ()
    if running():
        raise Refused(say.STILL_RUNNING, say.STILL_RUNNING_HINT)
    moved = _put_aside(path, clock)
    _begin(path)
    return moved


def _is_damaged(open_it: Callable[[], Database]) -> bool:
    """Whether it does not open, or a quick look at every page finds something."""
    try:
        with closing(open_it()) as database, database.read() as connection:
            return str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()) != "ok"
    except Damaged:
        return True


def _put_aside(path: Path, clock: Clock) -> tuple[Path, ...]:
    base = f"{path.name}.damaged-{clock.now():%Y%m%d-%H%M%S}"
    done: list[tuple[Path, Path]] = []
    try:
        for end in BESIDE:
            old, new = path.with_name(path.name + end), path.with_name(base + end)
            if old.exists():
                old.rename(new)
                done.append((old, new))
    except OSError as error:  # Windows, while somebody has it open
        for old, new in reversed(done):
            new.rename(old)
        raise Misconfigured(say.IN_USE(path=path, what=what_of(error)), say.IN_USE_HINT) from error
    return tuple(new for _, new in done)


def _begin(path: Path) -> None:
    """A database without tables, its owner's only."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    make_private(path)
    with ours(), closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA journal_mode=WAL")
