"""Coming in and going out: log-in, one-time links, one's own account.

For: everybody.
Promises: after too many wrong tries a pause; a link works once, for whoever is first; a new session for every log-in.
Refuses: to say which of name and password was wrong; to log somebody in because another site says so.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from onbam.kernel.errors import Refused
from onbam.people import words as people_words
from onbam.people.model import May, Person
from onbam.web import door_words as say
from onbam.web.entry import MONTHS_S, Ask, ask_of, check_form, from_here, local_path, needs, set_cookie
from onbam.web.house import House
from onbam.web.render import whole
from onbam.web.said import said

router = APIRouter(include_in_schema=False)
Given = Annotated[str, Form(max_length=400)]
ANYTHING = tuple(May)


def _form(ask: Ask, template: str, status: int = 200, **values: object) -> Response:
    seen = ask.seen()
    given = {"s": say, "people_words": people_words, "wrong": None, "name": "", "next": "/", **values}
    return whole(ask, seen, template, given, title=seen.t(say.LOGIN), status=status)


@router.get("/login")
def login_page(request: Request, next: str = "/") -> Response:  # noqa: A002 -- the name in the address
    """Name and password."""
    ask = ask_of(request)
    if ask.visitor is not None:
        return RedirectResponse(local_path(next), 303)
    return _form(ask, "login.html", next=local_path(next), nobody=ask.house.people.nobody_yet())


@router.post("/login")
def login(request: Request, name: Given, password: Given, next: Given = "/") -> Response:  # noqa: A002 -- the same
    """Come in."""
    house: House = request.app.state.house
    from_here(request, house)
    ask = Ask(request, house, None)
    name = name.strip()
    keys = (f"name:{name.casefold()}", f"from:{ask.address}")
    wait_s = house.gate.wait_s(*keys)
    if wait_s > 0:
        wrong = say.WAIT(n=round(wait_s + 0.5))
        return _form(ask, "login.html", 429, wrong=wrong, name=name, next=local_path(next), nobody=False)
    person = house.people.checked(name, password)
    if person is None:
        house.gate.wrong(*keys)
        house.people.refused(name, address=ask.address)
        nobody = house.people.nobody_yet()
        return _form(ask, "login.html", 401, wrong=say.WRONG(), name=name, next=local_path(next), nobody=nobody)
    house.gate.right(*keys)
    return _in(ask, person, "password", next)


def _in(ask: Ask, person: Person, how: str, back: str = "/") -> Response:
    """A new session."""
    opens = ask.house.people.enter(person, address=ask.address, browser=ask.browser, how=how)
    set_cookie(ask.request, ask.house.cookie, opens, max_age=MONTHS_S)
    return RedirectResponse(local_path(back), 303)


@router.post("/logout")
def logout(request: Request, form_token: Given) -> Response:
    """Go out."""
    ask = needs(*ANYTHING)(request)
    check_form(ask, form_token)
    ask.house.people.leave(request.cookies.get(ask.house.cookie, ""))
    set_cookie(request, ask.house.cookie, "", max_age=0)
    return RedirectResponse("/login", 303)


@router.get("/enter/{opens}")
def link_page(request: Request, opens: str) -> Response:
    """What a one-time link leads to; looking at it does not use it up, because programs look at links too."""
    ask = Ask(request, request.app.state.house, None)
    found = ask.house.people.link_for(opens)
    if found is None:
        return _form(ask, "link.html", 410, person=None, gone=True, opens="")
    return _form(ask, "link.html", person=found or None, gone=False, opens=opens)


@router.post("/enter/{opens}")
def use_link(request: Request, opens: str, password: Given, again: Given, name: Given = "") -> Response:
    """Choose name and password (the first administrator), or a new password; then come in."""
    house: House = request.app.state.house
    from_here(request, house)
    ask = Ask(request, house, None)
    found = house.people.link_for(opens)
    if found is None:
        return _form(ask, "link.html", 410, person=None, gone=True, opens="")
    known = found if isinstance(found, Person) else None
    try:
        person = house.people.use_link(opens, _same(password, again), name=name.strip())
    except Refused as refused:
        values = {"person": known, "gone": False, "opens": opens, "wrong": refused.message, "name": name}
        return _form(ask, "link.html", 422, **values)
    if person is None:  # somebody else used it while this form was filled in
        return _form(ask, "link.html", 410, person=None, gone=True, opens="")
    return _in(ask, person, "link")


def _same(password: str, again: str) -> str:
    """Typed twice alike."""
    if password != again:
        raise Refused(say.DIFFERENT)
    return password


@router.post("/me/password")
def change_password(request: Request, form_token: Given, now: Given, password: Given, again: Given) -> Response:
    """One's own."""
    ask = needs(*ANYTHING)(request)
    check_form(ask, form_token)
    person = ask.known.person
    key = f"name:{person.name.casefold()}"
    wait_s = ask.house.gate.wait_s(key)
    if wait_s > 0:
        raise Refused(say.WAIT(n=round(wait_s + 0.5)))
    if ask.house.people.checked(person.name, now) is None:
        ask.house.gate.wrong(key)
        raise Refused(say.WRONG)
    ask.house.people.set_password(person.name, _same(password, again), who=person.who)
    set_cookie(request, ask.house.cookie, "", max_age=0)
    return said(ask, say.CHANGED(), to="/login")


@router.post("/me/sessions/end")
def end_session(request: Request, form_token: Given, handle: Given) -> Response:
    """End one of one's own."""
    ask = needs(*ANYTHING)(request)
    check_form(ask, form_token)
    ask.house.people.end_session(ask.known.person, handle, who=ask.known.who)
    return said(ask, say.ENDED(), to="/me")
