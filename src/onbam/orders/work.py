"""The two strands of an agent: one prepares orders, the other enters them in the ERP's turns.

For: the agent.
Promises: while the ERP's spacing runs, the documents of the next orders are fetched; never more orders in hand than can be
entered before their leases end; a stop, a rest or a lost log-in takes no new orders and hands back those that only wait; a
clean stop finishes the call that is under way and hands everything else back.
Refuses: to sleep inside a step: it says when it wants to be called again.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Final

from onbam.claims.claims import Claims
from onbam.claims.held import Held
from onbam.claims.keeper import Keeper
from onbam.connectors.ecount.contract import Turn
from onbam.effects.ports import Brakes
from onbam.kernel.beats import PROMISE_S, Beats
from onbam.kernel.clock import Clock
from onbam.kernel.errors import CredentialsRejected, Misconfigured, Transient
from onbam.kernel.words import Said, kept
from onbam.logs.voice import get_logger
from onbam.orders import flow_words as say
from onbam.orders.attempt import BOOK_AGAIN, Attempts
from onbam.orders.flow import Flow, Ready
from onbam.orders.health import Health
from onbam.orders.in_work import spare
from onbam.orders.model import KIND

SHARE_OF_LIMIT: Final = 4
"""What is in hand is entered within this part of the outer limit of a lease."""
SHORT_REST_S: Final = 30.0
"""While the ERP rests no longer than this, orders that are ready wait for it; else they go back."""
WAIT_LEAST_S: Final = 0.001
QUIET_S: Final = 0.1
"""A wait of at least so long is said on the board; a shorter one is over before anybody could read it."""
IDLE_PROMISE: Final = 3.0
DOWNLOADING: Final = kept(say.DOWNLOADING)
log: Final = get_logger("orders")


def due_s(look_s: float) -> float:
    """When an idle strand is due again: after some looks, no sooner than a step would be, as a look waits for a busy store."""
    return max(look_s * IDLE_PROMISE, PROMISE_S)


class Line:
    """What is ready for the ERP, between the two strands."""

    def __init__(self) -> None:
        self._ready: deque[Ready] = deque()
        self._untold: deque[Ready] = deque()
        self._lock = threading.Lock()
        self.wake: Callable[[], None] = lambda: None
        """Calls the second strand."""

    def put(self, ready: Ready) -> None:
        """One more."""
        with self._lock:
            self._ready.append(ready)
            self._untold.append(ready)
        self.wake()

    def first(self) -> Ready | None:
        """The next one, which stays; one whose lease is gone is forgotten."""
        with self._lock:
            while self._ready and self._ready[0].held.lost.is_set():
                self._ready.popleft()
            return self._ready[0] if self._ready else None

    def untold(self) -> Ready | None:
        """One that waits here and of which nothing was said yet; it is answered once."""
        with self._lock:
            while self._untold:
                ready = self._untold.popleft()
                if any(one is ready for one in self._ready):
                    return ready
        return None

    def drop(self, ready: Ready) -> None:
        """It has been dealt with."""
        with self._lock:
            if ready in self._ready:
                self._ready.remove(ready)

    def empty(self) -> list[Ready]:
        """Take all of them out."""
        with self._lock:
            every = list(self._ready)
            self._ready.clear()
        return every

    def __len__(self) -> int:
        with self._lock:
            return len(self._ready)


class Preparing:
    """The first strand: takes orders that are due, one after the other, and prepares them."""

    name = "preparing"

    def __init__(
        self,
        claims: Claims,
        attempts: Attempts,
        line: Line,
        stops: Brakes,
        healths: Sequence[Health],
        keeper: Keeper,
        *,
        beats: Beats,
        in_hand: int,
        look_s: float,
        drains: Callable[[], bool] = lambda: False,
        begun: Collection[str] | None = None,
    ) -> None:
        """`begun`: what a process before us in this seat was at when it died; none when nobody knows."""
        self._claims = claims
        self._attempts = attempts
        self._line = line
        self._stops = stops
        self._healths = healths
        self._keeper = keeper
        self._beats = beats
        self._in_hand = in_hand
        self._look_s = look_s
        self._drains = drains
        self._begun = begun
        self._taken: deque[Held] = deque()
        self.idle = threading.Event()
        """Set while there is nothing to take."""
        self.refuses: Said | None = None
        """Why nothing is taken, as of the last look."""

    def start(self) -> None:
        """What a process before us in this seat was at is ours to go on with; what it only held is free for anybody."""
        spare(self._claims, self._begun, kept(say.NOT_BEGUN))
        self._taken.extend(self._claims.recover().held)

    def step(self, now: datetime) -> float:  # noqa: ARG002 -- orders are due by the store's clock
        """Prepare one order, or look for some."""
        stop = self.refuses = self._why_not()
        if stop is not None:
            self._hand_back(stop)
            self.idle.set()
            self._beats.idle(due_s(self._look_s))
            return self._look_s
        if not self._taken:
            self.idle.clear()  # a slow store has given them to us before it has answered
            try:
                self._take()
            finally:
                if not self._taken and not len(self._line):
                    self.idle.set()
        if not self._taken:
            self._keeper.doing = ""
            self._beats.idle(due_s(self._look_s))
            return self._look_s
        self.idle.clear()
        held = self._taken.popleft()
        if not held.lost.is_set():
            self._keeper.doing = held.ref.key
            ready = self._attempts.prepare(held)
            if ready is not None:
                self._line.put(ready)
        return 0.0

    def stop(self) -> None:
        """What was not begun goes back."""
        self._hand_back(say.STOPPING())
        self._beats.leave()

    def _why_not(self) -> Said | None:
        """Why no order is taken now."""
        stop = say.STOPPING() if self._drains() else self._stops()
        if stop is not None:
            return stop
        for health in self._healths:
            if health.stopped is not None:
                return health.stopped
            if health.rests_s > 0:
                return say.RESTS(connector=health.name)
        return None

    def _take(self) -> None:
        """As many as there is room for, several at a time. What is prepared counts: it is held as well."""
        room = self._in_hand - len(self._claims.held)
        if room > 0 and (2 * room >= self._in_hand or not len(self._line)):
            self._taken.extend(self._claims.take_due([KIND], room, note=DOWNLOADING))

    def _hand_back(self, why: Said) -> None:
        while self._taken:
            self._attempts.give_back(self._taken.popleft(), why)


class Entering:
    """The second strand: one order at a time, in the ERP's turns."""

    name = "entering"

    def __init__(
        self,
        flow: Flow,
        attempts: Attempts,
        line: Line,
        stops: Brakes,
        health: Health,
        *,
        clock: Clock,
        beats: Beats,
        lead_s: float,
        look_s: float,
        done: Callable[[], None] = lambda: None,
    ) -> None:
        self._flow = flow
        self._attempts = attempts
        self._line = line
        self._stops = stops
        self._health = health
        self._clock = clock
        self._beats = beats
        self._lead_s = lead_s
        self._look_s = look_s
        self._done = done
        """Told after each order: there is room for another."""
        self._turn: Turn | None = None
        self._missed = 0

    def start(self) -> None:
        """Nothing to get ready."""

    def step(self, now: datetime) -> float:  # noqa: ARG002 -- turns are measured on the monotonic clock
        """Book a turn, or use it."""
        ready = self._line.first()
        if ready is None:
            self._flow.keep_receipts()
            self._beats.idle(due_s(self._look_s))
            return self._look_s
        stop = self._stops() or self._health.stopped
        if stop is not None or self._health.rests_s > SHORT_REST_S:
            self._hand_back(stop or say.RESTS(connector=self._health.name))
            return self._look_s
        if self._health.rests_s > 0:
            return min(self._look_s, self._health.rests_s)
        turn = self._fresh_turn() or self._booked()
        if turn is None:
            return min(self._look_s, self._health.rests_s or self._look_s)
        wait_s = turn.wait_s(self._clock.monotonic()) - self._lead_s
        if wait_s > max(QUIET_S, self._lead_s) and self._tidied():
            return 0.0  # that took time: how long is there still?
        if wait_s > WAIT_LEAST_S:
            self._beats.waiting("turn", item=ready.held.ref.key, promise_s=wait_s + due_s(self._look_s))
            return wait_s
        self._turn = None
        self._use(ready, turn)
        return 0.0

    def stop(self) -> None:
        """What only waits goes back."""
        self._hand_back(say.STOPPING())
        self._flow.keep_receipts()
        self._beats.leave()

    def _tidied(self) -> bool:
        """While there is time: keep the ERP's last answers, and say of an order that it waits. False: nothing was left."""
        self._flow.keep_receipts()
        ready = self._line.untold()
        if ready is not None:
            self._attempts.waits(ready)
        return ready is not None

    def _fresh_turn(self) -> Turn | None:
        """The one that was booked, unless it has passed."""
        if self._turn is not None and self._clock.monotonic() > self._turn.at_s + self._turn.late_after_s:
            self._turn = None
        return self._turn

    def _booked(self) -> Turn | None:
        """The next free moment; none while the ERP cannot be asked, which its health has noted."""
        try:
            self._turn = self._flow.turn()
        except Transient as error:
            if not self._health.rests_s:  # asking was the trouble, and it says nothing about how long
                log.info(error.message, error=error)
            return None
        except (CredentialsRejected, Misconfigured) as error:
            log.warning(error.message, error=error)
            return None
        return self._turn

    def _use(self, ready: Ready, turn: Turn) -> None:
        """The turn has come."""
        if self._attempts.enter(ready, turn):
            self._missed = 0
        else:
            self._missed += 1
            if self._missed < BOOK_AGAIN:
                return
            self._missed = 0
            self._attempts.give_back(ready.held, say.TURNS_MISSED())
        self._line.drop(ready)
        self._done()

    def _hand_back(self, why: Said) -> None:
        for ready in self._line.empty():
            self._attempts.give_back(ready.held, why)


def most_in_hand(wanted: int, limit_s: float, spacing_s: float) -> int:
    """How many may be held: those that can be entered well before the outer limit of a lease, and one at least."""
    return max(1, min(wanted, int(limit_s / SHARE_OF_LIMIT / spacing_s))) if spacing_s > 0 else wanted
