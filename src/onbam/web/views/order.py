"""One order: its story, the supplier's paper beside what we understood, and what happens next.

For: whoever has to know what became of it.
Promises: the words of the orders desk; the paper is shown as it came, where it can do nothing; what is odd stands at its line.
Refuses: to understand a document anew: what is shown is what was understood then.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from onbam.claims.model import Item, Phase, State
from onbam.kernel.errors import Damaged, Refused
from onbam.kernel.words import Text
from onbam.orders import evidence as keep
from onbam.orders.card import card_of
from onbam.orders.evidence import Piece
from onbam.orders.story import StoryLine
from onbam.web import codes_words, words
from onbam.web import orders_words as say
from onbam.web.page import Page
from onbam.web.seen import Seen
from onbam.web.trouble import NotHere
from onbam.web.views.beside import of_order


@dataclass(frozen=True, slots=True)
class Understood:
    """A form as it was kept."""

    lines: Sequence[Mapping[str, Any]]
    total: str | None
    counted: str | None
    problems: Sequence[str]
    odd: frozenset[str]
    """Numbers of lines with a problem."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way."""

    name: str
    text: Text
    mark: str
    """`done`, `now`, `ahead`; `stands`: here it came to a stand, and the state says why."""
    line: StoryLine | None
    piece: Piece | None


STANDS: Final = frozenset({State.UNCERTAIN, State.PARKED, State.FAILED, State.CANCELLED})
NAMES: Final = tuple(name for name, _ in say.PHASES)
INTENT: Final = NAMES.index(keep.INTENT)
"""Entering. What would be sent is kept before: only the ledger of acts and the order's own phase say that it began."""
WITHDRAWN: Final = "effect.withdrawn"
SENT: Final = frozenset(
    {"item.sending", "effect.intent", "effect.receipt", "effect.there", "effect.refused", "effect.unknown", WITHDRAWN}
)
RECEIPTS: Final = frozenset({"effect.receipt", "effect.there", "item.completed", "item.complete", "item.there"})


def build(seen: Seen) -> Mapping[str, Any]:
    """All of it."""
    desk = seen.house.onbam.desk
    key = seen.param("key")
    try:
        story = desk.story(key)
    except Refused as refused:
        raise NotHere(refused.message) from None
    item = story.item
    pieces = [line.piece for line in story.lines if line.piece is not None]
    paper = last(pieces, keep.DOCUMENT)
    form = understood(seen, last(pieces, keep.FORM))
    return {
        "s": say,
        "item": item,
        "story": story,
        "entry": card_of(item).entry,
        "acts": desk.acts(item),
        "State": State,
        "Phase": Phase,
        "paper": paper,
        "understood": form,
        "slip": last(pieces, keep.SLIP),
        "held": item.state is State.PROCESSING,
        "steps": steps(item, story.lines),
        "odd": ",".join(sorted(form.odd)) if form else "",
        "notices": of_order(seen.house, item.key),
        "c": codes_words,
        **_asked(seen, item),
    }


def _asked(seen: Seen, item: Item) -> Mapping[str, Any]:
    """The lines that have no code; or why the book cannot say."""
    try:
        questions = seen.house.onbam.codedesk.questions(item)
    except Refused as refused:
        return {"questions": (), "unknown": frozenset(), "book_broken": refused}
    return {"questions": questions, "unknown": frozenset(one.place for one in questions), "book_broken": None}


def last(pieces: Sequence[Piece], step: str) -> Piece | None:
    """The newest piece of a step."""
    return next((piece for piece in reversed(pieces) if piece.step == step), None)


def understood(seen: Seen, piece: Piece | None) -> Understood | None:
    """What was kept of the form; nothing when it is not there or cannot be read."""
    if piece is None:
        return None
    try:
        form = json.loads(seen.house.onbam.evidence.read(piece))
        lines = [line for line in form.get("lines", ()) if isinstance(line, dict)]
        problems = [p for p in form.get("problems", ()) if isinstance(p, dict)]
    except (Damaged, ValueError, AttributeError):
        return None
    texts = [f"{p.get(f'place_{seen.lang}', '')}: {p.get(f'text_{seen.lang}', '')}" for p in problems]
    odd = {str(line.get("no")) for line in lines for p in problems if f"NO {line.get('no')}" in str(p.get("place_en", ""))}
    counted = sum(float(line.get("amount") or 0) for line in lines)
    return Understood(lines, form.get("total"), f"{counted:,.0f}", texts, frozenset(odd))


def steps(item: Item, lines: Sequence[StoryLine]) -> Sequence[Step]:
    """The way of an order from the ledger to its receipt, each step as the last attempt left it.

    By what was kept and what was sent: the step an order tells of itself is empty unless it had to wait there.
    """
    at, entering = _reached(item, lines)
    here = INTENT if entering else at if item.state is State.PROCESSING else at + 1
    found: list[Step] = []
    for n, (name, text) in enumerate(say.PHASES):
        mark = "done" if item.state is State.COMPLETED or n <= at else "ahead"
        if n == here and item.state is State.PROCESSING:
            mark = "now"
        elif n == here and item.state in STANDS:
            mark = "stands"
        line = _line_of(name, lines) if mark != "ahead" else None
        piece = last([one.piece for one in lines if one.piece is not None], name)
        found.append(Step(name, text, mark, line, piece if mark != "ahead" else None))
    return found


def _reached(item: Item, lines: Sequence[StoryLine]) -> tuple[int, bool]:
    """The last step the last attempt finished, and whether it was entering the order when it was last heard of."""
    mine = [line for line in lines if line.attempt == item.attempt]
    kept = [NAMES.index(line.piece.step) for line in mine if line.piece is not None and line.piece.step in NAMES[:INTENT]]
    told = NAMES.index(item.step) if item.step in NAMES else 0 if lines else -1
    at = max([min(told, INTENT - 1), *kept])
    sent = [line.what for line in mine if line.what in SENT]
    if sent and sent[-1] in RECEIPTS:
        return len(NAMES) - 1, False
    entering = item.phase is Phase.SENDING or bool(sent and sent[-1] != WITHDRAWN)
    return (INTENT - 1 if entering else at), entering


def _line_of(name: str, lines: Sequence[StoryLine]) -> StoryLine | None:
    """What tells of a step: the newest line about it; of the ledger, the first line of all."""
    if name == "ledger":
        return lines[0] if lines else None
    if name == "receipt":
        mine = [line for line in lines if line.what in RECEIPTS or line.what == "evidence.receipt"]
    else:
        mine = [line for line in lines if line.step == name]
    return mine[-1] if mine else None


PAGE: Final = Page("order", "/orders/{key}", words.ORDERS, build)
