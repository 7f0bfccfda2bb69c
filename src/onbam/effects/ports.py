"""What the effect ledger promises.

For: the performer and the settler; the page of an uncertain item.
Promises: an intent that was answered is committed; of two that intend one key at once one gets it; nothing is ever deleted.
Refuses: to decide about items: it does not know leases.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from onbam.claims.asks import Ending, Lost, Progress, TooShort
from onbam.claims.model import Item, Ref
from onbam.effects.model import Done, Doubt, Effect, Outcome, Try, Word
from onbam.kernel.words import Said


@dataclass(frozen=True, slots=True)
class Intended:
    """Written down: this try may be sent."""

    one: Try


@dataclass(frozen=True, slots=True)
class Begun:
    """What came of asking for an intent and the permission to send in one step."""

    stands: Intended | Done | Doubt | None
    """None: nothing of this key is in the world, and nothing was written, because the lease does not allow it."""
    moved: Item | Lost | TooShort | None
    """The item in `sending`, or what is wrong with the lease. None: it was not asked, because of how the key stands."""


@dataclass(frozen=True, slots=True)
class Completed:
    """What came of a receipt and the end of its item in one step."""

    one: Try
    moved: Item | Lost


class EffectLedger(Protocol):
    """The book of acts."""

    def intend(self, effect: Effect, item: Item, who: str, nonce: str, *, deadline_in_ms: int) -> Intended | Done | Doubt:
        """Write the intent, committed when this answers; or say that the key is done, or in doubt.

        Asked again with the same nonce because the answer was lost: the intent that was written.
        """
        ...

    def tell(self, key: str, number: int, outcome: Outcome, *, receipt: str = "", detail: str = "") -> Try:
        """What became of a try. Repeating it is harmless; a receipt is taken whenever it comes."""
        ...

    def settle(self, word: Word) -> Try | None:
        """A verdict about a key's open doubt; none when there is none (any more)."""
        ...

    def tries(self, key: str) -> Sequence[Try]:
        """Every try of a key, in order."""
        ...

    def about(self, ref: Ref) -> Sequence[Try]:
        """Every try for an item, in order of their time."""
        ...

    def doubts(self, *, limit: int = 100) -> Sequence[Try]:
        """Those nobody has settled, the oldest first."""
        ...


class Joint(Protocol):
    """Ledger and leases where they lie in one place: what belongs together is committed together."""

    def begin(self, effect: Effect, item: Item, who: str, nonce: str, deadline_in_ms: int, sending: Progress) -> Begun:
        """The intent and the permission to send, both or neither. Asked again with the same nonce: the same answer."""
        ...

    def complete(self, key: str, number: int, receipt: str, detail: str, ending: Ending) -> Completed:
        """The receipt, taken whenever it comes, and with it the end of the item, if its fence still fits."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """The outside has it."""

    receipt: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class NotFound:
    """The outside was asked, could answer, and does not have it."""

    detail: str = ""


@dataclass(frozen=True, slots=True)
class CannotTell:
    """The outside could not be asked, or its answer proves nothing."""

    detail: str = ""


class Prover(Protocol):
    """Looks an effect up outside by its key."""

    name: str
    """`ecount`: the journal says `prover:ecount`."""

    def look(self, one: Try) -> Found | NotFound | CannotTell:
        """Whether it is there. `NotFound` only when the look covered where it would be."""
        ...


Brakes = Callable[[], Said | None]
"""Why nothing may be sent now: a stop, a pause; none when the way is free. Asked twice, the second time right before."""
