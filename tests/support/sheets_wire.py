"""A bare HTTP client for the Sheets simulator: no library of ours and none of Google's between the test and the wire.

For: the contract tests of the simulator itself.
Promises: every request and every answer is compared with Google's discovery document on its way, unless the test says that the
request is wrong on purpose.
Refuses: to retry anything.
"""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from onbam_sims.sheets.simulator import DEFAULT_ACCOUNT, SheetsSimulator
from support import sheets_discovery

Answer = tuple[int, dict[str, Any]]
LOCK = "processing_lock"
"""The first tab of the tests' spreadsheet."""
HEADER = ("order_id", "locked_by", "locked_at", "status", "machine_id", "notes")


def text_row(*texts: str) -> dict[str, Any]:
    """A `RowData` of text cells."""
    return {"values": [{"userEnteredValue": {"stringValue": text}} for text in texts]}


def append_request(*rows: tuple[str, ...], sheet_id: int = 0) -> dict[str, Any]:
    """An `appendCells` request of text rows."""
    return {"appendCells": {"sheetId": sheet_id, "fields": "userEnteredValue", "rows": [text_row(*row) for row in rows]}}


def metadata_request(metadata_id: int | None, value: str = "nonce", *, key: str = "c", **more: Any) -> dict[str, Any]:
    """A `createDeveloperMetadata` request; located on the spreadsheet when nothing else is said."""
    entry = {"metadataKey": key, "metadataValue": value, "visibility": "DOCUMENT", "location": {"spreadsheet": True}, **more}
    if metadata_id is not None:
        entry["metadataId"] = metadata_id
    return {"createDeveloperMetadata": {"developerMetadata": entry}}


@dataclass
class Wire:
    """One account's view of one spreadsheet on one simulator."""

    simulator: SheetsSimulator
    spreadsheet_id: str
    email: str = DEFAULT_ACCOUNT
    project: str = "onbam-simulated"
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Get a token."""
        if not self.headers:
            self.headers = {"Authorization": f"Bearer {self.simulator.access_token(self.email, project=self.project)}"}

    def call(self, verb: str, tail: str, body: Any = None, *, strange: bool = False, **query: Any) -> Answer:
        """One request below the spreadsheet (`/values/A1`, `:batchUpdate`); `strange` ones are wrong on purpose."""
        path = f"/v4/spreadsheets/{self.spreadsheet_id}{tail}"
        method = None if strange else sheets_discovery.check_request(verb, path, query, body)
        status, answer = self.raw(verb, path, None if body is None else json.dumps(body).encode(), query)
        if method is not None and status == 200:
            sheets_discovery.check_answer(method, answer)
        return status, answer

    def raw(self, verb: str, path: str, body: bytes | None = None, query: dict[str, Any] | None = None) -> Answer:
        """One request to any path, with any bytes."""
        target = quote(path, safe="/:!$") + (f"?{urlencode(query, doseq=True)}" if query else "")
        connection = http.client.HTTPConnection(urlsplit(self.simulator.url).netloc, timeout=30)
        try:
            connection.request(verb, target, body, {**self.headers, "Content-Type": "application/json"})
            response = connection.getresponse()
            content = response.read()
            return response.status, json.loads(content)
        finally:
            connection.close()

    # -- the calls tests make most ------------------------------------------------------------------------------------------

    def batch(self, *requests: dict[str, Any], strange: bool = False, **more: Any) -> Answer:
        """`batchUpdate`."""
        return self.call("POST", ":batchUpdate", {"requests": list(requests), **more}, strange=strange)

    def values(self, text: str, **query: Any) -> list[list[Any]]:
        """The values of a range."""
        status, answer = self.call("GET", f"/values/{text}", **query)
        assert status == 200, answer
        return answer.get("values", [])  # type: ignore[no-any-return]

    def put(self, text: str, values: list[list[Any]], option: str = "RAW", **query: Any) -> Answer:
        """`values.update`."""
        return self.call("PUT", f"/values/{text}", {"values": values}, valueInputOption=option, **query)

    def append(self, text: str, *rows: list[Any], option: str = "RAW", **query: Any) -> Answer:
        """`values.append`."""
        return self.call("POST", f"/values/{text}:append", {"values": list(rows)}, valueInputOption=option, **query)

    def search(self, **lookup: Any) -> list[dict[str, Any]]:
        """`developerMetadata.search` with one look-up; the entries found."""
        status, answer = self.call("POST", "/developerMetadata:search", {"dataFilters": [{"developerMetadataLookup": lookup}]})
        assert status == 200, answer
        return [match["developerMetadata"] for match in answer.get("matchedDeveloperMetadata", [])]


def message(answer: Answer) -> str:
    """The text of a refusal."""
    return str(answer[1]["error"]["message"])


def truth(wire: Wire, title: str = LOCK) -> list[list[str]]:
    """What really stands in the sheet."""
    return wire.simulator.service.rows(wire.spreadsheet_id, title)
