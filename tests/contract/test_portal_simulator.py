"""The simulated dealer site keeps its word: orders, log-in, ledger, documents."""

from __future__ import annotations

import csv
import re
from datetime import date

import httpx2
import pytest
from selectolax.lexbor import LexborHTMLParser

from onbam_sims.catalogue import CODE_MAX, catalogue
from onbam_sims.portal import ENCODINGS, KINDS, LAYOUTS, Plan, PortalSimulator, document_page, encode
from onbam_sims.portal.orders import NEVER
from support.hands import Hands
from support.portal_browser import document, ledger, lines_of, log_in, portal, rows_of, sums_of, text_of

# -- the order book -------------------------------------------------------------------------------------------------------


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


# -- logging in -----------------------------------------------------------------------------------------------------------


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


# -- the ledger -----------------------------------------------------------------------------------------------------------


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


# -- documents ------------------------------------------------------------------------------------------------------------


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


def test_the_shops_code_book_is_there_as_the_file_a_person_would_have_written():
    """`/_sim/codes.csv` opens in Excel and has a row, and one code, for each product."""
    with portal(seed=7) as (_, browser):
        header, *rows = csv.reader(browser.get("/_sim/codes.csv").content.decode("utf-8-sig").splitlines())
        assert header[:4] == ["코드", "색상", "품명", "규격"]
        assert [tuple(row[:4]) for row in rows] == [(p.code, p.color, p.name, p.spec) for p in catalogue(7)]


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


def test_an_unknown_change_is_answered_with_the_known_ones():
    """No word of the simulator's own inside."""
    with portal() as (_, browser):
        for wanted in ({}, {"action": "burn"}):
            said = browser.post("/_sim/orders", json=wanted).json()["error"]
            assert said == "action must be one of add, edit, cancel, restore"
        assert "KeyError" not in browser.post("/_sim/orders", json={"action": "cancel", "number": "1"}).json()["error"]
