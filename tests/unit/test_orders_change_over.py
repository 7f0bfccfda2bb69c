"""The settings name another place that decides: nothing that was entered under the earlier one is entered again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from onbam.bootstrap import Onbam
from onbam.claims.model import State
from onbam.claims.ports import Memory
from onbam.claims.stores.memory import MemoryStore
from onbam.effects.model import Outcome
from onbam.kernel.errors import Misconfigured, Transient
from onbam.orders.change_over import DATABASE, FILE, change_over
from onbam.orders.model import order_ref
from support.order_world import NUMBER, Killed, World

SHEET = "sheet:1abc"
DONE = [Memory(order_ref(NUMBER), State.COMPLETED, 1_768_262_400_000, holder="PC-A_192.168.1.100", receipt="20260113-1")]


@pytest.fixture
def world(tmp_path: Path) -> World:
    """An empty shop."""
    return World(tmp_path)


def change(world: World, decides: str, store: MemoryStore, done: Sequence[Memory] = DONE) -> int:
    """This PC begins to work where this place decides."""
    return change_over(world.home / FILE, decides, store, world.ledger, lambda: done, "completed before")


def test_a_sheet_learns_what_was_completed_while_the_database_decided(world: World) -> None:
    """Once: a second start has nothing to tell, and a first one on a new PC neither."""
    sheet = MemoryStore(world.clock, world.terms, world.journal)
    assert [change(world, DATABASE, world.store), change(world, SHEET, sheet), change(world, SHEET, sheet)] == [0, 1, 0]
    [known] = sheet.get([order_ref(NUMBER)])
    assert known is not None
    assert (known.state, known.receipt) == (State.COMPLETED, "20260113-1")


def test_a_place_that_does_not_answer_is_told_at_the_next_start(world: World) -> None:
    """Until it knows, nothing is written down."""
    change(world, DATABASE, world.store)

    class Away(MemoryStore):
        def remember(self, memories: Sequence[Memory]) -> None:  # type: ignore[override]
            raise Transient("away")

    with pytest.raises(Transient):
        change(world, SHEET, Away(world.clock, world.terms, world.journal))
    assert change(world, SHEET, MemoryStore(world.clock, world.terms, world.journal)) == 1


def test_nobody_changes_over_while_an_order_is_in_doubt(world: World) -> None:
    """Its lease stays behind, and the new place would take the doubt for an overtaken try: it is settled first."""
    pc = world.found()
    world.erp.kill_after = True
    with pytest.raises(Killed):
        pc.work()
    change(world, DATABASE, world.store, [])
    with pytest.raises(Misconfigured, match=NUMBER):
        change(world, SHEET, world.store, [])
    [one] = world.ledger.doubts()
    world.ledger.tell(one.key, one.number, Outcome.RECEIPT, receipt="20260113-1")
    assert change(world, SHEET, world.store, []) == 0


def test_the_agent_looks_before_it_takes_its_seat(tmp_path: Path) -> None:
    """Back from a sheet to the database: what this PC's history file tells is completed there."""
    entry = {"order_id": NUMBER, "completed_at": "2026-01-13T09:00:00+09:00", "locked_by": "PC-B_1", "slip": "20260113-1"}
    (tmp_path / "v10_history.json").write_text(json.dumps({"processed": {NUMBER: entry}}))
    with Onbam(tmp_path, {}) as onbam:
        onbam.data.mkdir(exist_ok=True)
        (onbam.data / FILE).write_text(f"{SHEET}\n")
        onbam._change_over()
        [known] = onbam.claims.get([order_ref(NUMBER)])
        assert known is not None
        assert (known.state, (onbam.data / FILE).read_text("utf-8")) == (State.COMPLETED, f"{DATABASE}\n")
