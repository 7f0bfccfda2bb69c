"""The front door in trouble: one sentence with its fix in both languages, and the next start repairs itself."""

from __future__ import annotations

import csv
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support import little
from support.little import BASE_PYTHON, HOME, START_LIMIT_S, Little, seen
from support.waiting import until

pytestmark = [pytest.mark.needs("uv"), pytest.mark.skipif(sys.platform == "win32", reason="POSIX paths, signals and mounts")]
MISCONFIGURED, UNAVAILABLE, CANNOT_WRITE = 78, 69, 73


@pytest.fixture
def fresh(tmp_path: Path) -> Little:
    """A folder nobody has started yet."""
    return little.build(tmp_path)


@pytest.fixture
def big(fresh: Little) -> Little:
    """The same with a package of two thousand files: its installation can be caught in the middle."""
    fresh.lock("core", little.make_wheel(fresh.shelf, "lamp", "1.0", files=2000))
    return fresh


def torn(site: Path) -> list[str]:
    """Files that a package's own list names and that are not there in full."""
    found = []
    for record in site.glob("*.dist-info/RECORD"):
        for name, _, size in csv.reader(record.read_text(encoding="utf-8").splitlines()):
            path = site / name
            if size and (not path.exists() or path.stat().st_size != int(size)):
                found.append(name)
    return found


def in_both_languages(text: str, korean: str, english: str) -> None:
    """One sentence each, and no traceback."""
    assert korean in text
    assert english in text
    assert "Traceback" not in text


MOMENTS: dict[str, Callable[[Little], bool]] = {
    "the lock file is there": lambda at: (at.venv / "onbam.lock").exists(),
    "it has said that it makes the environment": lambda at: (at.venv / "onbam.building").exists(),
    "half of an environment is there": lambda at: (at.venv / "pyvenv.cfg").exists(),
    "a Python is there": lambda at: at.python.exists(),
    "it has said that it installs": lambda at: (
        (at.venv / "onbam.building").exists() and _text(at, "onbam.building") == "installing"
    ),
    "the first files of the package are there": lambda at: (at.site / "lamp").exists(),
    "a hundred files are there": lambda at: len(list((at.site / "lamp").glob("*.py"))) > 100,
    "the program's path is there": lambda at: (at.site / "onbam.pth").exists(),
    "the stamp is there": lambda at: (at.venv / "onbam.stamp").exists(),
}


def _text(at: Little, name: str) -> str:
    """A file of the environment, which may vanish while we look."""
    try:
        return (at.venv / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


ALONE = ("half of an environment is there", "the first files of the package are there", "the stamp is there")
"""Moments at which it also matters that the installer lives on when only run.py is killed."""


@pytest.mark.parametrize(
    ("moment", "whole"),
    [
        *(pytest.param(moment, True, id=f"with its tools: {moment}") for moment in MOMENTS),
        *(pytest.param(moment, False, id=f"alone: {moment}") for moment in ALONE),
    ],
)
def test_killed_at_any_moment_the_next_start_repairs_itself(big: Little, moment: str, whole: bool) -> None:
    """Kill -9 of the first start (of it alone, or with the installer): the next one ends with every file in place."""
    first = big.spawn("hello")
    until(lambda: MOMENTS[moment](big) or first.poll() is not None, what=moment)
    if first.poll() is None:
        os.killpg(first.pid, signal.SIGKILL) if whole else first.kill()
    first.communicate()
    assert seen(big.start("hello"))["lamp"] == "1.0"
    assert torn(big.site) == []
    assert big.start("hello", offline=True).stderr == ""


@pytest.mark.parametrize("offline", [False, True], ids=["online", "offline"])
def test_a_torn_package_is_put_back_and_the_sound_ones_stay(big: Little, offline: bool) -> None:
    """A cut in the middle of a package: it is put back, offline from the installer's cache; the others stay as they are."""
    seen(big.start("bench"))
    sound = {path: path.stat().st_ino for path in (big.site / "star").glob("*.py")}
    (big.venv / "onbam.building").write_text("installing", encoding="ascii")
    for path in list((big.site / "lamp").glob("part1*.py")):
        path.unlink()
    # Offline there is no index, but uv still knows the wheel from its cache.
    if offline:
        big.extra["UV_FIND_LINKS"] = str(big.shelf)
    assert seen(big.start("bench", offline=offline))["lamp"] == "1.0"
    assert torn(big.site) == []
    assert {path: path.stat().st_ino for path in sound} == sound


def test_a_torn_cache_is_passed_over(big: Little) -> None:
    """A power cut left an empty file in the installer's cache: what it gives is looked at and fetched once more."""
    seen(big.start("hello"))
    (big.site / "lamp" / "part7.py").write_text("", encoding="utf-8")  # the same file as in the cache: uv links them
    shutil.rmtree(big.venv)
    assert seen(big.start("hello"))["lamp"] == "1.0"
    assert torn(big.site) == []


def test_an_environment_whose_python_is_gone_is_made_anew(fresh: Little) -> None:
    """Somebody removed the Python it was made with: the environment is made again with the one that runs."""
    seen(fresh.start("hello"))
    fresh.python.unlink()
    fresh.python.symlink_to(fresh.root / "gone" / "python3")
    assert seen(fresh.start("hello"))["lamp"] == "1.0"


@pytest.mark.parametrize("version", ["3.8", "3.10"])
def test_an_old_python_gets_one_sentence(version: str) -> None:
    """Too old: what is needed, what is here, where to get it; exit code 78."""
    numbers = tuple(int(number) for number in version.split("."))
    play = f"import runpy, sys; sys.version_info = ({numbers[0]}, {numbers[1]}, 1, 'final', 0); "
    play += f"runpy.run_path({str(HOME / 'run.py')!r}, run_name='__main__')"
    done = subprocess.run(
        [BASE_PYTHON, "-X", "utf8", "-c", play], capture_output=True, encoding="utf-8", check=False, timeout=START_LIMIT_S
    )
    assert done.returncode == MISCONFIGURED
    in_both_languages(
        done.stderr, f"Python 3.11 이상이 필요합니다 (지금은 {version})", f"needs Python 3.11 or newer (this is {version})"
    )


def test_a_32_bit_python_gets_one_sentence() -> None:
    """Half of the packages have no wheel for it: better said at once."""
    play = f"import runpy, sys; sys.maxsize = 2**31 - 1; runpy.run_path({str(HOME / 'run.py')!r}, run_name='__main__')"
    done = subprocess.run([BASE_PYTHON, "-X", "utf8", "-c", play], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == MISCONFIGURED
    in_both_languages(done.stderr, "64비트 Python", "64-bit")


def test_a_console_that_knows_no_hangul_gets_the_english_sentence(fresh: Little) -> None:
    """An ASCII console shows question marks for Korean, never a traceback."""
    fresh.extra = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = fresh.start()
    assert done.returncode == 0
    assert "every test" in done.stdout


def test_a_shell_that_knows_no_hangul_makes_the_environment_all_the_same(fresh: Little) -> None:
    """A bare POSIX locale reads the folder's name as bytes nobody can write as text; the log takes them escaped."""
    fresh.extra = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = fresh.start("hello")
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)


@pytest.mark.parametrize("uv", [True, False], ids=["with uv", "with pip"])
def test_no_network_at_the_first_start(fresh: Little, uv: bool) -> None:
    """Nothing can be fetched: one sentence, exit code 69, and with a network the next start simply goes on."""
    fresh.extra = {"PIP_NO_INDEX": "0", "UV_CONFIG_FILE": os.devnull, "UV_HTTP_RETRIES": "0", "PIP_RETRIES": "0"}
    done = fresh.start("hello", offline=True, uv=uv)
    assert done.returncode == UNAVAILABLE, done.stderr
    in_both_languages(done.stderr, "인터넷에 연결한 뒤 다시 실행", "Connect to the internet and run this again")
    fresh.extra = {}
    assert seen(fresh.start("hello"))["lamp"] == "1.0"


def test_a_python_without_ready_made_packages(fresh: Little) -> None:
    """A pin that has no wheel for this machine: nothing is compiled, the sentence names a Python that works."""
    wheel = next(fresh.shelf.glob("lamp-*.whl"))
    wheel.rename(wheel.with_name("lamp-1.0-cp36-cp36m-win32.whl"))
    done = fresh.start("hello")
    assert done.returncode == MISCONFIGURED, done.stderr
    in_both_languages(done.stderr, "64비트 Python 3.13", "64-bit Python 3.13")


def test_a_package_that_is_not_what_the_lock_says_is_refused(fresh: Little) -> None:
    """Somebody put another file under the same name: nothing of it is installed."""
    little.make_wheel(fresh.shelf, "lamp", "1.0", files=9)
    done = fresh.start("hello")
    assert done.returncode not in (0, None)
    assert not (fresh.site / "lamp").exists()
    in_both_languages(done.stderr, "환경을 준비하지 못했습니다", "could not be prepared")
    assert "hash" in done.stderr.lower()


def read_only(at: Little) -> tuple[str, ...]:
    """Make the folder read-only: for root only a mount does that, for everyone else its mode."""
    if os.geteuid() != 0:
        at.root.chmod(0o555)
        return ()
    script = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"'
    return ("unshare", "--mount", "sh", "-c", script, "sh", str(at.root))


@pytest.mark.needs("namespaces")
def test_in_a_read_only_folder_the_environment_goes_to_the_persons_cache(fresh: Little) -> None:
    """A folder nobody may write to: Onbam runs all the same, and the second start is as silent as anywhere."""
    prefix = read_only(fresh)
    answer = seen(fresh.start("hello", prefix=prefix))
    assert Path(answer["prefix"]).parent == fresh.cache / "onbam"
    assert fresh.start("hello", offline=True, prefix=prefix).stderr == ""
    assert not fresh.venv.exists()


@pytest.mark.needs("namespaces")
def test_a_read_only_folder_and_no_cache_is_one_sentence(fresh: Little) -> None:
    """Nowhere to write: the sentence names the folder and the setting."""
    fresh.extra = {"XDG_CACHE_HOME": str(fresh.root / "cache")}
    done = fresh.start("hello", prefix=read_only(fresh))
    assert done.returncode == CANNOT_WRITE, done.stderr
    in_both_languages(done.stderr, "쓸 수 없습니다", "cannot be written")
    assert "ONBAM_VENV" in done.stderr


@pytest.mark.needs("namespaces")
@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root may mount a small disk")
@pytest.mark.parametrize("size", ["4k", "64k", "400k"])
def test_a_full_disk_is_one_sentence_and_room_repairs_it(big: Little, size: str) -> None:
    """No room for the environment, at three depths of the work: exit code 73; with room the next start finishes it."""
    script = (
        'mkdir -p "$1/.venv" && mount -t tmpfs -o size="$2" none "$1/.venv" && root=$1 && shift 2'
        ' && { "$@"; echo "first $?" >&2; mount -o remount,size=64m "$root/.venv"; exec "$@"; }'
    )
    done = big.start("hello", prefix=("unshare", "--mount", "sh", "-c", script, "sh", str(big.root), size))
    assert f"first {CANNOT_WRITE}" in done.stderr, done.stderr
    in_both_languages(done.stderr, "디스크에 자리가 없습니다", "disk is full")
    assert seen(done)["lamp"] == "1.0"


def test_a_folder_that_is_no_environment_is_left_alone(fresh: Little, tmp_path: Path) -> None:
    """ONBAM_VENV names somebody's documents by mistake: refused, and nothing in them changes."""
    letters = tmp_path / "letters"
    letters.mkdir()
    (letters / "dear.txt").write_text("kept", encoding="utf-8")
    fresh.extra = {"ONBAM_VENV": str(letters)}
    done = fresh.start("hello")
    assert done.returncode == MISCONFIGURED
    in_both_languages(done.stderr, "Python 환경도 아닙니다", "neither empty nor a Python environment")
    assert [path.name for path in letters.iterdir()] == ["dear.txt"]


def test_onbam_venv_chooses_the_place(fresh: Little, tmp_path: Path) -> None:
    """Whoever wants the environment elsewhere says so once per start; the folder's own stays out of it."""
    fresh.extra = {"ONBAM_VENV": str(tmp_path / "다른 곳")}
    assert seen(fresh.start("hello"))["prefix"] == str(tmp_path / "다른 곳")
    assert not fresh.venv.exists()


def test_a_persons_own_pip_settings_do_not_send_the_packages_elsewhere(fresh: Little, tmp_path: Path) -> None:
    """PIP_TARGET, PYTHONPATH and their like are a person's, not ours."""
    fresh.extra = {"PIP_TARGET": str(tmp_path / "target"), "PIP_USER": "1", "UV_TARGET": str(tmp_path / "target")}
    assert seen(fresh.start("hello"))["has"] == ["lamp"]
    assert not (tmp_path / "target").exists()


def test_ctrl_c_while_preparing_is_one_sentence(fresh: Little) -> None:
    """Ctrl-C during the first start: a sentence instead of a traceback, and the next start goes on."""
    lock = fresh.venv / "onbam.lock"
    fresh.venv.mkdir()
    hold = f"import fcntl; f = open({str(lock)!r}, 'w'); fcntl.flock(f, fcntl.LOCK_EX); print(flush=True); input()"
    # Whatever happens below, leaving closes its input, and that ends it.
    with subprocess.Popen([BASE_PYTHON, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with fresh.spawn("hello") as waiting:
            try:
                assert waiting.stderr is not None
                assert "waiting" in waiting.stderr.readline()
                waiting.send_signal(signal.SIGINT)
                _, told = waiting.communicate(timeout=START_LIMIT_S)
            finally:
                waiting.kill()
            assert waiting.returncode == 130
        in_both_languages(told, "멈췄습니다", "Stopped")
        holder.communicate(b"\n")
    assert seen(fresh.start("hello"))["lamp"] == "1.0"


WITHOUT = (
    "import pathlib, sys, venv; "
    "venv.create(sys.argv[1], symlinks=True); "
    'site, = pathlib.Path(sys.argv[1]).glob("lib/python*/site-packages"); '
    '(site / "hide.pth").write_text("import sys; sys.modules.update(ensurepip=None)")'
)
"""An environment as Debian's bare Python makes it: no pip inside, none outside, and no ensurepip to bring one."""


def test_debian_without_venv_is_told_the_package(fresh: Little, tmp_path: Path) -> None:
    """Debian keeps venv apart from Python: the sentence names its package."""
    python = tmp_path / "python3"
    python.write_text(
        f'#!/bin/sh\ncase "$*" in *"-m pip"*) exit 1;; *"-m venv"*) exec {BASE_PYTHON} -c \'{WITHOUT}\' "$4";; esac\n',
        encoding="utf-8",
    )
    python.chmod(0o755)
    play = f"import runpy, sys; sys._base_executable = {str(python)!r}; sys.argv[:] = ['run.py', 'hello']; "
    play += f"sys.path.insert(0, {str(fresh.root)!r}); runpy.run_path({str(fresh.root / 'run.py')!r}, run_name='__main__')"
    done = subprocess.run(
        [BASE_PYTHON, "-c", play], capture_output=True, encoding="utf-8", env=fresh.environ(uv=False), check=False
    )
    assert done.returncode == MISCONFIGURED, done.stderr
    in_both_languages(done.stderr, "venv 가 빠져 있습니다", "sudo apt install python3-venv")
