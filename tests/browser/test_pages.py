"""Every page in a real browser: on a desk and on a phone, by day and by night, in both languages."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from browser.conftest import Open
from onbam.claims.model import Agent, State
from support.desk_server import Served, served
from support.stage import pc, people, stage

LOOK = {"resultTypes": ["violations"], "iframes": False}
"""The supplier's paper stands in a frame where nothing runs, so that nobody can look at it from inside."""
pytestmark = [pytest.mark.needs("chromium"), pytest.mark.needs("korean-font"), pytest.mark.timeout(300)]
PAGES = (
    "/",
    "/needs-you",
    "/orders",
    "/orders?state=uncertain,parked",
    "/orders/{order}",
    "/orders/{done}",
    "/board",
    "/board?as=table",
    "/board?at={then}",
    "/?at={then}",
    "/orders/{order}/do/there",
    "/machines",
    "/machines/PC-A",
    "/machines/PC-A/log",
    "/machines/PC-A/incidents",
    "/machines/do/restart/PC-A-7k2a",
    "/machines/do/pause/all",
    "/locks",
    "/codes",
    "/codes/add",
    "/orders/{parked}/codes",
    "/notices",
    "/settings",
    "/settings/change/notices.quiet",
    "/settings/change/notices.mail_floor",
    "/people",
    "/me",
    "/help",
    "/about",
    "/more",
    "/api/docs",
    "/nowhere",
)
LOOKS = (("desktop", "ko", "day"), ("phone", "en", "night"))
"""Each size, language and light once: the rules that ask for colours see every page in both lights."""
OVERFLOWS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def paths(desk: Served) -> list[str]:
    """Their addresses in this night."""
    onbam = desk.stage.onbam
    from onbam.orders.desk_rows import Query

    done = onbam.desk.find(Query(states=(State.COMPLETED,)), limit=1).items[0].key
    order = onbam.desk.needs_you()[0].item.key
    then = int(onbam.clock.now().timestamp() * 1000) - 10 * 3_600_000
    parked = onbam.desk.find(Query(states=(State.PARKED,)), limit=1).items[0].key
    return [path.format(order=order, done=done, then=then, parked=parked) for path in PAGES]


@pytest.mark.parametrize(("size", "lang", "theme"), LOOKS)
def test_no_page_fails_anybody(look: Open, desk: Served, size: str, lang: str, theme: str) -> None:
    """The accessibility rules find nothing, nothing runs over the edge, and no console complains."""
    window = look(size, lang, theme, bypass_csp=True).log_in()  # the rules are a script of the test's own
    axe = Axe()
    found = []
    for path in paths(desk):
        page = window.go(path)
        found += [f"{path}: {v['id']} {v['nodes'][0]['target']}" for v in axe.run(page, options=LOOK).response["violations"]]
        if page.evaluate(OVERFLOWS):
            found.append(f"{path}: wider than the window")
    assert found == []


@pytest.mark.parametrize(("size", "lang"), [("small", "en"), ("wide", "ko")])
def test_the_smallest_and_the_widest_window_show_it_whole(look: Open, desk: Served, size: str, lang: str) -> None:
    """Nothing runs over the edge at 360 and at 2560 pixels; the longer of the two languages in the narrow one."""
    window = look(size, lang).log_in()
    assert [path for path in paths(desk) if window.go(path).evaluate(OVERFLOWS)] == []


def test_a_count_of_hundreds_stands_in_one_line_on_a_phone(look: Open) -> None:
    """At 360 pixels the bar below has little room beside a sign; the figures of a count stay together."""
    page = look("small").log_in().go("/")
    badge = page.locator(".thumb .badge")
    for count in ("7", "300"):
        badge.evaluate("(node, text) => { node.textContent = text; }", count)
        lines = badge.evaluate("(node) => node.getBoundingClientRect().height / parseFloat(getComputedStyle(node).lineHeight)")
        assert lines < 1.5


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_what_stands_side_by_side_in_a_form_is_of_one_height(look: Open, size: str) -> None:
    """Fields, lists and buttons of a row; so their names stand on one line too, and a thumb meets all of them alike."""
    page = look(size).log_in().go("/people")
    sides = "(row) => [...row.querySelectorAll('input:not([type=hidden]), select, .btn')].map((one) => one.offsetHeight)"
    for form in page.locator("form.row").all():
        row = form.evaluate(sides)
        assert max(row) - min(row) < 1, row
        assert min(row) >= (44 if size == "phone" else 36)


SMALL = """(least) => [...document.querySelectorAll("a, button, input:not([type=hidden]), select, summary")].filter((one) => {
  if (!one.checkVisibility() || one.closest(".visually-hidden, .skip")) return false;
  const box = (one.matches("[type=checkbox], [type=radio]") ? one.closest("label") : one).getBoundingClientRect();
  const grown = parseFloat(getComputedStyle(one, "::after").bottom) || 0;
  return box.height && getComputedStyle(one).display !== "inline" && box.height - 2 * grown < least;
}).map((one) => `${one.className} ${one.innerText || one.name}`)"""
"""What a thumb cannot well meet; a word within a sentence is no button."""
WRITTEN = "(one) => { const r = document.createRange(); r.selectNodeContents(one); return r.getBoundingClientRect().toJSON(); }"
"""Where the words of a cell stand."""


def test_a_thumb_meets_whatever_can_be_pressed(look: Open, desk: Served) -> None:
    """On a phone nothing that stands by itself is lower than 44 pixels, whatever page it is on."""
    window = look("phone").log_in()
    assert {path: found for path in paths(desk) if (found := window.go(path).evaluate(SMALL, 44))} == {}


@pytest.mark.parametrize("size", ["phone", "tablet"])
def test_a_long_name_leaves_the_rest_of_a_row_its_place(
    look: Open, tmp_path_factory: pytest.TempPathFactory, size: str
) -> None:
    """A PC may have a name of sixty letters: number, state and day of its orders stand beside each other, each in one line."""
    told = stage(tmp_path_factory.mktemp("long"))
    people(told)
    long = Agent("long-x1", "long-x1/agent/1", f"{'창고동-2층-자재관리-' * 2}DESKTOP-{'ABCDEFGHIJ' * 3}"[:60], "192.168.1.7")
    told.join(long, due_s=3600)
    order = told.order()
    told.found(order)
    told.ended(told.taken(long, order), State.PARKED, note="codes " * 20)
    with served(told) as at:
        page = look(size, address=at.address).log_in(anew=True).go("/orders")
        cells = page.locator(f"#row-{order.number} :is(th, td)")
        number, state, kind, holder = (cells.nth(n).evaluate(WRITTEN) for n in range(4))
        assert number["right"] <= state["left"]
        assert kind["right"] <= holder["left"] or not kind["width"]
        assert kind["height"] < 45
        assert not page.evaluate(OVERFLOWS)
        page.goto("about:blank")
    told.onbam.close()


def test_an_orders_lines_can_be_read_on_a_phone(look: Open, desk: Served) -> None:
    """At 360 pixels the name of a line has most of the row, its number little, and both begin on one line."""
    order = desk.stage.order()
    desk.stage.found(order)
    desk.stage.ended(desk.stage.taken(pc("A", 1), order), State.PARKED, note="codes")
    page = look("small").log_in().go(f"/orders/{order.number}")
    number, name = (page.locator(f".form-lines tbody tr:first-child td:nth-child({n})").bounding_box() for n in (1, 2))
    assert number is not None
    assert name is not None
    assert number["width"] < 60
    assert name["width"] > 150
    assert abs(number["y"] - name["y"]) < number["height"]


def test_the_product_codes_of_an_order_are_taught_with_one_press(look: Open, desk: Served) -> None:
    """From the card: every unknown line in a sheet, a code for each, one press; the order waits its turn again."""
    onbam = desk.stage.onbam
    a, order = pc("A", 1), desk.stage.order()
    desk.stage.found(order)
    desk.stage.ended(desk.stage.taken(a, order), State.PARKED, note="codes")
    page = look("phone", "en").log_in().go("/needs-you")
    page.click(f"#need-{order.number} button[hx-get='/orders/{order.number}/codes']")
    fields = page.locator("#sheet .teach input[name=code]")
    fields.first.wait_for()
    for field in fields.all():
        field.fill("T-1")
    page.fill("#sheet input[name=reason]", "from the catalogue")
    page.click("#sheet button[value=unhold]")
    expect(page.locator(".say")).to_contain_text("goes on")
    assert onbam.desk.get(order.number).state is State.WAITING


def test_the_door_fails_nobody(look: Open) -> None:
    """The log-in and the page without an answer pass the rules too."""
    window = look("phone", bypass_csp=True)
    for path in ("/login", "/offline", "/enter/nothing"):
        assert Axe().run(window.go(path)).response["violations"] == []


def test_without_scripts_every_page_still_answers(look: Open, desk: Served) -> None:
    """A browser that runs no scripts shows the same figures and can act through plain forms."""
    window = look("desktop", java_script_enabled=False).log_in()
    page = window.go("/")
    assert page.locator("h1").inner_text() != ""
    order = desk.stage.onbam.desk.needs_you()[-1].item.key
    page = window.go(f"/orders/{order}/do/hold")
    assert page.locator("input[name=reason]").is_visible()


def test_printed_today_tells_a_good_night_from_a_bad_one(look: Open) -> None:
    """On paper there is no menu and no button; the sentence and the strip are there, in black."""
    window = look("desktop", "ko", "night").log_in()
    page = window.go("/")
    page.emulate_media(media="print")
    assert page.locator(".rail").is_hidden()
    assert page.locator(".strip").is_visible()
    assert page.locator("h1").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
