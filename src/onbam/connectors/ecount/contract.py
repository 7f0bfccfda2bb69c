"""What Onbam needs of an ERP, in our own words; Ecount is the first that keeps it.

For: the order robot, which enters one slip for one order; the client (real wire) and the fake keep `Erp`. The two stores below
it are given to the client, so that all PCs of a company share one session and one set of limits.
Promises: `post` ends within `hard_timeout_s` and says one of four things: a receipt, `Refused` (nothing was saved, and will not
be), `Transient` (nothing was saved, later perhaps), `OutcomeUnknown` (it may have been saved).
Refuses: to send a slip twice by itself; to call an outcome failed when the answer was lost.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal, Protocol

from onbam.kernel.settings import Secret

LINES_MAX: Final = 300
"""The most lines of one call."""


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One line to be entered."""

    code: str
    """The shop's product code; never empty, never guessed."""
    name: str
    spec: str
    qty: Decimal
    price: Decimal
    supply: Decimal
    """공급가액: quantity times price as the document says it; the ERP computes nothing."""
    vat: Decimal | None = None
    """부가세; none = computed from the supply amount by the shop's rule."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Slip:
    """One purchase slip."""

    key: str
    """What makes it findable in the ERP: the order number."""
    day: date
    """The document's own date."""
    lines: tuple[SlipLine, ...]
    customer: str = ""
    """거래처코드; empty = the one in the settings."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that a slip stands in the ERP."""

    key: str
    number: str
    """`YYYYMMDD-n`; empty when the ERP confirmed the save and did not say the number."""
    lines: int
    trace: str
    """The ERP's own id of the call."""
    at: datetime
    raw: bytes = field(repr=False)
    """The answer as it came: evidence."""


@dataclass(frozen=True, slots=True)
class Turn:
    """When this caller may post, so that all PCs together keep the ERP's spacing."""

    at_s: float
    """On the caller's monotonic clock."""
    late_after_s: float
    """How much later it may still be used; after that another PC's turn begins."""

    def wait_s(self, monotonic: float) -> float:
        """How long to wait, doing something else meanwhile."""
        return max(0.0, self.at_s - monotonic)


@dataclass(frozen=True, slots=True)
class Limits:
    """What the ERP allows and how much of it is used, as far as it has told us."""

    interval_s: float
    lines_max: int = LINES_MAX
    today: int | None = None
    today_max: int | None = None
    failures: int | None = None
    """Errors in a row within the hour."""
    failures_max: int | None = None
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Description:
    """Which ERP this is, for people."""

    name: str
    company: str
    user: str
    live: bool
    """False on the test host. Test keys have been seen to write into real books all the same."""
    key_field: str
    """Where a person finds our key."""
    can_prove: bool
    """Whether the ERP can be asked if a slip is there."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What the ERP says about a slip that may be there."""

    answer: Literal["there", "absent", "cannot tell"]
    numbers: tuple[str, ...] = ()


class Erp(Protocol):
    """Where slips are entered."""

    @property
    def hard_timeout_s(self) -> float:
        """The longest a `post` takes; nothing is sent after it."""
        ...

    def turn(self) -> Turn:
        """Book the next free moment for one post; logs in when need be. Raises `Transient`, `CredentialsRejected`."""
        ...

    def draft(self, slip: Slip) -> bytes:
        """What `post` would send of this slip, as evidence: without session or password. Raises `Refused` as `post` does."""
        ...

    def post(self, slip: Slip, turn: Turn) -> Receipt:
        """Enter a slip, once, now. Raises `Refused`, `Transient`, `CredentialsRejected` (nothing saved), `OutcomeUnknown`."""
        ...

    def prove(self, key: str) -> Proof:
        """Whether a slip with this key is there."""
        ...

    def limits(self) -> Limits:
        """What is allowed and used."""
        ...

    def describe(self) -> Description:
        """Which ERP this is."""
        ...

    def close(self) -> None:
        """Let the connection go."""
        ...


# -- what all PCs of a company share ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Session:
    """A log-in that works until the ERP says otherwise."""

    zone: str
    id: Secret
    made_at: datetime


class SessionShelf(Protocol):
    """Where the session lies for all PCs of a company; kept encrypted by whoever stores it. An account is a fingerprint."""

    def session(self, account: str) -> Session | None:
        """The session, if there is one."""
        ...

    def keep(self, account: str, session: Session) -> None:
        """A new session for everybody; failed log-ins are forgotten."""
        ...

    def drop(self, account: str, session: Session) -> None:
        """This session ended; a newer one that somebody put there meanwhile stays."""
        ...

    def zone(self, account: str) -> str:
        """The company's zone, once it is known; empty before."""
        ...

    def keep_zone(self, account: str, zone: str) -> None:
        """Remember the zone."""
        ...

    def failures(self, account: str) -> int:
        """How many log-ins failed since the last that worked."""
        ...

    def count_failure(self, account: str) -> int:
        """One more; answers how many now."""
        ...

    def forgive(self, account: str) -> None:
        """A person looked after it: start counting again."""
        ...


class Turnstile(Protocol):
    """One queue a gate for all PCs of a company, on the store's clock."""

    def book(self, gate: str, spacing_s: float, ahead_s: float = 0.0) -> float:
        """Take the next free moment that is at least so far ahead; answers the seconds until it. Each caller gets its own."""
        ...

    def take(self, gate: str, spacing_s: float) -> float:
        """Go through now if the gate is free (0.0), else the seconds until it is; nothing is booked then."""
        ...

    def hold(self, gate: str, seconds: float) -> None:
        """Nobody is let through or booked for this long; moments already booked stay as they are."""
        ...

    def release(self, gate: str) -> None:
        """Free at once: whoever took it did not go through after all. For gates that are taken, never booked."""
        ...
