"""Requests about whole sheets: added, deleted, renamed, resized, moved.

For: `changes`.
Promises: no two tabs have one title, in whatever case, except after a lost race, when the second carries a `_conflict` name.
Refuses: to delete or to empty the last one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from onbam_sims.sheets.batch import Ask, Batch, Reply, masked_fields
from onbam_sims.sheets.book import Draft
from onbam_sims.sheets.grid import DEFAULT_COLUMNS, DEFAULT_ROWS, MAX_TITLE_CHARACTERS, Sheet
from onbam_sims.sheets.refusal import Unfit, not_simulated
from onbam_sims.sheets.wire import INT32


def properties(draft_sheet: Sheet, index: int) -> dict[str, Any]:
    """A sheet's properties as the wire shows them."""
    grid: dict[str, int] = {"rowCount": draft_sheet.row_count, "columnCount": draft_sheet.column_count}
    if draft_sheet.frozen_rows:
        grid["frozenRowCount"] = draft_sheet.frozen_rows
    if draft_sheet.frozen_columns:
        grid["frozenColumnCount"] = draft_sheet.frozen_columns
    sheet_id, title = draft_sheet.sheet_id, draft_sheet.title
    answer = {"sheetId": sheet_id, "title": title, "index": index, "sheetType": "GRID", "gridProperties": grid}
    return {**answer, "hidden": True} if draft_sheet.hidden else answer


def _index_of(draft: Draft, sheet_id: int) -> int:
    return list(draft.book.sheets).index(sheet_id)


def add(batch: Batch, ask: Ask) -> Reply:
    """`addSheet`."""
    draft, wanted = batch.draft, ask.get("properties") or {}
    if (wanted.get("sheetType") or "GRID") != "GRID":
        raise not_simulated(f"sheetType {wanted['sheetType']}")
    sheet_id = wanted.get("sheetId")
    if sheet_id is None:
        sheet_id = _fresh_sheet_id(draft)
    elif sheet_id < 0:
        raise Unfit("sheetId must be non-negative.")
    elif sheet_id in draft.book.sheets:
        raise Unfit(f"Sheet with id {sheet_id} already exists. Please enter another id.")
    title = wanted.get("title") or _next_title(draft)
    grid = wanted.get("gridProperties") or {}
    rows, columns = grid.get("rowCount") or DEFAULT_ROWS, grid.get("columnCount") or DEFAULT_COLUMNS
    sheet = Sheet(sheet_id, _free_title(batch, title, None), rows, columns)
    sheet.frozen_rows, sheet.frozen_columns = grid.get("frozenRowCount") or 0, grid.get("frozenColumnCount") or 0
    sheet.hidden = bool(wanted.get("hidden"))
    index = wanted.get("index")
    if index is not None and not 0 <= index <= len(draft.book.sheets):
        raise Unfit(f"index {index} is out of range.")
    draft.add_sheet(sheet, index)
    # The reply is the caller's own view: a title changed by a merge is seen by the next read only.
    return {"addSheet": {"properties": {**properties(sheet, _index_of(draft, sheet_id)), "title": title}}}


def _fresh_sheet_id(draft: Draft) -> int:
    while True:
        sheet_id = draft.chance.randrange(1, INT32)
        if sheet_id not in draft.book.sheets:
            return sheet_id


def _next_title(draft: Draft) -> str:
    number = len(draft.book.sheets) + 1
    while draft.book.sheet_titled(f"Sheet{number}") is not None:
        number += 1
    return f"Sheet{number}"


def _free_title(batch: Batch, title: str, own: int | None) -> str:
    """The title a sheet gets: the wanted one, or after a lost race another."""
    if not 0 < len(title) <= MAX_TITLE_CHARACTERS:
        raise Unfit(f"The sheet title must have 1 to {MAX_TITLE_CHARACTERS} characters.")
    for sheet in batch.draft.book.sheets.values():
        if sheet.sheet_id == own or sheet.title.casefold() != title.casefold():
            continue
        born = batch.draft.book.births.get(sheet.sheet_id, 0.0)
        if own is None and batch.rules.overlap(batch.draft.now, born, {"renamed"}):
            return batch.rules.conflict_name(title)
        raise Unfit(f'A sheet with the name "{title}" already exists. Please enter another name.')
    return title


def delete(batch: Batch, ask: Ask) -> Reply:
    """`deleteSheet`."""
    sheet_id = ask.get("sheetId") or 0
    sheets = batch.draft.book.sheets
    if sheet_id in sheets and len(sheets) == 1:
        raise Unfit("You can't remove all the sheets in a document.")
    if sheet_id in sheets and all(s.hidden or s.sheet_id == sheet_id for s in sheets.values()):
        raise Unfit("You can't remove all the visible sheets in a document.")
    batch.draft.delete_sheet(sheet_id)
    return {}


def update(batch: Batch, ask: Ask) -> Reply:
    """`updateSheetProperties`."""
    names = masked_fields(ask, "SheetProperties", "properties")
    wanted = ask.get("properties") or {}
    grid = wanted.get("gridProperties") or {}
    sheet = batch.draft.sheet(wanted.get("sheetId") or 0)
    names -= {"sheetId", "sheetType"}
    if "gridProperties" in names:
        names = names - {"gridProperties"} | {f"gridProperties.{name}" for name in grid}
    for name in sorted(names):
        if name == "title":
            sheet.title = _free_title(batch, wanted.get("title") or "", sheet.sheet_id)
        elif name == "hidden":
            sheet.hidden = bool(wanted.get("hidden"))
        elif name == "index":
            if wanted.get("index") is not None:
                batch.draft.move_sheet(sheet.sheet_id, wanted["index"])
        elif name in _GRID_SETTERS:
            _GRID_SETTERS[name](batch.draft, sheet, grid.get(name.partition(".")[2]) or 0)
        else:
            raise Unfit(f"Invalid field: {name}")
    batch.draft.fit()
    return {}


def _set_rows(draft: Draft, sheet: Sheet, count: int) -> None:
    if count <= sheet.frozen_rows:
        raise Unfit("You can't delete all the rows on the sheet.")
    if count < sheet.row_count:
        draft.delete(sheet.sheet_id, "ROWS", count, sheet.row_count)
    sheet.row_count = count


def _set_columns(draft: Draft, sheet: Sheet, count: int) -> None:
    if count <= sheet.frozen_columns:
        raise Unfit("You can't delete all the columns on the sheet.")
    if count < sheet.column_count:
        draft.delete(sheet.sheet_id, "COLUMNS", count, sheet.column_count)
    sheet.column_count = count


def _set_frozen_rows(_draft: Draft, sheet: Sheet, count: int) -> None:
    if count >= sheet.row_count:
        raise Unfit("You can't freeze all visible rows on the sheet.")
    sheet.frozen_rows = count


def _set_frozen_columns(_draft: Draft, sheet: Sheet, count: int) -> None:
    if count >= sheet.column_count:
        raise Unfit("You can't freeze all visible columns on the sheet.")
    sheet.frozen_columns = count


_GRID_SETTERS: dict[str, Callable[[Draft, Sheet, int], None]] = {
    "gridProperties.rowCount": _set_rows,
    "gridProperties.columnCount": _set_columns,
    "gridProperties.frozenRowCount": _set_frozen_rows,
    "gridProperties.frozenColumnCount": _set_frozen_columns,
}
