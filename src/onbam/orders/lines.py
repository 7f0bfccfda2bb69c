"""The tables of lines: which column is which, which row is a line, whether the sums hold.

For: `understanding`.
Promises: columns by name in any order, repeated headers skipped; a row that holds words is a line, a sum or a problem, so that
no line is dropped in silence; a sum is held against the lines it stands under, and a sum of sums against all.
Refuses: to fill in what is missing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, NamedTuple

from onbam.kernel.words import Said, Text
from onbam.orders import words as say
from onbam.orders.figures import figure_of
from onbam.orders.model import COLUMNS, Line, Problem
from onbam.orders.paper import CELLS_MAX, Row

QUANTITY_MAX: Final = Decimal(100_000)
"""Nobody orders so many of one thing; a mistyped quantity does."""
MONEY_MAX: Final = Decimal(100_000_000_000)
DECIMALS_MAX: Final = 2
"""The ERP keeps no more."""
TEXT_MAX: Final = 200
"""Letters of one cell; the ERP's longest field."""
LINE_NO_LETTERS: Final = 5
_LEAST_KNOWN: Final = 4
"""A row that names so many of our columns is a header."""
_LEAST_CELLS: Final = 4
"""A row with fewer cells is a message or decoration."""
_TOTALS: Final = ("합계", "총계", "소계", "계", "총합계")
_SHOWN_MAX: Final = 80
_WORDS: Final = ("색상", "품명", "규격", "비고")
_FIGURES: Final = (("수량", QUANTITY_MAX), ("단가", MONEY_MAX), ("금액", MONEY_MAX))
_BRACKETS: Final = re.compile(r"\(.*?\)|\[.*?\]")
_FOOT: Final = re.compile(
    r"합계\s?금액[\s:：]{0,8}(?:일금)?\s{0,4}(?P<figure>[-−△▲]?[₩￦]?\s?[\d,]+(?:\.\d+)?)\s?원?정?(?P<after>[^\n]{0,40})"
)
_WITH_TAX: Final = re.compile(r"(?:부가세|VAT|세액)\s?포함", re.IGNORECASE)


class _Place(NamedTuple):
    """Where a line stands."""

    table: int
    no: int


class Sums(NamedTuple):
    """Quantity and amount, of lines or as stated."""

    qty: Decimal
    amount: Decimal


@dataclass(slots=True)
class Table:
    """One table of lines while it is read."""

    number: int
    columns: dict[str, int]
    width: int
    seen: set[int] = field(default_factory=set)
    """The NOs so far."""

    def words(self, row: Row, column: str) -> str:
        """A cell by the name of its column; empty where there is no such column."""
        at = self.columns.get(column)
        return row[at] if at is not None and at < len(row) else ""


class Reader:
    """Reads one document's tables, one after the other."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.problems: list[Problem] = []
        self.recognised = False
        """Whether a table with our columns was seen."""
        self._stated: list[Decimal] = []
        self._grand: Decimal | None = None
        self._since: int = 0
        """The first line no sum was seen for yet."""

    def table(self, number: int, rows: Sequence[Row]) -> None:
        """One table of lines."""
        header = next((row for row in rows if len(_known(row)) >= _LEAST_KNOWN), None)
        if header is None:
            if any(any(row) for row in rows):
                self._note("no-header", say.IN_TABLE(table=number), say.NO_HEADER)
            return
        self.recognised = True
        table = Table(number, self._columns(number, header), len(header))
        for at, row in enumerate(rows, start=1):
            if row != header:
                self._row(table, at, row)

    def finish(self, loose: str) -> Decimal | None:
        """The total the document states; whatever of it does not hold is noted."""
        stated = self._grand
        if stated is None and self._stated:
            stated = sum(self._stated, Decimal(0))
        uncovered = stated is not None and self._since < len(self.lines)
        foot = _foot(loose)
        if self.recognised and not self.lines:
            self._note("no-lines", say.IN_FOOT(), say.NO_LINES)
        if stated is None or uncovered:
            if foot is None:
                self._note("no-total", say.IN_FOOT(), say.NO_TOTAL)
                return None if uncovered else stated
            stated = foot
            self._compare(say.IN_FOOT(), stated, _sums(self.lines).amount)
        elif foot is not None and foot != stated:
            self._compare(say.IN_FOOT(), foot, stated)
        return stated

    # -- columns --------------------------------------------------------------------------------------------------------

    def _columns(self, number: int, header: Row) -> dict[str, int]:
        """Where each column stands; a name that stands twice stands nowhere."""
        names = [_name(cell) for cell in header]
        columns: dict[str, int] = {}
        for column in COLUMNS:
            count = names.count(column)
            if count == 1:
                columns[column] = names.index(column)
            else:
                text = say.DOUBLE_COLUMN if count else say.MISSING_COLUMN
                self._note("double-column" if count else "missing-column", say.IN_TABLE(table=number), text(column=column))
        return columns

    # -- rows -----------------------------------------------------------------------------------------------------------

    def _row(self, table: Table, at: int, row: Row) -> None:
        """A sum, a line, nothing, or a problem."""
        first = next((cell for cell in row if cell), "")
        if not first:
            return
        if "".join(first.split()) in _TOTALS:
            self._sum_row(table, at, row)
            return
        if len(row) < min(_LEAST_CELLS, table.width) or (row.count("") == len(row) - 1 and not first.isdecimal()):
            return
        no = _line_no(table.words(row, "NO"))
        if len(row) != table.width or len(row) > CELLS_MAX or (no is None and "NO" in table.columns):
            self._unread(table, at, row)
            return
        self._line(table, no, at, row)

    def _line(self, table: Table, no: int | None, at: int, row: Row) -> None:
        """One line, with what is odd about it."""
        place = _Place(table.number, at if no is None else no)
        if no is not None and no in table.seen:
            self._note("double-line", say.IN_LINE(table=place.table, no=no), say.DOUBLE_LINE)
        if no is not None:
            table.seen.add(no)
        color, name, spec, note = (self._words(table, place, row, column) for column in _WORDS)
        qty, price, amount = (self._figure(table, place, row, column, limit) for column, limit in _FIGURES)
        if qty == 0:
            self._note_cell(place, "수량", "zero", say.ZERO)
        if qty is not None and price is not None and amount is not None and abs(qty * price - amount) >= 1:
            self._note_cell(place, "금액", "amount-differs", say.AMOUNT_DIFFERS(stated=amount, counted=qty * price))
        self.lines.append(Line(no, color, name, spec, qty, price, amount, note))

    def _words(self, table: Table, place: _Place, row: Row, column: str) -> str:
        """A cell's words, as long as they may be."""
        text = table.words(row, column)
        if not text and column == "품명" and column in table.columns:
            self._note_cell(place, column, "empty", say.EMPTY)
        if len(text) > TEXT_MAX:
            self._note_cell(place, column, "long-text", say.LONG_TEXT(size=len(text), limit=TEXT_MAX))
        return text[:TEXT_MAX]

    def _figure(self, table: Table, place: _Place, row: Row, column: str, limit: Decimal) -> Decimal | None:
        """A figure of a line; what is odd about it is noted, and what is no figure is empty."""
        if column not in table.columns:
            return None
        text = table.words(row, column)
        value = figure_of(text)
        if value is None:
            said = say.NO_FIGURE(text=text[:_SHOWN_MAX]) if text else say.EMPTY()
            self._note_cell(place, column, "no-figure" if text else "empty", said)
        elif value < 0:
            self._note_cell(place, column, "negative", say.NEGATIVE(value=value))
        elif value > limit:
            self._note_cell(place, column, "huge", say.HUGE(value=value, limit=limit))
        elif "." in text and _decimals(value) > DECIMALS_MAX:
            self._note_cell(place, column, "too-fine", say.TOO_FINE(value=value, limit=DECIMALS_MAX))
        return value

    # -- sums -----------------------------------------------------------------------------------------------------------

    def _sum_row(self, table: Table, at: int, row: Row) -> None:
        """A sum is held against the lines since the last one; with none since, against all."""
        place = say.IN_ROW(table=table.number, row=at)
        if len(row) != table.width or "금액" not in table.columns:
            self._unread(table, at, row)
            return
        text = table.words(row, "금액")
        stated = figure_of(text)
        if stated is None:
            self._note("no-figure", place, say.NO_FIGURE(text=text[:_SHOWN_MAX]) if text else say.EMPTY())
            return
        every, fresh = _sums(self.lines), _sums(self.lines[self._since :])
        grand = self._since == len(self.lines) and bool(self._stated)
        if self._since and not grand and stated == every.amount != fresh.amount:
            grand = True  # a last table that sums up the whole document
        counted = every if grand else fresh
        self._compare(place, stated, counted.amount)
        quantity = figure_of(table.words(row, "수량"))
        if quantity is not None and quantity != counted.qty:
            self._note("quantity-differs", place, say.QUANTITY_DIFFERS(stated=quantity, counted=counted.qty))
        if grand:
            self._grand = stated
        else:
            self._stated.append(stated)
        self._since = len(self.lines)

    def _compare(self, place: Said, stated: Decimal, counted: Decimal) -> None:
        """Once for a document; lines without an amount are a problem already, and their sum says nothing."""
        known = any(problem.code == "total-differs" for problem in self.problems)
        if stated != counted and not known and all(line.amount is not None for line in self.lines):
            self._note("total-differs", place, say.TOTAL_DIFFERS(stated=stated, counted=counted))

    # -- notes ----------------------------------------------------------------------------------------------------------

    def _note(self, code: str, place: Said, text: Said | Text) -> None:
        self.problems.append(Problem(code, place, text if isinstance(text, Said) else text()))

    def _note_cell(self, place: _Place, column: str, code: str, text: Said | Text) -> None:
        self._note(code, say.IN_CELL(table=place.table, no=place.no, column=column), text)

    def _unread(self, table: Table, at: int, row: Row) -> None:
        text = " | ".join(row)[:_SHOWN_MAX]
        self._note("row-unread", say.IN_ROW(table=table.number, row=at), say.ROW_UNREAD(text=text))


def _name(cell: str) -> str:
    """A header's name as we know it: `수 량`, `No.`, `금액(원)`."""
    name = "".join(cell.split()).upper()
    return (_BRACKETS.sub("", name) if name[-1:] in ")]" else name).strip(".:*")


def _line_no(text: str) -> int | None:
    """The number of a line, in digits of any width."""
    text = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= LINE_NO_LETTERS else None


def _known(row: Row) -> set[str]:
    """Which of our columns a row names."""
    return {name for cell in row if cell and len(cell) <= _SHOWN_MAX and (name := _name(cell)) in COLUMNS}


def _sums(lines: Sequence[Line]) -> Sums:
    """What lines come to."""
    return Sums(
        sum((line.qty for line in lines if line.qty is not None), Decimal(0)),
        sum((line.amount for line in lines if line.amount is not None), Decimal(0)),
    )


def _decimals(value: Decimal) -> int:
    """How many decimals a figure really has."""
    exponent = value.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def _foot(loose: str) -> Decimal | None:
    """The sum in words below the tables, when it is the sum of the lines and not with tax."""
    found = _FOOT.search(loose)
    if found is None or _WITH_TAX.search(found["after"]):
        return None
    return figure_of(" ".join(found["figure"].split()))
