"""The desk's answers for scripts: the same names in the command line and in the interface.

For: `--json`, the interface.
Promises: names and types stay; texts come in both languages, whoever reads; times are milliseconds of the store's clock, UTC.
Refuses: to decide anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from onbam.claims.model import Item, State
from onbam.effects.model import Try
from onbam.kernel.words import heard
from onbam.orders.card import card_of
from onbam.orders.desk import Need
from onbam.orders.desk_rows import Counts, Found
from onbam.orders.evidence import Piece
from onbam.orders.story import Story, StoryLine
from onbam.orders.why import Why


def item_json(item: Item, now_ms: int) -> dict[str, Any]:
    """An order. The first names are the lock sheet's own; the last ones are how the interface of the pages calls the same."""
    entry = card_of(item).entry
    return {
        "order_id": item.key,
        "locked_by": item.holder,
        "status": item.state.value,
        "machine_id": item.machine_id,
        "notes": str(heard(item.note)),
        "phase": item.phase.value if item.phase else None,
        "step": item.step,
        "attempt": item.attempt,
        "crashes": item.crashes,
        "token": item.token,
        "receipt": item.receipt,
        "claimed_at_ms": item.claimed_at_ms,
        "lease_left_s": None if item.expires_at_ms is None else round(max(0, item.expires_at_ms - now_ms) / 1000, 1),
        "due_at_ms": item.due_at_ms or None,
        "added_at_ms": item.added_at_ms,
        "changed_at_ms": item.changed_at_ms,
        "version": item.version,
        "state": item.state.value,
        "note": str(heard(item.note)),
        **heard(item.note).named("note"),
        "kind": entry.kind,
        "day": entry.day.isoformat() if entry.day else None,
        "expires_at_ms": item.expires_at_ms,
    }


def found_json(found: Found, now_ms: int) -> dict[str, Any]:
    """A page."""
    return {
        "orders": [item_json(item, now_ms) for item in found.items],
        "after": found.after,
        "looked_to_ms": found.looked_to_ms,
    }


def counts_json(counts: Counts) -> dict[str, int]:
    """How many stand where; of the completed ones those of today."""
    return {"completed_today" if state is State.COMPLETED else state.value: counts[state] for state in State}


def why_json(why: Why) -> dict[str, Any]:
    """Why, and what next."""
    return {
        "rule": why.rule,
        **why.now.named("now"),
        **why.next.named("next"),
        "next_at_ms": why.next_at_ms,
        "by_itself": why.by_itself,
    }


def need_json(need: Need, now_ms: int) -> dict[str, Any]:
    """An order that needs a person."""
    acts = [act.value for act in need.acts]
    return {**item_json(need.item, now_ms), "sort": need.sort.value, "why": why_json(need.why), "acts": acts}


def needs_json(needs: Sequence[Need], now_ms: int) -> dict[str, Any]:
    """What needs a person, as a page of orders: all of them stand on it."""
    return {"orders": [need_json(need, now_ms) for need in needs], "after": "", "looked_to_ms": None}


def story_json(story: Story, acts: list[str], now_ms: int) -> dict[str, Any]:
    """Everything about an order."""
    return {
        **item_json(story.item, now_ms),
        "why": why_json(story.why),
        "acts": acts,
        "story": [line_json(line) for line in story.lines],
        "cut": story.cut,
    }


def line_json(line: StoryLine) -> dict[str, Any]:
    """One thing that happened."""
    return {
        "at_ms": line.at_ms,
        "what": line.what,
        "who": line.who,
        "machine": line.machine,
        "attempt": line.attempt,
        "step": line.step,
        **line.text.named("text"),
        "evidence": piece_json(line.piece) if line.piece else None,
        "effect": try_json(line.effect) if line.effect else None,
    }


def piece_json(piece: Piece) -> dict[str, Any]:
    """A piece of evidence, without its bytes."""
    return {
        "step": piece.step,
        "name": piece.name,
        "media": piece.media,
        "sha256": piece.sha256,
        "size": piece.size,
        "attempt": piece.attempt,
        "at_ms": piece.at_ms,
        "by": piece.by,
    }


def try_json(one: Try) -> dict[str, Any]:
    """A try to send."""
    return {
        "key": one.key,
        "number": one.number,
        "what": one.what,
        "outcome": one.outcome.value,
        "verdict": one.verdict.value if one.verdict else None,
        "receipt": one.receipt,
        "detail": str(heard(one.detail)),
        **heard(one.detail).named("detail"),
        "at_ms": one.at_ms,
        "deadline_ms": one.deadline_ms,
    }
