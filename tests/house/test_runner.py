"""The runner and the mark `needs`: what is missing is brought or named, and a gate that tested nothing does not open."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import runner
from support import parts
from support.sources import ROOT

NEEDY = '''
import pytest

@pytest.mark.needs("systemd-analyze")
def test_needy():
    """Never reached."""

def test_modest():
    """Always reached."""
'''


def run_needy(folder: Path, *, strict: bool) -> subprocess.CompletedProcess[str]:
    """Two tests on a machine without any program: one needs a part, one does not."""
    (folder / "test_needy.py").write_text(NEEDY, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = needs(part): a part\n", encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ONBAM_", "PYTEST_", "HOUSE_TEST_"))}
    kept |= {"PATH": str(folder), "PYTHONPATH": str(ROOT / "tests"), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "conftest", "-p", "no:cacheprovider", str(folder)],
        capture_output=True,
        encoding="utf-8",
        env={**kept, **({"HOUSE_TEST_STRICT": "1"} if strict else {})},
        check=False,
    )


@pytest.mark.skipif(Path("/usr/sbin/systemd-analyze").exists(), reason="this system keeps it among its servers' programs")
def test_a_missing_part_is_skipped_loudly_and_fails_the_gate(tmp_path: Path) -> None:
    """Without the part: one skip with its name at the end; in strict mode a failure with the same name."""
    loose = run_needy(tmp_path, strict=False)
    assert loose.returncode == 0, loose.stdout
    assert "1 passed, 1 skipped" in loose.stdout
    assert "NOT TESTED" in loose.stdout
    assert "1  needs systemd-analyze: Linux with systemd" in loose.stdout
    strict = run_needy(tmp_path, strict=True)
    assert strict.returncode == 1
    assert "strict mode, needs systemd-analyze" in strict.stdout


def test_an_unknown_part_is_an_error() -> None:
    """A misspelt name must not become a skip that nobody notices."""
    with pytest.raises(KeyError):
        parts.path("mariabd")


@pytest.mark.parametrize(
    ("outcomes", "code", "last"),
    [
        ([runner.Outcome("unit", passed=3), runner.Outcome("house", passed=1, skipped=2)], 0, "4 passed, 0 failed, 2 skipped"),
        ([runner.Outcome("unit", passed=3), runner.Outcome("house", failed=1)], 1, "3 passed, 1 failed, 0 skipped"),
        ([runner.Outcome("unit", skipped=3)], 5, "0 passed, 0 failed, 3 skipped"),
        ([], 5, "0 passed, 0 failed, 0 skipped"),
    ],
)
def test_the_last_line_counts_and_the_code_judges(
    outcomes: list[runner.Outcome], code: int, last: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing failed and something ran: 0. Anything failed: 1. Nothing ran: 5, never 0."""
    assert runner.report(outcomes) == code
    assert capsys.readouterr().out.splitlines()[-1] == last


def test_a_ring_over_its_budget_is_said_and_not_failed(capsys: pytest.CaptureFixture[str]) -> None:
    """Time is shown, never asserted: a slow machine is not a defect."""
    assert runner.report([runner.Outcome("unit", seconds=11, passed=1)]) == 0
    assert "over budget" in capsys.readouterr().out


def test_an_unknown_ring_is_refused_with_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt ring must not pass as an empty one."""
    with pytest.raises(SystemExit) as ended:
        runner.main(["units"])
    assert ended.value.code == 2
    assert "simulation" in capsys.readouterr().err


def test_the_rings_are_the_folders() -> None:
    """Every folder of tests is a ring of the runner: a new one cannot be forgotten by the gate."""
    folders = {path.parent.name for path in (ROOT / "tests").glob("*/test_*.py")}
    folders |= {path.parent.parent.name for path in (ROOT / "tests").glob("*/*/test_*.py")}
    assert folders <= set(runner.BUDGETS_S)


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root on Linux may bring packages")
@pytest.mark.parametrize("rings", [["integration"], ["unit"]])
def test_what_the_rings_need_is_brought_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rings: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A Debian without a part: apt is asked for its package if a chosen ring needs it; afterwards the part is found."""
    brought, asked = tmp_path / "brought", tmp_path / "asked"
    apt = tmp_path / "apt-get"
    apt.write_text(f'#!/bin/sh\necho "$@" >> "{asked}"\ncase "$1" in install) : > "{brought}";; esac\n', encoding="utf-8")
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    lamp = parts.Part(
        "lamp", lambda: str(brought) if brought.exists() else None, "light it", ("lamp-server",), ("integration",)
    )
    monkeypatch.setattr(parts, "PARTS", {"lamp": lamp})
    parts.path.cache_clear()
    runner.bring(rings)
    if rings == ["unit"]:
        assert not asked.exists()
    else:
        assert asked.read_text(encoding="utf-8").splitlines()[-1] == "install -y -q --no-install-recommends lamp-server"
        assert parts.path("lamp") == str(brought)
        assert "lamp" in capsys.readouterr().out
    parts.path.cache_clear()
