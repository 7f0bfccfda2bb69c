"""A fresh process takes a program over, step by step.

For: the guard's loop: the morning's round, changed settings, too much memory, a person's wish.
Promises: the old one goes on until the fresh one was seen working, unless it has to end first; a fresh one that does not work
leaves everything as it was, and one notice goes out; each step stands in the log with its time.
Refuses: to decide when (that is whoever asks), and the order of the steps (`model.next_stage`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from onbam.guard import model
from onbam.guard import words as say
from onbam.guard.desk import Desk
from onbam.guard.judge import LOOK_S, holds
from onbam.guard.model import Facts
from onbam.guard.program import Program, TakeOver
from onbam.guard.report import Cause
from onbam.guard.runs import Run
from onbam.kernel.child import PAUSE_SUFFIX
from onbam.kernel.words import Said

if TYPE_CHECKING:
    from onbam.guard.tending import Tending

SETTLED_S: Final = 2.0
"""A program that says nothing about itself is taken for working when it lived so long."""


class Replacing:
    """How a fresh process takes over."""

    def __init__(self, desk: Desk, tending: Tending) -> None:
        self._desk, self._tending = desk, tending

    def begin(self, program: Program, why: Said, now_s: float) -> float:
        """Begin to replace a process by a fresh one."""
        if program.take_over is None and program.spec is not None:
            alive = program.run is not None
            stage = model.first_stage(program.spec.handover, old_alive=alive)
            program.take_over = TakeOver(why, stage, now_s, now_s)
            program.why = why
            self._desk.say(say.ASKED_FRESH(name=program.name, why=why))
        return 0.0

    def turn(self, program: Program, over: TakeOver, now_s: float) -> float:
        """The next step of a take-over."""
        against = self._tending.against(program)
        if against is not None or program.spec is None:
            self._give_up(program, over, against or say.WHY_REMOVED())
            return 0.0
        self._enter(program, over, now_s)
        facts = self._facts(program, over, now_s)
        following = model.next_stage(over.stage, facts, program.spec)
        if following == over.stage:
            return min(LOOK_S, 0.05 if now_s - over.stage_s < 10 else 0.5)
        over.stage, over.stage_s = following, now_s
        if following in ("done", "failed"):
            self._finish(program, over, now_s)
        return 0.0

    def _enter(self, program: Program, over: TakeOver, now_s: float) -> None:
        """What a stage begins with, once."""
        if over.stage in over.spoke:
            return
        over.spoke.add(over.stage)
        assert program.spec is not None
        old = program.run
        if over.stage == "pausing" and old is not None:
            old.mark(PAUSE_SUFFIX)
            self._desk.say(say.RENEWAL_PAUSED(name=program.name))
        elif over.stage == "verifying":
            if "ending first" in over.spoke:
                self._desk.say(say.RENEWAL_ENDED(name=program.name))
            self._desk.say(say.RENEWAL_STARTS(name=program.name))
            over.fresh = self._tending.start(program, now_s)
            over.fresh_gone = over.fresh is None
        elif over.stage in ("ending first", "ending") and old is not None:
            if over.stage == "ending":
                self._desk.say(say.RENEWAL_WORKS(name=program.name))
            self._tending.end(program, old, over.why)
        elif over.stage == "restoring" and over.fresh is not None:
            self._tending.end(program, over.fresh, over.why, now=True)

    def _facts(self, program: Program, over: TakeOver, now_s: float) -> Facts:
        old, fresh = program.run, over.fresh
        new: Literal["none", "starting", "well", "gone"] = "gone" if over.fresh_gone else "none"
        if fresh is not None:
            new = "well" if self._works(fresh, now_s) else "starting"
        return Facts(old is not None, holds(old.beat()) if old is not None else False, new, now_s - over.stage_s)

    def _works(self, run: Run, now_s: float) -> bool:
        """Whether a fresh process was seen working."""
        life = self._tending.verdict(run.spec, run, now_s, {}).life
        if life == "silent":
            return now_s - run.began_s >= SETTLED_S
        return life not in ("starting", "stuck")

    def _finish(self, program: Program, over: TakeOver, now_s: float) -> None:
        program.take_over = None
        if over.stage == "done":
            program.run, program.verdict = over.fresh, None
            said = say.RENEWAL_ENDED if "ending" in over.spoke else say.RENEWAL_WORKS
            self._desk.tell("process.renewed", program.name, said(name=program.name), took_s=round(now_s - over.began_s, 2))
            for over_now in ("renewal", "yesterday"):
                why = say.RECOVERED(name=program.name)
                self._desk.resolve("process.recovered", program.name, f"process.{over_now}:{program.name}", why)
            return
        what = say.NEW_DIED() if over.fresh_gone else say.NEW_SILENT()
        if program.run is not None:
            program.run.unmark(PAUSE_SUFFIX)
        elif over.fresh is not None:  # nothing to go back to: the fresh one is judged like any other
            program.run = over.fresh
        elif program.wrong is None:
            program.again_s = now_s
        title, text = say.RENEWAL_TITLE(name=program.name), say.RENEWAL_TEXT(name=program.name, what=what)
        cause = Cause(f"process.renewal:{program.name}", "warn", title, text)
        self._desk.tell("process.not_renewed", program.name, say.RENEWAL_FAILED(name=program.name, what=what), cause=cause)

    def _give_up(self, program: Program, over: TakeOver, why: Said) -> None:
        """It should not run any more: both processes end."""
        program.take_over = None
        if program.run is None:
            program.run = over.fresh
        elif over.fresh is not None:
            self._part(program, over.fresh, why)

    def _part(self, program: Program, run: Run, why: Said) -> None:
        program.parting.append(run)
        self._tending.end(program, run, why, now=True)

    def drop(self, program: Program, why: Said) -> None:
        """Nobody takes over any more: a fresh process that is there ends."""
        over, program.take_over = program.take_over, None
        if over is not None and over.fresh is not None:
            self._part(program, over.fresh, why)
