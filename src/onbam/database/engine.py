"""A database, opened: transactions that either happened or did not, and the store's clock.

For: stores (through `write` and `read`) and the composition root (through `open_database`).
Promises: a write is one transaction, committed at the end of its block and rolled back by any error; drivers' trouble arrives
as `Transient`, `Damaged` or `Misconfigured`; a broken constraint arrives as SQLAlchemy's `IntegrityError`; no password in any
text, representation or error.
Refuses: to open what cannot be trusted (a share, an old server, a database without UTF-8); nested transactions.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Protocol

from sqlalchemy import URL, ColumnElement, Connection, Engine, PoolProxiedConnection, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from onbam.database import trouble
from onbam.database import words as say
from onbam.database.dialects import mysql, postgresql, sqlite
from onbam.database.dialects.options import WRITE
from onbam.database.naming import Name, name_of
from onbam.database.settings import DatabaseSettings
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Misconfigured, OnbamError, StoreAway

if TYPE_CHECKING:
    from onbam.database.lean import Lean, LeanConnection

Kind = Literal["sqlite", "postgresql", "mysql"]
PATIENCE_S: Final = 300.0
"""How long an upgrade or a move waits for others to let go."""
LONG_STATEMENT_S: Final = 3600
"""How long one of its statements may run: an index on millions of rows takes its time."""


class _Connect(Protocol):
    def __call__(self, url: URL, settings: DatabaseSettings, clock: Clock, /, *, durable: bool) -> Engine: ...


@dataclass(frozen=True, slots=True)
class _Dialect:
    """One dialect's four functions, and the driver it needs."""

    kind: Kind
    driver: str
    connect: _Connect
    now_ms: Callable[[Clock], ColumnElement[int]]
    inspect: Callable[[Connection], tuple[str, str]]
    classify: trouble.Classify
    module: str = ""
    extra: str = ""
    port: int = 0
    """Where its servers listen unless the address says otherwise."""


_SQLITE: Final = _Dialect("sqlite", "sqlite", sqlite.connect, sqlite.now_ms, sqlite.inspect, sqlite.classify)
_POSTGRESQL: Final = _Dialect(
    "postgresql",
    postgresql.DRIVER,
    postgresql.connect,
    postgresql.now_ms,
    postgresql.inspect,
    postgresql.classify,
    postgresql.MODULE,
    postgresql.EXTRA,
    postgresql.PORT,
)
_MYSQL: Final = _Dialect(
    "mysql", mysql.DRIVER, mysql.connect, mysql.now_ms, mysql.inspect, mysql.classify, mysql.MODULE, mysql.EXTRA, mysql.PORT
)
_BY_NAME: Final = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL, "postgres": _POSTGRESQL, "mysql": _MYSQL, "mariadb": _MYSQL}


@dataclass(slots=True)
class _At:
    """How far a transaction has come."""

    phase: trouble.Phase


class Queue:
    """For the one writer of an SQLite file: it would have those who wait sleep and try again, longer each time."""

    def __init__(self, limit_s: float) -> None:
        self._lock = threading.Lock()
        self._limit_s = limit_s

    def __enter__(self) -> None:
        if not self._lock.acquire(timeout=self._limit_s):
            raise trouble.busy()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


class Database:
    """One open database."""

    def __init__(
        self, url: URL, dialect: _Dialect, engine: Engine, clock: Clock, settings: DatabaseSettings, name: Name | None = None
    ) -> None:
        """`name` is what people may read of the address; nothing of it where that is not known."""
        self.kind: Kind = dialect.kind
        self.engine = engine
        self.clock = clock
        self.settings = settings
        self.path: Path | None = sqlite.path_of(url) if dialect.kind == "sqlite" else None
        """The file of an SQLite database."""
        self.product, self.version = "", ""
        """What it calls itself: `PostgreSQL`, `18.6`."""
        self.queue = Queue(settings.busy_timeout_s) if dialect.kind == "sqlite" else None
        """Where the threads of this process wait to write; none where the server has them wait."""
        self._dialect = dialect
        self._name = name or Name()
        self._writer = engine.execution_options(**{WRITE: True})
        self._reader = engine.execution_options(**{WRITE: False})
        if dialect.kind == "postgresql":
            self._reader = self._reader.execution_options(postgresql_readonly=True)

    def __repr__(self) -> str:
        return f"Database({self.shown})"

    @property
    def shown(self) -> str:
        """Its address for people: without the password, and readable where it is a file."""
        if self.path is not None:
            return f"sqlite:///{self.path.as_posix()}"
        return self._name.shown

    @property
    def url(self) -> str:
        """Its full address, password included: for handing to a child process or a driver, never for a text."""
        return self.engine.url.render_as_string(hide_password=False)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One write transaction; on SQLite it holds the write lock from its first moment."""
        with self.queue or nullcontext(), self._transaction(self._writer, wrote=True) as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One read transaction; the database refuses a write inside it."""
        with self._transaction(self._reader, wrote=False) as connection:
            yield connection

    def look(self) -> AbstractContextManager[Connection | LeanConnection]:
        """For one `Prepared` statement that reads: a page has a dozen, and opening and closing would take a server longer."""
        return self.lean.look() if self.lean is not None else self.read()

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A read transaction that sees one moment of the whole database, however long it takes and whatever others write."""
        frozen = self._reader
        if self.kind != "sqlite":  # which always reads this way
            frozen = frozen.execution_options(isolation_level="REPEATABLE READ")
        with self._transaction(frozen, wrote=False) as connection:
            yield connection

    @contextmanager
    def patient(self) -> Iterator[Database]:
        """The same database through connections that may take their time: for changing the schema and moving everything."""
        settings = dataclasses.replace(self.settings, busy_timeout_s=PATIENCE_S, statement_timeout_s=LONG_STATEMENT_S)
        database = _opened(self.engine.url, self._dialect, self.clock, settings, self._name)
        try:
            yield database
        finally:
            database.close()

    def now_ms(self) -> ColumnElement[int]:
        """The store's clock in epoch milliseconds UTC, as an expression; it is read anew each time a statement runs."""
        return self._dialect.now_ms(self.clock)

    def clock_ms(self, connection: Connection) -> int:
        """The store's clock as a number: a round trip on a server, none on SQLite."""
        if self.kind == "sqlite":
            return int(self.clock.now().timestamp() * 1000)
        return int(connection.execute(select(self.now_ms())).scalar_one())

    @cached_property
    def lean(self) -> Lean | None:
        """Transactions without ceremony: one connection a thread, shared by all stores; none where they gain nothing."""
        from onbam.database.lean import Lean, suits  # it is built on this module

        return Lean(self) if suits(self) else None

    def classify(self, error: BaseException) -> OnbamError | None:
        """Ours for a driver's error; nothing for a bug or a broken constraint."""
        return self.told(error)

    def told(self, error: BaseException, phase: trouble.Phase = "opening") -> OnbamError | None:
        """The same, by how far its transaction had come."""
        return trouble.told(error, self._dialect.classify, phase, self._name.place)

    def close(self) -> None:
        """Let go of every connection; harmless twice."""
        self.engine.dispose()

    @contextmanager
    def taken(self) -> Iterator[PoolProxiedConnection]:
        """A driver's connection for somebody who keeps it: no transaction is open on it."""
        with self._in_our_classes(_At("opening")):
            yield self.engine.raw_connection()

    @contextmanager
    def _transaction(self, engine: Engine, *, wrote: bool) -> Iterator[Connection]:
        at = _At("opening")
        with self._in_our_classes(at), engine.connect() as connection, connection.begin():
            at.phase = "writing" if wrote else "reading"
            yield connection
            at.phase = "committing" if wrote else "reading"

    @contextmanager
    def _in_our_classes(self, at: _At) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, self.engine.dialect.loaded_dbapi.Error) as error:  # bare where nobody wraps it: `raw_connection`
            ours = self.told(error, at.phase)
            if ours is None:
                raise
            raise ours from error
        except PoolTimeout as error:
            raise StoreAway(say.NO_CONNECTION, say.NO_CONNECTION_HINT) from error


def open_database(url: str, *, clock: Clock, settings: DatabaseSettings | None = None, durable: bool = True) -> Database:
    """Open and look once, so that a wrong address fails here and not in the middle of the night.

    `durable=False` is for simulated histories only: it trades the power cut for speed.
    """
    parsed, dialect = _parse(url)
    name = name_of(url, parsed, dialect.kind, dialect.port)
    return _opened(parsed, dialect, clock, settings or DatabaseSettings(), name, durable=durable)


def _opened(
    url: URL, dialect: _Dialect, clock: Clock, settings: DatabaseSettings, name: Name, *, durable: bool = True
) -> Database:
    engine = dialect.connect(url, settings, clock, durable=durable)
    database = Database(url, dialect, engine, clock, settings, name)
    try:
        with database.read() as connection:
            database.product, database.version = dialect.inspect(connection)
    except BaseException:
        database.close()
        raise
    return database


def _parse(url: str) -> tuple[URL, _Dialect]:
    """The address and who understands it. No part of a faulty address is repeated: it may be the password."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise Misconfigured(say.BAD_URL, say.BAD_URL_HINT) from None
    dialect = _BY_NAME.get(parsed.get_backend_name())
    if dialect is None:
        raise Misconfigured(say.UNKNOWN_KIND, say.UNKNOWN_KIND_HINT)
    if dialect.module and importlib.util.find_spec(dialect.module) is None:
        raise Misconfigured(say.NO_DRIVER(kind=dialect.kind, extra=dialect.extra), say.NO_DRIVER_HINT(extra=dialect.extra))
    return parsed.set(drivername=dialect.driver), dialect
