"""Why a PC is as it is: one sentence with the evidence, what comes next, and the rule.

For: the command line, the pages and the interface, which all ask this one function.
Promises: pure; a stop set by a person is said first, because nothing else explains a PC that lives and does nothing; late comes
before dead.
Refuses: to guess: only what the list of PCs says.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from onbam.claims.machines import Life, Peer
from onbam.kernel.words import Said
from onbam.orders import why_pc_words as say
from onbam.orders.pauses import ALL, Pause
from onbam.orders.why import Why
from onbam.orders.why_figures import reason, span, who_said

RULES: Final = {
    "busy": "machine.beat",
    "alive": "machine.beat",
    "late": "machine.due",
    "dead": "machine.dead",
    "stopped": "machine.left",
}
AT_WORK: Final = ("busy", "alive")
ROLE: Final = "/agent"
"""How the seat of an agent ends."""


def state_of(peer: Peer, now_ms: int, *, busy: bool) -> str:
    """How an agent is: a key of `RULES`."""
    if peer.life is Life.DEAD:
        return "dead"
    if peer.life is Life.STOPPED:
        return "stopped"
    if peer.due_at_ms < now_ms:
        return "late"
    return "busy" if busy else "alive"


def agents_at_work(peers: Iterable[Peer], now_ms: int, pauses: Iterable[Pause] = ()) -> int:
    """How many agents live and are not stopped by anybody."""
    stopped = {pause.scope for pause in pauses}
    living = [p for p in peers if p.life is Life.ALIVE and p.due_at_ms > now_ms and p.seat.endswith(ROLE)]
    return 0 if ALL in stopped else sum(peer.machine_id not in stopped for peer in living)


def pause_of(machine_id: str, pauses: Iterable[Pause]) -> Pause | None:
    """The stop that holds a PC: its own, or that of all."""
    return min((pause for pause in pauses if pause.scope in (machine_id, ALL)), key=lambda p: p.scope == ALL, default=None)


def why_pc(
    state: str,
    *,
    held: int,
    beat_at_ms: int,
    due_at_ms: int,
    now_ms: int,
    zone: ZoneInfo,
    pause: Pause | None = None,
    by_file: Said | None = None,
) -> Why:
    """Of one PC. `held`: how many orders it holds; `pause`: the stop that holds it; `by_file`: what its stop file says."""
    by_itself = state in ("late", "dead")
    if by_file is not None and state in AT_WORK:
        return Why("pause.file", by_file, say.WHY_FILE_NEXT(), by_itself=False)
    if pause is not None and state in AT_WORK:
        said = say.WHY_PAUSED(who=who_said(pause.who), why=reason(pause.why))
        return Why(f"pause.{'all' if pause.scope == ALL else 'machine'}", said, say.WHY_PAUSED_NEXT(), by_itself=False)
    due = datetime.fromtimestamp(due_at_ms / 1000, UTC).astimezone(zone).strftime("%H:%M:%S")
    now = say.WHY[state](held=held, beat=span(now_ms - beat_at_ms), due=due)
    return Why(RULES[state], now, say.WHY_NEXT[state](due=due), by_itself=by_itself or state in AT_WORK)
