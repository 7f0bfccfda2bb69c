"""The simulated ERP keeps its word: who comes in, what it takes, and what it refuses in which shape."""

from __future__ import annotations

import json

import pytest

from onbam_sims.ecount import Form, catalogue_products
from onbam_sims.ecount.replies import RESULT_SHAPES
from support.erp_office import KEYS, TODAY, office, result, row

# -- the door -------------------------------------------------------------------------------------------------------------


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


# -- saving ---------------------------------------------------------------------------------------------------------------


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
