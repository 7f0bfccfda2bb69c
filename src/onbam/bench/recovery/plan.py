"""What the benchmark `recovery` measures.

For: the list of benchmarks.
Promises: twenty samples of everything that is promised in seconds, peers in the same rounds; it runs unattended in about twelve
minutes, the ten minutes of slow programs beside the rest; a quick run takes fewer samples and fewer minutes of the same things.
Refuses: a peer's figure for what it does not do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from onbam.bench.model import Peer, Subject, Unit
from onbam.bench.recovery import stands
from onbam.bench.recovery import words as say
from onbam.bench.recovery.measure import OURS, Measure
from onbam.bench.tools import QUICK, Bench, Plan, Tools
from onbam.kernel.words import Said

CRASH_TARGET_MS: Final = 2_000.0
HANG_TARGET_MS: Final = 5_000.0
HANG_DEFAULT_TARGET_MS: Final = 60_000.0
GUARD_TARGET_MS: Final = 60_000.0
GAP_TARGET_MS: Final = 3_000.0
GAP_TWO_TARGET_MS: Final = 50.0
"""With two at work nobody is without one: no stretch longer than a turn of a loaded machine."""
SAME_PC_TARGET_MS: Final = 5_000.0
OTHER_PC_TARGET_MS: Final = 30_000.0
ENSURE_TARGET_MS: Final = 200.0
MEMORY_TARGET_MB: Final = 25.0
IDLE_TARGET_MS: Final = 120.0
"""0.2 % of one processor."""
ROUNDS: Final = 20
QUICK_ROUNDS: Final = 3
LONG_ROUNDS: Final = 3
SLOW_MIN: Final = 10.0
QUICK_SLOW_MIN: Final = 1.0


@contextmanager
def prepare(tools: Tools) -> Iterator[Plan]:
    """Every sample builds what it needs; one healthy guard stands for `ensure`, another one for the slow programs."""
    quick = QUICK in tools.environ
    rounds = QUICK_ROUNDS if quick else ROUNDS
    peers = stands.installed()
    measure = Measure(tools, peers, rounds)
    notes = [say.NO_HANG(), *(say.NO_PEER(name=name) for name in stands.PEERS if name not in peers)]

    def one(what: Said, sample: Callable[[], float], target: float | None, repeats: int = rounds, unit: Unit = "ms") -> Subject:
        return Subject(what, unit, sample, target, warmups=0, repeats=repeats)

    def beside(what: Said, sample: Callable[[str], float], target: float, repeats: int = rounds, unit: Unit = "ms") -> Subject:
        theirs = tuple(Peer(name, lambda name=name: sample(name)) for name in peers)  # type: ignore[misc]
        return Subject(what, unit, lambda: sample(OURS), target, peers=theirs, warmups=0, repeats=repeats)

    long_rounds = 1 if quick else LONG_ROUNDS
    with (
        measure.slow_programs(QUICK_SLOW_MIN if quick else SLOW_MIN) as mistakes,
        measure.watching() as watching,
        measure.healthy(watching) as healthy,
    ):
        subjects = [
            beside(say.GAP(), measure.replaced, GAP_TARGET_MS),
            beside(say.CRASH(), measure.crash, CRASH_TARGET_MS),
            one(say.HANG(), measure.hang, HANG_TARGET_MS),
            one(say.HANG_DEFAULT(), measure.hang_default, HANG_DEFAULT_TARGET_MS),
            one(say.GUARD_KILLED(), measure.guard_killed, GUARD_TARGET_MS),
            one(say.GAP_TWO(), measure.gap_of_two, GAP_TWO_TARGET_MS),
            one(say.SAME_PC(), measure.order_on_the_same_pc, SAME_PC_TARGET_MS),
            one(say.OTHER_PC(), measure.order_on_another_pc, OTHER_PC_TARGET_MS),
            one(say.ENSURE(), lambda: measure.ensure(healthy), ENSURE_TARGET_MS),
            beside(say.MEMORY(), measure.memory, MEMORY_TARGET_MB, long_rounds, "MB"),
            beside(say.IDLE(), measure.idle, IDLE_TARGET_MS, long_rounds),
        ]
        yield Plan(subjects, lambda: [mistakes()], notes)


BENCH: Final = Bench("recovery", say.RECOVERY, prepare)
