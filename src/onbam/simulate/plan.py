"""What a history is made of, drawn from its seed: how many PCs and orders, which faults, how often.

For: running one history, and running it again with less in it.
Promises: the same seed draws the same plan for ever; a fault that happened has a name (`PC-A#1:57`, the 57th call of the first
process on PC-A) and can be left out without the rest of the draws changing.
Refuses: a history in which everything goes wrong at once, every time: each seed draws its own few kinds of faults and its own
rate, because rare faults must also happen alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from onbam.kernel.chance import Chance


class Fault(StrEnum):
    """What can go wrong."""

    CRASH = "crash"
    """A process dies just before or just after a call; it is started again in the same seat."""
    FREEZE = "freeze"
    """A process stands still for about a lease or longer, and then goes on as if nothing had been."""
    NAP = "nap"
    """A process stands still after a call, mostly after one that gave it a right, for less than its lease, which is long in
    such a history; others may take it for dead meanwhile."""
    LOST_REQUEST = "lost-request"
    LOST_REPLY = "lost-reply"
    """The call happened; its caller is told that nobody knows."""
    DUPLICATE = "duplicate"
    """A fenced write arrives a second time, later."""
    SLOW = "slow"
    """A call or its answer takes long, at worst until just before its time-out."""
    LATE = "late"
    """A call to the outside arrives after its caller has given up."""
    UNREACHABLE = "unreachable"
    """One PC, or all, cannot reach the store for a while."""
    SLEEP = "sleep"
    """A whole PC sleeps; on some its monotonic clock sleeps too."""
    SKEW = "skew"
    """The PCs' clocks differ by up to two minutes."""
    JUMP = "jump"
    """A PC's wall clock is set while it works."""
    STORE_JUMP = "store-jump"
    """The clock that decides is set while leases run."""
    PERSON = "person"
    """Somebody holds, releases, fails, cancels or unholds orders, at any moment."""
    HASTY = "hasty"
    """Somebody answers "it is not there" without looking."""
    DECLARED = "declared-dead"
    """A process is declared dead, sometimes wrongly."""
    CLEANED = "cleaned"
    """Finished rows are removed almost at once: only the memory of them stays."""
    SHEET = "sheet"
    """Google misbehaves: stale reads, merged races, overwritten appends, lost replies, late writes, 429, 503."""


EVERY: Final = tuple(Fault)
LATER: Final[tuple[Fault, ...]] = (Fault.NAP,)
"""Kinds that were thought of later: drawn by themselves, so that without them every seed tells the history it told before."""
SHARES: Final = (0.15, 0.4, 0.8)
"""Of the allowed kinds of faults, so many are in one history: one of these for each."""
LATER_SHARE: Final = 0.4
RATES: Final = (0.01, 0.03, 0.08)
"""How often a call goes wrong, one of these for each history."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One history."""

    seed: int
    agents: int
    orders: int
    faults: frozenset[Fault]
    rate: float
    prover: bool
    """Whether the ERP can be asked for a key."""
    person: bool
    """Whether somebody looks after doubts while things still go wrong."""
    without: frozenset[str] = frozenset()
    """Faults that are left out, by name."""

    def chance(self, *what: object) -> Chance:
        """A source of chance for one purpose: other purposes draw from their own."""
        return Chance.seeded("history", self.seed, *what)

    def has(self, fault: Fault, name: str) -> bool:
        """Whether this fault is in the history, and not left out by name."""
        return fault in self.faults and name not in self.without


def drawn(seed: int, allowed: Collection[Fault] = EVERY, agents: int | None = None) -> Plan:
    """The plan of a seed."""
    chance = Chance.seeded("plan", seed)
    share = chance.pick(SHARES)
    first: list[Fault] = [fault for fault in EVERY if fault not in LATER]
    some: frozenset[Fault] = frozenset(fault for fault in first if chance.random() < share and fault in allowed)
    more = Chance.seeded("plan", seed, "later")
    some |= {fault for fault in LATER if more.random() < LATER_SHARE and fault in allowed}
    drawn_agents, orders = 2 + chance.below(3), 1 + chance.below(4)
    return Plan(
        seed=seed,
        agents=drawn_agents if agents is None else agents,
        orders=orders,
        faults=some,
        rate=chance.pick(RATES),
        prover=chance.random() < 0.7,
        person=chance.random() < 0.5,
    )
