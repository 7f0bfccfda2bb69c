"""A doubt about an act: settled by our own book, by a look outside or by a person, and never too early."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from onbam.claims.asks import Command
from onbam.claims.model import Act, State
from onbam.effects.model import Outcome, Try, Verdict
from onbam.effects.perform import Receipt, Sent
from onbam.effects.permit import Permit
from onbam.effects.ports import NotFound
from onbam.effects.settle import Settler
from onbam.effects.stores.memory import MemoryLedger
from onbam.journal.memory import MemoryJournal
from onbam.kernel.errors import LeaseLost, OutcomeUnknown, Refused
from onbam.notices.stores.memory import MemoryNotices
from support.claim_stands import B
from support.claiming import ORDER, now
from support.effect_worlds import WHOLE_CALL_S, World, outcomes, slip, world_of


@pytest.fixture(params=["memory", "sqlite"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Everything an agent needs to send."""
    with world_of(request.param, tmp_path) as made:
        yield made


def in_doubt(world: World, *, arrived: bool) -> None:
    """The order is uncertain; what was sent is there, or not."""
    claims, effects = world.agent()
    held = world.take(claims)

    def silent(_: Permit) -> None:
        raise OutcomeUnknown("no answer")

    if arrived:
        world.outside.after = silent
    else:
        world.outside.before = silent
    with pytest.raises(OutcomeUnknown):
        effects.perform(held, slip(), world.outside.send)
    world.outside.before = world.outside.after = lambda _: None


@pytest.mark.parametrize(("arrived", "state"), [(True, State.COMPLETED), (False, State.WAITING)])
def test_a_look_up_settles_a_doubt_after_the_call_must_have_ended(world: World, arrived: bool, state: State) -> None:
    """Not before: an empty look-up proves nothing while the call may still be on its way."""
    in_doubt(world, arrived=arrived)
    settler = world.settler(proving=True)
    settler.step(world.clock.now())
    world.clock.advance(WHOLE_CALL_S - 1.5)
    settler.step(world.clock.now())
    assert (world.looker.looks, now(world.store).state) == (0, State.UNCERTAIN)
    world.clock.advance(1.5)
    settler.step(world.clock.now())
    assert (world.looker.looks, now(world.store).state) == (1, state)
    (one,) = world.ledger.tries(ORDER.key)
    assert (one.verdict, one.verdict_by) == (Verdict.THERE if arrived else Verdict.NOT_THERE, "prover:erp")
    assert list(world.notices.inbox()) == []


def test_trap_t6_a_clock_set_forward_does_not_make_a_look_up_early(world: World) -> None:
    """The wall clock jumps two minutes while the call is under way: the settler waits by its own, steady clock."""
    in_doubt(world, arrived=False)
    settler = world.settler(proving=True)
    settler.step(world.clock.now())
    world.clock.jump(120)
    settler.step(world.clock.now())
    assert (world.looker.looks, now(world.store).state) == (0, State.UNCERTAIN)


def test_a_look_up_that_cannot_tell_leaves_it_to_a_person(world: World) -> None:
    """The notice stays, the outside is not asked more than once a minute, and nothing is sent."""
    in_doubt(world, arrived=True)
    world.looker.blind = True
    settler = world.settler(proving=True)
    for _ in range(20):
        settler.step(world.clock.now())
        world.clock.advance(5)
    assert (world.looker.looks, now(world.store).state) == (2, State.UNCERTAIN)
    assert len(world.notices.inbox()) == 1


def test_the_notice_of_a_doubt_closes_whoever_ended_it(world: World) -> None:
    """A doubt that ended by another way than this settler (here a person's command) leaves no open notice behind."""
    in_doubt(world, arrived=True)
    settler = world.settler()
    settler.step(world.clock.now())
    assert [notice.key for notice in world.notices.inbox()] == [f"uncertain:{ORDER}"]
    world.store.override([Command(ORDER, Act.COMPLETE, "person:kim", "entered by hand")])
    settler.step(world.clock.now())
    assert list(world.notices.inbox()) == []


def test_a_person_says_it_is_there(world: World) -> None:
    """With the slip's number: completed, never sent again, and who said so is kept."""
    in_doubt(world, arrived=True)
    item = world.settler().there(ORDER, receipt="20260105-12", who="person:kim", why="seen in the ERP")
    assert (item.state, item.receipt, outcomes(world)) == (State.COMPLETED, "20260105-12", ["there"])
    assert list(world.notices.inbox()) == []
    assert [(n.resolved_by, n.resolved_why) for n in world.notices.past()] == [("person:kim", "seen in the ERP")]


def test_a_person_says_it_is_not_there(world: World) -> None:
    """Refused with the seconds to wait while it may be under way; then it is sent again, once."""
    in_doubt(world, arrived=False)
    settler = world.settler()
    with pytest.raises(Refused) as refusal:
        settler.not_there(ORDER, who="person:kim", why="looked")
    assert "15 seconds" in refusal.value.to("en")
    world.clock.advance(WHOLE_CALL_S)
    assert settler.not_there(ORDER, who="person:kim", why="looked").state is State.WAITING
    claims, effects = world.agent(B)
    assert effects.perform(world.take(claims), slip(), world.outside.send) == Sent("slip-1", fresh=True)
    assert outcomes(world) == ["not_there", "receipt"]


def test_trap_t6_a_clock_set_forward_does_not_let_a_person_be_early(world: World) -> None:
    """The store's clock says that the call must be over; our own, since we first saw the doubt, says that it may not be."""
    in_doubt(world, arrived=False)
    world.clock.jump(3600)
    settler = world.settler()
    with pytest.raises(Refused):
        settler.not_there(ORDER, who="person:kim", why="looked")
    world.clock.advance(WHOLE_CALL_S)
    assert settler.not_there(ORDER, who="person:kim", why="looked").state is State.WAITING


def test_trap_t6_a_pc_that_has_only_just_seen_a_doubt_waits_the_whole_call(world: World) -> None:
    """Another PC with a book of its own, which knows nothing of the call; the store's clock was set forward an hour."""
    in_doubt(world, arrived=False)
    world.clock.jump(3600)
    away = MemoryJournal(world.clock)
    elsewhere = Settler(world.store, MemoryLedger(world.clock, away), MemoryNotices(world.clock, away), world.clock)
    item = now(world.store)
    assert elsewhere.wait_s(item) == pytest.approx(item.sending_ms / 1000)
    with pytest.raises(Refused):
        elsewhere.not_there(ORDER, who="person:lee", why="looked")
    world.clock.advance(elsewhere.wait_s(item) + 0.01)
    assert elsewhere.not_there(ORDER, who="person:lee", why="looked").state is State.WAITING


def test_a_settler_that_slept_does_not_settle_a_newer_doubt(world: World) -> None:
    """It saw the first doubt; meanwhile that one was settled, and the order sent again, without an answer again."""
    in_doubt(world, arrived=False)
    seen = now(world.store)
    person = world.settler()
    person.see(seen)
    world.clock.advance(WHOLE_CALL_S)
    person.not_there(ORDER, who="person:kim", why="looked")
    in_doubt(world, arrived=True)
    world.settler().consider(seen)
    with pytest.raises(Refused):
        person.not_there(ORDER, who="person:kim", why="clicked on an old page", version=seen.version)
    assert (now(world.store).state, outcomes(world)) == (State.UNCERTAIN, ["not_there", "unknown"])


def test_a_look_that_took_long_does_not_settle_a_newer_try(world: World) -> None:
    """Its answer is about the try it looked for, and about no other."""
    in_doubt(world, arrived=False)
    seen = now(world.store)
    sleeper = world.settler(proving=True)
    sleeper.see(seen)
    world.clock.advance(WHOLE_CALL_S)

    def meanwhile(_: Try) -> NotFound:
        person = world.settler()
        person.see(now(world.store))
        world.clock.advance(WHOLE_CALL_S)
        person.not_there(ORDER, who="person:kim", why="looked")
        in_doubt(world, arrived=True)
        return NotFound()

    world.looker.look = meanwhile  # type: ignore[method-assign]
    sleeper.consider(seen)
    assert (now(world.store).state, outcomes(world)) == (State.UNCERTAIN, ["not_there", "unknown"])


def test_a_receipt_after_not_there_is_said_loudly(world: World) -> None:
    """A person was wrong: the sleeper's receipt arrives. It is written down, and somebody is told that there may be two."""
    claims, effects = world.agent()
    held = world.take(claims)

    def overtaken(_: Permit) -> None:
        world.clock.advance(60)
        world.store.expire()
        settler = world.settler()
        settler.see(now(world.store))
        world.clock.advance(60)
        settler.not_there(ORDER, who="person:kim", why="looked in the wrong place")

    world.outside.after = overtaken
    with pytest.raises(LeaseLost):
        effects.perform(held, slip(), world.outside.send)
    (one,) = world.ledger.tries(ORDER.key)
    assert (one.outcome, one.contradicted) == (Outcome.RECEIPT, True)
    assert [n.key for n in world.notices.inbox()] == [f"twice:{ORDER.key}"]
    others, acts = world.agent(B)
    assert acts.perform(world.take(others), slip(), world.outside.send) == Sent("slip-1", fresh=False)
    assert len(world.outside.slips) == 1


def test_our_own_ledger_settles_what_it_knows(world: World) -> None:
    """Crashed between the receipt's entry and the next step: no look-up and no person is needed."""
    claims, effects = world.agent()
    held = world.take(claims)

    def last_words(permit: Permit) -> Receipt:
        world.store.fail("advance", 1)
        return world.outside.send(permit)

    effects.perform(held, slip(), last_words)
    world.clock.advance(31)
    world.store.expire()
    assert now(world.store).state is State.UNCERTAIN
    world.settler().step(world.clock.now())
    assert (now(world.store).state, now(world.store).receipt) == (State.COMPLETED, "slip-1")


def test_a_first_of_two_acts_does_not_complete_the_item(world: World) -> None:
    """Its receipt is proof of itself; the item goes on with the second act in the next attempt."""
    claims, effects = world.agent()
    held = world.take(claims)

    def last_words(permit: Permit) -> Receipt:
        world.store.fail("advance", 1)
        return world.outside.send(permit)

    effects.perform(held, slip(last=False), last_words)
    world.clock.advance(31)
    world.store.expire()
    world.settler().step(world.clock.now())
    assert now(world.store).state is State.WAITING


def test_without_a_record_nothing_is_concluded(world: World) -> None:
    """Another PC may have sent it and written that down where we cannot see it: only a person settles."""
    claims, _ = world.agent()
    held = world.take(claims)
    claims.sending(held, 5)
    world.clock.advance(60)
    world.store.expire()
    settler = world.settler(proving=True)
    for _ in range(5):
        settler.step(world.clock.now())
        world.clock.advance(60)
    assert (now(world.store).state, world.looker.looks, len(world.notices.inbox())) == (State.UNCERTAIN, 0, 1)
