"""The numbers of slips as people say them, and which order has one already.

For: the desk, before it believes a number a person gives.
Promises: the ways people write such a number are one number; a number that is none is refused with the form it should have.
Refuses: to know what is in the ERP: that an order has a number does not prove that the slip is there.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final, Protocol

from onbam.claims.model import Ref, State
from onbam.claims.ports import PAGE_MAX, ClaimStore, Filter
from onbam.kernel.errors import Refused
from onbam.orders import desk_words as say
from onbam.orders.model import KIND

_NUMBER: Final = re.compile(r"(20\d\d)[/.-]?(\d\d)[/.-]?(\d\d)-(\d{1,6})")
SHOWN_MAX: Final = 40


class Receipts(Protocol):
    """Who has which slip."""

    def owner(self, receipt: str, but: Ref) -> str | None:
        """The number of another order that is completed under this slip, also long ago; none when there is none."""
        ...


class PortReceipts:
    """Through the claim store's port: for stores that keep everything at hand anyway."""

    def __init__(self, store: ClaimStore) -> None:
        self._store = store

    def owner(self, receipt: str, but: Ref) -> str | None:
        """Looked for among the completed ones."""
        after = ""
        while True:
            page = self._store.find(Filter(kinds=(KIND,), states=(State.COMPLETED,)), limit=PAGE_MAX, after=after)
            found = next((item.key for item in page.items if item.receipt == receipt and item.ref != but), None)
            after = page.after
            if found is not None or not after:
                return found


def slip_number(text: str) -> str:
    """`20260105-3`, also for `2026/01/05 - 3` as the ERP shows it; `Refused` for anything else."""
    found = _NUMBER.fullmatch("".join(text.split()))
    if found is not None:
        year, month, day, serial = found.groups()
        try:
            return f"{date(int(year), int(month), int(day)):%Y%m%d}-{int(serial)}"
        except ValueError:  # a day that no calendar has
            pass
    raise Refused(say.RECEIPT_BAD(text=text.strip()[:SHOWN_MAX]), say.RECEIPT_FORM)
