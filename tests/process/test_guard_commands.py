"""The guard by its commands: up, ps, logs, restart, stop, down, ensure, watchdog, and the morning's round."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from onbam.guard import calling
from onbam.guard.glance import all_is_well
from onbam.guard.lock import is_held
from onbam.guard.system import this_system
from onbam.kernel.beats import start_mark
from onbam.kernel.clock import SystemClock
from support.children import child
from support.guarded import Shops
from support.waiting import until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes of Linux")
SEOUL = ZoneInfo("Asia/Seoul")


def test_c31_c33_c40_one_command_starts_everything_and_one_shows_it(shop: Shops) -> None:
    """`up`, and the sentence; `ps`, sentence first and a row each; a second `up` changes nothing."""
    one = shop()
    one.robot()
    one.robot("other")
    code, said = one.onbam("up")
    assert (code, said.strip()) == (0, "모두 정상입니다. 프로그램 2개가 돌고 있습니다.")
    first = one.up()["pid"]
    assert one.onbam("up")[0] == 0
    assert one.up()["pid"] == first
    code, said = one.onbam("ps")
    lines = said.splitlines()
    assert lines[0] == "모두 정상입니다. 프로그램 2개가 돌고 있습니다."
    assert re.search(rf"^robot\s+일하는 중\s+document order:2601050229\s+.*\s{first}\s+\d+ MB\s+0", said, re.MULTILINE)
    answer = json.loads(one.onbam("ps", "--json")[1])
    assert [p["name"] for p in answer["processes"]] == ["robot", "other"]
    assert one.onbam("down")[0] == 0
    assert one.ours() == []


def test_c32_c35_c36_c37_one_by_name(shop: Shops) -> None:
    """start, restart, stop and remove one; the others are left alone; a wrong name is refused with the right ones."""
    one = shop()
    one.robot()
    one.robot("other")
    one.onbam("up")
    first, other = one.up()["pid"], one.up("other")["pid"]
    assert one.onbam("restart", "robot")[0] == 0
    assert one.up()["pid"] != first
    assert "사람이 시킴" not in one.onbam("ps")[1], "why the one before it ended is not what it does"
    assert one.onbam("stop", "robot")[0] == 0
    assert one.of()["state"] == "off"
    assert one.onbam("up", "robot")[0] == 0
    assert one.onbam("remove", "robot")[0] == 0
    assert "robot" not in one.onbam("ps")[1]
    code, said = one.onbam("stop", "robott")
    assert (code, "robot, other" in said) == (1, True)
    assert one.up("other")["pid"] == other
    asked = [told.data for told in one.events("guard.asked")]
    assert [(a["do"], a["names"]) for a in asked] == [
        ("up", ""), ("restart", "robot"), ("stop", "robot"), ("up", "robot"), ("remove", "robot"), ("stop", "robott"),
    ]  # fmt: skip
    assert [a["names"] for a in asked if a.get("refused")] == ["robott"]
    one.onbam("down")


def test_c34_logs_show_the_last_lines_and_go_on(shop: Shops) -> None:
    """`logs`, `logs NAME -n`, `logs -f`: each line with its time, of several programs with the name before it."""
    one = shop()
    one.robot()
    one.onbam("up")
    until(lambda: one.onbam("logs", "robot")[1], what="its first line is kept")  # it may work before its words are read
    code, said = one.onbam("logs", "robot", "-n", "5")
    assert code == 0
    assert re.fullmatch(r"\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] robot begins\n", said)
    command = [sys.executable, "-m", "onbam", "--home", str(one.home), "logs", "-f"]
    with child(command, stdout=subprocess.PIPE, text=True, env=one.environ) as following:
        assert following.stdout is not None
        assert following.stdout.readline().endswith("robot begins\n")
        one.onbam("stop", "robot")
        assert following.stdout.readline().endswith("robot ends in order\n")
        following.kill()
    assert "robot 시작" in one.onbam("logs", "guard")[1]
    one.onbam("down")


def test_the_log_of_a_name_nobody_knows_is_refused_with_those_there_are(shop: Shops) -> None:
    """A slip of the pen is not answered that nothing was written; a program of the settings that never ran is."""
    one = shop()
    one.robot()
    code, said = one.onbam("logs", "robto")
    assert (code, "'robto'" in said, re.search(r"있는 것: .*guard.*robot", said) is not None) == (1, True, True)
    assert one.onbam("logs", "robot") == (0, "아직 아무것도 쓰지 않았습니다.\n")


def test_a_program_whose_settings_are_wrong_is_named_by_up(shop: Shops) -> None:
    """Exit code 1, its name, its own words and where to look."""
    one = shop()
    one.say("end 78")
    one.robot()
    code, said = one.onbam("up")
    assert code == 1
    assert re.match(r"robot: 설정이 잘못됨\. .*sheets\.spreadsheet_id is missing → onbam logs robot", said)
    one.onbam("down")


def test_up_says_that_the_orders_stand_still(shop: Shops) -> None:
    """All programs are well, and yet nothing is entered: the stop is said beside it, with what lifts it."""
    one = shop()
    one.robot()
    (one.home / "PAUSE").write_text("가격 확인\n", "utf-8")
    code, said = one.onbam("up")
    assert (code, "모두 정상입니다" in said, "가격 확인" in said) == (0, True, True), said
    (one.home / "PAUSE").unlink()
    assert "가격 확인" not in one.onbam("up")[1]
    one.onbam("down")


def test_up_says_that_the_dashboards_port_is_taken(shop: Shops) -> None:
    """It is asked what came of it, and not only whether it was begun; once all is well, somebody listens there."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        one = shop(ONBAM_WEB_HOST="127.0.0.1", ONBAM_WEB_PORT=str(port))
        desk = [sys.executable, "-m", "onbam", "--home", str(one.home), "web", "run"]
        one.section("desk", command=desk, watch="beats")
        code, said = one.onbam("up")
        assert (code, f"127.0.0.1:{port}" in said, "web.port" in said) == (1, True, True), said
    assert one.onbam("restart", "desk")[0] == 0
    socket.create_connection(("127.0.0.1", port)).close()
    one.onbam("down")


def test_wrong_settings_are_named_before_anything_starts(shop: Shops) -> None:
    """Exit code 78 with file and line; no guard is left behind."""
    one = shop("burst = -1")
    one.robot()
    code, said = one.onbam("up")
    assert code == 78
    assert "onbam.toml" in said
    assert not (one.home / "runtime.lock").exists()


def test_ensure_brings_back_a_killed_guard_with_nothing_twice(shop: Shops) -> None:
    """Where all is well it does nothing; after `kill -9` the same programs go on under a new guard."""
    one = shop()
    one.robot()
    one.robot("other")
    assert one.onbam("ensure")[1].strip() == "지킴이를 시작했습니다."
    pids = {name: one.up(name)["pid"] for name in ("robot", "other")}
    first = one.holder()
    assert one.onbam("ensure")[1].strip() == "지킴이가 잘 돌고 있습니다."
    assert one.holder() == first
    os.kill(first, signal.SIGKILL)
    until(lambda: not start_mark(first), what="it is gone")
    assert json.loads(one.onbam("ensure", "--json")[1]) == {"outcome": "started"}
    assert {name: one.up(name)["pid"] for name in pids} == pids
    assert sorted(one.ours()) == sorted(pids.values())
    one.onbam("down")


HALF_GONE = """
import ctypes, os, platform, sys, threading
from pathlib import Path
from onbam.guard.lock import acquire_lock
from onbam.guard.names import BEAT_NAME
from onbam.guard.system import this_system
from onbam.kernel.beats import FileBeats
from onbam.kernel.clock import SystemClock
run = Path(sys.argv[1])
run.mkdir(parents=True)
held = acquire_lock(run, this_system(), SystemClock(), runtime=Path(sys.argv[2]))
FileBeats(run / BEAT_NAME, "guard", SystemClock()).idle(1.0)
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0))).start()
print("have it", flush=True)
ctypes.CDLL(None).syscall({"x86_64": 60, "aarch64": 93}[platform.machine()], 0)
"""
"""Its first thread has ended, as in a killed process; another is not back from the disk, and what is open stays open."""


class FirstWait(SystemClock):
    """The real clock; what is to happen meanwhile happens at the first wait."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        self._meanwhile = [meanwhile]

    def wait(self, seconds: float, stop: threading.Event | None = None) -> bool:
        """Let it happen, then wait as ever."""
        while self._meanwhile:
            self._meanwhile.pop()()
        return super().wait(seconds, stop)


def test_where_all_is_well_ensure_loads_no_command_line(shop: Shops, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plain call the system makes every few minutes; anything else, and whatever is not well, is the command's."""
    one = shop()
    one.robot()
    assert one.onbam("up")[0] == 0
    plain = ["--home", str(one.home), "ensure"]
    for name, value in one.environ.items():
        monkeypatch.setenv(name, value)
    assert all_is_well(plain) == one.home
    monkeypatch.chdir(one.home)
    assert all_is_well(["ensure"]) == one.home.resolve()
    assert all_is_well([*plain, "--json"]) is None
    assert all_is_well(["--lang", "en", *plain]) is None
    code = "import sys; from onbam.__main__ import main; main(); sys.exit(('click' in sys.modules) * 9)"
    done = subprocess.run([sys.executable, "-c", code, *plain], capture_output=True, timeout=60, check=False, env=one.environ)
    assert (done.returncode, done.stdout.decode().strip()) == (0, "지킴이가 잘 돌고 있습니다.")
    mute = f"import sys; sys.stdout = None; {code}"  # as a scheduled task without a console has none
    done = subprocess.run([sys.executable, "-c", mute, *plain], capture_output=True, timeout=60, check=False, env=one.environ)
    assert (done.returncode, done.stderr) == (0, b"")
    first = one.holder()
    os.kill(first, signal.SIGSTOP)
    later = SystemClock()
    monkeypatch.setattr("onbam.guard.glance.SystemClock", lambda: later)
    monkeypatch.setattr(later, "monotonic", lambda: time.monotonic() + calling.HUNG_S + 1)
    assert all_is_well(plain) is None
    os.kill(first, signal.SIGKILL)
    until(lambda: not start_mark(first), what="it is gone")
    assert all_is_well(plain) is None
    (one.home / "onbam.toml").write_text("[guard\n", "utf-8")
    assert all_is_well(plain) is None


def test_ensure_waits_for_a_killed_guard_that_still_holds_its_lock(shop: Shops) -> None:
    """A killed process keeps its locks until its last thread is back from the disk: nobody calls that healthy."""
    one = shop()
    one.robot()
    with child(
        [sys.executable, "-c", HALF_GONE, str(one.run), str(one.home / "runtime.lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as dying:
        assert dying.stdout is not None
        assert dying.stdout.readline() == b"have it\n"
        until(lambda: not start_mark(dying.pid), what="it looks gone")
        assert is_held(one.run, this_system())
        clock = FirstWait(dying.communicate)
        assert calling.ensure(calling.Caller(one.home, one.environ, {}, clock, this_system())) == "started"
    one.up()
    one.onbam("down")


def test_ensure_replaces_a_guard_that_hangs(shop: Shops, monkeypatch: pytest.MonkeyPatch) -> None:
    """A guard that stands still (stopped by a signal) is ended and replaced; its programs go on."""
    one = shop()
    one.robot()
    one.onbam("up")
    pid, first = one.up()["pid"], one.holder()
    os.kill(first, signal.SIGSTOP)
    monkeypatch.setattr(calling, "HUNG_S", 0.2)
    monkeypatch.setattr(calling, "PROOF_S", 0.5)
    caller = calling.Caller(one.home, one.environ, {}, SystemClock(), this_system())
    outcomes: list[str] = []
    until(lambda: outcomes.append(calling.ensure(caller)) or outcomes[-1] == "restarted", what="it is seen to hang")
    assert one.holder() != first
    assert one.up()["pid"] == pid
    one.onbam("down")


def test_a_person_who_says_down_is_obeyed_by_ensure(shop: Shops) -> None:
    """The system's five-minute call does not undo a person's wish; `up` does."""
    one = shop()
    one.robot()
    one.onbam("up")
    one.onbam("down")
    assert "사람이 멈춰 두었습니다" in one.onbam("ensure")[1]
    assert "onbam up" in one.onbam("ps")[1]
    one.onbam("up")
    one.up()
    one.onbam("down")
    (one.run / "wishes.json").write_text(json.dumps({"programs": {}, "down": "another boot"}), "utf-8")
    assert one.onbam("ensure")[1].strip() == "지킴이를 시작했습니다."
    one.onbam("down")


def test_b25_b26_b27_b32_the_watchdogs_banner_and_lines(shop: Shops) -> None:
    """Seventy signs, the three lines people know, and a line for each look in the old form."""
    one = shop("check_s = 1")
    one.robot()
    command = [sys.executable, "-m", "onbam", "--home", str(one.home), "watchdog", "--foreground"]
    with child(command, stdout=subprocess.PIPE, text=True, env=one.environ) as watching:
        assert watching.stdout is not None
        said = [watching.stdout.readline().rstrip("\n") for _ in range(9)]
        first = one.holder()
        os.kill(first, signal.SIGKILL)
        lines: list[str] = []
        until(lambda: lines.append(watching.stdout.readline()) or "[ALERT]" in lines[-1], what="the dead guard is noticed")  # type: ignore[union-attr]
        assert "[OK]" in watching.stdout.readline()
        watching.kill()
    assert said[:6] == ["=" * 70, "하트비트 감시 프로그램 시작", "- 체크 간격: 1초", "- 타임아웃: 60분", "=" * 70, ""]
    assert "[ALERT] 프로세스 정지 감지!" in said[6]
    assert re.fullmatch(
        r"\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] \[OK\] 프로세스 정상 작동( \(마지막 업데이트: \d+초 전\))?", said[8]
    )
    assert one.holder() != first
    one.onbam("down")


def test_b33_b35_the_morning_round_replaces_what_began_before_it(shop: Shops) -> None:
    """At the set moment: pause, fresh process, proof, the old one ends; the five steps stand in the log with their times."""
    one = shop()
    one.robot(handover="pause")
    one.begin()
    first = one.up()["pid"]
    moment = datetime.now(SEOUL) + timedelta(seconds=2)
    one.renew_at(f"{moment:%H:%M:%S}")
    one.other(first)
    until(lambda: "일일 재시작 완료" in one.log(), what="the round is over")
    steps = [
        "일일 재시작 시작",
        "새 일을 받지 않음",
        "프로그램 재시작 중",
        "재시작 성공",
        "기존 프로세스 종료 완료",
        "정리 완료",
        "일일 재시작 완료",
    ]
    places = [one.log().index(step) for step in steps]
    assert places == sorted(places)
    assert not start_mark(first)
    assert len(one.ours()) == 1
    one.end()


def test_n19_a_fresh_process_that_does_not_work_leaves_the_old_one_at_work(shop: Shops) -> None:
    """The new one ends at once: the old one goes on as before, and one notice goes out."""
    one = shop()
    one.robot(handover="pause")
    one.begin()
    first = one.up()["pid"]
    fresh = one.home / "robot.fresh"
    fresh.write_text("1", "utf-8")
    one.ask("renew", "robot")
    until(lambda: one.events("process.not_renewed"), what="it is told")
    assert one.up()["pid"] == first
    assert one.ours() == [first]
    until(lambda: one.of()["step"] == "document", what="it takes up work again")
    (told,) = one.events("process.not_renewed")
    assert told.cause is not None
    assert told.cause["title"]["ko"] == "robot의 일일 재시작에 실패했습니다"
    fresh.unlink()
    one.ask("renew", "robot")
    one.other(first)
    one.end()


def test_where_the_old_one_ends_first_a_broken_fresh_one_is_tried_again(shop: Shops) -> None:
    """A program that cannot run beside itself: it is started again like after any end."""
    one = shop()
    one.robot(handover="stop")
    one.begin()
    first = one.up()["pid"]
    fresh = one.home / "robot.fresh"
    fresh.write_text("1", "utf-8")
    one.ask("renew", "robot")
    until(lambda: one.events("process.not_renewed"), what="it is told")
    fresh.unlink()
    one.other(first)
    one.end()


def test_t9_a_program_on_yesterdays_date_is_noticed_at_once(shop: Shops) -> None:
    """It still writes into yesterday's file: within a minute it is replaced, not after 23 hours."""
    one = shop("look_s = 0.5")
    day = datetime.now(SEOUL).date() - timedelta(days=1)
    logs = one.home / "logs"
    logs.mkdir()
    one.say(f"yesterday {logs / f'app_{day:%Y%m%d}.json'}")
    one.robot()
    one.begin()
    first = one.up()["pid"]
    until(lambda: one.events("process.yesterday"), what="it is noticed", deadline_s=100)
    one.say("work")
    one.other(first)
    (told,) = one.events("process.yesterday")
    assert told.cause is not None
    assert f"app_{day:%Y%m%d}.json" in told.cause["advice"]["ko"]
    one.end()


def test_in_the_foreground_the_command_becomes_the_guard(shop: Shops) -> None:
    """One process, so that systemd watches the right one; SIGTERM ends everything in order, exit code 0."""
    one = shop()
    one.robot()
    command = [sys.executable, "-m", "onbam", "--home", str(one.home), "up", "--foreground"]
    with child(command, env=one.environ, stdout=subprocess.DEVNULL) as foreground:
        until(one.answers, what="the guard answers")
        assert one.holder() == foreground.pid
        one.up()
        foreground.send_signal(signal.SIGTERM)
        assert foreground.wait(60) == 0
    assert one.ours() == []


def test_a_secret_that_was_added_mends_a_program_too(shop: Shops) -> None:
    """The vault's file changes, and what waited for its settings is tried again."""
    one = shop()
    one.say("end 78")
    one.robot()
    one.begin()
    until(lambda: one.of().get("state") == "misconfigured", what="it is seen")
    one.say("work")
    (one.home / "secrets.enc").write_bytes(b"{}")
    one.up()
    one.end()
