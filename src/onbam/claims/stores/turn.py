"""One turn at a store: everything a decision needs, read and written as one atomic step.

For: writing a store as a handful of small reads and writes; the decisions are the same for all (`deciding.py`).
Promises: what `load`, `due`, `lapsed` and `held` return cannot be changed by anybody else until the turn ends; what was written
and told becomes visible all at once when it ends, or not at all.
Refuses: decisions. A turn does not know what an item may become.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

from onbam.claims.model import Item, Ref, State
from onbam.claims.ports import Memory
from onbam.journal.model import Line


class Rewrite(NamedTuple):
    """An item as it was loaded and as it becomes. The write repeats token, state and version of `before`."""

    before: Item
    after: Item


class Turn(Protocol):
    """The inside of one atomic step."""

    @property
    def now_ms(self) -> int:
        """The store's clock, taken once."""
        ...

    def load(self, refs: Collection[Ref]) -> Mapping[Ref, Item]:
        """These rows, kept still until the turn ends; always in the same order, so that two turns never wait for each other."""
        ...

    def peek(self, refs: Collection[Ref]) -> Mapping[Ref, Item]:
        """These rows, only looked at."""
        ...

    def recall(self, refs: Collection[Ref]) -> Mapping[Ref, Memory]:
        """What is remembered of these."""
        ...

    def due(self, kinds: Sequence[str], limit: int) -> Sequence[Item]:
        """Claimable rows, fresh ones first, then by due time; those another turn is busy with are left out."""
        ...

    def lapsed(self, kinds: Sequence[str], before_ms: int, limit: int) -> Sequence[Item]:
        """Leases that ended at or before that time; no kinds = all. Those another turn is busy with are left out."""
        ...

    def outlasting(self) -> Sequence[Item]:
        """Leases with more left than their own length: only a clock that was set back leaves such."""
        ...

    def held(self, *, machine_id: str = "", agent_ids: Collection[str] = ()) -> Sequence[Item]:
        """Leases of a machine or of some agents."""
        ...

    def worn(self, states: Collection[State], before_ms: int, limit: int) -> Sequence[Item]:
        """Rows in these states that changed last at or before that time."""
        ...

    def insert(self, items: Sequence[Item]) -> Collection[Ref]:
        """New rows; answers which really are new: another may have been faster with the same one."""
        ...

    def write(self, rewrites: Sequence[Rewrite]) -> None:
        """Rows as they become. A row that is not as it was loaded is a contradiction: `Damaged`, and nothing is written."""
        ...

    def extend(self, items: Sequence[Item]) -> None:
        """Only the lease times of these, fenced by token and state."""
        ...

    def memorise(self, memories: Sequence[Memory]) -> int:
        """Remember for ever, or bring the memory up to date; answers how many are new."""
        ...

    def remove(self, items: Sequence[Item]) -> None:
        """Rows that are no longer needed, fenced by version."""
        ...

    def tell(self, lines: Sequence[Line]) -> None:
        """Lines for the journal; they are written last, whenever they are told."""
        ...
