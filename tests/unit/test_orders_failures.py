"""Which failures count against the program, so that the guard starts it anew, and which are an order's or the outside's."""

from __future__ import annotations

from pathlib import Path

import pytest

from onbam.claims.model import State
from onbam.kernel.beats import NoBeats
from onbam.kernel.errors import ContractBroken, Refused, Transient
from support.order_world import PRODUCTS, Pc, World, book_of, lines_of, order

NUMBERS = [f"26011302{n:02}" for n in range(1, 6)]


class Counted(NoBeats):
    """Counts failures in a row, as the program's beats do."""

    def __init__(self) -> None:
        self.in_a_row = 0

    def error(self, what: str) -> None:
        """One more."""
        del what
        self.in_a_row += 1

    def well(self) -> None:
        """None so far."""
        self.in_a_row = 0


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def beats() -> Counted:
    return Counted()


def seen(world: World, beats: Counted) -> Pc:
    """A PC that has seen five orders in the ledger."""
    for number in NUMBERS:
        world.place(order(number))
    pc = world.pc(beats=beats)
    pc.take_in()
    return pc


def test_orders_that_wait_for_a_person_are_no_failures_of_the_program(world: World, beats: Counted) -> None:
    """Five orders of a new product line: a restart would not teach anybody its codes."""
    world.book = book_of(skip=[product.code for product in PRODUCTS])
    seen(world, beats).work()
    assert [world.state(number) for number in NUMBERS] == [State.PARKED] * 5
    assert beats.in_a_row == 0


def test_the_same_no_to_one_order_after_the_other_is_the_connectors(world: World, beats: Counted) -> None:
    """The first three are a person's; then one notice speaks for all, and the others go in once the site answers again."""
    pc = seen(world, beats)
    for _ in range(8):
        world.portal.fail(Refused("there is no such document"))
    pc.work(seconds=60.0)
    states = [world.state(number) for number in NUMBERS]
    assert (states.count(State.PARKED), states.count(State.FAILED), states.count(State.WAITING)) == (3, 1, 1)
    assert sum(key.startswith("parked:") for key in world.inbox()) == 3
    assert "there is no such document" in world.inbox()["alike:portal"]
    assert beats.in_a_row == 0
    world.portal._troubles.clear()
    pc.work(seconds=1200.0)
    assert len(world.slips()) == 2
    assert "alike:portal" not in world.inbox()


def test_a_redesigned_document_parks_three_orders_and_not_the_whole_morning(world: World, beats: Counted) -> None:
    """Each lacks the column of the amounts, and each has other figures: what is wrong with the page is the same."""
    for n, number in enumerate(NUMBERS):
        world.place(order(number, lines=lines_of(n + 1)), without_column="금액")
    pc = world.pc(beats=beats)
    pc.take_in()
    pc.work(seconds=60.0)
    assert [world.state(number) for number in NUMBERS].count(State.PARKED) == 3
    assert world.inbox()["alike:portal"].endswith("The column '금액' is missing.")
    for n, number in enumerate(NUMBERS):
        world.place(order(number, lines=lines_of(n + 1)))
    pc.work(seconds=1200.0)
    assert len(world.slips()) == 2
    assert "alike:portal" not in world.inbox()


def test_a_wrong_setting_parks_three_orders_and_not_the_whole_morning(world: World, beats: Counted) -> None:
    """The ERP refuses each slip for the same reason, until somebody has put it right."""
    pc = seen(world, beats)
    world.erp.meet(*["refused"] * 8)
    pc.work(seconds=90.0)
    assert [world.state(number) for number in NUMBERS].count(State.PARKED) == 3
    assert "PROD_CD" in world.inbox()["alike:erp"]
    world.erp._accidents.clear()
    pc.work(seconds=3600.0)
    assert len(world.slips()) == 2
    assert "alike:erp" not in world.inbox()


def test_different_answers_are_the_orders_own(world: World, beats: Counted) -> None:
    """Each is a person's, however many; so is the same one with an order in between whose document was read."""
    pc = seen(world, beats)
    for n in range(5):
        world.portal.fail(ContractBroken(f"page {n} is not what we know"))
    pc.work()
    assert [world.state(number) for number in NUMBERS] == [State.PARKED] * 5
    assert "alike:portal" not in world.inbox()


def test_a_connector_that_is_away_is_told_of_and_counts_no_further(world: World, beats: Counted) -> None:
    """Until it is known to be away it may be us; then it rests, and nothing is restarted for it."""
    pc = seen(world, beats)
    for _ in range(30):
        world.portal.fail(Transient("not this time"))
    pc.work(seconds=3600.0)
    assert "connector:portal" in world.inbox()
    assert beats.in_a_row == 2


def test_b23_what_keeps_failing_in_the_program_itself_counts(
    world: World, beats: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three bugs in a row: a fresh process may know better; a success in between begins anew."""
    pc = seen(world, beats)

    def broken(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr(pc.robot.preparing._attempts._flow, "_form", broken)
        for _ in range(3):
            pc.robot.preparing.step(world.clock.now())
    assert beats.in_a_row == 3
    pc.work()
    assert beats.in_a_row == 0
