"""Starts the guard where it should run, and asks it for things.

For: `onbam up`, `ensure`, `watchdog`, `ps` and the others; the operating system calls `ensure` every few minutes.
Promises: where a healthy guard runs nothing happens, quickly; one that hangs is ended, by number and start, and started anew;
one a person put down stays down until the PC starts anew; whoever asks hears why a guard could not start; settings nobody can
read keep nobody from the guard that runs.
Refuses: to start a second one; to load what starting and asking need where there is nothing to start.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

from onbam.guard import lastgood, memory
from onbam.guard import words as say
from onbam.guard.lock import is_held
from onbam.guard.names import BEAT_NAME, BEAT_PROMISE_S
from onbam.guard.system import Member, System, interpreter, start_detached
from onbam.kernel.beats import Beat, read_beat
from onbam.kernel.child import BEAT, PROCESS, RUN
from onbam.kernel.clock import Clock
from onbam.kernel.errors import EXIT_MISCONFIGURED, Misconfigured, OnbamError, Refused, Transient
from onbam.kernel.oserror import what_of

Outcome = Literal["healthy", "started", "restarted", "down"]

START_LIMIT_S: Final = 30.0
MUTE_S: Final = 30.0
"""A guard that neither answered nor beat so long while somebody wanted everything up is taken for hanging."""
LOOK_EVERY_S: Final = 0.02
HUNG_S: Final = 2 * BEAT_PROMISE_S
PROOF_S: Final = 15.0
"""A PC that just woke up gives its guard this long to beat again before it is taken for hanging."""
LEAVING_S: Final = 10.0
"""How long one that was killed may take until the system gave its lock back."""
LEAVE_S: Final = 45.0
"""How long one that does not say how long may take to end its programs."""
SAID_NAME: Final = "guard.out"
"""What a guard says before its log is open, and the traceback of one that crashed."""
SAID_BYTES: Final = 8_192


class Mute(Transient):
    """A guard holds its lock and cannot be spoken to: it is just starting, the disk is full, or it hangs."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and for which folder."""

    home: Path
    environ: Mapping[str, str]
    flags: Mapping[str, str]
    clock: Clock
    system: System

    @property
    def settings(self) -> lastgood.Read:
        """The guard's share of the settings, as they stand or as they were good last."""
        return lastgood.read(self.home, self.environ, self.flags)

    @property
    def run(self) -> Path:
        """The run folder, also where the settings cannot be read."""
        return self.settings.run_folder(self.home)


def ask(caller: Caller, do: str, **more: object) -> dict[str, Any]:
    """Ask the guard of this folder."""
    from onbam.guard import door

    run = caller.run
    try:
        return door.ask(run, {"do": do, **more})
    except door.NoDoor:
        if not is_held(run, caller.system):
            raise
        raise Mute(say.NO_DOOR, say.NO_DOOR_HINT) from None
    except door.NoAnswer as error:
        if not is_held(run, caller.system):  # what answers there, or does not, is somebody else
            raise door.NoDoor(say.NO_GUARD, say.NO_GUARD_HINT) from None
        raise Mute(error.message, error.hint) from None


def is_healthy(caller: Caller, run: Path) -> bool:
    """Whether a guard holds its lock, lives and has beaten lately. Asks, and changes nothing."""
    beat = read_beat(run / BEAT_NAME)
    alive = beat is not None and bool(beat.start) and caller.system.alive(beat.pid, beat.start)
    return alive and is_held(run, caller.system) and beat is not None and not _hangs(beat, caller.clock)


def ensure(caller: Caller) -> Outcome:
    """What should run runs. Cheap where it does."""
    run = caller.run
    if is_held(run, caller.system):
        if _ends(run, caller):
            return ensure(caller)
        beat = read_beat(run / BEAT_NAME)
        if beat is None or not _hangs(beat, caller.clock):
            return "healthy"
        if not _proves_itself(run, beat, caller.clock):
            _end(beat, caller)
            begin(caller, run)
            return "restarted"
        return "healthy"
    wishes = memory.read_wishes(run)
    if wishes.is_down:
        return "down"
    begin(caller, run, wishes)
    return "started"


def up(caller: Caller, ending: Callable[[], None] = lambda: None) -> Outcome:
    """The same, at a person's wish: what was put down comes up, also what is `ending` this moment, which is told once."""
    run = caller.run
    if is_held(run, caller.system):
        outcome = ensure(caller)
        if _stays(caller, run, ending):
            return outcome
    begin(caller, run)
    return "started"


def _stays(caller: Caller, run: Path, ending: Callable[[], None]) -> bool:
    """Whether the guard there is the one to ask: one that somebody else is just starting will be, one that ends goes.

    One that neither answers nor beats all that time hangs, and is ended.
    """
    deadline_s, told = caller.clock.monotonic() + MUTE_S, False
    before = read_beat(run / BEAT_NAME)
    while is_held(run, caller.system):
        status = _answer(run)
        if status is not None and not status.get("guard", {}).get("leaving"):
            return True
        if status is not None:  # it gives its programs their time, and itself a limit
            deadline_s = caller.clock.monotonic() + MUTE_S
            if not told:
                told = True
                ending()
        elif caller.clock.monotonic() >= deadline_s:
            beat = read_beat(run / BEAT_NAME)
            if before is None or beat is None or (beat.pid, beat.number) != (before.pid, before.number):
                ask(caller, "status")  # says why not
                return True
            _end(beat, caller)
            return False
        caller.clock.wait(LOOK_EVERY_S)
    return False


def begin(caller: Caller, run: Path, wishes: memory.Wishes | None = None) -> None:
    """Start a guard that outlives us, and wait until it answers. `wishes`: as they were when that was decided."""
    after = str((wishes or memory.read_wishes(run)).downs)
    said = run / SAID_NAME
    try:
        run.mkdir(parents=True, exist_ok=True)
        opened = said.open("wb")
    except OSError as error:
        raise Refused(say.UNWRITABLE(folder=run, what=what_of(error)), say.UNLOCKABLE_HINT) from None
    with opened as file:
        words, environ = command(caller, "--after", after), environment(caller)
        process = start_detached(caller.system, words, env=environ, cwd=caller.home, stdout=file, stderr=file)

    def failed() -> None:
        code = process.poll()
        if code is not None and not is_held(run, caller.system):  # held: somebody else was quicker, and will answer
            raise _failed(code, said)

    deadline_s = caller.clock.monotonic() + START_LIMIT_S
    while _answer(run) is None:  # it opens its door last
        failed()
        if caller.clock.monotonic() >= deadline_s:
            ask(caller, "status")  # says why not
            break
        caller.clock.wait(LOOK_EVERY_S)
    process.returncode = 0  # it stays; nobody here waits for its end


def command(caller: Caller, *more: str) -> list[str]:
    """The guard's command line."""
    sets = [word for name, value in caller.flags.items() for word in ("--set", f"{name}={value}")]
    return [interpreter(), "-P", "-m", "onbam.guard", "--home", str(caller.home), *sets, *more]


def environment(caller: Caller) -> dict[str, str]:
    """What a guard is started with: a caller that is itself a child of a guard passes its place on to nobody."""
    place = {PROCESS, RUN, BEAT}
    return {name: value for name, value in caller.environ.items() if name not in place}


def settled(caller: Caller, is_so: Callable[[Mapping[str, Any]], bool], limit_s: float) -> dict[str, Any]:
    """Look until it is so, or the time is over; the last look."""
    deadline_s = caller.clock.monotonic() + limit_s
    while True:
        status = ask(caller, "status")
        if is_so(status) or caller.clock.monotonic() >= deadline_s:
            return status
        caller.clock.wait(LOOK_EVERY_S * 5)


def down(caller: Caller, **more: object) -> tuple[dict[str, Any], bool]:
    """Put everything down: the guard's answer, and whether it has ended in the time it gives its programs and itself.

    What outlived its guard is taken over by a new one, which ends it as the first one would have. Raises `Transient` where
    nothing runs; it is to stay so all the same.
    """
    run = caller.run
    beat = read_beat(run / BEAT_NAME)
    try:
        given = ask(caller, "down", **more)
    except Mute:
        raise
    except Transient:
        if not orphans(caller):
            _stay_down(run)
            raise
        begin(caller, run)
        beat = None  # what lies there may be the last one of the guard that is gone
        given = ask(caller, "down", **more)
    return given, gone(caller, given.get("limit_s", LEAVE_S) + LEAVING_S, beat)


def orphans(caller: Caller) -> list[memory.Note]:
    """The programs that still run although their guard is gone."""
    notes = memory.notes_of(memory.read_state(caller.run))
    return [note for note in notes if note.start and caller.system.alive(note.pid, note.start)]


def _stay_down(run: Path) -> None:
    """Whoever looks after the guard (the system, a watchdog) is not to start what a person wants down."""
    wishes = memory.read_wishes(run)
    if (run / memory.STATE_NAME).exists() and not wishes.is_down:
        with contextlib.suppress(OSError):
            memory.write_wishes(run, replace(wishes, down=memory.boot(), downs=wishes.downs + 1))


def gone(caller: Caller, limit_s: float, one: Beat | None = None) -> bool:
    """Wait until no guard runs, or this one does no more: somebody may have started another at once."""
    run = caller.run
    deadline_s = caller.clock.monotonic() + limit_s
    while is_held(run, caller.system):
        if one is not None and one.start and not caller.system.alive(one.pid, one.start):
            return True
        if caller.clock.monotonic() >= deadline_s:
            return False
        caller.clock.wait(LOOK_EVERY_S * 5)
    return True


def _answer(run: Path) -> Mapping[str, Any] | None:
    """How things stand, as the guard says; nothing while it says nothing."""
    from onbam.guard import door

    try:
        return door.ask(run, {"do": "status"}, limit_s=1.0)
    except Refused:  # another user's: whoever asks next hears that
        return {}
    except OnbamError:
        return None


def _failed(code: int, said: Path) -> OnbamError:
    """Why it could not start, in its own words."""
    try:
        words = said.read_bytes()[:SAID_BYTES].decode("utf-8", "replace").strip()
    except OSError:
        words = ""
    kind = Misconfigured if code == EXIT_MISCONFIGURED else Refused
    return kind(say.quoted(words.splitlines()[-1] if words else f"exit code {code}"))


def _ends(run: Path, caller: Caller) -> bool:
    """Wait for a guard that was killed and is not gone yet; whether its lock came free.

    The system gives its locks back only after its last thread left the disk, which may be a while after the process was seen
    to end. The beat of the one before also stands while a new guard starts: that one keeps the lock, and beats soon.
    """
    deadline_s = caller.clock.monotonic() + LEAVING_S
    while True:
        beat = read_beat(run / BEAT_NAME)
        if beat is None or not beat.start or caller.system.alive(beat.pid, beat.start):
            return False
        if not is_held(run, caller.system):
            return True
        if caller.clock.monotonic() >= deadline_s:
            return False
        caller.clock.wait(LOOK_EVERY_S)


def _hangs(beat: Beat, clock: Clock) -> bool:
    last_s = max((lane.mono_s for lane in beat.lanes), default=0.0)
    return clock.monotonic() - last_s > HUNG_S


def _proves_itself(run: Path, before: Beat, clock: Clock) -> bool:
    """It may only have slept: does it beat again?"""
    deadline_s = clock.monotonic() + PROOF_S
    while clock.monotonic() < deadline_s:
        beat = read_beat(run / BEAT_NAME)
        if beat is not None and (beat.pid, beat.number) != (before.pid, before.number):
            return True
        clock.wait(LOOK_EVERY_S * 5)
    return False


def _end(beat: Beat, caller: Caller) -> None:
    """End a guard that hangs; its programs go on, and the next one takes them over."""
    if caller.system.alive(beat.pid, beat.start):
        caller.system.end([Member(beat.pid, beat.start, "guard")])
    gone(caller, PROOF_S)
