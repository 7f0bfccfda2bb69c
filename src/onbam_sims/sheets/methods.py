"""The methods of the Sheets API: which path and verb is which, what they accept, what they do.

For: the service, which only has to look a call up here and run it.
Promises: every method says whether it reads or writes (the two have quotas of their own), which body, query parameters and
answer it has; a test compares all of it with Google's discovery document.
Refuses: paths Google does not know (404) and methods the simulator does not do (501).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from onbam_sims.sheets import changes, metadata, reading, values
from onbam_sims.sheets.batch import Batch
from onbam_sims.sheets.book import Book, Draft
from onbam_sims.sheets.refusal import Refusal, invalid, not_simulated
from onbam_sims.sheets.rules import Rules
from onbam_sims.sheets.wire import Mask

VALUE_OPTIONS = {
    "majorDimension": "Dimension",
    "valueRenderOption": "ValueRenderOption",
    "dateTimeRenderOption": "DateTimeRenderOption",
}
WRITE_OPTIONS = {
    "valueInputOption": "ValueInputOption",
    "includeValuesInResponse": "bool",
    "responseValueRenderOption": "ValueRenderOption",
    "responseDateTimeRenderOption": "DateTimeRenderOption",
}


@dataclass(slots=True)
class Call:
    """One request on its way through the service."""

    method: Method
    spreadsheet_id: str
    argument: str
    """The range or the metadata id in the path."""
    options: dict[str, Any]
    ranges: list[str]
    body: dict[str, Any]
    mask: Mask | None
    user: str
    project: str


Read = Callable[[Call, Book], dict[str, Any]]
Write = Callable[[Call, Draft, Rules], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Method:
    """One method of the API."""

    name: str
    verb: str
    answer: str
    """The schema of the answer."""
    read: Read | None = None
    write: Write | None = None
    body: str = ""
    """The schema of the body; empty: none."""
    bound: str = ""
    """The request field Google binds the body to, which stands before every path in a refusal."""
    query: dict[str, str] = field(default_factory=dict)
    """Query parameter → `bool`, `string` or an enum."""

    @property
    def writes(self) -> bool:
        """Does it count as a write, and may it change anything?"""
        return self.read is None


# -- reads ------------------------------------------------------------------------------------------------------------------


def _get(call: Call, book: Book) -> dict[str, Any]:
    areas = [book.area(text) for text in call.ranges] or None
    return reading.spreadsheet(book, areas, cells=_wants_cells(call.mask, call.options), project=call.project)


def _wants_cells(mask: Mask | None, options: dict[str, Any]) -> bool:
    """A field mask decides alone; without one the parameter does."""
    if mask is None:
        return bool(options.get("includeGridData"))
    tabs = mask.get("sheets", {}) if "*" not in mask else None
    return tabs is None or "data" in tabs or "*" in tabs


def _get_by_filter(call: Call, book: Book) -> dict[str, Any]:
    filters = call.body.get("dataFilters") or []
    areas = [area for wanted in filters for area in values.areas_of(book, wanted, call.project)] if filters else None
    return reading.spreadsheet(book, areas, cells=_wants_cells(call.mask, call.body), project=call.project)


def _metadata_get(call: Call, book: Book) -> dict[str, Any]:
    return metadata.get(book, call.argument, call.project)


def _metadata_search(call: Call, book: Book) -> dict[str, Any]:
    return metadata.search(book, call.body.get("dataFilters") or [], call.project)


def _values_get(call: Call, book: Book) -> dict[str, Any]:
    return values.read(book.area(call.argument), call.options)


def _values_batch_get(call: Call, book: Book) -> dict[str, Any]:
    return values.batch_get(book, call.ranges, call.options)


def _values_batch_get_by_filter(call: Call, book: Book) -> dict[str, Any]:
    return values.batch_get_by_filter(book, call.body.get("dataFilters") or [], call.body, call.project)


# -- writes -----------------------------------------------------------------------------------------------------------------


def _batch_update(call: Call, draft: Draft, rules: Rules) -> dict[str, Any]:
    batch = Batch(draft, rules, call.project)
    replies = changes.apply(batch, call.body.get("requests") or [])
    answer: dict[str, Any] = {"spreadsheetId": draft.book.spreadsheet_id, "replies": replies}
    if call.body.get("includeSpreadsheetInResponse"):
        areas = [draft.book.area(text) for text in call.body.get("responseRanges") or []] or None
        cells = bool(call.body.get("responseIncludeGridData"))
        answer["updatedSpreadsheet"] = reading.spreadsheet(draft.book, areas, cells=cells, project=call.project)
    return answer


def _body_range(call: Call) -> None:
    """A range in the body must be the one in the path."""
    named = call.body.get("range")
    if named and named != call.argument:
        raise invalid(f"Requested writing within range [{call.argument}], but the values are for range [{named}]")


def _values_update(call: Call, draft: Draft, _rules: Rules) -> dict[str, Any]:
    _body_range(call)
    options = {**call.options, "majorDimension": call.body.get("majorDimension")}
    return values.update(draft, draft.book.area(call.argument), call.body.get("values"), options)


def _values_append(call: Call, draft: Draft, rules: Rules) -> dict[str, Any]:
    _body_range(call)
    options = {**call.options, "majorDimension": call.body.get("majorDimension")}
    return values.append(draft, draft.book.area(call.argument), call.body.get("values"), options, rules)


def _values_clear(call: Call, draft: Draft, _rules: Rules) -> dict[str, Any]:
    cleared = values.clear(draft, draft.book.area(call.argument))
    return {"spreadsheetId": draft.book.spreadsheet_id, "clearedRange": cleared}


def _values_batch_update(call: Call, draft: Draft, _rules: Rules) -> dict[str, Any]:
    return values.batch_update(draft, call.body.get("data") or [], call.body)


def _values_batch_clear(call: Call, draft: Draft, _rules: Rules) -> dict[str, Any]:
    cleared = [values.clear(draft, draft.book.area(text)) for text in call.body.get("ranges") or []]
    return {"spreadsheetId": draft.book.spreadsheet_id, **({"clearedRanges": cleared} if cleared else {})}


def _values_batch_update_by_filter(call: Call, draft: Draft, _rules: Rules) -> dict[str, Any]:
    return values.batch_update_by_filter(draft, call.body.get("data") or [], call.body, call.project)


def _values_batch_clear_by_filter(call: Call, draft: Draft, _rules: Rules) -> dict[str, Any]:
    return values.batch_clear_by_filter(draft, call.body.get("dataFilters") or [], call.project)


CREATE = Method("spreadsheets.create", "POST", "Spreadsheet", body="Spreadsheet", bound="spreadsheet")
"""The only method without a spreadsheet; the service does it itself."""

_METADATA = "spreadsheets.developerMetadata"
_VALUES = "spreadsheets.values"
BY_SUFFIX: dict[str, Method] = {
    "": Method("spreadsheets.get", "GET", "Spreadsheet", _get, query={"ranges": "string", "includeGridData": "bool"}),
    ":batchUpdate": Method(
        "spreadsheets.batchUpdate",
        "POST",
        "BatchUpdateSpreadsheetResponse",
        write=_batch_update,
        body="BatchUpdateSpreadsheetRequest",
    ),
    ":getByDataFilter": Method(
        "spreadsheets.getByDataFilter", "POST", "Spreadsheet", _get_by_filter, body="GetSpreadsheetByDataFilterRequest"
    ),
    "/developerMetadata:search": Method(
        f"{_METADATA}.search",
        "POST",
        "SearchDeveloperMetadataResponse",
        _metadata_search,
        body="SearchDeveloperMetadataRequest",
    ),
    "/values:batchGet": Method(
        f"{_VALUES}.batchGet", "GET", "BatchGetValuesResponse", _values_batch_get, query={"ranges": "string", **VALUE_OPTIONS}
    ),
    "/values:batchUpdate": Method(
        f"{_VALUES}.batchUpdate",
        "POST",
        "BatchUpdateValuesResponse",
        write=_values_batch_update,
        body="BatchUpdateValuesRequest",
    ),
    "/values:batchClear": Method(
        f"{_VALUES}.batchClear", "POST", "BatchClearValuesResponse", write=_values_batch_clear, body="BatchClearValuesRequest"
    ),
    "/values:batchGetByDataFilter": Method(
        f"{_VALUES}.batchGetByDataFilter",
        "POST",
        "BatchGetValuesByDataFilterResponse",
        _values_batch_get_by_filter,
        body="BatchGetValuesByDataFilterRequest",
    ),
    "/values:batchUpdateByDataFilter": Method(
        f"{_VALUES}.batchUpdateByDataFilter",
        "POST",
        "BatchUpdateValuesByDataFilterResponse",
        write=_values_batch_update_by_filter,
        body="BatchUpdateValuesByDataFilterRequest",
    ),
    "/values:batchClearByDataFilter": Method(
        f"{_VALUES}.batchClearByDataFilter",
        "POST",
        "BatchClearValuesByDataFilterResponse",
        write=_values_batch_clear_by_filter,
        body="BatchClearValuesByDataFilterRequest",
    ),
}
METADATA_GET = Method(f"{_METADATA}.get", "GET", "DeveloperMetadata", _metadata_get)
VALUES_GET = Method(f"{_VALUES}.get", "GET", "ValueRange", _values_get, query=VALUE_OPTIONS)
VALUES_UPDATE = Method(
    f"{_VALUES}.update",
    "PUT",
    "UpdateValuesResponse",
    write=_values_update,
    body="ValueRange",
    bound="data",
    query=WRITE_OPTIONS,
)
VALUES_APPEND = Method(
    f"{_VALUES}.append",
    "POST",
    "AppendValuesResponse",
    write=_values_append,
    body="ValueRange",
    bound="data",
    query={**WRITE_OPTIONS, "insertDataOption": "InsertDataOption"},
)
VALUES_CLEAR = Method(f"{_VALUES}.clear", "POST", "ClearValuesResponse", write=_values_clear, body="ClearValuesRequest")
ALL = (CREATE, *BY_SUFFIX.values(), METADATA_GET, VALUES_GET, VALUES_UPDATE, VALUES_APPEND, VALUES_CLEAR)

_ROOT = "/v4/spreadsheets"
_UNKNOWN = Refusal(404, "NOT_FOUND", "The requested URL was not found on this server.")


@lru_cache(maxsize=4096)
def find(verb: str, path: str) -> tuple[Method, str, str]:
    """The method of a path, the spreadsheet it names, and the range or metadata id behind it."""
    if path == _ROOT and verb == "POST":
        return CREATE, "", ""
    if not path.startswith(f"{_ROOT}/"):
        raise _UNKNOWN
    rest = path[len(_ROOT) + 1 :]
    end = next((at for at, letter in enumerate(rest) if letter in "/:"), len(rest))
    spreadsheet_id, suffix = rest[:end], rest[end:]
    method = BY_SUFFIX.get(suffix)
    if method is not None and method.verb == verb:
        return method, spreadsheet_id, ""
    if suffix.startswith("/values/"):
        return _find_values(verb, spreadsheet_id, suffix[len("/values/") :])
    if suffix.startswith("/developerMetadata/") and verb == "GET":
        return METADATA_GET, spreadsheet_id, suffix[len("/developerMetadata/") :]
    if suffix.startswith("/sheets/") and suffix.endswith(":copyTo"):
        raise not_simulated("spreadsheets.sheets.copyTo")
    raise _UNKNOWN


def _find_values(verb: str, spreadsheet_id: str, tail: str) -> tuple[Method, str, str]:
    if verb == "GET":
        return VALUES_GET, spreadsheet_id, tail
    if verb == "PUT":
        return VALUES_UPDATE, spreadsheet_id, tail
    if verb == "POST" and tail.endswith(":append"):
        return VALUES_APPEND, spreadsheet_id, tail.removesuffix(":append")
    if verb == "POST" and tail.endswith(":clear"):
        return VALUES_CLEAR, spreadsheet_id, tail.removesuffix(":clear")
    raise _UNKNOWN
