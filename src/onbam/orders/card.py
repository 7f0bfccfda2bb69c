"""What an order carries with it among the items: where it was seen, what it is about, and how often it met passing trouble.

For: the sweep, which writes it; the flow, which works from it on whatever PC.
Promises: fits an item's small data; read back the same; what somebody else put there (or nothing) reads as an order of which
only the number is known.
Refuses: documents; those are evidence.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from onbam.claims.model import DATA_MAX, Item, State
from onbam.connectors.portal.contract import Entry
from onbam.journal.model import clipped
from onbam.kernel.words import kept
from onbam.orders import flow_words as say
from onbam.orders.model import Line

CELL_MAX: Final = 200
GOODS_MAX: Final = 800
"""So many letters of the products' names are carried; an order of hundreds of lines names its first ones."""
_json: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Card:
    """One order's card."""

    entry: Entry
    failures: int = 0
    """Passing troubles in a row; each makes the pause before the next try longer."""
    goods: str = ""
    """Colour, name and size of its lines as the document has them, each once: what people look for."""

    @property
    def row(self) -> bytes:
        """The ledger's row as evidence: the same row, the same bytes."""
        return _json(_row(self.entry)).encode()

    @property
    def mark(self) -> str:
        """The row's fingerprint: a row that changed has another."""
        return hashlib.sha256(self.row).hexdigest()

    @property
    def data(self) -> str:
        """As the item carries it."""
        rest: dict[str, Any] = {"failures": self.failures, **({"goods": self.goods} if self.goods else {})}
        whole = _json({"entry": _row(self.entry), **rest})
        if len(whole) <= DATA_MAX:
            return whole
        return _json({"entry": _row(replace(self.entry, cells={})), **rest})

    def carrying(self, lines: Iterable[Line]) -> Card:
        """With the products of a document."""
        named = dict.fromkeys(" ".join(part for part in (line.color, line.name, line.spec) if part) for line in lines)
        return replace(self, goods=clipped("\n".join(named), GOODS_MAX))

    def troubled(self) -> Card:
        """Once more."""
        return replace(self, failures=self.failures + 1)

    def well(self) -> Card:
        """The trouble is over."""
        return replace(self, failures=0)


def card_of(item: Item) -> Card:
    """The card an item carries."""
    try:
        known = json.loads(item.data)
        row = known["entry"]
        day = date.fromisoformat(row["day"]) if row["day"] else None
        cells = {str(name): str(text) for name, text in row["cells"].items()}
        entry = Entry(item.key, str(row["kind"]), day, bool(row["cancelled"]), str(row["address"]), cells)
        return Card(entry, int(known["failures"]), str(known.get("goods", "")))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Card(Entry(item.key, "", None))


def taken_back(item: Item) -> bool:
    """Whether it is cancelled because the supplier took it back, and not because a person did not want it."""
    return item.state is State.CANCELLED and item.note in (kept(say.TAKEN_BACK), say.TAKEN_BACK.en, say.TAKEN_BACK.ko)


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "kind": entry.kind,
        "day": entry.day.isoformat() if entry.day else None,
        "cancelled": entry.cancelled,
        "address": entry.address,
        "cells": {name: text[:CELL_MAX] for name, text in sorted(entry.cells.items())},
    }
