"""Why a PC is as it is: each state has its sentence, its next step and its rule, in both languages."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from onbam.claims.machines import seated
from onbam.claims.model import Agent
from onbam.claims.stores.registry_lines import buried_line
from onbam.journal.model import Entry
from onbam.kernel.words import plain
from onbam.orders.pauses import ALL, Pause
from onbam.orders.why import Why
from onbam.orders.why_pc import RULES, agents_at_work, pause_of, why_pc
from onbam.web.views.events import told

NOW_MS = 1_768_264_200_000
"""09:30 in Seoul."""


def why(state: str, pause: Pause | None = None) -> Why:
    """Of a PC that was heard of 31 seconds ago and promised a sign ten seconds ago."""
    times = {"beat_at_ms": NOW_MS - 31_000, "due_at_ms": NOW_MS - 10_000, "now_ms": NOW_MS}
    return why_pc(state, held=2, zone=ZoneInfo("Asia/Seoul"), pause=pause, **times)


@pytest.mark.parametrize("state", RULES)
def test_every_state_has_its_sentence_with_the_evidence(state: str) -> None:
    """How old the last sign is stands in each, in both languages; only what a person has to do waits for one."""
    found = why(state)
    assert "31초" in found.now.to("ko")
    assert "31 seconds" in found.now.to("en")
    assert found.next.to("ko") != found.next.to("en")
    assert found.rule == RULES[state]
    assert found.by_itself is (state != "stopped")


def test_a_promise_is_said_by_the_clock_on_the_wall() -> None:
    """In the shop's zone."""
    assert "09:29:50" in why("late").now.to("en")


def test_a_stop_explains_a_pc_that_works_and_not_one_that_is_gone() -> None:
    """Its own stop before that of all; a dead PC is dead, whoever stopped it."""
    own, everyone = Pause("PC-A-7k2a", "person:kim", "prices look wrong", 1), Pause(ALL, "person:lee", "", 2)
    assert pause_of("PC-A-7k2a", [everyone, own]) is own
    assert pause_of("PC-B-7k2b", [everyone, own]) is everyone
    assert pause_of("PC-B-7k2b", [own]) is None
    assert why("alive", own).rule == "pause.machine"
    assert why("alive", own).now.to("en") == "kim stopped its work: prices look wrong"
    assert why("busy", everyone).rule == "pause.all"
    assert not why("busy", everyone).by_itself
    assert why("dead", everyone).rule == "machine.dead"


def test_a_stop_file_explains_a_pc_that_works_before_any_other_stop() -> None:
    """It is the one nobody can lift from elsewhere."""
    times = {"beat_at_ms": NOW_MS, "due_at_ms": NOW_MS, "now_ms": NOW_MS}
    own = Pause("PC-A-7k2a", "person:kim", "x", 1)
    said = plain("The file PAUSE is in the home folder.")()
    found = why_pc("alive", held=0, zone=ZoneInfo("Asia/Seoul"), pause=own, by_file=said, **times)
    assert (found.rule, found.now, found.by_itself) == ("pause.file", said, False)
    assert why_pc("dead", held=0, zone=ZoneInfo("Asia/Seoul"), by_file=said, **times).rule == "machine.dead"


def test_a_pc_that_does_not_answer_is_called_by_its_name() -> None:
    """By what people call it, also when nobody has seen it since: its id is for programs."""
    agent = Agent("vm-4etg", "vm-4etg/agent/1", "PC-A", "10.0.0.7")
    [said] = told([Entry(1, 0, buried_line(seated(agent, "1", 7, NOW_MS, 1)))], 1)
    assert said.text.both() == {"ko": "PC-A가 응답하지 않습니다.", "en": "PC-A does not answer."}
    assert said.link == "/machines/PC-A"


def test_only_agents_that_live_and_are_not_stopped_are_at_work() -> None:
    """A stop of all leaves nobody; one of a PC leaves the others; a late one is not counted."""
    peers = [seated(Agent(f"{name}-1", f"{name}-1/agent/1", name, "ip"), "1", 7, NOW_MS, 1000) for name in ("PC-A", "PC-B")]
    own, everyone = Pause("PC-A-1", "person:kim", "x", 1), Pause(ALL, "person:kim", "x", 1)
    assert [agents_at_work(peers, NOW_MS, pauses) for pauses in ([], [own], [everyone])] == [2, 1, 0]
    assert agents_at_work(peers, NOW_MS + 1000) == 0
