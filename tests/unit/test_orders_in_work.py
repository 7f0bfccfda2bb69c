"""Only an order that was being worked on is blamed for a crash."""

from __future__ import annotations

from pathlib import Path

import pytest

from onbam.claims.model import State, Terms
from onbam.connectors.portal.contract import Document, Entry
from onbam.orders.in_work import SLOT_BYTES, InWork
from onbam.orders.model import order_ref
from support.order_world import Killed, Pc, World, order

NUMBERS = [f"26011302{n:02}" for n in range(1, 5)]
POISON = NUMBERS[1]


class Shop(World):
    """A PC that is started again in the same seat, and one order whose document ends the program that opens it."""

    deaths = 0

    def boot(self) -> Pc:
        """The next start on the PC."""
        return self.pc(in_work=InWork(self.home / "agent.orders"))

    def runs_until_it_dies(self, pc: Pc) -> bool:
        """Work; true when the program ended in the middle."""
        try:
            pc.work()
        except Killed:
            self.deaths += 1
            return True
        return False


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Four orders, all of them in one PC's hands at once."""
    shop = Shop(tmp_path)
    for number in NUMBERS:
        shop.place(order(number))
    document = shop.portal.document

    def opened(entry: Entry) -> Document:
        if entry.number == POISON:
            raise Killed
        return document(entry)

    monkeypatch.setattr(shop.portal, "document", opened)
    return shop


def test_three_crashes_park_the_one_order_and_not_its_neighbours(shop: Shop) -> None:
    """They were held at each of the crashes and had not begun, or waited for their turn: they are entered."""
    pc = shop.boot()
    pc.take_in()
    while shop.runs_until_it_dies(pc):
        assert shop.deaths <= Terms().poison_after, "it ends at the third"
        pc = shop.boot()
    assert shop.deaths == Terms().poison_after
    assert shop.state(POISON) is State.PARKED
    others = [number for number in NUMBERS if number != POISON]
    assert {shop.state(number) for number in others} == {State.COMPLETED}
    assert {shop.item(number).crashes for number in others} == {0}
    assert sorted(shop.slips()) == others


def test_what_had_not_begun_is_free_at_once(shop: Shop) -> None:
    """Another PC need not wait for the lease of a process that is gone."""
    pc = shop.boot()
    pc.take_in()
    assert shop.runs_until_it_dies(pc)
    shop.boot()
    assert shop.item(POISON).crashes == 1
    assert {shop.state(number) for number in NUMBERS[2:]} == {State.WAITING}


def test_without_the_file_every_order_in_hand_is_counted(shop: Shop) -> None:
    """Nobody knows what the process was at: a crash counts against all it held, as for a PC that never comes back."""
    pc = shop.boot()
    pc.take_in()
    assert shop.runs_until_it_dies(pc)
    held = [number for number in NUMBERS if shop.state(number) is State.PROCESSING]
    assert len(held) > 1
    (shop.home / "agent.orders").unlink()
    shop.boot()
    assert {shop.item(number).crashes for number in held} == {1}


def test_what_is_in_work_is_written_and_taken_back(tmp_path: Path) -> None:
    """A line for each strand; the next start reads what the last one left standing."""
    path = tmp_path / "run" / "agent.orders"
    first = InWork(path)
    assert first.begun is None
    first.begin("preparing", order_ref("2601130201"))
    first.begin("entering", order_ref("2601130202"))
    assert InWork(path).begun == {"order:2601130201", "order:2601130202"}
    first.end("preparing")
    assert InWork(path).begun == {"order:2601130202"}
    first.end("entering")
    first.close()
    assert InWork(path).begun == frozenset()


@pytest.mark.parametrize("content", [b"", b"\0" * 5000, b"\xff\xfe" * 3000, b"x" * (3 * SLOT_BYTES)])
def test_a_broken_file_blames_nobody_who_was_not_named(tmp_path: Path, content: bytes) -> None:
    """What a power cut left is no order's name, and no trouble."""
    path = tmp_path / "agent.orders"
    path.write_bytes(content)
    left = InWork(path)
    assert left.begun is not None
    assert not any(name.startswith("order:") for name in left.begun)
    left.begin("preparing", order_ref("2601130201"))
    assert "order:2601130201" in (InWork(path).begun or ())
    left.close()


def test_a_place_that_cannot_be_written_is_nobodys_trouble(tmp_path: Path) -> None:
    """The work goes on; the next crash is counted as if there were no file."""
    (tmp_path / "file").write_text("in the way", "ascii")
    nowhere = InWork(tmp_path / "file" / "agent.orders")
    nowhere.begin("preparing", order_ref("2601130201"))
    nowhere.end("preparing")
    assert InWork(tmp_path / "file" / "agent.orders").begun is None
