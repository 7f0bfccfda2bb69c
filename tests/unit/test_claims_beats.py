"""The record of a seat's last beats: what each letter says, and that it stays short whatever happens."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from onbam.claims.beats import BEATS, BEATS_A_PROMISE, Beats, Mark
from onbam.claims.machines import Life, Peer, seated
from support.claim_stands import A_AGAIN, A

PAUSE_MS = 5_000
PROMISE_MS = PAUSE_MS * BEATS_A_PROMISE
AT_MS = 1_800_000_000_000
YEAR_MS = 365 * 24 * 3_600_000

TIMES = st.integers(-3 * YEAR_MS, 3 * YEAR_MS)
PROMISES = st.integers(-10, 100_000) | st.just(YEAR_MS)
HAPPENINGS = st.lists(st.tuples(st.sampled_from(("beat", "new", "left", "dead")), TIMES, PROMISES), max_size=80)


def told(*gaps_ms: int) -> Peer:
    """An agent that promised a beat each time, and came so long after the one before."""
    peer = seated(A, "1", 1, AT_MS, PROMISE_MS)
    for gap_ms in gaps_ms:
        peer = peer.beaten(peer.beat_at_ms + gap_ms, PROMISE_MS)
    return peer


def ending(beats: Beats) -> int:
    """How many were missed last."""
    return len(beats) - len(beats.marks.rstrip(Mark.MISSED))


def test_a_beat_within_its_promise_is_on_time_and_the_first_is_a_process() -> None:
    """However much of the promise it used: a lost packet is no death."""
    assert told(PAUSE_MS, PAUSE_MS * 3, PROMISE_MS).marks == "|..."


def test_a_late_beat_is_one_that_came_and_a_missed_one_is_a_pause_that_went_by() -> None:
    """Just after the promise it is late; for each more of its pauses another one did not come."""
    assert told(PROMISE_MS + 1).marks == "|!"
    assert told(PROMISE_MS + PAUSE_MS).marks == "|!"
    assert told(PROMISE_MS + PAUSE_MS * 3).marks == "|xx!"
    assert told(PROMISE_MS + PAUSE_MS * 3, PAUSE_MS).marks == "|xx!."


def test_a_silence_grows_by_itself_until_nothing_else_is_left() -> None:
    """Nobody writes it: after five minutes no bar of a PC that beat every five seconds is as it was."""
    peer = told(*[PAUSE_MS] * 80)
    silent = {s: peer.beats(peer.beat_at_ms + s * 1000).missed for s in (0, 20, 21, 30, 320, 10**9)}
    assert silent == {0: 0, 20: 0, 21: 1, 30: 2, 320: 60, 10**9: 60}
    assert peer.beats(peer.beat_at_ms).marks == "." * BEATS
    assert replace(peer, life=Life.DEAD).beats(peer.beat_at_ms + 30_000).missed == 2


def test_whoever_said_goodbye_is_not_missed() -> None:
    """A PC that was switched off promised nothing: its good bars go, and nothing of it is late or missing."""
    left = replace(told(PAUSE_MS), life=Life.STOPPED)
    later_ms = AT_MS + PAUSE_MS + PROMISE_MS + 2 * PAUSE_MS
    assert left.beats(later_ms) == Beats("|.__")
    assert (left.beats(later_ms).known, left.beats(later_ms).missed) == (2, 0)
    assert seated(A_AGAIN, "1", 2, later_ms, PROMISE_MS, left).marks == "|.__|"
    assert left.beats(AT_MS + YEAR_MS) == Beats("_" * BEATS)
    assert left.beats(AT_MS + YEAR_MS).said().to("en") == "It is stopped, and no beat is waited for"


def test_a_process_that_died_is_missed_until_the_next_one_sat_down() -> None:
    """The bars say both: that it was away, and that another one came."""
    late_ms = AT_MS + PAUSE_MS + PROMISE_MS + 2 * PAUSE_MS
    assert seated(A_AGAIN, "1", 2, late_ms, PROMISE_MS, told(PAUSE_MS)).marks == "|.xx|"


def test_what_programs_are_told_adds_up() -> None:
    """The letters and their counts, oldest first."""
    found = told(PAUSE_MS, PROMISE_MS + 2 * PAUSE_MS).beats(AT_MS).to_json()
    said = found.pop("said")
    assert found == {"marks": "|.x!", "known": 4, "late": 1, "missed": 1, "new": 1}
    assert said["en"] == "Of the last 4 beats 1 came late, 1 did not come · fresh starts: 1"
    assert said["ko"] == "최근 신호 4번 가운데 1번은 늦었고 1번은 오지 않았습니다 · 새로 시작 1번"


def test_a_record_is_said_in_one_sentence() -> None:
    """All well, nothing known, and whatever was late or missing."""
    sentences = [Beats(marks).said().to("en") for marks in ("", "...", "..!.", "xxxx")]
    assert sentences == [
        "There is no record of its beats",
        "Of the last 3 beats all came on time",
        "Of the last 4 beats 1 came late",
        "Of the last 4 beats 4 did not come",
    ]


@given(HAPPENINGS, TIMES)
@example([("beat", 5_000, 0)], 5_000)
@example([("beat", -YEAR_MS, 20_000)], YEAR_MS)
@example([("beat", 1, 1)], YEAR_MS)
def test_the_record_stays_short_and_readable_whatever_the_clock_does(
    happenings: list[tuple[str, int, int]], later_ms: int
) -> None:
    """Clocks set back or years ahead, a promise of nothing or less: sixty letters at most, each of them one of ours."""
    now_ms, peer = AT_MS, seated(A, "1", 1, AT_MS, PROMISE_MS)
    for what, gap_ms, promise_ms in happenings:
        now_ms += gap_ms
        if what == "new":
            peer = seated(A, "1", 1, now_ms, promise_ms, peer)
            assert peer.marks.endswith(Mark.NEW)
        elif what == "beat":
            late = now_ms > peer.due_at_ms > peer.beat_at_ms
            peer = peer.beaten(now_ms, promise_ms)
            assert peer.marks.endswith(Mark.LATE if late else Mark.ON_TIME)
        else:
            peer = replace(peer, life=Life.STOPPED if what == "left" else Life.DEAD)
        assert 0 < len(peer.marks) <= BEATS
        assert set(peer.marks) <= set(Mark)
    shown = peer.beats(now_ms + later_ms)
    assert len(peer.marks) <= len(shown) <= BEATS
    assert ending(shown) <= ending(peer.beats(now_ms + later_ms + 1_000))
