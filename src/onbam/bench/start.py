"""The benchmark `start`: what it costs before anything is done.

For: the promises that `onbam --help` answers within 150 ms, that the guard idles within 25 MB, and that `run.py` adds at
most 150 ms.
Promises: every figure is a whole process, as a person or the system starts it; the guard's figure loads all of guard and
kernel, so it can only be too large.
Refuses: to start `run.py` where it did not make this Python itself: it would build an environment instead of being measured.
"""

from __future__ import annotations

import importlib.util
import pkgutil
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

import onbam
import onbam.guard
import onbam.kernel
from onbam.bench import words as say
from onbam.bench.model import Peer, Result, Subject
from onbam.bench.tools import Bench, Plan, Tools

HELP_TARGET_MS: Final = 150.0
MEMORY_TARGET_MB: Final = 25.0
RUN_PY_TARGET_MS: Final = 150.0
REPEATS: Final = 15
COLD_REPEATS: Final = 5
"""Without bytecode a start takes seconds, and its spread is small beside that."""
IMPORT_RUNS: Final = 5
IMPORT_ROWS: Final = 8
STAMP: Final = "onbam.stamp"
"""Written by run.py into an environment it finished."""
COMMANDS: Final = (("--version",), ("config", "show"))
"""What run.py adds is the same for every command; the shortest one lets it be seen best, the other is what people wait for."""
_ROW: Final = re.compile(r"import time:\s+(?P<own>\d+) \|\s+\d+ \|\s+(?P<module>\S+)")


@contextmanager
def prepare(tools: Tools) -> Iterator[Plan]:
    """Nothing to build: every subject is a process of its own."""
    python = sys.executable
    bare = Peer("python -c pass", lambda: tools.timed([python, "-c", "pass"]))
    subjects = [
        Subject(
            say.HELP_WARM(),
            "ms",
            lambda: tools.timed([python, "-m", "onbam", "--help"]),
            target=HELP_TARGET_MS,
            peers=(bare, *_known_tools(tools)),
            repeats=REPEATS,
        ),
        Subject(
            say.HELP_COLD(),
            "ms",
            lambda: _without_bytecode(tools, [python, "-m", "onbam", "--help"]),
            peers=(Peer("python -c pass", lambda: _without_bytecode(tools, [python, "-c", "pass"])),),
            warmups=0,
            repeats=COLD_REPEATS,
        ),
        Subject(
            say.GUARD_IMPORT(),
            "ms",
            lambda: tools.timed([python, "-c", guard_program()]),
            peers=(bare,),
            repeats=REPEATS,
        ),
        Subject(
            say.GUARD_MEMORY(),
            "MB",
            lambda: tools.weighed(guard_program(), python),
            target=MEMORY_TARGET_MB,
            peers=(Peer("python", lambda: tools.weighed("", python)),),
            repeats=COLD_REPEATS,
        ),
        *_front_door(tools),
    ]
    yield Plan(subjects, lambda: import_rows(tools))


def guard_program() -> str:
    """A program that loads everything the guard may load: its own modules but for the installer's, the kernel's, psutil."""
    names = ["psutil"]
    for package in (onbam.kernel, onbam.guard):
        names.append(package.__name__)
        names += [m.name for m in pkgutil.walk_packages(package.__path__, f"{package.__name__}.") if "__main__" not in m.name]
    names = [name for name in names if not name.startswith("onbam.guard.boot")]
    names = [name for name in names if not name.endswith(f"guard.{'posix' if sys.platform == 'win32' else 'windows'}")]
    return f"import {', '.join(names)}"


def import_rows(tools: Tools) -> Sequence[Result]:
    """The modules with the largest share of their own in `onbam --help`."""
    shares: dict[str, list[float]] = {}
    for _ in range(IMPORT_RUNS):
        for row in _ROW.finditer(tools.output([sys.executable, "-X", "importtime", "-m", "onbam", "--help"])):
            shares.setdefault(row["module"], []).append(int(row["own"]) / 1000)
    largest = sorted(shares.items(), key=lambda item: -median(item[1]))[:IMPORT_ROWS]
    return [Result(say.IMPORT_ROW(module=name), "ms", median(own), (min(own), max(own))) for name, own in largest]


def _known_tools(tools: Tools) -> Iterator[Peer]:
    """Command lines many people know, where they are installed."""
    for module, option in (("pip", "--version"), ("alembic", "--help"), ("pytest", "--version"), ("streamlit", "--version")):
        if importlib.util.find_spec(module) is not None:
            command = [sys.executable, "-m", module, option]
            yield Peer(f"{module} {option}", lambda command=command: tools.timed(command))  # type: ignore[misc]


def _without_bytecode(tools: Tools, command: Sequence[str]) -> float:
    """A start that has to compile every module, as the first one after installing does."""
    return tools.timed(command, PYTHONPYCACHEPREFIX=str(tools.folder / "empty"), PYTHONDONTWRITEBYTECODE="1")


def _front_door(tools: Tools) -> Iterator[Subject]:
    """What `run.py` adds, where it made this environment."""
    door = Path(onbam.__file__).parents[2] / "run.py"
    if not door.is_file() or not (Path(sys.prefix) / STAMP).is_file():
        return
    base = getattr(sys, "_base_executable", sys.executable)
    here = {"ONBAM_HOME": str(tools.folder), "ONBAM_VENV": sys.prefix}

    def sample(command: Sequence[str]) -> float:
        through = tools.timed([base, str(door), *command], **here)
        return through - tools.timed([sys.executable, "-m", "onbam", *command], **here)

    for command in COMMANDS:
        what = say.RUN_PY(command=" ".join(command))
        yield Subject(what, "ms", partial(sample, command), target=RUN_PY_TARGET_MS, repeats=REPEATS)


BENCH: Final = Bench("start", say.START, prepare)
