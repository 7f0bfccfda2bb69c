"""The pages one looks at, and their streams.

For: `app.py`.
Promises: every page of the table has its address, its rights and its stream from one entry.
Refuses: acts.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from onbam.people.model import May
from onbam.web.entry import Ask, needs, visitor_of
from onbam.web.house import House
from onbam.web.live import CHECK_S, Hub, Sent, beat, event
from onbam.web.page import Page
from onbam.web.render import page_answer
from onbam.web.seen import Seen
from onbam.web.trouble import Forbidden, NotHere
from onbam.web.views import pages as table

router = APIRouter(include_in_schema=False)
PAGES: Final = table()
BY_NAME: Final = {page.name: page for page in PAGES}


def _showing(page: Page) -> Callable[[Request], Response]:
    checked = needs(*page.rights)

    def show(request: Request) -> Response:
        return page_answer(checked(request), page)

    def show_first(request: Request) -> Response:
        ask = needs(*May)(request)
        if not ask.known.may & frozenset(page.rights):  # whoever may see no orders begins at their own page
            return RedirectResponse("/me", 303)
        return page_answer(ask, page)

    if page.path == "/":
        return show_first

    return show


for one in PAGES:
    router.add_api_route(one.path, _showing(one), methods=["GET"], name=one.name, response_model=None)


@router.get("/live/{name}")
async def live(request: Request, name: str) -> Response:
    """The stream of one view."""
    hub: Hub = request.app.state.hub
    page = BY_NAME.get(name)
    if page is None or not page.live:
        raise NotHere
    ask: Ask = await run_in_threadpool(needs(*page.rights), request)
    if hub.full:
        return Response(status_code=503, headers={"retry-after": "5"})
    known = request.headers.get("last-event-id", "")
    seen = await run_in_threadpool(ask.seen_by_query)  # before the answer begins: trouble is said with its status
    return StreamingResponse(_stream(request, hub, page, ask, seen, known), media_type="text/event-stream")


async def _stream(request: Request, hub: Hub, page: Page, ask: Ask, seen: Seen, known: str) -> AsyncIterator[str]:
    house: House = request.app.state.house
    handle = ask.known.handle
    checked = house.clock.monotonic()
    yield "retry: 1000\n\n"  # no sign of life before something was drawn: it would call an old page fresh
    async for sent in hub.follow(page, seen, known):
        if house.clock.monotonic() - checked >= CHECK_S:
            checked = house.clock.monotonic()
            async with hub.checking:
                may = await run_in_threadpool(_still_may, request, house, page.rights)
            if not may:
                yield "event: gone\ndata: \n\n"
                return
        yield event(sent, house, handle) if isinstance(sent, Sent) else beat(house.near_now_ms())


def _still_may(request: Request, house: House, rights: tuple[May, ...]) -> bool:
    """Whether the session lives and still has the right."""
    try:
        visitor = visitor_of(request, house, used=False)
    except Forbidden:
        return False
    return visitor is not None and bool(visitor.may & frozenset(rights))
