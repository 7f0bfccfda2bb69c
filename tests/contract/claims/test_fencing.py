"""Every write of a holder repeats its fence: whoever lost the item changes nothing, however it tries."""

from __future__ import annotations

import pytest

from onbam.claims.asks import ENDINGS, Ending, Lost, Renewed, TooShort, WhyLost
from onbam.claims.model import Act, Fence, Item, Phase, Ref, State
from onbam.claims.ports import ClaimStore
from support.claim_stands import A, B, Stand
from support.claiming import NEED_MS, ORDER, after_lease_s, finished, granted, now, orders, progress, sent, told


def every_write(store: ClaimStore, item: Item) -> list[object]:
    """All a holder can try under this item's token."""
    answers: list[object] = list(store.renew([item.fence]))
    answers += store.advance([progress(item, note="still here"), progress(item, phase=Phase.SENDING, need_ms=1)])
    answers += store.finish([Ending(item.fence, state, receipt="late") for state in ENDINGS])
    answers += store.release([item.fence])
    return answers


def test_a_sleeper_whose_item_was_taken_over_writes_nothing(stand: Stand, store: ClaimStore, other: ClaimStore) -> None:
    """It slept beyond its lease, another PC works on the item now: every write is answered `taken`, and changes nothing."""
    asleep = granted(store, A)
    stand.pass_time(after_lease_s(store))
    theirs = granted(other, B)
    answers = every_write(store, asleep)
    assert [a.why if isinstance(a, Lost) else a for a in answers] == [WhyLost.TAKEN] * len(answers)
    assert now(other) == theirs


@pytest.mark.parametrize("act", [Act.FAIL, Act.RELEASE, Act.HOLD, Act.CANCEL])
def test_a_holder_a_person_took_it_from_writes_nothing(store: ClaimStore, act: Act) -> None:
    """A28: released, held or cancelled by hand, the token is the same and the lease is not."""
    held = granted(store, A)
    after = told(store, ORDER, act)
    answers = every_write(store, held)
    assert [a.why if isinstance(a, Lost) else a for a in answers] == [WhyLost.NOT_PROCESSING] * len(answers)
    assert now(store) == after


def test_an_invented_token_writes_nothing(store: ClaimStore) -> None:
    """One too high is as wrong as one too low; an unknown item is unknown."""
    held = granted(store, A)
    unknown = Ref("order", "nobody knows it")
    answers = store.renew([Fence(ORDER, held.token + 1), Fence(ORDER, 0), Fence(unknown, 1)])
    assert [a.why if isinstance(a, Lost) else a for a in answers] == [WhyLost.TAKEN, WhyLost.TAKEN, WhyLost.UNKNOWN_ITEM]


def test_a_lost_entry_does_not_stop_the_others_of_its_batch(store: ClaimStore, other: ClaimStore, stand: Stand) -> None:
    """Three of a hundred leases are gone: the others are renewed and finished in the same call."""
    held = [granted(store, A, ref) for ref in orders(20)]
    gone = held[3:6]
    for item in gone:
        told(other, item.ref, Act.HOLD)
    assert [isinstance(a, Renewed) for a in store.renew([i.fence for i in held])] == [i not in gone for i in held]
    stand.pass_time(5)
    ended = store.finish([Ending(i.fence, State.COMPLETED, receipt=f"r-{i.key}") for i in held])
    assert [isinstance(a, Item) for a in ended] == [i not in gone for i in held]
    assert [a.receipt for a in ended if isinstance(a, Item)] == [f"r-{i.key}" for i in held if i not in gone]


def test_a_write_whose_answer_was_lost_may_be_repeated(store: ClaimStore) -> None:
    """Sent twice, applied once: the second answer shows the item as the first one left it."""
    held = granted(store, A)
    done = finished(store, held, receipt="20260105-12")
    again = store.finish([Ending(held.fence, State.COMPLETED, receipt="20260105-12")])[0]
    assert isinstance(again, Lost)
    assert again.item == done == now(store)


def test_two_entries_for_one_item_in_a_batch_are_two_steps(store: ClaimStore) -> None:
    """They are applied in order, and both are answered."""
    held = granted(store, A)
    first, second = store.advance([progress(held, step="download"), progress(held, step="parse")])
    assert isinstance(first, Item)
    assert isinstance(second, Item)
    assert (first.step, second.step, second.version) == ("download", "parse", first.version + 1)
    assert now(store) == second


def test_sending_is_granted_only_with_enough_of_the_lease(store: ClaimStore, stand: Stand) -> None:
    """The store's own clock says so, whatever the agent believes."""
    held = granted(store, A)
    stand.pass_time(25)
    answer = store.advance([progress(held, phase=Phase.SENDING, need_ms=NEED_MS)])[0]
    assert isinstance(answer, TooShort)
    assert 0 < answer.remaining_ms <= 5_000
    assert now(store).phase is Phase.CLAIMED
    store.renew([held.fence])
    assert sent(store, held).phase is Phase.SENDING


def test_an_item_that_is_being_sent_leaves_only_by_proof_or_doubt(store: ClaimStore) -> None:
    """Failed, parked, cancelled, released or completed without a receipt: each becomes uncertain."""
    refs = orders(5)
    held = [sent(store, granted(store, A, ref)) for ref in refs]
    states = (State.FAILED, State.PARKED, State.CANCELLED, State.COMPLETED)
    ended = [finished(store, item, state) for item, state in zip(held, states, strict=False)]
    assert [item.state for item in ended] == [State.UNCERTAIN] * 4
    (freed,) = store.release([held[4].fence])
    assert isinstance(freed, Item)
    assert freed.state is State.UNCERTAIN


def test_the_holder_that_knows_the_outcome_goes_on(store: ClaimStore) -> None:
    """Back from `sending` to `claimed`, then completed; or completed straight with the receipt."""
    first, second = (sent(store, granted(store, A, ref)) for ref in orders(2))
    store.advance([progress(first, phase=Phase.CLAIMED, over_ms=first.sending_until_ms)])
    assert finished(store, first, State.FAILED).state is State.FAILED
    assert finished(store, second, receipt="s-1").state is State.COMPLETED


def test_a_double_that_comes_late_ends_no_later_permission(store: ClaimStore, stand: Stand) -> None:
    """Refused, and sent again under the same lease: that the first try is over is heard twice, and the second one stands."""
    first = sent(store, granted(store, A))
    over = progress(first, phase=Phase.CLAIMED, over_ms=first.sending_until_ms)
    store.advance([over])
    stand.pass_time(1)
    second = sent(store, now(store))
    (late,) = store.advance([over])
    assert isinstance(late, Lost)
    assert late.why is WhyLost.SENDS_AGAIN
    assert now(store) == second
    stand.pass_time(after_lease_s(store))
    assert [item.state for item in store.expire()] == [State.UNCERTAIN]


def test_a_late_receipt_completes_an_uncertain_item(store: ClaimStore, stand: Stand) -> None:
    """The lease ended while it was being sent; its last holder brings the proof."""
    held = sent(store, granted(store, A))
    stand.pass_time(after_lease_s(store))
    store.expire()
    assert now(store).state is State.UNCERTAIN
    done = finished(store, held, receipt="20260105-12")
    assert (done.state, done.receipt) == (State.COMPLETED, "20260105-12")
