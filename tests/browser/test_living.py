"""The pages as they live: others' changes arrive, nothing jumps, and what is not so any more is never shown as if it were."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from browser.conftest import Open
from support.desk_server import Served, port_aside, served
from support.stage import NUMBER, pc, people, stage
from support.waiting import until

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.timeout(300)]


def point(page: Page, share: float) -> None:
    """Move the mouse over the strip."""
    strip = page.locator(".strip-over")
    box = strip.bounding_box() if strip.count() else {"x": 300, "y": 200, "width": 900}
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * share, box["y"] + 40, steps=4)


def redrawn(page: Page, desk: Served) -> None:
    """Something happened, and the page shows it."""
    page.evaluate("document.addEventListener('onbam:drawn', () => { document.body.dataset.drawn = 'anew'; }, { once: true })")
    desk.stage.found(desk.stage.order())
    expect(page.locator("body")).to_have_attribute("data-drawn", "anew")


def test_what_others_do_arrives_by_itself(look: Open, desk: Served) -> None:
    """An order found elsewhere stands in the list without a reload; the page says that it is fresh."""
    page = look().log_in().go("/orders")
    expect(page.locator("#fresh")).to_have_attribute("data-state", "live")
    order = desk.stage.order()
    desk.stage.found(order)
    expect(page.locator(f"#row-{order.number}")).to_be_visible()


def test_an_update_keeps_focus_text_and_place(look: Open, desk: Served) -> None:
    """While somebody types and has scrolled, rows arrive above, and neither the words nor the place are lost."""
    page = look().log_in().go("/orders")
    expect(page.locator("#fresh")).to_have_attribute("data-state", "live")
    field = page.locator("#live input[name=q]")
    field.fill("2601")
    page.evaluate("window.scrollTo(0, 60)")
    order = desk.stage.order()
    desk.stage.found(order)
    expect(page.locator(f"#row-{order.number}")).to_be_attached()
    assert field.input_value() == "2601"
    assert page.evaluate("document.activeElement.name") == "q"
    assert page.evaluate("window.scrollY") == 60


def test_nothing_jumps_while_it_loads(look: Open) -> None:
    """The layout does not shift after the first paint, also when the stream brings the same again."""
    page = look().log_in().go("/")
    expect(page.locator("#fresh")).to_have_attribute("data-state", "live")
    shift = page.evaluate(
        """() => new Promise(done => { let sum = 0;
        new PerformanceObserver(list => { for (const e of list.getEntries()) sum += e.value; })
        .observe({type: 'layout-shift', buffered: true}); requestAnimationFrame(() => setTimeout(() => done(sum), 300)); })"""
    )
    assert shift < 0.02


def test_a_lost_connection_is_said_at_once_and_heals(look: Open, tmp_path_factory: pytest.TempPathFactory) -> None:
    """When the desk goes away the page turns honest; when it is back, it is live again without a reload."""
    told = stage(tmp_path_factory.mktemp("lost"))
    people(told)
    port = port_aside()
    with served(told, port) as at:
        page = look(address=at.address).log_in().go("/")
        page.evaluate("window.stayed = true")
        expect(page.locator("#fresh")).to_have_attribute("data-state", "live")
    expect(page.locator("#lost")).to_be_visible()
    expect(page.locator("#fresh")).to_have_attribute("data-state", "lost")
    expect(page.locator("body")).to_have_class(re.compile("is-lost"))
    with served(told, port):
        expect(page.locator("#fresh")).to_have_attribute("data-state", "live")
        expect(page.locator("#lost")).to_be_hidden()
        assert page.evaluate("window.stayed")
        page.goto("about:blank")
    told.onbam.close()


def test_a_script_that_comes_slowly_still_follows(look: Open) -> None:
    """The page is drawn without it; however late it arrives, the page becomes live."""
    window = look()
    window.page.add_init_script("delete Navigator.prototype.serviceWorker")  # which would answer instead of the route below
    page = window.log_in().page
    held: list[Route] = []
    page.route("**/desk.*.js", lambda route: held.append(route))  # noqa: PLW0108 -- the driver takes no method of a list
    page.goto(f"{window.address}/machines", wait_until="commit")
    expect(page.locator("#main h1, #main h2").first).to_be_visible()
    until(lambda: page.evaluate("performance.getEntriesByName('first-contentful-paint').length"), what="the page is painted")
    until(lambda: page.evaluate("true") and held, what="the script was asked for")  # looking lets the driver hear of it
    assert page.evaluate("window.htmx === undefined")
    for route in held:
        route.continue_()
    page.unroute("**/desk.*.js")
    expect(page.locator("#fresh")).to_have_attribute("data-state", "live")


def test_the_first_page_brings_its_style_and_the_next_one_has_the_file(look: Open) -> None:
    """Nothing is painted before a style has come: it comes with the page, once, and afterwards from the browser's own store."""
    window = look()
    window.page.add_init_script("delete Navigator.prototype.serviceWorker")
    page = window.page
    with page.expect_response("**/onbam.*.css") as kept:
        page.goto(f"{window.address}/login")
    assert kept.value.ok
    kept.value.finished()
    paper = "getComputedStyle(document.body).backgroundColor"
    shown = page.evaluate(paper)
    assert page.locator("style[data-file]").count() == 1
    page.goto(f"{window.address}/login?next=/orders")
    assert page.locator("style[data-file]").count() == 0
    assert page.evaluate(paper) == shown != "rgba(0, 0, 0, 0)"


def test_a_page_that_slept_for_a_day_does_not_lie(look: Open) -> None:
    """A browser that wakes up says how old the page is before it shows anything: before a message could arrive."""
    page = look().log_in().go("/")
    expect(page.locator("#fresh")).to_have_attribute("data-state", "live")
    page.route("**/live/**", lambda route: route.abort())
    state = page.evaluate(
        """() => { const real = Date.now; Date.now = () => real() + 86400000;
        document.dispatchEvent(new Event("visibilitychange")); return document.getElementById("fresh").dataset.state; }"""
    )
    assert state == "lost"


def test_a_browser_whose_clock_is_wrong_shows_right_ages(look: Open) -> None:
    """Ages are counted on the server's clock, whatever this PC believes."""
    window = look()
    window.page.add_init_script("(() => { const real = Date.now; Date.now = () => real() - 3600000; })()")
    page = window.log_in().go("/machines")
    expect(page.locator("#fresh")).to_have_attribute("data-state", "live")
    assert "시간" not in page.locator("td.num time").first.inner_text()


def test_dragging_along_the_strip_sets_the_time_of_the_page(look: Open) -> None:
    """A drag on the night strip looks back; `n` comes back to now."""
    seen = look().log_in()
    page = seen.go("/")
    point(page, 0.8)
    page.mouse.down()
    point(page, 0.3)
    expect(page.locator(".drag-text")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    page.mouse.up()
    page.wait_for_url("**/?at=*")
    expect(page.locator(".then-bar")).to_be_visible()
    seen.begun().keyboard.press("n")
    page.wait_for_url(lambda url: "at=" not in url)
    expect(page.locator(".then-bar")).to_have_count(0)


def test_a_drag_goes_on_while_the_page_is_redrawn(look: Open, desk: Served) -> None:
    """An update under the finger wipes nothing, and the strip it put in the place of the old one is the one pointed at."""
    page = look().log_in().go("/")
    expect(page.locator("#fresh")).to_have_attribute("data-state", "live")
    pointed = page.locator(".drag-text")
    point(page, 0.8)
    page.mouse.down()
    point(page, 0.3)
    expect(pointed).to_be_visible()
    told = pointed.text_content() or ""
    redrawn(page, desk)
    expect(pointed).to_be_visible()
    expect(pointed).to_have_text(told)
    page.evaluate("(() => { const old = document.querySelector('[data-strip]'); old.replaceWith(old.cloneNode(true)); })()")
    point(page, 0.5)
    expect(pointed).to_have_text(re.compile(rf"^(?!{told})\d\d:\d\d$"))
    page.evaluate("document.querySelector('[data-strip]').remove()")
    point(page, 0.9)
    page.mouse.up()
    page.wait_for_url("**/?at=*")


def test_what_somebody_opened_stays_open(look: Open, desk: Served) -> None:
    """An update does not close the table a person is reading."""
    page = look().log_in().go("/")
    expect(page.locator("#fresh")).to_have_attribute("data-state", "live")
    table = page.locator("#live details.as-table table")
    page.locator("#live details.as-table summary").click()
    expect(table).to_be_visible()
    redrawn(page, desk)
    assert table.is_visible()


def test_the_board_draws_a_line_for_each_lease(look: Open, desk: Served) -> None:
    """Every order in hand is a pill with a ring, and a line leads from its PC to it; `t` shows the same as a table."""
    order = desk.stage.order()
    desk.stage.found(order)
    desk.stage.taken(pc("A", 1), order)
    page = look().log_in().go("/board")
    expect(page.locator(f"#held-{order.number}")).to_be_visible()
    until(lambda: page.locator(".wire").count() == page.locator(".held").count(), what="every order in hand has its line")
    page.keyboard.press("t")
    page.wait_for_url("**/board?as=table")
    expect(page.locator(f"tr#held-{order.number}")).to_be_visible()


def test_without_an_answer_the_installed_app_says_so(look: Open) -> None:
    """The service worker shows an honest page instead of an old one."""
    window = look("phone").log_in()
    page = window.go("/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    window.go("/")
    window.context.set_offline(True)
    page.reload()
    expect(page.locator("h1")).to_have_text("온밤에 연결할 수 없습니다")
    assert NUMBER.search(page.content()) is None
    window.context.set_offline(False)
    expect(page.locator("h1")).not_to_have_text("온밤에 연결할 수 없습니다")
