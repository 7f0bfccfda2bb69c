"""How a follower of the journal learns that there is something new.

For: `SqlJournal.tail`.
Promises: PostgreSQL wakes its followers itself; on SQLite a look is a pragma that reads one number; elsewhere the head is read
a few times a second. A bell that rings for nothing costs one read and nothing else.
Refuses: to be relied on: a follower reads after every wait, so a bell that stays silent only delays.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Any, Final, Protocol

import sqlalchemy as sa
from sqlalchemy.pool import PoolProxiedConnection

from onbam.database.engine import Database
from onbam.journal import words
from onbam.journal.tables import journal
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Transient

CHANNEL: Final = "onbam_journal"
"""What PostgreSQL calls the bell."""
LOOK_S: Final = 0.1
"""Between two looks where nobody rings."""
MARK_S: Final = 0.03
"""The same where a look is SQLite's own mark, which costs microseconds."""
LISTEN_MAX_S: Final = 15.0
"""A listener reads again after this long also when nobody rang: a connection can die silently."""

Heard = Callable[[float], None]
"""Wait until it rings, at most so many seconds."""


class Bell(Protocol):
    """Rings when there may be something new."""

    def listening(self) -> AbstractContextManager[Heard]:
        """From here on, whatever is written rings."""
        ...

    def close(self) -> None:
        """Let its connection go."""
        ...


def bell_for(database: Database, clock: Clock) -> Bell:
    """The bell this database has."""
    if database.kind == "sqlite":
        return MarkBell(database, clock)
    looking = LookBell(database, clock)
    return NotifyBell(database, looking) if database.kind == "postgresql" else looking


class MarkBell:
    """SQLite's own mark, on a connection kept for the wait: another number as soon as any other connection has committed."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @contextmanager
    def listening(self) -> Iterator[Heard]:
        """Remember the mark; a wait ends when it is another one."""
        with _ours(self._database), closing(self._database.engine.raw_connection()) as connection:
            cursor = connection.cursor()

            def mark() -> object:
                cursor.execute("PRAGMA data_version")
                return cursor.fetchone()

            yield _watching(mark, self._clock, MARK_S)
            cursor.close()

    def close(self) -> None:
        """Nothing is kept between two listenings."""


class LookBell:
    """Reads the head a few times a second."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @contextmanager
    def listening(self) -> Iterator[Heard]:
        """Remember the head; a wait ends when it is another one."""

        def head() -> object:
            with self._database.read() as connection:
                return connection.scalar(sa.select(sa.func.max(journal.c.position)))

        yield _watching(head, self._clock, LOOK_S)

    def close(self) -> None:
        """Nothing is kept between two listenings."""


def _watching(look: Callable[[], object], clock: Clock, every_s: float) -> Heard:
    """A wait that ends when a look shows something else than the last one."""
    seen = look()

    def heard(wait_s: float) -> None:
        nonlocal seen
        until = clock.monotonic() + wait_s
        while (now := look()) == seen and (left := until - clock.monotonic()) > 0:
            clock.wait(min(every_s, left))
        seen = now

    return heard


class NotifyBell:
    """PostgreSQL's LISTEN, on one connection kept open; a second follower in the same process looks instead."""

    def __init__(self, database: Database, otherwise: Bell) -> None:
        self._database = database
        self._otherwise = otherwise
        self._one = threading.Lock()
        self._connection: PoolProxiedConnection | None = None

    @contextmanager
    def listening(self) -> Iterator[Heard]:
        """LISTEN before the follower reads, so that what is written in between rings."""
        if not self._one.acquire(blocking=False):
            with self._otherwise.listening() as heard:
                yield heard
            return
        try:
            with _ours(self._database):
                driver = self._listener()
                yield lambda wait_s: _rung(driver, wait_s)
        except Transient:
            self.close()
            raise
        finally:
            self._one.release()

    def _listener(self) -> Any:
        """The driver's connection, listening, outside any transaction."""
        if self._connection is None:
            self._connection = self._database.engine.raw_connection()
            driver: Any = self._connection.driver_connection
            driver.rollback()
            driver.autocommit = True
            driver.execute(f"LISTEN {CHANNEL}")
        return self._connection.driver_connection

    def close(self) -> None:
        """Let the listening connection go; it does not return to the pool, for it listens and commits by itself."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()


def _rung(driver: Any, wait_s: float) -> None:
    for _ in driver.notifies(timeout=min(wait_s, LISTEN_MAX_S), stop_after=1):
        return


@contextmanager
def _ours(database: Database) -> Iterator[None]:
    """A connection of our own that broke: the follower tries again later, whatever the reason was."""
    try:
        yield
    except (sa.exc.DBAPIError, database.engine.dialect.loaded_dbapi.Error) as error:
        raise database.classify(error) or Transient(words.FOLLOWING_BROKE, words.FOLLOWING_BROKE_HINT) from error
