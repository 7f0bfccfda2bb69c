"""The judges: what must be true of every history, whatever went wrong in it.

For: `history.py`, after each one (and at each write, where the store decides in one moment).
Promises: they look at the truth (the ERP's books, the store without its wire, the journal) and at nothing a process believes.
Refuses: to excuse. A rule that has an exception says it here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from onbam.claims.asks import Grant, Renewed
from onbam.claims.model import Fence, Item, Ref, State
from onbam.journal.model import Entry
from onbam.simulate.world import KIND, Outside


class Rule(StrEnum):
    """What was broken."""

    ONE_SLIP = "one-slip"
    """At most one slip for each key."""
    NO_STALE_WRITE = "no-stale-write"
    """No write is accepted under a token that is not the newest."""
    COMPLETED_STAYS = "completed-stays"
    """What is completed is never given out again."""
    LEASE_LIMIT = "lease-limit"
    """No lease is longer than its length or outlives its outer limit."""
    COMES_TO_AN_END = "comes-to-an-end"
    """Once faults stop, every item ends completed, cancelled, or in front of a person."""
    PERSON_KNOWS = "person-knows"
    """What waits for a person has an open notice."""
    NOTICE_CLOSES = "notice-closes"
    """The notice of a doubt that is settled does not stay open."""
    NOTHING_FORGOTTEN = "nothing-forgotten"
    """Every order of the ledger is known to the store."""
    SLIP_AND_STATE = "slip-and-state"
    """A slip stands in the ERP exactly where the item says so."""
    NO_ACCIDENT = "no-accident"
    """No process ends with an error nobody foresaw."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule, and where."""

    rule: Rule
    about: str
    at_s: float


ENDED: Final = (State.COMPLETED, State.CANCELLED, State.UNCERTAIN, State.PARKED)
BEFORE_A_PERSON: Final = (State.UNCERTAIN, State.PARKED)
_FENCED: Final = ("renew", "advance", "finish", "release")
_LIMIT_SLACK_S: Final = 1.0


class Watcher:
    """Judges each write at the moment it happens."""

    def __init__(self, now_s: Callable[[], float], lease_ms: int, limit_s: float) -> None:
        self._now_s = now_s
        self._lease_ms = lease_ms
        self._limit_s = limit_s
        self.clock_moved_s = 0.0
        """How far the deciding clock was set back, which makes a lease longer by as much."""
        self.newest: dict[Ref, int] = {}
        self._granted: dict[Fence, float] = {}
        self._completed: set[Ref] = set()
        self.violations: list[Violation] = []

    def watch(self, call: str, args: tuple[Any, ...], result: Any) -> None:
        """What really happened at the store."""
        if call in _FENCED:
            for ask, answer in zip(args[0], result, strict=True):
                if isinstance(answer, Renewed | Item):
                    self._fenced(ask if isinstance(ask, Fence) else ask.fence, answer, call)
        elif call in ("claim_many", "claim_due", "claim_over", "recover"):
            for answer in result:
                if isinstance(answer, Grant):
                    self._given(answer)
        elif call == "override":
            self._completed.update(i.ref for i in result if isinstance(i, Item) and i.state is State.COMPLETED)

    def _given(self, grant: Grant) -> None:
        item = grant.item
        if item.ref in self._completed:
            self._broken(Rule.COMPLETED_STAYS, f"{item.ref} was completed and is given to {item.agent_id} again")
        if item.token <= self.newest.get(item.ref, 0):
            self._broken(Rule.NO_STALE_WRITE, f"{item.ref} is given out under token {item.token} a second time")
        if grant.remaining_ms > self._lease_ms:
            self._broken(Rule.LEASE_LIMIT, f"{item.ref} is given out for {grant.remaining_ms} ms")
        self.newest[item.ref] = max(item.token, self.newest.get(item.ref, 0))
        self._granted[item.fence] = self._now_s()

    def _fenced(self, fence: Fence, answer: Renewed | Item, call: str) -> None:
        newest = self.newest.get(fence.ref, 0)
        if fence.token != newest:
            self._broken(Rule.NO_STALE_WRITE, f"{call} of {fence.ref} under token {fence.token}; the newest is {newest}")
        if isinstance(answer, Item):
            if answer.state is State.COMPLETED:
                self._completed.add(answer.ref)
            return
        held_s = self._now_s() - self._granted.get(fence, self._now_s()) + answer.remaining_ms / 1000
        if answer.remaining_ms > self._lease_ms or held_s > self._limit_s + self.clock_moved_s + _LIMIT_SLACK_S:
            self._broken(Rule.LEASE_LIMIT, f"{fence.ref} may be held {held_s:.1f} s after it was given out")

    def _broken(self, rule: Rule, about: str) -> None:
        self.violations.append(Violation(rule, about, self._now_s()))


def judged(
    outside: Outside,
    items: Mapping[str, Item | None],
    lines: Sequence[Entry],
    notices: Collection[tuple[str, str]],
    now_s: float,
) -> list[Violation]:
    """What is broken in the end."""
    found = [*_slips(outside), *_journal(lines, now_s)]
    by_hand = _by_hand(lines)
    for key, item in items.items():
        found += [Violation(rule, about, now_s) for rule, about in _item(key, item, outside, notices, by_hand)]
    return found


def _slips(outside: Outside) -> Iterable[Violation]:
    for key in outside.orders:
        slips = outside.slips_of(key)
        if len(slips) > 1:
            told = ", ".join(f"{slip.number} by {slip.by} at {slip.at_s:.1f}s" for slip in slips)
            yield Violation(Rule.ONE_SLIP, f"{len(slips)} slips for {key}: {told}", slips[1].at_s)


def _item(
    key: str, item: Item | None, outside: Outside, notices: Collection[tuple[str, str]], by_hand: Collection[str]
) -> Iterable[tuple[Rule, str]]:
    if item is None:
        yield Rule.NOTHING_FORGOTTEN, f"order {key} is in the ledger and not in the store"
        return
    if item.state not in ENDED:
        yield Rule.COMES_TO_AN_END, f"{item.ref} is still {item.state.value}"
    if item.state in BEFORE_A_PERSON and (item.state.value, key) not in notices:
        yield Rule.PERSON_KNOWS, f"{item.ref} is {item.state.value} and nobody was told"
    for state in BEFORE_A_PERSON:
        if item.state is not state and (state.value, key) in notices:
            yield Rule.NOTICE_CLOSES, f"{item.ref} is {item.state.value}, and its notice says {state.value}"
    slips = outside.slips_of(key)
    if item.state is State.COMPLETED and not slips and key not in by_hand:
        yield Rule.SLIP_AND_STATE, f"{item.ref} is completed without a slip"
    if item.state is State.COMPLETED and slips and item.receipt and item.receipt not in {slip.number for slip in slips}:
        yield Rule.SLIP_AND_STATE, f"{item.ref} has the receipt {item.receipt}, its slip is {slips[0].number}"
    if item.state in (State.WAITING, State.FAILED) and slips:
        yield Rule.SLIP_AND_STATE, f"{item.ref} is {item.state.value} and its slip {slips[0].number} stands in the ERP"


def _by_hand(lines: Sequence[Entry]) -> set[str]:
    """Orders a person completed by hand: their slip is not ours."""
    return {e.line.key for e in lines if e.line.kind == KIND and e.line.what == "item.complete"}


def _journal(lines: Sequence[Entry], now_s: float) -> Iterable[Violation]:
    """The same rules once more, as the store's own record tells it: in its order, under its tokens."""
    newest: dict[str, int] = {}
    completed: set[str] = set()
    for entry in lines:
        line = entry.line
        if line.kind != KIND or not line.what.startswith("item."):
            continue
        token = int(line.data.get("token") or 0)
        if line.what in ("item.claimed", "item.resumed"):
            if line.key in completed:
                yield Violation(
                    Rule.COMPLETED_STAYS, f"line {entry.position}: {line.key} was completed and is {line.what}", now_s
                )
            if token <= newest.get(line.key, 0):
                yield Violation(Rule.NO_STALE_WRITE, f"line {entry.position}: {line.key} given out again under {token}", now_s)
            newest[line.key] = token
        elif token and token != newest.get(line.key, token):
            yield Violation(
                Rule.NO_STALE_WRITE,
                f"line {entry.position}: {line.what} of {line.key} under {token}, the newest is {newest[line.key]}",
                now_s,
            )
        if line.what == "item.completed" or line.data.get("state") == State.COMPLETED.value:
            completed.add(line.key)
