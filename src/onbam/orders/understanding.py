"""A document becomes an order form.

For: the flow, `onbam orders read`, and every test that says what an order is.
Promises: the same bytes give the same form on every PC; columns are found by their names; sums are checked against the lines,
and a difference carries both figures; whatever is odd is a problem with its place.
Refuses: with `ContractBroken` and the evidence, a page that is no document or beyond a limit. Nothing else is raised.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import unquote

from onbam.connectors.portal.reading import read
from onbam.kernel.errors import ContractBroken
from onbam.orders import words as say
from onbam.orders.head import head_of
from onbam.orders.lines import Reader
from onbam.orders.model import KINDS, Asked, OrderForm
from onbam.orders.paper import BYTES_MAX, EVIDENCE_MAX, Paper, not_a_document, paper_of

NOBODY: Final = Asked()
_ADDRESS: Final = re.compile(rb"chulhano=(?P<number>\d{10})(?!\d)(?:&(?:amp;)?younglim_gubun=(?P<kind>[%\w]+))?")
_ADDRESS_LOOK: Final = 4096
"""Where a browser writes into a saved page where it came from."""


def understand_bytes(raw: bytes, asked: Asked = NOBODY) -> OrderForm:
    """A document as it was fetched or saved. A saved page that names its own address is held against that."""
    if len(raw) > BYTES_MAX:
        raise ContractBroken(say.TOO_LARGE(size=len(raw), limit=BYTES_MAX), say.LIMIT_HINT, evidence=raw[:EVIDENCE_MAX])
    try:
        reading = read(raw)
    except (RecursionError, LookupError, ValueError, AttributeError) as broken:  # an archive built to break its reader
        raise ContractBroken(say.NOT_A_DOCUMENT, say.NOT_A_DOCUMENT_HINT, evidence=raw[:EVIDENCE_MAX]) from broken
    return understand(reading.text, asked if asked.number else _saved_as(raw))


def understand(text: str, asked: Asked = NOBODY) -> OrderForm:
    """A document's markup."""
    return form_of(paper_of(text), asked, text)


def form_of(paper: Paper, asked: Asked = NOBODY, text: str = "") -> OrderForm:
    """What the words on the paper mean."""
    loose = paper.loose if paper.loose.isascii() else unicodedata.normalize("NFKC", paper.loose)
    head = head_of(loose, asked)
    reader = Reader()
    for number, rows in enumerate(paper.tables, start=1):
        reader.table(number, rows)
    if not reader.recognised:
        raise not_a_document(text)
    total = reader.finish(loose)
    return OrderForm(
        head.number,
        head.date,
        head.kind,
        tuple(reader.lines),
        total,
        head.state,
        head.revision,
        (*head.problems, *reader.problems),
    )


def _saved_as(raw: bytes) -> Asked:
    """Which order a saved page was opened for, as the browser noted at its beginning."""
    found = _ADDRESS.search(raw[:_ADDRESS_LOOK])
    if found is None:
        return NOBODY
    number, quoted = found["number"].decode("ascii"), (found["kind"] or b"").decode("ascii", "replace")
    kinds = [unquote(quoted, encoding=codec, errors="replace") for codec in ("utf-8", "cp949")]
    return Asked(number, next((kind for kind in kinds if kind in KINDS), ""))
