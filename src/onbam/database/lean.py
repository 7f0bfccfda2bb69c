"""SQLite transactions without ceremony, for stores whose statements are all `Prepared`.

For: the claim store, where opening and closing a transaction through a pool took longer than the transaction itself.
Promises: the same as `Database.write` and `read`: BEGIN IMMEDIATE, durable commit, rolled back by any error, trouble in our
classes. One connection a thread, set up by the same engine, closed with the thread or with the database.
Refuses: other kinds of databases (there the round trips cost more than the ceremony), and databases in memory.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import weakref
from types import TracebackType
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy import event

from onbam.database.engine import Database


class _Dialect(NamedTuple):
    """As much of a dialect as `Prepared` looks at."""

    name: str


_SQLITE: Final = _Dialect("sqlite")


class LeanConnection:
    """The driver's connection of one thread."""

    __slots__ = ("__weakref__", "closed", "dialect", "driver")

    def __init__(self, driver: sqlite3.Connection) -> None:
        self.driver = driver
        self.dialect = _SQLITE
        self.closed = False

    def close(self) -> None:
        """Harmless twice."""
        self.closed = True
        with contextlib.suppress(sqlite3.Error):
            self.driver.close()

    def __del__(self) -> None:
        self.close()


class Lean:
    """Transactions on a thread's own connection."""

    def __init__(self, database: Database) -> None:
        assert database.path is not None, "lean transactions are for a file"
        self.database = database
        self._local = threading.local()
        self._open: weakref.WeakSet[LeanConnection] = weakref.WeakSet()
        self._lock = threading.Lock()
        event.listen(database.engine, "engine_disposed", self._close_all)

    def write(self) -> Transaction:
        """A write transaction."""
        return Transaction(self, "BEGIN IMMEDIATE")

    def read(self) -> Transaction:
        """A read transaction."""
        return Transaction(self, "BEGIN")

    def connection(self) -> LeanConnection:
        """This thread's."""
        kept: LeanConnection | None = getattr(self._local, "kept", None)
        if kept is None or kept.closed:
            with self.database.read():  # whatever is wrong with the file comes out in our classes
                fairy = self.database.engine.raw_connection()
            driver: Any = fairy.driver_connection
            fairy.detach()  # it does not count against the pool and does not go back to it
            driver.execute("PRAGMA query_only=OFF")
            kept = self._local.kept = LeanConnection(driver)
            with self._lock:
                self._open.add(kept)
        return kept

    def _close_all(self, _engine: sa.Engine) -> None:
        with self._lock:
            everyone = list(self._open)
        for one in everyone:
            one.close()


class Transaction:
    """One transaction; committed when its block ends, undone by any error."""

    __slots__ = ("_begin", "_kept", "_lean")

    def __init__(self, lean: Lean, begin: str) -> None:
        self._lean = lean
        self._begin = begin

    def __enter__(self) -> LeanConnection:
        self._kept = self._lean.connection()
        try:
            self._kept.driver.execute(self._begin)
        except sqlite3.Error as error:
            self._raise(error)
        return self._kept

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None) -> None:
        driver = self._kept.driver
        if error is None:
            try:
                driver.execute("COMMIT")
            except sqlite3.Error as trouble:
                self._undo()
                self._raise(trouble)
            return
        self._undo()
        if isinstance(error, sqlite3.Error):
            self._raise(error)

    def _undo(self) -> None:
        """What cannot even be rolled back is thrown away with its connection."""
        try:
            if self._kept.driver.in_transaction:
                self._kept.driver.execute("ROLLBACK")
        except sqlite3.Error:
            self._kept.close()

    def _raise(self, error: sqlite3.Error) -> None:
        ours = self._lean.database.classify(error)
        if ours is not None:
            raise ours from error
        raise error
