"""How long a lease lasts, by the store's clock, and what happens when it ends."""

from __future__ import annotations

import pytest

from onbam.claims.asks import Denied, Grant, Lost, Renewed, WhyDenied, WhyLost
from onbam.claims.model import Item, State, Terms
from onbam.claims.ports import ClaimStore
from support.claim_stands import A_AGAIN, A, B, Stand
from support.claiming import ORDER, after_lease_s, denied, finished, granted, moved, now, orders, progress, sent

V10 = Terms(lease_ms=1_800_000, limit_ms=1_800_000)


@pytest.mark.parametrize(("after_s", "free"), [(29 * 60 + 59, False), (30 * 60 + 1, True)])
def test_a26_an_order_is_free_again_after_thirty_minutes(stand: Stand, after_s: int, free: bool) -> None:
    """At 29:59 its holder still has it, at 30:01 another PC may take it, by the store's clock alone (and its grain)."""
    store = stand.open(V10)
    granted(store, A)
    stand.pass_time(after_s + store.capabilities.clock_grain_ms / 1000 * free)
    answer = stand.open(V10).claim_many(B, [ORDER])[0]
    assert isinstance(answer, Grant) is free


def test_a5_a_dead_holder_loses_its_item_and_another_pc_gets_it(store: ClaimStore, other: ClaimStore, stand: Stand) -> None:
    """After the lease, under a new token, with the crash counted."""
    held = granted(store, A)
    assert denied(other, B).why is WhyDenied.HELD
    stand.pass_time(after_lease_s(store))
    taken = granted(other, B)
    assert (taken.token, taken.crashes, taken.attempt) == (held.token + 1, 1, 2)


def test_trap_t3_a_working_holder_keeps_its_item_however_long_it_takes(store: ClaimStore, stand: Stand) -> None:
    """Renewed every ten seconds, a lease of thirty lasts for minutes."""
    held = granted(store, A)
    for _ in range(30):
        stand.pass_time(10)
        (answer,) = store.renew([held.fence])
        assert isinstance(answer, Renewed)
        assert 29_000 <= answer.remaining_ms <= 30_000
    assert denied(store, B).why is WhyDenied.HELD
    assert now(store).version == held.version


def test_no_lease_outlives_its_outer_limit(stand: Stand) -> None:
    """`LOCK_TIMEOUT_SEC` stays the end of everything: renewal reaches up to it and not beyond."""
    store = stand.open(Terms(lease_ms=30_000, limit_ms=45_000))
    held = granted(store, A)
    stand.pass_time(20)
    (answer,) = store.renew([held.fence])
    assert isinstance(answer, Renewed)
    assert 24_000 <= answer.remaining_ms <= 25_000
    stand.pass_time(after_lease_s(store) - 5)
    (answer,) = store.renew([held.fence])
    assert isinstance(answer, Lost)
    assert answer.why is WhyLost.OUTER_LIMIT
    assert granted(store, B).token == 2


def test_an_ended_lease_nobody_took_goes_on(store: ClaimStore, stand: Stand) -> None:
    """The store was away for a minute; the first thing its holder does is renew, and it works on."""
    held = granted(store, A)
    stand.pass_time(60)
    assert isinstance(store.renew([held.fence])[0], Renewed)
    assert denied(store, B).why is WhyDenied.HELD


def test_after_an_outage_the_others_are_given_time(store: ClaimStore, other: ClaimStore, stand: Stand) -> None:
    """With a grace, neither claiming nor expiring touches what ended only just now."""
    granted(store, A)
    stand.pass_time(after_lease_s(store) + 4)
    answer = other.claim_many(B, [ORDER], grace_ms=10_000)[0]
    assert isinstance(answer, Denied)
    assert list(other.claim_due(B, ["order"], 5, grace_ms=10_000)) == []
    assert list(other.expire(grace_ms=10_000)) == []
    stand.pass_time(6)
    assert [item.ref for item in other.expire(grace_ms=10_000)] == [ORDER]


def test_expiry_frees_what_was_claimed_and_doubts_what_was_being_sent(store: ClaimStore, stand: Stand) -> None:
    """One sweep for all: waiting again, or uncertain; a second sweep finds nothing."""
    claimed, sending, fresh = orders(3)
    granted(store, A, claimed)
    sent(store, granted(store, A, sending))
    stand.pass_time(after_lease_s(store))
    granted(store, A, fresh)
    assert {i.ref: i.state for i in store.expire()} == {claimed: State.WAITING, sending: State.UNCERTAIN}
    assert list(store.expire()) == []
    assert now(store, fresh).state is State.PROCESSING


def test_what_is_being_sent_is_never_taken_over(store: ClaimStore, other: ClaimStore, stand: Stand) -> None:
    """Claimed by key or as due work, however late: it is uncertain, and denied."""
    sent(store, granted(store, A))
    stand.pass_time(4000)
    assert list(other.claim_due(B, ["order"], 5)) == []
    assert denied(other, B).why is WhyDenied.UNCERTAIN


def test_due_work_includes_what_a_dead_agent_left(store: ClaimStore, other: ClaimStore, stand: Stand) -> None:
    """An agent that asks for work gets the orphan too."""
    granted(store, A)
    stand.pass_time(after_lease_s(store))
    (grant,) = other.claim_due(B, ["order"], 5)
    assert (grant.item.ref, grant.item.token) == (ORDER, 2)


def test_trap_t6_a_store_clock_set_back_does_not_hold_items_for_ever(store: ClaimStore, stand: Stand) -> None:
    """An hour back: after one sweep and one lease's length a dead holder's item is free, not after an hour."""
    granted(store, A)
    stand.pass_time(-3600)
    store.expire()
    stand.pass_time(after_lease_s(store))
    assert granted(store, B).token == 2


def test_trap_t6_waiting_items_are_claimable_whatever_the_clock_did(store: ClaimStore, stand: Stand) -> None:
    """Found before the clock went back, it is still there to be taken at once."""
    store.add([])
    granted_before = granted(store, A)
    store.release([granted_before.fence])
    stand.pass_time(-3600)
    assert granted(store, B).token == 2


def test_renewal_is_no_change_of_state(store: ClaimStore) -> None:
    """It is not told and does not make a person's page old."""
    held = granted(store, A)
    position = store.changes(0).position
    store.renew([held.fence])
    assert now(store).version == held.version
    assert list(store.changes(position).entries) == []


# ---- stops, crashes, deaths


def test_a_clean_stop_hands_back_at_once(store: ClaimStore, other: ClaimStore) -> None:
    """Nobody waits for the lease to end, and no crash is counted."""
    held = granted(store, A)
    freed = moved(store.release([held.fence], why="stopped")[0])
    assert (freed.state, freed.crashes) == (State.WAITING, 0)
    assert granted(other, B).token == 2


def test_a_peer_known_dead_loses_its_items_at_once(store: ClaimStore, other: ClaimStore) -> None:
    """All of its items and only its; what it was sending is uncertain."""
    refs = orders(3)
    granted(store, A, refs[0])
    sent(store, granted(store, A, refs[1]))
    granted(store, B, refs[2])
    freed = other.declare_dead([A.agent_id, "nobody"], who="system:keeper", why="missed its beat")
    assert {i.ref: i.state for i in freed} == {refs[0]: State.WAITING, refs[1]: State.UNCERTAIN}
    assert now(store, refs[2]).state is State.PROCESSING
    assert granted(other, B, refs[0]).crashes == 1
    assert list(other.declare_dead([], who="system:keeper", why="nobody")) == []


def test_one_declared_dead_wrongly_finds_its_fence_gone(store: ClaimStore, other: ClaimStore) -> None:
    """It lives and works on: its next write is refused, so nothing is done twice."""
    held = granted(store, A)
    other.declare_dead([A.agent_id], who="system:keeper", why="missed its beat")
    assert isinstance(store.advance([progress(held, note="still here")])[0], Lost)


def test_an_agent_finds_its_items_after_a_crash(store: ClaimStore, other: ClaimStore) -> None:
    """The same seat, restarted, renamed and moved: its items are its own at once, under a new token; what was sent is not."""
    claimed, sending, foreign = orders(3)
    before = granted(store, A, claimed)
    sent(store, granted(store, A, sending))
    granted(other, B, foreign)
    answers = other.recover(A_AGAIN)
    assert {(a.item if isinstance(a, Grant) else a).ref: isinstance(a, Grant) for a in answers} == {
        claimed: True,
        sending: False,
    }
    mine = now(store, claimed)
    assert (mine.token, mine.agent_id, mine.holder) == (before.token + 1, A_AGAIN.agent_id, A_AGAIN.holder)
    assert now(store, sending).state is State.UNCERTAIN
    assert list(other.recover(A_AGAIN)) == []
    assert isinstance(store.renew([before.fence])[0], Lost)


def test_a_poison_item_is_parked_and_the_agents_go_on(store: ClaimStore, stand: Stand) -> None:
    """In flight at its third crash it waits for a person; the next order is worked on."""
    bad, good = orders(2)
    for _ in range(2):
        granted(store, A, bad)
        stand.pass_time(after_lease_s(store))
    granted(store, A, bad)
    stand.pass_time(after_lease_s(store))
    answers = store.claim_many(B, [bad, good])
    assert [a.why if isinstance(a, Denied) else "granted" for a in answers] == [WhyDenied.PARKED, "granted"]
    parked = now(store, bad)
    assert isinstance(parked, Item)
    assert parked.crashes == 3


def test_a_poison_item_is_parked_at_recovery_too(stand: Stand) -> None:
    """An agent that crashes on it again and again does not resume it for ever."""
    store = stand.open(Terms(poison_after=1))
    granted(store, A)
    (answer,) = store.recover(A_AGAIN)
    assert isinstance(answer, Item)
    assert answer.state is State.PARKED


def test_an_item_that_came_through_has_no_crashes(store: ClaimStore, stand: Stand) -> None:
    """The count is about what is in flight, not about the past."""
    granted(store, A)
    stand.pass_time(after_lease_s(store))
    assert finished(store, granted(store, B), receipt="1").crashes == 0
