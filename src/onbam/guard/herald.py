"""Sends for somebody who carries the news, where no program that does is alive.

For: the guard's loop. What it tells becomes notices and mail in the agent or the web; a shop may run neither, or both are ill.
Promises: a notice nobody took within half a minute is carried by a process that does this one thing and ends; one that hangs is
ended; what could not be carried is tried again, ever more slowly.
Refuses: to touch the database or a channel: that process does, and may fail as it likes.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Protocol

from onbam.guard import report
from onbam.guard import words as say
from onbam.guard.desk import Desk
from onbam.guard.system import System, interpreter, start_detached
from onbam.kernel.child import PROCESS
from onbam.kernel.oserror import what_of

WAIT_S: Final = 30.0
"""So long a notice may lie before somebody is sent for."""
LIMIT_S: Final = 120.0
"""So long carrying may take."""
FIRST_PAUSE_S: Final = 60.0
LONGEST_PAUSE_S: Final = 1_800.0
SAID_NAME: Final = "news.out"
"""What the last one who carried said."""
SAID_BYTES: Final = 4_096
WORDS: Final = ("notices", "carry")
"""The command: `onbam notices carry`."""


class Bearer(Protocol):
    """A process that carries news, as `subprocess.Popen` has it."""

    def poll(self) -> int | None:
        """Its exit code, once it ended."""
        ...

    def kill(self) -> None:
        """End it."""
        ...


def sender(home: Path, flags: Mapping[str, str], environ: Mapping[str, str], system: System) -> Callable[[Path], Bearer]:
    """How one is sent: a process of its own, which a section of the settings that cannot be used keeps from nothing."""
    sets = [word for name, value in flags.items() for word in ("--set", f"{name}={value}")]
    words = [interpreter(), "-P", "-m", "onbam", "--home", str(home), *sets, *WORDS]

    def begin(said: Path) -> Bearer:
        with said.open("wb") as file:
            return start_detached(system, words, env={**environ, PROCESS: WORDS[0]}, cwd=home, stdout=file, stderr=file)

    return begin


class Herald:
    """Looks whether the news are carried."""

    def __init__(self, desk: Desk, begin: Callable[[Path], Bearer]) -> None:
        """`begin` starts one who carries and writes to this file; raises `OSError`."""
        self._desk, self._begin = desk, begin
        self._bearer: Bearer | None = None
        self._began_s = 0.0
        self._waits_s: float | None = None
        """Since when something lies."""
        self._again_s, self._pause_s = 0.0, FIRST_PAUSE_S
        self._newest: int | None = None

    def turn(self, now_s: float, *, carried: bool) -> None:
        """Look once; `carried`: a program that does it anyway is alive."""
        if self._bearer is not None:
            self._look_after(self._bearer, now_s)
            return
        if carried or not self._something_lies():
            self._waits_s, self._pause_s, self._again_s = None, FIRST_PAUSE_S, 0.0
            return
        self._waits_s = now_s if self._waits_s is None else self._waits_s
        if now_s - self._waits_s < WAIT_S or now_s < self._again_s:
            return
        self._again_s, self._pause_s = now_s + self._pause_s, min(2 * self._pause_s, LONGEST_PAUSE_S)
        try:
            self._bearer, self._began_s = self._begin(self._desk.folders.run / SAID_NAME), now_s
        except OSError as error:
            self._desk.say(say.NEWS_LIE(what=what_of(error)))

    def stop(self) -> None:
        """The guard ends: so does whoever carries for it."""
        if self._bearer is not None and self._bearer.poll() is None:
            self._bearer.kill()

    def _look_after(self, bearer: Bearer, now_s: float) -> None:
        if bearer.poll() is None:
            if now_s - self._began_s >= LIMIT_S:
                bearer.kill()
            return
        self._bearer = None
        if self._something_lies():
            self._desk.say(say.NEWS_LIE(what=self._desk.clean(self._last_words())))

    def _something_lies(self) -> bool:
        """Whether a notice was told and not taken, or a letter was not delivered."""
        run = self._desk.folders.run
        taken = report.taken(run)
        if self._newest is None:  # a guard before us may have told something
            self._newest = max((told.n for told in report.read(run, taken) if told.is_notable), default=0)
        self._newest = max(self._newest, self._desk.notable)
        return self._newest > taken or (run / report.LEFT).exists()

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            lines = (self._desk.folders.run / SAID_NAME).read_bytes()[-SAID_BYTES:].decode("utf-8", "replace").splitlines()
            return " ".join(lines[-2:])
        return ""
