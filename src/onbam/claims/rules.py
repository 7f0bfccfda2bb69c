"""The protocol, as pure functions: an item, what is asked, the store's time; out comes the item as it becomes, or why not.

For: every store. A store loads an item under its own lock, asks a rule, and writes the answer with the fence repeated.
Promises: the same answer in memory, on three databases and on a sheet; a token that is not the item's present one changes
nothing; `sending` ends in a receipt, in a known outcome told by its own holder, or in `uncertain`, and in nothing else.
Refuses: to read a clock, to write, to raise for what is expected: a lost lease and a refusal are values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from onbam.claims import words as say
from onbam.claims.asks import (
    ENDINGS,
    Command,
    Denied,
    Ending,
    Lost,
    New,
    NotAllowed,
    Progress,
    TooShort,
    WhyDenied,
    WhyLost,
    WhyNotAllowed,
)
from onbam.claims.model import EVENT_OF, MOVES, NOTE_MAX, STEP_MAX, Act, Agent, Event, Fence, Item, Phase, State, Terms, seat_of
from onbam.journal.model import Fact, Line, clipped
from onbam.kernel.words import kept


@dataclass(frozen=True, slots=True)
class Change:
    """An item as it becomes, and the line that tells of it."""

    item: Item
    line: Line


SYSTEM: Final = "system:claims"
AT_ONCE: Final = 0


def added(new: New, now_ms: int, *, token: int = 0) -> Change:
    """An item becomes known. `token` continues where a removed row of the same item ended, so that no old holder fits again;
    and so do the attempts, one for each token, so that the next one still looks for what the last one sent.
    """
    item = Item(
        kind=new.ref.kind,
        key=new.ref.key,
        token=token,
        attempt=token,
        due_at_ms=now_ms + new.due_in_ms if new.due_in_ms > 0 else AT_ONCE,
        note=clipped(new.note, NOTE_MAX),
        data=new.data,
        added_at_ms=now_ms,
        changed_at_ms=now_ms,
    )
    return Change(item, Line("item.added", item.kind, item.key, SYSTEM))


def denial(item: Item, by: Agent, now_ms: int) -> Denied | None:
    """Why this item is not given out now; none when it is."""
    match item.state:
        case State.COMPLETED | State.CANCELLED | State.PARKED | State.UNCERTAIN:
            return Denied(item.ref, WhyDenied(item.state.value), item)
        case State.PROCESSING:
            why = WhyDenied.MINE if item.agent_id == by.agent_id else WhyDenied.HELD
            return Denied(item.ref, why, item, max(0, (item.expires_at_ms or now_ms) - now_ms))
        case State.WAITING | State.FAILED:
            assert item.due_at_ms is not None, f"{item.ref} is {item.state} and never due"
            if item.due_at_ms > now_ms:
                return Denied(item.ref, WhyDenied.NOT_DUE, item, item.due_at_ms - now_ms)
            return None


def claimed(item: Item, by: Agent, terms: Terms, now_ms: int, note: str = "", *, verb: str = "claimed") -> Change:
    """A lease under a new token. The caller has asked `denial` first."""
    token = item.token + 1
    becomes = item._replace(
        state=State.PROCESSING,
        phase=Phase.CLAIMED,
        token=token,
        attempt=item.attempt + 1,
        holder=by.holder,
        machine_id=by.machine_id,
        agent_id=by.agent_id,
        claimed_at_ms=now_ms,
        expires_at_ms=now_ms + terms.lease_ms,
        limit_at_ms=now_ms + terms.limit_ms,
        lease_ms=terms.lease_ms,
        sending_until_ms=None,
        sending_ms=0,
        due_at_ms=None,
        note=clipped(note, NOTE_MAX) if note else item.note,
        version=item.version + 1,
        changed_at_ms=now_ms,
    )
    return Change(becomes, told_of_claim(becomes, by, verb))


def told_of_claim(item: Item, by: Agent, verb: str = "claimed") -> Line:
    """What is told of an item that was just given out."""
    return Line(f"item.{verb}", item.kind, item.key, by.who, data={"token": item.token, "attempt": item.attempt})


def is_over(item: Item, now_ms: int, grace_ms: int = 0) -> bool:
    """Whether a lease has ended by the store's clock."""
    return item.state is State.PROCESSING and item.expires_at_ms is not None and item.expires_at_ms + grace_ms <= now_ms


def reined_in(item: Item, now_ms: int) -> Item | None:
    """The item with its lease cut to its own length, when the store's clock was set back so far that it would outlive it."""
    if item.state is not State.PROCESSING or item.expires_at_ms is None or item.expires_at_ms <= now_ms + item.lease_ms:
        return None
    assert item.limit_at_ms is not None, f"{item.ref} is held without an outer limit"
    length_ms = item.limit_at_ms - (item.claimed_at_ms or 0)
    return item._replace(expires_at_ms=now_ms + item.lease_ms, limit_at_ms=min(item.limit_at_ms, now_ms + length_ms))


def expired(item: Item, terms: Terms, now_ms: int, grace_ms: int = 0) -> Change | None:
    """A lease that ended is taken back; none when it has not ended."""
    if not is_over(item, now_ms, grace_ms):
        return None
    return _fallen(item, terms, now_ms, who=SYSTEM, verb="expired", why=kept(say.LEASE_OVER))


def bereaved(item: Item, terms: Terms, now_ms: int, who: str, why: str) -> Change | None:
    """An item whose holder is known to be dead is taken back at once; none when nobody holds it."""
    if item.state is not State.PROCESSING:
        return None
    return _fallen(item, terms, now_ms, who=who, verb="bereaved", why=why)


def resumed(item: Item, by: Agent, terms: Terms, now_ms: int) -> list[Change]:
    """An agent back after a crash takes up what its predecessor in the same seat held. In order; the last change counts."""
    fall = _fallen(item, terms, now_ms, who=by.who, verb="bereaved", why=kept(say.RESTARTED))
    if fall.item.state is not State.WAITING:
        return [fall]
    return [fall, claimed(fall.item, by, terms, now_ms, verb="resumed")]


def _fallen(item: Item, terms: Terms, now_ms: int, *, who: str, verb: str, why: str) -> Change:
    """A lease ended without its holder: counted as a crash, freed, parked as poison, or left in doubt."""
    crashes = item.crashes + 1
    poison = item.phase is Phase.CLAIMED and crashes >= terms.poison_after
    event = Event.POISON if poison else Event.EXPIRE
    becomes = _moved(item, MOVES[event][item.place], now_ms, crashes=crashes)
    told = "parked" if poison else ("uncertain" if becomes.state is State.UNCERTAIN else verb)
    reason = f"in flight at {crashes} crashes" if poison else why
    data: dict[str, Fact] = {"token": item.token, "held_by": item.holder, "crashes": crashes}
    return Change(becomes, Line(f"item.{told}", item.kind, item.key, who, reason, data))


def _foreign(item: Item | None, fence: Fence) -> Lost | None:
    """What is wrong with a fence, apart from the state."""
    if item is None:
        return Lost(fence, WhyLost.UNKNOWN_ITEM)
    if item.token != fence.token:
        return Lost(fence, WhyLost.TAKEN, item)
    return None


def _held(item: Item | None, fence: Fence) -> Item | Lost:
    """The item when this fence holds it now."""
    if lost := _foreign(item, fence):
        return lost
    assert item is not None, "a fence that fits has an item"
    return item if item.state is State.PROCESSING else Lost(fence, WhyLost.NOT_PROCESSING, item)


def renewed(item: Item | None, fence: Fence, now_ms: int) -> Item | Lost:
    """The lease by its own length from now, never beyond its outer limit. A lease that ended and that nobody took goes on."""
    held = _held(item, fence)
    if isinstance(held, Lost):
        return held
    assert held.limit_at_ms is not None, f"{held.ref} is held without an outer limit"
    until = min(now_ms + held.lease_ms, held.limit_at_ms)
    if until <= now_ms:
        return Lost(fence, WhyLost.OUTER_LIMIT, held)
    return held._replace(expires_at_ms=until)


def advanced(item: Item | None, progress: Progress, now_ms: int) -> Change | Lost | TooShort:
    """A step further. To `sending` only with enough of the lease left; back to `claimed` only by its holder, who knows why, and
    only from the very permission that is over: said twice, it must not end the next one.
    """
    held = _held(item, progress.fence)
    if isinstance(held, Lost):
        return held
    sending_until, sending = held.sending_until_ms, held.sending_ms
    if progress.phase is Phase.CLAIMED and held.phase is Phase.SENDING and progress.over_ms != sending_until:
        return Lost(progress.fence, WhyLost.SENDS_AGAIN, held)
    if progress.phase is Phase.SENDING:
        remaining = (held.expires_at_ms or 0) - now_ms
        if remaining < progress.need_ms:
            return TooShort(progress.fence, remaining, progress.need_ms)
        sending_until, sending = now_ms + progress.need_ms, progress.need_ms
    phase = progress.phase or held.phase
    becomes = held._replace(
        phase=phase,
        sending_until_ms=sending_until,
        sending_ms=sending,
        step=held.step if progress.step is None else clipped(progress.step, STEP_MAX),
        note=held.note if progress.note is None else clipped(progress.note, NOTE_MAX),
        data=held.data if progress.data is None else progress.data,
        version=held.version + 1,
        changed_at_ms=now_ms,
    )
    what = "item.sending" if phase is Phase.SENDING and held.phase is not Phase.SENDING else "item.advanced"
    data: dict[str, Fact] = {"token": held.token, "step": becomes.step, "note": becomes.note}
    return Change(becomes, Line(what, held.kind, held.key, f"agent:{held.holder}", data=data))


def finished(item: Item | None, ending: Ending, now_ms: int) -> Change | Lost:
    """An attempt ends. From `sending` without a receipt it can only end in doubt, whatever was asked.

    A receipt under the item's last token is proof also when the lease is gone: nobody else has worked on it since.
    """
    lost = _foreign(item, ending.fence)
    if lost:
        return lost
    assert item is not None, "a fence that fits has an item"
    event = ENDINGS[ending.state]
    proven = event is Event.COMPLETE and ending.receipt != ""
    late = item.state is State.UNCERTAIN and proven
    if item.state is not State.PROCESSING and not late:
        return Lost(ending.fence, WhyLost.NOT_PROCESSING, item)
    if event is Event.COMPLETE and item.phase is Phase.SENDING and not proven:
        event = Event.DOUBT
    state = MOVES[event][item.place]
    becomes = _moved(
        item,
        state,
        now_ms,
        retry_in_ms=ending.retry_in_ms if state is State.FAILED else 0,
        receipt=ending.receipt,
        note=ending.note,
        crashes=0 if state is State.COMPLETED else item.crashes,
    )
    data: dict[str, Fact] = {"token": item.token, "receipt": becomes.receipt, "note": becomes.note}
    if state is not ending.state:
        data["asked"] = ending.state.value
    return Change(
        becomes, Line(f"item.{state.value}", item.kind, item.key, f"agent:{item.holder}", "late proof" if late else "", data)
    )


def released(item: Item | None, fence: Fence, now_ms: int, why: str) -> Change | Lost:
    """A lease handed back: claimable at once by anybody, no crash. From `sending` nothing can be handed back: doubt."""
    held = _held(item, fence)
    if isinstance(held, Lost):
        return held
    becomes = _moved(held, MOVES[Event.RELEASE][held.place], now_ms)
    verb = "released" if becomes.state is State.WAITING else becomes.state.value
    return Change(becomes, Line(f"item.{verb}", held.kind, held.key, f"agent:{held.holder}", why, {"token": held.token}))


def overridden(item: Item | None, command: Command, terms: Terms, now_ms: int) -> Change | NotAllowed:
    """A person decides, or a proof. The present holder, if any, finds its fence no longer fitting at its next write."""
    if item is None:
        return NotAllowed(command.ref, WhyNotAllowed.UNKNOWN_ITEM)
    refusal = _refusal(item, command, now_ms)
    if refusal is not None:
        return NotAllowed(command.ref, refusal, item, on_its_way_ms(item, now_ms, command.waited_ms))
    event = EVENT_OF[command.act]
    if command.by_proof and command.act is Act.NOT_THERE and item.crashes >= terms.poison_after:
        event = Event.POISON
    state = MOVES[event][item.place]
    crashes = item.crashes if command.act is Act.NOT_THERE or state is State.UNCERTAIN else 0
    becomes = _moved(item, state, now_ms, receipt=command.receipt, note=command.why, crashes=crashes)
    data: dict[str, Fact] = {"from": item.state.value, "state": state.value, "token": item.token, "receipt": becomes.receipt}
    return Change(becomes, Line(f"item.{command.act.value}", item.kind, item.key, command.who, command.why, data))


def _refusal(item: Item, command: Command, now_ms: int) -> WhyNotAllowed | None:
    if not command.why.strip():
        return WhyNotAllowed.REASON_MISSING
    if command.version is not None and command.version != item.version:
        return WhyNotAllowed.CHANGED_MEANWHILE
    if item.place not in MOVES[EVENT_OF[command.act]]:
        return WhyNotAllowed.NOT_FROM_HERE
    if command.act is Act.THERE and not command.receipt:
        return WhyNotAllowed.RECEIPT_MISSING
    if command.act is Act.NOT_THERE and on_its_way_ms(item, now_ms, command.waited_ms):
        return WhyNotAllowed.STILL_ON_ITS_WAY
    return None


def on_its_way_ms(item: Item, now_ms: int, waited_ms: int) -> int | None:
    """How long the last call may still be under way; none when it cannot be, or when there was none under this lease.

    By the store's clock, and by the asker's own since he knows of the doubt, whichever says more: a call that was allowed
    before the doubt arose is over when its whole length has passed since, and no set clock shortens or stretches that.
    """
    if item.sending_until_ms is None:
        return None
    length_ms = item.sending_ms or item.lease_ms
    left = max(min(item.sending_until_ms - now_ms, length_ms), length_ms - waited_ms)
    return left if left > 0 else None


def _moved(
    item: Item,
    state: State,
    now_ms: int,
    *,
    retry_in_ms: int = 0,
    receipt: str = "",
    note: str = "",
    crashes: int | None = None,
) -> Item:
    """The item in another state, its lease gone. The last holder stays readable; the last token stays the fence."""
    claimable = state in (State.WAITING, State.FAILED)
    return item._replace(
        state=state,
        phase=None,
        expires_at_ms=None,
        limit_at_ms=None,
        due_at_ms=(now_ms + retry_in_ms if retry_in_ms > 0 else AT_ONCE) if claimable else None,
        receipt=receipt or item.receipt,
        note=clipped(note, NOTE_MAX) if note else item.note,
        crashes=item.crashes if crashes is None else crashes,
        version=item.version + 1,
        changed_at_ms=now_ms,
    )


def left_behind(item: Item, by: Agent) -> bool:
    """Whether an earlier process in this agent's seat holds it: the seat is one at a time, so that process is gone."""
    return item.state is State.PROCESSING and item.agent_id != by.agent_id and seat_of(item.agent_id) == by.seat
