"""The schema is brought up to date at start, on each kind of database."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from onbam import __version__
from onbam.claims.stores.registry_sql import SqlRegistry
from onbam.claims.tables import machines
from onbam.database import revisions
from onbam.database.engine import Database
from onbam.database.migrate import UNFINISHED, upgrade
from onbam.database.snapshot import copies
from onbam.database.tables import INSTALLATION, SCHEMA_BY, meta
from onbam.kernel.errors import Misconfigured
from support.claim_stands import A
from support.schema import whole

STEPS = revisions.known()

NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "{number}"
down_revision = "{last}"


def upgrade() -> None:
    op.create_table("first_thing", sa.Column("id", sa.Integer(), primary_key=True), mysql_engine="InnoDB")
    op.add_column("meta", sa.Column("more", sa.String(20)))
    op.create_index("ix_meta_more", "meta", ["more"])
    op.create_table("second_thing", sa.Column("id", sa.Integer(), primary_key=True), mysql_engine="InnoDB")
"""


def only(folder: Path, upto: str) -> Path:
    """The history as it was when this step was the last."""
    folder.mkdir()
    for path in revisions.STEPS.glob("[0-9]*.py"):
        if path.name[:4] <= upto:
            shutil.copy(path, folder)
    return folder


@pytest.fixture
def future(tmp_path: Path) -> Path:
    """A history with one step more than this program's."""
    folder = only(tmp_path / "versions", STEPS[-1])
    number = f"{int(STEPS[-1]) + 1:04}"
    (folder / f"{number}_next.py").write_text(NEXT.format(number=number, last=STEPS[-1]), encoding="utf-8")
    return folder


def about(database: Database) -> dict[str, str]:
    """What the database knows about itself."""
    with database.read() as connection:
        return {row.name: row.value for row in connection.execute(sa.select(meta.c.name, meta.c.value))}


def tables(database: Database) -> set[str]:
    """Every table there."""
    with database.read() as connection:
        return set(sa.inspect(connection).get_table_names())


def test_the_cheap_look_at_the_history_agrees_with_alembic() -> None:
    """The steps are one straight line, numbered without a gap, and the last number is the head."""
    script = ScriptDirectory(str(revisions.STEPS.parent), version_locations=[str(revisions.STEPS)])
    assert script.get_heads() == [STEPS[-1]]
    assert [f"{number:04}" for number in range(1, len(STEPS) + 1)] == STEPS


def test_the_steps_make_exactly_the_tables_the_rooms_declare(any_database: Database) -> None:
    """After every step nothing is missing and nothing is left over."""
    upgrade(any_database)
    metadata = whole()
    with any_database.engine.connect() as connection:
        options = {"compare_type": True, "version_table": revisions.VERSION_TABLE, "target_metadata": metadata}
        missing = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    assert missing == [], "write the next step: python scripts/new_migration.py what_it_does"


def test_every_table_compares_letters_byte_for_byte(mariadb_database: Database) -> None:
    """On MariaDB no table and no text column has been left to the database's own letters."""
    upgrade(mariadb_database)
    with mariadb_database.read() as connection:
        found = connection.exec_driver_sql(
            "SELECT DISTINCT collation_name, engine FROM information_schema.columns JOIN information_schema.tables "
            "USING (table_schema, table_name) WHERE table_schema = database() AND collation_name IS NOT NULL "
            "AND table_name <> %s",
            (revisions.VERSION_TABLE,),
        ).all()
    assert [tuple(row) for row in found] == [("utf8mb4_bin", "InnoDB")]


@pytest.mark.parametrize("start", STEPS)
def test_every_earlier_schema_is_brought_up(any_database: Database, start: str, tmp_path: Path) -> None:
    """From each step there ever was, the way to the last one is free and the installation stays itself."""
    first = upgrade(any_database, steps=only(tmp_path / "versions", start))
    assert first.after == start
    before = about(any_database)
    then = upgrade(any_database)
    assert (then.before, then.after) == (start, STEPS[-1])
    assert about(any_database)[INSTALLATION] == before[INSTALLATION]


def test_a_pc_that_was_in_the_list_before_it_kept_beats_stays_in_it(any_database: Database, tmp_path: Path) -> None:
    """Its beats are not known yet, and a program that has no idea of the new columns goes on; then they are."""
    upgrade(any_database, steps=only(tmp_path / "versions", "0008"))
    row = {name: 1 if column.type.python_type is int else "alive" for name, column in machines.c.items()}
    seen = {name: value for name, value in row.items() if not name.startswith("marks")} | {"seat": A.seat}
    older = sa.table("machines", *(sa.column(name) for name in seen))
    with any_database.write() as connection:
        connection.execute(sa.insert(older), seen)
    upgrade(any_database)
    registry = SqlRegistry(any_database)
    assert [(peer.seat, peer.marks) for peer in registry.peers()] == [(A.seat, "")]
    with any_database.write() as connection:
        connection.execute(sa.insert(older), seen | {"seat": "older"})
    assert {peer.seat: peer.marks for peer in registry.peers()} == {A.seat: "", "older": ""}
    registry.join(A, version="2", pid=1, due_in_ms=60_000)
    assert registry.beat(A, doing="", due_in_ms=60_000)
    assert next(peer.marks for peer in registry.peers() if peer.seat == A.seat) == "|."


def test_a_second_start_changes_nothing(any_database: Database) -> None:
    """Nothing to do is told as such."""
    assert upgrade(any_database).changed
    known = about(any_database)
    assert not upgrade(any_database).changed
    assert about(any_database) == known
    assert known[SCHEMA_BY] == __version__


def test_a_newer_schema_is_left_alone(any_database: Database, future: Path) -> None:
    """An older program refuses a newer database, names the version that made it, and changes nothing."""
    upgrade(any_database, steps=future)
    with any_database.write() as connection:
        connection.execute(meta.update().where(meta.c.name == SCHEMA_BY).values(value="9.8.7"))
    with pytest.raises(Misconfigured) as caught:
        upgrade(any_database)
    assert "9.8.7" in caught.value.to("en")
    assert "9.8.7" in caught.value.to("ko")
    assert "second_thing" in tables(any_database)


def test_tables_of_our_names_that_are_not_ours_stop_the_start(any_database: Database) -> None:
    """A database in which somebody else already has a table of our name is not touched."""
    with any_database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE items (what INT)")
    with pytest.raises(Misconfigured, match="items"):
        upgrade(any_database)
    assert tables(any_database) == {"items"}


def test_a_step_that_breaks_leaves_the_schema_as_it_was(
    any_url: str, open_url: Callable[[str], Database], future: Path
) -> None:
    """On SQLite and PostgreSQL half a step is no step; on MySQL the next start takes it up where it stopped."""
    database = open_url(any_url)
    upgrade(database)
    before = tables(database)
    step = max(future.glob("[0-9]*.py"))
    whole_text = step.read_text("utf-8")
    step.write_text(whole_text + '    raise RuntimeError("the power went")\n', encoding="utf-8")
    with pytest.raises(RuntimeError, match="the power went"):
        upgrade(database, steps=future)
    if database.kind != "mysql":
        assert tables(database) == before
    step.write_text(whole_text, encoding="utf-8")
    assert upgrade(database, steps=future).after == step.name[:4]
    assert tables(database) == before | {"first_thing", "second_thing"}
    assert UNFINISHED not in tables(database)
    assert not upgrade(database, steps=future).changed


@pytest.mark.needs("mariadb")
@pytest.mark.parametrize("stop_before", range(5))
def test_on_mysql_an_upgrade_goes_on_after_an_interruption_anywhere(
    mariadb_database: Database, future: Path, stop_before: int
) -> None:
    """MySQL cannot undo a step; whichever statement was the last, the next start finishes it."""
    upgrade(mariadb_database)
    step = max(future.glob("[0-9]*.py"))
    text = step.read_text("utf-8")
    head, body = text.split("    op.", maxsplit=1)
    lines = [f"    op.{part}" for part in body.split("    op.")]
    broken = [*lines[:stop_before], '    raise RuntimeError("the power went")\n', *lines[stop_before:]]
    step.write_text(head + "".join(broken), encoding="utf-8")
    with pytest.raises(RuntimeError, match="the power went"):
        upgrade(mariadb_database, steps=future)
    step.write_text(text, encoding="utf-8")
    upgrade(mariadb_database, steps=future)
    with mariadb_database.read() as connection:
        columns = {column["name"] for column in sa.inspect(connection).get_columns("meta")}
        indexes = {index["name"] for index in sa.inspect(connection).get_indexes("meta")}
    assert ("more" in columns, "ix_meta_more" in indexes) == (True, True)
    assert {"first_thing", "second_thing"} <= tables(mariadb_database)


def test_a_file_is_copied_before_it_is_changed(sqlite_database: Database, future: Path, tmp_path: Path) -> None:
    """The copy is the database of before, whole, and for its owner's eyes only."""
    assert upgrade(sqlite_database).backup is None
    with sqlite_database.write() as connection:
        connection.execute(meta.insert().values(name="mine", value="온밤 🌙", at_ms=1))
    done = upgrade(sqlite_database, backups=tmp_path / "copies", steps=future)
    assert done.backup is not None
    assert done.backup.parent == tmp_path / "copies"
    assert done.backup.stat().st_mode & 0o077 == 0
    engine = sa.create_engine(f"sqlite:///{done.backup}")
    with engine.connect() as connection:
        assert connection.scalar(sa.select(meta.c.value).where(meta.c.name == "mine")) == "온밤 🌙"
        assert "first_thing" not in sa.inspect(connection).get_table_names()
    engine.dispose()
    assert sorted(path.name for path in done.backup.parent.iterdir()) == [done.backup.name]


def test_only_the_last_copies_are_kept(sqlite_database: Database, tmp_path: Path, future: Path) -> None:
    """A shop that upgrades for years does not fill its disk, and copies a person made stay."""
    upgrade(sqlite_database)
    folder = tmp_path / "copies"
    folder.mkdir()
    for day in range(1, 20):
        (folder / f"onbam-202601{day:02}-000000-before-0002-by-0.1.0.db").touch()
    mine = folder / "onbam-20260101-000000-before-0002-by-0.1.0.db".replace("before-0002-by-0.1.0", "manual")
    mine.touch()
    upgrade(sqlite_database, backups=folder, steps=future)
    kept = copies(folder, "onbam")
    assert mine in kept
    assert len(kept) == sqlite_database.settings.keep_backups + 1


def test_rows_that_point_at_a_rebuilt_table_survive(sqlite_database: Database, tmp_path: Path) -> None:
    """SQLite changes a table by making it anew; its neighbours' rows are not swept away with the old one."""
    folder = only(tmp_path / "versions", STEPS[-1])
    numbers = itertools.count(int(STEPS[-1]) + 1)

    def add(body: str) -> None:
        number = next(numbers)
        lines = (
            f'import sqlalchemy as sa\nfrom alembic import op\nrevision = "{number:04}"\n'
            f'down_revision = "{number - 1:04}"\n\n\ndef upgrade():\n{body}'
        )
        (folder / f"{number:04}_step.py").write_text(lines, encoding="utf-8")

    add(
        '    op.create_table("parent", sa.Column("id", sa.Integer, primary_key=True), sa.Column("old", sa.Integer))\n'
        '    op.create_table("child", sa.Column("parent", sa.Integer, sa.ForeignKey("parent.id", ondelete="CASCADE")))\n'
        '    op.execute("INSERT INTO parent VALUES (1, 2)")\n'
        '    op.execute("INSERT INTO child VALUES (1)")\n'
    )
    upgrade(sqlite_database, steps=folder)
    add('    with op.batch_alter_table("parent") as batch:\n        batch.drop_column("old")\n')
    upgrade(sqlite_database, steps=folder)
    with sqlite_database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM child").scalar_one() == 1
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


def test_the_steps_import_nothing_of_the_product() -> None:
    """A step must mean the same in five years, whatever became of the rooms."""
    for path in revisions.STEPS.glob("*.py"):
        assert "onbam" not in path.read_text("utf-8").replace("onbam_", ""), os.fspath(path)
