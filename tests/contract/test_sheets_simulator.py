"""The Sheets simulator over bare HTTP: what it does when it behaves.

For: trusting it. Every claim here is one a claims store over a sheet leans on.
Promises: each request and answer is compared with Google's discovery document on the way.
Refuses: to go through any client library; those have their own file.
"""

from __future__ import annotations

import json

import pytest

from onbam_sims.sheets.simulator import DEFAULT_ACCOUNT, SheetsSimulator
from support.hands import Hands
from support.sheets_wire import HEADER, LOCK, Wire, append_request, message, metadata_request, text_row, truth

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
