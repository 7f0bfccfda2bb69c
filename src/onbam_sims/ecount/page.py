"""The slips as a page: what a person sees who looks into the ERP.

For: the demo, where somebody wants to see that every order stands there once; and the two ways out, xlsx and csv.
Promises: Korean, searchable by our key, readable without script; duplicates are marked in words, not by colour alone.
Refuses: to change anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from html import escape
from typing import Final
from urllib.parse import urlencode

from onbam_sims.ecount.export import shown_number
from onbam_sims.ecount.replies import KST, stamp
from onbam_sims.ecount.slips import Slip, SlipLine

SHOWN_AT_MOST: Final = 500
_STYLE: Final = """
:root { --ink:#1d2733; --soft:#5d6b7a; --line:#d8dee6; --paper:#fbfaf7; --need:#a3261b }
@media (prefers-color-scheme: dark) { :root { --ink:#d7dee8; --soft:#8b98a8; --line:#2a3543; --paper:#121a24; --need:#ff8a7a } }
body { font:15px/1.5 "Malgun Gothic","Apple SD Gothic Neo","Noto Sans KR",sans-serif; color:var(--ink); background:var(--paper);
  max-width:1180px; margin:40px auto; padding:0 24px; font-variant-numeric:tabular-nums }
h1 { font-size:22px; margin:0 0 4px } p { color:var(--soft); margin:0 0 20px } a { color:inherit }
form { margin:0 0 20px; display:flex; gap:8px; flex-wrap:wrap; align-items:center }
table + p { margin-top:20px }
input { font:inherit; color:inherit; background:transparent; border:1px solid var(--line); padding:6px 10px; border-radius:4px }
table { border-collapse:collapse; width:100% } th,td { padding:7px 10px; border-bottom:1px solid var(--line); text-align:left }
th,td { white-space:nowrap }
th { font-weight:600; color:var(--soft); font-size:13px } .n { text-align:right } .twice { color:var(--need); font-weight:600 }
"""


@dataclass(frozen=True, slots=True)
class Names:
    """What the tenant calls itself and its codes."""

    company: str
    customers: Mapping[str, str]
    warehouses: Mapping[str, str]


def list_page(slips: Sequence[Slip], duplicates: Mapping[str, Sequence[str]], names: Names, asked: Mapping[str, str]) -> str:
    """구매현황 on the screen; `asked` holds what was searched for: q, from, to."""
    words, since, until = (escape(asked[name]) for name in ("q", "from", "to"))
    twice = {number for numbers in duplicates.values() for number in numbers}
    rows = "\n".join(_row(slip, names, doubled=slip.number in twice) for slip in reversed(slips[-SHOWN_AT_MOST:]))
    total = sum(slip.supply + slip.vat for slip in slips)
    warning = f' <span class="twice">중복 {len(duplicates)}건</span>' if duplicates else " 중복 없음."
    query = escape(urlencode(asked))
    head = _header("일자-No.", "주문번호", "거래처명", "품목", "수량", "공급가액", "부가세", "합계", "입력")
    body = (
        f"<h1>구매현황</h1>\n<p>{escape(names.company)} · 전표 {len(slips):,}건 · 합계 {total:,}원.{warning}</p>\n"
        '<form method="get" action="/slips">'
        f'<input name="q" value="{words}" placeholder="주문번호, 품목, 적요" size="28">'
        f'<input name="from" value="{since}" placeholder="20260101" size="9">'
        f'<input name="to" value="{until}" placeholder="20260131" size="9"><input type="submit" value="찾기">'
        f'<a href="/slips/export.xlsx?{query}">엑셀</a> <a href="/slips/export.csv?{query}">CSV</a></form>\n'
        f"<table>{head}<tbody>\n{rows or _NOTHING}\n</tbody></table>"
    )
    return _shell("구매현황", body)


_NOTHING: Final = '<tr><td colspan="9">조회된 전표가 없습니다.</td></tr>'


def slip_page(slip: Slip, names: Names) -> str:
    """One slip."""
    lines = "\n".join(_line(line) for line in slip.lines)
    fields = " · ".join(f"{escape(name)} {escape(value)}" for name, value in slip.fields.items())
    customer = escape(names.customers.get(slip.customer, slip.customer))
    head = _header("품목코드", "품목명", "규격", "수량", "단가", "공급가액", "부가세", "적요")
    sums = _figures(slip.quantity, "", slip.supply, slip.vat)
    body = (
        f"<h1>{shown_number(slip)}</h1>\n"
        f"<p>{customer} · 주문번호 {escape(slip.key)} · {stamp(slip.at)} · {_WHO[slip.by]}<br>{fields}</p>\n"
        f"<table>{head}<tbody>\n{lines}\n<tr><th>합계 {slip.supply + slip.vat:,}원</th><td></td><td></td>{sums}<td></td></tr>"
        '</tbody></table>\n<p><a href="/slips">목록</a></p>'
    )
    return _shell(f"구매 {shown_number(slip)}", body)


def _line(line: SlipLine) -> str:
    texts = "".join(f"<td>{escape(text)}</td>" for text in (line.code, line.name, line.spec))
    return f"<tr>{texts}{_figures(line.qty, line.price, line.supply, line.vat)}<td>{escape(line.remarks)}</td></tr>"


def _header(*names: str) -> str:
    return f"<thead><tr>{''.join(f'<th{_right(name)}>{name}</th>' for name in names)}</tr></thead>"


def _right(name: str) -> str:
    """Figures stand on the right."""
    return ' class="n"' if name in ("수량", "단가", "공급가액", "부가세", "합계") else ""


def _figures(*figures: Decimal | str) -> str:
    return "".join(f'<td class="n">{figure if isinstance(figure, str) else f"{figure:,}"}</td>' for figure in figures)


_WHO: Final = {"api": "자동 입력", "person": "직접 입력"}


def _row(slip: Slip, names: Names, *, doubled: bool) -> str:
    first = slip.lines[0].name or slip.lines[0].code
    more = f" 외 {len(slip.lines) - 1}건" if len(slip.lines) > 1 else ""
    mark = ' <span class="twice">중복</span>' if doubled else ""
    return (
        f'<tr><td><a href="/slips/{slip.number}">{shown_number(slip)}</a></td><td>{escape(slip.key)}{mark}</td>'
        f"<td>{escape(names.customers.get(slip.customer, slip.customer))}</td><td>{escape(first)}{more}</td>"
        f"{_figures(slip.quantity, slip.supply, slip.vat, slip.supply + slip.vat)}<td>{_moment(slip.at)}</td></tr>"
    )


def _moment(at: float) -> str:
    """Short: the day is in the slip's number."""
    return f"{datetime.fromtimestamp(at, UTC).astimezone(KST):%m-%d %H:%M:%S}"


def _shell(title: str, body: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="ko">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )
