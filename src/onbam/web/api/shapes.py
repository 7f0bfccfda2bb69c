"""How things are written as JSON, and what may be sent.

For: the routes beside it.
Promises: times are epoch milliseconds; texts come in both languages; figures of documents are text, exactly as they were read.
Refuses: bodies with fields nobody knows.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from onbam.claims.model import RECEIPT_MAX, Item
from onbam.journal.model import Entry, told
from onbam.kernel.words import heard
from onbam.notices.model import Notice
from onbam.orders.card import card_of
from onbam.orders.desk import Need
from onbam.orders.story import Story
from onbam.orders.why import Why

REASON_MAX = 300
Number = Annotated[str, Path(min_length=1, max_length=191, description="An order's number.")]
NOT_A_WAIT = 0


class Body(BaseModel):
    """What may be sent."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class ActBody(Body):
    """An act on one order."""

    reason: str = Field(max_length=REASON_MAX, description="Why; it is kept in the journal.")
    version: int | None = Field(None, ge=1, le=2**53, description="The version you saw: if it changed since, nothing is done.")
    receipt: str = Field("", max_length=RECEIPT_MAX, description="For `there`: the number of the slip in the ERP.")
    sure: bool = Field(False, description="Say what the answer `Unsure` asks: it was never sent, or the supplier cancelled it.")


class Wanted(Body):
    """Which orders, for an act on many."""

    q: str = Field("", max_length=120)
    state: str = Field("", max_length=80, description="States, separated by commas.")
    pc: str = Field("", max_length=120)
    since: str = Field("", max_length=10, description="A day, as 2026-01-13.")
    until: str = Field("", max_length=10)


class BulkBody(Wanted):
    """An act on many."""

    reason: str = Field(max_length=REASON_MAX)
    expected: int = Field(ge=0, le=100_000, description="How many the preview said.")


class ReasonBody(Body):
    """A reason."""

    reason: str = Field(min_length=1, max_length=REASON_MAX)


class SteerBody(ReasonBody):
    """What a PC is to do."""

    program: str = Field(
        "", max_length=60, description="For what a PC is asked to do itself: which of its programs; empty: all."
    )


class SettingBody(ReasonBody):
    """A setting."""

    value: str | None = Field(None, max_length=2000, description="The new value; none: the default again.")
    was: str | None = Field(None, max_length=2000, description="The value you saw: if it changed since, nothing is done.")


class NoticeBody(Body):
    """A notice."""

    key: str = Field(min_length=1, max_length=191)
    hours: int = Field(1, ge=1, le=8, description="For quiet: 1, 4 or 8.")


class PersonBody(Body):
    """A new person."""

    name: str = Field(min_length=1, max_length=40)
    shown: str = Field("", max_length=60)
    role: str = Field("operator", max_length=12)


class ChangeBody(Body):
    """What changes of a person."""

    role: str | None = Field(None, max_length=12)
    disabled: bool | None = None


class KeyBody(Body):
    """A new key."""

    name: str = Field(min_length=1, max_length=60)
    scope: str = Field("read", max_length=12)
    days: int | None = Field(None, ge=1, le=3650)


def item_json(item: Item) -> dict[str, Any]:
    """An order."""
    entry, note = card_of(item).entry, heard(item.note)
    return {
        "order_id": item.key,
        "state": item.state.value,
        "phase": item.phase.value if item.phase else None,
        "kind": entry.kind,
        "day": entry.day.isoformat() if entry.day else None,
        "locked_by": item.holder,
        "machine_id": item.machine_id,
        "token": item.token,
        "attempt": item.attempt,
        "crashes": item.crashes,
        "step": item.step,
        "note": str(note),
        **note.named("note"),
        "receipt": item.receipt,
        "claimed_at_ms": item.claimed_at_ms,
        "expires_at_ms": item.expires_at_ms,
        "due_at_ms": item.due_at_ms,
        "changed_at_ms": item.changed_at_ms,
        "version": item.version,
    }


def why_json(why: Why) -> dict[str, Any]:
    """Why, and what next."""
    return {
        "rule": why.rule,
        "now": why.now.both(),
        "next": why.next.both(),
        "next_at_ms": why.next_at_ms,
        "by_itself": why.by_itself,
    }


def need_json(need: Need) -> dict[str, Any]:
    """An order that needs a person."""
    acts = [act.value for act in need.acts]
    return {"sort": need.sort.value, "order": item_json(need.item), "why": why_json(need.why), "acts": acts}


def story_json(story: Story, acts: list[str]) -> dict[str, Any]:
    """An order with everything that happened."""
    lines = [
        {
            "at_ms": line.at_ms,
            "what": line.what,
            "who": line.who,
            "machine": line.machine,
            "attempt": line.attempt,
            "step": line.step,
            "text": line.text.both(),
            "evidence": line.piece.sha256 if line.piece else None,
        }
        for line in story.lines
    ]
    return {"order": item_json(story.item), "why": why_json(story.why), "acts": acts, "story": lines, "cut": story.cut}


def notice_json(notice: Notice) -> dict[str, Any]:
    """A notice."""
    return {
        "id": notice.id,
        "key": notice.key,
        "severity": notice.severity.value,
        "title": dict(notice.title),
        "advice": dict(notice.advice),
        "link": notice.link,
        "count": notice.count,
        "first_at_ms": notice.first_at_ms,
        "last_at_ms": notice.last_at_ms,
        "seen_by": notice.seen_by,
        "snoozed_until_ms": notice.snoozed_until_ms,
        "resolved_at_ms": notice.resolved_at_ms,
        "resolved_by": notice.resolved_by,
    }


def entry_json(entry: Entry) -> dict[str, Any]:
    """A line of the journal."""
    line = entry.line
    return {
        "position": entry.position,
        "at_ms": entry.at_ms,
        "what": line.what,
        "kind": line.kind,
        "key": line.key,
        "who": line.who,
        **told(line),
    }
