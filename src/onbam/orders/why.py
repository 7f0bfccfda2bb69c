"""Why an order stands as it does, and what happens next: one sentence for each, with the rule and the evidence.

For: the command line, the pages and the interface, which all ask this one function; the last line of an order's story.
Promises: pure; every state has an answer; who, since when and until when are named; what happens next says whether it happens
by itself, when, and what it waits for.
Refuses: to guess at what it was not told: what is not known is not mentioned.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from onbam.claims.model import Item, Phase, State
from onbam.effects.model import Try
from onbam.journal.model import Entry
from onbam.kernel.words import Said
from onbam.orders import why_words as say
from onbam.orders.health import Standing
from onbam.orders.why_figures import moment, pc_of, reason, span, step_said, who_said

FREED_BY: Final = ("item.release", "item.unhold", "item.not_there")
"""What a person says that makes an order waiting."""
SETTLED_BY: Final = ("item.there", "item.complete")


@dataclass(frozen=True, slots=True)
class Around:
    """What is known besides the order itself; what is none is not known, or not the case."""

    now_ms: int
    """By the store's clock."""
    zone: ZoneInfo
    last: Entry | None = None
    """The newest line of the journal about the order's state."""
    doubt: Try | None = None
    """The try that is in doubt."""
    settle_in_ms: int = 0
    """How long until a person may say that it is not there."""
    agents: int | None = None
    """How many are at work."""
    stop: Said | None = None
    """Who stopped the work, and why."""
    connector: Standing | None = None
    """What is open about the supplier's site or the ERP."""


@dataclass(frozen=True, slots=True)
class Why:
    """The answer."""

    rule: str
    """Stable, for scripts: `held`, `retry-later`, `no-agent`, …"""
    now: Said
    """Why it stands so."""
    next: Said
    """What happens next."""
    next_at_ms: int | None = None
    by_itself: bool = True
    """False: it waits for a person."""

    @property
    def text(self) -> Said:
        """Both sentences."""
        return say.BOTH(now=self.now, next=self.next)


def why(item: Item, around: Around) -> Why:
    """Why, and what next."""
    match item.state:
        case State.WAITING:
            return _turn(item, around, _came(item, around), "turn")
        case State.PROCESSING:
            return _sending(item, around) if item.phase is Phase.SENDING else _held(item, around)
        case State.FAILED:
            return _turn(item, around, _failed(item, around), "retry")
        case State.COMPLETED:
            return Why("completed", _completed(item, around), say.NEVER_AGAIN())
        case State.CANCELLED:
            return Why("cancelled", _cancelled(item, around), say.NOTHING_COMES())
        case State.UNCERTAIN:
            return _doubt(item, around)
        case State.PARKED:
            return _parked(item, around)


# -- waiting ----------------------------------------------------------------------------------------------------------------


def _turn(item: Item, around: Around, now: Said, rule: str) -> Why:
    """A claimable order: what keeps it from being claimed, the strongest first."""
    if around.stop is not None:
        return Why("stopped", now, say.STOPPED(stop=around.stop), by_itself=False)
    if around.agents == 0:
        return Why("no-agent", now, say.NOBODY_WORKS(), by_itself=False)
    due_ms = item.due_at_ms or 0
    if due_ms <= around.now_ms and around.connector is not None:
        held_by = around.connector
        text = say.CONNECTOR_STOPPED if held_by.is_stopped else say.CONNECTOR_RESTS
        return Why("connector", now, text(trouble=held_by.said), by_itself=not held_by.is_stopped)
    if due_ms <= around.now_ms:
        return Why(rule, now, say.NEXT_FREE(), around.now_ms)
    text = say.AGAIN_AT if item.state is State.FAILED else say.NOT_BEFORE
    return Why(f"{rule}-later", now, text(at=_at(due_ms, around), left=span(due_ms - around.now_ms)), due_ms)


def _came(item: Item, around: Around) -> Said:
    """How it came to wait."""
    ago, pc = _ago(item.changed_at_ms, around), pc_of(item.holder)
    line = around.last.line if around.last else None
    match line.what if line else "":
        case "item.added":
            return say.FOUND(ago=ago)
        case "item.expired":
            return say.FELL_BACK(pc=pc, ago=ago)
        case "item.bereaved":
            return say.LEFT_BEHIND(pc=pc, ago=ago)
        case "item.released" if line:
            return say.HANDED_BACK(pc=pc, ago=ago, why=reason(line.why))
        case what if line and what in FREED_BY:
            return say.SET_FREE(who=who_said(line.who), ago=ago, why=reason(line.why))
    return say.WAITS(ago=ago)


def _failed(item: Item, around: Around) -> Said:
    line = around.last.line if around.last else None
    ago, pc = _ago(item.changed_at_ms, around), pc_of(item.holder)
    if line is not None and line.what == "item.fail":
        return say.TAKEN_AWAY(who=who_said(line.who), pc=pc, ago=ago, why=reason(line.why))
    return say.FAILED(pc=pc, attempt=item.attempt, ago=ago, why=reason(item.note))


# -- processing -------------------------------------------------------------------------------------------------------------


def _held(item: Item, around: Around) -> Why:
    pc, ago = pc_of(item.holder), _ago(item.claimed_at_ms, around)
    left_ms = (item.expires_at_ms or 0) - around.now_ms
    if left_ms <= 0:
        now = say.HELD_TOO_LONG(pc=pc, ago=ago, over=span(-left_ms))
        if around.agents == 0:
            return Why("lease-over", now, say.NOBODY_WORKS(), by_itself=False)
        return Why("lease-over", now, say.TAKEN_OVER_NEXT(), around.now_ms)
    left = span(left_ms)
    now = (
        say.HELD_AT(pc=pc, ago=ago, step=step_said(item.step), left=left) if item.step else say.HELD(pc=pc, ago=ago, left=left)
    )
    return Why("held", now, say.GOES_ON(at=_at(item.expires_at_ms or 0, around)), item.expires_at_ms)


def _sending(item: Item, around: Around) -> Why:
    pc, left_ms = pc_of(item.holder), (item.expires_at_ms or 0) - around.now_ms
    if left_ms > 0:
        return Why("sending", say.SENDING(pc=pc, left=span(left_ms)), say.HANDS_OFF(), item.expires_at_ms)
    return Why("sending-over", say.SENDING_OVER(pc=pc, over=span(-left_ms)), say.UNCERTAIN_NEXT(), around.now_ms)


# -- ends -------------------------------------------------------------------------------------------------------------------


def _completed(item: Item, around: Around) -> Said:
    at = _at(item.changed_at_ms, around)
    line = around.last.line if around.last else None
    if line is not None and line.what in SETTLED_BY:
        return say.SETTLED(who=who_said(line.who), at=at, why=reason(line.why), receipt=item.receipt or "?")
    if not item.holder:
        return say.REMEMBERED(at=at)
    pc = pc_of(item.holder)
    return say.COMPLETED_WITH(pc=pc, at=at, receipt=item.receipt) if item.receipt else say.COMPLETED(pc=pc, at=at)


def _cancelled(item: Item, around: Around) -> Said:
    at = _at(item.changed_at_ms, around)
    line = around.last.line if around.last else None
    if line is not None and line.what == "item.cancel":
        return say.CANCELLED_BY(who=who_said(line.who), at=at, why=reason(line.why))
    return say.CANCELLED(at=at, why=reason(item.note))


# -- a person's -------------------------------------------------------------------------------------------------------------


def _doubt(item: Item, around: Around) -> Why:
    one, pc = around.doubt, pc_of(item.holder)
    key = one.key if one else item.key
    if one is None:
        now = say.DOUBT_BARE(pc=pc, ago=_ago(item.changed_at_ms, around))
    else:
        detail = reason(one.detail) if one.detail.strip() else say.NO_ANSWER()
        now = say.DOUBT(pc=pc, at=_at(one.at_ms, around), why=detail)
    if around.settle_in_ms > 0:
        return Why("doubt", now, say.LOOK_IN_ERP_LATER(key=key, left=span(around.settle_in_ms)), by_itself=False)
    return Why("doubt", now, say.LOOK_IN_ERP(key=key), by_itself=False)


def _parked(item: Item, around: Around) -> Why:
    ago = _ago(item.changed_at_ms, around)
    line = around.last.line if around.last else None
    if line is not None and line.what == "item.hold":
        return Why(
            "held-back", say.HELD_BY_PERSON(who=who_said(line.who), ago=ago, why=reason(line.why)), say.A_PERSON(), None, False
        )
    if item.crashes:
        return Why("poison", say.POISON(crashes=item.crashes, ago=ago), say.A_PERSON(), None, False)
    return Why("parked", say.PARKED(ago=ago, why=reason(item.note)), say.A_PERSON(), None, False)


def _ago(at_ms: int | None, around: Around) -> Said:
    return span(around.now_ms - (around.now_ms if at_ms is None else at_ms))


def _at(at_ms: int, around: Around) -> Said:
    return moment(at_ms, around.now_ms, around.zone)
