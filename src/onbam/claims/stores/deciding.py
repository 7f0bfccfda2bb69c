"""Every method of the claim port, decided once for all stores that can take a turn.

For: the stores next door: they bring `turn` (an atomic step) and a few looks, and inherit the rest.
Promises: the pure rules decide, and only they; an item that changes twice in one turn is written once and told twice; the
entries of a batch never stop each other.
Refuses: SQL, locks, clocks: those belong to the store.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Final, NamedTuple, Protocol, TypeVar

from onbam.claims import rules
from onbam.claims.asks import (
    Command,
    Denied,
    Ending,
    Grant,
    Lost,
    New,
    NotAllowed,
    Progress,
    Renewed,
    TooShort,
    WhyDenied,
)
from onbam.claims.model import DAY_MS, TRIAL_KIND, Agent, Fence, Item, Ref, State, Terms
from onbam.claims.ports import CLAIM_MAX, Memory, Remembered
from onbam.claims.rules import Change
from onbam.claims.stores.turn import Rewrite, Turn
from onbam.journal.model import Line

LAPSED_MAX: Final = 1000
"""How many ended leases one turn takes back; the next turn takes the rest."""
CLEANABLE: Final = (State.COMPLETED, State.CANCELLED, State.FAILED)
FINAL: Final = (State.COMPLETED, State.CANCELLED)
"""Remembered in one of these, an item is not worked on again by itself."""

A = TypeVar("A")


class Fenced(Protocol):
    """An ask that shows a fence."""

    @property
    def fence(self) -> Fence:
        """Item and token."""
        ...


F = TypeVar("F", bound=Fenced)
No = TypeVar("No")


class _Wish(NamedTuple):
    """Who asks for leases, and how."""

    by: Agent
    note: str
    grace_ms: int


class _Ledger:
    """The items of one turn while it is decided: as loaded, as they become, and what is told."""

    def __init__(self, turn: Turn, items: Iterable[Item]) -> None:
        self._turn = turn
        self._before = {(item.kind, item.key): item for item in items}
        self._now = dict(self._before)
        self._lines: list[Line] = []

    def get(self, ref: Ref) -> Item | None:
        return self._now.get((ref.kind, ref.key))

    def take(self, change: Change) -> Item:
        """An item becomes something else."""
        self._now[change.item.kind, change.item.key] = change.item
        self._lines.append(change.line)
        return change.item

    def close(self) -> None:
        """Write each changed item once, tell every line."""
        rewrites = [Rewrite(before, self._now[at]) for at, before in self._before.items() if self._now[at] is not before]
        if rewrites:
            self._turn.write(rewrites)
        if self._lines:
            self._turn.tell(self._lines)


class DecidingStore(ABC):
    """A claim store over turns."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms

    @property
    def terms(self) -> Terms:
        """The rules its leases follow."""
        return self._terms

    @abstractmethod
    def turn(self) -> AbstractContextManager[Turn]:
        """One atomic step; what was written becomes visible when it ends without an exception."""

    @abstractmethod
    def look(self) -> AbstractContextManager[Turn]:
        """The same for reading only."""

    def alone(self, act: Callable[[Turn], A]) -> A:
        """One atomic step of somebody who keeps more than leases here: what all PCs share about the outside."""
        with self.turn() as turn:
            return act(turn)

    # ---- agents

    def add(self, items: Sequence[New]) -> Sequence[Item]:
        """Make items known; the known ones stay as they are."""
        wanted = {new.ref: new for new in items}
        with self.look() as turn:
            known = dict(turn.peek(wanted))
            known |= {ref: recalled(m) for ref, m in turn.recall(_missing(wanted, known)).items() if m.state in FINAL}
        if len(known) < len(wanted):
            with self.turn() as turn:
                for found in _discover(turn, [wanted[ref] for ref in _missing(wanted, known)]):
                    known |= found
        return [known[new.ref] for new in items]

    def claim_many(self, by: Agent, want: Sequence[Ref], *, note: str = "", grace_ms: int = 0) -> Sequence[Grant | Denied]:
        """A lease on each of these that is free; unknown ones are added first."""
        assert len(want) <= CLAIM_MAX, f"one call asks for at most {CLAIM_MAX} items"
        if not want:
            return []
        lease_ms = self._terms.lease_ms
        given = self.give_named(by, want, note)
        grants = [None if item is None else Grant(item, lease_ms) for item in given]
        rest = dict.fromkeys(ref for ref, grant in zip(want, grants, strict=True) if grant is None)
        others = self._claim_each(list(rest), _Wish(by, note, grace_ms)) if rest else {}
        return [grant or others[ref] for ref, grant in zip(want, grants, strict=True)]

    def give_named(self, by: Agent, want: Sequence[Ref], note: str) -> Sequence[Item | None]:  # noqa: ARG002 -- for stores that can
        """Those of these that are plainly free, claimed and told in one go, exactly as `rules.claimed` says; a short cut.

        In the order of the questions; none where it is not plain.
        """
        return [None] * len(want)

    def _claim_each(self, refs: Sequence[Ref], wish: _Wish) -> Mapping[Ref, Grant | Denied]:
        """Ask the rules about each."""
        with self.turn() as turn:
            loaded = turn.load(refs)
            unknown = _missing(refs, loaded)
            fresh, others = _discover(turn, [New(ref) for ref in unknown]) if unknown else ({}, {})
            ledger = _Ledger(turn, [*loaded.values(), *fresh.values()])
            answers = {ref: self._answer(ledger, turn, wish, ref, others.get(ref)) for ref in refs}
            ledger.close()
        return answers

    def _answer(self, ledger: _Ledger, turn: Turn, wish: _Wish, ref: Ref, other: Item | None) -> Grant | Denied:
        item = ledger.get(ref)
        if item is None:
            # Remembered as done, or another turn made it known this very moment: that one is not waited for, because this
            # turn holds rows the other may be waiting for.
            denied = rules.denial(other, wish.by, turn.now_ms) if other else None
            return denied or Denied(ref, WhyDenied.CONTENDED, other, 0)
        fall = rules.expired(item, self._terms, turn.now_ms, wish.grace_ms)
        if fall is not None:
            item = ledger.take(fall)
        return rules.denial(item, wish.by, turn.now_ms) or self._give(ledger, turn, wish, item)

    def _give(self, ledger: _Ledger, turn: Turn, wish: _Wish, item: Item) -> Grant:
        given = ledger.take(rules.claimed(item, wish.by, self._terms, turn.now_ms, wish.note))
        return Grant(given, self._terms.lease_ms)

    def claim_due(self, by: Agent, kinds: Sequence[str], limit: int, *, note: str = "", grace_ms: int = 0) -> Sequence[Grant]:
        """Leases on whatever of these kinds is due, at most `limit`."""
        assert 0 < limit <= CLAIM_MAX, f"one call asks for 1 to {CLAIM_MAX} items"
        assert kinds, "say which kinds"
        wish = _Wish(by, note, grace_ms)
        given = self.give(by, kinds, limit, note)
        grants = [Grant(item, self._terms.lease_ms) for item in given or ()]
        if len(grants) < limit:
            with self.turn() as turn:
                if given is None:
                    grants += self._give_all(turn, turn.due(kinds, limit), (), wish, limit)
                if len(grants) < limit:
                    over = turn.lapsed(kinds, turn.now_ms - grace_ms, LAPSED_MAX)
                    grants += self._give_all(turn, (), over, wish, limit - len(grants))
        return grants

    def give(self, by: Agent, kinds: Sequence[str], limit: int, note: str) -> Sequence[Item] | None:  # noqa: ARG002 -- for stores that can
        """What is due, claimed and told in one go, exactly as `rules.claimed` says; none without such a short cut."""
        return None

    def _give_all(self, turn: Turn, free: Sequence[Item], over: Sequence[Item], wish: _Wish, limit: int) -> list[Grant]:
        """Free items, and those whose lease has ended: as many as wanted are given out, all that ended are taken back."""
        ledger = _Ledger(turn, [*free, *over])
        items = list(free)
        for item in over:
            fall = rules.expired(item, self._terms, turn.now_ms, wish.grace_ms)
            assert fall is not None, f"{item.ref} was found over and is not"
            items.append(ledger.take(fall))
        claimable = [item for item in items if rules.denial(item, wish.by, turn.now_ms) is None]
        grants = [self._give(ledger, turn, wish, item) for item in claimable[:limit]]
        ledger.close()
        return grants

    def renew(self, fences: Sequence[Fence]) -> Sequence[Renewed | Lost]:
        """Each lease for its own length from now. Not a change of state: nothing is told."""
        if not fences:
            return []
        with self.turn() as turn:
            held = turn.load({fence.ref for fence in fences})
            answers = [rules.renewed(held.get(fence.ref), fence, turn.now_ms) for fence in fences]
            turn.extend([item for item in answers if isinstance(item, Item)])
            return [
                Renewed(fence, (item.expires_at_ms or 0) - turn.now_ms) if isinstance(item, Item) else item
                for fence, item in zip(fences, answers, strict=True)
            ]

    def advance(self, steps: Sequence[Progress]) -> Sequence[Item | Lost | TooShort]:
        """Phase, step, note, data."""
        return self._each(steps, rules.advanced)

    def finish(self, endings: Sequence[Ending]) -> Sequence[Item | Lost]:
        """Attempts end."""
        return self._each(endings, rules.finished)

    def release(self, fences: Sequence[Fence], *, why: str = "") -> Sequence[Item | Lost]:
        """Leases handed back."""

        def rule(item: Item | None, ask: _Back, now_ms: int) -> Change | Lost:
            return rules.released(item, ask.fence, now_ms, why)

        return self._each([_Back(fence) for fence in fences], rule)

    def _each(self, asks: Sequence[F], rule: Callable[[Item | None, F, int], Change | No]) -> list[Item | No]:
        """Ask a rule about each fenced write; one turn for all."""
        if not asks:
            return []
        answers: list[Item | No] = []
        with self.turn() as turn:
            ledger = _Ledger(turn, turn.load({ask.fence.ref for ask in asks}).values())
            for ask in asks:
                answer = rule(ledger.get(ask.fence.ref), ask, turn.now_ms)
                answers.append(ledger.take(answer) if isinstance(answer, Change) else answer)
            ledger.close()
        return answers

    # ---- after a crash

    def expire(self, *, grace_ms: int = 0) -> Sequence[Item]:
        """Take back every lease that ended; rein in those that a clock set back made too long."""
        with self.look() as turn:
            if not turn.lapsed((), turn.now_ms - grace_ms, 1) and not turn.outlasting():
                return []
        with self.turn() as turn:
            turn.extend([short for item in turn.outlasting() if (short := rules.reined_in(item, turn.now_ms)) is not None])
            over = turn.lapsed((), turn.now_ms - grace_ms, LAPSED_MAX)
            return _all(turn, over, lambda item: rules.expired(item, self._terms, turn.now_ms, grace_ms))

    def declare_dead(self, agent_ids: Sequence[str], *, who: str, why: str) -> Sequence[Item]:
        """Take back at once all that these agents hold."""
        if not agent_ids:
            return []
        with self.turn() as turn:
            held = turn.held(agent_ids=agent_ids)
            return _all(turn, held, lambda item: rules.bereaved(item, self._terms, turn.now_ms, who, why))

    def recover(self, by: Agent) -> Sequence[Grant | Item]:
        """What an earlier process in this agent's seat still held."""
        with self.turn() as turn:
            held = [i for i in turn.held(machine_id=by.machine_id) if rules.left_behind(i, by)]
            ledger = _Ledger(turn, held)
            answers: list[Grant | Item] = []
            for item in held:
                for change in rules.resumed(item, by, self._terms, turn.now_ms):
                    ledger.take(change)
                now = ledger.get(item.ref)
                assert now is not None, "what was just written is there"
                answers.append(Grant(now, self._terms.lease_ms) if now.state is State.PROCESSING else now)
            ledger.close()
        return answers

    # ---- people

    def override(self, commands: Sequence[Command]) -> Sequence[Item | NotAllowed]:
        """A person's decisions, or proofs."""
        if not commands:
            return []
        answers: list[Item | NotAllowed] = []
        with self.turn() as turn:
            refs = dict.fromkeys(command.ref for command in commands)
            rows = dict(turn.load(refs))
            rows |= self._brought_back(turn, commands, _missing(refs, rows))
            ledger = _Ledger(turn, rows.values())
            for command in commands:
                answer = rules.overridden(ledger.get(command.ref), command, self._terms, turn.now_ms)
                answers.append(ledger.take(answer) if isinstance(answer, Change) else answer)
            ledger.close()
        return answers

    def _brought_back(self, turn: Turn, commands: Sequence[Command], gone: Collection[Ref]) -> Mapping[Ref, Item]:
        """A row again for what is only remembered, where a command would change it."""
        if not gone:
            return {}
        back = {ref: recalled(memory) for ref, memory in turn.recall(gone).items()}
        moved = [c.ref for c in commands if c.ref in back and _moves(back[c.ref], c, self._terms, turn.now_ms)]
        turn.insert([back[ref] for ref in dict.fromkeys(moved)])
        return back

    # ---- looking

    def get(self, refs: Sequence[Ref]) -> Sequence[Item | None]:
        """How these stand."""
        with self.look() as turn:
            known = dict(turn.peek(refs))
            known |= {ref: recalled(memory) for ref, memory in turn.recall(_missing(refs, known)).items()}
        return [known.get(ref) for ref in refs]

    def now_ms(self) -> int:
        """The store's clock."""
        with self.look() as turn:
            return turn.now_ms

    # ---- keeping

    def cleanup(self, max_age_days: float = 7.0, *, limit: int = 10_000) -> int:
        """Remove old rows; the memory of each stays for ever. What only tried the store out leaves none, and does not count."""
        assert max_age_days >= 0, "an age is not negative"
        with self.turn() as turn:
            rows = turn.worn(CLEANABLE, turn.now_ms - int(max_age_days * DAY_MS), limit)
            if not rows:
                return 0
            real = [item for item in rows if item.kind != TRIAL_KIND]
            turn.memorise([remembered(item) for item in real])
            turn.remove(rows)
            if real:
                told = {"rows": len(real), "max_age_days": max_age_days}
                turn.tell([Line("item.cleaned", "item", "*", rules.SYSTEM, "", told)])
        return len(real)

    def forget_trial(self, refs: Sequence[Ref]) -> None:
        """Remove rows that only tried the store out."""
        assert all(ref.kind == TRIAL_KIND for ref in refs), "only what tried the store out is forgotten"
        with self.turn() as turn:
            turn.remove(list(turn.load(refs).values()))

    def remember(self, memories: Sequence[Memory]) -> Remembered:
        """Take over the memory of another system."""
        if not memories:
            return Remembered(0, 0)
        with self.turn() as turn:
            wanted = {memory.ref: memory for memory in memories}
            rows = turn.load(wanted)
            conflicts = [item for item in rows.values() if item.state is not wanted[item.ref].state]
            new = turn.memorise([wanted[ref] for ref in _missing(wanted, rows)])
            if new:
                turn.tell([Line("item.remembered", "item", "*", rules.SYSTEM, "", {"rows": new})])
        return Remembered(new, len(wanted) - new - len(conflicts), conflicts)


class _Back(NamedTuple):
    """A fence handed back."""

    fence: Fence


def _all(turn: Turn, items: Sequence[Item], rule: Callable[[Item], Change | None]) -> list[Item]:
    """A system rule over some items; answers those it changed."""
    ledger = _Ledger(turn, items)
    changed = [ledger.take(change) for item in items if (change := rule(item)) is not None]
    ledger.close()
    return changed


def _discover(turn: Turn, news: Sequence[New]) -> tuple[Mapping[Ref, Item], Mapping[Ref, Item]]:
    """Rows for unknown items: those made here and now, and the others: remembered as done, or made by somebody faster."""
    memory = turn.recall([new.ref for new in news])
    done = {ref: recalled(m) for ref, m in memory.items() if m.state in FINAL}
    made = {
        new.ref: rules.added(new, turn.now_ms, token=memory[new.ref].token if new.ref in memory else 0)
        for new in news
        if new.ref not in done
    }
    inserted = set(turn.insert([change.item for change in made.values()]))
    turn.tell([change.line for ref, change in made.items() if ref in inserted])
    late = _missing(made, inserted)
    others = {**done, **turn.peek(late)} if late else done
    return {ref: change.item for ref, change in made.items() if ref in inserted}, others


def _moves(item: Item, command: Command, terms: Terms, now_ms: int) -> bool:
    return isinstance(rules.overridden(item, command, terms, now_ms), Change)


def _missing(refs: Iterable[Ref], known: Collection[Ref] | Mapping[Ref, object]) -> list[Ref]:
    return [ref for ref in refs if ref not in known]


def recalled(memory: Memory) -> Item:
    """What is remembered, in the shape of an item; it had an attempt for each token."""
    return Item(
        kind=memory.ref.kind,
        key=memory.ref.key,
        state=memory.state,
        token=memory.token,
        attempt=memory.token,
        holder=memory.holder,
        receipt=memory.receipt,
        due_at_ms=0 if memory.state is State.FAILED else None,
        added_at_ms=memory.at_ms,
        changed_at_ms=memory.at_ms,
    )


def remembered(item: Item) -> Memory:
    """What stays of a row."""
    return Memory(item.ref, item.state, item.changed_at_ms, item.token, item.holder, item.receipt)
