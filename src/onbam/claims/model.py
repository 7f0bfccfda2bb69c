"""What an item is, in which states it can be, and who may move it.

For: every store, every screen, and the pure rules next door (`rules.py`).
Promises: values that never change; every time in milliseconds of the store's clock; one table, `MOVES`, says all there is to
say about who may bring an item from where to where.
Refuses: to read a clock; a way out of `sending` that forgets that something may have been sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

KIND_MAX: Final = 40
KEY_MAX: Final = 191
NOTE_MAX: Final = 500
STEP_MAX: Final = 60
RECEIPT_MAX: Final = 200
HOLDER_MAX: Final = 120
AGENT_MAX: Final = 120
DATA_MAX: Final = 4000
POISON_AFTER: Final = 3
"""In flight at this many crashes, and the item waits for a person."""
DAY_MS: Final = 86_400_000


class State(StrEnum):
    """Where an item stands."""

    WAITING = "waiting"
    PROCESSING = "processing"
    COMPLETED = "completed"
    """For ever."""
    FAILED = "failed"
    """Will be tried again when due."""
    UNCERTAIN = "uncertain"
    """An effect may have happened; only proof or a person moves it on."""
    PARKED = "parked"
    """A person must act."""
    CANCELLED = "cancelled"


class Phase(StrEnum):
    """How far a holder is."""

    CLAIMED = "claimed"
    """Nothing has left the house: another may take over when the lease ends."""
    SENDING = "sending"
    """Something may have left the house: nobody takes over."""


class Event(StrEnum):
    """What can happen to an item. The value says by whom: an agent with its token, the system, a person."""

    CLAIM = "agent.claim"
    ADVANCE = "agent.advance"
    COMPLETE = "agent.complete"
    FAIL = "agent.fail"
    PARK = "agent.park"
    CANCEL = "agent.cancel"
    DOUBT = "agent.doubt"
    RELEASE = "agent.release"
    EXPIRE = "system.expire"
    POISON = "system.poison"
    PERSON_FAIL = "person.fail"
    PERSON_RELEASE = "person.release"
    PERSON_HOLD = "person.hold"
    PERSON_UNHOLD = "person.unhold"
    PERSON_CANCEL = "person.cancel"
    PERSON_COMPLETE = "person.complete"
    PERSON_THERE = "person.there"
    PERSON_NOT_THERE = "person.not_there"


class Act(StrEnum):
    """What a person (or a prover, with proof) can ask for."""

    FAIL = "fail"
    """Take it from its holder; it may be tried again at once (the sheet's `failed`)."""
    RELEASE = "release"
    """Make it waiting again: from a holder, from `failed`, `parked` or `cancelled`."""
    HOLD = "hold"
    """Park it until a person lets it go."""
    UNHOLD = "unhold"
    CANCEL = "cancel"
    COMPLETE = "complete"
    """It was done by hand."""
    THERE = "there"
    """An uncertain effect did happen; the receipt says which."""
    NOT_THERE = "not_there"
    """An uncertain effect did not happen: it may be tried again."""


Place = tuple[State, Phase | None]
"""A state, and for `processing` its phase."""

_WAITING: Final[Place] = (State.WAITING, None)
_CLAIMED: Final[Place] = (State.PROCESSING, Phase.CLAIMED)
_SENDING: Final[Place] = (State.PROCESSING, Phase.SENDING)
_FAILED: Final[Place] = (State.FAILED, None)
_UNCERTAIN: Final[Place] = (State.UNCERTAIN, None)
_PARKED: Final[Place] = (State.PARKED, None)
_CANCELLED: Final[Place] = (State.CANCELLED, None)
_COMPLETED: Final[Place] = (State.COMPLETED, None)

MOVES: Final[Mapping[Event, Mapping[Place, State]]] = MappingProxyType(
    {
        Event.CLAIM: {_WAITING: State.PROCESSING, _FAILED: State.PROCESSING},
        Event.ADVANCE: {_CLAIMED: State.PROCESSING, _SENDING: State.PROCESSING},
        # With a receipt from `sending` and `uncertain` too: a receipt is proof. Without one, `sending` can only end in doubt.
        Event.COMPLETE: {_CLAIMED: State.COMPLETED, _SENDING: State.COMPLETED, _UNCERTAIN: State.COMPLETED},
        Event.FAIL: {_CLAIMED: State.FAILED, _SENDING: State.UNCERTAIN},
        Event.PARK: {_CLAIMED: State.PARKED, _SENDING: State.UNCERTAIN},
        Event.CANCEL: {_CLAIMED: State.CANCELLED, _SENDING: State.UNCERTAIN},
        Event.DOUBT: {_CLAIMED: State.UNCERTAIN, _SENDING: State.UNCERTAIN},
        Event.RELEASE: {_CLAIMED: State.WAITING, _SENDING: State.UNCERTAIN},
        Event.EXPIRE: {_CLAIMED: State.WAITING, _SENDING: State.UNCERTAIN},
        Event.POISON: {_CLAIMED: State.PARKED, _UNCERTAIN: State.PARKED},
        Event.PERSON_FAIL: {_CLAIMED: State.FAILED, _SENDING: State.UNCERTAIN},
        Event.PERSON_RELEASE: {
            _CLAIMED: State.WAITING,
            _SENDING: State.UNCERTAIN,
            _FAILED: State.WAITING,
            _PARKED: State.WAITING,
            _CANCELLED: State.WAITING,
        },
        Event.PERSON_HOLD: {
            _WAITING: State.PARKED,
            _FAILED: State.PARKED,
            _CLAIMED: State.PARKED,
            _SENDING: State.UNCERTAIN,
        },
        Event.PERSON_UNHOLD: {_PARKED: State.WAITING},
        Event.PERSON_CANCEL: {
            _WAITING: State.CANCELLED,
            _FAILED: State.CANCELLED,
            # Not from `uncertain`: a token grows only when nothing was sent under the one before, or somebody has said so.
            # The effect ledger builds on that (`standing`).
            _PARKED: State.CANCELLED,
            _CLAIMED: State.CANCELLED,
            _SENDING: State.UNCERTAIN,
        },
        Event.PERSON_COMPLETE: {
            _WAITING: State.COMPLETED,
            _FAILED: State.COMPLETED,
            _PARKED: State.COMPLETED,
            _UNCERTAIN: State.COMPLETED,
            _CLAIMED: State.COMPLETED,
            _SENDING: State.COMPLETED,
            _CANCELLED: State.COMPLETED,
        },
        Event.PERSON_THERE: {_UNCERTAIN: State.COMPLETED, _SENDING: State.COMPLETED},
        Event.PERSON_NOT_THERE: {_UNCERTAIN: State.WAITING},
    }
)
"""Event → from where → to which state. What is not in the table does not happen."""

EVENT_OF: Final[Mapping[Act, Event]] = MappingProxyType({act: Event(f"person.{act.value}") for act in Act})


TRIAL_KIND: Final = "selftest"
"""Items of this kind try a store out; nothing needs to be remembered of them."""


@dataclass(frozen=True, slots=True)
class Ref:
    """Which item."""

    kind: str
    key: str

    def __post_init__(self) -> None:
        assert 0 < len(self.kind) <= KIND_MAX, f"a kind has 1 to {KIND_MAX} letters, not {self.kind!r}"
        assert 0 < len(self.key) <= KEY_MAX, f"a key has 1 to {KEY_MAX} letters, not {self.key!r}"
        # Databases pad and trim differently; a key that looks the same must be the same.
        assert self.key == self.key.strip(), f"a key has no space around it: {self.key!r}"

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


@dataclass(frozen=True, slots=True)
class Fence:
    """What a holder shows with every write: this item, under this token."""

    ref: Ref
    token: int


@dataclass(frozen=True, slots=True)
class Agent:
    """One running process that claims."""

    machine_id: str
    """Stable across restart, rename and change of address."""
    agent_id: str
    """Seat and boot nonce: `PC-A-7k2m/agent/4jx0q2`; a restarted process is another agent in the same seat."""
    name: str
    """The PC's name today."""
    ip: str

    @property
    def holder(self) -> str:
        """How people read who holds an item: `PC-A_192.168.1.100`."""
        return f"{self.name}_{self.ip}"

    @property
    def seat(self) -> str:
        """The agent id without its boot nonce: the same for this process's predecessors."""
        return self.agent_id.rpartition("/")[0]

    @property
    def who(self) -> str:
        """How the journal names it."""
        return f"agent:{self.holder}"


def seat_of(agent_id: str) -> str:
    """The seat an agent id belongs to."""
    return agent_id.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class Terms:
    """The rules of a lease, the same for every agent of a store."""

    lease_ms: int = 30_000
    limit_ms: int = 1_800_000
    """`LOCK_TIMEOUT_SEC`: no renewal reaches beyond this from the claim."""
    poison_after: int = POISON_AFTER

    def __post_init__(self) -> None:
        assert 0 < self.lease_ms <= self.limit_ms, "a lease ends before its outer limit"
        assert self.poison_after >= 1, "an item may be in flight at one crash at least"


class Item(NamedTuple):
    """One piece of business work, as its store knows it. Times are milliseconds of the store's clock.

    A named tuple and not a dataclass: stores make hundreds of them in a call, and this is several times cheaper.
    """

    kind: str
    key: str
    state: State = State.WAITING
    phase: Phase | None = None
    """Only while `processing`."""
    token: int = 0
    """Grows with each lease; 0 = never claimed."""
    attempt: int = 0
    crashes: int = 0
    """In flight at so many crashes since it last came through."""
    holder: str = ""
    """Of the present lease, else of the last one; people want to see who did it."""
    machine_id: str = ""
    agent_id: str = ""
    claimed_at_ms: int | None = None
    expires_at_ms: int | None = None
    """Only while `processing`."""
    limit_at_ms: int | None = None
    lease_ms: int = 0
    """The length this lease is renewed by: agents with other settings cannot change it."""
    sending_until_ms: int | None = None
    """Until then a call under the last lease may still be on its way."""
    sending_ms: int = 0
    """How long that call may take: whoever waits for its end waits so long by a steady clock of his own too, because the
    store's clock may be set meanwhile. 0 with a call: not known, so a lease's length, which is more."""
    due_at_ms: int | None = 0
    """Claimable from then on; 0 = at once; none = not claimable in this state."""
    step: str = ""
    """The last one told, also by the attempt before: where a new attempt looks first."""
    note: str = ""
    receipt: str = ""
    data: str = ""
    """Small JSON of the business room; opaque here."""
    version: int = 1
    """Grows with each change of state; the fence of a person's command and of the store's own writes."""
    added_at_ms: int = 0
    changed_at_ms: int = 0

    @property
    def ref(self) -> Ref:
        """Which item."""
        return Ref(self.kind, self.key)

    @property
    def fence(self) -> Fence:
        """What its present holder shows."""
        return Fence(self.ref, self.token)

    @property
    def place(self) -> Place:
        """State and phase: where it stands in `MOVES`."""
        return (self.state, self.phase)


def possible_acts(item: Item) -> tuple[Act, ...]:
    """What a person may ask for now: the buttons of the item's page."""
    return tuple(act for act in Act if item.place in MOVES[EVENT_OF[act]])
