"""The PCs: how each is, what it does, its last beats.

For: *Today*, the board, the page of the PCs, the programming interface.
Promises: a PC is as well as its agent; late is said before dead; beats are the ones this process saw in the list of agents, and
where it saw none it shows none.
Refuses: to guess about PCs that share a sheet only.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from onbam.claims.machines import Peer
from onbam.claims.model import Item
from onbam.orders.desk_json import why_json
from onbam.orders.why import Why
from onbam.orders.why_pc import AT_WORK, pause_of, state_of, why_pc
from onbam.web.machines_words import PAUSE_FILE_NEXT
from onbam.web.seen import Seen

if TYPE_CHECKING:
    from onbam.web.house import House

BEATS: Final = 60
AGENT_SEAT: Final = "agent"
ORDER_OF: Final = ("dead", "late", "busy", "alive", "stopped")


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
    beats: Sequence[int | None]
    """Of the last beats how each came: 0 on time, 1 late; none where nothing was seen."""


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
                }
                for p in self.programs
            ],
        }


@dataclass(slots=True)
class _Heard:
    """What was heard of one seat."""

    beat_at_ms: int
    due_at_ms: int
    overdue: bool = False
    """Whether it was looked at after its promise and had not come yet: nothing else proves that a beat is late."""
    marks: deque[int | None] = field(default_factory=lambda: deque[int | None](maxlen=BEATS))


class Beats:
    """The beats this process saw: it looks only while somebody has a page open, and what came meanwhile is not known."""

    def __init__(self) -> None:
        self._heard: dict[str, _Heard] = {}
        self._lock = threading.Lock()

    def look(self, peers: Iterable[Peer], now_ms: int) -> None:
        """Remember what is new."""
        with self._lock:
            for peer in peers:
                heard = self._heard.get(peer.seat)
                if heard is None:
                    self._heard[peer.seat] = _Heard(peer.beat_at_ms, peer.due_at_ms, now_ms > peer.due_at_ms)
                elif heard.beat_at_ms < peer.beat_at_ms:
                    on_time = peer.beat_at_ms <= heard.due_at_ms
                    heard.marks.append(0 if on_time else 1 if heard.overdue else None)
                    heard.beat_at_ms, heard.due_at_ms, heard.overdue = peer.beat_at_ms, peer.due_at_ms, False
                heard = self._heard[peer.seat]
                heard.overdue = heard.overdue or now_ms > peer.due_at_ms

    def of(self, seat: str) -> Sequence[int | None]:
        """The last of a seat: on time, late, or not known."""
        with self._lock:
            heard = self._heard.get(seat)
            marks = list(heard.marks) if heard is not None else []
        return [None] * (BEATS - len(marks)) + marks


def fleet(seen: Seen) -> Sequence[Pc]:
    """Every PC, by name."""
    house = seen.house
    peers = house.peers()
    house.beats.look(peers, seen.now_ms)
    held = held_by(house)
    by_machine: dict[str, list[Peer]] = {}
    for peer in peers:
        by_machine.setdefault(peer.machine_id, []).append(peer)
    here = house.onbam.machine_id
    pcs = [_pc(house, machine, seats, held.get(machine, ()), seen.now_ms, here) for machine, seats in by_machine.items()]
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


def _pc(house: House, machine: str, seats: Sequence[Peer], held: Sequence[Item], now_ms: int, here: str) -> Pc:
    newest = max(seats, key=lambda peer: peer.beat_at_ms)
    holding = {item.agent_id for item in held}
    programs = [_program(house, peer, state_of(peer, now_ms, busy=peer.agent_id in holding)) for peer in seats]
    programs.sort(key=lambda p: (p.name != AGENT_SEAT, p.seat))
    return Pc(newest.name, newest.ip, machine, programs[0].state, programs, held, machine == here)


def _program(house: House, peer: Peer, state: str) -> Program:
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
        house.beats.of(peer.seat),
    )


def drawn_beats(beats: Sequence[int | None]) -> Sequence[tuple[str, str]]:
    """The beats as three paths, four units a beat: on time, late, unseen. One path each, for fifty PCs have 3,000 beats."""
    shapes: dict[str, list[str]] = {"": [], "late": [], "unseen": []}
    for place, beat in enumerate(beats):
        kind, shape = ("unseen", "13h3v2h-3z") if beat is None else ("late", "1h3v14h-3z") if beat else ("", "6h3v9h-3z")
        shapes[kind].append(f"M{place * 4} {shape}")
    return [(kind, "".join(parts)) for kind, parts in shapes.items() if parts]


def worst_first(pcs: Sequence[Pc]) -> Sequence[Pc]:
    """Who needs a look, first."""
    return sorted(pcs, key=lambda pc: (ORDER_OF.index(pc.state), pc.name))


def count_of(pcs: Sequence[Pc], *states: str) -> int:
    """How many are so."""
    return sum(pc.state in states for pc in pcs)
