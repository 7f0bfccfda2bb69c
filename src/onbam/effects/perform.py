"""Do an act that must never happen twice.

For: the step of a business flow that sends.
Promises: intent committed → `sending` granted by the store with enough of the lease left → brakes and lease looked at once
more → the call → its outcome written down. Whatever breaks, the ledger is left saying what is true: a
receipt, a definite no, or that it is not known. What is not known ends the attempt in `uncertain` with a notice.
Refuses: a second call for a key with a receipt or a doubt; to forget a receipt because the ledger was out of reach just then.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from onbam.claims.asks import Ending, Lost, Progress, TooShort
from onbam.claims.claims import Claims
from onbam.claims.held import Held
from onbam.claims.model import Item, Phase, State
from onbam.effects import words as say
from onbam.effects.causes import changed, twice, unknown
from onbam.effects.model import DETAIL_MAX, Done, Doubt, Effect, Outcome, Try
from onbam.effects.permit import NotSent, Permit
from onbam.effects.ports import Begun, Brakes, EffectLedger, Intended, Joint
from onbam.journal.model import clipped
from onbam.kernel.errors import CredentialsRejected, LeaseLost, OnbamError, OutcomeUnknown, Refused, Transient
from onbam.kernel.words import Said, kept
from onbam.notices.ports import Notices

MARGIN_S: Final = 2.0
"""On top of an act's hard time-out: between the last look at the lease and the first byte, and for the outside to finish."""
TRIPS: Final = 4
"""So many round trips a store may need to grant `sending`: look, write, look again, once more."""
TRIES: Final = 3
"""How often the ledger is asked to write an intent before the attempt gives up."""
DEFINITE_NO: Final = (Refused, CredentialsRejected, Transient)
"""Raised by an act, these say: nothing happened outside. Everything else says: nobody knows."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The outside's proof."""

    number: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """It is in the world."""

    receipt: str
    fresh: bool
    """False: an earlier try had sent it; nothing was sent now."""
    finished: bool = False
    """The item has been completed with it already."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """Nothing was sent: too little of the lease was left, or a stop is set. The attempt may be given back or tried later."""

    why: Said


Act = Callable[[Permit], Receipt]
"""Does it, within `permit.timeout_s`, and answers the outside's proof. Calls `permit.check()` right before the first byte.

Raises `Refused`, `CredentialsRejected` or `Transient` only when nothing happened outside for certain; anything else it raises
is taken as: it may have happened.
"""


@dataclass(frozen=True, slots=True)
class _Owed:
    """Something the ledger must still be told."""

    key: str
    nonce: str
    outcome: Outcome
    receipt: str = ""
    detail: str = ""


class Effects:
    """One agent's acts."""

    def __init__(
        self,
        ledger: EffectLedger,
        claims: Claims,
        notices: Notices,
        brakes: Brakes = lambda: None,
        joint: Joint | None = None,
    ) -> None:
        """`joint`: the same ledger and the same leases, where they can be written together."""
        self._ledger = ledger
        self._claims = claims
        self._notices = notices
        self._brakes = brakes
        self._joint = joint
        self._owed: list[_Owed] = []
        self._count = itertools.count(1)
        self._lock = threading.Lock()

    def perform(
        self,
        held: Held,
        effect: Effect,
        act: Act,
        *,
        note: Callable[[Receipt], str] | None = None,
        data: str | None = None,
    ) -> Sent | Withheld:
        """Do it once. Raises `OutcomeUnknown` (the item is `uncertain` now), `LeaseLost`, or the act's own definite no.

        With `note`, what is said of the finished item, the receipt of a last act may complete the item at once. `data`: what
        the item carries once it may be sent.
        """
        stop = self._brakes()
        if stop is not None:
            return Withheld(stop)
        held.check()
        answer = self._begin(held, effect, data)
        match answer:
            case Done(proof):
                return self._done_before(effect, proof)
            case Doubt(about):
                raise self._in_doubt(held, about, kept(say.EARLIER))
            case Withheld():
                return answer
        return self._send(held, effect, answer, act, note)

    def need_s(self, effect: Effect) -> float:
        """How much of a lease this act needs, from asking for `sending` to the end of the call: a shorter lease never sends."""
        return self._start_s(effect) + effect.hard_timeout_s + MARGIN_S

    def _start_s(self, effect: Effect) -> float:
        """Until its first byte: the act's own time, and what the store may need to answer."""
        store = self._claims.store.capabilities
        return effect.start_s + (store.worst_write_delay_ms + TRIPS * store.round_trip_ms) / 1000

    # ---- before

    def _begin(self, held: Held, effect: Effect, data: str | None) -> Try | Done | Doubt | Withheld:
        """The intent, committed, and the permission to send; in one step where the two lie together."""
        nonce = f"{self._claims.agent.agent_id}#{next(self._count)}"
        if self._joint is not None:
            with suppress(Transient):  # written or not: asked for again by its nonce, one after the other
                return self._begin_at_once(self._joint, held, effect, nonce, data)
        answer = self._intend(held, effect, nonce)
        if not isinstance(answer, Intended):
            return answer
        one = answer.one
        try:
            allowed = self._claims.sending(held, self.need_s(effect), data=data)
        except (LeaseLost, Transient) as error:  # nothing was sent, whatever the store has written
            self._tell(one, Outcome.WITHDRAWN, detail=kept(error.message))
            raise
        return one if allowed else self._withhold(held, one, say.TOO_LATE(item=held.ref.key))

    def _begin_at_once(
        self, joint: Joint, held: Held, effect: Effect, nonce: str, data: str | None
    ) -> Try | Done | Doubt | Withheld:
        told: list[Begun] = []

        def ask(sending: Progress) -> Item | Lost | TooShort | None:
            deadline_ms = int(self.need_s(effect) * 1000)
            told.append(joint.begin(effect, held.item, self._claims.agent.who, nonce, deadline_ms, sending))
            return told[0].moved

        allowed = self._claims.sending(held, self.need_s(effect), ask, data=data)
        stands = told[0].stands
        if isinstance(stands, Done | Doubt):
            return stands
        if not allowed or stands is None:
            return Withheld(say.TOO_LATE(item=held.ref.key))
        return stands.one

    def _intend(self, held: Held, effect: Effect, nonce: str) -> Intended | Done | Doubt:
        """The intent, committed. When its answer gets lost it is asked for again, with the nonce that names this very try."""
        deadline_ms = int(self.need_s(effect) * 1000)
        for left in range(TRIES - 1, -1, -1):
            try:
                return self._ledger.intend(effect, held.item, self._claims.agent.who, nonce, deadline_in_ms=deadline_ms)
            except Transient:
                if not left:  # written or not, nothing will be sent under this nonce
                    self._owe(_Owed(effect.key, nonce, Outcome.WITHDRAWN, detail=kept(say.NO_LEDGER)))
                    raise
        raise AssertionError("asked at least once")

    def _done_before(self, effect: Effect, proof: Try) -> Sent:
        if proof.payload_hash != effect.payload_hash:
            self._notices.open(changed(proof))
        return Sent(proof.receipt, fresh=False)

    # ---- the act

    def _send(self, held: Held, effect: Effect, one: Try, act: Act, note: Callable[[Receipt], str] | None) -> Sent | Withheld:
        permit = Permit(held, effect.hard_timeout_s + MARGIN_S, self._start_s(effect), self._brakes, one.number)
        why = permit.late()
        if why is not None:
            return self._withhold(held, one, why)
        try:
            receipt = act(permit)
        except NotSent as error:
            return self._withhold(held, one, error.message)
        except DEFINITE_NO as error:
            told = kept(error.message)
            self._tell(one, Outcome.REFUSED, detail=told)
            self._claims.known(held, note=told)
            raise
        except OnbamError as error:
            told = kept(error.message)
            raise self._in_doubt(held, self._tell(one, Outcome.UNKNOWN, detail=told), told) from error
        except BaseException as error:  # also a bug, also the end of the process: what was sent may be there
            self._tell(one, Outcome.UNKNOWN, detail=f"{type(error).__name__}: {error}")
            raise
        if self._joint is not None and effect.last and note is not None and held.left_s() > 0:
            with suppress(Transient):  # told or not: it is told again, and that is harmless
                return self._complete_at_once(self._joint, held, one, receipt, note(receipt))
        return self._received(held, effect, one, receipt)

    def _withhold(self, held: Held, one: Try, why: Said) -> Withheld:
        self._tell(one, Outcome.WITHDRAWN, detail=kept(why))
        if held.item.phase is Phase.SENDING and not held.lost.is_set():
            self._claims.known(held)
        return Withheld(why)

    # ---- after

    def _complete_at_once(self, joint: Joint, held: Held, one: Try, receipt: Receipt, note: str) -> Sent:
        """The receipt and the end of the item."""
        told: list[Try] = []

        def ask(ending: Ending) -> Item | Lost:
            answer = joint.complete(one.key, one.number, receipt.number, clipped(receipt.detail, DETAIL_MAX), ending)
            told.append(answer.one)
            return answer.moved

        with suppress(LeaseLost):  # the receipt is written down all the same
            self._claims.finish(held, State.COMPLETED, receipt=receipt.number, note=note, ask=ask)
        if told[0].contradicted:
            self._notices.open(twice(told[0]))
        return Sent(receipt.number, fresh=True, finished=True)

    def _received(self, held: Held, effect: Effect, one: Try, receipt: Receipt) -> Sent:
        written = self._tell(one, Outcome.RECEIPT, receipt=receipt.number, detail=receipt.detail)
        if written.contradicted:
            self._notices.open(twice(written))
        if not effect.last:
            return self._further(held, receipt)
        # It stays `sending` until it is finished with its receipt. Back in `claimed` it could be taken over before that, and
        # a PC with a book of its own (nothing shared but a sheet) would send it again.
        if held.left_s() <= 0:
            self._prove_late(held, receipt)
            held.check()
        return Sent(receipt.number, fresh=True)

    def _further(self, held: Held, receipt: Receipt) -> Sent:
        """More steps follow: the item is an ordinary one again."""
        try:
            self._claims.known(held)
        except Transient:
            held.check()  # still ours: the flow goes on, from `sending` as well
        return Sent(receipt.number, fresh=True)

    def _prove_late(self, held: Held, receipt: Receipt) -> None:
        """The lease is gone, but if nobody has worked on the item since, the receipt completes it."""
        answer = self._claims.prove(held, receipt.number)
        if answer is not None and answer.state is State.COMPLETED:
            came = kept(say.RECEIPT_CAME(receipt=receipt.number))
            self._notices.resolve(unknown(held.item, None).key, who=self._claims.agent.who, why=came)

    def _in_doubt(self, held: Held, about: Try, why: str) -> OutcomeUnknown:
        """The attempt ends: the item is uncertain, and a person knows."""
        said, advice = say.UNKNOWN(item=held.ref.key), say.UNKNOWN_ADVICE(key=about.key)
        self._claims.finish(held, State.UNCERTAIN, note=clipped(why, DETAIL_MAX))
        self._notices.open(unknown(held.item, about))
        return OutcomeUnknown(said, advice, effect=about.key, number=about.number)

    # ---- telling

    def _tell(self, one: Try, outcome: Outcome, *, receipt: str = "", detail: str = "") -> Try:
        """Write an outcome down; when the ledger is out of reach, owe it."""
        detail = clipped(detail, DETAIL_MAX)
        try:
            return self._ledger.tell(one.key, one.number, outcome, receipt=receipt, detail=detail)
        except Transient:
            self._owe(_Owed(one.key, one.nonce, outcome, receipt, detail))
            return one

    def _owe(self, owed: _Owed) -> None:
        with self._lock:
            self._owed.append(owed)

    @property
    def owes(self) -> int:
        """How much the ledger must still be told."""
        with self._lock:
            return len(self._owed)

    def pay(self) -> int:
        """Tell the ledger what it could not be told before; answers how much is still owed."""
        with self._lock:
            owed, self._owed = self._owed, []
        for n, one in enumerate(owed):
            try:
                self._pay_one(one)
            except Transient:
                with self._lock:
                    self._owed = owed[n:] + self._owed
                break
        return self.owes

    def _pay_one(self, owed: _Owed) -> None:
        for one in self._ledger.tries(owed.key):
            if one.nonce == owed.nonce:
                after = self._ledger.tell(one.key, one.number, owed.outcome, receipt=owed.receipt, detail=owed.detail)
                if after.contradicted:
                    self._notices.open(twice(after))
