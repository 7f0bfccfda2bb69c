"""Looks at this PC for the daily check.

For: `onbam check --daily`, the digest.
Promises: nothing is changed; processes are counted by what they run, whoever started them; what cannot be looked at is said,
and the rest is looked at all the same.
Refuses: to ask the guard: it may be what is broken.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from onbam.care.daily import Day, Start
from onbam.care.timeline_read import file_day
from onbam.guard import memory
from onbam.guard.boot.systems import System
from onbam.guard.lock import RUNTIME_NAME, read_holder
from onbam.guard.plan import RUN_WORD
from onbam.kernel import home as homes
from onbam.kernel.beats import HEARTBEAT_NAME, SUFFIX
from onbam.kernel.errors import OnbamError
from onbam.kernel.logfile import MANAGED

RESTING: Final = frozenset({"off", "rest", "misconfigured"})
Commands = Callable[[], Iterator[tuple[int, Sequence[str]]]]
"""Every process of this PC: its number and its words."""
HomeOf = Callable[[int], Path | None]
"""The folder a process works for when its words do not say; none when the system does not show it."""


def commands() -> Iterator[tuple[int, Sequence[str]]]:
    """As the system lists them; those it does not show are left out."""
    import psutil

    for process in psutil.process_iter(["cmdline", "status"]):
        words = process.info["cmdline"]
        if words and process.info["status"] != psutil.STATUS_ZOMBIE:
            yield process.pid, words


def home_of(pid: int) -> Path | None:
    """By its surroundings, as it found its folder itself."""
    import psutil

    try:
        process = psutil.Process(pid)
        return homes.find_home(process.environ(), Path(process.cwd()))
    except (psutil.Error, OSError):
        return None


def look(
    home: Path,
    run: Path,
    logs: Path,
    main: str,
    local: datetime,
    system: Callable[[], System],
    every: Commands = commands,
    own_command: Sequence[str] | None = None,
    home_of: HomeOf = home_of,
) -> Day:
    """Everything the check needs. `own_command`: the main program's, when it is the shop's own."""
    today, newest = _logs(logs, local)
    holder = read_holder(home / RUNTIME_NAME)
    return Day(
        at=local,
        main=main,
        pids=tuple(pid for pid, words in every() if _is_main(words, main, home, own_command, partial(home_of, pid))),
        beat_age_s=_beat_age(home, run, main, local),
        log=today,
        last_log=newest,
        lock_pid=holder.pid if holder else None,
        guard_pid=_guard_pid(run),
        start=_start(system),
        rests=_rests(run, main),
    )


def _is_main(
    words: Sequence[str], main: str, home: Path, own_command: Sequence[str] | None, its_home: Callable[[], Path | None]
) -> bool:
    """A program of Onbam's for this folder: `… -m onbam [--home HOME] NAME run`; the shop's own: its very command."""
    if own_command is not None:
        return list(words) == list(own_command)
    if "onbam" not in words or list(words[-2:]) != [main, RUN_WORD]:
        return False
    if "--home" in words[:-1]:
        return _same(words[words.index("--home") + 1], home)
    where = its_home()
    return where is None or _same(str(where), home)  # one that cannot be told counts: two at once is worth a look


def _same(text: str, home: Path) -> bool:
    with contextlib.suppress(OSError):
        return Path(text).resolve() == home.resolve()
    return False


def _beat_age(home: Path, run: Path, main: str, local: datetime) -> float | None:
    """By the file older scripts look at; without one, by the program's own beat."""
    for path in (home / HEARTBEAT_NAME, run / f"{main}{SUFFIX}"):
        with contextlib.suppress(OSError):
            return max(0.0, local.timestamp() - path.stat().st_mtime)
    return None


def _logs(folder: Path, local: datetime) -> tuple[str, str]:
    """The newest log of today, and the newest at all."""
    names = []
    with contextlib.suppress(OSError):
        names = sorted(path.name for path in folder.iterdir() if MANAGED.match(path.name) and file_day(path.name) is not None)
    by_day = sorted(names, key=lambda name: (str(file_day(name)), name))
    today = [name for name in by_day if file_day(name) == local.date()]
    return (today[-1] if today else ""), (by_day[-1] if by_day else "")


def _guard_pid(run: Path) -> int | None:
    """The guard that wrote its state last, if it still lives."""
    state = memory.read_state(run)
    guard = state.get("guard")
    pid = guard.get("pid") if isinstance(guard, dict) else None
    if not isinstance(pid, int):
        return None
    import psutil

    try:
        return pid if psutil.Process(pid).status() != psutil.STATUS_ZOMBIE else None
    except psutil.Error:
        return None


def _rests(run: Path, main: str) -> bool:
    """Whether the guard said last that it leaves the main program alone."""
    programs = memory.read_state(run).get("processes")
    known = [one for one in programs if isinstance(one, dict)] if isinstance(programs, list) else []
    return any(one.get("name") == main and one.get("state") in RESTING for one in known)


def _start(system: Callable[[], System]) -> Start:
    """The first piece is the one people know by name."""
    try:
        told = system()
        standing = told.standing()[0]
    except OnbamError as error:
        return Start("-", "", active=False, trouble=error.message)
    return Start(standing.name, standing.says if standing.there else "", active=standing.active)
