"""Acts on the code book, and the answers about an order's lines.

For: the pages of orders, of what needs a person, and of the code book.
Promises: every line without a code is asked about in one sheet and saved with one press; a reason each time.
Refuses: to decide: `orders/codedesk.py` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import Response

from onbam.kernel.errors import Refused
from onbam.kernel.words import Said
from onbam.orders.codedesk import Answer
from onbam.orders.codes import shown_line
from onbam.orders.desk_acts import DeskAct
from onbam.orders.model import Line
from onbam.people.model import May
from onbam.web import codes_words as say
from onbam.web.doors import BODY_MAX
from onbam.web.entry import Ask, check_form, needs
from onbam.web.render import answer, drawn, whole
from onbam.web.said import said
from onbam.web.trouble import NotHere

router = APIRouter(include_in_schema=False)
Given = Annotated[str, Form(max_length=1000)]
Many = Annotated[list[str], Form(max_length=1000)]
looking = needs(May.LOOK)
acting = needs(May.ACT)
governing = needs(May.GOVERN)


def _sheet(ask: Ask, name: str, values: Mapping[str, Any], title: Said) -> Response:
    """In the page's sheet, or as a page of its own."""
    seen, given = ask.seen(), {"s": say, **values}
    if ask.partial:
        return answer(ask, drawn(seen, f"parts/{name}.html", given))
    return whole(ask, seen, f"{name}.html", given, title=title.to(seen.lang))


# ---- an order's lines


@router.get("/orders/{key}/codes")
def ask_codes(request: Request, key: str) -> Response:
    """Every line without a code, with the nearest ones."""
    ask = acting(request)
    onbam = ask.house.onbam
    item = onbam.desk.get(key)
    values = {
        "item": item,
        "questions": onbam.codedesk.questions(item),
        "can_go_on": DeskAct.UNHOLD in onbam.desk.acts(item),
    }
    return _sheet(ask, "teach", values, say.TEACH_ASK(key=item.key))


@router.post("/orders/{key}/codes")
def teach(
    request: Request,
    key: str,
    form_token: Given,
    reason: Given = "",
    line: Many = [],  # noqa: B006 -- a field's default; nobody changes it
    pick: Many = [],  # noqa: B006
    code: Many = [],  # noqa: B006
    then: Given = "",
) -> Response:
    """Remembered; and, where that was wanted, the order goes on."""
    ask = acting(request)
    check_form(ask, form_token)
    onbam, who = ask.house.onbam, ask.known.who
    item = onbam.desk.get(key)
    rows = [(at, (other or "").strip() or (one or "")) for at, one, other in zip_longest(line, pick, code) if at]
    answers = [Answer(int(at), given) for at, given in rows if given and at.isascii() and at.isdecimal()]
    left = onbam.codedesk.answer(item, answers, who=who, reason=reason)
    n, to = len(answers), f"/orders/{item.key}"
    if left:
        return said(ask, say.SAVED_ASKS(n=n, left=left), to=to)
    if then == DeskAct.UNHOLD.value:
        onbam.desk.act(DeskAct.UNHOLD, key, who=who, reason=reason)
        return said(ask, say.SAVED_ON(n=n, key=item.key), to=to)
    return said(ask, say.SAVED(n=n), to=to)


# ---- the book


@router.get("/codes/add")
def ask_add(request: Request) -> Response:
    """One more rule."""
    ask = acting(request)
    values = {"question": say.ADD(), "means": say.ADD_MEANS(), "action": "/codes", "button": say.ADD()}
    return _sheet(ask, "rule", {**values, "cells": True, "upload": False}, say.ADD())


@router.post("/codes")
def add(
    request: Request,
    form_token: Given,
    reason: Given = "",
    code: Given = "",
    color: Given = "",
    name: Given = "",
    spec: Given = "",
    note: Given = "",
    unit: Given = "",
    brand: Given = "",
    model: Given = "",
    remark: Given = "",
) -> Response:
    """Into the book."""
    ask = acting(request)
    check_form(ask, form_token)
    cells = {"code": code, "color": color, "name": name, "spec": spec, "note": note, "unit": unit, "brand": brand}
    cells |= {"model": model, "remark": remark}
    rule = ask.house.onbam.codedesk.add(cells, who=ask.known.who, reason=reason)
    return said(ask, say.ADDED(code=rule.code), to="/codes")


@router.get("/codes/remove/{mark}")
def ask_remove(request: Request, mark: str) -> Response:
    """Which one, and why."""
    ask = acting(request)
    rule = ask.house.onbam.codedesk.marked(mark)
    if rule is None:
        raise NotHere(say.NOT_THERE())
    line = shown_line(Line(None, rule.color, rule.name, rule.spec, None, None, None, rule.note))
    values = {"question": say.REMOVE_ASK(code=rule.code), "means": say.REMOVE_MEANS(line=line), "button": say.REMOVE()}
    values_more = {"action": f"/codes/remove/{mark}", "cells": False, "upload": False}
    return _sheet(ask, "rule", {**values, **values_more}, say.REMOVE_ASK(code=rule.code))


@router.post("/codes/remove/{mark}")
def remove(request: Request, mark: str, form_token: Given, reason: Given = "") -> Response:
    """Out of the book."""
    ask = acting(request)
    check_form(ask, form_token)
    codes = ask.house.onbam.codedesk
    rule = codes.marked(mark)
    if rule is None:
        raise NotHere(say.NOT_THERE())
    codes.remove([mark], who=ask.known.who, reason=reason)
    return said(ask, say.REMOVED(code=rule.code), to="/codes")


@router.get("/codes/export")
def export(request: Request) -> Response:
    """The whole book, as Excel opens it."""
    body = looking(request).house.onbam.codedesk.as_csv()
    headers = {"content-disposition": 'attachment; filename="codes.csv"', "cache-control": "no-store"}
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/codes/import")
def ask_import(request: Request) -> Response:
    """Which file."""
    ask = governing(request)
    values = {"question": say.IMPORT(), "means": say.IMPORT_MEANS(), "action": "/codes/import", "button": say.IMPORT()}
    return _sheet(ask, "rule", {**values, "cells": False, "upload": True}, say.IMPORT())


@router.post("/codes/import")
def take_over(
    request: Request,
    form_token: Given,
    reason: Given = "",
    replace: Given = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """All of its rules, or none."""
    ask = governing(request)
    check_form(ask, form_token)
    body = file.file.read(BODY_MAX) if file is not None else b""
    if file is None or not body:
        raise Refused(say.NO_FILE, say.NO_FILE_HINT)
    codes = ask.house.onbam.codedesk
    facts = codes.take_over(file.filename or "", body, replace=replace == "yes", who=ask.known.who, reason=reason)
    return said(ask, say.IMPORTED(**facts), to="/codes")
