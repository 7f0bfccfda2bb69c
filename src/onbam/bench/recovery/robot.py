"""The program that is ended, hung and replaced in this benchmark.

For: the guard and its peers, which all watch the same one.
Promises: it says in a file when it works (`works`, its PID) and, tick by tick, that it does (`ticks`, the monotonic clock);
with a file `hang` beside them it hangs for ever in a loop that gives nobody else a turn, with `halt` it waits for ever.
Refuses: to need a guard: without one it beats into a file nobody reads.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from onbam.kernel import home as homes
from onbam.kernel.child import child
from onbam.kernel.clock import SystemClock

TICK_S = 0.005


def main(folder: Path, promise_s: float, step_s: float) -> int:
    """Tick until asked to end."""
    clock = SystemClock()
    place = child(homes.environment(), clock, name="robot", data=folder)
    hang, halt, ticks = folder / "hang", folder / "halt", folder / "ticks"
    with place.listening():
        place.beats.step("work", promise_s=promise_s)
        (folder / "since").write_text(repr(clock.monotonic()), "ascii")
        (folder / "works").write_text(str(os.getpid()), "ascii")
        with ticks.open("a", encoding="ascii") as file:
            while not place.stopping.is_set():
                for wish in (hang, halt):
                    if wish.exists():
                        wish.unlink()
                        (folder / "hung").write_text(repr(clock.monotonic()), "ascii")
                        stand_still(spin=wish is hang)
                if place.paused():
                    place.beats.idle(promise_s)
                else:
                    place.beats.step("work", "order:1", promise_s=promise_s)
                    file.write(f"{clock.monotonic()!r}\n")
                    file.flush()
                clock.wait(step_s, place.stopping)
    return 0


def stand_still(*, spin: bool) -> None:
    """For ever."""
    while spin:
        pass
    os.read(os.pipe()[0], 1)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])))
