"""The guard's own desk: its log, its events, its folders, the time of the shop.

For: the guard's loop and what it is made of.
Promises: whatever is said goes to the log and, where somebody watches, to the terminal; a notice whose cause is gone is taken
back once, and only if it went out, also by a later guard.
Refuses: to fail because a disk is full.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from onbam.guard import words as say
from onbam.guard.drill import Drill
from onbam.guard.incidents import FOLDER as INCIDENTS
from onbam.guard.plan import Plan
from onbam.guard.report import Cause, Event, Reporter
from onbam.kernel.child import RUN_FOLDER
from onbam.kernel.clock import Clock
from onbam.kernel.logfile import MIB, Limits, Log
from onbam.kernel.words import Said

LOG_NAME: Final = "guard.log"
LOG_MB: Final = 8
STAMP: Final = "[%Y-%m-%d %H:%M:%S] "


@dataclass(slots=True)
class Folders:
    """Where things are."""

    home: Path
    data: Path
    run: Path = field(init=False)
    incidents: Path = field(init=False)

    def __post_init__(self) -> None:
        self.run = self.data / RUN_FOLDER
        self.incidents = self.data / INCIDENTS


class Desk:
    """What every part of the guard works with."""

    def __init__(
        self,
        folders: Folders,
        plan: Plan,
        clock: Clock,
        clean: Callable[[str], str],
        echo: Callable[[str], None] | None = None,
    ) -> None:
        self.folders, self.plan, self.clock = folders, plan, clock
        self.clean, self.echo = clean, echo
        self._reporter = Reporter(folders.run, clock)
        self._log = self._open_log()
        self._open: set[str] = set()
        self.drill = Drill(clock)

    def replan(self, plan: Plan) -> None:
        """The settings changed."""
        moved = (plan.logs, plan.zone) != (self.plan.logs, self.plan.zone)
        self.plan = plan
        if moved:
            self._log.close()
            self._log = self._open_log()

    def local(self) -> datetime:
        """Now, in the shop's zone."""
        return self.clock.now().astimezone(self.plan.zone)

    def say(self, what: Said) -> None:
        """A line of the guard's own log."""
        line = self.local().strftime(STAMP) + self.clean(what.to(self.plan.lang))
        self._log.write(line)
        if self.echo is not None:
            self.echo(line)

    def tell(self, what: str, key: str, why: Said, *, cause: Cause | None = None, **data: str | float | bool | None) -> None:
        """An event for the journal, with or without a notice; it is also said. What a drill caused is marked, and no notice."""
        self.say(why)
        if drill := self.drill.of(key):
            data, cause = {**data, "drill": drill}, None
        if cause is not None:
            self._open.add(cause.key)
        self._reporter.tell(Event(what, key, why, data, cause))

    def resolve(self, what: str, key: str, cause: str, why: Said) -> None:
        """A cause is gone: said once, and only if its notice went out."""
        if cause in self._open:
            self._open.discard(cause)
            self._reporter.tell(Event(what, key, why, {}, None, cause))

    def resolve_all(self, what: str, key: str, why: Said) -> None:
        """Whatever is open about a program is over."""
        for cause in [cause for cause in sorted(self._open) if cause.partition(":")[2] == key]:
            self.resolve(what, key, cause, why)

    def told_of(self) -> set[str]:
        """The programs a notice is open about, also those only an earlier guard knew."""
        return {key for kind, _, key in (cause.partition(":") for cause in self._open) if kind.startswith("process.")}

    @property
    def opened(self) -> list[str]:
        """The causes whose notices went out and were not taken back: the next guard has to know them."""
        return sorted(self._open)

    def reopen(self, causes: Iterable[str]) -> None:
        """What an earlier guard told and did not take back."""
        self._open.update(causes)

    @property
    def notable(self) -> int:
        """The number of the last event that opened or ended a notice."""
        return self._reporter.notable

    def flush(self) -> None:
        """Write what a full disk refused."""
        self._reporter.flush()

    def close(self) -> None:
        """Let the log go."""
        self._log.close()

    def _open_log(self) -> Log:
        limits = Limits(LOG_MB * MIB, 4 * LOG_MB * MIB)
        logs = self.plan.logs
        return Log(logs, LOG_NAME, clock=self.clock, zone=self.plan.zone, lost=self._lost, limits=limits, root=logs / "guard")

    def _lost(self, count: int) -> str:
        return self.local().strftime(STAMP) + say.LINES_LOST(count=count).to(self.plan.lang)


def span(seconds: float) -> Said:
    """A length of time in the words of the older watchdog: seconds, from ten minutes on minutes."""
    return say.SECONDS(n=seconds) if seconds < 600 else say.MINUTES(n=seconds / 60)
