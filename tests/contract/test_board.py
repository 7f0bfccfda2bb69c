"""The sheet people look at: kept current, obeyed, and repaired whatever hands do to it."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from onbam.claims.asks import Ending, Grant
from onbam.claims.board import HEADER, SHADOW, Board
from onbam.claims.model import Agent, Ref, State
from onbam.claims.stores.memory import MemoryStore
from onbam.kernel.clock import FakeClock
from onbam.kernel.errors import Misconfigured
from onbam_sims.sheets import UNLIMITED, SheetsService
from support.sheets import sheet_of

SEOUL = ZoneInfo("Asia/Seoul")
LOCK = "processing_lock"
PC_A = Agent("DESKTOP-ABC", "DESKTOP-ABC/agent/x", "PC-A", "192.168.1.100")


class Office:
    """A spreadsheet, a store that decides elsewhere, and the board between them."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.service = SheetsService(now=lambda: self.clock.now().timestamp(), pause=self.clock.wait, limits=UNLIMITED)
        self.id = self.service.create("shop")
        self.store = MemoryStore(self.clock)
        self.board = self.another_board()
        self.person = self.service.person(self.id)

    def another_board(self) -> Board:
        """As on another PC, or after a restart."""
        return Board(sheet_of(self.service, self.id, self.clock), LOCK, "order", SEOUL)

    def claim(self, *keys: str) -> list[Grant]:
        """Take some orders."""
        answers = self.store.claim_many(PC_A, [Ref("order", key) for key in keys], note="Download attempt from ledger")
        return [answer for answer in answers if isinstance(answer, Grant)]

    def state(self, key: str) -> State:
        """How an order stands."""
        item = self.store.get([Ref("order", key)])[0]
        assert item is not None
        return item.state

    def rows(self) -> list[list[str]]:
        """What people see."""
        return [[str(cell) for cell in row] for row in self.service.rows(self.id, LOCK)]

    def cell(self, key: str, column: str) -> str:
        """Where an order's cell is now."""
        number = next(n for n, row in enumerate(self.rows(), 1) if row and row[0] == key)
        return f"{column}{number}"


@pytest.fixture
def office() -> Office:
    """An empty office."""
    return Office()


def test_the_sheet_is_made_with_its_six_columns(office: Office) -> None:
    """A31, A17: the first run on an empty spreadsheet makes the sheet."""
    office.board.round(office.store)
    assert office.rows() == [list(HEADER)]


def test_a_lease_is_one_row_as_people_know_it(office: Office) -> None:
    """A18–A22: leading zeros, NAME_IP, local time without zone."""
    office.claim("0601050229")
    office.board.round(office.store)
    local = (office.clock.now() + timedelta(hours=9)).strftime("%Y-%m-%d %H:%M:%S")
    expected = ["0601050229", "PC-A_192.168.1.100", local, "processing", "DESKTOP-ABC", "Download attempt from ledger"]
    assert office.rows()[1] == expected


def test_a_quiet_round_writes_nothing(office: Office) -> None:
    """The quota is for changes."""
    office.claim("1", "2")
    office.board.round(office.store)
    assert office.board.round(office.store).written == 0


@pytest.mark.parametrize(
    ("status", "state"),
    [("failed", State.FAILED), ("hold", State.PARKED), ("Hold ", State.PARKED), ("cancelled", State.CANCELLED)],
)
def test_a_persons_edit_is_a_command_applied_once(office: Office, status: str, state: State) -> None:
    """A28: the row's status is changed by hand; the next board (another PC, a restart) does not apply it again."""
    office.claim("2601050229")
    office.board.round(office.store)
    office.person.edit(LOCK, office.cell("2601050229", "D"), status)
    seen = office.another_board().round(office.store)
    assert [edit.key for edit in seen.edits] == ["2601050229"]
    assert office.state("2601050229") is state
    if state is State.FAILED:
        office.claim("2601050229")
    assert office.another_board().round(office.store).edits == []
    assert office.another_board().round(office.store).edits == []


def test_an_edit_that_is_no_command_shows_the_truth_again(office: Office) -> None:
    """A completed order stays completed, whatever is typed into its row."""
    grant = office.claim("2601050229")[0]
    office.store.finish([Ending(grant.item.fence, State.COMPLETED, receipt="S1")])
    office.board.round(office.store)
    office.person.edit(LOCK, office.cell("2601050229", "D"), "failed")
    seen = office.board.round(office.store)
    assert [edit.status for edit in seen.refused] == ["failed"]
    assert office.state("2601050229") is State.COMPLETED
    assert office.rows()[1][3] == "completed"


def test_sorting_inserting_and_deleting_rows_does_no_harm(office: Office) -> None:
    """People's hands on the rows change nothing but the rows, and those are repaired."""
    office.claim(*(f"26010500{n}" for n in range(10, 30)))
    office.board.round(office.store)
    office.person.sort(LOCK, 1, descending=True)
    office.person.insert_rows(LOCK, 3, 2)
    office.person.delete_rows(LOCK, 10)
    for _ in range(3):
        assert office.board.round(office.store).edits == []
    keys = [row[0] for row in office.rows()[1:] if row]
    assert sorted(keys) == [f"26010500{n}" for n in range(10, 30)]
    assert {row[3] for row in office.rows()[1:] if row} == {"processing"}


def test_a_live_row_of_a_v10_pc_is_respected_until_it_is_over(office: Office) -> None:
    """A26: 29:59 is theirs, 30:01 is not."""
    office.board.round(office.store)
    at = (office.clock.now() + timedelta(hours=9)).strftime("%Y-%m-%d %H:%M:%S")
    for column, value in zip("ABCDEF", ["2601050194", "PC-B_192.168.1.101", at, "processing", "LAPTOP-XYZ", ""], strict=True):
        office.person.edit(LOCK, f"{column}2", value)
    office.clock.advance(1799)
    assert [f.key for f in office.board.round(office.store).foreign] == ["2601050194"]
    assert [f.key for f in office.board.foreign(office.store.now_ms())] == ["2601050194"]
    office.clock.advance(2)
    assert office.board.round(office.store).foreign == []


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (["order_id", "locked_by", "locked_at", "state", "machine_id", "notes"], "Column D.*'state'.*'status'"),
        (["order_id", "locked_at", "locked_by", "status", "machine_id", "notes"], "Column B.*'locked_at'.*'locked_by'"),
        (["order_id", "locked_by", "locked_at", "status", "machine_id"], "Column F"),
        ([*HEADER, "extra"], "extra"),
    ],
)
def test_a_hand_made_sheet_with_a_wrong_column_is_told_which(office: Office, header: list[str], told: str) -> None:
    """A32: which column, what was expected."""
    office.service.create("made", spreadsheet_id="made", sheets=(LOCK,))
    hands = office.service.person("made")
    for column, value in zip("ABCDEFG", header, strict=False):
        hands.edit(LOCK, f"{column}1", value)
    board = Board(sheet_of(office.service, "made", office.clock), LOCK, "order", SEOUL)
    with pytest.raises(Misconfigured, match=told):
        board.round(office.store)


def test_numbers_where_text_belongs_do_not_make_a_second_row(office: Office) -> None:
    """A person's typing turned the column into numbers: the order is still the same order."""
    office.claim("2601050229")
    office.board.round(office.store)
    office.person.to_numbers(LOCK, "A2:A2")
    office.board.round(office.store)
    assert [row[0] for row in office.rows()[1:]] == ["2601050229"]


def test_cleaned_orders_leave_the_sheet(office: Office) -> None:
    """A29, A62: clean-up keeps the sheet small; the memory stays in the store."""
    grant = office.claim("2601050229")[0]
    office.store.finish([Ending(grant.item.fence, State.COMPLETED)])
    office.board.round(office.store)
    office.clock.advance(8 * 86_400)
    office.store.cleanup(7)
    office.board.round(office.store)
    assert office.rows() == [list(HEADER)]
    assert len(office.service.rows(office.id, SHADOW)) == 1
    assert office.state("2601050229") is State.COMPLETED
