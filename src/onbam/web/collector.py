"""Python's collector, kept from looking through the whole program while somebody waits for a page.

For: `onbam web run`.
Promises: what is there when the server begins to listen is never looked through again, nor is what its first pages brought:
templates and statements are made when they are first asked for, so each of the first `TIMES` full collections is told that what
it left is here to stay. Without this one answer in some hundreds waited a tenth of a second longer.
Refuses: to go on with it: a ring of objects that is forgotten later would never be found, so it ends after those few.
"""

from __future__ import annotations

import gc
from typing import Final

TIMES: Final = 6
"""Full collections until nothing new is made any more; the fourth is the last that takes long."""


def settle(times: int = TIMES) -> None:
    """What is here is here to stay."""
    left = times

    def collected(phase: str, facts: dict[str, int]) -> None:
        nonlocal left
        if phase == "stop" and facts["generation"] == 2:
            gc.freeze()
            left -= 1
            if not left:
                gc.callbacks.remove(collected)

    gc.callbacks.append(collected)
    gc.collect()
