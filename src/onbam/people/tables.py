"""The tables of people and of what opens doors.

For: `people.py` and the migration that makes them.
Promises: names are unique; sessions, keys and links are found by the hash of what opens them.
Refuses: anything a thief could use.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, String, Table

from onbam.database.schema import Key, Millis, metadata
from onbam.people.model import NAME_MAX, SHOWN_MAX, VIEW_NAME_MAX, VIEW_QUERY_MAX

HASH_MAX: Final = 200
ADDRESS_MAX: Final = 60
BROWSER_MAX: Final = 200
WORD_MAX: Final = 12

people: Final = Table(
    "people",
    metadata,
    Column("id", Key, primary_key=True),
    Column("name", String(NAME_MAX), nullable=False, unique=True),
    Column("shown", String(SHOWN_MAX), nullable=False),
    Column("password", String(HASH_MAX), nullable=False),
    Column("role", String(WORD_MAX), nullable=False),
    Column("created_at_ms", Millis, nullable=False),
    Column("seen_at_ms", Millis),
    Column("disabled_at_ms", Millis),
)

sessions: Final = Table(
    "sessions",
    metadata,
    Column("hash", Key, primary_key=True),
    Column("before_hash", Key),
    Column("before_until_ms", Millis),
    Column("person_id", Key, nullable=False),
    Column("handle", Key, nullable=False),
    Column("created_at_ms", Millis, nullable=False),
    Column("renewed_at_ms", Millis, nullable=False),
    Column("seen_at_ms", Millis, nullable=False),
    Column("expires_at_ms", Millis, nullable=False),
    Column("address", String(ADDRESS_MAX), nullable=False),
    Column("browser", String(BROWSER_MAX), nullable=False),
)
"""`before_hash`: what opened it before it was renewed, for the pages that were still on their way."""
Index("ix_sessions_before", sessions.c.before_hash)
Index("ix_sessions_person", sessions.c.person_id)

api_keys: Final = Table(
    "api_keys",
    metadata,
    Column("id", Key, primary_key=True),
    Column("hash", Key, nullable=False, unique=True),
    Column("name", String(SHOWN_MAX), nullable=False),
    Column("scope", String(WORD_MAX), nullable=False),
    Column("person_id", Key, nullable=False),
    Column("created_at_ms", Millis, nullable=False),
    Column("used_at_ms", Millis),
    Column("expires_at_ms", Millis),
    Column("revoked_at_ms", Millis),
)

door_links: Final = Table(
    "door_links",
    metadata,
    Column("hash", Key, primary_key=True),
    Column("person_id", Key, nullable=False),
    Column("purpose", String(WORD_MAX), nullable=False),
    Column("created_at_ms", Millis, nullable=False),
    Column("expires_at_ms", Millis, nullable=False),
    Column("used_at_ms", Millis),
)
"""One-time links printed in a terminal: whoever can start Onbam on this PC may come in."""

saved_views: Final = Table(
    "saved_views",
    metadata,
    Column("id", Key, primary_key=True),
    Column("person_id", Key, nullable=False),
    Column("name", String(VIEW_NAME_MAX), nullable=False),
    Column("query", String(VIEW_QUERY_MAX), nullable=False),
    Index("ix_saved_views_person", "person_id", "name"),
)
