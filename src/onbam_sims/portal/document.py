"""거래명세서: one order as the supplier prints it.

For: the simulated portal, and golden documents for the tests of whoever reads them.
Promises: one or more `table.table-item`, the eight columns in an order drawn from the order's number, a 합계 row per table
or one at the very end, cells that sometimes hide their text in a div, rows that are no lines.
Refuses: nothing; faults (a wrong total, a missing column) are asked for by name.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal
from html import escape
from typing import Final

from onbam_sims.portal.orders import Line, Order
from onbam_sims.portal.pages import shell

COLUMNS: Final = ("NO", "색상", "품명", "규격", "수량", "단가", "금액", "비고")
_SPLIT_FROM: Final = 5
"""An order of so many lines may be printed as two tables."""


def document_page(order: Order, *, wrong_total: bool = False, without_column: str = "") -> str:
    """The whole page. The shape is drawn from the number, so that the same order always looks the same."""
    chance = random.Random(f"document:{order.number}")
    columns = list(COLUMNS)
    if chance.random() < 0.5:
        tail = columns[1:]
        chance.shuffle(tail)
        columns = ["NO", *tail]
    columns = [c for c in columns if c != without_column]
    split = len(order.lines) >= _SPLIT_FROM and chance.random() < 0.5
    groups = [order.lines[:3], order.lines[3:]] if split else [order.lines]
    one_total = split and chance.random() < 0.5
    style = chance.choice(("thead", "td-header", "th-row"))
    off = Decimal(1000) if wrong_total else Decimal(0)
    tables = []
    for i, lines in enumerate(groups):
        last = i == len(groups) - 1
        counted = order.lines if one_total else lines
        tables.append(_table(lines, columns, style, chance, _sums(counted, off) if last or not one_total else None))
    return shell("거래명세서", _head(order) + "\n".join(tables) + _foot(order))


def no_document_page() -> str:
    """What the site answers for a number it does not know."""
    return shell("거래명세서", '<h1>거래명세서</h1>\n<p class="nodata">해당 자료가 존재하지 않습니다.</p>')


def _sums(lines: Sequence[Line], off: Decimal) -> tuple[Decimal, Decimal]:
    """Quantity and amount of a 합계 row."""
    return sum((x.qty for x in lines), Decimal(0)), sum((x.amount for x in lines), off)


def _head(order: Order) -> str:
    banner = '<p class="cancel"><b>주문취소</b> 취소된 주문입니다.</p>\n' if order.state == "취소" else ""
    revised = f" (정정 {order.revision}차)" if order.state == "수정" else ""
    company = "영림임업(주)" if order.kind == "임업" else "영림산업(주)"
    return (
        f"<h1>거래명세서{revised}</h1>\n{banner}"
        '<table class="table-info">\n'
        f"<tr><th>출하번호</th><td>{order.number}</td><th>출하일자</th><td>{order.date:%Y-%m-%d}</td></tr>\n"
        f"<tr><th>거래처</th><td>{escape(order.dealer)}</td><th>현장명</th><td>{escape(order.site)}</td></tr>\n"
        f"<tr><th>공급자</th><td>{company} www.yl.co.kr</td><th>구분</th><td>{order.kind}</td></tr>\n"
        "</table>\n"
    )


def _table(
    lines: Sequence[Line], columns: Sequence[str], style: str, chance: random.Random, sums: tuple[Decimal, Decimal] | None
) -> str:
    rows = [_line(line, columns, in_div=chance.random() < 0.4) for line in lines]
    if chance.random() < 0.3:
        rows.append(f'<tr class="blank"><td colspan="{len(columns)}">&nbsp;</td></tr>')
    if sums is not None:
        rows.append(_sum_row(columns, *sums))
    body = "\n".join(rows)
    if style == "thead":
        head = "".join(f"<th>{c}</th>" for c in columns)
        return f'<table class="table table-item">\n<thead>\n<tr>{head}</tr>\n</thead>\n<tbody>\n{body}\n</tbody>\n</table>\n'
    tag = "td" if style == "td-header" else "th"
    head = "".join(f"<{tag}>{_spaced(c) if tag == 'td' else c}</{tag}>" for c in columns)
    name = ' class="td-header"' if style == "td-header" else ""
    return f'<table class="table table-item">\n<tr{name}>{head}</tr>\n{body}\n</table>\n'


def _spaced(name: str) -> str:
    """Headers are often spread: 수 량."""
    return "&nbsp;".join(name) if len(name) == 2 and name != "NO" else name


def _line(line: Line, columns: Sequence[str], *, in_div: bool) -> str:
    cells = {
        "NO": str(line.no),
        "색상": line.color,
        "품명": line.name,
        "규격": line.spec,
        "수량": f"{line.qty:,}",
        "단가": f"{line.price:,}",
        "금액": f"{line.amount:,}",
        "비고": line.note,
    }
    out = []
    for column in columns:
        text = escape(cells[column]) or "&nbsp;"
        out.append(f'<td><div class="c">\n{text}\n</div></td>' if in_div else f"<td>{text}</td>")
    return f"<tr>{''.join(out)}</tr>"


def _sum_row(columns: Sequence[str], quantity: Decimal, amount: Decimal) -> str:
    """합계, with the two sums under their columns; the row keeps one cell a column."""
    cells = []
    for i, column in enumerate(columns):
        text = {"수량": f"{quantity:,}", "금액": f"{amount:,}"}.get(column, "&nbsp;")
        cells.append(f"<td>{'합계' if i == 0 else text}</td>")
    return f'<tr class="total">{"".join(cells)}</tr>'


def _foot(order: Order) -> str:
    return f'<p class="sum-text">합계금액 : 일금 {order.total:,} 원정 (부가세 별도)</p>\n<p>위와 같이 거래합니다.</p>'
