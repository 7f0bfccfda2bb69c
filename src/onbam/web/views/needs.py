"""What needs a person, one after the other, the oldest first.

For: whoever clears the desk in the morning; on a phone, with the thumb.
Promises: each with its sentence, its evidence and two or three acts; notices that are not about an order stand beside.
Refuses: anything that goes away by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from onbam.claims.model import State
from onbam.notices.model import Severity
from onbam.web import orders_words as say
from onbam.web import words
from onbam.web.page import Page
from onbam.web.seen import Seen

SHOWN: Final = 25
NOTICES: Final = 20
OF_ORDERS: Final = ("uncertain:", "parked:")
"""Notices that say the same as an order's card."""


def build(seen: Seen) -> Mapping[str, Any]:
    """All of them, or the oldest."""
    house = seen.house
    needs = house.needs(SHOWN)
    counts = house.counts()
    inbox = [n for n in house.onbam.notices.inbox(limit=100) if not n.key.startswith(OF_ORDERS)]
    return {
        "s": say,
        "needs": needs,
        "count": max(len(needs), counts[State.UNCERTAIN] + counts[State.PARKED]),
        "notices": [n for n in inbox if n.severity is not Severity.INFO][:NOTICES],
    }


PAGE: Final = Page("needs", "/needs-you", words.NEEDS, build, beats=False)
