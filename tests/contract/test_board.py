"""The sheet people look at: kept current, obeyed, and repaired whatever hands do to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from onbam.claims.asks import Command, Ending, Grant, NotAllowed, Progress
from onbam.claims.board import Board
from onbam.claims.board_rows import HEADER, SHADOW
from onbam.claims.model import Agent, Item, Ref, State
from onbam.claims.ports import Filter, Page
from onbam.claims.stores.memory import MemoryStore
from onbam.connectors.sheets.contract import LastChange, Put
from onbam.connectors.sheets.fake import FakeSpreadsheet
from onbam.kernel.clock import FakeClock
from onbam.kernel.errors import Misconfigured, OutcomeUnknown, Refused
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
        self.sheet = sheet_of(self.service, self.id, self.clock)
        self.board = self.another_board()
        self.person = self.service.person(self.id)

    def another_board(self, ours: str = "") -> Board:
        """As on another PC, or after a restart."""
        return Board(sheet_of(self.service, self.id, self.clock), LOCK, "order", SEOUL, ours=ours)

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
    """A18, A19, A20, A21, A22: leading zeros, NAME_IP, local time without zone."""
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


def test_merged_cells_formulas_and_numbers_move_no_order(office: Office) -> None:
    """What a merge hid is no command, a formula is what it shows, a number is its order; a round later the rows are right."""
    keys = ["2601050194", "2601050195", "2601050229"]
    office.claim(*keys)
    office.board.round(office.store)
    truth = office.rows()
    office.person.merge(LOCK, "B2:B4")  # who holds it, of three orders at once
    office.person.to_formulas(LOCK, "A3:F3")
    office.person.to_numbers(LOCK, "A4:C4")
    first = office.board.round(office.store)
    assert (first.edits, first.foreign, first.refused, first.both) == ([], [], [], [])
    office.board.round(office.store)
    assert office.rows() == truth
    office.person.merge(LOCK, "D2:D4")  # the status
    emptied = office.board.round(office.store)
    assert [edit.key for edit in emptied.refused] == keys[1:], "an empty status is no word"
    assert office.rows() == truth
    assert [office.state(key) for key in keys] == [State.PROCESSING] * 3
    assert office.board.round(office.store).written == 0


def test_a_merged_head_is_told_by_its_column(office: Office) -> None:
    """Somebody made a title of it: the first column that went missing is named, nothing is written over."""
    office.claim("1")
    office.board.round(office.store)
    office.person.merge(LOCK, "A1:F1")
    broken = office.rows()
    with pytest.raises(Misconfigured, match=r"Column B.*'locked_by'"):
        office.board.round(office.store)
    assert office.rows() == broken
    assert office.state("1") is State.PROCESSING


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


def test_one_pc_keeps_the_board_and_another_takes_over(office: Office) -> None:
    """Three PCs do not write the same row three times; when the keeper is gone the next one goes on within two minutes."""
    office.claim("1")
    a, b = office.another_board("PC-A"), office.another_board("PC-B")
    assert a.round(office.store).written > 0
    office.claim("2")
    seen = b.round(office.store)
    assert (seen.watching, seen.written) == (True, 0)
    office.clock.advance(61)
    a.round(office.store)
    office.clock.advance(90)
    assert b.round(office.store).watching
    office.clock.advance(31)
    office.claim("3")
    assert not b.round(office.store).watching
    assert a.round(office.store).watching
    assert [row[0] for row in office.rows()[1:]] == ["1", "2", "3"]


def test_an_edit_that_two_pcs_see_is_applied_once(office: Office) -> None:
    """Both read it; the first obeys and the order is taken again; the second must not take it from its new holder."""
    office.claim("2601050229")
    office.board.round(office.store)
    office.person.edit(LOCK, office.cell("2601050229", "D"), "failed")
    slow, override = office.another_board(), office.store.override

    def others_first(commands: Sequence[Command]) -> Sequence[Item | NotAllowed]:
        office.store.override = override  # type: ignore[method-assign]
        office.board.round(office.store)
        office.claim("2601050229")
        return override(commands)

    office.store.override = others_first  # type: ignore[method-assign]
    seen = slow.round(office.store)
    assert [edit.key for edit in seen.refused] == ["2601050229"]
    assert office.state("2601050229") is State.PROCESSING


def test_an_edit_holds_although_the_work_went_a_step_on(office: Office) -> None:
    """The person saw `processing`, and it still is, under the same lease."""
    grant = office.claim("2601050229")[0]
    office.board.round(office.store)
    office.person.edit(LOCK, office.cell("2601050229", "D"), "hold")
    office.store.advance([Progress(grant.item.fence, step="download")])
    assert office.board.round(office.store).refused == []
    assert office.state("2601050229") is State.PARKED


def test_an_edit_that_came_to_stand_by_itself_is_not_complained_about(office: Office) -> None:
    """A person writes `failed` while the PC gives up on its own: both wanted the same."""
    grant = office.claim("2601050229")[0]
    office.board.round(office.store)
    office.store.finish([Ending(grant.item.fence, State.FAILED)])
    office.person.edit(LOCK, office.cell("2601050229", "D"), "failed")
    assert office.board.round(office.store).refused == []


class Signed(FakeSpreadsheet):
    """A spreadsheet that knows who touched it last."""

    change: LastChange | None = None

    def last_change(self) -> LastChange | None:
        """Google's word on the file."""
        return self.change


@pytest.mark.parametrize(
    ("change", "who", "when"),
    [
        (LastChange("kim@example.com", 1_767_749_400_000), "sheet:kim@example.com", "(2026-01-07 10:30:00)"),
        (LastChange("", 1_767_749_400_000), "sheet:someone", ""),
        (None, "sheet:someone", ""),
    ],
)
def test_who_edited_and_when_is_written_down_as_far_as_known(change: LastChange | None, who: str, when: str) -> None:
    """The journal names the person Google names; nobody when it was our own account, or Google would not say."""
    clock = FakeClock()
    sheet, store = Signed(clock), MemoryStore(clock)
    board = Board(sheet, LOCK, "order", SEOUL)
    store.claim_many(PC_A, [Ref("order", "1")])
    board.round(store)
    sheet.change = change
    tab = next(tab for tab in sheet.tabs() if tab.title == LOCK)
    sheet.write([Put(tab, 1, ["failed"], column=3)])
    board.round(store)
    line = store.journal.about("order", "1", 1)[0].line
    assert (line.what, line.who) == ("item.fail", who)
    assert line.why == f"status → failed {when}".strip()


def test_a_lost_answer_applies_no_edit_twice(office: Office) -> None:
    """The command was done, the sheet could not be told: the next round finds it done."""
    office.claim("2601050229")
    office.board.round(office.store)
    office.person.edit(LOCK, office.cell("2601050229", "D"), "failed")
    office.service.faults.set("request_lost", on="writes", count=1)
    with pytest.raises(OutcomeUnknown):
        office.board.round(office.store)
    office.claim("2601050229")
    seen = office.another_board().round(office.store)
    assert [edit.key for edit in seen.refused] == ["2601050229"]
    assert office.state("2601050229") is State.PROCESSING
    assert office.rows()[1][3] == "processing"


def test_a_deleted_shadow_is_made_again_and_nothing_is_obeyed_by_mistake(office: Office) -> None:
    """Somebody deletes the hidden sheet: our rows are known by their leases, and no status is taken for an edit."""
    office.claim("1", "2")
    office.board.round(office.store)
    office.person.delete_sheet(SHADOW)
    with pytest.raises(Refused):
        office.board.round(office.store)
    seen = office.board.round(office.store)
    assert (seen.edits, seen.foreign) == ([], [])
    assert len(office.service.rows(office.id, SHADOW)) == 3
    office.person.edit(LOCK, office.cell("2", "D"), "failed")
    assert len(office.board.round(office.store).edits) == 1


def test_old_rows_of_older_programs_are_cleaned_away_and_remembered(office: Office) -> None:
    """A29, A62, T5: what V10 left does not make the sheet grow for ever; what it completed stays forbidden."""
    office.board.round(office.store)
    at = (office.clock.now() + timedelta(hours=9)).strftime("%Y-%m-%d %H:%M:%S")
    for number, status in ((2, "completed"), (3, "failed"), (4, "processing")):
        for column, value in zip("ABCD", [f"26010500{number:02d}", "PC-OLD_1", at, status], strict=True):
            office.person.edit(LOCK, f"{column}{number}", value)
    office.board.round(office.store)
    assert len(office.rows()) == 4
    office.clock.advance(7 * 86_400 + 1)
    office.board.round(office.store)
    assert [row[0] for row in office.rows()[1:]] == ["2601050004"]
    assert office.state("2601050002") is State.COMPLETED


def test_ten_thousand_rows_are_kept_and_an_idle_round_asks_for_little(office: Office) -> None:
    """A large sheet is written in one call, and a round in which nothing happened reads one page of the store."""
    keys = [f"{2601050000 + n}" for n in range(3_000)]
    for start in range(0, len(keys), 1_000):
        office.claim(*keys[start : start + 1_000])
    office.service.calls.clear()
    office.board.round(office.store)
    assert office.service.calls["spreadsheets.batchUpdate"] <= 2
    assert len(office.rows()) == 3_001
    asked: list[int] = []
    find = office.store.find

    def counted(which: Filter, *, limit: int = 100, after: str = "") -> Page:
        asked.append(limit)
        return find(which, limit=limit, after=after)

    for key in ("2601069998", "2601069999"):
        office.clock.advance(60)
        office.board.round(office.store)
        office.claim(key)
    office.store.find = counted  # type: ignore[method-assign]
    office.board.round(office.store)
    assert office.rows()[-1][0] == "2601069999"
    assert len(asked) == 1


def test_strange_rows_harm_nobody(office: Office) -> None:
    """A cell longer than any order number, and a formula, are left as they are."""
    office.claim("1")
    office.board.round(office.store)
    office.person.edit(LOCK, "A3", "x" * 300)
    office.person.edit(LOCK, "D3", "failed")
    office.person.to_formulas(LOCK, "D2:D2")
    seen = office.board.round(office.store)
    assert seen.edits == []
    assert office.rows()[2][0] == "x" * 300
    assert office.state("1") is State.PROCESSING
