"""Many histories, in several processes, summed up.

For: `onbam simulate` and the ring of the tests.
Promises: seeds are shared out in small lots, so that a bar moves and no process waits long for another; the first few
violations are told as stories, all of them are counted; the same seeds give the same answer in any number of processes.
Refuses: to stop at the first violation: how many seeds break says how bad it is.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from onbam.kernel.clock import Clock
from onbam.simulate.flow import toy_orders
from onbam.simulate.history import History, MakeStand, Outcome
from onbam.simulate.plan import EVERY, Fault, Plan, drawn
from onbam.simulate.protections import Protection
from onbam.simulate.seat import Flow
from onbam.simulate.sheet_stand import SheetStand
from onbam.simulate.stands import MemoryStand, SqliteBench, SqliteStand
from onbam.simulate.story import smaller, told

TOY, ORDERS = "toy", "orders"
FLOWS: Final = (TOY, ORDERS)
"""What the processes of a history do: the least that the protocol asks, or the order robot itself."""
LOT: Final = 20
"""Seeds handed to a process at a time."""
STORIES: Final = 3
"""So many violations are told in full."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What to try."""

    store: str
    seeds: Sequence[int]
    faults: frozenset[Fault] = frozenset(EVERY)
    agents: int | None = None
    off: Protection | None = None
    flow: str = TOY

    def plan(self, seed: int) -> Plan:
        """The plan of one seed."""
        return drawn(seed, self.faults, self.agents)


@dataclass(frozen=True, slots=True)
class Broken:
    """One seed that broke a rule."""

    seed: int
    rule: str
    about: str
    story: str = ""


@dataclass(slots=True)
class Sum:
    """What many histories came to."""

    seeds: int = 0
    steps: int = 0
    calls: int = 0
    virtual_s: float = 0.0
    slips: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    broken: list[Broken] = field(default_factory=list)

    def take(self, outcome: Outcome) -> None:
        """One more."""
        self.seeds += 1
        self.steps += outcome.steps
        self.calls += len(outcome.record)
        self.virtual_s += outcome.lasted_s
        self.slips += outcome.slips
        self.faults.update(fault.value for _, _, fault, _ in outcome.happened)
        self.states.update(outcome.states.values())
        if outcome.violations:
            first = outcome.violations[0]
            self.broken.append(Broken(outcome.plan.seed, first.rule.value, first.about))

    def add(self, other: Sum) -> None:
        """Another process's part."""
        self.seeds += other.seeds
        self.steps += other.steps
        self.calls += other.calls
        self.virtual_s += other.virtual_s
        self.slips += other.slips
        self.faults.update(other.faults)
        self.states.update(other.states)
        self.broken.extend(other.broken)


class Runs:
    """Runs histories on one kind of store; a database is opened once for all of them."""

    def __init__(self, store: str, off: Protection | None = None, flow: Flow = toy_orders) -> None:
        self._bench: SqliteBench | None = None
        self._make: MakeStand = SheetStand if store == "sheets" else MemoryStand
        if store == "sqlite":
            self._bench = SqliteBench()
            self._make = partial(SqliteStand, bench=self._bench)
        self._off = off
        self._flow = flow

    def run(self, plan: Plan) -> Outcome:
        """One history."""
        return History(plan, self._make, self._flow, self._off).run()

    def close(self) -> None:
        """Let the database go."""
        if self._bench is not None:
            self._bench.close()


def flow_of(name: str) -> Flow:
    """A flow by its name; the order robot is imported only where it lives."""
    if name == TOY:
        return toy_orders
    from onbam.simulate.order_flow import order_flow

    return order_flow


def lot(ask: Ask) -> Sum:
    """Some histories, in this process."""
    total = Sum()
    with closing(Runs(ask.store, ask.off, flow_of(ask.flow))) as runs:
        for seed in ask.seeds:
            total.take(runs.run(ask.plan(seed)))
    return total


def story_of(ask: Ask, seed: int, *, less: bool = True) -> tuple[Outcome, str]:
    """One history and its story: of the smaller one, when it went wrong."""
    with closing(Runs(ask.store, ask.off, flow_of(ask.flow))) as runs:
        outcome = runs.run(ask.plan(seed))
        if less and not outcome.good:
            outcome = smaller(outcome, runs.run)
    return outcome, told(outcome)


def campaign(ask: Ask, jobs: int = 1, moved: Callable[[int], None] = lambda _: None) -> Sum:
    """All of them."""
    total = Sum()
    for part in _parts(ask, jobs):
        total.add(part)
        moved(part.seeds)
    total.broken.sort(key=lambda one: one.seed)
    total.broken[:STORIES] = [
        Broken(one.seed, one.rule, one.about, story_of(ask, one.seed)[1]) for one in total.broken[:STORIES]
    ]
    return total


def _parts(ask: Ask, jobs: int) -> Iterable[Sum]:
    lots = [replace(ask, seeds=ask.seeds[start : start + LOT]) for start in range(0, len(ask.seeds), LOT)]
    if jobs <= 1 or len(lots) <= 1:
        yield from map(lot, lots)
        return
    # Spawned, not forked: a fork copies locks in whatever state they are, and Windows has none.
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"), initializer=_leave_together) as pool:
        for done in as_completed([pool.submit(lot, one) for one in lots]):
            yield done.result()


def _leave_together() -> None:
    """In a helping process: end with the one that asked, however that ends. Left alone it would wait for lots for ever."""
    threading.Thread(target=_outlive_nobody, name="leave-together", daemon=True).start()


def _outlive_nobody() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def timed(ask: Ask, clock: Clock, jobs: int, moved: Callable[[int], None] = lambda _: None) -> dict[str, Any]:
    """The answer of the command, as data."""
    began = clock.monotonic()
    total = campaign(ask, jobs, moved)
    seconds = clock.monotonic() - began
    return {
        "store": ask.store,
        "flow": ask.flow,
        "seeds": len(ask.seeds),
        "first_seed": ask.seeds[0] if ask.seeds else None,
        "last_seed": ask.seeds[-1] if ask.seeds else None,
        "histories": total.seeds,
        "without": ask.off.value if ask.off else None,
        "faults": dict(sorted(total.faults.items())),
        "violations": [{"seed": one.seed, "rule": one.rule, "about": one.about, "story": one.story} for one in total.broken],
        "endings": dict(sorted(total.states.items())),
        "slips": total.slips,
        "calls": total.calls,
        "steps": total.steps,
        "virtual_hours": round(total.virtual_s / 3600, 1),
        "jobs": jobs,
        "seconds": round(seconds, 2),
        "seeds_per_s": round(total.seeds / seconds, 1) if seconds else None,
        "steps_per_s": round(total.steps / seconds) if seconds else None,
    }
