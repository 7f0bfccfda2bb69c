"""Takes a drill's trouble back, also when whoever drills was killed in the middle of it.

For: `drill_acts`, which starts it before it does anything, and closes its input when the trouble is to end.
Promises: there is one way back and it is always this one: what was stopped goes on, what could not write can; a number that
was given to another process meanwhile gets nothing.
Refuses: to begin any trouble; to live on once its input ended.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import psutil

from onbam.guard.system import System, this_system
from onbam.kernel.clock import Clock, SystemClock

ROUNDS: Final = 40
ROUND_S: Final = 0.05
SAME_S: Final = 1.0
"""Two readings of when a process began may lie so far apart: the clock was set meanwhile."""


def main() -> int:
    """Learn what to take back, wait for the end of the trouble, take it back."""
    told = json.loads(sys.stdin.readline() or "{}")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl+C reaches the whole terminal; the input ends right after
        sys.stdin.read()
    undo(told, this_system(), SystemClock())
    return 0


def undo(told: Mapping[str, Any], system: System, clock: Clock) -> None:
    """All of it."""
    for process in _alive(told.get("asleep", ())):
        with contextlib.suppress(psutil.Error):
            process.resume()
    if told.get("key"):
        give_room([process.pid for process in _alive(told.get("guard", ()))], str(told["key"]), system, clock)


def _alive(known: Iterable[Iterable[Any]]) -> Iterator[psutil.Process]:
    """Those that are still the same."""
    for pid, began in known:
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(pid)
            if abs(process.create_time() - began) < SAME_S:
                yield process


if sys.platform == "linux":
    import resource

    def take_room(pid: int) -> None:
        """From now on not a byte can be written to a file by this process and whatever it starts; raises `OSError`."""
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))

    def give_room(guard: Sequence[int], key: str, system: System, clock: Clock) -> None:
        """First the guard, so that what it starts can write; then whatever it started meanwhile, until nobody is left."""
        for pid in guard:
            _room(pid)
        for _ in range(ROUNDS):
            poor = [one.pid for one in system.marked(f"{key}-") if _is_poor(one.pid)]
            if not poor:
                return
            for pid in poor:
                _room(pid)
            clock.wait(ROUND_S)

    def _is_poor(pid: int) -> bool:
        with contextlib.suppress(OSError):
            return resource.prlimit(pid, resource.RLIMIT_FSIZE)[0] == 0
        return False

    def _room(pid: int) -> None:
        with contextlib.suppress(OSError):
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))

    CAN_TAKE_ROOM: Final = True
else:

    def take_room(pid: int) -> None:
        """Only Linux can do that to a running process."""
        raise OSError(pid)

    def give_room(guard: Sequence[int], key: str, system: System, clock: Clock) -> None:
        """Nothing was taken."""
        del guard, key, system, clock

    CAN_TAKE_ROOM: Final = False


if __name__ == "__main__":
    sys.exit(main())
