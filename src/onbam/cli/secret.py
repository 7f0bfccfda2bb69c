"""`onbam secret …`: secrets in, names out.

For: the person who looks after the shop.
Promises: a value is typed unseen or read from standard input; it is never an argument (others see those), never echoed.
Refuses: to show a value, to anybody.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from onbam.cli import care_words as say
from onbam.cli import words
from onbam.cli.app import App
from onbam.cli.frame import command, group, json_option, option, pass_app
from onbam.kernel.errors import Refused

if TYPE_CHECKING:
    from rich.console import Console


@group(words.SECRET, name="secret")
def secret() -> None:
    """Hold the commands below."""


@command(say.SECRET_SET, name="set")
@click.argument("name")
@option("--in", "where", text=say.IN_OPTION, type=click.Choice(["file", "keyring"]), default="file")
@pass_app
def set_(app: App, name: str, where: Any) -> None:
    """Keep one."""
    from onbam.bootstrap import Settings
    from onbam.care.config import secret_variable

    item = secret_variable(Settings, name)
    value = _typed(app, item.dotted) if sys.stdin.isatty() else sys.stdin.read().rstrip("\r\n")
    app.onbam.vault.set(item.variable, value, where)
    app.say(say.KEPT(name=item.dotted, where=say.WHERE[where]))
    origin = app.onbam.outside.origins[item.dotted]
    if origin.kind != "default":
        app.aside(say.STILL_GIVEN(where=origin.where))


def _typed(app: App, name: str) -> str:
    """A value typed twice, unseen."""
    first: str = click.prompt(app.words(say.VALUE_PROMPT(name=name)), hide_input=True, err=True)
    if click.prompt(app.words(say.VALUE_AGAIN), hide_input=True, err=True) != first:
        raise Refused(say.NOT_THE_SAME, say.NOT_THE_SAME_HINT)
    return first


@command(say.SECRET_LIST, name="list")
@json_option
@pass_app
def list_(app: App) -> None:
    """Names, places and ages."""
    kept = app.onbam.vault.kept()
    now = app.onbam.clock.now()
    zone = _zone(app)
    rows = [(entry, max((now - datetime.fromisoformat(entry.set_at)).days, 0)) for entry in kept]

    def draw(console: Console) -> None:
        from rich.table import Table

        if not rows:
            app.say(say.NONE_KEPT)
            return
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
        for heading in (say.COL_NAME, say.COL_WHERE, say.COL_SINCE, say.COL_AGE, say.COL_KEY):
            table.add_column(app.words(heading), overflow="fold")
        for entry, days in rows:
            where, age = app.words(say.WHERE[entry.where]), app.words(say.AGE(days=days))
            since = f"{datetime.fromisoformat(entry.set_at).astimezone(zone):%Y-%m-%d %H:%M}"
            table.add_row(entry.name, where, since, age, entry.key or "")
        console.print(table)

    data = [{"name": e.name, "where": e.where, "set_at": e.set_at, "age_days": days, "key": e.key} for e, days in rows]
    app.emit(data, draw)


def _zone(app: App) -> tzinfo:
    """The shop's, known without the vault: also a vault that does not open is listed."""
    try:
        return ZoneInfo(app.onbam.outside.tree.app.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


@command(say.SECRET_REMOVE, name="remove")
@click.argument("name")
@pass_app
def remove(app: App, name: str) -> None:
    """Forget one; also one whose setting is gone by now, under the name `list` shows."""
    from onbam.bootstrap import Settings
    from onbam.care.config import secret_variable

    kept = {entry.name for entry in app.onbam.vault.kept()}
    variable = name if name in kept else secret_variable(Settings, name).variable
    if not app.onbam.vault.remove(variable):
        raise Refused(say.NOT_KEPT(name=name), say.NOT_KEPT_HINT)
    app.say(say.REMOVED(name=name))


@command(say.SECRET_ROTATE, name="rotate")
@option("--forget", text=say.FORGET_OPTION, is_flag=True)
@json_option
@pass_app
def rotate(app: App, *, forget: bool) -> None:
    """Change the key."""
    done = app.onbam.vault.rotate(app.onbam.locked_elsewhere(), forget=forget)

    def draw(_: Console) -> None:
        app.say(say.ROTATED(key=done.key, secrets=done.secrets, elsewhere=done.elsewhere))
        if done.forgotten:
            app.say(say.FORGOTTEN(count=done.forgotten))

    data = {"key": done.key, "secrets": done.secrets, "elsewhere": done.elsewhere, "forgotten": done.forgotten}
    app.emit(data, draw)


@command(say.SECRET_NEW_KEY, name="new-key")
@click.argument("file", type=click.Path(path_type=Path))
@pass_app
def new_key(app: App, file: Path) -> None:
    """Make a key file."""
    from onbam.vault.keys import new_key_file

    new_key_file(app.home / file)
    app.say(say.KEY_MADE(file=file))


for _one in (set_, list_, remove, rotate, new_key):
    secret.add_command(_one)
