"""What is not a page: files, health, the worker that says so when we cannot be reached.

For: browsers, supervisors, measuring programs.
Promises: health without a log-in says nothing but whether; figures need the right to look, except from this PC itself.
Refuses: a name of a file that was not there at start.
"""

from __future__ import annotations

import json
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from onbam.kernel.errors import OnbamError
from onbam.kernel.words import LANGS
from onbam.people.model import May
from onbam.web import words
from onbam.web.assets import BASE, DESK, FIRST, FOR_EVER, STYLE, sent
from onbam.web.entry import LANG_COOKIE, THEME_COOKIE, THEMES, YEAR_S, Ask, from_here, local_path, needs, set_cookie
from onbam.web.house import House
from onbam.web.metrics import lines
from onbam.web.render import drawn, whole

router = APIRouter(include_in_schema=False)
OFFLINE: Final = (STYLE, FIRST, DESK, "mark.svg")
"""What the page without an answer looks like."""
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "testclient"})


@router.get(BASE + "{name}")
async def static(request: Request, name: str) -> Response:
    """A file for ever. It is in memory: a thread would only make it wait for the pages being drawn."""
    house: House = request.app.state.house
    asset = house.assets.at(f"{BASE}{name}")
    if asset is None:
        return PlainTextResponse("not here\n", 404)
    return sent(asset, request.headers.get("accept-encoding", ""), FOR_EVER)


@router.get("/healthz")
def healthz() -> Response:
    """Alive: this very process answers."""
    return JSONResponse({"ok": True})


@router.get("/readyz")
def readyz(request: Request) -> Response:
    """Ready: the database answers too."""
    house: House = request.app.state.house
    try:
        house.now_ms()
        house.onbam.journal.head()
    except OnbamError:
        return JSONResponse({"ok": False}, 503)
    return JSONResponse({"ok": True})


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Figures in the form Prometheus reads; with a key, but on this PC without one: unless a proxy stands here and all do."""
    house: House = request.app.state.house
    fronted = bool(house.onbam.settings.web.public_url or house.proxies)
    if fronted or request.client is None or request.client.host not in LOOPBACK:
        needs(May.LOOK)(request)
    return PlainTextResponse("\n".join(lines(house, request.app.state.hub)) + "\n", media_type="text/plain; version=0.0.4")


@router.get("/sw.js")
def service_script(request: Request) -> Response:
    """The service worker: it must come from the top."""
    house: House = request.app.state.house
    keep = json.dumps(["/offline", *map(house.assets.path, OFFLINE)])
    script = house.assets.named("sw.js").body.decode()
    script = script.replace("VERSION", house.assets.version).replace('["/offline"]', keep)
    return Response(script, media_type="text/javascript; charset=utf-8", headers={"cache-control": "no-cache"})


@router.get("/offline")
def offline(request: Request) -> Response:
    """What the worker shows when nobody answers."""
    house: House = request.app.state.house
    ask = Ask(request, house, None)
    seen = ask.seen(now_ms=0)
    return whole(ask, seen, "offline.html", {}, title=seen.t(words.OFFLINE_TITLE))


@router.get("/manifest.webmanifest")
def manifest(request: Request) -> Response:
    """How the desk is installed on a phone."""
    house: House = request.app.state.house
    ask = Ask(request, house, None)
    text = drawn(ask.seen(now_ms=0), "manifest.webmanifest", {})
    return Response(text, media_type="application/manifest+json", headers={"cache-control": "no-cache"})


@router.post("/acts/lang/{lang}")
def speak(request: Request, lang: str, back: str = "/") -> Response:
    """In which language."""
    from_here(request, request.app.state.house)
    if lang in LANGS:
        set_cookie(request, LANG_COOKIE, lang, max_age=YEAR_S, script=True)
    return RedirectResponse(local_path(back), 303)


@router.post("/acts/theme/{theme}")
def shine(request: Request, theme: str, back: str = "/") -> Response:
    """By day or by night."""
    from_here(request, request.app.state.house)
    if theme in THEMES:
        set_cookie(request, THEME_COOKIE, theme, max_age=YEAR_S, script=True)
    return RedirectResponse(local_path(back), 303)
