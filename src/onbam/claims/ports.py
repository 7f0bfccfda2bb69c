"""What a claim store promises, whichever store it is. A store that passes `tests/contract/claims` may be used.

For: agents, services, screens and simulations; the writer of the next store.
Promises: every method is one round trip for many items and one atomic decision per item; a batch's entries are independent: one
that is lost does not stop the others; answers come in the order of the questions; the store's own clock decides about every
time, and callers are told what is *left*, never until when.
Refuses: a claim when the store cannot decide (`Transient` is raised and nothing was given out as far as the caller may assume);
to say which store it is: what a caller must know stands in `capabilities`.

The fence. `advance`, `renew`, `finish` and `release` repeat (kind, key, token, state) in the write itself and look at the
number of rows it changed. A fence that does not hold is answered as `Lost`, a value. When the answer to a write got lost, the
write may be repeated as it was: the fence makes a second arrival harmless, and its answer tells what became of the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from onbam.claims.asks import (
    Command,
    Denied,
    Ending,
    Grant,
    Lost,
    New,
    NotAllowed,
    Progress,
    Renewed,
    TooShort,
)
from onbam.claims.model import Agent, Fence, Item, Ref, State, Terms
from onbam.journal.model import Stretch

CLAIM_MAX = 1000
"""How many items one call may ask for."""
PAGE_MAX = 1000
"""How many items one page of a list may have."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a store can do; nothing ever asks which store it is."""

    clock: Literal["server", "machine"]
    """Whose clock decides: one server's, or this PC's (then only agents of this PC may use the store)."""
    many_machines: bool
    """Whether agents on several PCs may share it."""
    durable: bool
    """Whether it remembers over a restart."""
    push: bool
    """Whether `tail` of its journal wakes by itself; else it polls."""
    best_batch: int
    """How many entries a call carries best."""
    worst_write_delay_ms: int = 0
    """How long after an accepted write another reader may still see the old state, or the write be undone by another."""
    clock_grain_ms: int = 0
    """How far two agents' readings of the store's clock may be apart: an ended lease is taken over only this much later."""
    round_trip_ms: int = 1
    """What one call usually takes: how far ahead renewals must start."""
    calls_per_minute: int | None = None
    """The budget shared by everybody on the same account; none = no such limit."""
    edited_by_people: bool = False
    """Whether people may change it behind our back (a sheet): their edits come out of `changes`."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which items a list shows; what is empty does not filter."""

    kinds: Sequence[str] = ()
    states: Sequence[State] = ()
    machine_id: str = ""
    text: str = ""
    """Part of the key."""
    changed_before_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Items in order of their last change, newest first."""

    items: Sequence[Item]
    after: str = ""
    """Give this to get the next page; empty = the end."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered for ever of an item whose row is gone, or that another system completed before us."""

    ref: Ref
    state: State
    """`completed`, `cancelled` or `failed` (cleaned away; may come again, and then continues its tokens)."""
    at_ms: int
    token: int = 0
    holder: str = ""
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What `remember` did."""

    new: int
    known: int
    """Already remembered, or present as a row in the same state."""
    conflicts: Sequence[Item] = field(default_factory=tuple)
    """Present as a row in another state: left as it is, a person looks at it."""


class ClaimStore(Protocol):
    """Items and leases, kept somewhere."""

    @property
    def capabilities(self) -> Capabilities:
        """What this store can do."""
        ...

    @property
    def terms(self) -> Terms:
        """The rules its leases follow."""
        ...

    def now_ms(self) -> int:
        """The store's clock. For showing; a decision is taken inside the store, never with a number asked for before."""
        ...

    # ---- agents

    def add(self, items: Sequence[New]) -> Sequence[Item]:
        """Make items known; the known ones stay as they are. Answers how each one stands now, also those completed long ago."""
        ...

    def claim_many(self, by: Agent, want: Sequence[Ref], *, note: str = "", grace_ms: int = 0) -> Sequence[Grant | Denied]:
        """A lease on each of these that is free, at most `CLAIM_MAX`; unknown ones are added first.

        Takes over what has expired (in `claimed`; what expired in `sending` becomes `uncertain`), but only when its lease ended
        more than `grace_ms` ago: an agent that was cut off from its store gives the others that long to come back first.
        """
        ...

    def claim_due(self, by: Agent, kinds: Sequence[str], limit: int, *, note: str = "", grace_ms: int = 0) -> Sequence[Grant]:
        """Leases on whatever of these kinds is due, longest due first, at most `limit`; takes over as `claim_many` does."""
        ...

    def renew(self, fences: Sequence[Fence]) -> Sequence[Renewed | Lost]:
        """Each lease for its own length from now, never beyond its outer limit."""
        ...

    def advance(self, steps: Sequence[Progress]) -> Sequence[Item | Lost | TooShort]:
        """Phase, step, note, data. `sending` is granted only while enough of the lease is left by the store's clock."""
        ...

    def finish(self, endings: Sequence[Ending]) -> Sequence[Item | Lost]:
        """Attempts end. The item answered is the truth: what was asked from `sending` without a receipt became `uncertain`."""
        ...

    def release(self, fences: Sequence[Fence], *, why: str = "") -> Sequence[Item | Lost]:
        """Leases handed back on a clean stop: claimable at once, counted as no crash."""
        ...

    # ---- after a crash

    def expire(self, *, grace_ms: int = 0) -> Sequence[Item]:
        """Take back every lease that ended more than `grace_ms` ago; answers how those items stand now."""
        ...

    def declare_dead(self, agent_ids: Sequence[str], *, who: str, why: str) -> Sequence[Item]:
        """Take back at once all that these agents hold. Wrong is harmless: a living one finds its fence gone."""
        ...

    def recover(self, by: Agent) -> Sequence[Grant | Item]:
        """What an earlier process in this agent's seat still held: a fresh lease, or how it stands (`uncertain`, `parked`)."""
        ...

    # ---- people

    def override(self, commands: Sequence[Command]) -> Sequence[Item | NotAllowed]:
        """A person's decisions, or proofs. The item answered is the truth: from `sending`, it became `uncertain`."""
        ...

    # ---- looking

    def get(self, refs: Sequence[Ref]) -> Sequence[Item | None]:
        """How these stand; an item that is only remembered comes back with what is remembered of it."""
        ...

    def find(self, which: Filter, *, limit: int = 100, after: str = "") -> Page:
        """A page of items that have a row."""
        ...

    def counts(self) -> Mapping[tuple[str, State], int]:
        """How many rows of each kind are in each state."""
        ...

    def changes(self, since: int, *, limit: int = 500) -> Stretch:
        """The journal's lines about items after a position: what another PC's screen needs to be live."""
        ...

    # ---- keeping

    def cleanup(self, max_age_days: float = 7.0, *, limit: int = 10_000) -> int:
        """Remove rows completed, cancelled or failed longer ago, at most `limit`; the memory of each stays for ever."""
        ...

    def forget_trial(self, refs: Sequence[Ref]) -> None:
        """Remove rows that only tried the store out (`TRIAL_KIND`), in whatever state: nothing is remembered of them."""
        ...

    def remember(self, memories: Sequence[Memory]) -> Remembered:
        """Take over the memory of another system: these are never worked on here."""
        ...
