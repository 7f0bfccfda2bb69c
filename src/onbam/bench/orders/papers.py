"""The orders of the benchmark, and what everybody does with a document.

For: ours, the limit and the peers next door.
Promises: each order has a document of its own, as the simulated supplier prints it; the code book knows all of it.
Refuses: a document with a problem: it would end before the ERP.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from onbam.connectors.ecount.contract import Slip
from onbam.orders.codes import CodeBook, Rule
from onbam.orders.model import Asked
from onbam.orders.slip import as_bytes, coded
from onbam.orders.understanding import understand_bytes
from onbam_sims.catalogue import catalogue
from onbam_sims.portal import Plan, PortalSimulator, document_page, encode

MODELS: Final = 50
"""So many different documents; the numbers on them are each order's own."""
DAY: Final = date(2026, 1, 5)


@dataclass(frozen=True, slots=True)
class Paper:
    """One order as the supplier has it."""

    number: str
    kind: str
    raw: bytes


def papers(count: int) -> list[Paper]:
    """The orders of one sample."""
    models = PortalSimulator(seed=7, plan=Plan(orders=MODELS, days=3)).book.at(float("inf"))
    out = []
    for n in range(count):
        model = models[n % len(models)]
        order = replace(model, number=f"{260105_0000 + n:010d}", date=DAY)
        out.append(Paper(order.number, order.kind, encode(document_page(order), "euc-kr").body))
    return out


def book() -> CodeBook:
    """The shop's codes."""
    return CodeBook(tuple(Rule(p.code, p.color, p.name, p.spec, "%", p.unit) for p in catalogue(7)))


def understood(paper: Paper, codes: CodeBook) -> tuple[bytes, bytes]:
    """What every contender does with a document: the order form and the slip."""
    form = understand_bytes(paper.raw, Asked(paper.number, paper.kind))
    slip = coded(form, codes)
    assert isinstance(slip, Slip), f"{paper.number} has problems: {slip}"
    return json.dumps(form.to_json(), ensure_ascii=False).encode(), as_bytes(slip)
