"""Whether a program still gets on, judged by what it says about its work.

For: the guard's loop; `onbam ps` shows the same verdicts.
Promises: pure; busy, idle, waiting, asleep and stuck are told apart; a step is given its promise or three times what it usually
takes, whichever is longer, never more than the outer limit; time in which the PC slept counts against nobody; each verdict says
when it is worth looking again.
Refuses: to take a living process for a working one, or one slow thread for a dead program without naming the thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final, Literal

from onbam.guard import words as say
from onbam.guard.model import Spec
from onbam.kernel.beats import STARTING, Beat, Lane
from onbam.kernel.words import Said

Life = Literal["starting", "busy", "idle", "waiting", "stopping", "silent", "stuck"]
"""`silent`: it says nothing about itself, and nobody asked it to."""

TIMES_USUAL: Final = 3.0
GRACE_SHARE: Final = 0.1
GRACE_MIN_S: Final = 0.5
GRACE_MAX_S: Final = 5.0
"""A promise kept a moment late is kept."""
AHEAD_S: Final = 1.0
LOOK_S: Final = 5.0
"""How often a program that gives no reason to is looked at: for its failures and for `ps`."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch in which the PC slept or the guard itself was held up: nobody could keep a promise."""

    begins_s: float
    ends_s: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a program is."""

    life: Life
    look_s: float
    """Seconds until this may have changed for the worse."""
    silence_s: float = 0.0
    limit_s: float = 0.0
    lane: Lane | None = None
    """The thread the verdict rests on: one that stands still, else one that does what the whole program is said to do."""
    why: Said | None = None
    """Given where something must be done."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a running program at this moment."""

    began_s: float
    """When its process began, on the clock of the beats."""
    beat: Beat | None
    file_age_s: float | None = None
    """How long its heartbeat file has not changed; none while it was not touched since the start."""


def silence(since_s: float, now_s: float, gaps: Sequence[Gap]) -> float:
    """How long somebody said nothing, sleep not counted."""
    slept = sum(max(0.0, min(gap.ends_s, now_s) - max(gap.begins_s, since_s)) for gap in gaps)
    return max(0.0, now_s - since_s - slept)


def limit(lane: Lane, usual_s: float, timeout_s: float) -> float:
    """How long a lane may be silent."""
    learned = TIMES_USUAL * usual_s if lane.state in ("busy", "waiting") else 0.0
    grace = min(GRACE_MAX_S, max(GRACE_MIN_S, GRACE_SHARE * lane.promise_s))
    return min(max(lane.promise_s, learned) + grace, timeout_s)


def judge(spec: Spec, seen: Seen, now_s: float, gaps: Sequence[Gap], learned_s: Mapping[str, float]) -> Verdict:
    """How a program is now. `learned_s` is what its steps usually took in earlier runs."""
    lived_s = silence(seen.began_s, now_s, gaps)
    if spec.watch == "none":
        return Verdict("silent", LOOK_S)
    if spec.watch == "file":
        return _by_file(spec, seen, lived_s)
    if seen.beat is None:
        return _unspoken(spec, lived_s)
    if seen.beat.errors >= spec.errors:
        why = say.WHY_ERRORS(count=seen.beat.errors, what=seen.beat.error)
        return Verdict("stuck", 0.0, why=why)
    usual_s = {**learned_s, **seen.beat.usual_s}
    return _by_lanes(spec, seen, now_s, gaps, usual_s)


def _unspoken(spec: Spec, lived_s: float) -> Verdict:
    """No beat yet."""
    if spec.watch != "beats":
        return Verdict("silent", LOOK_S)
    if lived_s >= spec.start_s:
        return Verdict("stuck", 0.0, lived_s, spec.start_s, why=say.WHY_NO_BEAT(silence=lived_s))
    return Verdict("starting", min(LOOK_S, spec.start_s - lived_s), lived_s, spec.start_s)


def _by_file(spec: Spec, seen: Seen, lived_s: float) -> Verdict:
    """An older script: its heartbeat file has to change now and then."""
    if seen.file_age_s is None and lived_s < spec.timeout_s:
        return Verdict("starting", LOOK_S, lived_s, spec.timeout_s)
    age_s = min(lived_s, seen.file_age_s) if seen.file_age_s is not None else lived_s
    if age_s >= spec.timeout_s:
        return Verdict("stuck", 0.0, age_s, spec.timeout_s, why=say.WHY_FILE(file=spec.heartbeat, silence=age_s))
    return Verdict("busy", min(LOOK_S, spec.timeout_s - age_s), age_s, spec.timeout_s)


def _by_lanes(spec: Spec, seen: Seen, now_s: float, gaps: Sequence[Gap], usual_s: Mapping[str, float]) -> Verdict:
    """The thread nearest to its limit decides; what the program is at is what its busiest thread is at."""
    beat = seen.beat
    if beat is None or not beat.lanes:
        return Verdict("idle", LOOK_S)
    spans = []
    for lane in beat.lanes:
        said_s = lane.mono_s if lane.mono_s <= now_s + AHEAD_S else seen.began_s  # a beat from the future is no beat
        silent_s = silence(said_s, now_s, gaps)
        limit_s = limit(lane, usual_s.get(lane.step, 0.0), spec.timeout_s)
        spans.append((limit_s - silent_s, silent_s, limit_s, lane))
    left_s, silent_s, limit_s, lane = min(spans, key=itemgetter(0))
    if left_s <= 0.0:
        why = say.WHY_STUCK(step=lane.step or lane.state, silence=silent_s, limit=limit_s)
        return Verdict("stuck", 0.0, silent_s, limit_s, lane, why)
    if any(_begins(one) for one in beat.lanes):
        return Verdict("starting", min(LOOK_S, left_s), silent_s, limit_s, lane)
    loudest = min(_LOUDEST.index(span[-1].state) for span in spans)
    _, silent_s, limit_s, lane = min((s for s in spans if _LOUDEST.index(s[-1].state) == loudest), key=itemgetter(0))
    return Verdict(lane.state, min(LOOK_S, left_s), silent_s, limit_s, lane)


_LOUDEST: Final[tuple[Literal["stopping", "busy", "waiting", "idle"], ...]] = ("stopping", "busy", "waiting", "idle")


def _begins(lane: Lane) -> bool:
    """Whether it says that it does not work yet."""
    return lane.state == "busy" and lane.step == STARTING


def holds(beat: Beat | None) -> bool:
    """Whether a program works on something it would have to finish or hand back."""
    lanes = () if beat is None else beat.lanes
    return any(lane.state in ("busy", "waiting", "stopping") and not _begins(lane) for lane in lanes)
