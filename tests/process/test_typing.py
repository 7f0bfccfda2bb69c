"""A person at a terminal: questions are asked one by one, and a secret is not seen while it is typed."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a terminal of our own needs POSIX")

TERMINAL = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"
"""A program that gives another one a terminal and passes what is typed on."""
PATIENCE_S = 60.0


class Person:
    """Reads the screen and types when a question is there."""

    def __init__(self, home: Path, *command: str) -> None:
        argv = [sys.executable, "-c", TERMINAL, sys.executable, "-m", "onbam", "--home", str(home), "--lang", "en", *command]
        self._process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.screen = ""
        self._read_to = 0

    def answers(self, question: str, answer: str) -> None:
        """Wait for the question, then type."""
        assert self._process.stdin is not None
        deadline = time.monotonic() + PATIENCE_S
        while question not in self.screen[self._read_to :]:
            assert self._more(deadline), f"never asked {question!r}:\n{self.screen}"
        self._read_to = self.screen.index(question, self._read_to) + len(question)
        self._process.stdin.write(f"{answer}\n".encode())
        self._process.stdin.flush()

    def leaves(self) -> int:
        """Read to the end; the exit code."""
        deadline = time.monotonic() + PATIENCE_S
        while self._more(deadline):
            pass
        with self._process:
            return self._process.wait(PATIENCE_S)

    def _more(self, deadline: float) -> bool:
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], max(deadline - time.monotonic(), 0))
        data = os.read(self._process.stdout.fileno(), 4096) if ready else b""
        self.screen += data.decode("utf-8", "replace")
        return bool(data)


def test_a_secret_is_typed_twice_and_never_seen(tmp_path: Path) -> None:
    """Neither while typing nor after."""
    person = Person(tmp_path, "secret", "set", "database.url")
    person.answers("Value of database.url", "mysql://u:hunter2hunter2@h/d")
    person.answers("Once more", "mysql://u:hunter2hunter2@h/d")
    assert person.leaves() == 0, person.screen
    assert "kept in encrypted file" in person.screen
    assert "hunter2" not in person.screen


def test_a_slip_of_the_finger_keeps_nothing(tmp_path: Path) -> None:
    """The two must be the same."""
    person = Person(tmp_path, "secret", "set", "database.url")
    person.answers("Value of database.url", "mysql://u:one@h/d")
    person.answers("Once more", "mysql://u:two@h/d")
    assert person.leaves() == 1
    assert "not the same" in person.screen
    assert not (tmp_path / "secrets.enc").exists()


def test_the_first_settings_are_asked_for(tmp_path: Path) -> None:
    """Each question with its choices; the database's address unseen; shown before written."""
    person = Person(tmp_path, "init")
    for question, answer in (
        ("Which language", "en"),
        ("how many PCs", "many"),
        ("Choose one of one, several", "여러 대"),
        ("Is there a database", "y"),
        ("Address of the database", "postgresql://u:hunter2hunter2@h/d"),
        ("Google Sheets", "no"),
        ("slow", ""),
        ("which day's orders", "yesterday"),
        ("Answer with a day", "2026-02-02"),
        ("Write this?", "y"),
    ):
        person.answers(question, answer)
    assert person.leaves() == 0, person.screen
    assert "hunter2" not in person.screen
    assert "+ONBAM_DATABASE_URL=•••" in person.screen
    assert "+ONBAM_PORTAL_FIRST_DAY=2026-02-02" in person.screen
    assert "hunter2hunter2" in (tmp_path / ".env").read_text("utf-8")


def test_a_no_writes_nothing(tmp_path: Path) -> None:
    """The person has looked and does not want it."""
    person = Person(tmp_path, "init", "--answer", "language=en", "--answer", "pcs=one", "--answer", "sheets=no")
    person.answers("which day's orders", "")
    person.answers("Write this?", "n")
    assert person.leaves() == 1
    assert list(tmp_path.iterdir()) == []
