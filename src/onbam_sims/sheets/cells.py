"""What stands in one cell: how it comes in (RAW or as a person types it) and how it is shown.

For: every read and every write of values.
Promises: `RAW` keeps JSON values as they are; `USER_ENTERED` turns leading zeros, dates, percentages, `TRUE` and `+82…` into
other things, as a sheet does, because that is what ruins keys; numbers are IEEE doubles, so a 20-digit key typed as a number is
damaged.
Refuses: to compute: a formula of constants and `&` has a value, every other shows `#NAME?`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from onbam_sims.sheets.refusal import invalid

MAX_CELL_CHARACTERS = 50_000
EXACT_BELOW = 1e15
"""From here on a sheet shows a number in scientific notation."""


class Formula(NamedTuple):
    """A formula as typed, with its equals sign."""

    text: str


class Styled(NamedTuple):
    """A number that is shown as something else: a date, a time, a percentage, money."""

    value: float
    text: str


Cell = str | int | float | bool | Formula | Styled | None
Row = tuple[Cell, ...]

_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
_NUMBER = re.compile(r"([+-]?)([$₩€£¥]?)((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d+))?(%?)\Z")
_DATE = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?\Z")
_DATE_US = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\Z")
_DATE_SHORT = re.compile(r"(\d{1,2})[-/](\d{1,2})\Z")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?: ?([AaPp])[Mm])?\Z")


def raw(value: Any, row: int, column: int) -> Cell:
    """A JSON value, kept as it is."""
    kind = type(value)
    if kind is str:
        if len(value) > MAX_CELL_CHARACTERS:
            raise invalid(f"Your input contains more than the maximum of {MAX_CELL_CHARACTERS} characters in a single cell.")
        return value or None
    if kind is bool:
        return bool(value)
    if kind is int or kind is float:
        return number(value)
    shape = "list_value" if kind is list else "struct_value"
    raise invalid(f"Invalid values[{row}][{column}]: {shape} {{\n}}\n")


def typed(value: Any, row: int, column: int, year: int) -> Cell:
    """A JSON value, understood as if a person had typed it."""
    if type(value) is not str or not value:
        return raw(value, row, column)
    raw(value, row, column)
    if value.startswith("'"):
        return value[1:] or None
    if value.startswith("=") and len(value) > 1:
        return Formula(value)
    if value.upper() in {"TRUE", "FALSE"}:
        return value.upper() == "TRUE"
    text = value.strip()
    for reader in (_as_number, _as_date, _as_time):
        cell = reader(text, year)
        if cell is not None:
            return cell
    return Formula(f"={text}") if text.startswith("+") and len(text) > 1 else value


def _as_number(text: str, _year: int) -> Cell:
    match = _NUMBER.match(text)
    if match is None:
        return None
    sign, money, digits, exponent, percent = match.groups()
    value = float(f"{sign}{digits.replace(',', '')}e{exponent or 0}")
    if percent:
        return Styled(value / 100, text)
    return Styled(value, text) if money else number(value)


def _as_date(text: str, year: int) -> Cell:
    try:
        if match := _DATE.match(text):
            hour, minute, second = (int(x or 0) for x in match.groups()[4:])
            return _serial(datetime(int(match[1]), int(match[3]), int(match[4]), hour, minute, second, tzinfo=UTC), text)
        if match := _DATE_US.match(text):
            return _serial(datetime(int(match[3]), int(match[1]), int(match[2]), tzinfo=UTC), text)
        if match := _DATE_SHORT.match(text):
            return _serial(datetime(year, int(match[1]), int(match[2]), tzinfo=UTC), text)
    except ValueError:  # the 31st of February is text
        return None
    return None


def _as_time(text: str, _year: int) -> Cell:
    match = _TIME.match(text)
    if match is None or int(match[2]) > 59:
        return None
    hour = int(match[1]) % 12 + (12 if match[4] in "Pp" else 0) if match[4] else int(match[1])
    return Styled((hour * 3600 + int(match[2]) * 60 + int(match[3] or 0)) / 86_400, text)


def _serial(moment: datetime, text: str) -> Styled:
    return Styled((moment - _EPOCH) / timedelta(days=1), text)


def number(value: float) -> int | float:
    """A double, as an integer where it is one."""
    value = float(value)
    return int(value) if value.is_integer() and abs(value) < EXACT_BELOW else value


def shown(cell: Cell) -> str | bool | int | float:
    """`FORMATTED_VALUE`: always text."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, Styled):
        return cell.text
    if isinstance(cell, Formula):
        return shown(computed(cell))
    return _number_text(cell)


def _number_text(value: float) -> str:
    if abs(value) >= EXACT_BELOW:
        mantissa, exponent = f"{value:.5E}".split("E")
        return f"{mantissa.rstrip('0').rstrip('.')}E{int(exponent):+03d}"
    return f"{value:.10g}"


def plain(cell: Cell, *, dates_as_text: bool = False) -> str | bool | int | float:
    """`UNFORMATTED_VALUE`: what is stored."""
    if cell is None:
        return ""
    if isinstance(cell, Styled):
        return cell.text if dates_as_text else number(cell.value)
    if isinstance(cell, Formula):
        return plain(computed(cell))
    return cell


def source(cell: Cell, *, dates_as_text: bool = False) -> str | bool | int | float:
    """`FORMULA`: what was typed."""
    return cell.text if isinstance(cell, Formula) else plain(cell, dates_as_text=dates_as_text)


_PIECE = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([+-]?\d+(?:\.\d+)?)|(TRUE|FALSE))\s*(&|\Z)', re.IGNORECASE)


def computed(formula: Formula) -> str | int | float | bool:
    """The value of a formula of constants; `#NAME?` for anything that would need a calculation engine."""
    at, pieces = 1, []
    while match := _PIECE.match(formula.text, at):
        text, digits, truth = match[1], match[2], match[3]
        pieces.append(
            text.replace('""', '"') if text is not None else number(float(digits)) if digits else truth.upper() == "TRUE"
        )
        at = match.end()
        if not match[4]:
            return pieces[0] if len(pieces) == 1 else "".join(str(shown(piece)) for piece in pieces)
    return "#NAME?"


def rank(cell: Cell) -> tuple[int, float, str]:
    """The place of a cell in an ascending sort: numbers, text, booleans."""
    value = plain(cell)
    if isinstance(value, bool):
        return (2, float(value), "")
    if isinstance(value, str):
        return (1, 0.0, value.casefold())
    return (0, float(value), "")


def extended(cell: Cell, *, entered: bool) -> dict[str, Any]:
    """A cell as the API's `ExtendedValue`: as entered, or as computed."""
    if isinstance(cell, Formula) and entered:
        return {"formulaValue": cell.text}
    value = plain(cell)
    if isinstance(value, bool):
        return {"boolValue": value}
    return {"stringValue": value} if isinstance(value, str) else {"numberValue": value}


def from_extended(value: dict[str, Any] | None) -> Cell:
    """An `ExtendedValue` of a request as a cell; none clears."""
    for name, item in (value or {}).items():
        if item is None:
            continue
        if name == "formulaValue":
            return Formula(item)
        if name == "errorValue":
            raise invalid("Invalid value: errorValue cannot be written.")
        return raw(item, 0, 0)
    return None
