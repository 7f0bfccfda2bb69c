"""All PCs of a company keep the ERP's limits together."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from onbam.connectors.ecount import replies
from onbam.connectors.ecount.client import EcountClient
from onbam.connectors.ecount.contract import Session
from onbam.connectors.ecount.shared import MemoryShelf, MemoryTurnstile
from onbam.kernel.clock import FakeClock
from onbam.kernel.errors import (
    Refused,
    Transient,
)
from onbam.kernel.settings import Secret
from onbam_sims.ecount import EcountSimulator
from support.erp_stand import FAST, FreeTurnstile, enter, settings, slip
from support.hands import START


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


# -- what is shared -------------------------------------------------------------------------------------------------------


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
