"""Old evidence makes room, and nothing that somebody may still need does."""

from __future__ import annotations

import random

import pytest

from onbam.claims.asks import Ending, Grant, New, Progress
from onbam.claims.model import Agent, Phase, Ref, State
from onbam.claims.stores.memory import MemoryStore
from onbam.kernel.clock import FakeClock
from onbam.orders.evidence import DOCUMENT, HTML, PAGE
from onbam.orders.marks import PRUNED
from onbam.orders.model import order_ref
from onbam.orders.retention import DAY_MS, LOOK_S, START_S, Retention
from onbam.orders.stores.evidence_memory import MemoryEvidence
from onbam.orders.stores.robot_memory import MemoryMarks

A = Agent("PC-A", "PC-A/agent/1", "PC-A", "192.168.1.100")
DAY_S = DAY_MS / 1000
YEAR = 365
ENDINGS = (State.COMPLETED, State.CANCELLED, State.FAILED, State.UNCERTAIN, State.PARKED)
FINISHED = {State.COMPLETED, State.CANCELLED}


class Shop:
    """Orders in every state, each with a document."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.store = MemoryStore(self.clock)
        self.evidence = MemoryEvidence(self.clock)
        self.marks = MemoryMarks(self.clock)

    def order(self, number: str, state: State, size: int = 100) -> Ref:
        """One that stands so."""
        ref = order_ref(number)
        self.store.add([New(ref)])
        if state is not State.WAITING:
            [grant] = self.store.claim_many(A, [ref])
            assert isinstance(grant, Grant)
            fence = grant.item.fence
            if state is State.UNCERTAIN:
                self.store.advance([Progress(fence, Phase.SENDING, need_ms=1)])
            if state is not State.PROCESSING:
                receipt = "20260113-1" if state is State.COMPLETED else ""
                self.store.finish([Ending(fence, state, receipt, "", 60_000)])
        body = random.Random(number).randbytes(size)
        self.evidence.keep(ref, token=1, attempt=1, step=DOCUMENT, name="d", media=HTML, body=body, by=A.who)
        return ref

    def retention(self, *, days: float = YEAR, most_mb: int = 0) -> Retention:
        """The service."""
        return Retention(self.evidence, self.store, self.marks, days=days, most_mb=most_mb)

    def has(self, ref: Ref) -> bool:
        """Whether its evidence is there."""
        return bool(self.evidence.of(ref))


@pytest.fixture
def shop() -> Shop:
    """An empty one."""
    return Shop()


@pytest.mark.parametrize("limits", [{"days": YEAR}, {"days": 0, "most_mb": 1}])
def test_only_finished_orders_lose_their_evidence(shop: Shop, limits: dict[str, int]) -> None:
    """However old, and however much too much there is: what is open, uncertain or in front of a person keeps everything."""
    size = 2_000_000 if "most_mb" in limits else 100
    refs = {state: shop.order(f"260113000{n}", state, size) for n, state in enumerate((*ENDINGS, State.WAITING))}
    refs[State.PROCESSING] = shop.order("2601130009", State.PROCESSING, size)
    shop.clock.advance((YEAR + 1) * DAY_S)
    orders, freed = shop.retention(**limits).prune()
    assert {state for state, ref in refs.items() if not shop.has(ref)} == FINISHED
    assert orders == len(FINISHED)
    assert freed > 0


def test_what_is_not_old_stays(shop: Shop) -> None:
    """A day too young; and an order whose newest piece is young keeps the old ones."""
    young = shop.order("2601130001", State.COMPLETED)
    shop.clock.advance(YEAR * DAY_S - 1)
    assert shop.retention().prune() == (0, 0)
    shop.evidence.keep(young, token=2, attempt=2, step=PAGE, name="p", media=HTML, body=b"new", by=A.who)
    shop.clock.advance(DAY_S)
    assert shop.retention().prune() == (0, 0)
    assert len(shop.evidence.of(young)) == 2


def test_an_order_the_store_only_remembers_is_as_finished_as_before(shop: Shop) -> None:
    """A week after the end an order is a memory only; its evidence stays until it is old."""
    shop.order("2601130001", State.CANCELLED)
    shop.clock.advance(30 * DAY_S)
    assert shop.store.cleanup(7.0) == 1
    assert shop.retention().prune() == (0, 0)
    shop.clock.advance(YEAR * DAY_S)
    assert shop.retention().prune()[0] == 1


def test_too_much_goes_from_the_oldest_until_it_is_enough(shop: Shop) -> None:
    """No more than needed, and nothing of the last day."""
    refs = []
    for n in range(4):
        refs.append(shop.order(f"260113000{n}", State.COMPLETED, 900_000))
        shop.clock.advance(DAY_S)
    one_order = shop.evidence.size() / 4
    orders, freed = shop.retention(days=0, most_mb=1).prune()
    left = [ref for ref in refs if shop.has(ref)]
    assert left == refs[orders:], "the oldest first"
    assert shop.evidence.size() <= 1024 * 1024
    assert shop.evidence.size() + one_order > 1024 * 1024, "no more than needed"
    assert freed > 0


def test_no_limit_is_no_limit(shop: Shop) -> None:
    """With both switched off everything stays for ever."""
    ref = shop.order("2601130001", State.COMPLETED, 2_000_000)
    shop.clock.advance(10 * YEAR * DAY_S)
    assert shop.retention(days=0, most_mb=0).prune() == (0, 0)
    assert shop.has(ref)


def test_more_than_a_portion_is_gone_through(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Open orders at the front do not keep the finished ones behind them."""
    monkeypatch.setattr("onbam.orders.retention.PORTION", 2)
    for n in range(3):
        shop.order(f"260113000{n}", State.PARKED)
    done = [shop.order(f"260113001{n}", State.COMPLETED) for n in range(5)]
    shop.clock.advance((YEAR + 1) * DAY_S)
    assert shop.retention().prune()[0] == 5
    assert not any(map(shop.has, done))


def test_one_pc_a_day_makes_room(shop: Shop) -> None:
    """Not in an agent's first moments; then the first one to ask does it for all, and a day later again."""
    first, second = shop.retention(), shop.retention()
    shop.order("2601130001", State.COMPLETED)
    shop.clock.advance((YEAR + 1) * DAY_S)
    now = shop.clock.now()
    assert (first.step(now), second.step(now)) == (START_S, START_S)
    assert shop.marks.get(PRUNED) is None
    assert first.step(now) == LOOK_S
    assert shop.evidence.size() == 0
    later = shop.order("2601130002", State.COMPLETED)
    shop.clock.advance(DAY_S - 1)
    second.step(shop.clock.now())
    mark = shop.marks.get(PRUNED)
    assert mark is not None
    assert mark.age_ms == DAY_MS - 1000
    shop.clock.advance((YEAR + 1) * DAY_S)
    second.step(shop.clock.now())
    assert not shop.has(later)
