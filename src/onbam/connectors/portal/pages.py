"""What the portal's pages say: who is logged in, how to log in, which orders the ledger lists.

For: the client, which fetches the pages.
Promises: both layouts of the ledger that were ever observed (date first, number beside it; number first, with a link that opens
the document); a row that looks like an order and cannot be read is named, not dropped; forms are filled in by what they
are, not by names we would have to know.
Refuses: a page without the parts it needs (`ContractBroken`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from onbam.connectors.portal import words as say
from onbam.connectors.portal.contract import Entry
from onbam.connectors.portal.reading import EVIDENCE_MAX
from onbam.kernel.errors import ContractBroken

NUMBER: Final = re.compile(r"\d{10}", re.ASCII)
_SPACE: Final = re.compile(r"[\s\u00a0\u200b\ufeff]+")
_DAY: Final = re.compile(r"(?:20)?(\d\d)[-./](\d\d)[-./](\d\d)")
_OPENS: Final = re.compile(r"openPop\(\s*['\"]([^'\"]+)['\"]")
_SCRIPT_CALL: Final = re.compile(r"javascript:\s*(\w+)\(\s*['\"]?(\d+)['\"]?\s*\)", re.IGNORECASE)
_CANCELLED: Final = "취소"
_LOG_IN: Final = "로그인"
_LOG_OUT: Final = "로그아웃"
_DOCUMENT: Final = "거래명세서"
_NEXT: Final = ("다음", ">", "▶", "next", "»")
LOG_IN_TROUBLE: Final = re.compile("일치|오류|틀립|틀렸|중지|잠[금겼]|제한|없는|없습니다|만료|실패")
NOTHING_THERE: Final = re.compile("존재하지 않|자료가 없|없습니다|삭제된")
_LEAST_CELLS: Final = 4
"""A row with fewer cells is a message or a line of decoration."""
_LONGEST_SAID: Final = 200


class Markup:
    """A page's markup, parsed once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = LexborHTMLParser(text)

    @property
    def logged_out(self) -> bool:
        """Whether this is what the site shows to strangers."""
        if self.tree.css_first("input[type=password]") is not None:
            return True
        return _LOG_IN in self.text and _DOCUMENT not in self.text and _LOG_OUT not in self.text


def clean(text: str) -> str:
    """A cell's text: one space where there were many of any sort."""
    return _SPACE.sub(" ", text).strip()


def squeezed(text: str) -> str:
    """Without any space: for numbers and headers, which people spread."""
    return _SPACE.sub("", text)


def _plain(text: str) -> str:
    """A figure in its usual width: an order is the same however wide its number is printed."""
    return squeezed(unicodedata.normalize("NFKC", text))


# -- forms ------------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Form:
    """A form as a browser would send it."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)


def login_form(markup: Markup, user: str, password: str) -> Form:
    """The log-in form, filled in."""
    for node in markup.tree.css("form"):
        secret = node.css_first("input[type=password]")
        if secret is None:
            continue
        name = _before(node, secret)
        form = _form(node)
        if name and (key := secret.attributes.get("name")):
            form.values |= {name: user, key: password}
            return form
    raise ContractBroken(say.NO_LOGIN_FORM, say.CHANGED_HINT, evidence=_evidence(markup))


def _before(form: LexborNode, secret: LexborNode) -> str:
    """The name of the text field in front of the password."""
    last = ""
    for node in form.css("input"):
        if node.mem_id == secret.mem_id:
            break
        if _kind(node) in ("text", "email", "tel"):
            last = node.attributes.get("name") or last
    return last


def search_form(markup: Markup, kind: str, since: date, until: date) -> Form:
    """The ledger's search form, asking for these days of this kind, from the first page on."""
    for node in markup.tree.css("form"):
        form = _form(node)
        kinds = [name for name, options in _choices(node) if kind in options]
        days = [name for name, value in form.values.items() if _DAY.fullmatch(value) or _is_compact_day(value)]
        if not kinds or len(days) < 2:
            continue
        form.values[kinds[0]] = kind
        for name, day in zip(days[:2], (since, until), strict=True):
            form.values[name] = _written_like(form.values[name], day)
        return form
    raise ContractBroken(say.NO_SEARCH_FORM, say.CHANGED_HINT, evidence=_evidence(markup))


def _choices(form: LexborNode) -> Iterator[tuple[str, set[str]]]:
    """The select boxes and radio buttons with what they offer."""
    for select in form.css("select"):
        options = {option.attributes.get("value") or clean(option.text()) for option in select.css("option")}
        yield select.attributes.get("name") or "", options
    for radio in form.css("input[type=radio]"):
        yield radio.attributes.get("name") or "", {radio.attributes.get("value") or ""}


def _form(node: LexborNode) -> Form:
    """What a browser would send if nobody touched the form."""
    attributes = node.attributes
    form = Form(attributes.get("action") or "", (attributes.get("method") or "get").lower())
    for field_ in node.css("input"):
        name, kind = field_.attributes.get("name"), _kind(field_)
        ticked = kind not in ("checkbox", "radio") or "checked" in field_.attributes
        if name and ticked and kind not in ("submit", "button", "image", "reset", "file"):
            form.values[name] = field_.attributes.get("value") or ""
    for select in node.css("select"):
        chosen = select.css_first("option[selected]") or select.css_first("option")
        if (name := select.attributes.get("name")) and chosen is not None:
            form.values[name] = chosen.attributes.get("value") or clean(chosen.text())
    return form


def _kind(node: LexborNode) -> str:
    return (node.attributes.get("type") or "text").lower()


def _is_compact_day(value: str) -> bool:
    return bool(re.fullmatch(r"20\d{6}", value))


def _written_like(sample: str, day: date) -> str:
    """A day in the way the form writes days."""
    if _is_compact_day(sample):
        return f"{day:%Y%m%d}"
    sign = next((s for s in "-./" if s in sample), "-")
    return day.strftime(f"%Y{sign}%m{sign}%d" if len(sample) == 10 else f"%y{sign}%m{sign}%d")


# -- the ledger -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the ledger."""

    entries: tuple[Entry, ...]
    unread: tuple[str, ...]


def listing(markup: Markup, kind: str) -> Listing:
    """The orders on one page of the ledger."""
    entries: list[Entry] = []
    unread: list[str] = []
    tables = 0
    for table in markup.tree.css("table.table"):
        rows = list(own_rows(table))
        headers = _headers(rows)
        if not headers:
            continue
        tables += 1
        for row in rows:
            found = _entry(row, headers, kind)
            if isinstance(found, Entry):
                entries.append(found)
            elif found:
                unread.append(found)
    if not tables or (unread and not entries):
        raise ContractBroken(say.NO_LEDGER, say.CHANGED_HINT, evidence=_evidence(markup), unread=unread[:5])
    return Listing(tuple(entries), tuple(unread))


def own_rows(table: LexborNode) -> Iterator[LexborNode]:
    """The rows of a table without those of tables inside it."""
    for row in table.css("tr"):
        above = row.parent
        while above is not None and above.tag != "table":
            above = above.parent
        if above is not None and above.mem_id == table.mem_id:
            yield row


def own_cells(row: LexborNode) -> list[LexborNode]:
    """The cells of a row."""
    return [cell for cell in row.iter() if cell.tag in ("td", "th")]


def _headers(rows: list[LexborNode]) -> list[str]:
    """The names of the columns: the first row of the ledger that names a number."""
    for row in rows:
        names = [squeezed(cell.text()) for cell in own_cells(row)]
        if len(names) >= _LEAST_CELLS and any("번호" in name for name in names):
            return names
    return []


def _entry(row: LexborNode, headers: list[str], kind: str) -> Entry | str | None:
    """One row: an order, words that were not understood, or nothing."""
    cells = own_cells(row)
    texts = [clean(cell.text()) for cell in cells]
    if len(cells) < _LEAST_CELLS or [squeezed(text) for text in texts] == headers:
        return None
    number = next((n for n in map(_plain, texts[:2]) if NUMBER.fullmatch(n)), "")
    day = next((d for d in map(_day, texts[:2]) if d is not None), None)
    if not number:
        return None if _is_summary(texts) else " | ".join(texts)
    by_name = dict(zip(headers, texts, strict=False))
    states = [text for name, text in by_name.items() if name in ("상태", "구분", "비고", "진행상태")]
    return Entry(number, kind, day, any(_CANCELLED in state for state in states), _link(row), by_name)


def _is_summary(texts: list[str]) -> bool:
    """A row of sums: no number at all where the number stands."""
    first, second = squeezed(texts[0]), squeezed(texts[1])
    return (not first and not second) or first in ("합계", "총계", "소계", "계") or (not second and not _day(texts[0]))


def _day(text: str) -> date | None:
    """`26-01-05` or `2026-01-05`."""
    found = _DAY.fullmatch(_plain(text))
    if found is None:
        return None
    try:
        return date(2000 + int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _link(row: LexborNode) -> str:
    """Where the row's document is: in the link's script, or in the link itself."""
    for node in row.css("[onclick], a[href]"):
        for name in ("onclick", "href"):
            if found := _OPENS.search(node.attributes.get(name) or ""):
                return found[1]
    return ""


# -- paging -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Turn:
    """How to open another page of the ledger: an address, or a value in the search form."""

    address: str = ""
    field: str = ""
    value: str = ""


def next_page(markup: Markup, current: int) -> Turn | None:
    """How to open the page after this one; nothing when this is the last."""
    wanted = str(current + 1)
    for link in markup.tree.css("a"):
        shown = squeezed(link.text()).strip("[]").lower()
        target = link.attributes.get("href") or ""
        script = _SCRIPT_CALL.search(target) or _SCRIPT_CALL.search(f"javascript:{link.attributes.get('onclick') or ''}")
        forward = shown in _NEXT and (script is None or script[2] == wanted)
        if shown != wanted and not forward:
            continue
        if script is not None:
            return Turn(field=_field_of(markup, script[1]), value=script[2])
        if target and not target.startswith(("#", "javascript:")):
            return Turn(address=target)
    return None


def _field_of(markup: Markup, function: str) -> str:
    """Which field of the form a paging script sets."""
    body = re.search(rf"function\s+{re.escape(function)}\s*\([^)]*\)\s*\{{(.*?)\}}", markup.text, re.DOTALL)
    assigned = re.search(r"(\w+)\.value\s*=", body[1]) if body else None
    if assigned is None:
        raise ContractBroken(say.NO_PAGING, say.CHANGED_HINT, evidence=_evidence(markup))
    return assigned[1]


# -- what else a page says --------------------------------------------------------------------------------------------------


def what_it_says(markup: Markup, about: re.Pattern[str]) -> str:
    """The first sentence of the page that speaks of this, quoted as it stands."""
    body = markup.tree.body
    lines = body.text(separator="\n").splitlines() if body is not None else []
    found = [line for line in map(clean, lines) if about.search(line)]
    return found[0][:_LONGEST_SAID] if found else ""


def item_tables(markup: Markup) -> int:
    """How many tables of lines a document has."""
    return len(markup.tree.css("table.table-item"))


def numbers_like(markup: Markup, number: str) -> set[str]:
    """Every order number of about the same time that the page shows; telephone numbers have ten digits too."""
    body = markup.tree.body
    shown = body.text(separator=" ") if body is not None else ""
    found = set(re.findall(r"(?<![\d-])\d{10}(?![\d-])", shown))
    return {n for n in found if abs(int(n[:2]) - int(number[:2])) <= 1 and _begins_with_a_day(n)}


def _begins_with_a_day(number: str) -> bool:
    try:
        date(2000 + int(number[:2]), int(number[2:4]), int(number[4:6]))
    except ValueError:
        return False
    return True


def _evidence(markup: Markup) -> bytes:
    return markup.text.encode()[:EVIDENCE_MAX]
