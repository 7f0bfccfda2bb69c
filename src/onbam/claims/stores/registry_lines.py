"""What the journal says about agents."""

from __future__ import annotations

from typing import Final

from onbam.claims import words as say
from onbam.claims.machines import Peer
from onbam.claims.model import Agent
from onbam.journal.model import Fact, Line
from onbam.kernel.words import kept

KIND: Final = "machine"


def joined_line(agent: Agent, version: str) -> Line:
    """An agent took its seat."""
    return Line("machine.joined", KIND, agent.seat, agent.who, "", {"agent_id": agent.agent_id, "version": version})


def left_line(agent: Agent) -> Line:
    """A clean goodbye."""
    return Line("machine.left", KIND, agent.seat, agent.who, "", {"agent_id": agent.agent_id})


def buried_line(peer: Peer) -> Line:
    """Declared dead by the others."""
    data: dict[str, Fact] = {"agent_id": peer.agent_id, "beat_at_ms": peer.beat_at_ms, "held_by": peer.holder}
    return Line("machine.dead", KIND, peer.seat, "system:machines", kept(say.MISSED_BEAT), data)


def back_line(agent: Agent) -> Line:
    """Declared dead by mistake: it only stood still."""
    return Line("machine.back", KIND, agent.seat, agent.who, "", {"agent_id": agent.agent_id})
