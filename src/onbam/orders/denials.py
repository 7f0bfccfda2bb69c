"""One order after the other meets the same definite no: then it is the connector's way at present, and not the orders' fault.

For: a connector's health; the attempts, which ask before they put another order in front of a person.
Promises: the first ones are a person's, each with its reason; from then on one notice speaks for all, the orders are tried
again later and use up no tries, and the connector rests a little longer each time; the first order that gets through ends it.
Refuses: to say whose fault it is: another answer, or the same one after an order that got through, is counted from one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from onbam.kernel.clock import Clock
from onbam.kernel.words import Said

FIRST: Final = 3
"""So many orders with the same answer are put in front of a person."""


class Denials:
    """What one connector answers to orders it does not take."""

    def __init__(
        self, clock: Clock, rest_s: Callable[[int], float], tell: Callable[[Said], None], over: Callable[[], object]
    ) -> None:
        """`rest_s`: how long it rests the first, second, … time; `tell` opens the notice, `over` closes it."""
        self._clock = clock
        self._rest_s = rest_s
        self._tell = tell
        self._over = over
        self._lock = threading.Lock()
        self._answer = ""
        self._count = 0
        self._rests_until = float("-inf")
        self._unproven = True
        """None has got through since the start: an old notice may still be open."""

    @property
    def rests_s(self) -> float:
        """For how long no order is tried."""
        return max(0.0, self._rests_until - self._clock.monotonic())

    def met(self, why: Said, item: str) -> bool:
        """An order was not taken. True: it is the connector's way at present, and the order is to come again after the rest."""
        answer = why.to("en").replace(item, "")
        with self._lock:
            self._count = self._count + 1 if answer == self._answer else 1
            self._answer = answer
            further = self._count - FIRST
            if further > 0:
                self._rests_until = self._clock.monotonic() + self._rest_s(further)
        if further == 1:
            self._tell(why)
        return further > 0

    def through(self) -> None:
        """An order got through."""
        with self._lock:
            told = self._unproven or self._count > FIRST
            self._count, self._rests_until, self._unproven = 0, float("-inf"), False
        if told:
            self._over()
