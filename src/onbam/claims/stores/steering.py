"""Keeps SQLite's planner from the wrong index.

For: the looks next door. SQLite knows nothing of how full a table is and guesses: for a hundred named items it read everything
that is due, for the few that are held a million completed ones.
Promises: on SQLite the column cannot be found by an index in this one place of this one statement; what is compared and how is
the same; on servers, which count their rows, it is the column itself.
Refuses: to be used where it would change an answer: it changes none.
"""

from __future__ import annotations

from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import InternalTraversal

T = TypeVar("T")


class _Unindexed(sa.ColumnElement[T]):
    """A column, and a plus before it where it stands for SQLite."""

    inherit_cache = True
    _traverse_internals = [("column", InternalTraversal.dp_clauseelement)]  # noqa: RUF012 -- SQLAlchemy declares it so

    def __init__(self, column: sa.ColumnElement[T]) -> None:
        self.column = column
        self.type = column.type


def unindexed(column: sa.ColumnElement[T]) -> sa.ColumnElement[T]:
    """The column, compared and sorted without an index on SQLite."""
    return _Unindexed(column)


@compiles(_Unindexed)
def _plain(element: _Unindexed[Any], compiler: SQLCompiler, **how: Any) -> str:
    return compiler.process(element.column, **how)


@compiles(_Unindexed, "sqlite")
def _with_plus(element: _Unindexed[Any], compiler: SQLCompiler, **how: Any) -> str:
    return f"+{compiler.process(element.column, **how)}"
