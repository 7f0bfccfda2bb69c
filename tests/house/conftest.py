"""Prints the sizes of the rooms after the house tests: to be looked at, not to be obeyed."""

from __future__ import annotations

from collections import Counter

import pytest

from support import sources

SOFT_LIMIT = 400


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line a room, then the files that have grown beyond the soft limit."""
    lines: Counter[str] = Counter()
    files: Counter[str] = Counter()
    large = []
    for source in [*sources.product(), *sources.tests()]:
        parts = source.shown.split("/")
        room = "/".join(parts[:2]) if parts[0] in {"onbam", "tests"} else parts[0]
        count = source.text.count("\n")
        lines[room] += count
        files[room] += 1
        if count > SOFT_LIMIT:
            large.append(f"{source.shown} {count}")
    terminalreporter.write_sep("-", "sizes")
    shown = [f"{room} {lines[room]}/{files[room]}" for room in sorted(lines)]
    terminalreporter.write_line("lines/files: " + ", ".join(shown))
    if large:
        terminalreporter.write_line(f"beyond {SOFT_LIMIT} lines: " + ", ".join(sorted(large)))
