"""`onbam incidents`: what the guard saw before it ended a program.

For: whoever wants to know why something stood still.
Promises: the newest first; one shown whole; no secret.
Refuses: nothing more.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from onbam.care import incidents_words as words
from onbam.cli import lookback_words as say
from onbam.cli.app import App
from onbam.cli.frame import Group, command, json_option, pass_app

if TYPE_CHECKING:
    from rich.console import Console

LINES_SHOWN = 40


@click.group(name="incidents", cls=Group, text=say.INCIDENTS, invoke_without_command=True)
@json_option
@click.pass_context
def incidents(ctx: click.Context) -> None:
    """The list, unless one is asked for."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(show_list)


@command(say.LIST, name="list")
@json_option
@pass_app
def show_list(app: App) -> None:
    """All of them."""
    from onbam.care.incidents import incidents as known

    found = known(app.onbam.incidents_folder, app.onbam.redactor.text)

    def draw(console: Console) -> None:
        if not found:
            app.say(words.NONE)
            return
        from rich.table import Table

        table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
        for heading in (words.NAME, words.WHEN, words.PROCESS, words.ITEM, words.WHY):
            table.add_column(app.words(heading), overflow="fold", no_wrap=heading is words.NAME)
        for one in found:
            table.add_row(one.id, one.at[:19].replace("T", " "), one.process, one.item, one.why[app.lang])
        console.print(table)

    rows = [
        {
            "id": one.id,
            "at": one.at,
            "process": one.process,
            "pid": one.pid,
            "item": one.item,
            "step": one.step,
            "why": dict(one.why),
        }
        for one in found
    ]
    app.emit({"incidents": rows}, draw)


@command(say.SHOW, name="show")
@click.argument("id")
@json_option
@pass_app
def show(app: App, id: str) -> None:  # noqa: A002 -- the name people see in the help
    """One of them."""
    from onbam.care.incidents import incident

    one = incident(app.onbam.incidents_folder, id, app.onbam.redactor.text)

    def draw(console: Console) -> None:
        console.print(f"{one.id}  {one.process} (PID {one.pid})", style="bold", markup=False)
        console.print(one.why[app.lang], markup=False)
        if one.silence_s is not None and one.limit_s is not None:
            app.say(words.SILENCE(silence=one.silence_s, limit=one.limit_s, step=one.step or "-"))
        if one.item:
            console.print(f"{app.words(words.ITEM)}: {one.item}", markup=False)
        console.print(f"\n{app.words(words.STACKS if one.stacks else words.NO_STACKS)}", style="bold")
        console.print(one.stacks, markup=False)
        console.print(app.words(words.LINES(count=min(len(one.lines), LINES_SHOWN))), style="bold")
        for line in one.lines[-LINES_SHOWN:]:
            console.print(f"  {line}", markup=False)
        console.print(app.words(words.FACTS), style="bold")
        for name, value in one.facts.items():
            if name != "beat" and value not in (None, "", [], {}):
                console.print(f"  {name}: {value}", markup=False)

    app.emit(asdict(one), draw)


incidents.add_command(show_list)
incidents.add_command(show)
