"""One name of the list: its processes, and what is known of them.

For: whoever tends it, renews it, weighs it, shows it.
Promises: plain state; at most one process works, a second one only takes over, those that part are kept until they are gone.
Refuses: to act, and rules of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from onbam.guard.judge import Verdict
from onbam.guard.memory import Wish
from onbam.guard.model import Ends, Spec, Stage
from onbam.guard.runs import Run
from onbam.kernel.words import Said


@dataclass
class TakeOver:
    """A fresh process on its way to replace one."""

    why: Said
    stage: Stage
    began_s: float
    stage_s: float
    fresh: Run | None = None
    fresh_gone: bool = False
    spoke: set[str] = field(default_factory=set)


class Program:
    """One name of the list."""

    def __init__(self, name: str, spec: Spec | None, wish: Wish = "up") -> None:
        self.name, self.spec, self.wish = name, spec, wish
        self.run: Run | None = None
        self.take_over: TakeOver | None = None
        self.parting: list[Run] = []
        """Processes that are of no use any more and have not ended yet."""
        self.ends = Ends()
        self.again_s: float | None = None
        self.wrong: Said | None = None
        """Its settings are wrong: what it said, or what kept it from being started."""
        self.misread: Said | None = None
        """Its section cannot be used: what is wrong. It goes on as it was set up before, where it was."""
        self.held_back = False
        """A fresh process could not even be started, so that the one that runs goes on."""
        self.restarts = 0
        self.why: Said | None = None
        """What happened to it last."""
        self.heavy_s: float | None = None
        """It was over its limit of memory: not replaced for that again before."""
        self.large_since_s: float | None = None
        """Since when its process is over the limit, as far as was looked: so long it was not well."""
        self.verdict: Verdict | None = None
        self.learned: dict[str, float] = {}
        self.renewed_on: date | None = None

    @property
    def runs(self) -> list[Run]:
        """Its processes: one, or two while a fresh one takes over, and those on their way out."""
        fresh = self.take_over.fresh if self.take_over else None
        return [*(run for run in (self.run, fresh) if run is not None), *self.parting]
