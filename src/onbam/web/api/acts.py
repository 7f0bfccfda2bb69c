"""What may be done about orders and notices.

For: programs that act for a person.
Promises: the orders desk decides; a version that changed, a call that may still be under way and a state that does not allow it
are refused with words.
Refuses: an act without a reason.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header

from onbam.kernel.words import kept
from onbam.orders.desk_acts import DeskAct
from onbam.people.model import May
from onbam.web import words as say
from onbam.web.api.shapes import ActBody, BulkBody, NoticeBody, Number, Wanted, item_json
from onbam.web.entry import Ask, check_form, needs
from onbam.web.errors import API
from onbam.web.pages.govern import snoozed
from onbam.web.seen import Seen
from onbam.web.views.orders import query_of

router = APIRouter(prefix=API)


def allowed(right: May) -> Any:
    """A dependency for acts: the right, and for a browser's session its form token."""
    checked = needs(right)

    # The dependency stands in the default: it is made here, and an annotation is read where it cannot be seen.
    def check(ask: Ask = Depends(checked), x_form_token: Annotated[str, Header(max_length=200)] = "") -> Ask:  # noqa: B008
        check_form(ask, x_form_token)
        return ask

    return Depends(check)


Acting = Annotated[Ask, allowed(May.ACT)]


@router.post("/orders/{number}/acts/{act}", tags=["orders"])
def do(ask: Acting, number: Number, act: DeskAct, body: ActBody) -> dict[str, Any]:
    """An act on one order: retry, hold, unhold, cancel, there (with `receipt`), not_there. `Unsure` wants `sure` said."""
    item = ask.house.onbam.desk.act(
        act, number, who=ask.known.who, reason=body.reason, version=body.version, receipt=body.receipt, sure=body.sure
    )
    return {"order": item_json(item)}


@router.post("/orders-in-bulk/{act}/preview", tags=["orders"])
def preview(ask: Acting, act: DeskAct, body: Wanted) -> dict[str, Any]:
    """What an act on all that match would do; nothing is changed."""
    found = ask.house.onbam.desk.preview(act, query_of(_seen(ask, body)))
    refused = {number: said.both() for number, said in found.refused.items()}
    return {"matching": found.matching, "possible": [item.key for item in found.possible], "refused": refused}


@router.post("/orders-in-bulk/{act}", tags=["orders"])
def bulk(ask: Acting, act: DeskAct, body: BulkBody) -> dict[str, Any]:
    """The act on all that match, unless they are not as many as the preview said."""
    done = ask.house.onbam.desk.bulk(
        act, query_of(_seen(ask, body)), expected=body.expected, who=ask.known.who, reason=body.reason
    )
    refused = {number: said.both() for number, said in done.refused.items()}
    return {"done": [item.key for item in done.done], "refused": refused}


def _seen(ask: Ask, body: Wanted) -> Seen:
    wanted = {"q": body.q, "state": body.state, "pc": body.pc, "since": body.since, "until": body.until}
    return ask.seen_as(wanted)


@router.post("/notices/seen", tags=["notices"])
def seen_notice(ask: Acting, body: NoticeBody) -> dict[str, Any]:
    """Somebody has read it."""
    return {"seen": ask.house.onbam.notices.seen([body.key], who=ask.known.who)}


@router.post("/notices/snooze", tags=["notices"])
def snooze(ask: Acting, body: NoticeBody) -> dict[str, Any]:
    """Nobody is told outside for some hours."""
    snoozed(ask, body.key, body.hours)
    return {"hours": body.hours}


@router.post("/notices/resolve", tags=["notices"])
def resolve(ask: Acting, body: NoticeBody) -> dict[str, Any]:
    """Closed by a person; it opens again if its cause is still there."""
    return {"resolved": ask.house.onbam.notices.resolve(body.key, who=ask.known.who, why=kept(say.BY_INTERFACE))}
