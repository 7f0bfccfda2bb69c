"""The orders desk over each kind of store: what it finds, what it lets a person do, and what it refuses in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from onbam.claims.asks import Command, New
from onbam.claims.model import Act, Ref, State
from onbam.connectors.portal.contract import Entry
from onbam.journal.model import Line
from onbam.kernel.errors import Refused
from onbam.orders import flow_words
from onbam.orders.card import Card
from onbam.orders.desk import BULK_MAX, Sort
from onbam.orders.desk_acts import STUCK_MS, DeskAct, NotNow, NotYet, Stale
from onbam.orders.desk_checks import PASTED, Unsure
from onbam.orders.desk_rows import Query
from onbam.orders.evidence import JSON, LEDGER, TAKEN_BACK, Part
from support.claim_stands import B
from support.claiming import orders
from support.desk_world import KIM, KINDS, Shop, shop_of


@pytest.fixture(params=KINDS)
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    """A shop."""
    with shop_of(request.param, tmp_path, look_max=5) as made:
        yield made


def keys(shop: Shop, query: Query, limit: int = 100) -> list[str]:
    """All that a query finds, page after page."""
    found: list[str] = []
    after, pages = "", 0
    while True:
        page = shop.desk.find(query, limit=limit, after=after)
        found += [item.key for item in page.items]
        after = page.after
        pages += 1
        assert pages < 100, "the pages do not end"
        if not after:
            return found


# -- finding ----------------------------------------------------------------------------------------------------------------


def test_the_last_change_comes_first(shop):
    """Without any condition every order is there, the newest change on top, in pages of any length the same."""
    refs = shop.one_of_each()
    newest_first = [refs[n].key for n in ("cancelled", "parked", "uncertain", "failed", "completed", "processing", "waiting")]
    assert keys(shop, Query()) == newest_first
    assert keys(shop, Query(), limit=2) == newest_first


def test_a_whole_number_finds_its_order_however_it_is_typed(shop):
    """With spaces or hyphens inside; also one that is only remembered."""
    refs = shop.one_of_each()
    number = refs["completed"].key
    for typed in (number, f" {number} ", f"{number[:6]}-{number[6:]}", f"{number[:6]} {number[6:]}"):
        assert keys(shop, Query(typed)) == [number]
    shop.clock.advance(8 * 86_400)
    assert shop.store.cleanup(7.0) > 0
    assert keys(shop, Query(number)) == [number]
    assert keys(shop, Query(number, states=(State.WAITING,))) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("260105", 7),
        ("0231", 1),
        ("answers 50", 1),
        ("품목코드", 1),
        ("20260113-1", 1),
        ("pc-a", 6),
        ("192.168.1.100", 6),
        ("%", 0),
        ("nowhere", 0),
        ("x" * 300, 0),
        ("\x00", 7),
        ("힣\U0001f600", 0),
    ],
)
def test_words_are_found_in_number_slip_pc_and_note(shop, text, expected):
    """A beginning, an end, a receipt, a name in any case, an error; nothing is a wild card, and nothing breaks it."""
    shop.one_of_each()
    assert len(keys(shop, Query(text))) == expected


def test_conditions_narrow_together(shop):
    """States, PC and the time of the last change."""
    refs = shop.one_of_each()
    shop.clock.advance(10)
    shop.ended(refs["waiting"], State.FAILED, B, note="late")
    both = (State.FAILED, State.PARKED)
    assert keys(shop, Query(states=both)) == [refs["waiting"].key, refs["parked"].key, refs["failed"].key]
    assert keys(shop, Query(states=both, machine="PC-B")) == [refs["waiting"].key]
    assert keys(shop, Query(states=both, machine="PC-A-7k2m")) == [refs["parked"].key, refs["failed"].key]
    at = shop.item(refs["parked"]).changed_at_ms
    assert keys(shop, Query(states=both, since_ms=at)) == [refs["waiting"].key, refs["parked"].key]
    assert keys(shop, Query(states=both, until_ms=at)) == [refs["failed"].key]


def test_an_order_is_found_by_what_it_is_about(shop):
    """Business, site, customer and products, in any part and case; what stands between them in the store finds nothing."""
    cells = [{"현장명": "래미안 원펜타스 104동", "거래처": "온밤도어"}, {"현장명": 'Tower "A" 3차'}, {}]
    refs = orders(3)
    for ref, kind, seen in zip(refs, ("임업", "산업", "산업"), cells, strict=True):
        shop.clock.advance(1)
        goods = '애쉬그레이 템바보드 12*1220\nDoor "B"' if kind == "임업" else ""
        shop.store.add([New(ref, data=Card(Entry(ref.key, kind, None, cells=seen), goods=goods).data)])
    first, second, third = (ref.key for ref in refs)
    assert keys(shop, Query("원펜타스 104")) == [first]
    assert keys(shop, Query("온밤도어")) == [first]
    assert keys(shop, Query('tower "a"')) == [second]
    assert keys(shop, Query("템바보드")) == keys(shop, Query('DOOR "b"')) == [first]
    assert keys(shop, Query("산업")) == [third, second]
    assert keys(shop, Query("산업"), limit=1) == [third, second]
    for unseen in ("현장명", "cells", "goods", "failures", "false"):
        assert keys(shop, Query(unseen), limit=1) == [], unseen


def test_a_rare_word_is_searched_for_in_portions(shop):
    """Each call looks at a bounded number and says how far it came; going on finds what lies deep."""
    refs = orders(23)
    shop.store.add([New(refs[0], note="the needle")])
    for ref in refs[1:]:
        shop.clock.advance(1)
        shop.store.add([New(ref)])
    first = shop.desk.find(Query("needle"))
    assert list(first.items) == []
    assert first.after
    assert first.looked_to_ms is not None
    assert keys(shop, Query("needle")) == [refs[0].key]


def test_many_changes_of_one_moment_are_paged_without_loss(shop):
    """Orders that were added together have one time; no page skips or repeats one."""
    shop.store.add([New(ref) for ref in orders(40)])
    found = keys(shop, Query(), limit=7)
    assert sorted(found) == [ref.key for ref in orders(40)]
    assert sorted(keys(shop, Query("26010502", machine=""), limit=7)) == [ref.key for ref in orders(40)]


def test_a_place_nobody_gave_out_is_refused(shop):
    """A broken link is said, not guessed."""
    with pytest.raises(Refused):
        shop.desk.find(Query(), after="yesterday")


def test_counts_say_where_orders_stand_and_what_was_completed_today(shop):
    """Yesterday's completed ones do not count."""
    shop.one_of_each()
    counts = shop.desk.counts()
    assert {state: counts[state] for state in State} == dict.fromkeys(State, 1)
    shop.clock.advance(86_400)
    counts = shop.desk.counts()
    assert (counts[State.COMPLETED], counts[State.WAITING], counts[State.UNCERTAIN]) == (0, 1, 1)


# -- what needs a person ----------------------------------------------------------------------------------------------------


def test_what_needs_a_person_comes_in_order_of_need(shop):
    """Doubts, then what is stuck, then what is parked, each with its reason and its acts."""
    refs = shop.one_of_each()
    assert [need.sort for need in shop.desk.needs_you()] == [Sort.DOUBT, Sort.PARKED]
    shop.clock.advance(STUCK_MS / 1000)
    needs = shop.desk.needs_you()
    assert [(need.sort, need.item.key) for need in needs] == [
        (Sort.DOUBT, refs["uncertain"].key),
        (Sort.STUCK, refs["processing"].key),
        (Sort.PARKED, refs["parked"].key),
    ]
    assert [set(need.acts) for need in needs] == [
        {DeskAct.THERE, DeskAct.NOT_THERE},
        {DeskAct.RETRY, DeskAct.HOLD, DeskAct.CANCEL, DeskAct.THERE},
        {DeskAct.RETRY, DeskAct.UNHOLD, DeskAct.CANCEL, DeskAct.THERE},
    ]
    assert "품목코드를 모릅니다" in needs[2].why.text.to("ko")


# -- acting -----------------------------------------------------------------------------------------------------------------


POSSIBLE = {
    "retry": {"failed", "parked", "cancelled"},
    "hold": {"waiting", "failed", "processing"},
    "unhold": {"parked"},
    "cancel": {"waiting", "failed", "processing", "parked"},
    "there": {"waiting", "failed", "processing", "parked", "cancelled", "uncertain"},
    "not_there": {"uncertain"},
}


@pytest.mark.parametrize("act", list(DeskAct))
def test_every_act_is_done_or_refused_in_words(shop, act):
    """In each state: done, with who and why in the journal; or refused, and nothing changed."""
    refs = shop.one_of_each()
    for name, ref in refs.items():
        before = shop.item(ref)
        if name in POSSIBLE[act.value]:
            if act is DeskAct.NOT_THERE:
                shop.desk.see(before)
                shop.clock.advance(120)
            number = f"20260113-{9 + list(refs).index(name)}"
            after = shop.desk.act(act, ref.key, receipt=number, sure=True, **KIM)
            assert after.version > before.version
            told = shop.journal.about("order", ref.key, 1)[0].line
            assert (told.who, told.why) == ("person:kim", "확인함")
        else:
            with pytest.raises(NotNow) as caught:
                shop.desk.act(act, ref.key, receipt="20260113-9", **KIM)
            assert ref.key in caught.value.to("ko")
            assert shop.item(ref) == before


def test_what_changed_since_the_person_looked_is_not_acted_on(shop):
    """The page shows it waiting; PC-B takes and completes it; the button says so and does nothing."""
    ref = orders(1)[0]
    shop.store.add([New(ref)])
    seen = shop.desk.get(ref.key)
    shop.ended(ref, State.COMPLETED, B, receipt="20260113-7")
    shop.clock.advance(3)
    with pytest.raises(Stale) as caught:
        shop.desk.cancel(ref.key, version=seen.version, **KIM)
    said = caught.value.to("ko")
    assert "PC-B" in said
    assert "3초" in said
    assert shop.item(ref).state is State.COMPLETED


def test_an_order_being_entered_is_left_alone(shop):
    """Neither parked nor cancelled nor retried: a word now would make a doubt of what is answered in a second."""
    ref = orders(1)[0]
    claims, _ = shop.agent()
    held = shop.take(claims, ref)
    assert claims.sending(held, 12)
    for act in DeskAct:
        with pytest.raises(NotNow, match="being entered"):
            shop.desk.act(act, ref.key, receipt="1", **KIM)
    assert not held.lost.is_set()
    assert shop.item(ref).state is State.PROCESSING


def test_a_lease_nobody_took_back_is_taken_back_before_a_persons_word(shop):
    """The only PC died while sending: the doubt is there as soon as a person wants to settle it."""
    ref = orders(1)[0]
    claims, _ = shop.agent()
    assert claims.sending(shop.take(claims, ref), 12)
    shop.clock.advance(3600)
    assert shop.desk.there(ref.key, "20260113-3", **KIM).receipt == "20260113-3"
    assert shop.item(ref).state is State.COMPLETED


def test_a_stuck_order_is_freed_with_one_act(shop):
    """In hand, and nothing was heard of it for minutes: retry takes it away; before that it is somebody's work."""
    ref = orders(1)[0]
    claims, _ = shop.agent()
    held = shop.take(claims, ref)
    with pytest.raises(NotNow, match="PC-A"):
        shop.desk.retry(ref.key, **KIM)
    for _ in range(31):
        shop.clock.advance(10)
        claims.renew()
    assert shop.desk.retry(ref.key, **KIM).state is State.FAILED
    claims.renew()
    assert held.lost.is_set()


def test_a_doubt_is_settled_as_not_there_only_when_the_call_must_be_over(shop):
    """Too early it says when; then the order waits again, and the ledger knows who said so."""
    ref = orders(1)[0]
    shop.doubt(ref)
    with pytest.raises(NotYet) as caught:
        shop.desk.not_there(ref.key, **KIM)
    assert shop.item(ref).state is State.UNCERTAIN
    shop.clock.advance(caught.value.wait_s)
    assert shop.desk.not_there(ref.key, **KIM).state is State.WAITING
    assert [one.verdict_by for one in shop.ledger.tries(ref.key)] == ["person:kim"]


def test_a_doubt_is_settled_as_there_with_its_number(shop):
    """At once, for what is there is there; its notice goes."""
    ref = orders(1)[0]
    shop.doubt(ref)
    assert shop.notices.inbox()
    assert shop.desk.there(ref.key, " 20260113-4 ", **KIM).receipt == "20260113-4"
    assert list(shop.notices.inbox()) == []


SLIPS = {"2026/01/13 -4": "20260113-4", "2026-01-13-04": "20260113-4", " 20260113 - 4 ": "20260113-4"}


@pytest.mark.parametrize("typed", SLIPS)
def test_a_slip_s_number_is_understood_as_the_erp_shows_it(shop, typed):
    """With strokes, spaces and a leading nought: one number."""
    ref = orders(1)[0]
    shop.doubt(ref)
    assert shop.desk.there(ref.key, typed, **KIM).receipt == SLIPS[typed]


@pytest.mark.parametrize("typed", ["abc", "20260113", "20261341-3", "1", "trace:x", "20260113-"])
def test_what_is_no_slip_s_number_is_refused_with_its_form(shop, typed):
    """A doubt is not settled by a word nobody can look up."""
    ref = orders(1)[0]
    shop.doubt(ref)
    with pytest.raises(Refused) as caught:
        shop.desk.there(ref.key, typed, sure=True, **KIM)
    assert "20260105-3" in caught.value.hint.to("ko")
    assert shop.item(ref).state is State.UNCERTAIN


def test_two_orders_are_not_completed_under_one_slip(shop):
    """The other order is named; nothing is changed, whatever the person says."""
    first, second = orders(2)
    shop.store.add([New(second)])
    shop.ended(first, State.COMPLETED, receipt="20260113-7")
    with pytest.raises(Refused) as caught:
        shop.desk.there(second.key, "2026/01/13-7", sure=True, **KIM)
    assert first.key in caught.value.to("ko")
    assert "reconcile" in caught.value.hint.to("en")
    assert shop.item(second).state is State.WAITING


def test_the_slip_of_an_order_whose_row_was_cleared_away_is_known_too(tmp_path):
    """What is remembered of it is enough."""
    first, second = orders(2)
    with shop_of("sqlite", tmp_path) as shop:
        shop.ended(first, State.COMPLETED, receipt="20260113-7")
        shop.clock.advance(30 * 86_400)
        assert shop.store.cleanup() == 1
        shop.store.add([New(second)])
        with pytest.raises(Refused, match=first.key):
            shop.desk.there(second.key, "20260113-7", sure=True, **KIM)


def test_that_an_order_stands_there_which_was_never_sent_is_said_explicitly(shop):
    """Parked, waiting or cancelled: the question comes first; a doubt, a refused try and a pasted block need none."""
    refs = shop.one_of_each()
    for number, name in enumerate(("waiting", "parked", "cancelled", "failed"), start=20):
        ref = refs[name]
        with pytest.raises(Unsure) as caught:
            shop.desk.there(ref.key, f"20260113-{number}", **KIM)
        assert "never sent" in caught.value.to("en")
        assert "--sure" in caught.value.hint.to("ko")
        assert shop.desk.question(DeskAct.THERE, shop.item(ref)) is not None
        assert shop.desk.there(ref.key, f"20260113-{number}", sure=True, **KIM).state is State.COMPLETED
    assert shop.desk.there(refs["uncertain"].key, "20260113-30", **KIM).state is State.COMPLETED


def test_what_a_person_was_given_to_enter_may_be_settled_without_a_question(shop):
    """The block was pasted: that it stands there is what everybody expects."""
    ref = orders(1)[0]
    shop.store.add([New(ref)])
    shop.desk.note(Line(PASTED, ref.kind, ref.key, "person:kim", "interface is down"))
    assert shop.desk.there(ref.key, "20260113-9", **KIM).state is State.COMPLETED


def taken_back(shop: Shop) -> Ref:
    """An order the supplier cancelled before it was entered."""
    ref = orders(1)[0]
    shop.store.add([New(ref)])
    shop.store.override([Command(ref, Act.CANCEL, "system:ledger", flow_words.TAKEN_BACK.ko)])
    return ref


def test_an_order_the_supplier_took_back_is_tried_again_only_on_an_explicit_word(shop):
    """Alone it is asked about; among many it is left out."""
    ref = taken_back(shop)
    with pytest.raises(Unsure) as caught:
        shop.desk.retry(ref.key, **KIM)
    assert "공급처가 원장에서 취소했습니다" in caught.value.to("ko")
    assert shop.item(ref).state is State.CANCELLED
    shown = shop.desk.preview(DeskAct.RETRY, Query(states=(State.CANCELLED,)))
    assert (list(shown.possible), list(shown.refused)) == ([], [ref.key])
    assert shop.desk.retry(ref.key, sure=True, **KIM).state is State.WAITING


def test_a_person_s_own_cancellation_is_taken_back_without_a_question(shop):
    """Unless the ledger has said the same since."""
    ref = orders(1)[0]
    shop.store.add([New(ref)])
    shop.desk.cancel(ref.key, **KIM)
    assert shop.desk.question(DeskAct.RETRY, shop.item(ref)) is None
    row = Part(LEDGER, TAKEN_BACK, JSON, b"{}")
    shop.evidence.keep_all(ref, [row], token=0, attempt=0, by="agent:PC-A")
    with pytest.raises(Unsure):
        shop.desk.retry(ref.key, **KIM)


@pytest.mark.parametrize(("reason", "receipt"), [("", "1"), ("  ", "1"), ("seen", ""), ("seen", " "), ("seen", "9" * 201)])
def test_an_act_has_a_reason_and_a_proof_its_number(shop, reason, receipt):
    """Nothing is done without them."""
    ref = orders(1)[0]
    shop.doubt(ref)
    with pytest.raises(Refused):
        shop.desk.there(ref.key, receipt, who="person:kim", reason=reason)
    assert shop.item(ref).state is State.UNCERTAIN


@pytest.mark.parametrize("number", ["2601059999", "", "   ", "x" * 192, "26\x0001"])
def test_an_unknown_number_is_named(shop, number):
    """Also one that cannot be a number."""
    for ask in (shop.desk.get, shop.desk.story):
        with pytest.raises(Refused):
            ask(number)
    with pytest.raises(Refused):
        shop.desk.hold(number, **KIM)


# -- many at once -----------------------------------------------------------------------------------------------------------


def test_an_act_on_many_does_what_its_preview_showed(shop):
    """Those that allow it, counted before; the others are named with the reason."""
    refs = shop.one_of_each()
    query = Query("2601")
    shown = shop.desk.preview(DeskAct.HOLD, query)
    assert (shown.matching, {i.key for i in shown.possible}) == (7, {refs[n].key for n in POSSIBLE["hold"]})
    assert set(shown.refused) == {refs[n].key for n in ("completed", "uncertain", "parked", "cancelled")}
    with pytest.raises(Stale):
        shop.desk.bulk(DeskAct.HOLD, query, expected=2, **KIM)
    done = shop.desk.bulk(DeskAct.HOLD, query, expected=3, **KIM)
    assert {item.key for item in done.done} == {refs[n].key for n in POSSIBLE["hold"]}
    assert {shop.item(refs[n]).state for n in POSSIBLE["hold"]} == {State.PARKED}
    assert shop.journal.about("orders", "hold", 1)[0].line.data["done"] == 3


def test_a_doubt_is_never_settled_in_bulk(shop):
    """Each must be looked at."""
    with pytest.raises(Refused):
        shop.desk.preview(DeskAct.NOT_THERE, Query())


def test_too_many_at_once_are_refused(shop):
    """The limit has a name, and nothing is done."""
    shop.store.add([New(ref) for ref in orders(BULK_MAX + 1)])
    with pytest.raises(Refused, match=str(BULK_MAX)):
        shop.desk.preview(DeskAct.HOLD, Query(states=(State.WAITING,)))
