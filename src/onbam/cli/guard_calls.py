"""How the commands reach the guard.

For: `up`, `down`, `ensure`, `ps`, `restart`, `stop`, `remove`, `logs`, `watchdog`.
Promises: nothing is loaded beyond what the guard itself needs, so that `ensure` answers at once; the same question is asked the
same way by all.
Refuses: to know what a program does.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from onbam.cli import guard_words as say
from onbam.cli.app import App
from onbam.guard.calling import Caller
from onbam.guard.settings import read_share
from onbam.guard.system import this_system
from onbam.kernel import home as homes
from onbam.kernel.clock import SystemClock
from onbam.kernel.words import Said, Text

BECOMING: Final = frozenset({"starting", "renewing", "stopping", "again"})
"""States that pass by themselves within moments."""
TROUBLED: Final = frozenset({"slow", "misconfigured"})


def caller(app: App) -> Caller:
    """Whoever calls this command, for this folder."""
    return Caller(app.home, homes.environment(), app.flags, SystemClock(), this_system())


def answer(app: App, data: Any, said: Said | Text) -> None:
    """One sentence, or the data behind it; a plain sentence needs no library that draws."""
    if app.as_json:
        app.emit(data, lambda _: None)
    else:
        app.say(said)


def who() -> str:
    """The person at this PC."""
    environ = homes.environment()
    return f"person:{environ.get('USERNAME') or environ.get('USER') or 'unknown'}"


def logs_folder(app: App) -> Path:
    """Where the logs are."""
    return app.home / read_share(app.home, homes.environment(), app.flags).tree.logs.folder


def listed(status: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The programs people see: those not taken off the list."""
    return [one for one in status["processes"] if one["wish"] != "removed"]


def sentence(app: App, programs: list[dict[str, Any]]) -> Said:
    """How it is, in one sentence; the worst first."""
    if not programs:
        return say.NOTHING_SET()
    for one in programs:
        if one["state"] in TROUBLED or one["life"] == "stuck":
            return say.TROUBLE(name=one["name"], state=state_of(one), why=(one["why"] or {}).get(app.lang, "").strip())
    for one in programs:
        if one["state"] in BECOMING:
            return say.BECOMING(name=one["name"], state=state_of(one))
    count = sum(1 for one in programs if one["state"] == "up")
    if count == 0 and all(one["state"] == "off" for one in programs):
        return say.NONE_RUNS()
    return say.ONE_WELL() if count == 1 else say.ALL_WELL(count=count)


def state_of(one: Mapping[str, Any]) -> Text:
    """A program's state in words: what it is at, where it is up."""
    if one["state"] == "up" and one["life"] in say.LIVES:
        return say.LIVES[one["life"]]
    return say.STATES.get(one["state"], say.STATES["off"])
