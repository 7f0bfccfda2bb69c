"""How the database is: what `onbam db status` and the doctor show.

For: the command line, the pages, `checks.py`.
Promises: figures as the database itself gives them; what cannot be known is none, not a guess; looking never changes anything
and never waits for a writer.
Refuses: passwords, opinions (`checks.py` has those).
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection

from onbam.database import installed, revisions
from onbam.database.backup import last_backup
from onbam.database.dialects import sqlite
from onbam.database.engine import Database, Kind
from onbam.database.tables import CREATED_BY, INSTALLATION, SCHEMA_BY, meta
from onbam.kernel.errors import OnbamError


@dataclass(frozen=True, slots=True)
class DatabaseStatus:
    """One look."""

    kind: Kind
    product: str
    """What it calls itself: `SQLite`, `PostgreSQL`, `MariaDB`."""
    version: str
    shown: str
    """The address without its password."""
    schema: str | None
    """The step it has; none before the first start."""
    head: str
    """The last step this program knows."""
    installation: str | None
    created_by: str | None
    schema_by: str | None
    size: int
    wal_size: int | None
    """SQLite's log beside the file, in bytes."""
    free: int | None
    """Free space on the disk of an SQLite file, in bytes."""
    file_system: str | None
    damage: str | None
    """The first complaint of a quick look at an SQLite file; none when there is none or nobody looked."""
    looked: bool
    """Whether the file was looked through."""
    unsafe: str | None
    """A server's setting that lets a power cut take committed rows."""
    last_backup: Path | None
    last_backup_at: datetime | None
    emptied: OnbamError | None = None
    """Why a file without tables is not a new one; none when it is, or has tables."""

    @property
    def current(self) -> bool:
        """Whether the schema is the one this program knows."""
        return self.schema == self.head


def status(database: Database, backups: Path, *, look_through: bool = True) -> DatabaseStatus:
    """Look now. `look_through` reads the whole SQLite file, which takes a second for a few hundred megabytes."""
    path = database.path
    with database.read() as connection:
        schema = revisions.current(connection)
        known = _known(connection) if schema is not None else {}
        size = _size(database, connection)
        damage = _damage(connection) if path is not None and look_through else None
        unsafe = _unsafe(database, connection)
    wal = path.with_name(f"{path.name}-wal") if path is not None else None
    backup = last_backup(database, backups)
    return DatabaseStatus(
        kind=database.kind,
        product=database.product,
        version=database.version,
        shown=database.shown,
        schema=schema,
        head=revisions.known()[-1],
        installation=known.get(INSTALLATION),
        created_by=known.get(CREATED_BY),
        schema_by=known.get(SCHEMA_BY),
        size=size,
        wal_size=(wal.stat().st_size if wal.exists() else 0) if wal is not None else None,
        free=shutil.disk_usage(path.parent).free if path is not None else None,
        file_system=(sqlite.file_system(path) or None) if path is not None else None,
        damage=damage,
        looked=path is not None and look_through,
        unsafe=unsafe,
        last_backup=backup,
        last_backup_at=datetime.fromtimestamp(backup.stat().st_mtime, UTC) if backup else None,
        emptied=installed.lost(path) if schema is None and path is not None and installed.was_there(path) else None,
    )


def _known(connection: Connection) -> dict[str, str]:
    names = (INSTALLATION, CREATED_BY, SCHEMA_BY)
    return {
        row.name: row.value for row in connection.execute(sa.select(meta.c.name, meta.c.value).where(meta.c.name.in_(names)))
    }


def _size(database: Database, connection: Connection) -> int:
    """Bytes it takes, log not counted."""
    if database.kind == "sqlite":
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        return int(pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one())
    if database.kind == "postgresql":
        return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())
    asked = "SELECT sum(data_length + index_length) FROM information_schema.tables WHERE table_schema = database()"
    return int(connection.exec_driver_sql(asked).scalar_one() or 0)


def _damage(connection: Connection) -> str | None:
    answer = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one())
    return None if answer == "ok" else answer


def _unsafe(database: Database, connection: Connection) -> str | None:
    """What the server's owner set against durability; on SQLite we set it ourselves."""
    if database.kind == "postgresql":
        asked = "SELECT name FROM pg_settings WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off' ORDER BY name"
        return connection.exec_driver_sql(asked).scalars().first()
    if database.kind == "mysql":
        value = connection.exec_driver_sql("SELECT @@global.innodb_flush_log_at_trx_commit").scalar_one()
        return None if value == 1 else f"innodb_flush_log_at_trx_commit={value}"
    return None
