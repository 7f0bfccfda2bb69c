"""What a person is told about the database, and what the doctor makes of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from onbam.database import checks
from onbam.database.backup import backup
from onbam.database.checks import findings
from onbam.database.engine import Database, open_database
from onbam.database.migrate import upgrade
from onbam.database.revisions import known
from onbam.database.status import DatabaseStatus, status
from onbam.kernel.checks import Finding
from onbam.kernel.clock import SystemClock
from onbam.kernel.errors import Transient

CLOCK = SystemClock()


def names(found: list[Finding]) -> dict[str, str]:
    """How each thing is."""
    return {finding.name: finding.state for finding in found}


def judged(seen: DatabaseStatus) -> dict[str, str]:
    """The doctor's word on a look."""
    return names(list(findings(seen, CLOCK)))


def test_a_healthy_database_says_so(any_database: Database, tmp_path: Path) -> None:
    """Kind, version, schema, size and the last backup are those of the database."""
    upgrade(any_database)
    made = backup(any_database, tmp_path / "copies")
    seen = status(any_database, tmp_path / "copies")
    assert (seen.kind, seen.schema, seen.current) == (any_database.kind, known()[-1], True)
    assert seen.size > 10_000
    assert (seen.damage, seen.last_backup) == (None, made.path)
    assert seen.installation
    states = judged(dataclasses.replace(seen, unsafe=None))  # the servers of a test run do not wait for the disk
    assert set(states.values()) == {"ok"}
    assert {"database", "database-schema", "database-backup"} <= set(states)


def test_looking_changes_nothing(any_database: Database, tmp_path: Path) -> None:
    """A database that was never started stays so, and a writer is not waited for."""
    with any_database.write():
        seen = status(any_database, tmp_path)
    assert seen.schema is None
    assert judged(seen)["database-schema"] == "ok"
    with any_database.read() as connection:
        from sqlalchemy import inspect

        assert inspect(connection).get_table_names() == []


def test_each_trouble_has_its_line_and_its_fix(sqlite_database: Database, tmp_path: Path) -> None:
    """An old schema, damage, no space, a long log, an old backup: each is told with what to do."""
    upgrade(sqlite_database)
    backup(sqlite_database, tmp_path)
    well = status(sqlite_database, tmp_path)
    assert well.last_backup_at is not None
    for change, name, state in (
        ({"schema": "0001"}, "database-schema", "warn"),
        ({"damage": "row 7 missing"}, "database-whole", "bad"),
        ({"free": 1024}, "database-disk", "bad"),
        ({"free": 500 * 1024 * 1024}, "database-disk", "warn"),
        ({"wal_size": 1 << 30}, "database-log", "warn"),
        ({"file_system": "cifs"}, "database-place", "bad"),
        ({"last_backup_at": None}, "database-backup", "warn"),
        ({"last_backup_at": well.last_backup_at - timedelta(days=9)}, "database-backup", "warn"),
        ({"unsafe": "fsync"}, "database-durable", "bad"),
    ):
        ill = dataclasses.replace(well, **change)  # type: ignore[arg-type]
        found = {finding.name: finding for finding in findings(ill, CLOCK)}
        assert found[name].state == state
        assert found[name].fix is not None
        assert {found[name].text.to("ko"), found[name].text.to("en")} != {found[name].text.to("en")}


def test_damage_inside_the_file_is_seen(sqlite_database: Database, tmp_path: Path, open_url: Callable[[str], Database]) -> None:
    """A page full of rubbish is found by the look, which says what it met."""
    upgrade(sqlite_database)
    with sqlite_database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
        page = connection.exec_driver_sql("SELECT rootpage FROM sqlite_schema WHERE name = 'letters'").scalar_one()
    url = sqlite_database.url
    sqlite_database.close()
    assert sqlite_database.path is not None
    content = bytearray(sqlite_database.path.read_bytes())
    content[(page - 1) * size : page * size] = b"\x07" * size
    sqlite_database.path.write_bytes(content)
    seen = status(open_url(url), tmp_path)
    assert seen.damage
    assert judged(seen)["database-whole"] == "bad"


@pytest.mark.needs("postgres")
def test_a_server_that_may_lose_rows_is_told(postgres_database: Database, tmp_path: Path) -> None:
    """The test run's own server does not wait for the disk: the doctor must say so."""
    seen = status(postgres_database, tmp_path)
    assert seen.unsafe == "fsync"
    assert judged(seen)["database-durable"] == "bad"


@pytest.mark.needs("mariadb")
def test_a_mariadb_that_may_lose_rows_is_told(mariadb_database: Database, tmp_path: Path) -> None:
    """The same for MariaDB."""
    seen = status(mariadb_database, tmp_path)
    assert seen.unsafe == "innodb_flush_log_at_trx_commit=0"
    assert judged(seen)["database-durable"] == "bad"


def test_a_database_that_cannot_be_opened_is_one_line(tmp_path: Path) -> None:
    """The doctor goes on, with our own words for what is wrong."""

    def away() -> Database:
        return open_database("postgresql://127.0.0.1:1/shop", clock=CLOCK)

    (check,) = checks.checks(away, tmp_path, CLOCK)
    (finding,) = check()
    assert (finding.name, finding.state) == ("database", "bad")
    with pytest.raises(Transient) as caught:
        away()
    assert finding.fix is not None
    assert (finding.text.to("ko"), finding.fix.to("ko")) == (caught.value.message.to("ko"), caught.value.hint.to("ko"))


def test_a_database_that_opens_is_looked_at(sqlite_url: str, tmp_path: Path) -> None:
    """The room's check opens, looks and closes."""
    (check,) = checks.checks(lambda: open_database(sqlite_url, clock=CLOCK), tmp_path, CLOCK)
    assert names(list(check()))["database"] == "ok"
