"""Does it to the running installation: ends, stops, blinds, fills up, locks out; and measures until everything works again.

For: `onbam drill`.
Promises: a program that is to be hurt is first asked to take nothing new and finishes what it holds; the trouble comes from
outside, as a real one would, and the guard is not told what to do about it, only that the figures are a drill's; whatever was
done is taken back by a helper that also outlives us; at most one drill at a time.
Refuses: business hours unless told otherwise; a program in the middle of an order; what this system cannot take back.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil

from onbam.care import drill_undo
from onbam.care import drill_words as say
from onbam.care.drill import LASTS_S, LONGEST_S, TARGETS_S, Kind, Outcome
from onbam.guard import door
from onbam.guard.calling import Caller
from onbam.guard.report import read
from onbam.kernel.child import PAUSE_SUFFIX
from onbam.kernel.clock import Clock
from onbam.kernel.errors import OnbamError, Refused
from onbam.kernel.filelock import turn
from onbam.kernel.words import Said

DRAIN_LIMIT_S: Final = 60.0
"""How long a program may take to finish what it holds before a drill gives up."""
RESTS_S: Final = 1.0
"""So long nothing is held before a program that was asked to take nothing new counts as drained."""
LIMIT_S: Final = 300.0
"""A recovery that takes longer counts as none."""
CLOCK_BY_S: Final = -3_600.0
LOOK_EVERY_S: Final = 0.02
LOCK_NAME: Final = "drill.lock"
LOCK_LIMIT_S: Final = 0.1
HOLDING: Final = frozenset({"busy", "waiting", "stopping"})
Store = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted."""

    kind: Kind
    program: str = ""
    """Empty: the main program, or the first that works."""
    seconds: float | None = None
    """How long the trouble lasts."""
    force: bool = False
    """Also in business hours, also a program in the middle of something."""
    limit_s: float = LIMIT_S


class Drills:
    """The six."""

    def __init__(
        self, caller: Caller, host: str, *, is_open: Callable[[], bool], store: Store, tell: Callable[[Said], None]
    ) -> None:
        """`store`: keeps everybody out of the database for the length of a block."""
        self._caller, self._host, self._is_open, self._store, self._tell = caller, host, is_open, store, tell
        self._clock: Clock = caller.clock
        self._run = caller.run

    def check(self, order: Order) -> str:
        """Whether it may be done now, and to whom; raises `Refused`, or `Transient` without a guard."""
        if order.kind == "disk" and not drill_undo.CAN_TAKE_ROOM:
            raise Refused(say.NOT_HERE, say.NOT_HERE_HINT)
        if not order.force and self._is_open():
            raise Refused(say.OPEN_HOURS, say.OPEN_HOURS_HINT)
        status = self._status()
        working = [one["name"] for one in status["processes"] if one["state"] == "up"]
        name = order.program or (status["main"] if status["main"] in working else next(iter(working), ""))
        if name not in working:
            raise Refused(say.NOT_UP(name=name or "-"), say.NOT_UP_HINT(names=", ".join(working) or "-"))
        return str(name)

    def do(self, order: Order) -> Outcome:
        """All of it."""
        name = self.check(order)
        lasts_s = min(LASTS_S[order.kind] if order.seconds is None else order.seconds, LONGEST_S)
        with turn(self._run / LOCK_NAME, self._clock, LOCK_LIMIT_S):
            return self._done(order, name, lasts_s)

    # -- the frame of every drill ----------------------------------------------------------------------------------------

    def _done(self, order: Order, name: str, lasts_s: float) -> Outcome:
        acts: Mapping[Kind, Callable[[str, float, float], float]] = {
            "kill": self._kill,
            "hang": self._hang,
            "sleep": self._sleep,
            "clock": self._set_clock,
            "disk": self._disk,
            "store-down": self._store_down,
        }
        hurts = order.kind in ("kill", "hang", "disk")
        before = {one["name"]: one["pid"] for one in self._status()["processes"] if one["state"] == "up"}
        at = self._clock.now()
        with ExitStack() as around:
            if hurts:
                around.enter_context(self._drained(name, force=order.force))
            elif not order.force:
                self._nothing_held()
            around.enter_context(self._marked(order.kind, name if hurts else "", lasts_s + order.limit_s))
            self._tell(say.BEGINS[order.kind](name=name, seconds=lasts_s))
            try:
                took_s: float | None = acts[order.kind](name, lasts_s, order.limit_s)
            except TimeoutError:
                took_s = None
            lost = self._lost(before, name if hurts else "")
        return Outcome(order.kind, self._host, name, at, took_s, TARGETS_S[order.kind], lost)

    @contextmanager
    def _marked(self, kind: Kind, program: str, seconds: float) -> Iterator[None]:
        """The guard knows that what happens is a drill's."""
        names = [program] if program else []
        shift = {"shift_s": CLOCK_BY_S} if kind == "clock" else {}
        self._ask({"do": "drill", "what": kind, "names": names, "seconds": seconds, **shift})
        try:
            yield
        finally:
            with contextlib.suppress(OnbamError):  # a guard that is gone knows of no drill
                self._ask({"do": "drill", "what": ""})

    @contextmanager
    def _drained(self, name: str, *, force: bool) -> Iterator[None]:
        """The program takes nothing new, and has finished what it held."""
        note = next(one for one in self._status()["notes"] if one["name"] == name)
        mark = Path(note["beat"]).with_suffix(PAUSE_SUFFIX)
        mark.touch()
        try:
            if not force:
                self._until_it_rests(name)
            yield
        except TimeoutError:
            raise Refused(say.BUSY(name=name), say.BUSY_HINT) from None
        finally:
            if self._one(name).get("pid") == note["pid"]:  # its successor was started without the mark
                mark.unlink(missing_ok=True)

    def _until_it_rests(self, name: str) -> None:
        """It holds nothing, for so long that whatever it was about to take when the mark came would be seen."""
        rests_s = float("inf")

        def rests() -> bool:
            nonlocal rests_s
            now_s = self._clock.monotonic()
            one = self._one(name)
            held = one.get("life") is None or holds(one)
            rests_s = float("inf") if held else min(rests_s, now_s)
            return now_s - rests_s >= RESTS_S

        self._until(rests, DRAIN_LIMIT_S)

    def _nothing_held(self) -> None:
        for one in self._status()["processes"]:
            if holds(one):
                raise Refused(say.BUSY(name=one["name"]), say.BUSY_HINT)

    def _lost(self, before: Mapping[str, int], hurt: str) -> int:
        """Programs that were well and have another process now."""
        after = {one["name"]: one["pid"] for one in self._status()["processes"]}
        return sum(1 for name, pid in before.items() if name != hurt and after.get(name) != pid)

    # -- the six ---------------------------------------------------------------------------------------------------------

    def _kill(self, name: str, _: float, limit_s: float) -> float:
        """As hard as the system can."""
        pid, begun_s = self._one(name)["pid"], self._clock.monotonic()
        psutil.Process(pid).kill()
        return self._until(lambda: self._replaced(name, pid), limit_s, begun_s)

    def _hang(self, name: str, _: float, limit_s: float) -> float:
        """It stands still, alive and silent."""
        pid = self._one(name)["pid"]
        process, begun_s = psutil.Process(pid), self._clock.monotonic()
        process.suspend()
        try:
            return self._until(lambda: self._replaced(name, pid), limit_s, begun_s)
        finally:
            with contextlib.suppress(psutil.Error):
                process.resume()

    def _sleep(self, _: str, lasts_s: float, limit_s: float) -> float:
        """Everything of ours stands still, the guard first, as when the PC sleeps."""
        status = self._status()
        found = [int(status["guard"]["pid"])]
        for note in status["notes"]:
            found += [one.pid for one in self._caller.system.family(note["run"], note["pid"], note["start"])]
        before = self._pids()
        with self._undone({"asleep": [known for pid in found for known in _known(pid)]}):
            for pid in found:
                with contextlib.suppress(psutil.Error):
                    psutil.Process(pid).suspend()
            self._clock.wait(lasts_s)
        woke_s = self._clock.monotonic()
        return self._until(lambda: self._all_well(before, since_s=woke_s), limit_s, woke_s)

    def _set_clock(self, _: str, lasts_s: float, limit_s: float) -> float:
        """An hour back for the guard, which decides by the time of day; then right again."""
        before = self._pids()
        self._clock.wait(lasts_s)
        self._ask({"do": "drill", "what": "clock", "seconds": limit_s, "shift_s": 0.0})
        return self._until(lambda: self._all_well(before), limit_s)

    def _disk(self, name: str, lasts_s: float, limit_s: float) -> float:
        """The guard and what it starts can write nothing; a program crashes in the middle of it; then there is room again."""
        status = self._status()
        guard, pid = int(status["guard"]["pid"]), self._one(name)["pid"]
        key = next(one["run"] for one in status["notes"] if one["name"] == name).partition("-")[0]
        seen = max((told.n for told in read(self._run)), default=0)
        before = self._pids(but=name)
        with self._undone({"guard": _known(guard), "key": key}):
            drill_undo.take_room(guard)
            psutil.Process(pid).kill()
            with contextlib.suppress(TimeoutError):
                self._until(lambda: self._one(name)["pid"] not in (None, pid), lasts_s)
        told: Callable[[], bool] = lambda: any(one.what == "process.died" for one in read(self._run, seen))  # noqa: E731
        return self._until(lambda: self._replaced(name, pid) and self._all_well(before) and told(), limit_s)

    def _store_down(self, _: str, lasts_s: float, limit_s: float) -> float:
        """Nobody reaches the database; then everybody does again."""
        before = self._pids()
        with self._store():
            self._clock.wait(lasts_s)
        free_s = self._clock.monotonic()
        return self._until(lambda: self._all_well(before, since_s=free_s, without_errors=True), limit_s, free_s)

    # -- looking ---------------------------------------------------------------------------------------------------------

    def _pids(self, but: str = "") -> dict[str, int]:
        return {one["name"]: one["pid"] for one in self._status()["processes"] if one["state"] == "up" and one["name"] != but}

    def _replaced(self, name: str, pid: int) -> bool:
        one = self._one(name)
        return one.get("state") == "up" and one["pid"] not in (None, pid)

    def _all_well(self, names: Mapping[str, int], since_s: float | None = None, *, without_errors: bool = False) -> bool:
        """Whether each of them works; where asked for, with a sign of life since then and no failure since its last success."""
        status = self._status()
        now_s = self._clock.monotonic()
        for one in (one for one in status["processes"] if one["name"] in names):
            if one["state"] != "up" or one["life"] == "stuck":
                return False
            age_s = one["beat_age_s"]
            if since_s is not None and age_s is not None and now_s - age_s < since_s:
                return False
            if without_errors and one["errors"]:
                return False
        return True

    def _one(self, name: str) -> dict[str, Any]:
        with contextlib.suppress(OnbamError):
            return next((one for one in self._status()["processes"] if one["name"] == name), {})
        return {}

    def _status(self) -> dict[str, Any]:
        return door.ask(self._run, {"do": "status"})

    def _ask(self, request: Mapping[str, Any]) -> None:
        door.ask(self._run, {**request, "who": "system:drill"})

    def _until(self, is_so: Callable[[], bool], limit_s: float, begun_s: float | None = None) -> float:
        """How long it took; raises `TimeoutError`."""
        begun_s = self._clock.monotonic() if begun_s is None else begun_s
        while True:
            with contextlib.suppress(OnbamError):
                if is_so():
                    return self._clock.monotonic() - begun_s
            if self._clock.monotonic() - begun_s > limit_s:
                raise TimeoutError
            self._clock.wait(LOOK_EVERY_S)

    @contextmanager
    def _undone(self, what: Mapping[str, Any]) -> Iterator[None]:
        """The trouble of the block is taken back at its end by the helper, which was there before it."""
        helper = subprocess.Popen(  # noqa: S603 -- our own words
            [sys.executable, "-P", "-m", drill_undo.__name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert helper.stdin is not None
        assert helper.stdout is not None
        with helper:
            helper.stdin.write(json.dumps(what) + "\n")
            helper.stdin.flush()
            if helper.stdout.readline() != "ready\n":
                raise Refused(say.NO_HELPER, say.NO_HELPER_HINT)
            try:
                yield
            finally:
                helper.stdin.close()
                helper.wait()


def holds(one: Mapping[str, Any]) -> bool:
    """Whether a program is in the middle of something; one that tells nothing of what it does holds nothing we know of."""
    return one["life"] in HOLDING and (one["beat_age_s"] is not None or bool(one["item"]))


def _known(pid: int) -> list[tuple[int, float]]:
    """A process by number and beginning; nothing when it is gone."""
    try:
        return [(pid, psutil.Process(pid).create_time())]
    except psutil.Error:
        return []
