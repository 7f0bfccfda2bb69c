"""Processes that start within milliseconds: forked from one that has imported everything, each with a witness of its end.

For: tests that kill and restart workers many times.
Promises: every child is a process of its own, forked while only one thread ran; how it ended is written down by whoever waited
for it; a child that nobody ends is ended by its own alarm.
Refuses: a system without `fork`.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import subprocess
import sys
import traceback
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Self

from support.waiting import until

TESTS: Final = Path(__file__).resolve().parent.parent
LIFE_S: Final = 180


@dataclass(frozen=True, slots=True)
class Child:
    """One process."""

    pid: int
    log: Path

    def poll(self) -> int | None:
        """How it ended, as `subprocess` counts it; none while it lives."""
        end = _end_of(self.log)
        return int(end.read_text("ascii")) if end.exists() else None

    def send_signal(self, number: int) -> None:
        """To the living only."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):  # it ended just now, and its witness is about to write that down
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once and wait until it is gone."""
        self.send_signal(signal.SIGKILL)
        until(lambda: self.poll() is not None, what=f"process {self.pid} is gone")


class Nursery:
    """Where they come from; `module` brings `live(text)`."""

    def __init__(self, module: str) -> None:
        command = [sys.executable, "-W", "error", "-m", "support.nursery", module]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=TESTS)
        assert self._line() == "ready", "the nursery did not open"

    def child(self, log: Path, text: str) -> Child:
        """A new process that lives by this text."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{log}\t{text}\n")
        self._process.stdin.flush()
        return Child(int(self._line()), log)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=30)

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


def _end_of(log: Path) -> Path:
    return log.with_suffix(".end")


def _open(module: str, orders: IO[str], answers: IO[str]) -> None:
    """Fork for every line."""
    live = importlib.import_module(module).live
    answers.write("ready\n")
    answers.flush()
    for line in orders:
        log, text = line.rstrip("\n").split("\t", 1)
        if os.fork() == 0:
            _witness(Path(log), live, text)


def _witness(log: Path, live: object, text: str) -> None:
    """Start the child, say who it is, wait for it, write down how it ended."""
    pid = os.fork()
    if pid == 0:
        _be(log, live, text)
    sys.stdout.write(f"{pid}\n")
    sys.stdout.flush()
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    draft = log.with_suffix(".draft")
    draft.write_text(str(code), "ascii")
    draft.replace(_end_of(log))
    os._exit(0)


def _be(log: Path, live: object, text: str) -> None:
    """The child's whole life."""
    code = 1
    try:
        os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), 2)
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        signal.alarm(LIFE_S)
        warnings.simplefilter("error")
        assert callable(live)
        live(text)
        code = 0
    except BaseException:  # noqa: BLE001 -- a forked child must not return into its parent's code
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # until a child has its own answer to it
    _open(sys.argv[1], sys.stdin, sys.stdout)
