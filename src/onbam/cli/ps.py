"""`onbam ps`: what runs, and what it is at.

For: people who glance, and scripts.
Promises: the sentence first, then what is wrong with the settings or the disk, then a row for each program; without a guard it
says so, and what was known last; what urgently needs a person, and a stop of this PC or of all with what lifts it, stand below
the sentence, which never says that all is well above them.
Refuses: to change anything.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from onbam.cli import guard_words as say
from onbam.cli.app import App
from onbam.cli.frame import command, json_option, option, pass_app
from onbam.cli.guard_calls import caller, listed, sentence, state_of, troubles, unsaid
from onbam.cli.passing import Passing, in_passing
from onbam.kernel.errors import Transient
from onbam.kernel.words import Said

if TYPE_CHECKING:
    from rich.console import Console, Group

REFRESH_S = 1.0
PIPED_WIDTH = 140
"""Whoever reads it through a pipe has no width to keep to."""
DOING_AT = 2
DOING_WIDTH = 16
"""What a program does is read at least so wide; where none does anything, the rest fits eighty columns without it."""
STYLES = {"slow": "red", "misconfigured": "red", "off": "dim", "rest": "dim", "starting": "yellow", "again": "yellow"}


@command(say.PS, name="ps")
@option("--watch", text=say.WATCH_OPTION, is_flag=True)
@json_option
@pass_app
def ps(app: App, watch: bool) -> None:  # noqa: FBT001 -- a flag of click's
    """The sentence and the rows."""
    if watch and not app.as_json:
        _keep_showing(app)
        return
    answer = looked(app)
    app.emit(answer, lambda console: _draw(app, answer, console))


def looked(app: App) -> dict[str, Any]:
    """How it is now."""
    from onbam.guard import calling, memory

    here = caller(app)
    try:
        status = calling.ask(here, "status")
    except calling.Mute:
        raise
    except Transient:
        known = memory.read_state(here.run)
        last = [one for one in known.get("processes", ()) if isinstance(one, dict)]
        wrong = unsaid(app, troubles(here))
        left = calling.orphans(here)
        names = ", ".join(f"{note.name} (PID {note.pid})" for note in left)
        told = say.NOT_GUARDED(names=names) if left else say.NOT_RUNNING()
        also = {"orphans": [{"name": note.name, "pid": note.pid} for note in left], "processes": [], "last": last}
        return {"guard": None, **_both(app, told), **_beside(in_passing(app), wrong), **also}
    programs = listed(status)
    for one in programs:
        one["memory_mb"] = _memory(one["pid"])
    passing = in_passing(app)  # asked once it is known that the guard may be asked by whoever asks
    said = sentence(status["processes"], quiet=passing.needs is None)
    wrong = unsaid(app, troubles(here, status), said)
    return {"guard": status["guard"], **_both(app, said), **_beside(passing, wrong), "processes": programs}


def _both(app: App, said: Said) -> dict[str, str]:
    """The sentence, for whoever reads here and for scripts."""
    return {"sentence": said.to(app.lang), **said.named("sentence")}


def _beside(passing: Passing, wrong: list[str]) -> dict[str, Any]:
    """What stands below the sentence."""
    needs = passing.needs
    told = {"needs": None if needs is None else needs.both(), "urgent": passing.urgent_json()}
    return {**told, "paused": passing.stops_json(), "trouble": wrong}


def _memory(pid: int | None) -> int | None:
    """What a program and its descendants hold."""
    import psutil

    if pid is None:
        return None
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        return round(sum(one.memory_info().rss for one in family) / (1 << 20))
    except psutil.Error:
        return None


def _draw(app: App, answer: dict[str, Any], console: Console) -> None:
    if not console.is_terminal:
        console.width = PIPED_WIDTH
    console.print(_picture(app, answer))


def _picture(app: App, answer: dict[str, Any]) -> Group:
    """The sentence, then the rows."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    rows = [_row(app, one) for one in answer["processes"]]
    least = DOING_WIDTH if any(row[DOING_AT] for row in rows) else None
    for heading in (say.NAME, say.STATE, say.DOING, say.BEAT, say.SINCE, say.PID, say.MEMORY, say.RESTARTS):
        right = heading in (say.PID, say.MEMORY, say.RESTARTS)
        wide = heading is say.DOING
        table.add_column(
            app.words(heading),
            justify="right" if right else "left",
            no_wrap=not wide,
            overflow="fold",
            min_width=least if wide else None,
        )
    for one, row in zip(answer["processes"], rows, strict=True):
        table.add_row(*map(Text, row), style=STYLES.get(one["state"], ""))
    paused = [Text(f"{one['why'][app.lang]} {one['lift'][app.lang]}", style="yellow") for one in answer["paused"]]
    needs = [Text(answer["needs"][app.lang], style="red")] if answer["needs"] else []
    first = [Text(answer["sentence"]), *needs, *paused, *(Text(line, style="red") for line in answer["trouble"])]
    return Group(*first, Text(""), table) if answer["processes"] else Group(*first)


def _row(app: App, one: dict[str, Any]) -> tuple[str, ...]:
    why = {} if one["state"] == "up" else one["why"] or {}  # how the one before it ended is not what it does
    doing = " ".join(part for part in (one["step"], one["item"]) if part) or why.get(app.lang, "")
    beat = "" if one["beat_age_s"] is None else app.words(say.AGO(seconds=one["beat_age_s"]))
    since = datetime.fromisoformat(one["since"]).strftime("%m-%d %H:%M") if one["since"] else ""
    memory = "" if one["memory_mb"] is None else app.words(say.MEGABYTES(n=one["memory_mb"]))
    pid = "" if one["pid"] is None else str(one["pid"])
    return one["name"], app.words(state_of(one)), doing, beat, since, pid, memory, str(one["restarts"])


def _keep_showing(app: App) -> None:
    """Until Ctrl+C."""
    from rich.live import Live

    from onbam.kernel.clock import SystemClock

    clock = SystemClock()
    first = _picture(app, looked(app))
    with suppress(KeyboardInterrupt), Live(first, console=app.out, auto_refresh=False, transient=True) as live:
        while True:
            clock.wait(REFRESH_S)
            live.update(_picture(app, looked(app)), refresh=True)
