"""The pure parts of the Sheets simulator: notation, cells, the grid, and books that never change.

For: the two things everything else stands on: a refused batch leaves nothing, and yesterday's book is still yesterday's.
Promises: the grid is compared with the plainest model one can write, over drawn sequences of acts.
Refuses: HTTP.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onbam_sims.sheets import UNLIMITED, Limits, SheetsService, a1, cells
from onbam_sims.sheets.book import Book
from onbam_sims.sheets.grid import Sheet
from onbam_sims.sheets.shelf import Shelf, describe

ROWS, COLUMNS = 8, 6
row_numbers = st.integers(0, ROWS - 1)
column_numbers = st.integers(0, COLUMNS - 1)
texts = st.sampled_from([None, "a", "b", "c"])


# -- notation -------------------------------------------------------------------------------------------------------------


@given(st.integers(0, 20_000))
def test_column_letters_go_there_and_back(number: int) -> None:
    """Every column has one name."""
    assert a1.column_number(a1.column_letters(number)) == number


@given(row_numbers, column_numbers, st.integers(1, 9), st.integers(1, 9), st.text(min_size=1))
def test_a_region_is_read_back_as_it_was_written(top: int, left: int, height: int, width: int, title: str) -> None:
    """Whatever the title is."""
    region = a1.Region(top, top + height, left, left + width)
    read_title, corners = a1.split(a1.write(title, region))
    assert (read_title, a1.read_corners(corners or "")[:4]) == (title, region[:4])  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("B2", (1, 2, 1, 2)),
        ("A:C", (0, None, 0, 3)),
        ("2:3", (1, 3, 0, None)),
        ("A2:C", (1, None, 0, 3)),
        ("c3:a1", (0, 3, 0, 3)),
        ("$A$1:$B$2", (0, 2, 0, 2)),
        ("B2:5", (1, 5, 1, None)),
    ],
)
def test_open_and_reversed_corners_are_understood(text: str, region: tuple[int | None, ...]) -> None:
    """As Google understands them."""
    assert a1.read_corners(text)[:4] == region  # type: ignore[index]


@pytest.mark.parametrize("text", ["", "A", "1", "A0", ":", "A1:", "AAAA1", "A1:B2:C3", "A 1"])
def test_what_is_no_range_is_none(text: str) -> None:
    """Text is not guessed at."""
    assert a1.read_corners(text) is None


# -- cells ----------------------------------------------------------------------------------------------------------------


@given(st.text(max_size=20))
def test_raw_text_stays_as_it_is(text: str) -> None:
    """Whatever it looks like."""
    assert cells.shown(cells.raw(text, 0, 0)) == text


@given(st.text(max_size=20))
def test_a_leading_apostrophe_keeps_typed_text(text: str) -> None:
    """The way people keep leading zeros."""
    assert cells.shown(cells.typed(f"'{text}", 0, 0, 2026)) == text


# -- the grid -------------------------------------------------------------------------------------------------------------

Model = list[list[str | None]]


def empty(rows: int, columns: int) -> Model:
    """A plain table."""
    return [[None] * columns for _ in range(rows)]


def shown(sheet: Sheet) -> Model:
    """A sheet as a plain table."""
    return [[sheet.cell(r, c) for c in range(sheet.column_count)] for r in range(sheet.row_count)]  # type: ignore[misc]


def sound(sheet: Sheet) -> bool:
    """Neither rows nor cells at an end are empty."""
    return all(not row or row[-1] is not None for row in sheet.rows) and (not sheet.rows or bool(sheet.rows[-1]))


@given(st.data())
def test_the_grid_does_what_a_plain_table_does(data: st.DataObject) -> None:
    """Writing, clearing, inserting, deleting and sorting in any order."""
    sheet, model = Sheet(0, "s", ROWS, COLUMNS), empty(ROWS, COLUMNS)
    for _ in range(data.draw(st.integers(1, 12))):
        act = data.draw(st.sampled_from(["put", "clear", "insert", "delete", "sort"]))
        row, column = data.draw(st.integers(0, sheet.row_count - 1)), data.draw(st.integers(0, sheet.column_count - 1))
        if act == "put":
            run = data.draw(st.lists(texts, max_size=sheet.column_count - column))
            sheet.put(row, column, run)
            sheet.tidy()
            model[row][column : column + len(run)] = run
        elif act == "clear":
            sheet.clear(a1.Region(row, sheet.row_count, 0, column + 1))
            for cells_ in model[row:]:
                cells_[: column + 1] = [None] * (column + 1)
        elif act == "insert":
            sheet.insert("ROWS", row, 2)
            sheet.insert("COLUMNS", column, 1)
            model[row:row] = empty(2, len(model[0]))
            for cells_ in model:
                cells_.insert(column, None)
        elif act == "delete" and sheet.row_count > 2 and sheet.column_count > 1:
            sheet.delete("ROWS", row, row + 1)
            sheet.delete("COLUMNS", column, column + 1)
            del model[row]
            for cells_ in model:
                del cells_[column]
        elif act == "sort":
            sheet.sort(a1.Region(row, sheet.row_count, 0, sheet.column_count), [(column, False)])
            model[row:] = sorted(model[row:], key=lambda r: (r[column] is None, r[column] or ""))
        assert shown(sheet) == model
        assert sound(sheet)


# -- books ----------------------------------------------------------------------------------------------------------------


def drawn_request(data: st.DataObject) -> dict[str, Any]:
    """One request, sensible or not."""
    number, kind = data.draw(st.integers(1, 5)), data.draw(st.integers(0, 9))
    start = data.draw(row_numbers)
    span = {
        "sheetId": 0,
        "dimension": data.draw(st.sampled_from(["ROWS", "COLUMNS"])),
        "startIndex": start,
        "endIndex": start + 1,
    }
    row = {"values": [{"userEnteredValue": {"stringValue": str(number)}}]}
    by_id = {"developerMetadataLookup": {"metadataId": number}}
    location = data.draw(
        st.sampled_from([{"spreadsheet": True}, {"sheetId": 0}, {"dimensionRange": {**span, "dimension": "ROWS"}}])
    )
    entry = {"metadataId": number, "metadataKey": "k", "visibility": "DOCUMENT", "location": location}
    return [
        {"createDeveloperMetadata": {"developerMetadata": entry}},
        {"deleteDeveloperMetadata": {"dataFilter": by_id}},
        {"appendCells": {"sheetId": 0, "fields": "*", "rows": [row]}},
        {"updateCells": {"start": {"sheetId": 0, "rowIndex": start}, "fields": "*", "rows": [row]}},
        {"insertDimension": {"range": span}},
        {"deleteDimension": {"range": span}},
        {"addNamedRange": {"namedRange": {"name": f"n{number}", "namedRangeId": str(number), "range": {"sheetId": 0}}}},
        {"deleteNamedRange": {"namedRangeId": str(number)}},
        {"addSheet": {"properties": {"title": f"t{number}"}}},
        {"sortRange": {"range": {"sheetId": 0}, "sortSpecs": [{"dimensionIndex": 0}]}},
    ][kind]


def told(book: Book) -> dict[str, Any]:
    """Everything a book says, with what its limits count."""
    return describe(Shelf(book, "me", 0.0)) | {"characters": dict(book.characters)}


@given(st.data())
def test_books_never_change_and_refused_batches_leave_the_same_book(data: st.DataObject) -> None:
    """After any history, every state that ever was reads as it read then; a refusal leaves not a copy but the very book."""
    service = SheetsService(now=lambda: 0.0, limits=UNLIMITED)
    spreadsheet_id = service.create(owner="me", rows=ROWS, columns=COLUMNS)
    history: list[tuple[Book, dict[str, Any]]] = []
    for _ in range(data.draw(st.integers(1, 10))):
        before = service.book(spreadsheet_id)
        history.append((before, told(before)))
        requests = [drawn_request(data) for _ in range(data.draw(st.integers(1, 4)))]
        path = f"/v4/spreadsheets/{spreadsheet_id}:batchUpdate"
        status, _ = service.handle("POST", path, None, {"requests": requests}, user="me")
        assert status in (200, 400)
        assert (service.book(spreadsheet_id) is before) == (status == 400)
    for book, then in history:
        assert told(book) == then
    counted: dict[int, int] = {}
    for entry in service.book(spreadsheet_id).entries():
        counted[entry.place] = counted.get(entry.place, 0) + entry.characters
    left = {place: count for place, count in service.book(spreadsheet_id).characters.items() if count}
    assert left == counted


# -- limits ---------------------------------------------------------------------------------------------------------------


def test_a_limit_can_be_anything_or_nothing() -> None:
    """Tests set their own quotas."""
    service = SheetsService(now=lambda: 0.0, limits=Limits(per_user=None, per_project=2))
    path = f"/v4/spreadsheets/{service.create(owner='me')}/values/A1"
    assert [service.handle("GET", path, user="me")[0] for _ in range(3)] == [200, 200, 429]


def test_a_commit_is_announced() -> None:
    """Whoever watches is told of each commit, by the wire or by hand, and of nothing that was refused."""
    service = SheetsService(now=lambda: 0.0)
    spreadsheet_id = service.create(owner="me")
    seen: list[str | None] = []
    service.on_commit = lambda _, call: seen.append(call and call.method.name)
    path = f"/v4/spreadsheets/{spreadsheet_id}"
    service.handle("POST", f"{path}/values/A1:clear", None, {}, user="me")
    service.handle("POST", f"{path}/values/A1:clear", None, {"range": 1}, user="me")
    service.handle("GET", f"{path}/values/A1", user="me")
    service.person(spreadsheet_id).edit("Sheet1", "A1", "x")
    assert seen == ["spreadsheets.values.clear", None]
