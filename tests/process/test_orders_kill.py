"""Real agents that are killed in the middle of an order; what another PC makes of it, and what stands in the ERP."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from onbam.claims.model import State
from onbam.cli.demo_death import POINTS
from onbam.orders.model import order_ref
from support.freezing import freeze
from support.nursery import Nursery
from support.order_shop import HURRIED, Shop, come_to, item, open_shop, states, told
from support.waiting import until

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="forks its processes"),
    pytest.mark.timeout(300),
]


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    """Where agents come from."""
    with Nursery("support.order_life") as opened:
        yield opened


@pytest.fixture
def shop(tmp_path: Path, nursery: Nursery) -> Iterator[Shop]:
    """A shop with one order."""
    with open_shop(tmp_path, nursery, orders=1) as opened:
        yield opened


def test_killed_in_the_middle_of_a_download_another_pc_takes_over(shop: Shop) -> None:
    """The paper had come and nothing was kept: another PC fetches it and enters it, once."""
    shop.dies("PC-A", download=1)
    with shop.at_work("PC-B"), shop.open() as onbam:
        come_to(onbam, {State.COMPLETED}, count=1)
        [number] = shop.slips()
        assert item(onbam, number).holder.startswith("PC-B_")


@pytest.mark.parametrize(("point", "slips"), [("sending", 0), ("saved", 1)])
def test_killed_in_the_middle_of_an_upload_a_person_is_asked(shop: Shop, point: str, slips: int) -> None:
    """Whether the ERP has it or not, nobody sends it again; a notice says so; settled by what stands there, it is done."""
    shop.dies("PC-A", **{point: 1})
    with shop.at_work("PC-B"), shop.open() as onbam:
        [number] = come_to(onbam, {State.UNCERTAIN}, count=1)
        told(onbam, f"uncertain:order:{number}")
        assert len(shop.slips()) == slips
        if slips:
            onbam.settler.there(order_ref(number), receipt=shop.erp.slips[0].number, who="person:kim", why="it is there")
            come_to(onbam, {State.COMPLETED}, count=1)
    assert len(shop.slips()) == slips


def test_killed_before_completed_the_receipt_completes_it(shop: Shop) -> None:
    """The receipt was written down: the order is completed from the ledger, without a person and without a second slip."""
    shop.apart = True
    shop.dies("PC-A", receipt=1)
    with shop.open() as onbam:
        assert set(states(onbam).values()) == {State.PROCESSING}
    with shop.at_work("PC-B"), shop.open() as onbam:
        come_to(onbam, {State.COMPLETED}, count=1)
        [number] = shop.slips()
        assert item(onbam, number).receipt == shop.erp.slips[0].number


def test_killed_after_the_receipt_nothing_is_left_to_do(shop: Shop) -> None:
    """Where ledger and leases lie together, receipt and end are one step: there is no moment between them to die in."""
    shop.dies("PC-A", receipt=1)
    with shop.open() as onbam:
        [number] = shop.slips()
        assert states(onbam) == {number: State.COMPLETED}
        assert item(onbam, number).receipt == shop.erp.slips[0].number


def test_killed_at_every_step_no_order_is_entered_twice_or_lost(tmp_path: Path, nursery: Nursery) -> None:
    """One PC dies at each place there is; afterwards every order is completed or in front of a person."""
    with open_shop(tmp_path, nursery, orders=14) as shop:
        for point in POINTS:
            shop.dies("PC-A", **{point: 1})
        with shop.at_work("PC-A"), shop.at_work("PC-B"), shop.open() as onbam:
            found = come_to(onbam, {State.COMPLETED, State.UNCERTAIN}, count=14)
        assert shop.deaths == list(POINTS)
        doubtful = {number for number, state in found.items() if state is State.UNCERTAIN}
        assert max(Counter(shop.slips()).values()) == 1
        assert len(doubtful) == 3, "what might be sent from now on, what was being sent, and what was saved and not noted"
        assert {number for number in found if number not in doubtful} <= set(shop.slips())


def test_a_frozen_pc_comes_back_to_a_lease_that_is_gone(tmp_path: Path, nursery: Nursery) -> None:
    """Stopped for longer than its lease with orders in hand, it writes nothing of them afterwards."""
    with open_shop(tmp_path, nursery, orders=6) as shop:
        shop.home("PC-A", **HURRIED)
        sleeper = shop.start("PC-A")
        try:
            until(shop.slips, what="PC-A has entered one")
            freeze(sleeper, shop.environ["ONBAM_DATABASE_URL"])
            with shop.at_work("PC-B"), shop.open() as onbam:
                come_to(onbam, {State.COMPLETED, State.UNCERTAIN}, count=6)
                sleeper.send_signal(signal.SIGCONT)
                sleeper.send_signal(signal.SIGTERM)
                until(lambda: sleeper.poll() is not None, what="PC-A has ended")
                found = come_to(onbam, {State.COMPLETED, State.UNCERTAIN}, count=6)
        finally:
            sleeper.kill()
        assert max(Counter(shop.slips()).values()) == 1
        assert {number for number, state in found.items() if state is State.COMPLETED} <= set(shop.slips())
