"""A cell in the shared sheet that stops every PC.

For: staff who live in the spreadsheet, and a phone with nothing but the sheet on it.
Promises: a visible worksheet `onbam_stop` with one cell to write into; whatever stands there stops every PC that shares the
sheet, within half a minute, with those words as the reason, and a notice says so as long as they stand; emptied, they go on; a
look costs one read.
Refuses: to stop anything because the sheet cannot be reached: the other stops work without it.
"""

from __future__ import annotations

import threading
import zlib
from contextlib import suppress
from datetime import datetime
from typing import Final

from onbam.connectors.sheets.contract import AddTab, Spreadsheet, Tab
from onbam.kernel.errors import OnbamError, OutcomeUnknown, Refused, Transient
from onbam.kernel.words import Said, kept
from onbam.logs.voice import get_logger
from onbam.notices.model import Cause, Severity
from onbam.notices.ports import Notices
from onbam.orders import flow_words as say

TITLE: Final = "onbam_stop"
CELL: Final = 1
"""The row of the one cell; above it stands what it is for."""
EVERY_S: Final = 20.0
TROUBLE_S: Final = 60.0
WHY_MAX: Final = 200
NOTICE: Final = "sheet-stop"
HEADING: Final = (
    "여기 A2에 무엇이든 쓰면 모든 PC가 멈춥니다. 지우면 다시 합니다. / "
    "Anything written into A2 stops every PC; emptied, they go on."
)
log: Final = get_logger("stop")


class SheetStop:
    """Looks at the cell, and says what stands there."""

    name = "sheet-stop"

    def __init__(self, sheet: Spreadsheet, notices: Notices, *, who: str, every_s: float = EVERY_S) -> None:
        self._sheet = sheet
        self._notices = notices
        self._who = who
        self._every_s = every_s
        self._said = ""
        self._told: str | None = None
        """What the inbox was told; nothing yet since the start."""
        self._there = False
        self._lock = threading.Lock()

    def __call__(self) -> Said | None:
        """The brake: why nothing may be sent now, as last seen."""
        with self._lock:
            return say.PAUSED_SHEET(why=self._said) if self._said else None

    def start(self) -> None:
        """Nothing to get ready: the first look makes the worksheet."""

    def step(self, now: datetime) -> float:  # noqa: ARG002 -- the sheet has no times for this
        """One look."""
        try:
            said = self._look()
        except (Transient, OutcomeUnknown):
            return TROUBLE_S
        except OnbamError as error:  # a taken right, a wrong key: the check-up and the board tell of it
            log.warning(error.message, error=error)
            return TROUBLE_S
        with self._lock:
            if said != self._said:
                log.warning(say.PAUSED_SHEET(why=said) if said else say.LOG_SHEET_FREE)
            self._said = said
        self._tell(said)
        return self._every_s

    def stop(self) -> None:
        """Nothing is held."""

    def _tell(self, said: str) -> None:
        """Whoever looks at the programs, and not into the sheet, learns why nothing moves."""
        if said == self._told:
            return
        with suppress(Transient):  # with the next look
            if said:
                self._notices.open(Cause(NOTICE, Severity.URGENT, say.PAUSED_SHEET(why=said), say.PAUSED_SHEET_ADVICE()))
            else:
                self._notices.resolve(NOTICE, who=self._who, why=kept(say.LOG_SHEET_FREE))
            self._told = said

    def _look(self) -> str:
        if not self._there:
            self._make()
        try:
            rows = self._sheet.read([(TITLE, CELL, 1)], 1)[0]
        except Refused:
            self._there = False  # somebody renamed or deleted it: it is made anew
            return ""
        return str(rows[0][0]).strip()[:WHY_MAX] if rows and rows[0] else ""

    def _make(self) -> None:
        if not any(tab.title == TITLE for tab in self._sheet.tabs()):
            sheet_id = zlib.crc32(TITLE.encode()) & 0x7FFFFFFF
            try:
                self._sheet.write([AddTab(Tab(sheet_id, TITLE, 20, 1), [[HEADING]])])
            except Refused:
                log.info(say.LOG_SHEET_OTHER)  # another PC made it this very moment
        self._there = True
