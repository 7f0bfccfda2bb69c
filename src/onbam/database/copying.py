"""Every row from one database into another, and the proof that none was lost or changed on the way.

For: `move.py` and `backup.py`.
Promises: the tables are read from the target's own schema, so a table no room has imported is not forgotten; rows go in batches
with a word of progress after each; the proof compares counts and a fingerprint of every value of both sides.
Refuses: to copy into a table that holds rows; values that would change on the way (they show in the fingerprint).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection, MetaData, Table
from sqlalchemy.dialects import mysql

from onbam.database import revisions
from onbam.database import words as say
from onbam.database.engine import Database
from onbam.kernel.errors import Damaged, Refused

BATCH: Final = 500
"""Rows a transaction; a few hundred keep the largest texts within every server's packet."""
_MASK: Final = (1 << 128) - 1


@dataclass(frozen=True, slots=True)
class Progress:
    """One word on the way."""

    table: str
    done: int
    """Rows so far, over all tables."""
    total: int


@dataclass(frozen=True, slots=True)
class Proof:
    """What a table holds: how many rows, and the sum of their fingerprints; their order differs from database to database."""

    rows: int
    mark: str


Tell = Callable[[Progress], None]


def tables_of(connection: Connection) -> list[Table]:
    """The tables of a schema, parents before children."""
    metadata = MetaData()
    sa.event.listen(metadata, "column_reflect", _exact)
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name not in revisions.OWN]


def check_empty(connection: Connection, tables: Iterable[Table], shown: str) -> None:
    """A target with rows may be somebody's living database."""
    for table in tables:
        if connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first():
            raise Refused(say.NOT_EMPTY(shown=shown, table=table.name), say.NOT_EMPTY_HINT)


def count_rows(connection: Connection, tables: Iterable[Table]) -> int:
    """All rows of all tables."""
    counts = (connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in tables)
    return sum(counts)


def copy_rows(source: Connection, tables: list[Table], target: Database, tell: Tell) -> dict[str, Proof]:
    """Copy them all; answers what was read."""
    total, done = count_rows(source, tables), 0
    proofs = {}
    for table in tables:
        sum_, rows = 0, 0
        columns = _columns(source, table)
        for batch in _batches(source, columns):
            values = [_fitting(table, row) for row in batch]
            try:
                with target.write() as connection:
                    connection.execute(table.insert(), values)
            except sa.exc.DataError as error:
                # SQLite keeps a text of any length anywhere; servers do not. The driver's words may quote the text itself.
                raise Refused(say.CANNOT_HOLD(table=table.name, shown=target.shown), say.CANNOT_HOLD_HINT) from error
            for row in values:
                sum_ = (sum_ + _mark(row.values())) & _MASK
            rows += len(batch)
            done += len(batch)
            tell(Progress(table.name, done, total))
        proofs[table.name] = Proof(rows, f"{sum_:032x}")
    return proofs


def prove(connection: Connection, tables: list[Table]) -> dict[str, Proof]:
    """What the tables hold, read anew."""
    out = {}
    for table in tables:
        sum_, rows = 0, 0
        for batch in _batches(connection, _columns(connection, table)):
            for row in batch:
                sum_ = (sum_ + _mark(_fitting(table, row).values())) & _MASK
            rows += len(batch)
        out[table.name] = Proof(rows, f"{sum_:032x}")
    return out


def compare(expected: dict[str, Proof], found: dict[str, Proof]) -> None:
    """Nothing lost, nothing changed; else the table is named."""
    for name, proof in expected.items():
        if found.get(name) != proof:
            there = found.get(name)
            raise Damaged(
                say.COPY_DIFFERS(table=name, expected=proof.rows, found=there.rows if there else 0), say.COPY_DIFFERS_HINT
            )


def set_counters(target: Database, tables: Iterable[Table]) -> None:
    """PostgreSQL's own counters do not see rows that came with their numbers."""
    if target.kind != "postgresql":
        return
    with target.write() as connection:
        for table in tables:
            for column in table.primary_key.columns:
                name = connection.execute(
                    sa.select(sa.func.pg_get_serial_sequence(f'"{table.name}"', column.name))
                ).scalar_one()
                if name is not None:
                    highest = connection.execute(sa.select(sa.func.max(column))).scalar_one()
                    if highest is not None:
                        connection.execute(sa.select(sa.func.setval(name, highest)))


def _columns(connection: Connection, table: Table) -> sa.Select[Any]:
    """The table's columns as the other side types them: read with its own types, asked for by name."""
    metadata = MetaData()
    sa.event.listen(metadata, "column_reflect", _exact)
    there = Table(table.name, metadata, autoload_with=connection)
    return sa.select(*[there.c[column.name] for column in table.columns])


def _exact(_inspector: Any, _table: Table, column: Any) -> None:
    """A looked-up DOUBLE of MySQL would be read as a decimal of ten digits."""
    if isinstance(column["type"], sa.Float | mysql.DOUBLE):
        column["type"] = sa.Double(asdecimal=False)


def _batches(connection: Connection, query: sa.Select[Any]) -> Iterator[list[dict[str, Any]]]:
    """Rows in batches, without holding all of them in memory."""
    # For this statement alone: a connection keeps the options it is given, and then streams even an ALTER TABLE.
    result = connection.execute(query, execution_options={"stream_results": True, "max_row_buffer": BATCH})
    for part in result.mappings().partitions(BATCH):
        yield [dict(row) for row in part]


def _fitting(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """What one database calls 0 and 1 another calls false and true."""
    return {
        column.name: bool(row[column.name]) if row[column.name] is not None and _is_flag(column) else row[column.name]
        for column in table.columns
    }


def _is_flag(column: sa.Column[Any]) -> bool:
    """A yes or no; MySQL keeps it as a number of one digit."""
    kind = column.type
    return isinstance(kind, sa.Boolean) or (kind.__class__.__name__ == "TINYINT" and getattr(kind, "display_width", None) == 1)


def _mark(values: Iterable[Any]) -> int:
    """A fingerprint of one row, the same whichever database it was read from."""
    digest = hashlib.blake2b(digest_size=16)
    for value in values:
        digest.update(_plain(value))
        digest.update(b"\x00\x1f")
    return int.from_bytes(digest.digest(), "big")


def _plain(value: Any) -> bytes:
    """One value as bytes, its sort in front, so that 1 and "1" differ."""
    if value is None:
        return b"n"
    if isinstance(value, bool):
        return b"i1" if value else b"i0"  # the flag of one database is the number of another
    if isinstance(value, bytes | bytearray | memoryview):
        return b"b" + bytes(value).hex().encode()
    if isinstance(value, Decimal):
        return b"d" + format(value.normalize(), "f").encode()
    if isinstance(value, int | float):
        return (b"i" if isinstance(value, int) else b"f") + repr(value).encode()
    return b"t" + len(str(value)).to_bytes(8, "big") + str(value).encode("utf-8", "surrogatepass")
