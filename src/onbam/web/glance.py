"""What many pages ask at the same moment, asked once.

For: the house's own figures, which stand on every page: a hundred tabs are drawn from one look.
Promises: an answer is at most `AGE_S` old, and never older than the last thing that is known to have happened: `forget` is
called when the journal grew and before an act of this process is answered; an answer whose making had begun before is not kept.
Refuses: to keep a figure longer than anybody could notice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar, cast

from onbam.kernel.clock import Clock

AGE_S: Final = 0.2
KEPT_MAX: Final = 64
T = TypeVar("T")


class Glance:
    """One process's."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._gate = threading.Lock()
        self._news = 0
        self._kept: dict[Hashable, tuple[float, Any]] = {}

    def at(self, name: Hashable, ask: Callable[[], T]) -> T:
        """The answer, from a moment ago or new."""
        begun = self._clock.monotonic()
        with self._gate:
            known, news = self._kept.get(name), self._news
        if known is not None and begun - known[0] <= AGE_S:
            return cast("T", known[1])
        answer = ask()
        with self._gate:
            if news == self._news:
                if len(self._kept) >= KEPT_MAX:
                    self._kept.clear()
                self._kept[name] = (begun, answer)
        return answer

    def known(self, name: Hashable) -> Any:
        """The answer from a moment ago, where somebody asked; else none."""
        begun = self._clock.monotonic()
        with self._gate:
            known = self._kept.get(name)
        return known[1] if known is not None and begun - known[0] <= AGE_S else None

    def forget(self) -> None:
        """Something happened."""
        with self._gate:
            self._news += 1
            self._kept.clear()
