"""A simulated Google Sheet inside this process, as the connector's transport."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onbam.connectors.sheets.budget import Budget
from onbam.connectors.sheets.client import Answer, Broken, SheetsClient
from onbam.kernel.chance import Chance
from onbam.kernel.clock import Clock
from onbam_sims.sheets import Dropped, SheetsService

ACCOUNT = "robot@shop.example.com"


class InProcess:
    """Requests straight into the simulated service."""

    def __init__(self, service: SheetsService, account: str = ACCOUNT) -> None:
        self._service = service
        self.account = account

    def send(self, method: str, path: str, query: Mapping[str, Any], body: Any) -> Answer:
        """One request."""
        try:
            status, answer = self._service.handle(method, path, query, body, user=self.account)
        except Dropped as broken:
            raise Broken(str(broken)) from None
        return Answer(status, answer, float(int(self._service.now())))


def sheet_of(service: SheetsService, spreadsheet_id: str, clock: Clock, *, per_minute: int = 100_000) -> SheetsClient:
    """A client on a simulated spreadsheet that is shared with our account."""
    service.share(spreadsheet_id, ACCOUNT)
    budget = Budget(clock, Chance(1), reads=per_minute, writes=per_minute)
    return SheetsClient(InProcess(service), spreadsheet_id, clock, budget)
