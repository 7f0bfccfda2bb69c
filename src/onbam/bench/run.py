"""Runs one benchmark of the list.

For: `onbam bench run NAME`, and tests that hold a target.
Promises: subject and peers take turns, sample by sample, so that whatever else the machine does falls on all of them alike; the
warm-up is thrown away; progress is told after every sample.
Refuses: a name that is not on the list, with the names that are.
"""

from __future__ import annotations

import importlib
import tempfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, cast

from onbam.bench import words as say
from onbam.bench.machine import facts
from onbam.bench.model import Report, Result, Subject, result_of
from onbam.bench.tools import Bench, Tools
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Refused

BENCHES: Final = {
    "claims": "onbam.bench.claims",
    "sheet": "onbam.bench.sheet",
    "parse": "onbam.bench.parse",
    "orders": "onbam.bench.orders",
    "recovery": "onbam.bench.recovery",
    "start": "onbam.bench.start",
    "desk": "onbam.bench.desk",
}
"""The list: a benchmark is a module with a `BENCH`; it is imported when it is run."""

Tick = Callable[[float], None]
"""Told how many samples were taken."""
Watch = Callable[[int], AbstractContextManager[Tick]]
"""Told how many samples there will be; around the measuring it may draw a bar."""


def find(name: str) -> Bench:
    """One benchmark by name."""
    if name not in BENCHES:
        raise Refused(say.NO_BENCH(name=name), say.NO_BENCH_HINT(names=", ".join(BENCHES)))
    return cast("Bench", importlib.import_module(BENCHES[name]).BENCH)


def everything() -> list[Bench]:
    """All of them, for the list."""
    return [find(name) for name in BENCHES]


def run(bench: Bench, clock: Clock, environ: Mapping[str, str], watch: Watch) -> Report:
    """Measure everything the benchmark names."""
    with tempfile.TemporaryDirectory(prefix="onbam-bench-") as folder:
        tools = Tools(clock, environ, Path(folder))
        machine = facts()
        with bench.prepare(tools) as plan:
            with watch(sum(subject.samples for subject in plan.subjects)) as tick:
                results = [measure(subject, tick) for subject in plan.subjects]
            return Report(bench.name, machine, (*results, *plan.afterwards()), tuple(plan.notes))


def measure(subject: Subject, tick: Tick) -> Result:
    """Subject and peers in turns: warm up, then count."""
    ours: list[float] = []
    theirs: list[list[float]] = [[] for _ in subject.peers]
    for turn in range(subject.warmups + subject.repeats):
        samples = [subject.sample(), *(peer.sample() for peer in subject.peers)]
        tick(len(samples))
        if turn >= subject.warmups:
            ours.append(samples[0])
            for kept, sample in zip(theirs, samples[1:], strict=True):
                kept.append(sample)
    return result_of(subject, ours, theirs)
