"""What runs, what should, and how patiently it is started again.

For: the guard's loop, which obeys these rules, and the commands, which show their outcome.
Promises: pure; a program that keeps ending is started again for ever, at most `burst` times in quick succession, then once in
`slow_s`; each such episode asks for one notice; an end by configuration is not answered with a restart.
Refuses: clocks and processes. Times are seconds of a clock that never jumps, handed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import Final, Literal

from onbam.guard import words as say
from onbam.kernel.errors import EXIT_MISCONFIGURED, Misconfigured

Watch = Literal["auto", "beats", "file", "none"]
Handover = Literal["pause", "stop"]
"""How a fresh process takes over: the old one pauses and ends when the new one works, or it ends first."""
State = Literal["off", "rest", "starting", "up", "renewing", "stopping", "again", "slow", "misconfigured"]
"""Stopped by a person; outside its hours; no sign yet; working; a fresh process takes over; ending; about to be restarted;
restarted slowly; its settings are wrong."""

FIRST_S: Final = 0.05
"""The first restart comes at once: most ends have a passing cause."""
SECOND_S: Final = 1.0
CEILING_S: Final = 60.0
WINDOW_S: Final = 600.0
DAY_S: Final = 86_400.0
DAY_BURST: Final = 20
"""Ends in a day that make it slow too: a loop slower than the window would otherwise never be told of."""
ENDS_KEPT: Final = 64


@dataclass(frozen=True, slots=True)
class Hours:
    """The part of the day a program runs in; it may go over midnight."""

    begins: time
    ends: time

    def holds(self, at: time) -> bool:
        """Whether a time of day lies inside."""
        if self.begins <= self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends


@dataclass(frozen=True, slots=True)
class Spec:
    """One program that should run."""

    name: str
    command: tuple[str, ...] | str
    """As a list; as one line only on Windows, where programs split it themselves."""
    cwd: str
    env: Mapping[str, str] = field(default_factory=dict)
    enabled: bool = True
    hours: Hours | None = None
    memory_mb: int = 0
    watch: Watch = "auto"
    heartbeat: str = ""
    timeout_s: float = 3_600.0
    start_s: float = 60.0
    stop_s: float = 30.0
    renew: bool = True
    handover: Handover = "stop"
    errors: int = 3

    def same_program(self, other: Spec) -> bool:
        """Whether a running process of the other is one of this as well."""
        mine, theirs = (self.command, self.cwd, dict(self.env)), (other.command, other.cwd, dict(other.env))
        return mine == theirs


# -- patience -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Patience:
    """How many restarts in quick succession, and how slowly after them."""

    burst: int = 5
    slow_s: float = 300.0
    steady_s: float = 600.0
    """A program that stayed up this long has recovered."""


@dataclass(frozen=True, slots=True)
class Ends:
    """The unwanted ends of one program so far."""

    at_s: tuple[float, ...] = ()
    slow: bool = False
    """Being restarted slowly: stays so until a process stayed up."""


@dataclass(frozen=True, slots=True)
class Again:
    """What follows an unwanted end."""

    delay_s: float
    ends: Ends
    recent: int
    """How many ends in the window, this one included."""
    tell: bool
    """The budget was used up just now: one notice."""


def after_end(ends: Ends, now_s: float, lived_s: float, patience: Patience) -> Again:
    """A program ended that should run: when it is started again."""
    slow = ends.slow and lived_s < patience.steady_s
    at = (*(s for s in ends.at_s if now_s - s < DAY_S), now_s)[-ENDS_KEPT:]
    recent = sum(1 for s in at if now_s - s < WINDOW_S)
    exhausted = recent > patience.burst or (len(at) > DAY_BURST and lived_s < patience.steady_s)
    tell = exhausted and not slow
    slow = slow or exhausted
    delay = patience.slow_s if slow else backoff(recent)
    return Again(delay, Ends(at, slow), recent, tell)


def backoff(recent: int) -> float:
    """The pause before the n-th restart of the window."""
    if recent <= 1:
        return FIRST_S
    return min(SECOND_S * 2.0 ** (recent - 2), CEILING_S)


def recovered(ends: Ends, lived_s: float, patience: Patience) -> Ends:
    """A process that stayed up ends the slow time."""
    return replace(ends, slow=False) if ends.slow and lived_s >= patience.steady_s else ends


def is_misconfigured(code: int | None) -> bool:
    """Whether a program ended because its settings are wrong: a restart would end the same way."""
    return code == EXIT_MISCONFIGURED


# -- the day ------------------------------------------------------------------------------------------------------------


def is_stale(started: datetime, now: datetime, renew_at: time) -> bool:
    """Whether a process began before today's renewal, and that moment has come. Both times in the shop's zone."""
    today = datetime.combine(now.date(), renew_at, now.tzinfo)
    return started < today <= now


def time_of(text: str, where: str) -> time:
    """A time of day as people write it."""
    try:
        at = time.fromisoformat(text.strip())
    except ValueError:
        at = None
    if at is None or at.tzinfo is not None:
        raise Misconfigured(say.BAD_TIME(where=where, text=text), say.BAD_TIME_HINT)
    return at


def hours_of(text: str, where: str) -> Hours | None:
    """`06:00-18:00`; nothing when it is empty."""
    if not text.strip():
        return None
    begins, dash, ends = text.partition("-")
    if not dash:
        raise Misconfigured(say.BAD_TIME(where=where, text=text), say.BAD_TIME_HINT)
    return Hours(time_of(begins, where), time_of(ends, where))


# -- taking over --------------------------------------------------------------------------------------------------------

Stage = Literal["pausing", "ending first", "verifying", "ending", "restoring", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Facts:
    """How the two processes of a take-over are at this moment."""

    old_alive: bool
    old_holds: bool
    """The old one still works on something."""
    new: Literal["none", "starting", "well", "gone"]
    stage_s: float
    """Seconds since this stage began."""


def first_stage(handover: Handover, *, old_alive: bool) -> Stage:
    """How a take-over begins."""
    if not old_alive:
        return "verifying"
    return "pausing" if handover == "pause" else "ending first"


def next_stage(stage: Stage, facts: Facts, spec: Spec) -> Stage:
    """The stage that follows; the same one while there is nothing to do but wait."""
    if stage == "pausing":
        return "verifying" if not facts.old_alive or not facts.old_holds or facts.stage_s >= spec.stop_s else stage
    if stage == "ending first":
        return "verifying" if not facts.old_alive else stage
    if stage == "verifying":
        if facts.new == "well":
            return "ending" if facts.old_alive else "done"
        if facts.new == "gone" or facts.stage_s >= spec.start_s:
            return "restoring" if facts.old_alive else "failed"
        return stage
    if stage == "ending":
        return stage if facts.old_alive else "done"
    if stage == "restoring":
        return stage if facts.new not in ("gone", "none") else "failed"
    return stage
