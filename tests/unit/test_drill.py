"""Drills as values: what the guard marks, a clock that was set, and an outcome on its way through the journal."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from onbam.care.drill import KINDS, LASTS_S, LONGEST_S, TARGETS_S, Outcome, outcome_of
from onbam.care.drill_acts import Drills, holds
from onbam.guard.desk import Desk, Folders
from onbam.guard.drill import LONGEST_S as GUARD_LONGEST_S
from onbam.guard.drill import Drill, SetClock
from onbam.guard.plan import plan_of
from onbam.guard.report import Cause, read
from onbam.guard.settings import Share
from onbam.journal.model import Entry, Line
from onbam.kernel.clock import FakeClock
from onbam.kernel.words import plain

AT = datetime(2026, 1, 17, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("took_s", "lost", "held"), [(1.5, 0, True), (2.0, 0, True), (2.001, 0, False), (1.5, 1, False), (None, 0, False)]
)
def test_a_promise_is_kept_in_time_and_at_nobodys_cost(took_s: float | None, lost: int, held: bool) -> None:
    """Too late, never, or by ending what was well: not kept."""
    one = Outcome("kill", "PC-A", "agent", AT, took_s, 2.0, lost)
    assert one.held is held
    back = outcome_of(Entry(7, int(AT.timestamp() * 1000), one.to_line("person:kim", "weekly")))
    assert back == one


def test_a_line_of_something_else_is_no_drill() -> None:
    """Another room's line, and a kind this version does not know."""
    for line in (Line("item.claimed", "order", "PC-A/kill", "x"), Line("drill.done", "drill", "PC-A/flood", "x")):
        assert outcome_of(Entry(1, 0, line)) is None


def test_every_kind_has_its_target_and_ends_before_the_system_would_step_in() -> None:
    """No kind without figures."""
    assert set(TARGETS_S) == set(LASTS_S) == set(KINDS)
    assert max(LASTS_S.values()) <= LONGEST_S < 30


def test_a_drill_is_over_by_itself_and_meets_only_whom_it_was_meant_for() -> None:
    """Its caller may have died."""
    clock = FakeClock(AT)
    drill = Drill(clock)
    assert drill.of("agent") == ""
    drill.begin("kill", "agent", 60)
    assert (drill.of("agent"), drill.of("web")) == ("kill", "")
    drill.begin("sleep", "", 60)
    assert drill.of("web") == "sleep"
    clock.advance(60)
    assert drill.of("web") == ""
    drill.begin("kill", "", 1e9)
    clock.advance(GUARD_LONGEST_S)
    assert drill.of("web") == ""


def test_a_clock_that_was_set_goes_right_again_by_itself() -> None:
    """And its seconds go on as before."""
    clock = FakeClock(AT)
    put = SetClock(clock)
    before_s = put.monotonic()
    put.put(-3600, 10)
    assert (put.now(), put.monotonic()) == (AT - timedelta(hours=1), before_s)
    clock.advance(10)
    assert put.now() == AT + timedelta(seconds=10)
    put.put(3600, 10)
    put.right()
    assert put.now() == AT + timedelta(seconds=10)


def test_what_a_drill_causes_is_marked_and_wakes_nobody(tmp_path: Path) -> None:
    """The same event outside of it opens a notice; another program's opens one also meanwhile."""
    clock = FakeClock(AT)
    desk = Desk(Folders(tmp_path, tmp_path / "data"), plan_of(Share(), tmp_path, {}), clock, str)
    cause = Cause("process.stuck:agent", "warn", plain("a")(), plain("b")())
    desk.drill.begin("hang", "agent", 60)
    for name in ("agent", "web"):
        desk.tell("process.stuck", name, plain("c")(), cause=cause)
    desk.drill.end()
    desk.tell("process.stuck", "agent", plain("c")(), cause=cause)
    desk.close()
    told = [(one.key, one.data.get("drill"), one.cause is not None) for one in read(tmp_path / "data" / "run")]
    assert told == [("agent", "hang", False), ("web", None, True), ("agent", None, True)]


def one(life: str | None = "idle", *, item: str = "", age_s: float | None = 0.0, errors: int = 0) -> dict[str, object]:
    """A program as the guard tells of it."""
    return {"name": "robot", "state": "up", "life": life, "item": item, "beat_age_s": age_s, "errors": errors, "pid": 7}


@pytest.mark.parametrize(
    ("told", "held"),
    [
        (one("busy", item="order:1"), True),
        (one("busy"), True),
        (one("stopping", age_s=None), False),
        (one("busy", age_s=None), False),
        (one("idle"), False),
        (one(None, age_s=None), False),
    ],
)
def test_a_robot_that_only_touches_a_file_holds_no_order(told: dict[str, object], held: bool) -> None:
    """What a program of the shop's own does is not known, and is no order of ours."""
    assert holds(told) is held


class Waking(Drills):
    """Whose programs are told of by a list of looks."""

    def __init__(self, clock: FakeClock, *looks: dict[str, object]) -> None:
        super().__init__(SimpleNamespace(clock=clock, run=Path()), "PC-A", is_open=bool, store=nullcontext, tell=print)  # type: ignore[arg-type]
        self._looks = list(looks)

    def _status(self) -> dict[str, object]:
        return {"processes": [self._looks.pop(0) if len(self._looks) > 1 else self._looks[0]]}


def test_everything_works_again_when_each_has_said_so_since() -> None:
    """The look right after waking sees the beats from before the sleep; a recovery is not measured by them."""
    clock = FakeClock(AT)
    clock.advance(100)
    woke_s = clock.monotonic()
    clock.advance(3)
    drills = Waking(clock, one(age_s=13.0), one(age_s=4.0), one(age_s=1.0), one(age_s=1.0, errors=1), one(age_s=None))
    assert [drills._all_well({"robot": 7}, since_s=woke_s) for _ in range(3)] == [False, False, True]
    assert [drills._all_well({"robot": 7}, since_s=woke_s, without_errors=True) for _ in range(2)] == [False, True]
