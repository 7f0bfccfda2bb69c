"""What every database promises to the rooms, on each kind."""

from __future__ import annotations

import time

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from onbam.database.engine import Database
from onbam.database.schema import Key, LongText, Millis, Serial, mark_for_mysql

METADATA = sa.MetaData()
sa.event.listen(METADATA, "before_create", mark_for_mysql)
THINGS = sa.Table(
    "things",
    METADATA,
    sa.Column("id", Serial, primary_key=True),
    sa.Column("key", Key, nullable=False, unique=True),
    sa.Column("text", LongText),
    sa.Column("at_ms", Millis),
)
HARD = "온밤 🌙 'quoted' \\ \U0001f468\u200d\U0001f469\u200d\U0001f467 %s :x ?"


@pytest.fixture
def database(any_database: Database) -> Database:
    """A database with one table."""
    with any_database.write() as connection:
        METADATA.create_all(connection)
    return any_database


def add(database: Database, key: str, text: str | None = None) -> None:
    """One row."""
    with database.write() as connection:
        connection.execute(THINGS.insert().values(key=key, text=text, at_ms=database.now_ms()))


def keys(database: Database) -> list[str]:
    """All keys."""
    with database.read() as connection:
        return list(connection.execute(sa.select(THINGS.c.key).order_by(THINGS.c.key)).scalars())


def test_letters_come_back_as_they_went_in(database: Database) -> None:
    """Korean, emoji, quotes and a text of a million letters survive the way."""
    add(database, "hard", HARD)
    add(database, "long", "가" * 1_000_000)
    with database.read() as connection:
        found = {row.key: row.text for row in connection.execute(sa.select(THINGS))}
    assert found == {"hard": HARD, "long": "가" * 1_000_000}


def test_keys_that_differ_in_case_or_accent_are_two(database: Database) -> None:
    """Texts compare byte for byte everywhere, and sort that way."""
    for key in ("order:a", "order:A", "order:á", "Order:a", "주문", "order:b"):
        add(database, key)
    assert keys(database) == ["Order:a", "order:A", "order:a", "order:b", "order:á", "주문"]


def test_an_error_undoes_the_whole_write(database: Database) -> None:
    """Half a write is no write."""

    def half() -> None:
        with database.write() as connection:
            connection.execute(THINGS.insert().values(key="a"))
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        half()
    assert keys(database) == []


def test_a_broken_constraint_is_the_stores_own_affair(database: Database) -> None:
    """A second row of one key is SQLAlchemy's IntegrityError, without the values in its text."""
    add(database, "once", "CANARY-7")
    with pytest.raises(IntegrityError) as caught:
        add(database, "once", "CANARY-7")
    assert "CANARY-7" not in str(caught.value)
    assert keys(database) == ["once"]


def test_a_write_counts_the_rows_it_met(database: Database) -> None:
    """An update that sets what is already there still counts its row: conditions are proven by counts."""
    add(database, "a", "same")
    with database.write() as connection:
        same = connection.execute(sa.update(THINGS).where(THINGS.c.key == "a").values(text="same")).rowcount
        none = connection.execute(sa.update(THINGS).where(THINGS.c.key == "b").values(text="same")).rowcount
    assert (same, none) == (1, 0)


def test_the_stores_clock_is_right_and_moves(database: Database) -> None:
    """The clock is the wall clock in milliseconds UTC, read anew by each statement, and usable in a condition."""
    before = time.time() * 1000
    now = database.now_ms()
    add(database, "a")
    with database.read() as connection:
        first = connection.execute(sa.select(now)).scalar_one()
        later = connection.execute(sa.select(sa.func.count()).where(THINGS.c.at_ms <= now)).scalar_one()
    with database.read() as connection:
        second = database.clock_ms(connection)
    assert before - 2000 <= first <= second <= time.time() * 1000 + 2000
    assert isinstance(first, int)
    assert later == 1


def test_a_read_transaction_refuses_a_write(database: Database) -> None:
    """A write where only reading was announced is a bug and is told as one."""
    with pytest.raises(DBAPIError), database.read() as connection:
        connection.execute(THINGS.insert().values(key="a"))
    assert keys(database) == []
    add(database, "b")
    assert keys(database) == ["b"]


def test_a_statement_nobody_understands_is_a_bug(database: Database) -> None:
    """A statement that cannot be understood goes on as it is: it is a bug."""
    with pytest.raises(DBAPIError), database.read() as connection:
        connection.exec_driver_sql("SELECT nonsense FROM FROM")
