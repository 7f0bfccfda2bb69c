"""The claim store on a simulated Google Sheet, put to the same test as the others."""

from __future__ import annotations

from onbam.claims.model import Terms
from onbam.claims.ports import ClaimStore
from onbam.claims.stores.sheet.store import SheetStore
from onbam.connectors.sheets.contract import DropTab
from onbam.kernel.chance import Chance
from onbam.kernel.clock import FakeClock
from onbam_sims.sheets import UNLIMITED, SheetsService
from support.sheets import sheet_of


class SheetStand:
    """One spreadsheet; each PC has its own client."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.service = SheetsService(now=lambda: self.clock.now().timestamp(), pause=lambda _s: None, limits=UNLIMITED)
        self._id = self.service.create("shop")
        self._opened = 0

    def open(self, terms: Terms | None = None) -> ClaimStore:
        """Another PC."""
        self._opened += 1
        client = sheet_of(self.service, self._id, self.clock)
        return SheetStore(client, self.clock, Chance(self._opened), terms or Terms(), worst_write_delay_ms=0, overlap_ms=0)

    def pass_time(self, seconds: float) -> None:
        """Google's clock moves, and every PC's with it."""
        if seconds >= 0:
            self.clock.advance(seconds)
        else:
            self.clock.jump(seconds)

    def delete(self, prefix: str) -> None:
        """A person deletes the worksheets whose titles begin so."""
        client = sheet_of(self.service, self._id, self.clock)
        client.write([DropTab(tab) for tab in client.tabs() if tab.title.startswith(prefix)])

    def close(self) -> None:
        """Nothing stays."""
