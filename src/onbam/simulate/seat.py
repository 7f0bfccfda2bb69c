"""What one simulated process is given, and what a flow has to be.

For: the toy order flow of this room, and any other flow that is to be put through the same histories.
Promises: a flow sees ports, clocks and chance as in the product; every port is behind the simulated wire.
Refuses: to hand out anything true: the schedule, the other processes, the outside's own books.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from onbam.claims.model import Agent
from onbam.claims.ports import ClaimStore
from onbam.effects.ports import EffectLedger, Joint
from onbam.kernel.chance import Chance
from onbam.kernel.clock import Clock
from onbam.notices.ports import Notices
from onbam.simulate.protections import Protection


class LedgerPort(Protocol):
    """Where orders appear."""

    def read(self) -> Sequence[str]:
        """The orders so far."""
        ...


class PortalPort(Protocol):
    """Where documents are."""

    def document(self, key: str) -> str:
        """The order's document."""
        ...


class ErpPort(Protocol):
    """What must not happen twice."""

    def save(self, key: str, document: str, by: str) -> str:
        """Enter a slip; answers its number."""
        ...


class ProverPort(Protocol):
    """Who can be asked afterwards."""

    def find(self, key: str) -> str | None:
        """The slip with this key."""
        ...


@dataclass(frozen=True, slots=True)
class Tempo:
    """How fast this history lives: a sheet is slower than a database."""

    lease_s: float
    limit_s: float
    poll_s: float
    active_s: float
    """For so long things go wrong and orders arrive."""
    settle_s: float
    """After that, everything must have come to its end within this."""
    store_s: tuple[float, float]
    """How long a call to the store takes, each way."""
    store_timeout_s: float


@dataclass(frozen=True, slots=True)
class Seat:
    """One process's world."""

    agent: Agent
    clock: Clock
    chance: Chance
    store: ClaimStore
    ledger: LedgerPort
    portal: PortalPort
    erp: ErpPort
    prover: ProverPort | None
    effects: EffectLedger
    notices: Notices
    tempo: Tempo
    stop: threading.Event
    """Set when the history ends: hand everything back and go."""
    joint: Joint | None = None
    """Store and effects in one step, where they lie together."""
    off: Protection | None = None
    """The protection this history does without."""


Strands = Sequence[tuple[str, Callable[[], None]]]
"""Names and bodies; each runs in a thread of its own until the seat's `stop`."""
Flow = Callable[[Seat], Strands]
