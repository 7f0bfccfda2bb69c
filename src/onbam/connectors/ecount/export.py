"""Reading the ERP's own report of purchases, the only way to learn what is really there.

For: settling what is uncertain, and finding duplicates and slips nobody knows.
Promises: xlsx and csv as the ERP's screen saves them (title, header by name wherever it stands, sub-totals, a last row with the
moment of printing); a slip's lines are put together whether its number is repeated or stands once; our key is found as a whole
word in any text of the slip.
Refuses: files without the column of slip numbers; to conclude from silence: whoever asks must look at the days the file covers
and at the moment it was printed.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from onbam.connectors.ecount import words as say
from onbam.kernel.errors import Refused
from onbam.kernel.oserror import what_of
from onbam.kernel.words import Said, plain

NUMBER_COLUMN: Final = "일자-No."
HEADER_WITHIN: Final = 15
"""The header stands within so many rows."""
PRINTED_WITHIN: Final = 5
"""The moment of printing stands within so many last rows."""
ERP_ZONE: Final = ZoneInfo("Asia/Seoul")
"""In which the ERP prints its moments."""
FILE_MAX_BYTES: Final = 64 * 1024 * 1024
_DAMAGED: Final = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,  # the XML parser's own error is one
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    NotImplementedError,
    RecursionError,
    OSError,
    EOFError,
)
"""What the spreadsheet library raises for files that are damaged in different places."""
_NUMBER: Final = re.compile(r"(20\d\d)[/.-]?(\d\d)[/.-]?(\d\d)\s*-\s*(\d{1,6})")
_DAYS: Final = re.compile(r"(20\d\d)[/.-](\d\d)[/.-](\d\d)\s*~\s*(20\d\d)[/.-](\d\d)[/.-](\d\d)")
_PRINTED: Final = re.compile(
    r"(20\d\d)[/.-](\d\d)[/.-](\d\d)\s+(오전|오후|AM|PM)?\s*(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?", re.IGNORECASE
)
_AFTERNOON: Final = ("오후", "PM")
_SPACE: Final = re.compile(r"\s+")
_CODECS: Final = ("utf-8-sig", "cp949")
Row = Sequence[Any]


@dataclass(slots=True)
class ExportSlip:
    """One slip as the report shows it."""

    number: str
    """`YYYYMMDD-n`, as a receipt has it."""
    day: date
    lines: int = 0
    supply: Decimal = Decimal(0)
    vat: Decimal = Decimal(0)
    texts: set[str] = field(default_factory=set)

    def mentions(self, key: str) -> bool:
        """Whether our key stands on it, as a whole word."""
        wanted = re.compile(rf"(?<![0-9A-Za-z]){re.escape(key)}(?![0-9A-Za-z])")
        return any(wanted.search(text) for text in self.texts)


@dataclass(frozen=True, slots=True)
class Export:
    """A whole report."""

    slips: tuple[ExportSlip, ...]
    columns: tuple[str, ...]
    since: date | None
    until: date | None
    """The days the report covers, as its title says; without them, those of its slips."""
    printed: datetime | None = None
    """When it was made, as its last row says."""
    sha256: str = ""
    """Of the file."""

    def covers(self, day: date) -> bool:
        """Whether a slip of this day would be in the report."""
        return self.since is not None and self.until is not None and self.since <= day <= self.until

    def having(self, key: str) -> tuple[ExportSlip, ...]:
        """The slips that carry our key."""
        return tuple(slip for slip in self.slips if slip.mentions(key))


def read_export(path: Path) -> Export:
    """The report in a file."""
    try:
        raw = path.read_bytes() if path.stat().st_size <= FILE_MAX_BYTES else None
    except OSError as error:
        raise _unreadable(path.name, what_of(error)) from None
    if raw is None:
        raise _unreadable(path.name, plain(f"> {FILE_MAX_BYTES // 1024 // 1024} MB")())
    return parse(raw, path.name)


def parse(raw: bytes, name: str) -> Export:
    """The report in these bytes."""
    rows = list(_sheet(raw, name) if raw.startswith(b"PK") else _table(raw, name))
    at = next((i for i, row in enumerate(rows[:HEADER_WITHIN]) if _column(row, NUMBER_COLUMN) is not None), None)
    if at is None:
        raise Refused(say.NOT_AN_EXPORT(file=name), say.NOT_AN_EXPORT_HINT(field="REMARKS/적요"))
    header = tuple(_squeezed(cell) for cell in rows[at])
    slips = _slips(rows[at + 1 :], header)
    since, until = _days(rows[:at])
    if since is None and slips:
        since, until = min(s.day for s in slips), max(s.day for s in slips)
    return Export(tuple(slips), header, since, until, _printed(rows[at + 1 :]), hashlib.sha256(raw).hexdigest())


def _slips(rows: Iterable[Row], header: Sequence[str]) -> list[ExportSlip]:
    """The lines put together to slips, in the order of the report."""
    number_at = header.index(_squeezed(NUMBER_COLUMN))
    sums = [(name, header.index(column)) for name, column in (("supply", "공급가액"), ("vat", "부가세")) if column in header]
    slips: dict[str, ExportSlip] = {}
    current: ExportSlip | None = None
    for row in rows:
        cell = _text(row[number_at]) if number_at < len(row) else ""
        found = _NUMBER.fullmatch(cell)
        if found is not None:
            current = _named(slips, found)
        elif cell or not any(_text(c) for c in row):
            current = None  # a sum, the moment of printing, an empty row
        if current is None:
            continue
        current.lines += 1
        for name, at in sums:
            setattr(current, name, getattr(current, name) + _figure(row[at] if at < len(row) else None))
        current.texts |= {_text(c) for i, c in enumerate(row) if i != number_at and _text(c)}
    return list(slips.values())


def _named(slips: dict[str, ExportSlip], found: re.Match[str]) -> ExportSlip | None:
    year, month, day, serial = (int(part) for part in found.groups())
    number = f"{year:04d}{month:02d}{day:02d}-{serial}"
    if number not in slips:
        try:
            slips[number] = ExportSlip(number, date(year, month, day))
        except ValueError:
            return None
    return slips[number]


def _days(rows: Iterable[Row]) -> tuple[date | None, date | None]:
    """The days in the title: `회사명 : … / 구매현황 / 2026/01/01 ~ 2026/01/31`."""
    for row in rows:
        for cell in row:
            if found := _DAYS.search(_text(cell)):
                figures = [int(part) for part in found.groups()]
                try:
                    return date(*figures[:3]), date(*figures[3:])
                except ValueError:
                    continue
    return None, None


def _printed(rows: Sequence[Row]) -> datetime | None:
    """The moment in the last row: `2026/01/13  오후 2:05:11`."""
    for row in reversed(rows[-PRINTED_WITHIN:]):
        for cell in row:
            if found := _PRINTED.fullmatch(_text(cell)):
                year, month, day, half, hour, minute, second = found.groups()
                of_day = int(hour) % 12 + (12 if half.upper() in _AFTERNOON else 0) if half else int(hour)
                try:
                    return datetime(int(year), int(month), int(day), of_day, int(minute), int(second or 0), tzinfo=ERP_ZONE)
                except ValueError:
                    continue
    return None


def _sheet(raw: bytes, name: str) -> Iterator[Row]:
    """The rows of a workbook's first sheet."""
    try:
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # some programs write a wrong size
        yield from sheet.iter_rows(values_only=True)
    except _DAMAGED:
        raise _unreadable(name, say.NO_WORKBOOK()) from None


def _table(raw: bytes, name: str) -> Iterator[Row]:
    """The rows of a text file, in any of the ways Excel saves one."""
    for codec in ("utf-16", *_CODECS) if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else _CODECS:
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        header = next((line for line in text.splitlines()[:HEADER_WITHIN] if NUMBER_COLUMN in line), "")
        try:
            yield from list(csv.reader(io.StringIO(text, newline=""), delimiter=max(",\t;", key=header.count)))
        except csv.Error:
            raise _unreadable(name, say.NO_TABLE()) from None
        return
    raise _unreadable(name, say.NO_TABLE())


def _unreadable(name: str, what: Said) -> Refused:
    return Refused(say.UNREADABLE_EXPORT(file=name, what=what), say.UNREADABLE_EXPORT_HINT)


def _column(row: Row, name: str) -> int | None:
    squeezed = [_squeezed(cell) for cell in row]
    return squeezed.index(_squeezed(name)) if _squeezed(name) in squeezed else None


def _squeezed(cell: Any) -> str:
    return _SPACE.sub("", _text(cell))


def _text(cell: Any) -> str:
    """A cell as a person reads it; numbers that look whole are whole."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _figure(cell: Any) -> Decimal:
    try:
        return Decimal(_text(cell).replace(",", "") or "0")
    except InvalidOperation:
        return Decimal(0)
