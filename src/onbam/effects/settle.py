"""Doubts are settled: by our own ledger where it knows, by a look-up outside where there is one, else by a person.

For: a service that goes through the uncertain items; the two buttons of an item's page; the command line.
Promises: a look-up that finds nothing is believed only after the call must have ended, measured by our own clock from when we
first saw the doubt and by the store's; the ledger is told before the item is freed; who and why are kept.
Refuses: to conclude anything from having no record: another PC may have sent it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from onbam.claims.asks import PROVER, Command, NotAllowed, WhyNotAllowed
from onbam.claims.model import Act, Item, Ref, State
from onbam.claims.ports import ClaimStore, Filter
from onbam.claims.rules import on_its_way_ms
from onbam.effects import words as say
from onbam.effects.causes import doubt_about, doubt_key, unknown
from onbam.effects.model import Try, Verdict, Word
from onbam.effects.ports import EffectLedger, Found, NotFound, Prover
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Refused
from onbam.kernel.words import kept
from onbam.notices.ports import LIST_MAX, Notices

LEDGER: Final = f"{PROVER}ledger"
SETTLER: Final = "system:settler"
EVERY_S: Final = 5.0
LOOK_AGAIN_S: Final = 60.0
"""Between two looks outside for one doubt."""
AT_ONCE: Final = 100
"""How many uncertain items one round goes through."""


class Settler:
    """Goes through what is uncertain."""

    name = "settler"

    def __init__(
        self,
        store: ClaimStore,
        ledger: EffectLedger,
        notices: Notices,
        clock: Clock,
        provers: Mapping[str, Prover] | None = None,
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._notices = notices
        self._clock = clock
        self._provers = dict(provers or {})
        """By what an act is called: `ecount.purchase`."""
        self._seen: dict[tuple[Ref, int], float] = {}
        """Since when we know of each doubt, by the steady clock alone: one that stands still in a sleep only waits longer."""
        self._looked: dict[tuple[Ref, int], float] = {}

    def start(self) -> None:
        """Nothing to get ready."""

    def step(self, now: datetime) -> float:  # noqa: ARG002 -- doubts are waited for by their own clock
        """One round."""
        items = self._store.find(Filter(states=(State.UNCERTAIN,)), limit=AT_ONCE).items
        present = {(item.ref, item.token) for item in items}
        self._seen = {doubt: self._seen.get(doubt, self._clock.monotonic()) for doubt in present}
        self._looked = {doubt: at for doubt, at in self._looked.items() if doubt in present}
        for item in items:
            self.consider(item)
        self._close_what_is_gone()
        return EVERY_S

    def stop(self) -> None:
        """Nothing is kept."""

    def consider(self, item: Item) -> Item:
        """One uncertain item: settle it if anything but a person can; else make sure that a person knows."""
        tries = [one for one in self._ledger.about(item.ref) if one.token == item.token]
        doubts = [one for one in tries if one.doubtful]
        command = self._by_ledger(item, tries) if tries and not doubts else self._by_look(item, doubts)
        answer = self._store.override([command])[0] if command else None
        if isinstance(answer, Item) and answer.state is not State.UNCERTAIN:
            self._close(item.ref, LEDGER if command is None else command.who, command.why if command else "")
            return answer
        self._person_knows(item, doubts[0] if doubts else None)
        return item

    def _by_look(self, item: Item, doubts: Sequence[Try]) -> Command | None:
        """Ask the outside about the one open doubt; none when it cannot be asked, or not yet, or says nothing certain."""
        if len(doubts) != 1 or doubts[0].what not in self._provers or not self._may_look(item, doubts[0]):
            return None
        one, prover = doubts[0], self._provers[doubts[0].what]
        self._looked[item.ref, item.token] = self._clock.monotonic()
        found = prover.look(one)
        who = f"{PROVER}{prover.name}"
        if isinstance(found, Found):
            self._ledger.settle(Word(one.key, Verdict.THERE, who, found.detail or kept(say.FOUND), found.receipt))
        elif isinstance(found, NotFound):
            why = found.detail or kept(say.NOT_FOUND)
            self._ledger.settle(Word(one.key, Verdict.NOT_THERE, who, why, number=one.number))
        else:
            return None
        return self._by_ledger(item, [t for t in self._ledger.about(item.ref) if t.token == item.token])

    def _may_look(self, item: Item, one: Try) -> bool:
        """Only when the call must have ended, and not again and again."""
        if self._under_way_s(item, [one]) > 0:
            return False
        looked = self._looked.get((item.ref, item.token))
        return looked is None or self._clock.monotonic() - looked >= LOOK_AGAIN_S

    # ---- a person

    def there(self, ref: Ref, *, receipt: str, who: str, why: str) -> Item:
        """A person found it outside: this is its number."""
        doubts = self._doubts(ref)
        item = self._obeyed(Command(ref, Act.THERE, who, why, receipt))
        for one in doubts:
            self._ledger.settle(Word(one.key, Verdict.THERE, who, why, receipt))
        self._close(ref, who, why)
        return item

    def not_there(self, ref: Ref, *, who: str, why: str, version: int | None = None) -> Item:
        """A person looked, and it is not there: it may be sent again. `version` is of the item the person saw."""
        item = self._store.get([ref])[0]
        if item is None or item.state is not State.UNCERTAIN or (version is not None and version != item.version):
            raise Refused(say.NO_DOUBT(key=ref), say.NO_DOUBT_HINT)
        doubts = [one for one in self._doubts(ref) if one.token == item.token]
        left_s = self._under_way_s(item, doubts)
        if left_s > 0:
            raise Refused(say.ON_ITS_WAY(item=ref), say.ON_ITS_WAY_HINT(seconds=math.ceil(left_s)))
        for one in doubts:
            self._ledger.settle(Word(one.key, Verdict.NOT_THERE, who, why, number=one.number))
        freed = self._obeyed(Command(ref, Act.NOT_THERE, who, why, version=item.version, waited_ms=self._waited_ms(item)))
        self._close(ref, who, why)
        return freed

    # ---- tools

    def see(self, item: Item) -> None:
        """A page shows this doubt: from now on its wait is measured here."""
        self._seen.setdefault((item.ref, item.token), self._clock.monotonic())

    def wait_s(self, item: Item) -> float:
        """So long a `not there` about this doubt is still refused here; a command of one breath waits it out."""
        return max(0.0, self._under_way_s(item, [one for one in self._doubts(item.ref) if one.token == item.token]))

    def _under_way_s(self, item: Item, doubts: Sequence[Try]) -> float:
        """How long the call may still be under way: its whole length since we first saw the doubt, whoever sent it.

        By our own steady clock, because the store's may have been set since; by the store's too, and by what our own book says
        of the call, whichever is longest.
        """
        waited_ms = self._waited_ms(item)
        left = [one.deadline_ms - one.at_ms - waited_ms for one in doubts]
        return max([*left, on_its_way_ms(item, self._store.now_ms(), waited_ms) or 0]) / 1000

    def _waited_ms(self, item: Item) -> int:
        """How long we have known of this doubt."""
        self.see(item)
        return int((self._clock.monotonic() - self._seen[item.ref, item.token]) * 1000)

    def _doubts(self, ref: Ref) -> Sequence[Try]:
        return [one for one in self._ledger.about(ref) if one.doubtful]

    def _obeyed(self, command: Command) -> Item:
        answer = self._store.override([command])[0]
        if isinstance(answer, NotAllowed):
            if answer.why is WhyNotAllowed.STILL_ON_ITS_WAY:
                raise Refused(say.ON_ITS_WAY(item=command.ref), say.ON_ITS_WAY_HINT(seconds=-(-(answer.wait_ms or 0) // 1000)))
            raise Refused(say.NO_DOUBT(key=command.ref), say.NO_DOUBT_HINT, why=answer.why.value)
        return answer

    def _person_knows(self, item: Item, about: Try | None) -> None:
        if self._notices.get(doubt_key(item.kind, item.key)) is None:
            self._notices.open(unknown(item, about))

    def _close_what_is_gone(self) -> None:
        """Notices of doubts that ended some other way: a late receipt, another PC, a person's command, a lost answer."""
        inbox = self._notices.inbox(limit=LIST_MAX)
        told = {notice.key: ref for notice in inbox if (ref := doubt_about(notice.key)) is not None}
        if told:
            for key, item in zip(told, self._store.get(list(told.values())), strict=True):
                if item is None or item.state is not State.UNCERTAIN:
                    why = say.IS_GONE() if item is None else say.IS_NOW(state=item.state.value)
                    self._notices.resolve(key, who=SETTLER, why=kept(why))

    def _close(self, ref: Ref, who: str, why: str) -> None:
        self._notices.resolve(doubt_key(ref.kind, ref.key), who=who, why=why)

    def _by_ledger(self, item: Item, tries: Sequence[Try]) -> Command | None:
        """What our own book proves, when it has an entry of the very lease in doubt and none of these is open.

        It holds for the item as it was seen: whoever slept since then may be looking at a newer doubt. Nothing is waited for:
        whoever closed the last entry knew that its call was over.
        """
        if not tries or any(one.doubtful for one in tries):
            return None
        proof = next((one for one in tries if one.done and one.last), None)
        if proof is not None:
            who, why = proof.verdict_by or LEDGER, proof.verdict_why or kept(say.HAS_RECEIPT)
            return Command(item.ref, Act.THERE, who, why, proof.receipt, item.version)
        last = tries[-1]
        why = last.verdict_why or kept(say.SENT_IS_PROVEN if any(one.done for one in tries) else say.NOTHING_SENT)
        over_ms = item.sending_ms or item.lease_ms
        return Command(item.ref, Act.NOT_THERE, last.verdict_by or LEDGER, why, version=item.version, waited_ms=over_ms)
