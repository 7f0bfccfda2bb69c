"""What is asked before a person's word is taken: of the number of a slip, and of an act that is hardly ever meant.

For: the desk, and whoever draws its buttons.
Promises: no two orders are completed under one slip by hand; that an order stands in the ERP which was never sent there, or
that one is wanted which the supplier took back, is done only when the person says so explicitly.
Refuses: to ask where something proves it: a report of the ERP, a doubt, a block that was made to be entered by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from onbam.claims.asks import PROVER
from onbam.claims.model import RECEIPT_MAX, Act, Item, Phase, State
from onbam.effects.model import Outcome
from onbam.effects.ports import EffectLedger
from onbam.journal.ports import Journal
from onbam.kernel.errors import Refused
from onbam.kernel.words import Said
from onbam.orders import desk_words as say
from onbam.orders.card import taken_back
from onbam.orders.desk_acts import DeskAct, NotNow, Refusal
from onbam.orders.evidence import LEDGER, TAKEN_BACK, Evidence, Piece
from onbam.orders.receipts import Receipts, slip_number

PASTED: Final = "order.pasted"
"""What the journal says when somebody was given an order to be entered by hand."""
TOLD_MAX: Final = 200
_NOT_SENT: Final = (Outcome.REFUSED, Outcome.WITHDRAWN)


class Unsure(NotNow):
    """It is done when the person says explicitly that it is meant."""

    def __init__(self, question: Question) -> None:
        super().__init__(question.why, say.SAY_SURE(sure=question.sure))
        self.sure = question.sure


@dataclass(frozen=True, slots=True)
class Question:
    """Before an act."""

    why: Said
    """What speaks against it."""
    sure: Said
    """What the person says by doing it all the same."""

    @property
    def tick(self) -> Said:
        """Both, for a box to be ticked."""
        return say.QUESTION(why=self.why, sure=self.sure)


@dataclass(frozen=True, slots=True)
class Checks:
    """What one desk looks at."""

    ledger: EffectLedger
    journal: Journal
    evidence: Evidence
    receipts: Receipts

    def question(self, act: DeskAct, item: Item) -> Question | None:
        """What a person must say explicitly before this act; none when it may be done as it is."""
        if act is DeskAct.RETRY and self._taken_back(item):
            return Question(say.TAKEN_BACK(key=item.key), say.SURE_RETRY())
        if act is DeskAct.THERE and not self._may_be_there(item):
            text = say.NEVER_SENT_CANCELLED if item.state is State.CANCELLED else say.NEVER_SENT
            return Question(text(key=item.key), say.SURE_THERE())
        return None

    def passed(self, act: DeskAct, item: Item, receipt: str, *, who: str, sure: bool) -> str:
        """The slip's number as it is kept, when nothing speaks against the act. A proof needs no questions."""
        if who.startswith(PROVER):
            return receipt
        if not sure and (question := self.question(act, item)) is not None:
            raise Unsure(question)
        if act is not DeskAct.THERE:
            return receipt
        number = slip_number(receipt)
        other = self.receipts.owner(number, item.ref)
        if other is not None:
            raise Refused(say.RECEIPT_TAKEN(receipt=number, other=other), say.RECEIPT_TAKEN_HINT(key=item.key))
        return number

    def _taken_back(self, item: Item) -> bool:
        """The supplier cancelled it: for that reason it is cancelled, or after a person had done so."""
        if item.state is not State.CANCELLED:
            return False
        return taken_back(item) or any(_says_so(piece, item) for piece in self.evidence.of(item.ref))

    def _may_be_there(self, item: Item) -> bool:
        """It was sent at some time, or a person was given what to enter."""
        if item.state is State.UNCERTAIN or item.phase is Phase.SENDING:
            return True
        if any(one.outcome not in _NOT_SENT for one in self.ledger.about(item.ref)):
            return True
        told: Sequence[str] = [entry.line.what for entry in self.journal.about(item.kind, item.key, TOLD_MAX)]
        return PASTED in told


def check_words(act: DeskAct, reason: str, receipt: str) -> None:
    """A reason, and for a proof the number of the slip."""
    if not reason.strip():
        raise Refused(say.REASON_NEEDED, say.REASON_HINT)
    if act is DeskAct.THERE and not receipt:
        raise Refused(say.RECEIPT_NEEDED, say.RECEIPT_HINT)
    if len(receipt) > RECEIPT_MAX:
        raise Refused(say.RECEIPT_LONG(limit=RECEIPT_MAX), say.RECEIPT_HINT)


def in_bulk(act: DeskAct, item: Item, word: Act | Refusal) -> Act | Refusal:
    """What is asked about one by one is not done to many at once."""
    if act is DeskAct.RETRY and isinstance(word, Act) and taken_back(item):
        return Refusal(say.TAKEN_BACK(key=item.key), say.ONE_BY_ONE())
    return word


def _says_so(piece: Piece, item: Item) -> bool:
    return piece.step == LEDGER and piece.name == TAKEN_BACK and piece.at_ms >= item.changed_at_ms
