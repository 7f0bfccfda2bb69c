"""What an errand is.

For: the pages and commands that ask, the PC that does it.
Promises: an errand says who asked, why, and how it stands; one nobody fetched in time is failed, never done late by surprise.
Refuses: acts on what a PC holds: a stop and its end are `orders.pauses`, which need no PC to be awake.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from onbam.journal.model import Line

KIND: Final = "errand"
"""With the machine's id as key: of which thing the journal's line is."""
WHAT_MAX: Final = 120
WHO_MAX: Final = 120
WHY_MAX: Final = 500
WORD_MAX: Final = 12
ANSWER_MAX: Final = 200_000
"""Letters of an answer: two hundred long lines of a log."""
FETCH_LIMIT_MS: Final = 120_000
"""Whoever asks does not wait longer for a PC that says nothing; what was asked then is not done any more."""
DO_LIMIT_MS: Final = 180_000
"""A fresh program is there by then, or it did not work: a drain may take its time."""
KEEP_MS: Final = 7 * 86_400_000


class Do(StrEnum):
    """What can be asked of a PC."""

    RESTART = "restart"
    """A fresh process takes over; the old one finishes or hands back what it holds."""
    DRAIN = "drain"
    """Finish or hand back, and stay off."""
    UP = "up"
    """What was off comes up."""
    LOG = "log"
    """The last lines of its log."""
    INCIDENTS = "incidents"
    """What its guard saved before it ended a program."""


LOOKS: Final = frozenset({Do.LOG, Do.INCIDENTS})
"""No acts: they stand in no journal, and only the newest answer is kept."""


class Stage(StrEnum):
    """How far an errand is."""

    ASKED = "asked"
    TAKEN = "taken"
    """The PC's guard is at it."""
    DONE = "done"
    FAILED = "failed"


OVER: Final = frozenset({Stage.DONE, Stage.FAILED})


@dataclass(frozen=True, slots=True)
class Errand:
    """One thing asked of one PC. Times are milliseconds of the store's clock."""

    id: str
    machine_id: str
    do: Do
    what: str
    """A program's name; empty for all of them. Of a log: the words to look for; of incidents: which one, empty for the list."""
    who: str
    why: str
    stage: Stage
    asked_at_ms: int
    changed_at_ms: int
    answer: str = ""
    """Both languages as JSON; of a look, what was seen as JSON."""

    def silent(self, now_ms: int) -> bool:
        """Whether nobody came for it in time."""
        return self.stage is Stage.ASKED and now_ms - self.asked_at_ms > FETCH_LIMIT_MS


def line_of(errand: Errand) -> Line:
    """For the journal: who asked, and what became of it."""
    who = errand.who if errand.stage is Stage.ASKED else "system:errands"
    data = {"do": errand.do.value, "what": errand.what, "errand": errand.id}
    return Line(f"errand.{errand.stage.value}", KIND, errand.machine_id, who, errand.why, data)
