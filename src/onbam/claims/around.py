"""A claim store around another one.

For: wrappers that add one rule at one door and leave the rest to the store.
Promises: every method is the store's own, capabilities and terms included.
Refuses: to know anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from onbam.claims.asks import Command, Denied, Ending, Grant, Lost, New, NotAllowed, Progress, Renewed, TooShort
from onbam.claims.model import Agent, Fence, Item, Ref, State, Terms
from onbam.claims.ports import Capabilities, ClaimStore, Filter, Memory, Page, Remembered
from onbam.journal.model import Stretch


class Around:
    """All of a store."""

    def __init__(self, store: ClaimStore) -> None:
        self._store = store

    def claim_many(self, by: Agent, want: Sequence[Ref], *, note: str = "", grace_ms: int = 0) -> Sequence[Grant | Denied]:
        """A lease on each of these that is free."""
        return self._store.claim_many(by, want, note=note, grace_ms=grace_ms)

    def claim_due(self, by: Agent, kinds: Sequence[str], limit: int, *, note: str = "", grace_ms: int = 0) -> Sequence[Grant]:
        """Leases on whatever of these kinds is due."""
        return self._store.claim_due(by, kinds, limit, note=note, grace_ms=grace_ms)

    def recover(self, by: Agent) -> Sequence[Grant | Item]:
        """What an earlier process in this agent's seat still held."""
        return self._store.recover(by)

    @property
    def capabilities(self) -> Capabilities:
        """What the store can do."""
        return self._store.capabilities

    @property
    def terms(self) -> Terms:
        """The rules its leases follow."""
        return self._store.terms

    def now_ms(self) -> int:
        """The store's clock."""
        return self._store.now_ms()

    def add(self, items: Sequence[New]) -> Sequence[Item]:
        """Make items known."""
        return self._store.add(items)

    def renew(self, fences: Sequence[Fence]) -> Sequence[Renewed | Lost]:
        """Each lease for its own length from now."""
        return self._store.renew(fences)

    def advance(self, steps: Sequence[Progress]) -> Sequence[Item | Lost | TooShort]:
        """Phase, step, note, data."""
        return self._store.advance(steps)

    def finish(self, endings: Sequence[Ending]) -> Sequence[Item | Lost]:
        """Attempts end."""
        return self._store.finish(endings)

    def release(self, fences: Sequence[Fence], *, why: str = "") -> Sequence[Item | Lost]:
        """Leases handed back."""
        return self._store.release(fences, why=why)

    def expire(self, *, grace_ms: int = 0) -> Sequence[Item]:
        """Take back every lease that ended."""
        return self._store.expire(grace_ms=grace_ms)

    def declare_dead(self, agent_ids: Sequence[str], *, who: str, why: str) -> Sequence[Item]:
        """Take back at once all that these agents hold."""
        return self._store.declare_dead(agent_ids, who=who, why=why)

    def override(self, commands: Sequence[Command]) -> Sequence[Item | NotAllowed]:
        """A person's decisions, or proofs."""
        return self._store.override(commands)

    def get(self, refs: Sequence[Ref]) -> Sequence[Item | None]:
        """How these stand."""
        return self._store.get(refs)

    def find(self, which: Filter, *, limit: int = 100, after: str = "") -> Page:
        """A page of items that have a row."""
        return self._store.find(which, limit=limit, after=after)

    def counts(self) -> Mapping[tuple[str, State], int]:
        """How many rows of each kind are in each state."""
        return self._store.counts()

    def changes(self, since: int, *, limit: int = 500) -> Stretch:
        """The journal's lines about items after a position."""
        return self._store.changes(since, limit=limit)

    def cleanup(self, max_age_days: float = 7.0, *, limit: int = 10_000) -> int:
        """Remove old rows; the memory of each stays for ever."""
        return self._store.cleanup(max_age_days, limit=limit)

    def forget_trial(self, refs: Sequence[Ref]) -> None:
        """Remove rows that only tried the store out."""
        self._store.forget_trial(refs)

    def remember(self, memories: Sequence[Memory]) -> Remembered:
        """Take over the memory of another system."""
        return self._store.remember(memories)
