"""Open notices that need a person and are not told by an order's own card.

For: the first sentence, the number beside *Needs you*, that page, the programming interface: all count the same things.
Promises: urgent and warning notices only, the urgent first; one that is about an order which waits for a person anyway is not
counted a second time.
Refuses: notes nobody has to act on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from onbam.claims.model import KEY_MAX
from onbam.kernel.errors import Refused
from onbam.notices.model import Notice, Severity
from onbam.notices.ports import LIST_MAX
from onbam.orders.desk import Need, Sort
from onbam.orders.desk_rows import NEEDING
from onbam.orders.model import KIND, order_ref

if TYPE_CHECKING:
    from onbam.web.house import House

OF_ORDERS: Final = (f"uncertain:{KIND}:", f"parked:{KIND}:")
"""Notices that say the same as an order's card."""
LINK: Final = f"/items/{KIND}/"
"""Where the notice of an order points."""


def beside(house: House) -> Sequence[Notice]:
    """All of them, from one look."""
    return house.glance.at("beside", lambda: _asked(house))


def about(notice: Notice) -> str:
    """The number of the order a notice is about; empty where it is about something else."""
    number = notice.link.removeprefix(LINK) if notice.link.startswith(LINK) else ""
    return number if 0 < len(number) <= KEY_MAX else ""


def of_order(house: House, number: str) -> Sequence[Notice]:
    """Those about one order, whatever its state; not what its state says anyway."""
    return [notice for notice in _open(house) if about(notice) == number]


def asking(house: House, needs: Sequence[Need]) -> frozenset[str]:
    """Those of these orders that ask for a product code; none where the code book itself is to be mended first."""
    codes = house.onbam.codedesk
    try:
        return frozenset(need.item.key for need in needs if need.sort is Sort.PARKED and codes.asks(need.item))
    except Refused:
        return frozenset()


def _open(house: House) -> Sequence[Notice]:
    def asked() -> Sequence[Notice]:
        inbox = house.onbam.notices.inbox(limit=LIST_MAX)
        return [n for n in inbox if n.severity is not Severity.INFO and not n.key.startswith(OF_ORDERS)]

    return house.glance.at("open notices", asked)


def _asked(house: House) -> Sequence[Notice]:
    open_ones = _open(house)
    numbers = sorted({number for notice in open_ones if (number := about(notice))})
    items = house.onbam.claims.get([order_ref(number) for number in numbers]) if numbers else ()
    waiting = {item.key for item in items if item is not None and item.state in NEEDING}
    return [notice for notice in open_ones if about(notice) not in waiting]
