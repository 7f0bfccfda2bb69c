"""Keeps the claims tidy: ended leases, dead agents, old rows, and a notice for each item that waits for a person.

For: every agent runs one; they do not need each other, and several do no harm.
Promises: after a cut from the store nothing of the others is taken before they had a lease's time to come back; clean-up in
portions, once a day; the inbox says which items are parked, and no longer when they are not.
Refuses: to settle doubts: that is the settler's work, one floor up.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from onbam.claims import words as say
from onbam.claims.beats import BEATS_A_PROMISE
from onbam.claims.claims import Claims
from onbam.claims.lease import Moment
from onbam.claims.machines import Registry
from onbam.claims.model import Item, State
from onbam.claims.ports import PAGE_MAX, Filter
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Transient
from onbam.kernel.words import heard, kept
from onbam.notices.model import Cause, Severity
from onbam.notices.ports import Notices

SWEEP_S: Final = 5.0
SWEEPS_A_LEASE: Final = 6
"""With a short lease it sweeps more often: an ended lease is noticed within a sixth of its length."""
CLEAN_S: Final = 24 * 3600.0
PARKED: Final = "parked:"


class Keeper:
    """One round after the other."""

    name = "keeper"

    def __init__(
        self,
        claims: Claims,
        clock: Clock,
        *,
        registry: Registry | None = None,
        notices: Notices | None = None,
        cleanup_days: float = 7.0,
    ) -> None:
        self._claims = claims
        self._store = claims.store
        self._clock = clock
        self._registry = registry
        self._notices = notices
        self._cleanup_days = cleanup_days
        self._cleaned: Moment | None = None
        self.doing = ""
        """One line for the others: what this agent works on. The agent sets it."""
        self.succeeded = False
        """A newer process sits in our seat: this one is to end."""

    @property
    def pause_s(self) -> float:
        """Between two rounds."""
        return min(SWEEP_S, self._store.terms.lease_ms / 1000 / SWEEPS_A_LEASE)

    def start(self) -> None:
        """Nothing to get ready: the agent took its seat before."""

    def step(self, now: datetime) -> float:  # noqa: ARG002 -- ages are the store's business
        """One round. Out of reach of the store it does nothing and says nothing: the renewer does."""
        try:
            self._round()
        except Transient:
            self._claims.was_cut()
        return self.pause_s

    def stop(self) -> None:
        """The agent leaves its seat itself, after its leases are back."""

    def _round(self) -> None:
        if self._registry is not None:
            due_in_ms = int(self.pause_s * BEATS_A_PROMISE * 1000)
            if not self._registry.beat(self._claims.agent, doing=self.doing, due_in_ms=due_in_ms):
                # Declared dead while it stood still, it goes on: what it held is others' now.
                self.succeeded = not self._registry.back(self._claims.agent, due_in_ms=due_in_ms)
            late = [peer for peer in self._registry.bury(grace_ms=self._claims.grace_ms) if peer.agent_id != self._own]
            if late:
                self._store.declare_dead(
                    [peer.agent_id for peer in late], who=self._claims.agent.who, why=kept(say.MISSED_BEAT)
                )
        self._store.expire(grace_ms=self._claims.grace_ms)
        if self._notices is not None:
            self._notices.settle(PARKED, [_cause(item) for item in self._parked()], who="system:keeper")
        is_due = self._cleaned is None or self._cleaned.since_s(self._clock) >= CLEAN_S
        if is_due and self._store.cleanup(self._cleanup_days) == 0:  # a portion a round until nothing is left
            self._cleaned = Moment.now(self._clock)

    @property
    def _own(self) -> str:
        return self._claims.agent.agent_id

    def _parked(self) -> Iterator[Item]:
        yield from self._store.find(Filter(states=(State.PARKED,)), limit=PAGE_MAX).items


def _cause(item: Item) -> Cause:
    """An item waits for a person."""
    parked, poison = say.PARKED(item=item.key, note=heard(item.note)), say.POISON(item=item.key, crashes=item.crashes)
    title = poison if item.crashes else parked
    advice = say.POISON_ADVICE if item.crashes else say.PARKED_ADVICE
    severity = Severity.URGENT if item.crashes else Severity.WARN
    return Cause(f"{PARKED}{item.ref}"[:191], severity, title, advice(), f"/items/{item.kind}/{item.key}"[:200])
