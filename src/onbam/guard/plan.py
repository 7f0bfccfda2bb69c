"""Which programs should run here, from the settings.

For: the guard, at its start and whenever a settings file changed; `onbam up`, which says what is wrong before a guard starts.
Promises: pure; programs of Onbam and of the shop in one list, in the order they are named; a program that is set up wrongly
costs only itself.
Refuses: a name that is neither a program of this version nor a section of the shop's, a section without a command, and a
heartbeat file that another program writes: a program that hangs would look busy for ever.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from onbam.guard import words as say
from onbam.guard.model import Handover, Patience, Spec, Watch, hours_of, time_of
from onbam.guard.settings import GuardSettings, ProcessSettings, Share
from onbam.guard.system import interpreter
from onbam.kernel.beats import HEARTBEAT_NAME
from onbam.kernel.errors import Misconfigured
from onbam.kernel.words import Lang, language

AUTO: Final = "auto"
RUN_WORD: Final = "run"


@dataclass(frozen=True, slots=True)
class Program:
    """One program of Onbam's: `onbam NAME run`."""

    handover: Handover


PROGRAMS: Final[Mapping[str, Program]] = {"agent": Program("pause"), "web": Program("stop")}
"""The programs this version has, in the order they start."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything the guard takes from the settings."""

    specs: Mapping[str, Spec]
    zone: ZoneInfo
    lang: Lang
    logs: Path
    renew_at: time
    patience: Patience
    settings: GuardSettings = field(default_factory=GuardSettings)
    watched: tuple[Path, ...] = ()
    """Files besides the settings' own whose change may have mended something."""
    wrong: Mapping[str, Misconfigured] = field(default_factory=dict)
    """Programs that are set up wrongly, and how."""


def plan_of(
    share: Share,
    home: Path,
    environ: Mapping[str, str],
    programs: Mapping[str, Program] = PROGRAMS,
    sections: Mapping[str, Misconfigured] | None = None,
) -> Plan:
    """The plan these settings describe; `sections` are those that could not be read. Raises `Misconfigured` for the rest."""
    chosen = share.guard
    specs: dict[str, Spec] = {}
    wrong = {name.partition(".")[2]: error for name, error in (sections or {}).items() if _may_run(name, chosen.run, programs)}
    run = named(chosen.run, programs)
    known = {**programs, **share.process, **wrong}
    for name in run:  # a wrong name here may mean one that runs: the settings as a whole are unclear
        if name not in known:
            raise Misconfigured(say.NO_PROGRAM(name=name), say.NO_PROGRAM_HINT(name=name, names=", ".join(known) or "-"))
    for name in [*run, *(name for name in share.process if name not in programs and name not in run)]:
        if name in wrong:
            continue
        try:
            specs[name] = _spec(name, share.process.get(name, ProcessSettings()), chosen, home, programs.get(name))
        except Misconfigured as error:
            wrong[name] = error
    deceived = _deceived(specs, share, home, programs)
    specs = {name: spec for name, spec in specs.items() if name not in deceived}
    return Plan(
        specs,
        zone_of(share.app.time_zone),
        language(share.app.language, environ),
        home / share.logs.folder,
        time_of(chosen.renew_at, "guard.renew_at"),
        Patience(chosen.burst, chosen.slow_s, chosen.steady_s),
        chosen,
        (home / share.vault.secrets_file,),
        {**wrong, **deceived},
    )


def _may_run(section: str, run: Sequence[str], programs: Mapping[str, Program]) -> bool:
    """Whether a section is about a program that should run here: one of the shop's, or one of Onbam's that is chosen."""
    name = section.partition(".")[2]
    return name not in programs or name in named(run, programs)


def _deceived(
    specs: Mapping[str, Spec], share: Share, home: Path, programs: Mapping[str, Program]
) -> Mapping[str, Misconfigured]:
    """Programs judged by a heartbeat file that another one writes: each of them, except the one whose file it is."""
    main = share.guard.main
    ours = main in specs and main in programs and not share.process.get(main, ProcessSettings()).command
    writers = {os.path.realpath(home / HEARTBEAT_NAME): main} if ours else {}
    out: dict[str, Misconfigured] = {}
    for name, spec in specs.items():
        if spec.watch == "file" and (writer := writers.setdefault(os.path.realpath(spec.heartbeat), name)) != name:
            hint = say.SHARED_HEARTBEAT_HINT(name=name)
            out[name] = Misconfigured(say.SHARED_HEARTBEAT(name=name, file=spec.heartbeat, other=writer), hint)
    return out


def named(run: Sequence[str], programs: Mapping[str, Program]) -> list[str]:
    """The names `guard.run` means, each once."""
    out: list[str] = []
    for name in run:
        out += [one for one in (programs if name == AUTO else (name,)) if one not in out]
    return out


def zone_of(name: str) -> ZoneInfo:
    """The shop's zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Misconfigured(say.BAD_ZONE(name=name), say.BAD_ZONE_HINT) from None


def _spec(name: str, extra: ProcessSettings, chosen: GuardSettings, home: Path, program: Program | None) -> Spec:
    cwd = home / extra.cwd
    ours = program is not None and not extra.command
    watch: Watch = extra.watch if extra.watch != "auto" or not ours else "beats"
    return Spec(
        name=name,
        command=own_command(home, name) if ours else _command(name, extra.command),
        cwd=str(cwd),
        env=dict(extra.env or {}),
        enabled=extra.enabled,
        hours=hours_of(extra.hours, f"process.{name}.hours"),
        memory_mb=extra.memory_mb,
        watch=watch,
        heartbeat=str(cwd / extra.heartbeat),
        timeout_s=chosen.timeout_s if extra.timeout_s is None else extra.timeout_s,
        start_s=chosen.start_s if extra.start_s is None else extra.start_s,
        stop_s=chosen.stop_s if extra.stop_s is None else extra.stop_s,
        renew=chosen.renew if extra.renew is None else extra.renew,
        handover=_handover(extra, program if ours else None),
        errors=chosen.errors,
    )


def _handover(extra: ProcessSettings, program: Program | None) -> Handover:
    if extra.handover != "auto":
        return extra.handover
    return program.handover if program is not None else "stop"


def own_command(home: Path, name: str) -> tuple[str, ...]:
    """A program of Onbam's, by this very Python. `-P`: a file of the shop named like a module must not be imported."""
    return (interpreter(), "-P", "-m", "onbam", "--home", str(home), name, RUN_WORD)


def _command(name: str, given: str | Sequence[str]) -> tuple[str, ...] | str:
    """What to start; one line is split as the system's shell would, but by no shell."""
    if not given:
        raise Misconfigured(say.NO_COMMAND(name=name), say.NO_COMMAND_HINT)
    if not isinstance(given, str):
        return tuple(given)
    try:
        return given if sys.platform == "win32" else tuple(shlex.split(given))
    except ValueError as error:
        raise Misconfigured(say.BAD_COMMAND(name=name, what=error), say.BAD_COMMAND_HINT) from None
