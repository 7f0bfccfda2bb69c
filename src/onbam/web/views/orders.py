"""The orders: search first, filters in the address, a page at a time.

For: whoever looks for one order among a million, or for all that failed since Monday.
Promises: what is asked stands in the address, so that a view can be kept and sent; each page costs what it shows.
Refuses: to load all of anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from onbam.claims.model import State
from onbam.orders.card import card_of
from onbam.orders.desk_acts import IN_BULK
from onbam.orders.desk_rows import Query
from onbam.people.model import VIEW_NAME_MAX
from onbam.web import orders_words as say
from onbam.web import words
from onbam.web.page import Page
from onbam.web.seen import Seen
from onbam.web.views.fleet import held_by

if TYPE_CHECKING:
    from onbam.web.entry import Ask

PAGE_SIZE: Final = 50
TEXT_MAX: Final = 120
FILTERS: Final = ("q", "state", "pc", "since", "until")
ORDER_OF: Final = (
    State.UNCERTAIN,
    State.PARKED,
    State.FAILED,
    State.PROCESSING,
    State.WAITING,
    State.COMPLETED,
    State.CANCELLED,
)


def query_of(seen: Seen) -> Query:
    """What the address asks for."""
    wanted = seen.param("state").split(",")
    states = tuple([state for state in State if state.value in wanted])
    return Query(
        text=seen.param("q").strip()[:TEXT_MAX],
        states=states,
        machine=seen.param("pc").strip()[:TEXT_MAX],
        since_ms=_day(seen, seen.param("since"), 0),
        until_ms=_day(seen, seen.param("until"), 1),
    )


def _day(seen: Seen, text: str, add: int) -> int | None:
    """The beginning of a day in the shop's zone; nothing for what is no day."""
    try:
        day = date.fromisoformat(text) + timedelta(days=add)
    except (ValueError, OverflowError):
        return None
    return int(datetime(day.year, day.month, day.day, tzinfo=seen.zone).timestamp() * 1000)


def address(seen: Seen, **other: str) -> str:
    """This view with some filters changed; empty ones are left out."""
    wanted = {name: seen.param(name) for name in FILTERS} | other
    query = urlencode({name: value for name, value in wanted.items() if value})
    return f"/orders?{query}" if query else "/orders"


def build(seen: Seen) -> Mapping[str, Any]:
    """A page of the list."""
    house = seen.house
    query, after = query_of(seen), seen.param("after")
    found = house.onbam.desk.find(query, limit=PAGE_SIZE, after=after)
    counts = house.counts()
    on = {state.value for state in query.states}
    chips = [(state, counts[state], state.value in on, _toggled(seen, on, state.value)) for state in ORDER_OF]
    narrowed = any(seen.param(name) for name in FILTERS)
    return {
        "s": say,
        "query": query,
        "items": [(item, card_of(item).entry) for item in found.items],
        "found": found,
        "chips": chips,
        "counts": counts,
        "State": State,
        "narrowed": narrowed,
        "bulk_acts": IN_BULK if narrowed and seen.can("act") else (),
        "address": lambda **other: address(seen, **other),
        "q": query.text,
        "since": seen.param("since"),
        "until": seen.param("until"),
        "pc": query.machine,
        "pcs": sorted({items[0].holder.rpartition("_")[0] for items in held_by(house).values()} | {query.machine} - {""}),
        "after": after,
    }


def _toggled(seen: Seen, on: set[str], name: str) -> str:
    return address(seen, state=",".join(sorted(on ^ {name})))


def around(ask: Ask, seen: Seen) -> Mapping[str, Any]:
    """What is the reader's own."""
    kept = {"views": ask.house.people.views(ask.known.person), "name_max": VIEW_NAME_MAX, "s": say}
    return {**kept, "this_query": urlencode({name: seen.param(name) for name in FILTERS if seen.param(name)})}


PAGE: Final = Page("orders", "/orders", words.ORDERS, build, template="orders.html", around=around, charts=True, beats=False)
