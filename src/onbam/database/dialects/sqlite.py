"""SQLite: one file, many processes, one writer at a time.

For: a shop on one PC.
Promises: WAL with `synchronous=FULL` (a committed row survives a power cut), foreign keys on, writes begin IMMEDIATE so that
two writers queue instead of failing half-way, a write inside a read transaction is refused; the file is its owner's only.
Refuses: network shares (their locks lie), a missing folder (an unplugged disk must not start an empty database), an empty file
where records were, memory databases in the product.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import Any, Final

import psutil
from sqlalchemy import URL, BigInteger, ColumnElement, Connection, Engine, bindparam, create_engine, event
from sqlalchemy.pool import QueuePool

from onbam.database import trouble
from onbam.database import words as say
from onbam.database.dialects.options import WRITE
from onbam.database.installed import check_content
from onbam.database.settings import DatabaseSettings
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Misconfigured, OnbamError

LEAST: Final = (3, 35, 0)
"""RETURNING, which the stores use."""
CHECKPOINT_PAGES: Final = 1000
WAL_LIMIT_BYTES: Final = 64 * 1024 * 1024
"""A WAL that grew beside a long reader is cut back to this after the next checkpoint."""
NETWORK: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "webdav", "davfs", "9p", "ceph", "glusterfs"}
)
_NO_TABLE: Final = "no such table: "
_MODE_PAUSE_S: Final = 0.02
_ONLY_READS: Final = "onbam_only_reads"


def connect(url: URL, settings: DatabaseSettings, clock: Clock, *, durable: bool) -> Engine:
    """An engine on the file, every connection set up the same way."""
    path = path_of(url)
    if path is not None:
        _prepare(path)
    engine = create_engine(
        url,
        hide_parameters=True,
        poolclass=QueuePool,
        pool_size=settings.pool_size if path else 1,
        max_overflow=settings.pool_extra if path else 0,
        pool_timeout=settings.pool_wait_s,
        # No BEGIN from the driver, on every Python: 3.12's `autocommit` attribute stays at its legacy default, under which
        # an isolation level of None means "the program begins its own transactions" exactly as in 3.11.
        connect_args={"timeout": settings.busy_timeout_s, "isolation_level": None, "check_same_thread": False},
    )

    def on_connect(raw: Any, _record: Any) -> None:
        _set_up(raw, settings, clock, durable=durable, wal=path is not None)

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", _begin)
    return engine


def now_ms(clock: Clock) -> ColumnElement[int]:
    """The injected clock, read each time the statement runs: on one PC the store's clock is this PC's."""
    return bindparam("now_ms", callable_=lambda: int(clock.now().timestamp() * 1000), type_=BigInteger(), unique=True)


def inspect(connection: Connection) -> tuple[str, str]:
    """The version; SQLite's text is always Unicode."""
    if sqlite3.sqlite_version_info < LEAST:
        least = ".".join(map(str, LEAST))
        raise Misconfigured(say.OLD_SERVER(kind="SQLite", version=sqlite3.sqlite_version, least=least), say.OLD_SERVER_HINT)
    connection.exec_driver_sql("SELECT count(*) FROM sqlite_schema")  # reads the file: not a database, damaged, unreadable
    return "SQLite", sqlite3.sqlite_version


def path_of(url: URL) -> Path | None:
    """The file; none for a database in memory."""
    if not url.database or url.database == ":memory:":
        return None
    return Path(url.database).absolute()


def file_system(path: Path) -> str:
    """The kind of file system a path is on, lower case, `remote` for a Windows share; empty when the system does not say."""
    text = str(path)
    if text.startswith(("\\\\", "//")):
        return "remote"
    best, kind = "", ""
    with contextlib.suppress(OSError, psutil.Error):
        for part in psutil.disk_partitions(all=True):
            mount = part.mountpoint
            inside = text == mount or text.startswith(mount if mount.endswith(os.sep) else mount + os.sep)
            if inside and len(mount) >= len(best):
                best, kind = mount, "remote" if "remote" in part.opts.split(",") else part.fstype.lower()
    return kind


def on_network(kind: str) -> bool:
    """Whether a file system's locks cross a network."""
    return kind in NETWORK or kind in {"remote", "fuse.sshfs", "fuse.rclone", "fuse.davfs2", "fuse.glusterfs"}


def classify(error: BaseException) -> OnbamError | None:
    """SQLite's extended codes, by next action."""
    if not isinstance(error, sqlite3.Error):
        return None
    name: str = getattr(error, "sqlite_errorname", None) or ""
    said = {"code": name}
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL")):
        return trouble.busy(**said)
    if name == "SQLITE_FULL":
        return trouble.full(**said)
    if name == "SQLITE_READONLY_DBMOVED" or name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT")):
        return trouble.damaged(**said)
    if name.startswith("SQLITE_READONLY"):
        return Misconfigured(say.READ_ONLY, say.READ_ONLY_HINT, **said)
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_PERM")):
        return Misconfigured(say.CANNOT_OPEN, say.CANNOT_OPEN_HINT, **said)
    if name.startswith(("SQLITE_IOERR_LOCK", "SQLITE_IOERR_RDLOCK", "SQLITE_IOERR_BLOCKED", "SQLITE_IOERR_SHM")):
        return trouble.busy(**said)
    if name.startswith("SQLITE_IOERR"):
        return trouble.disk_trouble(**said)
    if name == "SQLITE_ERROR" and str(error).startswith(_NO_TABLE):  # there is no code of its own for it
        return trouble.no_tables(**said)
    return None


def _prepare(path: Path) -> None:
    """The place is a local folder that exists, and the file belongs to its owner only."""
    kind = file_system(path)
    if on_network(kind):
        raise Misconfigured(say.ON_SHARE(path=path, fs=kind), say.ON_SHARE_HINT)
    if not path.parent.is_dir():
        raise Misconfigured(say.NO_FOLDER(folder=path.parent), say.NO_FOLDER_HINT)
    check_content(path)
    with contextlib.suppress(OSError):  # what cannot be made cannot be opened either, and opening says why
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _set_up(raw: sqlite3.Connection, settings: DatabaseSettings, clock: Clock, *, durable: bool, wal: bool) -> None:
    """Make one connection safe."""
    if wal:
        _use_wal(raw, settings, clock)
    raw.execute(f"PRAGMA synchronous={'FULL' if durable else 'OFF'}")
    raw.execute("PRAGMA foreign_keys=ON")
    raw.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
    raw.execute(f"PRAGMA journal_size_limit={WAL_LIMIT_BYTES}")
    raw.execute("PRAGMA trusted_schema=OFF")


def _use_wal(raw: sqlite3.Connection, settings: DatabaseSettings, clock: Clock) -> None:
    """Switch the file to WAL once. SQLite ignores the busy timeout here, so processes starting together wait by themselves."""
    deadline = clock.monotonic() + settings.busy_timeout_s
    while raw.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            raw.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or clock.monotonic() > deadline:
                raise
            clock.wait(_MODE_PAUSE_S)


def _begin(connection: Connection) -> None:
    """Our own BEGIN. A write takes its lock at once; a read transaction may not turn into one."""
    write = connection.get_execution_options().get(WRITE)
    only_reads = write is False
    if connection.info.get(_ONLY_READS, False) is not only_reads:
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if only_reads else 'OFF'}")
        connection.info[_ONLY_READS] = only_reads
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
