"""A program's place under the guard: its name, its beats, and how it is asked to pause, to end and to show its stacks.

For: every program the guard starts (`agent`, `sync`, `hub`, `web`), also when a person starts it by hand.
Promises: one event is set whichever way the system asks to end (SIGTERM, Ctrl+C, Ctrl+Break, or a file where no signal can be
sent); on request all threads' stacks are written, also while the interpreter hangs in foreign code; without a guard everything
works the same and nobody reads it.
Refuses: to end anything by itself: it passes the wish on.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from types import FrameType
from typing import Final

from onbam.kernel.beats import SUFFIX, Beats, FileBeats
from onbam.kernel.clock import Clock
from onbam.kernel.files import replace_quickly
from onbam.kernel.words import Lang, Said, received

PROCESS: Final = "ONBAM_PROCESS"
RUN: Final = "ONBAM_RUN"
BEAT: Final = "ONBAM_BEAT"
"""Given by the guard: what it calls the program, which start of it this is, and the file its beats go to."""
RUN_FOLDER: Final = "run"
"""The folder of the data folder where programs of one PC leave word for each other."""
PAUSE_SUFFIX: Final = ".pause"
"""Beside the beat: take nothing new, finish what is held."""
STOP_SUFFIX: Final = ".stop"
"""Beside the beat: end. Where signals work they come first; a program without a console on Windows gets only this."""
DUMP_SUFFIX: Final = ".dump"
STACKS_SUFFIX: Final = ".stacks"
WORDS_SUFFIX: Final = ".words"
"""Beside the beat: why a program of ours ended because of its settings, in both languages; its output is in one."""
LOOK_EVERY_S: Final = 0.5
PAUSE_LOOK_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class Given:
    """What the guard gave this process."""

    name: str
    run: str
    beat: Path


def given(environ: Mapping[str, str]) -> Given | None:
    """What the guard gave; nothing when a person started the program."""
    name, run, beat = environ.get(PROCESS), environ.get(RUN), environ.get(BEAT)
    return Given(name, run, Path(beat)) if name and run and beat else None


def leave_words(environ: Mapping[str, str], both: Mapping[Lang, str]) -> None:
    """Say beside the beat why this process ends, where a guard reads it; a disk that refuses leaves the output to speak."""
    place = given(environ)
    if place is not None:
        with contextlib.suppress(OSError):
            replace_quickly(place.beat.with_suffix(WORDS_SUFFIX), json.dumps({"pid": os.getpid(), **both}, ensure_ascii=False))


def left_words(beat: Path, pid: int) -> Said | None:
    """What the process of this number left; a command it ran inherits its place, and does not speak for it."""
    try:
        raw = json.loads(beat.with_suffix(WORDS_SUFFIX).read_text("utf-8"))
        return received(str(raw["ko"]), str(raw["en"]))() if raw["pid"] == pid else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


class Child:
    """This process, as the guard sees it."""

    def __init__(self, beats: Beats, beat: Path, clock: Clock, *, guarded: bool) -> None:
        self.beats, self.guarded = beats, guarded
        self.stopping = threading.Event()
        """Set when the program is asked to end: hand back or finish what is held, then end."""
        self._beat, self._clock = beat, clock
        self._pause = beat.with_suffix(PAUSE_SUFFIX)
        self._paused, self._looked_s = False, -1e9

    def paused(self) -> bool:
        """Whether nothing new is to be taken now: a fresh process is about to take over. Cheap enough for every turn."""
        now_s = self._clock.monotonic()
        if self.guarded and now_s - self._looked_s >= PAUSE_LOOK_S:
            self._looked_s, self._paused = now_s, self._pause.exists()
        return self._paused

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Hear the wish to end, and the wish to see the stacks, while the block runs; call it in the main thread."""
        stacks = self._beat.with_suffix(STACKS_SUFFIX)
        before = {number: signal.signal(number, self._asked) for number in ENDING}
        done = threading.Event()
        try:
            with contextlib.ExitStack() as open_ones:
                if self.guarded:
                    open_ones.enter_context(_showing_stacks(stacks))
                    if sys.platform == "win32":
                        threading.Thread(target=self._look_for_files, args=(done, stacks), name="asked", daemon=True).start()
                yield
        finally:
            done.set()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _asked(self, number: int, _: FrameType | None) -> None:
        """A signal came; Ctrl+C a second time is a person who will not wait."""
        if number == signal.SIGINT and self.stopping.is_set():
            raise KeyboardInterrupt
        self.stopping.set()

    def _look_for_files(self, done: threading.Event, stacks: Path) -> None:
        """Windows: a program without a console hears no signal."""
        stop, dump = self._beat.with_suffix(STOP_SUFFIX), self._beat.with_suffix(DUMP_SUFFIX)
        while not done.wait(LOOK_EVERY_S):
            if stop.exists():
                self.stopping.set()
            if dump.exists():
                with contextlib.suppress(OSError), stacks.open("w", encoding="utf-8") as file:
                    faulthandler.dump_traceback(file, all_threads=True)
                    dump.unlink(missing_ok=True)


ENDING: Final = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGBREAK") if hasattr(signal, name))


if sys.platform == "win32":

    @contextmanager
    def _showing_stacks(path: Path) -> Iterator[None]:
        """There is no signal for it; the thread that looks for files does it."""
        del path
        yield

else:

    @contextmanager
    def _showing_stacks(path: Path) -> Iterator[None]:
        """SIGUSR1 writes them: the handler is C and needs no turn of the interpreter."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = path.open("w", encoding="utf-8")
        except OSError:  # a full disk: the program works without being seen
            yield
            return
        with file:
            faulthandler.register(signal.SIGUSR1, file=file, all_threads=True)
            try:
                yield
            finally:
                faulthandler.unregister(signal.SIGUSR1)
                signal.signal(signal.SIGUSR1, signal.SIG_IGN)  # one that comes late must not end us


def child(
    environ: Mapping[str, str],
    clock: Clock,
    *,
    name: str,
    data: Path,
    warn: Callable[[Said], None] = lambda _: None,
    heartbeat: Path | None = None,
    zone: tzinfo | None = None,
) -> Child:
    """This process's place. By hand it beats into a file of its own, so that it speaks for no child of the guard."""
    place = given(environ)
    beat = place.beat if place else data / RUN_FOLDER / f"{name}.hand{SUFFIX}"
    stacks = str(beat.with_suffix(STACKS_SUFFIX)) if place else ""
    run = place.run if place else ""
    beats = FileBeats(
        beat, place.name if place else name, clock, run=run, warn=warn, heartbeat=heartbeat, zone=zone, stacks=stacks
    )
    return Child(beats, beat, clock, guarded=place is not None)
