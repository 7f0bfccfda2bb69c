"""The portal's pages around the documents: log-in, the ledger in both layouts, notices.

For: the simulated portal.
Promises: pages as an old JSP site writes them: a meta for the encoding, a search form, tables with class names, scripts in the
page, non-breaking spaces; both ledger layouts that were ever observed.
Refuses: to know anything about sessions or faults.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape
from typing import Final, Literal, get_args
from urllib.parse import urlencode

from onbam_sims.portal.orders import KINDS, Order

Layout = Literal["date", "link"]
LAYOUTS: Final[tuple[Layout, ...]] = get_args(Layout)
MAIN: Final = "/oms/main.jsp"
LOGIN: Final = "/oms/login_proc.jsp"
LOGOUT: Final = "/oms/logout.jsp"
LEDGER: Final = "/oms/ledger_list.jsp"
DOCUMENT: Final = "/oms/trans_doc.jsp"
DATE_COLUMNS: Final = ("출하일자", "출하번호", "거래처", "현장명", "수량", "금액", "상태")
LINK_COLUMNS: Final = ("출하번호", "출하일자", "거래처", "현장명", "수량", "금액", "상태")
_PAGES_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class View:
    """One look at the ledger."""

    kind: str
    since: date
    until: date
    page: int
    pages: int
    rows: Sequence[Order]
    count: int
    quantity: Decimal
    total: Decimal


def shell(title: str, body: str, script: str = "") -> str:
    """What every page has around it."""
    return (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">\n'
        '<html>\n<head>\n<meta http-equiv="Content-Type" content="text/html; charset=euc-kr">\n'
        f"<title>{escape(title)}</title>\n"
        f'<script type="text/javascript">\n{script}\n</script>\n'
        f"</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def login_page(message: str = "") -> str:
    """The form, with what went wrong above it."""
    said = f'<p class="error">{escape(message)}</p>\n' if message else ""
    body = (
        f'<div class="login-box">\n<h2>영림 대리점 주문시스템 로그인</h2>\n{said}'
        f'<form name="loginForm" method="post" action="{LOGIN}" onsubmit="return chk(this);">\n'
        '<input type="hidden" name="mode" value="login">\n'
        '아이디 <input type="text" name="user_id" maxlength="20">\n'
        '비밀번호 <input type="password" name="user_pw" maxlength="20">\n'
        '<input type="checkbox" name="save_id" value="Y"> 아이디 저장\n'
        '<input type="submit" value="로그인">\n</form>\n</div>\n<p class="copy">www.yl.co.kr</p>'
    )
    return shell("로그인", body, "function chk(f){ return f.user_id.value != ''; }")


def main_page(user: str) -> str:
    """After logging in."""
    return shell("주문시스템", _menu(user) + "<h2>공지사항</h2>\n<p>출하 문의는 대표전화로 연락 바랍니다.</p>")


def goodbye_script() -> str:
    """The other way such sites say that the session is over: a page that is only a script."""
    return shell("알림", "", f"alert('로그인이 필요합니다.');\nlocation.href='{MAIN}';")


def error_page(status: int) -> str:
    """The servlet engine's own page."""
    return shell(f"HTTP Status {status}", f"<h1>HTTP Status {status}</h1><p>java.lang.NullPointerException</p>")


def moved_page() -> str:
    """A ledger nobody has told us about: the figures are there, in shapes we do not know."""
    cards = "".join(f'<div class="card"><b>#{n}</b><span>배송 준비</span></div>' for n in range(3))
    return shell("새 주문 화면", f'<div id="app" class="grid">{cards}</div><p>거래명세서 화면이 새로워졌습니다.</p>')


def ledger_page(user: str, view: View, layout: Layout, *, messy: bool = False) -> str:
    """원장조회."""
    columns = DATE_COLUMNS if layout == "date" else LINK_COLUMNS
    head = "".join(f"<th>{name}</th>" for name in columns)
    rows = "\n".join(_row(order, layout, messy=messy) for order in view.rows)
    if not view.rows:
        rows = f'<tr><td colspan="{len(columns)}">조회된 자료가 없습니다.</td></tr>'
    body = (
        f"{_menu(user)}<h2>원장조회</h2>\n{_search_form(view)}"
        f'<table class="table table-bordered">\n<thead>\n<tr>{head}</tr>\n</thead>\n'
        f"<tbody>\n{rows}\n{_summary(view)}</tbody>\n</table>\n"
        f"{_paging(view, layout)}<p>총 {view.count}건 / 거래명세서는 출하번호로 조회합니다.</p>"
    )
    script = (
        "function openPop(url){ window.open(url,'doc','width=900,height=700'); }\n"
        "function goPage(n){ document.frm.page.value=n; document.frm.submit(); }"
    )
    return shell("원장조회", body, script)


def _menu(user: str) -> str:
    return (
        f'<div class="top">{escape(user)}님 환영합니다. <a href="{LOGOUT}">로그아웃</a></div>\n'
        f'<ul class="menu"><li><a href="{LEDGER}">원장조회</a></li></ul>\n'
    )


def _search_form(view: View) -> str:
    options = "".join(f'<option value="{k}"{" selected" if k == view.kind else ""}>{k}</option>' for k in KINDS)
    return (
        f'<form name="frm" method="get" action="{LEDGER}">\n<input type="hidden" name="page" value="{view.page}">\n'
        f'구분 <select name="younglim_gubun">{options}</select>\n'
        f'기간 <input type="text" name="sdate" value="{view.since:%Y-%m-%d}" size="10"> ~ '
        f'<input type="text" name="edate" value="{view.until:%Y-%m-%d}" size="10">\n'
        '<input type="submit" value="조회">\n</form>\n'
    )


def _row(order: Order, layout: Layout, *, messy: bool) -> str:
    number = f"&nbsp;{order.number[:6]} {order.number[6:]}&nbsp;\n" if messy else order.number
    day = f"{order.date:%y-%m-%d}"
    rest = "".join(
        f"<td>{cell}</td>"
        for cell in (
            escape(order.dealer),
            escape(order.site),
            f"{order.quantity:,}",
            f"{order.total:,}",
            order.state,
        )
    )
    if layout == "date":
        return f"<tr><td>{day}</td><td>{number}</td>{rest}</tr>"
    address = f"{DOCUMENT}?chulhano={order.number}&younglim_gubun={order.kind}"
    link = f'<a href="#" onclick="openPop(\'{address}\'); return false;">{number}</a>'
    return f"<tr><td>{link}</td><td>{day}</td>{rest}</tr>"


def _summary(view: View) -> str:
    """The row that is no order: its number is blank."""
    if not view.rows:
        return ""
    return (
        f'<tr class="sum"><td>합계</td><td>&nbsp;</td><td>&nbsp;</td><td>{view.count}건</td>'
        f"<td>{view.quantity:,}</td><td>{view.total:,}</td><td>&nbsp;</td></tr>\n"
    )


def _paging(view: View, layout: Layout) -> str:
    """Page numbers; one layout has addresses, the other a script."""
    first = (view.page - 1) // _PAGES_SHOWN * _PAGES_SHOWN + 1
    last = min(view.pages, first + _PAGES_SHOWN - 1)
    numbers: list[tuple[int, str]] = [(n, str(n)) for n in range(first, last + 1)]
    if first > 1:
        numbers.insert(0, (first - 1, "이전"))
    if last < view.pages:
        numbers.append((last + 1, "다음"))
    links = []
    for number, text in numbers:
        if number == view.page:
            links.append(f"<strong>{text}</strong>")
            continue
        pairs = {"younglim_gubun": view.kind, "sdate": view.since, "edate": view.until, "page": number}
        query = escape(urlencode(pairs, encoding="euc-kr"))
        href = f"{LEDGER}?{query}" if layout == "date" else f"javascript:goPage({number})"
        links.append(f'<a href="{href}">{text}</a>')
    return f'<div class="paging">{" ".join(links)}</div>\n'
