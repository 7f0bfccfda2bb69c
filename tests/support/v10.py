"""A PC that still runs V10, as its lock manager is known to behave: look, then write, believing what it saw.

For: tests of what our PCs do beside it.
Promises: the requests of the old program: the whole sheet read, a row appended, single cells updated one after the other.
Refuses: to be cleverer than it was.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from onbam_sims.sheets import SheetsService

TIMEOUT = timedelta(minutes=30)


class V10Pc:
    """One old PC on one spreadsheet."""

    def __init__(
        self, service: SheetsService, spreadsheet_id: str, title: str, zone: ZoneInfo, name: str = "PC-OLD_192.168.1.50"
    ) -> None:
        self._service = service
        self._id = spreadsheet_id
        self._title = title
        self._zone = zone
        self.name = name
        self._account = "old@example.com"
        service.share(spreadsheet_id, self._account)

    def look(self, key: str) -> tuple[int, list[str]] | None:
        """`worksheet.find`: the first row of an order."""
        answer = self._call("GET", f"values/{self._title}!A1:F")
        for number, row in enumerate(answer.get("values", []), 1):
            if row and str(row[0]) == key:
                return number, [str(cell) for cell in row]
        return None

    def is_free(self, found: tuple[int, list[str]] | None) -> bool:
        """What it makes of what it saw."""
        if found is None or found[1][3] == "failed":
            return True
        at = datetime.strptime(found[1][2], "%Y-%m-%d %H:%M:%S").replace(tzinfo=self._zone)
        return found[1][3] == "processing" and self._now() - at > TIMEOUT

    def write(self, key: str, found: tuple[int, list[str]] | None) -> None:
        """`append_row`, or one `update_cell` after the other."""
        at = self._now().strftime("%Y-%m-%d %H:%M:%S")
        if found is None:
            row = [key, self.name, at, "processing", "LAPTOP-OLD", "Download attempt from ledger"]
            query = {"valueInputOption": "RAW", "insertDataOption": "OVERWRITE"}
            self._call("POST", f"values/{self._title}!A1:append", query, {"values": [row]})
            return
        for column, value in (("B", self.name), ("C", at), ("D", "processing"), ("E", "LAPTOP-OLD")):
            self.update_cell(f"{column}{found[0]}", value)

    def update_cell(self, cell: str, value: str) -> None:
        """One cell."""
        self._call("PUT", f"values/{self._title}!{cell}", {"valueInputOption": "RAW"}, {"values": [[value]]})

    def take(self, key: str) -> bool:
        """Its `acquire_lock`."""
        found = self.look(key)
        if self.is_free(found):
            self.write(key, found)
            return True
        return False

    def end(self, key: str, status: str) -> None:
        """Its `release_lock`."""
        found = self.look(key)
        assert found is not None, "it took the order before"
        self.update_cell(f"D{found[0]}", status)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._service.now(), UTC).astimezone(self._zone)

    def _call(
        self, method: str, path: str, query: dict[str, str] | None = None, body: object = None
    ) -> dict[str, list[list[object]]]:
        status, answer = self._service.handle(
            method, f"/v4/spreadsheets/{self._id}/{path}", query or {}, body, user=self._account
        )
        assert status == 200, answer
        return answer
