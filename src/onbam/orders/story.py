"""The story of one order: everything that happened to it, line by line, from what was written down at the time.

For: the command line, the order's page, the interface.
Promises: pure; journal, effect tries and evidence are put together in the order in which they happened; a line that tells of a
try or of a piece of evidence carries it; what the journal no longer has is told from the tries themselves.
Refuses: to tell more than was written.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from onbam.claims.model import Item
from onbam.effects.model import Try
from onbam.journal.model import Entry
from onbam.kernel.words import Said, plain
from onbam.orders import story_words as say
from onbam.orders.evidence import Piece
from onbam.orders.why import Why
from onbam.orders.why_figures import pc_of, reason, step_said

ENDS: Final = frozenset(
    {"item.completed", "item.failed", "item.parked", "item.cancelled", "item.uncertain", "item.released", "item.sending"}
)
"""Written after the evidence of the same moment."""
_ITEM: Final = "item."
_EFFECT: Final = "effect."


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One thing that happened. The time is in milliseconds of the store's clock."""

    at_ms: int
    what: str
    """Stable, for scripts: `item.claimed`, `evidence.document`, `effect.receipt`."""
    who: str
    """As the journal names it: `agent:PC-A_192.168.1.100`, `person:kim`."""
    text: Said
    attempt: int = 0
    """0: outside any attempt."""
    step: str = ""
    piece: Piece | None = None
    effect: Try | None = None

    @property
    def machine(self) -> str:
        """`PC-A`; empty when it was no machine."""
        role, _, name = self.who.partition(":")
        return pc_of(name) if role == "agent" else ""


@dataclass(frozen=True, slots=True)
class Story:
    """All of it, and what comes next."""

    item: Item
    lines: Sequence[StoryLine]
    why: Why
    cut: bool = False
    """There are older lines than these."""


def lines_of(entries: Sequence[Entry], tries: Sequence[Try], pieces: Sequence[Piece]) -> list[StoryLine]:
    """Put together, oldest first."""
    told = sorted(entries, key=lambda entry: entry.position)
    attempts = _attempts(told, pieces)
    kept = deque(sorted(pieces, key=lambda piece: piece.at_ms))
    lines: list[StoryLine] = list(_untold(told, tries, attempts))
    for entry in told:
        while kept and _comes_before(kept[0], entry):
            lines.append(_of_piece(kept.popleft()))
        lines.append(_of_entry(entry, tries, attempts))
    lines += map(_of_piece, kept)
    return lines


def _comes_before(piece: Piece, entry: Entry) -> bool:
    return piece.at_ms < entry.at_ms or (piece.at_ms == entry.at_ms and entry.line.what in ENDS)


def _attempts(entries: Sequence[Entry], pieces: Sequence[Piece]) -> Mapping[int, int]:
    """Which attempt ran under which token."""
    found = {piece.token: piece.attempt for piece in pieces if piece.token}
    for entry in entries:
        token, attempt = entry.line.data.get("token"), entry.line.data.get("attempt")
        if isinstance(token, int) and isinstance(attempt, int):
            found[token] = attempt
    return found


# -- from the journal -------------------------------------------------------------------------------------------------------


def _of_entry(entry: Entry, tries: Sequence[Try], attempts: Mapping[int, int]) -> StoryLine:
    line, data = entry.line, entry.line.data
    token = data.get("token")
    effect = _try_of(data.get("effect"), data.get("try"), tries) if line.what.startswith(_EFFECT) else None
    why = line.why or str(data.get("note") or "")
    stepless = line.what == "item.advanced" and why and not data.get("step")  # it says what it begins before it is anywhere
    known = say.LINES.get("item.noted" if stepless else line.what)
    text = (known or say.OTHER)(
        what=line.what,
        pc=pc_of(line.who.partition(":")[2]),
        attempt=data.get("attempt") or "?",
        step=step_said(str(data.get("step") or "")),
        receipt=data.get("receipt") or "?",
        held_by=pc_of(str(data.get("held_by") or "?")),
        number=data.get("try") or "?",
        why=reason(why),
    )
    attempt = attempts.get(token, 0) if isinstance(token, int) else 0
    return StoryLine(entry.at_ms, line.what, line.who, text, attempt, str(data.get("step") or ""), effect=effect)


def _try_of(key: object, number: object, tries: Sequence[Try]) -> Try | None:
    return next((one for one in tries if (one.key, one.number) == (key, number)), None)


# -- from the tries, where the journal was cleared --------------------------------------------------------------------------


def _untold(entries: Sequence[Entry], tries: Sequence[Try], attempts: Mapping[int, int]) -> Iterator[StoryLine]:
    """Tries of which the journal has no line any more."""
    told = {(e.line.data.get("effect"), e.line.data.get("try")) for e in entries if e.line.what.startswith(_EFFECT)}
    for one in tries:
        if (one.key, one.number) not in told:
            what = f"{_EFFECT}{one.verdict or one.outcome}"
            text = (say.LINES.get(what) or say.OTHER)(
                what=what, number=one.number, receipt=one.receipt or "?", why=reason(one.verdict_why or one.detail)
            )
            at_ms = one.verdict_at_ms or one.told_at_ms or one.at_ms
            yield StoryLine(at_ms, what, one.verdict_by or one.who, text, attempts.get(one.token, 0), effect=one)


# -- from the evidence ------------------------------------------------------------------------------------------------------


def _of_piece(piece: Piece) -> StoryLine:
    text = say.PIECES[piece.step]() if piece.step in say.PIECES else say.PIECE(name=plain(piece.name)())
    return StoryLine(piece.at_ms, f"evidence.{piece.step}", piece.by, text, piece.attempt, piece.step, piece=piece)
