"""The list of agents in memory: for tests and simulations.

For: everything that runs without a database.
Promises: the same answers as the kept one.
Refuses: to remember over a restart.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace

from onbam.claims.machines import Joined, Life, Peer, is_twin, left_seat, seated
from onbam.claims.model import Agent
from onbam.claims.stores.registry_lines import back_line, buried_line, joined_line, left_line
from onbam.journal.model import Line
from onbam.journal.ports import Journal
from onbam.kernel.clock import Clock


class MemoryRegistry:
    """Agents in a dictionary."""

    def __init__(self, clock: Clock, journal: Journal) -> None:
        self._clock = clock
        self._journal = journal
        self._peers: dict[str, Peer] = {}
        self._lock = threading.Lock()

    def _now_ms(self) -> int:
        return int(self._clock.now().timestamp() * 1000)

    def join(self, agent: Agent, *, version: str, pid: int, due_in_ms: int) -> Joined:
        """Take the seat."""
        now_ms = self._now_ms()
        with self._lock:
            there = self._peers.get(agent.seat)
            if there is not None and is_twin(there, agent, now_ms):
                return Joined(twin=there)
            self._peers[agent.seat] = seated(agent, version, pid, now_ms, due_in_ms, there)
        self._journal.append([joined_line(agent, version)])
        return Joined(succeeded=there if there is not None and left_seat(there, agent) else None)

    def beat(self, agent: Agent, *, doing: str, due_in_ms: int) -> bool:
        """Still here."""
        now_ms = self._now_ms()
        with self._lock:
            there = self._peers.get(agent.seat)
            if there is None or there.agent_id != agent.agent_id or there.life is not Life.ALIVE:
                return False
            self._peers[agent.seat] = replace(there.beaten(now_ms, due_in_ms), doing=doing)
            return True

    def back(self, agent: Agent, *, due_in_ms: int) -> bool:
        """Declared dead, and here all the same."""
        now_ms = self._now_ms()
        with self._lock:
            there = self._peers.get(agent.seat)
            if there is None or there.agent_id != agent.agent_id or there.life is not Life.DEAD:
                return False
            self._peers[agent.seat] = replace(there.beaten(now_ms, due_in_ms), life=Life.ALIVE)
        self._journal.append([back_line(agent)])
        return True

    def leave(self, agent: Agent) -> None:
        """A clean goodbye."""
        with self._lock:
            there = self._peers.get(agent.seat)
            if there is None or there.agent_id != agent.agent_id:
                return
            self._peers[agent.seat] = replace(there, life=Life.STOPPED, doing="")
        self._journal.append([left_line(agent)])

    def bury(self, *, grace_ms: int = 0) -> Sequence[Peer]:
        """Declare dead whoever is late."""
        now_ms = self._now_ms()
        with self._lock:
            late = [p for p in self._peers.values() if p.life is Life.ALIVE and p.due_at_ms + grace_ms <= now_ms]
            dead = [replace(peer, life=Life.DEAD) for peer in late]
            self._peers.update({peer.seat: peer for peer in dead})
        self._tell([buried_line(peer) for peer in dead])
        return dead

    def peers(self) -> Sequence[Peer]:
        """Everybody known, the living first."""
        with self._lock:
            return sorted(self._peers.values(), key=lambda p: (p.life is not Life.ALIVE, p.seat))

    def forget(self, machine_id: str) -> int:
        """That machine is gone for good."""
        with self._lock:
            gone = [p.seat for p in self._peers.values() if p.machine_id == machine_id and p.life is not Life.ALIVE]
            for seat in gone:
                del self._peers[seat]
        return len(gone)

    def _tell(self, lines: Sequence[Line]) -> None:
        if lines:
            self._journal.append(lines)
