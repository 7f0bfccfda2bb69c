"""The PCs: how each is, what it does, its last beats.

For: *Today*, the board, the page of the PCs, the programming interface.
Promises: a PC is as well as its agent; late is said before dead; the beats are the record in the list of agents, and a silence
is counted until this moment.
Refuses: to guess about PCs that share a sheet only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from onbam.claims.beats import BEATS, Beats, Mark
from onbam.claims.machines import Peer
from onbam.claims.model import Item
from onbam.orders.desk_json import why_json
from onbam.orders.why import Why
from onbam.orders.why_pc import AT_WORK, pause_of, state_of, why_pc
from onbam.web.machines_words import PAUSE_FILE_NEXT
from onbam.web.seen import Seen

if TYPE_CHECKING:
    from onbam.web.house import House

AGENT_SEAT: Final = "agent"
ORDER_OF: Final = ("dead", "late", "busy", "alive", "stopped")
_UNSEEN: Final = "13h3v2h-3z"
_UNKNOWN: Final = ("unseen", _UNSEEN)
"""Nobody was waited for; or a letter that a later program writes."""
_SHAPES: Final[Mapping[str, tuple[str, str]]] = {
    Mark.ON_TIME: ("", "6h3v9h-3z"),
    Mark.LATE: ("late", "1h3v14h-3z"),
    Mark.MISSED: ("missed", "1h3v4h-3zm0 10h3v4h-3z"),
    Mark.NEW: ("new", "0h1.5v16h-1.5z"),
}
"""Each kind has a shape of its own: printed without colours a late bar is tall, a missed one a hole, a start a line."""


@dataclass(frozen=True, slots=True)
class Program:
    """One seat of a PC."""

    seat: str
    name: str
    """The last part of its seat: `agent`."""
    state: str
    doing: str
    version: str
    pid: int
    started_at_ms: int
    beat_at_ms: int
    due_at_ms: int
    beats: Beats
    """Its last ones, up to now."""


@dataclass(frozen=True, slots=True)
class Pc:
    """One computer."""

    name: str
    ip: str
    machine_id: str
    state: str
    programs: Sequence[Program]
    held: Sequence[Item] = field(default_factory=tuple)
    here: bool = False
    """The one this desk runs on."""

    @property
    def doing(self) -> str:
        """What its agent says it does."""
        return next((p.doing for p in self.programs if p.doing), "")

    @property
    def beat_at_ms(self) -> int:
        """Its last sign of life."""
        return max(p.beat_at_ms for p in self.programs)

    @property
    def main(self) -> Program:
        """The program it is judged by."""
        return next((p for p in self.programs if p.name == AGENT_SEAT), self.programs[0])

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "name": self.name,
            "ip": self.ip,
            "machine_id": self.machine_id,
            "state": self.state,
            "doing": self.doing,
            "beat_at_ms": self.beat_at_ms,
            "here": self.here,
            "held": [item.key for item in self.held],
            "programs": [
                {
                    "seat": p.seat,
                    "name": p.name,
                    "state": p.state,
                    "doing": p.doing,
                    "version": p.version,
                    "pid": p.pid,
                    "started_at_ms": p.started_at_ms,
                    "beat_at_ms": p.beat_at_ms,
                    "due_at_ms": p.due_at_ms,
                    "beats": p.beats.to_json(),
                }
                for p in self.programs
            ],
        }


def fleet(seen: Seen) -> Sequence[Pc]:
    """Every PC, by name."""
    house = seen.house
    peers = house.peers()
    held = held_by(house)
    by_machine: dict[str, list[Peer]] = {}
    for peer in peers:
        by_machine.setdefault(peer.machine_id, []).append(peer)
    here = house.onbam.machine_id
    pcs = [_pc(machine, seats, held.get(machine, ()), seen.now_ms, here) for machine, seats in by_machine.items()]
    return sorted(pcs, key=lambda pc: pc.name)


def why_of(seen: Seen, pc: Pc) -> Why:
    """Why it is as it is."""
    by_file = seen.house.stop_by_file() if pc.here and pc.state in AT_WORK else None
    if by_file is not None:
        return Why("pause.file", by_file, PAUSE_FILE_NEXT(), by_itself=False)
    main, pause = pc.main, pause_of(pc.machine_id, seen.house.pauses())
    return why_pc(
        pc.state,
        held=len(pc.held),
        beat_at_ms=main.beat_at_ms,
        due_at_ms=main.due_at_ms,
        now_ms=seen.now_ms,
        zone=seen.zone,
        pause=pause,
    )


def pc_json(seen: Seen, pc: Pc) -> dict[str, Any]:
    """For programs, with why."""
    return {**pc.to_json(), "why": why_json(why_of(seen, pc))}


def held_by(house: House) -> Mapping[str, Sequence[Item]]:
    """What each machine holds now."""
    found: dict[str, list[Item]] = {}
    for item in house.held():
        found.setdefault(item.machine_id, []).append(item)
    return found


def _pc(machine: str, seats: Sequence[Peer], held: Sequence[Item], now_ms: int, here: str) -> Pc:
    newest = max(seats, key=lambda peer: peer.beat_at_ms)
    holding = {item.agent_id for item in held}
    programs = [_program(peer, now_ms, state_of(peer, now_ms, busy=peer.agent_id in holding)) for peer in seats]
    programs.sort(key=lambda p: (p.name != AGENT_SEAT, p.seat))
    return Pc(newest.name, newest.ip, machine, programs[0].state, programs, held, machine == here)


def _program(peer: Peer, now_ms: int, state: str) -> Program:
    return Program(
        peer.seat,
        peer.seat.rpartition("/")[2],
        state,
        peer.doing,
        peer.version,
        peer.pid,
        peer.started_at_ms,
        peer.beat_at_ms,
        peer.due_at_ms,
        peer.beats(now_ms),
    )


def drawn_beats(beats: Beats) -> Sequence[tuple[str, str]]:
    """The beats as one path a kind, four units a beat: fifty PCs have 3,000 of them. Before the first nothing is known."""
    unknown = BEATS - len(beats)
    shapes = {"unseen": "".join(f"M{place * 4} {_UNSEEN}" for place in range(unknown))}
    for place, mark in enumerate(beats.marks, start=unknown):
        kind, shape = _SHAPES.get(mark, _UNKNOWN)
        shapes[kind] = f"{shapes.get(kind, '')}M{place * 4} {shape}"
    return [(kind, path) for kind, path in shapes.items() if path]


def worst_first(pcs: Sequence[Pc]) -> Sequence[Pc]:
    """Who needs a look, first."""
    return sorted(pcs, key=lambda pc: (ORDER_OF.index(pc.state), pc.name))


def count_of(pcs: Sequence[Pc], *states: str) -> int:
    """How many are so."""
    return sum(pc.state in states for pc in pcs)
