"""Small things the robot remembers for all PCs: when the ledger was looked at last, that somebody wants it looked at now.

For: the sweep, the page that shows when it was.
Promises: an age is told by the store's clock; the last word stays.
Refuses: to be a lock: two PCs that look at the ledger at once do no harm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

SWEPT: Final = "sweep.done"
"""The ledger was looked at: by whom, and what was there."""
WANTED: Final = "sweep.wanted"
"""Somebody wants it looked at now."""
RELOGIN: Final = "erp.relogin"
"""A person has seen to why the supplier's site or the ERP turned us away."""
PRUNED: Final = "evidence.pruned"
"""Old evidence made room."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One of them."""

    name: str
    value: str
    at_ms: int
    age_ms: int
    """How long ago, by the store's clock."""


class Marks(Protocol):
    """Where they are kept."""

    def put(self, name: str, value: str = "") -> None:
        """Remember it, now."""
        ...

    def get(self, name: str) -> Mark | None:
        """What is remembered."""
        ...


def put_ms(marks: Marks, name: str) -> int:
    """When it was remembered last, by the store's clock; 0 when never."""
    mark = marks.get(name)
    return 0 if mark is None else mark.at_ms
