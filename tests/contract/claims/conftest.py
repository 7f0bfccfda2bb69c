"""The stands of the claim conformance suite: every test here runs on every store.

For: pytest; whoever writes another store adds a line to `STANDS`.
Promises: PostgreSQL and MySQL/MariaDB pass what the sheet passes (A67); a store's name in the test's id; what it needs from the
machine is asked for, loudly.
Refuses: tests that know which store they run on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from onbam.claims.ports import ClaimStore
from onbam.database.engine import open_database
from onbam.kernel.clock import SystemClock
from support.claim_stands import MemoryStand, Stand, emptied, furnish, server_stand, sqlite_stand
from support.older_stand import OlderStand
from support.servers import MariaDb, Postgres
from support.sheet_stand import SheetStand

STANDS = (
    pytest.param("memory"),
    pytest.param("sqlite"),
    pytest.param("sheets"),
    pytest.param("older"),
    pytest.param("postgres", marks=pytest.mark.needs("postgres")),
    pytest.param("mariadb", marks=pytest.mark.needs("mariadb")),
)


def furnished(server: Postgres | MariaDb) -> Iterator[str]:
    """A database of the server with the tables of the claims."""
    with server.database() as url:
        with closing(open_database(url, clock=SystemClock())) as database:
            furnish(database)
        yield url


@pytest.fixture(scope="session")
def furnished_postgres(postgres_server: Postgres) -> Iterator[str]:
    """Made once; each test empties it first."""
    yield from furnished(postgres_server)


@pytest.fixture(scope="session")
def furnished_mariadb(mariadb_server: MariaDb) -> Iterator[str]:
    """Made once; each test empties it first."""
    yield from furnished(mariadb_server)


@pytest.fixture(params=STANDS)
def stand(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stand]:
    """An empty store of each kind."""
    made: Stand
    if request.param == "memory":
        made = MemoryStand()
    elif request.param == "sheets":
        made = SheetStand()
    elif request.param == "older":
        made = OlderStand()
    elif request.param == "sqlite":
        made = sqlite_stand(tmp_path)
    else:
        made = server_stand(emptied(request.getfixturevalue(f"furnished_{request.param}")), furnished=True)
    with closing(made):
        yield made


@pytest.fixture
def store(stand: Stand) -> ClaimStore:
    """The store as the first PC sees it."""
    return stand.open()


@pytest.fixture
def other(stand: Stand, store: ClaimStore) -> ClaimStore:
    """The same store as a second PC sees it."""
    assert store is not None
    return stand.open()
