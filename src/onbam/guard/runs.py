"""One start of a program: from the command to the last of its descendants.

For: the guard's loop, which decides; here it is done, in threads, so that a program that does not end holds up nobody.
Promises: a run is over only when nothing of its family is left; whoever is ended was asked first, and its evidence saved where
it stood still; the loop hears of each end once.
Refuses: to decide anything.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from onbam.guard.model import Spec
from onbam.guard.output import Capture
from onbam.guard.starting import missing
from onbam.guard.system import Member, Output, Started, System
from onbam.kernel.beats import SUFFIX, Beat, read_beat
from onbam.kernel.child import (
    BEAT,
    DUMP_SUFFIX,
    PAUSE_SUFFIX,
    PROCESS,
    RUN,
    STACKS_SUFFIX,
    STOP_SUFFIX,
    WORDS_SUFFIX,
    left_words,
)
from onbam.kernel.clock import Clock
from onbam.kernel.words import Said

BESIDE: Final = (SUFFIX, PAUSE_SUFFIX, STOP_SUFFIX, DUMP_SUFFIX, STACKS_SUFFIX, WORDS_SUFFIX)
"""The files of a run: none of them is the next one's."""
SPARE: Final = ".next"
"""Between name and suffix of a beat while the name itself is still another run's."""
OUT_SUFFIX: Final = ".out"
STUCK_STOP_S: Final = 0.5
"""What stands still seldom hears; it is asked all the same, for so long."""
OUTPUT_LIMIT_S: Final = 1.0
END_ROUNDS: Final = 20
END_EVERY_S: Final = 0.05
BUFFERED: Final = {"PYTHONUNBUFFERED": "1", "PYTHONFAULTHANDLER": "1", "PYTHONIOENCODING": "utf-8"}
"""A Python whose output goes into a pipe keeps its last lines to itself, and a crash says nothing, unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A run is over."""

    run: Run
    code: int | None
    leftovers: tuple[Member, ...]
    """What was left of its family and had to be ended."""


class Run:
    """One start of a program."""

    def __init__(self, spec: Spec, run: str, beat_path: Path, out: Path, *, began: datetime, began_s: float) -> None:
        self.spec, self.id = spec, run
        self.beat_path, self.out = beat_path, out
        self.began, self.began_s = began, began_s
        self.adopted = False
        self.started: Started | None = None
        self.capture: Capture | None = None
        self.ended = threading.Event()
        self.ending: Said | None = None
        """Why it is being ended."""
        self.unwanted = False
        """It is being ended for standing still: that counts as an end of its own."""
        self.incident = ""
        self.last: Beat | None = None
        """What it said before it ended."""
        self.words: Said | None = None
        """Why it ended, where it is a program of ours and ended because of its settings."""

    @property
    def pid(self) -> int:
        """Its number."""
        return self.started.pid if self.started else 0

    @property
    def start(self) -> str:
        """When the system says it began."""
        return self.started.start if self.started else ""

    def beat(self) -> Beat | None:
        """What it said last; what another start of it said does not count."""
        beat = read_beat(self.beat_path)
        return beat if beat is not None and beat.run == self.id else None

    def mark(self, suffix: str) -> None:
        """Leave word beside its beat (pause)."""
        with contextlib.suppress(OSError):
            self.beat_path.with_suffix(suffix).touch()

    def unmark(self, suffix: str) -> None:
        """Take it back."""
        with contextlib.suppress(OSError):
            self.beat_path.with_suffix(suffix).unlink(missing_ok=True)


class Runs:
    """Starts and ends programs."""

    def __init__(
        self,
        folder: Path,
        system: System,
        clock: Clock,
        environ: Mapping[str, str],
        told: Callable[[Ended], None],
    ) -> None:
        """`told` hears of each end, from another thread."""
        self._folder, self._system, self._clock = folder, system, clock
        self._environ, self._told = environ, told

    def beat_path(self, name: str, taken: Path | None) -> Path:
        """Where a new run beats: under its name, or beside it while a run still has that."""
        plain = self._folder / f"{name}{SUFFIX}"
        return self._folder / f"{name}{SPARE}{SUFFIX}" if taken == plain else plain

    def missing(self, spec: Spec) -> OSError | None:
        """What is not there that a start would need, as far as can be seen without one."""
        return missing(spec, {**self._environ, **spec.env})

    def start(self, spec: Spec, run: Run, capture: Callable[[Run, Output], Capture]) -> None:
        """Start it; raises `OSError`."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for suffix in BESIDE:
            run.unmark(suffix)
        env = {**BUFFERED, **self._environ, **spec.env, PROCESS: spec.name, RUN: run.id, BEAT: str(run.beat_path)}
        started, output = self._system.start(spec.command, spec.cwd, env, run.out)
        run.started = started
        run.capture = capture(run, output)
        self._watch(run)

    def adopt(self, run: Run, pid: int, start: str, capture: Callable[[Run, Output], Capture]) -> bool:
        """Take over a run an earlier guard left; false when it is gone."""
        taken = self._system.adopt(pid, start, run.out)
        if taken is None:
            return False
        run.started, output = taken
        run.adopted = True
        run.capture = capture(run, output)
        self._watch(run)
        return True

    def _watch(self, run: Run) -> None:
        assert run.capture is not None
        run.capture.start()
        threading.Thread(target=self._wait, args=(run,), name=f"wait-{run.spec.name}", daemon=True).start()

    def _wait(self, run: Run) -> None:
        """Until the program and everything that came of it is gone."""
        assert run.started is not None
        assert run.capture is not None
        code = run.started.wait()
        run.last, run.words = run.beat(), left_words(run.beat_path, run.pid)
        run.ended.set()
        leftovers = self.clear(run.id, run.pid, run.start)
        run.capture.finish(OUTPUT_LIMIT_S)
        for suffix in BESIDE:
            run.unmark(suffix)
        self._told(Ended(run, code, leftovers))

    def clear(self, run: str, pid: int, start: str) -> tuple[Member, ...]:
        """End what is left of a family; answers what was."""
        met: dict[tuple[int, str], Member] = {}
        for _ in range(END_ROUNDS):
            members = self._system.family(run, pid, start)
            if not members:
                break
            met.update({(member.pid, member.start): member for member in members})
            self._system.end(members)
            self._clock.wait(END_EVERY_S)
        return tuple(met.values())

    def end(self, run: Run, why: Said, stop_s: float, evidence: Callable[[], str] | None, killed: Callable[[], None]) -> None:
        """Begin to end it: evidence where asked for, then the question, then the end. The loop hears of it as of any other."""
        if run.ending is not None:
            return
        run.ending = why
        threading.Thread(
            target=self._end, args=(run, stop_s, evidence, killed), name=f"end-{run.spec.name}", daemon=True
        ).start()

    def _end(self, run: Run, stop_s: float, evidence: Callable[[], str] | None, killed: Callable[[], None]) -> None:
        if evidence is not None:
            run.incident = evidence()
        self._system.ask(run.pid, run.start, run.beat_path.with_suffix(STOP_SUFFIX))
        if run.ended.wait(stop_s):
            return
        killed()
        for _ in range(END_ROUNDS):
            self._system.end(self._system.family(run.id, run.pid, run.start))
            if run.ended.wait(END_EVERY_S):
                return
