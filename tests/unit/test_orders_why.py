"""Why an order stands as it does, and its story: one true sentence for every state, and every line in its place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onbam.claims.asks import Command, New
from onbam.claims.model import Act, Item, Phase, State
from onbam.effects.model import Outcome, Try
from onbam.journal.model import Entry, Line
from onbam.kernel.chance import Chance
from onbam.kernel.errors import Transient
from onbam.kernel.words import plain
from onbam.orders import agent
from onbam.orders.desk import ROLE
from onbam.orders.evidence import DOCUMENT, HTML
from onbam.orders.flow_words import PORTAL
from onbam.orders.health import IN_A_ROW, Health
from onbam.orders.story import lines_of
from onbam.orders.why import Around, why
from onbam.orders.why_figures import moment, span, who_said
from support.claim_stands import A, B
from support.claiming import orders
from support.desk_world import KIM, SEOUL, Shop, shop_of

NOW = 1_768_264_200_000
"""2026-01-13 09:30:00 in Seoul."""
REF = orders(1)[0]


@pytest.fixture(params=["memory", "sqlite"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    """A shop."""
    with shop_of(request.param, tmp_path) as made:
        yield made


def said(shop: Shop, lang: str = "ko") -> str:
    """Why the order stands as it does."""
    return shop.desk.why(shop.item(REF)).text.to(lang)


def rule(shop: Shop) -> str:
    """The rule's name."""
    return shop.desk.why(shop.item(REF)).rule


def at_work(shop: Shop) -> None:
    """An agent lives."""
    shop.registry.join(A, version="1", pid=1, due_in_ms=3_600_000)


# -- spans and moments ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ms", "ko", "en"),
    [
        (0, "0초", "0 seconds"),
        (-5, "0초", "0 seconds"),
        (1_000, "1초", "1 second"),
        (31_400, "31초", "31 seconds"),
        (72_000, "1분 12초", "1 minute 12 seconds"),
        (120_000, "2분", "2 minutes"),
        (12 * 60_000 + 5_000, "12분", "12 minutes"),
        (3_600_000 + 60_000, "1시간 1분", "1 hour 1 minute"),
        (3 * 86_400_000 + 4 * 3_600_000, "3일 4시간", "3 days 4 hours"),
        (40 * 86_400_000 + 4 * 3_600_000, "40일", "40 days"),
    ],
)
def test_a_span_is_said_as_people_say_it(ms, ko, en):
    """One unit or two."""
    assert (span(ms).to("ko"), span(ms).to("en")) == (ko, en)


@pytest.mark.parametrize(
    ("back_ms", "text"),
    [(0, "09:30:00"), (3_600_000, "08:30:00"), (86_400_000, "01-12 09:30"), (400 * 86_400_000, "2024-12-09 09:30")],
)
def test_a_moment_carries_its_day_only_when_it_must(back_ms, text):
    """Today the time, this year day and time."""
    assert moment(NOW - back_ms, NOW, SEOUL).to("ko") == text


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("agent:PC-A_192.168.1.100", "PC-A"),
        ("person:kim", "kim"),
        ("sheet:someone", "somebody in the sheet"),
        ("system:claims", "Onbam"),
        ("prover:ledger", "our own record of what was sent"),
        ("", "somebody"),
        ("stranger", "stranger"),
    ],
)
def test_names_are_those_people_use(who, name):
    """Of the journal's roles."""
    assert who_said(who).to("en") == name


def test_the_desk_counts_the_seats_the_agent_takes():
    """One word, in two rooms that must not import each other in this direction."""
    assert ROLE == agent.SEAT


# -- every state ------------------------------------------------------------------------------------------------------------


def test_a_held_order_names_its_holder_and_when_the_lease_ends(shop):
    """Who, since when, where, until when, and what then."""
    claims, _ = shop.agent(B)
    held = shop.take(claims, REF)
    shop.clock.advance(18)
    assert said(shop).startswith("PC-B가 18초 전에 잡았고, 맡은 시간은 12초 뒤에 끝납니다.")
    assert "09:30:30부터 다른 PC가 이어받습니다" in said(shop)
    claims.step(held, step="document")
    assert "'문서' 단계" in said(shop)
    shop.clock.advance(20)
    assert (rule(shop), "8초 전에 끝났습니다" in said(shop)) == ("lease-over", True)
    assert "일하는 PC가 없습니다" in said(shop)
    at_work(shop)
    assert "이어받습니다" in said(shop)


def test_an_order_being_entered_is_nobody_elses(shop):
    """While it may be there, and after its lease ended so."""
    claims, _ = shop.agent()
    assert claims.sending(shop.take(claims, REF), 12)
    assert (rule(shop), "아무도 이어받지 않습니다" in said(shop)) == ("sending", True)
    shop.clock.advance(31)
    assert (rule(shop), "'확인 필요'" in said(shop)) == ("sending-over", True)


def test_a_waiting_order_says_how_it_came_to_wait(shop):
    """Found, fallen back, handed back, freed by a person, found to be orphaned."""
    at_work(shop)
    shop.store.add([New(REF)])
    assert said(shop).startswith("0초 전에 원장에서 발견되어")
    held = shop.held(REF)
    shop.clock.advance(31)
    shop.store.expire()
    assert "PC-A의 맡은 시간이 0초 전에 끝나" in said(shop)
    claims, _ = shop.agent(B)
    held = shop.take(claims, REF)
    claims.give_back([held], "다시 시작")
    assert "PC-B가 0초 전에 돌려주어 차례를 기다립니다 (다시 시작)" in said(shop)
    shop.desk.hold(REF.key, **KIM)
    shop.desk.unhold(REF.key, **KIM)
    assert "kim이 0초 전에 대기로 돌렸습니다: 확인함." in said(shop)
    shop.held(REF)
    shop.store.declare_dead([A.agent_id], who="agent:x", why="missed its beat")
    assert "PC-A가 멈춘 것을 알고" in said(shop)


def test_a_waiting_order_says_what_it_waits_for(shop):
    """A free PC; a PC at all; the end of a stop."""
    shop.store.add([New(REF)])
    assert (rule(shop), "onbam agent run" in said(shop)) == ("no-agent", True)
    at_work(shop)
    assert (rule(shop), "가장 먼저 비는 PC가 맡습니다" in said(shop)) == ("turn", True)
    shop.paused = plain("kim: 월말")()
    assert (rule(shop), "kim: 월말" in said(shop)) == ("stopped", True)


def test_a_waiting_order_names_the_connector_that_keeps_it(shop):
    """Away, and tried again by itself; stopped, and a person's. The strongest is said; with all well the next PC takes it."""
    shop.store.add([New(REF)])
    at_work(shop)
    inbox = shop.notices
    away = Health("portal", PORTAL, inbox, shop.clock, Chance(7), who="agent:PC-A_192.168.1.100")
    for _ in range(IN_A_ROW):
        away.troubled(Transient("시간 안에 답이 없음"))
    answer = shop.desk.why(shop.item(REF))
    assert (answer.rule, answer.by_itself) == ("connector", True)
    assert "공급처 사이트에 문제가 이어지고 있습니다: 시간 안에 답이 없음" in said(shop)
    away.rejected(plain("비밀번호가 다릅니다.")(), plain("고치십시오.")())
    answer = shop.desk.why(shop.item(REF))
    assert (answer.rule, answer.by_itself) == ("connector", False)
    assert "비밀번호가 다릅니다." in said(shop)
    away.well()
    assert rule(shop) == "turn"


def test_a_failed_order_says_why_and_when_it_is_tried_again(shop):
    """By itself, at its time; taken away by a person it says by whom."""
    at_work(shop)
    shop.ended(REF, State.FAILED, note="공급처가 502로 답했습니다.", retry_in_s=600)
    reason = shop.desk.why(shop.item(REF))
    assert "PC-A의 1번째 시도가 0초 전에 실패했습니다: 공급처가 502로 답했습니다." in said(shop)
    assert "09:40:00(10분 뒤)에 저절로 다시 시도합니다" in said(shop)
    assert (reason.rule, reason.by_itself, reason.next_at_ms) == ("retry-later", True, shop.item(REF).due_at_ms)
    shop.clock.advance(601)
    assert rule(shop) == "retry"
    shop.held(REF)
    shop.store.override([Command(REF, Act.FAIL, "sheet:someone", "status → failed")])
    assert "시트에서 누군가가 0초 전에 PC-A에서 거두었습니다" in said(shop)


def test_a_completed_order_names_its_slip_and_who_said_so(shop):
    """By a PC, by a person, or only remembered."""
    shop.ended(REF, State.COMPLETED, receipt="20260113-2")
    assert said(shop) == "PC-A가 09:30:00에 마쳤습니다. 전표 번호는 20260113-2입니다. 다시 입력되지 않습니다."
    other = orders(2)[1]
    shop.doubt(other)
    shop.desk.there(other.key, "20260113-3", **KIM)
    text = shop.desk.why(shop.item(other)).text.to("en")
    assert text.startswith("kim settled it as completed at 09:30:00: 확인함. Its slip is 20260113-3.")


def test_a_doubt_says_what_to_look_for_and_from_when_on_it_may_be_denied(shop):
    """The evidence in words, and that it does not go away by itself."""
    shop.doubt(REF)
    reason = shop.desk.why(shop.item(REF))
    assert (reason.rule, reason.by_itself) == ("doubt", False)
    assert "PC-A가 09:30:00에 ERP로 보냈지만, 들어갔는지 알 수 없습니다: no answer within 30 s." in said(shop)
    assert f"ERP에서 {REF.key}를 찾아" in said(shop)
    assert "뒤부터 정할 수 있습니다" in said(shop)
    shop.clock.advance(60)
    assert "뒤부터 정할 수 있습니다" not in said(shop)


def test_a_parked_order_says_who_parked_it_and_why(shop):
    """A person, the flow, or three crashes."""
    shop.ended(REF, State.PARKED, note="품목코드를 모릅니다.")
    assert "0초 전에 보류되었습니다: 품목코드를 모릅니다." in said(shop)
    shop.desk.unhold(REF.key, **KIM)
    shop.desk.hold(REF.key, **KIM)
    assert said(shop).startswith("kim이 0초 전에 보류했습니다: 확인함.")
    other = orders(2)[1]
    for _ in range(3):
        shop.held(other)
        shop.clock.advance(31)
        shop.store.expire()
    reason = shop.desk.why(shop.item(other))
    assert (reason.rule, "3번 멈춰" in reason.text.to("ko")) == ("poison", True)


def test_a_cancelled_order_says_who_cancelled_it(shop):
    """The supplier, or a person."""
    shop.ended(REF, State.CANCELLED, note="공급처가 취소했습니다")
    assert said(shop).startswith("09:30:00에 취소되었습니다: 공급처가 취소했습니다.")
    other = orders(2)[1]
    shop.store.add([New(other)])
    shop.desk.cancel(other.key, **KIM)
    assert shop.desk.why(shop.item(other)).text.to("ko").startswith("kim이 09:30:00에 취소했습니다: 확인함.")


def entries() -> st.SearchStrategy[Entry]:
    """Any line about the order."""
    whats = st.sampled_from(["item.added", "item.expired", "item.hold", "item.there", "item.released", "item.fail", "x"])
    return st.builds(
        Entry, st.integers(1, 9), st.just(NOW), st.builds(Line, whats, st.just("order"), st.just(REF.key), st.text(), st.text())
    )


def items() -> st.SearchStrategy[Item]:
    """Any order, also one that no store would hold."""
    times = st.none() | st.integers(0, 2**42)
    return st.builds(
        Item,
        st.just("order"),
        st.just(REF.key),
        st.sampled_from(State),
        st.none() | st.sampled_from(Phase),
        holder=st.text(max_size=20),
        claimed_at_ms=times,
        expires_at_ms=times,
        due_at_ms=times,
        step=st.text(max_size=9),
        note=st.text(max_size=30),
        receipt=st.text(max_size=9),
        crashes=st.integers(0, 3),
        changed_at_ms=st.integers(0, 2**42),
    )


@given(items(), st.none() | entries(), st.none() | st.integers(0, 3))
def test_every_order_has_a_reason_in_both_languages(item, last, agents):
    """Whatever is known or not, whatever braces and percent signs people write."""
    answer = why(item, Around(NOW, SEOUL, last, agents=agents))
    for text in (answer.now, answer.next, answer.text):
        assert text.to("ko").strip()
        assert text.to("en").strip()


# -- the story --------------------------------------------------------------------------------------------------------------


def test_a_story_is_told_in_the_order_it_happened(shop):
    """Added, taken, document, sent, in doubt, settled: each with its PC, its attempt and what it left."""
    shop.store.add([New(REF)])
    shop.clock.advance(1)
    claims, _ = shop.agent()
    held = shop.take(claims, REF)
    shop.evidence.keep(REF, token=1, attempt=1, step=DOCUMENT, name="a.html", media=HTML, body=b"<p>", by=A.who)
    claims.give_back([held], "restart")
    shop.clock.advance(1)
    shop.doubt(REF, B)
    shop.clock.advance(60)
    shop.desk.there(REF.key, "20260113-4", **KIM)
    story = shop.desk.story(REF.key)
    assert [(line.what, line.machine, line.attempt) for line in story.lines] == [
        ("item.added", "", 0),
        ("item.claimed", "PC-A", 1),
        ("evidence.document", "PC-A", 1),
        ("item.released", "PC-A", 1),
        ("item.claimed", "PC-B", 2),
        ("effect.intent", "PC-B", 2),
        ("item.sending", "PC-B", 2),
        ("effect.unknown", "PC-B", 2),
        ("item.uncertain", "PC-B", 2),
        ("item.there", "", 2),
        ("effect.there", "", 2),
    ]
    assert [line.effect.number for line in story.lines if line.effect] == [1, 1, 1]
    assert story.lines[2].piece.name == "a.html"
    assert (story.why.rule, story.cut) == ("completed", False)
    assert all(line.text.to("ko") != line.text.to("en") for line in story.lines)


def test_what_the_journal_forgot_is_told_from_the_tries():
    """After the retention of the journal the ledger of effects still knows."""
    one = Try(REF.key, 1, "erp.slip", "order", REF.key, 3, A.who, "h", True, "n", Outcome.RECEIPT, 5, 9, 7, "20260113-1")
    (line,) = lines_of([], [one], [])
    assert (line.what, line.at_ms, line.effect) == ("effect.receipt", 7, one)
    assert "20260113-1" in line.text.to("en")


def test_a_word_before_the_first_step_is_told_without_an_empty_name():
    """A PC says what it begins before it is at any step."""
    data = {"token": 1, "step": "", "note": "문서를 받는 중"}
    entry = Entry(1, NOW, Line("item.advanced", "order", REF.key, A.who, data=data))
    (line,) = lines_of([entry], [], [])
    assert line.text.to("ko") == "문서를 받는 중."


def test_a_line_nobody_has_words_for_is_told_as_it_is():
    """A newer program wrote it."""
    entry = Entry(1, NOW, Line("item.teleported", "order", REF.key, "person:kim", "because {x}", {"token": 1}))
    (line,) = lines_of([entry], [], [])
    assert line.text.to("en") == "item.teleported: because {x}."
