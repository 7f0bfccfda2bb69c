"""What every test shares: the mark `needs`, and a loud word at the end about what was not tested.

For: pytest.
Promises: a test that needs a part this machine has not is skipped with the part's name; in strict mode (HOUSE_TEST_STRICT=1,
the gate's way) it fails, because a gate that skips proves nothing; properties try the same examples in every run, however slow
the machine is (new and many more ones: `--hypothesis-profile=deep`); a database server is started by one process of a shared
run and not by each; Ctrl-C means the same in the foreground and in the
background; the counts of the run are left for the runner.
Refuses: fixtures. Those live in `tests/support`, named by what they give.
"""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

from support import parts

if TYPE_CHECKING:
    from xdist.remote import Producer  # type: ignore[import-untyped]
    from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

pytest_plugins = ("support.databases",)
PREFIX = "needs "
SERVERS = ("mariadb", "postgres")
"""What a test's name says in its brackets when it runs on a server that takes seconds to start."""
SLOW_S = 1.0
"""A test that takes longer is worth naming."""
# A gate says the same twice: no luck in the examples, and no clock in the verdict.
settings.register_profile(
    "gate", max_examples=40, derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("deep", max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("gate")


def pytest_configure() -> None:
    """Ctrl-C works in this run and in the processes it starts: a shell that runs us in the background lets it be ignored."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_sessionstart() -> None:
    """Examples of the gate do not hang on which modules a process happened to import before.

    Hypothesis draws constants out of those as well, which differ with each sharing of the tests, and reads hundreds of files
    for it. There is no setting for that; `deep` keeps it.
    """
    if settings.get_current_profile_name() == "gate":
        none = providers._local_constants
        providers._get_local_constants = lambda: none


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling | None:
    """`--dist loadscope` here: what runs on one server is one share, what a file has besides is another; large ones first."""
    from xdist.scheduler import LoadScopeScheduling

    class Shares(LoadScopeScheduling):  # type: ignore[misc]  # xdist is not typed
        def _split_scope(self, nodeid: str) -> str:
            file, _, rest = nodeid.partition("::")
            return next((server for server in SERVERS if server in rest.partition("[")[2]), file)

    return Shares(config, log) if config.getoption("dist") == "loadscope" else None


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
            "broken": sorted({report.nodeid for what in ("failed", "error", "xpassed") for report in stats.get(what, [])}),
            "slow": slowest(stats),
        }
        Path(target).write_text(json.dumps(counts, ensure_ascii=False), encoding="utf-8")


def slowest(stats: dict[str, list[pytest.TestReport]]) -> list[tuple[float, str]]:
    """Seconds and name of what took long, its preparation and cleaning included."""
    spent: dict[str, float] = {}
    for reports in stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                spent[report.nodeid] = spent.get(report.nodeid, 0.0) + report.duration
    return sorted(((round(seconds, 1), name) for name, seconds in spent.items() if seconds >= SLOW_S), reverse=True)[:20]
