"""What ran, what stopped, the hole: read from the logs of the incident, and from worse ones."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onbam.care.timeline import Mark, Timeline, open_time, timeline
from onbam.care.timeline_read import Read, days_of, file_day, of_journal, read_folder
from onbam.journal.model import Entry, Line
from onbam.schedules.settings import ScheduleSettings, schedule_of

SEOUL = ZoneInfo("Asia/Seoul")
SHOP = schedule_of(ScheduleSettings(), SEOUL).shop
PIDS = (41800, 41828, 42768, 42804)
DAY = date(2026, 1, 13)


def local(text: str) -> datetime:
    """A moment in Seoul."""
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


def incident(folder: Path) -> None:
    """The logs of 2026-01-13 and 14: four processes, a stop at 18:01 without a word, a start by hand at 14:48."""
    lines = []
    at = local("2026-01-13T06:00:00")
    while at <= local("2026-01-13T18:00:00"):
        lines += [
            f"{at + timedelta(seconds=n):%Y-%m-%d %H:%M:%S},12{n} - INFO - PID: {pid} 사이클 실행" for n, pid in enumerate(PIDS)
        ]
        at += timedelta(minutes=30)
    lines += [
        "Traceback (most recent call last):",
        "  browser session",
        "2026-01-13 18:01:12,001 - ERROR - PID: 42804 브라우저 세션 충돌",
    ]
    (folder / "v9_20260113.log").write_text("\n".join(lines) + "\n", "cp949")
    later = [
        f"2026-01-14 {hour}:{minute:02}:00,000 - INFO - PID: 88332 시작" for hour, minute in ((14, 48), (15, 18), (15, 45))
    ]
    (folder / "v9_20260114.log").write_text("\n".join(later) + "\n", "utf-8")


def looked(folder: Path, day: date = DAY, **more: object) -> tuple[Timeline, Read]:
    """The day as `onbam timeline --logs` sees it."""
    begins = datetime(day.year, day.month, day.day, tzinfo=SEOUL)
    found = read_folder(folder, begins - timedelta(days=1), begins + timedelta(days=4), SEOUL)
    return timeline(found.marks, day, SHOP, **more), found  # type: ignore[arg-type]


def test_b62_the_incident_is_found_in_its_own_logs(tmp_path: Path) -> None:
    """The stop at 18:01, twenty hours and 46 minutes, eight hours and 48 of them in business hours; four processes at once."""
    incident(tmp_path)
    found, read = looked(tmp_path)
    (hole,) = found.holes
    assert (hole.begins, hole.ends) == (local("2026-01-13T18:01:12.001"), local("2026-01-14T14:48:00"))
    assert hole.lasted == timedelta(hours=20, minutes=46, seconds=47, milliseconds=999)
    assert hole.open == timedelta(hours=8, minutes=48)
    assert "브라우저 세션 충돌" in hole.before.text
    assert hole.after is not None
    assert hole.after.pid == 88332
    assert [pids for _, pids in found.together][-1] == PIDS
    assert [(stretch.who, stretch.pids, stretch.errors) for stretch in found.ran] == [("v9", PIDS, 1)]
    assert (found.marks, read.files, read.unreadable) == (25 * 4 + 1, 2, [])


def test_b62_the_next_day_shows_the_same_hole_from_its_other_end(tmp_path: Path) -> None:
    """Asked for the fourteenth, the hole that began the evening before is shown whole."""
    incident(tmp_path)
    found, _ = looked(tmp_path, date(2026, 1, 14), now=local("2026-01-14T15:50:00"))
    assert [hole.begins for hole in found.holes] == [local("2026-01-13T18:01:12.001")]
    assert found.marks == 3


def test_a_hole_that_lasts_until_now_is_open(tmp_path: Path) -> None:
    """On the evening itself: silent since 18:01, still."""
    incident(tmp_path)
    (tmp_path / "v9_20260114.log").unlink()
    found, _ = looked(tmp_path, now=local("2026-01-13T20:01:12.001"))
    assert [(hole.ends, hole.lasted) for hole in found.holes] == [(None, timedelta(hours=2))]


def test_b48_t9_a_file_of_yesterday_that_is_still_written_is_named(tmp_path: Path) -> None:
    """The date changed and the program did not restart: it goes on in the old day's file, also where lines carry no date."""
    (tmp_path / "v9_20260114.log").write_text(
        "2026-01-14 23:59:00 INFO 사이클\n2026-01-15 00:10:00 INFO 사이클\n2026-01-15 05:50:00 INFO 사이클\n", "utf-8"
    )
    (tmp_path / "b_20260114.txt").write_text("[23:58:00] a\n[00:03:00] b\n", "utf-8")
    found, _ = looked(tmp_path, date(2026, 1, 15))
    late = {one.source: (one.day, one.until, one.lines) for one in found.late}
    assert late == {
        "v9_20260114.log": (date(2026, 1, 14), local("2026-01-15T05:50:00"), 2),
        "b_20260114.txt": (date(2026, 1, 14), local("2026-01-15T00:03:00"), 1),
    }


@pytest.mark.parametrize(
    ("line", "moment", "level", "pid"),
    [
        ("2026-01-13 18:01:02,345 - ERROR - x", "2026-01-13T18:01:02.345", "error", None),
        ("[2026-01-13 18:01:02] [ALERT] 프로세스 정지 감지!", "2026-01-13T18:01:02", "error", None),
        ("[2026-01-14 15:45:00] [OK] 프로세스 정상 작동 (마지막 업데이트: 120초 전)", "2026-01-14T15:45:00", "", None),
        ("2026-01-13T18:01:02.5Z warn pid=77", "2026-01-14T03:01:02.5", "warn", 77),
        ("2026-01-13T18:01:02+00:00 x", "2026-01-14T03:01:02", "", None),
        ("INFO 2026/01/13 18:01:02 PID: 41800", "2026-01-13T18:01:02", "info", 41800),
        ("2026.01.13 18:01:02 안녕", "2026-01-13T18:01:02", "", None),
        ("18:01:02 without a date", "2026-01-13T18:01:02", "", None),
        ('{"at": "2026-01-13T09:01:02.000Z", "level": "info", "event": "x", "pid": 5}', "2026-01-13T18:01:02", "info", 5),
        ('{"timestamp": "2026-01-13T18:01:02+09:00", "message": "y"}', "2026-01-13T18:01:02", "", None),
    ],
)
def test_times_are_read_as_robots_write_them(tmp_path: Path, line: str, moment: str, level: str, pid: int | None) -> None:
    """With commas, brackets, slashes, zones, JSON, or a time alone in a file that names its day."""
    (tmp_path / "any_20260113.log").write_text(line + "\n", "utf-8")
    _, read = looked(tmp_path)
    assert [(mark.at, mark.level.lower(), mark.pid) for mark in read.marks] == [(local(moment), level, pid)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_korean_is_read_in_every_encoding_windows_writes(tmp_path: Path, encoding: str) -> None:
    """Also a file whose first part ends in the middle of a letter."""
    text = "2026-01-13 06:00:00 INFO 한글 로그 " + "가나다" * 30 + "\n"
    (tmp_path / "a.log").write_text(text * 400, encoding)
    _, read = looked(tmp_path)
    assert len(read.marks) == 400
    assert "한글 로그" in read.marks[0].text


def test_nonsense_is_passed_over_and_an_unreadable_file_is_named(tmp_path: Path) -> None:
    """Half lines, wrong dates, lists as JSON, binary; a link that leads nowhere."""
    (tmp_path / "a_20260113.log").write_bytes(
        b'{"at": "nonsense"}\n[1, 2]\n{"at"\n2026-13-45 99:99:99 x\n\x00\xff\xfe\n{"pid": 1}\n'
    )
    (tmp_path / "b_20260113.log").symlink_to(tmp_path / "nowhere")
    (tmp_path / "c_20260113.log").write_text("2026-01-13 06:00:00 x\n", "utf-8")
    (tmp_path / "d.zip").write_bytes(b"2026-01-13 06:00:00 x\n")
    found, read = looked(tmp_path)
    assert (found.marks, read.unreadable) == (1, [])
    if os.name == "posix":
        (tmp_path / "e_20260113.log").mkdir()
        assert looked(tmp_path)[0].marks == 1


def test_files_of_other_days_are_not_opened(tmp_path: Path) -> None:
    """A year of logs is not read for one day."""
    (tmp_path / "a_20270101.log").write_text("2026-01-13 06:00:00 x\n", "utf-8")
    old = tmp_path / "old.log"
    old.write_text("2026-01-13 06:00:00 x\n", "utf-8")
    os.utime(old, (0, 0))
    assert looked(tmp_path)[1].files == 0


def test_a_single_file_will_do(tmp_path: Path) -> None:
    """A person has one file from somebody else."""
    incident(tmp_path)
    found, read = looked(tmp_path / "v9_20260113.log")
    assert (found.marks, read.files) == (101, 1)


def test_the_journal_is_a_source_like_any_other() -> None:
    """What the guard told carries its own time; the rest the store's."""
    entries = [
        Entry(
            1, 0, Line("process.stuck", "process", "PC-A/agent", "system:guard", "silent", {"at": "2026-01-13T09:01:00+00:00"})
        ),
        Entry(2, 1_768_291_200_000, Line("item.claimed", "order", "1", "agent:PC-A", "")),
    ]
    first, second = of_journal(entries, "en")
    assert (first.at, first.level, first.source) == (local("2026-01-13T18:01:00"), "error", "journal")
    assert second.at == datetime.fromtimestamp(1_768_291_200, UTC)
    assert "process.stuck PC-A/agent silent" in first.text


def marks(minutes: Iterable[int]) -> list[Mark]:
    """A program that wrote at these minutes of the day."""
    return [Mark(local("2026-01-13T00:00:00") + timedelta(minutes=minute), "a", "x") for minute in minutes]


@given(st.lists(st.integers(0, 1439), max_size=60), st.integers(1, 600))
def test_holes_and_lines_together_make_the_day(minutes: list[int], gap: int) -> None:
    """Every silence of at least the gap between two lines is a hole, and no shorter one; the rest is covered by lines."""
    found = timeline(marks(minutes), DAY, SHOP, gap=timedelta(minutes=gap), now=local("2026-01-13T23:59:00"))
    ordered = sorted(minutes)
    silences = [late - early for early, late in pairwise(ordered)]
    silences += [1439 - ordered[-1]] if ordered else []
    assert sorted(hole.lasted for hole in found.holes) == sorted(timedelta(minutes=s) for s in silences if s >= gap)
    assert all(timedelta() <= hole.open <= hole.lasted for hole in found.holes)


def test_business_hours_are_counted_by_the_shops_own_days() -> None:
    """Six to six on a Wednesday; a Sunday counts nothing."""
    assert open_time(SHOP, local("2026-01-14T00:00"), local("2026-01-15T00:00")) == timedelta(hours=12)
    assert open_time(SHOP, local("2026-01-18T00:00"), local("2026-01-19T00:00")) == timedelta()
    assert open_time(SHOP, local("2026-01-14T17:00"), local("2026-01-15T07:00")) == timedelta(hours=2)


def test_the_day_of_a_file_is_in_its_name() -> None:
    """With and without separators; a number that is no day is none."""
    assert file_day("app_20260113.json") == file_day("2026-01-13.log") == file_day("v9_20260113_0600.log") == DAY
    assert file_day("order_2601050229_20261399.log") is None
    assert days_of(["app_20260113.json", "app_20260113.2.json", "x.log"]) == {DAY}


def test_our_own_lines_name_their_program(tmp_path: Path) -> None:
    """Machine and process of a JSON line are who wrote it."""
    line = {"at": "2026-01-13T00:00:00.000Z", "level": "error", "event": "x", "machine": "PC-A", "process": "agent", "pid": 7}
    (tmp_path / "app_20260113.json").write_text(json.dumps(line) + "\n", "utf-8")
    found, _ = looked(tmp_path)
    assert [(stretch.who, stretch.errors) for stretch in found.ran] == [("PC-A/agent", 1)]
    assert [mark.text for mark in found.errors] == ["x"]


def test_numbers_the_guard_tells_of_are_not_writers(tmp_path: Path) -> None:
    """`up; restart web; down`: nobody wrote side by side, in the guard's log, in the web's, or in the journal."""
    (tmp_path / "process" / "web").mkdir(parents=True)
    started = "web 시작 (PID {pid})"
    lines = [f"2026-01-13 06:00:0{n} {started.format(pid=pid)}" for n, pid in enumerate(PIDS)]
    (tmp_path / "guard_20260113.log").write_text("\n".join(lines), "utf-8")
    lines = [f"2026-01-13 06:00:0{n} [onbam] {started.format(pid=pid)}" for n, pid in enumerate(PIDS)]
    (tmp_path / "process" / "web" / "web_20260113.log").write_text("\n".join(lines), "utf-8")
    found, read = looked(tmp_path)
    assert len(read.marks) == 2 * len(PIDS)
    assert list(found.together) == []
    entry = Entry(1, 0, Line("process.started", "process", "PC-A/web", "system:guard", "", {"pid": PIDS[0]}))
    assert [mark.pid for mark in of_journal([entry], "en")] == [None]


def test_processes_one_after_the_other_did_not_write_side_by_side(tmp_path: Path) -> None:
    """A program that is started four times within a minute, or restarted by the guard, is no second one; by turns it is."""
    at = [(0, 71), (1, 71), (2, 72), (3, 73), (4, 73), (5, 74)]
    lines = [f"2026-01-13 06:00:{second:02},000 - INFO - PID: {pid} 사이클 실행" for second, pid in at]
    (tmp_path / "v9_20260113.log").write_text("\n".join(lines), "utf-8")
    assert list(looked(tmp_path)[0].together) == []
    lines += ["2026-01-13 06:00:06,000 - INFO - PID: 73 사이클 실행"]
    (tmp_path / "v9_20260113.log").write_text("\n".join(lines), "utf-8")
    assert [pids for _, pids in looked(tmp_path)[0].together] == [(73, 74)]


def test_what_a_program_printed_stands_under_its_own_name(tmp_path: Path) -> None:
    """`my-robot` was called `my_robot`, as its file, and nobody could ask `onbam logs` for that."""
    for name in ("my-robot", "other_robot"):
        path = tmp_path / "process" / name / f"{name.replace('-', '_')}_20260113.log"
        path.parent.mkdir(parents=True)
        path.write_text("[2026-01-13 09:00:00] it works\n", "utf-8")
    found, _ = looked(tmp_path)
    assert {stretch.who for stretch in found.ran} == {"my-robot", "other_robot"}
