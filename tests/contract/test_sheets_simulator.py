"""The Sheets simulator over bare HTTP: what it does when it behaves.

For: trusting it. Every claim here is one a claims store over a sheet leans on.
Promises: each request and answer is compared with Google's discovery document on the way.
Refuses: to go through any client library; those have their own file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from onbam_sims.sheets import UNLIMITED
from onbam_sims.sheets.simulator import DEFAULT_ACCOUNT, SheetsSimulator
from support.hands import Hands
from support.sheets_wire import Wire, append_request, message, metadata_request, text_row

LOCK = "processing_lock"
HEADER = ("order_id", "locked_by", "locked_at", "status", "machine_id", "notes")


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def simulator(clock: Hands) -> Iterator[SheetsSimulator]:
    with SheetsSimulator(now=clock) as server:
        yield server


@pytest.fixture
def wire(simulator: SheetsSimulator) -> Wire:
    """One account with a spreadsheet of two tabs, and no quota in the way."""
    simulator.service.quota.limits = UNLIMITED
    spreadsheet_id = simulator.service.create("Orders", sheets=[LOCK, "주문 목록"])
    simulator.service.share(spreadsheet_id, DEFAULT_ACCOUNT)
    return Wire(simulator, spreadsheet_id)


def truth(wire: Wire, title: str = LOCK) -> list[list[str]]:
    """What really stands in the sheet."""
    return wire.simulator.service.rows(wire.spreadsheet_id, title)


def second_sheet(wire: Wire) -> int:
    """The id of the second tab."""
    return list(wire.simulator.service.book(wire.spreadsheet_id).sheets)[1]


# -- the claim --------------------------------------------------------------------------------------------------------


def test_one_batch_creates_the_id_and_the_row(wire: Wire) -> None:
    """A claim is one call: an id of the caller's choice and a row, with one reply for each request."""
    status, answer = wire.batch(metadata_request(7, "n1"), append_request(("order-1", "PC-A_10.0.0.1")))
    assert status == 200
    assert answer["spreadsheetId"] == wire.spreadsheet_id
    assert answer["replies"][1] == {}
    assert answer["replies"][0]["createDeveloperMetadata"]["developerMetadata"] == {
        "metadataId": 7,
        "metadataKey": "c",
        "metadataValue": "n1",
        "location": {"locationType": "SPREADSHEET", "spreadsheet": True},
        "visibility": "DOCUMENT",
    }
    assert truth(wire) == [["order-1", "PC-A_10.0.0.1"]]


def test_an_id_that_exists_refuses_the_whole_batch(wire: Wire) -> None:
    """The second claim of one id leaves nothing behind, not even the row that came before it in the batch."""
    wire.batch(metadata_request(7, "mine"), append_request(("order-1",)))
    answer = wire.batch(append_request(("order-1",)), metadata_request(7, "other"))
    assert answer[0] == 400
    assert answer[1]["error"]["status"] == "INVALID_ARGUMENT"
    assert message(answer) == (
        "Invalid requests[1].createDeveloperMetadata: Cannot add developer metadata with ID [7] "
        "because developer metadata with that ID already exists."
    )
    assert truth(wire) == [["order-1"]]
    assert [e["metadataValue"] for e in wire.search(metadataId=7)] == ["mine"]


def test_a_batch_is_undone_in_everything_it_touched(wire: Wire) -> None:
    """Grid size, tabs, metadata and named ranges are as before when the last request of a batch is unfit."""
    wire.batch(metadata_request(7), append_request(HEADER, ("order-1",)))
    before = wire.simulator.service.state()["spreadsheets"]
    status, _ = wire.batch(
        {"addSheet": {"properties": {"title": "new"}}},
        {"insertDimension": {"range": {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 3}}},
        {"updateSheetProperties": {"properties": {"sheetId": 0, "title": "other"}, "fields": "title"}},
        {"addNamedRange": {"namedRange": {"name": "x", "range": {"sheetId": 0}}}},
        metadata_request(8),
        {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": 7}}}},
        {"deleteSheet": {"sheetId": 4}},
    )
    assert status == 400
    assert wire.simulator.service.state()["spreadsheets"] == before


def test_a_deleted_id_can_be_created_again(wire: Wire) -> None:
    """Once deleted, an id protects nothing any more."""
    wire.batch(metadata_request(7, "first"))
    status, answer = wire.batch({"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": 7}}}})
    assert status == 200
    assert answer["replies"][0]["deleteDeveloperMetadata"]["deletedDeveloperMetadata"][0]["metadataValue"] == "first"
    assert wire.batch(metadata_request(7, "second"))[0] == 200


def test_append_cells_writes_after_the_last_row_with_data_and_grows_the_grid(wire: Wire) -> None:
    """Rows go below everything, past the end of the grid if need be."""
    wire.put(f"{LOCK}!C999", [["low"]])
    assert wire.batch(append_request(("a",), ("b",), ("c",)))[0] == 200
    assert truth(wire)[998:] == [["", "", "low"], ["a"], ["b"], ["c"]]
    _, answer = wire.call("GET", "", fields="sheets.properties.gridProperties")
    assert answer["sheets"][0]["properties"]["gridProperties"] == {"rowCount": 1002, "columnCount": 26}


# -- requests that are wrong ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"requests": []}, "Must specify at least one request."),
        ({"requests": [{}]}, "Invalid requests[0]: No request set."),
        ({"request": []}, 'Invalid JSON payload received. Unknown name "request": Cannot find field.'),
        (
            {"requests": [{"appendCell": {}}]},
            "Invalid JSON payload received. Unknown name \"appendCell\" at 'requests[0]': Cannot find field.",
        ),
        (
            {"requests": [{"appendCells": {"sheetId": "0"}}]},
            "Invalid value at 'requests[0].append_cells.sheet_id' (TYPE_INT32), \"0\"",
        ),
        (
            {"requests": [{"sortRange": {"sortSpecs": [{"sortOrder": "UP"}]}}]},
            (
                "Invalid value at 'requests[0].sort_range.sort_specs[0].sort_order' "
                '(type.googleapis.com/google.apps.sheets.v4.SortOrder), "UP"'
            ),
        ),
        (
            {"requests": ["appendCells"]},
            (
                "Invalid value at 'requests[0]' "
                '(type.googleapis.com/google.apps.sheets.v4.BatchUpdateSpreadsheetRequest.Request), "appendCells"'
            ),
        ),
        (
            {"requests": [{"deleteSheet": {"sheetId": 1}, "addSheet": {}}]},
            "Invalid value at 'requests[0]' (oneof), oneof field 'kind' is already set. Cannot set 'addSheet'",
        ),
        (
            {"requests": [append_request(("x",)) | {"appendCells": {"rows": [text_row("x")]}}]},
            "Invalid requests[0].appendCells: At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)",
        ),
        ({"requests": [append_request(("x",), sheet_id=5)]}, "Invalid requests[0].appendCells: No grid with id: 5"),
    ],
)
def test_a_wrong_batch_is_refused_in_googles_words(wire: Wire, body: dict[str, object], text: str) -> None:
    """What does not fit is named with its path, and nothing is done."""
    answer = wire.call("POST", ":batchUpdate", body, strange=True)
    assert answer[0] == 400
    assert message(answer) == text
    assert truth(wire) == []


def test_every_problem_of_a_request_is_named_at_once(wire: Wire) -> None:
    """Two mistakes give two lines and two field violations."""
    answer = wire.batch({"appendCells": {"sheet": 1, "sheetId": True}}, strange=True)
    assert len(message(answer).splitlines()) == 2
    violations = answer[1]["error"]["details"][0]["fieldViolations"]
    assert [v["field"] for v in violations] == ["requests[0].append_cells", "requests[0].append_cells.sheet_id"]


def test_what_google_does_and_the_simulator_does_not_is_said(wire: Wire) -> None:
    """A request kind or a field that is only missing here is 501, not a lie about Google."""
    assert wire.batch({"repeatCell": {}})[0] == 501
    status, answer = wire.batch({"addSheet": {"properties": {"title": "x", "tabColor": {"red": 1.0}}}})
    assert status == 501
    assert "tabColor" in answer["error"]["message"]


def test_an_unknown_query_parameter_is_refused(wire: Wire) -> None:
    """A misspelt parameter does not pass silently."""
    answer = wire.call("GET", f"/values/{LOCK}", strange=True, valueRenderOptions="FORMULA")
    assert answer[0] == 400
    assert "Cannot bind query parameter. Field 'valueRenderOptions' could not be found" in message(answer)


def test_an_unknown_query_value_is_refused(wire: Wire) -> None:
    """An option has the values Google lists."""
    answer = wire.call("PUT", f"/values/{LOCK}!A1", {"values": [["x"]]}, strange=True, valueInputOption="Text")
    assert message(answer) == (
        "Invalid value at 'value_input_option' (type.googleapis.com/google.apps.sheets.v4.ValueInputOption), \"Text\""
    )


def test_bytes_that_are_no_json_are_refused(wire: Wire) -> None:
    """A broken body is 400, not a broken server."""
    status, answer = wire.raw("POST", f"/v4/spreadsheets/{wire.spreadsheet_id}:batchUpdate", b"{'requests':")
    assert status == 400
    assert "Invalid JSON payload received. Unexpected token." in answer["error"]["message"]


def test_unknown_paths_and_spreadsheets_are_404(wire: Wire) -> None:
    """A path nobody knows and a spreadsheet nobody has are told apart."""
    assert wire.call("POST", ":batchWrite", {}, strange=True)[0] == 404
    status, answer = wire.raw("GET", "/v4/spreadsheets/nothing/values/A1")
    assert (status, answer["error"]["message"]) == (404, "Requested entity was not found.")
    assert wire.raw("GET", "/v5/other")[0] == 404


# -- developer metadata -----------------------------------------------------------------------------------------------


def test_metadata_is_found_by_id_key_value_and_place(wire: Wire) -> None:
    """A look-up narrows by every field it sets."""
    row = {"dimensionRange": {"sheetId": 0, "dimension": "ROWS", "startIndex": 4, "endIndex": 5}}
    column = {"dimensionRange": {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}}
    wire.batch(
        metadata_request(1, "a"),
        metadata_request(2, "b", key="k"),
        metadata_request(3, "c", key="k", location={"sheetId": 0}),
        metadata_request(4, "d", key="k", location=row),
        metadata_request(5, "e", location=column),
    )

    def found(**lookup: object) -> list[int]:
        return [entry["metadataId"] for entry in wire.search(**lookup)]

    assert found(metadataId=2) == [2]
    assert found(metadataKey="k") == [2, 3, 4]
    assert found(metadataKey="k", metadataValue="d") == [4]
    assert found(locationType="SPREADSHEET") == [1, 2]
    assert found(metadataLocation={"sheetId": 0}) == [3]
    assert found(metadataLocation={"sheetId": 0}, locationMatchingStrategy="INTERSECTING_LOCATION") == [3, 4, 5]
    assert found(metadataLocation=row) == [4]
    assert found(metadataLocation=row, locationMatchingStrategy="INTERSECTING_LOCATION") == [3, 4, 5]
    assert found(metadataLocation={"spreadsheet": True}) == [1, 2]
    _, answer = wire.call("POST", "/developerMetadata:search", {"dataFilters": [{"a1Range": f"{LOCK}!A5:A5"}]})
    assert [m["developerMetadata"]["metadataId"] for m in answer["matchedDeveloperMetadata"]] == [3, 4]


def test_one_search_asks_for_many_ids(wire: Wire) -> None:
    """Each match names the filters that found it; what is not there is simply not in the answer."""
    wire.batch(metadata_request(1), metadata_request(2))
    filters = [{"developerMetadataLookup": {"metadataId": n}} for n in (1, 2, 3)]
    _, answer = wire.call("POST", "/developerMetadata:search", {"dataFilters": filters})
    assert [m["dataFilters"] for m in answer["matchedDeveloperMetadata"]] == [[filters[0]], [filters[1]]]


def test_an_unknown_metadata_id_is_404(wire: Wire) -> None:
    """Asking for one id that does not exist is not an empty answer."""
    answer = wire.call("GET", "/developerMetadata/99")
    assert answer[0] == 404
    assert message(answer) == "No developer metadata with ID 99."
    wire.batch(metadata_request(99, "v"))
    assert wire.call("GET", "/developerMetadata/99")[1]["metadataValue"] == "v"


def test_metadata_of_another_project_blocks_an_id_unseen(wire: Wire) -> None:
    """A PROJECT entry is invisible to others, and its id is taken all the same."""
    service = wire.simulator.service
    service.share(wire.spreadsheet_id, "other@elsewhere")
    other = Wire(wire.simulator, wire.spreadsheet_id, "other@elsewhere", "elsewhere")
    other.batch(metadata_request(5, "hidden", visibility="PROJECT"))
    assert wire.search(metadataId=5) == []
    assert wire.call("GET", "/developerMetadata/5")[0] == 404
    assert wire.batch(metadata_request(5))[0] == 400
    assert [e["metadataValue"] for e in other.search(metadataId=5)] == ["hidden"]


def test_metadata_is_updated_by_filter(wire: Wire) -> None:
    """Only the fields of the mask change; an update that matches nothing succeeds and names nothing."""
    wire.batch(metadata_request(1, "old"), metadata_request(2, "old"))

    def change(metadata_id: int) -> dict[str, object]:
        wanted = {"dataFilters": [{"developerMetadataLookup": {"metadataId": metadata_id}}], "fields": "metadataValue"}
        return {"updateDeveloperMetadata": {**wanted, "developerMetadata": {"metadataValue": "new", "metadataKey": "ignored"}}}

    _, answer = wire.batch(change(1), change(77))
    assert answer["replies"][0]["updateDeveloperMetadata"]["developerMetadata"][0]["metadataValue"] == "new"
    assert answer["replies"][1] == {"updateDeveloperMetadata": {}}
    assert [(e["metadataKey"], e["metadataValue"]) for e in wire.search()] == [("c", "new"), ("c", "old")]


def test_deleting_metadata_that_is_not_there_succeeds_silently(wire: Wire) -> None:
    """The reply names what was deleted: a client that does not look learns nothing."""
    status, answer = wire.batch({"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": 1}}}})
    assert (status, answer["replies"]) == (200, [{"deleteDeveloperMetadata": {}}])


@pytest.mark.parametrize(
    "request_",
    [
        metadata_request(0),
        metadata_request(-4),
        metadata_request(1, key=""),
        metadata_request(1, visibility=None),
        metadata_request(1, location={}),
        metadata_request(1, location={"sheetId": 12345}),
        metadata_request(1, location={"dimensionRange": {"dimension": "ROWS", "startIndex": 0, "endIndex": 2}}),
    ],
)
def test_unfit_metadata_is_refused(wire: Wire, request_: dict[str, object]) -> None:
    """Positive id, key, visibility and exactly one place are required."""
    answer = wire.batch(request_)
    assert answer[0] == 400
    assert message(answer).startswith("Invalid requests[0].createDeveloperMetadata: ")


def test_metadata_ids_are_drawn_when_none_is_given(wire: Wire) -> None:
    """Without an id the server chooses one nobody has."""
    _, answer = wire.batch(metadata_request(None), metadata_request(None))
    numbers = {reply["createDeveloperMetadata"]["developerMetadata"]["metadataId"] for reply in answer["replies"]}
    assert len(numbers) == 2
    assert min(numbers) > 0


def test_metadata_in_one_place_holds_30000_characters(wire: Wire) -> None:
    """Key and value count; the spreadsheet and each sheet have a limit of their own; deleting makes room."""
    full = [metadata_request(n, "v" * 999) for n in range(1, 31)]
    assert wire.batch(*full)[0] == 200
    answer = wire.batch(metadata_request(31, ""))
    assert answer[0] == 400
    assert "30000 characters" in message(answer)
    assert wire.batch(metadata_request(31, "", location={"sheetId": 0}))[0] == 200
    wire.batch({"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": 3}}}})
    assert wire.batch(metadata_request(32, "v" * 999))[0] == 200


def test_metadata_on_a_row_moves_and_dies_with_it(wire: Wire) -> None:
    """Rows inserted above push it down; deleting the row deletes it."""
    place = {"dimensionRange": {"sheetId": 0, "dimension": "ROWS", "startIndex": 4, "endIndex": 5}}
    wire.batch(metadata_request(9, location=place))
    person = wire.simulator.service.person(wire.spreadsheet_id)
    person.insert_rows(LOCK, 2, 3)
    assert wire.search(metadataId=9)[0]["location"]["dimensionRange"] == {
        "sheetId": 0,
        "dimension": "ROWS",
        "startIndex": 7,
        "endIndex": 8,
    }
    person.insert_rows(LOCK, 8)
    person.insert_rows(LOCK, 10)
    assert wire.search(metadataId=9)[0]["location"]["dimensionRange"]["startIndex"] == 8
    person.delete_rows(LOCK, 8)
    person.delete_rows(LOCK, 9)
    assert wire.search(metadataId=9)[0]["location"]["dimensionRange"]["startIndex"] == 7
    person.delete_rows(LOCK, 8)
    assert wire.search(metadataId=9) == []


# -- values -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "shown", "stored"),
    [
        ("007", "7", 7),
        ("2601050229", "2601050229", 2601050229),
        ("12345678901234567890", "1.23457E+19", 12345678901234567890.0),
        ("+821012345678", "821012345678", 821012345678),
        ("2026-01-07", "2026-01-07", 46029),
        ("2026-01-07 10:30:00", "2026-01-07 10:30:00", 46029.4375),
        ("1-2", "1-2", 46024),
        ("2026-02-31", "2026-02-31", "2026-02-31"),
        ("true", "TRUE", True),
        ("50%", "50%", 0.5),
        ("$100.15", "$100.15", 100.15),
        ("1,234.5", "1234.5", 1234.5),
        ("10:30", "10:30", 0.4375),
        ("'0123", "0123", "0123"),
        ('="A"&"-"&7', "A-7", "A-7"),
        ("=SUM(A1:A2)", "#NAME?", "#NAME?"),
        ("주문", "주문", "주문"),
    ],
)
def test_typing_changes_what_raw_keeps(wire: Wire, typed: str, shown: str, stored: object) -> None:
    """USER_ENTERED understands; RAW does not touch: that is why keys are always sent RAW."""
    wire.put(f"{LOCK}!A1", [[typed]], "USER_ENTERED")
    wire.put(f"{LOCK}!A2", [[typed]], "RAW")
    assert wire.values(f"{LOCK}!A1:A2") == [[shown], [typed]]
    assert wire.values(f"{LOCK}!A1:A2", valueRenderOption="UNFORMATTED_VALUE") == [[stored], [typed]]


def test_the_formula_itself_is_shown_when_asked_for(wire: Wire) -> None:
    """FORMULA shows what was typed, dates as numbers or text as asked."""
    wire.put(f"{LOCK}!A1", [['="x"', "2026-01-07"]], "USER_ENTERED")
    assert wire.values(f"{LOCK}!A1:B1", valueRenderOption="FORMULA") == [['="x"', 46029]]
    assert wire.values(f"{LOCK}!A1:B1", valueRenderOption="UNFORMATTED_VALUE", dateTimeRenderOption="FORMATTED_STRING") == [
        ["x", "2026-01-07"]
    ]


def test_json_types_survive_raw(wire: Wire) -> None:
    """Numbers and booleans are stored as such; null leaves a cell alone, an empty text clears it."""
    wire.put(f"{LOCK}!A1", [["keep", "clear", 1.5, True]])
    _, answer = wire.put(f"{LOCK}!A1", [[None, "", 2]])
    assert answer["updatedCells"] == 2
    assert wire.values(f"{LOCK}!A1:D1", valueRenderOption="UNFORMATTED_VALUE") == [["keep", "", 2, True]]


def test_empty_ends_are_left_out_of_answers(wire: Wire) -> None:
    """Rows come ragged, and an empty range has no values at all."""
    wire.put(f"{LOCK}!A1", [["a", "b", "c"], ["d"], ["", "", ""], ["", "e"]])
    assert wire.values(f"{LOCK}!A1:C9") == [["a", "b", "c"], ["d"], [], ["", "e"]]
    assert wire.values(f"{LOCK}!B1:B3") == [["b"]]
    assert "values" not in wire.call("GET", f"/values/{LOCK}!X1:Z9")[1]
    assert wire.values(f"{LOCK}!A1:B4", majorDimension="COLUMNS") == [["a", "d"], ["b", "", "", "e"]]


def test_the_answered_range_is_closed_and_quoted_when_needed(wire: Wire) -> None:
    """Open ranges come back closed by the grid; titles that are not plain come back quoted."""
    assert wire.call("GET", f"/values/{LOCK}!B2:C")[1]["range"] == f"{LOCK}!B2:C1000"
    assert wire.call("GET", f"/values/{LOCK}")[1]["range"] == f"{LOCK}!A1:Z1000"
    assert wire.call("GET", "/values/주문 목록!1:2")[1]["range"] == "'주문 목록'!A1:Z2"
    assert wire.call("GET", f"/values/'{LOCK}'!c3:a1")[1]["range"] == f"{LOCK}!A1:C3"
    assert wire.call("GET", "/values/A1")[1]["range"] == f"{LOCK}!A1"


@pytest.mark.parametrize("text", ["nothing!A1", "processing_lock!", "'processing_lock!A1", "processing_lock!A0", "a-b"])
def test_a_range_that_is_none_is_refused(wire: Wire, text: str) -> None:
    """A renamed or missing tab shows itself as an unparsable range."""
    answer = wire.call("GET", f"/values/{text}")
    assert answer[0] == 400
    assert message(answer) == f"Unable to parse range: {text}"


def test_ranges_that_start_outside_the_grid_are_refused(wire: Wire) -> None:
    """A start beyond the grid is refused, an end beyond it is cut."""
    answer = wire.call("GET", f"/values/{LOCK}!A1001:B1002")
    assert message(answer) == f"Range ({LOCK}!A1001:B1002) exceeds grid limits. Max rows: 1000, max columns: 26"
    assert message(wire.put(f"{LOCK}!AA1", [["x"]])).startswith(f"Range ({LOCK}!AA1) exceeds grid limits.")
    assert wire.call("GET", f"/values/{LOCK}!A999:AB2000")[1]["range"] == f"{LOCK}!A999:Z1000"


def test_values_beyond_their_range_are_refused(wire: Wire) -> None:
    """A range of several cells is a limit, one cell is only a start."""
    answer = wire.put(f"{LOCK}!A1:B1", [["a", "b", "c"]])
    assert message(answer) == f"Requested writing within range [{LOCK}!A1:B1], but tried writing to column [C]"
    answer = wire.put(f"{LOCK}!A1:B1", [["a"], ["b"]])
    assert message(answer) == f"Requested writing within range [{LOCK}!A1:B1], but tried writing to row [2]"
    assert wire.put(f"{LOCK}!A1", [["a", "b"], ["c"]])[1]["updatedRange"] == f"{LOCK}!A1:B2"
    assert message(wire.put(f"{LOCK}!A1000", [["a"], ["b"]])).endswith("but tried writing to row [1001]")


def test_a_cell_holds_50000_characters(wire: Wire) -> None:
    """One more is refused, in either way of writing."""
    assert wire.put(f"{LOCK}!A1", [["x" * 50_000]])[0] == 200
    answer = wire.put(f"{LOCK}!A1", [["x" * 50_001]])
    assert message(answer) == "Your input contains more than the maximum of 50000 characters in a single cell."
    assert wire.batch(append_request(("x" * 50_001,)))[0] == 400


def test_values_need_an_input_option_and_plain_cells(wire: Wire) -> None:
    """A missing option, a list in a cell and a flat list are refused."""
    answer = wire.call("PUT", f"/values/{LOCK}!A1", {"values": [["x"]]})
    assert message(answer) == "'valueInputOption' is required but not specified"
    assert message(wire.put(f"{LOCK}!A1", [["x", ["y"]]])).startswith("Invalid values[0][1]: list_value")
    answer = wire.call("PUT", f"/values/{LOCK}!A1", {"values": ["x"]}, strange=True, valueInputOption="RAW")
    assert message(answer) == "Invalid value at 'data.values[0]' (type.googleapis.com/google.protobuf.ListValue), \"x\""


def test_many_ranges_in_one_call(wire: Wire) -> None:
    """Batch update, get and clear speak of many ranges, and the update of none when one is wrong."""
    data = [{"range": f"{LOCK}!A1", "values": [["a", "b"]]}, {"range": "주문 목록!B2", "values": [["c"]]}]
    body = {"valueInputOption": "RAW", "data": data, "includeValuesInResponse": True}
    _, answer = wire.call("POST", "/values:batchUpdate", body)
    assert (answer["totalUpdatedCells"], answer["totalUpdatedSheets"]) == (3, 2)
    assert answer["responses"][1]["updatedData"]["values"] == [["c"]]
    _, answer = wire.call("GET", "/values:batchGet", ranges=[f"{LOCK}!A1:B1", "주문 목록"])
    assert [r.get("values") for r in answer["valueRanges"]] == [[["a", "b"]], [[], ["", "c"]]]
    body["data"] = [{"range": f"{LOCK}!A9", "values": [["z"]]}, {"range": "no!A1", "values": [["z"]]}]
    assert wire.call("POST", "/values:batchUpdate", body)[0] == 400
    assert truth(wire) == [["a", "b"]]
    _, answer = wire.call("POST", "/values:batchClear", {"ranges": [f"{LOCK}!A1:A5", "주문 목록!B:B"]})
    assert answer["clearedRanges"] == [f"{LOCK}!A1:A5", "'주문 목록'!B1:B1000"]
    assert (truth(wire), truth(wire, "주문 목록")) == ([["", "b"]], [])
    assert wire.call("POST", f"/values/{LOCK}:clear", {})[1]["clearedRange"] == f"{LOCK}!A1:Z1000"


def test_a_row_is_found_and_written_by_its_metadata(wire: Wire) -> None:
    """A data filter follows the row wherever people move it; a filter that matches nothing writes nothing."""
    wire.batch(append_request(HEADER, ("order-1", "PC-A")))
    place = {"dimensionRange": {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}}
    wire.batch(metadata_request(9, location=place), metadata_request(10))
    wire.simulator.service.person(wire.spreadsheet_id).insert_rows(LOCK, 1, 2)
    mine, whole, nobody = ({"developerMetadataLookup": {"metadataId": n}} for n in (9, 10, 11))
    _, answer = wire.call("POST", "/values:batchGetByDataFilter", {"dataFilters": [mine, whole]})
    assert [r["valueRange"] for r in answer["valueRanges"]] == [
        {"range": f"{LOCK}!A4:Z4", "majorDimension": "ROWS", "values": [["order-1", "PC-A"]]}
    ]
    data = [{"dataFilter": mine, "values": [[None, "PC-B"]]}, {"dataFilter": nobody, "values": [["x"]]}]
    _, answer = wire.call("POST", "/values:batchUpdateByDataFilter", {"valueInputOption": "RAW", "data": data})
    assert answer["totalUpdatedCells"] == 1
    assert [r["updatedRange"] for r in answer["responses"]] == [f"{LOCK}!A4:B4"]
    assert truth(wire)[3] == ["order-1", "PC-B"]
    _, answer = wire.call("POST", "/values:batchClearByDataFilter", {"dataFilters": [mine, nobody]})
    assert answer["clearedRanges"] == [f"{LOCK}!A4:Z4"]
    assert len(truth(wire)) == 3


# -- append -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lands"),
    [
        (LOCK, "B7"),
        ("B4", "B7"),
        ("C5:D5", "B7"),
        ("B2:D4", "B7"),
        ("A3:G10", "B7"),
        ("A1", "A3"),
        ("E4", "E4"),
        ("A4", "A4"),
    ],
)
def test_an_append_finds_its_table_as_documented(wire: Wire, text: str, lands: str) -> None:
    """The examples of Google's guide, on its sheet with one table in A1:C2 and another in B4:D6."""
    wire.put(f"{LOCK}!A1", [["x", "y", "z"], ["x", "y", "z"], [], ["", "x", "y"], ["", "", "y", "z"], ["", "x", "y", "z"]])
    _, answer = wire.append(text if text == LOCK else f"{LOCK}!{text}", ["new"])
    assert answer["updates"]["updatedRange"] == f"{LOCK}!{lands}"


def test_an_append_says_which_table_it_found(wire: Wire) -> None:
    """The table's range is in the answer, and absent on an empty sheet."""
    assert "tableRange" not in wire.append(f"{LOCK}!A:F", list(HEADER))[1]
    assert wire.append(f"{LOCK}!A:F", ["order-1"])[1]["tableRange"] == f"{LOCK}!A1:F1"


def test_overwrite_writes_over_and_insert_rows_pushes_down(wire: Wire) -> None:
    """With data below the table, OVERWRITE destroys it and INSERT_ROWS moves it."""
    wire.put(f"{LOCK}!A1", [["a"], [], ["below"]])
    wire.append(f"{LOCK}!A1", ["b"], ["c"], insertDataOption="INSERT_ROWS")
    assert truth(wire) == [["a"], ["b"], ["c"], [], ["below"]]
    wire.append(f"{LOCK}!A1", ["d"], ["e"])
    assert truth(wire) == [["a"], ["b"], ["c"], ["d"], ["e"]]


def test_an_append_grows_the_grid_in_both_directions(wire: Wire) -> None:
    """Appending is the only way of writing values that makes the sheet larger."""
    wire.put(f"{LOCK}!A1000", [["last"]])
    _, answer = wire.append(f"{LOCK}!A1000", ["x"] * 30)
    assert answer["updates"]["updatedRange"] == f"{LOCK}!A1001:AD1001"
    _, answer = wire.call("GET", "", fields="sheets.properties.gridProperties")
    assert answer["sheets"][0]["properties"]["gridProperties"] == {"rowCount": 1001, "columnCount": 30}


# -- tabs, rows, columns ----------------------------------------------------------------------------------------------


def test_a_tab_is_added_with_its_properties(wire: Wire) -> None:
    """Id, title, place, size and frozen rows are taken from the request."""
    grid = {"rowCount": 5, "columnCount": 6, "frozenRowCount": 1}
    _, answer = wire.batch({"addSheet": {"properties": {"sheetId": 9, "title": "새 시트", "index": 1, "gridProperties": grid}}})
    wanted = {"sheetId": 9, "title": "새 시트", "index": 1, "sheetType": "GRID", "gridProperties": grid}
    assert answer["replies"] == [{"addSheet": {"properties": wanted}}]
    _, answer = wire.call("GET", "", fields="sheets.properties(title,index)")
    assert [s["properties"]["title"] for s in answer["sheets"]] == [LOCK, "새 시트", "주문 목록"]
    _, answer = wire.batch({"addSheet": {}})
    assert answer["replies"][0]["addSheet"]["properties"]["title"] == "Sheet4"


@pytest.mark.parametrize(
    ("properties", "text"),
    [
        ({"title": LOCK}, f'A sheet with the name "{LOCK}" already exists. Please enter another name.'),
        ({"title": LOCK.upper()}, f'A sheet with the name "{LOCK.upper()}" already exists. Please enter another name.'),
        ({"sheetId": 0}, "Sheet with id 0 already exists. Please enter another id."),
        ({"title": "x" * 101}, "The sheet title must have 1 to 100 characters."),
        (
            {"title": "big", "gridProperties": {"rowCount": 400_000, "columnCount": 26}},
            "This action would increase the number of cells in the workbook above the limit of 10000000 cells.",
        ),
    ],
)
def test_a_tab_that_cannot_be_is_refused(wire: Wire, properties: dict[str, object], text: str) -> None:
    """Titles and ids are unique, sizes are limited."""
    answer = wire.batch({"addSheet": {"properties": properties}})
    assert (answer[0], message(answer)) == (400, f"Invalid requests[0].addSheet: {text}")


def test_a_tab_is_renamed_resized_frozen_moved_and_hidden(wire: Wire) -> None:
    """The mask decides what changes."""
    properties = {
        "sheetId": 0,
        "title": "잠금",
        "index": 2,
        "hidden": True,
        "gridProperties": {"rowCount": 50, "columnCount": 6, "frozenRowCount": 1},
    }
    assert wire.batch({"updateSheetProperties": {"properties": properties, "fields": "title,index,hidden"}})[0] == 200
    mask = "gridProperties.rowCount,gridProperties.columnCount,gridProperties.frozenRowCount"
    assert wire.batch({"updateSheetProperties": {"properties": properties, "fields": mask}})[0] == 200
    _, answer = wire.call("GET", "")
    assert answer["sheets"][1]["properties"] == {**properties, "index": 1, "sheetType": "GRID"}


def test_shrinking_a_tab_cuts_its_data(wire: Wire) -> None:
    """Rows beyond the new size are gone; to nothing it cannot shrink."""
    wire.put(f"{LOCK}!A1", [[str(n)] for n in range(10)])

    def resized(count: int) -> dict[str, object]:
        properties = {"sheetId": 0, "gridProperties": {"rowCount": count}}
        return {"updateSheetProperties": {"properties": properties, "fields": "gridProperties.rowCount"}}

    assert wire.batch(resized(3))[0] == 200
    assert truth(wire) == [["0"], ["1"], ["2"]]
    assert wire.batch(resized(0))[0] == 400


def test_the_last_tab_stays(wire: Wire) -> None:
    """A spreadsheet has at least one tab."""
    assert wire.batch({"deleteSheet": {"sheetId": 0}})[0] == 200
    answer = wire.batch({"deleteSheet": {"sheetId": second_sheet_left(wire)}})
    assert message(answer) == "Invalid requests[0].deleteSheet: You can't remove all the sheets in a document."


def second_sheet_left(wire: Wire) -> int:
    """The id of the only tab that is left."""
    (sheet_id,) = wire.simulator.service.book(wire.spreadsheet_id).sheets
    return sheet_id


def test_what_is_located_on_a_tab_goes_with_it(wire: Wire) -> None:
    """Metadata and named ranges of a deleted tab are deleted."""
    sheet_id = second_sheet(wire)
    wire.batch(
        metadata_request(1, location={"sheetId": sheet_id}),
        metadata_request(2),
        {"addNamedRange": {"namedRange": {"name": "area", "range": {"sheetId": sheet_id}}}},
    )
    wire.batch({"deleteSheet": {"sheetId": sheet_id}})
    assert [e["metadataId"] for e in wire.search()] == [2]
    assert "namedRanges" not in wire.call("GET", "")[1]


def dimension(kind: str, start: int | None, end: int | None, which: str = "ROWS", **more: object) -> dict[str, object]:
    """An insert or delete request on the first tab."""
    span = {"sheetId": 0, "dimension": which, "startIndex": start, "endIndex": end}
    return {kind: {"range": {k: v for k, v in span.items() if v is not None}, **more}}


def test_rows_and_columns_are_inserted_and_deleted(wire: Wire) -> None:
    """Cells move with them."""
    wire.put(f"{LOCK}!A1", [["a", "b"], ["c", "d"]])
    wire.batch(dimension("insertDimension", 1, 3), dimension("insertDimension", 1, 2, "COLUMNS"))
    assert truth(wire) == [["a", "", "b"], [], [], ["c", "", "d"]]
    wire.batch(dimension("deleteDimension", 0, 2), dimension("deleteDimension", 0, 1, "COLUMNS"))
    assert truth(wire) == [[], ["", "d"]]
    wire.batch({"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 7}})
    _, answer = wire.call("GET", "", fields="sheets.properties.gridProperties")
    assert answer["sheets"][0]["properties"]["gridProperties"] == {"rowCount": 1007, "columnCount": 26}


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        (
            dimension("deleteDimension", 1000, 1001),
            "Cannot delete a row that doesn't exist. Tried to delete row index 1000 but there are only 1000 rows.",
        ),
        (
            dimension("deleteDimension", 30, 31, "COLUMNS"),
            "Cannot delete a column that doesn't exist. Tried to delete column index 30 but there are only 26 columns.",
        ),
        (dimension("deleteDimension", None, None), "Sorry, it is not possible to delete all non-frozen rows."),
        (dimension("insertDimension", 1001, 1002), "range.startIndex is larger than current grid size (1000)"),
        (
            dimension("insertDimension", 1000, 1001),
            "range.startIndex must be less than the grid size (1000) if inheritFromBefore is false.",
        ),
    ],
)
def test_rows_that_are_not_there_are_refused(wire: Wire, request_: dict[str, object], text: str) -> None:
    """In the words a real project met."""
    answer = wire.batch(request_)
    assert message(answer) == f"Invalid requests[0].{next(iter(request_))}: {text}"


def test_rows_can_be_inserted_at_the_very_end(wire: Wire) -> None:
    """With inheritFromBefore the grid grows behind its last row."""
    assert wire.batch(dimension("insertDimension", 1000, 1001, inheritFromBefore=True))[0] == 200


def test_cells_are_updated_in_place(wire: Wire) -> None:
    """From a start only what is sent is written; in a range what is not sent is cleared."""
    wire.put(f"{LOCK}!A1", [["a", "b"], ["c", "d"]])
    start = {"sheetId": 0, "rowIndex": 1, "columnIndex": 1}
    wire.batch({"updateCells": {"start": start, "fields": "userEnteredValue", "rows": [text_row("D")]}})
    assert truth(wire) == [["a", "b"], ["c", "D"]]
    area = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1}
    wire.batch({"updateCells": {"range": area, "fields": "*", "rows": [text_row("A")]}})
    assert truth(wire) == [["A"], ["c", "D"]]
    far = {"sheetId": 0, "rowIndex": 0, "columnIndex": 26}
    answer = wire.batch({"updateCells": {"start": far, "fields": "userEnteredValue", "rows": [text_row("x")]}})
    assert message(answer) == (
        "Invalid requests[0].updateCells: Attempting to write column: 26, beyond the last requested column of: 25"
    )


def test_cells_have_types(wire: Wire) -> None:
    """Numbers, truth values, formulas and nothing at all can be written and are shown with their types."""
    cells = [{"numberValue": 7}, {"boolValue": True}, {"formulaValue": '="x"'}, {"stringValue": "007"}]
    row = {"values": [{"userEnteredValue": value} for value in cells] + [{}]}
    wire.batch({"appendCells": {"sheetId": 0, "fields": "userEnteredValue", "rows": [row]}})
    _, answer = wire.call("GET", "", ranges=f"{LOCK}!A1:E2", includeGridData="true")
    shown = answer["sheets"][0]["data"][0]["rowData"][0]["values"]
    assert [cell["userEnteredValue"] for cell in shown] == cells
    assert [cell["formattedValue"] for cell in shown] == ["7", "TRUE", "x", "007"]
    assert shown[2]["effectiveValue"] == {"stringValue": "x"}


def test_a_range_is_sorted(wire: Wire) -> None:
    """By several columns, numbers before text, empty cells last in either direction."""
    wire.put(f"{LOCK}!A1", [["h", "n"], ["b", 1], ["", 2], ["a", 3], ["b", 2], [10, 4], [9, 5]])

    def order(descending: bool) -> list[object]:
        way = "DESCENDING" if descending else "ASCENDING"
        specs = [{"dimensionIndex": 0, "sortOrder": way}, {"dimensionIndex": 1, "sortOrder": "DESCENDING"}]
        span = {"sheetId": 0, "startRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 2}
        assert wire.batch({"sortRange": {"range": span, "sortSpecs": specs}})[0] == 200
        return [tuple(row) for row in truth(wire)]

    assert order(False) == [("h", "n"), ("9", "5"), ("10", "4"), ("a", "3"), ("b", "2"), ("b", "1"), ("", "2")]
    assert order(True) == [("h", "n"), ("b", "2"), ("b", "1"), ("a", "3"), ("10", "4"), ("9", "5"), ("", "2")]


def test_text_is_found_and_replaced(wire: Wire) -> None:
    """In one tab or all, in part of a cell or the whole, with or without regard to case."""
    wire.put(f"{LOCK}!A1", [["failed", "Failed twice, failed"], ["x"]])
    wire.put("주문 목록!A1", [["failed"]])
    _, answer = wire.batch({"findReplace": {"find": "failed", "replacement": "ok", "sheetId": 0, "matchCase": True}})
    assert answer["replies"][0]["findReplace"] == {
        "valuesChanged": 2,
        "rowsChanged": 1,
        "sheetsChanged": 1,
        "occurrencesChanged": 2,
    }
    assert truth(wire) == [["ok", "Failed twice, ok"], ["x"]]
    _, answer = wire.batch({"findReplace": {"find": "FAILED", "replacement": "", "allSheets": True, "matchEntireCell": True}})
    assert answer["replies"][0]["findReplace"]["valuesChanged"] == 1
    assert truth(wire, "주문 목록") == []


def named(name: str, range_id: str | None = None) -> dict[str, object]:
    """An `addNamedRange` request."""
    entry: dict[str, object] = {
        "name": name,
        "range": {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 3, "endColumnIndex": 2},
    }
    return {"addNamedRange": {"namedRange": entry | ({} if range_id is None else {"namedRangeId": range_id})}}


def test_a_named_range_is_a_range(wire: Wire) -> None:
    """It can be read by its name, and moves when rows are inserted above."""
    wire.put(f"{LOCK}!A1", [["h"], ["a", "b"], ["c"]])
    _, answer = wire.batch(named("claims", "abc"))
    assert answer["replies"][0]["addNamedRange"]["namedRange"]["namedRangeId"] == "abc"
    assert wire.values("claims") == [["a", "b"], ["c"]]
    wire.batch(dimension("insertDimension", 0, 1))
    assert wire.call("GET", "/values/claims")[1]["range"] == f"{LOCK}!A3:B4"
    wire.batch(dimension("insertDimension", 2, 3))
    assert wire.call("GET", "/values/claims")[1]["range"] == f"{LOCK}!A4:B5"
    wire.batch(dimension("insertDimension", 4, 5), dimension("insertDimension", 6, 7))
    assert wire.call("GET", "/values/claims")[1]["range"] == f"{LOCK}!A4:B6"
    wire.batch(dimension("deleteDimension", 2, 4))
    assert wire.call("GET", "/values/claims")[1]["range"] == f"{LOCK}!A3:B4"
    wire.batch(dimension("deleteDimension", 1, 5))
    assert wire.call("GET", "/values/claims")[0] == 400


def test_names_and_ids_of_named_ranges_are_unique(wire: Wire) -> None:
    """The refusals are the ones a mutex over named ranges knows."""
    wire.batch(named("c_1", "id1"))
    text = (
        "Invalid requests[0].addNamedRange: Cannot add named range with name: c_1, a named range with that name already exists."
    )
    assert message(wire.batch(named("c_1"))) == text
    text = "Invalid requests[0].addNamedRange: Cannot add named range with ID: id1, a named range with that ID already exists."
    assert message(wire.batch(named("c_2", "id1"))) == text
    assert wire.batch(named("1 bad name"))[0] == 400
    assert wire.batch({"deleteNamedRange": {"namedRangeId": "id1"}}, named("c_1", "id1"))[0] == 200
    assert wire.batch({"deleteNamedRange": {"namedRangeId": "nobody"}})[0] == 400


# -- the spreadsheet as a whole ---------------------------------------------------------------------------------------


def test_a_field_mask_selects(wire: Wire) -> None:
    """Nested, with brackets, dots and slashes; a mask of unknown fields is refused before anything is done."""
    wire.batch(metadata_request(1))
    _, answer = wire.call("GET", "", fields="sheets(properties(sheetId,title)),developerMetadata/metadataId")
    assert answer == {
        "sheets": [
            {"properties": {"sheetId": 0, "title": LOCK}},
            {"properties": {"sheetId": second_sheet(wire), "title": "주문 목록"}},
        ],
        "developerMetadata": [{"metadataId": 1}],
    }
    answer_ = wire.call("GET", "", fields="sheets.sheetProperties")
    assert message(answer_) == "Request contains an invalid argument."
    violation = answer_[1]["error"]["details"][0]["fieldViolations"][0]["description"]
    assert violation.endswith("Cannot find matching fields for path 'sheets.sheetProperties'.")
    body = {"requests": [append_request(("x",))]}
    assert wire.call("POST", ":batchUpdate", body, fields="reply")[0] == 400
    assert truth(wire) == []
    assert wire.call("POST", ":batchUpdate", body, fields="spreadsheetId")[1] == {"spreadsheetId": wire.spreadsheet_id}


def test_cells_come_only_when_asked_for(wire: Wire) -> None:
    """By includeGridData, or by a mask that names them, which then decides alone."""
    wire.put(f"{LOCK}!A1", [["a"], ["b"]])
    assert "data" not in wire.call("GET", "")[1]["sheets"][0]
    data = wire.call("GET", "", ranges=f"{LOCK}!A2:B9", includeGridData="true")[1]["sheets"][0]["data"][0]
    assert (data["startRow"], data["rowData"][0]["values"][0]["formattedValue"]) == (1, "b")
    _, answer = wire.call("GET", "", fields="sheets.data.rowData.values.formattedValue")
    assert answer["sheets"][0]["data"][0]["rowData"][1] == {"values": [{"formattedValue": "b"}]}
    assert "data" not in wire.call("GET", "", fields="sheets.properties", includeGridData="true")[1]["sheets"][0]


def test_ranges_limit_the_tabs(wire: Wire) -> None:
    """Only the tabs of the ranges or filters are in the answer."""
    _, answer = wire.call("GET", "", ranges="주문 목록!A1")
    assert [s["properties"]["title"] for s in answer["sheets"]] == ["주문 목록"]
    body = {"dataFilters": [{"gridRange": {"sheetId": 0}}], "includeGridData": True}
    _, answer = wire.call("POST", ":getByDataFilter", body)
    assert [s["properties"]["title"] for s in answer["sheets"]] == [LOCK]
    assert answer["sheets"][0]["data"] == [{}]


def test_a_batch_can_answer_with_the_spreadsheet(wire: Wire) -> None:
    """The state after the batch, limited as asked."""
    wanted = {"includeSpreadsheetInResponse": True, "responseRanges": [f"{LOCK}!A1:B2"], "responseIncludeGridData": True}
    _, answer = wire.batch(append_request(("new",)), **wanted)
    (sheet,) = answer["updatedSpreadsheet"]["sheets"]
    assert sheet["data"][0]["rowData"][0]["values"][0]["formattedValue"] == "new"


def test_a_spreadsheet_is_created_over_the_wire(wire: Wire) -> None:
    """With tabs of one's own or one by default; the caller owns it, others are strangers to it."""
    body = {"properties": {"title": "Mine"}, "sheets": [{"properties": {"title": "잠금"}}, {"properties": {"title": "b"}}]}
    status, answer = wire.raw("POST", "/v4/spreadsheets", json.dumps(body).encode())
    assert status == 200
    assert [s["properties"]["title"] for s in answer["sheets"]] == ["잠금", "b"]
    mine = Wire(wire.simulator, answer["spreadsheetId"])
    assert mine.batch(append_request(("x",), sheet_id=answer["sheets"][0]["properties"]["sheetId"]))[0] == 200
    stranger = Wire(wire.simulator, answer["spreadsheetId"], "stranger@example.com")
    assert stranger.call("GET", "")[0] == 403
    twice = {"sheets": [{"properties": {"title": "a"}}, {"properties": {"title": "a"}}]}
    count = len(wire.simulator.service.state()["spreadsheets"])
    assert wire.raw("POST", "/v4/spreadsheets", json.dumps(twice).encode())[0] == 400
    assert len(wire.simulator.service.state()["spreadsheets"]) == count
    _, answer = wire.raw("POST", "/v4/spreadsheets", b"{}")
    assert answer["sheets"][0]["properties"]["sheetId"] == 0


# -- quotas -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def shared(simulator: SheetsSimulator) -> str:
    """A spreadsheet for anybody, under the real quotas."""
    spreadsheet_id = simulator.service.create("Shared", sheets=[LOCK])
    simulator.service.share(spreadsheet_id, "anyone", "writer")
    return spreadsheet_id


def test_one_account_has_60_writes_a_minute(simulator: SheetsSimulator, shared: str, clock: Hands) -> None:
    """All PCs on one account share them; reads are counted apart; the window slides."""
    wire = Wire(simulator, shared)
    for _ in range(60):
        assert wire.batch(append_request(("x",)))[0] == 200
        clock.at += 0.5
    answer = wire.batch(append_request(("x",)))
    assert answer[0] == 429
    assert answer[1]["error"]["status"] == "RESOURCE_EXHAUSTED"
    assert message(answer).startswith(
        "Quota exceeded for quota metric 'Write requests' and limit 'Write requests per minute per user' "
        "of service 'sheets.googleapis.com' for consumer 'project_number:"
    )
    metadata = answer[1]["error"]["details"][0]["metadata"]
    assert (metadata["quota_limit"], metadata["quota_limit_value"]) == ("WriteRequestsPerMinutePerUser", "60")
    assert len(wire.values(LOCK)) == 60
    clock.at += 30.0
    assert wire.batch(append_request(("y",)))[0] == 200
    assert wire.batch(append_request(("z",)))[0] == 429


def test_a_search_by_post_counts_as_a_read(simulator: SheetsSimulator, shared: str) -> None:
    """60 reads a minute, however they are sent."""
    wire = Wire(simulator, shared)
    for _ in range(60):
        wire.search(metadataId=1)
    answer = wire.call("GET", f"/values/{LOCK}")
    assert answer[0] == 429
    assert "'Read requests per minute per user'" in message(answer)
    assert wire.batch(append_request(("x",)))[0] == 200


def test_a_project_has_300_writes_a_minute(simulator: SheetsSimulator, shared: str) -> None:
    """Five accounts of one project are the most that help; another project is not touched."""
    for number in range(5):
        account = Wire(simulator, shared, f"pc{number}@example.com")
        for _ in range(60):
            assert account.batch(append_request(("x",)))[0] == 200
    answer = Wire(simulator, shared, "pc6@example.com").batch(append_request(("x",)))
    assert answer[0] == 429
    assert "'Write requests per minute'" in message(answer)
    assert Wire(simulator, shared, "other@example.com", "elsewhere").batch(append_request(("x",)))[0] == 200


# -- people and the truth ---------------------------------------------------------------------------------------------


def hand(wire: Wire, do: str, **how: object) -> tuple[int, dict[str, object]]:
    """A person's hand over HTTP."""
    body = {"spreadsheetId": wire.spreadsheet_id, "do": do, "sheet": LOCK, **how}
    return wire.raw("POST", "/_sim/person", json.dumps(body).encode())


def test_a_persons_hands_reach_the_sheet(wire: Wire) -> None:
    """Sort, insert, type, delete, add a column, merge, turn into numbers and formulas."""
    wire.batch(append_request(("id", "st"), ("003", "c"), ("001", "a"), ("002", "b")))
    assert hand(wire, "sort", column=1)[0] == 200
    assert truth(wire) == [["id", "st"], ["001", "a"], ["002", "b"], ["003", "c"]]
    hand(wire, "insert_rows", before=3)
    hand(wire, "edit", cell="B2", value="failed")
    hand(wire, "edit", cell="A3", value="0005")
    hand(wire, "delete_rows", first=5)
    hand(wire, "insert_column", before=2, heading="memo")
    assert truth(wire) == [["id", "memo", "st"], ["001", "", "failed"], ["5"], ["002", "", "b"]]
    hand(wire, "to_numbers", cells="A2:A2")
    hand(wire, "to_formulas", cells="A4:A4")
    assert wire.values(f"{LOCK}!A2:A4", valueRenderOption="FORMULA") == [[1], [5], ['="002"']]
    hand(wire, "merge", cells="A1:C1")
    assert truth(wire)[0] == ["id"]
    assert wire.call("GET", "")[1]["sheets"][0]["merges"][0]["endColumnIndex"] == 3
    hand(wire, "delete_column", column=2)
    hand(wire, "clear", cells="A2:B3")
    assert truth(wire) == [["id"], [], [], ["002", "b"]]
    hand(wire, "rename_sheet", title="다른 이름")
    assert wire.call("GET", f"/values/{LOCK}")[0] == 400
    assert hand(wire, "sort", column=1)[0] == 400
    assert hand(wire, "dance")[0] == 400
    assert hand(wire, "delete_sheet", sheet="다른 이름")[0] == 200
    assert [s["properties"]["title"] for s in wire.call("GET", "")[1]["sheets"]] == ["주문 목록"]


def test_the_truth_can_be_read(wire: Wire) -> None:
    """Grids, metadata, sharing and what was called are data at `/_sim/state`."""
    wire.batch(metadata_request(7), append_request(("a",)))
    _, state = wire.raw("GET", "/_sim/state")
    (shown,) = state["spreadsheets"]
    assert shown["sheets"][0]["values"] == [["a"]]
    assert shown["metadata"][0]["metadataId"] == 7
    assert shown["shared"][DEFAULT_ACCOUNT] == "writer"
    assert state["calls"] == {"spreadsheets.batchUpdate": 1}


def test_spreadsheets_and_sharing_are_made_over_http(wire: Wire) -> None:
    """What a script from outside needs to set the stage."""
    body = {"title": "New", "sheets": [LOCK], "share": ["a@example.com"], "rows": 10}
    _, made = wire.raw("POST", "/_sim/spreadsheets", json.dumps(body).encode())
    guest = Wire(wire.simulator, made["spreadsheetId"], "a@example.com")
    assert guest.batch(append_request(("x",)))[0] == 200
    for role, status in (("reader", 403), (None, 403), ("writer", 200)):
        wire.raw("POST", "/_sim/share", json.dumps({**made, "user": "a@example.com", "role": role}).encode())
        assert guest.batch(append_request(("x",)))[0] == status
    assert wire.raw("POST", "/_sim/share", json.dumps({**made, "user": "b", "role": "king"}).encode())[0] == 400
