"""The renewer: a service of its own, so that a lease lives as long as its agent works, however long a step takes.

For: every agent.
Promises: renews at a third of the lease; while the store is away it tries again and again, and takes out of the hands what may
not be relied on any more; a lost lease is known within one round.
Refuses: to renew for a flow that has ended, or beyond the outer limit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from onbam.claims.claims import Claims
from onbam.claims.held import Held
from onbam.kernel.errors import Transient

RENEW_AT: Final = 1 / 3
RETRY_AT: Final = 1 / 15
"""Of the lease: between two tries while the store is away."""
RETRY_LEAST_S: Final = 0.2

Told = Callable[[Sequence[Held]], None]


class Renewer:
    """Keeps what is in an agent's hands."""

    name = "renewer"

    def __init__(self, claims: Claims, on_lost: Told | None = None) -> None:
        self._claims = claims
        self._on_lost = on_lost or (lambda _: None)

    def start(self) -> None:
        """Nothing to get ready."""

    def step(self, now: datetime) -> float:  # noqa: ARG002 -- leases are measured by the claims' own clocks
        """One round."""
        lease_s = self._claims.store.terms.lease_ms / 1000
        try:
            lost = list(self._claims.renew())
            pause_s = lease_s * RENEW_AT
        except Transient:
            lost = list(self._claims.give_up_what_is_over())
            pause_s = max(RETRY_LEAST_S, lease_s * RETRY_AT)
        if lost:
            self._on_lost(lost)
        return pause_s

    def stop(self) -> None:
        """The leases stay: whoever stops the agent hands them back."""
