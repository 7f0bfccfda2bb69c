"""A cell in the shared sheet stops every PC."""

from __future__ import annotations

from onbam.connectors.sheets.contract import DropTab, Put
from onbam.journal.memory import MemoryJournal
from onbam.kernel.clock import FakeClock
from onbam.notices.model import Severity
from onbam.notices.stores.memory import MemoryNotices
from onbam.orders.sheet_stop import HEADING, NOTICE, TITLE, SheetStop
from onbam_sims.sheets import UNLIMITED, SheetsService
from support.sheets import sheet_of

CLOCK = FakeClock()


def shared() -> tuple[SheetsService, str]:
    """An empty spreadsheet."""
    service = SheetsService(now=lambda: CLOCK.now().timestamp(), pause=lambda _s: None, limits=UNLIMITED)
    return service, service.create("shop")


def stop_of(service: SheetsService, spreadsheet: str, inbox: MemoryNotices | None = None) -> SheetStop:
    """A PC's."""
    notices = inbox or MemoryNotices(CLOCK, MemoryJournal(CLOCK))
    return SheetStop(sheet_of(service, spreadsheet, CLOCK), notices, who="agent:PC-A_192.168.1.100")


def write(service: SheetsService, spreadsheet: str, text: str) -> None:
    """A person writes into the cell."""
    tab = next(t for t in sheet_of(service, spreadsheet, CLOCK).tabs() if t.title == TITLE)
    sheet_of(service, spreadsheet, CLOCK).write([Put(tab, 1, [text])])


def test_what_is_written_into_the_cell_stops_and_emptied_it_goes_on() -> None:
    """The words are the reason; both PCs see it with their next look."""
    service, spreadsheet = shared()
    inbox = MemoryNotices(CLOCK, MemoryJournal(CLOCK))
    first, second = (stop_of(service, spreadsheet, inbox) for _ in range(2))
    for stop in (first, second):
        stop.step(CLOCK.now())
        assert stop() is None
    write(service, spreadsheet, " 단가 오류 ")
    for stop in (first, second):
        stop.step(CLOCK.now())
        said = stop()
        assert said is not None
        assert "(단가 오류)" in said.to("en")
    [notice] = inbox.inbox()
    assert (notice.key, notice.severity) == (NOTICE, Severity.URGENT)
    assert "(단가 오류)" in notice.title["ko"]
    write(service, spreadsheet, "")
    first.step(CLOCK.now())
    assert first() is None
    assert inbox.inbox() == []


def test_the_worksheet_says_what_it_is_for() -> None:
    """Made when missing, made once, made again when somebody deleted it."""
    service, spreadsheet = shared()
    sheet = sheet_of(service, spreadsheet, CLOCK)
    stop = stop_of(service, spreadsheet)
    for _ in range(2):
        stop.step(CLOCK.now())
    assert [tab.title for tab in sheet.tabs()].count(TITLE) == 1
    assert sheet.read([(TITLE, 0)], 1)[0][0][0] == HEADING
    sheet.write([DropTab(next(tab for tab in sheet.tabs() if tab.title == TITLE))])
    for _ in range(2):
        stop.step(CLOCK.now())
    assert TITLE in [tab.title for tab in sheet.tabs()]


def test_a_sheet_that_is_away_stops_nobody_and_frees_nobody() -> None:
    """What was seen last holds until the next look that works."""
    service, spreadsheet = shared()
    stop = stop_of(service, spreadsheet)
    stop.step(CLOCK.now())
    write(service, spreadsheet, "stop")
    stop.step(CLOCK.now())
    service.faults.set("server_error", status=503)
    stop.step(CLOCK.now())
    assert stop() is not None
