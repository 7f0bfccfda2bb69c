"""Getting in at the ERP: rejections, one session for all PCs, and secrets that stay secret."""

from __future__ import annotations

import logging
import threading

import pytest

from onbam.connectors.ecount import words as say
from onbam.connectors.ecount.client import EcountClient
from onbam.connectors.ecount.contract import Session, Turn
from onbam.connectors.ecount.shared import MemoryShelf, MemoryTurnstile
from onbam.connectors.portal import words as portal_words
from onbam.kernel.clock import FakeClock, SystemClock
from onbam.kernel.errors import (
    CredentialsRejected,
    Misconfigured,
    OnbamError,
    OutcomeUnknown,
    Transient,
)
from onbam.kernel.redact import Redactor
from onbam.kernel.settings import Secret
from onbam.kernel.words import Text
from onbam_sims.ecount import Company, EcountSimulator
from onbam_sims.ecount.replies import LOGIN_SHAPES
from support.erp_stand import FAST, FreeTurnstile, books, enter, settings, slip

REASONS = {
    20: "회사코드",
    98: "5회 이상",
    99: "없는 사용자",
    201: "인증키",
    205: "등록되지 않은 IP",
    85: "중지",
    777: "코드 777",
}


@pytest.mark.parametrize("shape", LOGIN_SHAPES)
@pytest.mark.parametrize(("code", "words"), REASONS.items())
def test_a_rejected_log_in_says_why_in_both_shapes(shape, code, words):
    """Each code in words a person can act on."""
    with books(login_shape=shape) as (erp, client):
        erp.set_fault("login_code", code=code)
        with pytest.raises(CredentialsRejected) as caught:
            client.turn()
        assert words in caught.value.to("ko")


@pytest.mark.parametrize(("live", "should"), [(True, "false"), (False, "true")])
def test_a_key_of_the_other_host_is_recognised(live, should):
    """The hint names the setting to change."""
    own = Company()
    key = own.test_key if live else own.real_key
    with books(changed={"live": live, "api_key": Secret(key)}) as (_, client):
        with pytest.raises(CredentialsRejected) as caught:
            client.turn()
        assert f"ecount.live to {should}" in caught.value.to("en")


def test_the_test_host_is_another_place():
    """A test key on the test host works."""
    with books(changed={"live": False, "api_key": Secret(Company().test_key)}) as (erp, client):
        enter(client, slip(), SystemClock())
        assert len(erp.slips) == 1
        assert client.describe().live is False


def test_after_two_rejections_nobody_knocks_again():
    """Ten would ban the office; corrected settings start a new count; so does a person."""
    shelf, clock = MemoryShelf(), SystemClock()
    with EcountSimulator(seed=7, time_scale=FAST) as erp:
        wrong = settings(erp, api_key=Secret("old-key"), zone="CC")
        pcs = [EcountClient(wrong, clock, shelf, FreeTurnstile(clock)) for _ in range(4)]
        for pc in pcs * 3:
            with pytest.raises(CredentialsRejected):
                pc.turn()
        assert erp.counts["login"] == 2
        good = EcountClient(settings(erp, zone="CC"), clock, shelf, FreeTurnstile(clock))
        good.turn()
        assert erp.counts["login"] == 3
        for pc in (*pcs, good):
            pc.close()


def test_a_cause_that_is_gone_at_the_erp_is_a_person_s_word_away():
    """An address that is registered now, a bill that is paid: no setting of ours changes, and yet the log-in is tried again."""
    shelf, clock = MemoryShelf(), SystemClock()
    with EcountSimulator(seed=7, time_scale=FAST) as erp:
        client = EcountClient(settings(erp, zone="CC"), clock, shelf, FreeTurnstile(clock))
        erp.set_fault("login_code", code=205)
        for _ in range(3):
            with pytest.raises(CredentialsRejected) as caught:
                client.turn()
        assert "onbam agent relogin" in caught.value.hint.to("ko")
        erp.clear_faults()
        with pytest.raises(CredentialsRejected):
            client.turn()
        assert client.forgive() == 2
        client.turn()
        client.close()


@pytest.mark.parametrize(
    ("code", "words"), [(201, "secret set ecount.api_key"), (23, "schedules.opens"), (81, "onbam agent relogin")]
)
def test_the_advice_fits_the_refusal(code, words):
    """What no setting of ours can mend is not said to be a matter of the key."""
    with books() as (erp, client):
        erp.set_fault("login_code", code=code)
        with pytest.raises(CredentialsRejected) as caught:
            client.turn()
        hint = caught.value.hint
        assert all(words in hint.to(lang) for lang in ("ko", "en"))


def test_the_guard_of_secrets_leaves_our_advice_readable():
    """The names of secrets stand in it, and what follows them is no secret."""
    texts = [text for module in (say, portal_words) for text in vars(module).values() if isinstance(text, Text)]
    for text in (*texts, *say.CODES.values()):
        for lang in ("ko", "en"):
            assert Redactor().text(text.to(lang)) == text.to(lang)


def test_a_company_nobody_knows():
    """The zone call says it, and counts as a failure at the door."""
    with books(changed={"company": "999999"}) as (erp, client):
        for _ in range(5):
            with pytest.raises(CredentialsRejected):
                client.turn()
        assert erp.counts == {"zone": 2}


def test_a_banned_office_is_told():
    """403 with a page: a person has to call the ERP."""
    with books() as (erp, client):
        for _ in range(10):
            erp.limits.failed_at_the_door("127.0.0.1")
        with pytest.raises(CredentialsRejected, match="blocked"):
            client.turn()


@pytest.mark.parametrize("fault", ["lost_reply", "html", "http_500", "limit_412", "reset"])
def test_a_log_in_without_a_clear_answer_is_tried_later(fault):
    """Not counted as a rejection, not repeated at once."""
    with books() as (erp, client):
        erp.set_fault(fault, on="login", count=1)
        with pytest.raises(Transient) as caught:
            client.turn()
        assert (caught.value.retry_after_s or 0) >= 600
        assert erp.counts["login"] == 1


def test_all_pcs_share_one_session():
    """Eight PCs that start together log in once."""
    clock, shelf = SystemClock(), MemoryShelf()
    turnstile = MemoryTurnstile(clock)
    with EcountSimulator(seed=7) as erp:
        pcs = [EcountClient(settings(erp), clock, shelf, turnstile) for _ in range(8)]
        turns: list[Turn] = []
        threads = [threading.Thread(target=lambda pc=pc: turns.append(pc.turn())) for pc in pcs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert (len(turns), erp.counts["zone"], erp.counts["login"]) == (8, 1, 1)
        for pc in pcs:
            pc.close()


def test_a_closed_door_is_waited_for_elsewhere():
    """Another PC took the ten minutes and left no session: the caller is told how long."""
    clock = FakeClock()
    turnstile = MemoryTurnstile(clock)
    with EcountSimulator(seed=7, now=lambda: clock.now().timestamp()) as erp:
        client = EcountClient(settings(erp, zone="CC"), clock, MemoryShelf(), turnstile)
        turnstile.take(f"ecount:{Company().code}:live:login", 600.0)
        with pytest.raises(Transient) as caught:
            client.turn()
        assert 590 < (caught.value.retry_after_s or 0) <= 600
        assert erp.counts["login"] == 0
        client.close()


@pytest.mark.parametrize("missing", ["company", "user", "api_key"])
def test_missing_settings_are_named(missing):
    """Before anything is called."""
    empty = Secret("") if missing == "api_key" else ""
    with pytest.raises(Misconfigured, match=f"ecount.{missing}"):
        EcountClient(settings(**{missing: empty}), FakeClock(), MemoryShelf(), MemoryTurnstile(FakeClock()))


@pytest.mark.parametrize("host", ["https://oapi.ecount.com", "{host}.ecount.com"])
def test_an_address_without_a_place_for_the_host_is_misconfigured(host):
    """All zones on one host would send sessions to the wrong server; and what is no address is said so."""
    with pytest.raises(Misconfigured, match=r"ecount\.host"):
        EcountClient(settings(host=host), FakeClock(), MemoryShelf(), MemoryTurnstile(FakeClock()))


def test_a_session_with_strange_signs_stays_one_value():
    """Whatever the ERP puts into it, the address holds one parameter."""
    clock = FakeClock()
    client = EcountClient(settings(), clock, MemoryShelf(), MemoryTurnstile(clock))
    address = client._door.address("CC", "X", Session("CC", Secret("a:b!c&d=e+f g/h#i"), clock.now()))
    assert address == "http://127.0.0.1:9/oapiCC/OAPI/V2/X?SESSION_ID=a%3Ab%21c%26d%3De%2Bf%20g%2Fh%23i"
    client.close()


def test_neither_key_nor_session_is_in_any_log_or_error(caplog):
    """With every logger of every library talking."""
    with caplog.at_level(logging.DEBUG), books() as (erp, client):
        enter(client, slip(), SystemClock())
        [session] = erp.erp.sessions
        errors: list[OnbamError] = []
        for fault in ("lost_reply", "html_after", "session_expired"):
            erp.set_fault(fault, count=1)
            with pytest.raises((OutcomeUnknown, Transient)) as caught:
                enter(client, slip(), SystemClock())
            errors.append(caught.value)
    told = caplog.text + "".join(f"{e!r} {e.context} {e.to('en')} {e.__cause__} {e.__context__}" for e in errors)
    assert "send_request" in told
    quoted = session.replace(":", "%3A").replace("!", "%21")
    assert [told.count(secret) for secret in (session, quoted, session.split(":")[0], Company().real_key)] == [0, 0, 0, 0]
