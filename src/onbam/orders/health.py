"""How one connector is, as far as this agent has met it: works, rests for a while, or is stopped until a person has acted.

For: the flow and the agent, which ask before they take an order that needs it.
Promises: several troubles in a row, whatever the order, are the connector's and not the orders': it rests, a little longer
each time, and one notice says so; rejected credentials stop it at once and for good, with one notice; the first call
that works closes both notices, whichever PC made it. The same definite no to one order after the other rests it too.
Refuses: to try a rejected log-in again by itself; to let an outage use up the tries of each order; to fail because the inbox
is out of reach: then the notice waits for the next time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from onbam.kernel.chance import Chance
from onbam.kernel.clock import Clock
from onbam.kernel.errors import StoreAway, Transient
from onbam.kernel.words import Said, Text, kept, spoken
from onbam.notices.model import Cause, Severity
from onbam.notices.ports import LIST_MAX, Notices
from onbam.orders import flow_words as say
from onbam.orders.denials import FIRST, Denials

IN_A_ROW: Final = 3
"""So many passing troubles without a success between are the connector's."""
REST_FIRST_S: Final = 15.0
REST_MAX_S: Final = 300.0
LONG_REST_S: Final = 900.0
"""A rest so long that a site asks for is told at once: nothing is entered till then."""
COSTLY: Final = 6
"""So much longer is the rest where each try puts one more order in front of a person: a minute and a half to half an hour."""
STOPPED: Final = "credentials:"
AWAY: Final = "connector:"
ALIKE: Final = "alike:"
"""How the keys of the three notices begin."""


class Health:
    """One connector's."""

    def __init__(
        self,
        name: str,
        shown: Text,
        notices: Notices,
        clock: Clock,
        chance: Chance,
        *,
        who: str,
        rest_first_s: float = REST_FIRST_S,
        rest_max_s: float = REST_MAX_S,
        lifted_ms: Callable[[], int] = lambda: 0,
    ) -> None:
        """`lifted_ms`: when a person last said that what it was stopped for is mended."""
        self.name = name
        self.shown = shown
        self._notices = notices
        self._clock = clock
        self._chance = chance
        self._who = who
        self._rest_first_s = rest_first_s
        self._rest_max_s = rest_max_s
        self._lock = threading.Lock()
        self._in_a_row = 0
        self._rests_until = float("-inf")
        self._lifted_ms = lifted_ms
        self._stopped: Said | None = None
        self._known_ms = 0
        self._unproven = True
        """No call has worked since the start: an old notice may still be open."""
        self.denials = Denials(clock, self._rest_s, self._alike, lambda: self._close(ALIKE))

    @property
    def stopped(self) -> Said | None:
        """Why it is not used any more; none while it may be."""
        if self._stopped is not None and self._lifted() > self._known_ms:
            self._stopped = None
        return self._stopped

    @property
    def rests_s(self) -> float:
        """For how long it is left alone; 0 when it may be used now."""
        return max(self.denials.rests_s, self._rests_until - self._clock.monotonic(), 0.0)

    @property
    def away(self) -> bool:
        """Whether its troubles are its own and not an order's."""
        return self._in_a_row >= IN_A_ROW

    def well(self) -> None:
        """A call worked."""
        with self._lock:
            news = self._unproven or self._in_a_row >= IN_A_ROW
            self._in_a_row, self._rests_until = 0, float("-inf")
        if not news:
            return
        self._unproven = not self._close(AWAY, STOPPED)

    def troubled(self, error: Transient) -> None:
        """A call met passing trouble; one that says how long to wait is obeyed. Our own store's is not the connector's."""
        if isinstance(error, StoreAway):
            return
        with self._lock:
            self._in_a_row += 1
            over = self._in_a_row - IN_A_ROW
            asked_s = error.retry_after_s or 0.0
            rest_s = max(self._rest_s(over + 1), asked_s)
            self._rests_until = max(self._rests_until, self._clock.monotonic() + rest_s)
            tell, long = over == 0, asked_s > LONG_REST_S
            self._unproven = self._unproven or long
        if tell or long:
            title = say.CONNECTOR_AWAY(connector=self.shown, why=error.message)
            advice = error.hint if long and error.hint.to("en") else say.CONNECTOR_AWAY_ADVICE()
            self._open(Cause(f"{AWAY}{self.name}", Severity.WARN, title, advice))

    def costly(self, title: Said, advice: Said) -> None:
        """A call ended in a way that puts its order in front of a person. Several in a row are no accident of the orders'.

        The rest is longer than after passing trouble: each new try costs one more order.
        """
        with self._lock:
            self._in_a_row += 1
            over = self._in_a_row - IN_A_ROW
            if over < 0:
                return
            self._rests_until = max(self._rests_until, self._clock.monotonic() + COSTLY * self._rest_s(over + 1))
        self._open(Cause(f"{AWAY}{self.name}", Severity.URGENT, title, advice))

    def rejected(self, why: Said, advice: Said) -> None:
        """A person has to act first."""
        known_ms = self._lifted()
        with self._lock:
            first, self._stopped, self._known_ms = self._stopped is None, why, known_ms
        if first:
            title = say.CONNECTOR_STOPPED(connector=self.shown, why=why)
            self._open(Cause(f"{STOPPED}{self.name}", Severity.URGENT, title, advice))

    def _rest_s(self, time: int) -> float:
        """How long it rests the first, second, … time."""
        return self._chance.jitter(min(self._rest_max_s, self._rest_first_s * 2.0 ** (time - 1)), 0.2) if time > 0 else 0.0

    def _alike(self, why: Said) -> None:
        title = say.CONNECTOR_DENIES(connector=self.shown, why=why)
        self._open(Cause(f"{ALIKE}{self.name}", Severity.URGENT, title, say.CONNECTOR_DENIES_ADVICE(count=FIRST)))

    def _lifted(self) -> int:
        """What cannot be asked now is asked again."""
        try:
            return self._lifted_ms()
        except Transient:
            return self._known_ms

    def _open(self, cause: Cause) -> None:
        with suppress(Transient):
            self._notices.open(cause)

    def _close(self, *prefixes: str) -> bool:
        """Whether the inbox could be told."""
        with suppress(Transient):
            for prefix in prefixes:
                self._notices.resolve(f"{prefix}{self.name}", who=self._who, why=kept(say.WORKS_AGAIN))
            return True
        return False


@dataclass(frozen=True, slots=True)
class Standing:
    """What is open about a connector, as its notice says it."""

    said: Said
    is_stopped: bool
    """It waits for a person."""


def standing(notices: Notices) -> Standing | None:
    """What keeps orders from being taken, the strongest first; none when every connector is well as far as is known."""
    open_ones = notices.inbox(limit=LIST_MAX)
    for prefix in (STOPPED, ALIKE, AWAY):
        for notice in open_ones:
            if notice.key.startswith(prefix):
                return Standing(spoken(notice.title), prefix == STOPPED)
    return None
