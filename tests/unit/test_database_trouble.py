"""A driver's error becomes what to do next; a password becomes nothing at all."""

from __future__ import annotations

import contextlib
import importlib.util
import sqlite3
import traceback
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg.errors
import pymysql.err
import pytest
import sqlalchemy as sa
from hypothesis import example, given
from hypothesis import strategies as st

from onbam.database import trouble
from onbam.database.address import address, embedded
from onbam.database.dialects import mysql, postgresql, sqlite
from onbam.database.engine import open_database
from onbam.database.naming import Name, name_of
from onbam.database.settings import DEFAULT_URL, DatabaseSettings
from onbam.kernel.clock import FakeClock, SystemClock
from onbam.kernel.errors import Damaged, Misconfigured, OnbamError, StoreAway, Transient
from onbam.kernel.settings import Secret

CANARY = "c4n4ry-pw"


def of_sqlite(name: str) -> sqlite3.Error:
    """The driver's error of this code."""
    error = sqlite3.OperationalError("words")
    error.sqlite_errorname = name  # type: ignore[misc]
    return error


def of_postgres(state: str) -> psycopg.Error:
    """The driver's error of this state."""
    return psycopg.errors.lookup(state)("words")


def of_mysql(code: int) -> pymysql.err.MySQLError:
    """The driver's error of this number."""
    return pymysql.err.OperationalError(code, "words")


@pytest.mark.parametrize(
    ("classify", "error", "ours"),
    [
        (sqlite.classify, of_sqlite("SQLITE_BUSY"), StoreAway),
        (sqlite.classify, of_sqlite("SQLITE_BUSY_SNAPSHOT"), StoreAway),
        (sqlite.classify, of_sqlite("SQLITE_FULL"), StoreAway),
        (sqlite.classify, of_sqlite("SQLITE_CORRUPT"), Damaged),
        (sqlite.classify, of_sqlite("SQLITE_NOTADB"), Damaged),
        (sqlite.classify, of_sqlite("SQLITE_READONLY_DBMOVED"), Damaged),
        (sqlite.classify, of_sqlite("SQLITE_IOERR_FSYNC"), Damaged),
        (sqlite.classify, of_sqlite("SQLITE_IOERR_SHMLOCK"), StoreAway),
        (sqlite.classify, of_sqlite("SQLITE_READONLY"), Misconfigured),
        (sqlite.classify, of_sqlite("SQLITE_CANTOPEN"), Misconfigured),
        (sqlite.classify, of_sqlite("SQLITE_CONSTRAINT_UNIQUE"), None),
        (sqlite.classify, of_sqlite("SQLITE_ERROR"), None),
        (sqlite.classify, ValueError("not a driver's"), None),
        (postgresql.classify, of_postgres("57P01"), StoreAway),
        (postgresql.classify, of_postgres("08006"), StoreAway),
        (postgresql.classify, of_postgres("40P01"), StoreAway),
        (postgresql.classify, of_postgres("57014"), StoreAway),
        (postgresql.classify, of_postgres("53100"), StoreAway),
        (postgresql.classify, of_postgres("25006"), StoreAway),
        (postgresql.classify, of_postgres("XX001"), Damaged),
        (postgresql.classify, of_postgres("28P01"), Misconfigured),
        (postgresql.classify, of_postgres("3D000"), Misconfigured),
        (postgresql.classify, of_postgres("42501"), Misconfigured),
        (postgresql.classify, of_postgres("23505"), None),
        (postgresql.classify, of_postgres("42P01"), Misconfigured),
        (postgresql.classify, of_postgres("42601"), None),
        (mysql.classify, of_mysql(1146), Misconfigured),
        (postgresql.classify, psycopg.OperationalError("server closed the connection"), StoreAway),
        (postgresql.classify, psycopg.OperationalError("FATAL: password authentication failed"), Misconfigured),
        (postgresql.classify, ValueError("not a driver's"), None),
        (mysql.classify, of_mysql(2013), StoreAway),
        (mysql.classify, of_mysql(1205), StoreAway),
        (mysql.classify, of_mysql(1213), StoreAway),
        (mysql.classify, of_mysql(1021), StoreAway),
        (mysql.classify, of_mysql(1969), StoreAway),
        (mysql.classify, of_mysql(1290), StoreAway),
        (mysql.classify, of_mysql(1034), Damaged),
        (mysql.classify, of_mysql(1045), Misconfigured),
        (mysql.classify, of_mysql(1049), Misconfigured),
        (mysql.classify, of_mysql(1142), Misconfigured),
        (mysql.classify, of_mysql(1062), None),
        (mysql.classify, pymysql.err.InterfaceError(0, ""), StoreAway),
        (mysql.classify, ValueError("not a driver's"), None),
    ],
)
def test_each_code_has_its_next_action(classify: trouble.Classify, error: BaseException, ours: type[OnbamError] | None) -> None:
    """Later, never, stop, or a person: what to do follows from the driver's own code; a bug stays a bug."""
    told = trouble.told(error, classify)
    assert (None if told is None else type(told)) == ours
    if told is not None:
        assert told.hint.to("ko") != told.hint.to("en")


def test_a_connection_lost_while_saving_leaves_the_outcome_open() -> None:
    """Whether the row was kept is then not known, and the error says so; still it may be tried again."""
    told = trouble.told(of_postgres("57P01"), postgresql.classify, "committing")
    assert isinstance(told, trouble.CommitUnknown)
    assert isinstance(told, Transient)
    before = trouble.told(of_postgres("57P01"), postgresql.classify, "writing")
    assert not isinstance(before, trouble.CommitUnknown)


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://onbam:{CANARY}@127.0.0.1:1/shop",
        f"mysql://onbam:{CANARY}@127.0.0.1:1/shop",
        f"mysql://onbam:{CANARY}@127.0.0.1:notaport/shop",
        f"postgresql://onbam:x@{CANARY}@:::/shop",
        f"oracle://onbam:{CANARY}@db/shop",
        f"{CANARY}://onbam",
        f"nonsense {CANARY}",
    ],
)
def test_no_error_about_an_address_repeats_its_password(url: str) -> None:
    """Unreachable, misspelt or unknown: neither the text nor the traceback holds the password."""
    settings = DatabaseSettings(connect_timeout_s=1)
    with pytest.raises((Misconfigured, Transient)) as caught:
        open_database(url, clock=SystemClock(), settings=settings)
    shown = "".join(traceback.format_exception(caught.value))
    assert CANARY not in shown + caught.value.to("ko") + caught.value.to("en") + repr(caught.value) + str(caught.value.context)


NASTY = "@:/#?%&=[] +'\\"
"""Letters that mean something in an address."""
PIECES = st.lists(st.sampled_from([*NASTY, CANARY, "onbam", "host=", ":5432", "/shop", "://"]), min_size=1, max_size=8)


@given(pieces=PIECES, where=st.sampled_from(["onbam:{pw}@db.shop:5433/shop", "{pw}@db/shop", "onbam:{pw}@[::1]:5433/shop"]))
@example(pieces=[CANARY, "@", CANARY, "/", CANARY, "?", CANARY], where="onbam:{pw}@db.shop:5433/shop")
@example(pieces=["/", CANARY], where="on/bam:{pw}@db.shop:5433/shop")
@example(pieces=["x", "@", CANARY], where="onbam:{pw}@/shop?host=/run/s")
@example(pieces=[CANARY], where="onbam:5432{pw}/shop")
def test_no_part_of_a_password_is_taken_for_the_server(pieces: list[str], where: str) -> None:
    """Whatever letters it has and whether they were escaped or not: what is named is the server, or nothing."""
    password = "".join([CANARY, *pieces, CANARY])
    written = f"postgresql://{where.format(pw=password)}"
    try:
        parsed = sa.make_url(written)
    except (sa.exc.ArgumentError, ValueError):
        return  # such an address is refused before anything is named
    name = name_of(written, parsed, "postgresql", postgresql.PORT)
    shown = "" if where.startswith("{pw}") else name.shown  # who wrote no user wrote the password where a user stands
    error = trouble.told(of_postgres("08006"), postgresql.classify, "reading", name.place)
    assert error is not None
    assert CANARY not in shown + name.place + error.to("ko") + error.to("en") + str(error.context)
    assert name.place in {"", "db.shop:5433/shop", "db:5432/shop", "[::1]:5433/shop"}


@pytest.mark.parametrize(
    ("written", "place", "shown"),
    [
        ("postgresql://onbam:a/b#c:d?e@db.shop.kr:5433/shop", "db.shop.kr:5433/shop", "postgresql://onbam:***@db.shop.kr:5433/shop"),
        ("postgresql+psycopg://onbam:pw@db/shop?sslpassword=pw", "db:5432/shop", "postgresql://onbam:***@db/shop"),
        ("postgres://onbam@db/shop", "db:5432/shop", "postgresql://onbam@db/shop"),
        ("postgresql://db/shop", "db:5432/shop", "postgresql://db/shop"),
        ("postgresql://u:p@/shop?host=%2Frun%2Fpg&port=5433", "/run/pg:5433/shop", "postgresql://u:***@/shop?host=/run/pg&port=5433"),
        ("postgresql://onbam:p@ss@db/shop", "", "postgresql://…"),
        ("postgresql://onbam:5432/shop", "", "postgresql://…"),
        ("postgresql://onbam:pw@db", "", "postgresql://…"),
    ],
)  # fmt: skip
def test_people_read_the_server_and_not_its_driver(written: str, place: str, shown: str) -> None:
    """Host, port and database as the shop wrote them, and nothing where the password's end cannot be told."""
    assert name_of(written, sa.make_url(written), "postgresql", postgresql.PORT) == Name(place, shown)


@pytest.mark.parametrize(("kind", "named"), [("postgresql", "127.0.0.1:1/shop"), ("mysql", "127.0.0.1:1/shop")])
def test_a_server_out_of_reach_is_named(kind: str, named: str) -> None:
    """A wrong address is seen at a glance: the sentence has host, port and database in both languages."""
    with pytest.raises(Transient) as caught:
        open_database(
            f"{kind}://onbam:{CANARY}@127.0.0.1:1/shop", clock=SystemClock(), settings=DatabaseSettings(connect_timeout_s=1)
        )
    assert named in caught.value.message.to("ko")
    assert named in caught.value.message.to("en")


def test_neither_the_settings_nor_the_address_show_a_password() -> None:
    """Printing the settings or their parts shows no secret."""
    settings = DatabaseSettings(url=Secret(f"postgresql://onbam:{CANARY}@db/shop"))
    assert CANARY not in f"{settings} {settings!r} {settings.url}"


@pytest.mark.parametrize(("url", "extra"), [("postgresql://db/shop", "postgres"), ("mariadb://db/shop", "mysql")])
def test_a_missing_driver_names_its_extra(url: str, extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the driver a person reads the command that brings it."""
    found = importlib.util.find_spec

    def nothing(name: str, package: str | None = None) -> Any:
        return None if name in {"psycopg", "pymysql"} else found(name, package)

    monkeypatch.setattr(importlib.util, "find_spec", nothing)
    with pytest.raises(Misconfigured) as caught:
        open_database(url, clock=SystemClock())
    assert f"onbam[{extra}]" in caught.value.to("ko")
    assert f"onbam[{extra}]" in caught.value.to("en")


def test_a_missing_folder_starts_no_new_database(tmp_path: Path) -> None:
    """Where the disk of yesterday is not there today, no empty database is begun in its place."""
    with pytest.raises(Misconfigured, match="gone"):
        open_database(f"sqlite:///{tmp_path}/gone/onbam.db", clock=SystemClock())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "remote"])
def test_a_file_on_a_share_is_refused(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Locks on a share cannot be trusted, so nothing is begun there."""
    monkeypatch.setattr(sqlite, "file_system", lambda _: kind)
    with pytest.raises(Misconfigured, match=kind):
        open_database(f"sqlite:///{tmp_path}/onbam.db", clock=SystemClock())
    assert list(tmp_path.iterdir()) == []


def test_the_file_system_is_that_of_the_nearest_mount(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A share inside a local disk is a share; a folder that merely begins like it is not; a Windows name of a share is one."""
    inner = tmp_path / "share"
    mounts = {"/": "ext4", str(inner): "cifs", "/proc": "proc"}
    parts = [SimpleNamespace(mountpoint=place, fstype=kind, opts="rw") for place, kind in mounts.items()]
    monkeypatch.setattr("psutil.disk_partitions", lambda *, all: parts)  # noqa: A006 -- the name is psutil's
    assert sqlite.file_system(inner / "onbam.db") == "cifs"
    assert sqlite.file_system(tmp_path / "share-not" / "onbam.db") == "ext4"
    assert sqlite.file_system(Path("//server/share/onbam.db")) == "remote"
    assert not sqlite.on_network("ext4")


def test_the_file_is_its_owners_only(tmp_path: Path) -> None:
    """Nobody else on the PC reads the shop's orders, not in the file and not in the log beside it."""
    path = tmp_path / "onbam.db"
    database = open_database(f"sqlite:///{path}", clock=SystemClock())
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a)")
    modes = {file.name: file.stat().st_mode & 0o077 for file in tmp_path.iterdir()}
    database.close()
    assert set(modes) == {"onbam.db", "onbam.db-wal", "onbam.db-shm"}
    assert set(modes.values()) == {0}


def test_every_connection_is_durable_and_keeps_references(tmp_path: Path) -> None:
    """Each connection of the pool, not only the first, waits for the disk and checks foreign keys."""
    database = open_database(f"sqlite:///{tmp_path}/onbam.db", clock=SystemClock())
    with contextlib.ExitStack() as stack:
        for _ in range(4):
            connection = stack.enter_context(database.read())
            asked = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("synchronous", "foreign_keys")}
            assert asked == {"synchronous": 2, "foreign_keys": 1}
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    database.close()


def test_on_one_pc_the_stores_clock_is_the_one_that_was_passed_in(tmp_path: Path) -> None:
    """SQLite has no clock of its own; an expression built once reads the clock anew each time."""
    clock = FakeClock()
    database = open_database(f"sqlite:///{tmp_path}/onbam.db", clock=clock)
    now = sa.select(database.now_ms())
    with database.read() as connection:
        first = connection.scalar(now)
        clock.advance(1.5)
        assert (connection.scalar(now), database.clock_ms(connection)) == (first + 1500, first + 1500)
    database.close()


def test_a_second_writer_waits_and_is_then_told(tmp_path: Path) -> None:
    """While one writes the other is told "busy" after its time, reads go on, and afterwards the write succeeds."""
    hasty = DatabaseSettings(busy_timeout_s=0.1)
    url = f"sqlite:///{tmp_path}/onbam.db"
    one, other = (open_database(url, clock=SystemClock(), settings=hasty) for _ in range(2))
    with one.write() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a)")
        with pytest.raises(Transient), other.write():
            pass
        with other.read() as reading:
            assert reading.exec_driver_sql("SELECT count(*) FROM sqlite_schema").scalar() == 0
    with other.write() as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES (1)")
    one.close()
    other.close()


def test_when_all_connections_are_taken_it_is_told_in_time(tmp_path: Path) -> None:
    """A process that holds every connection is told so, instead of hanging."""
    narrow = DatabaseSettings(pool_size=1, pool_extra=0, pool_wait_s=0.1)
    database = open_database(f"sqlite:///{tmp_path}/onbam.db", clock=SystemClock(), settings=narrow)
    with database.read(), pytest.raises(Transient, match="in use"), database.read():
        pass
    database.close()


def test_a_file_that_is_no_database_is_damage(tmp_path: Path) -> None:
    """What cannot be read is not written over."""
    path = tmp_path / "onbam.db"
    path.write_bytes(b"this is a letter, not a database" * 200)
    with pytest.raises(Damaged):
        open_database(f"sqlite:///{path}", clock=SystemClock())
    assert path.read_bytes().startswith(b"this is a letter")


def test_the_default_address_lies_in_the_data_folder(tmp_path: Path) -> None:
    """Whoever types nothing gets a file among his data; only `embedded` wants a server of our own."""
    clock = FakeClock()
    assert DEFAULT_URL == "sqlite:///{data}/onbam.db"
    settings = DatabaseSettings()
    assert address(settings, tmp_path, clock=clock, environ={}) == f"sqlite:///{tmp_path.as_posix()}/onbam.db"
    assert embedded(settings, tmp_path, clock=clock, environ={}) is None
    server = embedded(DatabaseSettings(url=Secret("embedded")), tmp_path, clock=clock, environ={})
    assert server is not None
    assert server.room == tmp_path / "postgres"
    assert list(tmp_path.iterdir()) == []
