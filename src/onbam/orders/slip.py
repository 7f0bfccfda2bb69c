"""An order form becomes the slip that is entered.

For: the flow; whoever shows or pastes what would be entered.
Promises: pure; every line has the code its rule says and no other; the same form and book give the same slip, byte for byte, on
every PC; figures are the document's own.
Refuses: a form with problems, and a line without exactly one code: those are problems for a person, never a guess.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any, Final

from onbam.connectors.ecount.contract import Slip, SlipLine
from onbam.orders.codes import CodeBook, Rule
from onbam.orders.model import Line, OrderForm, Problem, figure

_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def coded(form: OrderForm, book: CodeBook) -> Slip | tuple[Problem, ...]:
    """The slip of a form, or everything a person has to look at before there can be one."""
    rules, unknown = book.check(form.lines)
    problems = (*form.problems, *unknown)
    return problems or slip_of(form, rules)


def slip_of(form: OrderForm, rules: Sequence[Rule]) -> Slip:
    """The slip of a form whose lines are known."""
    assert form.ready, f"{form.number} has problems and is not entered"
    assert form.date is not None, f"{form.number} has no date"
    lines = tuple(_line(line, rule) for line, rule in zip(form.lines, rules, strict=True))
    return Slip(form.number, form.date, lines)


def _line(line: Line, rule: Rule) -> SlipLine:
    assert rule.code, f"the rule in row {rule.row} has no code"
    assert line.qty is not None, "a form without problems has a quantity in every line"
    assert line.price is not None, "and a price"
    assert line.amount is not None, "and an amount"
    name = " ".join(part for part in (line.color, line.name) if part)
    return SlipLine(rule.code, name, line.spec, line.qty, line.price, line.amount, note=line.note)


def as_json(slip: Slip) -> dict[str, Any]:
    """A slip for scripts and as evidence; figures as text."""
    return {
        "key": slip.key,
        "day": slip.day.isoformat(),
        "customer": slip.customer,
        "lines": [
            {
                "code": line.code,
                "name": line.name,
                "spec": line.spec,
                "qty": figure(line.qty),
                "price": figure(line.price),
                "supply": figure(line.supply),
                "vat": figure(line.vat),
                "note": line.note,
            }
            for line in slip.lines
        ],
    }


def as_bytes(slip: Slip) -> bytes:
    """The same slip, the same bytes."""
    return _encode(as_json(slip)).encode()


def payload_hash(body: bytes) -> str:
    """What would be sent, as a fingerprint: a second attempt that would send something else is noticed."""
    return hashlib.sha256(body).hexdigest()
