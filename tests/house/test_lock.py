"""The locks hold: made from pyproject.toml as it is, hashed, without an address, installable on every system."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from support.sources import ROOT


@pytest.fixture(scope="module")
def lock() -> ModuleType:
    """The lock maker, loaded from where it stands."""
    spec = importlib.util.spec_from_file_location("lock_maker", ROOT / "scripts" / "lock.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project file and its locks, to be spoilt."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "locks", tmp_path / "locks")
    return tmp_path


def test_the_committed_locks_hold(lock: ModuleType) -> None:
    """Made from these requirements, complete, hashed, of one mind; if not: python scripts/lock.py."""
    assert lock.problems(ROOT) == []


def test_no_lock_knows_this_machine(lock: ModuleType) -> None:
    """A lock reads the same wherever it was made: no address, no path."""
    for path in (ROOT / "locks").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        for word in ("://", "index-url", "find-links", "file:", "/home/", "/root/", "\\Users"):
            assert word not in text, f"{path.name} holds {word}"


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda at: (at / "locks" / "redis.txt").unlink(), "locks/redis.txt is missing"),
        (lambda at: (at / "locks" / "moon.txt").write_text("", encoding="utf-8"), "locks/moon.txt belongs to nothing"),
        (lambda at: _append(at / "locks" / "core.txt", "lamp==1.0\n"), "pins something without a hash"),
        (lambda at: _append(at / "locks" / "core.txt", "--index-url https://example.invalid/simple\n"), "holds an address"),
        (lambda at: _append(at / "locks" / "core.txt", "lamp>=1\n"), "is neither a pin nor a hash nor a comment"),
        (
            lambda at: _append(at / "locks" / "mysql.txt", "click==0.1 \\\n    --hash=sha256:" + "0" * 64 + "\n"),
            "another lock",
        ),
        (
            lambda at: (at / "pyproject.toml").write_text(
                (at / "pyproject.toml").read_text(encoding="utf-8").replace('"rich>=', '"richer>='), encoding="utf-8"
            ),
            "was made from other requirements",
        ),
    ],
)
def test_a_spoilt_lock_is_named(lock: ModuleType, copy: Path, spoil: object, said: str) -> None:
    """The check can fail: each way a lock goes wrong has its sentence."""
    assert callable(spoil)
    assert lock.problems(copy) == []
    spoil(copy)
    assert any(said in problem for problem in lock.problems(copy)), lock.problems(copy)


@pytest.mark.needs("registry")
def test_every_pin_has_a_ready_made_wheel_for_windows_macos_and_linux(lock: ModuleType) -> None:
    """Nothing is compiled on a shop's PC: Windows x64, macOS arm64 and Linux x64, Python 3.11 to 3.13."""
    assert lock.wheel_problems(ROOT) == []
