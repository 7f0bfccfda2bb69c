"""An update of a real environment by its own installer, and around a real guard."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from onbam.bootstrap import Onbam
from onbam.care.update import Update
from onbam.care.update_program import InstalledProgram, run
from onbam.care.update_robots import GuardedRobots, ShopData
from onbam.guard.calling import Caller
from onbam.guard.system import this_system
from onbam.kernel import home as homes
from onbam.kernel.clock import SystemClock
from onbam.kernel.errors import Refused
from onbam.kernel.words import plain
from onbam.notices.model import Cause, Severity
from support import parts
from support.guarded import Guarded

NAME = "littleprog"


def wheel(folder: Path, version: str, *, more: str = "", broken: bool = False) -> Path:
    """A wheel of a program with one package and one module."""
    path = folder / f"{NAME}-{version}-py3-none-any.whl"
    record = f"{NAME}-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{NAME}/__init__.py", f'VERSION = "{version}"\n{more}')
        archive.writestr(f"{NAME}_side.py", f'SIDE = "{version}"\n')
        if not broken:
            archive.writestr(f"{record}/METADATA", f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {version}\n")
            archive.writestr(
                f"{record}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            )
            archive.writestr(f"{record}/RECORD", "")
    return path


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """An environment of its own with version 1.0 of the program, in a folder with a space and Korean letters."""
    uv = parts.path("uv")
    assert uv is not None
    room = tmp_path / "온밤 환경"
    subprocess.run([uv, "venv", "--quiet", "--offline", "--python", sys.executable, str(room)], check=True)
    found = room / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    old = wheel(tmp_path, "1.0")
    subprocess.run([uv, "pip", "install", "--quiet", "--offline", "--python", str(found), str(old)], check=True)
    return found


def says(python: Path, code: str) -> str:
    """What the environment's own interpreter answers."""
    done = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


@pytest.mark.needs("uv")
def test_a_wheel_is_installed_and_the_earlier_program_put_back(
    tmp_path: Path, python: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Package, module and record: all of the new one, then all of the old one, and nothing of both."""
    # The files of both have the same time and size, which is all that Python asks of what it compiled.
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    (site,) = (folder for folder in python.parents[1].rglob("site-packages") if folder.is_dir())
    files = (site / NAME / "__init__.py", site / f"{NAME}_side.py")

    def of_one_time() -> None:
        for file in files:
            os.utime(file, (1_700_000_000, 1_700_000_000))

    new = wheel(tmp_path, "1.1", more="NEWS = 1\n")
    program = InstalledProgram(tmp_path / "사본", wheel=new, name=NAME, python=str(python))
    assert (program.version(), program.wanted()) == ("1.0", "1.1")
    of_one_time()
    copy = program.remember()
    program.install()
    of_one_time()
    both = f"import {NAME}, {NAME}_side; print({NAME}.VERSION, {NAME}_side.SIDE)"
    assert (program.version(), says(python, both)) == ("1.1", "1.1 1.1")
    program.put_back(copy)
    assert (program.version(), says(python, both)) == ("1.0", "1.0 1.0")
    assert "AttributeError" in says(python, f"import {NAME}; {NAME}.NEWS")


@pytest.fixture
def index(tmp_path: Path) -> Iterator[str]:
    """A package index with the versions 1.0, 1.1 and 1.2 of the program."""
    folder = tmp_path / "index" / "simple" / NAME
    folder.mkdir(parents=True)
    links = [f'<a href="{wheel(folder, version).name}">{version}</a>' for version in ("1.0", "1.1", "1.2")]
    (folder / "index.html").write_text("<!DOCTYPE html><html><body>" + "".join(links) + "</body></html>", "utf-8")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "index"))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/simple/"
        server.shutdown()
        thread.join()


@pytest.mark.needs("uv")
def test_c42_a_version_of_the_index_is_installed_by_name_or_as_the_newest(
    tmp_path: Path, python: Path, index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--to 1.1` brings just that; without a version the newest there; one that is not there leaves what was."""
    for name in [name for name in os.environ if name.startswith(("UV_", "PIP_"))]:
        monkeypatch.delenv(name)
    for name, value in {"UV_DEFAULT_INDEX": index, "UV_NO_CONFIG": "1", "UV_CACHE_DIR": str(tmp_path / "cache")}.items():
        monkeypatch.setenv(name, value)

    def program(version: str = "") -> InstalledProgram:
        return InstalledProgram(tmp_path / "copies", version=version, name=NAME, python=str(python))

    program("1.1").install()
    assert (program().version(), program().wanted()) == ("1.1", "1.2")
    with pytest.raises(Refused, match="9"):
        program("9.9").install()
    assert program().version() == "1.1"
    program().install()
    assert (program().version(), program().wanted()) == ("1.2", "1.2")


@pytest.mark.needs("uv")
def test_what_is_no_wheel_of_ours_is_refused_and_a_broken_one_leaves_the_way_back(tmp_path: Path, python: Path) -> None:
    """Another name, a missing file; and a broken wheel, after which the copy still restores what was."""
    other = tmp_path / "other-1.0-py3-none-any.whl"
    other.write_bytes(b"x")
    for path in (other, tmp_path / f"{NAME}-9.9-py3-none-any.whl", tmp_path / "notes.txt"):
        with pytest.raises(Refused, match="no wheel of Onbam"):
            InstalledProgram(tmp_path, wheel=path, name=NAME, python=str(python)).wanted()
    program = InstalledProgram(tmp_path / "c", wheel=wheel(tmp_path, "2.0", broken=True), name=NAME, python=str(python))
    copy = program.remember()
    with pytest.raises(Refused):
        program.install()
    program.put_back(copy)
    assert (program.version(), says(python, f"import {NAME}; print({NAME}.VERSION)")) == ("1.0", "1.0")


@pytest.mark.needs("uv")
def test_a_program_that_runs_from_its_source_is_not_replaced(tmp_path: Path, python: Path) -> None:
    """An editable installation has no files of its own; the way that fits is named."""
    (site,) = Path(says(python, "import sysconfig; print(sysconfig.get_path('purelib'))")).glob(f"{NAME}-*.dist-info")
    (site / "direct_url.json").write_text('{"url": "file:///srv/onbam", "dir_info": {"editable": true}}', "utf-8")
    with pytest.raises(Refused, match="source folder") as caught:
        InstalledProgram(tmp_path, version="2.0", name=NAME, python=str(python)).wanted()
    assert "run.py" in caught.value.hint.to("en")


@pytest.mark.needs("uv")
def test_a_source_folder_that_is_only_linked_is_not_replaced_either(tmp_path: Path, python: Path) -> None:
    """A checkout named in a `.pth` file has no record of an installation: nothing is copied, backed up or installed."""
    checkout = tmp_path / "checkout" / "src"
    (checkout / "linked").mkdir(parents=True)
    (checkout / "linked" / "__init__.py").write_text("", "utf-8")
    (site,) = (folder for folder in python.parents[1].rglob("site-packages") if folder.is_dir())
    (site / "linked.pth").write_text(f"{checkout}\n", "utf-8")
    program = InstalledProgram(tmp_path / "copies", name="linked", python=str(python))
    with pytest.raises(Refused) as caught:
        program.wanted()
    assert str(checkout) in str(caught.value)
    assert "git pull" in str(caught.value.hint)
    assert not (tmp_path / "copies").exists()


# ---- around a real guard


@dataclass
class Pretended:
    """A program whose versions are only said."""

    now: str = "1.0"

    def version(self) -> str:
        """What is said to be installed."""
        return self.now

    def wanted(self) -> str:
        """What is said to come."""
        return "1.1"

    def remember(self) -> Path:
        """Nothing to copy."""
        return Path("copy")

    def install(self) -> None:
        """Say so."""
        self.now = "1.1"

    def put_back(self, _: Path) -> None:
        """Say so."""
        self.now = "1.0"


class Unwell(GuardedRobots):
    """Robots that are found not to work, once."""

    def well(self) -> None:
        """Not this time."""
        raise Refused("two of three do not work")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Guarded]:
    """A shop with a robot at work and an open notice in its database."""
    one = Guarded(tmp_path)
    one.robot()
    with Onbam(tmp_path, {}) as onbam:
        onbam.notices.open(Cause("a", Severity.WARN, plain("a")(), plain("b")()))
    one.begin()
    one.up()
    yield one
    one.clean()
    assert one.process is not None
    one.process.communicate(timeout=60)


def updating(shop: Guarded, kind: type[GuardedRobots]) -> Update:
    """An update of this shop."""
    onbam = Onbam(shop.home, homes.environment())
    caller = Caller(shop.home, homes.environment(), {}, SystemClock(), this_system())
    data = ShopData(shop.home, shop.data / "backups", onbam.database_at, run)
    robots = kind(caller, onbam.boot_system, run, watch_s=0.1)
    return Update(Pretended(), data, robots, SystemClock(), lambda _: None, lambda _: None, lambda _: None)


@pytest.mark.skipif(sys.platform != "linux", reason="processes of Linux")
def test_c42_robots_end_in_order_and_work_again_after_an_update(shop: Guarded) -> None:
    """Another process of the same robot, a backup with the shop's rows, and nobody counts it as a person's doing."""
    before = shop.up()["pid"]
    done = updating(shop, GuardedRobots).run()
    assert [step.name for step in done.steps] == ["look", "drain", "backup", "install", "migrate", "start", "health"]
    assert shop.other(before)["pid"] != before
    assert done.backup is not None
    assert done.backup.stat().st_size > 0
    assert next(told.data["who"] for told in shop.events("guard.asked")) == "system:update"


@pytest.mark.skipif(sys.platform != "linux", reason="processes of Linux")
def test_c42_an_update_whose_robots_do_not_work_leaves_them_at_work_as_before(shop: Guarded) -> None:
    """Stopped, taken back, started: the robot works and the database is as it was."""
    before = shop.up()["pid"]
    update = updating(shop, Unwell)
    with pytest.raises(Refused, match="two of three"):
        update.run()
    assert update.program.version() == "1.0"
    assert shop.other(before)["state"] == "up"
    with Onbam(shop.home, {}) as onbam:
        assert [notice.key for notice in onbam.notices.inbox()] == ["a"]
