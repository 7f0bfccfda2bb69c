"""One strand at a time: real threads that hand a baton round, on a clock that never waits.

For: simulated histories. Whatever would wait (a call on its way, a pause, a lease) names a moment, and the earliest moment
runs next; equal moments are drawn from the seed.
Promises: exactly one strand runs, so a seed tells one history; a killed process does nothing more, not even in its `finally`;
what is already on its way arrives although its sender died or sleeps; a strand that keeps the baton, and strands that all wait
for each other, are named.
Refuses: real time. A strand that waits for anything but this scheduler stops the history, and the history says where.
"""

from __future__ import annotations

import heapq
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Final

from onbam.kernel.chance import Chance

STEPS_MAX: Final = 100_000
"""More steps than this is a history without an end."""
STUCK_S: Final = 60.0
"""Real seconds in which the baton must move once; many, for a machine that hardly lets us run."""
FOREVER: Final = float("inf")


class Crashed(BaseException):
    """This strand's process has died. Not an `Exception`: nothing may catch it but the scheduler."""


class Stuck(AssertionError):
    """The history cannot go on; says which strand is where."""


class Bell(threading.Event):
    """An event of this history: setting it wakes whoever listens, so that nobody has to look at it again and again."""

    def __init__(self, scheduler: Scheduler) -> None:
        super().__init__()
        self._scheduler = scheduler

    def set(self) -> None:
        """Ring."""
        super().set()
        self._scheduler.rung(self)


class Process:
    """Strands that die together, and may be frozen together."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.alive = True
        self.frozen_until = 0.0
        self.strands: list[Strand] = []

    def check(self) -> None:
        """Nothing is done by the dead."""
        if not self.alive:
            raise Crashed


class Strand:
    """One thread of one process."""

    __slots__ = ("body", "done", "gate", "name", "process", "stop", "thread", "ticket")

    def __init__(self, name: str, process: Process, body: Callable[[], None]) -> None:
        self.name = name
        self.process = process
        self.body = body
        self.gate = threading.Lock()
        self.gate.acquire()
        self.stop: threading.Event | None = None
        """While it waits: what ends the wait early."""
        self.ticket = 0
        """Its place in the queue; an older place is void."""
        self.done = False
        self.thread: threading.Thread | None = None


class Scheduler:
    """Who runs next."""

    def __init__(self, chance: Chance, *, steps_max: int = STEPS_MAX, stuck_s: float = STUCK_S) -> None:
        self.now_s = 0.0
        """The true time of this history, in seconds since it began."""
        self.steps = 0
        self.current: Strand | None = None
        self._draw = chance.random
        self._steps_max = steps_max
        self._stuck_s = stuck_s
        self._queue: list[tuple[float, float, int, Strand | Callable[[], None]]] = []
        self._tickets = 0
        self._listening: list[Strand] = []
        """Strands whose wait ends early when an event is set that cannot tell us so."""
        self._living: list[Strand] = []
        self._over = threading.Lock()
        self._over.acquire()
        self._trouble: BaseException | None = None

    # -- for the director -----------------------------------------------------------------------------------------------

    def spawn(self, process: Process, name: str, body: Callable[[], None], after_s: float = 0.0) -> None:
        """A new strand; it begins after so long."""
        strand = Strand(name, process, body)
        process.strands.append(strand)
        self._living.append(strand)
        self._put(strand, self.now_s + after_s)

    def at(self, moment: float, happens: Callable[[], None]) -> None:
        """Something happens at a moment, whoever is alive then. It may not wait."""
        self._tickets += 1
        heapq.heappush(self._queue, (moment, self._draw(), self._tickets, happens))

    def run(self) -> None:
        """Let the history happen; returns when every strand has ended, raises what a strand could not handle."""
        first = self._pick()
        if first is None:
            return
        self._give(first)
        seen = -1
        while not self._over.acquire(timeout=self._stuck_s):
            if seen == self.steps:
                raise Stuck(self._where(self.current))
            seen = self.steps
        if self._trouble is not None:
            raise self._trouble

    def kill(self, process: Process) -> None:
        """The process dies now. Its strands end the next time they would run, which is at once."""
        process.alive = False
        for strand in process.strands:
            if not strand.done and strand is not self.current:
                self._put(strand, self.now_s)

    def freeze(self, process: Process, seconds: float) -> None:
        """Nothing of this process runs for so long; what is on its way arrives meanwhile."""
        process.frozen_until = max(process.frozen_until, self.now_s + seconds)

    def rung(self, bell: Bell) -> None:
        """Whoever waits for this one goes on."""
        for strand in self._living:
            if strand.stop is bell:
                self._put(strand, self.now_s)

    # -- for the strands ------------------------------------------------------------------------------------------------

    def pause(self, seconds: float, stop: threading.Event | None = None) -> bool:
        """The running strand lets `seconds` pass; true when `stop` was set first."""
        me = self.current
        assert me is not None, "only a strand of this history may wait here"
        me.process.check()
        if stop is not None:
            if stop.is_set():
                seconds = 0.0
            me.stop = stop
            if not isinstance(stop, Bell):
                self._listening.append(me)
        self._put(me, self.now_s + max(seconds, 0.0))
        self._hand_over(me)
        if stop is not None:
            me.stop = None
            if not isinstance(stop, Bell):
                self._listening.remove(me)
        if self._trouble is not None:
            raise Crashed
        me.process.check()
        return stop is not None and stop.is_set()

    # -- the baton ------------------------------------------------------------------------------------------------------

    def _put(self, strand: Strand, moment: float) -> None:
        """A moment for a strand; the one it had before is void."""
        self._tickets += 1
        strand.ticket = self._tickets
        heapq.heappush(self._queue, (moment, self._draw(), self._tickets, strand))

    def _pick(self) -> Strand | None:
        """The strand whose moment comes next; time moves on to it, and what happens before it happens."""
        queue = self._queue
        while queue:
            if self._listening:
                self._listen()
            moment, _, ticket, what = heapq.heappop(queue)
            if not isinstance(what, Strand):
                self.now_s = max(self.now_s, moment)
                self.steps += 1
                self._let(what)
                continue
            if what.done or ticket != what.ticket:
                continue
            process = what.process
            if process.frozen_until > moment and process.alive and self._trouble is None:
                self._put(what, process.frozen_until)
                continue
            if moment == FOREVER and self._trouble is None:
                self._fail(Stuck("all strands wait for each other"))
                continue
            self.now_s = max(self.now_s, moment) if moment != FOREVER else self.now_s
            self.steps += 1
            return what
        return None

    def _listen(self) -> None:
        """Look at the events that cannot tell us."""
        for strand in self._listening:
            if strand.stop is not None and strand.stop.is_set():
                strand.stop = None
                self._put(strand, self.now_s)

    def _let(self, happens: Callable[[], None]) -> None:
        """Something happens; whoever picked is not to blame for it."""
        try:
            happens()
        except BaseException as error:  # noqa: BLE001 -- carried to the one who runs the history
            self._fail(error)

    def _hand_over(self, me: Strand) -> None:
        """The next one runs; `me` goes on when its own moment comes."""
        following = self._pick()
        if self.steps > self._steps_max and self._trouble is None:
            self._fail(Stuck(f"no end after {self.steps} steps"))
        if following is me:
            return
        assert following is not None, "whoever waits stands in the queue"
        self._give(following)
        me.gate.acquire()

    def _give(self, strand: Strand) -> None:
        self.current = strand
        if strand.thread is None:
            strand.thread = threading.Thread(target=self._live, args=(strand,), name=f"sim {strand.name}", daemon=True)
            strand.thread.start()
        else:
            strand.gate.release()

    def _live(self, me: Strand) -> None:
        """A strand's life, in its own thread."""
        try:
            if me.process.alive and self._trouble is None:
                me.body()
        except Crashed:
            pass
        except BaseException as error:  # noqa: BLE001 -- carried to the one who runs the history
            self._fail(error)
        me.done = True
        self._living.remove(me)
        following = self._pick()
        if following is None:
            self._over.release()
        else:
            self._give(following)

    def _fail(self, error: BaseException) -> None:
        """After trouble every strand is woken, to unwind."""
        if self._trouble is None:
            self._trouble = error
            for strand in self._living:
                if not strand.done:
                    self._put(strand, self.now_s)

    def _where(self, strand: Strand | None) -> str:
        """Where the strand is that does not let go of the baton."""
        if strand is None or strand.thread is None or strand.thread.ident is None:
            return "no strand holds the baton"
        frame = sys._current_frames().get(strand.thread.ident)  # noqa: SLF001 -- the documented way to see a hung thread
        lines = traceback.format_stack(frame)[-6:] if frame is not None else ["(gone)"]
        return f"{strand.name} keeps the baton:\n{''.join(lines)}"
