"""Nobody answers, or a person presses twice: nothing is lost in silence, and nothing is done a second time."""

from __future__ import annotations

import pytest
from playwright.sync_api import Request, expect

from browser.conftest import Open
from onbam.kernel.errors import Transient
from onbam.kernel.words import received
from onbam.web.house import House
from support.desk_server import Served, port_aside, served
from support.stage import Stage, pc, people, stage
from support.waiting import until

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.timeout(300)]
LIVE = "#fresh[data-state=live]"


@pytest.fixture
def alone(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """A shop of this test's own, with one order to decide about."""
    told = stage(tmp_path_factory.mktemp("unheard"))
    people(told)
    told.join(pc("A", 1), due_s=3600)
    order = told.order()
    told.found(order)
    told.doubt(pc("A", 1), order)
    return told


def test_a_press_that_nobody_heard_is_answered(look: Open, alone: Stage) -> None:
    """A button whose question cannot be fetched says so; what was typed into an open one stays, with a word about it."""
    with served(alone, port_aside()) as at:
        asking, typing = (look(address=at.address).log_in(anew=True) for _ in range(2))
        for window in (asking, typing):
            window.go("/needs-you").wait_for_selector(LIVE)
        sheet = typing.page.locator("#sheet")
        typing.page.locator(".act-not_there").click()
        sheet.locator("input[name=reason]").fill("ERP에서 찾지 못함")
        sheet.locator("input[name=sure]").check()
    asking.page.locator(".act-there").click()
    expect(asking.page.locator("#say")).to_contain_text("아무것도 하지 않았습니다")
    sheet.locator("button.first").click()
    expect(sheet.locator("[role=alert]")).to_contain_text("되었는지 알 수 없습니다")
    expect(sheet.locator("input[name=reason]")).to_have_value("ERP에서 찾지 못함")
    for window in (asking, typing):
        window.page.goto("about:blank")
    alone.onbam.close()


def test_a_page_without_a_stream_is_honest_too(look: Open, alone: Stage) -> None:
    """Settings, people, a past moment: the desk goes, the page says so and keeps what is typed; it heals with the desk."""
    port, then = port_aside(), int(alone.onbam.clock.now().timestamp() * 1000) - 60_000
    paths = ("/people", "/settings", f"/board?at={then}")
    with served(alone, port) as at:
        windows = [look(address=at.address).log_in(anew=True) for _ in paths]
        for window, path in zip(windows, paths, strict=True):
            window.go(path)
        page = windows[0].page
        page.fill("form[action='/people'] input[name=name]", "hong")
    for window in windows:
        expect(window.page.locator("#lost")).to_be_visible()
    page.click("form[action='/people'] button")
    expect(page.locator("#say")).to_contain_text("연결되면 다시")
    with served(alone, port):
        for window in windows:
            expect(window.page.locator("#lost")).to_be_hidden()
        page.click("form[action='/people'] button")
        expect(page.locator("h1")).to_contain_text("hong")
        for window in windows:
            window.page.goto("about:blank")
    alone.onbam.close()


def test_two_presses_are_one_act(look: Open, desk: Served) -> None:
    """A hurried hand presses twice: one request goes out, and no trouble is shown after what went well."""
    order = desk.stage.order()
    desk.stage.found(order)
    desk.stage.doubt(pc("A", 1), order)
    page = look().log_in().go(f"/orders/{order.number}")
    page.wait_for_selector(LIVE)
    asked: list[str] = []

    def noted(request: Request) -> None:
        if request.method == "POST":
            asked.append(request.url)

    page.on("request", noted)
    page.locator(".act-there").click()
    page.locator("#sheet input[name=receipt]").fill("20260113-512")
    page.locator("#sheet input[name=reason]").fill("ERP에서 보았음")
    page.locator("#sheet button.first").evaluate("(button) => { button.click(); button.click(); button.click(); }")
    expect(page.locator("#say")).to_contain_text(order.number)
    expect(page.locator("#sheet")).to_be_hidden()
    assert len(asked) == 1


def test_a_question_may_be_sent_again_after_a_refusal(look: Open, desk: Served) -> None:
    """Once an answer came, the same form goes out again: with the slip's number written better."""
    order = desk.stage.order()
    desk.stage.found(order)
    desk.stage.doubt(pc("A", 1), order)
    page = look().log_in().go(f"/orders/{order.number}")
    page.wait_for_selector(LIVE)
    for receipt in ("nonsense", "20260113-513"):
        page.locator(".act-there").first.click()
        page.locator("#sheet input[name=receipt]").fill(receipt)
        page.locator("#sheet input[name=reason]").fill("ERP에서 보았음")
        page.locator("#sheet button.first").click()
        if receipt == "nonsense":
            expect(page.locator("#sheet .trouble")).to_be_visible()
            page.keyboard.press("Escape")
    expect(page.locator("#say")).to_contain_text(order.number)


def test_a_page_that_had_no_answer_opens_by_itself(look: Open, alone: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is away for a while: the page that says so turns into the page that was asked for."""

    def away(_: House) -> int:
        raise Transient(received("데이터베이스에 닿지 못합니다.", "The database cannot be reached.")())

    with served(alone) as at:
        window = look(address=at.address).log_in(anew=True)
        with monkeypatch.context() as gone:
            gone.setattr(House, "now_ms", away)
            page = window.go("/orders")
            expect(page.locator("h1")).to_have_text("지금은 답할 수 없습니다")
            expect(page.locator("main")).to_contain_text("저절로 열립니다")
        expect(page.locator("h1")).to_have_text("주문")
        page.goto("about:blank")
    alone.onbam.close()


def test_whoever_clears_a_list_by_keys_goes_on_where_they_were(look: Open, desk: Served) -> None:
    """The chosen card is settled and goes: the next key chooses what stands in its place, not the first again."""
    for _ in range(3):
        order = desk.stage.order()
        desk.stage.found(order)
        desk.stage.doubt(pc("A", 1), order)
    page = look().log_in().go("/needs-you")
    page.wait_for_selector(LIVE)
    for _ in range(2):
        page.keyboard.press("j")
    second, third = (page.locator(".card").nth(n).get_attribute("id") for n in (1, 2))
    expect(page.locator(".card.chosen")).to_have_id(second or "")
    key = (second or "").removeprefix("need-")
    onbam = desk.stage.onbam

    onbam.desk.there(key, "20260113-514", who="person:lee", reason="ERP에서 보았음")
    until(lambda: page.locator(f"#{second}").count() == 0, what="the settled card is gone")
    page.keyboard.press("j")
    expect(page.locator(".card.chosen")).to_have_id(third or "")


def test_what_was_typed_is_not_lost_by_a_press_on_the_edge(look: Open, desk: Served) -> None:
    """A press on the rim of the sheet, or a selection drawn out of a field, leaves it open; one beside it closes it."""
    page = look().log_in().go("/machines")
    page.wait_for_selector(LIVE)
    page.locator("button[data-sheet]").first.click()
    sheet, field = page.locator("#sheet"), page.locator("#sheet input[name=reason]")
    field.fill("적고 있던 까닭")
    box, words = sheet.bounding_box(), field.bounding_box()
    assert box is not None
    assert words is not None
    page.mouse.click(box["x"] + 8, box["y"] + box["height"] - 8)
    expect(field).to_have_value("적고 있던 까닭")
    page.mouse.move(words["x"] + 60, words["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] - 80, words["y"] + 10, steps=4)
    page.mouse.up()
    expect(sheet).to_be_visible()
    page.mouse.click(box["x"] - 80, box["y"])
    expect(sheet).to_be_hidden()


def test_an_orders_number_is_copied_without_https_too(look: Open, desk: Served) -> None:
    """Over plain HTTP in an office's network a browser has no clipboard to write to: it is copied in the older way."""
    window = look()
    window.page.add_init_script("delete Navigator.prototype.clipboard")
    page = window.log_in().go("/needs-you")
    link = page.locator("[data-copy]").first
    link.evaluate("(one) => { one.removeAttribute('target'); one.setAttribute('href', '#copied'); }")
    page.evaluate("document.addEventListener('copy', () => { document.body.dataset.copied = document.activeElement.value; })")
    link.click()
    expect(page.locator("body")).to_have_attribute("data-copied", link.get_attribute("data-copy") or "")


@pytest.mark.parametrize("named", ["ㅓ", "Process"])
def test_the_keys_are_heard_with_hangul_switched_on(look: Open, named: str) -> None:
    """Korean is what people left switched on: the key of J chooses the next row, that of `?` opens the help."""
    page = look().log_in().go("/orders")
    page.wait_for_selector(LIVE)
    made = "new KeyboardEvent('keydown', {key, code, shiftKey, bubbles: true})"
    press = f"([key, code, shiftKey]) => document.body.dispatchEvent({made})"
    page.evaluate(press, [named, "KeyJ", False])
    expect(page.locator("[data-row].chosen")).to_have_count(1)
    page.evaluate(press, [named if named == "Process" else "?", "Slash", True])
    expect(page.locator("#keys")).to_be_visible()
