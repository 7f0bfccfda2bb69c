"""The two ways of people: the ERP's report as a file, and the block that is pasted by hand."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import httpx2
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onbam.connectors.ecount.contract import Slip, SlipLine
from onbam.connectors.ecount.export import parse, read_export
from onbam.connectors.ecount.paste import as_block
from onbam.connectors.ecount.settings import EcountSettings
from onbam.kernel.errors import Misconfigured, Refused
from onbam_sims.ecount import EcountSimulator
from support.hands import Hands

DAY = date(2026, 1, 5)
NO_REPORTS = [b"", b"PK\x03\x04 no", b"a,b\r\n1,2\r\n", b"\xff\xfe\xff\xff", "판매현황\n일자,합계\n".encode(), b'"', b"\0\0"]


def entered(key: str, day: str = "20260105", lines: int = 1, **fields: str) -> list[dict[str, str]]:
    figures = {"QTY": "2", "PRICE": "1000", "SUPPLY_AMT": "2000", "VAT_AMT": "200"}
    return [{"IO_DATE": day, "CUST": "00001", "PROD_CD": "Y1", "PROD_DES": "문틀", **figures, "REMARKS": key, **fields}] * lines


@pytest.fixture
def erp() -> Iterator[EcountSimulator]:
    with EcountSimulator(seed=7, now=Hands()) as erp:
        for key, day, lines in (
            ("2601050229", "20260105", 3),
            ("2512300001", "20251230", 1),
            ("2601050230 9*60", "20260105", 2),
        ):
            erp.book.save(entered(key, day, lines), day, erp.now())
        erp.book.save(entered("", "20260105", 1, U_MEMO1="2601050230"), "20260105", erp.now(), by="person")
        yield erp


@pytest.fixture(params=["xlsx", "csv?encoding=utf-8-sig", "csv?encoding=cp949"])
def report(request, erp) -> tuple[bytes, EcountSimulator]:
    return httpx2.get(f"{erp.url}/slips/export.{request.param}").content, erp


def test_a_report_tells_every_slip_with_its_lines_and_sums(report):
    """Sub-totals, totals and the printed moment are no slips."""
    raw, erp = report
    found = parse(raw, "report")
    told = {s.number: (s.day, s.lines, s.supply, s.vat) for s in found.slips}
    assert told == {
        s.number: (date(int(s.day[:4]), int(s.day[4:6]), int(s.day[6:])), len(s.lines), s.supply, s.vat) for s in erp.slips
    }
    assert (found.since, found.until) == (date(2025, 12, 30), DAY)


def test_our_key_is_found_wherever_it_stands(report):
    """In the remarks, with a note behind it, or in another field; two slips with one key are a duplicate."""
    found = parse(report[0], "report")
    assert [s.number for s in found.having("2601050229")] == ["20260105-1"]
    assert [s.number for s in found.having("2601050230")] == ["20260105-2", "20260105-3"]
    assert found.having("260105022") == found.having("601050229") == ()


@pytest.mark.parametrize(("sign", "encoding"), [("\t", "utf-16"), (";", "utf-8-sig"), (";", "cp949"), ("\t", "utf-8")])
def test_a_report_saved_again_in_excel_is_the_same(erp, sign, encoding):
    """As 'Unicode text', or by a PC on which a semicolon stands between the cells."""
    raw = httpx2.get(f"{erp.url}/slips/export.csv").content
    again = io.StringIO(newline="")
    csv.writer(again, delimiter=sign).writerows(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert parse(again.getvalue().encode(encoding), "a.csv").slips == parse(raw, "b.csv").slips


def test_silence_is_an_answer_only_for_the_days_covered(report):
    """Whoever asks must know which days the report is about."""
    found = parse(report[0], "report")
    assert (found.covers(DAY), found.covers(date(2026, 1, 6)), found.covers(date(2025, 12, 1))) == (True, False, False)


def test_a_report_says_when_it_was_printed(report):
    """By the ERP's clock, in its own zone: a report made before a call ended proves nothing about that call."""
    raw, erp = report
    printed = parse(raw, "report").printed
    assert printed is not None
    assert abs(printed.timestamp() - erp.now()) < 1


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026/01/13  오전 12:05:11", 0),
        ("2026/01/13 오후 12:05", 12),
        ("2026-01-13 14:05:11", 14),
        ("2026/01/13  PM 2:05:11", 14),
        ("2026/13/13  오후 2:05:11", None),
        ("2026/01/13 25:05", None),
    ],
)
def test_the_moment_is_read_as_people_and_programs_write_it(text, hour):
    """Half days in both languages, whole days, and a moment that cannot be is none."""
    printed = parse(f"일자-No.,적요\r\n2026/01/05 -1,2601050229\r\n{text}\r\n".encode(), "x.csv").printed
    assert (printed and printed.hour) == hour


def test_a_number_may_stand_once_for_all_its_lines():
    """Some views show the slip's number on its first line only; a title may be missing, columns may move."""
    book = openpyxl.Workbook()
    for row in (
        ["적요", "일자 - No.", "공급가액", "부가세"],
        ["2601050229", "2026/01/05 -7", 1000, 100],
        ["9*60", None, 2000.5, 200],
        [None, "2026/01 계", 3000.5, 300],
        ["2601050230", "2026-01-06-1", "1,000", "100"],
        [None, None, None, None],
        ["stray", None, 5, 5],
    ):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    found = parse(out.getvalue(), "moved.xlsx")
    assert [(s.number, s.lines, s.supply) for s in found.slips] == [
        ("20260105-7", 2, Decimal("3000.5")),
        ("20260106-1", 1, Decimal(1000)),
    ]
    assert (found.since, found.until) == (DAY, date(2026, 1, 6))


def test_a_key_kept_as_a_number_is_still_our_key():
    """Spreadsheets turn ten digits into a figure."""
    book = openpyxl.Workbook()
    book.active.append(["일자-No.", "적요"])
    book.active.append(["2026/01/05 -1", 2601050229])
    out = io.BytesIO()
    book.save(out)
    assert parse(out.getvalue(), "x.xlsx").having("2601050229")


@pytest.mark.parametrize("raw", NO_REPORTS)
def test_another_file_is_refused_in_words(raw):
    """What was expected is said."""
    with pytest.raises(Refused) as caught:
        parse(raw, "holiday.xlsx")
    assert "holiday.xlsx" in caught.value.to("ko")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    """And so is one that is far too large."""
    with pytest.raises(Refused):
        read_export(tmp_path / "missing.xlsx")
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    with pytest.raises(Refused, match="64 MB"):
        read_export(large)


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda t: f"일자-No.,적요\r\n{t}".encode()))
def test_no_file_crashes_the_reader(raw):
    """A report or a refusal, never anything else."""
    try:
        parse(raw, "any")
    except Refused:
        return


def test_no_damaged_workbook_crashes_the_reader(erp):
    """A real report with bytes changed inside its parts."""
    whole = httpx2.get(f"{erp.url}/slips/export.xlsx").content
    chance = random.Random(7)
    for _ in range(150):
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(out, "w") as new:
            for name in old.namelist():
                part = bytearray(old.read(name))
                if chance.random() < 0.3 and part:
                    at = chance.randrange(len(part))
                    part[at : at + chance.randrange(30)] = chance.randbytes(chance.randrange(8))
                if chance.random() > 0.05:
                    new.writestr(name, bytes(part))
        try:
            parse(out.getvalue(), "damaged.xlsx")
        except Refused:
            continue


# -- pasting ----------------------------------------------------------------------------------------------------------------

OWN = EcountSettings(customer="00001", warehouse="100")
LINE = SlipLine("Y1", "문틀\t발포", "900*2100", Decimal(2), Decimal(1000), Decimal(2000), note="9*60\n")
SLIP = Slip("2601050229", DAY, (LINE, LINE))


def test_the_block_has_the_shops_columns():
    """Thirty of them in the first shop's template, each figure where it belongs."""
    rows = [row.split("\t") for row in as_block(SLIP, OWN).splitlines()]
    assert [len(row) for row in rows] == [30, 30]
    first = rows[0]
    told = {i: cell for i, cell in enumerate(first) if cell}
    assert told == {0: "2026/01/05", 6: "100", 16: "문틀 발포", 17: "Y1", 18: "2", 19: "2000", 29: "2601050229 9*60"}


def test_columns_may_be_ordered_anew():
    """By names anybody can read; an unknown one is named."""
    settings = replace(OWN, paste_columns=("key", "customer", "-", "vat", "price", "spec"))
    assert as_block(SLIP, settings).splitlines()[0].split("\t") == ["2601050229", "00001", "", "200", "1000", "900*2100"]
    with pytest.raises(Misconfigured, match="colour"):
        as_block(SLIP, replace(OWN, paste_columns=("colour",)))


def test_what_could_not_be_sent_cannot_be_pasted():
    """The same refusals."""
    with pytest.raises(Refused):
        as_block(replace(SLIP, lines=(replace(SLIP.lines[0], code=""),)), OWN)


def test_an_order_longer_than_one_call_can_be_pasted():
    """The robot says so and leaves it to a person: then the block must be there to be had."""
    long = replace(SLIP, lines=SLIP.lines[:1] * 301)
    assert len(as_block(long, OWN).splitlines()) == 301
