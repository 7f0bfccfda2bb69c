"""The simulated ERP's limits, and the ways it misbehaves on request."""

from __future__ import annotations

import threading
from pathlib import Path

import httpx2
import pytest

from onbam_sims.ecount import EcountSimulator, Form, catalogue_products
from onbam_sims.ecount.limits import DAY_S
from onbam_sims.ecount.replies import EXPIRED_SHAPES
from support.erp_office import TODAY, office, result, row

# -- sessions and limits --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", EXPIRED_SHAPES)
def test_an_expired_session_is_told_in_several_shapes_and_saves_nothing(shape):
    """By time, by the ERP's whim, or never valid at all."""
    with office(expired_shape=shape) as (erp, caller):
        caller.clock.at += 3601
        late = caller.save(row())
        assert late.status_code == (401 if shape == "http-401" else 200)
        assert late.json()["Data"] is None
        assert late.json()["Status"] in ("4010", "500", "401")
        caller.session = "made-up"
        assert caller.save(row()).json()["Data"] is None
        assert erp.slips == []


def test_a_session_belongs_to_its_host():
    """A session of the test host opens nothing on the real one."""
    with office(mode="sboapi") as (erp, caller):
        caller.mode = "oapi"
        assert caller.save(row()).json()["Data"] is None
        assert erp.slips == []


@pytest.mark.parametrize("way", ["412", "302"])
def test_saves_need_ten_seconds_between_them(way):
    """A save too soon is turned away with 412 or a redirect to nowhere, and nothing is saved."""
    with office(over_limit=way) as (erp, caller):
        assert result(caller.save(row()))["SuccessCnt"] == 1
        early = caller.save(row("2601050230"), wait=9.9)
        assert early.status_code == int(way)
        assert early.headers["content-type"].startswith("text/html")
        assert result(caller.save(row("2601050230"), wait=0.1))["SuccessCnt"] == 1
        assert len(erp.slips) == 2


def test_a_demo_may_run_the_windows_faster():
    """With a scale of twenty, half a second is enough."""
    with office(time_scale=20.0) as (erp, caller):
        caller.save(row())
        assert caller.save(row(), wait=0.4).status_code == 412
        assert result(caller.save(row(), wait=0.1))["SuccessCnt"] == 1
        assert erp.state()["limits"]["windows_s"]["save"] == 0.5


def test_a_day_has_its_allowance():
    """After the last call of the day everything is turned away until tomorrow."""
    with office(per_day=3) as (_, caller):
        infos = [result(caller.save(row()))["QUANTITY_INFO"] for _ in range(3)]
        assert infos[-1].endswith("1일 허용량 : 3/3건")
        assert caller.save(row()).status_code == 412
        caller.clock.at += DAY_S
        caller.login()
        assert result(caller.save(row()))["SuccessCnt"] == 1


def test_thirty_failures_in_a_row_close_the_hour():
    """A success in between starts the count again."""
    with office() as (erp, caller):
        infos = [result(caller.save(row(PROD_CD="")))["QUANTITY_INFO"] for _ in range(30)]
        assert ["오류 제한 건수 : 1/30건" in infos[0], "오류 제한 건수 : 30/30건" in infos[-1]] == [True, True]
        assert caller.save(row()).status_code == 412
        caller.clock.at += 3600
        caller.login()
        assert result(caller.save(row()))["SuccessCnt"] == 1
        assert erp.state()["limits"]["failures_in_a_row"] == 0


def test_order_lists_know_heads_of_thirty_days():
    """발주서조회 refuses a longer range and has no lines."""
    heads = [{"ORD_NO": n, "ORD_DATE": "20260103", "CUST_DES": "영림임업(주)", "P_FLAG": "1"} for n in range(1, 4)]
    with office(purchase_orders=heads) as (_, caller):
        asked = {"PAGE_CURRENT": 1, "PAGE_SIZE": 2, "BASE_DATE_FROM": "20251201", "BASE_DATE_TO": "20260105"}
        path = "Purchases/GetPurchasesOrderList"
        assert caller.call(path, {"ListParam": asked}).json()["Error"]["Message"] == "Search Range Is Less Than 31"
        caller.clock.at += 600
        data = result(caller.call(path, {"ListParam": {**asked, "BASE_DATE_FROM": "20260101"}}))
        assert (data["TotalCnt"], [r["ORD_NO"] for r in data["Result"]]) == (3, [1, 2])
        assert caller.call(path, {"ListParam": asked}).status_code == 412
        caller.clock.at += 600
        wrong = caller.call(path, {"ListParam": {**asked, "BASE_DATE_FROM": "20260101", "PAGE_SIZE": "many"}})
        assert wrong.json()["Error"]["Message"] == "Model validation state error"


def test_the_product_list_is_the_tenants():
    """품목조회 gives what the form accepts."""
    with office(form=Form(products=catalogue_products(7))) as (_, caller):
        data = result(caller.call("InventoryBasic/GetBasicProductsList", {}))
        assert {r["PROD_CD"] for r in data["Result"]} == set(catalogue_products(7))


# -- faults ---------------------------------------------------------------------------------------------------------------


def test_every_declared_fault_is_tested_here():
    """A fault nobody tries is a promise nobody checks."""
    source = Path(__file__).read_text("utf-8")
    assert {name for name in EcountSimulator.FAULTS if f'"{name}"' not in source} == set()


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("lost_reply", httpx2.RemoteProtocolError),
        ("reset_after", httpx2.ReadError),
        ("cut_reply", httpx2.RemoteProtocolError),
    ],
)
def test_the_answer_is_lost_and_the_slip_is_there(name, error):
    """The key test: the caller cannot know, the ERP does."""
    with office() as (erp, caller):
        erp.set_fault(name, count=1)
        with pytest.raises(error):
            caller.save(row())
        [slip] = erp.slips
        assert (slip.key, slip.answered) == ("2601050229", False)
        assert erp.state()["unanswered"] == [slip.number]


@pytest.mark.parametrize(("name", "error"), [("lost_request", httpx2.RemoteProtocolError), ("reset", httpx2.ReadError)])
def test_the_request_is_lost_and_no_slip_is_there(name, error):
    """To the caller it looks the same as a lost answer."""
    with office() as (erp, caller):
        erp.set_fault(name, count=1)
        with pytest.raises(error):
            caller.save(row())
        assert erp.slips == []


@pytest.mark.parametrize(
    ("name", "status", "there"),
    [
        ("html", 200, 0),
        ("html_after", 200, 1),
        ("http_500", 500, 0),
        ("http_500_after", 500, 1),
        ("limit_412", 412, 0),
        ("limit_302", 302, 0),
        ("garbled_reply", 200, 1),
    ],
)
def test_answers_that_are_no_json(name, status, there):
    """Pages and half sentences: with or without a slip behind them."""
    with office() as (erp, caller):
        erp.set_fault(name, count=1)
        answer = caller.save(row())
        with pytest.raises(ValueError, match=r"."):
            answer.json()
        assert (answer.status_code, len(erp.slips)) == (status, there)


def test_slow_does_nothing_until_late():
    """A caller that gives up early leaves no slip, as long as the ERP has not begun."""
    with office() as (erp, caller):
        erp.set_fault("slow", seconds=30, count=1)
        with pytest.raises(httpx2.ReadTimeout):
            caller.save(row(), timeout=0.2)
        assert erp.slips == []


def test_slow_reply_has_long_been_saved():
    """A caller that gives up too early leaves a slip."""
    with office() as (erp, caller):
        erp.set_fault("slow_reply", seconds=30, count=1)
        with pytest.raises(httpx2.ReadTimeout):
            caller.save(row(), timeout=0.5)
        assert [s.key for s in erp.slips] == ["2601050229"]


def test_drip_is_whole_in_the_end():
    """The answer comes in pieces and is right."""
    with office() as (erp, caller):
        erp.set_fault("drip", seconds=0.005)
        assert result(caller.save(row()))["SuccessCnt"] == 1


def test_session_expired_in_the_middle():
    """The session that worked a moment ago does not; nothing is saved."""
    with office() as (erp, caller):
        caller.save(row())
        erp.set_fault("session_expired", count=1, shape="error")
        assert caller.save(row("2601050230")).json()["Data"] is None
        assert erp.state()["sessions"] == 0
        assert [s.key for s in erp.slips] == ["2601050229"]


def test_partial_saves_half_a_slip():
    """What should not be possible: some lines stand there, the others are reported as failed."""
    with office() as (erp, caller):
        erp.set_fault("partial", count=1)
        data = result(caller.save(*[row()] * 4))
        assert (data["SuccessCnt"], data["FailCnt"], data["SlipNos"]) == (2, 2, [f"{TODAY}-1"])
        assert len(erp.slips[0].lines) == 2


def test_all_failed_and_request_fault_save_nothing():
    """Two ways to be refused for reasons of the ERP's own."""
    with office() as (erp, caller):
        erp.set_fault("all_failed", count=1, column="CUST", message="거래중지")
        assert result(caller.save(row()))["ResultDetails"][0]["Errors"] == [{"ColCd": "CUST", "Message": "거래중지"}]
        erp.set_fault("request_fault", count=1)
        assert caller.save(row()).json()["Errors"][0]["Code"] == "EXP00001"
        assert erp.slips == []


def test_login_code_refuses_with_any_code():
    """For whatever the documentation lists."""
    with office(log_in=False) as (erp, caller):
        erp.set_fault("login_code", code=98, count=1)
        assert caller.login().json()["Data"]["Code"] == "98"
        assert caller.login().json()["Data"]["Code"] == "00"


def test_faults_may_be_meant_for_the_door():
    """`on` chooses the call."""
    with office(log_in=False) as (erp, caller):
        erp.set_fault("http_500", on="login", status=503, count=1)
        assert (caller.zone().status_code, caller.login().status_code) == (200, 503)


def test_two_callers_at_once_get_two_numbers():
    """The books are kept one slip at a time."""
    with office(time_scale=1e9) as (erp, caller):
        threads = [threading.Thread(target=caller.save, args=(row(f"26010500{n:02d}"),)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        numbers = [s.number for s in erp.slips]
        assert len(numbers) == len(set(numbers)) > 0
