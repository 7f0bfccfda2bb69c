"""The ERP's contract, held by the fake and by the client on the simulator alike; and what only a wire and limits can do."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onbam.connectors.ecount import form, replies
from onbam.connectors.ecount.client import EcountClient
from onbam.connectors.ecount.contract import Erp, Session, Slip, SlipLine, Turn
from onbam.connectors.ecount.fake import FakeErp
from onbam.connectors.ecount.settings import EcountSettings
from onbam.connectors.ecount.shared import MemoryShelf, MemoryTurnstile
from onbam.connectors.ecount.wire import Broken, NotSent, Reply, Wire
from onbam.kernel.clock import FakeClock, SystemClock
from onbam.kernel.errors import (
    ContractBroken,
    CredentialsRejected,
    Misconfigured,
    OnbamError,
    OutcomeUnknown,
    Refused,
    Transient,
)
from onbam.kernel.settings import Secret
from onbam_sims.ecount import Company, EcountSimulator, Form, Options
from onbam_sims.ecount.replies import EXPIRED_SHAPES, LOGIN_SHAPES, RESULT_SHAPES
from onbam_sims.server import Request, Response, Simulator
from support.hands import START

DAY = date(2026, 1, 5)
FAST = 1e9
"""Makes every window of the simulator vanish, for tests that are not about limits."""


def line(**changed) -> SlipLine:
    plain = SlipLine("Y123F0", "문틀 발포", "900*2100*110/N", Decimal(2), Decimal(50000), Decimal(100000), note="9*60")
    return replace(plain, **changed)


def slip(key: str = "2601050229", *lines: SlipLine, **changed) -> Slip:
    return replace(Slip(key, DAY, lines or (line(), line(code="Y1", supply=Decimal(155)))), **changed)


def settings(erp: EcountSimulator | None = None, **changed) -> EcountSettings:
    own = Company()
    address = f"{erp.url}/{{host}}" if erp is not None else "http://127.0.0.1:9/{host}"
    plain = EcountSettings(
        company=own.code,
        user=own.user,
        api_key=Secret(own.real_key),
        host=address,
        customer="00001",
        warehouse="100",
        timeout_s=20.0,
        save_interval_s=0.0,
        slack_s=30.0,
    )
    return replace(plain, **changed)


def enter(erp: Erp, what: Slip, clock: FakeClock | SystemClock):
    turn = erp.turn()
    clock.wait(turn.wait_s(clock.monotonic()))
    return erp.post(what, turn)


class FreeTurnstile(MemoryTurnstile):
    """Always free: for tests that are not about turns."""

    def book(self, gate: str, spacing_s: float) -> float:
        """At once."""
        return 0.0

    def take(self, gate: str, spacing_s: float) -> float:
        """Always."""
        return 0.0


# -- the contract -----------------------------------------------------------------------------------------------------------


@dataclass
class World:
    """An ERP, and the truth of its books."""

    erp: Erp
    keys: Callable[[], Counter[str]]
    meet: Callable[[str], object]

    def enter(self, what: Slip):
        """Wait for a turn, and use it."""
        return enter(self.erp, what, SystemClock())


FAULTS = {
    "reply lost": ("lost_reply", {}),
    "request lost": ("lost_request", {}),
    "refused": ("all_failed", {}),
    "too often": ("limit_412", {}),
    "session ended": ("session_expired", {}),
    "down": ("http_500", {"status": 503}),
    "partly": ("partial", {}),
}


@pytest.fixture(params=["fake", *RESULT_SHAPES])
def world(request) -> Iterator[World]:
    clock = SystemClock()
    if request.param == "fake":
        fake = FakeErp(settings(), clock, FreeTurnstile(clock))
        yield World(fake, lambda: Counter(s.slip.key for s in fake.slips), fake.meet)
        return
    with EcountSimulator(seed=7, time_scale=FAST, options=Options(result_shape=request.param)) as books:
        client = EcountClient(settings(books), clock, MemoryShelf(), FreeTurnstile(clock))

        def meet(accident: str) -> None:
            name, values = FAULTS[accident]
            books.set_fault(name, count=1, **values)

        yield World(client, lambda: Counter(s.key for s in books.slips), meet)
        client.close()


def test_a_slip_is_entered_with_a_receipt(world: World):
    """The receipt names the order, the slip, the lines and the call, and keeps the answer."""
    receipt = world.enter(slip())
    assert (receipt.key, receipt.lines) == ("2601050229", 2)
    assert receipt.number in ("20260105-1", "")
    assert receipt.trace
    assert receipt.raw
    assert world.keys() == {"2601050229": 1}


def test_the_erp_never_looks_for_duplicates(world: World):
    """Entering twice is two slips: keeping them apart is our business."""
    for _ in range(2):
        world.enter(slip())
    assert world.keys() == {"2601050229": 2}


@pytest.mark.parametrize(("accident", "there"), [("reply lost", 1), ("request lost", 0), ("down", 0), ("partly", 1)])
def test_what_cannot_be_known_is_called_unknown(world: World, accident, there):
    """With and without a slip behind it, the same error: nobody may conclude anything from it."""
    world.meet(accident)
    with pytest.raises(OutcomeUnknown) as caught:
        world.enter(slip())
    assert "2601050229" in caught.value.to("ko")
    assert caught.value.context["key"] == "2601050229"
    assert world.keys() == ({"2601050229": 1} if there else {})


@pytest.mark.parametrize(("accident", "error"), [("refused", Refused), ("too often", Transient), ("session ended", Transient)])
def test_what_was_certainly_not_saved_says_so_and_the_next_try_works(world: World, accident, error):
    """Refused for good or for now; afterwards the same order can be entered once."""
    world.enter(slip("2601050001"))
    world.meet(accident)
    with pytest.raises(error) as caught:
        world.enter(slip())
    assert type(caught.value) is error
    assert world.keys() == {"2601050001": 1}
    world.enter(slip())
    assert world.keys() == {"2601050001": 1, "2601050229": 1}


@pytest.mark.parametrize(
    "bad",
    [
        slip("", line()),
        slip("with space", line()),
        slip("k" * 300, line()),
        replace(slip(), lines=()),
        slip("2601050229", *[line()] * 301),
        slip("2601050229", line(code="")),
        slip("2601050229", line(code="  ")),
        slip("2601050229", line(code="Y" * 21)),
        slip("2601050229", line(qty=Decimal("1.234"))),
        slip("2601050229", line(qty=Decimal("NaN"))),
        slip("2601050229", line(qty=Decimal("1e12"))),
        slip("2601050229", line(supply=Decimal("Infinity"))),
        slip("2601050229", line(supply=Decimal("1e15"))),
        slip("2601050229", line(vat=Decimal("0.001"))),
    ],
)
def test_a_slip_that_cannot_be_entered_is_never_sent(world: World, bad):
    """Refused here, with the line named, before the ERP counts an error."""
    with pytest.raises(Refused) as caught:
        world.enter(bad)
    assert caught.value.to("ko") != caught.value.to("en")
    assert world.keys() == {}


def test_three_hundred_lines_are_one_slip(world: World):
    """The most one call takes."""
    assert world.enter(slip("2601050229", *[line()] * 300)).lines == 300
    assert world.keys() == {"2601050229": 1}


def test_a_missed_turn_sends_nothing(world: World):
    """Another PC's turn may have begun."""
    clock = SystemClock()
    with pytest.raises(Transient):
        world.erp.post(slip(), Turn(clock.monotonic() - 10.0, 5.0))
    assert world.keys() == {}


def test_nobody_is_asked_to_prove_what_cannot_be_proved(world: World):
    """This ERP reads no slip back."""
    assert world.erp.prove("2601050229").answer == "cannot tell"
    assert world.erp.describe().can_prove is False
    assert world.erp.limits().lines_max == 300
    assert world.erp.hard_timeout_s > 0


def test_a_fake_may_be_one_that_can_prove():
    """For the rooms above: other ERPs will be able to."""
    clock = SystemClock()
    fake = FakeErp(settings(), clock, FreeTurnstile(clock), can_prove=True)
    assert fake.prove("2601050229").answer == "absent"
    enter(fake, slip(), clock)
    assert fake.prove("2601050229").numbers == ("20260105-1",)
    assert fake.duplicates == {}


# -- the client: what is sent -----------------------------------------------------------------------------------------------


@contextmanager
def books(*, scale: float = FAST, shelf: MemoryShelf | None = None, clock=None, **options):
    """A simulator, a client on it, and what they share."""
    clock = clock or SystemClock()
    changed = options.pop("changed", {})
    with EcountSimulator(seed=7, time_scale=scale, options=Options(**options)) as erp:
        client = EcountClient(settings(erp, **changed), clock, shelf or MemoryShelf(), FreeTurnstile(clock))
        yield erp, client
        client.close()


def test_amounts_arrive_as_the_document_has_them():
    """Supply as given, tax by the shop's rule to the whole won, nothing left to the ERP."""
    with books() as (erp, client):
        lines = line(), line(supply=Decimal(155)), line(vat=Decimal(7)), line(qty=Decimal("2.50"))
        enter(client, slip("2601050229", *lines), SystemClock())
        [saved] = erp.slips
        assert [x.supply for x in saved.lines] == [100000, 155, 100000, 100000]
        assert [x.vat for x in saved.lines] == [10000, 15, 7, 10000]
        assert (saved.lines[3].qty, saved.day, saved.customer, saved.warehouse) == (Decimal("2.5"), "20260105", "00001", "100")


@pytest.mark.parametrize(("rounding", "vat"), [("down", 15), ("half_up", 16), ("up", 16)])
def test_tax_below_a_won_follows_the_setting(rounding, vat):
    """155 won have 15.5 won of tax."""
    assert form.vat_of(line(supply=Decimal(155)), settings(vat_rounding=rounding)) == vat
    assert form.vat_of(line(supply=Decimal(155)), settings(vat_percent=0.0)) == 0


@pytest.mark.parametrize("place", ["REMARKS", "U_MEMO1", "U_MEMO3", "P_REMARKS2"])
def test_our_key_stands_where_the_shop_wants_it(place):
    """And the line's own note stays in the remarks."""
    with books(changed={"key_field": place}) as (erp, client):
        enter(client, slip(), SystemClock())
        [saved] = erp.slips
        assert saved.key == "2601050229"
        assert saved.lines[0].remarks == ("2601050229 9*60" if place == "REMARKS" else "9*60")
        assert client.describe().key_field == place


def test_our_key_as_the_slips_own_number():
    """DOC_NO, where the tenant numbers by hand."""
    with books(changed={"key_field": "DOC_NO"}, form=Form(manual_numbers=True)) as (erp, client):
        enter(client, slip(), SystemClock())
        assert erp.slips[0].fields["DOC_NO"] == "2601050229"


@given(
    qty=st.decimals(0, 10**9, places=2, allow_nan=False),
    price=st.decimals(0, 10**9, places=4, allow_nan=False),
    supply=st.decimals(-(10**12), 10**12, places=0, allow_nan=False),
)
def test_a_row_says_exactly_what_the_line_says(qty, price, supply):
    """No figure changes on its way into text, and none has an exponent."""
    [row] = form.rows(form.checked(slip("2601050229", line(qty=qty, price=price, supply=supply)), settings()), settings())
    assert (Decimal(row["QTY"]), Decimal(row["PRICE"]), Decimal(row["SUPPLY_AMT"])) == (qty, price, supply)
    assert abs(Decimal(row["VAT_AMT"]) * 10 - supply) < 10
    assert all("E" not in row[name] for name in ("QTY", "PRICE", "SUPPLY_AMT", "VAT_AMT"))


def test_line_errors_reach_the_person_in_words():
    """Which line, and what the ERP said about it."""
    with books(form=Form(products={"Y1": "문틀"})) as (_, client):
        with pytest.raises(Refused) as caught:
            enter(client, slip(), SystemClock())
        assert "1번 라인: 품목코드 : 등록되지 않은 코드입니다. [Y123F0]" in caught.value.to("ko")
        assert b"ResultDetails" in caught.value.context["evidence"]


# -- the client: outcomes ---------------------------------------------------------------------------------------------------


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


# -- the client: the door ---------------------------------------------------------------------------------------------------


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


def test_an_address_without_a_place_for_the_host_is_misconfigured():
    """All zones on one host would send sessions to the wrong server."""
    with pytest.raises(Misconfigured, match="host"):
        EcountClient(settings(host="https://oapi.ecount.com"), FakeClock(), MemoryShelf(), MemoryTurnstile(FakeClock()))


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


# -- limits -----------------------------------------------------------------------------------------------------------------


def test_three_pcs_keep_the_ten_seconds_together():
    """Sixty slips from three PCs on one clock: the ERP turns nobody away, and nobody waits longer than needed."""
    clock = FakeClock(datetime.fromtimestamp(START, UTC))
    shelf, turnstile = MemoryShelf(), MemoryTurnstile(clock)
    with EcountSimulator(seed=7, now=lambda: clock.now().timestamp()) as erp:
        own = settings(erp, save_interval_s=10.0, slack_s=1.0)
        pcs = [EcountClient(own, clock, shelf, turnstile) for _ in range(3)]
        started = clock.monotonic()
        for n in range(20):
            turns = [pc.turn() for pc in pcs]
            for i, (pc, turn) in enumerate(zip(pcs, turns, strict=True)):
                clock.wait(turn.wait_s(clock.monotonic()))
                pc.post(slip(f"26010{n:02d}{i:03d}"), turn)
        assert len(erp.slips) == 60
        assert erp.state()["limits"]["turned_away"] == {}
        assert clock.monotonic() - started == pytest.approx(59 * 11.0)
        for pc in pcs:
            pc.close()


def test_a_turn_used_late_would_be_somebody_elses():
    """It is given back unused."""
    clock = FakeClock()
    with EcountSimulator(seed=7, now=lambda: clock.now().timestamp()) as erp:
        client = EcountClient(settings(erp, slack_s=1.0), clock, MemoryShelf(), MemoryTurnstile(clock))
        turn = client.turn()
        clock.advance(1.5)
        with pytest.raises(Transient, match="missed"):
            client.post(slip(), turn)
        assert erp.counts["save"] == 0
        client.close()


def test_being_turned_away_slows_everybody_down():
    """After a 412 the next booking is a whole interval away."""
    clock = FakeClock()
    shelf, turnstile = MemoryShelf(), MemoryTurnstile(clock)
    with EcountSimulator(seed=7, time_scale=FAST) as erp:
        one, other = (EcountClient(settings(erp, save_interval_s=10.0, slack_s=1.0), clock, shelf, turnstile) for _ in range(2))
        turn = one.turn()
        clock.advance(0.9)
        erp.set_fault("limit_412", count=1)
        with pytest.raises(Transient):
            one.post(slip(), turn)
        assert other.turn().wait_s(clock.monotonic()) == pytest.approx(11.0)
        for pc in (one, other):
            pc.close()


def test_a_used_up_day_is_not_tried():
    """The last call of the day told so; the next is refused here, until midnight in Seoul."""
    clock = FakeClock(datetime(2026, 1, 5, 12, tzinfo=UTC))
    with EcountSimulator(seed=7, time_scale=FAST, per_day=2, now=lambda: clock.now().timestamp()) as erp:
        client = EcountClient(settings(erp), clock, MemoryShelf(), FreeTurnstile(clock))
        for n in (1, 2):
            enter(client, slip(f"260105000{n}"), clock)
        assert (client.limits().today, client.limits().today_max) == (2, 2)
        with pytest.raises(Transient) as caught:
            enter(client, slip(), clock)
        assert caught.value.retry_after_s == 3 * 3600
        assert erp.counts["save"] == 2
        client.close()


def test_too_many_errors_in_a_row_pause_for_an_hour():
    """Thirty would close the hour for the whole company; we do not run into it again and again."""
    clock = FakeClock()
    with EcountSimulator(seed=7, time_scale=FAST) as erp:
        client = EcountClient(settings(erp), clock, MemoryShelf(), FreeTurnstile(clock))
        erp.limits.failures_per_hour = 3
        erp.limits.time_scale = 1.0
        erp.set_fault("all_failed")
        for n in range(3):
            erp.limits._last.clear()
            with pytest.raises(Refused):
                enter(client, slip(f"260105000{n}"), clock)
        assert (client.limits().failures, client.limits().failures_max) == (3, 3)
        with pytest.raises(Transient, match="errors in a row"):
            enter(client, slip(), clock)
        assert erp.counts["save"] == 3
        clock.advance(3601)
        with pytest.raises(Transient, match="too frequent"):
            enter(client, slip(), clock)
        client.close()


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("시간당 연속 오류 제한 건수 : 0/30건, 1일 허용량 : 5/5000건", (5, 5000, 0, 30)),
        ("시간당 연속 오류 제한 건수 : 1/30건, 1일 허용량 : 1,205/5,000건", (1205, 5000, 1, 30)),
        ("", None),
        ("some other words", None),
    ],
)
def test_the_counters_are_read_from_their_words(text, figures):
    """Numbers change over the years, the words less."""
    found = replies.quota(text)
    assert (found and (found.today, found.today_max, found.failures, found.failures_max)) == figures


# -- answers nobody has seen yet --------------------------------------------------------------------------------------------


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


NAMES = ("Data", "Status", "Error", "Errors", "SuccessCnt", "FailCnt", "ResultDetails", "SlipNos", "Code", "Datas")
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inside: st.lists(inside) | st.dictionaries(st.sampled_from(NAMES), inside),
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


# -- the wire ---------------------------------------------------------------------------------------------------------------


class OneAnswer(Simulator):
    """A server that answers as told, however long it is."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.route("POST", r"/x", lambda _: Response(body=b"x" * size))
        self.route("POST", r"/hop", self._hop)
        self.hops = 0

    def _hop(self, _request: Request) -> Response:
        self.hops += 1
        return Response.redirect("/x")


def test_a_redirect_is_an_answer():
    """It is not followed."""
    with OneAnswer(3) as server:
        wire = Wire(SystemClock())
        assert wire.post(f"{server.url}/hop", {}, 5.0).status == 302
        assert (server.hops, server.requests_served) == (1, 1)
        wire.close()


def test_an_endless_answer_is_broken_off():
    """More than any honest answer is not read."""
    with OneAnswer(9 * 1024 * 1024) as server:
        wire = Wire(SystemClock())
        with pytest.raises(Broken):
            wire.post(f"{server.url}/x", {}, 10.0)
        wire.close()


@pytest.fixture
def silent() -> Iterator[tuple[str, socket.socket]]:
    """A door that lets everybody in and says nothing."""
    listener = socket.create_server(("127.0.0.1", 0))
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/x", listener
    listener.close()


def test_a_server_that_drips_its_headers_is_cut_off(silent):
    """Each byte comes in time; the end comes in time all the same."""
    address, listener = silent

    def drip() -> None:
        connection, _ = listener.accept()
        try:
            while True:
                connection.sendall(b"H")
                threading.Event().wait(0.05)
        except OSError:
            connection.close()

    threading.Thread(target=drip, daemon=True).start()
    wire = Wire(SystemClock())
    with pytest.raises(Broken) as caught:
        wire.post(address, {}, 0.5)
    assert caught.value.late
    wire.close()


def test_nothing_is_sent_when_the_time_is_over_before_the_connection_stands(silent):
    """A name that took too long to look up must not lead to a call that arrives after the lease is gone."""
    address, listener = silent

    class Jumping(SystemClock):
        """The time is over as soon as somebody looks a second time."""

        looks = 0

        def monotonic(self) -> float:
            """Jump."""
            self.looks += 1
            return super().monotonic() + (100.0 if self.looks > 1 else 0.0)

    wire = Wire(Jumping())
    with pytest.raises(NotSent):
        wire.post(address, {"secret": 1}, 5.0)
    listener.settimeout(5)
    connection, _ = listener.accept()
    connection.settimeout(5)
    assert connection.recv(100) == b""
    connection.close()
    wire.close()


def test_a_certificate_that_is_not_valid_stops_for_a_person(monkeypatch):
    """Nothing was sent, and trying again would not help."""
    clock = SystemClock()
    client = EcountClient(settings(zone="CC"), clock, MemoryShelf(), MemoryTurnstile(clock))

    def refuse(*_: object) -> Reply:
        raise NotSent("ConnectError", certificate=True)

    monkeypatch.setattr(client._wire, "post", refuse)
    with pytest.raises(ContractBroken):
        client.turn()
    client.close()


def test_every_fault_of_the_erp_is_met_by_the_client():
    """What the simulator can do to us, some test here lets it do."""
    source = Path(__file__).read_text("utf-8")
    assert {name for name in EcountSimulator.FAULTS if f'"{name}"' not in source} == set()


# -- what is shared ---------------------------------------------------------------------------------------------------------


def test_each_booking_has_a_moment_of_its_own():
    """A queue on one clock; holding moves the next, not those already given."""
    clock = FakeClock()
    gate = MemoryTurnstile(clock)
    assert [gate.book("a", 10.0) for _ in range(3)] == [0.0, 10.0, 20.0]
    assert gate.book("b", 10.0) == 0.0
    gate.hold("a", 5.0)
    assert gate.book("a", 10.0) == 30.0
    clock.advance(100)
    gate.hold("a", 5.0)
    assert gate.book("a", 10.0) == 5.0


def test_taking_is_now_or_never():
    """A gate that is not free says how long, and nothing is booked by asking."""
    clock = FakeClock()
    gate = MemoryTurnstile(clock)
    assert gate.take("a", 600.0) == 0.0
    assert [gate.take("a", 600.0) for _ in range(3)] == [600.0] * 3
    clock.advance(600)
    assert gate.take("a", 600.0) == 0.0
    gate.release("a")
    assert gate.take("a", 600.0) == 0.0


def test_a_late_farewell_does_not_throw_out_the_new_session():
    """A PC that learns late of the old session's end leaves the newer one where it is."""
    shelf = MemoryShelf()
    old, new = (Session("CC", Secret(name), datetime(2026, 1, 5, tzinfo=UTC)) for name in ("old", "new"))
    shelf.keep("a", old)
    shelf.keep("a", new)
    shelf.drop("a", old)
    assert shelf.session("a") == new
    shelf.count_failure("a")
    shelf.forgive("a")
    assert (shelf.failures("a"), shelf.zone("a")) == (0, "")
