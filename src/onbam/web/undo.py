"""What can be taken back for a little while.

For: acts on orders that change nothing outside.
Promises: an undo is its maker's alone, works once, for `KEEP_S`; it asks the desk like any other act, so that what moved on
meanwhile stays as it is; afterwards every order stands as it stood before, or no undo is offered at all.
Refuses: acts that touched the outside; what no command can restore: a lease that was taken away, the time of a retry, why
an order was parked.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from onbam.claims.model import Item, State
from onbam.kernel.chance import secret_token
from onbam.kernel.clock import Clock
from onbam.orders.desk_acts import DeskAct

KEEP_S: Final = 60.0
MOST: Final = 200
INVERSE: Final = {DeskAct.HOLD: DeskAct.UNHOLD, DeskAct.CANCEL: DeskAct.RETRY}
"""Both make an order wait for the next free PC. An order let go on may be in a PC's hands at once: that is not taken back."""


@dataclass(frozen=True, slots=True)
class Undo:
    """One of them."""

    who: str
    act: DeskAct
    """What takes it back."""
    items: Sequence[tuple[str, int]]
    """Numbers with the versions they have after the act."""
    until: float


class Undos:
    """Those that still work."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Undo] = OrderedDict()

    def keep(self, who: str, act: DeskAct, changes: Sequence[tuple[Item, Item]], now_ms: int) -> str:
        """What names it; empty when this cannot be taken back to the last order. `changes`: before and after."""
        inverse = INVERSE.get(act)
        if inverse is None or not changes or not all(_restored(before, after, now_ms) for before, after in changes):
            return ""
        items = [(after.key, after.version) for _, after in changes]
        name = secret_token(12)
        with self._lock:
            self._kept[name] = Undo(who, inverse, items, self._clock.monotonic() + KEEP_S)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return name

    def take(self, name: str, who: str) -> Undo | None:
        """It, once."""
        with self._lock:
            found = self._kept.get(name)
            if found is None or found.who != who:
                return None
            del self._kept[name]
        return found if found.until > self._clock.monotonic() else None


def _restored(before: Item, after: Item, now_ms: int) -> bool:
    """Whether an order that waits for the next free PC stands as it stood before."""
    waited = before.state is State.WAITING and (before.due_at_ms or 0) <= now_ms
    return waited and after.version == before.version + 1
