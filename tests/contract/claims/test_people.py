"""What a person may do to an item, and what a person may not."""

from __future__ import annotations

import pytest

from onbam.claims.asks import Command, Ending, NotAllowed, WhyDenied, WhyNotAllowed
from onbam.claims.model import Act, Item, State
from onbam.claims.ports import ClaimStore
from support.claim_stands import A, B, Stand
from support.claiming import ORDER, after_lease_s, command, denied, finished, granted, now, orders, sent, told


def refused(store: ClaimStore, asked: Command) -> WhyNotAllowed:
    """Why a command changed nothing."""
    before = store.get([asked.ref])
    (answer,) = store.override([asked])
    assert isinstance(answer, NotAllowed), f"{asked.act} was obeyed: {answer}"
    assert store.get([asked.ref]) == before
    return answer.why


def test_a28_a_person_releases_an_item_by_failing_it(store: ClaimStore, other: ClaimStore) -> None:
    """`failed` by hand: claimable at once by any PC, no crash counted, the reason readable."""
    granted(store, A)
    failed = told(store, ORDER, Act.FAIL)
    assert (failed.state, failed.crashes, failed.note, failed.due_at_ms) == (State.FAILED, 0, "because I looked", 0)
    assert granted(other, B).token == 2


def test_what_is_being_sent_is_doubted_and_not_freed(store: ClaimStore) -> None:
    """Whatever a person asks while it may be under way, it becomes uncertain, and the answer says so."""
    for ref, act in zip(orders(4), (Act.FAIL, Act.RELEASE, Act.HOLD, Act.CANCEL), strict=True):
        sent(store, granted(store, A, ref))
        assert told(store, ref, act).state is State.UNCERTAIN


def test_held_items_are_not_given_out_until_let_go(store: ClaimStore, other: ClaimStore) -> None:
    """Parked from waiting, failed and processing alike."""
    waiting, failed, held = orders(3)
    granted(store, A, held)
    finished(store, granted(store, A, failed), State.FAILED)
    granted(store, A, waiting)
    told(store, waiting, Act.RELEASE)
    for ref in (waiting, failed, held):
        assert told(store, ref, Act.HOLD).state is State.PARKED
        assert denied(other, B, ref).why is WhyDenied.PARKED
        assert told(store, ref, Act.UNHOLD).state is State.WAITING
        assert granted(other, B, ref).holder == B.holder


def test_a_cancelled_item_is_not_worked_on_unless_a_person_brings_it_back(store: ClaimStore) -> None:
    """Found again in the ledger it stays cancelled."""
    granted(store, A)
    told(store, ORDER, Act.CANCEL)
    assert denied(store, B).why is WhyDenied.CANCELLED
    told(store, ORDER, Act.RELEASE)
    assert granted(store, B).token == 2


def test_done_by_hand_is_done(store: ClaimStore) -> None:
    """A person did it in the ERP: never again, with or without a number."""
    first, second = orders(2)
    granted(store, A, first)
    assert told(store, first, Act.COMPLETE, receipt="20260105-3").receipt == "20260105-3"
    granted(store, A, second)
    told(store, second, Act.COMPLETE)
    assert [denied(store, B, ref).why for ref in (first, second)] == [WhyDenied.COMPLETED] * 2


@pytest.mark.parametrize("act", list(Act))
def test_nothing_moves_a_completed_item(store: ClaimStore, act: Act) -> None:
    """A24: completed is for ever, for people too."""
    finished(store, granted(store, A), receipt="1")
    assert refused(store, command(ORDER, act, receipt="2")) is WhyNotAllowed.NOT_FROM_HERE


def test_an_uncertain_item_asks_for_the_truth_and_nothing_else(store: ClaimStore, stand: Stand) -> None:
    """It is not released, failed, held or cancelled; it is there, not there, or done by hand."""
    sent(store, granted(store, A))
    stand.pass_time(after_lease_s(store))
    store.expire()
    for act in (Act.RELEASE, Act.FAIL, Act.HOLD, Act.UNHOLD, Act.CANCEL):
        assert refused(store, command(ORDER, act)) is WhyNotAllowed.NOT_FROM_HERE
    assert refused(store, command(ORDER, Act.THERE)) is WhyNotAllowed.RECEIPT_MISSING
    there = told(store, ORDER, Act.THERE, receipt="20260105-12")
    assert (there.state, there.receipt) == (State.COMPLETED, "20260105-12")


def test_not_there_is_believed_only_when_nothing_can_be_on_its_way(store: ClaimStore, stand: Stand) -> None:
    """An agent gave up in doubt a second after sending: an empty ERP proves nothing yet."""
    held = sent(store, granted(store, A), need_ms=10_000)
    stand.pass_time(1)
    store.finish([Ending(held.fence, State.UNCERTAIN)])
    (answer,) = store.override([command(ORDER, Act.NOT_THERE, waited_ms=1_000)])
    assert isinstance(answer, NotAllowed)
    assert answer.why is WhyNotAllowed.STILL_ON_ITS_WAY
    assert answer.wait_ms is not None
    assert 7_000 <= answer.wait_ms <= 9_000
    stand.pass_time(10)
    assert told(store, ORDER, Act.NOT_THERE, waited_ms=10_000).state is State.WAITING
    assert granted(store, B).token == held.token + 1


def test_trap_t6_a_store_clock_set_forward_does_not_end_a_call(store: ClaimStore, stand: Stand) -> None:
    """By the store's clock it must be over, whoever says so: it is not, before the asker has waited that long himself."""
    held = sent(store, granted(store, A), need_ms=10_000)
    store.finish([Ending(held.fence, State.UNCERTAIN)])
    stand.pass_time(3600)
    for waited_ms in (0, 9_000):
        (answer,) = store.override([command(ORDER, Act.NOT_THERE, waited_ms=waited_ms)])
        assert isinstance(answer, NotAllowed)
        assert (answer.why, answer.wait_ms) == (WhyNotAllowed.STILL_ON_ITS_WAY, 10_000 - waited_ms)
    assert told(store, ORDER, Act.NOT_THERE, waited_ms=10_000).state is State.WAITING


def test_a_doubt_under_which_nothing_was_sent_needs_no_wait(store: ClaimStore) -> None:
    """Its holder never had the permission to send."""
    store.finish([Ending(granted(store, A).fence, State.UNCERTAIN)])
    assert told(store, ORDER, Act.NOT_THERE).state is State.WAITING


def test_a_person_with_an_old_page_changes_nothing(store: ClaimStore) -> None:
    """The item moved on since the page was drawn: the command is refused and says so."""
    seen = granted(store, A)
    finished(store, seen, State.FAILED)
    assert refused(store, command(ORDER, Act.HOLD, version=seen.version)) is WhyNotAllowed.CHANGED_MEANWHILE
    (parked,) = store.override([command(ORDER, Act.HOLD, version=now(store).version)])
    assert isinstance(parked, Item)


def test_a_command_needs_a_reason_and_a_known_item(store: ClaimStore) -> None:
    """Who and why are part of it."""
    granted(store, A)
    assert refused(store, Command(ORDER, Act.HOLD, "person:kim", " ")) is WhyNotAllowed.REASON_MISSING
    assert refused(store, command(orders(2)[1], Act.HOLD)) is WhyNotAllowed.UNKNOWN_ITEM


def test_many_commands_are_one_call(store: ClaimStore) -> None:
    """Bulk hold: each answered by itself, one twice."""
    refs = orders(5)
    for ref in refs[:4]:
        granted(store, A, ref)
    answers = store.override([*(command(ref, Act.HOLD) for ref in refs), command(refs[0], Act.UNHOLD)])
    assert [a.state if isinstance(a, Item) else a.why for a in answers] == [
        *[State.PARKED] * 4,
        WhyNotAllowed.UNKNOWN_ITEM,
        State.WAITING,
    ]
    assert now(store, refs[0]).state is State.WAITING


def test_who_did_it_and_why_is_in_the_journal(store: ClaimStore) -> None:
    """Each command is one line: the person, the reason, from where to where."""
    granted(store, A)
    told(store, ORDER, Act.HOLD)
    line = store.changes(0).entries[-1].line
    assert (line.what, line.who, line.why) == ("item.hold", "person:kim", "because I looked")
    assert (line.data["from"], line.data["state"]) == ("processing", "parked")
