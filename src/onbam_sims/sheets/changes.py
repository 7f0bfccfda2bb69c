"""The requests of `spreadsheets.batchUpdate`.

For: one call, one draft: each request works on what the ones before it left.
Promises: the first request that is unfit refuses the call, named by its index, and nothing of the call remains; each request
has one reply, empty when Google's is empty.
Refuses: a request without a kind, and the kinds the simulator does not do (501, by name).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from onbam_sims.sheets import metadata
from onbam_sims.sheets.a1 import Region
from onbam_sims.sheets.book import Draft, NamedRange
from onbam_sims.sheets.cells import Cell, from_extended, shown
from onbam_sims.sheets.grid import DEFAULT_COLUMNS, DEFAULT_ROWS, KEEP, MAX_TITLE_CHARACTERS, Keep, Sheet
from onbam_sims.sheets.ranges import grid_range, grid_region
from onbam_sims.sheets.refusal import Refusal, Unfit, invalid, not_simulated
from onbam_sims.sheets.rules import Rules
from onbam_sims.sheets.schema import LEFT_OUT
from onbam_sims.sheets.wire import INT32, field_names

NO_FIELDS = "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"


class Batch(NamedTuple):
    """What a request works with."""

    draft: Draft
    rules: Rules
    project: str


Reply = dict[str, Any]
Ask = dict[str, Any]


def apply(batch: Batch, requests: list[dict[str, Any]]) -> list[Reply]:
    """All requests in order; the first unfit one refuses them all."""
    if not requests:
        raise invalid("Must specify at least one request.")
    return [_apply_one(batch, index, request) for index, request in enumerate(requests)]


def _apply_one(batch: Batch, index: int, request: dict[str, Any]) -> Reply:
    for kind, ask in request.items():
        if ask is None:
            continue
        try:
            return HANDLERS[kind](batch, ask)
        except Unfit as reason:
            raise invalid(f"Invalid requests[{index}].{kind}: {reason}") from None
        except Refusal as reason:
            if reason.code == 400:
                raise invalid(f"Invalid requests[{index}].{kind}: {reason.message}") from None
            raise
    raise invalid(f"Invalid requests[{index}]: No request set.")


# -- sheets ---------------------------------------------------------------------------------------------------------------


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


def _add_sheet(batch: Batch, ask: Ask) -> Reply:
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


def _delete_sheet(batch: Batch, ask: Ask) -> Reply:
    sheet_id = ask.get("sheetId") or 0
    sheets = batch.draft.book.sheets
    if sheet_id in sheets and len(sheets) == 1:
        raise Unfit("You can't remove all the sheets in a document.")
    if sheet_id in sheets and all(s.hidden or s.sheet_id == sheet_id for s in sheets.values()):
        raise Unfit("You can't remove all the visible sheets in a document.")
    batch.draft.delete_sheet(sheet_id)
    return {}


def _update_sheet_properties(batch: Batch, ask: Ask) -> Reply:
    names = _names(ask, "SheetProperties", "properties")
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


def _names(ask: Ask, schema: str, root: str) -> set[str]:
    names = field_names(ask.get("fields"), schema, root)
    if not names:
        raise Unfit(NO_FIELDS)
    left_out = {name for name in names if name.partition(".")[0] in LEFT_OUT[schema]}
    if left_out:
        raise not_simulated(f"{schema}.{min(left_out)}")
    return names


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


# -- cells ----------------------------------------------------------------------------------------------------------------


def _cell_rows(ask: Ask) -> list[list[Cell]]:
    """The cells of `rows`, once the mask was found to be one this simulator does."""
    names = _names({"fields": ask.get("fields")}, "CellData", "*") if ask.get("fields") != "*" else {"userEnteredValue"}
    if names != {"userEnteredValue"}:
        raise not_simulated(f"the cell fields {', '.join(sorted(names))}")
    return [
        [from_extended((cell or {}).get("userEnteredValue")) for cell in row.get("values") or ()]
        for row in ask.get("rows") or ()
    ]


def _append_cells(batch: Batch, ask: Ask) -> Reply:
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


def _update_cells(batch: Batch, ask: Ask) -> Reply:
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


def _find_replace(batch: Batch, ask: Ask) -> Reply:
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


def _sort_range(batch: Batch, ask: Ask) -> Reply:
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


# -- rows and columns -----------------------------------------------------------------------------------------------------


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


def _insert_dimension(batch: Batch, ask: Ask) -> Reply:
    sheet, dimension, start, end, size = _span(batch, ask)
    if start > size:
        raise Unfit(f"range.startIndex is larger than current grid size ({size})")
    if start == size and not ask.get("inheritFromBefore"):
        raise Unfit(f"range.startIndex must be less than the grid size ({size}) if inheritFromBefore is false.")
    batch.draft.insert(sheet.sheet_id, dimension, start, end - start)
    return {}


def _delete_dimension(batch: Batch, ask: Ask) -> Reply:
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


def _append_dimension(batch: Batch, ask: Ask) -> Reply:
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


# -- named ranges ---------------------------------------------------------------------------------------------------------


def _add_named_range(batch: Batch, ask: Ask) -> Reply:
    draft, wanted = batch.draft, ask.get("namedRange") or {}
    name, span = wanted.get("name") or "", wanted.get("range") or {}
    if not name or not (name[0].isalpha() or name[0] == "_") or not name.replace("_", "a").isalnum():
        raise Unfit(f"The name {name!r} is not a valid name for a named range.")
    sheet = draft.book.sheets.get(span.get("sheetId") or 0)
    if sheet is None:
        raise Unfit(f"No grid with id: {span.get('sheetId') or 0}")
    region = sheet.clamp(grid_region(span))
    range_id = wanted.get("namedRangeId") or f"{draft.chance.getrandbits(64):016x}"
    new = NamedRange(range_id, name, sheet.sheet_id, region, draft.now)
    stored = _admitted(batch, new)
    if stored is not None:
        draft.book.named = {**draft.book.named, stored.range_id: stored}
    return {"addNamedRange": {"namedRange": named_to_json(new)}}


def _admitted(batch: Batch, new: NamedRange) -> NamedRange | None:
    """What is stored of a new named range: itself, a renamed one after a lost race, or nothing."""
    draft, rules = batch.draft, batch.rules
    same_id = draft.book.named.get(new.range_id)
    same_name = next((n for n in draft.book.named.values() if n.name.casefold() == new.name.casefold()), None)
    taken = same_id or same_name
    if taken is None and not rules.still_seen(draft, ("named range", new.name.casefold())):
        return new
    variant = rules.overlap(draft.now, taken.born, {"dropped", "renamed", "replaced"}) if taken else None
    if variant is None and same_id is not None and same_name is None:
        raise Unfit(f"Cannot add named range with ID: {new.range_id}, a named range with that ID already exists.")
    if variant is None:
        raise Unfit(f"Cannot add named range with name: {new.name}, a named range with that name already exists.")
    if variant == "dropped":
        return None
    if variant == "replaced":
        draft.book.named = {k: n for k, n in draft.book.named.items() if n is not taken}
        return new
    name = rules.conflict_name(new.name) if same_name else new.name
    return new._replace(name=name, range_id=f"{draft.chance.getrandbits(64):016x}" if same_id else new.range_id)


def named_to_json(named: NamedRange) -> dict[str, Any]:
    """A named range as the wire shows it."""
    return {"namedRangeId": named.range_id, "name": named.name, "range": grid_range(named.sheet_id, named.region)}


def _delete_named_range(batch: Batch, ask: Ask) -> Reply:
    range_id = ask.get("namedRangeId") or ""
    named = batch.draft.book.named
    if range_id not in named:
        raise Unfit(f"No named range with id: {range_id}")
    batch.draft.bury(("named range", named[range_id].name.casefold()))
    batch.draft.book.named = {k: n for k, n in named.items() if k != range_id}
    return {}


# -- metadata -------------------------------------------------------------------------------------------------------------


def _create_metadata(batch: Batch, ask: Ask) -> Reply:
    return metadata.create(batch.draft, ask, batch.rules, batch.project)


def _update_metadata(batch: Batch, ask: Ask) -> Reply:
    return metadata.update(batch.draft, ask, batch.project)


def _delete_metadata(batch: Batch, ask: Ask) -> Reply:
    return metadata.delete(batch.draft, ask, batch.project)


HANDLERS: dict[str, Callable[[Batch, Ask], Reply]] = {
    "addSheet": _add_sheet,
    "deleteSheet": _delete_sheet,
    "updateSheetProperties": _update_sheet_properties,
    "appendCells": _append_cells,
    "updateCells": _update_cells,
    "insertDimension": _insert_dimension,
    "deleteDimension": _delete_dimension,
    "appendDimension": _append_dimension,
    "sortRange": _sort_range,
    "createDeveloperMetadata": _create_metadata,
    "updateDeveloperMetadata": _update_metadata,
    "deleteDeveloperMetadata": _delete_metadata,
    "addNamedRange": _add_named_range,
    "deleteNamedRange": _delete_named_range,
    "findReplace": _find_replace,
}
