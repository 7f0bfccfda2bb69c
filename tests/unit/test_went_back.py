"""A database that went back while agents run: nothing is sent into what it has forgotten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from onbam.claims.asks import Grant, New, Progress
from onbam.claims.model import Agent, Phase, State
from onbam.claims.ports import Memory
from onbam.claims.stores.sheet.log import LOG_PREFIX
from onbam.journal.model import Line
from onbam.kernel.errors import ContractBroken
from onbam.orders.history_file import completed_in
from onbam.orders.model import order_ref
from onbam.orders.pauses import ALL
from onbam.orders.went_back import FILE, NOTICE, SENDING, StoreLines, WentBack
from support.order_world import NUMBER, ZONE, World, order
from support.sheet_stand import SheetStand

OTHER = "2601130231"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """An empty shop."""
    return World(tmp_path, together=True)


def went_back(world: World, name: str = "PC-A", history: Path | None = None) -> WentBack:
    """The note of one PC, as its program starts."""
    (world.home / name).mkdir(exist_ok=True)
    return WentBack(
        world.home / name / FILE,
        world.journal,
        world.store,
        world.pauses,
        world.notices,
        lambda: [] if history is None else completed_in(history),
        zone=ZONE,
    )


def sent(world: World, number: str = NUMBER) -> None:
    """Some PC is allowed to send."""
    world.journal.append([Line(SENDING, "order", number, "agent:PC-B_192.168.1.101")])


def goes_back(world: World) -> None:
    """The database is put back to a time before anything was in it."""
    world.journal._entries.clear()


def test_a_database_that_knows_what_was_sent_is_no_trouble(world: World) -> None:
    """Asked again and again, by programs that start anew too."""
    first = went_back(world)
    first()
    sent(world)
    first()
    went_back(world)()
    assert world.pauses.standing() == []


def test_other_lines_that_are_gone_are_no_trouble(world: World) -> None:
    """An update that was taken back loses lines, and nothing was sent meanwhile: work goes on."""
    note = went_back(world)
    note()
    world.journal.append([Line("machine.joined", "machine", "PC-A", "system:keeper")])
    note()
    goes_back(world)
    note()
    went_back(world)()
    assert world.pauses.standing() == []


def test_a_permission_that_is_gone_stops_every_pc(world: World) -> None:
    """Also where other lines stand in its place by now."""
    note = went_back(world)
    note()
    sent(world)
    note()
    goes_back(world)
    sent(world, OTHER)
    world.later(seconds=5)
    went_back(world)()
    assert [stop.scope for stop in world.pauses.standing()] == [ALL]
    assert "earlier one" in world.inbox()[NOTICE]


def test_the_permission_is_noted_before_the_first_byte(world: World) -> None:
    """What leaves the house is in the note already, so that a process that dies in the call has it."""
    world.place()
    pc = world.pc(went_back=went_back(world))
    pc.take_in()
    noted: list[str] = []
    world.erp.during = lambda: noted.append((world.home / "PC-A" / FILE).read_text("utf-8"))
    pc.work()
    assert [json.loads(text)["line"].split()[1] for text in noted] == [f"order:{NUMBER}"]


def test_a_database_that_goes_back_under_a_running_agent_gets_nothing_sent(world: World) -> None:
    """The server came back with yesterday's rows between two orders: the next one is not sent."""
    pc = world.pc(went_back=went_back(world))
    world.place()
    pc.take_in()
    pc.work()
    assert world.slips() == [NUMBER]
    goes_back(world)
    world.place(order(OTHER))
    pc.take_in()
    pc.work()
    assert world.slips() == [NUMBER]
    assert world.state(OTHER) is State.WAITING


def test_a_person_ends_the_stop_and_the_notice_with_it(world: World) -> None:
    """Once looked at, it goes on; it is not said a second time."""
    note = went_back(world)
    note()
    sent(world)
    note()
    goes_back(world)
    note()
    world.pauses.lift(ALL, who="person:kim", why="looked at")
    note.step(world.clock.now())
    assert world.inbox() == {}
    assert world.pauses.standing() == []


def test_what_the_history_file_knows_is_completed_again(world: World, tmp_path: Path) -> None:
    """Unknown orders are remembered, known ones are completed under their slip; an older robot's entries prove nothing."""
    entry = {"order_id": NUMBER, "status": "completed", "completed_at": "2026-01-13T09:00:00+09:00", "locked_by": "PC-B_1"}
    entries = {
        NUMBER: {**entry, "slip": "20260113-1"},
        OTHER: {**entry, "order_id": OTHER, "slip": "20260113-2"},
        "2601130233": {"order_id": "2601130233", "status": "completed"},
    }
    file = tmp_path / "v10_history.json"
    file.write_text(json.dumps({"processed": entries}))
    assert [memory.receipt for memory in completed_in(file)] == ["20260113-1", "20260113-2"]
    note = went_back(world, history=file)
    note()
    sent(world)
    note()
    goes_back(world)
    world.store.add([New(order_ref(NUMBER))])
    note()
    found = {item.key: (item.state, item.receipt) for item in world.store.get([order_ref(NUMBER), order_ref(OTHER)]) if item}
    assert found == {NUMBER: (State.COMPLETED, "20260113-1"), OTHER: (State.COMPLETED, "20260113-2")}


def test_a_sheet_whose_hidden_record_is_gone_stops_this_pc(tmp_path: Path) -> None:
    """Deleted while nobody worked: the PC that starts first misses what it saw, and tells the new one what it knows."""
    stand, world = SheetStand(), World(tmp_path)

    def starts() -> WentBack:
        store = stand.open()
        done = [Memory(order_ref(NUMBER), State.COMPLETED, 1, receipt="20260113-1")]
        rest = (world.pauses, world.notices, lambda: done)
        return WentBack(tmp_path / FILE, StoreLines(store), store, *rest, zone=ZONE, sheet_of="PC-A-7k2m")

    first, store = starts(), stand.open()
    first()
    agent = Agent("PC-B-1", "PC-B-1/agent/1", "PC-B", "192.168.1.101")
    [grant] = store.claim_many(agent, [order_ref(NUMBER)])
    assert isinstance(grant, Grant)
    store.advance([Progress(grant.item.fence, phase=Phase.SENDING, need_ms=1000)])
    stand.pass_time(10)
    first()
    starts()()
    assert world.pauses.standing() == []
    stand.delete(LOG_PREFIX)
    starts()()
    assert [stop.scope for stop in world.pauses.standing()] == ["PC-A-7k2m"]
    [known] = stand.open().get([order_ref(NUMBER)])
    assert known is not None
    assert known.state is State.COMPLETED


def test_a_running_pc_makes_no_new_record_for_one_that_was_deleted() -> None:
    """With an empty one in its place every order would be new again: it says so, and takes none."""
    stand = SheetStand()
    store = stand.open()
    store.add([New(order_ref(NUMBER))])
    stand.delete(LOG_PREFIX)
    stand.pass_time(10)
    with pytest.raises(ContractBroken, match="gone"):
        store.add([New(order_ref(OTHER))])


@pytest.mark.parametrize("text", ["", "{", "[]", '{"processed": []}', '{"processed": {"1": {"order_id": 5}}}'])
def test_a_damaged_history_file_tells_nothing(tmp_path: Path, text: str) -> None:
    """It is read for what is certain in it."""
    file = tmp_path / "v10_history.json"
    file.write_text(text)
    assert completed_in(file) == []


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"position": 3}', '{"position": 3, "line": "x"}', '{"position": 0, "line": "0"}']
)
def test_a_damaged_note_is_none(world: World, text: str) -> None:
    """It begins anew and stops nobody."""
    note = went_back(world)
    (world.home / "PC-A" / FILE).write_text(text)
    note()
    sent(world)
    note()
    assert world.pauses.standing() == []
    assert json.loads((world.home / "PC-A" / FILE).read_text("utf-8"))["position"] == 1
