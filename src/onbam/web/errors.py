"""Whatever goes wrong on the way to an answer becomes a page with a next step.

For: `app.py`.
Promises: known trouble is said in the reader's language with its hint; an unknown one gets a number that stands in the log too;
a part of a page gets a part; the programming interface gets JSON.
Refuses: a traceback for the reader, a secret in a text.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from onbam.kernel.errors import CredentialsRejected, Damaged, Misconfigured, OnbamError, Refused, Transient
from onbam.kernel.ids import new_id
from onbam.kernel.words import LANGS, Said, received
from onbam.logs.voice import get_logger
from onbam.orders.desk_acts import NoSuchOrder, NotYet, Stale
from onbam.web import words as say
from onbam.web.doors import SAFE
from onbam.web.entry import Ask, ask_of, with_return
from onbam.web.render import answer, drawn, whole
from onbam.web.trouble import Forbidden, LoginNeeded, NotHere

if TYPE_CHECKING:
    from onbam.web.house import House

log = get_logger("web")
API: Final = "/api"
STATUS: Final[tuple[tuple[type[BaseException], int], ...]] = (
    (Stale, 409),
    (NotYet, 409),
    (NoSuchOrder, 404),
    (Refused, 422),
    (Transient, 503),
    (CredentialsRejected, 503),
    (Misconfigured, 500),
    (Damaged, 500),
    (OnbamError, 500),
    (Forbidden, 403),
    (NotHere, 404),
)
Handler = Callable[[Request, Any], Awaitable[Response]]


def install(app: FastAPI) -> None:
    """Hand over every sort of trouble."""
    for kind in (OnbamError, Forbidden, NotHere, HTTPException, RequestValidationError, Exception):
        app.add_exception_handler(kind, _shown)
    app.add_exception_handler(LoginNeeded, _to_login)


async def _to_login(request: Request, error: Exception) -> Response:
    """Come in first, then back to here."""
    assert isinstance(error, LoginNeeded), "installed for nothing else"
    if request.url.path.startswith(API):
        lang = Ask(request, request.app.state.house, None).lang
        told = {"kind": "LoginNeeded", "message": say.LOGIN_NEEDED.to(lang), "hint": say.LOGIN_NEEDED_HINT.to(lang)}
        return JSONResponse({"error": told}, 401)
    where = with_return(error.back)
    if request.headers.get("hx-request") == "true" or request.url.path.startswith("/live"):
        return Response(status_code=401, headers={"hx-redirect": where})
    return RedirectResponse(where, 303)


async def _shown(request: Request, error: BaseException) -> Response:
    """A page, a part, or JSON."""
    status, message, hint = _told(request, error)
    if request.url.path.startswith(API):
        house: House = request.app.state.house
        lang = Ask(request, house, None).lang
        clean = house.onbam.redactor.text
        kind = "BadRequest" if isinstance(error, RequestValidationError) else type(error).__name__
        body: dict[str, Any] = {"kind": kind, "message": clean(message.to(lang)), "hint": clean(hint.to(lang))}
        fields = _fields(error)
        if fields:
            body["fields"] = {name: clean(text.to(lang)) for name, text in fields.items()}
        return JSONResponse({"error": body}, status)
    return await run_in_threadpool(_page, request, status, message, hint)


def _told(request: Request, error: BaseException) -> tuple[int, Said, Said]:
    """Status, message and hint."""
    if isinstance(error, OnbamError):
        return _status(error), error.message, error.hint
    if isinstance(error, Forbidden):
        return 403, say.FORBIDDEN(), say.FORBIDDEN_HINT()
    if isinstance(error, NotHere):
        return 404, error.what or say.NOT_FOUND(), say.NOT_FOUND_HINT()
    if isinstance(error, HTTPException):
        if error.status_code == 404:
            return 404, say.NOT_FOUND(), say.NOT_FOUND_HINT()
        return error.status_code, say.BAD_REQUEST(), say.BAD_REQUEST_HINT()
    if isinstance(error, RequestValidationError):
        return 422, say.BAD_FIELDS(fields=_listed(_fields(error))), say.BAD_FIELDS_HINT()
    house: House = request.app.state.house
    number = new_id(house.clock, house.onbam.chance)
    log.error("page failed", path=request.url.path, number=number, error=error)
    return 500, say.BROKEN(), say.BROKEN_HINT(number=number)


def _fields(error: BaseException) -> dict[str, Said]:
    """Which fields of a request cannot be meant so, and why."""
    if isinstance(error, Refused):
        field = error.context.get("field")
        return {field: error.message} if isinstance(field, str) else {}
    if not isinstance(error, RequestValidationError):
        return {}
    found: dict[str, Said] = {}
    for one in error.errors():
        place = [str(part) for part in one["loc"] if part not in ("body", "query", "path", "header")]
        limits = one.get("ctx", {})
        text = say.FIELD_WRONG.get(str(one["type"]), say.FIELD_ODD)
        found[".".join(place) or "body"] = text(**{name: limits.get(name, "?") for name in text.places("en")})
    return found


def _listed(fields: Mapping[str, Said]) -> Said:
    """All of them in one line."""
    ko, en = ("; ".join(f"{name}: {text.to(lang)}" for name, text in fields.items()) for lang in LANGS)
    return received(ko, en)()


def _status(error: OnbamError) -> int:
    return next(status for kind, status in STATUS if isinstance(error, kind))


def _page(request: Request, status: int, message: Said, hint: Said) -> Response:
    """Drawn with as little as possible: the trouble may be the database itself."""
    house: House = request.app.state.house
    try:
        ask = ask_of(request)
    except (OnbamError, LoginNeeded):
        ask = Ask(request, house, None)
    seen = ask.seen(now_ms=int(house.clock.now().timestamp() * 1000))
    clean = house.onbam.redactor.text
    title = say.LATER_TITLE if status == 503 else say.REFUSED_TITLE if status in (409, 422) else None
    values = {
        "status": status,
        "title": clean(seen.t(title) if title else message.to(seen.lang)),
        "message": clean(message.to(seen.lang)) if title else "",
        "hint": clean(hint.to(seen.lang)),
        "again": status == 503 and request.method in SAFE,
        "back": urlsplit(request.headers.get("referer", "/")).path or "/",
    }
    if ask.partial:
        return answer(ask, drawn(seen, "parts/trouble.html", values), status)
    return whole(ask, seen, "trouble.html", values, title=values["title"], status=status)  # type: ignore[arg-type]
