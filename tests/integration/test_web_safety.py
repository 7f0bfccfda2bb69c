"""The desk's door, asked route by route: forms, audit, the interface beside the pages, pauses after wrong tries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import get_args

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from onbam.claims.model import Agent
from onbam.kernel.words import plain
from onbam.notices.model import Cause, Severity
from onbam.people.model import Role
from onbam.web.api.govern import What
from onbam.web.app import guarded
from onbam.web.pages import routers
from onbam.web.pages.govern import ERRANDS, STEERING
from onbam.web.proxies import trusted
from support.desk_door import HOST, Desk, desk
from support.stage import PASSWORD, night, people

TWINS = {
    "/orders/{key}/do/{name}": ("post", "/api/orders/{number}/acts/{act}"),
    "/orders/bulk/{name}": ("post", "/api/orders-in-bulk/{act}"),
    "/undo/{name}": ("post", "/api/orders/{number}/acts/{act}"),
    "/machines/do/{what}/{scope}": ("post", "/api/machines/{scope}/{what}"),
    "/notices/seen": ("post", "/api/notices/seen"),
    "/notices/snooze": ("post", "/api/notices/snooze"),
    "/notices/resolve": ("post", "/api/notices/resolve"),
    "/settings/change/{name}": ("patch", "/api/settings/{name}"),
    "/people": ("post", "/api/people"),
    "/people/{name}": ("patch", "/api/people/{name}"),
    "/people/{name}/disable": ("patch", "/api/people/{name}"),
    "/people/{name}/enable": ("patch", "/api/people/{name}"),
    "/people/{name}/link": ("post", "/api/people/{name}/link"),
    "/people/keys": ("post", "/api/keys"),
    "/orders/{key}/codes": ("post", "/api/orders/{number}/codes"),
    "/codes": ("post", "/api/codes"),
    "/codes/remove/{mark}": ("post", "/api/codes/remove"),
    "/codes/import": ("post", "/api/codes/import"),
    "/people/keys/{number}/revoke": ("delete", "/api/keys/{number}"),
}
"""What a page does, and how a program does it."""
OPEN = {"/login", "/enter/{opens}", "/acts/lang/{lang}", "/acts/theme/{theme}"}
"""Nobody has come in yet, or it is a matter of looks."""
OWN = {*OPEN, "/logout", "/me/password", "/me/sessions/end", "/orders/views", "/orders/views/{number}/drop"}
"""A browser's session and what a person keeps for themselves: a program has neither."""
LOOKS = {
    "today": "/api/today",
    "needs": "/api/needs-you",
    "orders": "/api/orders",
    "order": "/api/orders/{number}",
    "board": "/api/board",
    "machines": "/api/machines",
    "machine": "/api/machines",
    "codes": "/api/codes",
    "locks": "/api/locks",
    "notices": "/api/notices",
    "settings": "/api/settings",
    "people": "/api/people",
    "me": "/api/me",
    "help": "/api/doctor",
    "about": "/api/about",
}


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A night's desk."""
    told = night(tmp_path_factory.mktemp("safety"), step=40, silence=False)
    people(told)
    with desk(told) as at:
        yield at
    told.onbam.close()


def acts() -> list[str]:
    """Every address a page's form is sent to."""
    found = [one for router in routers() for one in router.routes if isinstance(one, APIRoute)]
    return [one.path for one in found if "POST" in (one.methods or ())]


def test_whatever_a_page_does_the_interface_does_too(door: Desk) -> None:
    """Route by route: each form has its twin in the interface's description, and each page its answer."""
    from onbam.web.views import pages

    described = door.app.openapi()["paths"]
    assert set(acts()) == set(TWINS) | OWN
    assert [twin for method, twin in TWINS.values() if method not in described.get(twin, {})] == []
    assert {page.name for page in pages()} == set(LOOKS)
    assert set(get_args(What)) == {*STEERING, *ERRANDS}
    assert [path for path in LOOKS.values() if "get" not in described.get(path, {})] == []


def test_no_form_is_obeyed_without_its_token_or_from_another_site(door: Desk) -> None:
    """Asked of every form there is: a logged-in administrator's browser is not enough."""
    visitor = door.as_("kim")
    journal = door.stage.onbam.journal
    for path in acts():
        if path in OPEN:
            continue
        address = re.sub(r"\{\w+\}", "pause", path)
        fields = {"form_token": "forged", "reason": "x", "expected": "0", "version": "0", "name": "x", "query": "x", "key": "x"}
        fields |= dict.fromkeys(("now", "password", "again", "handle", "was", "hours", "role", "scope"), "1")
        before = journal.head()
        for site in ("same-origin", "cross-site"):
            form = {**fields, "form_token": visitor.token} if site == "cross-site" else fields
            answer = visitor.client.post(address, data=form, headers={"sec-fetch-site": site, "hx-request": "true"})
            assert answer.status_code in (403, 404, 422), (path, site, answer.status_code)
            assert answer.status_code == 403 or site == "same-origin", (path, site, answer.status_code)
        assert journal.head() == before, path


def test_every_act_leaves_a_line_with_the_name_of_who_did_it(door: Desk) -> None:
    """One act after the other, each looked up in the journal."""
    told, visitor = door.stage, door.as_("kim")
    journal = told.onbam.journal
    gone = Agent("PC-X-gone", "PC-X-gone/agent/1", "PC-X", "10.0.0.8")
    told.join(gone)
    registry = told.onbam.registry
    assert registry is not None
    registry.leave(gone)
    number = told.found(told.order())[0].key
    notice = told.onbam.notices.open(Cause("test:odd", Severity.WARN, plain("odd")(), plain("look")())).key
    told.onbam.people.add("neu", Role.VIEWER, who="person:pc", password=PASSWORD)
    steps: list[tuple[str, dict[str, object]]] = [
        (f"/orders/{number}/do/hold", {"reason": "x"}),
        (f"/orders/{number}/do/unhold", {"reason": "x"}),
        (f"/orders/bulk/hold?q={number}", {"reason": "x", "expected": 1}),
        ("/machines/do/pause/all", {"reason": "x"}),
        ("/machines/do/resume/all", {"reason": "x"}),
        (f"/machines/do/forget/{gone.machine_id}", {"reason": "x"}),
        ("/notices/seen", {"key": notice}),
        ("/notices/snooze", {"key": notice, "hours": 1}),
        ("/notices/resolve", {"key": notice}),
        ("/people", {"name": "dazu", "role": "viewer"}),
        ("/people/neu", {"role": "operator"}),
        ("/people/neu/link", {}),
        ("/people/neu/disable", {}),
        ("/people/neu/enable", {}),
        ("/people/keys", {"name": "x", "scope": "read"}),
        (f"/people/keys/{_key(door)}/revoke", {}),
        ("/logout", {}),
    ]
    for path, fields in steps:
        before = journal.head()
        status, text = visitor.act(path, **fields)
        assert status < 400, (path, status, text[:300])
        lines = [entry.line for entry in journal.read(before).entries]
        assert [line.what for line in lines if line.who == "person:kim"], (path, lines)


def _key(door: Desk) -> str:
    kim = door.stage.onbam.people.named("kim")
    assert kim is not None
    from onbam.people.model import Scope

    return door.stage.onbam.people.add_key("old", Scope.READ, kim)[0].id


def test_a_stolen_session_cannot_guess_the_password(door: Desk) -> None:
    """Changing one's password asks for the present one, and after some wrong ones there is a pause."""
    visitor = door.as_("lee")
    tries = door.stage.onbam.settings.web.tries
    fields = {"password": "another lamp by night", "again": "another lamp by night"}
    for _ in range(tries):
        assert visitor.act("/me/password", now="wrong", **fields)[0] == 422
    status, text = visitor.act("/me/password", now=PASSWORD, **fields)
    assert status == 422
    assert re.search(r"\d+초 뒤에", text)
    assert door.stage.onbam.people.checked("lee", PASSWORD) is not None


def test_the_figures_of_a_desk_behind_a_proxy_are_not_for_everybody(door: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a proxy every request comes from this PC: then figures need a log-in too."""
    assert door.nobody.get("/metrics").status_code == 200
    from dataclasses import replace

    onbam = door.stage.onbam
    fronted = replace(onbam.settings, web=replace(onbam.settings.web, public_url="https://desk.example.com"))
    monkeypatch.setattr(type(onbam), "settings", property(lambda _: fronted))
    assert door.nobody.get("/metrics").status_code in (303, 401)


def test_behind_a_proxy_only_whoever_guesses_has_to_wait(door: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody comes from the proxy's address: told of it, the desk pauses the one address wrong passwords come from."""
    house = door.app.state.house
    front = TestClient(guarded(door.app), base_url=HOST, follow_redirects=False, client=("127.0.0.1", 4711))

    def tries(address: str, name: str, password: str) -> int:
        form = {"name": name, "password": password}
        return front.post("/login", data=form, headers={"x-forwarded-for": f"6.6.6.6, {address}"}).status_code

    monkeypatch.setattr(house, "proxies", trusted(["127.0.0.1"]))
    for n in range(house.onbam.settings.web.tries):
        assert tries("192.168.1.66", f"guess{n}", "wrong") == 401
    assert tries("192.168.1.66", "park", PASSWORD) == 429
    assert tries("192.168.1.7", "choi", PASSWORD) == 303
    front.cookies.clear()
    monkeypatch.setattr(house, "proxies", ())
    for n in range(house.onbam.settings.web.tries):
        assert tries(f"192.168.2.{n}", f"other{n}", "wrong") == 401
    assert tries("192.168.1.7", "choi", PASSWORD) == 429, "a header of a stranger's is believed"
    house.gate.right("from:127.0.0.1")


def test_what_was_just_done_is_counted_on_the_next_page(door: Desk) -> None:
    """However soon it is asked for: no figure on a page is older than an act that was answered."""
    told, visitor = door.stage, door.as_("kim")
    token = visitor.token

    def counted() -> int:
        return int(visitor.client.get("/api/today").json()["orders"]["parked"])

    for number in [told.found(told.order())[0].key for _ in range(5)]:
        before = counted()
        form = {"form_token": token, "reason": "x"}
        headers = {"hx-request": "true", "sec-fetch-site": "same-origin"}
        assert visitor.client.post(f"/orders/{number}/do/hold", data=form, headers=headers).status_code == 204
        assert counted() == before + 1


def test_a_link_used_by_somebody_else_meanwhile_says_so(door: Desk) -> None:
    """Two people have the form of one link open: the second is told, and nobody comes in twice."""
    opens = door.stage.onbam.people.link("park", who="person:kim")
    form = {"password": "a fresh lamp by night", "again": "a fresh lamp by night"}
    assert door.nobody.post(f"/enter/{opens}", data=form).status_code == 303
    assert door.nobody.post(f"/enter/{opens}", data=form).status_code == 410
