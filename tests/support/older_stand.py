"""A claim store that respects older programs, held to the same tests as the others: without such programs it is the store."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from onbam.claims.board import Board
from onbam.claims.board_look import Look
from onbam.claims.model import Terms
from onbam.claims.older import BesideOlder
from onbam.claims.ports import ClaimStore
from onbam.connectors.sheets.fake import FakeSpreadsheet
from support.claim_stands import MemoryStand

LOCK = "processing_lock"
SEOUL = ZoneInfo("Asia/Seoul")


class OlderStand(MemoryStand):
    """The reference store behind the strictest respect, on a sheet where nobody else is."""

    def __init__(self) -> None:
        super().__init__()
        self._sheet = FakeSpreadsheet(self.clock)

    def open(self, terms: Terms | None = None) -> ClaimStore:
        """Another PC."""
        board = Board(self._sheet, LOCK, "order", SEOUL)
        look = Look(self._sheet, board, LOCK, SEOUL, self.clock, timeout_ms=1_800_000, always=True)
        return BesideOlder(super().open(terms), lambda: look, self.clock, "order", gap_s=0)
