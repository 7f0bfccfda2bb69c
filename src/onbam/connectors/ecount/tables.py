"""What all PCs of a company share about their ERP, in a database.

For: `stores_sql.py` and the migration that makes them.
Promises: one row an account, one row a gate; the session stands there encrypted.
Refuses: anything of a slip.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Integer, String, Table

from onbam.database.schema import Key, LongText, Millis, metadata

ZONE_MAX: Final = 10

ecount_accounts: Final = Table(
    "ecount_accounts",
    metadata,
    Column("account", Key, primary_key=True),
    Column("zone", String(ZONE_MAX), nullable=False),
    Column("session", LongText, nullable=False),
    Column("made_at_ms", Millis),
    Column("failures", Integer, nullable=False),
)

ecount_gates: Final = Table(
    "ecount_gates",
    metadata,
    Column("gate", Key, primary_key=True),
    Column("free_at_ms", Millis, nullable=False),
)
