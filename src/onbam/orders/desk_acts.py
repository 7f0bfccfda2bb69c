"""What a person may do to an order, and why not.

For: the desk, and whatever draws its buttons.
Promises: pure; for every state each act is either possible, and as which word to the claims, or refused with the reason.
Refuses: what could bring a second slip: nothing is changed while an order is being entered, and a doubt is settled first.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from onbam.claims.model import Act, Item, Phase, State
from onbam.kernel.errors import Refused
from onbam.kernel.words import Said, Text
from onbam.orders import desk_words as say
from onbam.orders.why_figures import pc_of, span

STUCK_MS: Final = 300_000
"""An order in hand of which nothing was heard for so long is stuck: a step takes seconds, the queue before the ERP minutes."""


class DeskAct(StrEnum):
    """A button."""

    RETRY = "retry"
    """Work on it again now, whatever it waits for."""
    HOLD = "hold"
    UNHOLD = "unhold"
    CANCEL = "cancel"
    THERE = "there"
    """It stands in the ERP, under this number."""
    NOT_THERE = "not_there"
    """It does not stand in the ERP: it may be sent again."""


IN_BULK: Final = (DeskAct.RETRY, DeskAct.HOLD, DeskAct.UNHOLD, DeskAct.CANCEL)


class NoSuchOrder(Refused):
    """It is not known."""


class NotNow(Refused):
    """The order's state does not allow it."""


class Stale(Refused):
    """The order is not what the person saw."""


class NotYet(Refused):
    """It may be said later."""

    def __init__(self, message: Said, hint: Said, wait_s: float) -> None:
        super().__init__(message, hint)
        self.wait_s = wait_s
        """After so long it may be said, by this same desk."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not, and what to do instead."""

    text: Said
    hint: Said

    def error(self) -> NotNow:
        """To be raised."""
        return NotNow(self.text, self.hint)


def is_stuck(item: Item, now_ms: int) -> bool:
    """In hand, and nothing was heard of it for long."""
    return item.state is State.PROCESSING and now_ms - item.changed_at_ms >= STUCK_MS


def decided(act: DeskAct, item: Item, now_ms: int) -> Act | Refusal:
    """The word to the claims, or why not."""
    if item.place == (State.PROCESSING, Phase.SENDING):
        return _while_sending(act, item, now_ms)
    match act:
        case DeskAct.RETRY:
            return _retry(item, now_ms)
        case DeskAct.HOLD:
            return _hold(item)
        case DeskAct.UNHOLD:
            return Act.UNHOLD if item.state is State.PARKED else _not(say.NOT_HELD, item)
        case DeskAct.CANCEL:
            return _cancel(item)
        case DeskAct.THERE:
            return _there(item)
        case DeskAct.NOT_THERE:
            return Act.NOT_THERE if item.state is State.UNCERTAIN else _not(say.NO_DOUBT, item)


def possible(item: Item, now_ms: int) -> tuple[DeskAct, ...]:
    """The buttons."""
    return tuple(act for act in DeskAct if isinstance(decided(act, item, now_ms), Act))


def _while_sending(act: DeskAct, item: Item, now_ms: int) -> Act | Refusal:
    """Nothing but a proof: any other word would make a doubt of what may be answered in a second."""
    left_ms = (item.expires_at_ms or 0) - now_ms
    if act is DeskAct.THERE and left_ms <= 0:
        return Act.THERE
    pc = pc_of(item.holder)
    return Refusal(say.ENTERING(key=item.key, pc=pc), say.ENTERING_HINT(left=span(max(1000, left_ms))))


def _retry(item: Item, now_ms: int) -> Act | Refusal:
    match item.state:
        case State.WAITING:
            return _not(say.WAITS_ALREADY, item)
        case State.PROCESSING:
            return Act.FAIL if is_stuck(item, now_ms) else _in_hand(item, now_ms)
        case State.PARKED:
            return Act.UNHOLD
        case State.FAILED | State.CANCELLED:
            return Act.RELEASE
        case State.COMPLETED:
            return _done(item)
        case State.UNCERTAIN:
            return _settle_first(item)


def _hold(item: Item) -> Act | Refusal:
    match item.state:
        case State.WAITING | State.FAILED | State.PROCESSING:
            return Act.HOLD
        case State.PARKED:
            return _not(say.HELD_ALREADY, item)
        case State.COMPLETED:
            return _done(item)
        case State.CANCELLED:
            return _cancelled(item)
        case State.UNCERTAIN:
            return _settle_first(item)


def _cancel(item: Item) -> Act | Refusal:
    match item.state:
        case State.WAITING | State.FAILED | State.PROCESSING | State.PARKED:
            return Act.CANCEL
        case State.COMPLETED:
            return _done(item)
        case State.CANCELLED:
            return _cancelled(item)
        case State.UNCERTAIN:
            return _settle_first(item)


def _there(item: Item) -> Act | Refusal:
    """Of a doubt it is the proof; of anything else it says that a person entered it by hand."""
    match item.state:
        case State.UNCERTAIN:
            return Act.THERE
        case State.COMPLETED:
            return _done(item)
        case _:
            return Act.COMPLETE


def _not(text: Text, item: Item) -> Refusal:
    return Refusal(text(key=item.key), say.SEE_SHOW(key=item.key))


def _in_hand(item: Item, now_ms: int) -> Refusal:
    ago = span(now_ms - (item.claimed_at_ms or now_ms))
    return Refusal(say.IN_HAND(key=item.key, pc=pc_of(item.holder), ago=ago), say.IN_HAND_HINT())


def _done(item: Item) -> Refusal:
    return Refusal(say.DONE(key=item.key, receipt=item.receipt or "?"), say.DONE_HINT())


def _cancelled(item: Item) -> Refusal:
    return Refusal(say.IS_CANCELLED(key=item.key), say.IS_CANCELLED_HINT())


def _settle_first(item: Item) -> Refusal:
    return Refusal(say.SETTLE_FIRST(key=item.key), say.SETTLE_FIRST_HINT(key=item.key))
