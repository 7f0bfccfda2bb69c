"""The spreadsheet over Google's wire.

For: `Spreadsheet` of the contract, on any transport (HTTP, or a simulator in the same process).
Promises: requests within the budget, waiting for it when told how long is acceptable; a read may be asked again, a write never
is; every answer sets our idea of Google's clock; errors in our classes only.
Refuses: requests nobody gave a time-out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol
from urllib.parse import quote

from onbam.connectors.sheets import words as say
from onbam.connectors.sheets.budget import Budget, Kind
from onbam.connectors.sheets.contract import (
    AddTab,
    Append,
    DropRows,
    DropTab,
    LastChange,
    Put,
    Row,
    Span,
    Spare,
    Tab,
    Write,
)
from onbam.kernel.clock import Clock
from onbam.kernel.errors import ContractBroken, CredentialsRejected, OnbamError, OutcomeUnknown, Refused, Transient
from onbam.kernel.wire_words import in_words

BUDGET_WAIT_MAX_S: Final = 5.0
"""A request that would have to wait longer for the budget is answered `Transient` with the wait."""
READ_TRIES: Final = 3
_OK, _BAD, _UNAUTHENTICATED, _FORBIDDEN, _MISSING, _CONFLICT, _TOO_MANY = 200, 400, 401, 403, 404, 409, 429


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: Any
    date_s: float | None
    """Google's clock in the answer, seconds since 1970."""


class NotSent(Exception):
    """The transport is certain that the request did not reach the other side."""


class Broken(Exception):
    """The connection broke or timed out after sending."""


class Transport(Protocol):
    """Carries one request."""

    account: str
    """Whose credentials it uses, for messages."""

    def send(self, method: str, path: str, query: Mapping[str, Any], body: Any) -> Answer:
        """One request and its answer; raises `NotSent` or `Broken`."""
        ...


class SheetsClient:
    """One spreadsheet."""

    def __init__(
        self,
        transport: Transport,
        spreadsheet_id: str,
        clock: Clock,
        budget: Budget,
        *,
        patience_s: float = BUDGET_WAIT_MAX_S,
    ) -> None:
        self._transport = transport
        self._id = spreadsheet_id
        self._clock = clock
        self._budget = budget
        self._patience_s = patience_s
        self._base = f"/v4/spreadsheets/{spreadsheet_id}"
        self._google_s: tuple[float, float] | None = None
        """Google's clock and our monotonic one at the same moment."""

    # -- the contract ---------------------------------------------------------------------------------------------------

    def tabs(self) -> Sequence[Tab]:
        """Its worksheets."""
        fields = "sheets.properties(sheetId,title,hidden,gridProperties(rowCount,columnCount))"
        body = self._read("GET", self._base, {"fields": fields})
        out: list[Tab] = []
        for sheet in body.get("sheets", []):
            properties = sheet["properties"]
            grid = properties.get("gridProperties", {})
            size = grid.get("rowCount", 0), grid.get("columnCount", 0)
            out.append(Tab(properties.get("sheetId", 0), properties["title"], *size, properties.get("hidden", False)))
        return out

    def read(self, ranges: Sequence[Span], columns: int) -> Sequence[Sequence[Row]]:
        """Rows of several worksheets in one call."""
        last = _letters(columns)
        wanted = [_range(span, last) for span in ranges]
        query = {"ranges": wanted, "valueRenderOption": "UNFORMATTED_VALUE", "majorDimension": "ROWS"}
        body = self._read("GET", f"{self._base}/values:batchGet", query)
        found = body.get("valueRanges", [])
        if len(found) != len(ranges):
            raise ContractBroken(say.BAD_ANSWER, say.BAD_ANSWER_HINT, ranges=len(ranges), answered=len(found))
        return [one.get("values", []) for one in found]

    def write(self, writes: Sequence[Write]) -> None:
        """One call, all or nothing."""
        requests = [request for write in writes for request in _requests(write)]
        if requests:
            self._once("POST", f"{self._base}:batchUpdate", {}, {"requests": requests}, "write")

    def now_ms(self) -> int:
        """Google's clock as last seen, carried on by our monotonic one."""
        if self._google_s is None:
            self.tabs()
        assert self._google_s is not None, "an answer without a date"
        google_s, then = self._google_s
        return math.floor((google_s + self._clock.monotonic() - then) * 1000)

    def open_to_anyone(self) -> bool | None:
        """Whether everybody with the link may see it."""
        try:
            body = self._read("GET", f"/drive/v3/files/{self._id}/permissions", {"fields": "permissions(type,role)"})
        except (Refused, CredentialsRejected, ContractBroken):
            return None  # the account may use the sheet and still not be allowed to ask who else may
        return any(p.get("type") == "anyone" for p in body.get("permissions", []))

    def last_change(self) -> LastChange | None:
        """Who changed it last, by Drive's word on the file."""
        fields = "modifiedTime,lastModifyingUser(displayName,emailAddress,me)"
        try:
            body = self._read("GET", f"/drive/v3/files/{self._id}", {"fields": fields})
            at = datetime.fromisoformat(str(body["modifiedTime"]))
        except (Refused, CredentialsRejected, ContractBroken, KeyError, ValueError):
            return None
        user = body.get("lastModifyingUser") or {}
        who = "" if user.get("me") else str(user.get("emailAddress") or user.get("displayName") or "")
        return LastChange(who, int(at.timestamp() * 1000))

    def spare(self) -> Spare:
        """What is left of this minute's requests."""
        return self._budget.spare()

    # -- one request ----------------------------------------------------------------------------------------------------

    def _read(self, method: str, path: str, query: Mapping[str, Any]) -> Any:
        """A read: harmless to ask again."""
        for last in (*([False] * (READ_TRIES - 1)), True):
            try:
                return self._once(method, path, query, None, "read")
            except Transient as error:
                if last or error.retry_after_s is not None:
                    raise
        raise AssertionError("unreachable: the last try answers or raises")

    def _once(self, method: str, path: str, query: Mapping[str, Any], body: Any, kind: Kind) -> Any:
        self._respect_budget(kind)
        asked = self._clock.monotonic()
        try:
            answer = self._transport.send(method, path, query, body)
        except NotSent as error:
            raise Transient(say.UNREACHABLE(what=in_words(str(error))), say.UNREACHABLE_HINT, code=str(error)) from None
        except Broken as error:
            if kind == "write":
                raise OutcomeUnknown(say.REPLY_LOST(what=in_words(str(error))), code=str(error)) from None
            raise Transient(say.UNREACHABLE(what=in_words(str(error))), say.UNREACHABLE_HINT, code=str(error)) from None
        self._set_clock(answer.date_s, asked)
        if answer.status == _OK:
            self._budget.accepted()
            if not isinstance(answer.body, dict):
                raise ContractBroken(say.BAD_ANSWER, say.BAD_ANSWER_HINT)
            return answer.body
        raise self._error(answer, kind)

    def _respect_budget(self, kind: Kind) -> None:
        while (wait := self._budget.take(kind)) > 0:
            if wait > self._patience_s:
                raise Transient(say.QUOTA, say.QUOTA_HINT(wait=wait), retry_after_s=wait)
            self._clock.wait(wait)

    def _set_clock(self, date_s: float | None, asked: float) -> None:
        """Google wrote the date after we asked: held against the asking moment, our idea of its clock is never ahead of it.

        The header counts whole seconds (a floor), so of two ideas that are close the greater one is the better.
        """
        if date_s is None:
            return
        carried = date_s if self._google_s is None else self._google_s[0] + asked - self._google_s[1]
        stepped = abs(carried - date_s) > CLOCK_STEP_S
        self._google_s = (date_s if stepped else max(carried, date_s), asked)

    def _error(self, answer: Answer, kind: Kind) -> OnbamError:
        error = answer.body.get("error", {}) if isinstance(answer.body, dict) else {}
        message = str(error.get("message", "")) if isinstance(error, dict) else ""
        what = message[:200] or f"HTTP {answer.status}"
        match answer.status:
            case code if code == _TOO_MANY:
                wait = self._budget.refused()
                return Transient(say.QUOTA, say.QUOTA_HINT(wait=wait), retry_after_s=wait)
            case code if code == _UNAUTHENTICATED:
                return CredentialsRejected(say.REJECTED(what=what), say.REJECTED_HINT)
            case code if code == _FORBIDDEN and ("disabled" in message or "has not been used" in message):
                return CredentialsRejected(say.API_OFF, say.API_OFF_HINT)
            case code if code == _FORBIDDEN:
                account = self._transport.account
                return CredentialsRejected(say.NOT_SHARED(account=account), say.NOT_SHARED_HINT(account=account))
            case code if code == _MISSING:
                return CredentialsRejected(say.NOT_FOUND(id=self._id), say.NOT_FOUND_HINT)
            case code if code == _BAD:
                return Refused(say.BAD_REQUEST(what=what), status=answer.status)
        if kind == "write":  # a 409 or 5xx on a write may have been applied
            return OutcomeUnknown(say.REPLY_LOST(what=what), status=answer.status)
        return Transient(say.SERVER(what=what), say.SERVER_HINT, status=answer.status)


CLOCK_STEP_S: Final = 2.0
"""Two readings of Google's clock that differ by more are a step of the clock, not the grain of the header."""


def _letters(columns: int) -> str:
    """The name of a column: 6 → F."""
    name = ""
    while columns:
        columns, rest = divmod(columns - 1, 26)
        name = chr(65 + rest) + name
    return name


def _range(span: Span, last: str) -> str:
    """Rows as Google names them."""
    title, row, *count = span
    end = f"{last}{row + count[0]}" if count else last
    return f"'{title.replace(chr(39), chr(39) * 2)}'!A{row + 1}:{end}"


def _cells(row: Sequence[str]) -> dict[str, Any]:
    return {"values": [{"userEnteredValue": {"stringValue": value}} for value in row]}


def _requests(write: Write) -> list[dict[str, Any]]:
    """Our verbs as Google's."""
    if isinstance(write, Append):
        rows = [_cells(row) for row in write.rows]
        return [{"appendCells": {"sheetId": write.tab.sheet_id, "rows": rows, "fields": "userEnteredValue"}}] if rows else []
    if isinstance(write, Put):
        start = {"sheetId": write.tab.sheet_id, "rowIndex": write.row, "columnIndex": write.column}
        return [{"updateCells": {"start": start, "rows": [_cells(write.values)], "fields": "userEnteredValue"}}]
    if isinstance(write, AddTab):
        tab = write.tab
        grid = {"rowCount": max(tab.rows, len(write.rows), 1), "columnCount": tab.columns}
        properties = {"sheetId": tab.sheet_id, "title": tab.title, "hidden": tab.hidden, "gridProperties": grid}
        return [{"addSheet": {"properties": properties}}, *_requests(Append(tab, write.rows))]
    if isinstance(write, DropTab):
        return [{"deleteSheet": {"sheetId": write.tab.sheet_id}}]
    assert isinstance(write, DropRows), write
    spans = [{"sheetId": write.tab.sheet_id, "dimension": "ROWS", "startIndex": r, "endIndex": r + 1} for r in write.rows]
    return [{"deleteDimension": {"range": span}} for span in sorted(spans, key=lambda s: -int(str(s["startIndex"])))]


def path_of(path: str) -> str:
    """A decoded path as it stands in a URL."""
    return quote(path, safe="/:!'")
