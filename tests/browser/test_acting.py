"""People act: with the mouse, with the keyboard, with a thumb; two of them on one order."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from browser.conftest import Open
from onbam.claims.model import State
from support.desk_server import Served, served
from support.stage import PASSWORD, pc, stage

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.timeout(300)]
THUMB_PX = 44
EVIL = "<img src=x onerror=alert(1)><script>alert(2)</script>"


def doubt(desk: Served) -> str:
    """One more order nobody knows about."""
    order = desk.stage.order()
    desk.stage.found(order)
    desk.stage.doubt(pc("A", 1), order)
    return order.number


def test_a_doubt_is_settled_by_two_buttons(look: Open, desk: Served) -> None:
    """On a phone: the evidence, the search word, the slip number, a reason; the card goes away by itself."""
    key = doubt(desk)
    page = look("phone").log_in("lee").go("/needs-you")
    card = page.locator(f"#need-{key}")
    assert key in card.inner_text()
    for button in card.locator(".acts .btn").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= THUMB_PX
    card.locator(".act-there").click()
    sheet = page.locator("#sheet")
    expect(sheet).to_be_visible()
    sheet.locator("input[name=receipt]").fill("20260113-501")
    sheet.locator("input[name=reason]").fill("ERP에서 보았음")
    sheet.locator("button.first").click()
    expect(page.locator("#say")).to_contain_text(key)
    expect(card).to_have_count(0)
    assert desk.stage.onbam.desk.get(key).receipt == "20260113-501"


def test_the_second_of_two_operators_is_told_in_the_sheet(look: Open, desk: Served) -> None:
    """Both opened the sheet; whoever is second reads what happened meanwhile, and nothing is done."""
    ref = desk.stage.found(desk.stage.order())[0]
    first, second = look().log_in("kim").go(f"/orders/{ref.key}"), look().log_in("lee").go(f"/orders/{ref.key}")
    for page, act in ((first, "hold"), (second, "cancel")):
        page.locator(f".act-{act}").first.click()
        expect(page.locator("#sheet")).to_be_visible()
        page.locator("#sheet input[name=reason]").fill("동시에")
    second.locator("#sheet input[name=sure]").check()
    first.locator("#sheet button.first").click()
    expect(first.locator("#say")).to_contain_text(ref.key)
    second.locator("#sheet button.first").click()
    expect(second.locator("#sheet")).to_contain_text("바뀌었습니다")
    assert desk.stage.onbam.desk.get(ref.key).state is State.PARKED


def test_an_act_is_taken_back_from_the_sentence_that_tells_of_it(look: Open, desk: Served) -> None:
    """The sentence after an act offers to undo it."""
    ref = desk.stage.found(desk.stage.order())[0]
    page = look().log_in().go(f"/orders/{ref.key}")
    page.locator(".act-hold").first.click()
    page.locator("#sheet input[name=reason]").fill("잠깐")
    page.locator("#sheet button.first").click()
    page.locator("#say button").click()
    expect(page.locator("#say")).to_contain_text("되돌렸습니다")
    assert desk.stage.onbam.desk.get(ref.key).state is State.WAITING


def test_the_keyboard_goes_everywhere(look: Open, desk: Served) -> None:
    """Slash searches, j and k choose, Enter opens, r asks to try again, g goes, question mark explains."""
    doubt(desk)
    page = look().log_in().go("/needs-you")
    page.keyboard.press("j")
    expect(page.locator("[data-row].chosen")).to_have_count(1)
    first = page.locator("[data-row].chosen").get_attribute("id") or ""
    page.keyboard.press("j")
    expect(page.locator("[data-row].chosen")).not_to_have_id(first)
    page.keyboard.press("k")
    expect(page.locator("[data-row].chosen")).to_have_id(first)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("input[type=search]").first).to_be_focused()
    page.keyboard.press("Escape")
    page.evaluate("(() => { const at = Date.now(); Date.now = () => at; })()")  # one key soon after the other, however slow
    page.keyboard.press("g")
    page.keyboard.press("o")
    page.wait_for_url("**/orders")
    parked = desk.stage.found(desk.stage.order())[0]
    desk.stage.onbam.desk.hold(parked.key, who="person:kim", reason="x")
    page = look().log_in().go(f"/orders/{parked.key}")
    page.keyboard.press("r")
    expect(page.locator("#sheet")).to_be_visible()


def test_why_is_one_press_away(look: Open) -> None:
    """Beside a state in the list stands why, in one sentence with its rule."""
    page = look().log_in("park").go("/orders?state=completed")
    page.locator(".why").first.click()
    expect(page.locator("#sheet")).to_contain_text("다시 입력되지 않습니다")


def test_the_paper_lights_up_with_the_line(look: Open, desk: Served) -> None:
    """Pointing at a line we understood marks the same line of the supplier's document."""
    key = desk.stage.onbam.desk.needs_you()[0].item.key
    page = look().log_in("park").go(f"/orders/{key}")
    frame = page.frame_locator("iframe.paper")
    expect(frame.locator("table.table-item").first).to_be_visible()
    page.locator("tr[data-line]").first.hover()
    expect(page.locator("iframe.paper")).to_have_attribute("src", re.compile(r"#onbam-line-\d+$"))
    lit = frame.locator("tr:target")
    expect(lit).to_have_count(1)


def test_hostile_words_are_only_words(look: Open, desk: Served) -> None:
    """Typed into every field a person has, shown everywhere: nothing runs (a dialog would fail this test)."""
    ref = desk.stage.found(desk.stage.order())[0]
    page = look().log_in().go(f"/orders/{ref.key}")
    page.locator(".act-hold").first.click()
    page.locator("#sheet input[name=reason]").fill(EVIL)
    page.locator("#sheet button.first").click()
    expect(page.locator("#say")).to_contain_text(ref.key)
    for path in (f"/orders/{ref.key}", "/needs-you", "/", "/board", f"/orders?q={EVIL}", f"/orders?pc={EVIL}&state={EVIL}"):
        window = page.goto(f"{desk.address}{path}")
        assert window is not None
        assert page.locator("img").count() == 0
    assert EVIL in page.goto(f"{desk.address}/orders/{ref.key}").text().replace("&lt;", "<").replace("&gt;", ">")  # type: ignore[union-attr]


def test_language_and_light_are_chosen_in_the_page(look: Open) -> None:
    """One press each, and the reader stays where they were."""
    page = look().log_in().go("/board?as=table")
    page.locator(".me summary").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_url(re.compile(r"/board\?as=table$"))
    page.locator(".me summary").click()
    page.get_by_role("button", name="Night", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-theme", "night")


def test_the_first_administrator_comes_in_by_the_link(look: Open, tmp_path_factory: pytest.TempPathFactory) -> None:
    """From the line in the terminal to an empty desk that says what to do."""
    made = stage(tmp_path_factory.mktemp("first"))
    opens = made.onbam.people.link(who="person:pc", purpose="first")
    with served(made) as at:
        window = look(address=at.address)
        page = window.go(f"/enter/{opens}")
        page.fill("input[name=name]", "사장")
        page.fill("input[name=password]", PASSWORD)
        page.fill("input[name=again]", PASSWORD)
        page.click("button.first")
        expect(page.locator("h1")).to_contain_text("아직 시작하지 않았습니다")
        page.goto("about:blank")
    made.onbam.close()


def test_logging_out_ends_it(look: Open) -> None:
    """After the log-out the way back leads to the log-in."""
    window = look().log_in("park", anew=True)
    page = window.go("/")
    page.locator(".me summary").click()
    page.get_by_role("button", name="로그아웃").click()
    page.wait_for_url("**/login")
    assert "/login" in window.go("/orders").url
