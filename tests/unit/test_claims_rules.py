"""The claim protocol as pure rules: what may happen to an item, and what never does, whatever the order of events."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onbam.claims import rules
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
from onbam.claims.model import MOVES, Act, Agent, Event, Fence, Item, Phase, Ref, State, Terms, possible_acts
from onbam.claims.rules import Change
from onbam.kernel.words import heard

MINUTE = 60_000
REF = Ref("order", "2601050229")
TERMS = Terms()
V10_TERMS = Terms(lease_ms=30 * MINUTE, limit_ms=30 * MINUTE)
A = Agent("PC-A-7k2m", "PC-A-7k2m/agent/1", "PC-A", "192.168.1.100")
A_AGAIN = replace(A, agent_id="PC-A-7k2m/agent/2")
B = Agent("PC-B-9x3p", "PC-B-9x3p/agent/1", "PC-B", "192.168.1.101")
AGENTS = (A, A_AGAIN, B)


def fresh(now_ms: int = 0) -> Item:
    """An item just found."""
    return rules.added(New(REF), now_ms).item


def held(by: Agent = A, now_ms: int = 0, terms: Terms = TERMS) -> Item:
    """An item under a lease."""
    return rules.claimed(fresh(), by, terms, now_ms).item


def sending(by: Agent = A, now_ms: int = 0, need_ms: int = 10_000) -> Item:
    """An item whose effect may be under way."""
    item = held(by, now_ms)
    change = rules.advanced(item, Progress(item.fence, Phase.SENDING, need_ms=need_ms), now_ms)
    assert isinstance(change, Change)
    return change.item


# ---- the table


def test_completed_is_left_by_nothing() -> None:
    """No event of anybody moves a completed item."""
    assert [event for event, moves in MOVES.items() if any(place[0] is State.COMPLETED for place in moves)] == []


def test_trap_t2_sending_is_left_by_proof_or_doubt_only() -> None:
    """Whoever acts on an item that may be under way, it ends completed or uncertain, or stays with its holder."""
    ways = {moves[State.PROCESSING, Phase.SENDING] for moves in MOVES.values() if (State.PROCESSING, Phase.SENDING) in moves}
    assert ways == {State.COMPLETED, State.UNCERTAIN, State.PROCESSING}


def test_an_uncertain_item_waits_for_proof_or_a_person() -> None:
    """The only system event that touches an uncertain item parks it; agents can only complete it, with a receipt."""
    ways = {event for event, moves in MOVES.items() if (State.UNCERTAIN, None) in moves}
    assert {event for event in ways if not event.value.startswith("person.")} == {Event.COMPLETE, Event.POISON}
    assert MOVES[Event.POISON][State.UNCERTAIN, None] is State.PARKED


def test_the_buttons_of_an_item_are_what_the_table_allows() -> None:
    """A held item offers what can be done to it, a completed one nothing."""
    assert possible_acts(held()) == (Act.FAIL, Act.RELEASE, Act.HOLD, Act.CANCEL, Act.COMPLETE)
    assert possible_acts(fresh()._replace(state=State.COMPLETED)) == ()
    assert Act.NOT_THERE in possible_acts(fresh()._replace(state=State.UNCERTAIN))


# ---- lease arithmetic


@pytest.mark.parametrize(("after_ms", "free"), [(30 * MINUTE - 1000, False), (30 * MINUTE + 1000, True)])
def test_a26_processing_is_taken_over_after_thirty_minutes(after_ms: int, free: bool) -> None:
    """With V10's terms, 29:59 is still held and 30:01 is free."""
    item = held(terms=V10_TERMS)
    assert (rules.expired(item, V10_TERMS, after_ms) is not None) is free


def test_trap_t3_a_renewed_lease_outlives_its_length_but_never_the_outer_limit() -> None:
    """Renewal carries a lease over hours of ten seconds each, to 30:00 and not one millisecond further."""
    item, now_ms = held(), 0
    while True:
        now_ms += 10_000
        answer = rules.renewed(item, item.fence, now_ms)
        if isinstance(answer, Lost):
            break
        item = answer
        assert item.expires_at_ms is not None
        assert item.expires_at_ms <= 30 * MINUTE
    assert (now_ms, answer.why) == (30 * MINUTE, WhyLost.OUTER_LIMIT)


def test_a_lease_that_ended_unnoticed_goes_on() -> None:
    """After a pause of the store nobody took the item: its holder renews and works on."""
    item = held()
    assert isinstance(rules.renewed(item, item.fence, TERMS.lease_ms + 5000), Item)


def test_trap_t6_a_clock_set_back_does_not_stretch_a_lease() -> None:
    """When the store's clock goes back an hour, the lease is cut to its own length again."""
    item = held(now_ms=3_600_000)
    reined = rules.reined_in(item, 0)
    assert reined is not None
    assert (reined.expires_at_ms, reined.limit_at_ms) == (TERMS.lease_ms, TERMS.limit_ms)
    assert rules.reined_in(reined, 0) is None


def test_what_is_over_is_one_permission_and_not_the_next() -> None:
    """It was refused, and is sent again under the same lease; that the first is over arrives a second time, too late."""
    item = held()
    first = rules.advanced(item, Progress(item.fence, Phase.SENDING, need_ms=5_000), 1_000)
    assert isinstance(first, Change)
    over = Progress(item.fence, Phase.CLAIMED, over_ms=first.item.sending_until_ms)
    known = rules.advanced(first.item, over, 2_000)
    assert isinstance(known, Change)
    assert known.item.phase is Phase.CLAIMED
    again = rules.advanced(known.item, Progress(item.fence, Phase.SENDING, need_ms=5_000), 3_000)
    assert isinstance(again, Change)
    assert rules.advanced(again.item, over, 4_000) == Lost(item.fence, WhyLost.SENDS_AGAIN, again.item)
    assert isinstance(rules.advanced(known.item, over, 2_500), Change), "twice is harmless while nothing is sent"


def test_sending_needs_enough_of_the_lease() -> None:
    """With 30 s of lease, an act of 20 s starts in second ten and not in second eleven."""
    item = held()
    ask = Progress(item.fence, Phase.SENDING, need_ms=20_000)
    assert isinstance(rules.advanced(item, ask, 10_000), Change)
    assert rules.advanced(item, ask, 11_000) == TooShort(item.fence, 19_000, 20_000)


def test_a_grace_keeps_ended_leases_untouched_for_a_while() -> None:
    """An agent back from a cut gives the others time to come back first."""
    item = held()
    assert rules.expired(item, TERMS, TERMS.lease_ms + 9_000, grace_ms=10_000) is None
    assert rules.expired(item, TERMS, TERMS.lease_ms + 10_000, grace_ms=10_000) is not None


# ---- crashes


def test_a_crashed_item_is_free_again_and_counted() -> None:
    """A lease that ends without its holder costs the item one crash."""
    change = rules.expired(held(), TERMS, TERMS.lease_ms)
    assert change is not None
    assert (change.item.state, change.item.crashes, change.item.due_at_ms) == (State.WAITING, 1, 0)
    assert (change.line.what, str(heard(change.line.why))) == ("item.expired", "its time was over")


def test_a_poison_item_is_parked_at_its_third_crash() -> None:
    """In flight at three crashes: the agents go on, the item waits for a person."""
    item, states = fresh(), []
    for _ in range(3):
        item = rules.claimed(item, A, TERMS, 0).item
        change = rules.expired(item, TERMS, TERMS.lease_ms)
        assert change is not None
        item = change.item
        states.append(item.state)
    assert states == [State.WAITING, State.WAITING, State.PARKED]


def test_an_item_that_comes_through_forgets_its_crashes() -> None:
    """Completion ends the count; a person who lets a parked item go starts it anew."""
    parked = fresh()._replace(state=State.PARKED, crashes=3, due_at_ms=None)
    freed = rules.overridden(parked, Command(REF, Act.UNHOLD, "person:kim", "looked at it"), TERMS, 0)
    assert isinstance(freed, Change)
    assert (freed.item.state, freed.item.crashes) == (State.WAITING, 0)


def test_a_crash_while_sending_leaves_doubt_however_often() -> None:
    """What may have been sent is never freed or parked as poison; it is uncertain."""
    item = sending()._replace(crashes=7)
    change = rules.expired(item, TERMS, TERMS.lease_ms)
    assert change is not None
    assert change.item.state is State.UNCERTAIN


def test_a_proof_that_nothing_was_sent_does_not_feed_a_poison_item_for_ever() -> None:
    """Three crashes while sending, each proven harmless: the third proof parks it; a person may still say try again."""
    item = sending()._replace(state=State.UNCERTAIN, phase=None, crashes=3, sending_until_ms=0)
    proof = Command(REF, Act.NOT_THERE, "prover:ecount", "not found", waited_ms=TERMS.lease_ms)
    by_proof = rules.overridden(item, proof, TERMS, 0)
    by_person = rules.overridden(item, replace(proof, who="person:kim"), TERMS, 0)
    assert isinstance(by_proof, Change)
    assert isinstance(by_person, Change)
    assert (by_proof.item.state, by_person.item.state) == (State.PARKED, State.WAITING)


def test_an_agent_back_after_a_crash_goes_on_under_a_new_token() -> None:
    """The same seat, another process: the item is its own again at once, fenced against the dead process."""
    old = held(A)
    assert rules.left_behind(old, A_AGAIN)
    assert not rules.left_behind(old, B)
    assert not rules.left_behind(old, A)
    fall, again = rules.resumed(old, A_AGAIN, TERMS, 5000)
    assert (fall.item.state, again.item.state, again.item.token) == (State.WAITING, State.PROCESSING, old.token + 1)
    assert again.item.agent_id == A_AGAIN.agent_id


# ---- proof


def test_a_receipt_that_comes_late_is_proof() -> None:
    """The lease is over and the item in doubt; its last holder brings the receipt: completed."""
    doubtful = rules.expired(sending(), TERMS, TERMS.lease_ms)
    assert doubtful is not None
    item = doubtful.item
    change = rules.finished(item, Ending(item.fence, State.COMPLETED, receipt="20260105-12"), TERMS.lease_ms + 1)
    assert isinstance(change, Change)
    assert (change.item.state, change.item.receipt, change.line.why) == (State.COMPLETED, "20260105-12", "late proof")


def test_completed_while_sending_without_a_receipt_is_doubt() -> None:
    """Saying it is done is not proof that it was sent."""
    item = sending()
    change = rules.finished(item, Ending(item.fence, State.COMPLETED), 1)
    assert isinstance(change, Change)
    assert change.item.state is State.UNCERTAIN
    assert change.line.data["asked"] == "completed"


def test_not_there_is_not_believed_while_the_call_may_be_under_way() -> None:
    """Until the call's hard time-out has passed, by the store's clock and by the asker's, an empty look-up proves nothing."""
    item = sending(need_ms=10_000)
    doubt = rules.finished(item, Ending(item.fence, State.UNCERTAIN), 1000)
    assert isinstance(doubt, Change)
    look = Command(REF, Act.NOT_THERE, "prover:ecount", "not found", waited_ms=10_000)
    for asked, now_ms in ((look, 9_000), (replace(look, waited_ms=9_000), 3_600_000)):
        early = rules.overridden(doubt.item, asked, TERMS, now_ms)
        assert isinstance(early, NotAllowed)
        assert (early.why, early.wait_ms) == (WhyNotAllowed.STILL_ON_ITS_WAY, 1000)
    assert isinstance(rules.overridden(doubt.item, look, TERMS, 10_000), Change)


def test_a_call_of_unknown_length_may_take_as_long_as_its_lease() -> None:
    """Granted by an earlier version, which did not write down how long."""
    item = sending(need_ms=10_000)._replace(state=State.UNCERTAIN, phase=None, sending_ms=0)
    assert rules.on_its_way_ms(item, 3_600_000, 10_000) == TERMS.lease_ms - 10_000
    assert rules.on_its_way_ms(item, 3_600_000, TERMS.lease_ms) is None


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (Command(REF, Act.HOLD, "person:kim", "  "), WhyNotAllowed.REASON_MISSING),
        (Command(REF, Act.HOLD, "person:kim", "wait", version=1), WhyNotAllowed.CHANGED_MEANWHILE),
        (Command(REF, Act.UNHOLD, "person:kim", "go"), WhyNotAllowed.NOT_FROM_HERE),
        (Command(REF, Act.THERE, "person:kim", "seen"), WhyNotAllowed.RECEIPT_MISSING),
    ],
)
def test_a_command_that_does_not_fit_changes_nothing_and_says_why(command: Command, why: WhyNotAllowed) -> None:
    """No reason, an old page, a wrong state, no slip number: each has its own answer."""
    item = sending() if command.act is Act.THERE else held()
    answer = rules.overridden(item, command, TERMS, 0)
    assert isinstance(answer, NotAllowed)
    assert answer.why is why


# ---- every order of events


def _asks(item: Item, token: int, now_ms: int) -> list[object]:
    """Everything an agent with this token could try."""
    fence = Fence(REF, token)
    answers: list[object] = [
        rules.renewed(item, fence, now_ms),
        rules.released(item, fence, now_ms, "stop"),
        rules.advanced(item, Progress(fence, note="working"), now_ms),
        rules.advanced(item, Progress(fence, Phase.SENDING, need_ms=1000), now_ms),
    ]
    answers += [rules.finished(item, Ending(fence, state, receipt="1"), now_ms) for state in ENDINGS]
    return answers


@st.composite
def stories(draw: st.DrawFn) -> list[tuple[str, int, int]]:
    """A list of (what, who, how long since the last)."""
    what = st.sampled_from(
        ["claim", "renew", "note", "send", "back", "complete", "prove", "fail", "park", "release", "expire", "dead", "resume"]
        + [f"act:{act.value}" for act in Act]
    )
    return draw(st.lists(st.tuples(what, st.integers(0, 2), st.sampled_from([0, 1, 9_000, 29_999, 31_000])), max_size=30))


def _told(item: Item, what: str, who: int, now_ms: int) -> object:
    by = AGENTS[who]
    fence = Fence(REF, item.token - (1 if who == 2 and item.token else 0))  # the third agent always holds an old token
    match what:
        case "claim":
            return rules.denial(item, by, now_ms) or rules.claimed(item, by, TERMS, now_ms)
        case "renew":
            return rules.renewed(item, fence, now_ms)
        case "note":
            return rules.advanced(item, Progress(fence, note="n"), now_ms)
        case "send":
            return rules.advanced(item, Progress(fence, Phase.SENDING, need_ms=5000), now_ms)
        case "back":
            return rules.advanced(item, Progress(fence, Phase.CLAIMED, over_ms=item.sending_until_ms), now_ms)
        case "complete" | "fail" | "park":
            state = {"complete": State.COMPLETED, "fail": State.FAILED, "park": State.PARKED}[what]
            return rules.finished(item, Ending(fence, state), now_ms)
        case "prove":
            return rules.finished(item, Ending(fence, State.COMPLETED, receipt="s1"), now_ms)
        case "release":
            return rules.released(item, fence, now_ms, "stop")
        case "expire":
            return rules.expired(item, TERMS, now_ms)
        case "dead":
            return rules.bereaved(item, TERMS, now_ms, "system:guard", "killed")
        case "resume":
            return rules.resumed(item, by, TERMS, now_ms)[-1] if rules.left_behind(item, by) else None
        case _:
            act = Act(what.removeprefix("act:"))
            return rules.overridden(item, Command(REF, act, "person:kim", "because", receipt="s2"), TERMS, now_ms)


@given(stories())
def test_whatever_happens_an_item_keeps_its_shape(story: list[tuple[str, int, int]]) -> None:
    """Over every order of events: leases only while processing, tokens only grow, completed stays, no blind exit."""
    item, now_ms = fresh(), 0
    for what, who, later in story:
        now_ms += later
        answer = _told(item, what, who, now_ms)
        after = answer.item if isinstance(answer, Change) else answer if isinstance(answer, Item) else item
        _check(item, after, what, now_ms)
        item = after


def _check(before: Item, after: Item, what: str, now_ms: int) -> None:
    working = after.state is State.PROCESSING
    assert (after.phase is not None) == working
    assert (after.expires_at_ms is not None) == working
    assert (after.limit_at_ms is not None) == working
    assert (after.due_at_ms is not None) == (after.state in {State.WAITING, State.FAILED})
    assert after.token >= before.token
    assert (after.token > before.token) == (what in {"claim", "resume"} and after is not before and after.phase is not None)
    if after is not before and what != "renew":
        assert after.version > before.version
    if before.state is State.COMPLETED:
        assert after is before
    if before.phase is Phase.SENDING and after.phase is not Phase.SENDING:
        assert after.state in {State.COMPLETED, State.UNCERTAIN} or what == "back"
    if before.state is State.UNCERTAIN and after.state in {State.WAITING, State.FAILED, State.PROCESSING}:
        assert what == "act:not_there"
    if working:
        assert after.expires_at_ms is not None
        assert after.limit_at_ms is not None
        assert after.claimed_at_ms is not None
        assert after.expires_at_ms <= after.limit_at_ms == after.claimed_at_ms + TERMS.limit_ms
        assert after.expires_at_ms <= max(now_ms, before.changed_at_ms) + TERMS.lease_ms


@given(stories(), st.integers(-3, 3).filter(bool))
def test_a_token_that_is_not_the_present_one_changes_nothing(story: list[tuple[str, int, int]], off: int) -> None:
    """At every moment of every story, an old or invented token is answered `Lost`, whatever it asks for."""
    item, now_ms = fresh(), 0
    for what, who, later in story:
        now_ms += later
        answer = _told(item, what, who, now_ms)
        item = answer.item if isinstance(answer, Change) else answer if isinstance(answer, Item) else item
        assert all(isinstance(a, Lost) and a.why is WhyLost.TAKEN for a in _asks(item, item.token + off, now_ms))


def test_a_denial_says_who_holds_it_and_when_to_ask_again() -> None:
    """The loser learns the holder and how long the lease still is; the holder itself is told that it is its own."""
    item = held(A)
    other, own = rules.denial(item, B, 12_000), rules.denial(item, A, 12_000)
    assert isinstance(other, Denied)
    assert isinstance(own, Denied)
    assert (other.why, other.wait_ms, own.why) == (WhyDenied.HELD, 18_000, WhyDenied.MINE)
    assert other.item is not None
    assert other.item.holder == "PC-A_192.168.1.100"
