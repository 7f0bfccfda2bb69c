"""The tables of the claims: items with their leases, and the memory of what is done.

For: `stores/sql.py` and the migration that makes them.
Promises: one row an item, found by its key; the indexes hold what is due, what is held, and the order of last changes, so that
a million completed rows weigh little; `item_memory` is small enough to be kept for ever.
Refuses: anything a business room would call its own.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from onbam.claims.model import AGENT_MAX, HOLDER_MAX, KEY_MAX, KIND_MAX, NOTE_MAX, RECEIPT_MAX, STEP_MAX
from onbam.database.schema import metadata
from onbam.journal.tables import exact

STATE_MAX: Final = 12

items: Final = Table(
    "items",
    metadata,
    Column("kind", exact(KIND_MAX), primary_key=True),
    Column("key", exact(KEY_MAX), primary_key=True),
    Column("state", exact(STATE_MAX), nullable=False),
    Column("phase", exact(STATE_MAX)),
    Column("token", BigInteger, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("crashes", Integer, nullable=False),
    Column("holder", String(HOLDER_MAX), nullable=False),
    Column("machine_id", exact(AGENT_MAX), nullable=False),
    Column("agent_id", exact(AGENT_MAX), nullable=False),
    Column("claimed_at_ms", BigInteger),
    Column("expires_at_ms", BigInteger),
    Column("limit_at_ms", BigInteger),
    Column("lease_ms", BigInteger, nullable=False),
    Column("sending_until_ms", BigInteger),
    Column("due_at_ms", BigInteger),
    Column("step", String(STEP_MAX), nullable=False),
    Column("note", String(NOTE_MAX), nullable=False),
    Column("receipt", String(RECEIPT_MAX), nullable=False),
    Column("data", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("added_at_ms", BigInteger, nullable=False),
    Column("changed_at_ms", BigInteger, nullable=False),
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
    Column("kind", exact(KIND_MAX), primary_key=True),
    Column("key", exact(KEY_MAX), primary_key=True),
    Column("state", exact(STATE_MAX), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("token", BigInteger, nullable=False),
    Column("holder", String(HOLDER_MAX), nullable=False),
    Column("receipt", String(RECEIPT_MAX), nullable=False),
    sqlite_with_rowid=False,
)
"""What is known of an item whose row is gone. Nothing ever deletes from it."""
