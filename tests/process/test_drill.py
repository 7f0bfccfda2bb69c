"""Drills on a running installation: an accident on purpose, the measured recovery, and the record of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import psutil
import pytest

from onbam.care.drill import KINDS, TARGETS_S
from onbam.kernel.beats import start_mark
from support.children import child
from support.guarded import Guarded
from support.waiting import until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes of Linux")
ROBOTS = ("robot", "other")
CLOSED = "[schedules]\nweekdays = []\nholidays = false"
IN_TIME_S = 60.0
"""Instead of the two seconds a crash may cost: whether a PC keeps them is what the benchmark of recoveries measures."""
OPEN = ("schedules.weekdays=mon,tue,wed,thu,fri,sat,sun", "schedules.opens=00:00", "schedules.closes=23:59:59.999999")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """A shop that is closed today, with two robots at work under `onbam up`: one for all drills of this file."""
    one = Guarded(tmp_path_factory.mktemp("shop"), CLOSED)
    for name in ROBOTS:
        one.robot(name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(TARGETS_S, "kill", IN_TIME_S)  # type: ignore[arg-type]
        try:
            assert one.onbam("up")[0] == 0
            yield one
        finally:
            one.onbam("down")
            one.clean()


def drilled(shop: Guarded, kind: str, *more: str) -> dict[str, Any]:
    """What a drill came to."""
    force = [] if kind in ("kill", "hang", "disk") else ["--force"]
    code, said = shop.onbam("drill", kind, "--program", "robot", "--yes", *force, "--json", *more)
    assert code == 0, said
    answer = json.loads(said)
    assert isinstance(answer, dict)
    assert (answer["drill"], answer["program"], answer["lost"], answer["held"]) == (kind, "robot", 0, True)
    assert 0 <= answer["took_s"] <= answer["target_s"]
    return answer


def pids(shop: Guarded) -> list[int]:
    """Who works."""
    return [shop.up(name)["pid"] for name in ROBOTS]


def marked(shop: Guarded, what: str) -> list[object]:
    """Events of a kind: the drill each belongs to, and whether it opened a notice."""
    return [(told.data.get("drill"), told.cause is not None) for told in shop.events(what)]


def test_n15_kill_is_answered_by_another_process_and_no_alarm(shop: Guarded) -> None:
    """It was asked to finish first; another process works; nobody is woken up for it and the guard's patience is untouched."""
    robot, other = pids(shop)
    drilled(shop, "kill")
    assert shop.other(robot)["pid"] != robot
    assert shop.up("other")["pid"] == other
    assert marked(shop, "process.died")[-1] == ("kill", False)
    assert not list(shop.run.glob("*.pause"))


def test_n15_hang_is_found_and_the_evidence_kept(shop: Guarded) -> None:
    """The program stands still, alive: found by its broken promise, ended, replaced."""
    robot, other = pids(shop)
    shop.say("quick 2")
    until(lambda: shop.of("robot")["limit_s"] < 3, what="it promises a sign every two seconds")
    drilled(shop, "hang")
    shop.say("work")
    assert shop.other(robot)["pid"] != robot
    assert not start_mark(robot)
    assert shop.up("other")["pid"] == other
    assert marked(shop, "process.stuck")[-1] == ("hang", False)
    assert shop.incidents()[-1]["process"] == "robot"


def test_n15_sleep_kills_nobody(shop: Guarded) -> None:
    """Everything stood still for longer than the promises: nobody is taken for hanging."""
    before = pids(shop)
    for name in ROBOTS:
        shop.say("quick 2", name)
    until(lambda: all(shop.of(name)["limit_s"] < 3 for name in ROBOTS), what="they promise a sign every two seconds")
    drilled(shop, "sleep", "--seconds", "4")
    for name in ROBOTS:
        shop.say("work", name)
    assert pids(shop) == before


def test_n15_a_clock_set_back_restarts_and_renews_nobody(shop: Guarded) -> None:
    """An hour back, and forward again."""
    before, renewed = pids(shop), len(shop.events("process.renewed"))
    drilled(shop, "clock", "--seconds", "0.5")
    assert (pids(shop), len(shop.events("process.renewed"))) == (before, renewed)


def test_n15_a_crash_on_a_full_disk_is_answered_and_told_later(shop: Guarded) -> None:
    """Not a byte can be written while it happens; with room again everything works, and the end is on record."""
    robot, other = pids(shop)
    drilled(shop, "disk")
    assert shop.other(robot)["pid"] != robot
    assert shop.up("other")["pid"] == other
    assert marked(shop, "process.died")[-1] == ("disk", False)
    import resource

    for process in [int(shop.status()["guard"]["pid"]), *pids(shop)]:
        assert resource.prlimit(process, resource.RLIMIT_FSIZE)[0] != 0, "it can write again"


def test_n15_a_database_out_of_reach_costs_nobody_his_process(shop: Guarded) -> None:
    """Somebody else cannot write meanwhile; afterwards everything works as before."""
    before = pids(shop)
    drilled(shop, "store-down", "--seconds", "0.5")
    assert pids(shop) == before


def test_a_drill_that_is_killed_leaves_nothing_behind(shop: Guarded) -> None:
    """`kill -9` for the drill while everything is asleep: its helper wakes everybody all the same."""
    before = pids(shop)
    guard = psutil.Process(int(shop.status()["guard"]["pid"]))
    words = ["drill", "sleep", "--seconds", "20", "--program", "robot", "--yes", "--force"]
    command = [sys.executable, "-m", "onbam", "--home", str(shop.home), *words]
    with child(command, env=shop.environ, cwd=shop.home, stdout=subprocess.DEVNULL) as drill:
        until(lambda: guard.status() == psutil.STATUS_STOPPED, what="everything sleeps")
        os.kill(drill.pid, signal.SIGKILL)
    until(lambda: guard.status() != psutil.STATUS_STOPPED, what="it is awake again")
    assert pids(shop) == before


def test_drills_are_kept_and_shown_apart_from_real_accidents(shop: Guarded) -> None:
    """`drill list` and the report have each drill beside its target; a drilled crash counts as no crash."""
    for kind in ("kill", "clock"):
        drilled(shop, kind, *(["--seconds", "0"] if kind == "clock" else []))
    known = json.loads(shop.onbam("drill", "list", "--json")[1])["drills"]
    assert [one["drill"] for one in known[:2]] == ["clock", "kill"]
    report = json.loads(shop.onbam("report", "--json")[1])
    assert [one["drill"] for one in report["drills"]] == [one["drill"] for one in known[::-1]]
    assert (report["crashes"], report["hangs"], report["stops"]) == (0, 0, [])
    said = shop.onbam("report")[1]
    assert f"훈련 {len(known)}번" in said
    assert f"목표 {IN_TIME_S:g}초" in said


def test_there_are_no_drills_in_business_hours_nor_in_the_middle_of_an_order(shop: Guarded) -> None:
    """Refused with the way round it; without anybody to ask too; a name that is not at work is answered with those who are."""
    before = pids(shop)
    hours = [word for pair in OPEN for word in ("--set", pair)]
    for words, expected in (
        ([*hours, "drill", "kill", "--yes"], "업무 시간에는 훈련하지 않습니다"),
        (["drill", "sleep", "--yes"], "주문을 다루고 있습니다"),
        (["drill", "kill", "--json"], "--yes"),
        (["drill", "kill", "--program", "nobody", "--yes"], "일하는 프로그램: robot, other"),
    ):
        code, said = shop.onbam(*words)
        assert (code, expected in said) == (1, True), said
    assert pids(shop) == before


def test_every_kind_of_the_list_is_a_command(shop: Guarded) -> None:
    """And `list` beside them."""
    said = shop.onbam("drill", "--help")[1]
    assert all(f"\n  {kind} " in said for kind in (*KINDS, "list"))
