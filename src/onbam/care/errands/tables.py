"""The table of errands.

For: `store.py` and the migration that makes it.
Promises: found by the PC that is asked, in the order they were asked.
Refuses: secrets: what is answered has passed the redactor of the PC that answered.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, String, Table

from onbam.care.errands.model import WHAT_MAX, WHO_MAX, WHY_MAX, WORD_MAX
from onbam.database.schema import Key, LongText, Millis, metadata

errands: Final = Table(
    "errands",
    metadata,
    Column("id", Key, primary_key=True),
    Column("machine_id", Key, nullable=False),
    Column("act", String(WORD_MAX), nullable=False),
    Column("what", String(WHAT_MAX), nullable=False),
    Column("who", String(WHO_MAX), nullable=False),
    Column("why", String(WHY_MAX), nullable=False),
    Column("stage", String(WORD_MAX), nullable=False),
    Column("asked_at_ms", Millis, nullable=False),
    Column("changed_at_ms", Millis, nullable=False),
    Column("answer", LongText, nullable=False),
)
Index("ix_errands_machine", errands.c.machine_id, errands.c.asked_at_ms)
Index("ix_errands_asked", errands.c.asked_at_ms)
