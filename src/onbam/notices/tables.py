"""The tables of notices, letters and channels.

For: `stores/` and the migrations that make them.
Promises: at most one open notice of a cause: `open_key` holds the key while it is open and nothing afterwards, and is unique;
at most one letter of a sort about a thing to a receiver, whichever PCs plan at once.
Refuses: texts without both languages; addresses of channels: those are secrets and stay in the settings.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, UniqueConstraint

from onbam.database.schema import Key, LongText, Millis, Serial, metadata
from onbam.notices.model import LINK_MAX

WHO_MAX: Final = 120
WHY_MAX: Final = 500
ABOUT_MAX: Final = 40
ERROR_MAX: Final = 500

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
    Column("snoozed_until_ms", Millis),
)
Index("ix_notices_key", notices.c.key, notices.c.id)

letters: Final = Table(
    "letters",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("channel", Key, nullable=False),
    Column("about", String(ABOUT_MAX), nullable=False),
    Column("sort", String(10), nullable=False),
    Column("number", Integer, nullable=False),
    Column("key", Key, nullable=False),
    Column("severity", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("made_at_ms", Millis, nullable=False),
    Column("due_at_ms", Millis, nullable=False),
    Column("taken_until_ms", Millis, nullable=False),
    Column("done_at_ms", Millis),
    Column("error", String(ERROR_MAX), nullable=False),
    UniqueConstraint("channel", "about", "sort", "number"),
)
Index("ix_letters_due", letters.c.state, letters.c.due_at_ms)
Index("ix_letters_about", letters.c.about)

channels: Final = Table(
    "channels",
    metadata,
    Column("name", Key, primary_key=True),
    Column("fingerprint", String(16), nullable=False),
    Column("stopped", Boolean, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("paused_until_ms", Millis, nullable=False),
    Column("error", String(ERROR_MAX), nullable=False),
    Column("ok_at_ms", Millis),
    Column("tried_at_ms", Millis),
)
