"""Requests about rows and columns: inserted, deleted, appended.

For: `changes`.
Promises: metadata, named ranges and merges move with the rows and columns they stand on.
Refuses: what lies outside the grid, and to delete the last unfrozen row or column, in Google's words.
"""

from __future__ import annotations

from onbam_sims.sheets.batch import Ask, Batch, Reply
from onbam_sims.sheets.grid import Sheet
from onbam_sims.sheets.refusal import Unfit


def _span(batch: Batch, ask: Ask) -> tuple[Sheet, str, int, int, int]:
    """The sheet, dimension, start, end and present size a dimension range speaks of."""
    span = ask.get("range") or {}
    dimension = span.get("dimension")
    if dimension not in ("ROWS", "COLUMNS"):
        raise Unfit("range.dimension must be set.")
    sheet = batch.draft.sheet(span.get("sheetId") or 0)
    size = sheet.row_count if dimension == "ROWS" else sheet.column_count
    start = span.get("startIndex") or 0
    end = size if span.get("endIndex") is None else span["endIndex"]
    if start < 0 or end <= start:
        raise Unfit("range.endIndex must be after range.startIndex.")
    return sheet, dimension, start, end, size


def insert(batch: Batch, ask: Ask) -> Reply:
    """`insertDimension`."""
    sheet, dimension, start, end, size = _span(batch, ask)
    if start > size:
        raise Unfit(f"range.startIndex is larger than current grid size ({size})")
    if start == size and not ask.get("inheritFromBefore"):
        raise Unfit(f"range.startIndex must be less than the grid size ({size}) if inheritFromBefore is false.")
    batch.draft.insert(sheet.sheet_id, dimension, start, end - start)
    return {}


def delete(batch: Batch, ask: Ask) -> Reply:
    """`deleteDimension`."""
    sheet, dimension, start, end, size = _span(batch, ask)
    one, many = ("row", "rows") if dimension == "ROWS" else ("column", "columns")
    if end > size:
        gone = max(start, size)
        raise Unfit(
            f"Cannot delete a {one} that doesn't exist. Tried to delete {one} index {gone} but there are only {size} {many}."
        )
    frozen = sheet.frozen_rows if dimension == "ROWS" else sheet.frozen_columns
    if start <= frozen and end == size:
        raise Unfit(f"Sorry, it is not possible to delete all non-frozen {many}.")
    batch.draft.delete(sheet.sheet_id, dimension, start, end)
    return {}


def append(batch: Batch, ask: Ask) -> Reply:
    """`appendDimension`."""
    sheet = batch.draft.sheet(ask.get("sheetId") or 0)
    length = ask.get("length") or 0
    if length < 1:
        raise Unfit("length must be positive.")
    if ask.get("dimension") == "COLUMNS":
        sheet.column_count += length
    elif ask.get("dimension") == "ROWS":
        sheet.row_count += length
    else:
        raise Unfit("dimension must be set.")
    batch.draft.fit()
    return {}
