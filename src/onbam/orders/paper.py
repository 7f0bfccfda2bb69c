"""A document's markup becomes rows of cells: what is printed where, nothing of what it means.

For: `understanding`, which knows the meaning; the benchmark, which lets other parsers do the same.
Promises: every `table.table-item` with its own rows, none of a table inside it; a cell that spans columns counts as many; words
are cleaned of controls, direction marks and runs of space; scripts are not read; a page beyond a limit is refused before the
parser sees it, because the parser's work grows with the square of the depth.
Refuses: a page without a table of lines.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from onbam.kernel.errors import ContractBroken
from onbam.kernel.words import Text
from onbam.orders import words as say

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

BYTES_MAX: Final = 16 * 1024 * 1024
"""A saved archive with its pictures is smaller."""
LETTERS_MAX: Final = 4 * 1024 * 1024
TAGS_MAX: Final = 50_000
DEPTH_MAX: Final = 500
TAG_LETTERS_MAX: Final = 65_536
"""One tag with its attributes; a picture written into the page is left out of the count."""
ROWS_MAX: Final = 2_000
CELLS_MAX: Final = 64
EVIDENCE_MAX: Final = 256 * 1024
"""How much of a page that is not understood is kept with the error."""

_SHALLOW_TAGS: Final = 2_000
"""So few tags cannot be deep enough to matter."""
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_DATA: Final = re.compile(r"data:[\w/+.;=-]*,[\w/+=%-]*")
_VOID: Final = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
_ENDLESS: Final = ("p", "li", "td", "th", "tr", "dt", "dd", "option", "tbody", "thead", "tfoot")
_NEVER_OPEN: Final = frozenset((*_VOID, *_ENDLESS))
"""Tags without an end, and tags whose end old pages leave out: they do not nest."""
_SECTIONS: Final = ("tbody", "thead", "tfoot")
_CELLS: Final = ("td", "th")

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A document's words by where they stand."""

    tables: tuple[tuple[Row, ...], ...]
    """The tables of lines."""
    loose: str
    """Everything else, one piece of text a line."""


def paper_of(text: str) -> Paper:
    """Read the markup."""
    from selectolax.lexbor import LexborHTMLParser  # megabytes: a desk knows what a document is, and reads none for days

    check_limits(text)
    tree = LexborHTMLParser(unicodedata.normalize("NFC", text))
    for node in tree.css("script, style, noscript, template"):
        node.decompose()
    spans = "colspan" in text.lower()
    found = tree.css("table.table-item")
    if not found:
        raise not_a_document(text)
    tables = []
    for table in found:
        if len(found) > 1 and _is_frame(table):
            continue
        tables.append(tuple(_cells(row, spans=spans) for row in _rows(table)))
    if sum(map(len, tables)) > ROWS_MAX:
        raise _too(say.LINES, sum(map(len, tables)), ROWS_MAX, text)
    for table in found:
        table.decompose()
    body = tree.body
    return Paper(tuple(tables), clean_lines(body.text(separator="\n")) if body is not None else "")


def clean(text: str) -> str:
    """A cell's words: one space where there were many of any sort, nothing that does not print."""
    out = " ".join(text.split())
    if out.isprintable():
        return out
    return " ".join("".join(letter for letter in out if letter.isprintable()).split())


def clean_lines(text: str) -> str:
    """Loose words, one line each, without the empty ones."""
    return "\n".join(line for raw in text.splitlines() if (line := clean(raw)))


def not_a_document(text: str) -> ContractBroken:
    """The error for a page that is something else, with the page."""
    return ContractBroken(say.NOT_A_DOCUMENT, say.NOT_A_DOCUMENT_HINT, evidence=evidence(text))


def evidence(text: str) -> bytes:
    """What is kept of a page."""
    return text[:EVIDENCE_MAX].encode("utf-8", "replace")[:EVIDENCE_MAX]


# -- limits -----------------------------------------------------------------------------------------------------------------


def check_limits(text: str) -> None:
    """Refuse what no order looks like, before it costs anything."""
    if len(text) > LETTERS_MAX:
        raise ContractBroken(say.TOO_LARGE(size=len(text), limit=LETTERS_MAX), say.LIMIT_HINT, evidence=evidence(text))
    pieces = text.split("<")
    if len(pieces) > TAGS_MAX:
        raise _too(say.TAGS, len(pieces), TAGS_MAX, text)
    if len(text) > TAG_LETTERS_MAX and max(map(len, pieces)) > TAG_LETTERS_MAX:
        longest = max(len(_DATA.sub("", piece.partition(">")[0])) for piece in pieces if len(piece) > TAG_LETTERS_MAX)
        if longest > TAG_LETTERS_MAX:
            raise _too(say.ATTRIBUTES, longest, TAG_LETTERS_MAX, text)
    if len(pieces) > _SHALLOW_TAGS and (depth := _depth(text)) > DEPTH_MAX:
        raise _too(say.DEPTH, depth, DEPTH_MAX, text)


def _depth(text: str) -> int:
    """How deep the tags stand in each other, counted without parsing; too much rather than too little."""
    depth = deepest = 0
    for closing, name in _TAG.findall(text):
        if name.lower() in _NEVER_OPEN:
            continue
        depth += -1 if closing else 1
        deepest = max(deepest, depth)
    return deepest


def _too(what: Text, size: int, limit: int, text: str) -> ContractBroken:
    return ContractBroken(say.TOO_INTRICATE(what=what, size=size, limit=limit), say.LIMIT_HINT, evidence=evidence(text))


# -- rows and cells ---------------------------------------------------------------------------------------------------------


def _is_frame(table: LexborNode) -> bool:
    """Whether a table only stands around other tables of lines."""
    return any(inner.mem_id != table.mem_id for inner in table.css("table.table-item"))


def _rows(table: LexborNode) -> list[LexborNode]:
    """The rows of a table without those of tables inside it; the foot last, wherever it was written."""
    rows: list[LexborNode] = []
    feet: list[LexborNode] = []
    for part in table.iter():
        if part.tag in _SECTIONS:
            (feet if part.tag == "tfoot" else rows).extend(row for row in part.iter() if row.tag == "tr")
        elif part.tag == "tr":
            rows.append(part)
    return rows + feet


def _cells(row: LexborNode, *, spans: bool) -> Row:
    """The words of a row's cells. Words of one cell are never run together: `1<br>2` is not twelve."""
    nodes = [cell for cell in row.iter() if cell.tag in _CELLS]
    texts = [clean(cell.text(separator=" ")) for cell in nodes]
    return tuple(_spread(nodes, texts)) if spans else tuple(texts)


def _spread(nodes: list[LexborNode], texts: list[str]) -> Iterator[str]:
    """A cell over three columns stands in the first and leaves two empty."""
    for node, text in zip(nodes, texts, strict=True):
        yield text
        span = node.attributes.get("colspan") or "1"
        more = int(span) - 1 if span.isdecimal() and span.isascii() and len(span) <= len(str(CELLS_MAX)) else 0
        yield from ("",) * min(more, CELLS_MAX)
