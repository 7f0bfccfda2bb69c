"""An act that must never happen twice: whatever breaks around it, it is in the world at most once, and somebody knows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from onbam.claims.lease import Lease, Moment
from onbam.claims.model import Phase, Ref, State, Terms
from onbam.effects.perform import Effects, Receipt, Sent, Withheld
from onbam.effects.permit import Permit
from onbam.kernel.errors import ContractBroken, LeaseLost, OutcomeUnknown, Refused, Transient
from onbam.kernel.words import Text, heard
from support.claim_stands import A_AGAIN, A, B
from support.claiming import ORDER, now
from support.effect_worlds import WHOLE_CALL_S, World, dies, outcomes, slip, world_of


@pytest.fixture(params=["memory", "sqlite", "memory joint", "sqlite joint"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Everything an agent needs to send."""
    with world_of(request.param, tmp_path) as made:
        yield made


def test_an_act_is_written_down_before_and_after(world: World) -> None:
    """Intent first, `sending` while it runs, receipt afterwards; the item stays out of reach until it is finished with it."""
    claims, effects = world.agent()
    held = world.take(claims)
    seen: list[tuple[str, Phase | None]] = []
    world.outside.before = lambda _: seen.append((outcomes(world)[0], now(world.store).phase))
    assert effects.perform(held, slip(), world.outside.send) == Sent("slip-1", fresh=True)
    assert seen == [("intent", Phase.SENDING)]
    assert (outcomes(world), now(world.store).phase) == (["receipt"], Phase.SENDING)
    assert claims.finish(held, State.COMPLETED, receipt="slip-1").state is State.COMPLETED


def test_an_act_that_is_not_the_last_leaves_an_ordinary_item(world: World) -> None:
    """More steps follow: back in `claimed`, and the receipt is in the book."""
    claims, effects = world.agent()
    held = world.take(claims)
    effects.perform(held, slip(last=False), world.outside.send)
    assert (outcomes(world), now(world.store).phase) == (["receipt"], Phase.CLAIMED)


def test_between_the_receipt_and_the_end_nobody_takes_over(world: World) -> None:
    """An agent that dies there leaves a doubt, which its own book settles; a PC with another book must not send again."""
    claims, effects = world.agent()
    effects.perform(world.take(claims), slip(), world.outside.send)
    world.clock.advance(3600)
    later, _ = world.agent(B)
    assert later.take([ORDER]).held == []
    assert now(world.store).state is State.UNCERTAIN


def test_a_key_with_a_receipt_is_never_sent_again(world: World) -> None:
    """The next attempt gets the old receipt and sends nothing; other content than before is said to a person."""
    claims, effects = world.agent()
    held = world.take(claims)
    effects.perform(held, slip("h1", last=False), world.outside.send)
    claims.give_back([held], "restart")
    later, again = world.agent(B)
    assert again.perform(world.take(later), slip("h2"), world.outside.send) == Sent("slip-1", fresh=False)
    assert len(world.outside.slips) == 1
    assert [notice.key for notice in world.notices.inbox()] == [f"changed:{ORDER.key}"]


def test_trap_t2_a_crash_after_sending_is_never_repeated_blindly(world: World) -> None:
    """The PC dies between the ERP's yes and `completed`: the item is uncertain, nobody gets it, a person is told."""
    claims, effects = world.agent()
    held = world.take(claims)
    world.outside.after = dies
    world.ledger.fail("tell", 9)  # a dead process tells nobody
    with pytest.raises(KeyboardInterrupt):
        effects.perform(held, slip(), world.outside.send)
    world.clock.advance(31)
    other, _ = world.agent(B)
    assert [d.why.value for d in other.take([ORDER]).denied] == ["uncertain"]
    world.settler().step(world.clock.now())
    assert [n.key for n in world.notices.inbox()] == [f"uncertain:order:{ORDER.key}"]
    assert len(world.outside.slips) == 1


def test_trap_t2_a_restarted_agent_does_not_repeat_what_it_may_have_sent(world: World) -> None:
    """The same seat after a crash while sending: it is told that its item is uncertain, not given it."""
    claims, effects = world.agent()
    held = world.take(claims)
    world.outside.after = dies
    with pytest.raises(KeyboardInterrupt):
        effects.perform(held, slip(), world.outside.send)
    again, _ = world.agent(A_AGAIN)
    recovered = again.recover()
    assert (list(recovered.held), [item.state for item in recovered.others]) == ([], [State.UNCERTAIN])


def test_a12_a_pc_that_dies_in_the_middle_of_a_download_is_taken_over(world: World) -> None:
    """Nothing has left the house: another PC goes on when the lease is over, and there is one slip."""
    claims, _ = world.agent()
    claims.step(world.take(claims), step="download")
    world.clock.advance(31)
    others, acts = world.agent(B)
    held = world.take(others)
    acts.perform(held, slip(), world.outside.send)
    assert others.finish(held, State.COMPLETED, receipt="slip-1").holder == B.holder
    assert world.outside.slips == [ORDER.key]


@pytest.mark.parametrize("arrived", [True, False])
def test_a12_a_pc_that_dies_in_the_middle_of_an_upload_is_looked_after(world: World, arrived: bool) -> None:
    """In doubt until the ERP was asked: completed when the slip is there, sent once by another PC when it is not."""
    claims, effects = world.agent()
    held = world.take(claims)
    if arrived:
        world.outside.after = dies
    else:
        world.outside.before = dies
    world.ledger.fail("tell", 9)
    with pytest.raises(KeyboardInterrupt):
        effects.perform(held, slip(), world.outside.send)
    world.outside.before = world.outside.after = lambda _: None
    world.ledger.fail("tell", 0)
    world.clock.advance(31)
    world.store.expire()
    settler = world.settler(proving=True)
    settler.step(world.clock.now())
    world.clock.advance(WHOLE_CALL_S)
    settler.step(world.clock.now())
    if not arrived:
        others, acts = world.agent(B)
        again = world.take(others)
        acts.perform(again, slip(), world.outside.send)
        others.finish(again, State.COMPLETED, receipt="slip-1")
    assert (now(world.store).state, world.outside.slips) == (State.COMPLETED, [ORDER.key])


def test_a12_a_pc_that_dies_before_completed_is_completed_by_the_receipt(world: World) -> None:
    """The ERP has said yes and the ledger knows it: any PC's settler completes the order, and nothing is sent."""
    claims, effects = world.agent()
    effects.perform(world.take(claims), slip(), world.outside.send)
    world.clock.advance(31)
    world.store.expire()
    world.settler().step(world.clock.now())
    assert (now(world.store).state, now(world.store).receipt) == (State.COMPLETED, "slip-1")
    assert world.outside.slips == [ORDER.key]


def test_no_answer_is_doubt_and_ends_the_attempt(world: World) -> None:
    """A time-out after sending: unknown in the ledger, uncertain for all, one notice with what to do."""
    claims, effects = world.agent()
    held = world.take(claims)

    def silent(_: Permit) -> None:
        raise OutcomeUnknown("no answer")

    world.outside.after = silent
    with pytest.raises(OutcomeUnknown):
        effects.perform(held, slip(), world.outside.send)
    assert (outcomes(world), now(world.store).state) == (["unknown"], State.UNCERTAIN)
    assert len(world.notices.inbox()) == 1


def test_what_is_written_down_is_read_in_either_language(world: World) -> None:
    """The sentence a person has to act on, in the ledger and on the order."""
    claims, _ = world.agent()

    def silent(_: Permit) -> None:
        raise OutcomeUnknown(Text(ko="답이 없었습니다", en="no answer")())

    world.outside.after = silent
    effects = Effects(world.ledger, claims, world.notices)
    with pytest.raises(OutcomeUnknown):
        effects.perform(world.take(claims), slip(), world.outside.send)
    both = {"ko": "답이 없었습니다", "en": "no answer"}
    assert heard(now(world.store).note).both() == both
    assert [heard(one.detail).both() for one in world.ledger.tries(ORDER.key)] == [both]


@pytest.mark.parametrize("error", [ContractBroken("strange page"), AssertionError("a bug")])
def test_whatever_breaks_in_the_call_is_doubt(world: World, error: Exception) -> None:
    """An answer nobody understands and a bug of ours both say: it may be there."""
    claims, effects = world.agent()
    held = world.take(claims)

    def breaks(_: Permit) -> None:
        raise error

    world.outside.after = breaks
    with pytest.raises((OutcomeUnknown, AssertionError)):
        effects.perform(held, slip(), world.outside.send)
    assert outcomes(world) == ["unknown"]
    if not held.lost.is_set():  # what the attempt's boundary does then: from `sending` it can only end in doubt
        claims.finish(held, State.FAILED)
    assert now(world.store).state is State.UNCERTAIN


@pytest.mark.parametrize("error", [Refused("wrong customer"), Transient("429")])
def test_a_definite_no_may_be_tried_again(world: World, error: Refused | Transient) -> None:
    """The outside said no before doing anything: the item is ordinary again, and a second try is a second entry."""
    claims, effects = world.agent()
    held = world.take(claims)

    def says_no(_: Permit) -> None:
        raise error

    world.outside.before = says_no
    with pytest.raises(type(error)):
        effects.perform(held, slip(), world.outside.send)
    assert now(world.store).phase is Phase.CLAIMED
    world.outside.before = lambda _: None
    assert effects.perform(held, slip(), world.outside.send) == Sent("slip-1", fresh=True)
    assert outcomes(world) == ["refused", "receipt"]


def test_a_stop_holds_the_act_until_the_last_moment(world: World) -> None:
    """A stop set before the act, and one set between `sending` and the first byte: nothing goes out."""
    claims, effects = world.agent()
    held = world.take(claims)
    world.pull_the_brake()
    assert isinstance(effects.perform(held, slip(), world.outside.send), Withheld)
    world.stop = None

    def braked(permit: Permit) -> Receipt:
        world.pull_the_brake()
        return world.outside.send(permit)

    assert isinstance(effects.perform(held, slip(), braked), Withheld)
    assert (world.outside.slips, outcomes(world), now(world.store).phase) == ([], ["withdrawn"], Phase.CLAIMED)


def test_an_act_that_outlasts_the_lease_is_not_started(tmp_path: Path) -> None:
    """With a lease shorter than the act's hard time-out nothing is ever sent, and the reason is said."""
    with world_of("memory", tmp_path, Terms(lease_ms=10_000)) as world:
        claims, effects = world.agent()
        held = world.take(claims)
        answer = effects.perform(held, slip(), world.outside.send)
        assert isinstance(answer, Withheld)
        assert (world.outside.slips, outcomes(world), now(world.store).phase) == ([], ["withdrawn"], Phase.CLAIMED)


def test_trap_t3_a_pc_that_slept_before_sending_sends_nothing(world: World) -> None:
    """Asleep between claim and act, another PC did it: the sleeper is stopped by its own clock or by the store."""
    claims, effects = world.agent()
    held = world.take(claims)
    world.clock.advance(40)
    others, acts = world.agent(B)
    theirs = world.take(others)
    acts.perform(theirs, slip(), world.outside.send)
    with pytest.raises(LeaseLost):
        effects.perform(held, slip(), world.outside.send)
    assert world.outside.slips == [ORDER.key]


def test_a_pc_that_slept_between_sending_and_the_first_byte_sends_nothing(world: World) -> None:
    """The store granted `sending`, then the lid was closed: the last look at the clock stops it."""
    claims, effects = world.agent()
    held = world.take(claims)

    def sleeps(permit: Permit) -> Receipt:
        world.clock.advance(60)
        return world.outside.send(permit)

    answer = effects.perform(held, slip(), sleeps)
    assert isinstance(answer, Withheld)
    assert (world.outside.slips, outcomes(world)) == ([], ["withdrawn"])


def test_a_pc_that_froze_before_the_first_byte_sends_nothing_after_others_went_on(world: World) -> None:
    """Frozen with `sending` in hand and most of its lease left; taken for dead, looked up, sent by another PC meanwhile."""
    claims, effects = world.agent()
    held = world.take(claims)

    def freezes(permit: Permit) -> Receipt:
        world.store.declare_dead([A.agent_id], who="system:fleet", why="no beat")
        settler = world.settler(proving=True)
        settler.step(world.clock.now())
        world.clock.advance(14.5)
        settler.step(world.clock.now())
        assert held.left_s() > permit.timeout_s
        others, acts = world.agent(B)
        acts.perform(world.take(others), slip(), world.outside.send)
        return world.outside.send(permit)

    with pytest.raises(LeaseLost):
        effects.perform(held, slip(), freezes)
    assert len(world.outside.slips) == 1


def test_an_act_that_does_not_begin_in_time_does_not_begin(world: World) -> None:
    """Slow before its first byte, with plenty of the lease left: others count on the call to be over by then. Tried later."""
    claims, effects = world.agent()
    held = world.take(claims)

    def dawdles(permit: Permit) -> Receipt:
        world.clock.advance(permit.start_s + 0.1)
        return world.outside.send(permit)

    assert isinstance(effects.perform(held, slip(), dawdles), Withheld)
    assert (world.outside.slips, outcomes(world), now(world.store).phase) == ([], ["withdrawn"], Phase.CLAIMED)
    assert effects.perform(held, slip(), world.outside.send) == Sent("slip-1", fresh=True)


def test_a_receipt_that_comes_too_late_is_still_proof(world: World) -> None:
    """The call outlived the lease and the item is in doubt; the receipt is written down and completes it."""
    claims, effects = world.agent()
    held = world.take(claims)

    def slow(_: Permit) -> None:
        world.clock.advance(60)
        world.store.expire()
        world.settler().step(world.clock.now())

    world.outside.after = slow
    with pytest.raises(LeaseLost):
        effects.perform(held, slip(), world.outside.send)
    assert list(world.notices.inbox()) == []
    assert (outcomes(world), now(world.store).state, now(world.store).receipt) == (["receipt"], State.COMPLETED, "slip-1")


def test_a_receipt_the_ledger_could_not_take_is_brought_later(world: World) -> None:
    """The ledger is away for a while right after the ERP's yes: nothing is forgotten, nothing is sent again."""
    world.part()
    claims, effects = world.agent()
    held = world.take(claims)
    world.ledger.fail("tell", 2)
    assert effects.perform(held, slip(), world.outside.send) == Sent("slip-1", fresh=True)
    assert (outcomes(world), effects.owes) == (["intent"], 1)
    assert (effects.pay(), effects.pay()) == (1, 0)
    assert outcomes(world) == ["receipt"]


def test_an_intent_whose_answer_got_lost_is_found_again(world: World) -> None:
    """The ledger wrote it and could not say so: the same try goes on, there is no doubt about it."""
    world.part()
    claims, effects = world.agent()
    held = world.take(claims)
    world.ledger.fail("intend", 1, after=True)
    assert effects.perform(held, slip(), world.outside.send) == Sent("slip-1", fresh=True)
    assert outcomes(world) == ["receipt"]


def test_an_intent_that_was_never_answered_is_withdrawn_later(world: World) -> None:
    """The ledger stays away: nothing is sent, and once it is back it learns so."""
    world.part()
    claims, effects = world.agent()
    held = world.take(claims)
    world.ledger.fail("intend", 3, after=True)
    with pytest.raises(Transient):
        effects.perform(held, slip(), world.outside.send)
    assert outcomes(world) == ["intent"]
    effects.pay()
    assert outcomes(world) == ["withdrawn"]
    assert effects.perform(held, slip(), world.outside.send) == Sent("slip-1", fresh=True)


def test_a_store_that_grants_sending_and_cannot_say_so_leaves_no_doubt(world: World) -> None:
    """Its answer got lost, so nothing was sent; the item ends in doubt for the store, and the ledger frees it."""
    world.part()
    claims, effects = world.agent()
    held = world.take(claims)
    world.store.fail("advance", 1, after=True)
    with pytest.raises(Transient):
        effects.perform(held, slip(), world.outside.send)
    claims.finish(held, State.FAILED)
    assert (now(world.store).state, outcomes(world)) == (State.UNCERTAIN, ["withdrawn"])
    settler = world.settler()
    settler.step(world.clock.now())
    world.clock.advance(WHOLE_CALL_S)
    settler.step(world.clock.now())
    assert now(world.store).state is State.WAITING
    assert list(world.notices.inbox()) == []


def test_an_intent_left_by_a_dead_agent_does_not_stop_the_next_one(world: World) -> None:
    """It died between writing the intent and being allowed to send; the item came to another, so nothing was sent."""
    world.part()
    claims, effects = world.agent()
    held = world.take(claims)
    world.store.fail("advance", 1)
    world.ledger.fail("tell", 1)
    with pytest.raises(Transient):
        effects.perform(held, slip(), world.outside.send)
    world.clock.advance(31)
    others, acts = world.agent(B)
    assert acts.perform(world.take(others), slip(), world.outside.send) == Sent("slip-1", fresh=True)
    assert outcomes(world) == ["not_there", "receipt"]
    effects.pay()
    assert outcomes(world) == ["not_there", "receipt"]


# -- store and ledger in one step ---------------------------------------------------------------------------------------------


def said(receipt: Receipt) -> str:
    """What is said of the item when it is done."""
    return f"entered as {receipt.number}"


@pytest.fixture(params=["memory joint", "sqlite joint"])
def together(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """A world where they lie together."""
    with world_of(request.param, tmp_path) as made:
        yield made


def test_together_the_receipt_completes_the_item(together: World) -> None:
    """Before the call the intent is there and the item in `sending`; with the answer both are done."""
    claims, effects = together.agent()
    held = together.take(claims)
    seen: list[tuple[str, Phase | None]] = []
    together.outside.before = lambda _: seen.append((outcomes(together)[0], now(together.store).phase))
    sent = effects.perform(held, slip(), together.outside.send, note=said)
    assert (sent, seen) == (Sent("slip-1", fresh=True, finished=True), [("intent", Phase.SENDING)])
    item = now(together.store)
    assert (outcomes(together), item.state, item.receipt) == (["receipt"], State.COMPLETED, "slip-1")
    assert (item.note, claims.held) == ("entered as slip-1", [])


def test_together_a_key_in_doubt_leaves_the_item_as_it_was(together: World) -> None:
    """Somebody else may have sent it: the item does not become one that may be under way, and nothing is sent."""
    claims, effects = together.agent()
    other = together.agent(B)[0].take([Ref("order", "2601050999")]).held[0]
    together.ledger.intend(slip(), other.item, B.who, "b", deadline_in_ms=1)
    held = together.take(claims)
    with pytest.raises(OutcomeUnknown):
        effects.perform(held, slip(), together.outside.send, note=said)
    assert (outcomes(together), now(together.store).sending_until_ms, together.outside.slips) == (["intent"], None, [])


def test_together_a_lost_lease_leaves_no_intent(together: World) -> None:
    """Another PC has it already: nothing is written about an act that will not be."""
    claims, effects = together.agent()
    held = together.take(claims)
    together.store.declare_dead([A.agent_id], who="person:kim", why="it hangs")
    with pytest.raises(LeaseLost):
        effects.perform(held, slip(), together.outside.send, note=said)
    assert (outcomes(together), together.outside.slips) == ([], [])


@pytest.mark.parametrize("after", [False, True])
def test_together_what_was_not_answered_is_asked_for_again(together: World, after: bool) -> None:
    """Whether it was written or not: one intent, one slip, one receipt, and the item ends with it."""
    claims, effects = together.agent()
    held = together.take(claims)
    together.joint.fail("begin", 1, after=after)
    together.joint.fail("complete", 1, after=after)
    assert effects.perform(held, slip(), together.outside.send, note=said) == Sent("slip-1", fresh=True)
    assert claims.finish(held, State.COMPLETED, receipt="slip-1").state is State.COMPLETED
    assert (outcomes(together), len(together.outside.slips)) == (["receipt"], 1)


def test_together_a_receipt_is_kept_although_its_lease_is_gone(together: World) -> None:
    """Somebody took the PC for dead during the call, and another one settled it: the receipt stands in the book."""
    claims, effects = together.agent()
    held = together.take(claims)

    def taken_for_dead(_: Permit) -> None:
        together.store.declare_dead([A.agent_id], who="person:kim", why="it hangs")
        desk = together.settler()
        desk.step(together.clock.now())
        together.clock.advance(WHOLE_CALL_S)
        desk.not_there(held.ref, who="person:kim", why="I looked")
        together.agent(B)[0].take([held.ref])
        held.lease = Lease(Moment.now(together.clock), 60.0)

    together.outside.before = taken_for_dead
    assert effects.perform(held, slip(), together.outside.send, note=said).receipt == "slip-1"
    (one,) = together.ledger.tries(ORDER.key)
    assert (one.contradicted, one.receipt, now(together.store).agent_id) == (True, "slip-1", B.agent_id)
    assert any(key.startswith("twice:") for key in (notice.key for notice in together.notices.inbox()))
