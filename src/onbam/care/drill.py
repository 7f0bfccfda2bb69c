"""What a drill is, and what came out of one.

For: `onbam drill`, the report, whoever asks how fast this shop really recovers.
Promises: pure; every kind has its target beside it; an outcome survives its way through the journal unchanged.
Refuses: to do anything (that is `drill_acts`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, get_args

from onbam.care import drill_words as say
from onbam.journal.model import Entry, Line
from onbam.kernel.words import Text

Kind = Literal["kill", "hang", "sleep", "clock", "disk", "store-down"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
WHAT: Final = "drill.done"
JOURNAL_KIND: Final = "drill"

TARGETS_S: Final[Mapping[Kind, float]] = {
    "kill": 2.0,
    "hang": 60.0,
    "sleep": 60.0,
    "clock": 60.0,
    "disk": 60.0,
    "store-down": 60.0,
}
"""What is promised: a crash is answered in two seconds, anything else within the minute a hang may cost."""
TEXTS: Final[Mapping[Kind, Text]] = {
    "kill": say.KILL,
    "hang": say.HANG,
    "sleep": say.SLEEP,
    "clock": say.CLOCK,
    "disk": say.DISK,
    "store-down": say.STORE_DOWN,
}
LASTS_S: Final[Mapping[Kind, float]] = {"kill": 0.0, "hang": 0.0, "sleep": 10.0, "clock": 10.0, "disk": 5.0, "store-down": 10.0}
"""How long the trouble lasts; a crash and a hang last until somebody helps."""
LONGEST_S: Final = 20.0
"""Longer, and the system would take a sleeping guard for a dead one (`WatchdogSec`), which is another drill."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One drill that was done."""

    kind: Kind
    host: str
    program: str
    """Whom it was done to; for those that meet everything, who was looked at."""
    at: datetime
    took_s: float | None
    """From the trouble (where it lasts: from its end) until everything worked again; none when it did not within the limit."""
    target_s: float
    lost: int = 0
    """Healthy processes that were ended although nothing was wrong with them."""

    @property
    def held(self) -> bool:
        """Whether the promise was kept."""
        return self.took_s is not None and self.took_s <= self.target_s and not self.lost

    def to_line(self, who: str, reason: str) -> Line:
        """As the journal keeps it."""
        data = {
            "at": self.at.isoformat(timespec="milliseconds"),
            "program": self.program,
            "took_s": None if self.took_s is None else round(self.took_s, 3),
            "target_s": self.target_s,
            "lost": self.lost,
            "held": self.held,
        }
        return Line(WHAT, JOURNAL_KIND, f"{self.host}/{self.kind}", who, reason, data)

    def to_json(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "drill": self.kind,
            "machine": self.host,
            "program": self.program,
            "at": self.at.isoformat(timespec="milliseconds"),
            "took_s": None if self.took_s is None else round(self.took_s, 3),
            "target_s": self.target_s,
            "lost": self.lost,
            "held": self.held,
        }


def outcome_of(entry: Entry) -> Outcome | None:
    """A line of the journal as an outcome; nothing when it tells of something else."""
    line = entry.line
    host, _, name = line.key.rpartition("/")
    kind = next((one for one in KINDS if one == name), None)
    if line.what != WHAT or kind is None:
        return None
    took, target, lost = (line.data.get(key) for key in ("took_s", "target_s", "lost"))
    at = datetime.fromtimestamp(entry.at_ms / 1000, UTC)
    return Outcome(
        kind,
        host,
        str(line.data.get("program", "")),
        at,
        float(took) if isinstance(took, int | float) else None,
        float(target) if isinstance(target, int | float) else TARGETS_S[kind],
        int(lost) if isinstance(lost, int) else 0,
    )
