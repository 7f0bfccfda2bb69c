"""Stops: why nothing may be sent now, asked before each effect.

For: every agent, whose brakes this is; the command line, the pages and the phone, which set and lift a stop.
Promises: a stop of one PC or of all is seen by the very next effect, on every PC that shares the database; a file named `PAUSE`
in the home folder stops this PC when everything else is down; when it cannot be asked whether there is a stop, nothing is sent.
Refuses: to stop what is already on its way; a stop nobody signed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from onbam.claims.machines import Life, Peer
from onbam.effects.ports import Brakes
from onbam.journal.model import Line
from onbam.kernel.clock import Clock
from onbam.kernel.words import Said, heard
from onbam.orders import flow_words as say

ALL: Final = "all"
"""The scope of a stop of every PC."""
KIND: Final = "pause"
FILE_WHY_MAX: Final = 200
LATELY_S: Final = 0.2
"""How old the last look may be where nothing is sent yet."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A stop. The time is in milliseconds of the store's clock."""

    scope: str
    """`all`, or a machine's id."""
    who: str
    """`person:kim`, `sheet:someone`."""
    why: str
    at_ms: int

    def said(self) -> Said:
        """For whoever waits."""
        text = say.PAUSED_ALL if self.scope == ALL else say.PAUSED_HERE
        return text(who=self.who.rpartition(":")[2], why=heard(self.why) if self.why else say.NO_REASON())


class Pauses(Protocol):
    """Where stops are kept for all PCs."""

    def set(self, scope: str, *, who: str, why: str) -> Pause:
        """Stop; a stop that stands is signed anew."""
        ...

    def lift(self, scope: str, *, who: str, why: str) -> bool:
        """Go on; false when there was no stop of this scope."""
        ...

    def standing(self) -> Sequence[Pause]:
        """Every stop, the oldest first."""
        ...


class Stops:
    """One PC's brakes."""

    def __init__(self, pauses: Pauses, machine_id: str, file: Path, more: Sequence[Callable[[], Said | None]] = ()) -> None:
        """`more` are other places a stop may be set, as a cell of the shared sheet."""
        self._pauses = pauses
        self._machine_id = machine_id
        self._file = file
        self._more = more

    def __call__(self) -> Said | None:
        """Why nothing may be sent now."""
        if (by_file := self.by_file()) is not None:
            return by_file
        for ask in self._more:
            if (stop := ask()) is not None:
                return stop
        return next((pause.said() for pause in holding(self._pauses.standing(), self._machine_id)), None)

    def by_file(self) -> Said | None:
        """The file that stops this PC."""
        return stop_by_file(self._file)


def stop_by_file(path: Path) -> Said | None:
    """What a file that stops this PC says: its first line is why. One that is there and cannot be read stops as well."""
    try:
        with path.open("rb") as file:
            why = file.read(4 * FILE_WHY_MAX).decode("utf-8-sig", "replace")
    except FileNotFoundError:
        return None
    except OSError:
        why = ""
    first = next((line.strip() for line in why.splitlines() if line.strip()), "")[:FILE_WHY_MAX]
    return say.PAUSED_FILE(file=path.name, why=first or say.NO_REASON())


def holding(pauses: Sequence[Pause], machine_id: str) -> Sequence[Pause]:
    """Those that hold this PC: its own, and those of all."""
    return [pause for pause in pauses if pause.scope in (ALL, machine_id)]


def standstill(pauses: Sequence[Pause], peers: Sequence[Peer], machine_id: str, by_file: Said | None) -> Said | None:
    """Why no PC at all works: the stop of all; where this PC works alone, also its own stop and its file."""
    alone = not any(peer.life is Life.ALIVE and peer.machine_id != machine_id for peer in peers)
    if (stop := next((pause.said() for pause in pauses if pause.scope == ALL), None)) is not None or not alone:
        return stop
    if by_file is not None:
        return by_file
    return next((pause.said() for pause in pauses if pause.scope == machine_id), None)


def signed(pauses: Sequence[Pause], scope: str, why: str, otherwise: str) -> str:
    """The reason of a stop that is set: the one given, else the one the same stop stands for already, else none of them."""
    return why.strip() or next((pause.why for pause in pauses if pause.scope == scope and pause.why.strip()), otherwise)


class Lately:
    """The brakes as they were a moment ago: for what comes before an effect and asks each time it is stepped.

    An effect itself asks anew.
    """

    def __init__(self, stops: Brakes, clock: Clock) -> None:
        self._stops = stops
        self._clock = clock
        self._free_at_s: float | None = None
        """When there was no stop."""

    def __call__(self) -> Said | None:
        """Why nothing may be sent now; a stop that was seen is looked at again each time, so that its end shows at once."""
        now_s = self._clock.monotonic()
        if self._free_at_s is not None and self._free_at_s <= now_s < self._free_at_s + LATELY_S:
            return None
        stop = self._stops()
        self._free_at_s = now_s if stop is None else None
        return stop


def set_line(pause: Pause) -> Line:
    """For the journal."""
    return Line("pause.set", KIND, pause.scope, pause.who, pause.why)


def lifted_line(scope: str, who: str, why: str) -> Line:
    """For the journal."""
    return Line("pause.lifted", KIND, scope, who, why)
