"""The tables of the claims: items with their leases, and the memory of what is done.

For: `stores/sql.py` and the migration that makes them.
Promises: one row an item, found by its key; the indexes hold what is due, what is held, and the order of last changes, so that
a million completed rows weigh little; `item_memory` is small enough to be kept for ever.
Refuses: anything a business room would call its own.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from onbam.claims.beats import BEATS
from onbam.claims.model import AGENT_MAX, HOLDER_MAX, KIND_MAX, NOTE_MAX, RECEIPT_MAX, STEP_MAX
from onbam.database.schema import Key, LongText, Millis, metadata

STATE_MAX: Final = 12

items: Final = Table(
    "items",
    metadata,
    Column("kind", String(KIND_MAX), primary_key=True),
    Column("key", Key, primary_key=True),
    Column("state", String(STATE_MAX), nullable=False),
    Column("phase", String(STATE_MAX)),
    Column("token", BigInteger, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("crashes", Integer, nullable=False),
    Column("holder", String(HOLDER_MAX), nullable=False),
    Column("machine_id", String(AGENT_MAX), nullable=False),
    Column("agent_id", String(AGENT_MAX), nullable=False),
    Column("claimed_at_ms", Millis),
    Column("expires_at_ms", Millis),
    Column("limit_at_ms", Millis),
    Column("lease_ms", Millis, nullable=False),
    Column("sending_until_ms", Millis),
    Column("sending_ms", Millis, nullable=False, server_default="0"),
    Column("due_at_ms", Millis),
    Column("step", String(STEP_MAX), nullable=False),
    Column("note", String(NOTE_MAX), nullable=False),
    Column("receipt", String(RECEIPT_MAX), nullable=False),
    Column("data", LongText, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("added_at_ms", Millis, nullable=False),
    Column("changed_at_ms", Millis, nullable=False),
    sqlite_with_rowid=False,
)
# A row stands in these two only while it is due or held; a completed one is in neither (MySQL keeps a null).
Index(
    "ix_items_due",
    items.c.kind,
    items.c.due_at_ms,
    items.c.added_at_ms,
    items.c.key,
    sqlite_where=items.c.due_at_ms.is_not(None),
    postgresql_where=items.c.due_at_ms.is_not(None),
)
Index(
    "ix_items_held",
    items.c.expires_at_ms,
    sqlite_where=items.c.expires_at_ms.is_not(None),
    postgresql_where=items.c.expires_at_ms.is_not(None),
)
Index("ix_items_board", items.c.state, items.c.changed_at_ms, items.c.kind)

item_memory: Final = Table(
    "item_memory",
    metadata,
    Column("kind", String(KIND_MAX), primary_key=True),
    Column("key", Key, primary_key=True),
    Column("state", String(STATE_MAX), nullable=False),
    Column("at_ms", Millis, nullable=False),
    Column("token", BigInteger, nullable=False),
    Column("holder", String(HOLDER_MAX), nullable=False),
    Column("receipt", String(RECEIPT_MAX), nullable=False),
    sqlite_with_rowid=False,
)
"""What is known of an item whose row is gone. Nothing ever deletes from it."""

machines: Final = Table(
    "machines",
    metadata,
    Column("machine_id", String(AGENT_MAX), primary_key=True),
    Column("seat", String(AGENT_MAX), primary_key=True),
    Column("agent_id", String(AGENT_MAX), nullable=False),
    Column("name", String(HOLDER_MAX), nullable=False),
    Column("ip", String(HOLDER_MAX), nullable=False),
    Column("version", String(40), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("life", String(STATE_MAX), nullable=False),
    Column("doing", String(NOTE_MAX), nullable=False),
    Column("started_at_ms", Millis, nullable=False),
    Column("beat_at_ms", Millis, nullable=False),
    Column("due_at_ms", Millis, nullable=False),
    Column("marks", String(BEATS), nullable=False, server_default=""),
    Column("marks_at_ms", Millis, nullable=False, server_default="0"),
)
"""One row a seat: the process that sits in it, or sat in it last. `marks`: its last beats, up to `marks_at_ms`, which is
another moment than `beat_at_ms` where a program that keeps no record writes the row."""
