"""Whether a server of a folder lives and answers, at the moment one follows another."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from onbam.database.embedded import alive


def test_the_ready_of_a_dead_server_is_not_the_next_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed, it leaves `ready` in its note, which the next writes anew while we look: each look is one reading of it."""
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        dead.wait()
    notes = [alive.Note(dead.pid, "ready"), alive.Note(os.getpid(), "starting"), alive.Note(os.getpid(), "ready")]
    monkeypatch.setattr(alive, "note", lambda _cluster: notes.pop(0))
    monkeypatch.setattr(alive, "_serves", lambda process, _cluster: process == psutil.Process())
    assert [alive.ready(tmp_path) for _ in range(3)] == [False, False, True]
    assert notes == []
