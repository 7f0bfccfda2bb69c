"""The simulated ERP keeps its word: what it takes, what it refuses in which shape, and what it does to those who call it."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import openpyxl
import pytest

from onbam_sims.ecount import Company, EcountSimulator, Form, Options, catalogue_products
from onbam_sims.ecount.limits import DAY_S
from onbam_sims.ecount.replies import EXPIRED_SHAPES, RESULT_SHAPES
from support.hands import Hands

TODAY = "20260105"
KEYS = {"sboapi": Company().test_key, "oapi": Company().real_key}


class Office:
    """A program in the shop that calls the ERP without any care."""

    def __init__(self, erp: EcountSimulator, clock: Hands, mode: str = "oapi") -> None:
        self.erp, self.clock, self.mode, self.session = erp, clock, mode, ""
        self.http = httpx2.Client(base_url=erp.url, timeout=20)

    def zone(self, **body) -> httpx2.Response:
        """Ask for the zone."""
        return self.http.post(f"/{self.mode}/OAPI/V2/Zone", json={"COM_CODE": "900001", **body})

    def login(self, *, zone: str = "CC", **body) -> httpx2.Response:
        """Ask for a session, and keep it."""
        wanted = {"COM_CODE": "900001", "USER_ID": "ONBAM", "API_CERT_KEY": KEYS[self.mode], "LAN_TYPE": "ko-KR", "ZONE": zone}
        answer = self.http.post(f"/{self.mode}{zone}/OAPI/V2/OAPILogin", json={**wanted, **body})
        if answer.headers["content-type"].startswith("application/json") and (data := answer.json()["Data"]):
            self.session = (data["Datas"] or {}).get("SESSION_ID", "")
        return answer

    def call(self, path: str, body: object, **options) -> httpx2.Response:
        """Any call with the session."""
        address = f"/{self.mode}CC/OAPI/V2/{path}"
        return self.http.post(address, params={"SESSION_ID": self.session}, json=body, **options)

    def save(self, *rows: dict, wait: float = 10.0, **options) -> httpx2.Response:
        """Save, after waiting long enough."""
        self.clock.at += wait
        return self.call("Purchases/SavePurchases", {"PurchasesList": [{"BulkDatas": row} for row in rows]}, **options)


def row(key: str = "2601050229", **fields) -> dict[str, str]:
    plain = {"UPLOAD_SER_NO": "1", "IO_DATE": TODAY, "CUST": "00001", "WH_CD": "100", "PROD_CD": "Y123F0", "PROD_DES": "문틀"}
    figures = {"QTY": "2", "PRICE": "1000", "SUPPLY_AMT": "2000", "VAT_AMT": "200"}
    return {**plain, **figures, "REMARKS": key, **fields}


@contextmanager
def office(*, log_in: bool = True, mode: str = "oapi", **options) -> Iterator[tuple[EcountSimulator, Office]]:
    clock = Hands()
    known = {"seed", "company", "time_scale", "per_day"}
    named = {name: options.pop(name) for name in known & set(options)}
    with EcountSimulator(now=clock, options=Options(**options), **named) as erp:
        caller = Office(erp, clock, mode)
        with caller.http:
            if log_in:
                caller.login()
            yield erp, caller


def result(answer: httpx2.Response) -> dict:
    return answer.json()["Data"]


# -- the door ---------------------------------------------------------------------------------------------------------------


def test_the_zone_of_a_company():
    """A known code has a zone, another has none, in the documented shape."""
    with office(log_in=False) as (_, caller):
        found = caller.zone().json()
        assert (found["Data"]["ZONE"], found["Data"]["DOMAIN"], found["Status"], found["Error"]) == (
            "CC",
            ".ecount.com",
            "200",
            None,
        )
        caller.clock.at += 600
        missing = caller.zone(COM_CODE="999999").json()
        assert (missing["Data"], missing["Status"], missing["Error"]["Code"]) == (None, "500", 100)


@pytest.mark.parametrize("mode", ["oapi", "sboapi"])
def test_a_session_holds_signs_that_must_be_encoded(mode):
    """Each host takes its own key, and the session has a colon and an exclamation mark in it."""
    with office(log_in=False, mode=mode) as (_, caller):
        answer = caller.login().json()
        assert (answer["Status"], answer["Data"]["Code"]) == ("200", "00")
        assert {":", "!"} <= set(caller.session)
        assert result(caller.save(row()))["SuccessCnt"] == 1


@pytest.mark.parametrize("shape", ["error", "data"])
@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"USER_ID": "nobody"}, 99),
        ({"API_CERT_KEY": "old"}, 201),
        ({"API_CERT_KEY": KEYS["sboapi"]}, 204),
        ({"COM_CODE": "900002"}, 20),
    ],
)
def test_a_failed_log_in_has_two_shapes_and_both_say_200(shape, wrong, code):
    """The manual's shape and the one real programs handle; neither carries a session."""
    with office(log_in=False, login_shape=shape) as (_, caller):
        answer = caller.login(**wrong)
        body = answer.json()
        assert (answer.status_code, body["Status"], caller.session) == (200, "200", "")
        if shape == "error":
            assert (body["Data"], body["Error"]["Code"]) == (None, code)
        else:
            assert (body["Data"]["Code"], body["Data"]["Datas"]) == (str(code), None)


def test_a_test_key_on_the_real_host_is_told_apart():
    """Code 204 says which host the key belongs to."""
    with office(log_in=False) as (_, caller):
        assert caller.login(API_CERT_KEY=KEYS["sboapi"]).json()["Data"]["Message"] == "테스트용 인증키입니다."
        caller.mode = "sboapi"
        assert caller.login(API_CERT_KEY=KEYS["oapi"]).json()["Data"]["Message"] == "실서버용 인증키입니다."


def test_an_address_that_is_not_on_the_list():
    """205, whatever else is right."""
    with office(log_in=False, unknown_ip=True) as (_, caller):
        assert caller.login().json()["Data"]["Code"] == "205"


def test_the_wrong_zone_host_knows_nobody():
    """A log-in goes to the company's own zone."""
    with office(log_in=False) as (_, caller):
        assert caller.login(zone="AB").json()["Data"] is None


@pytest.mark.parametrize("lan_type", ["kr", "", None])
def test_a_log_in_of_another_shape_is_refused_as_a_whole(lan_type):
    """An unknown language or a missing field is a wrong request, not a wrong password."""
    with office(log_in=False) as (erp, caller):
        body = caller.login(LAN_TYPE=lan_type).json()
        assert (body["Status"], body["Error"]["Message"]) == ("500", "Model validation state error")
        assert erp.state()["limits"]["failed_at_the_door"] == {}


def test_logging_in_is_allowed_once_in_ten_minutes():
    """The second log-in of a shop is turned away until the window is over."""
    with office() as (_, caller):
        caller.clock.at += 599
        assert caller.login().status_code == 412
        caller.clock.at += 1
        assert caller.login().json()["Data"]["Code"] == "00"


def test_ten_failures_ban_the_office():
    """After the tenth even the right key, the saves and the web page are closed, until somebody pardons."""
    with office(log_in=False) as (erp, caller):
        for _ in range(10):
            assert caller.login(API_CERT_KEY="old").status_code == 200
        assert caller.login().status_code == 403
        assert caller.save(row()).status_code == 403
        assert caller.http.get("/slips").status_code == 403
        assert erp.state()["limits"]["banned"] == ["127.0.0.1"]
        caller.http.post("/_sim/pardon")
        assert caller.login().json()["Data"]["Code"] == "00"


def test_a_second_log_in_may_end_the_first():
    """Nobody knows what the real one does, so both can be had."""
    for ends, count in ((True, 1), (False, 2)):
        with office(second_login_ends_first=ends) as (erp, caller):
            caller.clock.at += 600
            caller.login()
            assert erp.state()["sessions"] == count


# -- saving -----------------------------------------------------------------------------------------------------------------


def test_a_saved_slip_is_numbered_by_its_day():
    """The answer names the slip, the lines and the counters; the truth has the amounts."""
    with office() as (erp, caller):
        data = result(caller.save(row(), row(PROD_CD="Y1", SUPPLY_AMT="10", VAT_AMT="1")))
        assert (data["SuccessCnt"], data["FailCnt"], data["SlipNos"]) == (2, 0, [f"{TODAY}-1"])
        assert data["ResultDetails"][0] == {
            "Line": 0,
            "IsSuccess": True,
            "TotalError": "[전표묶음0] OK",
            "Errors": None,
            "Code": None,
        }
        assert data["QUANTITY_INFO"] == "시간당 연속 오류 제한 건수 : 0/30건, 1일 허용량 : 1/5000건"
        assert len(data["TRACE_ID"]) == 32
        [slip] = erp.slips
        assert (slip.number, slip.key, slip.supply, slip.vat, len(slip.lines)) == (f"{TODAY}-1", "2601050229", 2010, 201, 2)
        assert result(caller.save(row("2601050230", IO_DATE="20260104")))["SlipNos"] == ["20260104-1"]
        assert result(caller.save(row("2601050231")))["SlipNos"] == [f"{TODAY}-2"]


def test_one_slip_for_each_serial_number():
    """Lines with the same UPLOAD_SER_NO stand on one slip."""
    with office() as (erp, caller):
        data = result(caller.save(row(), row("2601050230", UPLOAD_SER_NO="2"), row()))
        assert data["SlipNos"] == [f"{TODAY}-1", f"{TODAY}-2"]
        assert [len(s.lines) for s in erp.slips] == [2, 1]


def test_the_same_order_twice_is_two_slips():
    """The ERP does not look, so a duplicate is visible as one."""
    with office() as (erp, caller):
        for _ in range(2):
            caller.save(row())
        caller.save(row("2601050230"))
        assert erp.duplicates == {"2601050229": [f"{TODAY}-1", f"{TODAY}-2"]}
        state = erp.state()
        assert (state["slips"], state["keys"], state["by_key"]) == (3, 2, {"2601050229": 2, "2601050230": 1})
        assert state["duplicates"] == erp.duplicates


@pytest.mark.parametrize("place", ["REMARKS", "U_MEMO1", "U_MEMO5", "P_REMARKS1"])
def test_our_key_is_found_where_the_shop_keeps_it(place):
    """An order number in any free field is the slip's key, with words around it or not."""
    with office() as (erp, caller):
        caller.save({**row(""), place: "온밤 2601050229 자동입력"})
        assert [s.key for s in erp.slips] == ["2601050229"]


def test_nothing_is_computed():
    """Amounts left empty become zero, whatever price and quantity say."""
    with office() as (erp, caller):
        caller.save(row(SUPPLY_AMT="", VAT_AMT=""))
        assert (erp.slips[0].supply, erp.slips[0].vat) == (0, 0)


@pytest.mark.parametrize(
    ("wrong", "column", "words"),
    [
        ({"PROD_CD": ""}, "PROD_CD", "품목코드 (필수)"),
        ({"QTY": ""}, "QTY", "수량 (필수)"),
        ({"UPLOAD_SER_NO": ""}, "UPLOAD_SER_NO", "순번 (필수)"),
        ({"CUST": ""}, "CUST", "거래처코드 (필수)"),
        ({"CUST": "77777"}, "CUST", "등록되지 않은 코드"),
        ({"WH_CD": "999"}, "WH_CD", "등록되지 않은 코드"),
        ({"PROD_CD": "Y" * 21}, "PROD_CD", "최대 20자"),
        ({"QTY": "1.234"}, "QTY", "자릿수"),
        ({"QTY": "1e99"}, "QTY", "자릿수"),
        ({"QTY": "두 개"}, "QTY", "숫자 형식"),
        ({"QTY": "NaN"}, "QTY", "숫자 형식"),
        ({"SUPPLY_AMT": "1,000"}, "SUPPLY_AMT", "숫자 형식"),
        ({"IO_DATE": "20260231"}, "IO_DATE", "날짜 형식"),
        ({"IO_DATE": "2026-1-5"}, "IO_DATE", "날짜 형식"),
        ({"UPLOAD_SER_NO": "1a"}, "UPLOAD_SER_NO", "숫자만"),
        ({"UPLOAD_SER_NO": "12345"}, "UPLOAD_SER_NO", "최대 4자"),
        ({"DOC_NO": "2601050229"}, "DOC_NO", "자동으로 부여"),
        ({"ADD_TXT_01": "x"}, "ADD_TXT_01", "존재하지 않는 항목"),
        ({"REMARKS": "가" * 201}, "REMARKS", "최대 200자"),
    ],
)
def test_a_wrong_line_is_named_with_status_200(wrong, column, words):
    """FailCnt counts it, its column and reason are told, nothing is saved."""
    with office() as (erp, caller):
        answer = caller.save(row(**wrong))
        data = result(answer)
        assert (answer.json()["Status"], data["SuccessCnt"], data["FailCnt"], data["SlipNos"]) == ("200", 0, 1, None)
        [detail] = data["ResultDetails"]
        assert detail["IsSuccess"] is False
        assert any(e["ColCd"] == column and words in e["Message"] for e in detail["Errors"])
        assert erp.slips == []


def test_one_wrong_line_keeps_its_whole_slip_out_and_no_other():
    """Success is by slip."""
    with office() as (erp, caller):
        data = result(caller.save(row(), row(PROD_CD=""), row("2601050230", UPLOAD_SER_NO="2")))
        assert (data["SuccessCnt"], data["FailCnt"], data["SlipNos"]) == (1, 2, [f"{TODAY}-1"])
        assert [s.key for s in erp.slips] == ["2601050230"]


def test_a_tenant_may_number_by_hand_and_know_its_products():
    """DOC_NO is taken where numbering is manual; unknown product codes are refused where there is a list."""
    products = catalogue_products(7)
    with office(form=Form(products=products, manual_numbers=True)) as (erp, caller):
        code, name = next(iter(products.items()))
        assert result(caller.save(row("", DOC_NO="2601050229", PROD_CD=code)))["SuccessCnt"] == 1
        assert erp.slips[0].key == "2601050229"
        assert result(caller.save(row(PROD_CD="NOPE")))["FailCnt"] == 1
        assert result(caller.save(row(PROD_CD="", PROD_DES=name)))["SuccessCnt"] == 1


def test_a_name_is_enough_where_the_code_exists():
    """거래처명 alone is matched to its code."""
    with office() as (_, caller):
        assert result(caller.save(row(CUST="", CUST_DES="영림임업(주)")))["SuccessCnt"] == 1
        assert result(caller.save(row(CUST="", CUST_DES="아무개")))["FailCnt"] == 1


@pytest.mark.parametrize("body", [{}, {"PurchasesList": []}, {"PurchasesList": [{}]}, {"PurchasesList": [{"BulkDatas": []}]}])
def test_a_request_of_another_shape_is_refused_as_a_whole(body):
    """Status 500, no data, nothing looked at."""
    with office() as (erp, caller):
        caller.clock.at += 10
        answer = caller.call("Purchases/SavePurchases", body).json()
        assert (answer["Data"], answer["Status"], answer["Errors"][0]["Code"]) == (None, "500", "EXP00001")
        assert erp.slips == []


def test_three_hundred_lines_and_not_one_more():
    """The documented cap."""
    with office() as (erp, caller):
        assert result(caller.save(*[row()] * 300))["SuccessCnt"] == 300
        assert caller.save(*[row()] * 301).json()["Data"] is None
        assert len(erp.slips) == 1


def test_only_json_is_read():
    """Another content type and broken JSON are told apart."""
    with office() as (_, caller):
        address = "/oapiCC/OAPI/V2/Purchases/SavePurchases"
        form = caller.http.post(address, data={"a": "1"})
        assert form.json()["Error"]["Message"] == "Unsupported Media Type"
        broken = caller.http.post(address, content=b"{", headers={"Content-Type": "application/json"})
        assert broken.json()["Error"]["Message"] == "Model validation state error"


@pytest.mark.parametrize("shape", RESULT_SHAPES)
def test_results_come_in_many_types(shape):
    """Array or text, numbers or null, counts as numbers or text: the facts are the same."""
    with office(result_shape=shape) as (_, caller):
        data = result(caller.save(row(), row()))
        details = json.loads(data["ResultDetails"]) if shape == "string" else data["ResultDetails"]
        assert (int(data["SuccessCnt"]), int(data["FailCnt"]), len(details)) == (2, 0, 2)
        assert isinstance(data["SuccessCnt"], str) is (shape == "text-counts")
        number = f"{TODAY}-1"
        assert data["SlipNos"] == {"null-slips": None, "string-slips": number, "string": number}.get(shape, [number])


def test_there_is_no_way_to_read_a_slip_back():
    """Calls people invented answer a page with 404."""
    with office() as (_, caller):
        for path in ("Purchases/GetListPurchase", "Sale/GetListSale", "Purchases/ViewPurchases"):
            answer = caller.call(path, {})
            assert (answer.status_code, answer.headers["content-type"][:9]) == (404, "text/html")


# -- sessions and limits ----------------------------------------------------------------------------------------------------


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


def test_the_product_list_is_the_tenants():
    """품목조회 gives what the form accepts."""
    with office(form=Form(products=catalogue_products(7))) as (_, caller):
        data = result(caller.call("InventoryBasic/GetBasicProductsList", {}))
        assert {r["PROD_CD"] for r in data["Result"]} == set(catalogue_products(7))


# -- faults -----------------------------------------------------------------------------------------------------------------


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


# -- for people -------------------------------------------------------------------------------------------------------------


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
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().split()[1]
            state = json.load(urllib.request.urlopen(f"{url}/_sim/state"))
            assert (state["seed"], state["limits"]["time_scale"]) == (3, 20.0)
            process.terminate()
            assert process.wait(20) == 0
        finally:
            process.kill()
