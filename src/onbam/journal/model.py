"""What a line of the journal is.

For: every room that changes state, and every reader of what happened.
Promises: a `Line` is what a writer says; an `Entry` is the same line with its place in the order and the store's time; both are
values that never change.
Refuses: free-form shapes: `what` is a stable word for programs, `why` is for people, `data` is small and flat.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from onbam.kernel.words import heard

Fact = str | int | float | bool | None
"""What may stand in a line's data."""

WHAT_MAX: Final = 60
KIND_MAX: Final = 40
KEY_MAX: Final = 191
WHO_MAX: Final = 120
WHY_MAX: Final = 500
DATA_MAX: Final = 4000
"""Letters of JSON; a line tells of a change and does not carry documents."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened, as its writer tells it."""

    what: str
    """Room and verb: `item.claimed`, `effect.receipt`, `notice.opened`."""
    kind: str
    key: str
    """Of which thing: (`order`, `2601050229`), (`machine`, `PC-A-7k2m`)."""
    who: str
    """Role and name: `agent:PC-A_192.168.1.100`, `person:kim`, `system:keeper`, `prover:ecount`."""
    why: str = ""
    data: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line in its place."""

    position: int
    at_ms: int
    """When, by the store's clock."""
    line: Line


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some entries in order, and where to read on."""

    entries: Sequence[Entry]
    position: int
    """Give this as `since` next time. It moves on also over entries that a filter left out."""
    missing_before: int = 0
    """Greater than zero: lines up to this position were already removed by retention, the reader came too late for them."""


def told(line: Line) -> dict[str, Any]:
    """Why, and with which facts, for scripts: a kept text is English there, and the reason stands there in both languages."""
    why = heard(line.why)
    data = {name: str(heard(fact)) if isinstance(fact, str) else fact for name, fact in line.data.items()}
    return {"why": str(why), **why.named("why"), "data": data}


def clipped(text: str, limit: int) -> str:
    """A text cut to its column, saying that it was."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
