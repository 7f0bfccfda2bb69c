"""구매현황 as a file: what a person downloads from the ERP's screen.

For: reconciling by file, the only way to see what is really there, because no interface reads a slip back.
Promises: the form of such exports: a title row with the company, the report and the days; a header row; one row a line with
`YYYY/MM/DD -n`; a sub-total after each month; a grand total; the moment of printing at the end.
Refuses: nothing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from onbam_sims.ecount.slips import Slip, SlipLine

COLUMNS: Final = (
    "일자-No.",
    "거래처명",
    "품목코드",
    "품목명",
    "규격",
    "수량",
    "단가",
    "공급가액",
    "부가세",
    "합계",
    "적요",
    "구매No.",
    "문자형식1",
    "문자형식2",
    "입고창고명",
)
_FIELD_COLUMNS: Final = {"구매No.": "DOC_NO", "문자형식1": "U_MEMO1", "문자형식2": "U_MEMO2"}
_WIDTHS: Final = {"품목명": 28, "거래처명": 18, "품목코드": 20, "적요": 24, "규격": 20, "문자형식1": 18}
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | Decimal


def shown_number(slip: Slip) -> str:
    """`2026/01/05 -1`: the screen's form of a slip number."""
    serial = slip.number.partition("-")[2]
    return f"{slip.day[:4]}/{slip.day[4:6]}/{slip.day[6:]} -{serial}"


def rows(slips: Sequence[Slip], customers: Mapping[str, str], warehouses: Mapping[str, str]) -> Iterator[list[Cell]]:
    """Everything between the header and the moment of printing."""
    ordered = sorted(slips, key=lambda s: (s.day, int(s.number.partition("-")[2])))
    for month, of_month in groupby(ordered, key=lambda s: s.day[:6]):
        here = list(of_month)
        for slip in here:
            for line in slip.lines:
                yield _row(slip, line, customers, warehouses)
        yield _sum_row(f"{month[:4]}/{month[4:]} 계", here)
    if ordered:
        yield _sum_row("총합계", ordered)


def _row(slip: Slip, line: SlipLine, customers: Mapping[str, str], warehouses: Mapping[str, str]) -> list[Cell]:
    cells: dict[str, Cell] = {
        "일자-No.": shown_number(slip),
        "거래처명": customers.get(slip.customer, slip.fields.get("CUST_DES", "")),
        "품목코드": line.code,
        "품목명": line.name,
        "규격": line.spec,
        "수량": line.qty,
        "단가": line.price,
        "공급가액": line.supply,
        "부가세": line.vat,
        "합계": line.supply + line.vat,
        "적요": line.remarks,
        "입고창고명": warehouses.get(slip.warehouse, slip.warehouse),
    }
    return [cells.get(column, slip.fields.get(_FIELD_COLUMNS.get(column, ""), "")) for column in COLUMNS]


def _sum_row(title: str, slips: Sequence[Slip]) -> list[Cell]:
    supply, vat = sum((s.supply for s in slips), Decimal(0)), sum((s.vat for s in slips), Decimal(0))
    quantity = sum((s.quantity for s in slips), Decimal(0))
    sums: dict[str, Cell] = {"일자-No.": title, "수량": quantity, "공급가액": supply, "부가세": vat, "합계": supply + vat}
    return [sums.get(column, "") for column in COLUMNS]


def title(company: str, since: str, until: str) -> str:
    """The first row."""
    days = " ~ ".join(f"{d[:4]}/{d[4:6]}/{d[6:]}" for d in (since, until) if d)
    return f"회사명 : {company} / 구매현황 / {days}"


def as_xlsx(first: str, body: Sequence[Sequence[Cell]], printed: str) -> bytes:
    """A workbook with one sheet."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "구매현황"
    sheet.append([first])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(COLUMNS))
    sheet.append(list(COLUMNS))
    for row in body:
        sheet.append([_plain(cell) for cell in row])
    sheet.append([printed])
    for cell in sheet[2]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", start_color="E8ECF1")
        cell.alignment = Alignment(horizontal="center")
    for i, column in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(i)].width = _WIDTHS.get(column, 13)
    sheet.freeze_panes = "A3"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_csv(first: str, body: Sequence[Sequence[Cell]], printed: str, encoding: str) -> bytes:
    """The same as text; figures with thousands' commas, as the screen shows them."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([first])
    writer.writerow(COLUMNS)
    for row in body:
        writer.writerow([f"{cell.normalize():,f}" if isinstance(cell, Decimal) else cell for cell in row])
    writer.writerow([printed])
    return out.getvalue().encode(encoding, "replace")


def _plain(cell: Cell) -> str | int | float:
    """Figures as the spreadsheet keeps them."""
    if not isinstance(cell, Decimal):
        return cell
    return int(cell) if cell == cell.to_integral_value() else float(cell)
