"""The simulated Sheets as a table of values: typed, read, written, appended.

For: knowing what a sheet makes of text, and where a row really lands.
Promises: each request and answer is compared with Google's discovery document on the way.
Refuses: to go through any client library.
"""

from __future__ import annotations

import pytest

from support.sheets_wire import HEADER, LOCK, Wire, append_request, message, metadata_request, truth

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
