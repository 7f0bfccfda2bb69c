"""The code book as a file people edit: `codes.csv` in the home folder, and CSV or Excel in and out.

For: `onbam orders codes`, the dashboard, and every answer a person gives about an unknown line.
Promises: what was written is read back the same; the file in the home folder is replaced in one move, under a lock, so that two
answers at once are both kept; Excel opens it in Korean and runs nothing in it; every trouble of an import names row and
column, and then nothing is taken over.
Refuses: an empty code, a code Excel turned into a number, a file beyond a limit.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from onbam.kernel.clock import Clock
from onbam.kernel.errors import Refused
from onbam.kernel.filelock import turn
from onbam.kernel.files import write_whole
from onbam.kernel.oserror import what_of
from onbam.kernel.words import Said, Text
from onbam.orders import words as say
from onbam.orders.codes import ANY, BRANDS, CODE_MAX, CodeBook, Rule, folded, numbered
from onbam.orders.codesheet import ERRORS, Cell, excel_rows
from onbam.orders.figures import UNITS
from onbam.orders.lines import TEXT_MAX
from onbam.orders.model import Line

BYTES_MAX: Final = 20 * 1024 * 1024
ROWS_MAX: Final = 50_000
TROUBLES_SHOWN: Final = 10
HEAD_ROWS: Final = 10
"""So far down the row of names is looked for."""
LOCK_S: Final = 10.0
SIGNS: Final = ",;\t"
"""What stands between the cells of a CSV file."""
COLUMNS: Final = {
    "code": ("코드", "품목코드"),
    "color": ("색상",),
    "name": ("품명", "품목명"),
    "spec": ("규격",),
    "note": ("비고",),
    "unit": ("단위",),
    "brand": ("상표", "브랜드"),
    "model": ("모델",),
    "remark": ("메모",),
}
"""The columns by our names; the first Korean name is the one written."""
NEEDED: Final = ("code", "color", "name", "spec")
HEADER: Final = tuple(names[0] for names in COLUMNS.values())
_DANGEROUS: Final = ("=", "+", "-", "@")
"""A cell that begins so is run by Excel as a formula; it is written with an apostrophe in front."""
_REWRITTEN: Final = re.compile(
    r"0\d+|\d{12,}|\d+\.\d*0|\d+(?:\.\d+)?E[+-]?\d+|\d{1,4}[-/]\d{1,2}(?:[-/]\d{1,4})?", re.ASCII | re.IGNORECASE
)
"""So is what Excel would take for a number or a day: opened there and saved again, `0012` is `12`, another product's code."""
_ENCODINGS: Final = ("utf-8-sig", "cp949")


class CodeFile:
    """The shop's own book."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self._clock = clock

    def read(self) -> CodeBook:
        """The book; an empty one while there is no file."""
        return read_book(self.path) if self.path.exists() else CodeBook()

    def take_over(self, file: str, new: CodeBook, *, replace: bool) -> Mapping[str, int]:
        """All rules of a file; what came of it, in figures. `Refused`: a code lost its zeros on its way through Excel."""
        with self._alone():
            before = self.read()
            old = {rule.key: rule for rule in before.rules}
            lost = [_at(rule.row, "code", trouble) for rule in new.rules if (trouble := _lost_zeros(rule, old.get(rule.key)))]
            _accept(Path(file), lost, say.BOOK_HINT)
            book = self._write((CodeBook() if replace else before).merged(new.rules))
        added, same = (
            sum(test(rule) for rule in new.rules) for test in (lambda r: r.key not in old, lambda r: old.get(r.key) == r)
        )
        changed = len(new.rules) - added - same
        return {"count": len(new.rules), "added": added, "changed": changed, "same": same, "all": len(book.rules)}

    def merge(self, rules: Iterable[Rule]) -> CodeBook:
        """Take rules over."""
        with self._alone():
            return self._write(self.read().merged(rules))

    def drop(self, keys: Collection[tuple[str, ...]]) -> CodeBook:
        """Without the rules of these keys."""
        with self._alone():
            return self._write(CodeBook(tuple(rule for rule in self.read().rules if rule.key not in keys)))

    def remember(self, line: Line, code: str, unit: str = "", remark: str = "") -> CodeBook:
        """A person said what this line is; from now on it is known."""
        if trouble := _code_trouble(code) or _unit_trouble(unit):
            raise Refused(say.AT_CELL(row="-", column=COLUMNS["code"][0], what=trouble), say.BOOK_HINT)
        with self._alone():
            return self._write(self.read().answered(line, code, unit, remark))

    def _alone(self) -> Any:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return turn(self.path.with_name(f".{self.path.name}.lock"), self._clock, LOCK_S)

    def _write(self, book: CodeBook) -> CodeBook:
        try:
            write_whole(self.path, csv_bytes(book.rules))
        except OSError as error:
            raise _unwritable(self.path, error) from None
        return CodeBook(numbered(book.rules))


# -- out --------------------------------------------------------------------------------------------------------------------


def csv_bytes(rules: Iterable[Rule]) -> bytes:
    """The book as CSV: with the mark by which Excel knows UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    writer.writerows([_guarded(cell) for cell in _cells(rule)] for rule in rules)
    return out.getvalue().encode("utf-8-sig")


def write_book(path: Path, rules: Iterable[Rule]) -> None:
    """The book into a file of the kind its name says; `Refused` when it cannot be written there."""
    body = csv_bytes(rules) if _kind(path) == ".csv" else _excel_bytes(rules)
    try:
        write_whole(path, body)
    except OSError as error:
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> Refused:
    return Refused(say.FILE_UNWRITABLE(file=path, what=what_of(error)), say.FILE_UNWRITABLE_HINT)


def _excel_bytes(rules: Iterable[Rule]) -> bytes:
    """The book as a workbook."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("codes")
    for row in (HEADER, *map(_cells, rules)):
        sheet.append([_text_cell(sheet, cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _text_cell(sheet: Any, text: str) -> Any:
    """A cell that stays text: `=1` is no formula and `0012` no number."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    cell.number_format = "@"
    return cell


def _cells(rule: Rule) -> tuple[str, ...]:
    return tuple(getattr(rule, name) for name in COLUMNS)


def _guarded(text: str) -> str:
    return f"'{text}" if _unsafe(text) else text


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and _unsafe(text) else text


def _unsafe(text: str) -> bool:
    bare = text.lstrip("'")
    return bare.startswith(_DANGEROUS) or _REWRITTEN.fullmatch(bare) is not None


# -- in ---------------------------------------------------------------------------------------------------------------------


def read_book(path: Path) -> CodeBook:
    """A book from a file; `Refused` names every place to mend."""
    try:
        if path.stat().st_size > BYTES_MAX:
            raise Refused(say.FILE_LARGE(file=path.name, limit=BYTES_MAX), say.FILE_KIND_HINT)
        rows = list(_csv_rows(path)) if _kind(path) == ".csv" else excel_rows(path, ROWS_MAX, _is_book)
    except OSError as error:
        raise Refused(say.FILE_MISSING(file=path.name or path, what=what_of(error)), say.FILE_MISSING_HINT) from None
    head = _head(rows)
    columns, troubles = _columns(rows[head] if rows else (), head + 1)
    _accept(path, troubles, say.HEAD_HINT)
    rules, troubles = _rules(rows[head + 1 :], columns, head + 2)
    _accept(path, troubles, say.BOOK_HINT)
    return CodeBook(rules)


def _accept(path: Path, troubles: Sequence[Said], hint: Text) -> None:
    """Nothing of a file is taken over while anything of it is wrong."""
    if troubles:
        first = _listed(troubles[:TROUBLES_SHOWN])
        raise Refused(say.BOOK_TROUBLE(file=path.name, count=len(troubles), first=first), hint)


def _listed(lines: Sequence[Said]) -> Said:
    """Several texts, one a line, still in both languages."""
    out = say.ONE(one=lines[-1])
    for line in reversed(lines[:-1]):
        out = say.ONE_AND_MORE(one=line, more=out)
    return out


def _kind(path: Path) -> str:
    kind = path.suffix.lower()
    if kind not in (".csv", ".xlsx"):
        raise Refused(say.FILE_KIND(file=path.name), say.FILE_KIND_HINT)
    return kind


def _csv_rows(path: Path) -> Iterator[list[Cell]]:
    """The rows of a CSV file in any of the ways Excel saves one."""
    text = _decoded(path)
    try:
        delimiter = max(SIGNS, key=lambda sign: _names(text, sign))
        for at, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
            _limit_rows(path, at)
            yield [_unguarded(cell.strip()) for cell in row]
    except csv.Error:
        raise Refused(say.FILE_BROKEN(file=path.name, what=say.NO_TABLE()), say.FILE_KIND_HINT) from None


def _names(text: str, sign: str) -> tuple[int, int]:
    """How many of our columns are named near the top with this between the cells; how often it stands in the first row."""
    top = text.splitlines()[:HEAD_ROWS]
    named = (len(_named(row)) for row in csv.reader(top, delimiter=sign))
    return max(named, default=0), top[0].count(sign) if top else 0


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    encodings = ("utf-16", *_ENCODINGS) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else _ENCODINGS
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(say.FILE_BROKEN(file=path.name, what=say.NO_ENCODING()), say.FILE_KIND_HINT)


def _limit_rows(path: Path, at: int) -> None:
    if at > ROWS_MAX:
        raise Refused(say.FILE_ROWS(file=path.name, limit=ROWS_MAX), say.FILE_KIND_HINT)


# -- rows to rules ----------------------------------------------------------------------------------------------------------


def rule_of(cells: Mapping[str, str]) -> Rule:
    """One rule a person typed, checked as a row of a file is."""
    texts = {name: cells.get(name, "").strip() for name in COLUMNS}
    rule, troubles = _rule(list(texts.values()), {name: at for at, name in enumerate(texts)}, 1)
    troubles += [_at(1, name, say.CELL_UNPRINTABLE()) for name, text in texts.items() if not text.isprintable()]
    if troubles:
        raise Refused(_listed(troubles[:TROUBLES_SHOWN]), say.BOOK_HINT)
    return replace(rule, row=0)


def _is_book(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether these rows name all columns that a book needs."""
    return any(_is_head(row) for row in rows[:HEAD_ROWS])


def _is_head(row: Sequence[Cell]) -> bool:
    return _named(row).keys() >= set(NEEDED)


def _head(rows: Sequence[Sequence[Cell]]) -> int:
    """The row that names the columns: the first, or one below a title, as people and the ERP's own lists put above."""
    known = [sum(name in names for name in NEEDED) for names in map(_named, rows[:HEAD_ROWS])]
    return known.index(max(known)) if known else 0


def _named(header: Sequence[Cell]) -> dict[str, list[int]]:
    """Where each of our columns stands in this row."""
    names = [folded(cell) if isinstance(cell, str) else "" for cell in header]
    found = {column: [i for i, name in enumerate(names) if name in (column, *known)] for column, known in COLUMNS.items()}
    return {column: at for column, at in found.items() if at}


def _columns(header: Sequence[Cell], row: int) -> tuple[dict[str, int], list[Said]]:
    """Where each of our columns stands; others are the shop's own and left alone."""
    found = _named(header)
    troubles = [_at(row, column, say.TWO_COLUMNS()) for column, at in found.items() if len(at) > 1]
    missing = [COLUMNS[column][0] for column in NEEDED if column not in found]
    if missing:
        there = ", ".join(cell for cell in header if isinstance(cell, str) and cell)
        what = say.NO_COLUMNS(missing=", ".join(missing), there=there) if there else say.NO_HEAD()
        troubles.append(say.AT_ROW(row=row, what=what))
    return {column: at[0] for column, at in found.items()}, troubles


def _rules(rows: Sequence[Sequence[Cell]], columns: dict[str, int], first: int) -> tuple[tuple[Rule, ...], list[Said]]:
    """The rules below the header, and what is wrong with the rest; `first` is the file's number of the first row."""
    troubles: list[Said] = []
    rules: dict[tuple[str, ...], Rule] = {}
    for at, row in enumerate(rows, start=first):
        if not any(row) or _is_head(row):
            continue
        rule, wrong = _rule(row, columns, at)
        known = rules.get(rule.key)
        if known is not None and (known.code, known.unit) != (rule.code, rule.unit):
            wrong.append(_at(at, "code", say.SAME_RULE(row=known.row)))
        rules.setdefault(rule.key, rule)
        troubles += wrong
    return tuple(rules.values()), troubles


def _rule(row: Sequence[Cell], columns: dict[str, int], at: int) -> tuple[Rule, list[Said]]:
    """One row as a rule, and what is wrong with it."""
    cells = {name: row[i] if i < len(row) else "" for name, i in columns.items()}
    texts = {name: cell for name, cell in cells.items() if isinstance(cell, str)}
    troubles = [_at(at, name, cell) for name, cell in cells.items() if isinstance(cell, Said)]
    troubles += [
        _at(at, name, say.CELL_LONG(limit=TEXT_MAX)) for name, text in texts.items() if len(text) > TEXT_MAX and name != "code"
    ]
    rule = Rule(**{"code": "", "color": "", "name": "", "spec": "", **texts}, row=at)
    found: list[tuple[str, Said | None]] = [
        ("code", _code_trouble(rule.code) if "code" in texts else None),
        ("name", say.RULE_EMPTY() if "name" in texts and not rule.name else None),
        ("name", say.RULE_ALL() if all(not cell.replace(ANY, "") for cell in rule.cells) and ANY in rule.name else None),
        ("unit", _unit_trouble(rule.unit)),
        ("brand", _brand_trouble(rule.brand)),
    ]
    return rule, [*troubles, *(_at(at, column, trouble) for column, trouble in found if trouble)]


def _code_trouble(code: str) -> Said | None:
    if not code:
        return say.CODE_EMPTY()
    if code in ERRORS:
        return say.CELL_ERROR(text=code)
    if len(code) > CODE_MAX:
        return say.CODE_LONG(limit=CODE_MAX, size=len(code))
    if not code.isprintable() or " " in code:
        return say.CODE_SPACE()
    mantissa, sign, exponent = code.upper().partition("E+")
    if sign and exponent.isdecimal() and mantissa.replace(".", "").isdecimal():
        return say.CODE_SPOILT(text=code)
    return None


def _lost_zeros(rule: Rule, known: Rule | None) -> Said | None:
    """The same product under the same code without its zeros."""
    if known is None or known.code == rule.code or not rule.code.isdecimal() or known.code.lstrip("0") != rule.code:
        return None
    return say.ZEROS_LOST(text=rule.code, known=known.code)


def _unit_trouble(unit: str) -> Said | None:
    return None if not unit or unit in UNITS else say.UNIT_UNKNOWN(text=unit, units=", ".join(UNITS))


def _brand_trouble(brand: str) -> Said | None:
    return None if not brand or brand in BRANDS else say.BRAND_UNKNOWN(text=brand, brands=", ".join(BRANDS))


def _at(row: int, column: str, what: Said) -> Said:
    return say.AT_CELL(row=row, column=COLUMNS[column][0], what=what)
