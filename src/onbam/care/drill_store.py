"""The shop's database, out of everybody else's reach for a moment.

For: the drill `store-down`.
Promises: the database itself keeps them out, by its own locks: with SQLite nobody writes, with a server nobody reaches a table;
the locks end with this connection, also when this process is killed; nothing is changed.
Refuses: to stop a server: others may use it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onbam.database.engine import Database


@contextmanager
def out_of_reach(database: Database) -> Iterator[None]:
    """While the block runs."""
    from sqlalchemy import inspect, text

    tables = inspect(database.engine).get_table_names()
    quote = database.engine.dialect.identifier_preparer.quote
    named = [quote(name) for name in sorted(tables)]
    with database.patient() as patient, patient.write() as connection:  # SQLite: this alone keeps every writer out
        if patient.kind == "postgresql" and named:
            connection.execute(text(f"LOCK TABLE {', '.join(named)} IN ACCESS EXCLUSIVE MODE"))
        elif patient.kind == "mysql" and named:
            connection.execute(text(f"LOCK TABLES {', '.join(f'{name} WRITE' for name in named)}"))
        try:
            yield
        finally:
            if patient.kind == "mysql" and named:
                connection.execute(text("UNLOCK TABLES"))
