"""One instance, whatever happened before and whatever the file says."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from onbam.guard.lock import (
    AlreadyRunning,
    Held,
    acquire_lock,
    is_held,
    read_holder,
    refuse_remote,
    release_lock,
    remote_kind,
    renew_lock,
)
from onbam.guard.system import this_system
from onbam.kernel.clock import FakeClock, SystemClock
from onbam.kernel.errors import Misconfigured
from support.children import child

HOLD = """
import sys
from pathlib import Path
from onbam.guard.lock import AlreadyRunning, acquire_lock
from onbam.guard.system import this_system
from onbam.kernel.clock import SystemClock
folder = Path(sys.argv[1])
try:
    held = acquire_lock(folder / "run", this_system(), SystemClock(), runtime=folder / "runtime.lock")
except AlreadyRunning as error:
    sys.exit(error.to("ko"))
print("have it", flush=True)
sys.stdin.read()
"""


@contextmanager
def holder(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the lock."""
    command = [sys.executable, "-c", HOLD, str(folder)]
    with child(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "have it"
        yield process
        process.kill()


def take(folder: Path) -> Held:
    """Take it here."""
    return acquire_lock(folder / "run", this_system(), FakeClock(), runtime=folder / "runtime.lock")


def test_b9_the_first_instance_starts(tmp_path: Path) -> None:
    """It has the lock, and the file tells who it is."""
    held = take(tmp_path)
    told = read_holder(tmp_path / "runtime.lock")
    assert told is not None
    assert (told.pid, is_held(tmp_path / "run", this_system())) == (os.getpid(), True)
    release_lock(held)


def test_who_holds_it_is_told_in_the_time_of_the_shop(tmp_path: Path) -> None:
    """Whatever zone the PC's own clock shows."""
    clock = FakeClock(datetime(2026, 1, 13, 20, 4, 49, tzinfo=UTC))
    zone = ZoneInfo("Asia/Seoul")
    held = acquire_lock(tmp_path / "run", this_system(), clock, runtime=tmp_path / "runtime.lock", zone=zone)
    told = read_holder(tmp_path / "runtime.lock")
    assert told is not None
    assert told.since == "2026-01-14 05:04:49+09:00"
    release_lock(held)


def test_b10_b12_the_second_one_is_told_who_holds_it_and_ends(tmp_path: Path) -> None:
    """The message people know, PID and moment of the first, exit code 1; the first goes on."""
    with holder(tmp_path) as first:
        done = subprocess.run([sys.executable, "-c", HOLD, str(tmp_path)], capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert "[ERROR] 이미 실행 중인 프로세스가 있습니다." in done.stderr
        assert f"PID {first.pid}, 20" in done.stderr
        assert first.poll() is None
        with pytest.raises(AlreadyRunning) as caught:
            take(tmp_path)
        assert caught.value.exit_code == 1


def test_b7_b11_after_the_release_a_new_one_may_start(tmp_path: Path) -> None:
    """Releasing takes `runtime.lock` away; again and again."""
    for _ in range(3):
        release_lock(take(tmp_path))
        assert not (tmp_path / "runtime.lock").exists()
        assert not is_held(tmp_path / "run", this_system())


def test_a_killed_holder_frees_it_at_once(tmp_path: Path) -> None:
    """After `kill -9` the file is still there and keeps nobody out."""
    with holder(tmp_path) as first:
        first.send_signal(signal.SIGKILL)
        first.wait()
        assert (tmp_path / "runtime.lock").exists()
        release_lock(take(tmp_path))


@pytest.mark.parametrize(
    "text", ["", "1\n", f"{os.getppid()}\n", "not a number", "\x00\xff" * 9, "99999999999999999999\n", "-1", "💤"]
)
def test_t8_whatever_the_file_says_the_lock_decides(tmp_path: Path, text: str) -> None:
    """A PID that lives again after a reboot, nonsense, half a line: none of it keeps the next start out."""
    (tmp_path / "runtime.lock").write_text(text, "utf-8")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "guard.lock").write_text(text, "utf-8")
    release_lock(take(tmp_path))


def test_a_data_folder_copied_to_another_pc_starts_there(tmp_path: Path) -> None:
    """The copied files hold nothing: both folders have their own lock."""
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    held = take(here)
    shutil.copytree(here, there)
    release_lock(take(there))
    release_lock(held)


@pytest.mark.skipif(sys.platform != "linux", reason="names without files")
def test_deleting_the_files_makes_no_second_instance(tmp_path: Path) -> None:
    """The data folder was removed while it ran: the name in the kernel still keeps the second one out."""
    with holder(tmp_path):
        shutil.rmtree(tmp_path / "run")
        (tmp_path / "runtime.lock").unlink()
        assert is_held(tmp_path / "run", this_system())
        with pytest.raises(AlreadyRunning):
            take(tmp_path)


def test_a_deleted_lock_file_is_locked_anew(tmp_path: Path) -> None:
    """Whoever holds it notices, and locks the new file too; if somebody was quicker it knows that it lost."""
    held = take(tmp_path)
    assert held.still_ours()
    held.path.unlink()
    assert not held.still_ours()
    assert renew_lock(held)
    assert held.still_ours()
    release_lock(held)


def test_the_same_folder_by_another_name_is_the_same(tmp_path: Path) -> None:
    """A link to the folder leads to the same lock."""
    real, link = tmp_path / "real", tmp_path / "link"
    real.mkdir()
    link.symlink_to(real)
    held = take(real)
    with pytest.raises(AlreadyRunning):
        take(link)
    release_lock(held)


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/mnt/share/onbam", "cifs"),
        ("/mnt/share", "cifs"),
        ("/mnt/shared", ""),
        ("/mnt/share/disk/x", ""),
        (r"\\server\x", "UNC"),
    ],
)
def test_a_network_drive_is_known_by_its_mount(folder: str, kind: str) -> None:
    """The nearest mount above a folder decides."""
    mounts = {"/": "ext4", "/mnt/share": "cifs", "/mnt/share/disk": "ext4"}
    assert remote_kind(Path(folder), mounts) == kind


def test_a_network_drive_is_refused_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 78, the folder and the kind of drive."""
    monkeypatch.setattr("onbam.guard.lock._mounts", lambda: {str(tmp_path): "nfs4"})
    with pytest.raises(Misconfigured, match="nfs4"):
        refuse_remote(tmp_path / "data")


def test_b2_of_four_starts_at_once_one_runs(tmp_path: Path) -> None:
    """The incident had four: of four started together exactly one gets the lock."""
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    four = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    said = [process.stdout.readline().strip() for process in four if process.stdout]
    assert sorted(said) == ["", "", "", "have it"]
    assert [process.wait() for process, line in zip(four, said, strict=True) if not line] == [1, 1, 1]
    for process in four:
        process.communicate("")
    release_lock(acquire_lock(tmp_path / "run", this_system(), SystemClock()))
