"""The agent's door to the claims: take, keep, work under, and give back leases.

For: business flows, the effect ledger, the renewer; one object per agent. A flow that ends, in whatever way, ends with
`finish`, `give_back` or `let_go`: what stays in the hands is renewed.
Promises: what it hands out is held by this agent under a token, and says itself when it is not any more; a lost lease is
`LeaseLost` and nothing of the item is written after it; an answer that was lost on the way is found again and not worked on
twice; after a cut from the store the others are given time to come back before anything of theirs is taken.
Refuses: to hold a lock while it asks the store: a slow store must not stop a flow that only wants to look at its lease.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from onbam.claims.asks import Denied, Ending, Grant, Lost, Progress, Renewed, TooShort, WhyDenied
from onbam.claims.held import Held, lease_lost
from onbam.claims.lease import Lease, Moment
from onbam.claims.model import Agent, Item, Phase, Ref, State
from onbam.claims.ports import PAGE_MAX, ClaimStore, Filter
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Transient

SAID_MAX: Final = 10_000
"""How many denials are remembered as already told."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of asking for leases."""

    held: Sequence[Held] = ()
    denied: Sequence[Denied] = ()
    news: Sequence[Denied] = field(default_factory=tuple)
    """Those denials that were not told before: one line "skipped: held by PC-B" for each, and not one a minute."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """What an earlier process in our seat left."""

    held: Sequence[Held] = ()
    others: Sequence[Item] = ()
    """Uncertain or parked now: a person's, or a prover's."""


@dataclass(frozen=True, slots=True)
class _Cut:
    """The store was out of reach: when it answered last before, and when it last failed to."""

    last_seen: Moment
    last_failed: Moment


class Claims:
    """One agent's leases."""

    def __init__(self, store: ClaimStore, agent: Agent, clock: Clock) -> None:
        self.store = store
        self.agent = agent
        self._clock = clock
        self._held: dict[Ref, Held] = {}
        self._asking = 0
        """Questions for leases under way: while there is another one, an unexpected lease of ours may be its answer."""
        self._unheard = False
        """Whether a question for whatever there is got no answer: the store may hold leases for us that we do not know."""
        self._lock = threading.Lock()
        self._seen = Moment.now(clock)
        """When the store last answered."""
        self._cut: _Cut | None = None
        self._said: dict[Ref, tuple[WhyDenied, int]] = {}

    # ---- taking

    def take(self, refs: Sequence[Ref], *, note: str = "") -> Taken:
        """Leases on those of these items that are free, in this order of preference."""
        if not refs:
            return Taken()
        with self._question() as asked:
            answers = self.store.claim_many(self.agent, refs, note=note, grace_ms=self.grace_ms)
            held = [self._keep(a.item, a.remaining_ms, asked) for a in answers if isinstance(a, Grant)]
            denied = [a for a in answers if isinstance(a, Denied)]
            held += self._lost_answers(d.item for d in denied if d.why is WhyDenied.MINE and d.item is not None)
        ours = {one.ref for one in held}
        denied = [one for one in denied if one.ref not in ours]
        return Taken(held, denied, [one for one in denied if self._is_news(one)])

    def take_due(self, kinds: Sequence[str], limit: int, *, note: str = "") -> Sequence[Held]:
        """Leases on whatever of these kinds is due; first of all those we were given when the answer was lost on the way."""
        with self._question() as asked:
            unheard = self._never_heard_of(kinds)
            if unheard:
                return unheard
            with self._heard():
                grants = self.store.claim_due(self.agent, kinds, limit, note=note, grace_ms=self.grace_ms)
            return [self._keep(grant.item, grant.remaining_ms, asked) for grant in grants]

    def recover(self) -> Recovered:
        """After a start: go on with what our predecessor held."""
        with self._question() as asked:
            with self._heard():
                answers = self.store.recover(self.agent)
            held = [self._keep(a.item, a.remaining_ms, asked) for a in answers if isinstance(a, Grant)]
        return Recovered(held, [a for a in answers if isinstance(a, Item)])

    @contextmanager
    def _heard(self) -> Iterator[None]:
        """A question that names no items: when its answer does not come, nobody knows what to ask for again."""
        try:
            yield
        except Transient:
            self._unheard = True
            raise

    def _never_heard_of(self, kinds: Sequence[str]) -> list[Held]:
        """What the store gave us in answers that never came: ours, and untouched since it was given."""
        if not self._unheard or self._asking > 1:
            return []
        ours = Filter(kinds, (State.PROCESSING,), self.agent.machine_id)
        found = self.store.find(ours, limit=PAGE_MAX).items
        held = self._lost_answers(
            item for item in found if item.agent_id == self.agent.agent_id and item.changed_at_ms == item.claimed_at_ms
        )
        self._unheard = False
        return held

    def _lost_answers(self, ours: Iterable[Item]) -> list[Held]:
        """Leases that are ours in the store and not in our hands: their answer was lost on the way. Nobody works on them.

        Only when no other question is under way, whose answer they might be.
        """
        with self._lock:
            if self._asking > 1:
                return []
            lost = [item for item in ours if item.ref not in self._held]
        if not lost:
            return []
        asked = Moment.now(self._clock)
        answers = self.store.renew([item.fence for item in lost])
        return [
            self._keep(item, answer.remaining_ms, asked)
            for item, answer in zip(lost, answers, strict=True)
            if isinstance(answer, Renewed) and item.phase is Phase.CLAIMED
        ]

    def _keep(self, item: Item, remaining_ms: int, asked: Moment) -> Held:
        held = Held(item, Lease(asked, remaining_ms / 1000), self._clock)
        with self._lock:
            before = self._held.get(item.ref)
            self._held[item.ref] = held
        if before is not None:  # the store gave it out anew, so the old lease is over whatever we thought of it
            before.lose("claimed anew")
        return held

    def _is_news(self, denied: Denied) -> bool:
        told = (denied.why, denied.item.token if denied.item else 0)
        with self._lock:
            if self._said.get(denied.ref) == told:
                return False
            if len(self._said) >= SAID_MAX:
                self._said.clear()
            self._said[denied.ref] = told
        return True

    # ---- keeping

    @property
    def held(self) -> Sequence[Held]:
        """What is in our hands."""
        with self._lock:
            return list(self._held.values())

    def renew(self) -> Sequence[Held]:
        """Renew every lease; answers those that turned out to be lost."""
        held = [one for one in self.held if not one.lost.is_set()]
        if not held:
            return []
        asked = Moment.now(self._clock)
        with self._reached():
            answers = self.store.renew([one.fence for one in held])
        lost: list[Held] = []
        for one, answer in zip(held, answers, strict=True):
            if isinstance(answer, Renewed):
                one.lease = Lease(asked, answer.remaining_ms / 1000)
            elif self._holds(one):  # else it was finished by its flow meanwhile
                self._drop(one, answer.why.value)
                lost.append(one)
        return lost

    def give_up_what_is_over(self) -> Sequence[Held]:
        """Leases that may not be relied on any more, because the store could not be reached in time."""
        over = [one for one in self.held if one.left_s() <= 0]
        for one in over:
            one.lose("over")
        return over

    # ---- working

    def step(self, held: Held, *, step: str | None = None, note: str | None = None, data: str | None = None) -> Item:
        """Tell how far we are. `LeaseLost` when it is not ours any more."""
        held.check()
        return self._advance(held, Progress(held.fence, step=step, note=note, data=data))

    def extend(self, held: Held) -> None:
        """Renew this one now."""
        asked = Moment.now(self._clock)
        with self._reached():
            answer = self.store.renew([held.fence])[0]
        if isinstance(answer, Lost):
            self._drop(held, answer.why.value)
            raise lease_lost(held, answer)
        held.lease = Lease(asked, answer.remaining_ms / 1000)

    def sending(
        self,
        held: Held,
        need_s: float,
        ask: Callable[[Progress], Item | Lost | TooShort | None] | None = None,
        *,
        data: str | None = None,
    ) -> bool:
        """From now on, and for so long, something may leave the house. False: even a fresh lease is too short for it.

        `ask` asks the store for it together with something else; its none: that something else does not allow it. `data`:
        what the item carries from now on.
        """
        if held.left_s() < need_s and not held.lost.is_set():
            self.extend(held)
        held.check()
        held.asked_to_send = Moment.now(self._clock)
        with self._reached():
            step = Progress(held.fence, Phase.SENDING, data=data, need_ms=int(need_s * 1000) + 1)
            answer = ask(step) if ask else self.store.advance([step])[0]
        if answer is None or isinstance(answer, TooShort):
            return False
        self._follow(held, answer)
        return True

    def known(self, held: Held, *, note: str | None = None) -> Item:
        """The outcome of what was sent is known and written down: the item is an ordinary one again."""
        return self._advance(held, Progress(held.fence, Phase.CLAIMED, note=note, over_ms=held.item.sending_until_ms))

    def finish(
        self,
        held: Held,
        state: State,
        *,
        receipt: str = "",
        note: str = "",
        retry_in_s: float = 0.0,
        ask: Callable[[Ending], Item | Lost] | None = None,
    ) -> Item:
        """The attempt ends; the item answered is the truth. A late receipt is proof, so the lease is not looked at first.

        `ask` asks the store for it together with something else.
        """
        ending = Ending(held.fence, state, receipt, note, int(retry_in_s * 1000))
        with self._reached():
            answer = ask(ending) if ask else self.store.finish([ending])[0]
        self._drop(held, "finished")
        if isinstance(answer, Lost):
            if _arrived_before(answer, ending):
                assert answer.item is not None, "an ending that arrived has an item"
                return answer.item
            raise lease_lost(held, answer)
        return answer

    def prove(self, held: Held, receipt: str) -> Item | None:
        """A receipt that came too late for its lease. The item, when the receipt completed it; none when another has it."""
        with self._reached():
            answer = self.store.finish([Ending(held.fence, State.COMPLETED, receipt)])[0]
        self._drop(held, "finished")
        return answer if isinstance(answer, Item) else None

    def give_back(self, held: Iterable[Held], why: str) -> Sequence[Item]:
        """Leases back, claimable at once by anybody; what is being sent ends in doubt instead. Answers how they stand."""
        ours = [one for one in held if self._holds(one)]
        if not ours:
            return []
        with self._reached():
            answers = self.store.release([one.fence for one in ours], why=why)
        for one in ours:
            self._drop(one, why)
        return [answer for answer in answers if isinstance(answer, Item)]

    def stop(self, why: str = "stopped") -> Sequence[Item]:
        """A clean stop hands everything back."""
        return self.give_back(self.held, why)

    def let_go(self, held: Held) -> None:
        """Its flow ended and the store could not be told: keep it no longer. The lease ends, and then the rules decide."""
        self._drop(held, "let go")

    # ---- tools

    @property
    def grace_ms(self) -> int:
        """How long past its end a lease of others is left alone: nothing, but for one lease's time after the store was away.

        Then nothing is taken that ended while we could not see the store: its holder could not renew it either.
        """
        lease_ms = self.store.terms.lease_ms
        if self._cut is None or self._cut.last_failed.since_s(self._clock) * 1000 >= lease_ms:
            return 0
        return int(self._cut.last_seen.since_s(self._clock) * 1000) + lease_ms

    def was_cut(self) -> None:
        """The store was out of reach just now."""
        now = Moment.now(self._clock)
        within = self._cut is not None and self._cut.last_failed.since_s(self._clock) * 1000 < self.store.terms.lease_ms
        seen = self._cut.last_seen if within and self._cut is not None else self._seen
        self._cut = _Cut(seen, now)

    @contextmanager
    def _question(self) -> Iterator[Moment]:
        """A question for leases."""
        with self._lock:
            self._asking += 1
        try:
            with self._reached():
                yield Moment.now(self._clock)
        finally:
            with self._lock:
                self._asking -= 1

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Notice when the store was out of reach."""
        try:
            yield
        except Transient:
            self.was_cut()
            raise
        self._seen = Moment.now(self._clock)

    def _advance(self, held: Held, progress: Progress) -> Item:
        with self._reached():
            answer = self.store.advance([progress])[0]
        assert not isinstance(answer, TooShort), "only sending asks for time"
        return self._follow(held, answer)

    def _follow(self, held: Held, answer: Item | Lost) -> Item:
        if isinstance(answer, Lost):
            self._drop(held, answer.why.value)
            raise lease_lost(held, answer)
        held.item = answer
        return answer

    def _holds(self, held: Held) -> bool:
        with self._lock:
            return self._held.get(held.ref) is held

    def _drop(self, held: Held, why: str) -> None:
        with self._lock:
            if self._held.get(held.ref) is held:
                del self._held[held.ref]
        held.lose(why)

    def shares(self) -> Mapping[Ref, float]:
        """How much of each lease is left, in seconds: for the board."""
        return {one.ref: one.left_s() for one in self.held}


def _arrived_before(lost: Lost, ending: Ending) -> bool:
    """Whether this very ending is already there: the answer to the first sending was lost."""
    item = lost.item
    return (
        item is not None
        and item.token == ending.fence.token
        and item.state is ending.state
        and (not ending.receipt or item.receipt == ending.receipt)
    )
