"""The supplier's document, shown where it can do nothing.

For: the page of an order.
Promises: the bytes as they came but for scripts and addresses of other hosts, under a policy that runs nothing, loads nothing
and sends nothing; each line carries a name, so that the page beside can light it up.
Refuses: to be opened outside a frame of ours with any right.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Final

from onbam.kernel.errors import ContractBroken
from onbam.kernel.words import LANGS
from onbam.web.paper_words import CUT

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

POLICY: Final = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'; "
    "base-uri 'none'"
)
PLAIN_MAX: Final = 200_000
"""So many bytes are shown as letters."""
LINE: Final = "onbam-line-"
STYLE: Final = (
    "<style>html{font:13px/1.45 'Malgun Gothic','Apple SD Gothic Neo','Noto Sans KR',NanumGothic,sans-serif;color:#111;"
    "background:#fff;padding:8px;word-break:keep-all}"
    "table{border-collapse:collapse}table.table-item td,table.table-item th{padding:2px 5px}"
    "tr:target{outline:2px solid #c47a10;background:#fbeed3}tr{scroll-margin:40vh}</style>"
)
DROPPED: Final = (
    "script, style[src], link, base, meta[http-equiv], iframe, frame, object, embed, applet, form input[type=password]"
)


def shown(raw: bytes, odd: Sequence[int] = ()) -> str:
    """A page for the frame; lines that do not add up are marked."""
    # Megabytes of reader, for whoever opens a document: most desks are open for days without one.
    from selectolax.lexbor import LexborHTMLParser

    from onbam.connectors.portal.reading import read
    from onbam.orders.paper import check_limits

    try:
        text = read(raw).text
        check_limits(text)
    except (ContractBroken, RecursionError, LookupError, ValueError, AttributeError):
        return plain(raw)
    tree = LexborHTMLParser(text)
    for node in tree.css(DROPPED):
        node.decompose()
    _named(tree)
    marks = ",".join(f"#{LINE}{number}" for number in odd)
    marked = f"<style>{marks}{{background:#fbe9e4;box-shadow:inset 3px 0 #a8261c}}</style>" if marks else ""
    return f"<!doctype html><meta charset=utf-8>{STYLE}{marked}{tree.html or ''}"


def plain(raw: bytes) -> str:
    """What cannot be read as a page, as letters; of a long one the beginning, and that it is one."""
    cut = CUT(shown=PLAIN_MAX // 1000, whole=len(raw) // 1000) if len(raw) > PLAIN_MAX else None
    told = "".join(f"<p><b>{escape(cut.to(lang))}</b></p>" for lang in LANGS) if cut is not None else ""
    return f"<!doctype html><meta charset=utf-8>{STYLE}{told}<pre>{escape(raw[:PLAIN_MAX].decode('utf-8', 'replace'))}</pre>"


def _named(tree: LexborHTMLParser) -> None:
    """Each row of lines gets the name of its number."""
    for table in tree.css("table.table-item"):
        rows = table.css("tr")
        heads = [cell.text(strip=True) for cell in rows[0].css("th, td")] if rows else []
        if "NO" not in heads:
            continue
        place = heads.index("NO")
        for row in rows[1:]:
            cells = row.css("td, th")
            number = cells[place].text(strip=True) if len(cells) > place else ""
            if number.isdecimal():
                row.attrs["id"] = f"{LINE}{int(number)}"
