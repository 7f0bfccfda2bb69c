"""The five steps of an order, and every way in which an attempt may end."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Never

import pytest

from onbam.claims.asks import Command, New
from onbam.claims.model import Act, Phase, State, Terms
from onbam.claims.ports import Filter
from onbam.connectors.portal.contract import Entry
from onbam.database import trouble
from onbam.effects.model import Verdict
from onbam.kernel.clock import FakeClock
from onbam.kernel.errors import (
    ContractBroken,
    CredentialsRejected,
    Misconfigured,
    Refused,
    Transient,
)
from onbam.kernel.words import heard
from onbam.orders import evidence as keep
from onbam.orders.card import card_of
from onbam.orders.model import order_ref
from onbam.orders.understanding import understand_bytes
from support.order_world import DAY, NUMBER, PRODUCTS, Killed, World, book_of, lines_of, order, paper

OTHER = "2601130231"
LATER = "it did not work this time"
SOON_S = 30.0


@pytest.fixture(params=["apart", "together"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    """An empty shop, whose leases and effect ledger are written one after the other, or in one step."""
    return World(tmp_path, together=request.param == "together")


def released(world: World, number: str = NUMBER) -> None:
    """A person lets a parked order go on."""
    answer = world.store.override([Command(order_ref(number), Act.UNHOLD, "person:kim", "looked at it")])[0]
    assert getattr(answer, "state", None) is State.WAITING, answer


# -- the way it should go ---------------------------------------------------------------------------------------------------


def test_an_order_goes_from_the_ledger_into_the_erp_once(world: World) -> None:
    """Found, claimed, fetched, understood, entered; what was entered is what the document says."""
    pc = world.found()
    pc.work()
    item = world.item()
    assert (item.state, item.receipt, world.slips()) == (State.COMPLETED, "20260113-1", [NUMBER])
    slip = world.erp.slips[0].slip
    assert slip.day == DAY
    assert [line.code for line in slip.lines] == [product.code for product in PRODUCTS[:2]]
    assert sum(line.supply for line in slip.lines) == order().total


def test_each_step_leaves_its_evidence(world: World) -> None:
    """The ledger's row, the paper byte for byte, what it says, the slip, what is about to be sent, and the ERP's answer."""
    pc = world.found()
    pc.work()
    ref = order_ref(NUMBER)
    assert world.steps() == [keep.LEDGER, keep.DOCUMENT, keep.FORM, keep.SLIP, keep.INTENT, keep.RECEIPT]
    document = world.evidence.last(ref, keep.DOCUMENT)
    assert document is not None
    assert world.evidence.read(document) == paper(order())
    assert {piece.token for piece in world.evidence.of(ref)} == {1}


def test_an_order_is_found_by_its_products(world: World) -> None:
    """Once its document was read, whether it was entered or waits for somebody to say a code."""
    world.book = book_of(skip=[PRODUCTS[3].code])
    pc = world.found(order(), order(OTHER, lines=lines_of(2, first=2)))
    pc.work(seconds=60.0)
    assert (world.state(NUMBER), world.state(OTHER)) == (State.COMPLETED, State.PARKED)
    for number, product in ((NUMBER, PRODUCTS[1]), (OTHER, PRODUCTS[3])):
        (item,) = world.store.get([order_ref(number)])
        assert item is not None
        assert f"{product.color} {product.name} {product.spec}" in card_of(item).goods.splitlines()


def test_the_notes_say_how_far_it_is(world: World) -> None:
    """What the older sheet showed of an order stands in the journal, also that it waits for its turn."""
    pc = world.found(order(), order(OTHER))
    pc.work(seconds=60.0)
    lines = [entry.line for entry in reversed(world.journal.about("order", OTHER))]
    notes = [str(heard(str(line.data["note"]))) for line in lines if "note" in line.data]
    assert notes[0].startswith("Download successful. Lines: 2, ")
    assert notes[-1] == "Entered in the ERP: slip 20260113-2"


def test_each_upload_has_a_log_of_its_own(world: World, tmp_path: Path) -> None:
    """A readable file for each order that was sent."""
    pc = world.found(order(), order(OTHER))
    pc.work()
    found = sorted(path.name for path in (tmp_path / "PC-A" / "logs" / "uploader").iterdir())
    assert [name.rpartition("_")[2] for name in found] == [f"{NUMBER}.log", f"{OTHER}.log"]
    assert "20260113-1" in (tmp_path / "PC-A" / "logs" / "uploader" / found[0]).read_text("utf-8")


def test_the_log_of_an_upload_whose_answer_was_lost_says_unknown_and_why(world: World, tmp_path: Path) -> None:
    """It did not fail: it may be there; and figures say of the attempt what the list says of the order."""
    world.erp.meet("reply lost")
    pc = world.found()
    pc.work()
    [log] = (tmp_path / "PC-A" / "logs" / "uploader").iterdir()
    said = log.read_text("utf-8")
    assert "upload failed" not in said
    assert "unknown: " in said
    assert "The cause: No usable answer came from Ecount" in said
    assert dict(pc.robot.tally.ends) == {State.UNCERTAIN: 1}
    assert pc.robot.tally.figures["failure"] == 1


def test_an_erp_whose_answers_are_lost_one_after_the_other_does_not_get_all_orders(world: World) -> None:
    """Three in a row, and the rest wait while one notice says so; the next that is entered closes it."""
    orders = [order(f"26011302{n:02}") for n in range(1, 9)]
    pc = world.found(*orders)
    world.erp.meet(*["reply lost"] * 3)
    pc.work(seconds=60.0)
    assert sum(world.item(one.number).state is State.UNCERTAIN for one in orders) == 3
    assert [notice.key for notice in world.notices.inbox() if notice.key.startswith("connector:")] == ["connector:erp"]
    pc.work(seconds=3600.0)
    assert sum(world.item(one.number).state is State.COMPLETED for one in orders) == 5
    assert not [notice for notice in world.notices.inbox() if notice.key.startswith("connector:")]


def test_the_next_documents_are_fetched_while_the_spacing_runs(world: World) -> None:
    """With the first order under way the others in hand are prepared before their turns come."""
    orders = [order(f"26011302{n:02}") for n in range(1, 6)]
    pc = world.found(*orders)
    world.erp.during = lambda: fetched.append(len(world.portal.documents_fetched))
    fetched: list[int] = []
    pc.work(seconds=200.0)
    assert len(world.slips()) == 5
    assert fetched[0] >= 1
    assert fetched[1] >= 4, "while the second waited for its turn, the third and fourth were fetched"


def test_what_is_entered_keeps_the_erps_spacing(world: World) -> None:
    """Two PCs together enter one slip in ten seconds, never more."""
    orders = [order(f"26011302{n:02}") for n in range(1, 7)]
    first = world.found(*orders)
    second = world.pc("PC-B")
    at: list[float] = []
    world.erp.during = lambda: at.append(world.clock.monotonic())
    for _ in range(40):
        first.work(seconds=5.0)
        second.work(seconds=5.0)
        world.later(seconds=1)
    assert len(at) == 6
    assert all(late - early >= world.spacing_s for early, late in itertools.pairwise(at))


def test_orders_are_numbers_and_nothing_else(world: World) -> None:
    """An order of which only the number is known (typed in, or from an older robot) is found in either ledger."""
    world.place(order(kind="산업"))
    pc = world.pc()
    world.store.add([New(order_ref(NUMBER))])
    pc.work()
    assert (world.state(), world.slips()) == (State.COMPLETED, [NUMBER])


# -- T2, T3: what the older robot got wrong ----------------------------------------------------------------------------------


def test_trap_t2_a_crash_after_the_erp_saved_makes_no_second_slip(world: World) -> None:
    """The process dies between the ERP's save and `completed`: nobody enters it again, a person settles it by its number."""
    pc = world.found()
    world.erp.kill_after = True
    with pytest.raises(Killed):
        pc.work()
    world.erp.kill_after = False
    assert (world.item().phase, world.slips()) == (Phase.SENDING, [NUMBER])
    other = world.pc("PC-B")
    for _ in range(5):
        world.later(seconds=40)
        other.work()
        other.keep_house()
    assert (world.state(), world.slips()) == (State.UNCERTAIN, [NUMBER])
    assert "uncertain:order:2601130229" in world.inbox()
    world.settler.there(order_ref(NUMBER), receipt="20260113-1", who="person:kim", why="found it by its number")
    assert (world.state(), world.item().receipt, world.inbox()) == (State.COMPLETED, "20260113-1", {})


def test_trap_t2_completed_means_that_the_erp_has_said_so(world: World) -> None:
    """Downloaded is not completed: without the ERP's receipt an order never gets there, whatever happens at the end."""
    pc = world.found()
    world.erp.meet("reply lost")
    pc.work()
    assert (world.state(), world.item().receipt) == (State.UNCERTAIN, "")


def test_trap_t2_an_order_that_never_reached_the_erp_is_entered_after_a_look(world: World) -> None:
    """The process dies before the call leaves; a person looks, finds nothing, and it is entered once."""
    pc = world.found()
    world.erp.kill_before = True
    with pytest.raises(Killed):
        pc.work()
    world.erp.kill_before = False
    again = world.pc()
    again.keep_house()
    world.later(seconds=90)
    world.settler.not_there(order_ref(NUMBER), who="person:kim", why="looked, it is not there")
    again.work()
    assert (world.state(), world.slips()) == (State.COMPLETED, [NUMBER])


def test_trap_t3_a_long_wait_keeps_its_lease(world: World) -> None:
    """Work that takes longer than a lease is renewed and taken by nobody, up to the outer limit."""
    pc = world.found(order(), order(OTHER))
    other = world.pc("PC-B")
    pc.robot.preparing.step(world.clock.now())
    for _ in range(20):
        world.later(seconds=20)
        pc.robot.claims.renew()
        other.work(seconds=1.0)
    assert [held.ref.key for held in pc.robot.claims.held if held.item.attempt == 1] != []
    held = world.item(NUMBER)
    assert (held.machine_id, held.token) == ("PC-A-7k2m", 1)


def test_trap_t3_a_dead_pc_blocks_an_order_for_one_lease_only(world: World) -> None:
    """What a dead PC had only prepared is entered by another after its lease, not after half an hour."""
    pc = world.found()
    pc.robot.preparing.step(world.clock.now())
    other = world.pc("PC-B")
    other.work(seconds=5.0)
    assert world.slips() == []
    world.later(seconds=31)
    other.work()
    item = world.item()
    assert (item.state, item.machine_id, item.attempt, world.slips()) == (State.COMPLETED, "PC-B-7k2m", 2, [NUMBER])


# -- later attempts ---------------------------------------------------------------------------------------------------------


def test_a_later_attempt_goes_on_from_the_document(world: World) -> None:
    """Another PC needs no second download for a paper that is minutes old."""
    pc = world.found()
    pc.robot.preparing.step(world.clock.now())
    world.later(seconds=31)
    world.pc("PC-B").work()
    assert (world.state(), world.portal.documents_fetched) == (State.COMPLETED, [NUMBER])


def test_an_old_document_is_fetched_anew(world: World) -> None:
    """After half an hour the supplier may have changed it."""
    pc = world.found()
    pc.robot.preparing.step(world.clock.now())
    world.later(minutes=31)
    world.pc("PC-B").work()
    assert (world.state(), world.portal.documents_fetched) == (State.COMPLETED, [NUMBER, NUMBER])


def test_an_attempt_after_the_receipt_only_finishes(world: World) -> None:
    """The receipt was written down and then the store was lost: the next attempt finds it and sends nothing."""
    pc = world.found()
    pc.work()
    receipt = world.item().receipt
    item = world.item()
    world.store.items[item.ref] = item._replace(state=State.WAITING, due_at_ms=0, receipt="")
    world.pc("PC-B").work()
    assert (world.state(), world.item().receipt, world.erp.posts) == (State.COMPLETED, receipt, 1)


def test_an_erp_that_can_be_asked_settles_it_by_itself(tmp_path: Path) -> None:
    """Where there is a look-up by our key, a later attempt asks before it sends."""
    world = World(tmp_path, can_prove=True)
    pc = world.found()
    world.erp.meet("reply lost")
    pc.work()
    pc.keep_house()
    world.later(seconds=120)
    ref = order_ref(NUMBER)
    [doubt] = world.ledger.doubts()
    assert doubt.verdict is None
    world.settler.not_there(ref, who="person:hasty", why="did not look")
    assert world.ledger.tries(doubt.key)[0].verdict is Verdict.NOT_THERE
    world.pc("PC-B").work()
    assert (world.state(), world.slips()) == (State.COMPLETED, [NUMBER])


# -- in front of a person ---------------------------------------------------------------------------------------------------


def test_an_unknown_product_parks_the_order_and_names_the_nearest_codes(world: World) -> None:
    """The notice says which line and the three nearest; nothing is guessed, nothing is sent."""
    world.book = book_of(skip=[PRODUCTS[1].code])
    pc = world.found()
    pc.work()
    told = world.inbox()["parked:order:2601130229"]
    assert (world.state(), world.slips()) == (State.PARKED, [])
    assert PRODUCTS[1].name in told
    nearest = [one.code for one in world.book.nearest(understand_bytes(paper(order())).lines[1])]
    assert len(nearest) == 3
    assert all(code in told for code in nearest)


def test_an_answered_question_lets_the_order_go_on(world: World) -> None:
    """Once taught, the order is entered from the paper that is there, and the notice closes."""
    world.book = book_of(skip=[PRODUCTS[1].code])
    pc = world.found()
    pc.work()
    world.book = book_of()
    released(world)
    pc.work()
    pc.keep_house()
    assert (world.state(), world.slips(), world.portal.documents_fetched) == (State.COMPLETED, [NUMBER], [NUMBER])
    assert world.inbox() == {}


def test_a_sum_that_does_not_fit_parks_the_order_with_both_figures(world: World) -> None:
    """And a correction by the supplier is seen when a person releases it: the old paper is not believed again."""
    world.place(order(), wrong_total=True)
    pc = world.pc()
    pc.take_in()
    pc.work()
    told = world.inbox()["parked:order:2601130229"]
    total = order().total
    assert f"{total:,}" in told
    assert f"{total + 1000:,}" in told
    world.portal._papers[NUMBER] = paper(order())
    released(world)
    pc.work()
    assert (world.state(), world.slips()) == (State.COMPLETED, [NUMBER])


def test_a_refusal_of_the_erp_parks_the_order(world: World) -> None:
    """Never again with the same input; the other orders go on."""
    pc = world.found(order(), order(OTHER))
    world.erp.meet("refused")
    pc.work()
    assert {world.state(NUMBER), world.state(OTHER)} == {State.PARKED, State.COMPLETED}
    assert len(world.slips()) == 1


def test_a_page_nobody_knows_is_kept_and_shown(world: World) -> None:
    """The page itself is evidence; the order waits for a person."""
    pc = world.found()
    world.portal.fail(ContractBroken("strange", evidence=b"<html>moved</html>"))
    pc.work()
    page = world.evidence.last(order_ref(NUMBER), keep.PAGE)
    assert page is not None
    assert world.evidence.read(page) == b"<html>moved</html>"
    assert (world.state(), list(world.inbox())) == (State.PARKED, ["parked:order:2601130229"])


def test_a_lost_answer_is_nobodys_guess(world: World) -> None:
    """Whether it was saved or not, the order is uncertain, a person is told, and nothing is sent again."""
    for accident, slips in (("reply lost", 1), ("request lost", 0)):
        own = World(world.home / accident.replace(" ", "-"))
        own.home.mkdir()
        pc = own.found()
        own.erp.meet(accident)  # type: ignore[arg-type]
        for _ in range(4):
            pc.work()
            pc.keep_house()
            own.later(minutes=10)
        assert (own.state(), len(own.slips()), own.erp.posts) == (State.UNCERTAIN, slips, 1)
        assert list(own.inbox()) == ["uncertain:order:2601130229"]


def test_a_bug_ends_the_attempt_and_not_the_agent(world: World) -> None:
    """The trace is evidence, the order is parked, the next one goes on."""

    def broken() -> None:
        raise ZeroDivisionError("a bug")

    pc = world.found(order(), order(OTHER))
    world.erp.during = broken
    pc.robot.preparing.step(world.clock.now())
    pc.robot.entering.step(world.clock.now())
    world.later(seconds=12)
    pc.robot.entering.step(world.clock.now())
    first = next(item for item in (world.item(NUMBER), world.item(OTHER)) if item.state is not State.WAITING)
    assert first.state in (State.UNCERTAIN, State.PROCESSING)
    world.erp.during = lambda: None
    pc.work()
    pc.keep_house()
    states = {world.state(NUMBER), world.state(OTHER)}
    assert states == {State.UNCERTAIN, State.COMPLETED}
    trace = world.evidence.last(first.ref, keep.ERROR)
    assert trace is not None
    assert b"ZeroDivisionError" in world.evidence.read(trace)


# -- later, by itself -------------------------------------------------------------------------------------------------------


def test_passing_trouble_is_met_again_after_five_ten_and_twenty_minutes(world: World) -> None:
    """Re-queued each time, never waited for; after the third a person is asked."""
    pc = world.found()
    pauses = []
    for _ in range(3):
        world.portal.fail(Transient(LATER))
        pc.work(seconds=SOON_S)
        item = world.item()
        assert item.state is State.FAILED
        pauses.append(((item.due_at_ms or 0) - item.changed_at_ms) / 60_000)
        world.later(seconds=(item.due_at_ms or 0) / 1000 - world.clock.now().timestamp() + 1)
        pc.robot.preparing._healths[0].well()
    assert [round(pause / 5) for pause in pauses] == [1, 2, 4]
    world.portal.fail(Transient(LATER))
    pc.work(seconds=SOON_S)
    assert (world.state(), world.slips()) == (State.PARKED, [])
    assert LATER in world.inbox()["parked:order:2601130229"]
    released(world)
    pc.work()
    assert world.state() is State.COMPLETED


def test_a_full_disk_while_evidence_is_written_enters_nothing_unproven(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """No evidence, no slip: the order says why and comes again; with room it is entered once."""
    pc = world.found()
    keep_lots = world.evidence.keep_lots

    def full(_: object) -> Never:
        raise trouble.full()

    monkeypatch.setattr(world.evidence, "keep_lots", full)
    pc.work(seconds=SOON_S)
    item = world.item()
    assert (item.state, world.slips()) == (State.FAILED, [])
    assert "disk" in item.note
    monkeypatch.setattr(world.evidence, "keep_lots", keep_lots)
    world.later(minutes=10)
    pc.work()
    assert (world.state(), world.slips()) == (State.COMPLETED, [NUMBER])


def test_a_full_disk_after_the_erp_answered_costs_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number is proof enough for `completed`; the copy of the answer is kept as soon as there is room."""
    pc = world.found()
    kept = world.evidence.keep_lots

    def full_for_receipts(lots: Sequence[keep.Lot]) -> Sequence[keep.Piece]:
        if any(part.step == keep.RECEIPT for lot in lots for part in lot.parts):
            raise trouble.full()
        return kept(lots)

    monkeypatch.setattr(world.evidence, "keep_lots", full_for_receipts)
    pc.work()
    assert (world.state(), world.slips(), keep.RECEIPT in world.steps()) == (State.COMPLETED, [NUMBER], False)
    monkeypatch.setattr(world.evidence, "keep_lots", kept)
    pc.work()
    assert world.steps().count(keep.RECEIPT) == 1


def test_an_outage_uses_up_no_orders_tries(world: World) -> None:
    """Three troubles in a row are the connector's: it rests, one notice says so, and afterwards everything goes in."""
    orders = [order(f"26011302{n:02}") for n in range(1, 6)]
    pc = world.found(*orders)
    for _ in range(30):
        world.portal.fail(Transient(LATER))
    pc.work(seconds=3600.0)
    assert "connector:portal" in world.inbox()
    assert world.slips() == []
    world.portal._troubles.clear()
    for _ in range(8):
        world.later(minutes=5)
        pc.work(seconds=120.0)
    assert len(world.slips()) == 5
    assert world.inbox() == {}


def test_a_missed_turn_is_booked_again(world: World) -> None:
    """An ended session or a turn that passed is no failure of the order."""
    pc = world.found()
    world.erp.meet("session ended")
    pc.work()
    assert (world.state(), world.item().attempt, world.erp.posts) == (State.COMPLETED, 1, 2)


def test_rejected_credentials_stop_that_connector_and_tell_once(world: World) -> None:
    """The orders go back untouched; no second log-in is tried; a PC that gets in closes the notice."""
    pc = world.found(order(), order(OTHER))
    world.portal.fail(CredentialsRejected("wrong password", "type it anew"))
    pc.work()
    pc.work()
    assert {world.state(NUMBER), world.state(OTHER)} == {State.WAITING}
    assert list(world.inbox()) == ["credentials:portal"]
    assert world.notices.inbox()[0].count == 1
    world.pc("PC-B").work()
    assert (len(world.slips()), world.inbox()) == (2, {})


def test_an_erp_that_rejects_the_log_in_sends_prepared_orders_back(world: World) -> None:
    """What was only prepared is anybody's again."""
    pc = world.found()

    def turn() -> None:
        raise CredentialsRejected("key expired", "make a new one")

    world.erp.turn, kept = turn, world.erp.turn  # type: ignore[method-assign,assignment]
    pc.work()
    assert (world.state(), list(world.inbox())) == (State.WAITING, ["credentials:erp"])
    world.erp.turn = kept  # type: ignore[method-assign]
    world.pc("PC-B").work()
    assert (world.state(), world.inbox()) == (State.COMPLETED, {})


# -- stops ------------------------------------------------------------------------------------------------------------------


def test_a_stop_of_all_pcs_holds_from_the_next_effect_on(world: World) -> None:
    """What was prepared goes back; lifted, it goes on."""
    pc = world.found()
    pc.robot.preparing.step(world.clock.now())
    world.pauses.set("all", who="person:kim", why="wrong prices")
    pc.work()
    assert (world.state(), world.slips()) == (State.WAITING, [])
    assert "wrong prices" in world.item().note or "wrong prices" in str(world.journal.about("order", NUMBER)[0].line.why)
    world.pauses.lift("all", who="person:kim", why="corrected")
    pc.work()
    assert world.slips() == [NUMBER]


def test_a_stop_between_permission_and_first_byte_is_seen(world: World) -> None:
    """The brakes are asked once more right before the call."""
    pc = world.found()
    pc.robot.preparing.step(world.clock.now())
    stop = world.pauses.set
    original = world.clock.wait

    def wait(seconds: float, event=None) -> bool:
        stop("all", who="person:kim", why="now")
        return original(seconds, event)

    world.clock.wait = wait  # type: ignore[method-assign]
    pc.work(seconds=30.0)
    assert (world.slips(), world.erp.posts) == ([], 0)
    assert world.state() is State.WAITING


@pytest.mark.parametrize("content", [b"", "가격 오류\n둘째 줄".encode(), b"\xff\xfe broken"])
def test_a_file_stops_one_pc(world: World, content: bytes) -> None:
    """When everything else is down a file is enough; the other PCs go on."""
    pc = world.found()
    (world.home / "PC-A" / "PAUSE").write_bytes(content)
    pc.work()
    assert world.slips() == []
    world.pc("PC-B").work()
    assert world.slips() == [NUMBER]


def test_a_stop_of_one_pc_leaves_the_others_at_work(world: World) -> None:
    """Its scope is a machine's id."""
    pc = world.found()
    world.pauses.set("PC-A-7k2m", who="person:kim", why="its screen is broken")
    pc.work()
    assert world.slips() == []
    world.pc("PC-B").work()
    assert world.slips() == [NUMBER]


# -- the ledger -------------------------------------------------------------------------------------------------------------


def test_a_cancelled_order_that_was_not_entered_is_cancelled(world: World) -> None:
    """Seen in the ledger before anybody worked on it, or on the paper itself."""
    pc = world.found(order(), order(OTHER))
    world.portal.cancel(OTHER)
    world.portal._papers[NUMBER] = paper(replace(order(), state="취소"))
    pc.take_in()
    pc.work()
    assert (world.state(NUMBER), world.state(OTHER), world.slips()) == (State.CANCELLED, State.CANCELLED, [])
    assert world.inbox() == {}


def test_a_cancelled_order_that_was_entered_is_put_in_front_of_a_person_once(world: World) -> None:
    """The slip stays; the notice names it; further looks do not repeat it."""
    pc = world.found()
    pc.work()
    world.portal.cancel(NUMBER)
    for _ in range(3):
        pc.take_in()
    world.pc("PC-B").take_in()
    told = world.inbox()["cancelled-late:order:2601130229"]
    assert "20260113-1" in told
    assert world.notices.inbox()[0].count == 1
    assert world.state() is State.COMPLETED


@pytest.mark.parametrize("state", ["발주", "취소"])
def test_the_other_business_under_the_same_number_is_told_and_changes_nothing(world: World, state: str) -> None:
    """Also when that one was cancelled: ours is entered, a person enters the other, and it is said once."""
    pc = world.found()
    world.place(order(kind="산업", state=state))
    for _ in range(2):
        pc.take_in()
    [notice] = world.notices.inbox()
    assert (notice.key, notice.count) == (f"two-of-a-number:order:{NUMBER}", 1)
    assert world.state() is State.WAITING


def test_orders_of_days_before_the_first_are_left_to_people(world: World) -> None:
    """They stand in the ERP under a person's hand already; from that day on every order is taken in."""
    world.place(order(date=DAY - timedelta(days=1)))
    later = world.place(order("2601130230"))
    world.pc(first_day=DAY).take_in()
    assert [item.key for item in world.store.find(Filter(), limit=10).items] == [later]


def test_a_first_day_that_is_still_to_come_looks_at_nothing(world: World) -> None:
    """The robot is set up in advance."""
    world.place()
    world.pc(first_day=DAY + timedelta(days=9)).take_in()
    assert world.store.find(Filter(), limit=10).items == []


def test_a_pc_with_a_wrong_date_looks_at_the_days_of_the_store(world: World) -> None:
    """It looks for all PCs: by its own calendar it would find nothing, and nobody would know."""
    world.place()
    wrong = FakeClock(world.clock.now() + timedelta(days=400))
    world.pc(clock=wrong).take_in()
    assert world.state() is State.WAITING


def test_an_order_the_supplier_lists_again_is_entered_after_all(world: World) -> None:
    """A cancellation taken back loses nothing."""
    pc = world.found()
    world.portal.cancel(NUMBER)
    pc.take_in()
    assert world.state() is State.CANCELLED
    world.place(order())
    pc.take_in()
    pc.work()
    assert (world.state(), world.slips()) == (State.COMPLETED, [NUMBER])


def let_go_on(world: World) -> None:
    """A person who does not know what the ledger says has a cancelled order tried again."""
    answer = world.store.override([Command(order_ref(NUMBER), Act.RELEASE, "person:kim", "the customer asks for it")])[0]
    assert getattr(answer, "state", None) is State.WAITING, answer


@pytest.mark.parametrize("begun", [False, True], ids=["before any attempt", "after an attempt that kept its paper"])
def test_an_order_the_supplier_took_back_is_not_entered_because_somebody_retries_it(world: World, begun: bool) -> None:
    """The ledger's row decides, not the paper of before; and so each time it is tried."""
    pc = world.found()
    if begun:
        world.book = book_of(skip=[PRODUCTS[0].code])
        pc.work()
        assert world.state() is State.PARKED
        world.book = book_of()
    world.portal.cancel(NUMBER)
    pc.take_in()
    for _ in range(2):
        let_go_on(world)
        world.pc("PC-B").work()
        assert (world.state(), world.slips()) == (State.CANCELLED, [])
    assert str(heard(world.item().note)) == "The supplier cancelled the order before it was entered"


def test_an_order_cancelled_by_a_person_and_then_by_the_supplier_is_not_entered_on_a_retry(world: World) -> None:
    """The ledger's word is kept also where it changes nothing."""
    pc = world.found()
    world.store.override([Command(order_ref(NUMBER), Act.CANCEL, "person:kim", "too early")])
    world.portal.cancel(NUMBER)
    pc.take_in()
    let_go_on(world)
    pc.work()
    assert (world.state(), world.slips()) == (State.CANCELLED, [])


def test_a_taken_back_order_the_ledger_no_longer_lists_stays_cancelled(world: World) -> None:
    """Nobody has said that it is wanted again."""
    pc = world.found()
    world.portal.cancel(NUMBER)
    pc.take_in()
    del world.portal._entries[NUMBER]
    let_go_on(world)
    pc.work()
    assert (world.state(), world.slips()) == (State.CANCELLED, [])


def test_an_order_first_seen_as_cancelled_is_entered_once_it_is_listed_as_any_other(world: World) -> None:
    """The row it was first seen in is not the last word."""
    world.place(order(state="취소"))
    pc = world.pc()
    pc.take_in()
    assert world.state() is State.CANCELLED
    world.place(order())
    pc.take_in()
    pc.work()
    assert (world.state(), world.slips()) == (State.COMPLETED, [NUMBER])


def test_what_the_ledger_says_of_an_order_is_read_in_either_language(world: World) -> None:
    """Taken back, and listed again."""
    pc = world.pc()
    world.place(order())
    pc.take_in()
    world.portal.cancel(NUMBER)
    pc.take_in()
    assert heard(world.item().note).to("ko") == "공급처가 입력 전에 주문을 취소함"
    world.place(order())
    world.pc("PC-B").take_in()
    assert (world.state(), str(heard(world.item().note))) == (State.WAITING, "The supplier's ledger lists it again")


def test_an_order_a_person_cancelled_stays_cancelled(world: World) -> None:
    """The ledger still lists it; that is no reason to enter it."""
    pc = world.found()
    world.store.override([Command(order_ref(NUMBER), Act.CANCEL, "person:kim", "entered by hand last week")])
    pc.take_in()
    pc.work()
    assert (world.state(), world.slips()) == (State.CANCELLED, [])


def test_a_change_after_it_was_entered_is_put_in_front_of_a_person(world: World) -> None:
    """Only when the paper says something else now; a row that merely looks different asks nobody."""
    pc = world.found()
    pc.work()
    changed = order(lines=lines_of(3))
    world.place(changed)
    for _ in range(2):
        pc.take_in()
    assert list(world.inbox()) == ["changed-late:order:2601130229"]
    assert world.notices.inbox()[0].count == 1


def test_the_same_order_twice_in_the_ledger_is_one_order(world: World) -> None:
    """And a second PC that reads the same ledger finds nothing new."""
    pc = world.found()
    world.pc("PC-B").take_in()
    pc.take_in()
    pc.work()
    assert world.slips() == [NUMBER]


def test_five_thousand_orders_at_once_are_all_known(world: World) -> None:
    """A ledger as long as the supplier's year."""
    for n in range(5000):
        one = order(f"26011{n:05}", lines=lines_of(1))
        world.portal._entries[one.number] = Entry(one.number, "임업", DAY)
    pc = world.pc()
    found = pc.robot.sweeping._ledgers.look()
    assert (found.seen, found.new) == (5000, 5000)
    world.later(minutes=30)
    assert pc.robot.sweeping._ledgers.look().new == 0


def test_trouble_with_the_ledger_loses_nothing(world: World) -> None:
    """A page that moved is kept, one notice says so, and the next look that works closes it."""
    world.place()
    pc = world.pc()
    world.portal.fail(ContractBroken("moved", evidence=b"<html>"))
    with pytest.raises(ContractBroken):
        pc.take_in()
    assert list(world.inbox()) == ["contract:portal:임업"]
    pc.take_in()
    pc.work()
    assert (world.inbox(), world.slips()) == ({}, [NUMBER])


# -- at the start -----------------------------------------------------------------------------------------------------------


def test_a_restarted_pc_goes_on_with_what_it_held(world: World) -> None:
    """Its own unfinished order is taken up at once, from the document that is there."""
    pc = world.found()
    pc.robot.preparing.step(world.clock.now())
    again = world.pc()
    again.work()
    item = world.item()
    assert (item.state, item.attempt, world.slips()) == (State.COMPLETED, 2, [NUMBER])
    assert world.portal.documents_fetched == [NUMBER]


def test_a_lease_too_short_for_the_erp_is_refused_at_the_start(tmp_path: Path) -> None:
    """The settings are named; else every order would wait for ever."""
    world = World(tmp_path, terms=Terms(lease_ms=20_000))
    with pytest.raises(Misconfigured, match="too short"):
        world.pc()


def test_a_poison_order_is_parked_and_the_rest_goes_on(world: World) -> None:
    """In flight at three crashes, it waits for a person."""
    pc = world.found(order(), order(OTHER))
    for _ in range(3):
        pc.robot.preparing.step(world.clock.now())
        pc = world.pc()
    pc.work()
    pc.keep_house()
    assert sorted((world.state(NUMBER), world.state(OTHER))) in (
        [State.PARKED, State.PARKED],
        [State.COMPLETED, State.PARKED],
    )
    assert all(key.startswith("parked:order:") for key in world.inbox())


def test_a_refused_document_parks(world: World) -> None:
    """The ledger shows it, the site has no paper for it: a person is asked."""
    pc = world.found()
    world.portal.fail(Refused("no such document"))
    pc.work()
    assert world.state() is State.PARKED


def test_amounts_survive_exactly(world: World) -> None:
    """Half units and large sums reach the ERP to the last won."""
    half = replace(lines_of(1)[0], qty=Decimal("2.5"), price=Decimal(38_000), amount=Decimal(95_000))
    pc = world.found(order(lines=(half,)))
    pc.work()
    line = world.erp.slips[0].slip.lines[0]
    assert (line.qty, line.price, line.supply) == (Decimal("2.5"), Decimal(38_000), Decimal(95_000))
