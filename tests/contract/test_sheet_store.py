"""The sheet decides: what Google's sheet does to us must never give one order to two PCs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

import pytest

from onbam.claims.asks import Denied, Ending, Grant, Lost, New, Progress, WhyDenied
from onbam.claims.model import Agent, Phase, Ref, State, Terms
from onbam.claims.ports import Filter
from onbam.claims.stores.sheet.store import SheetStore
from onbam.connectors.sheets.contract import Row, Span, Spreadsheet, Tab
from onbam.kernel.chance import Chance
from onbam.kernel.clock import FakeClock
from onbam.kernel.errors import ContractBroken, Refused, Transient
from onbam.kernel.words import plain
from onbam_sims.sheets import UNLIMITED, SheetsService
from support.sheets import sheet_of

TERMS = Terms(lease_ms=1_800_000, limit_ms=1_800_000)
PC_A = Agent("PC-A-1", "PC-A-1/agent/x", "PC-A", "192.168.1.100")
PC_B = Agent("PC-B-2", "PC-B-2/agent/y", "PC-B", "192.168.1.101")


class World:
    """One spreadsheet, and stores on it as if on several PCs."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.service = SheetsService(now=lambda: self.clock.now().timestamp(), pause=self.clock.wait, limits=UNLIMITED)
        self.id = self.service.create("shop")
        self._made = 0

    def store(self, **options: int) -> SheetStore:
        """Another PC's store."""
        self._made += 1
        return SheetStore(sheet_of(self.service, self.id, self.clock), self.clock, Chance(self._made), TERMS, **options)

    def fault(self, name: str, **how: object) -> None:
        """Switch a fault on."""
        self.service.faults.set(name, **how)


@pytest.fixture
def world() -> World:
    """An empty spreadsheet."""
    return World()


def refs(n: int) -> list[Ref]:
    """Some orders."""
    return [Ref("order", f"{2601050000 + i}") for i in range(n)]


def holders(*answers: list[Grant | Denied]) -> list[int]:
    """How many agents were granted each order."""
    return [sum(isinstance(answer, Grant) for answer in one) for one in zip(*answers, strict=True)]


def test_t1_two_pcs_that_saw_the_same_free_order_do_not_both_get_it(world: World) -> None:
    """T1: read, see free, append – both rows stand in the sheet, and only the first counts, on both PCs."""
    a, b = world.store(), world.store()
    a.counts()
    b.counts()
    first: list[list[Grant | Denied]] = []

    def meanwhile(_id: str, _call: object) -> None:
        """When A's row lands, B (who saw the order free as well) appends its own."""
        world.service.on_commit = None
        first.append(list(b.claim_many(PC_B, refs(3))))

    world.service.on_commit = meanwhile
    mine = list(a.claim_many(PC_A, refs(3)))
    assert holders(mine, first[0]) == [1, 1, 1]


def test_a_hundred_orders_cost_one_write_and_few_reads(world: World) -> None:
    """The quota is 60 and 60 a minute: a batch is one row."""
    a = world.store()
    a.counts()
    world.service.calls.clear()
    granted = a.claim_many(PC_A, refs(100))
    assert all(isinstance(grant, Grant) for grant in granted)
    assert world.service.calls["spreadsheets.batchUpdate"] <= 2  # made known, then claimed
    assert world.service.calls["spreadsheets.values.batchGet"] <= 3


FAULTS: list[tuple[str, dict[str, object]]] = [
    ("reply_lost", {"count": 2}),
    ("request_lost", {"count": 2, "on": "writes"}),
    ("server_error", {"count": 2, "on": "writes", "when": "after"}),
    ("server_error", {"count": 2, "on": "writes", "status": 500}),
    ("late_write", {"count": 1, "seconds": 5.0}),
    ("stale_reads", {"count": 3, "seconds": 2.0}),
    ("append_collision", {"window": 2.0, "append_cells": True}),
    ("slow", {"count": 4, "seconds": 3.0}),
]


@pytest.mark.parametrize(("name", "how"), FAULTS, ids=[f"{n}-{i}" for i, (n, _) in enumerate(FAULTS)])
def test_one_holder_whatever_the_sheet_does(world: World, name: str, how: dict[str, object]) -> None:
    """Under every fault: never two holders, and afterwards every order can be finished once."""
    a, b = world.store(), world.store()
    a.counts()
    b.counts()
    world.fault(name, **how)
    answers = []
    for store, agent in ((a, PC_A), (b, PC_B)):
        try:
            answers.append(list(store.claim_many(agent, refs(5))))
        except Transient:
            answers.append([Denied(ref, WhyDenied.CONTENDED) for ref in refs(5)])
    assert max(holders(*answers)) <= 1
    world.service.faults.clear()
    world.clock.advance(10)
    for grants, store in zip(answers, (a, b), strict=True):
        mine = [grant for grant in grants if isinstance(grant, Grant)]
        store.advance([Progress(grant.item.fence, phase=Phase.SENDING, need_ms=60_000) for grant in mine])
        done = store.finish([Ending(grant.item.fence, State.COMPLETED, receipt="S") for grant in mine])
        assert all(not isinstance(item, Lost) and item.state is State.COMPLETED for item in done)
    world.clock.advance(3600)
    c = world.store()
    late = [grant for grant in c.claim_many(PC_A, refs(5)) if isinstance(grant, Grant)]
    finished = c.finish([Ending(grant.item.fence, State.COMPLETED) for grant in late])
    assert len(finished) == len(late)
    assert set(c.counts()) == {("order", State.COMPLETED)}


class Hooked:
    """Anything, with something happening right after one of its calls."""

    def __init__(self, inner: Any, name: str, then: list[Callable[[], object]]) -> None:
        self._inner, self._name, self._then = inner, name, then

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._inner, name)
        if name != self._name:
            return call

        def hooked(*args: Any, **how: Any) -> Any:
            answer = call(*args, **how)
            if self._then:
                self._then.pop(0)()
            return answer

        return hooked


def test_a_row_that_was_written_over_while_a_pc_stood_still_is_not_remembered(world: World) -> None:
    """Seen twice, overwritten in between, and the PC slept between the second answer and looking at it."""
    a, c = world.store(), world.store(view_age_s=100)
    a.counts()
    c.counts()
    then: list[Callable[[], object]] = []
    sheet: Any = Hooked(sheet_of(world.service, world.id, world.clock), "read", then)
    b = SheetStore(sheet, world.clock, Chance(9), TERMS)
    b.counts()
    a.add([New(refs(2)[0])])
    assert b.get(refs(1)) != [None]
    world.fault("append_collision", window=2.0, append_cells=True, count=1)
    then += [lambda: (c.add([New(refs(2)[1])]), world.clock.advance(60))]
    b.get(refs(1))
    world.clock.advance(60)
    assert [item is None for item in b.get(refs(2))] == [True, False]


def test_a_row_whose_age_is_unknown_is_looked_at_twice(world: World) -> None:
    """Its answer was lost, it landed just before we looked, and a moment later another PC's row landed on it."""
    clock: Any = Hooked(world.clock, "", [])
    a = SheetStore(sheet_of(world.service, world.id, world.clock), clock, Chance(8), TERMS)
    b = world.store(view_age_s=100)
    a.counts()
    b.add([New(ref) for ref in refs(1)])
    a.counts()
    theirs: list[Grant | Denied] = []
    world.fault("late_write", count=1, seconds=2.9)

    def meanwhile(seconds: float, stop: object = None) -> bool:
        if seconds >= 2 and not theirs and world.service.late_writes == 0:
            world.fault("append_collision", window=2.0, append_cells=True, count=1)
            theirs.extend(b.claim_many(PC_B, refs(1)))
        world.clock.advance(seconds)
        return False

    clock.wait = meanwhile
    mine = list(a.claim_many(PC_A, refs(1)))
    assert holders(mine, theirs) == [1]


def test_a_lease_that_came_true_late_is_handed_back(world: World) -> None:
    """We gave up, the write landed afterwards: the order must not stay blocked for half an hour."""
    a = world.store()
    a.counts()
    world.fault("late_write", seconds=60.0)
    with pytest.raises(Transient):
        a.claim_many(PC_A, refs(1))
    world.service.faults.clear()
    world.clock.advance(120)
    a.expire()
    b = world.store()
    assert isinstance(b.claim_many(PC_B, refs(1))[0], Grant)


def test_nobody_claims_while_the_sheet_cannot_be_reached(world: World) -> None:
    """Fail closed; afterwards it goes on by itself."""
    a = world.store()
    a.counts()
    world.fault("request_lost")
    with pytest.raises(Transient):
        a.claim_many(PC_A, refs(1))
    world.service.faults.clear()
    assert isinstance(a.claim_many(PC_A, refs(1))[0], Grant)


def test_a_long_log_is_closed_and_nothing_is_forgotten(world: World) -> None:
    """Clean-up keeps the sheet small; completed orders stay known on every PC, also on one that slept through it."""
    a, sleeper = world.store(rotate_rows=5), world.store()
    sleeper.counts()
    for n in range(12):
        grant = a.claim_many(PC_A, [refs(12)[n]])[0]
        assert isinstance(grant, Grant)
        a.finish([Ending(grant.item.fence, State.COMPLETED, receipt=f"S{n}")])
    open_ref = Ref("order", "2601059999")
    held = a.claim_many(PC_A, [open_ref])[0]
    assert isinstance(held, Grant)
    world.clock.advance(1000)
    assert a.cleanup(0) == 12
    assert a.cleanup(0) == 0
    titles = [tab.title for tab in sheet_of(world.service, world.id, world.clock).tabs()]
    assert "onbam_log_0002" in titles
    for store in (a, sleeper, world.store()):
        again = store.claim_many(PC_B, refs(12))
        assert {answer.why for answer in again if isinstance(answer, Denied)} == {WhyDenied.COMPLETED}
        assert [item.key for item in store.find(Filter()).items] == [open_ref.key]
    done = a.finish([Ending(held.item.fence, State.COMPLETED)])
    assert not isinstance(done[0], Lost)


def test_a_damaged_hidden_sheet_is_named(world: World) -> None:
    """Somebody typed into the log: a clear text, and nothing is guessed."""
    a = world.store()
    a.claim_many(PC_A, refs(1))
    world.service.person(world.id).edit("onbam_log_0001", "A3", "oops")
    b = world.store()
    with pytest.raises(Exception, match="onbam_log_0001") as caught:
        b.counts()
    assert type(caught.value).__name__ == "ContractBroken"


class Behind:
    """A spreadsheet whose reads are, for a while, those of a time before there was anything in it."""

    def __init__(self, inner: Spreadsheet, clock: FakeClock) -> None:
        self._inner = inner
        self._clock = clock
        self.until_s = 0.0

    @property
    def _behind(self) -> bool:
        return self._clock.monotonic() < self.until_s

    def tabs(self) -> Sequence[Tab]:
        """None yet."""
        return [] if self._behind else self._inner.tabs()

    def read(self, ranges: Sequence[Span], columns: int) -> Sequence[Sequence[Row]]:
        """No such worksheet yet."""
        if self._behind:
            raise Refused(plain("no such worksheet"))
        return self._inner.read(ranges, columns)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def test_a_read_from_before_the_log_is_not_taken_for_its_loss(world: World) -> None:
    """Google answers from a moment ago, when the log was not there yet: the second look is certain, and work goes on."""
    behind = Behind(sheet_of(world.service, world.id, world.clock), world.clock)
    store = SheetStore(cast("Spreadsheet", behind), world.clock, Chance(7), TERMS)
    store.add([New(ref) for ref in refs(1)])
    behind.until_s = world.clock.monotonic() + 1.9
    assert isinstance(store.claim_many(PC_A, refs(1))[0], Grant)


def test_nothing_is_claimed_once_the_log_is_gone(world: World) -> None:
    """With an empty one in its place every order would be new again: it is said what to restore, and nothing is made."""
    store = world.store()
    store.add([New(ref) for ref in refs(1)])
    world.service.person(world.id).delete_sheet("onbam_log_0001")
    for _ in range(2):
        with pytest.raises(ContractBroken, match="onbam_log_0001 is gone"):
            store.claim_many(PC_A, refs(1))
    assert not [tab for tab in sheet_of(world.service, world.id, world.clock).tabs() if tab.title.startswith("onbam_log")]
