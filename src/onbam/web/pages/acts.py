"""Acts on orders, and what belongs to one order: its reasons, its paper, its pieces.

For: the pages.
Promises: each act is asked for once more in a sheet, with a reason; what touches the outside wants a tick too; the second of
two operators is told what happened meanwhile, because the version they saw goes with the act.
Refuses: to decide: the orders desk does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from onbam.kernel.errors import Refused
from onbam.kernel.words import Said, kept
from onbam.orders.desk_acts import DeskAct
from onbam.orders.desk_words import ACTS
from onbam.orders.evidence import Piece
from onbam.people.model import May
from onbam.web import orders_words as say
from onbam.web import words
from onbam.web.entry import Ask, check_form, needs
from onbam.web.paper import POLICY, plain, shown
from onbam.web.render import answer, drawn, whole
from onbam.web.said import said
from onbam.web.trouble import NotHere
from onbam.web.views.beside import of_order
from onbam.web.views.orders import query_of

router = APIRouter(include_in_schema=False)
Given = Annotated[str, Form(max_length=1000)]
looking = needs(May.LOOK)
acting = needs(May.ACT)
SOME: Final = 8
ODD_MAX: Final = 200
SURE: Final = {DeskAct.NOT_THERE: say.SURE_NOT_THERE, DeskAct.CANCEL: say.SURE_CANCEL}
TEXT_MEDIA: Final = ("application/json", "text/plain")


def act_of(name: str) -> DeskAct:
    """A button's name."""
    try:
        return DeskAct(name)
    except ValueError:
        raise NotHere from None


def sheet(ask: Ask, question: Said, *, action: str, button: Said, **values: Any) -> Response:
    """A question before an act: in the page's sheet, or as a page of its own."""
    seen = ask.seen()
    given: Mapping[str, Any] = {
        "s": say,
        "question": question,
        "action": action,
        "button": button,
        "means": None,
        "hidden": {},
        "search_for": "",
        "receipt": False,
        "sure": None,
        "danger": False,
        "can_do": True,
        "cannot": None,
        "some": (),
        "choices": None,
        "field": None,
        "skipped": None,
        **values,
    }
    if ask.partial:
        return answer(ask, drawn(seen, "parts/act.html", given))
    return whole(ask, seen, "act.html", given, title=question.to(seen.lang))


@router.get("/orders/{key}/do/{name}")
def ask_act(request: Request, key: str, name: str, version: int = 0) -> Response:
    """Once more, and why."""
    ask, act = acting(request), act_of(name)
    desk = ask.house.onbam.desk
    item = desk.get(key)
    desk.see(item)
    means, question = say.MEANS[act.value], desk.question(act, item)
    return sheet(
        ask,
        say.ASK[act.value](key=key),
        action=f"/orders/{key}/do/{name}",
        button=ACTS[act.value](),
        means=means(key=key),
        hidden={"version": version or item.version},
        search_for=key if act in (DeskAct.THERE, DeskAct.NOT_THERE) else "",
        receipt=act is DeskAct.THERE,
        sure=SURE.get(act) or (question.tick if question else None),
        danger=act in (DeskAct.NOT_THERE, DeskAct.CANCEL),
    )


@router.post("/orders/{key}/do/{name}")
def do_act(
    request: Request,
    key: str,
    name: str,
    form_token: Given,
    reason: Given = "",
    version: Annotated[int, Form()] = 0,
    receipt: Given = "",
    sure: Given = "",
) -> Response:
    """Done, or why not."""
    ask, act = acting(request), act_of(name)
    check_form(ask, form_token)
    if act in SURE and sure != "yes":
        raise Refused(SURE[act], words.REASON_NOTE)
    desk = ask.house.onbam.desk
    before = desk.get(key)
    item = desk.act(act, key, who=ask.known.who, reason=reason, version=version or None, receipt=receipt, sure=sure == "yes")
    undo = ask.house.undos.keep(ask.known.who, act, [(before, item)], ask.house.now_ms())
    text = say.DONE_SAID[act.value](key=key)
    return said(ask, text, to=f"/orders/{key}", undo=f"/undo/{undo}" if undo else "", undo_text=say.UNDO())


@router.post("/undo/{name}")
def undo(request: Request, name: str) -> Response:
    """Take it back, where nothing moved on meanwhile."""
    ask = acting(request)
    check_form(ask, request.headers.get("x-form-token", ""))
    undoing = ask.house.undos.take(name, ask.known.who)
    if undoing is None:
        raise NotHere
    why, moved = kept(say.UNDO_WHY), 0
    for key, version in undoing.items:
        try:
            ask.house.onbam.desk.act(undoing.act, key, who=ask.known.who, reason=why, version=version)
        except Refused as refused:
            if len(undoing.items) == 1:
                raise refused from None
            moved += 1
    return said(ask, say.UNDONE_BUT(n=moved) if moved else say.UNDONE(), to="/orders")


@router.get("/orders/bulk/{name}")
def ask_bulk(request: Request, name: str) -> Response:
    """How many, which, and why."""
    ask, act = acting(request), act_of(name)
    preview = ask.house.onbam.desk.preview(act, query_of(ask.seen()))
    count, refused = len(preview.possible), len(preview.refused)
    return sheet(
        ask,
        say.BULK_ASK(n=count, act=ACTS[act.value]),
        action=f"/orders/bulk/{name}?{request.url.query}",
        button=ACTS[act.value](),
        means=say.MEANS[act.value](key=""),
        hidden={"expected": count},
        some=[item.key for item in preview.possible[:SOME]],
        skipped=say.BULK_SKIPPED(n=refused) if refused else None,
        sure=SURE.get(act),
        danger=act is DeskAct.CANCEL,
        can_do=count > 0,
        cannot=say.BULK_NONE(),
    )


@router.post("/orders/bulk/{name}")
def do_bulk(
    request: Request, name: str, form_token: Given, expected: Annotated[int, Form()], reason: Given = "", sure: Given = ""
) -> Response:
    """All that match, unless they are not the ones that were shown."""
    ask, act = acting(request), act_of(name)
    check_form(ask, form_token)
    if act in SURE and sure != "yes":
        raise Refused(SURE[act], words.REASON_NOTE)
    done = ask.house.onbam.desk.bulk(act, query_of(ask.seen()), expected=expected, who=ask.known.who, reason=reason)
    undo = ask.house.undos.keep(ask.known.who, act, list(zip(done.before, done.done, strict=True)), ask.house.now_ms())
    text = say.BULK_DONE(n=len(done.done), skipped=len(done.refused))
    to = f"/orders?{request.url.query}" if request.url.query else "/orders"
    return said(ask, text, to=to, undo=f"/undo/{undo}" if undo else "", undo_text=say.UNDO())


@router.get("/why/{key}")
def why(request: Request, key: str) -> Response:
    """One sentence with the rule, for a state anywhere on the desk."""
    ask = looking(request)
    desk = ask.house.onbam.desk
    answer_why = desk.why(desk.get(key))
    seen = ask.seen()
    if not ask.partial:
        return RedirectResponse(f"/orders/{key}", 303)
    values = {"why": answer_why, "key": key, "link": f"/orders/{quote(key)}", "notices": of_order(ask.house, key)}
    return answer(ask, drawn(seen, "parts/why.html", values))


@router.get("/items/{kind}/{key}")
def old_link(request: Request, kind: str, key: str) -> Response:
    """Where notices point."""
    looking(request)
    return RedirectResponse(f"/orders/{key}" if kind == "order" else "/orders", 303)


# ---- evidence


def piece_of(ask: Ask, key: str, sha256: str) -> Piece:
    """A piece of an order's evidence."""
    found = ask.house.onbam.evidence.of(ask.house.onbam.desk.get(key).ref)
    piece = next((piece for piece in found if piece.sha256 == sha256), None)
    if piece is None:
        raise NotHere
    return piece


def _framed(html: str) -> Response:
    headers = {"content-security-policy": POLICY, "x-frame-options": "SAMEORIGIN", "content-disposition": "inline"}
    return HTMLResponse(html, headers=headers)


@router.get("/orders/{key}/paper/{sha256}")
def paper(request: Request, key: str, sha256: str, odd: str = "") -> Response:
    """The document, in a frame that can do nothing; the lines that do not add up are marked."""
    ask = looking(request)
    numbers = [int(one) for one in odd.split(",")[:ODD_MAX] if one.isascii() and one.isdecimal()]
    return _framed(shown(ask.house.onbam.evidence.read(piece_of(ask, key, sha256)), numbers))


@router.get("/orders/{key}/piece/{sha256}")
def piece(request: Request, key: str, sha256: str) -> Response:
    """Any piece: a page as a page, everything else as letters, without secrets."""
    ask = looking(request)
    found = piece_of(ask, key, sha256)
    body = ask.house.onbam.evidence.read(found)
    if found.media.startswith(TEXT_MEDIA):
        body = ask.house.onbam.redactor.text(body.decode("utf-8", "replace")).encode()
        return _framed(plain(body))
    return _framed(shown(body) if found.media.startswith("text/html") else plain(body))


# ---- kept searches


@router.post("/orders/views")
def keep_view(request: Request, form_token: Given, name: Given, query: Given) -> Response:
    """Keep this search."""
    ask = looking(request)
    check_form(ask, form_token)
    view = ask.house.people.keep_view(ask.known.person, name, query)
    return said(ask, say.VIEW_KEPT(name=view.name), to=f"/orders?{view.query}")


@router.post("/orders/views/{number}/drop")
def drop_view(request: Request, number: str, form_token: Given) -> Response:
    """Forget one."""
    ask = looking(request)
    check_form(ask, form_token)
    ask.house.people.drop_view(ask.known.person, number)
    return said(ask, say.VIEW_GONE(), to="/orders")
