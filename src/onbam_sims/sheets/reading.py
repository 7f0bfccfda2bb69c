"""A spreadsheet as `spreadsheets.get` shows it.

For: clients that ask which tabs, metadata and named ranges there are, and (rarely) for cells with their types.
Promises: cells come only when asked for, by `includeGridData` or by a field mask that names them; ranges limit tabs, cells and
merges.
Refuses: formats: the simulator keeps values only.
"""

from __future__ import annotations

from typing import Any

from onbam_sims.sheets.a1 import EVERYTHING, Region
from onbam_sims.sheets.book import SPREADSHEET, Area, Book
from onbam_sims.sheets.cells import Row, extended, shown
from onbam_sims.sheets.grid import Sheet
from onbam_sims.sheets.metadata import to_json
from onbam_sims.sheets.named import to_json as named_to_json
from onbam_sims.sheets.ranges import grid_range
from onbam_sims.sheets.tabs import properties
from onbam_sims.sheets.values import closed


def spreadsheet(book: Book, areas: list[Area] | None, *, cells: bool, project: str) -> dict[str, Any]:
    """The answer; `areas` limits it to those parts."""
    wanted: dict[int, list[Region]] = {}
    for area in [Area(s, EVERYTHING) for s in book.sheets.values()] if areas is None else areas:
        wanted.setdefault(area.sheet.sheet_id, []).append(closed(area))
    tabs = [
        _tab(book, sheet, index, wanted[sheet.sheet_id], cells=cells, project=project)
        for index, sheet in enumerate(book.sheets.values())
        if sheet.sheet_id in wanted
    ]
    answer: dict[str, Any] = {
        "spreadsheetId": book.spreadsheet_id,
        "properties": {"title": book.title, "locale": book.locale, "timeZone": book.time_zone, "autoRecalc": "ON_CHANGE"},
        "sheets": tabs,
    }
    entries = [
        to_json(e) for e in book.entries() if e.place == SPREADSHEET and (e.visibility == "DOCUMENT" or e.project == project)
    ]
    if book.named:
        answer["namedRanges"] = [named_to_json(named) for named in book.named.values()]
    if entries:
        answer["developerMetadata"] = entries
    return {**answer, "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{book.spreadsheet_id}/edit"}


def _tab(book: Book, sheet: Sheet, index: int, regions: list[Region], *, cells: bool, project: str) -> dict[str, Any]:
    tab: dict[str, Any] = {"properties": properties(sheet, index)}
    if cells:
        tab["data"] = [_grid_data(sheet, region) for region in regions]
    merges = [grid_range(sheet.sheet_id, m) for m in sheet.merges if any(_touch(m, region) for region in regions)]
    if merges:
        tab["merges"] = merges
    if book.characters.get(sheet.sheet_id):
        entries = [e for e in book.entries() if e.place == sheet.sheet_id and not e.dimension]
        shown_entries = [to_json(e) for e in entries if e.visibility == "DOCUMENT" or e.project == project]
        if shown_entries:
            tab["developerMetadata"] = shown_entries
    return tab


def _touch(one: Region, other: Region) -> bool:
    rows = one.top < (other.bottom or 0) and other.top < (one.bottom or 0)
    return rows and one.left < (other.right or 0) and other.left < (one.right or 0)


def _grid_data(sheet: Sheet, region: Region) -> dict[str, Any]:
    data: dict[str, Any] = {}
    if region.top:
        data["startRow"] = region.top
    if region.left:
        data["startColumn"] = region.left
    rows = [_row_data(row[region.left : region.right]) for row in sheet.rows[region.top : region.bottom]]
    return {**data, "rowData": rows} if rows else data


def _row_data(row: Row) -> dict[str, Any]:
    cells: list[dict[str, Any]] = []
    for cell in row:
        if cell is None:
            cells.append({})
            continue
        entered, effective = extended(cell, entered=True), extended(cell, entered=False)
        cells.append({"userEnteredValue": entered, "effectiveValue": effective, "formattedValue": str(shown(cell))})
    return {"values": cells} if cells else {}
