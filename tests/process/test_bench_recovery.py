"""The benchmark of recoveries measures what it says, with real processes."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

from onbam.bench.recovery.measure import OURS, Measure
from onbam.bench.recovery.plan import prepare
from onbam.bench.tools import QUICK, Tools
from onbam.kernel.clock import SystemClock
from support.children import child
from support.waiting import DEADLINE_S, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes of Linux")


def test_a_round_measures_a_replacement_and_a_crash(tmp_path: Path) -> None:
    """One round gives one sample of each, in milliseconds that a real process takes."""
    measure = Measure(Tools(SystemClock(), os.environ, tmp_path), (), 1)
    assert 0 < measure.replaced(OURS) < 30_000
    assert 50 < measure.crash(OURS) < 30_000, "no Python starts faster"


def test_a_hang_is_counted_from_the_last_sign_to_the_next_one_at_work(tmp_path: Path) -> None:
    """Two seconds were promised; nothing is found before they are over, and each gathering gives all its samples."""
    measure = Measure(Tools(SystemClock(), os.environ, tmp_path), (), 2)
    assert all(2_000 < measure.hang() < 30_000 for _ in range(2))


def test_everything_that_is_promised_in_seconds_is_measured_with_its_target(tmp_path: Path) -> None:
    """Also when it is to be quick; whoever is not installed is named."""
    with prepare(Tools(SystemClock(), {**os.environ, QUICK: "1"}, tmp_path)) as plan:
        assert all(subject.target is not None for subject in plan.subjects)
        known = {peer.name for subject in plan.subjects for peer in subject.peers}
        said = " ".join(note.to("en") for note in plan.notes)
        assert all(name in known or f"{name} is not installed" in said for name in ("supervisord", "circusd", "pm2-runtime"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_one_that_is_ended_ends_what_it_started(tmp_path: Path, number: int) -> None:
    """As for Ctrl+C: no robot, no guard and no folder is left."""
    command = [sys.executable, "-P", "-m", "onbam", "--home", str(tmp_path), "bench", "run", "recovery", "--quick"]
    rooms = tmp_path / "rooms"
    rooms.mkdir()
    with child(command, env={**os.environ, "TMPDIR": str(rooms)}) as process:
        until(lambda: list(rooms.rglob("works")), what="a robot works")
        process.send_signal(number)
        assert process.wait(DEADLINE_S) == 1
    assert list(rooms.iterdir()) == []
    assert [pid for pid in psutil.pids() if str(rooms) in _words(pid)] == []


def _words(pid: int) -> str:
    try:
        return " ".join(psutil.Process(pid).cmdline())
    except psutil.Error:
        return ""
