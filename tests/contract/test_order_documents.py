"""Golden documents: every page the simulated supplier prints, in every encoding, is understood as what was really ordered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from onbam.kernel.errors import ContractBroken
from onbam.orders import paper
from onbam.orders.model import Asked, OrderForm
from onbam.orders.understanding import NOBODY, understand, understand_bytes
from onbam_sims.catalogue import catalogue
from onbam_sims.portal import ENCODINGS, Order, Plan, PortalSimulator, document_page, encode
from onbam_sims.portal.document import COLUMNS

STATES = {"출하": "issued", "수정": "changed", "취소": "cancelled"}
FUZZED = 2_000


def printed(seed: int = 7) -> list[Order]:
    """Orders of several days, some corrected, some cancelled."""
    site = PortalSimulator(seed=seed, plan=Plan(orders=120, days=3, edits=12, cancels=12))
    return site.book.at(float("inf"))


ORDERS = printed()


def of(order: Order) -> tuple[object, ...]:
    """What an order really is."""
    lines = [(x.no, x.color, x.name, x.spec, x.qty, x.price, x.amount, x.note) for x in order.lines]
    return order.number, order.date, order.kind, STATES[order.state], lines, order.total


def understood(form: OrderForm) -> tuple[object, ...]:
    """What was understood of it."""
    lines = [(x.no, x.color, x.name, x.spec, x.qty, x.price, x.amount, x.note) for x in form.lines]
    return form.number, form.date, form.kind, form.state, lines, form.total


def codes(text: str, asked: Asked = NOBODY) -> list[str]:
    """The problems of a page."""
    return [problem.code for problem in understand(text, asked).problems]


def page(order: Order, rows: Sequence[str] = (), columns: Sequence[str] = COLUMNS, after: str = "") -> str:
    """A page of our own making, around given rows."""
    head = "".join(f"<th>{c}</th>" for c in columns)
    return (
        f"<html><body><h1>거래명세서</h1><p>출하번호 : {order.number}</p><p>출하일자: 2026년 1월 5일</p><p>영림임업(주)</p>"
        f"<table class='table-item'><tr>{head}</tr>{''.join(rows)}</table>{after}</body></html>"
    )


def row(*cells: str) -> str:
    """One row."""
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


LINE = row("1", "화이트", "문선", "80*2440", "2", "1,500", "3,000", "")
SUM = row("합계", "", "", "", "2", "", "3,000", "")


# -- golden -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_document_is_understood_as_it_was_ordered(encoding) -> None:
    """Number, day, kind, state, every line and the total, whatever the columns' order and the way sums are printed."""
    for order in ORDERS:
        form = understand_bytes(encode(document_page(order), encoding).body)
        assert understood(form) == of(order)
        assert form.problems == ()


def test_the_encodings_of_one_document_give_one_form() -> None:
    """Same order, same form, to the last problem."""
    for order in ORDERS:
        assert len({understand_bytes(encode(document_page(order), e).body) for e in ENCODINGS}) == 1


def test_reading_again_gives_the_same_form() -> None:
    """Nothing of the clock, of chance or of the last document gets into a form."""
    first = [understand(document_page(order, wrong_total=True)) for order in ORDERS]
    assert first == [understand(document_page(order, wrong_total=True)) for order in reversed(ORDERS)][::-1]


def test_corrections_are_counted() -> None:
    """A page headed 정정 3차 says so."""
    order = replace(ORDERS[0], state="수정", revision=3)
    form = understand(document_page(order))
    assert (form.state, form.revision, form.ready) == ("changed", 3, True)


# -- what parks an order ----------------------------------------------------------------------------------------------------


def test_a_wrong_total_carries_both_figures() -> None:
    """The total that is printed and the sum of the lines both stand in the problem."""
    for order in ORDERS:
        problems = understand(document_page(order, wrong_total=True)).problems
        assert [p.code for p in problems] == ["total-differs"]
        figures = {str(v) for v in problems[0].text.values.values()}
        assert len(figures) == 2
        assert abs(problems[0].text.values["stated"] - problems[0].text.values["counted"]) == 1000


@pytest.mark.parametrize("column", COLUMNS)
def test_a_missing_column_is_named(column: str) -> None:
    """Whichever column is missing, a problem names it and the order does not go on."""
    for order in ORDERS[:30]:
        form = understand(document_page(order, without_column=column))
        assert not form.ready
        assert any(p.code == "missing-column" and column in p.text.to("ko") for p in form.problems)


def test_a_document_of_another_order_is_noticed() -> None:
    """Opened as one order, printed as another."""
    mine, other = ORDERS[0], ORDERS[1]
    assert codes(document_page(other), Asked(mine.number, other.kind)) == ["other-order"]
    assert codes(document_page(mine), Asked(mine.number, mine.kind)) == []


def test_a_saved_page_is_held_against_its_own_address() -> None:
    """The browser wrote down which order it had opened; the page inside is another's."""
    address = f"http://door.example/oms/trans_doc.jsp?chulhano={ORDERS[0].number}&younglim_gubun=%EC%9E%84%EC%97%85"
    raw = encode(document_page(replace(ORDERS[1], kind="임업")), "mhtml", address).body
    assert [p.code for p in understand_bytes(raw).problems] == ["other-order"]


@pytest.mark.parametrize(
    ("cells", "problems"),
    [
        (("1", "화이트", "문선", "80*2440", "0", "1,500", "0", ""), ["zero"]),
        (("1", "화이트", "문선", "80*2440", "-2", "1,500", "-3,000", ""), ["negative", "negative"]),
        (("1", "화이트", "문선", "80*2440", "△2", "1,500", "(3,000)", ""), ["negative", "negative"]),
        (("1", "화이트", "문선", "80*2440", "9000000", "1", "9,000,000", ""), ["huge"]),
        (("1", "화이트", "문선", "80*2440", "1e3", "1,500", "3,000", ""), ["no-figure"]),
        (("1", "화이트", "문선", "80*2440", "1<br>2", "250", "3,000", ""), ["no-figure"]),
        (("1", "화이트", "문선", "80*2440", "1,5", "2,000", "3,000", ""), ["no-figure"]),
        (("1", "화이트", "문선", "80*2440", "1.125", "8", "9", ""), ["too-fine"]),
        (("1", "화이트", "", "80*2440", "2", "1,500", "3,000", ""), ["empty"]),
        (("1", "화이트", "문선", "80*2440", "2", "", "3,000", ""), ["empty"]),
        (("1", "화이트", "문선", "80*2440", "2", "1,500", "4,000", ""), ["amount-differs"]),
        (("가", "화이트", "문선", "80*2440", "2", "1,500", "3,000", ""), ["row-unread", "no-lines"]),
        (("1", "화이트", "문선", "80*2440", "2", "1,500", "3,000"), ["row-unread", "no-lines"]),
        (("1", "화이트", "문" * 300, "80*2440", "2", "1,500", "3,000", ""), ["long-text"]),
    ],
)
def test_an_odd_line_is_a_problem_with_its_place(cells: tuple[str, ...], problems: list[str]) -> None:
    """Zero, negative, huge, unreadable, empty: each is named, and none is dropped or guessed."""
    form = understand(page(ORDERS[0], [row(*cells)]))
    assert [p.code for p in form.problems if p.code != "no-total"] == problems
    assert all(p.place.to("ko") and p.text.to("en") for p in form.problems)


def test_figures_are_read_as_people_write_them() -> None:
    """원, ₩, commas, full-width digits and units are the same figure."""
    plain = understand(page(ORDERS[0], [LINE, SUM])).lines
    for qty, price, amount in (("2틀", "1,500원", "₩3,000"), ("２", "1500 원", "3,000 원정"), (" 2 EA ", "￦ 1,500", "3000")):
        line = row("1", "화이트", "문선", "80*2440", qty, price, amount, "")
        form = understand(page(ORDERS[0], [line, SUM]))
        assert (form.lines, form.problems) == (plain, ())


def test_a_line_printed_twice_is_noticed() -> None:
    """The same NO twice in one table is not two lines to enter."""
    assert "double-line" in codes(page(ORDERS[0], [LINE, LINE, row("합계", "", "", "", "4", "", "6,000", "")]))


def test_lines_below_the_last_sum_are_not_covered_by_it() -> None:
    """A sum that does not stand below every line is no total."""
    second = row("2", "화이트", "문선", "80*2440", "1", "1,500", "1,500", "")
    assert codes(page(ORDERS[0], [LINE, SUM, second])) == ["no-total"]


def test_a_sum_with_tax_is_not_held_against_the_lines() -> None:
    """합계금액 with tax included says nothing about the sum of the lines; without tax it does."""
    assert codes(page(ORDERS[0], [LINE, SUM], after="<p>합계금액 : 일금 3,300 원정 (부가세 포함)</p>")) == []
    assert codes(page(ORDERS[0], [LINE, SUM], after="<p>합계금액 : 일금 3,300 원정</p>")) == ["total-differs"]


def test_cancelling_in_general_cancels_nothing() -> None:
    """A rule about cancelling is no cancellation; a lone stamp is a question; a plain statement is one."""
    rule = understand(page(ORDERS[0], [LINE, SUM], after="<p>주문취소는 출하 전일까지 가능합니다.</p>"))
    stamp = understand(page(ORDERS[0], [LINE, SUM], after="<b>취소</b>"))
    said = understand(page(ORDERS[0], [LINE, SUM], after="<p>본 주문은 취소되었습니다.</p><p>취소된 주문입니다.</p>"))
    assert (rule.state, rule.problems) == ("issued", ())
    assert (stamp.state, [p.code for p in stamp.problems]) == ("issued", ["maybe-cancelled"])
    assert (said.state, said.ready) == ("cancelled", False)


def test_the_day_it_was_printed_is_not_its_date() -> None:
    """Without a date of its own the order waits for a person, whatever day stands in the footer."""
    bare = page(ORDERS[0], [LINE, SUM], after="<p>출력일시: 2026-01-09 11:02</p>").replace(
        "<p>출하일자: 2026년 1월 5일</p>", ""
    )
    form = understand(bare)
    assert (form.date, [p.code for p in form.problems]) == (None, ["no-date"])


def test_tables_in_tables_are_read_once() -> None:
    """A layout table around the lines, even of the same class, adds nothing; a table inside a cell is the cell's words."""
    for order in ORDERS[:30]:
        html = document_page(order)
        start, end = html.index('<table class="table table-item">'), html.rindex("</table>") + len("</table>")
        framed = f"{html[:start]}<table class='table-item'><tr><td>{html[start:end]}</td></tr></table>{html[end:]}"
        assert understood(understand(framed)) == of(order)
    inner = row("1", "<table><tr><td>화이트</td></tr></table>", "문선", "80*2440", "2", "1,500", "3,000", "")
    assert understand(page(ORDERS[0], [inner, SUM])).lines[0].color == "화이트"


def test_figures_in_wide_digits_are_figures() -> None:
    """The line's number, its figures and the sum below the table, as a Korean keyboard writes them in wide letters."""
    wide = row("１", "화이트", "문선", "80*2440", "２", "１，５００", "３，０００", "")
    form = understand(page(ORDERS[0], [wide], after="<p>합계금액：일금 ３，０００ 원정</p>"))
    assert (form.problems, form.lines[0].no, form.total) == ((), 1, 3000)


def test_words_from_outside_stay_words() -> None:
    """Markup, scripts, controls and direction marks in a name neither run nor hide."""
    name = "문선&lt;script&gt;{0}<script>x()</script>\u202e\x07%s"
    form = understand(page(ORDERS[0], [row("1", "화이트", name, "80*2440", "2", "1,500", "3,000", ""), SUM]))
    assert form.lines[0].name == "문선<script>{0} %s"
    assert form.problems == ()


# -- pages that are none ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw", [b"", b"\x00\xff" * 50, "<html><body>로그인</body></html>".encode(), b"{}", b"MIME-Version: 1.0\n\n"]
)
def test_what_is_no_document_is_refused_with_its_evidence(raw: bytes) -> None:
    """Anything else than a document is named as such, and the page is kept with the error."""
    with pytest.raises(ContractBroken) as error:
        understand_bytes(raw)
    assert error.value.evidence is not None


BOMBS = {
    "50 MB": "x" * 50_000_000,
    "large text": "가" * (paper.LETTERS_MAX + 1),
    "tags": "<b></b>" * paper.TAGS_MAX,
    "depth": "<div>" * 20_000,
    "depth of tables": "<table class='table-item'><tr><td>" * 5_000,
    "formatting": "".join(f"<b a={i}>" for i in range(3_000)) + "<p>x" * 3_000,
    "one tag": "<p " + " ".join(f"a{i}=1" for i in range(40_000)) + ">",
    "rows": "<table class='table-item'>" + "<tr><td>1</td></tr>" * (paper.ROWS_MAX + 1) + "</table>",
}


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.timeout(20)
def test_a_bomb_is_refused_by_a_named_limit(bomb: str) -> None:
    """Too large, too deep, too many: refused before it costs anything, with the figure and the limit."""
    with pytest.raises(ContractBroken) as error:
        understand_bytes(BOMBS[bomb].encode())
    assert "limit" in error.value.message.values
    assert len(error.value.evidence or b"") <= paper.EVIDENCE_MAX


# -- mutated ----------------------------------------------------------------------------------------------------------------

PIECES = [
    "<td>",
    "</td>",
    "<tr>",
    "</table>",
    "<table class='table-item'>",
    "합계",
    "NO",
    "-",
    "0",
    "9" * 40,
    "￦",
    "\x00",
    "<!--",
]
PIECES += [
    "colspan='99'",
    "</div>",
    "취소",
    "출하번호 2601019001",
    "2026-02-30",
    "{",
    "%",
    "\ud7a3",
    "<script>",
    "&#x110000;",
    "&nbsp;",
]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A document with a few wounds: pieces cut out, doubled, put in; bytes flipped; the end missing."""
    order = draw(st.sampled_from(ORDERS))
    raw = bytearray(encode(document_page(order), draw(st.sampled_from(ENCODINGS))).body)
    for _ in range(draw(st.integers(1, 6))):
        at, size = draw(st.integers(0, len(raw))), draw(st.integers(0, 200))
        what = draw(st.sampled_from(["cut", "double", "put", "flip", "end"]))
        if what == "cut":
            del raw[at : at + size]
        elif what == "double":
            raw[at:at] = raw[at : at + size]
        elif what == "put":
            raw[at:at] = draw(st.sampled_from(PIECES)).encode(draw(st.sampled_from(["utf-8", "cp949"])), "replace")
        elif what == "flip" and raw:
            raw[at % len(raw)] = draw(st.integers(0, 255))
        else:
            del raw[at:]
    return bytes(raw)


@settings(max_examples=FUZZED, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutated())
@example(b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html\n\n")
@pytest.mark.timeout(300)
def test_a_wounded_document_never_crashes_the_reader(raw: bytes) -> None:
    """Two thousand wounded documents: a form or a named refusal, the same each time; and what is ready adds up."""
    try:
        form = understand_bytes(raw)
    except ContractBroken:
        with pytest.raises(ContractBroken):
            understand_bytes(raw)
        return
    assert form == understand_bytes(raw)
    assert form.to_json()["problems"] == [p.to_json() for p in form.problems]
    if form.ready:
        assert form.lines
        assert form.counted == form.total
        assert form.date is not None
        assert all(None not in (x.no, x.qty, x.price, x.amount) and x.name for x in form.lines)


def test_the_demo_can_code_everything_it_orders() -> None:
    """The simulated supplier's products are the ones the simulated shop has codes for."""
    known = {(p.color, p.name, p.spec) for p in catalogue(7)}
    assert all((x.color, x.name, x.spec) in known for order in ORDERS for x in order.lines)
    assert all(isinstance(order.total, Decimal) for order in ORDERS)
