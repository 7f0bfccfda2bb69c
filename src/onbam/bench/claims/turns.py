"""Two contenders call by call in turns, so that what the disk does in one moment falls on both.

For: shares and drops, where two rates measured one after the other say more of the disk than of the contenders.
Promises: who goes first changes with each pair; the medians of the calls are compared, so that one late `fsync` owns nothing.
Refuses: to know what is called.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median

from onbam.bench.model import Sample
from onbam.kernel.clock import Clock

Call = Callable[[], None]
Calls = Callable[[], Sequence[Call]]
"""Makes ready what the calls need, and gives them."""


def rate(clock: Clock, calls: Calls, each: int) -> Sample:
    """How many a second, `each` of them a call."""

    def sample() -> float:
        made = calls()
        begun = clock.monotonic()
        for call in made:
            call()
        return len(made) * each / (clock.monotonic() - begun)

    return sample


def share(clock: Clock, ours: Calls, theirs: Calls) -> Sample:
    """Our speed as a share of theirs: 0.5 means half as fast."""

    def sample() -> float:
        took: tuple[list[float], list[float]] = ([], [])
        for turn, pair in enumerate(zip(ours(), theirs(), strict=True)):
            for who in (0, 1) if turn % 2 else (1, 0):
                begun = clock.monotonic()
                pair[who]()
                took[who].append(clock.monotonic() - begun)
        return median(took[1]) / median(took[0])

    return sample
