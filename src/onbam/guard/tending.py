"""One program under the guard's care: started, judged, restarted, replaced by a fresh process.

For: the guard's loop, which asks every program's turn to come round.
Promises: at most one process of a program works at a time, and a second one only while it takes over; every end is answered by
the rules of `model.py` and every silence by those of `judge.py`; evidence and a notice come before an end.
Refuses: to block: whatever takes time happens in the run's own threads.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from onbam.guard import incidents, model
from onbam.guard import words as say
from onbam.guard.desk import Desk, span
from onbam.guard.judge import LOOK_S, Gap, Seen, Verdict, judge
from onbam.guard.memory import Note
from onbam.guard.model import Again, Ends, Spec
from onbam.guard.output import Capture, log_folder, note
from onbam.guard.program import Program
from onbam.guard.replacing import Replacing
from onbam.guard.report import Cause
from onbam.guard.runs import OUT_SUFFIX, STUCK_STOP_S, Ended, Run, Runs
from onbam.guard.starting import UNSTARTABLE, why_not
from onbam.guard.system import Output, System
from onbam.kernel.errors import Misconfigured
from onbam.kernel.files import could_replace
from onbam.kernel.settings import MEMBER_NAME
from onbam.kernel.words import Said

WELL_S: Final = 5.0
"""Whose settings were wrong has read them by now: the notice is taken back. Others take `guard.steady_s`."""
NEVER_S: Final = 3_600.0
LAST_WORDS: Final = 5
"""Lines of its output shown where a program ended because of its settings."""


class Tending:
    """How a program is cared for."""

    def __init__(self, desk: Desk, runs: Runs, system: System, new_run: Callable[[], str]) -> None:
        self._desk, self._runs, self._system, self._new_run = desk, runs, system, new_run
        self._replacing = Replacing(desk, self)
        self.gaps: Sequence[Gap] = ()
        self._deaf_s: float | None = None
        """Until then nobody could write a beat: a silence before it says nothing."""
        self.leaving: Said | None = None
        """The guard itself ends: nothing should run."""

    # -- a turn ---------------------------------------------------------------------------------------------------------

    def turn(self, program: Program, now_s: float) -> float:
        """Do what is due; in how many seconds to look again."""
        if program.take_over is not None:
            return self._replacing.turn(program, program.take_over, now_s)
        against = self.against(program)
        run = program.run
        if run is None:
            waits = program.wrong is not None and program.again_s is None
            return NEVER_S if against is not None or waits else self._maybe_start(program, now_s)
        if run.ending is not None:
            return LOOK_S
        if against is not None:
            self.end(program, run, against)
            return LOOK_S
        assert program.spec is not None
        changed = not program.spec.same_program(run.spec) and program.wrong is None  # wrong: a fresh one ends at once
        startable = self.can_be_replaced(program) if changed or program.held_back else True
        if changed and startable:
            return self._replacing.begin(program, say.WHY_SETTINGS(), now_s)
        if not changed:
            run.spec = program.spec
        return self._judge(program, run, now_s)

    def now_s(self) -> float:
        """Now, on the clock of the beats."""
        return self._desk.clock.monotonic()

    def against(self, program: Program) -> Said | None:
        """Why a program should not run; none when it should."""
        spec = program.spec
        if self.leaving is not None:
            return self.leaving
        if spec is None or not spec.enabled:
            return say.WHY_REMOVED()
        if program.wish != "up":
            return say.WHY_PERSON()
        if spec.hours is not None and not spec.hours.holds(self._desk.local().time()):
            return say.WHY_HOURS()
        return None

    def _maybe_start(self, program: Program, now_s: float) -> float:
        if program.again_s is not None and now_s < program.again_s:
            return program.again_s - now_s
        program.again_s = None
        program.run = self.start(program, now_s)
        return 0.5

    def start(self, program: Program, now_s: float) -> Run | None:
        """A new process; one that cannot be started counts as one that ended at once."""
        spec = program.spec
        assert spec is not None
        run_id = self._new_run()
        taken = program.run.beat_path if program.run is not None else None
        beat_path = self._runs.beat_path(spec.name, taken)
        out = self._desk.folders.run / f"{run_id}{OUT_SUFFIX}"
        run = Run(spec, run_id, beat_path, out, began=self._desk.local(), began_s=now_s)
        try:
            self._runs.start(spec, run, self._capture)
        except (OSError, ValueError) as error:
            self._not_started(program, spec, error, now_s)
            return None
        program.wrong = None
        self._desk.tell("process.started", program.name, say.STARTED(name=program.name, pid=run.pid), pid=run.pid, run=run_id)
        return run

    def _not_started(self, program: Program, spec: Spec, error: OSError | ValueError, now_s: float) -> None:
        """A command or a folder that is not there is wrong settings, tried again now and then: a drive may come later."""
        said = why_not(spec, error)
        if not isinstance(error, (*UNSTARTABLE, ValueError)):
            program.why = said
            self._desk.tell("process.not_started", program.name, said)
            self._note(spec.name, said)
            self._after_end(program, now_s, 0.0)
            return
        before, program.wrong, program.why = program.why, said, said
        program.again_s = now_s + self._desk.plan.patience.slow_s
        told = f"process.misconfigured:{program.name}" in self._desk.opened
        if not told or before is None or before.both() != said.both():
            self._note(spec.name, said)
            self._desk.tell("process.not_started", program.name, said)
            self._tell_misconfigured(program, say.MISCONFIGURED_TEXT(message=said))

    def _note(self, name: str, what: Said) -> None:
        """A line of ours in a program's own log: whoever looks there finds how it ended."""
        plan = self._desk.plan
        note(plan.logs, name, self._desk.clean(what.to(plan.lang)), self._desk.clock, plan.zone, plan.settings.log_mb)

    def _capture(self, run: Run, output: Output) -> Capture:
        desk, name = self._desk, run.spec.name
        plan = desk.plan
        echo = desk.echo
        return Capture(
            output,
            log_folder(plan.logs, name),
            name,
            clock=desk.clock,
            zone=plan.zone,
            lang=plan.lang,
            keep_mb=plan.settings.log_mb,
            clean=desk.clean,
            echo=None if echo is None else lambda line: echo(f"{name} | {line}"),
        )

    def adopt(self, program: Program, note: Note) -> bool:
        """Take over what an earlier guard left, when it is still the same program and does not stand still."""
        spec = program.spec
        if spec is None or self.against(program) is not None:
            return False
        command = tuple(note.command) if isinstance(note.command, list) else note.command
        if not spec.same_program(Spec(note.name, command, note.cwd, note.env)):
            return False
        began = _moment(note.began_at) or self._desk.local()
        run = Run(spec, note.run, Path(note.beat), Path(note.out), began=began, began_s=note.began_s)
        if self.verdict(spec, run, self._desk.clock.monotonic(), program.learned).life == "stuck":
            return False
        if not self._runs.adopt(run, note.pid, note.start, self._capture):
            return False
        program.run = run
        self._desk.tell("process.adopted", program.name, say.ADOPTED(name=program.name, pid=note.pid), pid=note.pid)
        return True

    # -- judging --------------------------------------------------------------------------------------------------------

    def verdict(self, spec: Spec, run: Run, now_s: float, learned: Mapping[str, float]) -> Verdict:
        """How a process is at this moment."""
        beat = run.beat() if spec.watch in ("auto", "beats") else None
        age_s = _file_age(spec, run, self._desk.clock.now().timestamp()) if spec.watch == "file" else None
        seen = Seen(run.began_s, beat, age_s)
        verdict = judge(spec, seen, now_s, self._gaps(), learned)
        if verdict.life != "stuck" or not verdict.silence_s or could_replace(_speaks(spec, run)):
            return verdict
        self._deaf_s = now_s
        return Verdict("silent", LOOK_S, why=say.WHY_DEAF())

    def _gaps(self) -> Sequence[Gap]:
        """When nobody could keep a promise: the PC slept, or the disk took nothing."""
        deaf_s = self._deaf_s
        if deaf_s is None:
            return self.gaps
        return [
            Gap(-math.inf, deaf_s),
            *(Gap(max(gap.begins_s, deaf_s), gap.ends_s) for gap in self.gaps if gap.ends_s > deaf_s),
        ]

    def _judge(self, program: Program, run: Run, now_s: float) -> float:
        spec = run.spec
        verdict = program.verdict = self.verdict(spec, run, now_s, program.learned)
        if verdict.life == "stuck" and verdict.why is not None:
            self._help(program, run, verdict, verdict.why)
            return LOOK_S
        if verdict.why is not None:
            self._tell_deaf(program, verdict.why)
            return verdict.look_s
        self._settle(program, run, now_s)
        return verdict.look_s

    def _tell_deaf(self, program: Program, why: Said) -> None:
        """Said once, until something else happens to it."""
        if program.why is None or program.why.both() != why.both():
            program.why = why
            self._desk.say(say.DEAF(name=program.name, why=why))

    def _settle(self, program: Program, run: Run, now_s: float) -> None:
        """What is well long enough takes notices back."""
        lived_s = (now_s if program.large_since_s is None else program.large_since_s) - run.began_s
        patience = self._desk.plan.patience
        program.ends = model.recovered(program.ends, lived_s, patience)
        why = say.RECOVERED(name=program.name)
        if lived_s >= WELL_S and program.misread is None and program.wrong is None:
            self._desk.resolve("process.recovered", program.name, f"process.misconfigured:{program.name}", why)
        if not program.ends.slow and lived_s >= patience.steady_s:  # one that hangs again and again is not well in between
            for cause in ("slow", "stuck"):
                self._desk.resolve("process.recovered", program.name, f"process.{cause}:{program.name}", why)

    def _help(self, program: Program, run: Run, verdict: Verdict, why: Said) -> None:
        """It stands still: evidence, notice, end. The restart follows as after any unwanted end."""
        ago = span(verdict.silence_s)
        cause = Cause(f"process.stuck:{program.name}", "warn", say.RESTART_TITLE(), say.RESTART_TEXT(ago=ago))
        item = verdict.lane.item if verdict.lane else ""
        stuck = say.STUCK(name=program.name, why=why)
        self._desk.tell(
            "process.stuck", program.name, stuck, cause=cause, item=item, silence_s=round(verdict.silence_s, 1), run=run.id
        )
        run.unwanted = True
        program.why = why
        self._runs.end(run, why, STUCK_STOP_S, self._evidence(run, why, verdict), self._killed(program))

    def _evidence(self, run: Run, why: Said, verdict: Verdict | None) -> Callable[[], str]:
        """Gathered in the run's own thread."""
        desk, began = self._desk, run.began.isoformat(timespec="seconds")

        def save() -> str:
            lines = run.capture.lines() if run.capture else []
            scene = incidents.Scene(
                run.spec.name, run.id, run.pid, run.start, began, why, run.beat_path, run.beat(), verdict, lines
            )
            keep = desk.plan.settings.incidents_mb
            return incidents.save(desk.folders.incidents, scene, self._system, desk.clock, desk.local(), desk.clean, keep)

        return save

    def _killed(self, program: Program) -> Callable[[], None]:
        return lambda: self._desk.say(say.KILLED(name=program.name))

    def replace(self, program: Program, why: Said, now_s: float) -> float:
        """Begin to replace its process by a fresh one; one that could not even be started ends nobody."""
        return self._replacing.begin(program, why, now_s) if self.can_be_replaced(program) else LOOK_S

    def can_be_replaced(self, program: Program) -> bool:
        """Whether a fresh process could be started at all; it is told where not, and the one that runs goes on."""
        spec = program.spec
        error = self._runs.missing(spec) if spec is not None and program.run is not None else None
        if error is not None and spec is not None:
            self.misread(program, Misconfigured(why_not(spec, error)))
        elif program.held_back:
            self.misread(program, None)
        program.held_back = error is not None
        return not program.held_back

    def too_large(self, program: Program, why: Said, now_s: float) -> None:
        """Over its limit of memory: replaced, and counted like any end, so that one whose limit is too low makes no storm."""
        run, since_s = program.run, program.large_since_s
        since_s = program.large_since_s = now_s if since_s is None else since_s
        if run is None or (program.heavy_s is not None and now_s < program.heavy_s):
            return
        again = self._count(program, now_s, since_s - run.began_s)
        program.heavy_s, program.large_since_s = now_s + again.delay_s, None
        if again.tell:
            text = say.LARGE_TEXT(why=why, count=again.recent, seconds=again.delay_s, name=program.name)
            self._tell_slow(program, again, say.LARGE_TITLE(name=program.name), text)
        self.replace(program, why, now_s)

    def end_now(self, program: Program, why: Said) -> None:
        """End whatever runs of it, at once."""
        self._replacing.drop(program, why)
        if program.run is not None:
            self.end(program, program.run, why, now=True)

    # -- ending ---------------------------------------------------------------------------------------------------------

    def end(self, program: Program, run: Run, why: Said, *, now: bool = False) -> None:
        """Ask a process to end, and end it when it does not."""
        self._desk.say(say.ASKED(name=program.name, why=why))
        program.why = why
        self._runs.end(run, why, 0.0 if now else run.spec.stop_s, None, self._killed(program))

    def ended(self, program: Program, ended: Ended, now_s: float) -> None:
        """A run is over: what follows from it."""
        run = ended.run
        self._remember(program, run)
        if ended.leftovers and run.ending is None:
            names = ", ".join(sorted({f"{member.name} ({member.pid})" for member in ended.leftovers})[:10])
            count = len(ended.leftovers)
            self._desk.tell(
                "process.leftovers", program.name, say.LEFTOVER(name=program.name, count=count, what=names), count=count
            )
            if ended.code == 0:
                self._desk.say(say.FORKED_AWAY(name=program.name))
        if run.ending is None or run.unwanted:
            self._note(
                run.spec.name, say.ENDED_STUCK(name=program.name, why=run.ending) if run.ending else _died(program, ended)
            )
        if run in program.parting:
            program.parting.remove(run)
            return
        if program.take_over is not None and program.take_over.fresh is run:
            program.take_over.fresh, program.take_over.fresh_gone = None, True
            return
        if program.run is not run:
            return
        program.run, program.verdict = None, None
        lived_s = max(0.0, now_s - run.began_s)
        item = next((lane.item for lane in run.last.lanes if lane.item), "") if run.last else ""
        if run.ending is not None and not run.unwanted:
            self._desk.tell("process.stopped", program.name, say.STOPPED(name=program.name), code=ended.code)
        elif run.unwanted:
            self._desk.tell("process.ended", program.name, say.STOPPED(name=program.name), item=item, incident=run.incident)
            self._after_end(program, now_s, lived_s)
        else:
            program.why = _died(program, ended)
            self._desk.tell("process.died", program.name, program.why, code=ended.code, item=item, lived_s=round(lived_s, 1))
            if model.is_misconfigured(ended.code):
                self._misconfigured(program, run)
            elif program.take_over is None:
                self._after_end(program, now_s, lived_s)

    def _after_end(self, program: Program, now_s: float, lived_s: float) -> None:
        again = self._count(program, now_s, lived_s)
        program.again_s = now_s + again.delay_s
        self._desk.say(say.AGAIN_IN(name=program.name, seconds=again.delay_s))
        if again.tell:
            text = say.SLOW_TEXT(count=again.recent, seconds=again.delay_s, name=program.name)
            self._tell_slow(program, again, say.SLOW_TITLE(name=program.name), text)

    def _count(self, program: Program, now_s: float, lived_s: float) -> Again:
        """One more end that nobody wanted; a drill's uses up no patience."""
        drilled = bool(self._desk.drill.of(program.name))
        again = model.after_end(Ends() if drilled else program.ends, now_s, lived_s, self._desk.plan.patience)
        program.ends = program.ends if drilled else again.ends
        program.restarts += 1
        return again

    def _tell_slow(self, program: Program, again: Again, title: Said, text: Said) -> None:
        cause = Cause(f"process.slow:{program.name}", "urgent", title, text)
        self._desk.tell("process.slow", program.name, title, cause=cause, ends=again.recent)

    def _misconfigured(self, program: Program, run: Run) -> None:
        """Starting it again would end the same way: it waits for its settings to change."""
        lines = run.capture.lines()[-LAST_WORDS:] if run.capture else []
        spoken = " ".join(line.strip() for line in lines if line.strip())
        message = run.words or (say.quoted(spoken) if spoken else say.NO_WORDS())
        program.wrong = message
        self._tell_misconfigured(program, say.MISCONFIGURED_TEXT(message=message))

    def misread(self, program: Program, error: Misconfigured | None) -> None:
        """Its section cannot be used, or can again: told once."""
        said = None if error is None else say.in_full(error)
        before, program.misread = program.misread, said
        known = before is not None and said is not None and before.both() == said.both()
        if said is None or known:
            return
        cause = f"process.misconfigured:{program.name}"
        if before is not None or cause not in self._desk.opened:  # a guard before us told it
            self._tell_misconfigured(program, say.MISREAD_TEXT(message=said))
            if MEMBER_NAME.match(program.name):  # what cannot be a name is no folder either
                self._note(program.name, said)

    def _tell_misconfigured(self, program: Program, text: Said) -> None:
        title = say.MISCONFIGURED_TITLE(name=program.name)
        cause = Cause(f"process.misconfigured:{program.name}", "urgent", title, text)
        self._desk.tell("process.misconfigured", program.name, title, cause=cause)

    def _remember(self, program: Program, run: Run) -> None:
        """How long its steps usually took, for the next one."""
        if run.last is not None:
            program.learned = {**program.learned, **run.last.usual_s}


def _died(program: Program, ended: Ended) -> Said:
    return say.DIED(name=program.name, how=_how(ended.code))


def _how(code: int | None) -> Said:
    if code is None:
        return say.HOW_UNKNOWN()
    return say.HOW_SIGNAL(code=-code) if code < 0 else say.HOW_CODE(code=code)


def _speaks(spec: Spec, run: Run) -> Path:
    """The file it says by that it gets on."""
    return Path(spec.heartbeat) if spec.watch == "file" else run.beat_path


def _file_age(spec: Spec, run: Run, wall_s: float) -> float | None:
    """How long an older program's file has not changed; none while it stands as the program found it."""
    try:
        changed_s = Path(spec.heartbeat).stat().st_mtime
    except OSError:
        return None
    return max(0.0, wall_s - changed_s) if changed_s >= run.began.timestamp() else None


def _moment(text: str) -> Any:
    from datetime import datetime

    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
