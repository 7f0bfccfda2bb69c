"""An agent's hands: what it may rely on, for how long, and what it learns when it may not any more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onbam.claims.asks import WhyDenied
from onbam.claims.keeper import Keeper
from onbam.claims.lease import Lease, Moment
from onbam.claims.machines import Life
from onbam.claims.model import Act, Phase, Ref, State, Terms
from onbam.claims.rendezvous import preferred, weight
from onbam.claims.renewer import Renewer
from onbam.claims.stores.registry_memory import MemoryRegistry
from onbam.journal.memory import MemoryJournal
from onbam.kernel.clock import FakeClock
from onbam.kernel.errors import LeaseLost, Transient
from support.claim_stands import A_AGAIN, A, B
from support.claiming import ORDER, now, orders, told
from support.effect_worlds import World, world_of


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A store that breaks when the test says so."""
    with world_of("memory", tmp_path) as made:
        yield made


# ---- how long


def test_a_lease_is_counted_from_before_the_question() -> None:
    """A slow answer costs our own time: asked at 0, answered at 20 with 30 left, it is good until 27 and not until 47."""
    clock = FakeClock()
    asked = Moment.now(clock)
    clock.advance(20)
    lease = Lease(asked, 30.0)
    assert lease.left_s(clock) == pytest.approx(7.0)


@pytest.mark.parametrize(("wall", "steady", "left"), [(25, 25, 2), (25, 0, 2), (0, 25, 2), (-3600, 25, 2), (3600, 1, -3573)])
def test_the_clock_that_ran_further_is_believed(wall: float, steady: float, left: float) -> None:
    """Asleep, the steady clock may stand still; set back, the wall clock is not believed; set forward, we are careful."""
    clock = FakeClock()
    lease = Lease(Moment.now(clock), 30.0)
    clock.advance(steady)
    clock.jump(wall - steady)
    assert lease.left_s(clock) == pytest.approx(left)


def test_a_lost_lease_stops_the_flow_at_its_next_step(world: World) -> None:
    """A person took it: the step is refused, the event is set, nothing was written."""
    claims, _ = world.agent()
    held = world.take(claims)
    told(world.store, ORDER, Act.HOLD)
    with pytest.raises(LeaseLost) as lost:
        claims.step(held, step="parse")
    assert lost.value.context["why"] == "not_processing"
    assert (held.lost.is_set(), list(claims.held), now(world.store).step) == (True, [], "")


def test_an_agent_cut_from_its_store_stops_by_its_own_clock(world: World) -> None:
    """27 of 30 seconds after the last renewal it does nothing any more, without anybody telling it."""
    claims, _ = world.agent()
    held = world.take(claims)
    world.clock.advance(26)
    held.check()
    world.clock.advance(1)
    with pytest.raises(LeaseLost):
        held.check()


# ---- taking


def test_a8_a_denial_is_news_once(world: World) -> None:
    """`skipped: held by PC-A` is one line, not one a minute; a new holder is news again."""
    claims, _ = world.agent()
    held = world.take(claims)
    others, _ = world.agent(B)
    first, second = others.take([ORDER]), others.take([ORDER])
    assert ([d.why for d in first.news], list(second.news), len(second.denied)) == ([WhyDenied.HELD], [], 1)
    claims.give_back([held], "stopped")
    world.take(claims)
    assert len(others.take([ORDER]).news) == 1


def test_a_lease_whose_answer_was_lost_is_found_again(world: World) -> None:
    """The store granted it and could not say so: the next question takes it up, and only then."""
    claims, _ = world.agent()
    world.store.fail("claim_many", 1, after=True)
    with pytest.raises(Transient):
        claims.take([ORDER])
    assert now(world.store).state is State.PROCESSING
    held = world.take(claims)
    assert held.item.token == 1
    claims.step(held, step="download")


def test_what_a_flow_has_touched_is_not_taken_up_as_an_unheard_answer(world: World) -> None:
    """It went some steps and let the item go: who asks for what is due is not given it, however lost an answer may be."""
    claims, _ = world.agent()
    held = world.take(claims)
    world.clock.advance(1)
    claims.step(held, step="download")
    claims.let_go(held)
    world.store.fail("claim_due")
    with pytest.raises(Transient):
        claims.take_due(["order"], 5)
    assert not claims.take_due(["order"], 5)
    world.clock.advance(31)
    assert [one.item.token for one in claims.take_due(["order"], 5)] == [2]


def test_what_is_in_our_hands_is_not_taken_up_a_second_time(world: World) -> None:
    """An answer was lost and nothing was in it: the flow that works on its item goes on undisturbed."""
    claims, _ = world.agent()
    held = world.take(claims)
    world.store.fail("claim_due")
    with pytest.raises(Transient):
        claims.take_due(["order"], 5)
    assert not claims.take_due(["order"], 5)
    claims.step(held, step="download")


def test_what_a_predecessor_left_is_found_when_the_answer_was_lost(world: World) -> None:
    """Recovered in the store, unknown to us: the first look for work brings it."""
    before, _ = world.agent()
    world.take(before)
    claims, _ = world.agent(A_AGAIN)
    world.store.fail("recover", after=True)
    with pytest.raises(Transient):
        claims.recover()
    assert [held.ref for held in claims.take_due(["order"], 5)] == [ORDER]


def test_what_was_being_sent_is_not_taken_up_again(world: World) -> None:
    """A flow let it go in the middle of sending: nobody works on it before it is settled."""
    claims, _ = world.agent()
    held = world.take(claims)
    claims.sending(held, 5)
    claims.let_go(held)
    assert [d.why for d in claims.take([ORDER]).denied] == [WhyDenied.MINE]
    world.clock.advance(31)
    assert [d.why for d in claims.take([ORDER]).denied] == [WhyDenied.UNCERTAIN]


def test_an_item_in_our_hands_is_not_given_to_a_second_flow(world: World) -> None:
    """Asked for again by the same agent: denied as its own."""
    claims, _ = world.agent()
    world.take(claims)
    taken = claims.take([ORDER])
    assert ([d.why for d in taken.denied], list(taken.held)) == ([WhyDenied.MINE], [])


def test_a_finish_whose_answer_was_lost_is_no_loss(world: World) -> None:
    """Repeated, the same ending is recognised as arrived."""
    claims, _ = world.agent()
    held = world.take(claims)
    world.store.fail("finish", 1, after=True)
    with pytest.raises(Transient):
        claims.finish(held, State.COMPLETED, receipt="s-1")
    assert claims.finish(held, State.COMPLETED, receipt="s-1").state is State.COMPLETED


def test_after_a_cut_nothing_of_the_others_is_taken_at_once(world: World) -> None:
    """The store was away for a minute for all: the first one back gives the others a lease's time to renew."""
    claims, _ = world.agent()
    held = world.take(claims)
    others, _ = world.agent(B)
    world.clock.advance(60)
    world.store.fail("claim_many", 1)
    with pytest.raises(Transient):
        others.take([ORDER])
    assert [d.why for d in others.take([ORDER]).denied] == [WhyDenied.HELD]
    claims.renew()
    assert held.left_s() > 0
    world.clock.advance(90)
    assert [held.item.token for held in others.take([ORDER]).held] == [2]


# ---- keeping


def test_the_renewer_keeps_a_lease_while_its_flow_works(world: World) -> None:
    """Ten minutes in rounds of ten seconds."""
    claims, _ = world.agent()
    held = world.take(claims)
    renewer = Renewer(claims)
    for _ in range(60):
        world.clock.advance(renewer.step(world.clock.now()))
    assert held.left_s() > 10
    assert now(world.store).token == 1


def test_the_renewer_tells_what_was_lost(world: World) -> None:
    """Within one round of it being taken away."""
    claims, _ = world.agent()
    held = world.take(claims)
    lost: list[Ref] = []
    renewer = Renewer(claims, lambda gone: lost.extend(one.ref for one in gone))
    told(world.store, ORDER, Act.FAIL)
    renewer.step(world.clock.now())
    assert (lost, held.lost_why) == ([ORDER], "not_processing")


def test_the_renewer_goes_on_trying_and_gives_up_in_time(world: World) -> None:
    """The store is away: it asks every two seconds; when the lease may not be relied on any more, the flow is told."""
    claims, _ = world.agent()
    held = world.take(claims)
    world.store.fail("renew", 100)
    renewer = Renewer(claims)
    pauses = []
    while not held.lost.is_set():
        pauses.append(renewer.step(world.clock.now()))
        world.clock.advance(pauses[-1])
    assert pauses[:2] == [2.0, 2.0]
    assert len(pauses) == 15


def test_a_stop_hands_everything_back(world: World) -> None:
    """Every lease at once; what is being sent stays in doubt."""
    claims, _ = world.agent()
    first, second = claims.take(orders(2)).held
    claims.sending(second, 5)
    assert {i.ref: i.state for i in claims.stop()} == {first.ref: State.WAITING, second.ref: State.UNCERTAIN}
    assert list(claims.held) == []


def test_a_sending_that_the_lease_cannot_cover_is_renewed_first(world: World) -> None:
    """Five seconds left and ten needed: renewed, then granted; forty needed: never."""
    claims, _ = world.agent()
    held = world.take(claims)
    world.clock.advance(22)
    assert claims.sending(held, 10)
    assert now(world.store).phase is Phase.SENDING
    (other,) = claims.take(orders(2)[1:]).held
    assert not claims.sending(other, 40)
    assert now(world.store, other.ref).phase is Phase.CLAIMED


# ---- the keeper


def test_the_keeper_frees_what_a_dead_agent_held(world: World) -> None:
    """A5: its beat is missed, and its items are free at once, long before the lease of half an hour ends."""
    store = world.store
    registry = MemoryRegistry(world.clock, MemoryJournal(world.clock))
    claims, _ = world.agent()
    world.take(claims)
    others, _ = world.agent(B)
    for agent in (A, B):
        registry.join(agent, version="1", pid=1, due_in_ms=20_000)
    keeper = Keeper(others, world.clock, registry=registry, notices=world.notices)
    keeper.step(world.clock.now())
    assert now(store).state is State.PROCESSING
    world.clock.advance(21)
    keeper.step(world.clock.now())
    assert (now(store).state, now(store).crashes) == (State.WAITING, 1)
    assert store.changes(0).entries[-1].line.who == B.who, "the journal names a PC the same way whatever it did"


def test_an_agent_declared_dead_while_it_stood_still_is_back_at_its_next_round(world: World) -> None:
    """Its leases are others' by then; it goes on with new ones, and everybody sees that it lives."""
    registry = MemoryRegistry(world.clock, MemoryJournal(world.clock))
    claims, _ = world.agent()
    registry.join(A, version="1", pid=1, due_in_ms=10_000)
    world.clock.advance(30)
    registry.bury()
    Keeper(claims, world.clock, registry=registry).step(world.clock.now())
    assert [peer.life for peer in registry.peers()] == [Life.ALIVE]


def test_the_keeper_says_which_items_wait_for_a_person(world: World) -> None:
    """A notice for each parked item, gone when it is let go."""
    claims, _ = world.agent()
    keeper = Keeper(claims, world.clock, notices=world.notices)
    world.take(claims)
    told(world.store, ORDER, Act.HOLD)
    keeper.step(world.clock.now())
    keeper.step(world.clock.now())
    assert [(n.key, n.count) for n in world.notices.inbox()] == [(f"parked:{ORDER}", 1)]
    told(world.store, ORDER, Act.UNHOLD)
    keeper.step(world.clock.now())
    assert list(world.notices.inbox()) == []


def test_the_keeper_cleans_up_once_a_day(world: World) -> None:
    """A29: by itself; what ended eight days ago is gone, and asked for again it is still completed."""
    claims, _ = world.agent()
    keeper = Keeper(claims, world.clock)
    keeper.step(world.clock.now())
    claims.finish(world.take(claims), State.COMPLETED, receipt="1")
    world.clock.advance(8 * 86_400)
    keeper.step(world.clock.now())
    assert world.store.counts() == {}
    assert [d.why for d in claims.take([ORDER]).denied] == [WhyDenied.COMPLETED]


def test_the_keeper_is_quiet_while_the_store_is_away(world: World) -> None:
    """And gives the others time afterwards."""
    claims, _ = world.agent()
    keeper = Keeper(claims, world.clock)
    world.store.fail("expire", 1)
    assert keeper.step(world.clock.now()) == 5.0
    assert claims.grace_ms == 30_000
    world.clock.advance(31)
    assert claims.grace_ms == 0


def test_a_short_lease_is_swept_more_often(tmp_path: Path) -> None:
    """An ended lease is noticed within a sixth of its length."""
    with world_of("memory", tmp_path, Terms(lease_ms=3000)) as world:
        claims, _ = world.agent(A_AGAIN)
        assert Keeper(claims, world.clock).pause_s == pytest.approx(0.5)


# ---- rendezvous


@given(st.sets(st.text("0123456789", min_size=1, max_size=10), max_size=40), st.permutations(["A", "B", "C"]))
def test_every_item_has_one_machine_that_wants_it_most(keys: set[str], machines: list[str]) -> None:
    """Machines that know each other divide the items among them without a word; nobody leaves one out."""
    refs = [Ref("order", key) for key in sorted(keys)]
    firsts: list[Ref] = []
    for machine in machines:
        order = preferred(machine, refs, machines)
        assert sorted(order, key=str) == sorted(refs, key=str)
        mine = [ref for ref in refs if weight(machine, ref) == max(weight(peer, ref) for peer in machines)]
        assert set(order[: len(mine)]) == set(mine)
        firsts += mine
    assert sorted(firsts, key=str) == sorted(refs, key=str)


def test_the_order_of_preference_never_changes() -> None:
    """A new version of Python or of ours must not make running PCs collide."""
    refs = [Ref("order", f"26010502{n:02d}") for n in range(6)]
    assert [ref.key[-2:] for ref in preferred("PC-A-7k2m", refs)] == ["05", "02", "01", "00", "03", "04"]
