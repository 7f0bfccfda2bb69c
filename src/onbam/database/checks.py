"""What the doctor looks at in the database.

For: `onbam doctor`, the help page.
Promises: each line says how it is and, where it is not well, the fix; a database that cannot be opened is one line with our own
error's words, not a crash of the doctor.
Refuses: to repair anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Final

from onbam.database import words as say
from onbam.database.dialects import sqlite
from onbam.database.engine import Database
from onbam.database.status import DatabaseStatus, status
from onbam.kernel.checks import Check, Finding, bad, ok, warn
from onbam.kernel.clock import Clock
from onbam.kernel.errors import OnbamError

MIB: Final = 1024 * 1024
FREE_BAD_BYTES: Final = 100 * MIB
FREE_WARN_BYTES: Final = 1024 * MIB
WAL_WARN_BYTES: Final = 256 * MIB
"""A log this long means that something has been reading for hours and keeps it from being put away."""
BACKUP_WARN: Final = timedelta(days=3)


def checks(open_it: Callable[[], Database], backups: Path, clock: Clock) -> Iterable[Check]:
    """The room's checks; `open_it` opens the database of the settings, without upgrading it."""

    def look() -> Iterable[Finding]:
        try:
            with closing(open_it()) as database:
                return list(findings(status(database, backups), clock))
        except OnbamError as error:
            return [Finding("database", "bad", error.message, error.hint)]

    return [look]


def findings(seen: DatabaseStatus, clock: Clock) -> Iterator[Finding]:
    """One look, judged."""
    yield ok("database", say.CHECK_OPENS, product=seen.product, version=seen.version, shown=seen.shown)
    if seen.emptied is not None:
        yield Finding("database-schema", "bad", seen.emptied.message, seen.emptied.hint)
    elif seen.schema is None:
        yield ok("database-schema", say.CHECK_NEW)
    elif seen.current:
        yield ok("database-schema", say.CHECK_SCHEMA, schema=seen.schema)
    else:
        yield warn("database-schema", say.CHECK_OLD_SCHEMA, say.CHECK_OLD_SCHEMA_FIX, schema=seen.schema, head=seen.head)
    if seen.unsafe is not None:
        yield bad("database-durable", say.CHECK_UNSAFE, say.CHECK_UNSAFE_FIX, setting=seen.unsafe)
    if seen.kind == "sqlite":
        yield from _file(seen)
    yield _backup(seen, clock)


def _file(seen: DatabaseStatus) -> Iterator[Finding]:
    """What only a file can have."""
    if seen.damage is not None:
        yield bad("database-whole", say.CHECK_DAMAGE, say.DAMAGED_HINT, what=seen.damage)
    elif seen.looked:
        yield ok("database-whole", say.CHECK_WHOLE, size=f"{seen.size / MIB:.1f}")
    if seen.file_system is not None and sqlite.on_network(seen.file_system):
        yield bad("database-place", say.CHECK_SHARE, say.ON_SHARE_HINT, fs=seen.file_system)
    if seen.free is not None:
        values = {"free": f"{seen.free / MIB:,.0f}"}
        if seen.free < FREE_BAD_BYTES:
            yield bad("database-disk", say.CHECK_FREE, say.FULL_HINT, **values)
        elif seen.free < FREE_WARN_BYTES:
            yield warn("database-disk", say.CHECK_FREE, say.FULL_HINT, **values)
        else:
            yield ok("database-disk", say.CHECK_FREE, **values)
    if seen.wal_size is not None and seen.wal_size > WAL_WARN_BYTES:
        yield warn("database-log", say.CHECK_WAL, say.CHECK_WAL_FIX, size=f"{seen.wal_size / MIB:,.0f}")


def _backup(seen: DatabaseStatus, clock: Clock) -> Finding:
    """Whether there is a way back."""
    if seen.last_backup_at is None:
        return warn("database-backup", say.CHECK_NO_BACKUP, say.CHECK_BACKUP_FIX)
    days = (clock.now() - seen.last_backup_at) / timedelta(days=1)
    values = {"days": f"{days:.0f}", "path": seen.last_backup}
    if clock.now() - seen.last_backup_at > BACKUP_WARN:
        return warn("database-backup", say.CHECK_BACKUP, say.CHECK_BACKUP_FIX, **values)
    return ok("database-backup", say.CHECK_BACKUP, **values)
