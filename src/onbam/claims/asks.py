"""What is asked of a claim store, and what it answers.

For: agents, services, screens, and the stores themselves.
Promises: values; what may be expected (held by another, lease lost, not allowed) is an answer and not an exception.
Refuses: an ask that contradicts itself: it is an assertion where it is built.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from onbam.claims.model import DATA_MAX, RECEIPT_MAX, Act, Event, Fence, Item, Phase, Ref, State


class WhyDenied(StrEnum):
    """Why an item was not given out."""

    HELD = "held"
    MINE = "mine"
    """This very agent holds it already."""
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    PARKED = "parked"
    UNCERTAIN = "uncertain"
    NOT_DUE = "not_due"
    CONTENDED = "contended"
    """Somebody is deciding about it this very moment."""


class WhyLost(StrEnum):
    """Why a holder's write changed nothing."""

    UNKNOWN_ITEM = "unknown_item"
    TAKEN = "taken"
    """A newer token exists."""
    NOT_PROCESSING = "not_processing"
    """Same token, but the lease has ended: expired, handed back, or ended by a person."""
    SENDS_AGAIN = "sends_again"
    """What is said to be over is not the permission to send that stands now."""
    OUTER_LIMIT = "outer_limit"
    """Renewal may not reach beyond `LOCK_TIMEOUT_SEC`."""


class WhyNotAllowed(StrEnum):
    """Why a person's command changed nothing."""

    UNKNOWN_ITEM = "unknown_item"
    NOT_FROM_HERE = "not_from_here"
    CHANGED_MEANWHILE = "changed_meanwhile"
    RECEIPT_MISSING = "receipt_missing"
    STILL_ON_ITS_WAY = "still_on_its_way"
    REASON_MISSING = "reason_missing"


@dataclass(frozen=True, slots=True)
class Grant:
    """The right to work on an item."""

    item: Item
    remaining_ms: int
    """How long by the store's clock when it answered. The agent counts from before it asked."""


@dataclass(frozen=True, slots=True)
class Denied:
    """Not now, and why."""

    ref: Ref
    why: WhyDenied
    item: Item | None = None
    wait_ms: int | None = None
    """When asking again makes sense; none = not before somebody acts."""


@dataclass(frozen=True, slots=True)
class Lost:
    """The fence did not hold: stop this run, write nothing more."""

    fence: Fence
    why: WhyLost
    item: Item | None = None


@dataclass(frozen=True, slots=True)
class TooShort:
    """The lease is still ours but ends too soon for what is about to be done."""

    fence: Fence
    remaining_ms: int
    need_ms: int


@dataclass(frozen=True, slots=True)
class Renewed:
    """The lease goes on."""

    fence: Fence
    remaining_ms: int


@dataclass(frozen=True, slots=True)
class NotAllowed:
    """A person's command that changed nothing, and why."""

    ref: Ref
    why: WhyNotAllowed
    item: Item | None = None
    wait_ms: int | None = None


@dataclass(frozen=True, slots=True)
class New:
    """An item to make known."""

    ref: Ref
    due_in_ms: int = 0
    note: str = ""
    data: str = ""

    def __post_init__(self) -> None:
        assert len(self.data) <= DATA_MAX, f"an item carries at most {DATA_MAX} letters"


@dataclass(frozen=True, slots=True)
class Progress:
    """What a holder tells while it works; what is none stays as it was."""

    fence: Fence
    phase: Phase | None = None
    step: str | None = None
    note: str | None = None
    data: str | None = None
    need_ms: int = 0
    """For `sending`: so much of the lease must be left by the store's clock, or the answer is `TooShort`."""
    over_ms: int | None = None
    """For `claimed`: which permission to send is over, by its `sending_until_ms`. This may arrive twice, and late; the holder
    may have been given another one since."""

    def __post_init__(self) -> None:
        assert self.phase is not Phase.SENDING or self.need_ms > 0, "to send, say how long it may take"
        assert self.data is None or len(self.data) <= DATA_MAX, f"an item carries at most {DATA_MAX} letters"


@dataclass(frozen=True, slots=True)
class Ending:
    """How an attempt ended."""

    fence: Fence
    state: State
    """`completed`, `failed`, `parked`, `cancelled` or `uncertain`."""
    receipt: str = ""
    note: str = ""
    retry_in_ms: int = 0
    """For `failed`: claimable again after this long, by the store's clock."""

    def __post_init__(self) -> None:
        assert self.state in ENDINGS, f"an attempt does not end in {self.state}"
        assert self.retry_in_ms >= 0, "a retry is not due in the past"
        assert len(self.receipt) <= RECEIPT_MAX, f"a receipt has at most {RECEIPT_MAX} letters"


@dataclass(frozen=True, slots=True)
class Command:
    """What a person asks for."""

    ref: Ref
    act: Act
    who: str
    """`person:kim`, `sheet:someone`, or `prover:ecount` for a proof found by itself."""
    why: str
    receipt: str = ""
    version: int | None = None
    """The version the person saw; given, the command holds only while nothing changed since."""
    waited_ms: int = 0
    """For `not_there`: how long the asker has known of this very doubt, by a steady clock. The store's own clock may have been
    set since the call left, so it alone does not decide that the call must be over."""

    def __post_init__(self) -> None:
        assert len(self.receipt) <= RECEIPT_MAX, f"a receipt has at most {RECEIPT_MAX} letters"

    @property
    def by_proof(self) -> bool:
        """Whether a look-up decided and not a person."""
        return self.who.startswith(PROVER)


PROVER: Final = "prover:"
"""How the journal names a look-up that decided."""
ENDINGS: Final[Mapping[State, Event]] = MappingProxyType(
    {
        State.COMPLETED: Event.COMPLETE,
        State.FAILED: Event.FAIL,
        State.PARKED: Event.PARK,
        State.CANCELLED: Event.CANCEL,
        State.UNCERTAIN: Event.DOUBT,
    }
)
"""What an attempt may end in, and as which event."""
