"""The board as a service: within the quota, back by itself, and people told what they must know."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from onbam.claims.board import Board
from onbam.claims.board_service import CROWDED_MAX_S, STALE_AFTER_S, BoardService
from onbam.claims.model import Agent, Ref
from onbam.claims.stores.memory import MemoryStore
from onbam.connectors.sheets.contract import Append, Put, Spare, Tab
from onbam.connectors.sheets.fake import FakeSpreadsheet
from onbam.kernel.chance import Chance
from onbam.kernel.clock import FakeClock
from onbam.kernel.errors import CredentialsRejected, Misconfigured, OnbamError, OutcomeUnknown, Transient
from onbam.notices.model import Notice, Severity
from onbam.notices.stores.memory import MemoryNotices

SEOUL = ZoneInfo("Asia/Seoul")
LOCK = "processing_lock"
EVERY_S = 15.0
PLENTY = Spare(reads=60, writes=60, of_reads=60, of_writes=60)
PC_A = Agent("DESKTOP-ABC", "DESKTOP-ABC/agent/x", "PC-A", "192.168.1.100")


class Flaky(FakeSpreadsheet):
    """A spreadsheet that may be away."""

    error: OnbamError | None = None

    def read(self, *given: object) -> object:  # type: ignore[override]
        """Rows, or the trouble."""
        if self.error is not None:
            raise self.error
        return super().read(*given)  # type: ignore[arg-type]


class Desk:
    """The service with everything around it."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.sheet = Flaky(self.clock)
        self.store = MemoryStore(self.clock)
        self.notices = MemoryNotices(self.clock, self.store.journal)
        self.spare = PLENTY
        self.board = Board(self.sheet, LOCK, "order", SEOUL)
        self.service = self.made()

    def made(self) -> BoardService:
        """A service on the board."""
        how = (self.store, self.clock, Chance(1), SEOUL)
        return BoardService(lambda: self.board, *how, every_s=EVERY_S, spare=lambda: self.spare, notices=self.notices)

    def step(self) -> float:
        """One step, as the runner makes it."""
        return self.service.step(self.clock.now())

    def inbox(self) -> list[Notice]:
        """What people are told."""
        return list(self.notices.inbox())

    def tab(self) -> Tab:
        """The visible sheet."""
        return next(tab for tab in self.sheet.tabs() if tab.title == LOCK)


@pytest.fixture
def desk() -> Desk:
    """A service before its first step."""
    return Desk()


def test_it_comes_back_every_quarter_minute_and_not_in_step_with_the_others(desk: Desk) -> None:
    """PCs that were switched on together drift apart."""
    pauses = {desk.step() for _ in range(20)}
    assert all(EVERY_S * 0.9 <= pause <= EVERY_S * 1.1 for pause in pauses)
    assert len(pauses) > 10


def test_a_pc_that_does_not_keep_the_board_asks_little(desk: Desk) -> None:
    """It looks whether the keeper is still there, a third as often, with one read."""
    other = Board(desk.sheet, LOCK, "order", SEOUL, ours="PC-B")
    other.round(desk.store)
    desk.board = Board(desk.sheet, LOCK, "order", SEOUL, ours="PC-A")
    service = desk.made()
    pause = service.step(desk.clock.now())
    assert service.state.seen is not None
    assert service.state.seen.watching
    assert pause > 2.5 * EVERY_S


def test_the_claims_have_the_quota_first_but_not_for_ever(desk: Desk) -> None:
    """With a quarter left the board waits; after a minute it takes its turn all the same."""
    desk.spare = replace(PLENTY, reads=14)
    assert desk.step() < EVERY_S / 2
    assert desk.service.state.seen is None
    desk.clock.advance(CROWDED_MAX_S)
    desk.step()
    assert desk.service.state.seen is not None
    desk.spare = replace(PLENTY, wait_s=30.0)
    before = desk.service.state
    desk.step()
    assert desk.service.state is before


@pytest.mark.parametrize("error", [Transient("away"), OutcomeUnknown("lost")])
def test_a_short_outage_is_nobodys_business_and_a_long_one_is(desk: Desk, error: OnbamError) -> None:
    """Said after five minutes with how long it lasts, and not any more when the sheet is back."""
    desk.step()
    desk.sheet.error = error
    desk.step()
    assert desk.service.state.problem is not None
    assert desk.inbox() == []
    desk.clock.advance(STALE_AFTER_S)
    desk.step()
    (notice,) = desk.inbox()
    assert notice.severity is Severity.WARN
    assert "2026" in notice.title["ko"]
    desk.step()
    assert desk.inbox()[0].count == 1
    desk.sheet.error = None
    desk.step()
    assert desk.inbox() == []
    assert desk.service.state.problem is None


def test_google_says_how_long_to_keep_quiet_and_is_obeyed(desk: Desk) -> None:
    """A 429 with a wait longer than our own pause."""
    desk.sheet.error = Transient("quota", retry_after_s=40.0)
    desk.service.step(desk.clock.now())
    desk.step()
    assert desk.step() == 40.0


def test_what_only_a_person_can_mend_is_said_at_once(desk: Desk) -> None:
    """A taken right, a renamed column: nobody waits five minutes to hear of it."""
    desk.step()
    desk.sheet.error = CredentialsRejected("not shared", "share it")
    desk.step()
    assert desk.inbox()[0].advice["en"] == "share it"
    desk.sheet.error = None
    desk.sheet.write([Put(desk.tab(), 0, ["order"])])
    desk.step()
    assert "Column A" in desk.inbox()[0].title["en"]


def test_an_impossible_edit_is_explained_for_an_hour(desk: Desk) -> None:
    """The row shows the truth again; whoever typed learns why."""
    desk.store.claim_many(PC_A, [Ref("order", "1")])
    desk.step()
    desk.sheet.write([Put(desk.tab(), 1, ["done!"], column=3)])
    desk.step()
    assert "done!" in desk.inbox()[0].title["en"]
    desk.step()
    assert len(desk.inbox()) == 1
    desk.clock.advance(3_601)
    desk.step()
    assert desk.inbox() == []


def test_an_order_both_programs_work_on_is_urgent(desk: Desk) -> None:
    """A61: somebody must look into the ERP now; it is gone when one of the two has ended."""
    desk.store.claim_many(PC_A, [Ref("order", "1")])
    desk.step()
    at = desk.clock.now().astimezone(SEOUL).strftime("%Y-%m-%d %H:%M:%S")
    desk.sheet.write([Append(desk.tab(), [["1", "PC-OLD_1", at, "processing", "OLD", ""]])])
    desk.step()
    (notice,) = desk.inbox()
    assert notice.severity is Severity.URGENT
    assert "PC-OLD_1" in notice.title["ko"]
    desk.clock.advance(1_801)
    desk.step()
    assert desk.inbox() == []


def test_a_key_that_cannot_be_read_stops_nobody_from_starting(desk: Desk) -> None:
    """The agent starts and works; the inbox says what is wrong with the sheet, and the board goes on once it is mended."""
    files = [Misconfigured("no such file", "download it")]

    def opened() -> Board:
        if files:
            raise files.pop()
        return desk.board

    how = (desk.store, desk.clock, Chance(1), SEOUL)
    service = BoardService(opened, *how, every_s=EVERY_S, spare=lambda: desk.spare, notices=desk.notices)
    service.start()
    service.step(desk.clock.now())
    assert "no such file" in desk.inbox()[0].title["en"]
    service.step(desk.clock.now())
    assert desk.inbox() == []
