"""A cell in the shared sheet stops every PC."""

from __future__ import annotations

from onbam.connectors.sheets.contract import DropTab, Put
from onbam.kernel.clock import FakeClock
from onbam.orders.sheet_stop import HEADING, TITLE, SheetStop
from onbam_sims.sheets import UNLIMITED, SheetsService
from support.sheets import sheet_of

CLOCK = FakeClock()


def shared() -> tuple[SheetsService, str]:
    """An empty spreadsheet."""
    service = SheetsService(now=lambda: CLOCK.now().timestamp(), pause=lambda _s: None, limits=UNLIMITED)
    return service, service.create("shop")


def write(service: SheetsService, spreadsheet: str, text: str) -> None:
    """A person writes into the cell."""
    tab = next(t for t in sheet_of(service, spreadsheet, CLOCK).tabs() if t.title == TITLE)
    sheet_of(service, spreadsheet, CLOCK).write([Put(tab, 1, [text])])


def test_what_is_written_into_the_cell_stops_and_emptied_it_goes_on() -> None:
    """The words are the reason; both PCs see it with their next look."""
    service, spreadsheet = shared()
    first, second = (SheetStop(sheet_of(service, spreadsheet, CLOCK)) for _ in range(2))
    for stop in (first, second):
        stop.step(CLOCK.now())
        assert stop() is None
    write(service, spreadsheet, " 단가 오류 ")
    for stop in (first, second):
        stop.step(CLOCK.now())
        said = stop()
        assert said is not None
        assert "(단가 오류)" in said.to("en")
    write(service, spreadsheet, "")
    first.step(CLOCK.now())
    assert first() is None


def test_the_worksheet_says_what_it_is_for() -> None:
    """Made when missing, made once, made again when somebody deleted it."""
    service, spreadsheet = shared()
    sheet = sheet_of(service, spreadsheet, CLOCK)
    stop = SheetStop(sheet)
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
    stop = SheetStop(sheet_of(service, spreadsheet, CLOCK))
    stop.step(CLOCK.now())
    write(service, spreadsheet, "stop")
    stop.step(CLOCK.now())
    service.faults.set("server_error", status=503)
    stop.step(CLOCK.now())
    assert stop() is not None
