"""Every test of the house behind one command: `python3 run.py test [ring …] [--strict] [-- pytest arguments]`.

For: a person before a commit, and `.ci/run`. `run.py` starts it inside the environment.
Promises: brings what the rings need from the system where it may (Debian as root), says first what it brings and last what was
not tested and why; every ring runs even if one before it fails; each ring's time stands beside its budget and fails nobody; the
slowest tests and the failed ones are named once more at the end, with the command that runs only these; the last line counts
everything; the exit code is 0 only if nothing failed and something ran. Rings that prove nothing about disks and speak to
nobody outside wait for no disk and read no list of certificates.
Refuses: to pass on an empty run.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from support import parts

HOME: Final = Path(__file__).resolve().parent.parent
BUDGETS_S: Final = {
    "house": None,
    "unit": 10,
    "contract": 60,
    "simulation": 60,
    "integration": 180,
    "process": 180,
    "browser": 180,
}
"""The rings in the order they run, quick ones first, with the time each should stay under (architecture.md)."""
SPREAD: Final = {
    "unit": "worksteal",
    "contract": "loadscope",
    "simulation": "worksteal",
    "integration": "loadfile",
    "process": "loadfile",
    "browser": "loadfile",
}
"""How the processes of a ring share its tests: what opens servers or drives the machine goes by files, so that a file's tests
share what they opened and never run beside each other; `loadscope` is a file too, and all that runs on one database server
(tests/conftest.py)."""
SIDE_BY_SIDE: Final = 2
MORE_SIDE_BY_SIDE: Final = {"process": 3}
"""How many processes: two, for two cores; one more where most of the time is spent waiting for other processes."""
QUIET: Final = frozenset({"unit", "contract", "simulation"})
"""Rings that prove nothing about disks (integration and process do) and speak to nobody outside this machine."""
MEMORY: Final = Path("/dev/shm")  # noqa: S108 -- only a folder with a name of its own is made in it
MEMORY_NEEDED: Final = 2 << 30
"""Room it must have, and half the memory the machine must have to spare: the servers of the tests take a quarter of it."""
SLOWEST: Final = 10
"""So many of the slowest tests are named at the end."""
TIMEOUT_S: Final = 300
"""A test that takes longer hangs, even on a slow machine with much to do."""
BEGIN, END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
NOTHING_RAN: Final = 5
"""Pytest's exit code for it."""
TYPED: Final = ("run.py", "scripts", "tests/runner.py", "tests/conftest.py", "tests/support")


@dataclass(slots=True)
class Outcome:
    """What one ring came to."""

    name: str
    seconds: float = 0.0
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    """The names of those that failed."""
    slow: list[tuple[float, str]] = field(default_factory=list)
    """Seconds and name of the slowest."""


def tools() -> list[dict[str, list[str]]]:
    """The checks of the house that are programs of their own, in two lanes: what is in a lane runs one after the other."""
    python = [sys.executable, "-m"]
    # The branches for Windows are never run here: their types are what can be checked.
    windows = {
        "ruff check": [*python, "ruff", "check", "."],
        "ruff format": [*python, "ruff", "format", "--check", "."],
        "mypy for Windows": [*python, "mypy", "--platform", "win32", "--cache-dir", ".mypy_cache/win32"],
    }
    # The tests' own tools come after the product: what mypy knows of the one it need not find out again for the other.
    here = {
        "mypy": [*python, "mypy"],
        "mypy for the tests' own tools": [*python, "mypy", *TYPED],
    }
    return [here, windows]


def check_house(environ: dict[str, str]) -> tuple[Outcome, str]:
    """Run the tools; the words of those that complain."""
    started = time.monotonic()
    outcome = Outcome("house tools")
    said: list[str] = []

    def run(lane: dict[str, list[str]]) -> None:
        for name, command in lane.items():
            done = subprocess.run(
                command,
                cwd=HOME,
                env=environ,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                check=False,
            )
            fine = done.returncode == 0
            said.append(f"{'ok  ' if fine else 'FAIL'}  {name}" + ("" if fine else f"\n{done.stdout.rstrip()}"))
            outcome.passed += fine
            outcome.failed += not fine
            outcome.broken += [] if fine else [name]

    with ThreadPoolExecutor(len(tools())) as pool:
        list(pool.map(run, tools()))
    outcome.seconds = time.monotonic() - started
    return outcome, "\n".join(said)


def run_ring(ring: str, arguments: Sequence[str], environ: dict[str, str]) -> Outcome:
    """One ring in a pytest of its own."""
    outcome = Outcome(ring)
    folder = HOME / "tests" / ring
    if not any(folder.rglob("test_*.py")):
        return outcome
    say(f"\n== {ring} ==")
    started = time.monotonic()
    with tempfile.TemporaryDirectory(dir=scratch_place(ring)) as scratch:
        counts = Path(scratch) / "counts.json"
        around = {**environ, "HOUSE_TEST_COUNTS": str(counts), **(quiet(Path(scratch)) if ring in QUIET else {})}
        count = str(MORE_SIDE_BY_SIDE.get(ring, SIDE_BY_SIDE))
        spread = ["-n", count, "--dist", SPREAD[ring]] if ring in SPREAD else []
        command = [sys.executable, "-m", "pytest", str(folder), f"--timeout={TIMEOUT_S}", *spread, *arguments]
        code = subprocess.run(command, cwd=HOME, env=around, check=False).returncode
        if counts.exists():
            found = json.loads(counts.read_text(encoding="utf-8"))
            outcome.passed, outcome.failed, outcome.skipped = found["passed"], found["failed"], found["skipped"]
            outcome.reasons, outcome.broken = found["reasons"], found["broken"]
            outcome.slow = [(seconds, name) for seconds, name in found["slow"]]
    if code not in (0, NOTHING_RAN) and outcome.failed == 0:
        outcome.failed = 1  # pytest itself broke (a collection error, a crash): that is a failure too
        outcome.broken = [f"pytest itself: exit code {code}"]
    outcome.seconds = time.monotonic() - started
    return outcome


def scratch_place(ring: str) -> str | None:
    """In memory where the ring may and the machine can: thousands of small databases, each of which would wait for the disk."""
    if ring not in QUIET or not os.access(MEMORY, os.W_OK):
        return None
    import psutil

    room = min(shutil.disk_usage(MEMORY).free, psutil.virtual_memory().available // 2)
    return str(MEMORY) if room >= MEMORY_NEEDED else None


def quiet(scratch: Path) -> dict[str, str]:
    """The environment of a ring that speaks to this machine only: files in its scratch folder, one certificate instead of all.

    Every client reads the whole list of the world's authorities when it is made, which took a third of the ring's time.
    """
    import certifi

    scratch.chmod(0o711)  # a database server under root runs as somebody else, who has to pass
    everybody = certifi.contents()
    one = scratch / "one.pem"
    one.write_text(everybody[everybody.index(BEGIN) : everybody.index(END) + len(END)] + "\n", encoding="ascii")
    return {"TMPDIR": str(scratch), "SSL_CERT_FILE": str(one)}


def bring(rings: Iterable[str]) -> None:
    """Let Debian's packages bring the parts these rings need; elsewhere say how a person gets them."""
    wanted = [part for part in parts.missing(parts.PARTS) if set(part.rings) & set(rings)]
    if not wanted:
        return
    packages = sorted({package for part in wanted for package in part.apt})
    names = ", ".join(part.name for part in wanted)
    line = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    if shutil.which("apt-get") is None:
        say(f"missing: {'; '.join(f'{part.name} ({part.get})' for part in wanted)}")
    elif sys.platform != "linux" or os.geteuid() != 0:
        say(f"missing: {names}. To get them: sudo {' '.join(line)}")
    else:
        say(f"bringing {names}: {' '.join(line)}")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-q"], env=quiet, check=False, capture_output=True)
        done = subprocess.run(line, env=quiet, check=False, capture_output=True, encoding="utf-8", errors="replace")
        if done.returncode != 0:
            say("\n".join((done.stdout + done.stderr).splitlines()[-8:]))
        parts.path.cache_clear()


def environment(*, strict: bool) -> dict[str, str]:
    """The tests' environment: none of the shop's own settings, whoever runs them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ONBAM_")}
    # Hundreds of processes start: without it each would compile every module anew, which is most of their time.
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**kept, "PYTHONUTF8": "1", **({"HOUSE_TEST_STRICT": "1"} if strict else {})}


def report(outcomes: list[Outcome]) -> int:
    """The table, what was not tested, the count; 0 only if all is well and something ran."""
    say(f"\n{'ring':<14}{'time':>8}  {'budget':<9}")
    for outcome in outcomes:
        budget = BUDGETS_S.get(outcome.name)
        limit = "" if budget is None else f"< {budget} s"
        over = "  over budget" if budget is not None and outcome.seconds > budget else ""
        ran = outcome.passed + outcome.failed + outcome.skipped
        result = f"{outcome.passed} passed, {outcome.failed} failed, {outcome.skipped} skipped" if ran else "no tests yet"
        say(f"{outcome.name:<14}{outcome.seconds:>6.1f} s  {limit:<9}{result}{over}")
    slowest = sorted((slow for outcome in outcomes for slow in outcome.slow), reverse=True)[:SLOWEST]
    if slowest:
        say("\nslowest")
        for seconds, name in slowest:
            say(f"{seconds:>6.1f} s  {name}")
    say("")
    for outcome in outcomes:
        for reason, count in outcome.reasons.items():
            say(f"NOT TESTED  {outcome.name}: {count} x {reason}")
    for outcome in outcomes:
        for name in outcome.broken:
            say(f"FAILED  {outcome.name}: {name}")
    if again := [outcome.name for outcome in outcomes if outcome.failed and outcome.name in BUDGETS_S]:
        say(f"only these again: python3 run.py test {' '.join(again)} -- --last-failed")
    passed, failed, skipped = (sum(getattr(outcome, what) for outcome in outcomes) for what in ("passed", "failed", "skipped"))
    say(f"{passed} passed, {failed} failed, {skipped} skipped")
    if passed + failed == 0:
        return NOTHING_RAN
    return 1 if failed else 0


def say(text: str) -> None:
    """In order with what the tools print."""
    print(text, flush=True)


def main(argv: Sequence[str]) -> int:
    """The command."""
    end = argv.index("--") if "--" in argv else len(argv)
    ours, theirs = argv[:end], argv[end + 1 :]
    parser = argparse.ArgumentParser(prog="run.py test", description="Run the tests; without a ring, all of them.")
    parser.add_argument("ring", nargs="*", help=", ".join(BUDGETS_S))
    parser.add_argument("--strict", action="store_true", help="a part that is missing is a failure")
    parser.epilog = "What follows -- goes to pytest."
    chosen = parser.parse_args(ours)
    if unknown := [ring for ring in chosen.ring if ring not in BUDGETS_S]:
        parser.error(f"unknown ring {', '.join(unknown)}; the rings are {', '.join(BUDGETS_S)}")
    rings = [ring for ring in BUDGETS_S if ring in chosen.ring or not chosen.ring]
    bring(rings)
    environ = environment(strict=chosen.strict)
    outcomes = []
    if "house" in rings and not theirs:
        # The tools need nothing of the ring: they run beside its tests, and their words come after them.
        with ThreadPoolExecutor(1) as beside:
            checking = beside.submit(check_house, environ)
            rings.remove("house")
            tests = run_ring("house", theirs, environ)
            checked, said = checking.result()
        say(said)
        outcomes += [checked, tests]
    outcomes += [run_ring(ring, theirs, environ) for ring in rings]
    return report(outcomes)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
