"""A person's hands in the spreadsheet: everything somebody does with the mouse while the machines are at work.

For: tests of what a claims store does when people sort, insert, retype and merge.
Promises: each hand is one commit like any other, outside quotas and faults; typing is understood as a sheet understands it.
Refuses: places outside the grid.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from onbam_sims.sheets.a1 import EVERYTHING, Region
from onbam_sims.sheets.book import Draft
from onbam_sims.sheets.cells import Cell, Formula, number, shown
from onbam_sims.sheets.grid import Sheet

if TYPE_CHECKING:
    from onbam_sims.sheets.service import SheetsService


class Person:
    """One person in one spreadsheet. Rows and columns are counted from 1, as a person counts."""

    def __init__(self, service: SheetsService, spreadsheet_id: str, who: str) -> None:
        self._service = service
        self._spreadsheet_id = spreadsheet_id
        self._who = who

    def _do(self, change: Callable[[Draft], None]) -> None:
        self._service.edit(self._spreadsheet_id, change, self._who)

    def _on(self, sheet: str, change: Callable[[Draft, Sheet], None]) -> None:
        def found(draft: Draft) -> None:
            tab = draft.book.sheet_titled(sheet)
            if tab is None:
                raise ValueError(f"there is no sheet {sheet!r}")
            change(draft, draft.sheet(tab.sheet_id))

        self._do(found)

    def edit(self, sheet: str, cell: str, value: Any) -> None:
        """Type into a cell (`B3`), over what stands there."""

        def change(draft: Draft, tab: Sheet) -> None:
            region = tab.clamp(_corners(draft, cell))
            tab.put(region.top, region.left, [None if value in ("", None) else self._service.typed(value)])
            tab.tidy()

        self._on(sheet, change)

    def sort(self, sheet: str, column: int, *, descending: bool = False, header_rows: int = 1) -> None:
        """Sort the whole sheet by a column, below the header."""
        self._on(
            sheet,
            lambda _, tab: tab.sort(tab.clamp(Region(header_rows, None, 0, None)), [(column - 1, descending)]),
        )

    def insert_rows(self, sheet: str, before: int, count: int = 1) -> None:
        """Insert empty rows before a row."""
        self._on(sheet, lambda draft, tab: draft.insert(tab.sheet_id, "ROWS", before - 1, count))

    def delete_rows(self, sheet: str, first: int, count: int = 1) -> None:
        """Delete rows."""
        self._on(sheet, lambda draft, tab: draft.delete(tab.sheet_id, "ROWS", first - 1, first - 1 + count))

    def insert_column(self, sheet: str, before: int, heading: str = "") -> None:
        """Insert a column, perhaps with a heading."""

        def change(draft: Draft, tab: Sheet) -> None:
            draft.insert(tab.sheet_id, "COLUMNS", before - 1, 1)
            if heading:
                tab.put(0, before - 1, [heading])

        self._on(sheet, change)

    def delete_column(self, sheet: str, column: int) -> None:
        """Delete a column."""
        self._on(sheet, lambda draft, tab: draft.delete(tab.sheet_id, "COLUMNS", column - 1, column))

    def clear(self, sheet: str, cells: str) -> None:
        """Press the delete key on a range."""
        self._on(sheet, lambda draft, tab: tab.clear(tab.clamp(_corners(draft, cells))))

    def merge(self, sheet: str, cells: str) -> None:
        """Merge a range: the first cell stays, the others are emptied."""

        def change(draft: Draft, tab: Sheet) -> None:
            region = tab.clamp(_corners(draft, cells))
            first = tab.cell(region.top, region.left)
            tab.clear(region)
            tab.put(region.top, region.left, [first])
            tab.tidy()
            tab.merges = (*tab.merges, region)

        self._on(sheet, change)

    def to_numbers(self, sheet: str, cells: str) -> None:
        """Turn digits into numbers (leading zeros are gone), as the number format and a retyping do."""
        self._each(sheet, cells, _as_number)

    def to_formulas(self, sheet: str, cells: str) -> None:
        """Turn values into formulas that show the same."""
        self._each(sheet, cells, lambda cell: Formula('="' + str(shown(cell)).replace('"', '""') + '"'))

    def _each(self, sheet: str, cells: str, become: Callable[[Cell], Cell]) -> None:
        def change(draft: Draft, tab: Sheet) -> None:
            region = tab.clamp(_corners(draft, cells))
            for row in range(region.top, min(region.bottom or 0, len(tab.rows))):
                for column in range(region.left, min(region.right or 0, len(tab.rows[row]))):
                    cell = tab.cell(row, column)
                    if cell is not None:
                        tab.put(row, column, [become(cell)])

        self._on(sheet, change)

    def rename_sheet(self, sheet: str, title: str) -> None:
        """Give a tab another name."""
        self._on(sheet, lambda _, tab: setattr(tab, "title", title))

    def delete_sheet(self, sheet: str) -> None:
        """Delete a tab."""
        self._on(sheet, lambda draft, tab: draft.delete_sheet(tab.sheet_id))

    def do(self, hand: str, **how: Any) -> None:
        """A hand by name, for `/_sim/person`."""
        if hand not in HANDS:
            raise ValueError(f"no hand {hand!r}; there are: {', '.join(HANDS)}")
        getattr(self, hand)(**how)


HANDS = (
    "clear",
    "delete_column",
    "delete_rows",
    "delete_sheet",
    "edit",
    "insert_column",
    "insert_rows",
    "merge",
    "rename_sheet",
    "sort",
    "to_formulas",
    "to_numbers",
)


def _corners(draft: Draft, cells: str) -> Region:
    """A range a person points at, without a title."""
    return draft.book.area(cells).region if cells else EVERYTHING


def _as_number(cell: Cell) -> Cell:
    try:
        return number(float(str(shown(cell)).replace(",", "")))
    except ValueError:
        return cell
