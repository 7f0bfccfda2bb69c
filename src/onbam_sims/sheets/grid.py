"""One sheet as a grid: rows of immutable cells, grown, cut, moved and sorted.

For: the requests and the values; nothing here knows of requests or JSON.
Promises: a row is a tuple without empty cells at its end, the list of rows has no empty rows at its end; a copy shares every
row, so copying a sheet of a thousand rows costs microseconds, and a copy that is thrown away leaves no trace (that is how a
batch is undone).
Refuses: to be changed by anyone but the draft that owns it.
"""

from __future__ import annotations

from collections.abc import Sequence

from onbam_sims.sheets.a1 import Region, write
from onbam_sims.sheets.cells import Cell, Row, rank
from onbam_sims.sheets.refusal import Unfit

MAX_TITLE_CHARACTERS = 100
DEFAULT_ROWS = 1000
DEFAULT_COLUMNS = 26


class Keep:
    """The mark of a cell that a write leaves alone (`null` on the wire)."""


KEEP = Keep()


class Sheet:
    """One tab."""

    __slots__ = (
        "column_count",
        "frozen_columns",
        "frozen_rows",
        "hidden",
        "last_overwrite",
        "merges",
        "row_count",
        "rows",
        "sheet_id",
        "title",
    )

    def __init__(self, sheet_id: int, title: str, row_count: int = DEFAULT_ROWS, column_count: int = DEFAULT_COLUMNS) -> None:
        self.sheet_id = sheet_id
        self.title = title
        self.row_count = row_count
        self.column_count = column_count
        self.rows: list[Row] = []
        self.merges: tuple[Region, ...] = ()
        self.frozen_rows = 0
        self.frozen_columns = 0
        self.hidden = False
        self.last_overwrite: tuple[float, int] | None = None
        """When and where the last overwriting append landed: what a colliding one lands on."""

    def copy(self) -> Sheet:
        """A copy to write on; the rows are shared."""
        other = Sheet.__new__(Sheet)
        for name in Sheet.__slots__:
            setattr(other, name, getattr(self, name))
        other.rows = self.rows.copy()
        return other

    @property
    def cells(self) -> int:
        """What the sheet counts against the spreadsheet's limit: the grid, not what is filled."""
        return self.row_count * self.column_count

    def cell(self, row: int, column: int) -> Cell:
        """One cell."""
        cells = self.rows[row] if row < len(self.rows) else ()
        return cells[column] if column < len(cells) else None

    def clamp(self, region: Region) -> Region:
        """A region with its open ends closed and cut to the grid; one that starts outside the grid is unfit."""
        top, bottom, left, right = region[:4]
        if top >= self.row_count or left >= self.column_count:
            raise Unfit(
                f"Range ({write(self.title, region)}) exceeds grid limits. "
                f"Max rows: {self.row_count}, max columns: {self.column_count}"
            )
        last_row = self.row_count if bottom is None else min(bottom, self.row_count)
        last_column = self.column_count if right is None else min(right, self.column_count)
        return Region(top, last_row, left, last_column)

    # -- writing --------------------------------------------------------------------------------------------------------

    def put(self, row: int, column: int, cells: Sequence[Cell | Keep]) -> None:
        """Write a run of cells into one row. `tidy` comes after the last one."""
        rows = self.rows
        if row >= len(rows):
            rows.extend([()] * (row + 1 - len(rows)))
        old = rows[row]
        new: list[Cell] = [*old, *[None] * (column + len(cells) - len(old))]
        for offset, cell in enumerate(cells, column):
            if not isinstance(cell, Keep):
                new[offset] = cell
        rows[row] = _trimmed(tuple(new))

    def tidy(self) -> None:
        """Take empty rows off the end."""
        rows = self.rows
        while rows and not rows[-1]:
            rows.pop()

    def clear(self, region: Region) -> None:
        """Empty a closed region."""
        top, bottom, left, right = region[:4]
        assert bottom is not None
        assert right is not None
        for row in range(top, min(bottom, len(self.rows))):
            cells = self.rows[row]
            if len(cells) > left:
                self.rows[row] = _trimmed(cells[:left] + (None,) * (min(right, len(cells)) - left) + cells[right:])
        self.tidy()

    def insert(self, dimension: str, start: int, count: int) -> None:
        """Make room; everything from `start` on moves."""
        if dimension == "ROWS":
            if start < len(self.rows):
                self.rows[start:start] = [()] * count
            self.row_count += count
        else:
            self.rows = [r[:start] + (None,) * count + r[start:] if len(r) > start else r for r in self.rows]
            self.column_count += count
        self.merges = tuple(_shifted(merge, dimension, start, count) for merge in self.merges)

    def delete(self, dimension: str, start: int, end: int) -> None:
        """Take rows or columns out; what comes after moves up."""
        if dimension == "ROWS":
            del self.rows[start:end]
            self.row_count -= end - start
            self.frozen_rows -= max(0, min(end, self.frozen_rows) - start)
        else:
            self.rows = [_trimmed(r[:start] + r[end:]) for r in self.rows]
            self.column_count -= end - start
            self.frozen_columns -= max(0, min(end, self.frozen_columns) - start)
        self.merges = tuple(m for m in (_shrunk(merge, dimension, start, end) for merge in self.merges) if m is not None)
        self.tidy()

    def sort(self, region: Region, keys: Sequence[tuple[int, bool]]) -> None:
        """Sort the rows of a closed region by columns (index, descending); empty cells come last either way."""
        top, bottom, left, right = region[:4]
        assert bottom is not None
        assert right is not None
        bottom = min(bottom, len(self.rows))
        width = right - left
        slices = [(r[left:right] + (None,) * width)[:width] for r in self.rows[top:bottom]]
        for column, descending in reversed(keys):
            at = column - left
            filled = sorted((s for s in slices if s[at] is not None), key=lambda s: rank(s[at]), reverse=descending)
            slices = filled + [s for s in slices if s[at] is None]
        for row, cells in enumerate(slices, top):
            old = self.rows[row]
            head = (old + (None,) * left)[:left]
            self.rows[row] = _trimmed(head + cells + old[right:])
        self.tidy()


def _trimmed(cells: Row) -> Row:
    end = len(cells)
    while end and cells[end - 1] is None:
        end -= 1
    return cells if end == len(cells) else cells[:end]


def _shifted(region: Region, dimension: str, start: int, count: int) -> Region:
    """A region after room was made: pushed when it lies behind, grown when the room is inside."""
    low, high = (region.top, region.bottom) if dimension == "ROWS" else (region.left, region.right)
    low, high = low + (count if start <= low else 0), high if high is None or start >= high else high + count
    return region._replace(top=low, bottom=high) if dimension == "ROWS" else region._replace(left=low, right=high)


def _shrunk(region: Region, dimension: str, start: int, end: int) -> Region | None:
    """A region after a part was taken out; nothing when it is gone altogether."""

    def moved(edge: int) -> int:
        return edge if edge <= start else max(start, edge - (end - start))

    low, high = (region.top, region.bottom) if dimension == "ROWS" else (region.left, region.right)
    low, high = moved(low), None if high is None else moved(high)
    if high is not None and high <= low:
        return None
    return region._replace(top=low, bottom=high) if dimension == "ROWS" else region._replace(left=low, right=high)


def shift_region(region: Region, dimension: str, start: int, count: int) -> Region:
    """A region kept outside the sheet (a named range) after an insertion."""
    return _shifted(region, dimension, start, count)


def shrink_region(region: Region, dimension: str, start: int, end: int) -> Region | None:
    """A region kept outside the sheet after a deletion."""
    return _shrunk(region, dimension, start, end)
