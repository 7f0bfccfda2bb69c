"""What every test shares: the mark `needs`, and a loud word at the end about what was not tested.

For: pytest.
Promises: a test that needs a part this machine has not is skipped with the part's name; in strict mode (HOUSE_TEST_STRICT=1,
the gate's way) it fails, because a gate that skips proves nothing; the counts of the run are left for the runner.
Refuses: fixtures. Those live in `tests/support`, named by what they give.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from support import parts

pytest_plugins = ("support.databases",)
PREFIX = "needs "


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before each test: is there what it needs?"""
    for mark in item.iter_markers("needs"):
        for part in parts.missing(mark.args):
            said = f"{PREFIX}{part.name}: {part.get}"
            if os.environ.get("HOUSE_TEST_STRICT") == "1":
                pytest.fail(f"strict mode, {said}", pytrace=False)
            pytest.skip(said)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """At the end: what was missing, in words that cannot be overlooked, and the counts for the runner."""
    stats = terminalreporter.stats
    reasons: Counter[str] = Counter()
    for report in stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reasons[reason.removeprefix("Skipped: ")] += 1
    if reasons:
        terminalreporter.section("NOT TESTED", sep="!", yellow=True, bold=True)
        for reason, count in sorted(reasons.items()):
            terminalreporter.line(f"{count:4d}  {reason}")
    if target := os.environ.get("HOUSE_TEST_COUNTS"):
        # A test that passed and whose teardown broke counts as failed, like in pytest's own line.
        counts = {
            "passed": len(stats.get("passed", [])) + len(stats.get("xfailed", [])),
            "failed": len(stats.get("failed", [])) + len(stats.get("error", [])) + len(stats.get("xpassed", [])),
            "skipped": sum(reasons.values()),
            "reasons": dict(reasons),
        }
        Path(target).write_text(json.dumps(counts, ensure_ascii=False), encoding="utf-8")
