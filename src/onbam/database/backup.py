"""Backups: one file that holds everything, of any kind of database, and the way back.

For: `onbam db backup`, the daily round, `onbam db restore`.
Promises: the copy is one moment, whole, proven, on the disk before it gets its name; it is always an SQLite file, so the way
back is the same for all and needs no program of some server's version; nobody waits while it is made.
Refuses: to write over anything; a way back into a place that holds rows; to take a bad copy for a bad database.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from onbam.database import words as say
from onbam.database.copying import Tell, copy_rows
from onbam.database.engine import Database, open_database
from onbam.database.migrate import upgrade
from onbam.database.move import fill, finish
from onbam.database.revisions import VERSION_TABLE
from onbam.database.snapshot import AUTO, check, copies, keep_last, new_file, ours, scratch_file, sqlite_copy
from onbam.kernel.errors import Damaged, Misconfigured, Refused
from onbam.kernel.words import Said

STEM: Final = "onbam"
MANUAL: Final = "manual"


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup that was made."""

    path: Path
    size: int
    rows: int | None
    """How many rows were copied one by one; none where the file was copied page by page."""


def backup(database: Database, folder: Path, *, label: str = MANUAL, tell: Tell = lambda _: None) -> Backup:
    """Make one now. Of those labelled `auto` only the last few are kept."""
    if database.path is not None:
        path, rows = sqlite_copy(database.path, folder, label, database.clock), None
    else:
        path, rows = _row_by_row(database, folder, label, tell)
    if label == AUTO:
        keep_last(folder, stem(database), label, database.settings.keep_backups)
    return Backup(path, path.stat().st_size, rows)


def restore(copy: Path, target: Database, *, tell: Tell = lambda _: None, last: Callable[[], object] = lambda: None) -> int:
    """Put a backup's rows into an empty database of any kind; answers how many. The backup itself is only read.

    `last` is done when all rows are there and nobody may use them yet.
    """
    check_copy(copy)
    with _opened_copy(copy, target) as source:
        tables = fill(target, copy.name)
        with source.snapshot() as reading:
            known = copy_rows(reading, tables, target, tell)
        finish(target, tables, known, last)
    return sum(proof.rows for proof in known.values())


def check_copy(copy: Path) -> None:
    """Before anything is changed for it: it is there, whole, and Onbam's. What is wrong with it is said of it alone."""
    if not copy.is_file():
        raise Misconfigured(say.NO_BACKUP(path=copy), say.NO_BACKUP_HINT)
    try:
        with ours(), closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as raw:
            check(raw)
            found = raw.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (VERSION_TABLE,)).fetchone()
    except Damaged as error:
        raise Refused(say.BAD_COPY(path=copy), say.BAD_COPY_HINT, **error.context) from error
    if found is None:
        raise Refused(say.NO_ONBAM(path=copy), say.BAD_COPY_HINT)


def last_backup(database: Database, folder: Path) -> Path | None:
    """The newest finished one."""
    made = copies(folder, stem(database))
    return made[-1] if made else None


def restore_steps(database: Database, copy: Path) -> Said:
    """What a person does to go back, for this kind of database."""
    if database.path is not None:
        return say.RESTORE_FILE(path=database.path, copy=copy)
    return say.RESTORE_SERVER(shown=database.shown, copy=copy)


def stem(database: Database) -> str:
    """What the names of its backups begin with."""
    return database.path.stem if database.path is not None else (database.engine.url.database or STEM)


def _row_by_row(database: Database, folder: Path, label: str, tell: Tell) -> tuple[Path, int]:
    """A server's rows into a new file; read in one moment, beside the shop's work."""
    with new_file(stem(database), folder, label, database.clock) as (part, target):
        copy = open_database(f"sqlite:///{part.as_posix()}", clock=database.clock, settings=database.settings)
        try:
            tables = fill(copy, database.shown)
            with database.snapshot() as reading:
                known = copy_rows(reading, tables, copy, tell)
            finish(copy, tables, known)
        finally:
            copy.close()
        with ours(), closing(sqlite3.connect(part)) as raw:
            raw.execute("PRAGMA journal_mode=DELETE")  # one file that can be carried away
            check(raw)
    return target, sum(proof.rows for proof in known.values())


@contextmanager
def _opened_copy(copy: Path, target: Database) -> Iterator[Database]:
    """A working copy of the backup at today's schema: an old backup is brought up to date without touching it."""
    with scratch_file(copy.parent, f"restoring-{copy.stem}") as part:
        with ours(), closing(sqlite3.connect(part)) as raw, closing(sqlite3.connect(copy)) as original:
            original.backup(raw)
            check(raw)
        source = open_database(f"sqlite:///{part.as_posix()}", clock=target.clock, settings=target.settings)
        try:
            upgrade(source, copy_first=False)
            yield source
        finally:
            source.close()
