"""Which step of the schema's history a database has, and which this program knows.

For: every start: the usual answer "nothing to do" must not cost the import of Alembic.
Promises: two small queries and one look into a folder; a database that was left by a move, or never finished by one, is not
worked on.
Refuses: to change anything (`migrate.py` does).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from sqlalchemy import Column, Connection, MetaData, String, Table, inspect, select

from onbam import migrations
from onbam.database import words as say
from onbam.database.tables import SCHEMA_BY, meta
from onbam.kernel.errors import Misconfigured

VERSION_TABLE: Final = "onbam_version"
"""Alembic's own table under a name of ours: a shop's server may hold another program's `alembic_version`."""
UNFINISHED: Final = "onbam_unfinished"
"""A table that stands only while an upgrade runs on MySQL, which cannot undo one: found at start, one was cut off."""
MOVING_FROM: Final = "onbam_moving_from"
"""Stands in a database that a move has begun to fill and has not yet proven."""
MOVING_TO: Final = "onbam_moving_to"
"""Stands in a database whose rows are being read for a move; harmless when found later."""
MOVED_TO: Final = "onbam_moved_to"
"""Stands in a database that was left."""
OWN: Final = frozenset({VERSION_TABLE, UNFINISHED, MOVING_FROM, MOVING_TO, MOVED_TO})
"""Tables that speak of the database and are no part of its contents."""
STEPS: Final = Path(str(migrations.__file__)).parent / "versions"
_NAME: Final = re.compile(r"(\d{4})_\w+\.py")
_version: Final = Table(VERSION_TABLE, MetaData(), Column("version_num", String(32), primary_key=True))


def mark(name: str) -> Table:
    """One of the marks of a move: a table that names the other side."""
    return Table(name, MetaData(), Column("place", String(500), nullable=False), mysql_engine="InnoDB", mysql_charset="utf8mb4")


def known(folder: Path = STEPS) -> list[str]:
    """Every step this program knows, oldest first."""
    return sorted(match[1] for path in folder.iterdir() if (match := _NAME.fullmatch(path.name)))


def current(connection: Connection, *, filling: bool = False) -> str | None:
    """The step the database has; none when it has no schema of ours. A move that fills it may say so."""
    names = set(inspect(connection).get_table_names())
    if MOVED_TO in names:
        place = _place(connection, MOVED_TO)
        raise Misconfigured(say.MOVED_AWAY(place=place), say.MOVED_AWAY_HINT(place=place))
    if MOVING_FROM in names and not filling:
        raise Misconfigured(say.HALF_FILLED(place=_place(connection, MOVING_FROM)), say.HALF_FILLED_HINT)
    if VERSION_TABLE not in names:
        return None
    return connection.execute(select(_version.c.version_num)).scalar_one_or_none()


def check_not_newer(connection: Connection, at: str | None, steps: list[str]) -> None:
    """A database from a later Onbam is left alone: this one would misread it."""
    if at is None or at in steps:
        return
    by = connection.execute(select(meta.c.value).where(meta.c.name == SCHEMA_BY)).scalar_one_or_none()
    raise Misconfigured(say.NEWER(at=at, by=by or "?", head=steps[-1]), say.NEWER_HINT(by=by or "?"))


def _place(connection: Connection, name: str) -> str:
    """The other side, without its password."""
    return str(connection.execute(select(mark(name).c.place)).scalar_one_or_none() or "?")
