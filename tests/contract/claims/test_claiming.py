"""Who gets an item: one, and the others learn who."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, cast

import pytest

from onbam.claims import rules
from onbam.claims.asks import Denied, Ending, Grant, New, WhyDenied
from onbam.claims.claims import Claims
from onbam.claims.model import Act, Agent, Phase, Ref, State
from onbam.claims.ports import ClaimStore, Filter
from onbam.kernel.clock import FakeClock
from onbam.kernel.errors import Transient
from support.claim_stands import A, B, C, Stand
from support.claiming import ORDER, command, finished, granted, held_by, orders, progress
from support.effect_worlds import Breaking


def test_a_found_item_waits(store: ClaimStore) -> None:
    """What is added is waiting, claimable at once, never claimed."""
    item = store.add([New(ORDER, note="from the ledger", data='{"n":1}')])[0]
    assert (item.state, item.token, item.attempt, item.due_at_ms) == (State.WAITING, 0, 0, 0)
    assert store.get([ORDER]) == [item]


def test_finding_an_item_again_changes_nothing(store: ClaimStore, other: ClaimStore) -> None:
    """Two PCs read the same ledger many times: one item, as the first one found it, in every state."""
    first = store.add([New(ORDER, note="first")])[0]
    assert other.add([New(ORDER, note="second")]) == [first]
    held = granted(store, A)
    assert other.add([New(ORDER)]) == [held]


def test_adding_many_answers_in_the_order_of_the_questions(store: ClaimStore) -> None:
    """New and known ones mixed, one of them named twice."""
    known = store.add([New(ref) for ref in orders(3)])
    both = store.add([New(ref) for ref in [*orders(6)[::-1], ORDER]])
    assert [item.ref for item in both] == [*orders(6)[::-1], ORDER]
    assert both[-2:-5:-1] == known[:3]


def test_keys_are_compared_letter_by_letter(store: ClaimStore) -> None:
    """`ab`, `AB`, `áb` and leading zeros are different orders on every database."""
    refs = [Ref("order", key) for key in ("ab", "AB", "áb", "0012", "12", "주문 1", "a%b", "a_b")]
    store.add([New(ref) for ref in refs])
    assert [item.key if item else None for item in store.get(refs)] == [ref.key for ref in refs]
    assert isinstance(store.claim_many(A, [refs[0]])[0], Grant)
    assert isinstance(store.claim_many(B, [refs[1]])[0], Grant)


def test_one_of_two_gets_it_and_the_other_learns_who(store: ClaimStore, other: ClaimStore) -> None:
    """The loser is told the holder in the form NAME_IP and how long the lease still is."""
    item = granted(store, A, note="Download attempt from ledger")
    assert (item.state, item.phase, item.token, item.attempt) == (State.PROCESSING, Phase.CLAIMED, 1, 1)
    assert (item.holder, item.machine_id, item.note) == ("PC-A_192.168.1.100", "PC-A-7k2m", "Download attempt from ledger")
    answer = other.claim_many(B, [ORDER])[0]
    assert isinstance(answer, Denied)
    assert (answer.why, answer.item and answer.item.holder) == (WhyDenied.HELD, "PC-A_192.168.1.100")
    assert answer.wait_ms is not None
    assert 0 < answer.wait_ms <= store.terms.lease_ms


def test_due_items_that_were_given_without_an_answer_are_taken_up_again(store: ClaimStore) -> None:
    """The store gave two of three and could not say so: the next question brings these two, and the one after it the rest."""
    store.add([New(ref) for ref in orders(3)])
    shaky = Breaking(store)
    claims = Claims(cast("ClaimStore", shaky), A, FakeClock())
    shaky.fail("claim_due", after=True)
    with pytest.raises(Transient):
        claims.take_due(["order"], 2)
    again, rest = claims.take_due(["order"], 2), claims.take_due(["order"], 2)
    assert [held.ref for held in again] + [held.ref for held in rest] == orders(3)
    assert {held.item.token for held in claims.held} == {1}
    assert not claims.take_due(["order"], 2)


def test_claiming_what_is_ones_own_already_is_said_so(store: ClaimStore) -> None:
    """A second claim of the same agent gives no second lease."""
    held = granted(store, A)
    answer = store.claim_many(A, [ORDER])[0]
    assert isinstance(answer, Denied)
    assert answer.why is WhyDenied.MINE
    assert store.get([ORDER]) == [held]


def test_claiming_an_unknown_item_makes_it_known(store: ClaimStore) -> None:
    """An agent may claim straight from the ledger."""
    assert granted(store, A).state is State.PROCESSING


def test_a_batch_is_answered_entry_by_entry(store: ClaimStore, other: ClaimStore) -> None:
    """Free, held, completed, parked, uncertain, not due and unknown ones in one call."""
    free, held, done, parked, doubtful, later, new = orders(7)
    store.add([New(free), New(parked), New(later, due_in_ms=60_000)])
    granted(store, A, held)
    store.finish([Ending(granted(store, A, done).fence, State.COMPLETED, receipt="1")])
    store.override([command(parked, Act.HOLD)])
    store.finish([Ending(granted(store, A, doubtful).fence, State.UNCERTAIN)])
    answers = other.claim_many(B, [free, held, done, parked, doubtful, later, new])
    assert [a.why.value if isinstance(a, Denied) else "granted" for a in answers] == [
        "granted",
        "held",
        "completed",
        "parked",
        "uncertain",
        "not_due",
        "granted",
    ]


def test_an_empty_batch_is_an_empty_answer(store: ClaimStore) -> None:
    """Nothing asked, nothing done."""
    assert list(store.add([])) == []
    assert list(store.claim_many(A, [])) == []
    assert list(store.renew([])) == list(store.advance([])) == list(store.finish([])) == list(store.release([])) == []
    assert list(store.override([])) == list(store.get([])) == []


def test_due_work_goes_out_oldest_first(store: ClaimStore, stand: Stand) -> None:
    """Fresh items in the order they were found, then retries in the order they are due."""
    for ref in orders(3):
        store.add([New(ref)])
        stand.pass_time(1)
    late, soon = Ref("order", "late"), Ref("order", "soon")
    store.add([New(late, due_in_ms=20_000), New(soon, due_in_ms=10_000)])
    assert [g.item.ref for g in store.claim_due(A, ["order"], 2)] == orders(3)[:2]
    stand.pass_time(21)
    assert [g.item.ref for g in store.claim_due(A, ["order"], 100)][:3] == [orders(3)[2], soon, late]


def test_due_work_is_claimed_exactly_as_the_rules_say(store: ClaimStore, stand: Stand) -> None:
    """Whatever short cut a store takes for many: item by item it is what the pure rule answers, and each is told."""
    refs = orders(4)
    store.add([New(ref, note=f"found {ref.key}", data='{"n":1}') for ref in refs])
    finished(store, granted(store, B, refs[3]), State.FAILED, retry_in_ms=1000)
    stand.pass_time(2)
    before = {item.ref: item for item in store.get(refs) if item is not None}
    position = store.changes(0).position
    grants = store.claim_due(A, ["order"], 10, note="again")
    expected = [rules.claimed(before[g.item.ref], A, store.terms, g.item.changed_at_ms, "again") for g in grants]
    assert [g.item.ref for g in grants] == refs
    assert [g.item for g in grants] == [change.item for change in expected] == list(store.get(refs))
    assert [entry.line for entry in store.changes(position).entries] == [change.line for change in expected]


@pytest.mark.parametrize("note", ["", "again"])
def test_named_items_are_claimed_exactly_as_the_rules_say(store: ClaimStore, stand: Stand, note: str) -> None:
    """A67: on every store alike: one by itself and several at once, whatever stands in their keys, and each is told."""
    odd = [Ref("order", key) for key in ("it's", 'say "so"', "back\\slash", "{a,b}", "100%", "주문 7")]
    refs = [*orders(3), *odd]
    store.add([New(ref, note=f"found {ref.key}", data='{"n":1}') for ref in refs])
    finished(store, granted(store, B, refs[2]), State.FAILED, retry_in_ms=1000)
    stand.pass_time(2)
    before = {item.ref: item for item in store.get(refs) if item is not None}
    position = store.changes(0).position
    answers = [*store.claim_many(A, refs[:1], note=note), *store.claim_many(A, refs[1:], note=note)]
    grants = [answer for answer in answers if isinstance(answer, Grant)]
    expected = [rules.claimed(before[g.item.ref], A, store.terms, g.item.changed_at_ms, note) for g in grants]
    assert [g.item.ref for g in grants] == refs
    assert [g.item for g in grants] == [change.item for change in expected] == list(store.get(refs))
    told = [entry.line for entry in store.changes(position).entries]
    assert sorted(told, key=lambda line: line.key) == sorted((c.line for c in expected), key=lambda line: line.key)


def test_due_work_is_of_the_kinds_asked_for(store: ClaimStore) -> None:
    """An agent for products is not given orders."""
    sync = Ref("sync", "seller-1")
    store.add([New(ORDER), New(sync)])
    assert [g.item.ref for g in store.claim_due(A, ["sync"], 10)] == [sync]
    assert [g.item.ref for g in store.claim_due(A, ["sync", "order"], 10)] == [ORDER]
    assert list(store.claim_due(A, ["sync", "order"], 10)) == []


def test_a_failed_item_is_given_out_when_its_retry_is_due(store: ClaimStore, stand: Stand) -> None:
    """A25: failed may be tried again, after the pause its holder asked for, by the store's clock."""
    store.finish([Ending(granted(store, A).fence, State.FAILED, note="503", retry_in_ms=60_000)])
    answer = store.claim_many(B, [ORDER])[0]
    assert isinstance(answer, Denied)
    assert answer.wait_ms is not None
    assert 55_000 <= answer.wait_ms <= 60_000
    stand.pass_time(61)
    again = granted(store, B)
    assert (again.token, again.attempt, again.holder) == (2, 2, "PC-B_192.168.1.101")


def test_a6_three_pcs_share_one_store_in_the_middle(stand: Stand) -> None:
    """A1, A6, A13: each works on its own orders, each sees who works on what, whichever store it is."""
    pcs = [(by, stand.open()) for by in (A, B, C)]
    refs = orders(3)
    for (by, store), ref in zip(pcs, refs, strict=True):
        granted(store, by, ref)
    for by, store in pcs:
        items = store.find(Filter(states=(State.PROCESSING,))).items
        assert {item.ref: item.holder for item in items} == dict(zip(refs, [A.holder, B.holder, C.holder], strict=True))
        assert [item.key for item in store.find(Filter(machine_id=by.machine_id)).items] == [refs[pcs.index((by, store))].key]


def patiently(ask: Callable[[], Sequence[Any]]) -> Sequence[Any]:
    """Ask again while the store says that too many others were faster."""
    for _ in range(100):
        with suppress(Transient):
            return ask()
    raise AssertionError("always others were faster")


def test_two_pcs_racing_a_hundred_orders_never_get_the_same_one(stand: Stand) -> None:
    """A2: four agents on two PCs claim what they can by key and by due time at once; every order is given out exactly once."""
    stores = [stand.open(), stand.open()]
    refs = orders(100)
    stores[0].add([New(ref) for ref in refs])
    agents = [Agent(f"PC-{n}", f"PC-{n}/agent/1", f"PC-{n}", f"10.0.0.{n}") for n in range(4)]
    got: list[list[Ref]] = [[] for _ in agents]
    start = threading.Barrier(len(agents), timeout=30)

    def race(n: int) -> None:
        store = stores[n % 2]
        start.wait()
        if n < 2:
            for ref in refs if n else refs[::-1]:
                answers = patiently(lambda ref=ref: store.claim_many(agents[n], [ref]))
                got[n] += [g.item.ref for g in answers if isinstance(g, Grant)]
        else:
            while grants := patiently(lambda: store.claim_due(agents[n], ["order"], 3)):
                got[n] += [g.item.ref for g in grants]

    threads = [threading.Thread(target=race, args=(n,)) for n in range(len(agents))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert Counter(ref for each in got for ref in each) == Counter(refs)
    assert {ref: held_by(stores[0], ref) for ref in refs} == {
        ref: agents[n].agent_id for n, each in enumerate(got) for ref in each
    }


def test_progress_is_seen_by_the_others(store: ClaimStore, other: ClaimStore) -> None:
    """A22, A75: step and note are written at each step and readable from any PC."""
    held = granted(store, A)
    store.advance([progress(held, step="download", note="Download successful", data='{"doc":"ab12"}')])
    seen = other.get([ORDER])[0]
    assert seen is not None
    assert (seen.step, seen.note, seen.data, seen.holder) == ("download", "Download successful", '{"doc":"ab12"}', A.holder)
