"""Bring the schema up to date at start, once, however many processes start together.

For: the composition root, right after opening; `onbam db upgrade`.
Promises: one process upgrades, the others wait and find it done; on SQLite and PostgreSQL the whole upgrade is one transaction,
on MySQL an interrupted one is taken up where it stopped; an SQLite file is copied before it is changed; nothing to do costs one
query.
Refuses: a newer schema, a database that already holds tables of our names but not of our making, tables in an emptied file,
ways back.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from onbam import __version__
from onbam.database import installed, revisions
from onbam.database import words as say
from onbam.database.engine import PATIENCE_S, Database
from onbam.database.revisions import UNFINISHED
from onbam.database.schema import metadata
from onbam.database.snapshot import BEFORE, keep_last, sqlite_copy
from onbam.database.tables import CREATED_BY, INSTALLATION, SCHEMA_BY, meta
from onbam.kernel.chance import Chance
from onbam.kernel.errors import Misconfigured, Transient
from onbam.kernel.ids import new_id

if TYPE_CHECKING:
    from alembic.runtime.environment import EnvironmentContext

LOCK_NAME: Final = "onbam-schema"
LOCK_NUMBER: Final = 0x6F6E62616D0001
"""For PostgreSQL, whose locks have numbers: the letters `onbam` and one."""
_GET_LOCK_S: Final = 5
_MADE: Final = re.compile(r'create_table\(\s*"(\w+)"')


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What an upgrade did."""

    before: str | None
    """The step the database had; none for a new one."""
    after: str
    backup: Path | None = None
    """The copy made before changing it."""

    @property
    def changed(self) -> bool:
        """Whether there was anything to do."""
        return self.before != self.after


def upgrade(
    database: Database,
    *,
    backups: Path | None = None,
    chance: Chance | None = None,
    filling: bool = False,
    copy_first: bool = True,
    steps: Path = revisions.STEPS,
) -> Upgraded:
    """Apply every step the database has not had. `backups` defaults to a folder beside the SQLite file.

    `filling`: a move is filling this database and may go on. `copy_first=False`: it is itself a copy.
    """
    known = revisions.known(steps)
    with database.read() as connection:
        before = revisions.current(connection, filling=filling)
        revisions.check_not_newer(connection, before, known)
    lives_here = database.path is not None and copy_first and not filling
    if before == known[-1]:
        if lives_here:
            _remember(database)
        return Upgraded(before, before)
    with database.patient() as patient, _locked(patient) as connection:
        before = revisions.current(connection, filling=filling)  # somebody may have been faster
        revisions.check_not_newer(connection, before, known)
        if before == known[-1]:
            return Upgraded(before, before)
        if before is None:
            if lives_here and database.path is not None:
                installed.check_not_emptied(database.path)
            _check_free(connection, steps)
        copy = _copy_first(patient, before, backups, known[-1]) if copy_first else None
        _run(patient, connection, steps)
        _sign(patient, connection, chance or Chance())
    if lives_here:
        _remember(database)
    return Upgraded(before, known[-1], copy)


def _remember(database: Database) -> None:
    """Beside the file: it is not new any more. A folder that takes nothing is told of by whoever writes there next."""
    assert database.path is not None, "only a file has a place beside it"
    if installed.mark_of(database.path).exists():
        return
    with database.read() as connection:
        name = connection.execute(sa.select(meta.c.value).where(meta.c.name == INSTALLATION)).scalar()
    with contextlib.suppress(OSError):
        installed.remember(database.path, name or "")


@contextmanager
def _locked(database: Database) -> Iterator[Connection]:
    """A write transaction that no other upgrade runs beside."""
    if database.kind == "sqlite":
        # A table is changed by making it anew; with foreign keys on, dropping the old one would empty its neighbours.
        sa.event.listen(database.engine, "connect", _foreign_keys_off)
        database.engine.dispose()
        with database.write() as connection:
            yield connection
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            assert not broken, f"a step left rows pointing nowhere: {broken[:5]}"
    elif database.kind == "postgresql":
        with database.write() as connection:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{int(PATIENCE_S)}s'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK_NUMBER})")
            yield connection
    else:
        with database.write() as connection:
            name = f"{LOCK_NAME}:{connection.exec_driver_sql('SELECT database()').scalar_one()}"[:64]
            deadline = database.clock.monotonic() + PATIENCE_S
            while not connection.exec_driver_sql("SELECT GET_LOCK(%s, %s)", (name, _GET_LOCK_S)).scalar_one():
                if database.clock.monotonic() > deadline:
                    raise Transient(say.BUSY, say.BUSY_HINT)
            # Let go of by the end of the connection, as `patient()` ends: after the commit, and also when we are killed.
            yield connection


def _foreign_keys_off(raw: Any, _record: Any) -> None:
    raw.execute("PRAGMA foreign_keys=OFF")


def _check_free(connection: Connection, steps: Path) -> None:
    """A new schema goes into an empty place: tables of our names would be somebody else's.

    The names are taken from the steps, for no process imports the tables of every room.
    """
    there = set(sa.inspect(connection).get_table_names())
    made = {name for path in steps.glob("[0-9]*.py") for name in _MADE.findall(path.read_text("utf-8"))}
    ours = sorted(there & made)
    if ours and UNFINISHED not in there:
        raise Misconfigured(say.FOREIGN_TABLES(tables=", ".join(ours[:5])), say.FOREIGN_TABLES_HINT)


def _copy_first(database: Database, before: str | None, backups: Path | None, head: str) -> Path | None:
    """The way back: a copy of what is committed so far."""
    if database.path is None or before is None:
        return None
    folder = backups or database.path.parent / "backups"
    copy = sqlite_copy(database.path, folder, f"{BEFORE}-{head}-by-{__version__}", database.clock)
    keep_last(folder, database.path.stem, BEFORE, database.settings.keep_backups)
    return copy


def _run(database: Database, connection: Connection, steps: Path) -> None:
    """Alembic's part."""
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(steps.parent), version_locations=[str(steps)])

    def ahead(revision: Any, _context: Any) -> Any:
        return script._upgrade_revs("head", revision)  # noqa: SLF001 -- the way Alembic's own guide runs steps without its files

    environment = EnvironmentContext(Config(), script)
    environment.configure(
        connection=connection,
        target_metadata=metadata,
        version_table=revisions.VERSION_TABLE,
        render_as_batch=database.kind == "sqlite",
        fn=ahead,
    )
    if database.kind == "mysql":
        _run_again_where_needed(connection, environment)
    else:
        with environment:
            environment.run_migrations()


def _run_again_where_needed(connection: Connection, environment: EnvironmentContext) -> None:
    """MySQL commits each change of a table by itself: after an interruption, what is there already is passed over."""
    import pymysql.err

    again = sa.inspect(connection).has_table(UNFINISHED)
    if not again:
        connection.exec_driver_sql(f"CREATE TABLE {UNFINISHED} (one INT PRIMARY KEY)")
    impl = environment.get_context().impl
    execute = impl._exec  # noqa: SLF001 -- the one door every statement of a step goes through

    def tolerant(*args: Any, **kwargs: Any) -> Any:
        try:
            return execute(*args, **kwargs)
        except sa.exc.DBAPIError as error:
            code = error.orig.args[0] if isinstance(error.orig, pymysql.err.MySQLError) else 0
            if code in DONE_ALREADY:
                return None
            raise

    if again:
        impl._exec = tolerant  # type: ignore[method-assign]  # noqa: SLF001 -- the same
    with environment:
        environment.run_migrations()
    connection.exec_driver_sql(f"DROP TABLE {UNFINISHED}")


DONE_ALREADY: Final = frozenset({1050, 1060, 1061, 1091, 1826, 1022})
"""MySQL's numbers for: the table, column, index or constraint is there already, or is gone already."""


def _sign(database: Database, connection: Connection, chance: Chance) -> None:
    """Write down who changed the schema, and once the name of the installation."""
    at_ms = database.clock_ms(connection)
    known = set(connection.execute(sa.select(meta.c.name)).scalars())
    for name, value in ((INSTALLATION, new_id(database.clock, chance)), (CREATED_BY, __version__)):
        if name not in known:
            connection.execute(meta.insert().values(name=name, value=value, at_ms=at_ms))
    connection.execute(meta.delete().where(meta.c.name == SCHEMA_BY))
    connection.execute(meta.insert().values(name=SCHEMA_BY, value=__version__, at_ms=at_ms))
