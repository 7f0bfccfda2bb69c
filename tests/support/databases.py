"""Databases for tests: real ones, each test its own.

For: any test that keeps state; `sqlite_database`, `postgres_database`, `mariadb_database` for one kind, `any_database` for a
claim about all of them; the same names with `_url` for tests that open it themselves or in other processes.
Promises: every test gets an empty database of its own and leaves nothing behind; a kind this machine has not is asked for
through `needs`, so it is skipped loudly and fails in strict mode.
Refuses: a database shared between tests; to import anything heavy before a test wants it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from onbam.database.engine import Database
    from support.servers import MariaDb, Postgres

KINDS = (
    pytest.param("sqlite"),
    pytest.param("postgres", marks=pytest.mark.needs("postgres")),
    pytest.param("mariadb", marks=pytest.mark.needs("mariadb")),
)
"""For `parametrize`: the kinds by the names of their fixtures, each asking for its part."""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """One PostgreSQL for the whole run."""
    from support.servers import postgres

    with postgres() as server:
        yield server


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[MariaDb]:
    """One MariaDB for the whole run."""
    from support.servers import mariadb

    # Nothing of a test run has to survive a power cut.
    with mariadb("--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M", "--performance-schema=OFF") as server:
        yield server


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a file that is not there yet, in a folder with a space and Korean letters in its name."""
    folder = tmp_path / "새 폴더"
    folder.mkdir(exist_ok=True)
    return f"sqlite:///{(folder / 'onbam.db').as_posix()}"


@pytest.fixture
def postgres_url(postgres_server: Postgres) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture
def mariadb_url(mariadb_server: MariaDb) -> Iterator[str]:
    """The address of an empty MariaDB database."""
    with mariadb_server.database() as url:
        yield url


@pytest.fixture(params=KINDS)
def any_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database of each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def open_url() -> Iterator[Callable[[str], Database]]:
    """Opens addresses; what it opened is closed when the test ends."""
    from onbam.database.engine import open_database
    from onbam.kernel.clock import SystemClock

    opened: list[Database] = []

    def open_one(url: str) -> Database:
        opened.append(open_database(url, clock=SystemClock()))
        return opened[-1]

    yield open_one
    for database in opened:
        database.close()


@pytest.fixture
def sqlite_database(sqlite_url: str, open_url: Callable[[str], Database]) -> Database:
    """An empty SQLite file."""
    return open_url(sqlite_url)


@pytest.fixture
def postgres_database(postgres_url: str, open_url: Callable[[str], Database]) -> Database:
    """An empty PostgreSQL database."""
    return open_url(postgres_url)


@pytest.fixture
def mariadb_database(mariadb_url: str, open_url: Callable[[str], Database]) -> Database:
    """An empty MariaDB database."""
    return open_url(mariadb_url)


@pytest.fixture(params=KINDS)
def any_database(request: pytest.FixtureRequest) -> Database:
    """An empty database of each kind."""
    database: Database = request.getfixturevalue(f"{request.param}_database")
    return database
