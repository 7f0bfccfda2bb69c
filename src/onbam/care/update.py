"""One update: drain, back up, install, migrate, start, look; and back again when any of it fails.

For: `onbam update`.
Promises: nothing is replaced while anything works; before the first change there is a copy of the program and of the data; a
failure at any step leads back to what was, with what was running running; each step is told with its time; if even the way back
fails, a person is told where the copies lie.
Refuses: an older version; to take a server's schema back (it says so and leaves the backup).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, Literal, Protocol, TypeVar

from onbam.care import update_words as say
from onbam.care.update_program import numbers
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Damaged, OnbamError, Refused
from onbam.kernel.words import Said, plain
from onbam.notices.model import Cause, Severity

Name = Literal["look", "drain", "backup", "install", "migrate", "start", "health", "back"]
T = TypeVar("T")
NOTICE_KEY: Final = "update:failed"


class Program(Protocol):
    """What is installed."""

    def version(self) -> str:
        """Which version that is, asked of the files, not of this process."""
        ...

    def wanted(self) -> str:
        """The version that is to come; raises `Refused` when it cannot."""
        ...

    def remember(self) -> Path:
        """A copy of what is installed."""
        ...

    def install(self) -> None:
        """Put the new one in its place."""
        ...

    def put_back(self, copy: Path) -> None:
        """The old one again."""
        ...


class Data(Protocol):
    """What the shop has written."""

    def backup(self) -> Path | None:
        """A copy; none when there is nothing yet."""
        ...

    def migrate(self) -> str:
        """By the program that is installed now; answers what it did: empty when nothing was to do."""
        ...

    def put_back(self, copy: Path) -> None:
        """As it was; raises `Refused` where that is not possible by itself."""
        ...


class Robots(Protocol):
    """What works."""

    def working(self) -> bool:
        """Whether a guard runs now."""
        ...

    def drain(self) -> None:
        """Finish what is held, take nothing new, end; raises `Refused` when something does not."""
        ...

    def start(self) -> None:
        """By the program that is installed now."""
        ...

    def well(self) -> None:
        """Look for a while; raises `Refused` with what is wrong."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """One step that was made."""

    name: Name
    at: datetime
    took_s: float
    detail: str = ""
    trouble: Said | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """An update that went well, or that had nothing to do."""

    before: str
    after: str
    steps: tuple[Step, ...]
    backup: Path | None = None


@dataclass(slots=True)
class Update:
    """One run of it."""

    program: Program
    data: Data
    robots: Robots
    clock: Clock
    tell: Callable[[Step], None]
    notice: Callable[[Cause], None]
    resolved: Callable[[str], None]
    _steps: list[Step] = field(default_factory=list)
    _copy: Path | None = None
    _backup: Path | None = None
    _migrated: bool = False
    _worked: bool = False

    def run(self) -> Done:
        """All steps; `Refused` when it went back, `Damaged` when it could not."""
        before = self.program.version()
        wanted = self._made("look", lambda: self._look(before))
        if wanted == before:
            return Done(before, before, tuple(self._steps))
        try:
            self._forward()
        except OnbamError as error:
            self._back(before, wanted, error)
        except BaseException:  # Ctrl+C, or a bug: at least what worked works again
            if self._worked:
                with suppress(OnbamError):
                    self.robots.start()
            raise
        self.resolved(NOTICE_KEY)
        return Done(before, wanted, tuple(self._steps), self._backup)

    def _look(self, before: str) -> str:
        wanted = self.program.wanted()
        self._worked = self.robots.working()
        if numbers(wanted) < numbers(before):
            raise Refused(say.OLDER(before=before, after=wanted), say.OLDER_HINT)
        return wanted

    def _forward(self) -> None:
        if self._worked:
            self._made("drain", self.robots.drain)
        self._backup = self._made("backup", self.data.backup)
        self._copy = self._made("install", self._install)
        self._migrated = bool(self._made("migrate", self.data.migrate))
        if self._worked:
            self._made("start", self.robots.start)
            self._made("health", self.robots.well)

    def _install(self) -> Path:
        self._copy = self.program.remember()
        self.program.install()
        return self._copy

    def _back(self, before: str, wanted: str, error: OnbamError) -> None:
        """What was done is undone, last first; always raises."""
        failed = self._steps[-1].name
        try:
            self._made("back", lambda: self._undo(failed))
        except OnbamError as second:
            why = plain(f"{error.message.to('en')} / {second.message.to('en')}")()
            self._say_so(say.NOTICE(before=before, after=wanted), say.NOTICE_STUCK(step=failed, why=why))
            hint = say.STUCK_HINT(copy=self._copy or "-", backup=self._backup or "-")
            raise Damaged(say.STUCK(step=failed, why=why), hint) from error
        self._say_so(say.NOTICE(before=before, after=wanted), say.NOTICE_BACK(step=failed, why=error.message))
        raise Refused(say.FAILED(step=failed, before=before, why=error.message), say.FAILED_HINT) from error

    def _undo(self, failed: Name) -> str:
        if failed in ("start", "health"):
            self.robots.drain()
        changed = self._migrated or failed == "migrate"  # one that failed half-way is undone as well
        if changed and self._backup is not None:
            self.data.put_back(self._backup)
        if self._copy is not None:
            self.program.put_back(self._copy)
        if self._worked:
            self.robots.start()
        return self.program.version()

    def _say_so(self, title: Said, advice: Said) -> None:
        self.notice(Cause(NOTICE_KEY, Severity.URGENT, title, advice))

    def _made(self, name: Name, act: Callable[[], T]) -> T:
        """One step, told with its time whatever comes of it."""
        at, begun_s = self.clock.now(), self.clock.monotonic()
        try:
            answer = act()
        except OnbamError as error:
            self._note(Step(name, at, self.clock.monotonic() - begun_s, "", error.message))
            raise
        self._note(Step(name, at, self.clock.monotonic() - begun_s, str(answer or "")))
        return answer

    def _note(self, step: Step) -> None:
        self._steps.append(step)
        self.tell(step)
