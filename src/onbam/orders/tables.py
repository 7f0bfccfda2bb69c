"""The order room's tables: evidence, marks, stops.

For: the stores next door and the migration that makes them.
Promises: a piece stands once (its fingerprint, step and lease are unique); bytes stand once however many pieces show them.
Refuses: to hold bytes uncompressed.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, UniqueConstraint
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeEngine

from onbam.claims.model import KIND_MAX
from onbam.database.schema import Key, LongText, Millis, Serial, metadata
from onbam.orders.evidence import BY_MAX, MEDIA_MAX, NAME_MAX, STEP_MAX

SHA_LENGTH: Final = 64
WHY_MAX: Final = 500
Bytes: Final[TypeEngine[bytes]] = LargeBinary().with_variant(mysql.LONGBLOB(), "mysql")
"""Bytes of any length (a plain MySQL BLOB ends at 64 KiB)."""

order_blobs: Final = Table(
    "order_blobs",
    metadata,
    Column("sha256", String(SHA_LENGTH), primary_key=True),
    Column("packed", Bytes, nullable=False),
    Column("at_ms", Millis, nullable=False),
)

order_pieces: Final = Table(
    "order_pieces",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("kind", String(KIND_MAX), nullable=False),
    Column("key", Key, nullable=False),
    Column("token", BigInteger, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("step", String(STEP_MAX), nullable=False),
    Column("name", String(NAME_MAX), nullable=False),
    Column("media", String(MEDIA_MAX), nullable=False),
    Column("sha256", String(SHA_LENGTH), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("at_ms", Millis, nullable=False),
    Column("by", String(BY_MAX), nullable=False),
    UniqueConstraint("kind", "key", "token", "step", "name", "sha256", name="uq_order_pieces_mark"),
)
Index("ix_order_pieces_blob", order_pieces.c.sha256)

order_marks: Final = Table(
    "order_marks",
    metadata,
    Column("name", Key, primary_key=True),
    Column("value", LongText, nullable=False),
    Column("at_ms", Millis, nullable=False),
)
"""Small things the robot remembers: when it looked last, what it counted."""

order_pauses: Final = Table(
    "order_pauses",
    metadata,
    Column("scope", Key, primary_key=True),
    Column("who", String(BY_MAX), nullable=False),
    Column("why", String(WHY_MAX), nullable=False),
    Column("at_ms", Millis, nullable=False),
)
"""One row a stop: `all`, or a machine's id."""
