"""The orders: search first, filters in the address, a page at a time.

For: whoever looks for one order among a million, or for all that failed since Monday.
Promises: what is asked stands in the address, so that a view can be kept and sent; each page costs what it shows.
Refuses: to load all of anything.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from onbam.claims.model import State
from onbam.kernel.errors import Refused
from onbam.orders.card import card_of
from onbam.orders.desk_acts import IN_BULK
from onbam.orders.desk_rows import Found, Query
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
SHOWN_MAX: Final = 40
"""So much of what nobody understands is said again."""
AS_SAID: Final = re.compile(r"(?:주문(?:번호)?|order|no\.?|#)\s*[:#]?\s*(\d[\d-]*)", re.IGNORECASE)
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
    """What the address asks for; `Refused` names the filter that cannot be meant: left out, it would find everything."""
    return Query(
        text=meant(seen.param("q"))[:TEXT_MAX],
        states=_states(seen.param("state")),
        machine=meant(seen.param("pc"))[:TEXT_MAX],
        since_ms=_day(seen, "since", 0),
        until_ms=_day(seen, "until", 1),
    )


def meant(given: str) -> str:
    """What was typed or pasted, as it stands in the records: figures and Latin letters of full width, Korean taken apart, marks
    nobody sees, and an order as our own pages name it (`주문 2601130249`).
    """
    text = "".join(letter for letter in unicodedata.normalize("NFC", given) if unicodedata.category(letter) != "Cf").strip()
    plain = unicodedata.normalize("NFKC", text)
    text = plain if plain.isascii() else text
    named = AS_SAID.fullmatch(text)
    return named[1] if named else text


def _states(given: str) -> tuple[State, ...]:
    names = [name.strip() for name in given.split(",") if name.strip()]
    known = {state.value for state in State}
    strange = next((name for name in names if name not in known), None)
    if strange is not None or (given and not names):
        hint = say.STATE_STRANGE_HINT(states=", ".join(state.value for state in ORDER_OF))
        raise Refused(say.STATE_STRANGE(text=(strange or given)[:SHOWN_MAX]), hint, field="state")
    return tuple([state for state in State if state.value in names])


def _day(seen: Seen, name: str, add: int) -> int | None:
    """The beginning of a day in the shop's zone."""
    text = seen.param(name).strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text) + timedelta(days=add)
        return int(datetime(day.year, day.month, day.day, tzinfo=seen.zone).timestamp() * 1000)
    except (ValueError, OverflowError):
        raise Refused(say.DAY_STRANGE(text=text[:SHOWN_MAX]), say.DAY_STRANGE_HINT, field=name) from None


def address(seen: Seen, **other: str) -> str:
    """This view with some filters changed; empty ones are left out."""
    wanted = {name: seen.param(name) for name in FILTERS} | other
    query = urlencode({name: value for name, value in wanted.items() if value})
    return f"/orders?{query}" if query else "/orders"


def build(seen: Seen) -> Mapping[str, Any]:
    """A page of the list."""
    house, after = seen.house, seen.param("after")
    strange: Refused | None = None
    try:
        query = query_of(seen)
        found = house.onbam.desk.find(query, limit=PAGE_SIZE, after=after)
    except Refused as refused:
        query, found, strange = Query(), Found(()), refused
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
        "strange": strange,
        "bulk_acts": IN_BULK if narrowed and seen.can("act") else (),
        "address": lambda **other: address(seen, **other),
        "q": seen.param("q").strip()[:TEXT_MAX],
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
