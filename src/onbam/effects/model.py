"""What an effect is, and what may be done about it: pure.

For: the ledger's stores, the performer, the settler, the page with the two buttons.
Promises: one rule, `standing`, says from the tries of a key whether it is done, in doubt or clear.
Refuses: a doubt that goes away by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from onbam.claims.model import Ref

KEY_MAX: Final = 191
WHAT_MAX: Final = 60
RECEIPT_MAX: Final = 200
DETAIL_MAX: Final = 2000
EVIDENCE_MAX: Final = 8000
WHO_MAX: Final = 120
WHY_MAX: Final = 500
NONCE_MAX: Final = 160
START_S: Final = 2.0
"""Between asking for the permission to send and the first byte, unless an act needs longer."""


class Outcome(StrEnum):
    """What is known of one try."""

    INTENT = "intent"
    """Written down; whether anything was sent is not known yet."""
    RECEIPT = "receipt"
    """It happened, and this is the proof."""
    REFUSED = "refused"
    """The outside said no, definitely: nothing happened."""
    UNKNOWN = "unknown"
    """Sent, or perhaps sent, and no answer that says what became of it."""
    WITHDRAWN = "withdrawn"
    """Given up before anything was sent."""


class Verdict(StrEnum):
    """How a doubt was settled."""

    THERE = "there"
    NOT_THERE = "not_there"


OPEN: Final = frozenset({Outcome.INTENT, Outcome.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Effect:
    """What is about to be done."""

    key: str
    """Under which it can be found outside: `2601050229`. One key, one effect in the world."""
    what: str
    """Which act, for its prover and for people: `ecount.purchase`."""
    payload_hash: str
    """Of what is sent: a second attempt that would send something else is noticed."""
    hard_timeout_s: float
    """From its first byte on: the call ends by then, with an answer or without."""
    last: bool = True
    """With its receipt the item is done; else more steps follow."""
    evidence: str = ""
    """For the person who has to look: what to search for, small JSON of the business room."""
    start_s: float = START_S
    """Its first byte leaves within so long of asking for the permission, or not at all: filling in a form takes longer than a
    request does."""

    def __post_init__(self) -> None:
        assert 0 < len(self.key) <= KEY_MAX, f"an effect key has 1 to {KEY_MAX} letters"
        assert 0 < len(self.what) <= WHAT_MAX, f"an act has a name of 1 to {WHAT_MAX} letters"
        assert self.hard_timeout_s > 0, "an act without an end cannot be fenced by time"
        assert self.start_s > 0, "an act that may never begin is none"
        assert len(self.evidence) <= EVIDENCE_MAX, f"evidence has at most {EVIDENCE_MAX} letters"


@dataclass(frozen=True, slots=True)
class Try:
    """One try of an effect, as the ledger knows it. Times are milliseconds of the store's clock."""

    key: str
    number: int
    """1, 2, …: a second one exists only after a definite no."""
    what: str
    kind: str
    item: str
    """Of which item: its kind and key."""
    token: int
    who: str
    payload_hash: str
    last: bool
    nonce: str
    """Made anew for each try by whoever writes it: a try whose answer was lost is told from another one's."""
    outcome: Outcome
    at_ms: int
    deadline_ms: int
    """By then the call has ended, with an answer or without."""
    told_at_ms: int | None = None
    receipt: str = ""
    detail: str = ""
    evidence: str = ""
    verdict: Verdict | None = None
    verdict_by: str = ""
    verdict_why: str = ""
    verdict_at_ms: int | None = None

    @property
    def done(self) -> bool:
        """Whether it is known to have happened."""
        return self.outcome is Outcome.RECEIPT or self.verdict is Verdict.THERE

    @property
    def doubtful(self) -> bool:
        """Whether it may have happened and nobody has settled it."""
        return self.outcome in OPEN and self.verdict is None

    @property
    def contradicted(self) -> bool:
        """It was settled as not there, and then its receipt came: there may be two of it now."""
        return self.outcome is Outcome.RECEIPT and self.verdict is Verdict.NOT_THERE


@dataclass(frozen=True, slots=True)
class Clear:
    """Nothing of this key is in the world: it may be tried."""

    number: int
    overtaken: Sequence[Try] = ()
    """Open tries of earlier leases, now known to have sent nothing."""


@dataclass(frozen=True, slots=True)
class Done:
    """It is in the world: never again."""

    proof: Try


@dataclass(frozen=True, slots=True)
class Doubt:
    """It may be in the world: not before this is settled."""

    about: Try


Standing = Clear | Done | Doubt


def standing(tries: Sequence[Try], ref: Ref, token: int) -> Standing:
    """How a key stands for the holder of an item under a token. A proof outweighs every doubt, one open doubt every no.

    An open try of the same item under an *earlier* token is no doubt: an item that may be under way (`sending`) is never given
    out again before it is settled, and a holder that lost it is never granted `sending`. So that try has sent nothing, or
    somebody has vouched for it; its agent died, or was too late, between writing the intent and being allowed to send.
    """
    for one in tries:
        if one.done:
            return Done(one)
    overtaken: list[Try] = []
    for one in tries:
        if one.doubtful:
            if (one.kind, one.item) != (ref.kind, ref.key) or one.token >= token:
                return Doubt(one)
            overtaken.append(one)
    return Clear(len(tries) + 1, overtaken)


OVERTAKER: Final = "system:claims"


def passed_over(one: Try, now_ms: int) -> Try:
    """An overtaken try, with the reason why it is no doubt any more."""
    why = f"the item was given out again after lease {one.token}, so nothing was sent under it"
    return replace(one, verdict=Verdict.NOT_THERE, verdict_by=OVERTAKER, verdict_why=why, verdict_at_ms=now_ms)


def told(one: Try, outcome: Outcome, now_ms: int, receipt: str = "", detail: str = "") -> Try | None:
    """What a try becomes when its outcome is told; none when nothing new was said.

    A receipt is taken whenever it comes. Anything else only while the try is open: a `no` that comes after a receipt, or
    after a person has spoken, changes nothing.
    """
    assert outcome is not Outcome.INTENT, "an intent is written, not told"
    if one.outcome is Outcome.RECEIPT or (one.outcome not in OPEN and outcome is not Outcome.RECEIPT):
        return None
    if one.verdict is not None and outcome is not Outcome.RECEIPT:
        return None
    return replace(one, outcome=outcome, told_at_ms=now_ms, receipt=receipt or one.receipt, detail=detail or one.detail)


@dataclass(frozen=True, slots=True)
class Word:
    """A verdict about a doubt: a person's or a prover's."""

    key: str
    verdict: Verdict
    who: str
    """`person:kim`, `prover:ecount`."""
    why: str
    receipt: str = ""
    number: int = 0
    """About which try: a look that took long must not settle a newer one. 0 = whichever is open: what is there is there."""

    def __post_init__(self) -> None:
        assert self.why.strip(), "a verdict has a reason"
        assert self.number or self.verdict is Verdict.THERE, "that something is not there is said of one try"
        assert self.verdict is not Verdict.THERE or self.receipt, "what is there has a number"


def open_doubt(tries: Sequence[Try], number: int = 0) -> Try | None:
    """The one try of a key that a verdict would be about: none when it is done, nothing is open, or it is about another try."""
    if any(one.done for one in tries):
        return None
    return next((one for one in tries if one.doubtful and number in (0, one.number)), None)


def settled(one: Try, word: Word, now_ms: int) -> Try:
    """A doubt with its verdict."""
    assert one.doubtful, "a verdict is about a doubt"
    return replace(
        one,
        verdict=word.verdict,
        verdict_by=word.who,
        verdict_why=word.why,
        verdict_at_ms=now_ms,
        receipt=word.receipt or one.receipt,
    )
