"""The daily check: the three lines people know, the checklist, and the look at a real PC."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from onbam.care.daily import Day, Start, checklist, three_lines
from onbam.care.daily_look import commands, home_of, look
from onbam.guard import memory
from onbam.guard.boot.systems import Standing
from onbam.guard.plan import own_command
from onbam.kernel.errors import Refused
from onbam.kernel.words import plain

SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2026, 1, 14, 9, 0, 0, tzinfo=SEOUL)
WELL = Day(
    at=NOW,
    main="agent",
    pids=(88332,),
    beat_age_s=185.0,
    log="app_20260114.json",
    last_log="app_20260114.json",
    lock_pid=700,
    guard_pid=700,
    start=Start("ERP 자동화 일일 재시작", "Ready", active=True),
)


def test_b61_the_three_lines_are_those_of_the_older_script() -> None:
    """Word for word, with the figures of the moment."""
    assert [line.to("ko") for line in three_lines(WELL)] == [
        "[2026-01-14 09:00:00] 시스템 상태 체크",
        "  프로세스 수: 1 (예상: 1)",
        "  하트비트: 3분 전 (예상: <30분)",
        "  작업 스케줄러: Ready",
    ]
    none = replace(WELL, pids=(), beat_age_s=None, start=Start("x", "", active=False))
    assert [line.to("ko") for line in three_lines(none)][1:] == [
        "  프로세스 수: 0 (예상: 1)",
        "  하트비트: 없음 (예상: <30분)",
        "  작업 스케줄러: 등록되지 않음",
    ]


def test_b52_to_b55_a_good_day_is_all_ok() -> None:
    """A log of today, one process, a recent heartbeat, a lock that fits, and a start at boot."""
    assert [(finding.name, finding.state) for finding in checklist(WELL)] == [
        ("log-today", "ok"),
        ("one-process", "ok"),
        ("heartbeat", "ok"),
        ("lock", "ok"),
        ("start-at-boot", "ok"),
    ]


@pytest.mark.parametrize(
    ("changes", "name", "state"),
    [
        ({"log": "", "last_log": "app_20260113.json"}, "log-today", "bad"),
        ({"pids": ()}, "one-process", "bad"),
        ({"pids": (41800, 41828, 42768, 42804)}, "one-process", "warn"),
        ({"beat_age_s": 1800.0}, "heartbeat", "bad"),
        ({"beat_age_s": 1799.0}, "heartbeat", "ok"),
        ({"beat_age_s": None}, "heartbeat", "bad"),
        ({"lock_pid": None}, "lock", "bad"),
        ({"lock_pid": 12345}, "lock", "bad"),
        ({"guard_pid": None}, "lock", "bad"),
        ({"start": Start("x", "Disabled", active=False)}, "start-at-boot", "warn"),
        ({"start": Start("x", "", active=False, trouble=plain("no powershell")())}, "start-at-boot", "warn"),
    ],
)
def test_each_thing_on_the_checklist_can_be_wrong(changes: dict[str, object], name: str, state: str) -> None:
    """Yesterday's log, four processes, an hour without a heartbeat, a lock of somebody else: each is named, with its fix."""
    (finding,) = (found for found in checklist(replace(WELL, **changes)) if found.name == name)  # type: ignore[arg-type]
    assert finding.state == state
    assert (finding.fix is not None) == (state != "ok")
    if finding.fix is not None and name in ("heartbeat", "lock"):
        down = checklist(replace(WELL, **changes, guard_pid=None) if "guard_pid" not in changes else replace(WELL, **changes))  # type: ignore[arg-type]
        (fix,) = (found.fix for found in down if found.name == name)
        assert fix is not None
        assert "onbam up" in fix.to("en")  # nothing restarts by itself after `down`
    assert all("{" not in said.to(lang) for said in (finding.text, finding.fix) if said for lang in ("ko", "en"))


def test_what_somebody_stopped_is_not_said_to_start_by_itself(home: Path) -> None:
    """A main program the guard was told to leave alone: the fix says so; one that keeps ending is started again."""
    run = home / "data" / "run"
    fixes = {}
    for state in ("off", "misconfigured", "rest", "again"):
        memory.write_state(run, {"guard": {"pid": os.getpid()}, "processes": [{"name": "agent", "state": state}]})
        (finding,) = (one for one in checklist(replace(looked(home), beat_age_s=None)) if one.name == "heartbeat")
        assert finding.fix is not None
        fixes[state] = finding.fix.to("en")
    assert ["does not start by itself" in fixes[state] for state in ("off", "misconfigured", "rest")] == [True] * 3
    assert "restarted by itself shortly" in fixes["again"]


# ---- the look


class Registered:
    """An operating system that has our task."""

    def standing(self) -> list[Standing]:
        """Two pieces, the known one first."""
        return [
            Standing("ERP 자동화 일일 재시작", there=True, active=True, says="Ready"),
            Standing("x", there=False, active=False),
        ]


def looked(home: Path, *processes: tuple[int, Sequence[str]], own: Sequence[str] | None = None) -> Day:
    """The look at a folder with these processes."""
    return look(home, home / "data" / "run", home / "logs", "agent", NOW, Registered, lambda: iter(processes), own)  # type: ignore[arg-type, return-value]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A shop's folder as it is on a good morning."""
    home = tmp_path / "회계 ERP"
    (home / "data" / "run").mkdir(parents=True)
    (home / "logs").mkdir()
    for name in ("app_20260113.json", "app_20260114.json", "app_20260114.2.json", "notes.txt"):
        (home / "logs" / name).write_text("", "utf-8")
    (home / "heartbeat.txt").write_text("2026-01-14T08:57:00\nPID: 1\nStats: {}\n", "utf-8")
    os.utime(home / "heartbeat.txt", (NOW.timestamp() - 180, NOW.timestamp() - 180))
    (home / "runtime.lock").write_text(f"{os.getpid()}\nsince: x\n", "utf-8")
    memory.write_state(home / "data" / "run", {"guard": {"pid": os.getpid()}})
    return home


def test_the_look_finds_what_the_older_checklist_asked_for(home: Path) -> None:
    """The newest log of today, the age of the heartbeat, the PID of the lock, the guard that works, the task."""
    day = looked(home, (5, own_command(home, "agent")), (6, own_command(home, "web")), (7, ["python", "main.py"]))
    assert (day.pids, day.beat_age_s, day.log, day.last_log) == ((5,), 180.0, "app_20260114.json", "app_20260114.json")
    assert (day.lock_pid, day.guard_pid, day.start.says) == (os.getpid(), os.getpid(), "Ready")


def test_processes_are_counted_whoever_started_them(home: Path, tmp_path: Path) -> None:
    """By hand or by a batch file: all count; another shop's on this PC does not; a shop's own robot counts by its command."""
    ours = [*own_command(home, "agent")]
    by_hand = [sys.executable, "-m", "onbam", "agent", "run"]
    others = [*own_command(tmp_path / "other", "agent")]
    homes = {2: home, 5: tmp_path / "other", 6: None}
    processes = [(1, ours), (2, by_hand), (3, others), (4, []), (5, by_hand), (6, by_hand)]
    day = look(
        home,
        home / "data" / "run",
        home / "logs",
        "agent",
        NOW,
        Registered,  # type: ignore[arg-type]
        lambda: iter(processes),
        home_of=lambda pid: homes[pid],
    )
    assert day.pids == (1, 2, 6)  # of the last one the system shows no folder: it may be ours
    other = {"ONBAM_HOME": str(tmp_path / "other"), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-c", "print(flush=True); input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=other, cwd=home) as sleeper:
        assert sleeper.stdout is not None
        sleeper.stdout.readline()  # its surroundings stand only some moments after it was started
        found = home_of(sleeper.pid)
    assert found == (tmp_path / "other").resolve()
    robot = ["pythonw", "main.py"]
    assert looked(home, (1, robot), (2, ours), (3, [*robot, "x"]), own=robot).pids == (1,)


def test_an_empty_folder_is_looked_at_without_making_anything(tmp_path: Path) -> None:
    """No log, no heartbeat, no lock, no guard; nothing appears."""

    def away() -> Registered:
        raise Refused("no schtasks here")

    day = look(tmp_path, tmp_path / "run", tmp_path / "logs", "agent", NOW, away, lambda: iter(()))  # type: ignore[arg-type, return-value]
    assert (day.pids, day.beat_age_s, day.log, day.last_log, day.lock_pid, day.guard_pid) == ((), None, "", "", None, None)
    assert str(day.start.trouble) == "no schtasks here"
    assert list(tmp_path.iterdir()) == []


def test_a_guard_that_is_gone_is_not_taken_for_one_that_works(home: Path) -> None:
    """Its state file outlives it; nonsense in it is no guard either."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait(30)
    memory.write_state(home / "data" / "run", {"guard": {"pid": gone.pid}})
    assert looked(home).guard_pid is None
    (home / "data" / "run" / "guard.json").write_text('{"guard": []}', "utf-8")
    assert looked(home).guard_pid is None


def test_this_pcs_processes_are_listed() -> None:
    """This very test is among them."""
    found: Iterator[tuple[int, Sequence[str]]] = commands()
    assert os.getpid() in [pid for pid, _ in found]
