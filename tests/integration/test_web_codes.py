"""The code book in the dashboard: a person says what unknown lines are, once, and keeps the book without a command line."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from onbam.claims.model import State
from onbam.orders.codes import Rule
from support.desk_door import Desk, Visitor, desk
from support.stage import Stage, pc, people, stage

KNOWN = Rule("YL-1004", "영림PS(화이트오크)-110", "슬림도어", "700*2200")


@pytest.fixture
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A shop whose book has one rule, and nobody's order in it."""
    made = stage(tmp_path_factory.mktemp("codes"))
    people(made)
    made.at(9)
    made.join(pc("A", 1), due_s=10**6)
    made.onbam.codes.merge([KNOWN])
    with desk(made) as opened:
        yield opened
    made.onbam.close()


def parked(told: Stage) -> str:
    """An order whose lines nobody knows."""
    order = next(order for order in iter(told.order, None) if len({line.name for line in order.lines}) > 2)
    told.found(order)
    told.ended(told.taken(pc("A", 1), order), State.PARKED, note="품목코드를 모릅니다")
    return order.number


def answers(kim: Visitor, number: str, code: str = "NEW-1") -> dict[str, list[str]]:
    """What the sheet sends when every line gets this code."""
    count = kim.get(f"/orders/{number}/codes", **{"hx-request": "true"}).count('name="line"')
    return {"line": [str(n) for n in range(count)], "pick": [""] * count, "code": [code] * count}


def test_every_unknown_line_is_asked_about_with_its_nearest_codes(door: Desk) -> None:
    """The order's page and the card lead to one sheet with a choice and a field for each line."""
    number, kim = parked(door.stage), door.as_("kim")
    lines = len(json.loads(kim.get(f"/api/orders/{number}/codes"))["questions"])
    assert lines > 1
    for path in ("/", "/needs-you", f"/orders/{number}"):
        assert f'hx-get="/orders/{number}/codes"' in kim.get(path), path
    sheet = kim.get(f"/orders/{number}/codes", **{"hx-request": "true"})
    assert sheet.count("<select") == lines
    assert sheet.count('<option value="YL-1004">') == lines
    assert f"모르는 줄 {lines}개" in kim.get(f"/orders/{number}")


def test_the_answers_are_remembered_with_name_and_reason_and_the_order_goes_on(door: Desk) -> None:
    """One press: the rules are in the shop's book, the journal says who and why, and the order waits its turn again."""
    number, kim = parked(door.stage), door.as_("kim")
    onbam = door.stage.onbam
    form = {"form_token": kim.token, "reason": "카탈로그에서 확인", "then": "unhold", **answers(kim, number)}
    answer = kim.client.post(f"/orders/{number}/codes", data=form, headers={"hx-request": "true"})
    assert answer.status_code == 204, answer.text
    assert onbam.desk.get(number).state is State.WAITING
    assert {rule.code for rule in onbam.codes.read().rules} == {"YL-1004", "NEW-1"}
    told = [entry.line for entry in onbam.journal.about("order", number) if entry.line.what == "codes.answered"]
    assert [(line.who, line.why) for line in told] == [("person:kim", "카탈로그에서 확인")]
    assert "품목코드를 알려 주었습니다" in kim.get(f"/orders/{number}")
    assert json.loads(kim.get(f"/api/orders/{number}/codes"))["questions"] == []


def test_some_lines_may_be_left_and_the_order_then_stays_parked(door: Desk) -> None:
    """With one line answered the others are still asked about, and nothing goes on by itself."""
    number, kim = parked(door.stage), door.as_("kim")
    form = {"form_token": kim.token, "reason": "x", "then": "unhold", "line": ["0"], "pick": ["YL-1004"], "code": [""]}
    answer = kim.client.post(f"/orders/{number}/codes", data=form, headers={"hx-request": "true"})
    assert "아직" in json.loads(answer.headers["hx-trigger"])["onbam:said"]["text"]
    assert door.stage.onbam.desk.get(number).state is State.PARKED


@pytest.mark.parametrize(
    ("change", "said"),
    [({"reason": " "}, "까닭"), ({"code": ["1.2E+11"]}, "코드"), ({"line": ["99"]}, "100번째"), ({"code": [""]}, "고르")],
)
def test_an_answer_that_cannot_be_meant_changes_nothing(door: Desk, change: dict[str, object], said: str) -> None:
    """No reason, a code Excel spoilt, a line nobody asked about, nothing chosen: refused in words, the book as before."""
    number, kim = parked(door.stage), door.as_("kim")
    form = {"form_token": kim.token, "reason": "x", "line": ["0"], "pick": [""], "code": ["A-1"]} | change
    answer = kim.client.post(f"/orders/{number}/codes", data=form, headers={"hx-request": "true"})
    assert answer.status_code == 422
    assert said in answer.text
    assert door.stage.onbam.codes.read().rules == (KNOWN,)


def test_the_book_is_searched_added_to_and_cleaned_on_its_page(door: Desk) -> None:
    """A rule is added, found by its size, and removed with a reason; a viewer sees the book and no button."""
    kim, park = door.as_("kim"), door.as_("park")
    assert kim.act("/codes", code="B-2", color="화이트", name="몰딩", spec="12*45", reason="새 품목")[0] == 204
    page = kim.get("/codes?q=12*45")
    assert "B-2" in page
    assert "YL-1004" not in page
    mark = json.loads(kim.get("/api/codes?q=B-2"))["rules"][0]["id"]
    assert kim.act(f"/codes/remove/{mark}", reason="")[0] == 422
    assert kim.act(f"/codes/remove/{mark}", reason="단종")[0] == 204
    assert kim.act(f"/codes/remove/{mark}", reason="단종")[0] == 404
    assert "YL-1004" in park.get("/codes")
    assert "/codes/remove/" not in park.get("/codes")
    assert park.client.get("/codes/add").status_code == 403


def test_a_file_goes_out_and_comes_in_again(door: Desk) -> None:
    """What is downloaded is taken over the same; one bad row, and nothing is changed and the row is named."""
    kim, lee = door.as_("kim"), door.as_("lee")
    body = kim.client.get("/codes/export").content
    form = {"form_token": kim.token, "reason": "새 표"}
    more = body + "C-3,회색,문틀,900*2100\r\n".encode()
    bad = body + "1.2E+11,회색,문틀,900*2100\r\n".encode()
    answer = kim.client.post("/codes/import", data=form, files={"file": ("codes.csv", bad)})
    assert answer.status_code == 422
    assert "3행" in answer.text
    assert len(door.stage.onbam.codes.read().rules) == 1
    assert kim.client.post("/codes/import", data=form, files={"file": ("codes.csv", more)}).status_code == 303
    assert len(door.stage.onbam.codes.read().rules) == 2
    assert kim.client.post("/codes/import", data=form).status_code == 422
    own = {"form_token": lee.token, "reason": "x"}
    assert lee.client.post("/codes/import", data=own, files={"file": ("codes.csv", more)}).status_code == 403


def test_programs_keep_the_book_too(door: Desk) -> None:
    """The interface adds, refuses what no cell may hold, takes over a text, teaches an order's lines and removes."""
    number, kim = parked(door.stage), door.as_("kim")
    headers = {"x-form-token": kim.token}
    post = lambda path, **body: kim.client.post(f"/api{path}", json={"reason": "x", **body}, headers=headers)  # noqa: E731
    assert post("/codes", code="D-4", name="도어").status_code == 200
    assert post("/codes", code="D-5", name="도\x00어").status_code == 422
    assert post("/codes/import", csv="코드,색상,품명,규격\nE-5,,문,1").json()["added"] == 1
    first = json.loads(kim.get(f"/api/orders/{number}/codes"))["questions"]
    told = post(f"/orders/{number}/codes", answers=[{"line": first[0]["line"], "code": "F-6"}]).json()
    assert told == {"remembered": 1, "left": len(first) - 1}
    everything = [rule["id"] for rule in json.loads(kim.get("/api/codes"))["rules"]]
    assert post("/codes/remove", ids=everything).json()["removed"] == len(everything)


def test_a_book_nobody_can_read_does_not_hide_the_order(door: Desk) -> None:
    """A file broken by hand is said on the order's page and on the book's, with the row; the desk goes on."""
    number, kim = parked(door.stage), door.as_("kim")
    door.stage.onbam.codes.path.write_text("코드,색상,품명,규격\n,회색,문,1\n", "utf-8")
    assert "코드표를 읽을 수 없습니다" in kim.get(f"/orders/{number}")
    assert "2행" in kim.get("/codes")
    kim.get("/needs-you")
