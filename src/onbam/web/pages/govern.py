"""Acts on PCs, notices and people; the check-up.

For: the pages.
Promises: a stop and its end are signed with a name and a reason; what opens a door is shown once.
Refuses: what the visitor's role does not allow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from onbam.care.editing import shown as as_text
from onbam.care.errands.model import Do
from onbam.journal.model import Line
from onbam.kernel.errors import Refused
from onbam.kernel.words import Said, kept, plain
from onbam.orders.desk_words import REASON_HINT, REASON_NEEDED
from onbam.orders.pauses import ALL
from onbam.people.model import May, Role, Scope
from onbam.web import house_words as say
from onbam.web import machines_words as more_words
from onbam.web import words
from onbam.web.entry import Ask, check_form, needs
from onbam.web.pages.acts import sheet
from onbam.web.render import answer, drawn, whole
from onbam.web.said import said
from onbam.web.seen import Seen
from onbam.web.trouble import NotHere
from onbam.web.views import machines
from onbam.web.views.checkup import checked
from onbam.web.views.fleet import why_of
from onbam.web.views.settings import field_of

router = APIRouter(include_in_schema=False)
Given = Annotated[str, Form(max_length=400)]
looking = needs(May.LOOK)
acting = needs(May.ACT)
steering = needs(May.STEER)
governing = needs(May.GOVERN)
HOUR_MS: Final = 3_600_000
ERRANDS: Final = {do.value: do for do in more_words.ACTS}
"""What a PC is asked to do itself."""
SNOOZES: Final = (1, 4, 8)
STEERING: Final = {
    "pause": (say.PAUSE_ASK, say.PAUSE_MEANS, say.PAUSE, say.PAUSE_SAID),
    "resume": (say.RESUME_ASK, say.RESUME_MEANS, say.RESUME, say.RESUME_SAID),
    "forget": (say.FORGET_ASK, say.FORGET_MEANS, say.FORGET, say.FORGET_SAID),
}


@router.get("/more")
def more(request: Request) -> Response:
    """The rest of the menu, on a phone."""
    ask = looking(request)
    seen = ask.seen()
    return whole(ask, seen, "more.html", {}, title=seen.t(words.MORE))


# ---- PCs


def name_of(ask: Ask, scope: str) -> Said:
    """What a scope is called."""
    if scope == ALL:
        return say.EVERY_PC()
    registry = ask.house.onbam.registry
    peers = registry.peers() if registry is not None else ()
    name = next((peer.name for peer in peers if peer.machine_id == scope), None)
    if name is None:
        raise NotHere(say.UNKNOWN_PC(name=scope[:60]))
    return plain(name)()


@router.get("/machines/{name}/log")
def log(request: Request, name: str) -> Response:  # noqa: ARG001 -- read by the view
    """The end of a PC's log, as it is now."""
    return _folder(request, "parts/log.html", machines.log)


@router.get("/machines/{name}/incidents")
def incidents(request: Request, name: str) -> Response:  # noqa: ARG001 -- read by the view
    """What the guard of a PC saved."""
    return _folder(request, "parts/incidents.html", machines.incidents)


def _folder(request: Request, template: str, view: Callable[[Seen, str], Mapping[str, Any]]) -> Response:
    """What lies in the folder of a PC: a part of its page, or by itself where no script asks."""
    ask = steering(request)
    seen = ask.seen()
    values = view(seen, ask.known.who)
    if ask.partial:
        return answer(ask, drawn(seen, template, values))
    return whole(ask, seen, "folder.html", {**values, "template": template}, title=values["pc"].name)


@router.get("/why/pc/{name}")
def why_pc(request: Request, name: str) -> Response:
    """Why a PC is as it is."""
    ask = looking(request)
    if not ask.partial:
        return RedirectResponse(f"/machines/{quote(name)}", 303)
    seen = ask.seen()
    pc = machines.one_of(seen, name)
    return answer(
        ask, drawn(seen, "parts/why.html", {"why": why_of(seen, pc), "key": pc.name, "link": f"/machines/{quote(pc.name)}"})
    )


@router.get("/machines/do/{what}/{scope}")
def ask_steer(request: Request, what: str, scope: str) -> Response:
    """Once more, and why."""
    ask = steering(request)
    if what in ERRANDS:
        return _ask_errand(ask, ERRANDS[what], scope)
    if what not in STEERING:
        raise NotHere
    question, means, button, _ = STEERING[what]
    return sheet(
        ask,
        question(what=name_of(ask, scope)),
        action=f"/machines/do/{what}/{scope}",
        button=button(),
        means=means(),
        danger=what == "pause",
    )


@router.post("/machines/do/{what}/{scope}")
def steer(request: Request, what: str, scope: str, form_token: Given, reason: Given = "", program: Given = "") -> Response:
    """Stop, go on, forget; or ask the PC for something."""
    ask = steering(request)
    check_form(ask, form_token)
    if what not in STEERING and what not in ERRANDS:
        raise NotHere
    name = name_of(ask, scope)
    steered(ask, what, scope, reason, program)
    if what in ERRANDS:
        return said(ask, more_words.ASKED_SAID[ERRANDS[what]](what=name), to=f"/machines/{scope}")
    return said(ask, STEERING[what][3](what=name), to="/machines")


def _ask_errand(ask: Ask, do: Do, scope: str) -> Response:
    """What a PC will be asked for, and of which of its programs."""
    pc = machines.one_of(ask.seen(), scope)
    main = ask.house.onbam.settings.guard.main
    return sheet(
        ask,
        more_words.ASK[do](what=plain(pc.name)()),
        action=f"/machines/do/{do.value}/{pc.machine_id}",
        button=more_words.ACTS[do](),
        means=more_words.MEANS[do](),
        skipped=more_words.SILENT_BEFORE() if pc.state in ("dead", "stopped") else None,
        choices=("program", more_words.WHICH(), ((main, more_words.WHICH_MAIN(name=main)), ("", more_words.WHICH_ALL()))),
        danger=do is Do.DRAIN,
    )


def steered(ask: Ask, what: str, scope: str, reason: str, program: str = "") -> None:
    """The act itself, for pages and interface."""
    if not reason.strip():
        raise Refused(REASON_NEEDED, REASON_HINT)
    onbam, who = ask.house.onbam, ask.known.who
    if what in ERRANDS:
        if scope == ALL:
            raise NotHere
        if onbam.registry is None:
            raise Refused(more_words.NOT_FROM_HERE)
        onbam.errands.ask(scope, ERRANDS[what], program, who=who, why=reason)
        return
    if what == "pause":
        onbam.pauses.set(scope, who=who, why=reason)
    elif what == "resume":
        onbam.pauses.lift(scope, who=who, why=reason)
    elif onbam.registry is not None and onbam.registry.forget(scope):
        onbam.desk.note(Line("machine.forgotten", "machine", scope, who, reason))


# ---- notices


@router.post("/notices/seen")
def seen_notice(request: Request, form_token: Given, key: Given) -> Response:
    """I have read it."""
    ask = acting(request)
    check_form(ask, form_token)
    ask.house.onbam.notices.seen([key], who=ask.known.who)
    return said(ask, say.READ_SAID(), to="/notices")


@router.post("/notices/snooze")
def snooze(request: Request, form_token: Given, key: Given, hours: Annotated[int, Form()]) -> Response:
    """Quiet for some hours."""
    ask = acting(request)
    check_form(ask, form_token)
    snoozed(ask, key, hours)
    return said(ask, say.SNOOZE_SAID(n=hours), to="/notices")


def snoozed(ask: Ask, key: str, hours: int) -> None:
    """The act itself."""
    if hours not in SNOOZES:
        raise Refused(words.BAD_REQUEST, words.BAD_REQUEST_HINT)
    ask.house.onbam.notices.snooze(key, for_ms=hours * HOUR_MS, who=ask.known.who, why="")


@router.post("/notices/resolve")
def resolve(request: Request, form_token: Given, key: Given) -> Response:
    """Closed by a person."""
    ask = acting(request)
    check_form(ask, form_token)
    ask.house.onbam.notices.resolve(key, who=ask.known.who, why=kept(say.BY_PERSON))
    return said(ask, say.RESOLVE_SAID(), to="/notices")


# ---- help


@router.get("/help/checks")
def checks(request: Request) -> Response:
    """What the check-up finds now."""
    ask = looking(request)
    seen = ask.seen()
    return answer(ask, drawn(seen, "parts/checks.html", checked(seen)))


# ---- settings


@router.get("/settings/change/{name}")
def ask_setting(request: Request, name: str) -> Response:
    """Which value, and why."""
    ask = governing(request)
    edit = ask.house.onbam.editing.editable().get(name)
    if edit is None:
        raise NotHere
    field = field_of(edit)
    between = (
        say.SETTING_BETWEEN(low=f"{edit.item.meta.ge:,.12g}", high=f"{edit.item.meta.le:,.12g}") if field["number"] else None
    )
    hint = say.SETTING_SEVERAL() if field["several"] else between
    reset = say.SETTING_DEFAULT(value=as_text(edit.item.default) or "–")
    return sheet(
        ask,
        say.SETTING_ASK(name=name),
        action=f"/settings/change/{name}",
        button=say.CHANGE(),
        means=say.SETTING_MEANS(help=edit.item.meta.help),
        hidden={"was": field["value"]},
        field={**field, "label": say.VALUE(), "hint": hint, "reset": reset},
    )


@router.post("/settings/change/{name}")
def change_setting(
    request: Request, name: str, form_token: Given, reason: Given, was: Given, value: Given = "", default: Given = ""
) -> Response:
    """Written down."""
    ask = governing(request)
    check_form(ask, form_token)
    changed_setting(ask, name, None if default == "yes" else value, reason, was)
    return said(ask, say.SETTING_SAID(name=name), to="/settings")


def changed_setting(ask: Ask, name: str, value: str | None, reason: str, was: str | None) -> None:
    """The act itself, for the page and the interface."""
    if not reason.strip():
        raise Refused(REASON_NEEDED, REASON_HINT)
    onbam = ask.house.onbam
    onbam.editing.change(name, value, was=was, who=ask.known.who, why=reason, machine=onbam.machine_id)


# ---- people


@router.post("/people")
def add_person(request: Request, form_token: Given, name: Given, role: Given, shown: Given = "") -> Response:
    """Somebody new, with a link to come in."""
    ask = governing(request)
    check_form(ask, form_token)
    person = ask.house.people.add(name.strip(), role_of(role), who=ask.known.who, shown=shown)
    return _link(ask, person.name, say.ADDED(name=person.shown))


def role_of(name: str) -> Role:
    """A role by its name."""
    try:
        return Role(name)
    except ValueError:
        raise Refused(words.BAD_REQUEST, words.BAD_REQUEST_HINT) from None


def _link(ask: Ask, name: str, text: Said) -> Response:
    opens = ask.house.people.link(name, who=ask.known.who)
    address = f"{base_of(ask)}/enter/{opens}"
    seen = ask.seen()
    values = {"text": text, "note": say.LINK_IS(), "shown": address}
    return whole(ask, seen, "made.html", values, title=text.to(seen.lang))


def base_of(ask: Ask) -> str:
    """How this desk is called from outside."""
    public = ask.house.onbam.settings.web.public_url.rstrip("/")
    return public or f"{ask.request.url.scheme}://{ask.request.headers.get('host', '')}"


def scope_of(name: str) -> Scope:
    """A scope by its name."""
    try:
        return Scope(name)
    except ValueError:
        raise Refused(words.BAD_REQUEST, words.BAD_REQUEST_HINT) from None


@router.post("/people/keys")
def add_key(request: Request, form_token: Given, name: Given, scope: Given, days: Given = "") -> Response:
    """A key for a program."""
    ask = governing(request)
    check_form(ask, form_token)
    chosen = scope_of(scope)
    until = int(days) if days.isascii() and days.isdecimal() and 0 < int(days) <= 3650 else None
    _, opens = ask.house.people.add_key(name, chosen, ask.known.person, days=until)
    seen = ask.seen()
    values = {"text": say.MAKE_KEY(), "note": say.KEY_MADE(), "shown": opens}
    return whole(ask, seen, "made.html", values, title=seen.t(say.MAKE_KEY))


@router.post("/people/keys/{number}/revoke")
def revoke_key(request: Request, number: str, form_token: Given) -> Response:
    """It opens nothing any more."""
    ask = governing(request)
    check_form(ask, form_token)
    ask.house.people.revoke_key(number, who=ask.known.who)
    return said(ask, say.REVOKED(), to="/people")


@router.post("/people/{name}")
def change_person(request: Request, name: str, form_token: Given, role: Given) -> Response:
    """Another role."""
    ask = governing(request)
    check_form(ask, form_token)
    ask.house.people.change(name, role=role_of(role), who=ask.known.who)
    return said(ask, say.PERSON_SAID(name=name), to="/people")


@router.post("/people/{name}/link")
def person_link(request: Request, name: str, form_token: Given) -> Response:
    """A way in, once."""
    ask = governing(request)
    check_form(ask, form_token)
    return _link(ask, name, say.NEW_LINK())


@router.post("/people/{name}/disable")
def disable(request: Request, name: str, form_token: Given) -> Response:
    """Out, at once."""
    return _switched(request, name, form_token, disabled=True)


@router.post("/people/{name}/enable")
def enable(request: Request, name: str, form_token: Given) -> Response:
    """In again."""
    return _switched(request, name, form_token, disabled=False)


def _switched(request: Request, name: str, form_token: str, *, disabled: bool) -> Response:
    ask = governing(request)
    check_form(ask, form_token)
    ask.house.people.change(name, disabled=disabled, who=ask.known.who)
    return said(ask, say.PERSON_SAID(name=name), to="/people")
