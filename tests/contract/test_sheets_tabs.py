"""The simulated Sheets as a structure: tabs, rows, columns, cells with types, names, and the spreadsheet as a whole.

For: everything a claims store does to a sheet besides claiming.
Promises: each request and answer is compared with Google's discovery document on the way.
Refuses: to go through any client library.
"""

from __future__ import annotations

import json

import pytest

from support.sheets_wire import LOCK, Wire, append_request, message, metadata_request, text_row, truth


def second_sheet(wire: Wire) -> int:
    """The id of the second tab."""
    return list(wire.simulator.service.book(wire.spreadsheet_id).sheets)[1]


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
