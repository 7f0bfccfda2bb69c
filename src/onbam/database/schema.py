"""The one list of tables, and the few column types that mean the same on every database.

For: each room's `tables.py` declares `Table("name", metadata, …)` with these types.
Promises: every constraint and index gets a predictable name; text compares byte for byte on all three kinds (on MySQL through
a binary collation, else two order keys that differ in case would be one); times are epoch milliseconds.
Refuses: time types with zones, floating point money, ENUMs: each of them behaves differently somewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, Integer, MetaData, String, Table, Text, event
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeEngine

NAMES: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
KEY_LENGTH: Final = 191
"""The longest key text: 191 four-byte letters fit the smallest index limit of any supported MySQL."""
ON_MYSQL: Final[dict[str, Any]] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin"}
"""Given to every table, here and by the migrations."""

metadata: Final = MetaData(naming_convention=NAMES)

Key: Final[TypeEngine[str]] = String(KEY_LENGTH)
"""A name others point at: an item key, an id, a machine."""
LongText: Final[TypeEngine[str]] = Text().with_variant(mysql.LONGTEXT(), "mysql")
"""Text of any length, also JSON and decimal numbers as text (a plain MySQL TEXT ends at 64 KiB)."""
Millis: Final[TypeEngine[int]] = BigInteger()
"""Epoch milliseconds UTC; the column's name ends in `_ms`."""
Serial: Final[TypeEngine[int]] = BigInteger().with_variant(Integer(), "sqlite")
"""A primary key that counts by itself (SQLite counts only INTEGER columns)."""


def mark_for_mysql(_target: object, _connection: Connection | None, tables: Iterable[Table] | None = None, **_: Any) -> None:
    """Give tables that are about to be made the options of `ON_MYSQL`, so that no room can forget them."""
    for table in tables or ():
        for name, value in ON_MYSQL.items():
            table.kwargs.setdefault(name, value)


event.listen(metadata, "before_create", mark_for_mysql)
