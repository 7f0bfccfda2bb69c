"""Small sentences for tests about claims: an order, a lease, a step, a person's word.

For: tests that speak to a claim store.
Promises: fails by name when the store does not do the obvious.
Refuses: to know which store it is.
"""

from __future__ import annotations

from typing import Final

from onbam.claims.asks import Command, Denied, Ending, Grant, Lost, NotAllowed, Progress, TooShort
from onbam.claims.model import Act, Agent, Item, Phase, Ref, State
from onbam.claims.ports import ClaimStore

ORDER: Final = Ref("order", "2601050229")
NEED_MS: Final = 10_000
"""How long an act in these tests may take."""


def orders(count: int) -> list[Ref]:
    """The first so many orders of a day, the very first being `ORDER`."""
    return [Ref("order", f"260105{229 + n:04d}") for n in range(count)]


def granted(store: ClaimStore, by: Agent, ref: Ref = ORDER, *, note: str = "") -> Item:
    """An item that this agent gets."""
    answer = store.claim_many(by, [ref], note=note)[0]
    assert isinstance(answer, Grant), f"{by.holder} was denied {ref}: {answer}"
    return answer.item


def denied(store: ClaimStore, by: Agent, ref: Ref = ORDER) -> Denied:
    """An item that this agent does not get."""
    answer = store.claim_many(by, [ref])[0]
    assert isinstance(answer, Denied), f"{by.holder} got {ref}"
    return answer


def progress(
    item: Item,
    *,
    phase: Phase | None = None,
    step: str | None = None,
    note: str | None = None,
    data: str | None = None,
    need_ms: int = 0,
    over_ms: int | None = None,
) -> Progress:
    """A step of an item's holder."""
    return Progress(item.fence, phase, step, note, data, need_ms, over_ms)


def sent(store: ClaimStore, item: Item, need_ms: int = NEED_MS) -> Item:
    """The item, with its effect possibly under way."""
    return moved(store.advance([progress(item, phase=Phase.SENDING, need_ms=need_ms)])[0])


def finished(store: ClaimStore, item: Item, state: State = State.COMPLETED, *, receipt: str = "", retry_in_ms: int = 0) -> Item:
    """The item after its attempt."""
    return moved(store.finish([Ending(item.fence, state, receipt, retry_in_ms=retry_in_ms)])[0])


def command(
    ref: Ref, act: Act, *, receipt: str = "", who: str = "person:kim", version: int | None = None, waited_ms: int = 0
) -> Command:
    """A person's word."""
    return Command(ref, act, who, "because I looked", receipt, version, waited_ms)


def told(store: ClaimStore, ref: Ref, act: Act, *, receipt: str = "", who: str = "person:kim", waited_ms: int = 0) -> Item:
    """The item after a person's word."""
    return moved(store.override([command(ref, act, receipt=receipt, who=who, waited_ms=waited_ms)])[0])


def moved(answer: Item | Lost | TooShort | NotAllowed) -> Item:
    """The item of an answer that says yes."""
    assert isinstance(answer, Item), f"not done: {answer}"
    return answer


def after_lease_s(store: ClaimStore, more_s: float = 0.0) -> float:
    """When a lease of this store, claimed now, may be taken over: a second after its end, and after the store's grain."""
    return (store.terms.lease_ms + store.capabilities.clock_grain_ms) / 1000 + 1 + more_s


def now(store: ClaimStore, ref: Ref = ORDER) -> Item:
    """How an item stands."""
    item = store.get([ref])[0]
    assert item is not None, f"{ref} is unknown"
    return item


def held_by(store: ClaimStore, ref: Ref) -> str:
    """The agent that holds an item; empty when nobody does."""
    item = now(store, ref)
    return item.agent_id if item.state is State.PROCESSING else ""
