"""Lean transactions keep what the ordinary ones promise, also when a connection dies under them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace

import pytest
import sqlalchemy as sa

from onbam.database.engine import Database, open_database
from onbam.database.lean import LOOK_AFTER_S, Lean
from onbam.database.prepared import Bulk, Prepared
from onbam.database.schema import Key, Millis
from onbam.database.trouble import CommitUnknown
from onbam.kernel.clock import FakeClock
from onbam.kernel.errors import Transient

KINDS = (pytest.param("sqlite"), pytest.param("postgres", marks=pytest.mark.needs("postgres")))
tables = sa.MetaData()
things = sa.Table("things", tables, sa.Column("name", Key, primary_key=True), sa.Column("at_ms", Millis, nullable=False))
ALL = Prepared(sa.select(things).order_by(things.c.name))
SOME = Prepared(
    sa.select(things.c.name).where(things.c.name.in_(sa.bindparam("names", expanding=True))).order_by(things.c.name)
)
INSERT = Bulk("insert", things, ("name", "at_ms"), ())
UPDATE = Bulk("update", things, ("at_ms",), ("name", "at_ms"))
DELETE = Bulk("delete", things, (), ("name",))


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest) -> Database:
    """A database with one table."""
    opened: Database = request.getfixturevalue(f"{request.param}_database")
    with opened.write() as connection:
        tables.create_all(connection)
    return opened


@pytest.fixture
def lean(database: Database) -> Lean:
    """Its lean transactions."""
    return Lean(database)


def rows(lean: Lean) -> list[tuple[str, int]]:
    """What is committed."""
    with lean.read() as connection:
        return [(name, at) for name, at in ALL.rows(connection, {})]


def test_what_is_written_is_seen_and_what_fails_is_not(lean: Lean) -> None:
    """Committed at the end of the block; undone by any error, and the connection is good again."""
    with lean.write() as connection:
        INSERT.run(connection, [("a", 1), ("b", 2)])
    with pytest.raises(ZeroDivisionError), lean.write() as connection:
        INSERT.run(connection, [("c", 1 // 0)])
    with pytest.raises(ZeroDivisionError), lean.write() as connection:
        DELETE.run(connection, [("a",)]) // 0
    assert rows(lean) == [("a", 1), ("b", 2)]


def test_many_rows_are_changed_in_one_go_and_counted(lean: Lean) -> None:
    """A fence that does not hold leaves its row alone, and the number says so."""
    with lean.write() as connection:
        assert INSERT.run(connection, [(f"{n:03}", n) for n in range(300)]) == 300
        assert UPDATE.run(connection, [(n + 1000, f"{n:03}", n if n % 2 else -1) for n in range(300)]) == 150
        assert UPDATE.run(connection, [(7, "001", 1001)]) == 1
        assert DELETE.run(connection, [(f"{n:03}",) for n in range(10, 300)]) == 290
    assert rows(lean) == [(f"{n:03}", 7 if n == 1 else n + 1000 if n % 2 else n) for n in range(10)]


@pytest.mark.parametrize("count", [1, 2, 3, 7, 50, 51, 499, 500])
def test_a_list_of_any_length_finds_what_it_names(lean: Lean, count: int) -> None:
    """Padded to few lengths, nothing is found twice."""
    with lean.write() as connection:
        INSERT.run(connection, [(f"{n:03}", n) for n in range(500)])
        found = SOME.rows(connection, {"names": [f"{n:03}" for n in range(count)]})
    assert found == [(f"{n:03}",) for n in range(count)]


def test_each_thread_has_its_own_connection(lean: Lean) -> None:
    """Eight threads at once, each committing on its own; none sees a half of another's."""
    start = threading.Barrier(8, timeout=60)

    def work(n: int) -> None:
        start.wait()
        for k in range(5):
            with lean.write() as connection:
                INSERT.run(connection, [(f"{n}-{k}-{half}", n) for half in ("a", "b")])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert len(rows(lean)) == 80


def test_a_closed_database_is_opened_again_when_it_is_used(lean: Lean, database: Database) -> None:
    """As with ordinary transactions: closing lets go of every connection, and the next use makes a new one."""
    with lean.write() as connection:
        INSERT.run(connection, [("a", 1)])
    database.close()
    assert rows(lean) == [("a", 1)]


def test_a_busy_file_is_transient(sqlite_url: str, open_url: Callable[[str], Database]) -> None:
    """Another process holds the write lock for longer than we wait: later, with the same input."""
    import dataclasses

    from onbam.database.engine import open_database
    from onbam.database.settings import DatabaseSettings
    from onbam.kernel.clock import SystemClock

    holder = open_url(sqlite_url)
    hurried = open_database(
        sqlite_url, clock=SystemClock(), settings=dataclasses.replace(DatabaseSettings(), busy_timeout_s=0.05)
    )
    with holder.write(), pytest.raises(Transient), Lean(hurried).write():
        pass
    hurried.close()


@pytest.mark.needs("postgres")
def test_a_connection_ended_by_the_server_is_transient_and_then_made_anew(
    postgres_database: Database, open_url: Callable[[str], Database], postgres_url: str
) -> None:
    """The server was restarted: one transaction fails, the next one works."""
    with postgres_database.write() as connection:
        tables.create_all(connection)
    lean, other = Lean(postgres_database), open_url(postgres_url)
    with lean.write() as connection:
        INSERT.run(connection, [("a", 1)])
    end_others(other)
    with pytest.raises(Transient), lean.write() as connection:
        INSERT.run(connection, [("b", 1)])
    assert rows(lean) == [("a", 1)]


@pytest.mark.needs("postgres")
def test_a_lost_commit_says_that_nobody_knows(
    postgres_database: Database, open_url: Callable[[str], Database], postgres_url: str
) -> None:
    """The connection dies between the last statement and the commit's answer; a statement that is alone likewise."""
    with postgres_database.write() as connection:
        tables.create_all(connection)
    lean, other = Lean(postgres_database), open_url(postgres_url)
    with pytest.raises(CommitUnknown), lean.write() as connection:
        end_others(other, after=INSERT.run(connection, [("a", 1)]))
    rows(lean)
    end_others(other)
    with pytest.raises(CommitUnknown), lean.alone() as connection:
        INSERT.run(connection, [("b", 1)])


@pytest.mark.needs("postgres")
def test_a_look_that_was_cut_off_leaves_nothing_open(
    postgres_database: Database, open_url: Callable[[str], Database], postgres_url: str
) -> None:
    """It only reads: the next one begins again, and nobody has to find out what became of it."""
    with postgres_database.write() as connection:
        tables.create_all(connection)
    with postgres_database.look() as connection:
        assert ALL.rows(connection, {}) == []
    end_others(open_url(postgres_url))
    with pytest.raises(Transient) as broken, postgres_database.look() as connection:
        ALL.rows(connection, {})
    assert not isinstance(broken.value, CommitUnknown)
    with postgres_database.look() as connection:
        assert ALL.rows(connection, {}) == []


@pytest.mark.needs("postgres")
def test_a_connection_that_was_idle_is_tried_before_it_is_used(postgres_url: str, open_url: Callable[[str], Database]) -> None:
    """Restarted overnight: the first claim of the morning does not fail."""
    from onbam.database.engine import open_database

    clock = FakeClock()
    database, other = open_database(postgres_url, clock=clock), open_url(postgres_url)
    with database.write() as connection:
        tables.create_all(connection)
    lean = Lean(database)
    assert rows(lean) == []
    end_others(other)
    clock.advance(LOOK_AFTER_S)
    assert rows(lean) == []
    database.close()


def end_others(database: Database, *, after: object = None) -> None:
    """The server ends every other connection to this database; `after` is what has to be done first."""
    del after
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with database.write() as connection:
        connection.exec_driver_sql(f"SELECT pg_terminate_backend(pid, 5000) {others}").all()


def test_a_new_thread_needs_one_free_place_and_no_second(database: Database) -> None:
    """Two hundred tabs that open at once each wait for one connection: nobody holds one while waiting for another."""
    settings = replace(database.settings, pool_size=2, pool_extra=1, pool_wait_s=0.1)
    narrow = open_database(database.url, clock=database.clock, settings=settings)
    lean = Lean(narrow)
    with closing(narrow), ExitStack() as others:
        for _ in range(2):
            others.enter_context(narrow.read())
        assert rows(lean) == []
        others.enter_context(narrow.read())
        with ThreadPoolExecutor(1) as another, pytest.raises(Transient, match=r"in use|사용"):
            another.submit(rows, lean).result()
