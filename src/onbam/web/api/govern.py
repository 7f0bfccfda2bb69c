"""What may be done about PCs, people and keys.

For: administrators' programs.
Promises: what opens a door is answered once.
Refuses: what the key's maker may not do.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path

from onbam.people.model import Key, May, Person, Scope
from onbam.web import words
from onbam.web.api.acts import allowed
from onbam.web.api.shapes import ChangeBody, KeyBody, PersonBody, SettingBody, SteerBody
from onbam.web.entry import Ask
from onbam.web.errors import API
from onbam.web.pages.govern import changed_setting, name_of, role_of, scope_of, steered
from onbam.web.trouble import NotHere

router = APIRouter(prefix=API)
Steering = Annotated[Ask, allowed(May.STEER)]
Governing = Annotated[Ask, allowed(May.GOVERN)]
What = Literal["pause", "resume", "forget", "restart", "drain", "up"]
"""What the page of a PC offers."""
Which = Annotated[str, Path(min_length=1, max_length=120, description="A machine's id, or `all`.")]
Name = Annotated[str, Path(min_length=1, max_length=40)]


@router.post("/machines/{scope}/{what}", tags=["machines"])
def steer(ask: Steering, scope: Which, what: What, body: SteerBody) -> dict[str, Any]:
    """Stop one PC or all, let them go on, forget one that is gone; or ask a PC to restart, drain, come up."""
    name_of(ask, scope)
    steered(ask, what, scope, body.reason, body.program)
    return {"scope": scope, "done": what}


@router.patch("/settings/{name}", tags=["care"])
def change_setting(ask: Governing, name: Annotated[str, Path(max_length=120)], body: SettingBody) -> dict[str, Any]:
    """Another value for a setting that may be changed from here; without one, the default again."""
    changed_setting(ask, name, body.value, body.reason, body.was)
    return {"name": name, "value": body.value}


@router.get("/people", tags=["people"])
def people(ask: Governing) -> dict[str, Any]:
    """Everybody."""
    return {"people": [person_json(person) for person in ask.house.people.everybody()]}


@router.post("/people", tags=["people"])
def add(ask: Governing, body: PersonBody) -> dict[str, Any]:
    """Somebody new, with a link that opens once."""
    store = ask.house.people
    person = store.add(body.name, role_of(body.role), who=ask.known.who, shown=body.shown)
    return {"person": person_json(person), "link": f"/enter/{store.link(person.name, who=ask.known.who)}"}


@router.post("/people/{name}/link", tags=["people"])
def link(ask: Governing, name: Name) -> dict[str, Any]:
    """A link that opens once, for somebody who forgot the password; it is answered once."""
    return {"link": f"/enter/{ask.house.people.link(name, who=ask.known.who)}"}


@router.patch("/people/{name}", tags=["people"])
def change(ask: Governing, name: Name, body: ChangeBody) -> dict[str, Any]:
    """Another role, shut out, or in again."""
    role = None if body.role is None else role_of(body.role)
    person = ask.house.people.change(name, role=role, disabled=body.disabled, who=ask.known.who)
    return {"person": person_json(person)}


@router.get("/keys", tags=["people"])
def keys(ask: Governing) -> dict[str, Any]:
    """Every key that opens something."""
    return {"keys": [key_json(key) for key in ask.house.people.live_keys()]}


@router.post("/keys", tags=["people"])
def add_key(ask: Governing, body: KeyBody) -> dict[str, Any]:
    """A new key; it is answered once."""
    scope: Scope = scope_of(body.scope)
    key, opens = ask.house.people.add_key(body.name, scope, ask.known.person, days=body.days)
    return {"key": key_json(key), "secret": opens}


@router.delete("/keys/{number}", tags=["people"])
def revoke(ask: Governing, number: Name) -> dict[str, Any]:
    """It opens nothing any more."""
    if not ask.house.people.revoke_key(number, who=ask.known.who):
        raise NotHere(words.NO_KEY())
    return {"revoked": True}


def person_json(person: Person) -> dict[str, Any]:
    """A person."""
    return {
        "name": person.name,
        "shown": person.shown,
        "role": person.role.value,
        "disabled": person.disabled_at_ms is not None,
        "seen_at_ms": person.seen_at_ms,
    }


def key_json(key: Key) -> dict[str, Any]:
    """A key, without what opens."""
    return {
        "id": key.id,
        "name": key.name,
        "scope": key.scope.value,
        "made_by": key.made_by,
        "created_at_ms": key.created_at_ms,
        "used_at_ms": key.used_at_ms,
        "expires_at_ms": key.expires_at_ms,
    }
