"""The notices' table.

For: `stores/sql.py` and the migration that makes it.
Promises: at most one open notice of a cause: `open_key` holds the key while it is open and nothing afterwards, and is unique.
Refuses: texts without both languages.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Integer, String, Table

from onbam.database.schema import Key, LongText, Millis, Serial, metadata
from onbam.notices.model import LINK_MAX

WHO_MAX: Final = 120
WHY_MAX: Final = 500

notices: Final = Table(
    "notices",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("key", Key, nullable=False),
    Column("open_key", Key, unique=True),
    Column("severity", String(10), nullable=False),
    Column("title_ko", LongText, nullable=False),
    Column("title_en", LongText, nullable=False),
    Column("advice_ko", LongText, nullable=False),
    Column("advice_en", LongText, nullable=False),
    Column("link", String(LINK_MAX), nullable=False),
    Column("count", Integer, nullable=False),
    Column("first_at_ms", Millis, nullable=False),
    Column("last_at_ms", Millis, nullable=False),
    Column("resolved_at_ms", Millis),
    Column("resolved_by", String(WHO_MAX), nullable=False),
    Column("resolved_why", String(WHY_MAX), nullable=False),
    Column("seen_at_ms", Millis),
    Column("seen_by", String(WHO_MAX), nullable=False),
)
Index("ix_notices_key", notices.c.key, notices.c.id)
