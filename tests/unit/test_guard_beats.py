"""Beats: what a program says about its progress, and what does not count as progress."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from onbam.kernel.beats import FileBeats, NoBeats, read_beat, start_mark
from onbam.kernel.clock import FakeClock
from onbam.kernel.words import Said


def elsewhere(act: Callable[[], object]) -> None:
    """Do it in another thread."""
    thread = threading.Thread(target=act, name="other")
    thread.start()
    thread.join()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 1, 14, 6, 45, 55, 778787, tzinfo=UTC))


@pytest.fixture
def beats(tmp_path: Path, clock: FakeClock) -> FileBeats:
    return FileBeats(tmp_path / "run" / "agent.beat", "agent", clock, run="r1")


def test_a_beat_says_what_it_is_at(beats: FileBeats, clock: FakeClock) -> None:
    """Step, item and promise are read back as they were said."""
    beats.step("document", item="order:2601050229", promise_s=30)
    beat = read_beat(beats.path)
    assert beat is not None
    assert (beat.name, beat.run, beat.start) == ("agent", "r1", start_mark(beat.pid))
    (lane,) = beat.lanes
    assert (lane.state, lane.step, lane.item, lane.promise_s) == ("busy", "document", "order:2601050229", 30)
    assert lane.mono_s == clock.monotonic()


def test_a_change_of_step_is_written_at_once_and_progress_now_and_then(beats: FileBeats, clock: FakeClock) -> None:
    """A thousand beats of progress within an instant cost one write; the next step another."""
    beats.step("lines", total=1000)
    first = read_beat(beats.path)
    for n in range(1000):
        beats.progress(n)
    assert read_beat(beats.path) == first
    clock.advance(0.3)
    beats.progress(1000)
    later = read_beat(beats.path)
    assert first is not None
    assert later is not None
    assert (later.number, later.lanes[0].done) == (first.number + 1, 1000)
    beats.step("entry")
    last = read_beat(beats.path)
    assert last is not None
    assert last.lanes[0].step == "entry"


def test_the_same_figure_again_is_no_progress(beats: FileBeats, clock: FakeClock) -> None:
    """Whoever repeats how far it is does not move its promise."""
    beats.step("lines")
    beats.progress(3)
    clock.advance(50)
    beats.progress(3)
    beats.error("portal: 500")  # says nothing of the step, but is written
    beat = read_beat(beats.path)
    assert beat is not None
    assert clock.monotonic() - beat.lanes[0].mono_s == pytest.approx(50)


def test_a_thread_vouches_for_itself_alone(beats: FileBeats, clock: FakeClock) -> None:
    """Another thread that beats leaves the silence of the hanging one as it is."""
    beats.step("document", item="order:1")
    clock.advance(100)
    elsewhere(lambda: beats.step("pulse"))
    elsewhere(lambda: beats.progress(5))
    beat = read_beat(beats.path)
    assert beat is not None
    silence = {lane.step: clock.monotonic() - lane.mono_s for lane in beat.lanes}
    assert silence == {"document": 100, "pulse": 0}


def test_a_thread_that_died_in_a_step_is_still_missed(beats: FileBeats) -> None:
    """A thread that ended idle is forgotten; one that ended inside a step is not."""
    elsewhere(lambda: beats.idle(10))
    elsewhere(lambda: beats.step("entry"))
    beats.step("main")
    beat = read_beat(beats.path)
    assert beat is not None
    assert [lane.step for lane in beat.lanes] == ["entry", "main"]


def test_work_ends_with_its_block(beats: FileBeats) -> None:
    """After a block the thread is at what it was at before, or silent if it was at nothing."""
    with beats.work("entry", "order:1"):
        pass
    beat = read_beat(beats.path)
    assert beat is not None
    assert beat.lanes == ()
    beats.waiting("ecount", promise_s=5)
    with pytest.raises(ZeroDivisionError), beats.work("entry"):
        raise ZeroDivisionError
    beat = read_beat(beats.path)
    assert beat is not None
    assert [(lane.state, lane.step) for lane in beat.lanes] == [("waiting", "ecount")]


def test_it_learns_how_long_a_step_stays_silent(beats: FileBeats, clock: FakeClock) -> None:
    """Nine of ten took no longer than what is called usual; time spent idle is not learned."""
    for seconds in (4, 4, 4, 90, 4, 3, 4, 4, 2, 4, 4, 4, 4, 4, 1, 4, 4, 4, 4, 4):
        beats.step("document")
        clock.advance(seconds)
        beats.idle(600)
        clock.advance(77)
    beat = read_beat(beats.path)
    assert beat is not None
    assert beat.usual_s == {"document": 4}


def test_failures_in_a_row_are_counted(beats: FileBeats) -> None:
    """A success begins the count anew."""
    beats.error("portal: 500")
    beats.error("portal: 502")
    beat = read_beat(beats.path)
    assert beat is not None
    assert (beat.errors, beat.error) == (2, "portal: 502")
    beats.well()
    beat = read_beat(beats.path)
    assert beat is not None
    assert (beat.errors, beat.error) == (0, "")


def test_b16_b17_heartbeat_txt_has_its_three_lines(tmp_path: Path, clock: FakeClock) -> None:
    """Local time, PID and the five figures, as the older scripts read them."""
    heartbeat = tmp_path / "heartbeat.txt"
    beats = FileBeats(tmp_path / "a.beat", "agent", clock, heartbeat=heartbeat, zone=ZoneInfo("Asia/Seoul"))
    beats.stats(total=5, success=5, count=23)
    beats.step("sweep")
    lines = heartbeat.read_text("utf-8").splitlines()
    assert lines[0] == "2026-01-14T15:45:55.778787"
    assert lines[1] == f"PID: {read_beat(beats.path).pid}"  # type: ignore[union-attr]
    assert lines[2] == "Stats: {'total': 5, 'success': 5, 'failure': 0, 'count': 23, 'cancellations': 0}"


def test_b18_a_failed_write_only_warns(tmp_path: Path, clock: FakeClock) -> None:
    """A beat that cannot be written is said once, and again only after it worked in between."""
    said: list[Said] = []
    blocked = tmp_path / "run"
    blocked.write_text("a file where the folder should be")
    beats = FileBeats(blocked / "a.beat", "agent", clock, warn=said.append)
    for _ in range(5):
        beats.step("one")
        beats.step("two")
    assert len(said) == 1
    assert said[0].to("ko").startswith("[HEARTBEAT] 하트비트 기록 실패")
    blocked.unlink()
    beats.step("three")
    assert read_beat(beats.path) is not None


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "{}", '{"lanes": 3}', '{"lanes": [{"thread": "x"}]}', "\x00\xff", '{"lanes": [], "pid": "x"}'],
)
def test_nonsense_is_no_beat(tmp_path: Path, text: str) -> None:
    """A file that holds anything else is read as no beat, and nothing is raised."""
    path = tmp_path / "x.beat"
    path.write_text(text, "utf-8")
    assert read_beat(path) is None


def test_a_lane_that_is_none_is_refused(beats: FileBeats) -> None:
    """A beat whose lane has another state or a text for a number is not believed."""
    beats.step("one")
    good = json.loads(beats.path.read_text("utf-8"))
    for name, value in (("state", "dancing"), ("promise_s", "soon"), ("mono_s", None)):
        beats.path.write_text(json.dumps({**good, "lanes": [{**good["lanes"][0], name: value}]}), "utf-8")
        assert read_beat(beats.path) is None, name


def test_nobody_watching_costs_nothing() -> None:
    """The silent double takes the same words."""
    quiet = NoBeats()
    with quiet.work("entry", "order:1", promise_s=3):
        quiet.progress(1)
    quiet.step("a")
    quiet.idle(3)
    quiet.waiting("ecount", promise_s=5)
    quiet.stopping()
    quiet.error("x")
    quiet.well()
    quiet.stats(total=1)
    quiet.leave()
