"""Move everything into another kind of database with one command, while the shop stands ready to go on.

For: `onbam db move URL`: one PC with a file becomes many PCs with a server, or the other way.
Promises: nobody can write to the old database while it is read, and nobody can use it afterwards (`seal.py`); the new one holds
every row, proven by counts and fingerprints, before it is taken for whole; an interrupted move leaves the old database as it
was, and the same command started again clears what was half filled and begins anew.
Refuses: a target with rows of its own, a target that is the source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection, Table

from onbam.database import words as say
from onbam.database.copying import Proof, Tell, check_empty, compare, copy_rows, prove, set_counters, tables_of
from onbam.database.engine import Database
from onbam.database.migrate import upgrade
from onbam.database.revisions import MOVING_FROM, OWN, mark
from onbam.database.seal import announce, seal, unseal
from onbam.database.tables import meta
from onbam.kernel.errors import Refused, Transient


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did."""

    source: str
    target: str
    """Both addresses without passwords."""
    tables: dict[str, Proof]
    left_behind: tuple[str, ...]
    """Tables of the old place that are not Onbam's."""

    @property
    def rows(self) -> int:
        """Rows in all tables."""
        return sum(proof.rows for proof in self.tables.values())


def move(source: Database, target: Database, *, tell: Tell = lambda _: None) -> Moved:
    """Copy, prove, hand over. The caller then writes the new address into the settings and starts the processes again."""
    if source.url == target.url:
        raise Refused(say.SAME_PLACE, say.SAME_PLACE_HINT)
    upgrade(source)
    with source.patient() as old, target.patient() as new:
        tables = fill(new, old.shown)
        with _stopped(old) as reading:
            announce(reading, new.shown)
            _lock(old, reading, tables)
            known = copy_rows(reading, tables, new, tell)
            finish(new, tables, known)
            _leave(old, reading, tables, known)
            there = set(sa.inspect(reading).get_table_names())
    ours = {table.name for table in tables} | {f"moved_{table.name}" for table in tables} | OWN
    return Moved(source.shown, target.shown, known, tuple(sorted(there - ours)))


def fill(target: Database, source: str) -> list[Table]:
    """A schema without rows, marked as not to be used yet; what an earlier try left in it is cleared away."""
    moving = mark(MOVING_FROM)
    with target.write() as connection:
        if not sa.inspect(connection).get_table_names():  # the mark first: tables without rows would be a new shop
            moving.create(connection)
    upgrade(target, filling=True)
    with target.write() as connection:
        tables = tables_of(connection)
        if not sa.inspect(connection).has_table(MOVING_FROM):
            check_empty(connection, [table for table in tables if table.name != meta.name], target.shown)
            moving.create(connection)
        connection.execute(moving.delete())
        connection.execute(moving.insert().values(place=source))
        for table in reversed(tables):
            connection.execute(table.delete())
    return tables


def finish(target: Database, tables: list[Table], known: dict[str, Proof], last: Callable[[], object] = lambda: None) -> None:
    """The new database is whole: proven, then said. `last` is done before anybody may use it."""
    set_counters(target, tables)
    with target.read() as connection:
        compare(known, prove(connection, tables))
    last()
    with target.write() as connection:
        mark(MOVING_FROM).drop(connection)


@contextmanager
def _stopped(source: Database) -> Iterator[Connection]:
    """A connection that reads while nobody writes. Writers are told "busy" and try again; a kill lets everything go."""
    with source.write() as connection:
        try:
            yield connection
        finally:
            if source.kind == "mysql" and not connection.invalidated:
                connection.exec_driver_sql("UNLOCK TABLES")


def _lock(source: Database, connection: Connection, tables: list[Table]) -> None:
    """SQLite is locked by the write transaction itself; servers are asked, table by table."""
    names = [connection.dialect.identifier_preparer.quote(table.name) for table in tables]
    if source.kind == "postgresql":
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        connection.exec_driver_sql(f"LOCK TABLE {', '.join(names)} IN SHARE ROW EXCLUSIVE MODE")
    elif source.kind == "mysql":
        connection.exec_driver_sql("LOCK TABLES " + ", ".join(f"{name} READ" for name in names))


def _leave(source: Database, connection: Connection, tables: list[Table], known: dict[str, Proof]) -> None:
    """Close the old database, so that no process goes on there."""
    names = [table.name for table in tables]
    if source.kind != "mysql":
        seal(connection, names)
        return
    # MySQL cannot change names under the lock we read with, so between the two somebody may have written: look again.
    connection.exec_driver_sql("UNLOCK TABLES")
    seal(connection, names)
    sealed = [table.to_metadata(sa.MetaData(), name=f"moved_{table.name}") for table in tables]
    found = {name.removeprefix("moved_"): proof for name, proof in prove(connection, sealed).items()}
    if found != known:
        unseal(connection)
        raise Transient(say.WRITTEN_MEANWHILE, say.WRITTEN_MEANWHILE_HINT)
