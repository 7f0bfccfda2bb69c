"""The desk from outside: who may come in and do what, what every answer carries, what hostile texts become."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from onbam.claims.model import Phase, State
from onbam.claims.ports import Filter
from onbam.connectors.sheets.budget import Budget
from onbam.journal.model import Line
from onbam.kernel.chance import Chance
from onbam.kernel.clock import FakeClock
from onbam.people.model import Role, Scope
from onbam.web.nightbook import EVENTS_MAX
from onbam.web.views import locks
from support.desk_door import HOST, Desk, Visitor, desk
from support.stage import NUMBER, PASSWORD, Stage, night, pc, people, stage

LOOKS = ("/orders", "/needs-you", "/board", "/board?as=table", "/machines", "/locks", "/codes", "/notices", "/help", "/about")
PAGES = ("/", *LOOKS, "/more")
GOVERNED = ("/settings", "/people")
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A night."""
    made = night(tmp_path_factory.mktemp("night"), step=25)
    people(made)
    yield made
    made.onbam.close()


@pytest.fixture(scope="module")
def door(told: Stage) -> Iterator[Desk]:
    """The desk of that night."""
    with desk(told) as opened:
        yield opened


@pytest.fixture
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The desk of a shop in which nothing ever happened."""
    made = stage(tmp_path_factory.mktemp("empty"))
    with desk(made) as opened:
        yield opened
    made.onbam.close()


class Active(HTMLParser):
    """What in a page could run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Scripts without our nonce, handlers, styles in attributes, addresses that run."""
        values = dict(attrs)
        if tag == "script" and not values.get("src", "").startswith("/static/"):  # type: ignore[union-attr]
            self.found.append("a script of its own")
        self.found += [f"{tag} {name}" for name in values if name.startswith("on") or name == "style"]
        self.found += [f"{tag} {v}" for n, v in attrs if n in ("href", "src", "action") and (v or "").startswith("javascript")]
        if tag == "img":
            self.found.append("a picture nobody put there")


def active(html: str) -> list[str]:
    """What could run."""
    parser = Active()
    parser.feed(html)
    return parser.found


def test_without_a_session_every_page_leads_to_the_log_in_and_back(door: Desk) -> None:
    """Nothing is shown to nobody; after the log-in the reader is where they wanted to be."""
    for path in (*PAGES, *GOVERNED, "/orders/2601130229"):
        answer = door.nobody.get(path)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/login?next=/"), path
    back = door.nobody.post("/login?", data={"name": "kim", "password": PASSWORD, "next": "/board?as=table"})
    assert back.headers["location"] == "/board?as=table"
    door.nobody.cookies.clear()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_for_a_viewer_in_both_languages(door: Desk, path: str) -> None:
    """Each page has a first heading, says its language, and holds nothing that could run."""
    visitor = door.as_("park")
    for lang, word in (("ko", "오늘"), ("en", "Today")):
        visitor.client.cookies.set("onbam_lang", lang)
        html = visitor.get(path)
        assert f'<html lang="{lang}"' in html
        assert word in html
        assert html.count("<h1") == 1
        assert active(html) == []


def test_what_a_pc_wrote_of_an_order_is_read_in_the_readers_language(door: Desk) -> None:
    """The note of a parked order and the reason in its story; whoever wrote them."""
    key = door.stage.onbam.claims.find(Filter(states=(State.PARKED,))).items[0].key
    visitor = door.as_("park")
    for lang, word, other in (("ko", "품목코드를 모릅니다", "is not known"), ("en", "is not known", "품목코드를 모릅니다")):
        visitor.client.cookies.set("onbam_lang", lang)
        for path in ("/orders?state=parked", f"/orders/{key}", "/needs-you"):
            html = visitor.get(path)
            assert word in html, path
            assert other not in html, path


def test_the_suppliers_headings_are_said_in_the_readers_language(door: Desk) -> None:
    """Known ones are translated; what stands under them, and any other heading, is shown as the supplier wrote it."""
    order = door.stage.order()
    door.stage.found(order)
    visitor = door.as_("park")
    for lang, heading in (("en", "Site"), ("ko", "현장명")):
        visitor.client.cookies.set("onbam_lang", lang)
        assert f"<dt>{heading}</dt><dd>{order.site}</dd>" in visitor.get(f"/orders/{order.number}")


def test_the_page_of_the_locks_says_what_is_left_of_the_sheets_minute(door: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a sheet decides: this desk's share of it, without asking Google; with a database there is nothing to say."""
    visitor, onbam = door.as_("kim"), door.stage.onbam
    assert "(이 화면)" not in visitor.get("/locks")
    clock = FakeClock()
    budget = Budget(clock, Chance(1), reads=30.0, writes=20.0)
    assert [budget.take("read"), budget.take("read"), budget.take("write")] == [0, 0, 0]
    monkeypatch.setattr(type(onbam), "sheet_decides", True)
    monkeypatch.setitem(vars(onbam), "sheet", budget)
    assert "읽기 28/30 · 쓰기 19/20" in visitor.get("/locks")
    budget.refused()
    assert "쉬라고" in visitor.get("/locks")


def test_the_page_of_the_locks_says_how_many_more_there_are(door: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy night holds more than one page shows: how many, and where they are."""
    visitor, stage = door.as_("kim"), door.stage
    orders = [stage.order() for _ in range(3)]
    stage.found(*orders)
    for order in orders:
        stage.taken(pc("A", 1), order)
    assert "/orders?state=processing" not in visitor.get("/locks")
    monkeypatch.setattr(locks, "HELD_MAX", 2)
    page = visitor.get("/locks")
    assert page.count('<tr id="lock-') == 2
    held = stage.onbam.desk.counts()[State.PROCESSING]
    assert f'<a href="/orders?state=processing">그 밖에 {held - 2}건' in page


def test_a_role_may_what_its_role_says(door: Desk) -> None:
    """A viewer changes nothing, an operator governs nothing, a seller sees no order."""
    viewer, operator, seller, admin = (door.as_(name) for name in ("park", "lee", "choi", "kim"))
    key = door.stage.onbam.desk.needs_you()[0].item.key
    assert "data-sheet" not in re.sub(r"<button[^>]*class=\"why\"", "", viewer.get("/needs-you"))
    assert viewer.client.get(f"/orders/{key}/do/there").status_code == 403
    assert viewer.act(f"/orders/{key}/do/hold", reason="x")[0] == 403
    for path in GOVERNED:
        assert operator.client.get(path).status_code == 403
        admin.get(path)
    assert operator.client.get("/machines/do/pause/all").status_code == 200
    assert viewer.client.get("/machines/do/pause/all").status_code == 403
    for path in LOOKS:
        assert seller.client.get(path).status_code == 403, path
    assert seller.client.get("/").headers["location"] == "/me"
    assert NUMBER.search(seller.get("/me")) is None


def test_every_answer_is_dressed(door: Desk) -> None:
    """A policy that runs only what the page names, drawn anew each time; no frames, no sniffing, no keeping."""
    visitor = door.as_("kim")
    answers = [visitor.client.get(path) for path in ("/", "/", "/nowhere", "/api/today", "/healthz")]
    policies = [answer.headers["content-security-policy"] for answer in answers]
    assert len(set(policies)) == len(policies)
    for answer, policy in zip(answers, policies, strict=True):
        assert policy.startswith("default-src 'none'; script-src 'nonce-")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
    nonce = re.search(r"script-src 'nonce-([^']+)'", policies[0])
    assert nonce is not None
    assert f'nonce="{nonce[1]}"' in answers[0].text


def test_a_foreign_name_is_not_served(door: Desk) -> None:
    """A page elsewhere that points its own name at this PC gets nothing; an address in figures is us."""
    assert door.nobody.get("/healthz", headers={"host": "evil.example"}).status_code == 421
    assert door.nobody.get("/healthz", headers={"host": "192.168.1.5:5080"}).status_code == 200
    assert door.nobody.get("/healthz", headers={"host": "[::1]:5080"}).status_code == 200


def test_an_act_needs_the_form_token_and_our_own_page(door: Desk) -> None:
    """Without the token, with another session's, or from another site nothing happens."""
    kim, lee = door.as_("kim"), door.as_("lee")
    before = door.stage.onbam.pauses.standing()
    path, site = "/machines/do/pause/all", {"sec-fetch-site": "same-origin"}
    for token, headers in (("wrong", site), (lee.token, site), (kim.token, {"sec-fetch-site": "cross-site"})):
        answer = kim.client.post(path, data={"form_token": token, "reason": "x"}, headers=headers)
        assert answer.status_code == 403, (token, headers)
    foreign = kim.client.post(path, data={"form_token": kim.token, "reason": "x"}, headers={"origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert door.stage.onbam.pauses.standing() == before


def test_wrong_passwords_make_a_pause(door: Desk) -> None:
    """After five wrong tries even the right password waits, and the record has each of them."""
    answers = [door.nobody.post("/login", data={"name": "mallory", "password": f"wrong {n}"}).status_code for n in range(6)]
    assert answers == [401] * 5 + [429]
    told = [e for e in door.stage.onbam.journal.about("person", "mallory") if e.line.what == "person.refused"]
    assert len(told) == 5
    door.app.state.house.gate.right("name:mallory", "from:testclient")


def test_a_session_cookie_cannot_be_read_by_scripts(door: Desk) -> None:
    """HttpOnly, same-site, its own name for each port."""
    answer = door.nobody.post("/login", data={"name": "park", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("onbam_5999=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    door.nobody.cookies.clear()


def test_the_first_start_makes_an_administrator_by_a_link(empty: Desk) -> None:
    """The link opens a form; used, it lets in once and never again; until then the log-in says what to do."""
    people_here = empty.stage.onbam.people
    assert "onbam web link" in empty.nobody.get("/login").text
    opens = people_here.link(who="person:pc", purpose="first")
    for _ in range(2):  # programs look at links too
        assert empty.nobody.get(f"/enter/{opens}").status_code == 200
    form = {"name": "사장", "password": PASSWORD, "again": "something else"}
    assert empty.nobody.post(f"/enter/{opens}", data=form).status_code == 422
    easy = empty.nobody.post(f"/enter/{opens}", data={**form, "password": "1234567890", "again": "1234567890"})
    assert easy.status_code == 422
    done = empty.nobody.post(f"/enter/{opens}", data={**form, "again": PASSWORD})
    assert done.status_code == 303
    assert empty.nobody.get("/people").status_code == 200
    assert empty.nobody.get(f"/enter/{opens}").status_code == 410
    assert people_here.everybody()[0].role is Role.ADMIN


def test_an_empty_shop_is_told_what_to_do_next(empty: Desk) -> None:
    """Every page of a shop in which nothing happened opens and teaches."""
    people(empty.stage)
    visitor = empty.as_("kim")
    visitor.client.cookies.set("onbam_lang", "en")
    for path in (*PAGES, *GOVERNED):
        assert active(visitor.get(path)) == []
    assert "Nothing has begun yet" in visitor.get("/")
    assert "onbam up" in visitor.get("/machines")


def test_one_is_said_as_one(empty: Desk) -> None:
    """A shop with one PC, one user and one order reads of no '1 PCs' and no '1 things', while all is well and while not."""
    told, a = empty.stage, pc("A", 1)
    told.onbam.people.add("kim", Role.ADMIN, who="person:pc", password=PASSWORD)
    visitor = empty.as_("kim")
    visitor.client.cookies.set("onbam_lang", "en")
    told.join(a)
    first, second = told.order(), told.order()
    told.found(first)
    told.entered(a, first)
    assert "1 order " in visitor.get("/")
    assert _many_ones(visitor) == []
    told.found(second)
    told.ended(told.taken(a, second), State.PARKED, note="codes")
    empty.app.state.house.glance.forget()
    assert re.findall("<h1>([^<]*)<", visitor.get("/needs-you")) == ["1 thing needs you"]
    assert _many_ones(visitor) == []


def _many_ones(visitor: Visitor) -> list[str]:
    """What is said of one as of many."""
    heads = r">\s*((?:[^<>]*\b)?1 (?:things|orders|PCs|users|rules)\b[^<>]*)<"
    return [text for path in (*PAGES, *GOVERNED) for text in re.findall(heads, visitor.get(path))]


def test_several_pcs_on_a_database_made_for_one_are_warned(empty: Desk) -> None:
    """In red on the first page and where it is explained; several agents of one computer are no reason."""
    people(empty.stage)
    visitor = empty.as_("park")

    def warned() -> tuple[bool, bool]:
        empty.app.state.house.glance.forget()
        told = re.search(r'<p class="red" role="alert">[^<]*SQLite', visitor.get("/")) is not None
        return told, "한 PC에서만 쓸 수 있습니다" in visitor.get("/locks")

    empty.stage.join(pc("A", 1), pc("A", 2), due_s=10**6)
    assert warned() == (False, False)
    empty.stage.join(pc("B", 1, "192.168.1.101"), due_s=10**6)
    assert warned() == (True, True)


def test_hostile_texts_are_shown_and_never_run(door: Desk) -> None:
    """Notes, reasons, PC names, searches and people's names full of markup come out as letters, on every page."""
    told = door.stage
    evil = pc("Z", 1)
    evil = type(evil)(evil.machine_id, evil.agent_id, f"PC-{EVIL[:30]}", "10.0.0.9")
    order = told.order()
    told.found(order)
    told.onbam.registry.join(evil, version=EVIL[:20], pid=1, due_in_ms=10**9)  # type: ignore[union-attr]
    told.onbam.registry.beat(evil, doing=EVIL, due_in_ms=10**9)  # type: ignore[union-attr]
    item = told.taken(evil, order)
    told.stepped(item, f"step {EVIL}"[:60])
    told.ended(item, State.PARKED, note=EVIL)
    told.onbam.people.add("evil", Role.VIEWER, who="person:pc", shown=EVIL)
    visitor = door.as_("kim")
    of_it = (f"/orders/{order.number}", f"/orders?q={EVIL}", "/orders?state=parked", f"/machines/{EVIL}")
    for path in (*PAGES, *GOVERNED, *of_it):
        answer = visitor.client.get(path)
        assert active(answer.text) == [], path
        assert "<script>alert" not in answer.text, path
    assert "&lt;script&gt;alert(1)" in visitor.get(f"/orders/{order.number}")


def test_the_suppliers_paper_can_do_nothing(door: Desk) -> None:
    """A document with scripts, frames and forms is shown under a policy that runs, loads and sends nothing."""
    told = door.stage
    order = told.order()
    told.found(order)
    agent = pc("A", 1)
    item = told.taken(agent, order)
    wild = (
        b"<html><head><script>steal()</script><link rel=stylesheet href=https://evil.example/x.css><base href=https://evil.example>"
        b"</head><body><iframe src=https://evil.example></iframe><table class=table-item><tr><th>NO<th>\xed\x92\x88\xeb\xaa\x85"
        b"<tr><td>7<td>x</table><form action=https://evil.example><input type=password></form>"
    )
    told.kept(item, agent, "document", "wild.html", "text/html", wild)
    told.ended(item, State.FAILED, note="x", retry_in_ms=10**7)
    piece = told.onbam.evidence.last(item.ref, "document")
    assert piece is not None
    visitor = door.as_("park")
    answer = visitor.client.get(f"/orders/{order.number}/paper/{piece.sha256}")
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert "steal" not in answer.text
    assert "<base" not in answer.text
    assert "<iframe" not in answer.text
    assert 'id="onbam-line-7"' in answer.text
    page = visitor.get(f"/orders/{order.number}")
    assert re.search(r"<iframe[^>]* sandbox ", page)


def test_the_second_of_two_operators_is_told(door: Desk) -> None:
    """Both saw the same order; the second act is refused with what happened meanwhile."""
    told = door.stage
    order = told.order()
    ref = told.found(order)[0]
    version = told.onbam.desk.get(ref.key).version
    kim, lee = door.as_("kim"), door.as_("lee")
    status, said = kim.act(f"/orders/{ref.key}/do/hold", reason="잠깐", version=version)
    assert status == 204
    assert "onbam:said" in said
    status, said = lee.act(f"/orders/{ref.key}/do/cancel", reason="취소", version=version, sure="yes")
    assert status == 409
    assert "보신 뒤에 바뀌었습니다" in said
    assert told.onbam.desk.get(ref.key).state is State.PARKED


def test_an_act_can_be_taken_back_by_its_maker_once(door: Desk) -> None:
    """Undo returns the order, belongs to whoever acted, and works once."""
    told = door.stage
    ref = told.found(told.order())[0]
    kim, lee = door.as_("kim"), door.as_("lee")
    status, said = kim.act(f"/orders/{ref.key}/do/hold", reason="잠깐")
    assert status == 204
    undo = json.loads(said)["onbam:said"]["undo"]
    headers = {"hx-request": "true", "x-form-token": lee.token}
    assert lee.client.post(undo, headers=headers).status_code == 404
    headers = {"hx-request": "true", "x-form-token": kim.token}
    assert kim.client.post(undo, headers=headers).status_code == 204
    assert told.onbam.desk.get(ref.key).state is State.WAITING
    assert kim.client.post(undo, headers=headers).status_code == 404


def test_what_touches_the_outside_wants_a_reason_and_a_tick(door: Desk) -> None:
    """'It is not there' without the tick, and any act without a reason, do nothing."""
    told = door.stage
    order = told.order()
    told.found(order)
    told.doubt(pc("B", 1), order)
    kim = door.as_("kim")
    sheet = kim.get(f"/orders/{order.number}/do/not_there", **{"hx-request": "true"})
    assert 'name="sure"' in sheet
    assert order.number in sheet
    assert kim.act(f"/orders/{order.number}/do/not_there", reason="보았음")[0] == 422
    assert kim.act(f"/orders/{order.number}/do/there", receipt="20260113-1")[0] == 422
    assert kim.act(f"/orders/{order.number}/do/there", reason="보았음", receipt="20260113-77")[0] == 204
    item = told.onbam.desk.get(order.number)
    assert (item.state, item.receipt) == (State.COMPLETED, "20260113-77")
    last = told.onbam.journal.about("order", order.number)
    assert any(entry.line.who == "person:kim" for entry in last)


def test_what_is_hardly_ever_meant_wants_a_tick(door: Desk) -> None:
    """That an order which was never sent stands in the ERP: the sheet says so, and without its box nothing is done."""
    told = door.stage
    order = told.order()
    told.found(order)
    kim = door.as_("kim")
    sheet = kim.get(f"/orders/{order.number}/do/there", **{"hx-request": "true"})
    assert 'name="sure"' in sheet
    assert "ERP에 보낸 적이 없습니다" in sheet
    assert kim.act(f"/orders/{order.number}/do/there", reason="손으로 입력", receipt="20260113-78")[0] == 422
    assert kim.act(f"/orders/{order.number}/do/there", reason="손으로 입력", receipt="20260113-78", sure="yes")[0] == 204
    assert told.onbam.desk.get(order.number).state is State.COMPLETED


def test_many_at_once_with_preview(door: Desk) -> None:
    """All that match are counted first; when they are not the ones that were shown, nothing is done."""
    told = door.stage
    refs = told.found(*(told.order() for _ in range(3)))
    waiting = len(told.onbam.desk.find(_query("waiting"), limit=100).items)
    kim = door.as_("kim")
    sheet = kim.get("/orders/bulk/hold?state=waiting", **{"hx-request": "true"})
    assert f'name="expected" value="{waiting}"' in sheet
    assert kim.act("/orders/bulk/hold?state=waiting", reason="휴가", expected=waiting + 1)[0] == 409
    status, said = kim.act("/orders/bulk/hold?state=waiting", reason="휴가", expected=waiting)
    assert status == 204
    assert told.onbam.desk.get(refs[0].key).state is State.PARKED
    undo = json.loads(said)["onbam:said"]["undo"]
    assert kim.client.post(undo, headers={"hx-request": "true", "x-form-token": kim.token}).status_code == 204
    assert told.onbam.desk.get(refs[0].key).state is State.WAITING


def _query(state: str):
    from onbam.orders.desk_rows import Query

    return Query(states=(State(state),))


def test_work_is_stopped_and_let_go_on_from_a_page(door: Desk) -> None:
    """A stop is signed, seen in the first sentence, and lifted by anybody who may."""
    kim, lee = door.as_("kim"), door.as_("lee")
    assert kim.act("/machines/do/pause/all", reason="가격이 이상함")[0] == 204
    page = lee.get("/")
    assert "가격이 이상함" in page
    assert "멈춰 두었습니다" in page
    assert lee.act("/machines/do/resume/all", reason="고쳤음")[0] == 204
    assert door.stage.onbam.pauses.standing() == []


def test_the_last_beats_of_a_pc_are_told_alike_everywhere(empty: Desk) -> None:
    """*Today*, the list, the PC's own page and the interface: the same record, with the silence until now."""
    told, seat = empty.stage, pc("B", 1)
    people(told)
    told.join(pc("A", 1), seat)
    told.beat(pc("A", 1), due_s=3600)
    told.beat(seat, due_s=400)
    told.clock.advance(660)
    visitor = empty.as_("park")
    known = {one["name"]: one["programs"][0]["beats"] for one in visitor.client.get("/api/machines").json()["machines"]}
    assert known["PC-B"]["marks"].endswith(".xxx")
    assert known["PC-B"]["missed"] == 3
    sentence = known["PC-B"]["said"]["ko"]
    assert "3번이 오지 않았습니다" in sentence
    for path in ("/", "/machines", "/machines/PC-B"):
        assert f"<title>{sentence}</title>" in visitor.get(path)
    assert 'class="missed"' in visitor.get("/machines/PC-B")
    assert 'class="missed"' not in visitor.get("/machines/PC-A")


def test_why_a_pc_is_so_is_one_answer(door: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """The page, the interface and the command line give the same rule and the same next step."""
    from onbam.cli.main import run

    visitor = door.as_("park")
    known = {pc["name"]: pc["why"] for pc in visitor.client.get("/api/machines").json()["machines"]}
    for name in ("PC-A", "PC-B", "PC-C"):
        sheet = visitor.get(f"/why/pc/{name}", **{"hx-request": "true"})
        assert known[name]["rule"] in sheet
        assert known[name]["next_ko"] in sheet
    assert run(["--home", str(door.stage.onbam.home), "--lang", "en", "machines", "--json"]) == 0
    agents = {agent["agent_id"]: agent["why"] for agent in json.loads(capsys.readouterr().out)["agents"]}
    assert {why["rule"] for why in agents.values()} <= {"machine.beat", "machine.due", "machine.dead", "machine.left"}
    assert run(["--home", str(door.stage.onbam.home), "--lang", "en", "machines"]) == 0
    said = capsys.readouterr().out
    assert "It said goodbye" in said or "The sign it promised did not come" in said or "It promised a sign" in said


def test_the_past_is_told_from_the_journal(door: Desk) -> None:
    """A page with a moment shows who held what then, and says that it is the past; it does not follow the journal."""
    told = door.stage
    order = told.order()
    told.found(order)
    item = told.taken(pc("C", 2), order)
    then_ms = told.onbam.claims.now_ms()
    told.clock.advance(3)
    told.ended(told.stepped(item, "slip", Phase.CLAIMED), State.FAILED, note="x", retry_in_ms=10**7)
    told.clock.advance(2)
    visitor = door.as_("park")
    for path in (f"/?at={then_ms}", f"/board?at={then_ms}"):
        html = visitor.get(path)
        assert "모습을 보고 있습니다" in html
        assert "hx-sse:connect" not in html
    assert order.number in visitor.get(f"/board?at={then_ms}")
    held = visitor.client.get(f"/api/board?at={then_ms}").json()["held"]
    assert order.number in [one["key"] for one in held]


def test_a_pc_that_buried_another_is_one_pc_on_the_strip(door: Desk) -> None:
    """It signs for that with its process; the strip has a line for each PC all the same, and no page shows such a name."""
    visitor = door.as_("park")
    named = re.findall(r'class="strip-pc" href="/machines/([^"]*)"', visitor.get("/"))
    assert [name for name in named if name.startswith(("PC-A", "PC-B", "PC-C"))] == ["PC-A", "PC-B", "PC-C"]
    lines = [entry.line for entry in door.stage.onbam.journal.read(0).entries]
    orders = {line.key for line in lines if line.what == "item.bereaved" and "/agent/" in line.who}
    assert orders
    for page in ("/", *(f"/orders/{key}" for key in orders)):
        assert "/agent/" not in visitor.get(page)
    assert "멈춘 것을 알고 거두었습니다" in visitor.get("/machines/PC-A")


def test_a_quiet_moment_of_the_past_is_not_called_now(empty: Desk) -> None:
    """The board says of then what was then, and in words also where nothing had ended."""
    told = empty.stage
    people(told)
    told.found(told.order())
    told.clock.advance(3600)
    visitor = empty.as_("park")
    visitor.client.cookies.set("onbam_lang", "en")
    now, then = (visitor.get(path) for path in ("/board", f"/board?at={told.onbam.claims.now_ms() - 60_000}"))
    assert ("No order is in hand now." in now, "No order has ended yet." in now) == (True, True)
    assert ("No order is in hand now." in then, "No order was in hand then." in then) == (False, True)
    assert "No order ended around then." in then


def test_what_had_just_happened_then_stands_on_the_page_however_much_came_after(door: Desk) -> None:
    """Yesterday's list of events is not the end of yesterday; nothing that came later stands in it."""
    told = door.stage
    order = told.order()
    told.found(order)
    told.ended(told.stepped(told.taken(pc("C", 2), order), "slip", Phase.CLAIMED), State.FAILED, note="x", retry_in_ms=10**7)
    then_ms = told.onbam.claims.now_ms()
    told.clock.advance(3)
    told.onbam.journal.append([Line("item.hold", "order", f"later-{n}", "person:kim") for n in range(EVENTS_MAX + 1)])
    html = door.as_("park").get(f"/?at={then_ms}")
    assert f"/orders/{order.number}" in html
    assert "later-" not in html


def test_a_key_opens_the_interface_and_nothing_more_than_its_scope(door: Desk) -> None:
    """Read may read, act may act, a revoked one opens nothing; a key needs no form token."""
    told = door.stage
    kim = told.onbam.people.named("kim")
    assert kim is not None
    read, act = (told.onbam.people.add_key(scope.value, scope, kim) for scope in (Scope.READ, Scope.ACT))
    ref = told.found(told.order())[0]
    path = f"/api/orders/{ref.key}/acts/hold"
    body = {"reason": "script"}
    headers = [{"authorization": f"Bearer {opens}"} for _, opens in (read, act)]
    assert door.nobody.get("/api/today", headers=headers[0]).status_code == 200
    assert door.nobody.post(path, headers=headers[0], json=body).status_code == 403
    assert door.nobody.post(path, headers=headers[1], json=body).status_code == 200
    assert told.onbam.journal.about("order", ref.key)[0].line.who == "person:kim/act"
    told.onbam.people.revoke_key(act[0].id, who="person:kim")
    assert door.nobody.get("/api/today", headers=headers[1]).status_code == 401
    assert door.nobody.get("/api/today").status_code == 401


def test_the_interface_follows_the_journal_without_a_gap(door: Desk) -> None:
    """Asked again and again with the position answered, every line comes once, also those written while waiting."""
    told = door.stage
    visitor = door.as_("park")
    position = visitor.client.get("/api/events").json()["head"]
    writer = threading.Timer(0.2, lambda: told.found(*(told.order() for _ in range(3))))
    writer.start()
    seen: list[int] = []
    while len(seen) < 3:
        answer = visitor.client.get(f"/api/events?after={position}&wait_s=5&limit=2").json()
        seen += [line["position"] for line in answer["events"]]
        position = answer["position"]
    writer.join()
    assert seen == list(range(seen[0], seen[0] + 3))


def test_health_says_whether_and_nothing_else(door: Desk) -> None:
    """Alive and ready without a log-in; figures are for this PC, or for whoever may look."""
    assert door.nobody.get("/healthz").json() == {"ok": True}
    assert door.nobody.get("/readyz").json() == {"ok": True}
    figures = door.nobody.get("/metrics").text
    assert "onbam_orders{state=" in figures
    orders = [order["order_id"] for order in door.as_("kim").client.get("/api/orders").json()["orders"]]
    assert orders
    assert [key for key in orders if key in figures] == []


def test_a_damaged_or_missing_thing_is_a_page_with_a_next_step(door: Desk) -> None:
    """Unknown pages, orders, PCs and acts answer 404 in the reader's words; a part of a page gets a part."""
    visitor = door.as_("kim")
    for path in ("/nowhere", "/orders/9999999999", "/machines/PC-Q", "/orders/2601130229/do/explode"):
        answer = visitor.client.get(path)
        assert answer.status_code == 404, path
        assert "<h1" in answer.text
    part = visitor.client.get("/why/9999999999", headers={"hx-request": "true"})
    assert part.status_code == 404
    assert "<html" not in part.text
    assert visitor.client.get("/api/orders/9999999999").json()["error"]["kind"] == "NoSuchOrder"


def test_a_body_too_large_is_not_read(door: Desk) -> None:
    """A form of megabytes is refused before anybody looks at it."""
    answer = door.nobody.post("/login", data={"name": "x" * 2_000_000, "password": "y"})
    assert answer.status_code == 413


def test_the_installed_app_keeps_looks_and_no_facts(door: Desk) -> None:
    """The worker, the manifest and the page without an answer hold no figure of the shop."""
    worker = door.nobody.get("/sw.js").text
    assert "/offline" in worker
    assert "VERSION" not in worker
    manifest = door.nobody.get("/manifest.webmanifest").json()
    assert manifest["display"] == "standalone"
    for icon in manifest["icons"]:
        assert door.nobody.get(icon["src"]).status_code == 200
    offline = door.nobody.get("/offline").text
    assert NUMBER.search(offline) is None
    assert active(offline) == []


def test_links_of_notices_lead_to_the_order(door: Desk) -> None:
    """What a push points at opens the order's page."""
    visitor = door.as_("park")
    answer = visitor.client.get("/items/order/2601130229")
    assert answer.headers["location"] == "/orders/2601130229"


def test_people_are_added_changed_and_shut_out(door: Desk) -> None:
    """An administrator adds somebody with a link that opens once; shut out, their page is gone at once."""
    kim = door.as_("kim")
    token = kim.token
    made = kim.client.post("/people", data={"form_token": token, "name": "new", "role": "operator"})
    link = re.search(rf"{HOST}(/enter/[\w-]+)", made.text)
    assert link is not None
    form = {"password": PASSWORD, "again": PASSWORD}
    assert door.nobody.post(link[1], data=form).status_code == 303
    assert door.nobody.get("/").status_code == 200
    assert kim.client.post("/people/new/disable", data={"form_token": token}).status_code == 303
    assert door.nobody.get("/").status_code == 303
    door.nobody.cookies.clear()
    assert kim.client.post("/people/kim", data={"form_token": token, "role": "viewer"}).status_code == 422


def test_notices_are_read_silenced_and_closed(door: Desk) -> None:
    """One press each; what is closed is below, and its cause opens it again."""
    from onbam.kernel.words import plain
    from onbam.notices.model import Cause, Severity

    cause = Cause("test:thing", Severity.URGENT, plain("thing is odd")(), plain("look at it")())
    notices = door.stage.onbam.notices
    notices.open(cause)
    lee = door.as_("lee")
    assert "thing is odd" in lee.get("/notices")
    assert lee.act("/notices/seen", key=cause.key)[0] == 204
    assert lee.act("/notices/snooze", key=cause.key, hours=4)[0] == 204
    assert lee.act("/notices/snooze", key=cause.key, hours=5)[0] == 422
    found = notices.get(cause.key)
    assert found is not None
    assert found.seen_by == "person:lee"
    assert lee.act("/notices/resolve", key=cause.key)[0] == 204
    assert notices.get(cause.key) is None


def test_settings_show_no_secret(door: Desk) -> None:
    """The page and the interface mask what is secret."""
    kim = door.as_("kim")
    rows = kim.client.get("/api/settings").json()["settings"]
    assert all(row["value"] in ("", "•••") for row in rows if row["masked"])
    assert "ENABLE_DISTRIBUTED_LOCK" in kim.get("/settings")


def test_the_style_comes_with_the_first_page_and_is_left_out_of_the_next(door: Desk) -> None:
    """A browser without it is sent all of it under the answer's own number; one that has this very style is told its place."""
    style = door.app.state.house.assets.named("onbam.css")
    client = door.as_("kim").client
    client.cookies.delete("onbam_look")
    first = client.get("/")
    nonce = re.findall(r"style-src 'self' 'nonce-([^']+)'", first.headers["content-security-policy"])[0]
    assert f'<style nonce="{nonce}" data-file="{style.path}">{style.body.decode()}</style>' in first.text
    assert f'<link rel="stylesheet" href="{style.path}"' not in first.text
    second = client.get("/")
    assert f'<link rel="stylesheet" href="{style.path}"' in second.text
    assert "<style nonce" not in second.text
    client.cookies.delete("onbam_look")
    client.cookies.set("onbam_look", "an older one")
    assert "<style nonce" in client.get("/").text


def test_before_its_first_picture_a_page_asks_for_one_small_script_and_nothing_else(door: Desk) -> None:
    """The desk's own script is named to that one only: fetched beside the page, it takes the processor from the picture."""
    first, whole = (door.app.state.house.assets.named(name) for name in ("first.js", "desk.js"))
    client = door.as_("kim").client
    client.cookies.delete("onbam_look")
    html = client.get("/").text
    assert [first.path] == re.findall(r'<script[^>]* src="([^"]*)"', html)
    assert {"icon", "apple-touch-icon", "manifest"} == set(re.findall(r'<link rel="([^"]*)"', html))
    assert [whole.path] == re.findall(r'data-src="([^"]*)"', html)
    assert html.count(whole.path) == 1
    assert len(first.body) < 1024 < len(whole.body)
