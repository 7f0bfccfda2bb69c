"""The journal's tables.

For: `sql.py` next door and the migration that makes them.
Promises: `journal.position` is the order in which lines became visible, without gaps; `journal_days` keeps the counts of days
whose lines were removed.
Refuses: a foreign key into other rooms: the journal outlives what it tells of.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from onbam.database.schema import Key, LongText, Millis, Serial, metadata
from onbam.journal.model import KIND_MAX, WHAT_MAX, WHO_MAX, WHY_MAX

journal: Final = Table(
    "journal",
    metadata,
    Column("position", Serial, primary_key=True, autoincrement=False),
    Column("at_ms", Millis, nullable=False),
    Column("what", String(WHAT_MAX), nullable=False),
    Column("kind", String(KIND_MAX), nullable=False),
    Column("key", Key, nullable=False),
    Column("who", String(WHO_MAX), nullable=False),
    Column("why", String(WHY_MAX), nullable=False),
    Column("data", LongText, nullable=False),
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
    Column("day", String(10), primary_key=True),
    Column("kind", String(KIND_MAX), primary_key=True),
    Column("what", String(WHAT_MAX), primary_key=True),
    Column("lines", BigInteger, nullable=False),
)
