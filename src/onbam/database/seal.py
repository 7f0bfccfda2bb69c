"""Close a database after its contents have moved: whoever still holds it can neither write nor read by mistake.

For: `move.py`.
Promises: a process that still runs on the old database fails at its next statement, instead of claiming an order a second time;
every row stays where it is under another name; `reopen` undoes it.
Refuses: to delete anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection

from onbam.database.engine import Database
from onbam.database.revisions import MOVED_TO, MOVING_TO, OWN, mark

PREFIX: Final = "moved_"


def announce(connection: Connection, place: str) -> None:
    """Write down where to, before anything else."""
    table = mark(MOVING_TO)
    table.drop(connection, checkfirst=True)
    table.create(connection)
    connection.execute(table.insert().values(place=place))


def seal(connection: Connection, names: Iterable[str]) -> None:
    """Give every table a name nobody asks for; in one statement on MySQL, in one transaction elsewhere."""
    _rename(connection, [(MOVING_TO, MOVED_TO), *((name, PREFIX + name) for name in names)])


def unseal(connection: Connection) -> int:
    """Give the tables their names back; answers how many."""
    there = sa.inspect(connection).get_table_names()
    sealed = [name for name in there if name.startswith(PREFIX) and name not in OWN]
    pairs = [(MOVED_TO, MOVING_TO)] if MOVED_TO in there else []
    _rename(connection, [*pairs, *((name, name.removeprefix(PREFIX)) for name in sealed)])
    return len(sealed)


def reopen(database: Database) -> int:
    """For a person who decides that a move did not count: the old database is in use again."""
    with database.write() as connection:
        return unseal(connection)


def _rename(connection: Connection, pairs: list[tuple[str, str]]) -> None:
    quote = connection.dialect.identifier_preparer.quote
    quoted = [(quote(old), quote(new)) for old, new in pairs]
    if connection.dialect.name == "mysql" and quoted:
        connection.exec_driver_sql("RENAME TABLE " + ", ".join(f"{old} TO {new}" for old, new in quoted))
        return
    for old, new in quoted:
        connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")
