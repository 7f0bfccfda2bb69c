"""`onbam db …`: where state is kept, its copies, and the way to another kind of database.

For: the person who looks after a shop.
Promises: nothing is changed without a copy where one can be made; a move is proven before the old place is left; the same
answers as JSON; addresses are shown without their passwords.
Refuses: to write the new address into the settings: it says which line to write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from onbam.cli import db_words as say
from onbam.cli import words
from onbam.cli.app import App
from onbam.cli.frame import command, group, json_option, option, pass_app
from onbam.kernel.errors import EXIT_FAILED, EXIT_OK, Refused

if TYPE_CHECKING:
    from onbam.database.copying import Progress
    from onbam.database.embedded.server import EmbeddedPostgres
    from onbam.database.engine import Database
    from onbam.database.status import DatabaseStatus

BACKUPS = "backups"
_KIB = 1024


@group(words.DB, name="db")
def db() -> None:
    """Hold the commands below."""


@command(say.STATUS, name="status")
@json_option
@pass_app
def status(app: App) -> None:
    """Where state is, which schema, how large, and the last copy."""
    from onbam.database.status import status as look
    from onbam.guard.words import in_full

    with _opened(app) as database, app.progress(say.LOOKING, None):
        seen = look(database, _folder(app))
    server = app.onbam.embedded_server
    data = {
        "kind": seen.kind,
        "address": seen.shown,
        "server": f"{seen.product} {seen.version}",
        "schema": seen.schema,
        "newest_schema": seen.head,
        "current": seen.current,
        "installation": seen.installation,
        "created_by": seen.created_by,
        "schema_by": seen.schema_by,
        "size_kib": seen.size // _KIB,
        "log_kib": None if seen.wal_size is None else seen.wal_size // _KIB,
        "free_mib": None if seen.free is None else seen.free // _KIB**2,
        "file_system": seen.file_system,
        "damage": seen.damage,
        "unsafe": seen.unsafe,
        "emptied": in_full(seen.emptied).both() if seen.emptied else None,
        "last_backup": str(seen.last_backup) if seen.last_backup else None,
        "last_backup_at": seen.last_backup_at.isoformat() if seen.last_backup_at else None,
        "embedded": None if server is None else {"folder": str(server.room), "pid": server.running()},
    }
    app.emit(data, lambda _: _draw(app, seen, server))


def _draw(app: App, seen: DatabaseStatus, server: EmbeddedPostgres | None) -> None:
    """The same for people; what is not there is not mentioned, what is wrong is."""
    app.say(say.WHERE(address=seen.shown, server=f"{seen.product} {seen.version}"))
    if server is not None:
        app.say(say.OURS(folder=server.room, pid=server.running()))
    if seen.emptied is not None:
        app.say(seen.emptied.to(app.lang))
    elif seen.schema is None:
        app.say(say.NO_SCHEMA)
    elif seen.current:
        app.say(say.SCHEMA(revision=seen.schema))
    else:
        app.say(say.OLD_SCHEMA(revision=seen.schema, head=seen.head))
    if seen.installation is not None:
        app.say(say.INSTALLATION(id=seen.installation, by=seen.created_by or "?"))
    app.say(say.SIZE(size=f"{seen.size / _KIB:,.0f}"))
    if seen.free is not None:
        app.say(say.FREE(free=f"{seen.free / _KIB**2:,.0f}", file_system=seen.file_system or "?"))
    if seen.damage is not None:
        app.say(say.DAMAGE(what=seen.damage))
    if seen.unsafe is not None:
        app.say(say.UNSAFE(setting=seen.unsafe))
    app.say(say.LAST_COPY(path=seen.last_backup) if seen.last_backup is not None else say.NO_COPY)


@command(say.STOP, name="stop")
@json_option
@pass_app
def stop(app: App) -> int:
    """End our own PostgreSQL."""
    server = app.onbam.embedded_server
    if server is None:
        raise Refused(say.NOT_OURS, say.NOT_OURS_HINT)
    with app.progress(say.STOPPING, None):
        stopped = server.stop()
    text = say.STOPPED if stopped else say.NOT_STOPPED
    app.emit({"stopped": stopped}, lambda _: app.say(text(folder=server.room)))
    return EXIT_OK if stopped else EXIT_FAILED


@command(say.UPGRADE, name="upgrade")
@json_option
@pass_app
def upgrade(app: App) -> None:
    """Bring the schema up to date now."""
    from onbam.database.migrate import upgrade as bring_up_to_date

    with _opened(app) as database:
        done = bring_up_to_date(database, backups=_folder(app), chance=app.onbam.chance)
    data = {"before": done.before, "after": done.after, "backup": str(done.backup) if done.backup else None}
    text = say.UP_TO_DATE(after=done.after)
    if done.changed:
        text = say.UPGRADED(before=done.before, after=done.after) if done.before else say.MADE(after=done.after)
    app.emit(data, lambda _: app.say(text))


@command(say.BACKUP, name="backup")
@option("--to", "folder", text=say.TO_OPTION, type=click.Path(path_type=Path, file_okay=False), default=None)
@json_option
@pass_app
def backup(app: App, folder: Path | None) -> None:
    """Make a copy now."""
    from onbam.database.backup import backup as copy
    from onbam.database.backup import restore_steps

    database = app.onbam.database
    with _progress(app) as tell:
        made = copy(database, folder or _folder(app), tell=tell)
    steps = restore_steps(database, made.path)

    def draw(_: Any) -> None:
        app.say(say.COPIED(path=made.path, size=made.size // _KIB))
        app.say(steps)

    app.emit(
        {"path": str(made.path), "size": made.size, "rows": made.rows, "restore": app.words(steps), **steps.named("restore")},
        draw,
    )


@command(say.RESTORE, name="restore")
@click.argument("copy", type=click.Path(path_type=Path))
@json_option
@pass_app
def restore(app: App, copy: Path) -> None:
    """Put a copy's rows into an empty database; a damaged file is put aside first."""
    from onbam.cli.guard_calls import caller
    from onbam.database.address import file_of
    from onbam.database.aside import make_room
    from onbam.database.backup import check_copy
    from onbam.database.backup import restore as put_back
    from onbam.guard.lock import is_held
    from onbam.orders.went_back import stop_after_restore

    check_copy(copy)
    onbam, guard = app.onbam, caller(app)
    file = file_of(onbam.settings.database, onbam.data)
    aside = make_room(file, onbam.database_at, lambda: is_held(guard.run, guard.system), onbam.clock)
    with _opened(app) as database, _progress(app) as tell:
        pauses = onbam.pauses_in(database)
        rows = put_back(copy, database, tell=tell, last=lambda: stop_after_restore(pauses, copy, onbam.person))
        shown = database.shown

    def draw(_: Any) -> None:
        for path in aside:
            app.say(say.PUT_ASIDE(path=path))
        app.say(say.RESTORED(rows=rows, address=shown))
        app.say(say.RESTORED_NEXT)

    app.emit({"rows": rows, "address": shown, "aside": [str(path) for path in aside], "paused": True}, draw)


@command(say.MOVE, name="move")
@click.argument("url")
@json_option
@pass_app
def move(app: App, url: str) -> None:
    """Move everything into another database."""
    from onbam.database.move import move as carry_over

    source = app.onbam.database
    with closing(app.onbam.database_at(url)) as target, _progress(app) as tell:
        moved = carry_over(source, target, tell=tell)
    data = {"from": moved.source, "to": moved.target, "rows": moved.rows, "left_behind": list(moved.left_behind)}

    def draw(_: Any) -> None:
        app.say(say.MOVED(rows=moved.rows, target=moved.target))
        app.say(say.MOVED_NEXT)

    app.emit(data, draw)


@command(say.REOPEN, name="reopen")
@json_option
@pass_app
def reopen(app: App) -> None:
    """Take a move back."""
    from onbam.database.seal import reopen as open_again

    with _opened(app) as database:
        tables = open_again(database)
        shown = database.shown
    app.emit({"address": shown, "tables": tables}, lambda _: app.say(say.REOPENED(address=shown, tables=tables)))


for one in (status, stop, upgrade, backup, restore, move, reopen):
    db.add_command(one)


@contextmanager
def _opened(app: App) -> Iterator[Database]:
    """The database as it is: looking does not bring its schema up to date."""
    with closing(app.onbam.database_at()) as database:
        yield database


@contextmanager
def _progress(app: App) -> Iterator[Callable[[Progress], None]]:
    """A bar over the rows of all tables."""
    with app.progress(say.COPYING, None) as advance:
        seen = 0

        def tell(progress: Progress) -> None:
            nonlocal seen
            advance(progress.done - seen)
            seen = progress.done

        yield tell


def _folder(app: App) -> Path:
    """Where copies rest."""
    return app.onbam.data / BACKUPS
