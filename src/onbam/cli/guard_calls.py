"""How the commands reach the guard.

For: `up`, `down`, `ensure`, `ps`, `restart`, `stop`, `remove`, `logs`, `watchdog`.
Promises: nothing is loaded beyond what the guard itself needs, so that `ensure` answers at once; the same question is asked the
same way by all; who names programs is answered about those, other programs' trouble stands beside the answer.
Refuses: to know what a program does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click

from onbam.cli import guard_words as say
from onbam.cli.app import App
from onbam.guard.calling import Caller
from onbam.guard.system import this_system
from onbam.guard.words import in_full
from onbam.kernel import home as homes
from onbam.kernel.clock import SystemClock
from onbam.kernel.errors import EXIT_FAILED
from onbam.kernel.words import LANGS, Said, Text, spoken

BECOMING: Final = frozenset({"starting", "renewing", "stopping", "again"})
"""States that pass by themselves within moments."""
TROUBLED: Final = frozenset({"slow", "misconfigured"})


def caller(app: App) -> Caller:
    """Whoever calls this command, for this folder."""
    app.check_home()
    return Caller(app.home, homes.environment(), app.flags, SystemClock(), this_system())


@contextmanager
def waiting(app: App) -> Iterator[None]:
    """Ctrl+C ends the waiting for what the guard does, and not what it does."""
    try:
        yield
    except KeyboardInterrupt:
        app.aside(say.GOES_ON)
        raise click.exceptions.Exit(EXIT_FAILED) from None


def answer(app: App, data: Any, said: Said | Text) -> None:
    """One sentence, or the data behind it; a plain sentence needs no library that draws."""
    if app.as_json:
        app.emit(data, lambda _: None)
    else:
        app.say(said)


def who() -> str:
    """The person at this PC."""
    return f"person:{homes.user_name(homes.environment())}"


def logs_folder(app: App) -> Path:
    """Where the logs are."""
    return app.home / caller(app).settings.share.logs.folder


def troubles(here: Caller, status: Mapping[str, Any] | None = None) -> list[Said]:
    """What is wrong in the settings, as they stand and as the guard met them; and what the disk refuses."""
    settings, known = here.settings, status or {}
    found = [in_full(error) for error in (settings.trouble, *settings.wrong.values()) if error is not None]
    found += [spoken(both) for both in known.get("trouble", ())]
    if known.get("disk"):
        found.append(say.DISK_REFUSES(what=spoken(known["disk"])))
    return list({said.to("en"): said for said in found}.values())


def unsaid(app: App, found: Sequence[Said], *already: Said | None) -> list[str]:
    """What the sentences before do not tell anyhow."""
    before = " ".join(said.to(app.lang) for said in already if said is not None)
    return [app.cleaned(said) for said in found if said.to(app.lang) not in before]


def mind(
    app: App,
    here: Caller,
    given: Mapping[str, Any] | None = None,
    status: Mapping[str, Any] | None = None,
    *already: Said | None,
) -> None:
    """Say beside the answer what did not keep the command from being done; `given` is the guard's answer to it."""
    for said in unsaid(app, troubles(here, status), *already):
        app.aside(said)
    if given is not None and given.get("unremembered"):
        app.aside(say.NOT_REMEMBERED(what=spoken(given["unremembered"])))


def listed(status: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The programs people see: those not taken off the list."""
    return [one for one in status["processes"] if one["wish"] != "removed"]


def is_troubled(one: Mapping[str, Any], failing: Collection[str] = ()) -> bool:
    """Whether a program needs somebody; `failing` have kept ending while we looked."""
    ends = one["state"] == "again" and one["restarts"] > 0
    return one["state"] in TROUBLED or one["life"] == "stuck" or ends or one["name"] in failing


def sentence(programs: Sequence[Mapping[str, Any]], failing: Collection[str] = (), *, quiet: bool = True) -> Said:
    """How it is, in one sentence; the worst first. Not `quiet`: programs may run, and yet something needs a person."""
    if worst := _worst(programs, failing):
        return worst
    shown = [one for one in programs if one["wish"] != "removed"]
    if not shown and programs:
        return say.ALL_REMOVED(names=", ".join(one["name"] for one in programs))
    if not shown:
        return say.NOTHING_SET()
    count = sum(1 for one in shown if one["state"] == "up")
    if count == 0 and all(one["state"] == "off" for one in shown):
        return say.NONE_RUNS()
    if not quiet:
        return say.ONE_RUNS() if count == 1 else say.MANY_RUN(count=count)
    return say.ONE_WELL() if count == 1 else say.ALL_WELL(count=count)


def _worst(programs: Sequence[Mapping[str, Any]], failing: Collection[str] = ()) -> Said | None:
    """What is wrong, else what is on its way; none where nothing is."""
    shown = [one for one in programs if one["wish"] != "removed"]
    for one in shown:
        if is_troubled(one, failing):
            state = say.STATES["again"] if one["name"] in failing and one["state"] in BECOMING else state_of(one)
            why = spoken({lang: one["why"][lang].strip() for lang in LANGS}) if one["why"] else ""
            return say.TROUBLE(name=one["name"], state=state, why=why)
    for one in shown:
        if one["state"] in BECOMING:
            return say.BECOMING(name=one["name"], state=state_of(one))
    return None


def about(
    programs: Sequence[Mapping[str, Any]],
    names: Collection[str],
    failing: Collection[str] = (),
    *,
    quiet: bool = True,
) -> Said:
    """The sentence for whoever named programs; without names the one about all."""
    if not names:
        return sentence(programs, failing, quiet=quiet)
    named = [one for one in programs if one["name"] in names]
    told = [_worst([one], failing) or _plainly(one) for one in named]
    return spoken({"ko": " ".join(said.to("ko") for said in told), "en": " ".join(said.to("en") for said in told)})


def beside(app: App, programs: Sequence[Mapping[str, Any]], said: Said, failing: Collection[str] = ()) -> list[Said]:
    """Say the trouble of each program the answer `said` does not tell of; what was said."""
    troubled = [_worst([one], failing) for one in programs if is_troubled(one, failing)]
    others = [one for one in troubled if one is not None and one.to(app.lang) not in said.to(app.lang)]
    for one in others:
        app.aside(one)
    return others


def _plainly(one: Mapping[str, Any]) -> Said:
    if one["wish"] == "removed":
        return say.TAKEN_OFF(name=one["name"])
    return say.BECOMING(name=one["name"], state=state_of(one))


def state_of(one: Mapping[str, Any]) -> Text:
    """A program's state in words: what it is at, where it is up."""
    if one["state"] == "up" and one["life"] in say.LIVES:
        return say.LIVES[one["life"]]
    return say.STATES.get(one["state"], say.STATES["off"])
