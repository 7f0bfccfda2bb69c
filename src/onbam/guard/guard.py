"""The guard: a small process that starts the others, watches them, and is itself watched by the system.

For: `python -m onbam.guard`, started by `onbam up`, `onbam ensure` and the operating system.
Promises: one guard for a folder; what should run runs, also after the guard itself was killed, with nothing running twice;
changed settings are taken up, wrong or vanished ones leave everything as it is and are told, also where a guard starts with
them; a full disk, a child that floods or a data folder that was deleted does not end it; where the whole shop was moved away it
stops.
Refuses: to know any business; to touch the database; to go on beside another guard.
"""

from __future__ import annotations

import contextlib
import os
import queue
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from onbam.guard import lastgood, memory
from onbam.guard import words as say
from onbam.guard.asked import Asked
from onbam.guard.desk import Desk, Folders
from onbam.guard.door import Door
from onbam.guard.drill import SetClock
from onbam.guard.ground import Ground
from onbam.guard.herald import Herald, sender
from onbam.guard.judge import LOOK_S, Gap
from onbam.guard.lock import RUNTIME_NAME, Held, acquire_lock, fingerprint, release_lock, renew_lock
from onbam.guard.model import Spec
from onbam.guard.names import BEAT_EVERY_S, BEAT_NAME, BEAT_PROMISE_S, VERSION
from onbam.guard.notify import NAMES as NOTIFY_NAMES
from onbam.guard.notify import Notify
from onbam.guard.plan import PROGRAMS, Plan, Program, plan_of
from onbam.guard.program import Program as Tended
from onbam.guard.renewal import Renewal
from onbam.guard.report import Cause
from onbam.guard.runs import Ended, Run, Runs
from onbam.guard.settings import Share, read_share
from onbam.guard.showing import shown
from onbam.guard.system import System
from onbam.guard.tending import Tending
from onbam.guard.weighing import Weighing
from onbam.kernel.beats import FileBeats
from onbam.kernel.chance import Chance
from onbam.kernel.child import BEAT, PROCESS, RUN
from onbam.kernel.clock import Clock
from onbam.kernel.errors import EXIT_OK, Misconfigured, OnbamError
from onbam.kernel.home import HOME_VARIABLE
from onbam.kernel.ids import encode
from onbam.kernel.oserror import what_of
from onbam.kernel.redact import Redactor
from onbam.kernel.settings import ENV_NAMES, TOML_NAME
from onbam.kernel.words import Said

SETTINGS_EVERY_S: Final = 2.0
HOUSEKEEPING_EVERY_S: Final = 5.0
LATE_S: Final = 0.5
"""A turn that comes so much later than it should means that the PC slept or stood still: since when, nobody knows, so that
none of the time since the last turn counts against a program."""
SLEPT_S: Final = 5.0
"""From so long on it is told."""
CARRIES_AFTER_S: Final = 30.0
"""A program of Onbam's that ends sooner may not have come to carry anything."""
GAPS_KEPT: Final = 16
LEAVE_LIMIT_S: Final = 15.0
"""Beyond the longest time any program has to stop."""
SETTINGS_CAUSE: Final = "guard.settings:guard"
RUN_BITS: Final = 60
KEY_LETTERS: Final = 8


class PutDown(OnbamError):
    """Somebody put everything down after this guard was asked for: it has nothing to do here, and that is no failure."""

    exit_code = EXIT_OK


class Guard:
    """One folder's guard."""

    def __init__(
        self,
        home: Path,
        environ: Mapping[str, str],
        flags: Mapping[str, str],
        *,
        clock: Clock,
        chance: Chance,
        system: System,
        echo: Callable[[str], None] | None = None,
        programs: Mapping[str, Program] = PROGRAMS,
        after: int | None = None,
    ) -> None:
        """`after`: how often everything had been put down when this guard was asked for."""
        self.home, self._environ, self._flags = home, environ, flags
        self.clock = clock = SetClock(clock)
        self._clock, self._chance, self._system, self._programs = clock, chance, system, programs
        self._events: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        read = lastgood.read(home, environ, flags, self._plan)
        if read.trouble is not None and not read.known:
            raise read.trouble
        plan, self._share, self._trouble_found = self._plan(read.share, read.wrong), read.share, read.trouble
        self.folders = Folders(home, home / read.share.app.data)
        self._held: Held | None = acquire_lock(self.folders.run, system, clock, runtime=home / RUNTIME_NAME, zone=plan.zone)
        self.wishes = memory.read_wishes(self.folders.run)
        if after is not None and after != self.wishes.downs and self.wishes.is_down:
            release_lock(self._held)
            raise PutDown(say.PUT_DOWN, say.PUT_DOWN_HINT)
        self._redactor = Redactor()
        self._redactor.learn_around(home, environ)
        self.desk = Desk(self.folders, plan, clock, self._redactor.text, echo)
        self._runs = Runs(self.folders.run, system, clock, self._child_environment(), self._tell_ended)
        self._key = fingerprint(os.fsencode(os.path.realpath(self.folders.data)))[:KEY_LETTERS]
        self.tending = Tending(self.desk, self._runs, system, self._new_run)
        self.renewal = Renewal(self.desk, self.tending)
        self._herald = Herald(self.desk, sender(home, flags, self._child_environment(), system))
        self._weighing = Weighing(self.desk, system, self.tending)
        self.programs: dict[str, Tended] = {}
        self._notify = Notify(environ)
        self._beats = FileBeats(self.folders.run / BEAT_NAME, "guard", clock)
        self._door = Door(self.folders.run, self._knocked)
        self._asked = Asked(self)
        self._settings_stamp, self._ground = self._stamp(), Ground(home)
        self._since = self.desk.local()
        self._settings_s = self._housekeeping_s = self._beat_s = self._notified_s = 0.0
        self._leave_s: float | None = None
        self._asleep_s = system.asleep_s()
        self._gaps: list[Gap] = []
        """When this PC slept or stood still."""
        self.trouble: Said | None = None
        """The settings as they stand cannot be read: why. Everything goes on with those that were good last."""
        self._refused: Said | None = None
        """What the disk said when it last took nothing."""
        self._unremembered = False
        """What people wished could not be written yet."""
        self._changed = True
        self._saved: tuple[list[dict[str, Any]], list[str]] = ([], [])
        self._learned: dict[str, dict[str, float]] = {}
        self._strangers: set[tuple[int, str]] = set()

    # -- life -----------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Take over what an earlier guard left, then let commands in."""
        self._system.prepare()
        self._door.forget()
        self.desk.tell("guard.started", "guard", say.GUARD_BEGINS(pid=os.getpid(), version=VERSION), pid=os.getpid())
        if self.wishes.down:  # whoever starts a guard wants it up
            self.wish(replace(self.wishes, down=""))
        self._learned = memory.read_learned(self.folders.run)
        state = memory.read_state(self.folders.run)
        self.desk.reopen(memory.opened_of(state))
        self._take_up(self.desk.plan)
        self._tell_trouble(self._trouble_found)
        self._keep_good()
        self._adopt(state)
        self._door.open()
        self._notify.tell("READY=1")

    def run(self) -> None:
        """Turn after turn until asked to end and everything has ended."""
        wait_s = 0.0
        while not self.over:
            before_s = self._clock.monotonic()
            with contextlib.suppress(queue.Empty):
                self._events.get(timeout=wait_s)() if wait_s > 0 else self._events.get_nowait()()
            self._notice_sleep(before_s, wait_s)
            wait_s = self.step()

    def step(self) -> float:
        """One turn; in how many seconds the next is due."""
        while not self._events.empty():
            self._events.get_nowait()()
        now_s = self._clock.monotonic()
        if now_s - self._settings_s >= SETTINGS_EVERY_S:
            self._settings_s = now_s
            self.look_at_settings()
        self.tending.gaps = self._gaps
        wait_s = self.renewal.turn(self.programs, now_s)
        for program in list(self.programs.values()):
            wait_s = min(wait_s, self.tending.turn(program, now_s))
        wait_s = min(wait_s, self._weighing.turn(self.programs.values(), now_s))
        if now_s - self._housekeeping_s >= HOUSEKEEPING_EVERY_S:
            self._housekeeping_s = now_s
            self._keep_house()
        self._say_alive(now_s)
        self._save()
        return max(0.0, min(wait_s, LOOK_S, SETTINGS_EVERY_S))

    def stop(self) -> None:
        """Let go of everything; the programs have ended, or are left to the next guard."""
        self._notify.tell("STOPPING=1")
        self._door.close()
        self._herald.stop()
        memory.write_state(self.folders.run, self.status())
        self.desk.tell("guard.ended", "guard", say.GUARD_ENDS())
        self.desk.close()
        held, self._held = self._held, None
        if held is not None:
            release_lock(held)

    def leave(self, why: Said) -> None:
        """Begin to end: every program is asked to, then we do. Safe from any thread and from a signal."""
        self._events.put(lambda: self._leave(why))

    def _withdraw(self, why: Said) -> None:
        """This folder is not ours any more."""
        if self.tending.leaving is None:
            self.desk.tell("guard.lock_lost", "guard", why)
            self._leave(why)

    def _leave(self, why: Said) -> None:
        if self.tending.leaving is None:
            self.tending.leaving = why
            self._leave_s = self._clock.monotonic() + self.leave_limit_s
            self._notify.tell("STOPPING=1")

    @property
    def leave_limit_s(self) -> float:
        """How long the end of everything may take."""
        return LEAVE_LIMIT_S + max((program.spec.stop_s for program in self.programs.values() if program.spec), default=0.0)

    @property
    def over(self) -> bool:
        """Whether nothing is left to be done."""
        if self._leave_s is None:
            return False
        return not any(program.runs for program in self.programs.values()) or self._clock.monotonic() >= self._leave_s

    # -- inside ---------------------------------------------------------------------------------------------------------

    def _new_run(self) -> str:
        """A name for one start; its beginning says whose it is."""
        return f"{self._key}-{encode(self._chance.bits(RUN_BITS), RUN_BITS // 5)}"

    def _child_environment(self) -> dict[str, str]:
        """Ours, without what is between the system and us."""
        ours = {*NOTIFY_NAMES, PROCESS, RUN, BEAT}
        return {name: value for name, value in self._environ.items() if name not in ours} | {HOME_VARIABLE: str(self.home)}

    def _tell_ended(self, ended: Ended) -> None:
        """From a run's thread."""
        self._events.put(lambda: self._ended(ended))

    def _ended(self, ended: Ended) -> None:
        program = self.programs.get(ended.run.spec.name)
        if program is not None:
            self.tending.ended(program, ended, self._clock.monotonic())
            self._changed = True

    def _knocked(self, request: Mapping[str, Any], answer: Callable[[Mapping[str, Any]], None]) -> None:
        """From the door's thread: the loop answers."""
        self._events.put(lambda: answer(self._asked.answer(request)))

    def _notice_sleep(self, before_s: float, wait_s: float) -> None:
        """Time in which nobody could keep a promise."""
        now_s, slept_s = self._clock.monotonic(), self._system.asleep_s()
        grown_s, self._asleep_s = slept_s - self._asleep_s, slept_s
        if now_s - before_s > wait_s + LATE_S:
            self._gaps = [*self._gaps, Gap(before_s, now_s)][-GAPS_KEPT:]
            grown_s += now_s - before_s - wait_s
        if grown_s >= SLEPT_S:
            self.desk.tell("machine.slept", "guard", say.SLEPT(seconds=grown_s), seconds=round(grown_s))

    # -- settings

    def _stamp(self) -> tuple[tuple[str, int, int], ...]:
        out = []
        for path in (*(self.home / name for name in (TOML_NAME, *ENV_NAMES)), *self.desk.plan.watched):
            with contextlib.suppress(OSError):
                stat = path.stat()
                out.append((str(path), stat.st_mtime_ns, stat.st_size))
        return tuple(out)

    def look_at_settings(self) -> None:
        """Somebody may have mended them, or broken them."""
        if self._ground.moved():
            self._withdraw(say.MOVED(home=self.home))
            return
        stamp = self._stamp()
        if stamp == self._settings_stamp:
            return
        self._settings_stamp = stamp
        self._redactor.learn_around(self.home, self._environ)
        for program in self.programs.values():
            program.wrong, program.again_s = None, None
        try:
            if self._ground.lost:
                raise Misconfigured(say.TOML_GONE(file=self.home / TOML_NAME), say.TOML_GONE_HINT)
            loaded = read_share(self.home, self._environ, self._flags)
            plan = self._plan(loaded.tree, loaded.wrong)
        except (OnbamError, OSError) as error:
            self._tell_trouble(error if isinstance(error, OnbamError) else OnbamError(what_of(error)))
            return
        self._ground.good()
        self.desk.say(say.SETTINGS_READ())
        self.desk.replan(plan)
        self._share = loaded.tree
        self._take_up(plan)
        self._tell_trouble(None)
        self._keep_good()

    def _plan(self, share: Share, wrong: Mapping[str, Misconfigured]) -> Plan:
        """What these settings mean; raises `Misconfigured`."""
        return plan_of(share, self.home, self._environ, self._programs, wrong)

    def _tell_trouble(self, error: OnbamError | None) -> None:
        """The settings as they stand cannot be read, or can again: one notice."""
        before, self.trouble = self.trouble, None if error is None else say.in_full(error)
        self._changed = True
        if self.trouble is None:
            self.desk.resolve("guard.settings", "guard", SETTINGS_CAUSE, say.SETTINGS_READ())
        elif before is None or before.both() != self.trouble.both():
            text = say.BAD_SETTINGS_TEXT(what=self.trouble)
            cause = Cause(SETTINGS_CAUSE, "urgent", say.BAD_SETTINGS_TITLE(), text)
            self.desk.tell("guard.settings", "guard", say.BAD_SETTINGS(what=self.trouble), cause=cause)

    def _keep_good(self) -> None:
        """For a guard that starts with settings nobody can read."""
        if self.trouble is None:
            with contextlib.suppress(OSError):
                lastgood.keep_usable(self.folders.run, self._share, self.desk.plan.wrong)

    def _take_up(self, plan: Plan) -> None:
        """What should run now."""
        for name, spec in {**plan.specs, **self._before(plan)}.items():
            self._take_up_one(name, spec)
        for name in [name for name in self.programs if name not in plan.specs and name not in plan.wrong]:
            self.programs[name].spec = self.programs[name].misread = None
        for name, program in self.programs.items():
            self.tending.misread(program, plan.wrong.get(name))
        self._changed = True

    def _before(self, plan: Plan) -> dict[str, Spec | None]:
        """Programs that are set up wrongly now, as they were set up before: a slip of the pen does not stop what works."""
        if not plan.wrong:
            return {}
        old = lastgood.kept(self.folders.run)
        specs: Mapping[str, Spec] = {}
        with contextlib.suppress(Misconfigured):
            specs = {} if old is None else self._plan(old, {}).specs
        running = {name: program.spec for name, program in self.programs.items()}
        return {name: running.get(name) or specs.get(name) for name in plan.wrong}

    def _take_up_one(self, name: str, spec: Spec | None) -> None:
        program = self.programs.get(name)
        if program is None:
            program = self.programs[name] = Tended(name, spec, self.wishes.programs.get(name, "up"))
            program.learned = self._learned.get(name, {})
        program.spec = spec
        program.wish = self.wishes.programs.get(name, "up")

    def wish(self, wishes: memory.Wishes) -> Said | None:
        """A person said what should run, and so it is; remembered over our own end. What the disk said when it refused that."""
        self.wishes = wishes
        for program in self.programs.values():
            program.wish = wishes.programs.get(program.name, "up")
        self._changed = True
        return self._remember_wishes()

    def _remember_wishes(self) -> Said | None:
        try:
            self.folders.run.mkdir(parents=True, exist_ok=True)
            memory.write_wishes(self.folders.run, self.wishes)
        except OSError as error:
            self._unremembered = True
            return what_of(error)
        self._unremembered = False
        return None

    def wake(self) -> None:
        """Take a turn now; from any thread."""
        self._events.put(lambda: None)

    # -- after an earlier guard

    def _adopt(self, state: Mapping[str, Any]) -> None:
        """Take over what still works, end what does not, so that nothing runs twice."""
        kept: set[str] = set()
        for note in memory.notes_of(state):
            program = self.programs.get(note.name)
            if program is not None and program.run is None and self._system.adopts and self.tending.adopt(program, note):
                kept.add(note.run)
        for member in self._system.marked(f"{self._key}-"):
            if member.run not in kept:
                kept.add(member.run)
                self.desk.say(say.REPLACED_OLD(name=f"{member.name} ({member.pid})"))
                self._runs.clear(member.run, member.pid, member.start)

    # -- housekeeping

    def _keep_house(self) -> None:
        """What nobody owns any more, the lock's file, the door's file, lines that waited for a full disk."""
        self._herald.turn(self._clock.monotonic(), carried=self._is_carried())
        self._end_strangers()
        self.desk.flush()
        self._door.publish()
        if self._unremembered:
            self._remember_wishes()
        self._changed = self._changed or self._refused is not None
        held = self._held
        if held is not None and not held.still_ours() and not renew_lock(held):
            self._withdraw(say.LOCK_LOST())
        for name in [name for name, p in self.programs.items() if p.spec is None and p.misread is None and not p.runs]:
            del self.programs[name]
            self._changed = True
        for name in self.desk.told_of() - self.programs.keys() if self.trouble is None else ():
            self.desk.resolve_all("process.removed", name, say.WHY_REMOVED())
            self._changed = True
        learned = {name: program.learned for name, program in self.programs.items() if program.learned}
        if learned != self._learned:
            self._learned = learned
            memory.write_learned(self.folders.run, learned)

    def _is_carried(self) -> bool:
        """Whether a program is at work that carries the news: each of Onbam's does."""
        now_s = self._clock.monotonic()
        ours = [program.run for name, program in self.programs.items() if name in self._programs]
        return any(run is not None and run.ending is None and now_s - run.began_s >= CARRIES_AFTER_S for run in ours)

    def _end_strangers(self) -> None:
        """Processes of runs that are over: seen at two looks, so that one that is just ending is left to end."""
        current = {run.id for program in self.programs.values() for run in program.runs}
        lost = {
            (one.pid, one.start): one
            for one in self._system.orphans()
            if one.run.startswith(f"{self._key}-") and one.run not in current
        }
        twice = [one for key, one in lost.items() if key in self._strangers]
        self._strangers = set(lost)
        if twice:
            self._system.end(twice)
            what = ", ".join(f"{one.name} ({one.pid})" for one in twice[:10])
            self.desk.tell("process.leftovers", "guard", say.LEFTOVER(name="?", count=len(twice), what=what), count=len(twice))

    def _say_alive(self, now_s: float) -> None:
        if now_s - self._beat_s >= BEAT_EVERY_S:
            self._beat_s = now_s
            self._beats.idle(BEAT_PROMISE_S)
        every_s = self._notify.every_s
        if every_s is not None and now_s - self._notified_s >= every_s / 2:
            self._notified_s = now_s
            self._notify.tell("WATCHDOG=1")

    def _save(self) -> None:
        """The notes a next guard goes by, whenever something changed."""
        remembered = (self._notes(), self.desk.opened)
        if self._changed or remembered != self._saved:
            self._changed, self._saved = False, remembered
            self._refused = memory.write_state(self.folders.run, self.status())

    def _notes(self) -> list[dict[str, Any]]:
        return [self._note(program, run) for program in self.programs.values() for run in program.runs if run.started]

    def _note(self, program: Tended, run: Run) -> dict[str, Any]:
        return {
            "name": program.name,
            "run": run.id,
            "pid": run.pid,
            "start": run.start,
            "beat": str(run.beat_path),
            "out": str(run.out),
            "began_at": run.began.isoformat(),
            "began_s": run.began_s,
            "command": run.spec.command,
            "cwd": run.spec.cwd,
            "env": dict(run.spec.env),
        }

    def status(self) -> dict[str, Any]:
        """Everything about everything, for `ps` and for the next guard."""
        now_s = self._clock.monotonic()
        return {
            "guard": {
                "pid": os.getpid(),
                "since": self._since.isoformat(timespec="seconds"),
                "version": VERSION,
                "leaving": self.tending.leaving is not None,
            },
            "at": self.desk.local().isoformat(timespec="seconds"),
            "boot": memory.boot(),
            "main": self.desk.plan.settings.main,
            "check_s": self.desk.plan.settings.check_s,
            "timeout_s": self.desk.plan.settings.timeout_s,
            "logs": str(self.desk.plan.logs),
            "trouble": [said.both() for said in (self.trouble, *(one.misread for one in self.programs.values())) if said],
            "disk": self._refused.both() if self._refused else None,
            "processes": [shown(self.tending, program, now_s) for program in self.programs.values()],
            "notes": self._notes(),
            "opened": self.desk.opened,
        }
