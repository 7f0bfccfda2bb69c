"""The promise itself: whatever crashes, sleeps, lags or lies, every order is processed once, and doubt has a notice."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from onbam.simulate.campaign import Ask, Runs, campaign, lot
from onbam.simulate.plan import EVERY, LATER, drawn
from onbam.simulate.stands import STORES

LOT = 20
SEEDS = {"memory": 500, "sqlite": 40, "sheets": 60}
"""What fits the ring's minute on two slow processors; a history costs eight times as much on SQLite as in memory, and three
times on the sheet. Every fault strikes within the first sixty; `onbam simulate --seeds 20000` is for a night."""
KEPT = Path(__file__).with_name("seeds.txt")


def lots() -> list[tuple[str, int]]:
    """Store and first seed of each lot."""
    return [(store, first) for store, seeds in SEEDS.items() for first in range(0, seeds, LOT)]


def kept() -> list[tuple[str, int]]:
    """Store and seed of every line."""
    lines = (line.partition("#")[0].split() for line in KEPT.read_text("utf-8").splitlines())
    return [(words[0], int(words[1])) for words in lines if words]


@pytest.mark.parametrize(("store", "first"), lots())
def test_every_order_once(store: str, first: int) -> None:
    """Twenty histories of one store break no rule."""
    assert campaign(Ask(store, range(first, first + LOT))).broken == []


@pytest.mark.parametrize(("store", "seed"), kept())
def test_a_seed_that_once_broke_a_rule_breaks_none(store: str, seed: int) -> None:
    """What was wrong once stays right: in the history it told then, and in the one it tells now."""
    assert campaign(Ask(store, [seed], frozenset(EVERY) - frozenset(LATER))).broken == []
    assert campaign(Ask(store, [seed])).broken == []


@pytest.mark.parametrize("store", STORES)
def test_a_seed_tells_one_history(store: str) -> None:
    """Every call, every answer and every moment are the same again; another seed is another history."""
    with closing(Runs(store)) as runs:
        first, again, other = runs.run(drawn(7)), runs.run(drawn(7)), runs.run(drawn(8))
    assert (first.steps, first.lasted_s, first.happened, first.states) == (
        again.steps,
        again.lasted_s,
        again.happened,
        again.states,
    )
    assert [(t.at_s, t.who, t.what) for t in first.record] == [(t.at_s, t.who, t.what) for t in again.record]
    assert first.steps != other.steps


def test_every_kind_of_fault_strikes() -> None:
    """A ring in which nothing goes wrong would prove nothing: within a lot of histories each fault has happened."""
    seen = lot(Ask("memory", range(100))).faults + lot(Ask("sheets", range(20))).faults
    assert set(seen) == {fault.value for fault in EVERY}


def test_orders_do_get_done() -> None:
    """Most orders end completed: a fleet that gives up would break no rule either."""
    states = lot(Ask("memory", range(100))).states
    assert states["completed"] > 0.8 * states.total()


def test_without_faults_every_order_is_completed_or_refused_by_the_erp() -> None:
    """And nothing is in doubt."""
    total = lot(Ask("memory", range(30), frozenset()))
    assert (total.broken, set(total.states)) == ([], {"completed", "parked"})
