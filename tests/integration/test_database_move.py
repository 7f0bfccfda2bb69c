"""Everything moves from one kind of database to another, and into backups and back; nothing is lost on the way."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from onbam.database import installed, revisions
from onbam.database.aside import make_room
from onbam.database.backup import backup, last_backup, restore, restore_steps
from onbam.database.copying import Progress, prove, tables_of
from onbam.database.engine import Database
from onbam.database.migrate import upgrade
from onbam.database.move import move
from onbam.database.seal import reopen
from onbam.database.tables import INSTALLATION, meta
from onbam.kernel.errors import Damaged, Misconfigured, Refused, Transient
from onbam.kernel.words import Text
from support.databases import KINDS

Open = Callable[[str], Database]
HARD = (
    "온밤 🌙 새벽배송",
    "",
    " spaces at both ends ",
    "line\nbreak\ttab\\ 'quotes' \"double\" %s :name ?",
    "e\u0301 is not é",
    "12345678901234567890.123456789",
    "0.1",
    "x" * 70_000,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
    "null",
)

STEP = """
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "{number}"
down_revision = "{last}"
FORM = dict(mysql_engine="InnoDB", mysql_charset="utf8mb4", mysql_collate="utf8mb4_bin")


def upgrade() -> None:
    op.create_table(
        "moving_parents",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("text", sa.Text().with_variant(mysql.LONGTEXT(), "mysql")),
        sa.Column("big", sa.BigInteger),
        sa.Column("share", sa.Double),
        sa.Column("flag", sa.Boolean),
        sa.Column("bytes", sa.LargeBinary),
        sa.Column("price", sa.Numeric(20, 4)),
        **FORM,
    )
    op.create_table(
        "a_child",
        sa.Column("parent", sa.BigInteger, sa.ForeignKey("moving_parents.id"), nullable=False),
        sa.Column("name", sa.String(191), primary_key=True),
        **FORM,
    )
"""


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The product's schema and two tables with every sort of column."""
    import shutil

    folder = tmp_path / "versions"
    shutil.copytree(revisions.STEPS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    last = revisions.known()[-1]
    number = f"{int(last) + 1:04}"
    (folder / f"{number}_more.py").write_text(STEP.format(number=number, last=last), encoding="utf-8")
    defaults = dict(upgrade.__kwdefaults__ or {})
    monkeypatch.setattr(upgrade, "__kwdefaults__", {**defaults, "steps": folder})


def fill(database: Database) -> None:
    """Rows of every sort, in every table with the shape of the fixture, and a thousand more to make batches."""
    upgrade(database)
    with database.engine.connect() as connection:
        tables = {table.name: table for table in tables_of(connection)}
    parents = [
        {
            "id": number,
            "text": text,
            "big": (1 << 63) - 1 if number % 2 else -(1 << 63),
            "share": 1 / (number + 1),
            "flag": None if number % 3 == 0 else bool(number % 2),
            "bytes": bytes(range(256)) if number % 2 else None,
            "price": None,
        }
        for number, text in enumerate((*HARD, None), start=1)
    ]
    many = [{"id": number, "text": f"행 {number}", "big": number} for number in range(1000, 2300)]
    with database.write() as connection:
        connection.execute(tables["moving_parents"].insert(), parents)
        connection.execute(tables["moving_parents"].insert(), many)
        connection.execute(tables["a_child"].insert(), [{"parent": 1, "name": "A"}, {"parent": 2, "name": "a"}])
        connection.execute(meta.insert().values(name="한글", value=HARD[0], at_ms=1))


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with database.engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
            for table in tables_of(connection)
        }


@pytest.mark.usefixtures("steps")
@pytest.mark.needs("postgres", "mariadb")
def test_round_the_three_kinds_and_home_again(
    sqlite_url: str, postgres_url: str, mariadb_url: str, tmp_path: Path, open_url: Open
) -> None:
    """File to PostgreSQL to MariaDB to file: every value comes home as it left, and the installation is the same one."""
    home = open_url(sqlite_url)
    fill(home)
    before = everything(home)
    said: list[Progress] = []
    last = home
    for url in (postgres_url, mariadb_url, f"sqlite:///{tmp_path}/home.db"):
        target = open_url(url)
        moved = move(last, target, tell=said.append)
        assert moved.rows == sum(len(rows) for rows in before.values())
        assert moved.left_behind == ()
        last = target
    assert everything(last) == before
    assert not upgrade(last).changed
    assert {progress.total for progress in said} == {said[-1].done}
    assert [p.done for p in said[: len(said) // 3]] == sorted({p.done for p in said[: len(said) // 3]})


@pytest.mark.parametrize(
    ("origin", "to"),
    [
        pytest.param(one.values[0], other.values[0], marks=[*one.marks, *other.marks])
        for one in KINDS
        for other in KINDS
        if one is not other or one.values[0] == "sqlite"
    ],
)
def test_whoever_still_holds_the_old_database_fails(
    origin: str, to: str, request: pytest.FixtureRequest, tmp_path: Path, open_url: Open
) -> None:
    """After a move no process can go on in the old place, a start there says where to go, and a person can take it back."""
    source = open_url(request.getfixturevalue(f"{origin}_url"))
    upgrade(source)
    still_running = open_url(source.url)
    with still_running.read() as connection:
        installation = connection.scalar(sa.select(meta.c.value).where(meta.c.name == INSTALLATION))
    target_url = f"sqlite:///{tmp_path}/target.db" if origin == to else request.getfixturevalue(f"{to}_url")
    target = open_url(target_url)
    move(source, target)
    with pytest.raises(Misconfigured, match="moved to another place"), still_running.write() as connection:
        connection.execute(meta.insert().values(name="late", value="", at_ms=0))
    with pytest.raises(Misconfigured) as caught:
        upgrade(open_url(source.url))
    assert target.shown in caught.value.to("en")
    with target.read() as connection:
        assert connection.scalar(sa.select(meta.c.value).where(meta.c.name == INSTALLATION)) == installation
    assert reopen(source) > 0
    assert not upgrade(source).changed
    with still_running.read() as connection:
        assert connection.scalar(sa.select(meta.c.value).where(meta.c.name == INSTALLATION)) == installation


def test_nobody_writes_while_it_moves(any_database: Database, tmp_path: Path, open_url: Open) -> None:
    """A writer beside a move is told to come later, whatever the kind."""
    import dataclasses

    from onbam.database.engine import open_database

    upgrade(any_database)
    hasty = dataclasses.replace(any_database.settings, busy_timeout_s=0.1, statement_timeout_s=1)
    writer = open_database(any_database.url, clock=any_database.clock, settings=hasty)
    if writer.kind == "mysql":
        sa.event.listen(writer.engine, "connect", lambda raw, _: raw.cursor().execute("SET lock_wait_timeout=1"))
        writer.engine.dispose()
    seen: list[Transient] = []

    def write_beside(_: Progress) -> None:
        with pytest.raises(Transient) as caught, writer.write() as connection:
            connection.execute(meta.insert().values(name="beside", value="", at_ms=0))
        seen.append(caught.value)

    target = open_url(f"sqlite:///{tmp_path}/target.db")
    move(any_database, target, tell=write_beside)
    writer.close()
    assert seen
    with target.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).where(meta.c.name == "beside")) == 0


@pytest.mark.usefixtures("steps")
def test_an_interrupted_move_leaves_the_source_and_begins_anew(any_database: Database, sqlite_url: str, open_url: Open) -> None:
    """Half-way the power goes: the old database works on, the half-filled one is refused, and the same command finishes."""
    source = open_url(sqlite_url) if any_database.kind != "sqlite" else any_database
    target = any_database if any_database.kind != "sqlite" else open_url(sqlite_url.replace("onbam.db", "target.db"))
    fill(source)
    before = everything(source)

    def power_cut(progress: Progress) -> None:
        if progress.done > progress.total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move(source, target, tell=power_cut)
    assert not upgrade(source).changed
    assert everything(source) == before
    with pytest.raises(Misconfigured, match="not finished"):
        upgrade(target)
    move(source, target)
    assert not upgrade(target).changed
    with target.read() as connection:
        assert {name: len(rows) for name, rows in before.items()} == {
            name: proof.rows for name, proof in prove(connection, tables_of(connection)).items()
        }


def test_a_target_with_rows_is_refused_untouched(any_database: Database, tmp_path: Path, open_url: Open) -> None:
    """Somebody's living database is not written over."""
    upgrade(any_database)
    with any_database.engine.connect() as connection:
        table = next(t for t in tables_of(connection) if t.name == "journal_head")
    with any_database.write() as connection:
        connection.execute(table.insert().values(one=1, position=7))
    source = open_url(f"sqlite:///{tmp_path}/source.db")
    with pytest.raises(Refused, match="journal_head"):
        move(source, any_database)
    assert everything(any_database)["journal_head"] == [(1, 7)]
    assert not upgrade(any_database).changed
    assert not upgrade(source).changed


def test_a_database_is_not_moved_onto_itself(sqlite_database: Database, sqlite_url: str, open_url: Open) -> None:
    """The target must be another place."""
    with pytest.raises(Refused):
        move(sqlite_database, open_url(sqlite_url))


@pytest.mark.usefixtures("steps")
def test_a_copy_that_differs_is_not_taken_for_whole(
    sqlite_database: Database, tmp_path: Path, open_url: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One changed letter on the way is found, the source goes on, the target stays closed."""
    from onbam.database import move as moving

    fill(sqlite_database)
    target = open_url(f"sqlite:///{tmp_path}/target.db")
    honest = moving.set_counters

    def lying(database: Database, tables: list[sa.Table]) -> None:
        honest(database, tables)
        with database.write() as connection:
            connection.exec_driver_sql("UPDATE moving_parents SET text = 'gone' WHERE id = 1")

    monkeypatch.setattr(moving, "set_counters", lying)
    with pytest.raises(Damaged, match="moving_parents"):
        move(sqlite_database, target)
    assert not upgrade(sqlite_database).changed
    with pytest.raises(Misconfigured):
        upgrade(target)


@pytest.mark.needs("postgres")
def test_what_a_server_cannot_hold_is_told_before_anything_is_lost(
    sqlite_database: Database, postgres_database: Database
) -> None:
    """A value only SQLite accepts is refused with its table's name and without its text; the file stays in use."""
    upgrade(sqlite_database)
    with sqlite_database.write() as connection:
        connection.execute(meta.insert().values(name="bad", value="CANARY\x00", at_ms=1))
    with pytest.raises(Refused, match="meta") as caught:
        move(sqlite_database, postgres_database)
    assert "CANARY" not in caught.value.to("en")
    assert not upgrade(sqlite_database).changed


@pytest.mark.needs("postgres")
@pytest.mark.usefixtures("steps")
def test_counters_go_on_after_the_highest_number(sqlite_database: Database, postgres_database: Database) -> None:
    """A new row in PostgreSQL does not get a number that came with the move."""
    fill(sqlite_database)
    move(sqlite_database, postgres_database)
    with postgres_database.write() as connection:
        number = connection.exec_driver_sql("INSERT INTO moving_parents (text) VALUES ('new') RETURNING id").scalar_one()
    assert number == 2300


@pytest.mark.usefixtures("steps")
def test_a_backup_comes_back_whole_into_any_kind(any_database: Database, tmp_path: Path, open_url: Open) -> None:
    """One file holds everything, and an empty database filled from it holds the same."""
    fill(any_database)
    before = everything(any_database)
    made = backup(any_database, tmp_path / "copies")
    assert made.path == last_backup(any_database, tmp_path / "copies")
    assert made.path.stat().st_mode & 0o077 == 0
    assert [path.name for path in made.path.parent.iterdir()] == [made.path.name]
    target = open_url(f"sqlite:///{tmp_path}/back.db")
    assert restore(made.path, target) == sum(len(rows) for rows in before.values())
    assert not upgrade(target).changed
    assert everything(target) == before
    assert not upgrade(any_database).changed, "a backup takes nothing out of use"
    assert [path.name for path in made.path.parent.iterdir()] == [made.path.name]


def test_a_way_back_that_is_cut_off_anywhere_is_no_new_shop(sqlite_database: Database, tmp_path: Path, open_url: Open) -> None:
    """Before each commit in turn the power goes: what stands there is refused, and once it is not, all was done before."""
    upgrade(sqlite_database)
    copy = backup(sqlite_database, tmp_path / "copies").path
    commits = 0

    def cut(_: object) -> None:
        nonlocal commits
        commits -= 1
        if commits == 0:
            raise KeyboardInterrupt

    for place in itertools.count(1):
        path, done = tmp_path / f"back{place}.db", list[bool]()
        open_it = partial(open_url, f"sqlite:///{path}")
        installed.remember(path, "a shop was here")
        make_room(path, open_it, lambda: False, sqlite_database.clock)
        commits = place
        sa.event.listen(sa.engine.Engine, "commit", cut)
        try:
            restore(copy, open_it(), last=partial(done.append, True))
        except KeyboardInterrupt:
            sa.event.remove(sa.engine.Engine, "commit", cut)
            with pytest.raises((Misconfigured, Damaged)):
                upgrade(open_it())
        else:
            sa.event.remove(sa.engine.Engine, "commit", cut)
            assert not upgrade(open_it()).changed
            break
        assert restore(copy, open_it(), last=partial(done.append, True)) > 0
        assert done
    assert place > 3


@pytest.mark.needs("postgres", "mariadb")
@pytest.mark.usefixtures("steps")
@pytest.mark.parametrize("kind", ["postgres", "mariadb"])
def test_a_file_is_restored_into_a_server(
    kind: str, sqlite_database: Database, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """The way back from a file's backup into a server is the same one."""
    fill(sqlite_database)
    target: Database = request.getfixturevalue(f"{kind}_database")
    assert restore(backup(sqlite_database, tmp_path / "copies").path, target) > 1300


def test_an_old_backup_is_brought_up_to_date_and_stays_itself(
    sqlite_database: Database, tmp_path: Path, open_url: Open
) -> None:
    """A backup of an earlier schema comes back at today's, and its file is not changed by a single byte."""
    import shutil

    folder = tmp_path / "first"
    folder.mkdir()
    shutil.copy(min(revisions.STEPS.glob("[0-9]*.py")), folder)
    upgrade(sqlite_database, steps=folder)
    old = backup(sqlite_database, tmp_path / "copies").path
    content = old.read_bytes()
    target = open_url(f"sqlite:///{tmp_path}/back.db")
    restore(old, target)
    assert not upgrade(target).changed
    assert old.read_bytes() == content


def test_backups_of_one_second_do_not_write_over_each_other(any_database: Database, tmp_path: Path) -> None:
    """Two in one second are two files."""
    upgrade(any_database)
    assert len({backup(any_database, tmp_path / "copies").path for _ in range(3)}) == 3


def test_only_the_last_daily_backups_are_kept(sqlite_database: Database, tmp_path: Path) -> None:
    """The daily round keeps as many as the setting says; those a person made stay."""
    upgrade(sqlite_database)
    folder = tmp_path / "copies"
    mine = backup(sqlite_database, folder).path
    for _ in range(sqlite_database.settings.keep_backups + 3):
        backup(sqlite_database, folder, label="auto")
    assert mine.exists()
    assert len(list(folder.iterdir())) == sqlite_database.settings.keep_backups + 1


def test_a_backup_of_a_damaged_file_is_not_taken_for_one(sqlite_database: Database, tmp_path: Path) -> None:
    """Damage is told, and no file with a backup's name appears."""
    upgrade(sqlite_database)
    with sqlite_database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    sqlite_database.close()
    assert sqlite_database.path is not None
    content = bytearray(sqlite_database.path.read_bytes())
    for page in range(1, len(content) // 4096):
        content[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    sqlite_database.path.write_bytes(content)
    with pytest.raises(Damaged):
        backup(sqlite_database, tmp_path / "copies")
    assert list((tmp_path / "copies").iterdir()) == []


def test_the_way_back_names_files_and_commands(any_database: Database, tmp_path: Path) -> None:
    """Both languages say what to do, with the backup's own name."""
    said = restore_steps(any_database, tmp_path / "copy.db")
    for lang in ("ko", "en"):
        assert "copy.db" in said.to(lang)
        assert re.search("onbam (up|db)", said.to(lang))
    assert isinstance(said.text, Text)


def test_a_backup_that_is_not_there_is_named(sqlite_database: Database, tmp_path: Path) -> None:
    """A wrong path is told as such."""
    with pytest.raises(Misconfigured, match=r"nowhere\.db"):
        restore(tmp_path / "nowhere.db", sqlite_database)
