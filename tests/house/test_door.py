"""What a person double-clicks or a gate starts: small files that no other test reads."""

from __future__ import annotations

import os
import re
import sys

import pytest

from support.sources import ROOT


def test_the_batch_file_is_ascii_with_its_own_line_ends() -> None:
    """cmd.exe garbles Hangul and misreads other line ends."""
    raw = (ROOT / "onbam.bat").read_bytes()
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n") > 10


def test_the_batch_file_waits_for_a_key_only_after_a_double_click() -> None:
    """A planned task starts it with words behind it and must never wait for a key; it hands the exit code on."""
    lines = (ROOT / "onbam.bat").read_text(encoding="ascii").splitlines()
    pauses = [line for line in lines if re.search(r"\bpause\b", line) and not line.startswith("rem")]
    assert pauses == ['if "%~1"=="" pause']
    assert lines[-1] == "exit /b %CODE%"
    gone_to = {line.split(":")[1] for line in lines if "goto :" in line}
    assert gone_to <= {line[1:] for line in lines if line.startswith(":")}


def test_the_note_for_a_pc_without_python_opens_in_notepad() -> None:
    """Old Notepads read UTF-8 only with its mark in front; the note speaks both languages."""
    raw = (ROOT / "scripts" / "python-needed.txt").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    text = raw.decode("utf-8-sig")
    assert "Python 3.11 이상" in text
    assert "Python 3.11 or newer" in text


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such bit")
def test_the_gate_can_be_started() -> None:
    """`.ci/run` is a program, runs from anywhere, and is strict."""
    gate = ROOT / ".ci" / "run"
    assert os.access(gate, os.X_OK)
    assert "run.py test --strict" in gate.read_text(encoding="utf-8")


def test_every_exit_code_of_the_door_is_documented() -> None:
    """A script that meets one of them can look it up."""
    source = (ROOT / "scripts" / "troubles.py").read_text(encoding="utf-8")
    named = re.search(r"^UNAVAILABLE, CANNOT_WRITE, BUSY, INTERRUPTED = ([\d, ]+)$", source, re.MULTILINE)
    assert named is not None
    table = (ROOT / "docs" / "reference" / "exit-codes.md").read_text(encoding="utf-8")
    for code in [*named[1].split(", "), "78"]:
        assert f"| {code} |" in table
