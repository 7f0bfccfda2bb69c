"""An item in an agent's hands, and the moment it is not any more.

For: flows that work on it, the renewer that keeps it.
Promises: it says itself, from any thread, whether it may still be relied on.
Refuses: to ask the store.
"""

from __future__ import annotations

import threading

from onbam.claims import words as say
from onbam.claims.asks import Lost
from onbam.claims.lease import Lease, Moment
from onbam.claims.model import Fence, Item, Ref
from onbam.kernel.clock import Clock
from onbam.kernel.errors import LeaseLost


class Held:
    """An item in our hands."""

    def __init__(self, item: Item, lease: Lease, clock: Clock) -> None:
        self._clock = clock
        self.item = item
        self.lease = lease
        self.lost = threading.Event()
        """Set as soon as we know that it is not ours any more: a flow stops at its next step."""
        self.lost_why = ""
        self.asked_to_send: Moment | None = None
        """When we last asked for `sending`: from then on others count how long the call may be under way."""

    @property
    def ref(self) -> Ref:
        """Which item."""
        return self.item.ref

    @property
    def fence(self) -> Fence:
        """What we show with every write."""
        return self.item.fence

    def left_s(self) -> float:
        """How long it may still be relied on; zero or less: stop."""
        return -1.0 if self.lost.is_set() else self.lease.left_s(self._clock)

    def sending_for_s(self) -> float:
        """How long ago `sending` was asked for, by the further of our two clocks; for ever when it never was."""
        return float("inf") if self.asked_to_send is None else self.asked_to_send.since_s(self._clock)

    def lose(self, why: str) -> None:
        """It is gone; the first reason stays."""
        if not self.lost.is_set():
            self.lost_why = why
            self.lost.set()

    def check(self) -> None:
        """Raise `LeaseLost` when it may not be relied on."""
        if self.left_s() <= 0:
            self.lose("over")
            raise LeaseLost(say.LEASE_LOST(item=self.ref), say.LEASE_LOST_HINT, why=self.lost_why, token=self.item.token)


def lease_lost(held: Held, lost: Lost) -> LeaseLost:
    """What a flow is told when the store says that its lease is gone."""
    holder = lost.item.holder if lost.item else ""
    return LeaseLost(
        say.LEASE_LOST(item=held.ref), say.LEASE_LOST_HINT, why=lost.why.value, token=held.item.token, holder=holder
    )
