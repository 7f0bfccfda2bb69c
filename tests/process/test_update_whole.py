"""The whole way of an update: Onbam itself, installed from wheels in an environment of its own, around a robot at work."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import onbam
from support import parts
from support.guarded import ROBOT, Guarded

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="processes of Linux"),
    pytest.mark.needs("uv"),
    pytest.mark.timeout(600),  # two whole updates of the whole program: half a minute of a free processor
]
SOURCE = Path(onbam.__file__).parent
BROKEN = ("onbam/guard/__main__.py", "raise SystemExit('this version does not start')\n")


def wheel(folder: Path, version: str, instead: tuple[str, str] = ("", "")) -> Path:
    """Today's source as a wheel of this version; one file of it may be another."""
    path = folder / f"onbam-{version}-py3-none-any.whl"
    record = f"onbam-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(SOURCE.rglob("*")):
            name = file.relative_to(SOURCE.parent).as_posix()
            if file.is_dir() or "__pycache__" in name:
                continue
            text = instead[1].encode() if name == instead[0] else file.read_bytes()
            if name == "onbam/__init__.py":
                text = text.replace(onbam.__version__.encode(), version.encode())
            archive.writestr(name, text)
        archive.writestr(f"{record}/METADATA", f"Metadata-Version: 2.1\nName: onbam\nVersion: {version}\n")
        archive.writestr(f"{record}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{record}/RECORD", "")
    return path


class Installed(Guarded):
    """A shop whose Onbam is an installed one."""

    def __init__(self, home: Path, python: Path, uv: Path) -> None:
        super().__init__(home, "[care]\nupdate_watch_s = 1", PATH=os.pathsep.join((str(uv.parent), os.environ.get("PATH", ""))))
        self.python = python
        self.section("robot", command=[str(python), str(ROBOT)], watch="beats", start_s=30)

    def onbam(self, *words: str) -> tuple[int, str]:
        """A command of the installed one."""
        command = [str(self.python), "-P", "-m", "onbam", "--home", str(self.home), *words]
        done = subprocess.run(command, env=self.environ, cwd=self.home, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout or done.stderr


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installed]:
    """Version 90.0, installed, with a robot at work and a database."""
    uv = parts.path("uv")
    assert uv is not None
    room, home = tmp_path / "환경", tmp_path / "shop"
    home.mkdir()
    subprocess.run([uv, "venv", "--quiet", "--offline", "--python", sys.executable, str(room)], check=True)
    python = room / "bin" / "python"
    (next(room.glob("lib/python*/site-packages")) / "ours.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    first = wheel(tmp_path, "90.0")
    subprocess.run([uv, "pip", "install", "--quiet", "--offline", "--no-deps", "--python", str(python), str(first)], check=True)
    one = Installed(home, python, Path(uv))
    try:
        code, said = one.onbam("up")
        assert code == 0, said
        assert one.onbam("db", "upgrade")[0] == 0
        yield one
    finally:
        one.onbam("down")
        one.clean()


def update(shop: Installed, path: Path) -> tuple[int, Any]:
    """Its exit code and answer."""
    code, said = shop.onbam("update", "--from", str(path), "--json")
    return code, json.loads(said)


def test_c42_a_higher_version_is_installed_and_one_that_does_not_start_is_taken_back(shop: Installed, tmp_path: Path) -> None:
    """90.0 → 90.1 with the robot at work again; 90.2 does not start: 90.1 again, the robot at work, a person is told."""
    before = shop.up()["pid"]
    code, done = update(shop, wheel(tmp_path, "90.1"))
    assert (code, done["before"], done["after"]) == (0, "90.0", "90.1"), done
    assert [step["name"] for step in done["steps"]] == ["look", "drain", "backup", "install", "migrate", "start", "health"]
    assert Path(done["backup"]).stat().st_size > 0
    second = shop.other(before)["pid"]
    assert shop.status()["guard"]["version"] == "90.1"
    code, said = update(shop, wheel(tmp_path, "90.2", BROKEN))
    assert code == 1
    assert "start" in said["error"]["message"]
    assert shop.other(second)["state"] == "up"
    assert shop.status()["guard"]["version"] == "90.1"
    installed = shop.onbam("--version")[1]
    assert installed.split() == ["onbam", "90.1"]
    assert "90.2" in shop.onbam("notices", "list")[1]
