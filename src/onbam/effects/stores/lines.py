"""What the journal says about effects."""

from __future__ import annotations

from onbam.effects.model import Outcome, Try
from onbam.journal.model import Fact, Line


def line_of(one: Try) -> Line:
    """A try as it stands after an intent or an outcome was written."""
    data: dict[str, Fact] = {"effect": one.key, "try": one.number, "token": one.token, "receipt": one.receipt}
    what = "effect.contradicted" if one.contradicted else f"effect.{one.outcome.value}"
    return Line(what, one.kind, one.item, one.who, one.detail if one.outcome is not Outcome.INTENT else one.what, data)


def verdict_line(one: Try) -> Line:
    """A doubt was settled."""
    assert one.verdict is not None, "a verdict line tells of a verdict"
    data: dict[str, Fact] = {"effect": one.key, "try": one.number, "token": one.token, "receipt": one.receipt}
    return Line(f"effect.{one.verdict.value}", one.kind, one.item, one.verdict_by, one.verdict_why, data)
