"""How things stood at a past moment, told again from the journal.

For: every page that can look back.
Promises: what was in hand, by whom and in which phase, and what had just finished; which PCs were there; read from one bounded
stretch of the journal, because no lease is longer than its outer limit.
Refuses: what the journal does not tell (who waited, how long a lease still was).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from onbam.claims.model import Phase, State
from onbam.journal.model import Entry
from onbam.web import journal_reads as reads
from onbam.web.journal_reads import AGENT
from onbam.web.nightbook import BY_HAND, COUNTED, DEAD, HOUR_MS, LEFT, NOTABLE, Night

if TYPE_CHECKING:
    from onbam.web.house import House

LINES_MAX: Final = 20_000
"""The longest stretch that is told again."""
DONE_MAX: Final = 60
COMPLETED: Final = "item.completed"
HELD_BY: Final = ("item.claimed", "item.resumed")
SENDING: Final = "item.sending"
STEPS: Final = ("item.advanced", SENDING)
ENDED: Final = {
    "item.completed": State.COMPLETED,
    "item.complete": State.COMPLETED,
    "item.there": State.COMPLETED,
    "item.failed": State.FAILED,
    "item.fail": State.FAILED,
    "item.uncertain": State.UNCERTAIN,
    "item.parked": State.PARKED,
    "item.hold": State.PARKED,
    "item.cancelled": State.CANCELLED,
    "item.cancel": State.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class HeldThen:
    """An order in hand."""

    key: str
    holder: str
    since_ms: int
    step: str = ""
    phase: Phase = Phase.CLAIMED


@dataclass(frozen=True, slots=True)
class EndedThen:
    """An order that had just ended."""

    key: str
    state: State
    at_ms: int
    holder: str


@dataclass(frozen=True, slots=True)
class Past:
    """A moment."""

    at_ms: int
    upto: int
    """The last line of the journal then."""
    held: Sequence[HeldThen]
    ended: Sequence[EndedThen]
    """The newest first."""
    lives: Mapping[str, str]
    """PC → a key of `words.LIVES`."""
    cut: bool = False
    """More happened than could be told again."""
    too_old: bool = False
    """The journal begins later."""


def past(house: House, at_ms: int) -> Past:
    """Told again."""
    database, limit_ms = house.onbam.database, house.onbam.terms.limit_ms
    with database.look() as connection:
        after, upto = reads.positions_at(connection, [at_ms - limit_ms, at_ms])
    begin = max(after, upto - LINES_MAX)
    with database.look() as connection:
        held, ended = _replayed(reads.about_items(connection, begin, upto))
    busy = {one.holder for one in held}
    lives = _lives(house, upto, busy)
    return Past(at_ms, upto, held, ended, lives, begin > after, too_old=upto == 0)


def hours_then(house: House, then: Past, night: Night) -> Mapping[int, Mapping[str, int]]:
    """How orders had ended by that moment, hour by hour: of the hour it lies in only what had happened."""
    hour = then.at_ms // HOUR_MS
    hours: dict[int, Mapping[str, int]] = {one: counts for one, counts in night.hours.items() if one < hour}
    with house.onbam.database.look() as connection:
        after = reads.positions_at(connection, [hour * HOUR_MS - 1])[0]
        found = reads.happened(connection, after, then.upto, HOUR_MS, COUNTED) if after < then.upto else ()
    this = Counter[str]()
    for what, _, lines in found:
        this[COMPLETED if what in BY_HAND else what] += lines
    return {**hours, hour: this}


def lately(house: House, then: Past, since_ms: int, limit: int) -> Sequence[Entry]:
    """What had happened last at that moment, the newest first."""
    with house.onbam.database.look() as connection:
        entries = reads.told(connection, max(0, then.upto - LINES_MAX), then.upto, NOTABLE, limit)
    return [entry for entry in reversed(entries) if entry.at_ms >= since_ms]


def _replayed(lines: Iterable[tuple[int, str, str, str, str]]) -> tuple[list[HeldThen], list[EndedThen]]:
    held: dict[str, HeldThen] = {}
    ended: list[tuple[str, State, int, HeldThen | None]] = []
    for at_ms, what, key, who, facts in lines:
        if what in HELD_BY:
            held[key] = HeldThen(key, who.removeprefix(AGENT), at_ms)
        elif what in STEPS:
            if (one := held.get(key)) is not None:
                phase = Phase.SENDING if what == SENDING else one.phase
                held[key] = replace(one, step=_step(facts) or one.step, phase=phase)
        else:
            last = held.pop(key, None)
            if (state := ENDED.get(what)) is not None:
                ended.append((key, state, at_ms, last))
    shown = [
        EndedThen(key, state, at_ms, last.holder if last else "") for key, state, at_ms, last in ended[: -DONE_MAX - 1 : -1]
    ]
    return sorted(held.values(), key=lambda one: one.since_ms), shown


def _step(facts: str) -> str:
    """Of a line that may name one."""
    return str(json.loads(facts).get("step") or "") if '"step"' in facts else ""


def _lives(house: House, upto: int, busy: set[str]) -> dict[str, str]:
    peers = {peer.seat: peer for peer in house.peers()}
    names = {holder.rpartition("_")[0] or holder for holder in busy}
    lives: dict[str, str] = {}
    for entry in reads.about_kind(house.onbam.database, "machine", list(peers), upto):
        peer = peers[entry.line.key]
        if not peer.seat.endswith("/agent") and peer.name in lives:
            continue
        what = entry.line.what
        state = "dead" if what == DEAD else "stopped" if what == LEFT else "busy" if peer.name in names else "alive"
        lives[peer.name] = state
    return lives
