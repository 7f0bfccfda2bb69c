"""A copy of a living SQLite file, and the care of a folder of such copies.

For: `migrate.py` before each change, `backup.py`.
Promises: the copy is one moment of the database, whole, checked, on the disk before it gets its name, readable by its owner
only; writers are not kept waiting; only copies made automatically are ever removed.
Refuses: to copy the file itself: beside it lies a log with the newest rows.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from onbam.database import trouble
from onbam.database import words as say
from onbam.database.dialects import sqlite
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Misconfigured
from onbam.kernel.files import LEFTOVER_SUFFIX, make_private
from onbam.kernel.oserror import what_of

BEFORE: Final = "before"
"""Made by an upgrade."""
AUTO: Final = "auto"
"""Made by the daily round."""
SUFFIX: Final = ".db"
BUSY_MS: Final = 30_000
STAMP_LENGTH: Final = len("-20260101-000000")


def sqlite_copy(source: Path, folder: Path, label: str, clock: Clock) -> Path:
    """Copy what is committed now; answers the copy's path."""
    with new_file(source.stem, folder, label, clock) as (part, target), ours(), closing(sqlite3.connect(part)) as copy:
        with closing(sqlite3.connect(source)) as original:
            original.execute(f"PRAGMA busy_timeout={BUSY_MS}")
            original.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file that can be carried away, no log beside it
        check(copy)
    return target


def check(connection: sqlite3.Connection) -> None:
    """Read every page; raises `Damaged` with the first complaint."""
    answer = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if answer != "ok":
        raise trouble.damaged(code=str(answer)[:200])


@contextmanager
def new_file(stem: str, folder: Path, label: str, clock: Clock) -> Iterator[tuple[Path, Path]]:
    """A name to write under and the name it gets when it is finished."""
    base = f"{stem}-{clock.now():%Y%m%d-%H%M%S}-{label}"
    before = max((_count(path) for path in folder.glob(f"{base}*{SUFFIX}")), default=0)
    target = folder / f"{base}{f'-{before + 1}' if before else ''}{SUFFIX}"
    with scratch_file(folder, target.name) as part:
        yield part, target
        _flush(part)
        part.replace(target)
        _flush(folder)


@contextmanager
def scratch_file(folder: Path, name: str) -> Iterator[Path]:
    """An empty file for its owner only; gone at the end, with what SQLite put beside it."""
    part = folder / f"{name}{LEFTOVER_SUFFIX}"
    beside = [part, *(part.with_name(part.name + end) for end in ("-wal", "-shm", "-journal"))]
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in beside:
            path.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        make_private(part)
    except OSError as error:
        raise Misconfigured(say.NO_BACKUP_FOLDER(folder=folder, what=what_of(error)), say.NO_BACKUP_FOLDER_HINT) from error
    try:
        yield part
    finally:
        for path in beside:
            path.unlink(missing_ok=True)


def copies(folder: Path, stem: str) -> list[Path]:
    """The finished copies of one database, oldest first: their names begin with their time."""
    found = folder.glob(f"{stem}-[0-9]*{SUFFIX}") if folder.is_dir() else ()
    return sorted(found, key=lambda path: (path.name[: len(stem) + STAMP_LENGTH], _count(path)))


def _count(path: Path) -> int:
    """The number of a copy among those of its second."""
    last = path.stem.rpartition("-")[2]
    return int(last) if last.isdigit() and len(last) < 4 else 1


def keep_last(folder: Path, stem: str, label: str, keep: int) -> None:
    """Remove the oldest automatic copies of one sort."""
    made = [path for path in copies(folder, stem) if path.name[len(stem) + STAMP_LENGTH + 1 :].startswith(label)]
    for path in made[:-keep]:
        path.unlink(missing_ok=True)


@contextmanager
def ours() -> Iterator[None]:
    """SQLite's own errors as ours."""
    try:
        yield
    except sqlite3.Error as error:
        ours = sqlite.classify(error)
        if ours is None:
            raise
        raise ours from error


def _flush(path: Path) -> None:
    """Make it last through a power cut."""
    if path.is_dir() and sys.platform == "win32":
        return  # Windows keeps names by itself and cannot open a folder
    handle = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
