"""The effect ledger's table.

For: `stores/sql.py` and the migration that makes it.
Promises: (`key`, `number`) is unique, so two that intend the same try at once cannot both succeed. Nothing is ever deleted.
Refuses: documents; those are evidence of the business room.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table

from onbam.claims.model import KIND_MAX
from onbam.database.schema import Key, LongText, Millis, metadata
from onbam.effects.model import DETAIL_MAX, NONCE_MAX, RECEIPT_MAX, WHAT_MAX, WHO_MAX, WHY_MAX

effects: Final = Table(
    "effects",
    metadata,
    Column("key", Key, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("what", String(WHAT_MAX), nullable=False),
    Column("kind", String(KIND_MAX), nullable=False),
    Column("item", Key, nullable=False),
    Column("token", BigInteger, nullable=False),
    Column("who", String(WHO_MAX), nullable=False),
    Column("payload_hash", String(128), nullable=False),
    Column("last", Boolean, nullable=False),
    Column("nonce", String(NONCE_MAX), nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("at_ms", Millis, nullable=False),
    Column("deadline_ms", Millis, nullable=False),
    Column("told_at_ms", Millis),
    Column("receipt", String(RECEIPT_MAX), nullable=False),
    Column("detail", String(DETAIL_MAX), nullable=False),
    Column("evidence", LongText, nullable=False),
    Column("verdict", String(12)),
    Column("verdict_by", String(WHO_MAX), nullable=False),
    Column("verdict_why", String(WHY_MAX), nullable=False),
    Column("verdict_at_ms", Millis),
    Column("doubtful", Boolean, nullable=False),
)
Index("ix_effects_item", effects.c.kind, effects.c.item, effects.c.at_ms)
Index("ix_effects_doubtful", effects.c.doubtful, effects.c.at_ms)
