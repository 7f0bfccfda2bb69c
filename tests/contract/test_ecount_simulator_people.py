"""The simulated ERP for people: its page, its report, and running it by hand."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import urllib.request

import openpyxl
import pytest

from support.children import child
from support.erp_office import TODAY, Office, office, row


def test_the_page_of_slips_is_searchable_by_our_key():
    """A person finds the slip by the order number, and sees duplicates in words."""
    with office() as (_, caller):
        for key in ("2601050229", "2601050230", "2601050230"):
            caller.save(row(key))
        page = caller.http.get("/slips", params={"q": "2601050229"}).text
        assert "2026/01/05 -1" in page
        assert "2601050230" not in page
        assert caller.http.get("/slips").text.count(">중복<") == 2
        one = caller.http.get(f"/slips/{TODAY}-1").text
        assert "문틀" in one
        assert "2,200" in one
        assert caller.http.get("/slips/20260105-9").status_code == 404


def test_the_page_shows_text_as_text():
    """Whatever a field holds is escaped."""
    with office() as (_, caller):
        caller.save(row(PROD_DES="<script>alert(1)</script>"))
        assert "<script>alert" not in caller.http.get("/slips").text + caller.http.get(f"/slips/{TODAY}-1").text


def _book(caller: Office) -> None:
    caller.save(row("2512300001", IO_DATE="20251230"), row("2512300001", IO_DATE="20251230", QTY="2.5"))
    caller.save(row("2601050229"))


def test_the_export_is_the_screens_report():
    """Title, header, one row a line, a sum after each month, a grand total, the moment of printing."""
    with office() as (_, caller):
        _book(caller)
        sheet = openpyxl.load_workbook(io.BytesIO(caller.http.get("/slips/export.xlsx").content)).active
        rows = [list(r) for r in sheet.iter_rows(values_only=True)]
        assert rows[0][0] == "회사명 : 온밤상사 / 구매현황 / 2025/12/30 ~ 2026/01/05"
        assert rows[1][:4] == ["일자-No.", "거래처명", "품목코드", "품목명"]
        assert [r[0] for r in rows[2:-1]] == [
            "2025/12/30 -1",
            "2025/12/30 -1",
            "2025/12 계",
            "2026/01/05 -1",
            "2026/01 계",
            "총합계",
        ]
        assert (rows[3][5], rows[-2][7], rows[5][10]) == (2.5, 6000, "2601050229")
        assert "오전 9:00:20" in rows[-1][0]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp949"])
def test_the_export_as_text(encoding):
    """The same rows, in the encoding asked for, with thousands' commas."""
    with office() as (_, caller):
        _book(caller)
        answer = caller.http.get("/slips/export.csv", params={"encoding": encoding, "q": "2601050229"})
        rows = list(csv.reader(io.StringIO(answer.content.decode(encoding))))
        assert rows[2][:8] == ["2026/01/05 -1", "영림임업(주)", "Y123F0", "문틀", "", "2", "1,000", "2,000"]


def test_a_person_can_enter_and_delete_slips():
    """What people do at the screen is in the truth as theirs."""
    with office() as (erp, caller):
        caller.save(row())
        made = caller.http.post("/_sim/slips", json={"action": "add", "rows": [row("2601050229")]}).json()
        assert (made["by"], made["number"]) == ("person", f"{TODAY}-2")
        assert erp.duplicates
        caller.http.post("/_sim/slips", json={"action": "delete", "number": made["number"]})
        assert erp.duplicates == {}
        assert [s["deleted"] for s in caller.http.get("/_sim/slips").json()] == [False, True]
        assert caller.http.post("/_sim/slips", json={"action": "delete", "number": "x"}).status_code == 400
        assert caller.http.post("/_sim/slips", json=[]).status_code == 400


def test_it_runs_by_hand_and_ends_when_told():
    """`python -m onbam_sims.ecount` says its address, answers, and ends at a signal."""
    command = [
        sys.executable,
        "-m",
        "onbam_sims.ecount",
        "--port",
        "0",
        "--seed",
        "3",
        "--catalogue-only",
        "--time-scale",
        "20",
    ]
    with child(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().split()[1]
            state = json.load(urllib.request.urlopen(f"{url}/_sim/state"))
            assert (state["seed"], state["limits"]["time_scale"]) == (3, 20.0)
            process.terminate()
            assert process.wait(20) == 0
        finally:
            process.kill()
