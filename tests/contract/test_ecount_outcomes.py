"""What a client says about a call whose answer was odd, late, lost or never there."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onbam.connectors.ecount import replies
from onbam.connectors.ecount.client import EcountClient
from onbam.connectors.ecount.contract import Turn
from onbam.connectors.ecount.shared import MemoryShelf
from onbam.connectors.ecount.wire import Reply
from onbam.kernel.clock import SystemClock
from onbam.kernel.errors import (
    OutcomeUnknown,
    Refused,
    Transient,
)
from onbam_sims.ecount import EcountSimulator
from onbam_sims.ecount.replies import EXPIRED_SHAPES
from support.erp_stand import FAST, FreeTurnstile, books, enter, settings, slip

BEFORE = ("lost_request", "reset", "html", "http_500")
AFTER = ("lost_reply", "reset_after", "html_after", "http_500_after", "cut_reply", "garbled_reply")


@pytest.mark.parametrize(("name", "there"), [*((name, 0) for name in BEFORE), *((name, 1) for name in AFTER)])
def test_every_accident_after_sending_is_unknown_and_sent_once(name, there):
    """Whatever happens to the answer, the ERP saw one call and the outcome is open."""
    with books() as (erp, client):
        erp.set_fault(name)
        with pytest.raises(OutcomeUnknown):
            enter(client, slip(), SystemClock())
        assert erp.counts["save"] == 1
        assert len(erp.slips) == there


@pytest.mark.parametrize(("name", "there"), [("slow", 0), ("slow_reply", 1), ("drip", 1)])
def test_the_time_out_is_hard(name, there):
    """No answer, a late one, or one that comes in pieces for ever: the call ends, the outcome is open."""
    with books(changed={"timeout_s": 0.5}) as (erp, client):
        client.turn()
        erp.set_fault(name, seconds=0.2 if name == "drip" else 30)
        with pytest.raises(OutcomeUnknown, match="no answer within"):
            enter(client, slip(), SystemClock())
        erp.stop()
        assert len(erp.slips) == there


@pytest.mark.parametrize(("numbers", "ends"), [(["20260105-1", "20260105-2"], "2 slips"), (["20260105-1", "20260105-1"], "")])
def test_one_order_is_one_slip(numbers, ends):
    """An answer with two slips is no receipt: a person decides which stays; one that says the same number twice has one."""
    with books() as (_, client):
        data = {"SuccessCnt": len(numbers), "FailCnt": 0, "ResultDetails": [], "SlipNos": numbers, "TRACE_ID": "t"}
        body = json.dumps({"Status": "200", "Data": data}).encode()
        client._wire.post = lambda url, sent, hard_s, post=client._wire.post: (
            Reply(200, body) if "SavePurchases" in url else post(url, sent, hard_s)
        )
        if not ends:
            assert enter(client, slip(), SystemClock()).number == "20260105-1"
            return
        with pytest.raises(OutcomeUnknown, match=ends):
            enter(client, slip(), SystemClock())


@pytest.mark.parametrize(("name", "retry"), [("limit_412", True), ("limit_302", True)])
def test_too_often_is_obeyed(name, retry):
    """Not followed, not repeated: told to come back."""
    with books() as (erp, client):
        erp.set_fault(name)
        with pytest.raises(Transient) as caught:
            enter(client, slip(), SystemClock())
        assert (caught.value.retry_after_s is not None) is retry
        assert erp.counts == {"zone": 1, "login": 1, "save": 1}


def test_a_request_the_erp_calls_wrong_is_refused():
    """Status 500 with EXP00001 and no data."""
    with books() as (erp, client):
        erp.set_fault("request_fault", message="필수값 누락")
        with pytest.raises(Refused) as caught:
            enter(client, slip(), SystemClock())
        assert "필수값 누락" in caught.value.to("ko")


@pytest.mark.parametrize(
    "message", ["Timeout expired", "처리 시간이 초과되었습니다", "Transaction was deadlocked", "내부 서버 오류입니다"]
)
def test_an_erp_that_broke_off_in_the_middle_has_not_refused(message):
    """Status 500 with the words of a server that did not come to its end: the slip may be there."""
    with books() as (erp, client):
        erp.set_fault("request_fault", message=message)
        with pytest.raises(OutcomeUnknown):
            enter(client, slip(), SystemClock())


def test_a_session_whose_time_is_over_is_one_that_ended():
    """The same words about the session say that nothing was looked at."""
    body = json.dumps({"Status": "500", "Data": None, "Error": {"Code": 0, "Message": "세션 시간이 초과되었습니다"}})
    with pytest.raises(replies.SessionEnded):
        replies.read_save(Reply(200, body.encode()))


@pytest.mark.parametrize(("status", "means"), [(408, replies.NotUnderstood), (429, replies.TooOften)])
def test_the_status_of_something_in_between_is_read_too(status, means):
    """A proxy that gave up waiting proves nothing; one that counts requests sent nothing on."""
    with pytest.raises(means):
        replies.read_save(Reply(status, b"<html>"))


@pytest.mark.parametrize("shape", EXPIRED_SHAPES)
def test_a_session_that_ended_is_forgotten_and_made_anew(shape):
    """Nothing was saved; the next turn logs in again, once."""
    with books(expired_shape=shape) as (erp, client):
        enter(client, slip("2601050001"), SystemClock())
        erp.expire_sessions()
        with pytest.raises(Transient) as caught:
            enter(client, slip(), SystemClock())
        assert caught.value.retry_after_s == 0.0
        enter(client, slip(), SystemClock())
        assert (erp.counts["login"], Counter(s.key for s in erp.slips)["2601050229"]) == (2, 1)


def test_nobody_at_home_is_certainly_not_sent():
    """A closed port, and a name that leads nowhere."""
    clock = SystemClock()
    with EcountSimulator(seed=7, time_scale=FAST) as erp:
        client = EcountClient(settings(erp), clock, MemoryShelf(), FreeTurnstile(clock))
        turn = client.turn()
    with pytest.raises(Transient, match="Nothing was sent"):
        client.post(slip(), turn)
    client.close()


def test_a_turn_is_waited_for():
    """Posting before one's turn is a mistake of ours, not of the world."""
    clock = SystemClock()
    with books() as (_, client):
        client.turn()
        with pytest.raises(AssertionError):
            client.post(slip(), Turn(clock.monotonic() + 5, 1.0))


# -- answers nobody has seen yet ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'"ok"',
        b'{"Status":"200","Data":null}',
        b'{"Status":"200","Data":{}}',
        b'{"Status":"200","Data":{"SuccessCnt":1}}',
        b'{"Status":"200","Data":{"SuccessCnt":"many","FailCnt":0}}',
        b'{"Status":"200","Data":{"SuccessCnt":1,"FailCnt":0,"ResultDetails":"{not json"}}',
        b'{"Status":"200","Data":{"SuccessCnt":1,"FailCnt":0,"ResultDetails":[1]}}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_an_answer_that_proves_nothing_is_not_understood(body):
    """Neither saved nor refused."""
    with pytest.raises(replies.NotUnderstood):
        replies.read_save(Reply(200, body))


def test_counts_and_lines_that_contradict_each_other_are_no_success():
    """The counts say two saved, one line says it was not."""
    details = [{"Line": 0, "IsSuccess": True}, {"Line": 1, "IsSuccess": False, "Errors": [{"Message": "단가"}]}]
    data = {"SuccessCnt": 2, "FailCnt": 0, "ResultDetails": details, "SlipNos": ["20260105-1"]}
    saved = replies.read_save(Reply(200, json.dumps({"Status": "200", "Data": data}).encode()))
    assert (saved.ok, saved.failed, len(saved.errors)) == (2, 1, 1)
    with books() as (_, client):
        turn = client.turn()
        client._wire.post = lambda *_: Reply(200, json.dumps({"Status": "200", "Data": data}).encode())
        with pytest.raises(OutcomeUnknown, match="some of the lines"):
            client.post(slip(), turn)


NAMES = ("Data", "Status", "Error", "Errors", "SuccessCnt", "FailCnt", "ResultDetails", "SlipNos", "Code", "Datas")
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inside: st.lists(inside) | st.dictionaries(st.sampled_from(NAMES), inside),
    max_leaves=12,
)


@given(st.binary(max_size=200) | ANYTHING)
def test_no_answer_crashes_the_reader(body):
    """Whatever comes, one of the named outcomes is the answer."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    known = (replies.NotUnderstood, replies.WrongRequest, replies.SessionEnded, replies.NoEntry)
    for read in (replies.read_save, replies.read_login, replies.read_zone):
        try:
            read(Reply(200, raw))
        except known:
            continue


@pytest.mark.parametrize("zone", ["C/../x", "evil.example/", "@host", "CCCCCC", "C C"])
def test_a_zone_that_is_no_zone_never_becomes_an_address(zone):
    """It would send the key to somebody else's server."""
    with pytest.raises(replies.NotUnderstood):
        replies.read_zone(Reply(200, f'{{"Status":"200","Data":{{"ZONE":"{zone}"}}}}'.encode()))


def test_every_fault_of_the_erp_is_met_by_the_client():
    """What the simulator can do to us, some test here lets it do."""
    source = "".join(
        path.read_text("utf-8") for path in Path(__file__).parent.glob("test_ecount*.py") if "simulator" not in path.name
    )
    assert {name for name in EcountSimulator.FAULTS if f'"{name}"' not in source} == set()
