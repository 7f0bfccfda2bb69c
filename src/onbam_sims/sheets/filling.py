"""Requests about cells: appended, written, replaced, sorted.

For: `changes`.
Promises: `appendCells` writes after the last row with data and grows the grid downwards; everything else stays inside the grid.
Refuses: formats, notes and every other cell field but the value (501).
"""

from __future__ import annotations

from collections.abc import Callable

from onbam_sims.sheets.a1 import Region
from onbam_sims.sheets.batch import Ask, Batch, Reply, masked_fields
from onbam_sims.sheets.book import Draft
from onbam_sims.sheets.cells import Cell, from_extended, shown
from onbam_sims.sheets.grid import KEEP, Keep, Sheet
from onbam_sims.sheets.ranges import grid_region
from onbam_sims.sheets.refusal import Unfit, not_simulated


def _cell_rows(ask: Ask) -> list[list[Cell]]:
    """The cells of `rows`, once the mask was found to be one this simulator does."""
    names = masked_fields({"fields": ask.get("fields")}, "CellData", "*") if ask.get("fields") != "*" else {"userEnteredValue"}
    if names != {"userEnteredValue"}:
        raise not_simulated(f"the cell fields {', '.join(sorted(names))}")
    return [
        [from_extended((cell or {}).get("userEnteredValue")) for cell in row.get("values") or ()]
        for row in ask.get("rows") or ()
    ]


def append_cells(batch: Batch, ask: Ask) -> Reply:
    """`appendCells`."""
    rows = _cell_rows(ask)
    sheet = batch.draft.sheet(ask.get("sheetId") or 0)
    collided = batch.rules.collision(batch.draft, sheet.last_overwrite, cells=True)
    start = len(sheet.rows) if collided is None else collided
    sheet.last_overwrite = (batch.draft.now, start)
    if start + len(rows) > sheet.row_count:
        sheet.row_count = start + len(rows)
        batch.draft.fit()
    _write(sheet, start, 0, rows)
    return {}


def update_cells(batch: Batch, ask: Ask) -> Reply:
    """`updateCells`."""
    rows = _cell_rows(ask)
    if ask.get("start") is not None:
        start = ask["start"]
        sheet = batch.draft.sheet(start.get("sheetId") or 0)
        _write(sheet, start.get("rowIndex") or 0, start.get("columnIndex") or 0, rows)
        return {}
    if ask.get("range") is None:
        raise Unfit("One of start and range must be set.")
    sheet = batch.draft.sheet(ask["range"].get("sheetId") or 0)
    region = sheet.clamp(grid_region(ask["range"]))
    assert region.bottom is not None
    assert region.right is not None
    if len(rows) > region.bottom - region.top or any(len(row) > region.right - region.left for row in rows):
        raise Unfit("The rows do not fit into the range.")
    sheet.clear(region)
    _write(sheet, region.top, region.left, rows)
    return {}


def _write(sheet: Sheet, top: int, left: int, rows: list[list[Cell]]) -> None:
    for offset, cells in enumerate(rows, top):
        if offset >= sheet.row_count:
            raise Unfit(f"Attempting to write row: {offset}, beyond the last requested row of: {sheet.row_count - 1}")
        if left + len(cells) > sheet.column_count:
            last = sheet.column_count - 1
            raise Unfit(f"Attempting to write column: {last + 1}, beyond the last requested column of: {last}")
        sheet.put(offset, left, cells)
    sheet.tidy()


def find_replace(batch: Batch, ask: Ask) -> Reply:
    """`findReplace`."""
    wanted, new = ask.get("find") or "", ask.get("replacement") or ""
    if not wanted:
        raise Unfit("find must be set.")
    occurrences = values = row_count = sheet_count = 0
    for sheet, region in _searched(batch.draft, ask):
        before = values
        for at in range(region.top, min(region.bottom or 0, len(sheet.rows))):
            cells, hits = _replaced(sheet.rows[at], region, wanted, new, ask)
            if hits:
                sheet.put(at, 0, cells)
                occurrences, values, row_count = occurrences + sum(hits), values + len(hits), row_count + 1
        sheet_count += values > before
        sheet.tidy()
    counts = {
        "valuesChanged": values,
        "rowsChanged": row_count,
        "sheetsChanged": sheet_count,
        "occurrencesChanged": occurrences,
    }
    return {"findReplace": {name: count for name, count in counts.items() if count}}


def _searched(draft: Draft, ask: Ask) -> list[tuple[Sheet, Region]]:
    whole = Region(0, None, 0, None)
    if ask.get("allSheets"):
        sheets = [draft.sheet(sheet_id) for sheet_id in list(draft.book.sheets)]
        return [(sheet, sheet.clamp(whole)) for sheet in sheets]
    if ask.get("range") is not None:
        sheet = draft.sheet(ask["range"].get("sheetId") or 0)
        return [(sheet, sheet.clamp(grid_region(ask["range"])))]
    if ask.get("sheetId") is None:
        raise Unfit("One of range, sheetId and allSheets must be set.")
    sheet = draft.sheet(ask["sheetId"])
    return [(sheet, sheet.clamp(whole))]


def _replaced(row: tuple[Cell, ...], region: Region, wanted: str, new: str, ask: Ask) -> tuple[list[Cell | Keep], list[int]]:
    """One row after replacing, unchanged cells marked to be kept, and how often each changed cell was hit."""
    fold = (lambda text: text) if ask.get("matchCase") else str.casefold
    cells: list[Cell | Keep] = [KEEP] * len(row)
    hits: list[int] = []
    for column in range(region.left, min(region.right or 0, len(row))):
        text = str(shown(row[column]))
        if ask.get("matchEntireCell"):
            count, changed = int(fold(text) == fold(wanted)), new
        else:
            count, changed = _replace_text(text, wanted, new, fold)
        if count:
            hits.append(count)
            cells[column] = changed or None
    return cells, hits


def _replace_text(text: str, wanted: str, new: str, fold: Callable[[str], str]) -> tuple[int, str]:
    pieces, at, count = [], 0, 0
    while at < len(text):
        if fold(text[at : at + len(wanted)]) == fold(wanted):
            pieces.append(new)
            at, count = at + len(wanted), count + 1
        else:
            pieces.append(text[at])
            at += 1
    return count, "".join(pieces)


def sort_range(batch: Batch, ask: Ask) -> Reply:
    """`sortRange`."""
    span = ask.get("range") or {}
    sheet = batch.draft.sheet(span.get("sheetId") or 0)
    region = sheet.clamp(grid_region(span))
    assert region.right is not None
    keys = [(spec.get("dimensionIndex") or 0, spec.get("sortOrder") == "DESCENDING") for spec in ask.get("sortSpecs") or ()]
    if not keys:
        raise Unfit("At least one sort spec must be specified.")
    if any(not region.left <= column < region.right for column, _ in keys):
        raise Unfit("A sort spec's dimensionIndex is outside the range.")
    sheet.sort(region, keys)
    return {}
