"""The order robot itself through the same bad days: every order once, whatever crashes, sleeps, lags or lies."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from onbam.simulate import order_flow
from onbam.simulate.campaign import ORDERS, Ask, Runs, campaign, flow_of, lot
from onbam.simulate.checkers import Rule
from onbam.simulate.plan import drawn
from onbam.simulate.protections import Protection

LOT = 5
SEEDS = {"memory": 50, "sqlite": 5, "sheets": 5}
"""What fits beside the toy flow's; `onbam simulate --flow orders --seeds 20000` is for a night."""
KEPT = Path(__file__).with_name("seeds-orders.txt")


def kept() -> list[tuple[str, int]]:
    """Store and seed of every line."""
    lines = (line.partition("#")[0].split() for line in KEPT.read_text("utf-8").splitlines())
    return [(words[0], int(words[1])) for words in lines if words]


@pytest.mark.parametrize(
    ("store", "first"), [(store, first) for store, seeds in SEEDS.items() for first in range(0, seeds, LOT)]
)
def test_every_order_once(store: str, first: int) -> None:
    """Five histories of one store break no rule."""
    assert campaign(Ask(store, range(first, first + LOT), flow=ORDERS)).broken == []


@pytest.mark.parametrize(("store", "seed"), kept())
def test_a_seed_that_once_broke_a_rule_breaks_none(store: str, seed: int) -> None:
    """What was wrong once stays right."""
    assert campaign(Ask(store, [seed], flow=ORDERS)).broken == []


def test_a_seed_tells_one_history() -> None:
    """Threads, locks and queues of the robot do not let real time in."""
    with closing(Runs("memory", flow=flow_of(ORDERS))) as runs:
        first, again = runs.run(drawn(7)), runs.run(drawn(7))
    assert [(t.at_s, t.who, t.what) for t in first.record] == [(t.at_s, t.who, t.what) for t in again.record]


def test_orders_do_get_done() -> None:
    """Without faults every order is completed or refused by the ERP; with them most are completed."""
    calm = lot(Ask("memory", range(10), frozenset(), flow=ORDERS))
    assert (calm.broken, set(calm.states)) == ([], {"completed", "parked"})
    states = lot(Ask("memory", range(20), flow=ORDERS)).states
    assert states["completed"] > 0.75 * states.total()


def test_the_judges_see_what_the_robot_does_without_a_protection() -> None:
    """Without fences a robot that slept writes under a lease that is not its own any more."""
    broken = lot(Ask("memory", range(10), off=Protection.FENCE, flow=ORDERS)).broken
    assert {one.rule for one in broken} == {Rule.NO_STALE_WRITE.value}


def test_a_bug_inside_an_attempt_ends_the_history(monkeypatch: pytest.MonkeyPatch) -> None:
    """The attempt boundary keeps agents alive through bugs; here one must not pass for an order before a person."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(order_flow.Site, "document", broken)
    outcome = lot(Ask("memory", range(1), frozenset(), flow=ORDERS)).broken
    assert [one.rule for one in outcome] == [Rule.NO_ACCIDENT.value]
