"""What needs a person, one after the other, the oldest first.

For: whoever clears the desk in the morning; on a phone, with the thumb.
Promises: each with its sentence, its evidence and two or three acts; notices that no order's card tells of stand
beside, and are counted like them.
Refuses: anything that goes away by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from onbam.web import codes_words, words
from onbam.web import orders_words as say
from onbam.web.page import Page
from onbam.web.seen import Seen
from onbam.web.views.beside import asking, beside

SHOWN: Final = 25
NOTICES: Final = 20


def build(seen: Seen) -> Mapping[str, Any]:
    """All of them, or the oldest."""
    house = seen.house
    needs = house.needs(SHOWN)
    return {
        "s": say,
        "c": codes_words,
        "needs": needs,
        "asking": asking(house, needs),
        "orders": house.orders_needing(),
        "count": house.needing(),
        "notices": beside(house)[:NOTICES],
    }


PAGE: Final = Page("needs", "/needs-you", words.NEEDS, build, beats=False)
