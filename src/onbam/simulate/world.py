"""The toy outside: a ledger in which orders appear, a portal with their documents, an ERP that enters whatever it is sent.

For: simulated histories. It is as unhelpful as the real one: the ERP keeps no keys apart, refuses what it does not know, and
shows a new slip in its list only after a while.
Promises: one truth, kept apart from what anybody was told; nothing here waits or draws chance.
Refuses: to help the product: whatever prevents a second slip has to be done on our side.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from onbam.kernel.errors import Refused, Transient
from onbam.kernel.words import plain

KIND: Final = "order"
VISIBLE_AFTER_S: Final = 0.7
"""The ERP's list shows a slip so long after it was entered."""
HARD_TIMEOUT_S: Final = 6.0
"""A call to the ERP is given up after this."""
LATE_S: Final = 0.7
"""A request may arrive so long after its caller gave up: something on the way kept it."""


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip in the ERP."""

    number: str
    key: str
    by: str
    at_s: float


class Outside:
    """The truth."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self.orders: list[str] = []
        self.unknown_customers: set[str] = set()
        """Orders the ERP will never take."""
        self.slips: list[Slip] = []

    def slips_of(self, key: str) -> Sequence[Slip]:
        """All slips with this key, old ones first."""
        return [slip for slip in self.slips if slip.key == key]


class Ledger:
    """Where orders appear."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside

    def read(self) -> Sequence[str]:
        """The orders so far; as in the real one, the newest may be listed twice."""
        return [*self._outside.orders, *self._outside.orders[-1:]]


class Portal:
    """Where the documents are."""

    def document(self, key: str) -> str:
        """The order's document."""
        return f"document of {key}"


class Erp:
    """Enters what it is sent."""

    def __init__(self, outside: Outside, now_s: Callable[[], float]) -> None:
        self._outside = outside
        self._now_s = now_s

    def save(self, key: str, document: str, by: str) -> str:
        """A new slip, whatever was entered before; its number."""
        if key in self._outside.unknown_customers:
            raise Refused(plain("The ERP does not know this customer."))
        if not document:
            raise Transient(plain("The ERP got no document."))
        slip = Slip(f"S-{len(self._outside.slips) + 1}", key, by, self._now_s())
        self._outside.slips.append(slip)
        return slip.number

    def find(self, key: str) -> str | None:
        """The number of a slip with this key, as far as the list shows it."""
        shown = self._now_s() - VISIBLE_AFTER_S
        return next((slip.number for slip in self._outside.slips if slip.key == key and slip.at_s <= shown), None)
