"""What can be taken back for a little while.

For: acts on orders that change nothing outside.
Promises: an undo is its maker's alone, works once, for `KEEP_S`; it asks the desk like any other act, so that what moved on
meanwhile stays as it is.
Refuses: acts that touched the outside.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from onbam.kernel.chance import secret_token
from onbam.kernel.clock import Clock
from onbam.orders.desk_acts import DeskAct

KEEP_S: Final = 60.0
MOST: Final = 200
INVERSE: Final = {DeskAct.HOLD: DeskAct.UNHOLD, DeskAct.UNHOLD: DeskAct.HOLD, DeskAct.CANCEL: DeskAct.RETRY}


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

    def keep(self, who: str, act: DeskAct, items: Sequence[tuple[str, int]]) -> str:
        """What names it; empty when this cannot be taken back."""
        inverse = INVERSE.get(act)
        if inverse is None or not items:
            return ""
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
