"""Respect for PCs that still run an older program on the same sheet, whichever store decides for ours.

For: the composition root, which puts it around the claim store where a sheet is set.
Promises: an order whose live row there is another program's is refused as held by that PC, until `LOCK_TIMEOUT_SEC` after it
was taken; one that it completed is refused for ever; while such PCs are about, each claim looks first, then shows its own row,
waits as long as they take between looking and writing, and looks again before anybody acts: whoever of the two came second,
ours gives way. Only the rows in question and the new ones are read.
Refuses: to claim while it cannot look, as long as an older program may be about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Final

from onbam.claims import board_words as say
from onbam.claims.around import Around
from onbam.claims.asks import Denied, Ending, Grant, WhyDenied
from onbam.claims.board_look import Look
from onbam.claims.board_rows import Foreign
from onbam.claims.model import Agent, Item, Phase, Ref, State
from onbam.claims.ports import ClaimStore
from onbam.kernel.clock import Clock
from onbam.kernel.errors import CredentialsRejected, Misconfigured, OutcomeUnknown, Refused, Transient
from onbam.kernel.words import kept

GAP_S: Final = 5.0
"""An older program looks for a row and then writes its own, a request after the other: so long a row of its may still come."""


class BesideOlder(Around):
    """A claim store beside older programs."""

    def __init__(
        self, store: ClaimStore, open_look: Callable[[], Look], clock: Clock, kind: str, *, gap_s: float = GAP_S
    ) -> None:
        super().__init__(store)
        self._open_look = open_look
        """A claim needs the sheet; reading what the store knows does not."""
        self._clock = clock
        self._kind = kind
        self._gap_s = gap_s

    @cached_property
    def _look(self) -> Look:
        return self._open_look()

    def claim_many(self, by: Agent, want: Sequence[Ref], *, note: str = "", grace_ms: int = 0) -> Sequence[Grant | Denied]:
        """A lease on each of these that is free, and not an older program's."""
        others = self._others([ref.key for ref in want if ref.kind == self._kind])
        now_ms = self._store.now_ms() if others else 0
        denied = {ref: _denied(ref, others[ref.key], now_ms) for ref in want if self._is_theirs(ref, others)}
        free = [ref for ref in want if ref not in denied]
        answers = dict(zip(free, self._store.claim_many(by, free, note=note, grace_ms=grace_ms), strict=True)) if free else {}
        grants = [answer for answer in answers.values() if isinstance(answer, Grant)]
        theirs = self._shown(grants)
        self._give_way([grant for grant in grants if grant.item.ref in theirs], theirs)
        answers |= {ref: _denied(ref, other, self._store.now_ms()) for ref, other in theirs.items()}
        return [denied.get(ref) or answers[ref] for ref in want]

    def claim_due(self, by: Agent, kinds: Sequence[str], limit: int, *, note: str = "", grace_ms: int = 0) -> Sequence[Grant]:
        """Leases on whatever is due and not an older program's."""
        return self._kept(self._store.claim_due(by, kinds, limit, note=note, grace_ms=grace_ms))

    def recover(self, by: Agent) -> Sequence[Grant | Item]:
        """What an earlier process in this agent's seat still held, and no older program took meanwhile."""
        answers = self._store.recover(by)
        kept = {grant.item.ref for grant in self._kept([answer for answer in answers if isinstance(answer, Grant)])}
        return [answer for answer in answers if isinstance(answer, Item) or answer.item.ref in kept]

    def _kept(self, grants: Sequence[Grant]) -> list[Grant]:
        """Those grants that are really ours; the others are handed back until the older program's time is over."""
        keys = [grant.item.key for grant in grants if grant.item.kind == self._kind]
        try:
            others = self._others(keys)
        except Transient:
            self._hand_back(grants)
            raise
        theirs = {grant.item.ref: others[grant.item.key] for grant in grants if self._is_theirs(grant.item.ref, others)}
        theirs |= self._shown([grant for grant in grants if grant.item.ref not in theirs])
        self._give_way([grant for grant in grants if grant.item.ref in theirs], theirs)
        return [grant for grant in grants if grant.item.ref not in theirs]

    def _is_theirs(self, ref: Ref, others: Mapping[str, Foreign]) -> bool:
        return ref.kind == self._kind and ref.key in others

    def _others(self, keys: Sequence[str]) -> Mapping[str, Foreign]:
        """Rows of these orders that an older program holds or completed."""
        if not keys:
            return {}
        return self._seen(lambda: self._look.at(keys, self._store.now_ms()))

    def _shown(self, grants: Sequence[Grant]) -> Mapping[Ref, Foreign]:
        """While older programs are about: show our rows, wait, look again; answers those that turned out to be theirs."""
        ours = [grant for grant in grants if grant.item.kind == self._kind and grant.item.phase is Phase.CLAIMED]
        if not ours or not self._look.is_strict:
            return {}

        def handshake() -> Mapping[str, Foreign]:
            self._look.show([grant.item for grant in ours])
            self._clock.wait(self._gap_s)
            return self._look.at([grant.item.key for grant in ours], self._store.now_ms())

        try:
            theirs = self._seen(handshake)
        except Transient:
            self._hand_back(grants)
            raise
        if theirs:
            self._look.hide(list(theirs))
        return {grant.item.ref: theirs[grant.item.key] for grant in ours if grant.item.key in theirs}

    def _seen(self, look: Callable[[], Mapping[str, Foreign]]) -> Mapping[str, Foreign]:
        """A look that fails is `Transient`: nobody claims, and it is tried again."""
        try:
            return look()
        except Transient as error:
            raise Transient(say.OLDER_UNSEEN, say.OLDER_UNSEEN_HINT, retry_after_s=error.retry_after_s) from error
        except (OutcomeUnknown, CredentialsRejected, Refused, Misconfigured) as error:
            raise Transient(say.OLDER_UNSEEN, say.OLDER_UNSEEN_HINT, what=error.to("en")) from error

    def _hand_back(self, grants: Sequence[Grant]) -> None:
        fences = [grant.item.fence for grant in grants if grant.item.phase is Phase.CLAIMED]
        if fences:
            self._store.release(fences, why=kept(say.SHEET_UNSEEN))

    def _give_way(self, grants: Sequence[Grant], theirs: Mapping[Ref, Foreign]) -> None:
        """Leases handed back until the older program's time is over; what it completed is completed for us too."""
        now_ms = self._store.now_ms() if grants else 0
        endings: list[Ending] = []
        for grant in grants:
            other = theirs[grant.item.ref]
            state = State.COMPLETED if other.is_done else State.FAILED
            retry = 0 if other.is_done else max(0, other.until_ms - now_ms)
            endings.append(Ending(grant.item.fence, state, note=_note(other), retry_in_ms=retry))
        if endings:
            self._store.finish(endings)


def _denied(ref: Ref, other: Foreign, now_ms: int) -> Denied:
    """What an older program holds or has done."""
    state = State.COMPLETED if other.is_done else State.PROCESSING
    item = Item(ref.kind, ref.key, state, holder=other.locked_by, note=_note(other))
    if other.is_done:
        return Denied(ref, WhyDenied.COMPLETED, item)
    return Denied(ref, WhyDenied.HELD, item, max(0, other.until_ms - now_ms))


def _note(other: Foreign) -> str:
    """Who has it, in any language."""
    return f"V10: {other.locked_by}"
