"""The last beats of a seat: one letter each, in the row the PC writes anyway.

For: the list of agents, which keeps them; the pages, the commands and the interface, which draw and count them.
Promises: never longer than `BEATS`, whatever the clock or a promise does; late and missing are told apart; a silence grows with
every look, without anybody writing it.
Refuses: to know a clock: every moment here is the store's, as it stands in the row. How it was decided:
docs/decisions/record-of-beats.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from onbam.claims import words as say
from onbam.kernel.words import Said

BEATS: Final = 60
BEATS_A_PROMISE: Final = 4
"""A beat promises the next one after this many times its own pause: one lost packet is no death."""


class Mark(StrEnum):
    """How one beat came."""

    ON_TIME = "."
    LATE = "!"
    """After its promise."""
    MISSED = "x"
    """Not at all: a pause of the PC that went by after its promise."""
    AWAY = "_"
    """Not at all, and nobody waited for it: the process had said goodbye."""
    NEW = "|"
    """A process sat down in the seat: its first beat."""


_SAID: Final = {
    (False, False): say.BEATS_WELL,
    (True, False): say.BEATS_LATE,
    (False, True): say.BEATS_MISSED,
    (True, True): say.BEATS_ODD,
}
"""By whether some were late, and whether some are missing."""


@dataclass(frozen=True, slots=True)
class Beats:
    """The last of a seat, oldest first; fewer where fewer are known."""

    marks: str = ""

    def __len__(self) -> int:
        return len(self.marks)

    @property
    def known(self) -> int:
        """How many there were, or should have been."""
        return len(self.marks) - self.marks.count(Mark.AWAY)

    @property
    def late(self) -> int:
        """How many came after their promise."""
        return self.marks.count(Mark.LATE)

    @property
    def missed(self) -> int:
        """How many did not come."""
        return self.marks.count(Mark.MISSED)

    @property
    def new(self) -> int:
        """How many were the first of a process."""
        return self.marks.count(Mark.NEW)

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        counts = {"known": self.known, "late": self.late, "missed": self.missed, "new": self.new}
        return {"marks": self.marks, **counts, "said": self.said().both()}

    def said(self) -> Said:
        """For people: the tooltip of the bars, and what a screen reader says instead of them."""
        if not self.marks:
            return say.BEATS_NONE()
        if not self.known:
            return say.BEATS_AWAY()
        anew = say.BEATS_ANEW(new=self.new) if self.new else ""
        text = _SAID[self.late > 0, self.missed > 0]
        return text(n=self.known, late=self.late, missed=self.missed, anew=anew)


def missed(beat_at_ms: int, due_at_ms: int, now_ms: int) -> int:
    """How many beats did not come since the last one: none before its promise is over, then one for each of its pauses."""
    promise_ms, over_ms = due_at_ms - beat_at_ms, now_ms - due_at_ms
    if promise_ms <= 0 or over_ms <= 0:
        return 0
    pause_ms = -(-promise_ms // BEATS_A_PROMISE)
    return min(BEATS, -(-over_ms // pause_ms))


def with_beat(marks: str, gone: int) -> str:
    """One more beat, after so many that were missed: the last of them is the one that came late."""
    came = Mark.LATE if gone else Mark.ON_TIME
    return _last(marks + Mark.MISSED * (gone - 1) + came)


def with_process(marks: str, gone: int, *, left: bool) -> str:
    """A new process in the seat, after so many beats that did not come; `left`: the one before it had said goodbye."""
    return _last(with_silence(marks, gone, left=left).marks + Mark.NEW)


def with_silence(marks: str, gone: int, *, left: bool) -> Beats:
    """What is known now, when so many did not come since."""
    return Beats(_last(marks + (Mark.AWAY if left else Mark.MISSED) * gone))


def _last(marks: str) -> str:
    return marks[-BEATS:]
