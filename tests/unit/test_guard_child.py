"""A program's place under the guard, and without one."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
from pathlib import Path

import pytest

from onbam.bootstrap import Onbam
from onbam.kernel.beats import read_beat
from onbam.kernel.child import Child, child, given
from onbam.kernel.clock import FakeClock

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals")


def guarded(folder: Path, clock: FakeClock) -> Child:
    """A place as the guard gives it."""
    environ = {"ONBAM_PROCESS": "agent", "ONBAM_RUN": "r7", "ONBAM_BEAT": str(folder / "run" / "agent.beat")}
    return child(environ, clock, name="agent", data=folder)


def test_a_program_started_by_hand_speaks_for_no_child(tmp_path: Path) -> None:
    """Its beats go to a file of its own, and it is never paused."""
    place = child({"ONBAM_PROCESS": "agent"}, FakeClock(), name="agent", data=tmp_path)
    place.beats.step("sweep")
    assert not place.guarded
    assert not place.paused()
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["agent.hand.beat"]
    assert given({}) is None


def test_a_child_is_paused_by_a_file_beside_its_beat(tmp_path: Path) -> None:
    """It looks now and then, and takes up work again when the file is gone."""
    clock = FakeClock()
    place = guarded(tmp_path, clock)
    assert not place.paused()
    pause = tmp_path / "run" / "agent.pause"
    pause.parent.mkdir()
    pause.touch()
    clock.advance(1)
    assert place.paused()
    pause.unlink()
    clock.advance(1)
    assert not place.paused()


@POSIX
def test_the_wish_to_end_is_passed_on(tmp_path: Path) -> None:
    """SIGTERM sets the event and ends nothing; after the block the signals are as they were."""
    place = guarded(tmp_path, FakeClock())
    before = signal.getsignal(signal.SIGTERM)
    with place.listening():
        os.kill(os.getpid(), signal.SIGTERM)
        assert place.stopping.wait(60)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGTERM) is before


@POSIX
def test_a_child_shows_its_stacks_when_asked(tmp_path: Path) -> None:
    """SIGUSR1 writes all threads' stacks into the file the beat names."""
    place = guarded(tmp_path, FakeClock())
    with place.listening():
        place.beats.step("document")
        beat = read_beat(tmp_path / "run" / "agent.beat")
        assert beat is not None
        os.kill(os.getpid(), signal.SIGUSR1)
        shown = Path(beat.stacks).read_text("utf-8")
    assert "test_a_child_shows_its_stacks_when_asked" in shown
    os.kill(os.getpid(), signal.SIGUSR1)  # one that comes late ends nobody
    assert not faulthandler.unregister(signal.SIGUSR1)


def test_the_main_program_keeps_heartbeat_txt(tmp_path: Path) -> None:
    """The program the settings call the main one, and no other."""
    (tmp_path / "onbam.toml").write_text("", "utf-8")
    with Onbam(tmp_path, {}) as onbam:
        onbam.child("web").beats.idle(5)
        assert not (tmp_path / "heartbeat.txt").exists()
        onbam.child("agent").beats.idle(5)
    assert len((tmp_path / "heartbeat.txt").read_text("utf-8").splitlines()) == 3
