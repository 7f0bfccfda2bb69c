"""Log files: whole lines, a file a day, never a full disk."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from onbam.kernel import logfile
from onbam.kernel.clock import FakeClock
from onbam.kernel.logfile import Limits, Log, append_bounded, sweep
from support.waiting import DEADLINE_S, until

SEOUL = ZoneInfo("Asia/Seoul")


def make(folder, clock=None, **limits):
    return Log(
        folder, "app.json", clock=clock or FakeClock(), zone=SEOUL, limits=Limits(**limits), lost=lambda n: f'{{"lost": {n}}}'
    )


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_named_by_the_shops_day(tmp_path):
    """At four in the afternoon UTC it is tomorrow in Seoul."""
    clock = FakeClock(datetime(2026, 1, 13, 14, 59, tzinfo=UTC))
    log = make(tmp_path, clock)
    log.write("a")
    clock.advance(120)
    log.write("b")
    log.close()
    assert names(tmp_path) == ["app_20260113.json", "app_20260114.json"]


def test_a_full_file_gives_way_to_the_next(tmp_path):
    """Parts are numbered from two; nothing is renamed, so nobody's open file is pulled away."""
    log = make(tmp_path, file_bytes=100)
    for n in range(30):
        log.write(f"line {n:03d}")
    log.close()
    assert names(tmp_path) == ["app_20260113.2.json", "app_20260113.3.json", "app_20260113.json"]
    assert all(path.stat().st_size <= 100 for path in tmp_path.iterdir())
    assert sum(len(path.read_text().splitlines()) for path in tmp_path.iterdir()) == 30


def test_a_restart_goes_on_where_the_last_process_stopped(tmp_path):
    """Also behind parts that the cap has deleted."""
    (tmp_path / "app_20260113.7.json").write_text("x" * 90 + "\n")
    log = make(tmp_path, file_bytes=100)
    log.write("a line that does not fit")
    log.close()
    assert (tmp_path / "app_20260113.8.json").read_text() == "a line that does not fit\n"


def test_the_folder_stays_below_its_cap(tmp_path):
    """Whatever is written for however many days, in however many families; the oldest go first."""
    clock = FakeClock()
    (tmp_path / "uploader").mkdir()
    log = make(tmp_path, clock, file_bytes=1_000, total_bytes=10_000)
    for day in range(40):
        (tmp_path / "uploader" / f"erp_upload_2026{1 + day // 28:02d}{1 + day % 28:02d}_x.log").write_text("u" * 300)
        for n in range(60):
            log.write(f"{day} {n} " + "." * 40)
            total = sum(p.stat().st_size for p in tmp_path.rglob("*.*") if p.is_file())
            assert total <= 10_000 + 300
        clock.advance(86_400)
    log.close()
    days = [name for name in names(tmp_path) if name.startswith("app")]
    assert days[-1].startswith("app_20260221")
    assert "app_20260113.json" not in days


def test_old_days_go_although_there_is_room(tmp_path):
    """Data nobody needs is not kept."""
    for name in (
        "app_20251101.json",
        "app_20260110.json",
        "guard_20251101.log",
        "critical_errors.3.json",
        "my_notes_20251101.txt",
    ):
        (tmp_path / name).write_text("x")
    old = datetime(2025, 11, 1, tzinfo=UTC).timestamp()
    os.utime(tmp_path / "critical_errors.3.json", (old, old))
    gone = sweep(tmp_path, Limits(keep_days=30), FakeClock().now().date())
    assert {path.name for path in gone} == {"app_20251101.json", "guard_20251101.log", "critical_errors.3.json"}
    assert names(tmp_path) == ["app_20260110.json", "my_notes_20251101.txt"]


def test_a_cycle_gets_a_file_of_its_own(tmp_path):
    """The label stands behind the day; the next day begins without it."""
    clock = FakeClock()
    log = make(tmp_path, clock)
    log.cycle("06:30")
    log.write("a")
    log.cycle("07:00")
    log.write("b")
    clock.advance(86_400)
    log.write("c")
    log.close()
    assert names(tmp_path) == ["app_20260113_0630.json", "app_20260113_0700.json", "app_20260114.json"]


@pytest.mark.parametrize("taken", [0, 3])
def test_a_full_disk_costs_lines_never_the_robot(tmp_path, monkeypatch, taken):
    """Lost lines are counted, the piece a full disk took is taken back, and the count is the first line after."""
    log = make(tmp_path)
    assert log.write("before")
    real, full = os.write, True

    def write(fd, data):
        if not full:
            return real(fd, data)
        if taken:
            return real(fd, data[:taken])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(logfile.os, "write", write)
    assert [log.write("lost") for _ in range(5)] == [False] * 5
    assert log.dropped == 5
    full = False
    assert log.write("after")
    log.close()
    assert (tmp_path / "app_20260113.json").read_text() == 'before\n{"lost": 5}\nafter\n'


def test_a_piece_that_cannot_be_taken_back_is_ended(tmp_path, monkeypatch):
    """When another process wrote behind it, the next line starts on a line of its own."""
    file = logfile.Lines(tmp_path / "x.json")
    file.append("one")
    real = os.write

    def write(fd, data):
        count = real(fd, data[:3])
        with (tmp_path / "x.json").open("a") as other:
            other.write("other\n")
        return count

    monkeypatch.setattr(logfile.os, "write", write)
    with pytest.raises(OSError, match="part of the line"):
        file.append("two-two")
    monkeypatch.setattr(logfile.os, "write", real)
    file.append("three")
    file.close()
    assert (tmp_path / "x.json").read_text() == "one\ntwoother\n\nthree\n"


def test_a_folder_that_cannot_be_made_loses_lines_only(tmp_path):
    """A file stands where the folder should be."""
    (tmp_path / "logs").write_text("not a folder")
    log = make(tmp_path / "logs")
    assert not log.write("a")
    assert log.dropped == 1


def test_a_deleted_folder_comes_back(tmp_path):
    """A person tidied up while the robot ran; within seconds it writes again where people look."""
    clock = FakeClock()
    log = make(tmp_path / "logs", clock)
    log.write("a")
    path = log.path
    path.unlink()
    path.parent.rmdir()
    clock.advance(logfile.LOOK_EVERY_S)
    assert log.write("b")
    log.close()
    assert path.read_text() == "b\n"


def test_a_line_is_cut_before_it_fills_a_file(tmp_path):
    """And never in the middle of a Korean letter."""
    log = make(tmp_path)
    log.write("가" * logfile.LINE_MAX_BYTES)
    log.close()
    raw = (tmp_path / "app_20260113.json").read_bytes()
    assert len(raw) <= logfile.LINE_MAX_BYTES + 1
    assert set(raw.decode().strip()) == {"가"}


def test_a_file_with_a_fixed_name_is_put_aside_when_full(tmp_path):
    """`critical_errors.json` keeps its name; older ones get numbers that the cap knows."""
    path = tmp_path / "logs" / "critical_errors.json"
    for n in range(30):
        append_bounded(path, f"error {n:02d}", Limits(file_bytes=100))
    assert names(path.parent) == ["critical_errors.1.json", "critical_errors.2.json", "critical_errors.json"]
    assert "error 29" in path.read_text()
    assert all(logfile.MANAGED.match(name) for name in names(path.parent))


WRITER = """
import sys
from datetime import timezone
from pathlib import Path
from onbam.kernel.clock import FakeClock
from onbam.kernel.logfile import Limits, Log
log = Log(Path(sys.argv[1]), "app.json", clock=FakeClock(), zone=timezone.utc,
          limits=Limits(file_bytes=200_000), lost=lambda n: "LOST")
for n in range(1000):
    log.write('{"who": "%s", "n": %d, "pad": "%s"}' % (sys.argv[2], n, "온" * (n % 50)))
"""


def test_four_processes_tear_no_line(tmp_path):
    """A thousand lines each into one folder, across several parts: all are there, all are whole."""
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), str(n)]) for n in range(4)]
    assert [writer.wait(2 * DEADLINE_S) for writer in writers] == [0] * 4
    lines = [json.loads(line) for path in tmp_path.iterdir() for line in path.read_text("utf-8").splitlines()]
    assert {(line["who"], line["n"]) for line in lines} == {(str(w), n) for w in range(4) for n in range(1000)}
    assert len(lines) == 4000
    assert len(names(tmp_path)) > 1


def test_days_are_counted_from_the_name(tmp_path):
    """A copied folder has new times; the day in the name still tells the age."""
    today = datetime(2026, 3, 1, tzinfo=UTC).date()
    (tmp_path / "app_20260101.json").write_text("x")
    (tmp_path / "app_99999999.json").write_text("not a day, judged by its time")
    recent = (datetime(2026, 3, 1, tzinfo=UTC) - timedelta(days=1)).timestamp()
    os.utime(tmp_path / "app_99999999.json", (recent, recent))
    assert [path.name for path in sweep(tmp_path, Limits(keep_days=30), today)] == ["app_20260101.json"]


LIMITED = """
import resource, sys
from datetime import timezone
from pathlib import Path
from onbam.kernel.clock import FakeClock
from onbam.kernel.logfile import Log
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, resource.RLIM_INFINITY))
log = Log(Path(sys.argv[1]), "app.json", clock=FakeClock(), zone=timezone.utc, lost=lambda n: '{"lost": %d}' % n)
written = sum(log.write('{"n": %d, "pad": "%s"}' % (n, "x" * 70)) for n in range(200))
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
log.write('{"n": "after"}')
print(written)
"""


@pytest.mark.skipif(os.name == "nt", reason="a limit of POSIX systems")
def test_a_disk_that_really_takes_only_a_piece(tmp_path):
    """The system itself cuts the write in two; what stands in the file is whole lines, and the count of the others."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path)], capture_output=True, text=True, check=True, timeout=60
    )
    lines = [json.loads(line) for line in (tmp_path / "app_20260113.json").read_text().splitlines()]
    written = int(done.stdout)
    assert 50 < written < 200
    assert lines[written:] == [{"lost": 200 - written}, {"n": "after"}]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_disk_that_is_really_full(tmp_path):
    """Nothing is raised."""
    (tmp_path / "app_20260113.json").symlink_to("/dev/full")
    log = make(tmp_path)
    assert not log.write("a")
    assert log.dropped == 1


@pytest.mark.skipif(os.name == "nt", reason="kill -9")
def test_a_killed_writer_tears_nothing(tmp_path):
    """Its neighbours' lines and its own, up to the last, are whole."""
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), str(n)]) for n in range(3)]
    until(lambda: any(tmp_path.glob("app*")), what="the first line is written")
    writers[0].kill()
    assert [writer.wait(2 * DEADLINE_S) for writer in writers[1:]] == [0, 0]
    writers[0].wait(2 * DEADLINE_S)
    lines = [json.loads(line) for path in tmp_path.iterdir() for line in path.read_text("utf-8").splitlines()]
    assert {(line["who"], line["n"]) for line in lines if line["who"] != "0"} == {(w, n) for w in "12" for n in range(1000)}
