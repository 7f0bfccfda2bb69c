"""What the journal says about agents."""

from __future__ import annotations

from typing import Final

from onbam.claims.machines import Peer
from onbam.claims.model import Agent
from onbam.journal.model import Line

KIND: Final = "machine"


def joined_line(agent: Agent, version: str) -> Line:
    """An agent took its seat."""
    return Line("machine.joined", KIND, agent.seat, agent.who, "", {"agent_id": agent.agent_id, "version": version})


def left_line(agent: Agent) -> Line:
    """A clean goodbye."""
    return Line("machine.left", KIND, agent.seat, agent.who, "", {"agent_id": agent.agent_id})


def buried_line(peer: Peer) -> Line:
    """Declared dead by the others."""
    return Line("machine.dead", KIND, peer.seat, "system:machines", "missed its beat", {"agent_id": peer.agent_id})
