"""The `values` methods: read, written, appended and cleared as tables of plain values.

For: everything that treats the sheet as text in rows.
Promises: what Google leaves out of an answer (empty cells at the end of a row, empty rows at the end) is left out here; an
append finds its table the way the documentation describes; a table that outgrows the grid grows it, an update does not.
Refuses: values beyond the range they were sent to, in Google's words.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest
from typing import Any

from onbam_sims.sheets.a1 import Region, column_letters, write
from onbam_sims.sheets.book import Area, Book, Draft
from onbam_sims.sheets.cells import Cell, plain, raw, shown, source, typed
from onbam_sims.sheets.grid import KEEP, Keep, Sheet
from onbam_sims.sheets.metadata import matching
from onbam_sims.sheets.ranges import grid_region
from onbam_sims.sheets.refusal import Unfit, invalid
from onbam_sims.sheets.rules import Rules

Options = dict[str, Any]
"""The options of a call under their names in the query, whether they came in the query or in the body."""


def closed(area: Area) -> Region:
    """An area's region with its ends closed; outside the grid it is refused."""
    try:
        return area.sheet.clamp(area.region)
    except Unfit as reason:
        raise invalid(str(reason)) from None


# -- reading ----------------------------------------------------------------------------------------------------------------


def read(area: Area, options: Options) -> dict[str, Any]:
    """A `ValueRange`."""
    region = closed(area)
    by_columns = options.get("majorDimension") == "COLUMNS"
    values = rendered(area.sheet, region, options)
    answer: dict[str, Any] = {
        "range": write(area.sheet.title, region),
        "majorDimension": "COLUMNS" if by_columns else "ROWS",
    }
    if by_columns:
        values = _trimmed_rows([list(column) for column in zip_longest(*values, fillvalue="")])
    if values:
        answer["values"] = values
    return answer


def rendered(sheet: Sheet, region: Region, options: Options) -> list[list[Any]]:
    """The cells of a closed region as JSON values, without empty ends."""
    render = _renderer(options)
    top, bottom, left, right = region[:4]
    rows = sheet.rows[top:bottom]
    values = [[cell if type(cell) is str else render(cell) for cell in row[left:right]] for row in rows]
    return _trimmed_rows(values)


def _renderer(options: Options) -> Callable[[Cell], Any]:
    how = options.get("valueRenderOption") or "FORMATTED_VALUE"
    if how == "FORMATTED_VALUE":
        return shown
    dates_as_text = options.get("dateTimeRenderOption") == "FORMATTED_STRING"
    if how == "FORMULA":
        return lambda cell: source(cell, dates_as_text=dates_as_text)
    return lambda cell: plain(cell, dates_as_text=dates_as_text)


def _trimmed_rows(values: list[list[Any]]) -> list[list[Any]]:
    for row in values:
        while row and row[-1] == "":
            row.pop()
    while values and not values[-1]:
        values.pop()
    return values


def batch_get(book: Book, ranges: list[str], options: Options) -> dict[str, Any]:
    """`values:batchGet`."""
    areas = [book.area(text) for text in ranges]
    answer: dict[str, Any] = {"spreadsheetId": book.spreadsheet_id}
    if areas:
        answer["valueRanges"] = [read(area, options) for area in areas]
    return answer


# -- writing ----------------------------------------------------------------------------------------------------------------


def _entered(values: list[list[Any]] | None, options: Options, year: int) -> list[list[Cell | Keep]]:
    """The values of a request as cells, by rows; `null` is kept as the mark that leaves a cell alone."""
    option = options.get("valueInputOption")
    if option not in ("RAW", "USER_ENTERED"):
        raise invalid("'valueInputOption' is required but not specified")
    rows = values or []
    if options.get("majorDimension") == "COLUMNS":
        rows = [list(row) for row in zip_longest(*rows)]
    if option == "RAW":
        return [[KEEP if v is None else raw(v, r, c) for c, v in enumerate(row)] for r, row in enumerate(rows)]
    return [[KEEP if v is None else typed(v, r, c, year) for c, v in enumerate(row)] for r, row in enumerate(rows)]


def update(draft: Draft, area: Area, values: list[list[Any]] | None, options: Options) -> dict[str, Any]:
    """Write into a range. A range of one cell is a place to start; any other is a limit."""
    rows = _entered(values, options, draft.year)
    region = closed(area)
    sheet = draft.sheet(area.sheet.sheet_id)
    limit = region if not area.region.single else Region(region.top, sheet.row_count, region.left, sheet.column_count)
    assert limit.bottom is not None
    assert limit.right is not None
    asked = write(sheet.title, area.region)
    if region.top + len(rows) > limit.bottom:
        raise invalid(f"Requested writing within range [{asked}], but tried writing to row [{limit.bottom + 1}]")
    if any(region.left + len(row) > limit.right for row in rows):
        raise invalid(f"Requested writing within range [{asked}], but tried writing to column [{column_letters(limit.right)}]")
    return _put(draft, sheet, (region.top, region.left), rows, options)


def _put(draft: Draft, sheet: Sheet, start: tuple[int, int], rows: list[list[Cell | Keep]], options: Options) -> dict[str, Any]:
    """Write rows from a corner on and answer an `UpdateValuesResponse`."""
    top, left = start
    for offset, row in enumerate(rows, top):
        sheet.put(offset, left, row)
    sheet.tidy()
    answer: dict[str, Any] = {"spreadsheetId": draft.book.spreadsheet_id}
    height, width = len(rows), max(map(len, rows), default=0)
    region = Region(top, top + max(height, 1), left, left + max(width, 1))
    answer["updatedRange"] = write(sheet.title, region)
    if height and width:
        answer |= {
            "updatedRows": height,
            "updatedColumns": width,
            "updatedCells": sum(1 for r in rows for c in r if c is not KEEP),
        }
        if options.get("includeValuesInResponse"):
            answer["updatedData"] = read(Area(sheet, region), response_options(options))
    return answer


def response_options(options: Options) -> Options:
    """The render options for the values of a reply, which have names of their own."""
    return {
        "valueRenderOption": options.get("responseValueRenderOption"),
        "dateTimeRenderOption": options.get("responseDateTimeRenderOption"),
    }


def append(draft: Draft, area: Area, values: list[list[Any]] | None, options: Options, rules: Rules) -> dict[str, Any]:
    """`values:append`: find the table in the range, write behind it."""
    rows = _entered(values, options, draft.year)
    sheet = draft.sheet(area.sheet.sheet_id)
    table = find_table(sheet, closed(area))
    region = table or closed(area)
    start = region.top if table is None else table.bottom or 0
    inserting = options.get("insertDataOption") == "INSERT_ROWS"
    if not inserting:
        collided = rules.collision(draft, sheet.last_overwrite, cells=False)
        start = start if collided is None else collided
        sheet.last_overwrite = (draft.now, start)
    width = max(map(len, rows), default=0)
    if inserting and rows:
        draft.insert(sheet.sheet_id, "ROWS", start, len(rows))
    sheet.row_count = max(sheet.row_count, start + len(rows))
    sheet.column_count = max(sheet.column_count, region.left + width)
    try:
        draft.fit()
    except Unfit as reason:
        raise invalid(str(reason)) from None
    answer: dict[str, Any] = {"spreadsheetId": draft.book.spreadsheet_id}
    if table is not None:
        answer["tableRange"] = write(sheet.title, table)
    answer["updates"] = _put(draft, sheet, (start, region.left), rows, options)
    return answer


def find_table(sheet: Sheet, region: Region) -> Region | None:
    """The last table of a closed region: the block of touching cells around its last filled cell."""
    bottom, right = region.bottom or 0, region.right or 0
    for row in range(min(bottom, len(sheet.rows)) - 1, region.top - 1, -1):
        for column in range(min(right, len(sheet.rows[row])) - 1, region.left - 1, -1):
            if sheet.rows[row][column] is not None:
                return _block(sheet, row, column)
    return None


def _block(sheet: Sheet, row: int, column: int) -> Region:
    """Grow a rectangle around a cell until its border is empty on all sides."""
    top, bottom, left, right = row, row + 1, column, column + 1
    growing = True
    while growing:
        growing = False
        while top and _filled(sheet, top - 1, left - 1, right + 1):
            top, growing = top - 1, True
        while bottom < len(sheet.rows) and _filled(sheet, bottom, left - 1, right + 1):
            bottom, growing = bottom + 1, True
        near = sheet.rows[max(0, top - 1) : bottom + 1]
        while left and any(len(r) >= left and r[left - 1] is not None for r in near):
            left, growing = left - 1, True
        while any(len(r) > right and r[right] is not None for r in near):
            right, growing = right + 1, True
    return Region(top, bottom, left, right)


def _filled(sheet: Sheet, row: int, left: int, right: int) -> bool:
    cells = sheet.rows[row]
    if left <= 0 and len(cells) <= right:
        return bool(cells)
    return any(cell is not None for cell in cells[max(0, left) : right])


def batch_update(draft: Draft, data: list[dict[str, Any]], options: Options) -> dict[str, Any]:
    """`values:batchUpdate`: all ranges or none."""
    responses = []
    for item in data:
        if not item.get("range"):
            raise invalid("Unable to parse range: ")
        chosen = {**options, "majorDimension": item.get("majorDimension")}
        responses.append(update(draft, draft.book.area(item["range"]), item.get("values"), chosen))
    return {"spreadsheetId": draft.book.spreadsheet_id, **totals(responses), "responses": responses}


def totals(responses: list[dict[str, Any]]) -> dict[str, int]:
    """The sums of a batch's answer; what is zero is left out."""
    counts = {
        "totalUpdatedRows": sum(r.get("updatedRows", 0) for r in responses),
        "totalUpdatedColumns": sum(r.get("updatedColumns", 0) for r in responses),
        "totalUpdatedCells": sum(r.get("updatedCells", 0) for r in responses),
        "totalUpdatedSheets": len({r["updatedRange"].rpartition("!")[0] for r in responses if "updatedRange" in r}),
    }
    return {name: count for name, count in counts.items() if count}


def clear(draft: Draft, area: Area) -> str:
    """Empty a range and answer its name."""
    region = closed(area)
    draft.sheet(area.sheet.sheet_id).clear(region)
    return write(area.sheet.title, region)


# -- by data filter -----------------------------------------------------------------------------------------------------------


def areas_of(book: Book, wanted: dict[str, Any], project: str) -> list[Area]:
    """The areas a data filter selects; metadata of the whole spreadsheet selects no cells."""
    if wanted.get("a1Range") is not None:
        return [book.area(wanted["a1Range"])]
    if wanted.get("gridRange") is not None:
        sheet = book.sheets.get(wanted["gridRange"].get("sheetId") or 0)
        if sheet is None:
            raise invalid(f"No grid with id: {wanted['gridRange'].get('sheetId') or 0}")
        return [Area(sheet, grid_region(wanted["gridRange"]))]
    areas = []
    for entry in matching(book, wanted, project):
        located = book.sheets.get(entry.place)
        if located is None:
            continue
        if entry.dimension == "ROWS":
            areas.append(Area(located, Region(entry.at, entry.at + 1, 0, None)))
        elif entry.dimension == "COLUMNS":
            areas.append(Area(located, Region(0, None, entry.at, entry.at + 1)))
        else:
            areas.append(Area(located, Region(0, None, 0, None)))
    return areas


def batch_get_by_filter(book: Book, filters: list[dict[str, Any]], options: Options, project: str) -> dict[str, Any]:
    """`values:batchGetByDataFilter`."""
    found = [
        {"valueRange": read(area, options), "dataFilters": [wanted]}
        for wanted in filters
        for area in areas_of(book, wanted, project)
    ]
    return {"spreadsheetId": book.spreadsheet_id, **({"valueRanges": found} if found else {})}


def batch_update_by_filter(draft: Draft, data: list[dict[str, Any]], options: Options, project: str) -> dict[str, Any]:
    """`values:batchUpdateByDataFilter`. A filter that matches nothing writes nothing, and only the counts say so."""
    responses = []
    for item in data:
        wanted = item.get("dataFilter") or {}
        chosen = {**options, "majorDimension": item.get("majorDimension")}
        for area in areas_of(draft.book, wanted, project):
            answer = update(draft, area, item.get("values"), chosen)
            answer.pop("spreadsheetId")
            responses.append({**answer, "dataFilter": wanted})
    return {"spreadsheetId": draft.book.spreadsheet_id, **totals(responses), "responses": responses}


def batch_clear_by_filter(draft: Draft, filters: list[dict[str, Any]], project: str) -> dict[str, Any]:
    """`values:batchClearByDataFilter`."""
    cleared = [clear(draft, area) for wanted in filters for area in areas_of(draft.book, wanted, project)]
    return {"spreadsheetId": draft.book.spreadsheet_id, **({"clearedRanges": cleared} if cleared else {})}
