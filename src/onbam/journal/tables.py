"""The journal's tables.

For: `sql.py` next door and the migration that makes them.
Promises: `journal.position` is the order in which lines became visible, without gaps; `journal_days` keeps the counts of days
whose lines were removed.
Refuses: a foreign key into other rooms: the journal outlives what it tells of.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeEngine

from onbam.database.schema import metadata
from onbam.journal.model import KEY_MAX, KIND_MAX, WHAT_MAX, WHO_MAX, WHY_MAX


def exact(length: int) -> TypeEngine[str]:
    """A text that is compared letter by letter: MySQL would else take `ab` and `AB` for the same key."""
    return String(length).with_variant(mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb")


journal: Final = Table(
    "journal",
    metadata,
    Column("position", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("what", exact(WHAT_MAX), nullable=False),
    Column("kind", exact(KIND_MAX), nullable=False),
    Column("key", exact(KEY_MAX), nullable=False),
    Column("who", String(WHO_MAX), nullable=False),
    Column("why", String(WHY_MAX), nullable=False),
    Column("data", Text, nullable=False),
    Index("ix_journal_about", "kind", "key", "position"),
)
journal_head: Final = Table(
    "journal_head",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
)
"""One row: whoever appends holds it until its commit, so lines become visible in the order of their positions."""

journal_days: Final = Table(
    "journal_days",
    metadata,
    Column("day", exact(10), primary_key=True),
    Column("kind", exact(KIND_MAX), primary_key=True),
    Column("what", exact(WHAT_MAX), primary_key=True),
    Column("lines", BigInteger, nullable=False),
)
