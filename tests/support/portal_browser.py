"""A browser at the simulated portal, for tests of the simulator."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import httpx2
from selectolax.lexbor import LexborHTMLParser

from onbam_sims.portal import PortalSimulator
from support.hands import Hands


@contextmanager
def portal(**options: Any) -> Iterator[tuple[PortalSimulator, httpx2.Client]]:
    """A site and a browser that is logged in."""
    options.setdefault("now", Hands())
    with PortalSimulator(**{"seed": 7, **options}) as site, httpx2.Client(base_url=site.url, follow_redirects=True) as browser:
        log_in(browser)
        yield site, browser


def log_in(browser: httpx2.Client, password: str = "night-desk") -> httpx2.Response:
    """Send the log-in form."""
    return browser.post("/oms/login_proc.jsp", data={"mode": "login", "user_id": "onbam", "user_pw": password})


def text_of(response: httpx2.Response) -> str:
    """The page as a browser shows it: EUC-KR is read as CP949."""
    charset = re.search("charset=([A-Za-z0-9-]+)", response.headers["content-type"])
    return response.content.decode({"EUC-KR": "cp949"}.get(charset[1] if charset else "", "utf-8"))


def ledger(browser: httpx2.Client, kind: str = "임업", **query: str | int) -> str:
    """One page of the ledger."""
    return text_of(browser.get("/oms/ledger_list.jsp", params={"younglim_gubun": kind, **query}))


def rows_of(html: str) -> list[list[str]]:
    """The rows of a ledger."""
    rows = LexborHTMLParser(html).css("table.table tbody tr")
    return [[cell.text(strip=True).replace("\xa0", "") for cell in row.css("td")] for row in rows]


def document(browser: httpx2.Client, number: str, kind: str) -> httpx2.Response:
    """One document."""
    return browser.get("/oms/trans_doc.jsp", params={"chulhano": number, "younglim_gubun": kind})


def lines_of(html: str) -> list[dict[str, str]]:
    """The lines of a document by the names of their columns."""
    out = []
    for table in LexborHTMLParser(html).css("table.table-item"):
        rows = [[c.text(strip=True).replace("\xa0", "") for c in row.css("th, td")] for row in table.css("tr")]
        out += [dict(zip(rows[0], row, strict=True)) for row in rows[1:] if row[0].isdecimal()]
    return out


def sums_of(html: str) -> list[Decimal]:
    """What each 합계 row says."""
    out = []
    for table in LexborHTMLParser(html).css("table.table-item"):
        rows = [[c.text(strip=True).replace("\xa0", "") for c in row.css("th, td")] for row in table.css("tr")]
        out += [Decimal(row[rows[0].index("금액")].replace(",", "")) for row in rows[1:] if row[0] == "합계"]
    return out
