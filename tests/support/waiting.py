"""Wait for something to become true, never for time to pass.

For: tests with other processes or threads, whose progress only shows from outside.
Promises: returns as soon as the condition holds; fails by name when it does not within the deadline.
Refuses: to be a pause: a condition that says nothing about the world is a defect of the test.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

DEADLINE_S: Final = 60.0
"""Generous: it is only ever spent by a test that fails."""
LOOK_EVERY_S: Final = 0.001


def until(condition: Callable[[], object], *, what: str, deadline_s: float = DEADLINE_S) -> None:
    """Return when the condition holds; fail with `what` when it does not in time."""
    end = time.monotonic() + deadline_s
    while not condition():
        assert time.monotonic() < end, f"waited {deadline_s:g} s in vain until {what}"
        time.sleep(LOOK_EVERY_S)
