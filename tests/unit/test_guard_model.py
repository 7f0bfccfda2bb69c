"""The guard's rules: how patiently it restarts, and how it judges what it hears."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onbam.guard.judge import Gap, Seen, holds, judge
from onbam.guard.model import (
    Ends,
    Facts,
    Handover,
    Patience,
    Spec,
    Stage,
    after_end,
    first_stage,
    hours_of,
    is_misconfigured,
    is_stale,
    next_stage,
    recovered,
)
from onbam.kernel.beats import STARTING, Beat, Lane, State
from onbam.kernel.errors import Misconfigured

SEOUL = ZoneInfo("Asia/Seoul")
SPEC = Spec("agent", ("python",), ".", watch="beats")
LIVED = st.floats(0, 2_000)


# -- patience


@given(st.lists(LIVED, min_size=1, max_size=120), st.integers(1, 8), st.floats(10, 600))
def test_it_never_gives_up_and_never_storms(lives: list[float], burst: int, slow_s: float) -> None:
    """Whatever a program does, every end is followed by a start, and no ten minutes see more than the budget allows."""
    patience, ends, now_s = Patience(burst, slow_s), Ends(), 0.0
    starts, told = [0.0], 0
    for lived_s in lives:
        now_s += lived_s
        again = after_end(ends, now_s, lived_s, patience)
        assert 0 < again.delay_s <= max(slow_s, 60)
        ends, told = again.ends, told + again.tell
        now_s += again.delay_s
        starts.append(now_s)
    for begin in starts:
        inside = [s for s in starts if begin <= s < begin + 600]
        assert len(inside) <= burst + 2 + 600 / slow_s
    calm = sum(1 for lived_s in lives if lived_s >= Patience().steady_s)
    assert told <= calm + 1, "one notice an episode"


def test_the_first_restart_comes_at_once_and_the_next_ones_later() -> None:
    """0.05 s, then 1, 2, 4, 8; after the budget once in five minutes, told once."""
    ends, now_s, delays, told = Ends(), 0.0, [], []
    for _ in range(8):
        again = after_end(ends, now_s, 1.0, Patience())
        ends, now_s = again.ends, now_s + again.delay_s + 1
        delays.append(again.delay_s)
        told.append(again.tell)
    assert delays == [0.05, 1, 2, 4, 8, 300, 300, 300]
    assert told == [False] * 5 + [True, False, False]


def test_a_loop_slower_than_the_window_is_told_of_too() -> None:
    """A program that ends every five minutes all day is noticed (PM2's hole)."""
    ends, now_s, told = Ends(), 0.0, 0
    for _ in range(40):
        now_s += 300
        again = after_end(ends, now_s, 299, Patience())
        ends, told = again.ends, told + again.tell
    assert told == 1


def test_a_program_that_stays_up_has_recovered() -> None:
    """After ten quiet minutes an end is answered at once again."""
    slow = Ends((0.0,) * 6, slow=True)
    assert not recovered(slow, Patience().steady_s, Patience()).slow
    assert after_end(slow, 2_000, 1_500, Patience()).delay_s == 0.05


def test_wrong_settings_are_no_reason_to_try_again() -> None:
    """Exit code 78 alone says so."""
    assert [code for code in (None, 0, 1, 2, 78, -9) if is_misconfigured(code)] == [78]


# -- the day


@pytest.mark.parametrize(
    ("started", "now", "stale"),
    [
        ("2026-01-13 06:00", "2026-01-14 05:54", False),
        ("2026-01-13 06:00", "2026-01-14 05:55", True),
        ("2026-01-13 06:00", "2026-01-14 09:00", True),  # the PC slept over it
        ("2026-01-14 05:54", "2026-01-14 05:55", True),
        ("2026-01-14 05:56", "2026-01-14 18:00", False),
        ("2026-01-14 08:00", "2026-01-14 05:55", False),  # somebody set the clock back
    ],
)
def test_a_process_older_than_this_morning_is_stale(started: str, now: str, *, stale: bool) -> None:
    """The renewal is due for whoever began before it, also when its moment was slept over."""
    begun, at = (datetime.fromisoformat(text).replace(tzinfo=SEOUL) for text in (started, now))
    assert is_stale(begun, at, time(5, 55)) is stale


@given(st.integers(0, 1439), st.integers(0, 1439), st.integers(0, 1439))
def test_hours_over_midnight(begins: int, ends: int, at: int) -> None:
    """A span and its opposite share the day between them."""
    first, last, now = (f"{n // 60:02d}:{n % 60:02d}" for n in (begins, ends, at))
    if begins == ends:
        return
    one, other = hours_of(f"{first}-{last}", "x"), hours_of(f"{last}-{first}", "x")
    assert one is not None
    assert other is not None
    assert one.holds(time.fromisoformat(now)) != other.holds(time.fromisoformat(now))


@pytest.mark.parametrize("text", ["06:00", "25:00-26:00", "six-seven", "06:00-18:00+09:00"])
def test_hours_that_are_none_are_named(text: str) -> None:
    """A wrong text says where it stands."""
    with pytest.raises(Misconfigured, match="process"):
        hours_of(text, "process.x.hours")
    assert hours_of("", "x") is None


# -- judging


def beat(*lanes: tuple[State, str, float, float], errors: int = 0, usual_s: dict[str, float] | None = None) -> Beat:
    """A beat whose lanes are (state, step, promise, said at)."""
    made = tuple(
        Lane(f"t{n}", state, step, "", None, None, promise, at, "") for n, (state, step, promise, at) in enumerate(lanes)
    )
    return Beat("agent", "r", 1, "1", 1, made, errors, "portal: 500", {}, usual_s or {})


def life(
    said: Beat | None, now_s: float, *, spec: Spec = SPEC, gaps: tuple[Gap, ...] = (), learned: dict[str, float] | None = None
) -> str:
    """The verdict's word."""
    return judge(spec, Seen(0.0, said), now_s, gaps, learned or {}).life


def test_a_program_that_beats_and_does_not_work_yet_is_starting() -> None:
    """Whoever waits for it waits on, and it holds nothing; once it works, or breaks its promise, that counts."""
    on_the_way = beat(("busy", STARTING, 20, 0))
    assert judge(SPEC, Seen(0.0, on_the_way), 5, (), {}).life == "starting"
    assert judge(SPEC, Seen(0.0, on_the_way), 100, (), {}).life == "stuck"
    assert not holds(on_the_way)
    assert judge(SPEC, Seen(0.0, beat(("idle", "", 20, 0))), 5, (), {}).life == "idle"


def test_a_step_has_its_promise() -> None:
    """A step that promises 2 s is stuck before 3 s are over; with the default promise before 55."""
    assert [life(beat(("busy", "entry", 2, 100)), 100 + s) for s in (1, 2, 2.4, 2.5)] == ["busy", "busy", "busy", "stuck"]
    assert [life(beat(("busy", "entry", 45, 100)), 100 + s) for s in (46, 49.4, 49.6)] == ["busy", "busy", "stuck"]


def test_a_step_that_usually_takes_long_is_given_three_times_that() -> None:
    """What it learned in this run or in earlier ones counts, the longer of promise and learned, up to the outer limit."""
    said = beat(("busy", "document", 2, 0), usual_s={"document": 10})
    assert [life(said, s) for s in (29, 31)] == ["busy", "stuck"]
    assert life(beat(("busy", "document", 2, 0)), 29, learned={"document": 10}) == "busy"
    assert life(beat(("idle", "document", 2, 0)), 29, learned={"document": 10}) == "stuck"
    assert life(beat(("busy", "document", 2, 0)), 3_600, learned={"document": 9_999}) == "stuck"


def test_t11_a_cycle_longer_than_the_limit_is_healthy_while_it_moves() -> None:
    """Two hours of one step with progress in between are no hang; the same two hours in silence are found in a minute."""
    for minute in range(120):
        assert life(beat(("busy", "cycle", 60, minute * 60)), minute * 60 + 59) == "busy"
    assert life(beat(("busy", "cycle", 60, 0)), 66) == "stuck"


def test_the_outer_limit_holds_in_any_case() -> None:
    """A promise of a day is cut at sixty minutes."""
    assert [life(beat(("idle", "", 86_400, 0)), s) for s in (3_599, 3_600)] == ["idle", "stuck"]


def test_one_stuck_thread_is_enough() -> None:
    """A thread that beats does not cover for one that hangs; the verdict names the one that hangs."""
    verdict = judge(SPEC, Seen(0.0, beat(("busy", "pulse", 45, 499), ("busy", "entry", 45, 400))), 500, (), {})
    assert verdict.life == "stuck"
    assert verdict.why is not None
    assert "entry" in verdict.why.to("en")


def test_a_program_is_at_what_its_busy_thread_is_at() -> None:
    """The idle thread, nearer to its limit, says when to look again, and not what the program does."""
    said = beat(("idle", "", 20, 100), ("busy", "intent", 140, 119), ("waiting", "turn", 30, 100))
    verdict = judge(SPEC, Seen(0.0, said), 120, (), {})
    assert verdict.lane is not None
    assert (verdict.life, verdict.lane.step, verdict.silence_s) == ("busy", "intent", 1)
    assert verdict.look_s == pytest.approx(2)


@given(st.floats(0, 5_000), st.floats(0, 100))
def test_sleep_counts_against_nobody(slept_s: float, awake_s: float) -> None:
    """However long the PC slept, only the time awake is held against a promise."""
    now_s = 100 + slept_s + awake_s
    verdict = judge(SPEC, Seen(0.0, beat(("busy", "entry", 45, 100))), now_s, (Gap(100, 100 + slept_s),), {})
    assert verdict.silence_s == pytest.approx(awake_s)
    assert (verdict.life == "stuck") == (verdict.silence_s >= 49.5)


def test_b23_three_failures_in_a_row() -> None:
    """Two are borne, three are not, however lively the beats."""
    assert [life(beat(("busy", "entry", 45, 0), errors=n), 1) for n in (2, 3)] == ["busy", "stuck"]


def test_a_program_without_beats_is_judged_by_what_was_agreed() -> None:
    """One of ours has a minute for its first beat; a foreign one is left alone; an older one shows a file that changes."""
    assert [life(None, s) for s in (59, 60)] == ["starting", "stuck"]
    assert [life(None, 9_999, spec=replace(SPEC, watch=watch)) for watch in ("auto", "none")] == ["silent", "silent"]  # type: ignore[arg-type]
    old = replace(SPEC, watch="file", timeout_s=900)
    lives = [
        judge(old, Seen(0.0, None, age), now, (), {}).life for age, now in ((None, 800), (None, 900), (10, 9_000), (900, 9_000))
    ]
    assert lives == ["starting", "stuck", "busy", "stuck"]


def test_a_beat_from_the_future_is_no_beat() -> None:
    """It would otherwise keep a dead program alive for ever."""
    assert life(beat(("busy", "entry", 45, 9_999)), 1_000) == "stuck"


@given(st.sampled_from(["busy", "idle", "waiting", "stopping"]), st.floats(0.5, 5_000), st.floats(0, 5_000))
def test_whoever_is_not_stuck_is_looked_at_before_it_could_be(state: State, promise_s: float, silent_s: float) -> None:
    """Nobody waits longer for the next look than until the limit."""
    verdict = judge(SPEC, Seen(0.0, beat((state, "x", promise_s, 0))), silent_s, (), {})
    if verdict.life != "stuck":
        assert 0 < verdict.look_s <= verdict.limit_s - verdict.silence_s + 1e-6


# -- taking over

FACTS = st.builds(Facts, st.booleans(), st.booleans(), st.sampled_from(["none", "starting", "well", "gone"]), st.floats(0, 200))
STAGES = st.sampled_from(["pausing", "ending first", "verifying", "ending", "restoring", "done", "failed"])


@given(STAGES, FACTS)
def test_the_old_one_ends_only_when_the_new_one_works(stage: Stage, facts: Facts) -> None:
    """Nothing asks the old process to end before the new one was seen working, except where that is how it takes over."""
    following = next_stage(stage, facts, SPEC)
    if following == "ending" and stage != "ending":
        assert facts.new == "well"
    if following == "done" and stage != "done":
        assert not facts.old_alive


@given(handover=st.sampled_from(["pause", "stop"]), works=st.booleans())
def test_a_take_over_comes_to_an_end(handover: Handover, *, works: bool) -> None:
    """Whatever the two processes do, waiting long enough leads to done or failed."""
    stage: Stage = first_stage(handover, old_alive=True)
    old_alive, new = True, "none"
    for _ in range(12):
        if stage in ("ending first", "ending"):
            old_alive = False
        if stage == "verifying":
            new = "well" if works else "starting"
        if stage == "restoring":
            new = "gone"
        stage = next_stage(stage, Facts(old_alive, True, new, 1_000.0), SPEC)  # type: ignore[arg-type]
    assert stage == ("done" if works else "failed")


def test_a_spec_that_differs_in_limits_only_is_the_same_program() -> None:
    """A changed command, folder or environment needs a fresh process; a changed limit does not."""
    assert SPEC.same_program(replace(SPEC, timeout_s=5, memory_mb=9, renew=False))
    assert not SPEC.same_program(replace(SPEC, env={"A": "1"}))
    assert not SPEC.same_program(replace(SPEC, command=("python", "x")))
