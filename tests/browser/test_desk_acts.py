"""What a shop owner does on the desk, each once: PCs, settings, kept views, many orders at once, looking back."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Open
from onbam.care.errands.carrier import Carrier
from onbam.care.errands.model import Do
from onbam.claims.model import State
from onbam.guard import incidents as evidence
from onbam.kernel.settings import TOML_NAME
from onbam.kernel.words import plain
from onbam.notices.model import Cause, Severity
from support.desk_server import Served
from support.stage import pc
from support.waiting import until

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.timeout(300)]
LIVE = "#fresh[data-state=live]"


def sure(page: Page, reason: str) -> None:
    """Say why in the sheet, and do it."""
    expect(page.locator("#sheet")).to_be_visible()
    page.locator("#sheet input[name=reason]").fill(reason)
    page.locator("#sheet button.first").click()


def test_another_pc_is_asked_to_restart_and_tells_when_it_did(look: Open, desk: Served) -> None:
    """Asked here, under way and done there; this page shows each stage by itself, with who asked and why."""
    onbam = desk.stage.onbam
    status = {"processes": [{"name": "agent", "state": "renewing", "why": None}]}
    there = Carrier(
        onbam.errands,
        "PC-B-7k2b",
        lambda asked: status if asked["do"] == "status" else {"done": ["agent"]},
        lambda _do, _what: "[]",
    )
    page = look("phone").log_in("lee").go("/machines/PC-B")
    page.wait_for_selector(LIVE)
    page.locator("button[hx-get*='/do/restart/']").click()
    expect(page.locator("#sheet")).to_contain_text("PC-B를 다시 시작할까요")
    sure(page, "느려져서")
    line = page.locator(".errands > li").first
    expect(line).to_contain_text("답을 기다림")
    expect(line).to_contain_text("느려져서")
    there.step(onbam.clock.now())
    expect(line).to_contain_text("하는 중")
    status["processes"][0]["state"] = "up"
    there.step(onbam.clock.now())
    expect(line).to_contain_text("새 프로세스가 돕니다: agent")
    expect(line).to_contain_text("됨")


def test_the_log_and_the_evidence_of_another_pc_come_through_the_store(look: Open, desk: Served) -> None:
    """Its lines arrive while one looks, are searched there, and an incident opens with its stacks."""
    onbam = desk.stage.onbam
    lines = [
        ["2026-01-13T08:29:59", "error", "포털이 503으로 답했습니다"],
        ["2026-01-13T08:30:01", "info", "주문을 맡았습니다"],
    ]
    whole = {"id": "20260113-031200-agent", "at": "2026-01-13T03:12:00+09:00", "process": "agent", "pid": 7, "silence_s": 61.0}
    whole |= {"why": {"ko": "61초 동안 조용했습니다", "en": "silent for 61 s"}, "step": "slip", "item": "", "limit_s": 60.0}

    def looked(do: Do, what: str) -> str:
        if do is Do.LOG:
            return json.dumps([line for line in lines if what in line[2]], ensure_ascii=False)
        more = {"stacks": "File onbam/orders/attempt.py, line 88", "lines": ["전표 준비"], "facts": {}} if what else {}
        return json.dumps([{**whole, **more}], ensure_ascii=False)

    there = Carrier(onbam.errands, "PC-C-7k2c", lambda _: {"processes": []}, looked)
    page = look().log_in().go("/machines/PC-C")
    log = page.locator("#log-lines")
    expect(log).to_contain_text("PC-C에게 묻는 중")
    there.step(onbam.clock.now())
    expect(log.locator("li")).to_have_count(2)
    expect(log.locator(".log-error")).to_contain_text("503")
    page.locator("#log-find input").fill("503")
    expect(log).to_contain_text("묻는 중")
    there.step(onbam.clock.now())
    expect(log.locator("li")).to_have_count(1)
    incident = page.locator("#incident-20260113-031200-agent")
    expect(incident).to_be_visible()
    incident.locator("summary").click()
    expect(incident).to_contain_text("묻는 중")
    there.step(onbam.clock.now())
    expect(incident).to_contain_text("attempt.py, line 88")


def test_this_pcs_own_log_is_read_at_once(look: Open, desk: Served) -> None:
    """Without a way through the store; new lines come while one looks; what nobody wrote is said to be nothing."""
    onbam = desk.stage.onbam
    own = pc("A", 1)
    here = type(own)(onbam.machine_id, f"{onbam.machine_id}/agent/1", onbam.host.name, "127.0.0.1")
    desk.stage.join(here, due_s=30 * 3600)
    local = onbam.clock.now().astimezone(onbam.zone)
    folder = onbam.home / onbam.settings.logs.folder
    folder.mkdir(exist_ok=True)
    file = folder / f"app_{local:%Y%m%d}.json"
    file.write_text(
        json.dumps({"time": local.isoformat(), "level": "info", "event": "첫 줄"}, ensure_ascii=False) + "\n", "utf-8"
    )
    saved = onbam.incidents_folder / "20260113-041200-agent"
    saved.mkdir(parents=True)
    raw = {"id": saved.name, "at": "2026-01-13T04:12:00+09:00", "process": "agent", "why": {"ko": "멈춤", "en": "stuck"}}
    (saved / evidence.FILE).write_text(json.dumps({**raw, "stacks": "File here.py", "lines": []}, ensure_ascii=False), "utf-8")
    page = look().log_in().go(f"/machines/{here.name}")
    expect(page.locator("#log-lines")).to_contain_text("첫 줄")
    with file.open("a", encoding="utf-8") as more:
        more.write(json.dumps({"time": local.isoformat(), "level": "warning", "event": "둘째 줄"}, ensure_ascii=False) + "\n")
    expect(page.locator("#log-lines")).to_contain_text("둘째 줄")
    page.locator(f"#incident-{saved.name} summary").click()
    expect(page.locator(f"#incident-{saved.name}")).to_contain_text("File here.py")
    desk.stage.onbam.registry.leave(here)  # type: ignore[union-attr]


def test_a_setting_is_changed_where_people_read_it(look: Open, desk: Served) -> None:
    """A wrong value is answered in the sheet and nothing is written; a right one stands in the file and waits for a restart."""
    page = look().log_in().go("/settings?q=quiet")
    page.locator("#setting-notices\\.quiet button").click()
    expect(page.locator("#sheet")).to_be_visible()
    page.locator("#sheet input[name=value]").fill("밤새")
    sure(page, "겨울")
    expect(page.locator("#sheet .trouble")).to_be_visible()
    expect(page.locator("#sheet")).to_contain_text("notices.quiet")
    page.keyboard.press("Escape")
    page.locator("#setting-notices\\.quiet button").click()
    page.locator("#sheet input[name=value]").fill("23:00-05:00")
    sure(page, "겨울")
    expect(page.locator("#setting-notices\\.quiet")).to_contain_text("다시 시작하면 23:00-05:00")
    assert 'quiet = "23:00-05:00"' in (desk.stage.onbam.home / TOML_NAME).read_text("utf-8")
    page.goto(f"{desk.address}/settings?show=editable")
    assert page.locator("tr[id^=setting-]").count() > 20


def test_a_search_is_kept_used_and_forgotten(look: Open) -> None:
    """A view of one's own: a chip that leads back to it, until it is removed."""
    page = look().log_in("park").go("/orders?state=parked&q=2601")
    page.locator("details.as-table summary").first.click()
    page.locator("input[name=name]").fill("월요일 아침")
    page.locator("form[action='/orders/views'] button").click()
    chip = page.locator(".views .chip", has_text="월요일 아침")
    expect(chip).to_have_attribute("aria-current", "true")
    page.goto(page.url.partition("/orders")[0] + "/orders")
    chip.click()
    page.wait_for_url(re.compile(r"/orders\?(?=.*state=parked)(?=.*q=2601)"))
    page.locator("details.as-table summary").first.click()
    page.locator("form[action*='/drop'] button").click()
    page.wait_for_url("**/orders")
    expect(page.locator(".views")).to_have_count(0)


def test_many_orders_are_held_after_a_preview_and_let_go_again(look: Open, desk: Served) -> None:
    """All that match: how many and which first, done with a reason, and taken back within the window."""
    prefix = "260113990"
    orders = [desk.stage.order(f"{prefix}{n}") for n in range(3)]
    desk.stage.found(*orders)
    page = look().log_in("lee").go(f"/orders?state=waiting&q={prefix}")
    expect(page.locator("tr[id^=row-]")).to_have_count(3)
    page.wait_for_selector(LIVE)
    page.locator(".bulk button[hx-get*='/bulk/hold']").click()
    expect(page.locator("#sheet")).to_contain_text("주문 3건")
    expect(page.locator("#sheet")).to_contain_text(orders[0].number)
    sure(page, "가격을 다시 봅니다")
    expect(page.locator("#say")).to_contain_text("3건을 처리했습니다")
    state = desk.stage.onbam.desk.get
    assert [state(order.number).state for order in orders] == [State.PARKED] * 3
    page.locator("#say button").click()
    expect(page.locator("#say")).to_contain_text("되돌렸습니다")
    assert [state(order.number).state for order in orders] == [State.WAITING] * 3


def test_a_notice_is_silenced_for_some_hours(look: Open, desk: Served) -> None:
    """One, four or eight hours by one press each; until when stands on the card; resolved, it is over."""
    inbox = desk.stage.onbam.notices
    inbox.open(Cause("test:paper", Severity.WARN, plain("프린터에 종이가 없습니다")(), plain("종이를 넣으십시오")(), "/help"))
    page = look("phone").log_in("lee").go("/notices")
    page.wait_for_selector(LIVE)
    card = page.locator("li.card", has_text="프린터에")
    for hours in (1, 4, 8):
        card.locator("form", has=page.locator(f"input[name=hours][value='{hours}']")).locator("button").click()
        expect(page.locator("#say")).to_contain_text(f"{hours}시간 동안")
        until = desk.stage.onbam.clock.now().astimezone(desk.stage.onbam.zone) + timedelta(hours=hours)
        expect(card).to_contain_text(re.compile(f"{until:%Y-%m-%d %H}|{until - timedelta(minutes=1):%Y-%m-%d %H}"))
    card.locator("form[action='/notices/resolve'] button").click()
    expect(card).to_have_count(0)


def test_the_last_thirty_days_are_drawn_when_asked_for(look: Open) -> None:
    """A chart with a point for each day, drawn once it is opened, in the colours of the page."""
    page = look().log_in("park").go("/orders")
    page.locator("#history summary").click()
    expect(page.locator("#history canvas")).to_be_visible()
    expect(page.locator("#history .u-legend")).to_contain_text("완료")
    inked = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v, i) => i % 4 === 3 && v > 0)"
    until(lambda: page.locator("#history canvas").evaluate(inked), what="something was drawn")


def test_the_board_looks_back_to_another_day(look: Open) -> None:
    """The date leads to that day's end, the slider to any minute of it, `n` back to now."""
    seen = look().log_in("park")
    page = seen.go("/board")
    page.locator("[data-day]").fill("2026-01-12")
    expect(page.locator(".then-bar")).to_contain_text("2026-01-12")
    expect(page.locator("[data-day]")).to_have_value("2026-01-12")
    slider = seen.begun().locator("[data-scrub]")
    slider.evaluate("s => { s.value = Number(s.min) + (21 * 60 + 40) * 60000; s.dispatchEvent(new Event('change')); }")
    expect(page.locator("#scrub-text")).to_have_text("21:40")
    seen.begun().keyboard.press("n")
    expect(page.locator(".then-bar")).to_have_count(0)


def test_a_chosen_row_stays_chosen_while_the_page_is_redrawn(look: Open, desk: Served) -> None:
    """The keyboard's row is the same order after another one arrived above it, and the next key goes on from there."""
    page = look().log_in().go("/orders")
    page.wait_for_selector(LIVE)
    chosen = page.locator("[data-row].chosen")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(chosen).to_have_count(1)
    name = chosen.get_attribute("id") or ""
    below = page.locator(f"#{name} + tr").get_attribute("id") or ""
    order = desk.stage.order()
    desk.stage.found(order)
    expect(page.locator(f"#row-{order.number}")).to_be_attached()
    expect(chosen).to_have_id(name)
    page.keyboard.press("j")
    expect(chosen).to_have_id(below)


def test_why_is_beside_every_state_of_a_pc(look: Open) -> None:
    """In the list and on the page of a PC."""
    window = look().log_in("park")
    for path in ("/machines", "/machines/PC-B"):
        page = window.go(path)
        page.locator(".why").first.click()
        expect(page.locator("#sheet")).to_contain_text("machine.")
        page.keyboard.press("Escape")


def test_measuring_programs_find_their_figures(look: Open) -> None:
    """The page about this installation leads to the figures, in the form they are read in."""
    window = look().log_in("park")
    page = window.go("/about")
    link = page.locator("a[href='/metrics']")
    expect(link).to_be_visible()
    answer = page.request.get(f"{window.address}/metrics")
    assert answer.ok
    assert "onbam_" in answer.text()
