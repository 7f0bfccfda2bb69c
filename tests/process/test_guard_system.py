"""Families of processes: who belongs to one, who ends with it, and who is left alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from onbam.guard.system import Member, Started, System, this_system
from onbam.kernel.beats import start_mark
from onbam.kernel.child import RUN
from support.children import child
from support.waiting import until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes of Linux")

SLEEPER = "import signal; print('up', flush=True); signal.pause()"
FORKER = """
import os, signal, sys
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        print("away", os.getpid(), flush=True)
        signal.pause()
    os._exit(0)
os.wait()
{after}
"""
STUBBORN = """
import signal
for number in (1, 2, 15, 10, 12):
    signal.signal(number, signal.SIG_IGN)
print("up", flush=True)
while True:
    signal.pause()
"""


@pytest.fixture
def system() -> Iterator[System]:
    """The system; whatever a test left is ended."""
    made = this_system()
    made.prepare()
    yield made
    made.end([member for member in made.orphans() if member.run])


def start(system: System, folder: Path, program: str, run: str) -> tuple[Started, bytes]:
    """Start a program and read its first line."""
    env = {**os.environ, RUN: run}
    started, output = system.start((sys.executable, "-c", program), str(folder), env, folder / f"{run}.out")
    said = b""
    while not said.endswith(b"\n"):
        said += output.read()
    return started, said


def gone(system: System, started: Started) -> bool:
    """Whether it ended."""
    return not system.alive(started.pid, started.start)


def test_a_program_is_ended_with_everything_that_came_of_it(system: System, tmp_path: Path) -> None:
    """Also what forked away into a session of its own."""
    started, said = start(system, tmp_path, FORKER.format(after="signal.pause()"), "f1")
    away = int(said.split()[1])
    members = system.family("f1", started.pid, started.start)
    assert {started.pid, away} <= {member.pid for member in members}
    system.end(members)
    assert started.wait() == -signal.SIGKILL
    until(lambda: not start_mark(away), what="the one that moved away is gone")
    until(lambda: away not in [m.pid for m in system.orphans()], what="and taken note of")


def test_what_an_ended_program_left_behind_is_known_by_its_run(system: System, tmp_path: Path) -> None:
    """A program that ends and leaves a child: the child comes to us and says whose it is."""
    started, said = start(system, tmp_path, FORKER.format(after=""), "f2")
    away = int(said.split()[1])
    assert started.wait() == 0
    until(lambda: away in [m.pid for m in system.orphans()], what="it came to us")
    (left,) = system.family("f2", started.pid, started.start)
    assert (left.pid, left.run) == (away, "f2")
    system.end([left])
    until(lambda: not system.family("f2", started.pid, started.start), what="nothing is left")


def test_what_a_program_with_an_environment_of_its_own_left_behind_is_ended_too(system: System, tmp_path: Path) -> None:
    """As with `env -i` or sudo: nothing says whose run it is, but the session is the program's, and its number nobody's yet."""
    program = "import os; os.execve('/bin/sh', ['sh', '-c', 'sleep 1000 & echo $!'], {'PATH': os.environ['PATH']})"
    started, said = start(system, tmp_path, program, "e1")
    left = int(said)
    assert started.wait() == 0
    later = str(int(start_mark(left)) + 1)
    assert system.family("e1", started.pid, later) == [], "a session of earlier was somebody else's"
    members = system.family("e1", started.pid, started.start)
    assert [member.pid for member in members] == [left]
    system.end(members)
    until(lambda: not start_mark(left), what="it is gone")


def test_t7_other_programs_of_the_same_name_are_left_alone(system: System, tmp_path: Path) -> None:
    """The trap: `taskkill /F /IM pythonw.exe` ended every Python of the PC."""
    with child([sys.executable, "-c", SLEEPER], stdout=subprocess.PIPE) as stranger:
        assert stranger.stdout is not None
        stranger.stdout.readline()
        started, _ = start(system, tmp_path, SLEEPER, "t7")
        system.end(system.family("t7", started.pid, started.start))
        assert started.wait() == -signal.SIGKILL
        assert stranger.poll() is None
        stranger.kill()


def test_a_number_given_to_somebody_else_means_nobody(system: System, tmp_path: Path) -> None:
    """A signal for a process that began at another moment reaches nobody, also in the same seat."""
    started, _ = start(system, tmp_path, SLEEPER, "n1")
    earlier = Member(started.pid, str(int(started.start) - 1), "python")
    system.end([earlier])
    system.ask(earlier.pid, earlier.start, tmp_path / "stop")
    assert not system.alive(earlier.pid, earlier.start)
    assert system.alive(started.pid, started.start)
    system.ask(started.pid, started.start, tmp_path / "stop")
    assert started.wait() == -signal.SIGTERM


def test_a_program_that_ignores_every_signal_is_ended_all_the_same(system: System, tmp_path: Path) -> None:
    """It is asked in vain, and then ended."""
    started, _ = start(system, tmp_path, STUBBORN, "s1")
    system.ask(started.pid, started.start, tmp_path / "stop")
    assert system.alive(started.pid, started.start)
    system.end(system.family("s1", started.pid, started.start))
    assert started.wait() == -signal.SIGKILL


def test_a_zombie_is_dead(system: System) -> None:
    """A process that ended and was not yet taken note of is not alive."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    until(lambda: Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z", what="it is a zombie")
    assert start_mark(process.pid) == ""
    process.wait()


def test_the_next_guard_reads_on_where_the_last_one_stopped(system: System, tmp_path: Path) -> None:
    """A child survives that nobody reads its output for a while, and what it said meanwhile is not lost."""
    program = "import sys\nprint('one', flush=True)\nfor n in range(20000): print('line', n)\nprint('done', flush=True)"
    started, said = start(system, tmp_path, program, "a1")
    assert said.startswith(b"one")
    adopted = system.adopt(started.pid, started.start, tmp_path / "a1.out")
    if adopted is None:  # it was so quick that it ended
        assert started.wait() == 0
        return
    _, output = adopted
    until(lambda: b"done" in output.read(), what="the last line")
    assert started.wait() == 0


def test_a_name_in_the_kernel_is_had_once(system: System) -> None:
    """The second asks in vain until the first gives it back."""
    key = f"test-{os.getpid()}-{time.monotonic_ns()}"
    first = system.seat(key)
    assert first is not None
    assert system.seat(key) is None
    first.leave()
    again = system.seat(key)
    assert again is not None
    again.leave()


def test_a_command_that_is_not_there_leaves_nothing(system: System, tmp_path: Path) -> None:
    """The error comes up, and neither pipe nor process stays."""
    with pytest.raises(FileNotFoundError):
        system.start(("/nowhere/robot",), str(tmp_path), {}, tmp_path / "x.out")
    assert list(tmp_path.iterdir()) == []
