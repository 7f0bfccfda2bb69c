"""Beside PCs that still run V10 on the same sheet: what is theirs is left to them, whichever store decides for ours."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from onbam.claims.asks import Denied, Ending, Grant, New, WhyDenied
from onbam.claims.board import Board
from onbam.claims.board_look import Look
from onbam.claims.model import Agent, Ref, State, Terms
from onbam.claims.older import BesideOlder
from onbam.claims.ports import ClaimStore
from onbam.claims.stores.memory import MemoryStore
from onbam.claims.stores.sheet.store import SheetStore
from onbam.kernel.chance import Chance
from onbam.kernel.clock import Clock, FakeClock
from onbam.kernel.errors import Misconfigured, Transient
from onbam_sims.sheets import UNLIMITED, SheetsService
from support.sheets import sheet_of
from support.v10 import V10Pc

SEOUL = ZoneInfo("Asia/Seoul")
LOCK = "processing_lock"
TIMEOUT_MS = 1_800_000
PC_A = Agent("DESKTOP-ABC", "DESKTOP-ABC/agent/x", "PC-A", "192.168.1.100")
PC_B = Agent("LAPTOP-XYZ", "LAPTOP-XYZ/agent/y", "PC-B", "192.168.1.101")
KEY = "2601050229"


class Migration:
    """A sheet that an old PC and ours share; what decides for ours is the sheet's log, or something else."""

    def __init__(self, decides: str) -> None:
        self.clock = FakeClock()
        self.service = SheetsService(now=lambda: self.clock.now().timestamp(), pause=self.clock.wait, limits=UNLIMITED)
        self.id = self.service.create("shop")
        self._sheet = sheet_of(self.service, self.id, self.clock)
        self._decides = decides
        self.truth = self._opened()
        self.board = Board(self._sheet, LOCK, "order", SEOUL)
        self.board.round(self.truth)
        self.old = V10Pc(self.service, self.id, LOCK, SEOUL)

    def _opened(self) -> ClaimStore:
        if self._decides == "sheet":
            terms = Terms(lease_ms=TIMEOUT_MS, limit_ms=TIMEOUT_MS)
            return SheetStore(self._sheet, self.clock, Chance(1), terms, worst_write_delay_ms=0)
        return MemoryStore(self.clock)

    def store(self, *, always: bool = False, clock: Clock | None = None) -> BesideOlder:
        """Our store, as a PC that respects the old one opens it."""
        board = Board(self._sheet, LOCK, "order", SEOUL)
        look = Look(self._sheet, board, LOCK, SEOUL, self.clock, timeout_ms=TIMEOUT_MS, always=always)
        return BesideOlder(self.truth, lambda: look, clock or self.clock, "order")

    def rows(self, key: str = KEY) -> list[list[str]]:
        """What stands there of an order."""
        return [[str(cell) for cell in row] for row in self.service.rows(self.id, LOCK) if row and str(row[0]) == key]


@pytest.fixture(params=["sheet", "database"])
def shop(request: pytest.FixtureRequest) -> Migration:
    """A shop in the middle of its move, in both modes."""
    return Migration(request.param)


def claim(store: ClaimStore, key: str = KEY, by: Agent = PC_A) -> Grant | Denied:
    """Ask for one order."""
    return store.claim_many(by, [Ref("order", key)])[0]


def test_a_live_row_of_an_old_pc_is_refused_until_its_thirty_minutes_are_over(shop: Migration) -> None:
    """A26: at 29:59 it is held by that PC, at 30:01 it is ours."""
    assert shop.old.take(KEY)
    store = shop.store()
    shop.clock.advance(1799)
    refused = claim(store)
    assert isinstance(refused, Denied)
    assert (refused.why, refused.wait_ms) == (WhyDenied.HELD, 1000)
    assert refused.item is not None
    assert refused.item.holder == "PC-OLD_192.168.1.50"
    shop.clock.advance(2)
    assert isinstance(claim(store), Grant)


def test_what_is_due_is_given_out_without_what_an_old_pc_holds(shop: Migration) -> None:
    """An agent that asks for any work gets none of theirs, is not offered it again and again, and gets it when it is free."""
    shop.truth.add([New(Ref("order", KEY)), New(Ref("order", "2601050194"))])
    assert shop.old.take(KEY)
    store = shop.store()
    assert [grant.item.key for grant in store.claim_due(PC_A, ["order"], 10)] == ["2601050194"]
    assert store.claim_due(PC_A, ["order"], 10) == []
    shop.clock.advance(1801)
    assert [grant.item.key for grant in store.claim_due(PC_B, ["order"], 10) if grant.item.key == KEY] == [KEY]


def test_what_an_old_pc_completed_is_never_worked_on_again(shop: Migration) -> None:
    """A24 across both programs, also when its own clean-up has removed the row; and T5: the memory is ours from then on."""
    assert shop.old.take(KEY)
    shop.old.end(KEY, "completed")
    store = shop.store()
    refused = claim(store)
    assert isinstance(refused, Denied)
    assert refused.why is WhyDenied.COMPLETED
    shop.board.round(shop.truth)
    shop.service.person(shop.id).delete_rows(LOCK, 2)
    shop.clock.advance(3600)
    again = claim(shop.store())
    assert isinstance(again, Denied)
    assert again.why is WhyDenied.COMPLETED


def test_what_an_old_pc_gave_up_is_free(shop: Migration) -> None:
    """A25: failed may be tried again, by anybody."""
    assert shop.old.take(KEY)
    shop.old.end(KEY, "failed")
    assert isinstance(claim(shop.store()), Grant)


def test_an_old_pc_sees_ours_before_we_act(shop: Migration) -> None:
    """While old PCs are about, a lease of ours stands on the sheet before anybody works under it."""
    shop.old.take("2601050001")
    assert isinstance(claim(shop.store()), Grant)
    assert shop.rows()[0][3] == "processing"
    assert not shop.old.take(KEY)


def test_whoever_saw_a_free_order_before_our_row_stood_there_is_given_way(shop: Migration) -> None:
    """T1 across both programs: it looks, we claim and show, it writes. One of the two must stop; the old one cannot."""
    shop.old.take("2601050001")
    seen = shop.old.look(KEY)
    store = shop.store()

    def meanwhile(_id: str, call: object) -> None:
        if shop.rows() and call is not None:
            shop.service.on_commit = None
            shop.old.write(KEY, seen)

    shop.service.on_commit = meanwhile
    refused = claim(store)
    assert isinstance(refused, Denied)
    assert refused.why is WhyDenied.HELD
    assert [row[1] for row in shop.rows()] == [shop.old.name]
    shop.board.round(shop.truth)
    assert [row[1] for row in shop.rows()] == [shop.old.name]


class Meanwhile:
    """A clock that lets others act while somebody waits."""

    def __init__(self, clock: FakeClock, act: Callable[[], None]) -> None:
        self._clock = clock
        self._act = act

    def now(self) -> datetime:
        """The wall clock."""
        return self._clock.now()

    def monotonic(self) -> float:
        """The other one."""
        return self._clock.monotonic()

    def wait(self, seconds: float, wake: threading.Event | None = None) -> bool:
        """Others act in the middle."""
        self._clock.advance(seconds / 2)
        self._act()
        return self._clock.wait(seconds / 2, wake)


def test_an_old_pc_may_take_a_while_between_looking_and_writing(shop: Migration) -> None:
    """Its row comes seconds after ours: nobody of ours has begun to act by then."""
    shop.old.take("2601050001")
    seen = shop.old.look(KEY)
    store = shop.store(clock=Meanwhile(shop.clock, lambda: shop.old.write(KEY, seen)))
    refused = claim(store)
    assert isinstance(refused, Denied)
    assert refused.why is WhyDenied.HELD
    item = shop.truth.get([Ref("order", KEY)])[0]
    assert item is not None
    assert item.state is State.FAILED
    assert item.due_at_ms is not None
    assert item.due_at_ms > shop.truth.now_ms() + 1_700_000


def test_an_old_pc_whose_clock_runs_ahead_holds_nothing_for_longer(shop: Migration) -> None:
    """A lease from the future is counted from when we met it, at most."""
    shop.old.take("2601050001")
    shop.old.take(KEY)
    number, _ = shop.old.look(KEY) or (0, [])
    shop.old.update_cell(f"C{number}", "2099-01-01 00:00:00")
    assert isinstance(claim(shop.store()), Denied)
    refused = claim(shop.store())
    assert isinstance(refused, Denied)
    assert refused.wait_ms is not None
    assert refused.wait_ms <= TIMEOUT_MS


def test_the_board_leaves_a_live_row_of_theirs_as_it_is(shop: Migration) -> None:
    """Our PCs know the order as waiting; their row must not say so while an old PC works on it."""
    shop.truth.add([New(Ref("order", KEY))])
    shop.board.round(shop.truth)
    assert shop.rows()[0][3] == "waiting"
    shop.old.write(KEY, shop.old.look(KEY))
    for _ in range(3):
        shop.board.round(shop.truth)
    assert shop.rows() == [[KEY, shop.old.name, shop.rows()[0][2], "processing", "LAPTOP-OLD"]]
    refused = claim(shop.store())
    assert isinstance(refused, Denied)
    shop.old.end(KEY, "completed")
    shop.board.round(shop.truth)
    item = shop.truth.get([Ref("order", KEY)])[0]
    assert item is not None
    assert item.state is State.COMPLETED


def test_a_row_that_is_just_being_taken_over_cell_by_cell_is_not_mended_meanwhile(shop: Migration) -> None:
    """The old program writes four cells one after the other; a round in the middle of it must not undo the first."""
    grant = claim(shop.truth)
    assert isinstance(grant, Grant)
    shop.truth.finish([Ending(grant.item.fence, State.FAILED, retry_in_ms=3_600_000)])
    shop.board.round(shop.truth)
    number, _ = shop.old.look(KEY) or (0, [])
    shop.old.update_cell(f"D{number}", "processing")
    assert shop.board.round(shop.truth).edits == []
    assert shop.rows()[0][3] == "processing"
    for column, value in (("B", shop.old.name), ("E", "LAPTOP-OLD")):
        shop.old.update_cell(f"{column}{number}", value)
    shop.board.round(shop.truth)
    assert [row[1] for row in shop.rows()] == [shop.old.name]
    shop.clock.advance(3601)
    shop.board.round(shop.truth)
    shop.board.round(shop.truth)
    assert shop.rows()[0][1] == "PC-A_192.168.1.100"


def test_the_word_processing_typed_by_a_person_is_put_right(shop: Migration) -> None:
    """It is no command; after it has stood still for a round the row shows the truth again."""
    shop.truth.add([New(Ref("order", KEY))])
    shop.board.round(shop.truth)
    shop.service.person(shop.id).edit(LOCK, "D2", "processing")
    shop.board.round(shop.truth)
    shop.board.round(shop.truth)
    assert shop.rows()[0][3] == "waiting"


def test_an_order_both_programs_work_on_is_told(shop: Migration) -> None:
    """A61: it is never quiet; a person must see that the ERP holds one slip only."""
    assert isinstance(claim(shop.truth), Grant)
    shop.old.write(KEY, None)
    assert [one.locked_by for one in shop.board.round(shop.truth).both] == [shop.old.name]


def test_a_time_that_cannot_be_read_holds_an_order_for_thirty_minutes_and_not_for_ever(shop: Migration) -> None:
    """A hand-written row without a usable time is respected from the moment it was first met."""
    hands = shop.service.person(shop.id)
    for column, value in zip("ABCD", [KEY, "PC-OLD", "아까", "processing"], strict=True):
        hands.edit(LOCK, f"{column}2", value)
    store = shop.store()
    assert isinstance(claim(store), Denied)
    shop.clock.advance(1799)
    assert isinstance(claim(store), Denied)
    shop.clock.advance(2)
    assert isinstance(claim(store), Grant)


def test_a_look_before_a_claim_does_not_read_the_whole_sheet(shop: Migration) -> None:
    """3,000 old rows: after the first look, a claim asks for its own rows and the new ones."""
    shop.old.take("2601050001")
    rows = [[f"25{n:08d}", "PC-OLD_1", "2025-12-01 10:00:00", "completed", "LAPTOP-OLD", ""] for n in range(3_000)]
    path = f"/v4/spreadsheets/{shop.id}/values/{LOCK}!A1:append"
    query = {"valueInputOption": "RAW", "insertDataOption": "INSERT_ROWS"}
    shop.service.handle("POST", path, query, {"values": rows}, user="old@example.com")
    store = shop.store()
    claim(store, "2601050002")
    carried: list[int] = []
    handle = shop.service.handle

    def counted(method: str, path: str, *rest: object, **who: str) -> tuple[int, dict[str, object]]:
        status, answer = handle(method, path, *rest, **who)
        carried.extend(len(one.get("values", [])) for one in answer.get("valueRanges", []))
        return status, answer

    shop.service.handle = counted  # type: ignore[method-assign]
    assert isinstance(claim(store), Grant)
    assert isinstance(claim(store, "2500000001"), Denied)
    assert sum(carried) < 60


@pytest.mark.parametrize("hand", ["sort", "insert", "delete", "cleaned", "swap"])
def test_a_quick_look_is_not_fooled_by_moved_rows(shop: Migration, hand: str) -> None:
    """Somebody sorted, inserted or deleted rows since the last look: what an old PC holds is still seen."""
    for n in range(5):
        shop.old.take(f"260105000{n}")
    store = shop.store()
    assert isinstance(claim(store, "2601050003"), Denied)
    hands = shop.service.person(shop.id)
    if hand == "sort":
        hands.sort(LOCK, 1, descending=True)
    elif hand == "insert":
        hands.insert_rows(LOCK, 3, 2)
    elif hand == "delete":
        hands.delete_rows(LOCK, 2)
    elif hand == "swap":
        shop.old.end("2601050002", "failed")
        for n, key in ((4, "2601050003"), (5, "2601050002")):
            hands.edit(LOCK, f"A{n}", key)
    else:
        hands.delete_rows(LOCK, 2, 4)
    assert shop.old.take(KEY)
    assert isinstance(claim(store), Denied)
    for n in range(5):
        is_theirs = not shop.old.is_free(shop.old.look(f"260105000{n}"))
        assert isinstance(claim(store, f"260105000{n}"), Denied) == is_theirs


def test_nobody_claims_while_the_sheet_cannot_be_looked_at(shop: Migration) -> None:
    """An old PC may be about and its rows cannot be seen: fail closed, and hand back what was already given out."""
    shop.old.take("2601050001")
    store = shop.store()
    claim(store, "2601050002")
    shop.truth.add([New(Ref("order", KEY))])
    shop.service.faults.set("server_error", on="reads", status=503)
    with pytest.raises(Transient):
        claim(store)
    with pytest.raises(Transient):
        store.claim_due(PC_A, ["order"], 1)
    shop.service.faults.clear()
    item = shop.truth.get([Ref("order", KEY)])[0]
    assert item is not None
    assert item.state is State.WAITING
    assert isinstance(claim(store), Grant)


def test_a_key_that_cannot_be_read_is_trouble_for_later_and_not_the_end(shop: Migration) -> None:
    """The agent says so and tries again; reading what the store knows goes on."""

    def broken() -> Look:
        raise Misconfigured("no such file")

    store = BesideOlder(shop.truth, broken, shop.clock, "order")
    assert store.counts() == {}
    with pytest.raises(Transient) as caught:
        claim(store)
    assert caught.value.context["what"] == "no such file"


def test_an_outage_of_google_does_not_stop_a_shop_without_old_pcs() -> None:
    """A database decides, and no old row is younger than a week: the last look is good enough."""
    shop = Migration("database")
    store = shop.store()
    assert isinstance(claim(store, "2601050001"), Grant)
    shop.service.faults.set("server_error", on="reads", status=503)
    shop.clock.advance(600)
    assert isinstance(claim(store, "2601050002"), Grant)
    with pytest.raises(Transient):
        claim(shop.store(), "2601050003")
    with pytest.raises(Transient):
        claim(shop.store(always=True), "2601050003")


def test_without_old_rows_a_claim_costs_the_sheet_nothing() -> None:
    """A shop that has moved pays a look every twenty seconds at most."""
    shop = Migration("database")
    store = shop.store()
    claim(store, "2601050001")
    shop.service.calls.clear()
    for n in range(50):
        assert isinstance(claim(store, f"26010501{n:02d}"), Grant)
    assert shop.service.calls == {}
    shop.clock.advance(21)
    claim(store, "2601050300")
    assert sum(shop.service.calls.values()) == 1
