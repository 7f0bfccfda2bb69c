"""The effect ledger and the leases in one place: what belongs together is one step.

For: an agent whose ledger lies beside its leases; without it they are written one after the other.
Promises: an intent and the permission to send are committed together or not at all, and so are a receipt and the end of its
item; the rules that decide are those of the two books written apart; tries are locked before the item, the journal last.
Refuses: an intent where the lease is lost or too short; to keep a receipt back because its lease is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from onbam.claims import rules
from onbam.claims.asks import Ending, Progress
from onbam.claims.model import Item
from onbam.claims.rules import Change
from onbam.claims.stores.turn import Rewrite, Turn
from onbam.effects.model import (
    DETAIL_MAX,
    RECEIPT_MAX,
    Clear,
    Doubt,
    Effect,
    Outcome,
    Try,
    passed_over,
    standing,
    told,
)
from onbam.effects.ports import Begun, Completed, Intended
from onbam.effects.stores.lines import line_of, verdict_line
from onbam.effects.stores.making import intended
from onbam.journal.model import clipped

A = TypeVar("A")


class Turns(Protocol):
    """A claim store, for one atomic step."""

    def alone(self, act: Callable[[Turn], A]) -> A:
        """One atomic step."""
        ...


class TriesInTurn(Protocol):
    """A ledger that can be written inside a claim store's turn."""

    clash: tuple[type[Exception], ...]
    """Raised when somebody wrote the same try this very moment."""

    def tries_in(self, turn: Any, key: str) -> Sequence[Try]:
        """Every try of a key, kept still until the turn ends."""
        ...

    def put_in(self, turn: Any, new: Try) -> None:
        """One more."""
        ...

    def change_in(self, turn: Any, before: Try, after: Try) -> None:
        """One as it becomes."""
        ...


class JointBook:
    """Both books in one turn."""

    def __init__(self, store: Turns, ledger: TriesInTurn) -> None:
        self._store = store
        self._ledger = ledger

    def begin(self, effect: Effect, item: Item, who: str, nonce: str, deadline_in_ms: int, sending: Progress) -> Begun:
        """Write the intent and grant `sending`; or say how the key stands, or what is wrong with the lease."""

        def act(turn: Turn) -> Begun:
            stands = standing(self._ledger.tries_in(turn, effect.key), item.ref, item.token)
            here = stands.about if isinstance(stands, Doubt) and stands.about.nonce == nonce else None
            if here is None and not isinstance(stands, Clear):
                return Begun(stands, None)
            before = turn.load([item.ref]).get(item.ref)
            change = rules.advanced(before, sending, turn.now_ms)
            if not isinstance(change, Change):
                return Begun(None if here is None else Intended(here), change)
            if isinstance(stands, Clear):
                here = self._intended(turn, stands, effect, item, who, nonce, deadline_in_ms)
            assert here is not None, "clear, or written already"
            _moved(turn, before, change)
            return Begun(Intended(here), change.item)

        try:
            return self._store.alone(act)
        except self._ledger.clash:  # somebody intended the same try this very moment: now it is a doubt, or more
            return self._store.alone(act)

    def _intended(self, turn: Turn, clear: Clear, effect: Effect, item: Item, who: str, nonce: str, deadline_in_ms: int) -> Try:
        now_ms = turn.now_ms
        over = [passed_over(old, now_ms) for old in clear.overtaken]
        for before, after in zip(clear.overtaken, over, strict=True):
            self._ledger.change_in(turn, before, after)
        one = intended(effect, item, who, clear.number, nonce, now_ms=now_ms, deadline_in_ms=deadline_in_ms)
        self._ledger.put_in(turn, one)
        turn.tell([*map(verdict_line, over), line_of(one)])
        return one

    def complete(self, key: str, number: int, receipt: str, detail: str, ending: Ending) -> Completed:
        """Write the receipt, whatever became of the lease, and end the item with it where the lease allows."""

        def act(turn: Turn) -> Completed:
            one = next(one for one in self._ledger.tries_in(turn, key) if one.number == number)
            after = told(one, Outcome.RECEIPT, turn.now_ms, clipped(receipt, RECEIPT_MAX), clipped(detail, DETAIL_MAX))
            if after is not None:
                self._ledger.change_in(turn, one, after)
                turn.tell([line_of(after)])
            before = turn.load([ending.fence.ref]).get(ending.fence.ref)
            change = rules.finished(before, ending, turn.now_ms)
            if isinstance(change, Change):
                _moved(turn, before, change)
            return Completed(after or one, change.item if isinstance(change, Change) else change)

        return self._store.alone(act)


def _moved(turn: Turn, before: Item | None, change: Change) -> None:
    assert before is not None, "what changes was there"
    turn.write([Rewrite(before, change.item)])
    turn.tell([change.line])
