"""The kernel's small ideas, each held to its promise."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onbam.kernel.chance import Chance
from onbam.kernel.checks import Finding
from onbam.kernel.clock import FakeClock, SystemClock
from onbam.kernel.errors import LeaseLost, Misconfigured, OnbamError, Transient
from onbam.kernel.ids import ALPHABET, ID_LENGTH, new_id
from onbam.kernel.words import Text, language, plain, system_language

LOST = Text(ko="주문 {key}을(를) {holder}이(가) 맡았습니다.", en="{holder} holds order {key}.")


def test_a_text_reads_in_both_languages() -> None:
    """Values are filled once; the reader chooses the language later, also for texts inside texts."""
    said = LOST(key="2601050229", holder=Text(ko="다른 PC", en="another PC"))
    assert said.to("ko") == "주문 2601050229를 다른 PC가 맡았습니다."
    assert said.to("en") == "another PC holds order 2601050229."
    assert said.both() == {"ko": said.to("ko"), "en": said.to("en")}


@given(st.text())
def test_words_of_the_outside_are_quoted_as_they_came(outside: str) -> None:
    """Braces in a foreign message are not places."""
    assert plain(outside)().to("ko") == outside


def test_the_language_follows_the_setting_then_the_system() -> None:
    """A named language wins; else the system's; else English."""
    assert language("en", {"LANG": "ko_KR.UTF-8"}) == "en"
    assert language("auto", {"LANG": "ko_KR.UTF-8"}) == "ko"
    assert system_language({"LC_ALL": "C", "LANG": "ko_KR.UTF-8"}) == "en"


def test_an_error_carries_its_next_step() -> None:
    """Message, hint and context in one; a configuration error has its own exit code."""
    error = LeaseLost(LOST(key="1", holder="PC-B"), plain("Stop."), item="1")
    assert error.to("en") == "PC-B holds order 1. Stop."
    assert error.context == {"item": "1"}
    assert (OnbamError("x").exit_code, Misconfigured("x").exit_code) == (1, 78)
    assert Transient("x", retry_after_s=3).retry_after_s == 3


def test_ids_sort_by_time_and_do_not_repeat() -> None:
    """Ids of one process sort by when they were made."""
    clock, chance = FakeClock(), Chance(7)
    ids = []
    for _ in range(1000):
        clock.advance(0.001)
        ids.append(new_id(clock, chance))
    assert ids == sorted(ids)
    assert len(set(ids)) == 1000
    assert all(len(i) == ID_LENGTH and set(i) <= set(ALPHABET) for i in ids)


def test_seeded_chance_repeats_itself() -> None:
    """The same parts draw the same, other parts do not."""

    def draws(*parts: object) -> list[int]:
        chance = Chance.seeded(*parts)
        return [chance.below(1000) for _ in range(8)]

    assert draws("pc", 1) == draws("pc", 1)
    assert draws("pc", 1) != draws("pc", 2)


def test_a_fake_clock_tells_durations_from_the_wall() -> None:
    """A jump of the wall clock does not touch durations."""
    clock = FakeClock(datetime(2026, 1, 13, tzinfo=UTC))
    before = clock.monotonic()
    clock.jump(-3600)
    assert clock.monotonic() == before
    clock.wait(5)
    assert clock.monotonic() == before + 5


def test_a_wait_ends_when_its_event_is_set() -> None:
    """A stop does not wait for the time to pass."""
    event = threading.Event()
    event.set()
    assert SystemClock().wait(3600, event) is True


def test_a_bad_finding_must_name_its_fix() -> None:
    """A check that complains without a fix is a bug."""
    with pytest.raises(AssertionError):
        Finding("disk", "bad", plain("full")())
