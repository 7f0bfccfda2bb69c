"""What a store never forgets, what it may clear away, and what it shows."""

from __future__ import annotations

import pytest

from onbam.claims.asks import New, WhyDenied
from onbam.claims.model import Act, Ref, State
from onbam.claims.ports import ClaimStore, Filter, Memory
from support.claim_stands import A, B, Stand
from support.claiming import ORDER, command, denied, finished, granted, now, orders, progress, told

DAY_S = 86_400


def test_trap_t5_a_completed_order_is_refused_for_ever(store: ClaimStore, stand: Stand) -> None:
    """A24, A29: its row is cleaned away after seven days; a year later it is found again, and still not worked on."""
    done = finished(store, granted(store, A), receipt="20260105-12")
    stand.pass_time(8 * DAY_S)
    assert store.cleanup(7) == 1
    assert list(store.find(Filter()).items) == []
    stand.pass_time(365 * DAY_S)
    later = stand.open()
    assert [item.state for item in later.add([New(ORDER)])] == [State.COMPLETED]
    assert denied(later, B).why is WhyDenied.COMPLETED
    known = now(later)
    assert (known.receipt, known.holder, known.token) == ("20260105-12", A.holder, done.token)


def test_clean_up_takes_what_ended_and_nothing_else(store: ClaimStore, stand: Stand) -> None:
    """Completed, cancelled and failed rows of more than seven days; never what is worked on, waits, is in doubt or is held."""
    done, cancelled, failed, waiting, parked, doubtful, young, held = orders(8)
    finished(store, granted(store, A, done), receipt="1")
    told(store, granted(store, A, cancelled).ref, Act.CANCEL)
    finished(store, granted(store, A, failed), State.FAILED)
    store.add([New(waiting), New(parked)])
    told(store, parked, Act.HOLD)
    finished(store, granted(store, A, doubtful), State.UNCERTAIN)
    granted(store, B, held)
    stand.pass_time(6 * DAY_S)
    finished(store, granted(store, A, young), receipt="2")
    stand.pass_time(1.5 * DAY_S)
    assert store.cleanup(7) == 3
    assert {item.ref for item in store.find(Filter()).items} == {waiting, parked, doubtful, young, held}


def test_clean_up_goes_in_portions(store: ClaimStore, stand: Stand) -> None:
    """So that it never holds the store for long."""
    for ref in orders(5):
        finished(store, granted(store, A, ref), receipt="1")
    stand.pass_time(8 * DAY_S)
    assert [store.cleanup(7, limit=2) for _ in range(4)] == [2, 2, 1, 0]


def test_a_failed_item_comes_back_with_its_tokens(store: ClaimStore, stand: Stand) -> None:
    """Cleaned away and found again, its next token is higher than any before: an old holder never fits again."""
    held = granted(store, A)
    finished(store, held, State.FAILED)
    stand.pass_time(8 * DAY_S)
    store.cleanup(7)
    again = granted(store, B)
    assert again.token == held.token + 1
    assert [type(a).__name__ for a in store.advance([progress(held, note="still here")])] == ["Lost"]


def test_a_cancelled_item_stays_cancelled_after_clean_up(store: ClaimStore, stand: Stand) -> None:
    """Also remembered; a person can still bring it back."""
    granted(store, A)
    told(store, ORDER, Act.CANCEL)
    stand.pass_time(8 * DAY_S)
    store.cleanup(7)
    assert denied(store, B).why is WhyDenied.CANCELLED
    assert told(store, ORDER, Act.RELEASE).state is State.WAITING
    assert granted(store, B).token == 2


@pytest.mark.parametrize("act", [Act.CANCEL, Act.FAIL])
def test_an_order_that_comes_back_after_clean_up_had_an_attempt_before(store: ClaimStore, stand: Stand, act: Act) -> None:
    """Its next attempt is not the first one: it still looks for what the last one sent."""
    granted(store, A)
    told(store, ORDER, act)
    stand.pass_time(8 * DAY_S)
    assert store.cleanup(7) == 1
    if act is Act.CANCEL:
        told(store, ORDER, Act.RELEASE)
    assert granted(store, B).attempt == 2


def test_a16_what_another_system_completed_is_never_worked_on(store: ClaimStore) -> None:
    """An imported history: new ones remembered, known ones counted, one that is being worked on left for a person."""
    refs = orders(4)
    finished(store, granted(store, A, refs[1]), receipt="1")
    held = granted(store, A, refs[2])
    done = [Memory(ref, State.COMPLETED, 1, holder="v8_history.json") for ref in refs]
    first = store.remember(done)
    assert (first.new, first.known, [item.ref for item in first.conflicts]) == (2, 1, [held.ref])
    again = store.remember(done)
    assert (again.new, again.known, len(again.conflicts)) == (0, 3, 1)
    assert denied(store, B, refs[0]).why is WhyDenied.COMPLETED
    assert now(store, refs[2]) == held


# ---- looking


def test_an_unknown_item_is_none(store: ClaimStore) -> None:
    """Asking is not adding."""
    assert store.get([ORDER, Ref("sync", "x")]) == [None, None]
    assert store.counts() == {}


def test_a_page_shows_the_last_changed_first(store: ClaimStore, stand: Stand) -> None:
    """Pages follow each other without a gap and without a repeat, also when several changed at the same moment."""
    refs = orders(25)
    for start in (0, 10, 20):
        store.add([New(ref) for ref in refs[start : start + 10]])
        stand.pass_time(1)
    seen, after = [], ""
    for _ in range(10):
        page = store.find(Filter(), limit=7, after=after)
        seen += [item.ref for item in page.items]
        after = page.after
        if not after:
            break
    assert seen == [*refs[20:], *refs[10:20], *refs[:10]]


@pytest.mark.parametrize(
    ("which", "found"),
    [
        (Filter(kinds=("sync",)), ["seller-1"]),
        (Filter(states=(State.PROCESSING,)), ["2601050230"]),
        (Filter(machine_id=A.machine_id), ["2601050230"]),
        (Filter(text="0_2"), ["0_2"]),
        (Filter(text="%"), []),
        (Filter(states=(State.WAITING, State.PROCESSING), kinds=("order",)), ["0_2", "2601050229", "2601050230"]),
    ],
)
def test_a_list_shows_what_was_asked_for(store: ClaimStore, which: Filter, found: list[str]) -> None:
    """By kind, state, machine and part of the key, letter by letter."""
    store.add([New(ref) for ref in [*orders(2), Ref("sync", "seller-1"), Ref("order", "0_2")]])
    granted(store, A, orders(2)[1])
    assert sorted(item.key for item in store.find(which).items) == found


def test_counts_say_how_many_are_where(store: ClaimStore) -> None:
    """By kind and state, rows only."""
    store.add([New(ref) for ref in [*orders(3), Ref("sync", "seller-1")]])
    finished(store, granted(store, A), receipt="1")
    assert store.counts() == {
        ("order", State.WAITING): 2,
        ("order", State.COMPLETED): 1,
        ("sync", State.WAITING): 1,
    }


def test_a4_changes_are_told_in_order_and_from_any_position(store: ClaimStore, other: ClaimStore) -> None:
    """Another PC follows by positions: each change of state is one line, none is missed, none comes twice."""
    held = granted(store, A)
    store.advance([progress(held, step="download")])
    finished(store, held, receipt="1")
    position, lines = 0, []
    while (stretch := other.changes(position, limit=2)).position != position:
        position = stretch.position
        lines += [entry.line.what for entry in stretch.entries]
    assert lines == ["item.added", "item.claimed", "item.advanced", "item.completed"]
    store.override([command(ORDER, Act.HOLD)])
    assert list(other.changes(position).entries) == []


def test_many_items_are_ordinary(store: ClaimStore) -> None:
    """A year of orders in a database, a month's in a store with a budget of calls: found and claimed in full batches."""
    count, batch = (10_000, 1000) if store.capabilities.calls_per_minute is None else (500, store.capabilities.best_batch)
    refs = [Ref("order", f"{n:010d}") for n in range(count)]
    for start in range(0, count, batch):
        store.add([New(ref) for ref in refs[start : start + batch]])
    assert len(store.claim_due(A, ["order"], batch)) == batch
    assert store.counts()["order", State.WAITING] == count - batch
