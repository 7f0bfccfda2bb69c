"""`onbam orders …`: the JSON scripts rely on, files that are none, and the way from an unknown product to a code."""

from __future__ import annotations

import json
import os
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from onbam.bootstrap import Onbam
from onbam.cli.main import run
from onbam.kernel.errors import EXIT_FAILED, EXIT_OK
from onbam.orders.codefile import read_book
from onbam.orders.marks import RELOGIN
from onbam_sims.catalogue import catalogue
from onbam_sims.portal import Order, Plan, PortalSimulator, document_page, encode

ORDERS: list[Order] = PortalSimulator(seed=7, plan=Plan(orders=30, days=3)).book.at(float("inf"))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shop's folder with two documents and a page that is none."""
    monkeypatch.setenv("ONBAM_HOME", str(tmp_path))
    monkeypatch.setenv("ONBAM_LANG", "ko")
    for n, order in enumerate(ORDERS[:2]):
        (tmp_path / f"{n}.html").write_bytes(encode(document_page(order), "euc-kr").body)
    (tmp_path / "none.html").write_text("<html><body>로그인</body></html>", "utf-8")
    return tmp_path


def test_a_document_as_json_has_the_shape_scripts_rely_on(home: Path, capsys) -> None:
    """Exactly these names, figures as text, and what was ordered."""
    assert run(["orders", "read", str(home / "0.html"), "--json"]) == EXIT_OK
    said = json.loads(capsys.readouterr().out)
    order = ORDERS[0]
    assert list(said) == ["number", "date", "kind", "lines", "total", "problems", "state"]
    assert said["state"] == "issued"
    assert [said["number"], said["date"], said["kind"], said["problems"]] == [order.number, str(order.date), order.kind, []]
    assert [tuple(line) for line in said["lines"]] == [
        ("no", "color", "name", "spec", "qty", "price", "amount", "note") for _ in order.lines
    ]
    assert [line["amount"] for line in said["lines"]] == [str(line.amount) for line in order.lines]
    assert said["total"] == str(order.total)


def test_a_file_that_is_none_is_named_and_the_others_are_read(home: Path, capsys) -> None:
    """Three files, one of them a log-in page: a list of three, the odd one empty with its problem, and exit code 1."""
    files = [str(home / name) for name in ("0.html", "none.html", "1.html", "missing.html")]
    assert run(["orders", "read", *files, "--json"]) == EXIT_FAILED
    out = capsys.readouterr()
    said = json.loads(out.out)
    assert [one["number"] for one in said] == [ORDERS[0].number, None, ORDERS[1].number, None]
    assert said[1]["problems"][0]["code"] == "not-a-document"
    assert "none.html" in out.err


def test_the_table_for_people_says_what_is_odd(home: Path, capsys) -> None:
    """Both figures of a wrong total stand below the lines."""
    (home / "wrong.html").write_bytes(encode(document_page(ORDERS[0], wrong_total=True), "utf-8").body)
    assert run(["orders", "read", str(home / "wrong.html")]) == EXIT_OK
    said = capsys.readouterr().out
    assert ORDERS[0].number in said
    assert f"{ORDERS[0].total:,}" in said
    assert f"{ORDERS[0].total + 1000:,}" in said


def test_from_an_unknown_product_to_a_code(home: Path, capsys) -> None:
    """Suggest writes the questions, a person fills in the codes, import takes them over, and nothing is unknown any more."""
    documents, questions = [str(home / "0.html"), str(home / "1.html")], home / "questions.csv"
    assert run(["orders", "codes", "suggest", *documents, "--out", str(questions)]) == EXIT_OK
    assert run(["orders", "codes", "import", str(questions)]) == EXIT_FAILED
    assert "코드가 비어 있습니다" in capsys.readouterr().err
    assert not (home / "codes.csv").exists()
    codes = {(p.color, p.name, p.spec, p.note): p.code for p in catalogue(7)}
    head, *rows = questions.read_text("utf-8-sig").splitlines()
    filled = [f"{codes[tuple(row.split(',')[1:5])]}{row}" for row in rows]
    questions.write_text("\n".join([head, *filled]), "utf-8-sig")
    assert run(["orders", "codes", "import", str(questions), "--reason", "새 품목", "--json"]) == EXIT_OK
    facts = json.loads(capsys.readouterr().out)
    assert (facts["added"], facts["changed"]) == (len(rows), 0)
    assert run(["orders", "codes", "suggest", *documents, "--json"]) == EXIT_OK
    assert json.loads(capsys.readouterr().out) == []
    assert run(["orders", "codes", "export", str(home / "all.xlsx")]) == EXIT_OK
    assert read_book(home / "all.xlsx") == read_book(home / "codes.csv")


def test_a_suggestion_shows_three_codes(home: Path, capsys) -> None:
    """With a book that lacks the product, the three nearest codes stand beside it."""
    book = home / "codes.csv"
    rows = [f"{p.code},{p.color},{p.name},{p.spec}x,{p.note}" for p in catalogue(7)]
    book.write_text("\n".join(["코드,색상,품명,규격,비고", *rows]), "utf-8-sig")
    assert run(["orders", "codes", "suggest", str(home / "0.html"), "--json"]) == EXIT_OK
    said = json.loads(capsys.readouterr().out)
    assert [line.code for line in ORDERS[0].lines] == [one["nearest"][0]["code"] for one in said]
    assert all(len(one["nearest"]) == 3 for one in said)


def test_a_cancelled_document_is_no_document_without_a_problem(home: Path, capsys) -> None:
    """What people read in red, a script reads as a state and as a problem."""
    (home / "gone.html").write_bytes(encode(document_page(replace(ORDERS[0], state="취소")), "euc-kr").body)
    assert run(["orders", "read", str(home / "gone.html"), "--json"]) == EXIT_OK
    said = json.loads(capsys.readouterr().out)
    assert (said["state"], [problem["code"] for problem in said["problems"]]) == ("cancelled", ["cancelled"])
    assert said["problems"][0]["text_ko"] == "취소된 주문"


def test_a_wide_amount_takes_no_column_away(home: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    """On a narrow terminal each line stands below the other, with everything it says."""
    monkeypatch.setenv("COLUMNS", "80")
    wide = Decimal(123456789012345)
    lines = tuple(replace(line, price=wide, amount=wide * line.qty) for line in ORDERS[0].lines)
    (home / "wide.html").write_bytes(encode(document_page(replace(ORDERS[0], lines=lines)), "utf-8").body)
    assert run(["orders", "read", str(home / "wide.html")]) == EXIT_OK
    said = "".join(capsys.readouterr().out.split())
    for line in lines:
        assert all("".join(text.split()) in said for text in (line.name, line.color, line.spec, f"{line.amount:,}"))


def test_a_file_that_cannot_be_read_is_named_without_a_promise_that_it_is_kept(home: Path, capsys) -> None:
    """Bytes that are no text, and a folder: what it is called, why, and what to do."""
    (home / "bin.html").write_bytes(bytes(range(128, 256)) * 40)
    assert run(["orders", "read", str(home / "bin.html")]) == EXIT_FAILED
    said = capsys.readouterr().err
    assert "bin.html" in said
    assert "보관" not in said
    assert "다시 저장하십시오" in said
    assert run(["orders", "read", "."]) == EXIT_FAILED
    assert capsys.readouterr().err.startswith(". 파일을 열 수 없습니다 (")


@pytest.mark.parametrize(
    "words", [["export", "{}/all.csv"], ["export", "{}/all.xlsx"], ["suggest", "0.html", "--out", "{}/s.csv"]]
)
def test_a_folder_that_is_not_there_is_said_in_a_sentence(home: Path, monkeypatch, capsys, words: list[str]) -> None:
    """In the reader's language, with what to do."""
    monkeypatch.chdir(home)
    nowhere = str(home / "nowhere")
    assert run(["orders", "codes", *(word.format(nowhere) for word in words)]) == EXIT_FAILED
    said = capsys.readouterr().err
    assert "쓸 수 없습니다 (그런 파일이나 폴더가 없음)" in said
    assert "있는 폴더를 적고" in said


def test_a_workbook_that_is_none_is_said_in_the_reader_s_language(home: Path, capsys) -> None:
    """Not by what the library calls it."""
    (home / "none.xlsx").write_bytes(b"PK no")
    assert run(["orders", "codes", "import", str(home / "none.xlsx"), "--reason", "x"]) == EXIT_FAILED
    assert run(["orders", "codes", "import", str(home / "missing.csv"), "--reason", "x"]) == EXIT_FAILED
    assert run(["orders", "reconcile", str(home / "none.xlsx"), "--dry-run"]) == EXIT_FAILED
    said = capsys.readouterr().err
    assert said.count("엑셀 통합 문서가 아니거나 손상됨") == 2
    assert "그런 파일이나 폴더가 없음" in said
    assert "BadZipFile" not in said


def test_a_person_lets_the_log_in_be_tried_again(home: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    """The count of rejections is forgotten, the agents are told, and the journal knows who said so and why."""
    for name, value in (("COMPANY", "900001"), ("USER", "ONBAM"), ("API_KEY", "real-key-fedcba9876543210")):
        monkeypatch.setenv(f"ONBAM_ECOUNT_{name}", value)
    monkeypatch.setenv("ENCRYPTION_KEY", "k" * 43)
    with closing(Onbam(home, dict(os.environ))) as onbam:
        door = onbam.erp._door
        for _ in range(2):
            door._shelf.count_failure(door._account)
    assert run(["agent", "relogin", "--reason", "address registered", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"forgotten": 2}
    with closing(Onbam(home, dict(os.environ))) as after:
        assert after.erp.forgive() == 0
        assert after.marks.get(RELOGIN) is not None
        [entry] = after.journal.about("erp", "900001")
        assert (entry.line.what, entry.line.why) == ("erp.relogin", "address registered")
