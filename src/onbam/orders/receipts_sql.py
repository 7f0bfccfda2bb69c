"""Which order has a slip: asked of the claims' own tables.

For: every installation whose claims stand in a database.
Promises: what was cleared away is remembered and found too.
Refuses: to be quick: no index knows a receipt, and a person settles by hand a few times a day.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from onbam.claims.model import Ref, State
from onbam.claims.tables import item_memory, items
from onbam.database.engine import Database
from onbam.orders.model import KIND

TABLES: Final = (items, item_memory)


class SqlReceipts:
    """In the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def owner(self, receipt: str, but: Ref) -> str | None:
        """Of the rows first, then of what is only remembered."""
        with self._database.read() as connection:
            for table in TABLES:
                c = table.c
                mine = (c.kind == KIND, c.state == State.COMPLETED.value, c.receipt == receipt, c.key != but.key)
                found = connection.execute(sa.select(c.key).where(*mine).limit(1)).scalar()
                if found is not None:
                    return str(found)
        return None
