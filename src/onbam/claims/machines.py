"""Which machines and agents there are, and which of them live.

For: the fleet page, the keeper that frees what a dead agent held, the rule that a lock may be off on a fleet of one only.
Promises: one agent in a seat: a newer process in the same seat ends the older one; an agent that missed its own promised beat
is dead for the others, by the store's clock; whoever comes back after being declared dead is told so; each seat's row keeps its
last beats.
Refuses: to decide anything about items.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from onbam.claims.beats import Beats, missed, with_beat, with_process, with_silence
from onbam.claims.model import Agent


class Life(StrEnum):
    """How an agent is, as far as the others know."""

    ALIVE = "alive"
    STOPPED = "stopped"
    """Said goodbye."""
    DEAD = "dead"
    """Missed its own promise, or was succeeded in its seat."""


@dataclass(frozen=True, slots=True)
class Peer:
    """An agent as the others see it. Times are milliseconds of the store's clock."""

    machine_id: str
    seat: str
    agent_id: str
    name: str
    ip: str
    version: str
    pid: int
    life: Life
    doing: str
    """One line for people: what it works on."""
    started_at_ms: int
    beat_at_ms: int
    due_at_ms: int
    """The next beat was promised by then."""
    marks: str = ""
    """Its last beats, up to the one at `beat_at_ms`; empty where the program that sits there keeps none."""

    def beats(self, now_ms: int) -> Beats:
        """Its last ones, as they are to be shown now: whoever left without a word is missed until this moment."""
        return with_silence(self.marks, self._gone(now_ms), left=self.life is Life.STOPPED)

    def _gone(self, now_ms: int) -> int:
        return missed(self.beat_at_ms, self.due_at_ms, now_ms)

    def beaten(self, now_ms: int, due_in_ms: int) -> Peer:
        """The same agent with one more beat."""
        marks = with_beat(self.marks, self._gone(now_ms))
        return replace(self, beat_at_ms=now_ms, due_at_ms=now_ms + due_in_ms, marks=marks)

    def handed_on(self, now_ms: int) -> str:
        """Its last beats, and that another process sat down in the seat."""
        return with_process(self.marks, self._gone(now_ms), left=self.life is Life.STOPPED)

    @property
    def holder(self) -> str:
        """How people read it: `PC-A_192.168.1.100`."""
        return f"{self.name}_{self.ip}"


@dataclass(frozen=True, slots=True)
class Joined:
    """What an agent finds when it takes its seat."""

    succeeded: Peer | None = None
    """An earlier process in this seat that never said goodbye: it is gone."""
    twin: Peer | None = None
    """A living agent in this very seat on another PC: two PCs carry the same machine id. The seat was not taken."""


class Registry(Protocol):
    """The list of agents."""

    def join(self, agent: Agent, *, version: str, pid: int, due_in_ms: int) -> Joined:
        """Take the seat. Not taken when a twin lives in it."""
        ...

    def beat(self, agent: Agent, *, doing: str, due_in_ms: int) -> bool:
        """Still here, and the next beat comes within that time. False: the seat is another's, or we were declared dead."""
        ...

    def back(self, agent: Agent, *, due_in_ms: int) -> bool:
        """Declared dead, and here all the same: it stood still for a while. False: the seat is another's, or was left."""
        ...

    def leave(self, agent: Agent) -> None:
        """A clean goodbye."""
        ...

    def bury(self, *, grace_ms: int = 0) -> Sequence[Peer]:
        """Declare dead whoever promised a beat and is late by more than that; answers those declared by this call."""
        ...

    def peers(self) -> Sequence[Peer]:
        """Everybody known, the living first."""
        ...

    def forget(self, machine_id: str) -> int:
        """A person says: that machine is gone for good. Answers how many seats it had; the living are not forgotten."""
        ...


def is_twin(peer: Peer, agent: Agent, now_ms: int) -> bool:
    """Another PC lives in the same seat: same machine id, another name and another address, and its beat is not late."""
    differs = (peer.name, peer.ip) != (agent.name, agent.ip)
    return peer.life is Life.ALIVE and peer.agent_id != agent.agent_id and differs and peer.due_at_ms > now_ms


def left_seat(peer: Peer, agent: Agent) -> bool:
    """Whether a process was in this seat before us and never said goodbye."""
    return peer.agent_id != agent.agent_id and peer.life is Life.ALIVE


def seated(agent: Agent, version: str, pid: int, now_ms: int, due_in_ms: int, before: Peer | None = None) -> Peer:
    """An agent that has just taken its seat; `before`: who sat there, whose beats stay on record."""
    return Peer(
        machine_id=agent.machine_id,
        seat=agent.seat,
        agent_id=agent.agent_id,
        name=agent.name,
        ip=agent.ip,
        version=version,
        pid=pid,
        life=Life.ALIVE,
        doing="",
        started_at_ms=now_ms,
        beat_at_ms=now_ms,
        due_at_ms=now_ms + due_in_ms,
        marks=before.handed_on(now_ms) if before is not None else with_process("", 0, left=False),
    )
