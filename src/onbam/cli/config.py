"""`onbam config …`: what is set, what could be, and where it stands.

For: people who look for the reason of a value, and scripts.
Promises: no secret is shown, in any form of the answer.
Refuses: to change a setting: files are changed by people, once, where they can see them.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from onbam.cli import care_words as say
from onbam.cli import words
from onbam.cli.app import App
from onbam.cli.frame import command, group, json_option, option, pass_app
from onbam.kernel.errors import Refused

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from onbam.care.config import Described, Shown
    from onbam.kernel.words import Text

Row = TypeVar("Row", "Shown", "Described")
LIKE: Final = 0.6


@group(words.CONFIG, name="config")
def config() -> None:
    """Hold the commands below."""


@command(say.CONFIG_SHOW, name="show")
@click.argument("part", required=False, default="")
@option("--changed", text=say.CHANGED_OPTION, is_flag=True)
@json_option
@pass_app
def show(app: App, part: str, *, changed: bool) -> None:
    """Values and origins."""
    from onbam.bootstrap import Settings
    from onbam.care.config import shown

    onbam = app.onbam
    rows = _some(shown(Settings, onbam.loaded, onbam.redactor), part)
    rows = [row for row in rows if not changed or row.origin != "default"]

    def draw(console: Console) -> None:
        if not rows:
            app.say(say.NOTHING)
            return
        table = _table(app, say.COL_NAME, say.COL_VALUE, say.COL_FROM)
        for row in rows:
            where = app.words(say.FROM_DEFAULT) if row.origin == "default" else row.where
            table.add_row(row.name, _value(row.value), where, style="dim" if row.origin == "default" else "")
        console.print(table)

    app.emit([row.as_data() for row in rows], draw)


@command(say.CONFIG_LIST, name="list")
@click.argument("part", required=False, default="")
@json_option
@pass_app
def list_(app: App, part: str) -> None:
    """Names, kinds, defaults, meanings."""
    from onbam.bootstrap import Settings
    from onbam.care.config import described

    rows = _some(described(Settings), part)

    def draw(console: Console) -> None:
        for row in rows:  # a block for each: five columns do not fit a terminal
            default = "" if row.default in (None, "") else f" = {_value(row.default)}"
            console.print(f"[bold]{row.name}[/bold]{default}  [dim]({app.words(row.kind)})[/dim]")
            console.print(f"    {', '.join(filter(None, (row.alias, row.variable)))}", style="dim", markup=False)
            console.print(f"    {app.words(row.help)}", markup=False)

    app.emit([row.as_data() for row in rows], draw)


@command(say.CONFIG_PATH, name="path")
@json_option
@pass_app
def path(app: App) -> None:
    """Folders and files."""
    from onbam.kernel.settings import ENV_NAMES, TOML_NAME

    chosen = app.onbam.outside.tree
    files = {name: (app.home / name).is_file() for name in (TOML_NAME, *ENV_NAMES)}
    places = {"home": app.home, "data": app.home / chosen.app.data, "logs": app.home / chosen.logs.folder}

    def draw(_: Console) -> None:
        for name, place in places.items():
            app.say(f"{app.words(say.PATHS[name])}: {place}")
        for name, there in files.items():
            app.say(f"{app.words(say.PATHS['files'])}: {app.home / name} ({app.words(say.READ if there else say.ABSENT)})")

    app.emit({**{name: str(place) for name, place in places.items()}, "files": files}, draw)


config.add_command(show)
config.add_command(list_)
config.add_command(path)


def _some(rows: Sequence[Row], part: str) -> list[Row]:
    """Those whose names hold this; a word that is in none is a mistake, and the nearest name is told."""
    found = [row for row in rows if part in row.name]
    if not found:
        names = {row.name for row in rows} | {row.name.partition(".")[0] for row in rows}
        near = difflib.get_close_matches(part, names, n=1, cutoff=LIKE)
        raise Refused(say.NO_SETTING(name=part), words.DID_YOU_MEAN(name=near[0]) if near else say.NO_SETTING_HINT)
    return found


def _table(app: App, *headings: Text) -> Table:
    """A table as all of ours look."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for heading in headings:
        table.add_column(app.words(heading), overflow="fold")
    return table


def _value(value: Any) -> str:
    """A value for people, so that no bracket of it is taken for a colour."""
    from rich.markup import escape

    return escape(", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value))
