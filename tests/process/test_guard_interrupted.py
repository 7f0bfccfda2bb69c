"""Ctrl-C while a command looks or waits: whoever pressed it is told what became of the programs; nothing of theirs stops."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from support.children import child
from support.guarded import Guarded, Shops
from support.waiting import until

MUTE = [sys.executable, "-c", "import time; time.sleep(600)"]
"""Never shows that it works: `up` would wait for it."""
pytestmark = pytest.mark.skipif(os.name == "nt", reason="a signal of its own reaches one process only on POSIX")


def command(one: Guarded, *words: str) -> list[str]:
    """How a person types it."""
    return [sys.executable, "-m", "onbam", "--home", str(one.home), *words]


def test_who_does_not_wait_for_up_is_told_that_it_goes_on(shop: Shops) -> None:
    """It said "Stopped.", and the guard and its programs came up all the same."""
    one = shop()
    one.section("mute", command=MUTE, watch="beats", start_s=60)
    with child(command(one, "up"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=one.environ) as up:
        until(lambda: one.answers() and one.of("mute").get("state") == "starting", what="it starts")
        up.send_signal(signal.SIGINT)
        said, _ = up.communicate()
    assert (up.returncode, "지킴이가 계속합니다" in said, "onbam ps" in said, "멈췄습니다" in said) == (1, True, True, False), (
        said
    )
    assert one.of("mute")["state"] == "starting"
    assert one.onbam("down") == (0, "모두 멈췄습니다.\n")


@pytest.mark.parametrize("words", [("logs", "-f"), ("watchdog", "--foreground")])
def test_who_has_seen_enough_ends_a_look_and_nothing_else(shop: Shops, words: tuple[str, ...]) -> None:
    """No word of stopping, no mistake: exit code 0, and the programs work on."""
    one = shop()
    one.robot()
    assert one.onbam("up")[0] == 0
    until(lambda: one.onbam("logs", "robot")[1], what="its first line is kept")
    seat = one.of()["pid"]
    with child(command(one, *words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=one.environ) as looking:
        assert looking.stdout is not None
        looking.stdout.readline()
        looking.send_signal(signal.SIGINT)
        _, wrong = looking.communicate()
    assert (looking.returncode, wrong) == (0, "")
    assert one.of()["pid"] == seat
    one.onbam("down")


def test_every_program_that_needs_somebody_is_named_by_up(shop: Shops) -> None:
    """The first one was named, and whoever mended it met the second at the next `up`."""
    one = shop()
    for name in ("robot", "second"):
        one.say("end 78", name)
        one.robot(name)
    one.robot("third")
    code, said = one.onbam("up")
    assert code == 1
    assert [said.count(f"{name}: 설정이 잘못됨") for name in ("robot", "second", "third")] == [1, 1, 0], said
    one.onbam("down")
