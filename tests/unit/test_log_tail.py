"""The end of a PC's log as its page shows it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from onbam.care.errands.tail import tail

NOW = datetime(2026, 1, 13, 9, tzinfo=UTC)


def test_a_line_is_told_in_words(tmp_path: Path) -> None:
    """Its time stands in front, of an error its message is left, and no traceback and no braces of a program are shown."""
    error = {"kind": "Refused", "message": "no such page", "hint": "look", "trace": "Traceback (most recent call last):\n x"}
    line = {"at": "2026-01-13T08:59:01.5Z", "level": "warning", "log": "web", "event": "page failed", "pid": 7, "error": error}
    (tmp_path / "app_20260113.json").write_text(json.dumps({**line, "path": "/x"}) + "\nnot json\n", "utf-8")
    first, second = tail(tmp_path, NOW, "", str)
    assert first == ("2026-01-13T08:59:01.5Z", "warning", "page failed  error=no such page path=/x")
    assert second == ("", "", "not json")


def test_what_the_line_says_already_is_not_said_again(tmp_path: Path) -> None:
    """An error whose message is the line itself stands there once."""
    line = {"at": "x", "level": "error", "event": "it broke", "error": {"kind": "Damaged", "message": "it broke"}}
    (tmp_path / "app_20260113.json").write_text(json.dumps(line), "utf-8")
    assert [what for _, _, what in tail(tmp_path, NOW, "", str)] == ["it broke"]
