"""A workbook as a person sees it: the rows of the sheet that holds the code book.

For: `codefile`, whoever imports a book from Excel.
Promises: a code that Excel shows as `00012` is `00012`, however it is stored; cells merged downwards all say what stands in
them; the first sheet that names our columns is read, whatever lies in front of it; a formula, a date Excel made and Excel's own
errors are named instead of read.
Refuses: what is no workbook, or unpacks beyond a limit.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from onbam.kernel.errors import Refused
from onbam.kernel.words import Said
from onbam.orders import words as say

UNPACKED_MAX: Final = 200 * 1024 * 1024
"""What an Excel file may unpack to."""
CELLS_MAX: Final = 18
"""So many cells of a row are looked at."""
EXACT_MAX: Final = 1e15
"""Beyond this a number in Excel has lost its last digits."""
ERRORS: Final = ("#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!")
_ZEROS: Final = re.compile(r"(0{2,20})(?:;@)?")
"""A format that shows a number with zeros in front."""

Cell = str | Said
"""A cell's text, or why it has none."""
Rows = list[list[Cell]]


def excel_rows(path: Path, rows_max: int, named: Callable[[Rows], bool]) -> Rows:
    """The rows of the first sheet whose columns are named, else of the first one."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=not _has_merged(path), data_only=False)
        try:
            found: list[Rows] = []
            for sheet in book.worksheets:
                found.append(_rows(path, sheet, rows_max))
                if named(found[-1]):
                    return found[-1]
        finally:
            book.close()
        return found[0]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, SyntaxError):
        raise Refused(say.FILE_BROKEN(file=path.name, what=say.NO_WORKBOOK()), say.FILE_KIND_HINT) from None


def _has_merged(path: Path) -> bool:
    """Whether any sheet has merged cells: only a book that is read whole tells which. A bomb is refused here."""
    with zipfile.ZipFile(path) as packed:
        if sum(part.file_size for part in packed.infolist()) > UNPACKED_MAX:
            raise Refused(say.FILE_LARGE(file=path.name, limit=UNPACKED_MAX), say.FILE_KIND_HINT)
        sheets = [name for name in packed.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        return any(b"<mergeCell " in packed.read(name) for name in sheets)


def _rows(path: Path, sheet: Any, rows_max: int) -> Rows:
    rows: Rows = []
    for cells in sheet.iter_rows():
        if len(rows) > rows_max:
            raise Refused(say.FILE_ROWS(file=path.name, limit=rows_max), say.FILE_KIND_HINT)
        rows.append([_text(cell) for cell in cells[:CELLS_MAX]])
    for merged in getattr(getattr(sheet, "merged_cells", None), "ranges", ()):
        _fill(rows, merged.min_col - 1, merged.min_row - 1, merged.max_row)
    return rows


def _fill(rows: Rows, column: int, first: int, after: int) -> None:
    """What stands in the first of the merged cells, in each below it; what is merged sideways stays in its column."""
    if first >= len(rows) or column >= len(rows[first]):
        return
    for row in rows[first + 1 : after]:
        row[column] = rows[first][column]


def _text(cell: Any) -> Cell:
    """What a person meant with a cell; what Excel made of it where that cannot be undone."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime | date | time):
        return say.CELL_DATE()
    if cell.data_type == "f":
        return say.CELL_FORMULA()
    if isinstance(value, float) and not (value.is_integer() and abs(value) < EXACT_MAX):
        return repr(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{int(value):0{_width(cell.number_format)}d}"
    text = str(value).strip()
    return say.CELL_ERROR(text=text) if text in ERRORS else text


def _width(shown: str | None) -> int:
    """How many digits a number has at least, as it is shown."""
    found = _ZEROS.fullmatch(shown or "")
    return len(found[1]) if found else 1
