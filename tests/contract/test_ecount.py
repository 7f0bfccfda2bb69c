"""The ERP's contract, held by the fake and by the client on the simulator alike; and what a client sends."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onbam.connectors.ecount import form
from onbam.connectors.ecount.client import EcountClient
from onbam.connectors.ecount.contract import Erp, Slip, Turn
from onbam.connectors.ecount.fake import FakeErp
from onbam.connectors.ecount.shared import MemoryShelf
from onbam.kernel.clock import SystemClock
from onbam.kernel.errors import (
    OutcomeUnknown,
    Refused,
    Transient,
)
from onbam_sims.ecount import EcountSimulator, Form, Options
from onbam_sims.ecount.replies import RESULT_SHAPES
from support.erp_stand import FAST, FreeTurnstile, books, enter, line, settings, slip

# -- the contract ---------------------------------------------------------------------------------------------------------


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


def test_what_is_about_to_be_sent_is_what_is_sent(monkeypatch: pytest.MonkeyPatch):
    """The draft is the body of the call, byte for byte in meaning; what lets us in is in the address only."""
    clock, sent = SystemClock(), []
    with EcountSimulator(seed=7, time_scale=FAST) as books:
        client = EcountClient(settings(books), clock, MemoryShelf(), FreeTurnstile(clock))
        wire = client._wire
        post = wire.post
        monkeypatch.setattr(wire, "post", lambda url, body, hard_s: sent.append((url, body)) or post(url, body, hard_s))
        draft = client.draft(slip())
        enter(client, slip(), clock)
        client.close()
    url, body = sent[-1]
    assert json.loads(draft) == body
    session = url.partition("SESSION_ID=")[2]
    assert session
    assert session not in draft.decode()


def test_a_slip_that_cannot_be_entered_has_no_draft(world: World):
    """More lines than one call may have are refused before a turn is booked."""
    with pytest.raises(Refused):
        world.erp.draft(slip(lines=tuple(line() for _ in range(301))))


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


# -- what is sent ---------------------------------------------------------------------------------------------------------


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
