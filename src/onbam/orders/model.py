"""What an order's document says, in our own words: the order form, its lines, and what is wrong with it.

For: the code book, the flow, the pages and the command line; whoever asks what an order contains.
Promises: pure values; figures are exact; what could not be read is empty and named by a problem, never a guess; every problem
says where it stands, in both languages.
Refuses: to be entered anywhere while it has a problem (`ready`).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from onbam.claims.model import Ref
from onbam.kernel.words import Said

KIND: Final = "order"
"""What an order is called among the items."""
COLUMNS: Final = ("NO", "색상", "품명", "규격", "수량", "단가", "금액", "비고")
"""The columns of a document's table of lines; a document has all of them, in any order."""
KINDS: Final = ("임업", "산업")
"""The supplier's two businesses."""


def order_ref(number: str) -> Ref:
    """The item of an order. Its key is the supplier's own number (출하번호), as text: `2601050229`, leading zeros and all.

    A number in wide digits is the same one, or the order could be entered a second time under it.
    """
    return Ref(KIND, unicodedata.normalize("NFKC", number).strip())


State = Literal["issued", "changed", "cancelled"]
"""As first printed, printed again with corrections, or taken back."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person has to look at before the order goes on."""

    code: str
    """Stable, for scripts: `total-differs`, `unknown-product`, …"""
    place: Said
    """Where in the document."""
    text: Said

    def to_json(self) -> dict[str, str]:
        """For scripts: both languages, whoever reads."""
        return {
            "code": self.code,
            **self.place.named("place"),
            **self.text.named("text"),
        }


LAYOUT: Final = frozenset(
    ("missing-column", "double-column", "no-header", "no-lines", "no-total", "no-number", "no-date", "no-kind")
)
"""The codes of what is wrong with a page and not with its order: on every page, once the supplier has changed them."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order. A figure that could not be read is `None`, and a problem of the form says so."""

    no: int | None
    color: str
    name: str
    spec: str
    qty: Decimal | None
    price: Decimal | None
    amount: Decimal | None
    note: str

    def to_json(self) -> dict[str, Any]:
        """For scripts; figures as text, so that nobody reads them as floats."""
        return {
            "no": self.no,
            "color": self.color,
            "name": self.name,
            "spec": self.spec,
            "qty": figure(self.qty),
            "price": figure(self.price),
            "amount": figure(self.amount),
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """Which order's document was opened, when somebody knows: what the paper says is held against it."""

    number: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class OrderForm:
    """One document, understood."""

    number: str
    date: date | None
    """The document's own; never the day it was read."""
    kind: str
    lines: tuple[Line, ...]
    total: Decimal | None
    """What the document itself says its lines come to."""
    state: State = "issued"
    revision: int = 0
    """How often it was corrected, as far as the document says."""
    problems: tuple[Problem, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether nothing stands against entering it."""
        return not self.problems and self.state != "cancelled"

    @property
    def counted(self) -> Decimal:
        """What the lines come to."""
        return sum((line.amount for line in self.lines if line.amount is not None), Decimal(0))

    def to_json(self) -> dict[str, Any]:
        """What we understand of the document, for scripts."""
        return {
            "number": self.number or None,
            "date": self.date.isoformat() if self.date else None,
            "kind": self.kind or None,
            "lines": [line.to_json() for line in self.lines],
            "total": figure(self.total),
            "problems": [problem.to_json() for problem in self.problems],
        }


def figure(value: Decimal | None) -> str | None:
    """A figure as text: `68000`, `2.5`; the document's own decimals without empty ones."""
    if value is None:
        return None
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
