"""The code book: what fits, what is asked, what is remembered, and the file people edit."""

from __future__ import annotations

import tempfile
import threading
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from onbam.kernel.clock import SystemClock
from onbam.kernel.errors import Refused
from onbam.orders.codefile import HEADER, CodeFile, csv_bytes, read_book, write_book
from onbam.orders.codes import CODE_MAX, CodeBook, Rule, models_of
from onbam.orders.figures import UNITS, figure_of
from onbam.orders.model import Line, Problem
from onbam_sims.catalogue import catalogue

PRODUCTS = catalogue(7)
BOOK = CodeBook(tuple(Rule(p.code, p.color, p.name, p.spec, p.note, p.unit) for p in PRODUCTS))
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=12)
CODES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=CODE_MAX).filter(
    lambda code: "E+" not in code.upper()
)
RULES = st.builds(Rule, CODES, WORDS, WORDS.map(lambda w: f"문{w}"), WORDS, WORDS, st.sampled_from(("", *UNITS)), remark=WORDS)


def line(color: str = "화이트", name: str = "문선", spec: str = "80*2440", note: str = "") -> Line:
    """A line by its words."""
    return Line(1, color, name, spec, Decimal(1), Decimal(1000), Decimal(1000), note)


def code(book: CodeBook, wanted: Line) -> str:
    """The code, or the code of the problem."""
    answer = book.find(wanted)
    return answer.code


# -- what fits --------------------------------------------------------------------------------------------------------------


def test_every_product_of_the_book_has_its_own_code() -> None:
    """Each line of a known product gets exactly the code that was written for it."""
    assert [code(BOOK, line(p.color, p.name, p.spec, p.note)) for p in PRODUCTS] == [p.code for p in PRODUCTS]


def test_space_case_and_width_do_not_matter_and_letters_do() -> None:
    """`ABS 도어` is `abs도어`; another size is another product."""
    book = CodeBook((Rule("A1", "PS45", "ABS 도어", "900*2100"),))
    assert code(book, line("ＰＳ４５", "abs도어", "900 * 2100")) == "A1"
    assert code(book, line("PS45", "ABS도어", "900*2000")) == "unknown-product"


def test_an_empty_cell_is_empty_and_a_percent_sign_is_anything() -> None:
    """A rule without a note does not fit a line with one; `%` fits both, also in the middle of a word."""
    assert code(CodeBook((Rule("A1", "화이트", "문선", "80*2440"),)), line(note="12T")) == "unknown-product"
    book = CodeBook((Rule("A1", "%", "문%선", "80*%", "%"),))
    assert [code(book, line(note="12T")), code(book, line("월넛", "문틀용 선"))] == ["A1", "A1"]
    assert code(book, line(name="문틀")) == "unknown-product"


def test_brand_and_model_narrow_a_rule() -> None:
    """A brand nobody wrote is not assumed."""
    book = CodeBook((Rule("A1", "%", "%", "%", "%", brand="우딘", model="YS-101"),))
    assert code(book, line("우딘203 PS33", "ABS도어 YS-101 탈공")) == "A1"
    assert code(book, line("PS33", "ABS도어 YS-101 탈공")) == "unknown-product"
    assert code(book, line("우딘203 PS33", "ABS도어 YS-1012")) == "unknown-product"
    assert models_of(line(name="ABS도어 YAT-05B 민무늬")) == {"YAT-05B"}


def test_the_plainer_rule_wins_and_a_tie_is_asked() -> None:
    """A rule for this very product beats one for many; two that say equally much are a person's choice."""
    wide, narrow = Rule("WIDE", "%", "문선", "%", "%"), Rule("NARROW", "화이트", "문선", "%", "%")
    assert code(CodeBook((wide, narrow)), line()) == "NARROW"
    tie = CodeBook((narrow, Rule("OTHER", "%", "문선", "80*2440", "%"))).find(line())
    assert isinstance(tie, Problem)
    assert "NARROW" in tie.text.to("ko")
    assert "OTHER" in tie.text.to("ko")


@given(st.sampled_from(PRODUCTS), WORDS)
def test_an_unknown_line_names_three_codes_of_the_book(product, word: str) -> None:
    """The nearest three, always the same, the product it was taken from among them when only a little was changed."""
    asked = line(product.color, product.name, product.spec + "x", product.note)
    near = [n.code for n in BOOK.nearest(asked)]
    assert product.code in near
    assert near == [n.code for n in CodeBook(BOOK.rules[::-1]).nearest(asked)]
    answer = BOOK.find(line(word + "!", word, word, word))
    assert isinstance(answer, Problem)
    assert len(BOOK.nearest(line(word, word, word, word))) == 3


@given(WORDS, WORDS, WORDS, WORDS)
def test_an_answer_is_remembered_for_exactly_this_line(color: str, name: str, spec: str, note: str) -> None:
    """After a person answered, this line has the code and its neighbour has not, also when it holds a percent sign."""
    asked = line(color, f"문{name}", spec, note)
    book = CodeBook().answered(asked, "A1", "개")
    assert code(book, asked) == "A1"
    assert code(book, line(color, f"문{name}", spec, f"{note}x")) == "unknown-product"


FEW = st.sampled_from(("", "%", "a", "b", "a%", "%b", "a%b", "ab"))
FEW_RULES = st.builds(Rule, st.sampled_from("XYZ"), FEW, FEW, FEW, FEW)


@given(st.lists(FEW_RULES, max_size=9, unique_by=lambda rule: rule.key), *[st.sampled_from(("", "a", "b", "ab", "axb"))] * 4)
def test_a_line_meets_every_rule_that_fits_it(rules: list[Rule], color: str, name: str, spec: str, note: str) -> None:
    """A book of many rules looks at few of them, and answers as if it had held the line against each by itself."""
    asked = line(color, name, spec, note)
    fitting = [rule for rule in rules if not isinstance(CodeBook((rule,)).find(asked), Problem)]
    plain = {rule: sum("%" not in cell for cell in rule.cells) for rule in fitting}
    best = {rule.code for rule in fitting if plain[rule] == max(plain.values())}
    expected = best.pop() if len(best) == 1 else "ambiguous-product" if best else "unknown-product"
    assert code(CodeBook(tuple(rules)), asked) == expected


# -- the file ---------------------------------------------------------------------------------------------------------------


@given(st.lists(RULES, max_size=8, unique_by=lambda rule: rule.key))
def test_the_book_comes_back_as_it_went(rules: list[Rule]) -> None:
    """Through CSV and through Excel, with commas, quotes, formula signs and apostrophes."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("book.csv", "book.xlsx"):
            write_book(Path(folder, name), rules)
            assert read_book(Path(folder, name)).rules == tuple(rules)


def test_excel_knows_the_encoding_and_runs_nothing() -> None:
    """The file begins with the mark of UTF-8, and a supplier's `=…` is no formula in it."""
    raw = csv_bytes([Rule("A1", "화이트", "=HYPERLINK(1)", "-")])
    assert raw.startswith(b"\xef\xbb\xbf")
    assert ",'=HYPERLINK(1),'-," in raw.decode("utf-8-sig")


def test_numbers_in_excel_stay_codes(tmp_path: Path) -> None:
    """A code with leading zeros written by us is text; a whole number typed by a person is read as typed."""
    write_book(tmp_path / "a.xlsx", [Rule("0012", "화이트", "문선", "80")])
    assert load_workbook(tmp_path / "a.xlsx").active["A2"].value == "0012"
    book = Workbook()
    book.active.append(["코드", "색상", "품명", "규격"])
    book.active.append([12, "화이트", "문선", 80])
    book.save(tmp_path / "b.xlsx")
    assert [(r.code, r.spec) for r in read_book(tmp_path / "b.xlsx").rules] == [("12", "80")]


HEAD = ["코드", "색상", "품명", "규격"]


def workbook(path: Path, *rows: list[object], sheets: tuple[str, ...] = ()) -> Workbook:
    """A workbook as a clerk makes it; `sheets` lie in front of the one with the rows."""
    book = Workbook()
    for at, title in enumerate(sheets):
        book.create_sheet(title, at).append([title])
    for row in rows:
        book.worksheets[-1].append(row)
    book.save(path)
    return book


def test_a_number_that_is_shown_with_zeros_in_front_has_them(tmp_path: Path) -> None:
    """Excel keeps 12 and shows 00012: the person means what is shown, and 12 may be another product."""
    path = tmp_path / "a.xlsx"
    book = workbook(path, HEAD, [12, "화이트", "문선", 80])
    book.active["A2"].number_format = "00000"
    book.save(path)
    assert [(rule.code, rule.spec) for rule in read_book(path).rules] == [("00012", "80")]


@pytest.mark.parametrize("text", ["00012", "8801234567890", "1-2", "2026-01-05", "3/4", "1E5", "2.50"])
def test_what_excel_would_rewrite_when_it_opens_the_csv_is_kept_from_it(text: str) -> None:
    """The book in the home folder is opened in Excel and saved again: a code without its zeros is another product's."""
    raw = csv_bytes([Rule(text, "화이트", "문선", text)]).decode("utf-8-sig")
    assert f"'{text},화이트,문선,'{text}," in raw


@pytest.mark.parametrize("replace", [False, True])
def test_a_code_that_lost_its_zeros_in_excel_is_noticed(tmp_path: Path, replace: bool) -> None:
    """Nothing is taken over, and row and both codes are named."""
    own = CodeFile(tmp_path / "codes.csv", SystemClock())
    own.merge([Rule("00012", "화이트", "문선", "80")])
    with pytest.raises(Refused) as error:
        own.take_over("a.csv", CodeBook((Rule("12", "화이트", "문선", "80", row=2),)), replace=replace)
    assert "2행 '코드' 열: '12'는 지금 코드표에 '00012'입니다" in error.value.message.to("ko")
    assert own.read().rules[0].code == "00012"
    facts = own.take_over("a.csv", CodeBook((Rule("A7", "화이트", "문선", "80", row=2),)), replace=replace)
    assert (facts["changed"], own.read().rules[0].code) == (1, "A7")


def test_cells_merged_downwards_all_say_what_stands_in_them(tmp_path: Path) -> None:
    """One colour over three rows; a title over all columns and a merged header are no rules."""
    path = tmp_path / "a.xlsx"
    rows = [["A1", "화이트", "문선", "80"], ["A2", None, "문선", "90"], ["A3", None, "문선", "100"]]
    book = workbook(path, ["우리 코드표"], HEAD, [None] * 4, *rows)
    for merged in ("A1:D1", "A2:A3", "B2:B3", "C2:C3", "D2:D3", "B4:B6"):
        book.active.merge_cells(merged)
    book.save(path)
    found = [(rule.code, rule.color, rule.row) for rule in read_book(path).rules]
    assert found == [("A1", "화이트", 4), ("A2", "화이트", 5), ("A3", "화이트", 6)]


def test_a_cover_in_front_of_the_list_is_turned_over(tmp_path: Path) -> None:
    """The first sheet that names our columns is the book."""
    path = tmp_path / "a.xlsx"
    workbook(path, HEAD, ["A1", "화이트", "문선", "80"], sheets=("표지", "안내"))
    assert [rule.code for rule in read_book(path).rules] == ["A1"]


def test_excels_own_errors_are_no_codes(tmp_path: Path) -> None:
    """`#N/A` of a look-up that found nothing, as a cell of Excel and as text in a CSV."""
    workbook(tmp_path / "a.xlsx", HEAD, ["#N/A", "화이트", "문선", "80"])
    (tmp_path / "a.csv").write_text("코드,색상,품명,규격\n#N/A,화이트,문선,80\n", "utf-8")
    for name in ("a.xlsx", "a.csv"):
        with pytest.raises(Refused) as error:
            read_book(tmp_path / name)
        assert "2행 '코드' 열: 엑셀 오류입니다: #N/A" in error.value.message.to("ko")


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_title_with_commas_does_not_hide_what_stands_between_the_cells(tmp_path: Path, sign: str) -> None:
    """The sign is the one with which the columns have our names."""
    path = tmp_path / "a.csv"
    rows = [
        '"우리 코드표, 2026, 새것"' if sign == "," else "우리 코드표, 2026, 새것",
        sign.join(HEAD),
        sign.join(("A1", "화이트", "문선", "80")),
    ]
    path.write_text("\n".join(rows), "utf-8")
    assert [rule.code for rule in read_book(path).rules] == ["A1"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_book_saved_by_excel_in_any_way_is_read(tmp_path: Path, encoding: str, sign: str) -> None:
    """Four encodings, three signs between columns, columns in any order, and the shop's own columns left alone."""
    path = tmp_path / "book.csv"
    rows = [["품명", "내 메모", "코드", "규격", "색상"], ["문선", "x", "A1", "80*2440", "화이트"], [""] * 5]
    path.write_bytes("\r\n".join(sign.join(r) for r in rows).encode(encoding))
    assert read_book(path).rules == (Rule("A1", "화이트", "문선", "80*2440"),)


@pytest.mark.parametrize(
    ("row", "where"),
    [
        (",화이트,문선,80,", "2행 '코드' 열: 코드가 비어"),
        ("A 1,화이트,문선,80,", "2행 '코드' 열"),
        (f"{'A' * 21},화이트,문선,80,", "2행 '코드' 열: 코드는 20자까지"),
        ("2.60105E+11,화이트,문선,80,", "2행 '코드' 열: '2.60105E+11'"),
        ("A1,화이트,,80,", "2행 '품명' 열"),
        ("A1,%,%,%,", "2행 '품명' 열"),
        ("A1,화이트,문선,80,드럼", "2행 '단위' 열: 모르는 단위입니다: '드럼'"),
        ("A1,화이트,문선,80,\nA2,화 이트,문선,80,", "3행 '코드' 열: 2행과 같은 품목"),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(tmp_path: Path, row: str, where: str) -> None:
    """Every trouble says where it stands, and nothing is taken over."""
    path = tmp_path / "book.csv"
    path.write_text(f"코드,색상,품명,규격,단위\n{row}\n", "utf-8")
    with pytest.raises(Refused) as error:
        read_book(path)
    assert where in error.value.message.to("ko")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"\xff\xff\xff\xff"),
        ("a.csv", b""),
        ("a.csv", "품명,규격\n".encode()),
        ("a.xlsx", b"no zip at all"),
        ("a.xls", b"old"),
        ("missing.csv", None),
    ],
)
def test_a_file_that_is_no_book_is_refused(tmp_path: Path, name: str, content: bytes | None) -> None:
    """Whatever is handed in, the answer is a sentence and a hint."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(Refused) as error:
        read_book(tmp_path / name)
    assert error.value.hint.to("ko")


def test_a_title_above_the_names_does_no_harm(tmp_path: Path) -> None:
    """People write what a list is above it; the rows keep their numbers in the file."""
    path = tmp_path / "codes.csv"
    path.write_text("우리 코드표,,,\n,,,\n코드,색상,품명,규격\nA1,화이트,문선,80\n", "utf-8")
    assert [(rule.code, rule.row) for rule in read_book(path).rules] == [("A1", 4)]


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("품목코드,색깔,품목명,규격", "1행: 없는 열: 색상. 이 줄에 있는 이름: 품목코드, 색깔, 품목명, 규격."),
        ("", "1행: 열 이름이 없습니다."),
    ],
)
def test_other_names_of_columns_are_told_beside_the_missing_ones(tmp_path: Path, head: str, said: str) -> None:
    """Once, with how to get a file that has them."""
    path = tmp_path / "codes.csv"
    path.write_text(f"{head}\nA1,화이트,문선,80\n" if head else "", "utf-8")
    with pytest.raises(Refused) as error:
        read_book(path)
    assert said in error.value.message.to("ko")
    assert "codes export" in error.value.hint.to("ko")


def test_dates_and_formulas_made_by_excel_are_named(tmp_path: Path) -> None:
    """`1-2` that became the second of January is not taken for a size."""
    book = Workbook()
    book.active.append(["코드", "색상", "품명", "규격"])
    book.active.append(["A1", "화이트", "문선", date(2026, 1, 2)])
    book.active.append(["=A2", "화이트", "문선", "80"])
    book.save(tmp_path / "book.xlsx")
    with pytest.raises(Refused) as error:
        read_book(tmp_path / "book.xlsx")
    said = error.value.message.to("ko")
    assert "2행 '규격' 열" in said
    assert "3행 '코드' 열" in said


def test_two_answers_at_once_are_both_kept(tmp_path: Path) -> None:
    """Many hands answer at the same time; every answer is in the file, and the file is whole."""
    file = CodeFile(tmp_path / "shop" / "codes.csv", SystemClock())
    hands = [threading.Thread(target=file.remember, args=(line(name=f"문선{n}"), f"A{n}")) for n in range(8)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert {r.code for r in file.read().rules} == {f"A{n}" for n in range(8)}
    assert (tmp_path / "shop" / "codes.csv").read_text("utf-8-sig").splitlines()[0] == ",".join(HEADER)


def test_an_answer_without_a_code_is_refused(tmp_path: Path) -> None:
    """Nothing empty is remembered."""
    file = CodeFile(tmp_path / "codes.csv", SystemClock())
    with pytest.raises(Refused):
        file.remember(line(), "")
    assert file.read().rules == ()


@given(st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False))
def test_a_figure_is_read_back_exactly(value: Decimal) -> None:
    """With commas and with 원, to the last decimal."""
    assert figure_of(f"{value:,f}") == value
    assert figure_of(f"₩ {value:,f}원") == value


@given(st.text(max_size=40))
def test_any_text_is_a_figure_or_none(text: str) -> None:
    """No text crashes the reader of figures."""
    value = figure_of(text)
    assert value is None or value.is_finite()
