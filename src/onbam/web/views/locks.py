"""Who decides who works on what, whether it can be reached, and what is held.

For: whoever sees `Lock manager not connected`, and whoever wonders whether two PCs might do the same.
Promises: the four figures of the older dashboard under their names; a lock that is off is said in red, on this page and in the
first sentence of *Today*.
Refuses: to test the store by changing it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from onbam.claims.model import State
from onbam.claims.ports import Filter
from onbam.kernel.errors import CredentialsRejected, Misconfigured, Transient
from onbam.web import house_words as say
from onbam.web import words
from onbam.web.page import Page
from onbam.web.seen import Seen
from onbam.web.views import fleet

HELD_MAX: Final = 60
"""So many leases are shown; the orders page has them all."""
SHEET: Final = "https://docs.google.com/spreadsheets/d/{id}/edit"


def build(seen: Seen) -> Mapping[str, Any]:
    """As it is now."""
    onbam = seen.house.onbam
    store = onbam.claims
    trouble = None
    held: list[Any] = []
    try:
        held = list(store.find(Filter(states=(State.PROCESSING,)), limit=HELD_MAX).items)
    except (Transient, CredentialsRejected, Misconfigured) as error:
        trouble = error
    pcs = fleet.fleet(seen)
    at_work = fleet.count_of(pcs, "busy", "alive", "late")
    here = next((pc for pc in pcs if pc.here), None)
    counts = seen.house.counts()
    in_sheet = onbam.settings.claims.store == "sheets"
    return {
        "s": say,
        "trouble": trouble,
        "held": held,
        "held_more": counts[State.PROCESSING] - len(held) if len(held) == HELD_MAX else 0,
        "locked": seen.house.locked,
        "at_work": at_work,
        "here": here,
        "machine_id": onbam.machine_id,
        "can": store.capabilities,
        "terms": store.terms,
        "pending": counts[State.WAITING] + counts[State.FAILED],
        "done": counts[State.COMPLETED],
        "in_sheet": in_sheet,
        "spare": onbam.sheet.spare() if onbam.sheet_decides and trouble is None else None,
        "sheet_link": SHEET.format(id=onbam.settings.sheets.spreadsheet_id) if onbam.settings.sheets.spreadsheet_id else "",
        "kind": onbam.database.product or onbam.database.kind,
        "many_but_one": unshared(seen, pcs),
    }


def unshared(seen: Seen, pcs: Sequence[fleet.Pc]) -> bool:
    """Whether several computers work on a database that one alone may use (several agents of one computer may)."""
    at_work = {pc.ip for pc in pcs if pc.state in ("busy", "alive", "late")}
    return len(at_work) > 1 and not seen.house.onbam.claims.capabilities.many_machines


PAGE: Final = Page("locks", "/locks", words.LOCKS, build)
