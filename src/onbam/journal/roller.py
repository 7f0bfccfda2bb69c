"""The journal does not grow for ever: once a day the lines that are too old become counts.

For: the process that carries the news of a PC.
Promises: a portion at a time, so that nobody who writes waits for it; one PC a day, whichever comes first; what was interrupted
goes on next time; a reader that comes too late for lines is told so by the journal itself (`Stretch.missing_before`).
Refuses: to remove what somebody still has to read.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final, Protocol

from onbam.journal import words as say
from onbam.journal.retention import DAY_MS, Retention
from onbam.logs.voice import get_logger

ROLLED: Final = "journal.rolled_up"
"""What the shared mark is called."""
START_S: Final = 90.0
LOOK_S: Final = 3600.0
"""How often it is asked whether a day has gone by."""
BREATH_S: Final = 1.0
"""Between two portions."""
log: Final = get_logger("journal")


class Mark(Protocol):
    """When something was done last, by whichever PC."""

    @property
    def age_ms(self) -> int:
        """How long ago, by the store's clock."""
        ...


class Marks(Protocol):
    """Where that is remembered for all PCs."""

    def put(self, name: str) -> None:
        """Done now."""
        ...

    def get(self, name: str) -> Mark | None:
        """When it was done; none: never."""
        ...


class Roller:
    """A service: one portion after the other, then a day of rest."""

    name = "journal"

    def __init__(
        self,
        retention: Retention,
        marks: Marks,
        keep_days: int,
        still_needed_after: Callable[[], int | None] = lambda: None,
    ) -> None:
        """`still_needed_after`: the position of the slowest reader that may not miss anything."""
        self._retention = retention
        self._marks = marks
        self._keep_days = keep_days
        self._still_needed_after = still_needed_after
        self._settled = False
        self._removed = 0

    def start(self) -> None:
        """Nothing to get ready."""

    def step(self, now: datetime) -> float:  # noqa: ARG002 -- ages are the store's business
        """At most one portion; not in a process's first moments."""
        if not self._settled:
            self._settled = True
            return START_S
        done = self._marks.get(ROLLED)
        if done is not None and done.age_ms < DAY_MS:
            return LOOK_S
        removed = self._retention.roll_up(self._keep_days, still_needed_after=self._still_needed_after())
        self._removed += removed
        if removed:
            return BREATH_S
        self._marks.put(ROLLED)
        if self._removed:
            log.info(say.ROLLED_UP(lines=self._removed, days=self._keep_days))
        self._removed = 0
        return LOOK_S

    def stop(self) -> None:
        """Nothing is held."""
