"""Programs whose guard was killed: they work on, and whoever asks or says down hears and gets what is true."""

from __future__ import annotations

import os
import signal

from onbam.guard.system import this_system
from onbam.kernel.beats import start_mark
from support.guarded import Shops
from support.waiting import until


def test_what_outlived_its_guard_is_named_and_put_down(shop: Shops) -> None:
    """A killed guard leaves robots that work on: nobody is told that nothing runs, and `down` ends them and keeps them down."""
    one = shop()
    one.robot()
    one.onbam("up")
    pid = one.up()["pid"]
    start = start_mark(pid)
    os.kill(one.holder(), signal.SIGKILL)
    until(lambda: f"robot (PID {pid})" in one.onbam("ps")[1], what="it is said that the robot still runs")
    code, said = one.onbam("down")
    assert (code, said.strip()) == (0, "모두 멈췄습니다.")
    assert not this_system().alive(pid, start)
    assert "사람이 멈춰 두었습니다" in one.onbam("ensure")[1]


def test_down_is_remembered_where_nothing_runs_any_more(shop: Shops) -> None:
    """Guard and robot died; a person says down; the system's next call starts nothing."""
    one = shop()
    one.robot()
    one.onbam("up")
    pid = one.up()["pid"]
    os.kill(one.holder(), signal.SIGKILL)
    os.kill(pid, signal.SIGKILL)
    until(lambda: "돌고 있지 않습니다. → onbam up" in one.onbam("ps")[1], what="nothing runs")
    assert one.onbam("down")[1].strip() == "돌고 있는 것이 없습니다."
    assert "사람이 멈춰 두었습니다" in one.onbam("ensure")[1]
