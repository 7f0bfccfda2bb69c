"""The judges can fail: each rule is shown an end of a history that breaks it, and one that does not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from onbam.claims.asks import Ending, Grant, Lost, Renewed, WhyLost
from onbam.claims.model import Fence, Item, Phase, Ref, State
from onbam.journal.model import Entry, Line
from onbam.simulate.checkers import Rule, Watcher, judged
from onbam.simulate.world import KIND, Outside, Slip

KEY = "2601000001"
REF = Ref(KIND, KEY)
LEASE_MS = 20_000


def item(state: State, receipt: str = "", token: int = 1) -> Item:
    """The order at the end."""
    return Item(KIND, KEY, state=state, receipt=receipt, token=token)


def held(token: int) -> Item:
    """The order in somebody's hands."""
    return Item(KIND, KEY, State.PROCESSING, Phase.CLAIMED, token=token, agent_id=f"PC-{token}")


def outside(*numbers: str) -> Outside:
    """The ledger with one order, the ERP with these slips."""
    world = Outside(lambda: 0.0)
    world.orders = [KEY]
    world.slips = [Slip(number, KEY, "PC-A", 1.0) for number in numbers]
    return world


def lines(*told: tuple[str, int]) -> Sequence[Entry]:
    """A journal."""
    return [Entry(n, 0, Line(what, KIND, KEY, "agent:PC-A", data={"token": token})) for n, (what, token) in enumerate(told, 1)]


GOOD = lines(("item.claimed", 1), ("item.completed", 1))


def rules(world: Outside, end: Item | None, told: Sequence[Entry] = GOOD, notices: Sequence[str] = ()) -> set[Rule]:
    """Which rules this end breaks."""
    return {v.rule for v in judged(world, {KEY: end}, told, {(notice, KEY) for notice in notices}, 100.0)}


def test_a_good_end_is_good() -> None:
    """One slip, completed with its number; a doubt, a parked and a cancelled order with what belongs to them."""
    assert rules(outside("S-1"), item(State.COMPLETED, "S-1")) == set()
    assert rules(outside("S-1"), item(State.UNCERTAIN), lines(("item.claimed", 1)), ["uncertain"]) == set()
    assert rules(outside(), item(State.PARKED), lines(("item.claimed", 1)), ["parked"]) == set()
    assert rules(outside(), item(State.CANCELLED), lines(("item.claimed", 1))) == set()


@pytest.mark.parametrize(
    ("world", "end", "told", "notices", "rule"),
    [
        (outside("S-1", "S-2"), item(State.COMPLETED, "S-1"), GOOD, [], Rule.ONE_SLIP),
        (outside("S-1"), None, GOOD, [], Rule.NOTHING_FORGOTTEN),
        (outside(), item(State.FAILED), GOOD[:1], [], Rule.COMES_TO_AN_END),
        (outside(), item(State.PROCESSING), GOOD[:1], [], Rule.COMES_TO_AN_END),
        (outside(), item(State.UNCERTAIN), GOOD[:1], [], Rule.PERSON_KNOWS),
        (outside(), item(State.PARKED), GOOD[:1], ["uncertain"], Rule.PERSON_KNOWS),
        (outside("S-1"), item(State.COMPLETED, "S-1"), GOOD, ["uncertain"], Rule.NOTICE_CLOSES),
        (outside(), item(State.COMPLETED, "S-1"), GOOD, [], Rule.SLIP_AND_STATE),
        (outside("S-1"), item(State.COMPLETED, "S-9"), GOOD, [], Rule.SLIP_AND_STATE),
        (outside("S-1"), item(State.WAITING), GOOD[:1], [], Rule.SLIP_AND_STATE),
        (
            outside("S-1"),
            item(State.COMPLETED, "S-1"),
            lines(("item.claimed", 1), ("item.completed", 1), ("item.claimed", 2), ("item.completed", 2)),
            [],
            Rule.COMPLETED_STAYS,
        ),
        (
            outside("S-1"),
            item(State.COMPLETED, "S-1"),
            lines(("item.claimed", 1), ("item.claimed", 2), ("item.completed", 1)),
            [],
            Rule.NO_STALE_WRITE,
        ),
        (
            outside("S-1"),
            item(State.COMPLETED, "S-1"),
            lines(("item.claimed", 2), ("item.claimed", 2)),
            [],
            Rule.NO_STALE_WRITE,
        ),
    ],
)
def test_a_broken_end_is_named(
    world: Outside, end: Item | None, told: Sequence[Entry], notices: Sequence[str], rule: Rule
) -> None:
    """Each rule finds what breaks it."""
    assert rule in rules(world, end, told, notices)


def watched(*calls: tuple[str, tuple, list]) -> set[Rule]:
    """Which rules these writes break."""
    watcher = Watcher(lambda: 0.0, LEASE_MS, 90.0)
    for call, args, result in calls:
        watcher.watch(call, args, result)
    return {violation.rule for violation in watcher.violations}


def test_writes_in_order_are_good() -> None:
    """Given out, renewed, taken over, refused to the old holder, finished by the new one."""
    fence, newer = Fence(REF, 1), Fence(REF, 2)
    done = item(State.COMPLETED, "S-1", 2)
    assert not watched(
        ("claim_many", (), [Grant(held(1), LEASE_MS)]),
        ("renew", ([fence],), [Renewed(fence, LEASE_MS)]),
        ("claim_many", (), [Grant(held(2), LEASE_MS)]),
        ("renew", ([fence],), [Lost(fence, WhyLost.TAKEN)]),
        ("finish", ([Ending(newer, State.COMPLETED, "S-1")],), [done]),
    )


def test_a_write_under_an_old_token_is_named() -> None:
    """Accepted although somebody else got the order since."""
    fence = Fence(REF, 1)
    first, second = ("claim_many", (), [Grant(held(1), LEASE_MS)]), ("claim_many", (), [Grant(held(2), LEASE_MS)])
    assert watched(first, second, ("renew", ([fence],), [Renewed(fence, LEASE_MS)])) == {Rule.NO_STALE_WRITE}
    assert watched(first, first) == {Rule.NO_STALE_WRITE}


def test_a_lease_beyond_its_limit_is_named() -> None:
    """Longer than its own length, or renewed beyond the outer limit."""
    fence = Fence(REF, 1)
    assert watched(("claim_many", (), [Grant(held(1), LEASE_MS + 1)])) == {Rule.LEASE_LIMIT}
    now = [0.0]
    watcher = Watcher(lambda: now[0], LEASE_MS, 90.0)
    watcher.watch("claim_many", (), [Grant(held(1), LEASE_MS)])
    now[0] = 80.0
    watcher.watch("renew", ([fence],), [Renewed(fence, LEASE_MS)])
    assert {violation.rule for violation in watcher.violations} == {Rule.LEASE_LIMIT}


def test_what_is_completed_and_given_out_again_is_named() -> None:
    """Whoever completed it: its holder, or a person."""
    done = ("finish", ([Ending(Fence(REF, 1), State.COMPLETED, "S-1")],), [item(State.COMPLETED, "S-1")])
    given = ("claim_many", (), [Grant(held(1), LEASE_MS)])
    again = ("claim_many", (), [Grant(held(2), LEASE_MS)])
    assert watched(given, done, again) == {Rule.COMPLETED_STAYS}
    assert watched(given, ("override", (), [item(State.COMPLETED)]), again) == {Rule.COMPLETED_STAYS}
