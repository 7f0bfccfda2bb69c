"""Which step of the schema's history a database has, and which this program knows.

For: every start: the usual answer "nothing to do" must not cost the import of Alembic.
Promises: one small query and one look into a folder.
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
STEPS: Final = Path(str(migrations.__file__)).parent / "versions"
_NAME: Final = re.compile(r"(\d{4})_\w+\.py")
_version: Final = Table(VERSION_TABLE, MetaData(), Column("version_num", String(32), primary_key=True))


def known(folder: Path = STEPS) -> list[str]:
    """Every step this program knows, oldest first."""
    return sorted(match[1] for path in folder.iterdir() if (match := _NAME.fullmatch(path.name)))


def current(connection: Connection) -> str | None:
    """The step the database has; none when it has no schema of ours."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(select(_version.c.version_num)).scalar_one_or_none()


def check_not_newer(connection: Connection, at: str | None, steps: list[str]) -> None:
    """A database from a later Onbam is left alone: this one would misread it."""
    if at is None or at in steps:
        return
    by = connection.execute(select(meta.c.value).where(meta.c.name == SCHEMA_BY)).scalar_one_or_none()
    raise Misconfigured(say.NEWER(at=at, by=by or "?", head=steps[-1]), say.NEWER_HINT(by=by or "?"))
