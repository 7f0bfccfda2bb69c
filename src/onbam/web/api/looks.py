"""What may be asked.

For: programs that read.
Promises: bounded answers; the journal can be followed by position without missing a line.
Refuses: secrets.
"""

from __future__ import annotations

import platform
from dataclasses import asdict
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response

from onbam import __version__
from onbam.bootstrap import Settings
from onbam.care.config import shown
from onbam.care.doctor import as_data, examine
from onbam.claims.model import State
from onbam.kernel.words import heard
from onbam.people.model import May
from onbam.web.api.shapes import Number, entry_json, item_json, need_json, notice_json, story_json, why_json
from onbam.web.entry import Ask, needs
from onbam.web.errors import API
from onbam.web.history import history
from onbam.web.pages.acts import piece_of
from onbam.web.paper import plain
from onbam.web.views import board as boards
from onbam.web.views import fleet
from onbam.web.views.beside import beside, of_order
from onbam.web.views.orders import PAGE_SIZE, query_of
from onbam.web.views.past import past
from onbam.web.views.sentence import sentence
from onbam.web.views.today import standing

router = APIRouter(prefix=API)
LIST_MAX: Final = 500
WAIT_MAX_S: Final = 20.0
Looking = Annotated[Ask, Depends(needs(May.LOOK))]
Governing = Annotated[Ask, Depends(needs(May.GOVERN))]
Moment = Annotated[int | None, Query(ge=0, le=2**53, description="A past moment, in epoch milliseconds.")]


@router.get("/today", tags=["look"])
def today(ask: Looking) -> dict[str, Any]:
    """The first answer: is everything all right?"""
    seen = ask.seen()
    night = ask.house.nightbook.night(seen.now_ms)
    pcs = fleet.fleet(seen)
    now = standing(seen, night, pcs)
    said = sentence(now)
    return {
        "now_ms": seen.now_ms,
        "level": said.level,
        "sentence": said.text.both(),
        "more": said.more.both() if said.more else None,
        "link": said.link,
        "orders": {state.value: now.counts[state] for state in State},
        "last_night": now.night,
        "needs_you": now.needing,
        "pcs": {"known": len(pcs), "at_work": fleet.count_of(pcs, "busy", "alive")},
        "locked": now.locked,
        "stopped": now.stop.both() if now.stop else None,
        "stopped_here": here.both() if (here := ask.house.stop_by_file()) else None,
    }


@router.get("/orders", tags=["orders"])
def orders(
    ask: Looking,
    q: Annotated[str, Query(max_length=120)] = "",
    state: Annotated[str, Query(max_length=80, description="States, separated by commas.")] = "",
    pc: Annotated[str, Query(max_length=120)] = "",
    since: Annotated[str, Query(max_length=10)] = "",
    until: Annotated[str, Query(max_length=10)] = "",
    after: Annotated[str, Query(max_length=240, description="From the page before.")] = "",
    limit: Annotated[int, Query(ge=1, le=LIST_MAX)] = PAGE_SIZE,
) -> dict[str, Any]:
    """A page of orders, the newest change first."""
    del q, state, pc, since, until  # read from the address, as the page does
    found = ask.house.onbam.desk.find(query_of(ask.seen()), limit=limit, after=after)
    items = [item_json(item) for item in found.items]
    return {"orders": items, "after": found.after, "looked_to_ms": found.looked_to_ms}


@router.get("/orders/{number}", tags=["orders"])
def order(ask: Looking, number: Number) -> dict[str, Any]:
    """One order: its story, why it stands so, what may be done."""
    desk = ask.house.onbam.desk
    story = desk.story(number)
    told = story_json(story, [act.value for act in desk.acts(story.item)])
    return {**told, "notices": [notice_json(notice) for notice in of_order(ask.house, story.item.key)]}


@router.get("/orders/{number}/why", tags=["orders"])
def order_why(ask: Looking, number: Number) -> dict[str, Any]:
    """One sentence with the rule."""
    desk = ask.house.onbam.desk
    return why_json(desk.why(desk.get(number)))


@router.get("/orders/{number}/evidence", tags=["orders"])
def evidence(ask: Looking, number: Number) -> dict[str, Any]:
    """What each step left."""
    onbam = ask.house.onbam
    pieces = onbam.evidence.of(onbam.desk.get(number).ref)
    rows = [{**asdict(piece), "ref": str(piece.ref)} for piece in pieces]
    return {"evidence": rows}


@router.get("/orders/{number}/evidence/{sha256}", tags=["orders"], response_class=Response)
def evidence_body(ask: Looking, number: Number, sha256: Annotated[str, Path(max_length=64)]) -> Response:
    """One piece as letters."""
    piece = piece_of(ask, number, sha256)
    body = ask.house.onbam.redactor.text(ask.house.onbam.evidence.read(piece).decode("utf-8", "replace"))
    headers = {"content-security-policy": "sandbox; default-src 'none'"}
    return Response(plain(body.encode()), media_type="text/html; charset=utf-8", headers=headers)


@router.get("/needs-you", tags=["orders"])
def needs_you(ask: Looking, limit: Annotated[int, Query(ge=1, le=100)] = 25) -> dict[str, Any]:
    """What waits for a person, the most urgent first."""
    needs_now, notices_now = ask.house.needs(limit), beside(ask.house)
    return {
        "count": ask.house.needing(),
        "needs": [need_json(need) for need in needs_now],
        "notices": [notice_json(notice) for notice in notices_now[:limit]],
    }


@router.get("/board", tags=["look"])
def board(ask: Looking, at: Moment = None) -> dict[str, Any]:
    """Who works on what, now or at a past moment."""
    seen = ask.seen()
    if at is not None and seen.at_ms is not None:
        then = past(ask.house, seen.at_ms)
        return {
            "at_ms": then.at_ms,
            "held": [asdict(held) for held in then.held],
            "ended": [asdict(ended) for ended in then.ended],
            "pcs": dict(then.lives),
            "cut": then.cut,
        }
    values = boards.build(seen)
    return {"at_ms": seen.now_ms, "held": [asdict(held) for held in values["held"]], "count": values["held_all"]}


@router.get("/machines", tags=["machines"])
def machines(ask: Looking) -> dict[str, Any]:
    """The PCs and their programs, each with why it is as it is."""
    seen = ask.seen()
    pauses = [{"scope": p.scope, "who": p.who, "why": str(heard(p.why)), "at_ms": p.at_ms} for p in ask.house.pauses()]
    return {"machines": [fleet.pc_json(seen, pc) for pc in fleet.fleet(seen)], "pauses": pauses}


@router.get("/locks", tags=["machines"])
def locks(ask: Looking) -> dict[str, Any]:
    """Where it is decided who works on what."""
    onbam = ask.house.onbam
    store = onbam.claims
    return {
        "enabled": ask.house.locked,
        "machine_id": onbam.machine_id,
        "store": onbam.settings.claims.store,
        "lease_ms": store.terms.lease_ms,
        "limit_ms": store.terms.limit_ms,
        "capabilities": asdict(store.capabilities),
        "now_ms": store.now_ms(),
    }


@router.get("/notices", tags=["notices"])
def notices(ask: Looking, limit: Annotated[int, Query(ge=1, le=LIST_MAX)] = 100) -> dict[str, Any]:
    """Open ones, the urgent first; and what is over."""
    inbox = ask.house.onbam.notices
    open_ones = [notice_json(notice) for notice in inbox.inbox(limit=limit)]
    return {"open": open_ones, "past": [notice_json(notice) for notice in inbox.past(limit=limit)]}


@router.get("/events", tags=["look"])
def events(
    ask: Looking,
    after: Annotated[int, Query(ge=0, le=2**53, description="The position you have.")] = 0,
    limit: Annotated[int, Query(ge=1, le=LIST_MAX)] = 100,
    wait_s: Annotated[float, Query(ge=0, le=WAIT_MAX_S, description="Wait so long for the first one.")] = 0.0,
) -> dict[str, Any]:
    """The journal after a position, oldest first; ask again with the position answered and nothing is missed."""
    journal = ask.house.onbam.journal
    head = journal.head()
    after = min(after, head)
    stretch = journal.tail(after, wait_s, limit) if wait_s > 0 else journal.read(after, limit)
    lines = [entry_json(entry) for entry in stretch.entries]
    return {"events": lines, "position": stretch.position, "missing_before": stretch.missing_before, "head": head}


@router.get("/history", tags=["look"])
def history_of(ask: Looking, days: Annotated[int, Query(ge=1, le=92)] = 30) -> dict[str, Any]:
    """How many orders were completed, and how many attempts failed, day by day."""
    seen = ask.seen()
    return {"days": history(ask.house, seen, days)}


@router.get("/doctor", tags=["care"])
def doctor(ask: Looking) -> dict[str, Any]:
    """The check-up."""
    onbam = ask.house.onbam
    checks = {name: check for name, check in onbam.checks().items() if name != "port"}
    return as_data(examine(checks, onbam.settings.care.check_limit_s, onbam.clock), onbam.redactor)


@router.get("/settings", tags=["care"])
def settings(ask: Governing) -> dict[str, Any]:
    """Every setting with its origin; secrets masked."""
    onbam = ask.house.onbam
    return {"settings": [row.as_data() for row in shown(Settings, onbam.loaded, onbam.redactor)]}


@router.get("/about", tags=["care"])
def about(ask: Looking) -> dict[str, Any]:
    """Which version this is, on what it runs, and since when."""
    onbam = ask.house.onbam
    database = onbam.database
    return {
        "version": __version__,
        "python": platform.python_version(),
        "database": f"{database.product} {database.version}".strip() or database.kind,
        "machine_id": onbam.machine_id,
        "started_at_ms": ask.house.started_ms,
    }


@router.get("/me", tags=["people"])
def me(ask: Annotated[Ask, Depends(needs(*May))]) -> dict[str, Any]:
    """Who you are, and what you may do."""
    visitor = ask.known
    rights = sorted(right.value for right in visitor.may)
    return {"name": visitor.person.name, "role": visitor.person.role.value, "key": visitor.key_name or None, "may": rights}
