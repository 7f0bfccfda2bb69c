"""The real house behind the real door: a copy of every file in a new folder starts; a wheel gives the command too."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support import parts
from support.little import BASE_PYTHON, DEAD_END, HOME, START_LIMIT_S

pytestmark = [pytest.mark.needs("uv", "registry"), pytest.mark.skipif(sys.platform == "win32", reason="POSIX paths")]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a fresh clone or an unzipped folder holds, in a folder with a space and Korean letters."""
    folder = tmp_path_factory.mktemp("real") / "새 폴더 a"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=HOME, capture_output=True, check=False
    )
    names = [os.fsdecode(name) for name in listed.stdout.split(b"\0") if name]
    if not names:  # an unzipped folder has no git: all but what a run leaves behind
        shutil.copytree(HOME, folder, ignore=shutil.ignore_patterns(".*", "__pycache__", "data", "logs"))
        return folder
    for name in names:
        if (HOME / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(HOME / name, folder / name)
    return folder


def environ(**more: str) -> dict[str, str]:
    """A person's environment, with uv at hand and its cache as it is, but none of the settings of whoever runs the tests."""
    uv = parts.path("uv")
    assert uv is not None
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ONBAM_") and name != "VIRTUAL_ENV"}
    return {**kept, "PATH": os.pathsep.join([str(Path(uv).parent), os.environ["PATH"]]), **more}


def start(clone: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Start the door of the clone."""
    return subprocess.run(
        [BASE_PYTHON, clone / "run.py", *arguments],
        capture_output=True,
        encoding="utf-8",
        env=environ(**more),
        cwd=clone.parent,
        timeout=START_LIMIT_S,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_a_fresh_clone_starts_and_then_needs_no_network(clone: Path) -> None:
    """First start: the committed locks install and the program answers; from then on every way out may be dead."""
    first = start(clone, "--version")
    assert first.returncode == 0, first.stderr
    dead = {"http_proxy": DEAD_END, "https_proxy": DEAD_END, "HTTPS_PROXY": DEAD_END, "UV_OFFLINE": "1", "PIP_NO_INDEX": "1"}
    again = start(clone, "--version", **dead)
    assert (again.returncode, again.stdout, again.stderr) == (0, first.stdout, "")


def test_a_wheel_brings_the_command(clone: Path, tmp_path: Path) -> None:
    """`uv tool install .` and `pip install .` take the same way: a wheel of both packages with the command `onbam`."""
    uv = parts.path("uv")
    assert uv is not None
    shelf, tool = tmp_path / "shelf", tmp_path / "도구 b"
    for command in (
        [uv, "build", "--quiet", "--wheel", "--no-python-downloads", "--python", BASE_PYTHON, "--out-dir", shelf, clone],
        [uv, "venv", "--quiet", "--no-python-downloads", "--python", BASE_PYTHON, tool],
    ):
        done = subprocess.run(command, capture_output=True, encoding="utf-8", env=environ(), check=False)
        assert done.returncode == 0, done.stderr
    (wheel,) = shelf.glob("onbam-*.whl")
    install = [
        uv,
        "pip",
        "install",
        "--quiet",
        "--python",
        tool / "bin" / "python",
        "--constraint",
        clone / "locks" / "core.txt",
        wheel,
    ]
    done = subprocess.run(install, capture_output=True, encoding="utf-8", env=environ(), check=False)
    assert done.returncode == 0, done.stderr
    done = subprocess.run(
        [tool / "bin" / "onbam", "--version"], capture_output=True, encoding="utf-8", env=environ(), check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("onbam ")
    imported = subprocess.run(
        [tool / "bin" / "python", "-c", "import onbam_sims; print(onbam_sims.__file__)"],
        capture_output=True,
        encoding="utf-8",
        cwd=tmp_path,
        check=True,
    )
    assert str(tool) in imported.stdout
