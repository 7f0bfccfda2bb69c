"""The ways the simulated dealer site misbehaves on request, and running it by hand."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import urllib.request
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from onbam_sims.portal import Plan, PortalSimulator
from onbam_sims.portal.simulator import MEGABYTE
from support.children import child
from support.portal_browser import document, ledger, lines_of, log_in, portal, rows_of, sums_of, text_of


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
            browser.get("/oms/trans_doc.jsp", timeout=httpx2.Timeout(30.0, read=0.2))
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
        site.set_fault("ignored_window", count=1)
        assert [row[1] for row in rows_of(ledger(browser, kind, sdate="2020-01-01", edate="2020-01-01"))[:-1]] == clean
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


# -- by hand --------------------------------------------------------------------------------------------------------------


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
    with child(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
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
