"""Which failures count against the program, so that the guard starts it anew, and which are an order's or the outside's."""

from __future__ import annotations

from pathlib import Path

import pytest

from onbam.claims.model import State
from onbam.kernel.beats import NoBeats
from onbam.kernel.errors import Refused, Transient
from support.order_world import PRODUCTS, Pc, World, book_of, order

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


def test_orders_the_supplier_has_no_document_for_are_no_failures_of_the_program(world: World, beats: Counted) -> None:
    """He refuses each, and another process would hear the same."""
    pc = seen(world, beats)
    for _ in NUMBERS:
        world.portal.fail(Refused("there is no such document"))
    pc.work()
    assert {world.state(number) for number in NUMBERS} == {State.PARKED}
    assert beats.in_a_row == 0


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
