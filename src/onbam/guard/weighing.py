"""What the programs hold in memory, against the limits of their sections.

For: the guard's loop.
Promises: one look at the list of processes for all programs together: that list is the dearest thing the guard reads; whoever
is over its limit is replaced by a fresh process, as in the morning, and ever more slowly where that does not help.
Refuses: to look where no program has a limit; to end anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from onbam.guard import words as say
from onbam.guard.desk import Desk
from onbam.guard.program import Program
from onbam.guard.system import System
from onbam.guard.tending import Tending

NEVER_S: Final = 3_600.0


class Weighing:
    """The look at the memory."""

    def __init__(self, desk: Desk, system: System, tending: Tending) -> None:
        self._desk, self._system, self._tending = desk, system, tending
        self._looked_s = -1e9

    def turn(self, programs: Iterable[Program], now_s: float) -> float:
        """Look when it is time; in how many seconds to come again."""
        limited = [(program, run) for program in programs if _limit(program) and (run := program.run) is not None]
        if not limited:
            return NEVER_S
        look_s = self._desk.plan.settings.look_s
        if now_s - self._looked_s >= look_s:
            self._looked_s = now_s
            used = self._system.memory_mb([(run.id, run.pid, run.start) for _, run in limited])
            for (program, run), megabytes in zip(limited, used, strict=True):
                limit = _limit(program)
                if megabytes <= limit:
                    program.large_since_s = None
                if megabytes > limit and run.ending is None and program.take_over is None:
                    self._tending.too_large(program, say.WHY_MEMORY(used=megabytes, limit=limit), now_s)
        return self._looked_s + look_s - now_s


def _limit(program: Program) -> int:
    return program.spec.memory_mb if program.spec is not None else 0
