"""The agent's services: when the ledger is looked at, what is counted, what older scripts read, how a stop is kept."""

from __future__ import annotations

import itertools
import json
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from onbam.claims.asks import Command, New
from onbam.claims.history import import_history
from onbam.claims.model import Act, State
from onbam.claims.stores.memory import MemoryStore
from onbam.database import trouble
from onbam.database.settings import DatabaseSettings
from onbam.journal.memory import MemoryJournal
from onbam.kernel.chance import Chance
from onbam.kernel.clock import FakeClock, SystemClock
from onbam.kernel.errors import ContractBroken, CredentialsRejected, Misconfigured, OnbamError, Refused, Transient
from onbam.kernel.words import plain
from onbam.notices.stores.memory import MemoryNotices
from onbam.orders.health import Health
from onbam.orders.history_file import ENTRIES_MAX, HistoryFile
from onbam.orders.marks import RELOGIN, WANTED
from onbam.orders.model import order_ref
from onbam.orders.stores.robot_memory import MemoryMarks
from onbam.orders.work import due_s, most_in_hand
from support.order_world import NUMBER, ZONE, Pc, World, order, paper

OTHER = "2601130231"
MORNING = datetime(2026, 1, 12, 21, 0, tzinfo=UTC)
"""06:00 in Seoul, a Tuesday."""


@pytest.fixture
def world(tmp_path: Path) -> World:
    """An empty shop."""
    return World(tmp_path)


def at(world: World, moment: datetime) -> None:
    """The clocks go to this moment."""
    world.clock.jump((moment - world.clock.now()).total_seconds())


class Looks:
    """Counts the looks of some PCs."""

    def __init__(self, world: World, *pcs: Pc) -> None:
        self.world, self.pcs = world, pcs
        self.at: list[str] = []
        for pc in pcs:
            ledgers = pc.robot.sweeping._ledgers
            ledgers.look = self._counted(ledgers.look)  # type: ignore[method-assign]

    def _counted(self, look: Any) -> Any:
        def counted() -> Any:
            self.at.append(self.world.clock.now().astimezone(ZONE).strftime("%H:%M"))
            return look()

        return counted

    def pass_time(self, hours: float) -> None:
        """Every PC's sweep, step by step."""
        ends = self.world.clock.monotonic() + hours * 3600
        while self.world.clock.monotonic() < ends:
            now = self.world.clock.now()
            pauses = [pc.robot.sweeping.step(now) for pc in self.pcs]
            self.world.clock.advance(max(30.0, min(pauses)))


def test_a_single_turn_does_not_end_while_orders_are_being_taken(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet answers seconds after they are ours: nothing waits any more, nothing is in hand yet, and it is not the end."""
    pc = world.pc()
    robot, claim = pc.robot, world.store.claim_due
    robot.preparing.step(world.clock.now())
    robot.sweeping.looked.set()
    assert robot.is_through()
    world.place()
    pc.take_in()
    seen: list[bool] = []

    def slowly(*asked: Any, **how: Any) -> Any:
        given = claim(*asked, **how)
        seen.append(robot.is_through())
        return given

    monkeypatch.setattr(world.store, "claim_due", slowly)
    robot.preparing.step(world.clock.now())
    assert seen == [False]


@pytest.mark.parametrize("trouble", [Transient("away"), Misconfigured("moved")])
def test_an_agent_ends_without_a_word_to_a_store_that_is_gone(
    world: World, monkeypatch: pytest.MonkeyPatch, trouble: OnbamError
) -> None:
    """The database was moved, or is away: what it holds ends by itself, and the stop is a clean one."""
    pc = world.pc()
    world.place()
    pc.take_in()
    robot = pc.robot
    robot.claims.take_due(["order"], 1)
    assert robot.claims.held

    def gone(*_: Any, **__: Any) -> Any:
        raise trouble

    monkeypatch.setattr(world.store, "release", gone)
    assert robot.stop()


# -- when -------------------------------------------------------------------------------------------------------------------


def test_the_ledger_is_looked_at_on_the_half_hours_of_business(world: World) -> None:
    """06:00, 06:30, … 17:30, and not after 18:00."""
    at(world, MORNING - timedelta(minutes=10))
    looks = Looks(world, world.pc())
    looks.pass_time(14)
    assert looks.at == [f"{hour:02}:{minute}" for hour in range(6, 18) for minute in ("00", "30")]


def test_of_several_pcs_one_looks_for_all(world: World) -> None:
    """They share the mark of the last look."""
    at(world, MORNING - timedelta(minutes=10))
    looks = Looks(world, world.pc(), world.pc("PC-B"), world.pc("PC-C"))
    looks.pass_time(2)
    assert looks.at == ["06:00", "06:30", "07:00", "07:30"]


def test_each_look_begins_a_cycle_by_its_hour(world: World) -> None:
    """The log of a shop that keeps one file for each cycle is told the shop's hour."""
    at(world, MORNING - timedelta(minutes=10))
    cycles: list[str] = []
    Looks(world, world.pc(cycle=cycles.append)).pass_time(1.5)
    assert cycles == ["0600", "0630", "0700"]


def test_a_person_s_wish_for_one_look_is_obeyed_at_any_hour(world: World) -> None:
    """`--once` at night, and right after another look; the agent then keeps to its beats."""
    at(world, MORNING - timedelta(hours=4))
    pc = world.pc()
    looks = Looks(world, pc)
    for _ in range(2):
        pc.robot.sweeping.ask()
        looks.pass_time(0.01)
    looks.pass_time(1)
    assert looks.at == ["02:00", "02:01"]


def test_a_look_that_came_to_nothing_says_why(world: World) -> None:
    """Until the next one that works."""
    at(world, MORNING)
    sweeping = world.pc().robot.sweeping
    world.portal.fail(Transient("the site is away"))
    sweeping.step(world.clock.now())
    assert str(sweeping.trouble) == "the site is away"
    world.clock.advance(120)
    sweeping.ask()
    sweeping.step(world.clock.now())
    assert sweeping.trouble is None


def test_a_start_looks_at_once_unless_somebody_just_did(world: World) -> None:
    """A person who starts it does not wait for the half hour; a restart after a crash does not knock again."""
    at(world, MORNING + timedelta(minutes=7))
    first = Looks(world, world.pc())
    first.pass_time(0.01)
    assert first.at == ["06:07"]
    again = Looks(world, world.pc())
    again.pass_time(0.5)
    assert again.at == ["06:30"]


def test_a_start_right_after_a_look_does_not_miss_the_next_one(world: World) -> None:
    """A restart within a minute of the last look keeps to the beats."""
    at(world, MORNING + timedelta(minutes=29, seconds=40))
    Looks(world, world.pc()).pass_time(0.005)
    late = Looks(world, world.pc())
    late.pass_time(0.05)
    assert late.at == ["06:30"]


def test_somebody_who_wants_a_look_gets_it_at_any_hour(world: World) -> None:
    """Once; then it is as before."""
    at(world, MORNING + timedelta(hours=15))
    looks = Looks(world, world.pc())
    looks.pass_time(0.2)
    world.marks.put(WANTED)
    looks.pass_time(1)
    assert looks.at == ["21:12"]


@pytest.mark.parametrize(("trouble", "count"), [(Transient("down"), 2), (ContractBroken("moved"), 1)])
def test_trouble_is_met_again_later_and_not_at_once(world: World, trouble: OnbamError, count: int) -> None:
    """Passing trouble after a minute; what a person has to see to, with the next beats."""
    at(world, MORNING)
    looks = Looks(world, world.pc())
    world.portal.fail(trouble)
    looks.pass_time(0.06)
    assert len(looks.at) == count


def test_a_rejected_log_in_ends_the_looks(world: World) -> None:
    """Nobody knocks again by himself."""
    at(world, MORNING)
    looks = Looks(world, world.pc())
    world.portal.fail(CredentialsRejected("wrong password"))
    looks.pass_time(3)
    assert looks.at == ["06:00"]


def test_a_person_s_word_lets_a_stopped_site_be_looked_at_again_at_once(world: World) -> None:
    """A certificate that was renewed: nobody starts anything anew, and nobody waits half an hour."""
    at(world, MORNING)
    looks = Looks(world, world.pc())
    world.portal.fail(Misconfigured("the certificate is not valid"))
    looks.pass_time(0.2)
    world.marks.put(RELOGIN)
    looks.pass_time(0.1)
    assert looks.at == ["06:00", "06:12"]


# -- counting ---------------------------------------------------------------------------------------------------------------


def test_the_five_figures_say_what_was_done(world: World) -> None:
    """Attempts that ended, entered, not entered, lines, taken back before and while it was looked at."""
    at(world, MORNING)
    pc = world.found(order(), order(OTHER), order("2601130240"), order("2601130241"))
    world.portal.cancel(OTHER)
    world.portal._papers["2601130240"] = paper(replace(order("2601130240"), state="취소"))
    pc.robot.sweeping.step(world.clock.now())
    world.portal.fail(Transient("down"))
    pc.work(seconds=30.0)
    assert pc.robot.tally.figures == {"total": 4, "success": 1, "failure": 1, "count": 2, "cancellations": 2}


def test_an_idle_strand_may_wait_for_a_busy_database() -> None:
    """However often it looks: no promise of its is shorter than the time the database may keep it waiting."""
    patience_s = DatabaseSettings().busy_timeout_s
    assert all(due_s(look_s) > 2 * patience_s for look_s in (0.05, 2.0, 600.0))
    assert due_s(600.0) > 600.0


@pytest.mark.parametrize(
    ("wanted", "limit_s", "spacing_s", "most"),
    [(4, 1800.0, 11.0, 4), (4, 1800.0, 390.0, 1), (4, 1800.0, 3600.0, 1), (100, 1800.0, 11.0, 40), (4, 1800.0, 0.0, 4)],
)
def test_no_more_is_in_hand_than_leases_allow(wanted: int, limit_s: float, spacing_s: float, most: int) -> None:
    """What is held is entered within a quarter of the outer limit."""
    assert most_in_hand(wanted, limit_s, spacing_s) == most


# -- the seat ---------------------------------------------------------------------------------------------------------------


def test_an_agent_runs_and_ends_by_itself_when_there_is_nothing_to_do(tmp_path: Path) -> None:
    """With threads of its own, on a clock that runs: look, enter, hand back, leave."""
    clock = SystemClock()
    world = World(tmp_path, clock=cast("FakeClock", clock), spacing_s=0.01)
    for number in (NUMBER, OTHER):
        world.place(order(number, date=clock.now().astimezone(ZONE).date()))
    pc = world.pc(schedule=_always())
    assert pc.robot.run(threading.Event(), once=True)
    assert sorted(world.slips()) == [NUMBER, OTHER]
    assert pc.robot.claims.held == []


def _always() -> Any:
    from onbam.schedules.settings import ScheduleSettings, schedule_of

    every = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    return schedule_of(ScheduleSettings(opens="00:00", closes="23:59", weekdays=every, holidays=False), ZONE)


def test_an_agent_beside_another_with_the_lock_off_is_refused(tmp_path: Path) -> None:
    """Two PCs that do not agree are the duplicates of old."""
    from onbam.claims.stores.registry_memory import MemoryRegistry

    world = World(tmp_path)
    registry = MemoryRegistry(world.clock, world.journal)
    first = world.pc(registry=registry)
    first.robot._take_seat()
    with pytest.raises(Misconfigured, match="switched off"):
        world.pc("PC-B", registry=registry, locked=False).robot._take_seat()


def test_an_agent_whose_seat_a_newer_one_took_ends_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It slept, another one was started, it woke up: two robots of one PC are one too many."""
    from onbam.claims.stores.registry_memory import MemoryRegistry

    world = World(tmp_path)
    registry = MemoryRegistry(world.clock, world.journal)
    older, newer = world.pc(registry=registry).robot, world.pc(registry=registry).robot
    for robot in (older, newer):
        robot._take_seat()
        robot.keeper.step(world.clock.now())
    assert not older.keeper.succeeded
    older.keeper.step(world.clock.now())
    monkeypatch.setattr(type(older), "start", lambda _: None)
    with pytest.raises(Refused, match="taken over"):
        older.run(threading.Event())
    assert not newer.keeper.succeeded


# -- the connector's health ---------------------------------------------------------------------------------------------------


def test_a_rest_grows_with_each_trouble_and_ends_with_the_first_success() -> None:
    """Fifteen seconds, thirty, a minute, … five minutes at most; one notice for all of it."""
    clock = FakeClock()
    notices = MemoryNotices(clock, MemoryJournal(clock))
    health = Health("portal", plain("the site"), notices, clock, Chance(1), who="agent:PC-A")
    rests = []
    for _ in range(12):
        health.troubled(Transient("down"))
        rests.append(health.rests_s)
        clock.advance(health.rests_s)
    assert rests[:2] == [0.0, 0.0]
    assert all(late > early for early, late in itertools.pairwise(rests[2:7]))
    assert max(rests) <= 300 * 1.2
    assert [notice.key for notice in notices.inbox()] == ["connector:portal"]
    health.well()
    assert (health.rests_s, health.away, notices.inbox()) == (0.0, False, [])


def test_a_site_that_says_how_long_to_wait_is_obeyed() -> None:
    """Also with the first trouble."""
    clock = FakeClock()
    health = Health("erp", plain("ERP"), MemoryNotices(clock, MemoryJournal(clock)), clock, Chance(1), who="agent:PC-A")
    health.troubled(Transient("busy", retry_after_s=600.0))
    assert 599 < health.rests_s <= 600


def test_a_site_that_asks_for_hours_is_told_of_at_once() -> None:
    """The day's allowance is used up at noon: nobody is left to wonder till midnight; the first entry closes the notice."""
    clock = FakeClock()
    notices = MemoryNotices(clock, MemoryJournal(clock))
    health = Health("erp", plain("ERP"), notices, clock, Chance(1), who="agent:PC-A")
    health.well()
    health.troubled(Transient("used up", "at midnight", retry_after_s=40_000.0))
    [notice] = notices.inbox()
    assert (notice.key, notice.advice["en"]) == ("connector:erp", "at midnight")
    clock.advance(40_000)
    health.well()
    assert notices.inbox() == []


def test_a_connector_that_costs_one_order_after_the_other_is_left_alone() -> None:
    """An ERP under repair answers each call with a page: three orders pay for that, then one a rest."""
    clock = FakeClock()
    notices = MemoryNotices(clock, MemoryJournal(clock))
    health = Health("erp", plain("ERP"), notices, clock, Chance(1), who="agent:PC-A")
    rests = []
    for _ in range(12):
        health.costly(plain("no answer")(), plain("look")())
        rests.append(health.rests_s)
        clock.advance(health.rests_s)
    assert rests[:2] == [0.0, 0.0]
    assert rests[2] > 60
    assert 1200 < max(rests) <= 1800 * 1.2
    assert [notice.key for notice in notices.inbox()] == ["connector:erp"]
    health.well()
    assert (health.rests_s, notices.inbox()) == (0.0, [])


def test_a_stop_ends_with_a_person_s_word_and_begins_again_with_the_next_rejection() -> None:
    """Without a new start; a store that cannot be asked leaves it as it is."""
    clock = FakeClock()
    said = [0]
    health = Health(
        "erp", plain("ERP"), MemoryNotices(clock, MemoryJournal(clock)), clock, Chance(1), who="a", lifted_ms=lambda: said[0]
    )
    health.rejected(plain("wrong address")(), plain("register it")())
    assert health.stopped is not None
    said[0] = 5
    assert health.stopped is None
    health.rejected(plain("still wrong")(), plain("register it")())
    assert health.stopped is not None


def test_our_own_database_away_is_not_the_erps_trouble() -> None:
    """Its turns are booked there: however often that failed, nothing rests and nobody is told that the ERP is away."""
    clock = FakeClock()
    notices = MemoryNotices(clock, MemoryJournal(clock))
    health = Health("erp", plain("ERP"), notices, clock, Chance(1), who="agent:PC-A")
    for error in (trouble.lost(), trouble.busy(), trouble.too_slow(), trouble.CommitUnknown("?")) * 3:
        health.troubled(error)
    assert (health.rests_s, health.away, notices.inbox()) == (0.0, False, [])


# -- what older scripts read --------------------------------------------------------------------------------------------------


@pytest.fixture
def history(tmp_path: Path) -> Any:
    """A store, its file, and the service that keeps it."""
    clock = FakeClock()
    journal = MemoryJournal(clock)
    store = MemoryStore(clock, journal=journal)
    path = tmp_path / "v10_history.json"
    return store, path, lambda: HistoryFile(path, store, ZONE, journal.head), clock


def completed(store: MemoryStore, number: str) -> None:
    """An order is done, by a person's word."""
    store.add([New(order_ref(number))])
    store.override([Command(order_ref(number), Act.COMPLETE, "person:kim", "by hand", receipt="20260113-7")])


def test_what_is_completed_stands_in_the_file_soon_after(history: Any) -> None:
    """What was completed before the service began, and afterwards, by whomever."""
    store, path, made, clock = history
    completed(store, NUMBER)
    service = made()
    service.step(clock.now())
    completed(store, OTHER)
    service.step(clock.now())
    entries = json.loads(path.read_text("utf-8"))["processed"]
    assert sorted(entries) == [NUMBER, OTHER]
    assert entries[OTHER]["status"] == "completed"
    assert entries[OTHER]["slip"] == "20260113-7"


def test_the_file_can_be_taken_over_again(history: Any) -> None:
    """The importer of the older robots' files reads it."""
    store, path, made, clock = history
    completed(store, NUMBER)
    made().step(clock.now())
    fresh = MemoryStore(clock, journal=MemoryJournal(clock))
    report = import_history(fresh, [path], "order", ZONE)
    assert (report.new, report.skipped) == (1, [])
    found = fresh.get([order_ref(NUMBER)])[0]
    assert found is not None
    assert found.state is State.COMPLETED


@pytest.mark.parametrize(
    "before",
    [{"2512310001": {"status": "completed"}}, ["2512310001"], {"processed": {"2512310001": "completed"}, "version": "V10.0"}],
)
def test_what_an_older_robot_wrote_stays(history: Any, before: Any) -> None:
    """Whichever shape its file has."""
    store, path, made, clock = history
    path.write_text(json.dumps(before), encoding="utf-8")
    completed(store, NUMBER)
    made().step(clock.now())
    after = json.loads(path.read_text("utf-8"))
    assert sorted(after["processed"]) == ["2512310001", NUMBER]
    assert after.get("version") == (before.get("version") if isinstance(before, dict) else None)


@pytest.mark.parametrize("content", [b"{half", b"\xff\xfe\x00", b'"a word"', b"12"])
def test_a_file_that_cannot_be_read_is_left_as_it_is(history: Any, content: bytes) -> None:
    """It may be somebody's only copy."""
    store, path, made, clock = history
    path.write_bytes(content)
    completed(store, NUMBER)
    service = made()
    for _ in range(3):
        service.step(clock.now())
    service.stop()
    assert path.read_bytes() == content


def test_the_file_does_not_grow_without_end(history: Any) -> None:
    """The newest stay."""
    store, path, made, clock = history
    path.write_text(json.dumps({str(n): "completed" for n in range(ENTRIES_MAX)}), encoding="utf-8")
    completed(store, NUMBER)
    made().step(clock.now())
    entries = json.loads(path.read_text("utf-8"))["processed"]
    assert len(entries) == ENTRIES_MAX
    assert NUMBER in entries
    assert "0" not in entries


# -- marks --------------------------------------------------------------------------------------------------------------------


def test_a_mark_knows_its_age() -> None:
    """By the store's clock."""
    clock = FakeClock()
    marks = MemoryMarks(clock)
    assert marks.get("x") is None
    marks.put("x", "1")
    clock.advance(90)
    mark = marks.get("x")
    assert mark is not None
    assert (mark.value, mark.age_ms) == ("1", 90_000)
