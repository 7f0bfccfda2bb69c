"""What keeps the server's process small while it stands by for days.

For: `app.py`.
Promises: after a pause in which nobody asked for anything, memory that pages needed only while they were made goes back to the
computer, at most every `EVERY_S`; what a library loads only to look whether somebody uses it is not loaded.
Refuses: to do either where it would cost a waiting reader anything.
"""

from __future__ import annotations

import asyncio
import ctypes
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

PAUSE_S: Final = 2.0
"""Nobody asked for anything for so long."""
EVERY_S: Final = 15.0
"""To look through all that is held takes a millisecond or two."""


@contextmanager
def without(module: str) -> Iterator[None]:
    """While the block runs this module cannot be imported, unless it was already; who asks later gets it."""
    absent = module not in sys.modules
    if absent:
        sys.modules[module] = None  # type: ignore[assignment] # the documented way to say that there is none
    try:
        yield
    finally:
        if absent:
            del sys.modules[module]


class Thrift:
    """Of one server, in its loop."""

    def __init__(self, give: Callable[[], None] | None = None) -> None:
        self._give = give_back if give is None else give
        self._look: asyncio.TimerHandle | None = None
        self._answered_at = 0.0
        self._given_at = float("-inf")

    def answered(self) -> None:
        """Somebody got an answer."""
        loop = asyncio.get_running_loop()
        self._answered_at = loop.time()
        if self._look is None:
            self._look = loop.call_at(max(self._answered_at + PAUSE_S, self._given_at + EVERY_S), self._looked, loop)

    def _looked(self, loop: asyncio.AbstractEventLoop) -> None:
        if loop.time() < self._answered_at + PAUSE_S:
            self._look = loop.call_at(self._answered_at + PAUSE_S, self._looked, loop)
            return
        self._look = None
        self._given_at = loop.time()
        self._give()


if sys.platform == "linux":

    def give_back() -> None:
        """What the C library holds and nobody uses; another library than GNU's gives it back by itself."""
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)

else:

    def give_back() -> None:
        """Nothing: these systems take back by themselves what a process has freed."""
