"""The inbox: one notice for each cause, the urgent first; below, what is over.

For: whoever answers a buzz.
Promises: what the notice says, how often and since when; quiet for some hours, or resolved, with one press.
Refuses: to hide a cause that is still there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from onbam.notices.ports import LIST_MAX
from onbam.web import house_words as say
from onbam.web import words
from onbam.web.page import Page
from onbam.web.seen import Seen

OPEN: Final = 100
"""So many stand on the page; how many there are is always said."""
PAST: Final = 30
HOURS: Final = (1, 4, 8)


def build(seen: Seen) -> Mapping[str, Any]:
    """Open and past."""
    notices = seen.house.onbam.notices
    found = notices.inbox(limit=LIST_MAX)
    return {"s": say, "open": found[:OPEN], "all": len(found), "past": notices.past(limit=PAST), "hours": HOURS}


PAGE: Final = Page("notices", "/notices", words.NOTICES, build, beats=False)
