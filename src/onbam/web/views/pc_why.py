"""Why a PC is as it is: one sentence with the evidence, what comes next, and the rule.

For: the page of the PCs, their own pages, the board, the interface.
Promises: pure; a stop set by a person is said first, because nothing else explains a PC that lives and does nothing.
Refuses: to guess: only what the list of PCs says.
"""

from __future__ import annotations

from dataclasses import dataclass

from onbam.kernel.words import Said
from onbam.orders.pauses import Pause
from onbam.web import machines_words as say
from onbam.web import times
from onbam.web.seen import Seen
from onbam.web.views.fleet import Pc

RULES = {
    "busy": "machine.beat",
    "alive": "machine.beat",
    "late": "machine.due",
    "dead": "machine.dead",
    "stopped": "machine.left",
}


@dataclass(frozen=True, slots=True)
class PcWhy:
    """The answer."""

    now: Said
    next: Said
    rule: str


def why_pc(seen: Seen, pc: Pc, pause: Pause | None) -> PcWhy:
    """Of one PC."""
    if pause is not None and pc.state in ("busy", "alive"):
        said = say.WHY_PAUSED(who=pause.who.rpartition(":")[2], why=pause.why or "-")
        return PcWhy(said, say.WHY_PAUSED_NEXT(), f"pause.{'all' if pause.scope == 'all' else 'machine'}")
    beat = times.span(seen, seen.now_ms - pc.main.beat_at_ms)
    due = seen.local(pc.main.due_at_ms).strftime("%H:%M:%S")
    values = {"held": len(pc.held), "beat": beat, "due": due}
    return PcWhy(say.WHY[pc.state](**values), say.WHY_NEXT[pc.state](due=due), RULES[pc.state])
