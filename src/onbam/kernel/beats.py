"""Beats: what a working program says about its progress, for whoever judges whether it still gets on.

For: every child of the guard (`beats.step("document", item="order:…", promise_s=60)`), and the guard, which reads them.
Promises: a beat names the step, the item, how far it is and when the next one is due; each thread speaks for itself alone, so a
thread that beats while the work hangs vouches for nothing; a change of step is written at once, progress inside one at most
every `every_s`; a write that fails is warned about once and never harms the work; a reader never meets half a beat.
Refuses: to say "alive" without saying at what; to fsync (after a power cut no beat is of use).
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import tzinfo
from pathlib import Path
from typing import Any, Final, Literal, Protocol, get_args

from onbam.kernel.clock import Clock
from onbam.kernel.files import replace_quickly
from onbam.kernel.oserror import what_of
from onbam.kernel.words import Said, Text

State = Literal["busy", "idle", "waiting", "stopping"]
"""Working; nothing to do until a known moment; waiting for the outside; finishing or handing back before the end."""

STARTING: Final = "starting"
"""The step of a program that beats and does not work yet: nobody is told that all is well because of it."""

PROMISE_S: Final = 45.0
"""A step that says nothing else is due again within this: with evidence and restart a hang then costs less than a minute."""
EVERY_S: Final = 0.2
HEARTBEAT_EVERY_S: Final = 5.0
HEARTBEAT_NAME: Final = "heartbeat.txt"
STATS: Final = ("total", "success", "failure", "count", "cancellations")
"""The five figures of `heartbeat.txt`, in their order."""
SUFFIX: Final = ".beat"
MOST_STEPS: Final = 64
"""So many steps are learned; a program that makes up new names for ever does not grow its beat for ever."""
SAMPLES: Final = 20
READABLE_BYTES: Final = 256 * 1024
FAILED: Final = Text(
    ko="[HEARTBEAT] 하트비트 기록 실패: {what}", en="[HEARTBEAT] the beat could not be written (하트비트 기록 실패): {what}"
)


@dataclass(frozen=True, slots=True)
class Lane:
    """What one thread of the program does."""

    thread: str
    state: State
    step: str
    item: str
    done: float | None
    total: float | None
    promise_s: float
    """The next sign comes within this."""
    mono_s: float
    """When it was said, on the clock all processes of this PC share; it starts anew with each boot."""
    at: str
    """The same for people: ISO, UTC."""


@dataclass(frozen=True, slots=True)
class Beat:
    """What one program said last."""

    name: str
    run: str
    """Which start of it: a beat that an earlier one left behind has another."""
    pid: int
    start: str
    """When the process began, as the system counts it (`start_mark`)."""
    number: int
    lanes: tuple[Lane, ...]
    errors: int = 0
    """How many failures in a row."""
    error: str = ""
    stats: Mapping[str, int] = field(default_factory=dict)
    usual_s: Mapping[str, float] = field(default_factory=dict)
    """For each step: how long it usually stays silent."""
    stacks: str = ""
    """The file its stacks are written to when it is asked (SIGUSR1); empty when it does not know how."""


class Beats(Protocol):
    """How a program says what it is at. Whoever begins something ends it: by the next step, `idle`, `waiting` or `leave`."""

    def step(self, step: str, item: str = "", *, promise_s: float = PROMISE_S, total: float | None = None) -> None:
        """A step begins."""
        ...

    def progress(self, done: float, total: float | None = None) -> None:
        """The step of this thread got further; the same figure again is no progress."""
        ...

    def idle(self, until_s: float) -> None:
        """Nothing to do for so many seconds."""
        ...

    def waiting(self, what: str, *, item: str = "", promise_s: float = PROMISE_S) -> None:
        """For something outside: a reply, a quota, a person."""
        ...

    def stopping(self, what: str = "", *, promise_s: float = PROMISE_S) -> None:
        """Asked to end: nothing new is taken, what is held is finished or handed back."""
        ...

    def leave(self) -> None:
        """This thread has nothing more to say."""
        ...

    def error(self, what: str) -> None:
        """An attempt failed; failures in a row are counted."""
        ...

    def well(self) -> None:
        """An attempt succeeded; the count of failures begins anew."""
        ...

    def stats(self, **figures: int) -> None:
        """The figures people know from `heartbeat.txt`: total, success, failure, count, cancellations."""
        ...

    def work(
        self, step: str, item: str = "", *, promise_s: float = PROMISE_S, total: float | None = None
    ) -> contextlib.AbstractContextManager[None]:
        """A step that ends with its block; what this thread was at before is said again."""
        ...


class NoBeats:
    """For a program nobody watches, and for tests."""

    def step(self, step: str, item: str = "", *, promise_s: float = PROMISE_S, total: float | None = None) -> None:
        """Say nothing."""

    def progress(self, done: float, total: float | None = None) -> None:
        """Say nothing."""

    def idle(self, until_s: float) -> None:
        """Say nothing."""

    def waiting(self, what: str, *, item: str = "", promise_s: float = PROMISE_S) -> None:
        """Say nothing."""

    def stopping(self, what: str = "", *, promise_s: float = PROMISE_S) -> None:
        """Say nothing."""

    def leave(self) -> None:
        """Say nothing."""

    def error(self, what: str) -> None:
        """Say nothing."""

    def well(self) -> None:
        """Say nothing."""

    def stats(self, **figures: int) -> None:
        """Say nothing."""

    def work(
        self,
        step: str,  # noqa: ARG002 -- the shape is the port's
        item: str = "",  # noqa: ARG002 -- the same
        *,
        promise_s: float = PROMISE_S,  # noqa: ARG002 -- the same
        total: float | None = None,  # noqa: ARG002 -- the same
    ) -> contextlib.AbstractContextManager[None]:
        """Say nothing."""
        return contextlib.nullcontext()


class FileBeats:
    """Beats in a small file, replaced whole each time."""

    def __init__(
        self,
        path: Path,
        name: str,
        clock: Clock,
        *,
        run: str = "",
        warn: Callable[[Said], None] = lambda _: None,
        heartbeat: Path | None = None,
        zone: tzinfo | None = None,
        stacks: str = "",
        every_s: float = EVERY_S,
    ) -> None:
        """`heartbeat` is the file older scripts read, its time in `zone`; only the shop's main robot keeps it."""
        self.path, self.name, self.run = path, name, run
        self._clock, self._warn, self._every_s = clock, warn, every_s
        self._heartbeat, self._zone = heartbeat, zone
        self._stacks = stacks
        self._start = start_mark(os.getpid())
        self._gate = threading.RLock()
        self._lanes: dict[threading.Thread, Lane] = {}
        self._usual: dict[str, deque[float]] = {}
        self._stats = dict.fromkeys(STATS, 0)
        self._errors, self._error = 0, ""
        self._number = 0
        self._written_s = self._heartbeat_s = -1e9
        self._failing = False

    def step(self, step: str, item: str = "", *, promise_s: float = PROMISE_S, total: float | None = None) -> None:
        """A step begins."""
        self._say("busy", step, item, None, total, promise_s)

    def progress(self, done: float, total: float | None = None) -> None:
        """The step of this thread got further; the same figure again is no progress."""
        lane = self._mine()
        if lane is None or lane.state != "busy" or lane.done == done:
            return
        self._say("busy", lane.step, lane.item, done, lane.total if total is None else total, lane.promise_s)

    def idle(self, until_s: float) -> None:
        """Nothing to do for so many seconds."""
        self._say("idle", "", "", None, None, until_s)

    def waiting(self, what: str, *, item: str = "", promise_s: float = PROMISE_S) -> None:
        """For something outside: a reply, a quota, a person."""
        self._say("waiting", what, item, None, None, promise_s)

    def stopping(self, what: str = "", *, promise_s: float = PROMISE_S) -> None:
        """Asked to end: nothing new is taken, what is held is finished or handed back."""
        self._say("stopping", what, "", None, None, promise_s)

    def leave(self) -> None:
        """This thread has nothing more to say."""
        with self._gate:
            if self._lanes.pop(threading.current_thread(), None) is not None:
                self._write()

    def error(self, what: str) -> None:
        """An attempt failed; failures in a row are counted."""
        with self._gate:
            self._errors, self._error = self._errors + 1, what[:500]
            self._write()

    def well(self) -> None:
        """An attempt succeeded; the count of failures begins anew."""
        with self._gate:
            if self._errors:
                self._errors, self._error = 0, ""
                self._write()

    def stats(self, **figures: int) -> None:
        """The figures people know from `heartbeat.txt`; they go out with the next beat."""
        with self._gate:
            self._stats.update(figures)

    @contextmanager
    def work(self, step: str, item: str = "", *, promise_s: float = PROMISE_S, total: float | None = None) -> Iterator[None]:
        """A step that ends with its block; what this thread was at before is said again."""
        before = self._mine()
        self.step(step, item, promise_s=promise_s, total=total)
        try:
            yield
        finally:
            if before is None:
                self.leave()
            else:
                self._say(before.state, before.step, before.item, before.done, before.total, before.promise_s)

    # -- inside ---------------------------------------------------------------------------------------------------------

    def _mine(self) -> Lane | None:
        return self._lanes.get(threading.current_thread())

    def _say(self, state: State, step: str, item: str, done: float | None, total: float | None, promise_s: float) -> None:
        now_s = self._clock.monotonic()
        thread = threading.current_thread()
        with self._gate:
            before = self._mine()
            at = self._clock.now().isoformat(timespec="milliseconds")
            lane = Lane(thread.name, state, step, item, done, total, promise_s, now_s, at)
            self._lanes[thread] = lane
            if before is not None:
                self._learn(before, now_s)
            if before is None or _turned(before, lane) or now_s - self._written_s >= self._every_s:
                self._write()

    def _learn(self, before: Lane, now_s: float) -> None:
        """How long a step stayed silent."""
        if before.state not in ("busy", "waiting"):
            return
        samples = self._usual.get(before.step)
        if samples is None:
            if len(self._usual) >= MOST_STEPS:
                return
            samples = self._usual[before.step] = deque(maxlen=SAMPLES)
        samples.append(max(0.0, now_s - before.mono_s))

    def _write(self) -> None:
        now_s = self._clock.monotonic()
        self._number += 1
        self._written_s = now_s
        self._lanes = {  # a thread that ended while it had nothing to do is gone; one that died in a step stays, and is missed
            thread: lane for thread, lane in self._lanes.items() if thread.is_alive() or lane.state != "idle"
        }
        beat = Beat(
            self.name,
            self.run,
            os.getpid(),
            self._start,
            self._number,
            tuple(self._lanes.values()),
            self._errors,
            self._error,
            self._stats,
            {step: round(usual(samples), 3) for step, samples in self._usual.items()},
            self._stacks,
        )
        try:
            replace_quickly(self.path, json.dumps(asdict(beat), ensure_ascii=False))
            if self._heartbeat is not None and now_s - self._heartbeat_s >= HEARTBEAT_EVERY_S:
                replace_quickly(self._heartbeat, self._three_lines())
                self._heartbeat_s = now_s
            self._failing = False
        except OSError as error:
            if not self._failing:
                self._failing = True
                self._warn(FAILED(what=what_of(error)))

    def _three_lines(self) -> str:
        """What older scripts read: local time, PID, figures."""
        at = self._clock.now().astimezone(self._zone).replace(tzinfo=None)
        return f"{at.isoformat()}\nPID: {os.getpid()}\nStats: {self._stats}\n"


def _turned(before: Lane, after: Lane) -> bool:
    """Whether a beat says something else, not only something further."""
    return (before.state, before.step, before.item, before.promise_s) != (after.state, after.step, after.item, after.promise_s)


def usual(samples: deque[float]) -> float:
    """What a step usually takes: nine of ten took no longer."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.9))]


# -- reading ------------------------------------------------------------------------------------------------------------


def read_beat(path: Path) -> Beat | None:
    """The last beat; nothing when there is none, or when the file does not hold one."""
    try:
        with path.open("rb") as file:
            raw: Any = json.loads(file.read(READABLE_BYTES))
        lanes = tuple(_lane(lane) for lane in raw.pop("lanes"))
        beat = Beat(lanes=lanes, **raw)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    shapes = {"pid": int, "number": int, "errors": int, "usual_s": dict, "stats": dict, "stacks": str, "run": str}
    return beat if all(isinstance(getattr(beat, name), shape) for name, shape in shapes.items()) else None


def _lane(raw: Any) -> Lane:
    lane = Lane(**raw)
    numbers = (lane.promise_s, lane.mono_s, *(n for n in (lane.done, lane.total) if n is not None))
    if lane.state not in get_args(State) or not all(isinstance(n, int | float) for n in numbers):
        raise ValueError("not a lane")
    return lane


# -- when a process began -----------------------------------------------------------------------------------------------

if sys.platform == "linux":
    _AFTER_NAME: Final = 19
    """Where the start stands in /proc/PID/stat, counted behind the program's name (which may hold anything)."""

    def start_mark(pid: int) -> str:
        """When a process began, in ticks since boot: no setting of the clock moves it; empty when it is gone or a zombie."""
        try:
            with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123 -- read for every look at every child
                facts = file.read(4096).rpartition(b")")[2].split()
            return "" if facts[0] in (b"Z", b"X") else facts[_AFTER_NAME].decode()
        except (OSError, IndexError):
            return ""

elif sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _QUERY: Final = 0x1000  # PROCESS_QUERY_LIMITED_INFORMATION

    def start_mark(pid: int) -> str:
        """When a process began, in 100 ns as the kernel noted it; empty when it is gone."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.OpenProcess.restype = wintypes.HANDLE
        kernel.OpenProcess.argtypes = (wintypes.DWORD, wintypes.BOOL, wintypes.DWORD)
        kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
        kernel.GetProcessTimes.argtypes = (wintypes.HANDLE, *(ctypes.POINTER(wintypes.FILETIME),) * 4)
        handle = kernel.OpenProcess(_QUERY, False, pid)
        if not handle:
            return ""
        try:
            began, ended, system, user = (wintypes.FILETIME() for _ in range(4))
            got = kernel.GetProcessTimes(handle, *(ctypes.byref(t) for t in (began, ended, system, user)))
            gone = bool(ended.dwLowDateTime or ended.dwHighDateTime)
            return "" if not got or gone else str((began.dwHighDateTime << 32) | began.dwLowDateTime)
        finally:
            kernel.CloseHandle(handle)

else:

    def start_mark(pid: int) -> str:
        """This system does not tell without help; the guard asks psutil."""
        del pid
        return ""
