"""What a benchmark measures with: programs started and timed, processes weighed.

For: the benchmarks' own modules.
Promises: times come from the clock that was handed in; a program that fails is an error with its last line, never a fast
sample; nothing that was started outlives its measurement.
Refuses: a shell, the caller's standard input, a program that runs for longer than its limit.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Final

import psutil

from onbam.bench import words as say
from onbam.bench.model import Result, Subject
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Refused
from onbam.kernel.words import Said, Text

COMMAND_LIMIT_S: Final = 60.0
QUICK: Final = "BENCH_QUICK"
"""In the environment of a benchmark: fewer samples, where it knows how (`onbam bench run NAME --quick`)."""
READY: Final = "print('ready', flush=True); import sys; sys.stdin.read()"
"""The last line of a program that is weighed: it says that it idles, and ends when its input does."""
SKEWING: Final = frozenset(
    {
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONPROFILEIMPORTTIME",
        "PYTHONDEVMODE",
        "PYTHONOPTIMIZE",
        "PYTHONMALLOC",
        "PYTHONTRACEMALLOC",
    }
)
"""Variables under which a start costs something else than it does for most people."""
_MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Tools:
    """Handed to each benchmark."""

    clock: Clock
    environ: Mapping[str, str]
    folder: Path
    """An empty folder that goes away afterwards."""

    def surroundings(self, **more: str) -> dict[str, str]:
        """The environment of what is measured: the caller's, without what would change how Python itself starts.

        Bytecode is kept in the folder, so that the warm-up fills it even where the installation may not be written.
        """
        kept = {name: value for name, value in self.environ.items() if name not in SKEWING}
        return {**kept, "PYTHONPYCACHEPREFIX": str(self.folder / "bytecode"), **more}

    def timed(self, command: Sequence[str], **more: str) -> float:
        """How many milliseconds a program takes from start to end."""
        begun = self.clock.monotonic()
        self.output(command, **more)
        return (self.clock.monotonic() - begun) * 1000

    def output(self, command: Sequence[str], **more: str) -> str:
        """Run a program; what it wrote to standard error (where Python's import table goes)."""
        try:
            done = subprocess.run(  # noqa: S603 -- the command is a benchmark's own list
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=self.surroundings(**more),
                cwd=self.folder,
                timeout=COMMAND_LIMIT_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _failed(command, f"> {COMMAND_LIMIT_S:g} s", "") from None
        said = done.stderr.decode("utf-8", errors="replace")
        if done.returncode:
            raise _failed(command, done.returncode, said)
        return said

    def weighed(self, program: str, python: str) -> float:
        """How many megabytes a Python program holds once it idles."""
        command = [python, "-c", f"{program}\n{READY}"]
        with subprocess.Popen(  # noqa: S603 -- the same
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.surroundings(),
            cwd=self.folder,
            text=True,
        ) as process:
            limit = Timer(COMMAND_LIMIT_S, process.kill)
            limit.start()
            try:
                assert process.stdout is not None
                if process.stdout.readline().strip() != "ready":
                    process.kill()
                    assert process.stderr is not None
                    raise _failed(command, process.wait(), process.stderr.read())
                weight = psutil.Process(process.pid).memory_info().rss / _MIB
                process.communicate(timeout=COMMAND_LIMIT_S)
            finally:
                limit.cancel()
        return weight


@dataclass(frozen=True, slots=True)
class Plan:
    """What one benchmark measures, once its surroundings stand."""

    subjects: Sequence[Subject]
    afterwards: Callable[[], Sequence[Result]] = tuple
    """Further lines, read off once the subjects are done (a table of imports)."""
    notes: Sequence[Said] = ()
    """What could not be measured here, and why."""


@dataclass(frozen=True, slots=True)
class Bench:
    """One benchmark of the list: builds its surroundings, names its subjects, takes everything down again."""

    name: str
    text: Text
    prepare: Callable[[Tools], AbstractContextManager[Plan]]


def _failed(command: Sequence[str], code: object, said: str) -> Refused:
    """The error for a program that did not do what was to be measured."""
    lines = said.strip().splitlines()
    shown = " ".join(part if len(part) < 60 else f"{part[:57]}…" for part in command)
    last = lines[-1] if lines else "-"
    return Refused(say.COMMAND_FAILED(code=code, command=shown, line=last), say.COMMAND_FAILED_HINT)
