"""The simulated dealer site keeps its word: what it shows, what it refuses, how it misbehaves."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import httpx2
import pytest
from selectolax.lexbor import LexborHTMLParser

from onbam_sims.catalogue import CODE_MAX, catalogue
from onbam_sims.portal import ENCODINGS, KINDS, LAYOUTS, Plan, PortalSimulator, document_page, encode
from onbam_sims.portal.orders import NEVER
from onbam_sims.portal.simulator import MEGABYTE
from support.hands import Hands


@contextmanager
def portal(**options) -> Iterator[tuple[PortalSimulator, httpx2.Client]]:
    """A site and a browser that is logged in."""
    options.setdefault("now", Hands())
    with PortalSimulator(**{"seed": 7, **options}) as site, httpx2.Client(base_url=site.url, follow_redirects=True) as browser:
        log_in(browser)
        yield site, browser


def log_in(browser: httpx2.Client, password: str = "night-desk") -> httpx2.Response:
    return browser.post("/oms/login_proc.jsp", data={"mode": "login", "user_id": "onbam", "user_pw": password})


def text_of(response: httpx2.Response) -> str:
    """The page as a browser shows it: EUC-KR is read as CP949."""
    charset = re.search("charset=([A-Za-z0-9-]+)", response.headers["content-type"])
    return response.content.decode({"EUC-KR": "cp949"}.get(charset[1] if charset else "", "utf-8"))


def ledger(browser: httpx2.Client, kind: str = "임업", **query) -> str:
    return text_of(browser.get("/oms/ledger_list.jsp", params={"younglim_gubun": kind, **query}))


def rows_of(html: str) -> list[list[str]]:
    rows = LexborHTMLParser(html).css("table.table tbody tr")
    return [[cell.text(strip=True).replace("\xa0", "") for cell in row.css("td")] for row in rows]


def document(browser: httpx2.Client, number: str, kind: str) -> httpx2.Response:
    return browser.get("/oms/trans_doc.jsp", params={"chulhano": number, "younglim_gubun": kind})


def lines_of(html: str) -> list[dict[str, str]]:
    """The lines of a document by the names of their columns."""
    out = []
    for table in LexborHTMLParser(html).css("table.table-item"):
        rows = [[c.text(strip=True).replace("\xa0", "") for c in row.css("th, td")] for row in table.css("tr")]
        out += [dict(zip(rows[0], row, strict=True)) for row in rows[1:] if row[0].isdecimal()]
    return out


def sums_of(html: str) -> list[Decimal]:
    out = []
    for table in LexborHTMLParser(html).css("table.table-item"):
        rows = [[c.text(strip=True).replace("\xa0", "") for c in row.css("th, td")] for row in table.css("tr")]
        out += [Decimal(row[rows[0].index("금액")].replace(",", "")) for row in rows[1:] if row[0] == "합계"]
    return out


# -- the order book ---------------------------------------------------------------------------------------------------------


def test_the_same_seed_is_the_same_world():
    """Two sites with one seed hold the same orders; another seed holds others."""
    first, second, other = (PortalSimulator(seed=s, now=Hands(), plan=Plan(orders=30, edits=3)).orders for s in (7, 7, 8))
    assert first == second
    assert first != other


def test_a_number_is_the_date_and_four_digits():
    """Numbers are unique and begin with their own order's date."""
    orders = PortalSimulator(seed=1, now=Hands(), plan=Plan(orders=200, days=5)).orders
    assert len({o.number for o in orders}) == 200
    assert all(re.fullmatch(rf"{o.date:%y%m%d}\d{{4}}", o.number) for o in orders)
    assert len({o.date for o in orders}) == 5


def test_five_thousand_orders_fit_one_day():
    """The ledger that frightens a robot can be made."""
    assert len(PortalSimulator(seed=1, now=Hands(), plan=Plan(orders=5000, max_lines=2)).orders) == 5000


def test_codes_of_the_catalogue_are_unique_and_fit_the_erp():
    """A code book made from the catalogue never says two things about one line."""
    for seed in range(30):
        products = catalogue(seed)
        assert len({p.code for p in products}) == len(products) == len({(p.color, p.name, p.spec) for p in products})
        assert all(0 < len(p.code) <= CODE_MAX for p in products)


def test_orders_arrive_on_the_clock_that_was_passed_in():
    """At the start only the first are there; each second of the clock brings two more; the end brings all."""
    clock = Hands()
    with portal(now=clock, plan=Plan(orders=30, at_start=10, per_second=2.0), page_size=100) as (site, browser):
        assert site.state()["counts"]["arrived"] == 10
        clock.at += 5
        arrived = [o for o in site.orders if o.arrives_at <= clock.at]
        assert len(arrived) == 20
        shown = {row[1] for kind in KINDS for row in rows_of(ledger(browser, kind)) if len(row) > 3}
        assert shown - {""} == {o.number for o in arrived}
        clock.at += 10
        assert site.state()["counts"]["arrived"] == 30


def test_an_order_that_has_not_arrived_has_no_document():
    """Nobody can read tomorrow's order."""
    with portal(plan=Plan(orders=3, at_start=1)) as (site, browser):
        late = site.orders[-1]
        assert late.arrives_at == NEVER
        assert "해당 자료가 존재하지 않습니다" in text_of(document(browser, late.number, late.kind))
        assert site.state()["orders"][-1]["arrived_at"] is None


def test_planned_edits_and_cancellations_happen_after_arrival():
    """The plan's changes come true in time, and never before the order is there."""
    clock = Hands()
    site = PortalSimulator(seed=3, now=clock, plan=Plan(orders=10, edits=3, cancels=2, change_after_s=30))
    assert {o.state for o in site.orders} == {"출하"}
    clock.at += 31
    states = [o.state for o in site.orders]
    assert (states.count("수정"), states.count("취소")) == (3, 2)
    assert all(o.changed_at >= o.arrives_at for o in site.orders if o.changed_at is not None)


# -- logging in -------------------------------------------------------------------------------------------------------------


def test_every_page_wants_a_session():
    """Without a session the ledger and the document are the log-in page."""
    with PortalSimulator(seed=7) as site, httpx2.Client(base_url=site.url) as browser:
        for address in ("/oms/ledger_list.jsp", "/oms/trans_doc.jsp?chulhano=1", "/oms/main.jsp"):
            html = text_of(browser.get(address))
            assert "로그인" in html
            assert "거래명세서" not in html
            assert 'type="password"' in html


def test_a_wrong_password_is_told_and_not_let_in():
    """The page says so in words, with status 200, and sets no cookie."""
    with PortalSimulator(seed=7) as site, httpx2.Client(base_url=site.url, follow_redirects=True) as browser:
        answer = log_in(browser, "wrong")
        assert (answer.status_code, "일치하지 않습니다" in text_of(answer)) == (200, True)
        assert not browser.cookies
        assert site.state()["wrong_passwords"] == 1


def test_too_many_wrong_passwords_close_the_account():
    """After five, even the right one is refused."""
    with PortalSimulator(seed=7) as site, httpx2.Client(base_url=site.url, follow_redirects=True) as browser:
        for _ in range(5):
            log_in(browser, "wrong")
        assert "사용이 중지" in text_of(log_in(browser))
        assert site.state()["logins"] == 0


def test_a_session_ends_after_its_minutes_and_each_page_prolongs_it():
    """Twenty minutes of silence are fine, thirty-one are not."""
    clock = Hands()
    with portal(now=clock) as (_, browser):
        for _ in range(3):
            clock.at += 20 * 60
            assert rows_of(ledger(browser))
        clock.at += 31 * 60
        assert 'type="password"' in ledger(browser)


@pytest.mark.parametrize(
    ("style", "sign"), [("page", 'type="password"'), ("redirect", "loginForm"), ("script", "location.href")]
)
def test_logged_out_has_three_faces(style, sign):
    """The log-in page, a redirect to it, or a page that is only a script."""
    with portal(logged_out_style=style) as (site, browser):
        site.expire_sessions()
        assert sign in ledger(browser)


def test_logging_out_ends_the_session():
    """The link in the menu does what it says."""
    with portal() as (_, browser):
        browser.get("/oms/logout.jsp")
        assert 'type="password"' in ledger(browser)


# -- the ledger -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", LAYOUTS)
def test_both_layouts_show_every_order_once(layout):
    """Date first or number first with a link: the same orders, over all pages, plus a row that is none."""
    with portal(layout=layout, plan=Plan(orders=50, days=3)) as (site, browser):
        seen = []
        column = 1 if layout == "date" else 0
        for kind in KINDS:
            html = ledger(browser, kind, page=1)
            pages = max(int(n.text()) for n in LexborHTMLParser(html).css(".paging a, .paging strong"))
            for page in range(1, pages + 1):
                rows = rows_of(ledger(browser, kind, page=page))
                assert rows[-1][0] == "합계"
                seen += [row[column] for row in rows[:-1]]
        assert sorted(seen) == sorted(o.number for o in site.orders)


def test_the_link_layout_opens_documents_by_script():
    """The number is a link whose onclick holds a relative address."""
    with portal(layout="link", page_size=5) as (_, browser):
        html = ledger(browser)
        address = re.search(r"openPop\('(/oms/trans_doc\.jsp\?chulhano=(\d{10})&younglim_gubun=임업)'\)", html)
        assert address is not None
        assert "javascript:goPage(2)" in html
        page = text_of(browser.get(address[1]))
        assert address[2] in page


def test_the_date_window_narrows_the_ledger():
    """Only orders of the asked days are listed, and the sums follow."""
    with portal(plan=Plan(orders=40, days=4), page_size=100) as (site, browser):
        rows = rows_of(ledger(browser, sdate="2026-01-04", edate="2026-01-04"))
        wanted = [o for o in site.orders if o.date == date(2026, 1, 4) and o.kind == "임업"]
        assert {row[1] for row in rows[:-1]} == {o.number for o in wanted}
        assert rows[-1][5] == f"{sum(o.total for o in wanted):,}"


def test_an_empty_ledger_is_one_row_with_words():
    """Nothing found is not nothing shown."""
    with portal(plan=Plan(orders=0)) as (_, browser):
        assert rows_of(ledger(browser)) == [["조회된 자료가 없습니다."]]


def test_the_kind_may_be_asked_in_the_old_encoding():
    """Browsers send the page's own encoding; the server reads both."""
    with portal(page_size=100) as (site, browser):
        both = [browser.get(f"/oms/ledger_list.jsp?younglim_gubun={q}") for q in ("%BB%EA%BE%F7", "%EC%82%B0%EC%97%85")]
        wanted = {o.number for o in site.orders if o.kind == "산업"}
        assert wanted
        assert [{row[1] for row in rows_of(text_of(b))[:-1]} for b in both] == [wanted, wanted]


# -- documents --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_documents_say_the_same_in_every_encoding(encoding):
    """The lines of every order survive the encoding, syllables outside EUC-KR included."""
    with portal(document_encoding=encoding) as (site, browser):
        for order in site.orders:
            answer = document(browser, order.number, order.kind)
            html = _decoded(answer.content, encoding)
            assert order.site in html
            assert [(x["색상"], x["품명"], x["규격"], x["금액"]) for x in lines_of(html)] == [
                (x.color, x.name, x.spec, f"{x.amount:,}") for x in order.lines
            ]


def _decoded(body: bytes, encoding: str) -> str:
    if encoding != "mhtml":
        return body.decode("cp949" if encoding == "euc-kr" else "utf-8")
    import email

    message = email.message_from_bytes(body)
    [part] = message.get_payload()
    assert part["Content-Transfer-Encoding"] == "quoted-printable"
    return part.get_payload(decode=True).decode()


def test_a_stale_meta_lies_about_its_bytes():
    """The UTF-8 file that claims to be euc-kr exists, and no header helps."""
    page = encode(document_page(PortalSimulator(seed=7, now=Hands()).orders[0]), "utf-8-stale")
    assert b"charset=euc-kr" in page.body
    assert "charset" not in page.content_type
    assert "거래명세서" in page.body.decode("utf-8")


def test_columns_come_in_many_orders_and_sums_agree():
    """Over many orders: several column orders, several tables, sums per table or at the end, always right."""
    orders = PortalSimulator(seed=11, now=Hands(), plan=Plan(orders=120)).orders
    headers, tables = set(), set()
    for order in orders:
        html = document_page(order)
        names = [[c.text(strip=True).replace("\xa0", "") for c in t.css("tr")[0].css("th, td")] for t in _tables(html)]
        headers.add(tuple(names[0]))
        tables.add((len(names), len(sums_of(html))))
        assert sorted(names[0]) == sorted(("NO", "색상", "품명", "규격", "수량", "단가", "금액", "비고"))
        assert sum(sums_of(html)) == order.total == sum(line.qty * line.price for line in order.lines)
    assert len(headers) > 20
    assert tables == {(1, 1), (2, 1), (2, 2)}


def _tables(html: str):
    return LexborHTMLParser(html).css("table.table-item")


def test_a_document_under_the_wrong_kind_does_not_exist():
    """The number alone is not enough."""
    with portal() as (site, browser):
        order = site.orders[0]
        other = next(k for k in KINDS if k != order.kind)
        assert "존재하지 않습니다" in text_of(document(browser, order.number, other))


def test_a_person_can_add_edit_cancel_and_restore_orders():
    """`/_sim/orders` changes the truth, and the pages follow."""
    with portal(plan=Plan(orders=2)) as (site, browser):
        new = browser.post("/_sim/orders", json={"action": "add", "lines": [{"name": "문틀", "qty": 2, "price": 50000}]}).json()
        assert new["total"] == "100000"
        browser.post("/_sim/orders", json={"action": "edit", "number": new["number"]})
        assert "정정 1차" in text_of(document(browser, new["number"], new["kind"]))
        assert lines_of(text_of(document(browser, new["number"], new["kind"])))[0]["수량"] == "3"
        browser.post("/_sim/orders", json={"action": "cancel", "number": new["number"]})
        assert "주문취소" in text_of(document(browser, new["number"], new["kind"]))
        assert [row[6] for row in rows_of(ledger(browser, new["kind"])) if row[1] == new["number"]] == ["취소"]
        restored = browser.post("/_sim/orders", json={"action": "restore", "number": new["number"]}).json()
        assert (restored["state"], restored["revision"]) == ("수정", 3)
        assert len(site.orders) == 3


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"action": "burn"},
        {"action": "cancel", "number": "1"},
        {"action": "add", "kind": "수산"},
        [],
        {"action": "add", "lines": 3},
    ],
)
def test_a_change_that_makes_no_sense_is_refused(wanted):
    """400 with the reason, and nothing changed."""
    with portal() as (site, browser):
        before = site.orders
        assert browser.post("/_sim/orders", json=wanted).status_code == 400
        assert site.orders == before


# -- faults -----------------------------------------------------------------------------------------------------------------


def first_document(site: PortalSimulator, browser: httpx2.Client) -> httpx2.Response:
    return document(browser, site.orders[0].number, site.orders[0].kind)


def test_every_declared_fault_is_tested_here():
    """A fault nobody tries is a promise nobody checks."""
    source = Path(__file__).read_text("utf-8")
    assert {name for name in PortalSimulator.FAULTS if f'"{name}"' not in source} == set()


def test_slow_waits_before_it_answers():
    """A caller with a short time-out gives up."""
    with portal() as (site, browser):
        site.set_fault("slow", seconds=30, on="document")
        with pytest.raises(httpx2.ReadTimeout):
            browser.get("/oms/trans_doc.jsp", timeout=0.2)
        assert rows_of(ledger(browser))


def test_drip_never_lets_a_read_time_out_fire():
    """Each piece comes in time; only a limit on the whole helps."""
    with portal() as (site, browser):
        site.set_fault("drip", seconds=0.01, count=1)
        assert lines_of(text_of(first_document(site, browser)))


@pytest.mark.parametrize(("name", "error"), [("reset", httpx2.ReadError), ("cut", httpx2.RemoteProtocolError)])
def test_broken_connections(name, error):
    """A reset and a body that ends too early reach the caller as what they are."""
    with portal() as (site, browser):
        site.set_fault(name, count=1)
        with pytest.raises(error):
            first_document(site, browser)
        assert lines_of(text_of(first_document(site, browser)))


def test_error_500_comes_as_often_as_asked():
    """Twice, then never again."""
    with portal() as (site, browser):
        site.set_fault("error_500", count=2)
        assert [first_document(site, browser).status_code for _ in range(3)] == [500, 500, 200]


def test_logged_out_in_the_middle_needs_a_new_log_in():
    """The session is really gone, in any of the three faces."""
    with portal() as (site, browser):
        site.set_fault("logged_out", count=1, on="document", style="script")
        assert "로그인이 필요합니다" in text_of(first_document(site, browser))
        assert 'type="password"' in text_of(first_document(site, browser))
        log_in(browser)
        assert lines_of(text_of(first_document(site, browser)))


@pytest.mark.parametrize("where", ["ledger", "document"])
def test_broken_layout_has_none_of_the_tables(where):
    """A page that means something, in a shape nobody knows."""
    with portal() as (site, browser):
        site.set_fault("broken_layout", on=where)
        html = ledger(browser) if where == "ledger" else text_of(first_document(site, browser))
        assert "<table" not in html
        assert "로그아웃" not in html


def test_missing_column():
    """The document prints seven columns."""
    with portal() as (site, browser):
        site.set_fault("missing_column", column="단가")
        assert set(lines_of(text_of(first_document(site, browser)))[0]) == {
            "NO",
            "색상",
            "품명",
            "규격",
            "수량",
            "금액",
            "비고",
        }


def test_truncated_ends_honestly_in_the_middle():
    """Status 200, a right length, and no end of the page."""
    with portal() as (site, browser):
        whole = first_document(site, browser).content
        site.set_fault("truncated", share=0.6)
        part = first_document(site, browser).content
        assert part == whole[: int(len(whole) * 0.6)]
        assert b"</html>" not in part


def test_wrong_total_is_a_thousand_off():
    """The lines are right, the sum is not."""
    with portal() as (site, browser):
        site.set_fault("wrong_total")
        order = site.orders[0]
        assert sum(sums_of(text_of(first_document(site, browser)))) == order.total + 1000


def test_other_document_is_complete_and_wrong():
    """Nothing but the number tells."""
    with portal() as (site, browser):
        site.set_fault("other_document")
        html = text_of(first_document(site, browser))
        assert lines_of(html)
        assert site.orders[0].number not in html


def test_huge_is_as_big_as_asked():
    """The padding sits inside the page."""
    with portal() as (site, browser):
        site.set_fault("huge", megabytes=3)
        body = first_document(site, browser).content
        assert len(body) >= 3 * MEGABYTE
        assert body.rstrip().endswith(b"</html>")


def test_garbled_fits_no_encoding():
    """Neither UTF-8 nor CP949 reads it."""
    with portal() as (site, browser):
        site.set_fault("garbled")
        body = first_document(site, browser).content
        for codec in ("utf-8", "cp949"):
            with pytest.raises(UnicodeDecodeError):
                body.decode(codec)


def test_messy_ledgers():
    """Rows twice, numbers with spaces, or no rows at all."""
    with portal(plan=Plan(orders=3, days=1)) as (site, browser):
        kind = site.orders[0].kind
        clean = [row[1] for row in rows_of(ledger(browser, kind))[:-1]]
        site.set_fault("duplicate_rows", count=1)
        assert sorted(row[1] for row in rows_of(ledger(browser, kind))[:-1]) == sorted(clean * 2)
        site.set_fault("messy_numbers", count=1)
        messy = [row[1] for row in rows_of(ledger(browser, kind))[:-1]]
        assert messy != clean
        assert [re.sub(r"\s", "", number) for number in messy] == clean
        site.set_fault("empty_ledger", count=1)
        assert rows_of(ledger(browser, kind)) == [["조회된 자료가 없습니다."]]


def test_faults_never_change_the_truth():
    """After a storm of faults the orders are what they were."""
    with portal() as (site, browser):
        before = site.orders
        chance = random.Random(1)
        for _ in range(40):
            site.clear_faults()
            name = chance.choice(sorted(set(PortalSimulator.FAULTS) - {"slow", "drip", "huge"}))
            site.set_fault(name)
            try:
                first_document(site, browser)
                ledger(browser)
            except (httpx2.TransportError, UnicodeDecodeError):
                pass
            site.clear_faults()
            log_in(browser)
        assert [replace(o) for o in site.orders] == before


# -- by hand ----------------------------------------------------------------------------------------------------------------


def test_it_runs_by_hand_and_ends_when_told():
    """`python -m onbam_sims.portal` says its address, answers, and ends at a signal."""
    command = [
        sys.executable,
        "-m",
        "onbam_sims.portal",
        "--port",
        "0",
        "--seed",
        "3",
        "--orders",
        "4",
        "--faults",
        '{"slow": {}}',
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            url = line.split()[1]
            state = json.load(urllib.request.urlopen(f"{url}/_sim/state"))
            assert (state["seed"], state["counts"]["orders"]) == (3, 4)
            assert "slow" in json.load(urllib.request.urlopen(f"{url}/_sim/faults"))["on"]
            process.terminate()
            assert process.wait(20) == 0
        finally:
            process.kill()
