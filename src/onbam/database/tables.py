"""What the database knows about itself.

For: `migrate.py`, the status, support.
Promises: `installation` is one id for the life of the data, also through a move to another kind of database; `schema_by` is the
version of Onbam that last changed the schema.
Refuses: settings; they are not kept in the database.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Table

from onbam.database.schema import Key, LongText, Millis, metadata

INSTALLATION: Final = "installation"
CREATED_BY: Final = "created_by"
SCHEMA_BY: Final = "schema_by"

meta: Final = Table(
    "meta",
    metadata,
    Column("name", Key, primary_key=True),
    Column("value", LongText, nullable=False),
    Column("at_ms", Millis, nullable=False),
)
