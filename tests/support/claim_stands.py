"""Where a claim store is put to be tested: open it as often as there are PCs, let the store's own time pass.

For: the conformance suite in `tests/contract/claims`; a new store adds a stand to `STANDS` and has to pass as it is.
Promises: every test gets an empty store; time passes only when the test says so, also on a server with its own clock.
Refuses: to look inside a store.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Final, Protocol, cast

import sqlalchemy as sa

from onbam.claims.model import Agent, Terms
from onbam.claims.ports import ClaimStore
from onbam.claims.stores.memory import MemoryStore
from onbam.claims.stores.sql import SqlStore
from onbam.claims.tables import item_memory, items, machines
from onbam.database.engine import Database, open_database
from onbam.database.schema import metadata
from onbam.journal.memory import MemoryJournal
from onbam.journal.tables import journal, journal_days, journal_head
from onbam.kernel.clock import FakeClock, SystemClock

MINUTE_MS: Final = 60_000
TABLES: Final = (items, item_memory, machines, journal, journal_days, journal_head)
"""What a claim store writes to. None of them numbers its rows itself: deleting the rows makes them new."""
A: Final = Agent("PC-A-7k2m", "PC-A-7k2m/agent/1", "PC-A", "192.168.1.100")
A_AGAIN: Final = Agent("PC-A-7k2m", "PC-A-7k2m/agent/2", "PC-A-NEW-NAME", "192.168.1.150")
"""The same seat of the same machine after a restart, a rename and a new address."""
B: Final = Agent("PC-B-9x3p", "PC-B-9x3p/agent/1", "PC-B", "192.168.1.101")
C: Final = Agent("PC-C-2h8q", "PC-C-2h8q/agent/1", "PC-C", "192.168.1.102")


class Stand(Protocol):
    """A place where one store stands."""

    def open(self, terms: Terms | None = None) -> ClaimStore:
        """The store as one more PC sees it: the same items each time."""
        ...

    def pass_time(self, seconds: float) -> None:
        """The store's clock moves on (or back)."""
        ...

    def close(self) -> None:
        """Clear up."""
        ...


class MemoryStand:
    """The reference."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self._first = MemoryStore(self.clock, journal=MemoryJournal(self.clock))

    def open(self, terms: Terms | None = None) -> ClaimStore:
        """Another door to the same dictionaries."""
        store = MemoryStore(self.clock, terms, self._first.journal)
        store.items, store.memory, store._lock = self._first.items, self._first.memory, self._first._lock
        return store

    def pass_time(self, seconds: float) -> None:
        """Its clock is the test's."""
        self.clock.jump(seconds)

    def close(self) -> None:
        """Nothing stays."""


class ShiftedDatabase:
    """A database whose server's clock is some seconds off, as a row of a table says: the same for every PC."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def now_ms(self) -> sa.ColumnElement[int]:
        """The server's clock, moved."""
        return self._database.now_ms() + sa.literal_column("(SELECT ahead_ms FROM test_clock)", sa.BigInteger())

    def clock_ms(self, connection: sa.Connection) -> int:
        """The same as a number."""
        return int(connection.execute(sa.select(self.now_ms())).scalar_one())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)


def furnish(database: Database) -> None:
    """The tables, and the hand on the server's clock."""
    with database.write() as connection:
        metadata.create_all(connection, tables=TABLES, checkfirst=False)
        connection.exec_driver_sql("CREATE TABLE test_clock (ahead_ms BIGINT NOT NULL)")
        connection.exec_driver_sql("INSERT INTO test_clock VALUES (0)")


def emptied(url: str) -> str:
    """The address of a furnished database, as it was before anybody used it: making tables is what costs a server its time."""
    with closing(open_database(url, clock=SystemClock())) as database, database.write() as connection:
        for table in TABLES:
            connection.execute(sa.delete(table))
        connection.exec_driver_sql("UPDATE test_clock SET ahead_ms = 0")
    return url


class SqlStand:
    """A database of its own; each PC has its own connections."""

    def __init__(self, opened: Callable[[], Database], clock: FakeClock | None = None, *, furnished: bool = False) -> None:
        self._opened = opened
        self._clock = clock
        self._furnished = furnished
        self._databases: list[Database] = []

    def open(self, terms: Terms | None = None) -> ClaimStore:
        """Another PC."""
        return SqlStore(self.database(), terms)

    def database(self) -> Database:
        """Another PC's way to the same tables."""
        database = self._opened()
        self._databases.append(database)
        if not self._furnished:
            furnish(database)
            self._furnished = True
        return database if self._clock is not None else cast("Database", ShiftedDatabase(database))

    def pass_time(self, seconds: float) -> None:
        """Every PC sees the store's clock move."""
        if self._clock is not None:
            self._clock.jump(seconds)
            return
        with self._databases[0].write() as connection:
            more = sa.text("UPDATE test_clock SET ahead_ms = ahead_ms + :more")
            connection.execute(more, {"more": int(seconds * 1000)})

    def close(self) -> None:
        """Close every PC's connections."""
        for database in self._databases:
            database.close()


def sqlite_stand(folder: Path) -> SqlStand:
    """A file."""
    clock = FakeClock()
    return SqlStand(lambda: open_database(f"sqlite:///{(folder / 'onbam.db').as_posix()}", clock=clock), clock)


def server_stand(url: str, *, furnished: bool = False) -> SqlStand:
    """A database of a server; its own clock decides."""
    return SqlStand(lambda: open_database(url, clock=SystemClock()), furnished=furnished)
