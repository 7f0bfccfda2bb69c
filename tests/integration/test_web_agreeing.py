"""The desk says one thing everywhere: what needs a person, what stands still, what is asked for and what is answered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from onbam.claims.model import Phase, State
from onbam.effects.model import Outcome
from onbam.kernel.words import Text, plain
from onbam.notices.model import Cause, Severity
from onbam.orders import evidence as keep
from onbam.orders import flow_words
from support.desk_door import Desk, Visitor, desk
from support.stage import Stage, pc, people, stage


@pytest.fixture
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A shop with one PC at work and one order entered."""
    made = stage(tmp_path_factory.mktemp("agreeing"))
    people(made)
    made.at(9)
    made.join(pc("A", 1), due_s=10**6)
    with desk(made) as opened:
        yield opened
    made.onbam.close()


def entered(told: Stage) -> str:
    """The number of an order that is done."""
    order = told.order()
    told.found(order)
    return told.entered(pc("A", 1), order).key


def parked(told: Stage, note: str) -> str:
    """The number of one that waits for a person."""
    order = told.order()
    told.found(order)
    told.ended(told.taken(pc("A", 1), order), State.PARKED, note=note)
    return order.number


def told_of(kim: Visitor, path: str) -> Any:
    """What the interface answers."""
    return json.loads(kim.get(path))


def test_an_open_urgent_notice_needs_somebody_everywhere(door: Desk) -> None:
    """The supplier cancelled an entered order: headline, badge, interface, page and the order itself all say so."""
    number, kim = entered(door.stage), door.as_("kim")
    assert told_of(kim, "/api/today")["level"] == "well"
    title = flow_words.CANCELLED_LATE(item=number, receipt="20260113-1")
    link = f"/items/order/{number}"
    cause = Cause(f"cancelled:order:{number}", Severity.URGENT, title, flow_words.LATE_ADVICE(), link)
    door.stage.onbam.notices.open(cause)
    door.app.state.house.glance.forget()
    today, needs = told_of(kim, "/api/today"), told_of(kim, "/api/needs-you")
    assert (today["level"], today["needs_you"], needs["count"], len(needs["notices"])) == ("need", 1, 1, 1)
    assert number in today["sentence"]["ko"]
    for path in ("/", "/needs-you", f"/orders/{number}", f"/why/{number}"):
        headers = {"hx-request": "true"} if path.startswith("/why") else {}
        assert title.to("ko") in kim.get(path, **headers), path
    assert "data-needs>1<" in kim.get("/")
    assert "확인할 일 1건" in kim.get("/needs-you")


def test_a_notice_about_an_order_that_waits_anyway_is_not_counted_twice(door: Desk) -> None:
    """A parked order with a notice of its own and another about the same order is one thing to do."""
    number, kim = parked(door.stage, "합계가 다릅니다"), door.as_("kim")
    for key in ("parked", "changed"):
        text = plain("…")()
        door.stage.onbam.notices.open(Cause(f"{key}:order:{number}", Severity.WARN, text, text, f"/items/order/{number}"))
    assert told_of(kim, "/api/needs-you")["count"] == told_of(kim, "/api/today")["needs_you"] == 1


def test_a_note_nobody_has_to_act_on_needs_nobody(door: Desk) -> None:
    """A notice that is only good to know leaves everything well."""
    entered(door.stage)
    door.stage.onbam.notices.open(Cause("note", Severity.INFO, plain("참고")(), plain("-")()))
    assert told_of(door.as_("kim"), "/api/today")["level"] == "well"


def test_the_sentence_of_a_parked_order_is_one_short_sentence(door: Desk) -> None:
    """However long the reason is, the number stands once and the rest is left to the order's page."""
    first = "사람이 확인할 것이 7가지 있습니다"
    number = parked(door.stage, "")
    told = door.stage
    told.onbam.desk.unhold(number, who="person:kim", reason="다시")
    ref_item = told.onbam.claims.claim_many(pc("A", 1), [told.onbam.desk.get(number).ref])[0].item  # type: ignore[union-attr]
    told.ended(ref_item, State.PARKED, note=f"{number}: {first}. NO 1: '{'템바보드 ' * 40}'의 품목코드를 모릅니다.")
    text = told_of(door.as_("kim"), "/api/today")["sentence"]
    assert text["ko"] == f"주문 {number}가 보류되었습니다: {first}."
    assert text["en"].count(number) == 1


def test_a_pause_file_is_seen_on_the_desk(door: Desk) -> None:
    """The only PC is stopped by its file: today, the PCs and a waiting order say so, and not that somebody takes it next."""
    told, kim = door.stage, door.as_("kim")
    onbam = told.onbam
    mine = pc("A", 1)
    registry = onbam.registry
    assert registry is not None
    registry.leave(mine)
    number = told.found(told.order())[0].key
    (onbam.home / onbam.settings.orders.pause_file).write_text("재고 조사", "utf-8")
    today = told_of(kim, "/api/today")
    assert "재고 조사" in today["stopped"]["ko"]
    assert today["level"] == "trouble"
    assert "재고 조사" in kim.get("/machines")
    why = told_of(kim, f"/api/orders/{number}/why")
    assert why["rule"] == "stopped"
    assert "재고 조사" in why["next"]["ko"]


def test_a_pause_file_of_one_pc_among_others_stops_that_one_only(door: Desk) -> None:
    """While another PC works, the file is said beside the sentence, and work is not called stopped."""
    onbam, kim = door.stage.onbam, door.as_("kim")
    (onbam.home / onbam.settings.orders.pause_file).write_text("재고 조사", "utf-8")
    today = told_of(kim, "/api/today")
    assert today["stopped"] is None
    assert "재고 조사" in today["stopped_here"]["ko"]
    assert "재고 조사" in kim.get("/")


def test_parked_orders_that_are_cancelled_are_never_let_go_by_an_undo(door: Desk) -> None:
    """Cancelling parked orders offers no undo: it would send into the ERP what somebody had held back."""
    number, kim = parked(door.stage, "품목코드를 모릅니다"), door.as_("kim")
    status, said = kim.act("/orders/bulk/cancel?state=parked", reason="정리", expected=1, sure="yes")
    assert status == 204
    assert "undo" not in json.loads(said)["onbam:said"]
    assert door.stage.onbam.desk.get(number).state is State.CANCELLED


def test_an_undo_of_many_leaves_what_moved_on_and_says_how_many(door: Desk) -> None:
    """Of two orders that were held one is cancelled meanwhile: the other waits again, and the answer tells of the first."""
    told, kim = door.stage, door.as_("kim")
    first, second = (ref.key for ref in told.found(told.order(), told.order()))
    _, said = kim.act("/orders/bulk/hold?state=waiting", reason="휴가", expected=2)
    told.onbam.desk.cancel(first, who="person:lee", reason="중복")
    undo = json.loads(said)["onbam:said"]["undo"]
    answer = kim.client.post(undo, headers={"hx-request": "true", "x-form-token": kim.token})
    assert "1건은" in json.loads(answer.headers["hx-trigger"])["onbam:said"]["text"]
    states = [told.onbam.desk.get(number).state for number in (first, second)]
    assert states == [State.CANCELLED, State.WAITING]


STRANGE = [("state", "parkd"), ("state", ","), ("since", "yesterday"), ("until", "2026-13-40"), ("since", "9999-99-99")]


@pytest.mark.parametrize(("name", "value"), STRANGE)
def test_a_filter_nobody_understands_finds_nothing_and_is_named(door: Desk, name: str, value: str) -> None:
    """A slip of the finger never widens an act to every order: interface, page and preview refuse, and nothing is changed."""
    number, kim = door.stage.found(door.stage.order())[0].key, door.as_("kim")
    headers = {"x-form-token": kim.token}
    body = {name: value, "reason": "x", "expected": 1}
    for path, sent in (("/api/orders-in-bulk/hold", body), ("/api/orders-in-bulk/hold/preview", {name: value})):
        answer = kim.client.post(path, json=sent, headers=headers)
        assert answer.status_code == 422
        assert list(answer.json()["error"]["fields"]) == [name]
    assert kim.client.get("/api/orders", params={name: value}).status_code == 422
    page = kim.client.get("/orders", params={name: value}).text
    assert value in page
    assert f"row-{number}" not in page
    assert "/orders/bulk/" not in page
    assert kim.client.get("/orders/bulk/hold", params={name: value}).status_code == 422
    assert kim.act(f"/orders/bulk/hold?{name}={value}", reason="x", expected=1)[0] == 422
    assert door.stage.onbam.desk.get(number).state is State.WAITING


def test_the_interface_names_the_field_it_cannot_take(door: Desk) -> None:
    """A number out of bounds, a missing reason and a wrong name are each said with the field; not that a page is old."""
    number, kim = door.stage.found(door.stage.order())[0].key, door.as_("kim")
    headers = {"x-form-token": kim.token, "accept-language": "ko"}
    limit = kim.client.get("/api/orders?limit=0").json()["error"]
    assert (limit["kind"], limit["fields"]) == ("BadRequest", {"limit": "1 이상이어야 합니다"})
    missing = kim.client.post(f"/api/orders/{number}/acts/hold", json={}, headers=headers).json()["error"]
    assert missing["fields"] == {"reason": "빠져 있습니다"}
    wrong = kim.client.post(f"/api/orders/{number}/acts/hold", json={"reason": "x", "verion": 1}, headers=headers).json()[
        "error"
    ]
    assert wrong["fields"] == {"verion": "그런 이름은 없습니다"}
    assert "새로 고친" not in json.dumps([limit, missing, wrong], ensure_ascii=False)


def test_what_is_not_there_is_answered_so(door: Desk) -> None:
    """An order nobody knows and a key nobody made are a 404; without a session the way in is told in the reader's language."""
    kim = door.as_("kim")
    headers = {"x-form-token": kim.token}
    assert kim.client.get("/api/orders/9999999999").status_code == 404
    assert kim.client.post("/api/orders/9999999999/acts/hold", json={"reason": "x"}, headers=headers).status_code == 404
    assert kim.client.delete("/api/keys/999", headers=headers).status_code == 404
    error = door.nobody.get("/api/today", headers={"accept-language": "ko"}).json()["error"]
    assert "열쇠" in error["message"]
    assert "Bearer" in error["hint"]


def marks(page: str) -> list[str]:
    """The way of an order, as its page marks the steps."""
    way = page.partition('<ol class="way">')[2].partition("</ol>")[0]
    return re.findall(r'<li class="(\w+)', way)


def test_the_way_of_an_order_goes_by_what_was_kept_and_sent(door: Desk) -> None:
    """An order in doubt stands at entering, one with an unknown product at the slip, whatever step they tell of themselves."""
    told, kim, mine = door.stage, door.as_("kim"), pc("A", 1)
    doubtful, unknown, done = told.order(), told.order(), told.order()
    told.found(doubtful, unknown, done)
    for order in (doubtful, unknown):
        item = told.taken(mine, order)
        if order is doubtful:
            told.kept(item, mine, keep.SLIP, "slip.json", keep.JSON, b"{}")
            told.kept(item, mine, keep.INTENT, "intent.json", keep.JSON, b"{}")
            one = told.intended(item, mine).one
            item = told.stepped(item, "", Phase.SENDING)
            told.onbam.ledger.tell(one.key, one.number, Outcome.UNKNOWN, detail="no answer")
        told.ended(item, State.UNCERTAIN if order is doubtful else State.PARKED, note="no answer")
    told.entered(mine, done)
    assert marks(kim.get(f"/orders/{doubtful.number}")) == ["done"] * 4 + ["stands", "ahead"]
    assert marks(kim.get(f"/orders/{unknown.number}")) == ["done"] * 3 + ["stands", "ahead", "ahead"]
    assert marks(kim.get(f"/orders/{done.number}")) == ["done"] * 6


def test_what_just_happened_is_told_in_the_readers_language(door: Desk) -> None:
    """A notice that opens and is resolved is told by its own title in Korean and in English, never by its key."""
    told, kim = door.stage, door.as_("kim")
    title = Text(ko="창고가 가득 찼습니다.", en="The store is full.")
    told.onbam.notices.open(Cause("store:full", Severity.WARN, title(), plain("-")()))
    told.onbam.notices.resolve("store:full", who="person:kim", why="cleared")
    for lang in ("ko", "en"):
        kim.client.cookies.set("onbam_lang", lang)
        events = kim.get("/").partition('class="events"')[2].partition("</ol>")[0]
        assert events.count(title.to(lang).rstrip(".")) == 2  # type: ignore[arg-type]
        assert "store:full" not in events
        assert "door" not in events


def test_a_pc_that_is_gone_is_not_said_to_wait_for_work(door: Desk) -> None:
    """Only a PC that is there waits for its next order."""
    told, kim = door.stage, door.as_("kim")
    assert "다음 일을 기다림" in kim.get("/")
    registry = told.onbam.registry
    assert registry is not None
    registry.leave(pc("A", 1))
    door.app.state.house.glance.forget()
    assert "다음 일을 기다림" not in kim.get("/")


def test_a_past_moment_counts_only_what_had_happened_by_then(door: Desk) -> None:
    """Of three orders entered in one hour and one in the next, the moment between the first two knows of one."""
    told, kim = door.stage, door.as_("kim")
    moments = []
    for hour, minute in ((9, 5), (9, 20), (9, 40), (10, 10)):
        told.at(hour, minute)
        entered(told)
        moments.append(told.onbam.claims.now_ms() + 1000)
    told.at(10, 30)

    def counted(path: str) -> str:
        return re.findall(r"완료 (\d+) · 실패", kim.get(path))[0]

    assert [counted(f"/?at={at}") for at in moments[:3]] == ["1", "2", "3"]
    assert counted("/") == "4"


@pytest.mark.parametrize("step", [1, -1])
def test_an_evening_counts_its_own_hours_whatever_of_that_day_was_looked_at_before(door: Desk, step: int) -> None:
    """After closing, last night is still asked about: its page tells the day and the evening, and shows where on the strip."""
    told = door.stage
    moments = []
    for hour, minute in ((9, 5), (18, 10), (21, 0)):
        told.at(hour, minute)
        entered(told)
        moments.append(told.onbam.claims.now_ms() + 1000)
    told.at(10, 0, days=1)
    entered(told)
    kim = door.as_("kim")
    pages = {at: kim.get(f"/?at={at}") for at in moments[::step]}
    assert [re.findall(r"완료 (\d+) · 실패", pages[at])[0] for at in moments] == ["1", "2", "3"]
    assert all('class="at-line"' in page for page in pages.values())
