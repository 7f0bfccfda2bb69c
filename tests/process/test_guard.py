"""The guard with real programs: they crash, hang, flood, fork away and ignore every signal, and it goes on."""

from __future__ import annotations

import os
import re
import signal
import sys
from pathlib import Path

import pytest

from onbam.kernel.beats import start_mark
from onbam.kernel.files import open_to_others
from support.guarded import Shops
from support.waiting import until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes of Linux")


def test_a_crash_is_answered_within_seconds(shop: Shops) -> None:
    """`kill -9`, and another process works; the end stands in the journal with the item in flight."""
    one = shop()
    one.robot()
    one.begin()
    first = one.up()["pid"]
    os.kill(first, signal.SIGKILL)
    second = one.other(first)
    assert second["restarts"] == 1
    (died,) = one.events("process.died")
    assert (died.data["code"], died.data["item"]) == (-9, "order:2601050229")
    one.end()


def test_b14_b28_b42_a_hang_is_found_although_a_thread_beats_on(shop: Shops) -> None:
    """The main thread spins, another one beats: evidence is saved, a notice goes out, a fresh process works."""
    one = shop()
    one.robot()
    one.begin()
    first = one.up()["pid"]
    one.say("spin 1")
    until(lambda: one.events("process.stuck"), what="the hang is found")
    one.other(first)
    (stuck,) = one.events("process.stuck")
    assert stuck.cause is not None
    assert stuck.cause["title"]["ko"] == "프로세스 정지 감지 - 자동 재시작"
    assert re.fullmatch(r"마지막 업데이트: \d+초 전\n자동 재시작 실행", stuck.cause["advice"]["ko"])
    assert stuck.why["ko"].startswith("[ALERT] 프로세스 정지 감지!")
    (incident,) = one.incidents()
    assert (incident["step"], incident["item"]) == ("entry", "order:2601050229")
    assert "in spin" in incident["stacks"]
    assert "in pulse" in incident["stacks"]
    assert any("it hangs from here" in line for line in incident["lines"])
    assert incident["memory_mb"] > 1
    assert one.process is not None
    memory = Path(f"/proc/{one.process.pid}/statm").read_text("ascii").split()[1]
    assert int(memory) * os.sysconf("SC_PAGE_SIZE") < 25 * (1 << 20), "the guard stays small, also after an incident"
    one.end()


def test_a_blocked_program_deaf_to_signals_is_replaced(shop: Shops) -> None:
    """It waits for a byte that never comes and ignores SIGTERM: ended all the same."""
    one = shop()
    one.robot()
    one.begin()
    first = one.up()["pid"]
    one.say("block 1")
    until(lambda: one.events("process.stuck"), what="the hang is found")
    one.other(first)
    assert not start_mark(first)
    one.end()


def test_b23_three_failures_in_a_row_are_answered_with_a_restart(shop: Shops) -> None:
    """However lively it beats."""
    one = shop()
    one.robot()
    one.begin()
    first = one.up()["pid"]
    one.say("fail")
    until(lambda: one.events("process.stuck"), what="the failures are noticed")
    one.say("work")
    one.other(first)
    assert "회 연속 에러: portal: 500" in one.events("process.stuck")[0].why["ko"]
    one.end()


def test_wrong_settings_are_not_answered_with_a_storm(shop: Shops) -> None:
    """A program that ends with 78 waits with its message until a settings file changes; no secret is in the message."""
    one = shop(SECRET_WORD="password=hunter2xyz")
    one.say("end 78")
    one.robot()
    one.begin()
    until(lambda: one.of().get("state") == "misconfigured", what="it is seen")
    known = one.of()
    assert "sheets.spreadsheet_id is missing" in known["why"]["en"]
    assert "hunter2xyz" not in known["why"]["en"]
    assert len(one.events("process.started")) == 1
    one.say("work")
    one.robot(memory_mb=900)
    one.up()
    until(lambda: one.events("process.recovered"), what="the notice is taken back")
    one.section("mute", command=["/bin/sh", "-c", "exit 78"], watch="none")
    until(lambda: one.of("mute").get("state") == "misconfigured", what="the one without a word is seen")
    assert one.of("mute")["why"]["ko"] == "까닭은 말하지 않았습니다."
    one.end()


def test_a_program_of_ours_says_what_is_wrong_in_both_languages(shop: Shops) -> None:
    """Its output is in the language of the shop; the notice is for whoever reads it, and is cleaned of secrets in both."""
    one = shop("", ONBAM_LANG="ko")
    command = [sys.executable, "-P", "-m", "onbam", "--home", str(one.home), "--set", "web.port=hunter2xyz", "web", "run"]
    one.section("robot", command=command, watch="none", **{"env.WEB_PASSWORD": "hunter2xyz"})
    one.begin()
    until(lambda: one.of().get("state") == "misconfigured", what="it is seen")
    said = one.of()["why"]
    assert said["ko"] == "--set web.port: web.port = '•••'는 쓸 수 없는 값입니다. 정수 값을 쓰십시오."
    assert said["en"] == "--set web.port: web.port = '•••' is not a usable value. Use a whole number."
    (told,) = one.events("process.misconfigured")
    assert told.cause is not None
    assert said["en"] in told.cause["advice"]["en"]
    assert not list(one.run.glob("*.words"))
    one.end()


def test_a_program_that_keeps_ending_is_tried_for_ever_but_slowly(shop: Shops) -> None:
    """After its budget one notice, and the next start is far away; nothing else suffers."""
    one = shop("burst = 2\nslow_s = 600")
    one.say("end 1", "bad")
    one.robot("bad")
    one.robot()
    one.begin()
    until(lambda: one.of("bad").get("state") == "slow", what="the budget is used up")
    assert one.of("bad")["again_in_s"] > 500
    assert [told.cause["severity"] for told in one.events("process.slow") if told.cause] == ["urgent"]
    assert len(one.events("process.started")) == 4
    one.up()
    one.end()


def test_a_program_that_ignores_everything_is_stopped_all_the_same(shop: Shops) -> None:
    """Asked, waited for, ended; afterwards it stays down until somebody says up, over the guard's own end too."""
    one = shop()
    one.say("deaf")
    one.robot(stop_s=0.5)
    one.begin()
    pid = one.up()["pid"]
    one.ask("stop", "robot")
    until(lambda: one.of()["state"] == "off", what="it is off")
    assert not start_mark(pid)
    assert "멈추지 않아 끝냄" in one.log()
    one.end()
    one.begin()
    assert one.of()["state"] == "off"
    one.say("work")
    one.ask("up", "robot")
    one.up()
    one.end()


def test_a_program_in_order_finishes_before_it_ends(shop: Shops) -> None:
    """A stop is a question first: it hands back what it holds and says its last word."""
    one = shop()
    one.robot()
    one.begin()
    one.up()
    one.ask("stop", "robot")
    until(lambda: one.of()["state"] == "off", what="it is off")
    (stopped,) = one.events("process.stopped")
    assert stopped.data["code"] == 0
    assert "robot ends in order" in "".join(p.read_text("utf-8") for p in (one.home / "logs/process/robot").glob("*.log"))
    one.end()


def test_one_that_forks_away_is_not_multiplied(shop: Shops) -> None:
    """The process that was started ends, its child lives on: that child is ended before the next start."""
    one = shop("burst = 1")
    one.say("away")
    one.robot(watch="none")
    one.begin()
    until(lambda: len(one.events("process.leftovers")) >= 2, what="what it left was ended twice")
    assert len(one.ours()) <= 2
    assert "앞에서 돌게 하십시오" in one.log()
    one.end()
    assert one.ours() == []


def test_a_flood_hurts_nobody(shop: Shops) -> None:
    """Three hundred thousand lines: the guard answers, its files stay small, and what was left out is counted."""
    one = shop("log_mb = 1")
    one.say("flood 300000")
    one.robot()
    one.begin()
    until(lambda: (one.home / "flooded").exists() and one.answers(), what="the flood is over, and the guard answers")
    one.up()
    one.ask("stop", "robot")
    until(lambda: one.of()["state"] == "off", what="it is off")
    files = list((one.home / "logs/process/robot").glob("*.log"))
    assert sum(path.stat().st_size for path in files) <= 1.5 * (1 << 20)
    text = "".join(path.read_text("utf-8") for path in sorted(files))
    assert "너무 빨리 나와" in text
    one.end()


def test_too_much_memory_is_answered_with_a_fresh_process(shop: Shops) -> None:
    """The limit of its section, measured over its whole family."""
    one = shop("look_s = 0.5")
    one.say("eat 200")
    one.robot(memory_mb=120)
    one.begin()
    first = one.up()["pid"]
    until(lambda: "메모리" in one.log(), what="it is noticed", deadline_s=60)
    one.say("work")
    one.other(first)
    one.end()


def test_b46_a_second_guard_is_refused_and_the_first_goes_on(shop: Shops) -> None:
    """The words people know, exit code 1, and the first one's programs keep running."""
    import subprocess

    one = shop()
    one.robot()
    one.begin()
    pid = one.up()["pid"]
    command = [sys.executable, "-m", "onbam.guard", "--home", str(one.home)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=one.environ)
    assert done.returncode == 1
    assert "[ERROR] 이미 실행 중인 프로세스가 있습니다." in done.stderr
    assert one.process is not None
    assert f"PID {one.process.pid}" in done.stderr
    assert one.of()["pid"] == pid
    one.end()


def test_the_next_guard_takes_over_what_a_killed_one_left(shop: Shops) -> None:
    """`kill -9` for the guard: its programs go on, and the next guard has the same processes and hears of their ends."""
    one = shop()
    one.robot()
    one.robot("other")
    one.begin()
    before = {name: one.up(name)["pid"] for name in ("robot", "other")}
    one.kill()
    one.begin()
    assert {name: one.up(name)["pid"] for name in before} == before
    assert all(one.of(name)["adopted"] for name in before)
    assert sorted(one.ours()) == sorted(before.values())
    os.kill(before["robot"], signal.SIGKILL)
    one.other(before["robot"])
    one.end()
    assert one.ours() == []


def test_what_a_killed_guard_left_without_a_note_is_ended(shop: Shops) -> None:
    """Killed between a start and its note: no program runs twice."""
    one = shop()
    one.robot()
    one.begin()
    first = one.up()["pid"]
    one.kill()
    (one.run / "guard.json").write_text("{nonsense", "utf-8")
    one.begin()
    one.other(first)
    assert one.ours() == [one.of()["pid"]]
    one.end()


def test_changed_settings_are_taken_up_and_wrong_ones_change_nothing(shop: Shops) -> None:
    """A new section starts, a removed one stops, nonsense leaves everything as it is."""
    one = shop()
    one.robot()
    one.begin()
    first = one.up()["pid"]
    (one.home / "onbam.toml").write_text("[process.robot\nnonsense", "utf-8")
    until(lambda: one.events("guard.settings"), what="it is noticed")
    assert one.up()["pid"] == first
    one.robot("second")
    one.up("second")
    del one.sections["robot"]
    one.write()
    until(lambda: not one.of("robot"), what="the removed one is gone")
    assert not start_mark(first)
    one.end()


def test_a_programs_own_password_is_its_own(shop: Shops) -> None:
    """What it says of it is masked, also of one that came while the guard ran, and nobody else may read the guard's notes."""
    one = shop()
    say = ["/bin/sh", "-c", 'echo "it is $ROBOT_PASSWORD"; exec sleep 1000']
    for password in ("canary-first", "canary-later"):
        one.section("robot", command=say, watch="none", **{"env.ROBOT_PASSWORD": password})
        if one.process is None:
            one.begin()
        one.up()
        until(lambda: "it is" in one.onbam("logs", "robot")[1], what="it said it")
    until(lambda: one.onbam("logs", "robot")[1].count("it is •••") == 2, what="both are masked")
    holding = [path for path in one.home.rglob("*") if path.is_file() and b"canary-" in path.read_bytes()]
    assert {path.name for path in holding} <= {"onbam.toml", "guard.json"}
    assert not [path for path in (one.run / "guard.json", *holding) if path.is_relative_to(one.run) and open_to_others(path)]
    one.end()


def test_a_changed_command_is_answered_with_a_fresh_process(shop: Shops) -> None:
    """Another environment needs another process; another limit does not."""
    one = shop()
    one.robot()
    one.begin()
    first = one.up()["pid"]
    one.robot(timeout_s=900)
    until(lambda: "바뀐 설정" in one.log(), what="the settings are read")
    assert one.up()["pid"] == first
    one.robot(promise_s=20)
    one.other(first)
    one.end()


def test_c35_restart_replaces_and_c36_stop_stops_and_c37_remove_removes(shop: Shops) -> None:
    """One by name or all without a name; a wrong name is answered with those there are."""
    from onbam.kernel.errors import Refused

    one = shop()
    one.robot()
    one.robot("other")
    one.begin()
    first, other = one.up()["pid"], one.up("other")["pid"]
    one.ask("restart", "robot")
    one.other(first)
    assert one.up("other")["pid"] == other
    with pytest.raises(Refused, match="robbot"):
        one.ask("restart", "robbot")
    one.ask("restart", now=True)
    one.other(other, "other")
    one.ask("remove", "other")
    until(lambda: one.of("other")["state"] == "off", what="it is off")
    one.ask("stop")
    until(lambda: one.of("robot")["state"] == "off", what="all are off")
    assert one.of("other")["wish"] == "removed"
    one.end()


def test_down_stops_everything_and_is_remembered(shop: Shops) -> None:
    """The guard ends in order; what it wrote says that a person put it down."""
    from onbam.guard.memory import boot, read_wishes, same_boot

    one = shop()
    one.robot()
    one.begin()
    one.up()
    one.ask("down")
    one.end()
    assert one.ours() == []
    assert same_boot(read_wishes(one.run).down, boot())
    assert not (one.home / "runtime.lock").exists()


def test_the_data_folder_may_vanish(shop: Shops) -> None:
    """Somebody deletes it while everything runs: the guard goes on, writes anew, and nothing is started twice."""
    import shutil

    one = shop()
    one.robot()
    one.begin()
    first = one.up()["pid"]
    one.data.rename(one.home / "away")  # all of it at once: emptied file by file, it would be written into meanwhile
    shutil.rmtree(one.home / "away")
    until(one.answers, what="the door is found again")
    one.ask("restart", "robot", now=True)
    one.other(first)
    assert len(one.ours()) == 1
    one.end()


def test_a_full_disk_does_not_end_it(shop: Shops) -> None:
    """Not a byte can be written: a crash is still answered; with room again the events that waited are there."""
    import resource

    one = shop()
    one.section("brief", command=["/bin/sleep", "1000"], watch="none")
    one.begin()
    assert one.process is not None
    first = one.up("brief")["pid"]
    limits = resource.prlimit(one.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(one.process.pid, resource.RLIMIT_FSIZE, (0, limits[1]))
    os.kill(first, signal.SIGKILL)
    one.other(first, "brief")
    assert one.events("process.died") == []
    resource.prlimit(one.process.pid, resource.RLIMIT_FSIZE, limits)
    until(lambda: one.events("process.died"), what="what waited is written")
    one.end()


def test_a_broken_database_is_nothing_to_it(shop: Shops) -> None:
    """It has to start when the database cannot: it does not even look."""
    one = shop()
    one.data.mkdir()
    (one.data / "onbam.db").write_bytes(b"not a database" * 100)
    one.robot()
    one.begin()
    one.up()
    one.end()


def test_systemd_hears_that_it_is_ready_alive_and_about_to_end(shop: Shops, tmp_path: Path) -> None:
    """READY once its programs are in care, WATCHDOG from its own loop, STOPPING at the end; its programs hear nothing of it."""
    import socket
    import threading

    address = tmp_path / "n"
    said: list[bytes] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(address))

        def listen() -> None:  # all the time, as systemd does: the queue holds ten words, and then whoever speaks waits
            while (word := systemd.recv(100)) != b"over":
                said.append(word)

        listening = threading.Thread(target=listen)
        listening.start()
        try:
            one = shop(NOTIFY_SOCKET=str(address), WATCHDOG_USEC="1000000")
            one.section("env", command=["/bin/sh", "-c", "env > env.txt; exec sleep 1000"], watch="none")
            one.begin()
            until(lambda: len(said) >= 3, what="it says that it lives")
            one.up("env")
            until((one.home / "env.txt").exists, what="its program has begun")
            one.end()
        finally:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as last:
                last.sendto(b"over", str(address))
            listening.join()
    assert said[:3] == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]
    assert said[-1] == b"STOPPING=1"
    environ = (one.home / "env.txt").read_text("utf-8")
    assert "NOTIFY_SOCKET" not in environ
    assert "WATCHDOG_USEC" not in environ
    assert "ONBAM_PROCESS=env" in environ


def test_the_guard_leaves_nothing_behind(shop: Shops) -> None:
    """After its end no process, no pipe, no door and no `runtime.lock` is left."""
    one = shop()
    for name in ("robot", "other"):
        one.robot(name)
    one.begin()
    for name in ("robot", "other"):
        one.up(name)
    one.end()
    assert one.ours() == []
    left = {path.name for path in one.run.iterdir()}
    assert left == {"guard.lock", "guard.beat", "guard.json", "events.jsonl", "lastgood"}
