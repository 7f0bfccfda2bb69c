"""Transactions without ceremony, for stores whose statements are all `Prepared`.

For: the claim store, where opening and closing a transaction through a pool took longer than the transaction itself.
Promises: the same as `Database.write` and `read`: durable commit, rolled back by any error, trouble in our classes, a lost
connection during a commit is `CommitUnknown`. One connection a thread, set up by the same engine, looked at again after a
pause, closed with the thread or with the database.
Refuses: databases in memory, and MySQL, for whose driver this gains nothing.
"""

from __future__ import annotations

import contextlib
import threading
import weakref
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy import event

from onbam.database import trouble
from onbam.database.engine import Database, Queue

LOOK_AFTER_S: Final = 5.0
"""A server's connection unused for longer is tried before it is used: the server may have been restarted."""


class _Dialect(NamedTuple):
    """As much of a dialect as `Prepared` looks at."""

    name: str


class LeanConnection:
    """The driver's connection of one thread; both drivers execute on it directly and begin nothing by themselves."""

    __slots__ = ("__weakref__", "closed", "dialect", "driver", "used_at")

    def __init__(self, driver: Any, kind: str, used_at: float) -> None:
        self.driver = driver
        self.dialect = _Dialect(kind)
        self.used_at = used_at
        self.closed = False

    def execute(self, text: str, values: Sequence[Any] = ()) -> Any:
        """Run one statement; the driver's cursor."""
        return self.driver.execute(text, values)

    def executemany(self, text: str, rows: Sequence[Sequence[Any]]) -> int:
        """Run one statement for each row; how many rows were touched."""
        cursor = self.driver.cursor()
        cursor.executemany(text, rows)
        return int(cursor.rowcount)

    def close(self) -> None:
        """Harmless twice."""
        self.closed = True
        with contextlib.suppress(Exception):
            self.driver.close()

    def __del__(self) -> None:
        self.close()


class Lean:
    """Transactions on a thread's own connection."""

    def __init__(self, database: Database) -> None:
        assert suits(database), "lean transactions are for SQLite files and PostgreSQL"
        self.database = database
        self.begin_write = "BEGIN IMMEDIATE" if database.kind == "sqlite" else "BEGIN"
        self.begin_read = "BEGIN" if database.kind == "sqlite" else "BEGIN READ ONLY"
        self.errors: type[Exception] = database.engine.dialect.loaded_dbapi.Error
        self._local = threading.local()
        self._open: weakref.WeakSet[LeanConnection] = weakref.WeakSet()
        self._lock = threading.Lock()
        event.listen(database.engine, "engine_disposed", self._close_all)

    def write(self) -> Transaction:
        """A write transaction."""
        return Transaction(self, self.begin_write, self.database.queue)

    def read(self) -> Transaction:
        """A read transaction."""
        return Transaction(self, self.begin_read)

    def alone(self) -> Transaction:
        """For one statement that is a transaction by itself."""
        return Transaction(self, "")

    def look(self) -> Transaction:
        """The same for one that only reads: a connection lost on the way leaves nothing open."""
        return Transaction(self, "", reads=True)

    def connection(self) -> LeanConnection:
        """This thread's."""
        now = self.database.clock.monotonic()
        kept: LeanConnection | None = getattr(self._local, "kept", None)
        if kept is not None and not kept.closed and not self._still_there(kept, now):
            kept.close()
        if kept is None or kept.closed:
            kept = self._local.kept = self._opened(now)
        kept.used_at = now
        return kept

    def _still_there(self, kept: LeanConnection, now: float) -> bool:
        if self.database.kind == "sqlite" or 0 <= now - kept.used_at < LOOK_AFTER_S:
            return True
        try:
            kept.execute("SELECT 1")
        except self.errors:
            return False
        return True

    def _opened(self, now: float) -> LeanConnection:
        with self.database.taken() as fairy:
            driver: Any = fairy.driver_connection
            fairy.detach()  # it does not count against the pool and does not go back to it
            if self.database.kind == "sqlite":
                driver.execute("PRAGMA query_only=OFF")
            else:
                driver.rollback()
                driver.autocommit = True  # begin and commit are ours to say
        kept = LeanConnection(driver, self.database.kind, now)
        with self._lock:
            self._open.add(kept)
        return kept

    def _close_all(self, _engine: sa.Engine) -> None:
        with self._lock:
            everyone = list(self._open)
        for one in everyone:
            one.close()


def suits(database: Database) -> bool:
    """Whether this database has lean transactions."""
    return database.path is not None or database.kind == "postgresql"


class Transaction:
    """One transaction; committed when its block ends, undone by any error."""

    __slots__ = ("_begin", "_kept", "_lean", "_queue", "_while_alone")

    def __init__(self, lean: Lean, begin: str, queue: Queue | None = None, *, reads: bool = False) -> None:
        self._lean = lean
        self._begin = begin
        self._queue = queue
        self._while_alone: trouble.Phase = "reading" if reads else "committing"

    def __enter__(self) -> LeanConnection:
        self._kept = self._lean.connection()
        if self._queue is not None:
            self._queue.__enter__()
        if self._begin:
            try:
                self._kept.execute(self._begin)
            except self._lean.errors as error:
                self._undo()
                self._leave()
                self._raise(error, "opening")
        return self._kept

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None) -> None:
        try:
            self._end(error)
        finally:
            self._leave()

    def _end(self, error: BaseException | None) -> None:
        if error is None and self._begin:
            try:
                self._kept.execute("COMMIT")
            except self._lean.errors as broken:
                self._undo()
                self._raise(broken, "committing")
        elif error is not None:
            self._undo()
            if isinstance(error, self._lean.errors):
                self._raise(error, "writing" if self._begin else self._while_alone)

    def _leave(self) -> None:
        if self._queue is not None:
            self._queue.__exit__()

    def _undo(self) -> None:
        """What cannot even be rolled back is thrown away with its connection."""
        if not self._begin:
            return
        try:
            self._kept.execute("ROLLBACK")
        except self._lean.errors:
            self._kept.close()

    def _raise(self, error: Exception, phase: trouble.Phase) -> None:
        if self._kept.dialect.name != "sqlite" and self._kept.driver.closed:
            self._kept.close()
        ours = self._lean.database.told(error, phase)
        if ours is not None:
            raise ours from error
        raise error
