"""The guard where the settings, the disk, a command or a folder is wrong: what runs, what is said, what is done."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest

from onbam.guard import calling, door
from onbam.guard import words as guard_words
from onbam.guard.guard import Guard
from onbam.guard.herald import sender
from onbam.guard.lock import is_held
from onbam.guard.memory import Wishes
from onbam.guard.report import LEFT, Cause, Event, Reporter
from onbam.guard.system import this_system
from onbam.kernel.beats import start_mark
from onbam.kernel.chance import Chance
from onbam.kernel.clock import SystemClock
from onbam.kernel.errors import Refused
from support.children import child
from support.guarded import Guarded, Shops
from support.posts import hook
from support.waiting import DEADLINE_S, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes of Linux")
ENDLESS = ["/bin/sleep", "1000"]


def killed(one: Guarded) -> None:
    """End the guard `up` started, as a crash does."""
    pid = one.holder()
    os.kill(pid, signal.SIGKILL)
    until(lambda: not start_mark(pid), what="it is gone")


# -- a wrong section


def test_a_mistyped_section_costs_that_program_alone(shop: Shops) -> None:
    """Named by `up` and `ensure` with file, line and what was meant; the others run, also under the next guard."""
    one = shop()
    one.robot()
    one.onbam("up")
    pid = one.up()["pid"]
    one.section("typo", comand="x")
    code, said = one.onbam("up")
    assert code == 1
    assert len(re.findall(r"onbam\.toml:\d+: 'process\.typo\.comand'.*'process\.typo\.command'", said)) == 1, "said once"
    assert "process.typo.comand" in one.onbam("logs", "typo")[1].split("[onbam]")[1]
    assert one.of("typo")["state"] == "misconfigured"
    killed(one)
    code, said = one.onbam("ensure")
    assert (code, "process.typo.comand" in said) == (0, True)
    assert one.up()["pid"] == pid
    assert (one.of("typo")["state"], one.of("typo")["pid"]) == ("misconfigured", None)
    assert [told.key for told in one.events("process.misconfigured")] == ["typo"], "one notice, over two guards"
    one.section("typo", command=ENDLESS, watch="none")
    assert one.onbam("up", "typo") == (0, "typo: 도는 중.\n")
    one.onbam("down")


def test_a_slip_in_the_section_of_a_running_program_does_not_stop_it(shop: Shops) -> None:
    """It goes on as it was set up, also after a crash and under the next guard; a notice says what is wrong."""
    one = shop()
    one.robot()
    one.onbam("up")
    first = one.up()["pid"]
    one.robot(memory_nb=300)
    until(lambda: one.events("process.misconfigured"), what="it is told")
    os.kill(first, signal.SIGKILL)
    second = one.other(first)["pid"]
    killed(one)
    os.kill(second, signal.SIGKILL)
    assert "process.robot.memory_nb" in one.onbam("ensure")[1]
    one.other(second)
    assert "process.robot.memory_nb" in one.onbam("ps")[1]
    one.onbam("down")


# -- a file nobody can read


def test_with_a_broken_file_everything_can_be_looked_at_and_stopped(shop: Shops) -> None:
    """ps, logs, restart, stop and down do what they do, and name file and line beside it; a notice opens, and closes."""
    one = shop()
    one.robot()
    one.onbam("up")
    first = one.up()["pid"]
    (one.home / "onbam.toml").write_text('[app]\nlanguage = "ko"\n[process.robot\n', "utf-8")
    until(lambda: one.events("guard.settings"), what="the guard saw it")
    (told,) = one.events("guard.settings")
    assert told.cause is not None
    assert (told.cause["key"], told.cause["severity"]) == ("guard.settings:guard", "urgent")
    for words in (["ps"], ["logs", "robot"], ["restart", "robot"], ["ensure"], ["stop", "robot"]):
        code, said = one.onbam(*words)
        assert (words, code) == (words, 0)
        assert re.search(r"onbam\.toml 파일을 읽을 수 없습니다.*3번째 줄", said), words
    assert one.of()["state"] == "off"
    assert not start_mark(first)
    assert one.onbam("up")[0] == 78
    one.write()
    until(lambda: [told.resolves for told in one.events("guard.settings")][1:] == ["guard.settings:guard"], what="it is over")
    (one.home / "onbam.toml").write_text("[process.robot\n", "utf-8")
    assert one.onbam("down")[0] == 0
    assert one.ours() == []


def test_a_guard_that_meets_a_broken_file_starts_with_the_last_good_one(shop: Shops) -> None:
    """Killed at night, half a file saved: `ensure` brings everything back, nothing twice, nothing missing."""
    one = shop()
    one.robot()
    one.section("words", command=["/bin/sh", "-c", 'echo "$0" > said.txt; exec sleep 1000', 'a "b" \\ 값'], watch="none")
    one.onbam("up")
    first = one.up()["pid"]
    killed(one)
    os.kill(one_pid(one, "words"), signal.SIGKILL)
    (one.home / "said.txt").unlink()
    (one.home / "onbam.toml").write_text('[app]\nlanguage = "ko"\n[process.robot\n', "utf-8")
    code, said = one.onbam("ensure")
    assert (code, "3번째 줄" in said) == (0, True)
    assert one.up()["pid"] == first
    one.up("words")
    until(lambda: (one.home / "said.txt").exists() and (one.home / "said.txt").read_text("utf-8"), what="it spoke")
    assert (one.home / "said.txt").read_text("utf-8") == 'a "b" \\ 값\n'
    one.onbam("down")


def one_pid(one: Guarded, name: str) -> int:
    """A program's number, as the guard that was killed noted it."""
    state = json.loads((one.run / "guard.json").read_text("utf-8"))
    return next(int(note["pid"]) for note in state["notes"] if note["name"] == name)


def test_where_nothing_good_was_ever_read_the_file_is_named(shop: Shops) -> None:
    """A first start with half a file: exit code 78, file and line, and nothing runs."""
    one = shop()
    (one.home / "onbam.toml").write_text('[app]\nlanguage = "ko"\n[guard\n', "utf-8")
    code, said = one.onbam("ensure")
    assert code == 78
    assert "3번째 줄" in said
    assert one.onbam("ps")[0] == 0


def test_settings_that_vanish_stop_nobody_and_start_nobody(shop: Shops) -> None:
    """An editor's half second or a slip: the robots go on, Onbam's own are not started instead; told, and taken back."""
    one = shop()
    one.robot()
    one.begin()
    first = one.up()["pid"]
    toml = one.home / "onbam.toml"
    toml.rename(one.home / "onbam.toml.old")
    until(lambda: one.events("guard.settings"), what="it is noticed")
    assert "없어졌습니다" in one.events("guard.settings")[0].why["ko"]
    assert [known["name"] for known in one.status()["processes"]] == ["robot"]
    toml.with_name("onbam.toml.old").rename(toml)
    until(lambda: len(one.events("guard.settings")) == 2, what="it is taken back")
    assert one.events("guard.settings")[1].resolves == "guard.settings:guard"
    assert one.up()["pid"] == first
    one.end()


def test_a_shop_that_was_moved_away_is_not_run_in_its_old_place(shop: Shops, tmp_path: Path) -> None:
    """Its robots end, and only then; one that was put back meanwhile, as by a backup, goes on."""
    one = shop()
    one.robot()
    one.begin()
    first = one.up()["pid"]
    there = tmp_path / "새 자리"
    one.home.rename(there)
    shutil.copytree(there, one.home, ignore=shutil.ignore_patterns("*.out"))
    one.robot(timeout_s=900)
    until(lambda: "바뀐 설정" in one.log(), what="the restored folder is read")
    assert one.up()["pid"] == first
    one.home.rename(tmp_path / "copy")
    assert one.process is not None
    assert one.process.wait(DEADLINE_S) == 0
    assert not start_mark(first)
    assert one.ours() == []


# -- a full disk


def test_on_a_full_disk_a_wish_is_done_and_told_not_to_be_remembered(shop: Shops) -> None:
    """Stopped, with a word beside it, and `ps` names the disk; with room again it is remembered after all."""
    one = shop()
    one.section("brief", command=ENDLESS, watch="none")
    one.begin()
    assert one.process is not None
    one.up("brief")
    limits = resource.prlimit(one.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(one.process.pid, resource.RLIMIT_FSIZE, (0, limits[1]))
    code, said = one.onbam("stop", "brief")
    assert (code, said.splitlines()[0]) == (0, "brief: 멈춤.")
    assert "했지만 기억해 두지는 못했습니다" in said
    assert "디스크에 쓰지 못하고 있습니다" in one.onbam("ps")[1]
    resource.prlimit(one.process.pid, resource.RLIMIT_FSIZE, limits)
    until((one.run / "wishes.json").exists, what="it is remembered")
    until(lambda: "디스크에 쓰지 못하고" not in one.onbam("ps")[1], what="the disk is well again")
    resource.prlimit(one.process.pid, resource.RLIMIT_FSIZE, (0, limits[1]))
    code, said = one.onbam("down")
    assert (code, "기억해 두지는 못했습니다" in said) == (0, True)
    assert one.process.wait(60) == 0


def test_a_guard_that_cannot_say_where_it_listens_is_not_called_dead(shop: Shops) -> None:
    """Its door's file is not there, as on a full disk: `down` does not answer that nothing runs, and `ps` says why."""
    one = shop()
    one.robot()
    one.begin()
    pid = one.up()["pid"]
    assert one.process is not None
    one.process.send_signal(signal.SIGSTOP)
    (one.run / "guard.door").unlink()
    for word in ("down", "ps"):
        code, said = one.onbam(word)
        assert (code, "아직 말을 걸 수 없습니다" in said) == (1, True), said
    one.process.send_signal(signal.SIGCONT)
    until(one.answers, what="the door is found again")
    assert one.up()["pid"] == pid
    one.end()


def test_a_guard_that_hangs_is_not_called_dead_and_up_starts_it_anew(shop: Shops, monkeypatch: pytest.MonkeyPatch) -> None:
    """It holds its lock and answers nobody: `ps` and `down` say so, `up` replaces it, and its programs go on."""
    monkeypatch.setattr(calling, "MUTE_S", 0.5)
    one = shop()
    one.robot()
    one.onbam("up")
    pid, first = one.up()["pid"], one.holder()
    os.kill(first, signal.SIGSTOP)
    with monkeypatch.context() as impatient:
        impatient.setitem(door.ask.__kwdefaults__ or {}, "limit_s", 0.5)
        for word in ("down", "ps"):
            code, said = one.onbam(word)
            assert (code, "안에 대답하지 않습니다" in said) == (1, True), said
    assert one.onbam("up")[0] == 0
    assert one.holder() != first
    assert one.up()["pid"] == pid
    one.onbam("down")


# -- what `up` and the others say


def test_up_does_not_call_a_program_well_that_dies_at_once(shop: Shops) -> None:
    """It waits until each has shown itself: exit code 1, the name, how it ended, and the same stands in its log."""
    one = shop()
    one.section("brief", command=ENDLESS, watch="none")
    one.section("dies", command=[sys.executable, "-c", "import sys; sys.exit(3)"])
    code, said = one.onbam("up")
    assert code == 1
    assert re.match(r"dies: .*종료 코드 3.* → onbam logs dies", said)
    assert re.search(r"\[onbam\] dies\S+ 스스로 끝남 \(종료 코드 3\)", one.onbam("logs", "dies")[1])
    assert one.of("brief")["state"] == "up"
    one.onbam("down")


def test_who_names_a_program_is_answered_about_that_one(shop: Shops) -> None:
    """Another one's trouble decides neither the sentence nor the exit code; it stands beside the answer."""
    one = shop("burst = 1\nslow_s = 600")
    one.section("ok-bot", command=ENDLESS, watch="none")
    one.section("crasher", command=["/bin/false"])
    assert one.onbam("up")[0] == 1
    until(lambda: one.of("crasher")["state"] == "slow", what="it keeps ending")
    code, said = one.onbam("up", "ok-bot")
    assert (code, said.splitlines()[0]) == (0, "ok-bot: 도는 중.")
    assert "crasher: " in said.splitlines()[1]
    assert one.onbam("stop", "ok-bot")[1].splitlines()[0] == "ok-bot: 멈춤."
    assert one.onbam("remove", "ok-bot")[1].splitlines()[0].startswith("ok-bot: 목록에서 뺐습니다.")
    assert one.onbam("restart", "crasher")[0] == 1
    one.onbam("remove", "crasher")
    assert "'onbam up NAME'으로 되돌립니다" in one.onbam("ps")[1]
    assert "ok-bot, crasher" in one.onbam("up")[1] or one.of("ok-bot")["state"] == "up"
    one.onbam("down")


def test_a_name_nobody_knows_starts_nothing(shop: Shops) -> None:
    """Those there are stand in the answer, and no guard was started for it."""
    one = shop()
    one.robot()
    code, said = one.onbam("up", "nosuch")
    assert code == 1
    assert "robot" in said
    assert not (one.home / "runtime.lock").exists()


def test_two_who_start_it_at_once_are_both_answered(shop: Shops) -> None:
    """One guard, and neither hears that there is none."""
    one = shop()
    one.robot()
    command = [sys.executable, "-m", "onbam", "--home", str(one.home), "up"]
    with (
        child(command, env=one.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as first,
        child(command, env=one.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as second,
    ):
        answers = [process.communicate(timeout=100) for process in (first, second)]
    assert [(first.returncode, second.returncode), answers[0][1], answers[1][1]] == [(0, 0), b"", b""]
    assert len(one.ours()) == 1
    assert one.onbam("down") == (0, "모두 멈췄습니다.\n")
    assert not is_held(one.run, this_system())


def test_a_guard_somebody_asked_for_before_everything_was_put_down_stays_down(shop: Shops) -> None:
    """It comes to the lock late, after another one's life and a `down`: it says so and runs nothing, and `down` stands."""
    one = shop()
    one.robot()
    one.onbam("up")
    one.onbam("down")
    caller = calling.Caller(one.home, one.environ, {}, SystemClock(), this_system())
    with pytest.raises(Refused, match="그사이 누군가 모두 멈추어"):
        calling.begin(caller, one.run, Wishes())
    assert "사람이 멈춰 두었습니다" in one.onbam("ensure")[1]
    assert one.ours() == []
    assert one.onbam("up")[0] == 0
    one.onbam("down")


def test_up_while_everything_is_just_being_put_down_starts_it_anew(shop: Shops) -> None:
    """It says what it waits for, then everything works; whoever said down hears that it was done."""
    one = shop()
    one.say("deaf")
    one.robot(stop_s=1)
    one.onbam("up")
    first, pid = one.holder(), one.up()["pid"]
    with child([sys.executable, "-m", "onbam", "--home", str(one.home), "down"], env=one.environ) as down:
        until(lambda: one.status()["guard"]["leaving"], what="it ends")
        with pytest.raises(Refused, match="just ending"):
            one.ask("up")
        code, said = one.onbam("up")
        assert (code, "지금 멈추는 중이라" in said, "모두 정상입니다" in said) == (0, True, True)
        assert down.wait(60) == 0
    assert one.holder() != first
    assert one.up()["pid"] != pid
    one.onbam("down")


def test_a_folder_that_cannot_be_written_is_one_sentence(shop: Shops) -> None:
    """No traceback: the folder, the reason and the fix."""
    one = shop()
    one.robot()
    one.data.write_text("a file where the folder should be", "utf-8")
    code, said = one.onbam("up")
    assert code == 1
    assert re.match(r".*폴더에 쓸 수 없어 지킴이를 시작하지 못했습니다 \(.+\)\.\n→ .*\n\Z", said)


def test_a_copy_of_the_folder_is_not_the_folder(shop: Shops, tmp_path: Path) -> None:
    """In a copied home `ps` does not show the original's programs as its own, and `stop` does not stop them."""
    one = shop()
    one.robot()
    one.onbam("up")
    one.up()
    copied = Guarded(tmp_path / "copy")
    shutil.copytree(one.home, copied.home, ignore=lambda folder, names: [name for name in names if name.endswith(".out")])
    assert "지킴이가 돌고 있지 않습니다" in copied.onbam("ps")[1]
    assert copied.onbam("stop")[0] == 1
    one.up()
    one.onbam("down")


# -- a command that is not there


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ({"command": ENDLESS, "cwd": "nowhere"}, r"작업 폴더 .*nowhere\S+ 없습니다"),
        ({"command": ["no-such-robot"]}, r"명령 no-such-robot\S+ 찾을 수 없습니다"),
    ],
)
def test_what_is_missing_is_named_as_wrong_settings(shop: Shops, section: dict[str, object], told: str) -> None:
    """The folder or the command, by `up`, in its log and in one notice; once it is there it starts by itself, in time."""
    one = shop("slow_s = 10")
    one.section("bot", watch="none", **section)
    code, said = one.onbam("up")
    assert code == 1
    assert re.match(rf"bot: 설정이 잘못됨\. .*{told}", said)
    assert re.search(told, one.onbam("logs", "bot")[1])
    assert [event.key for event in one.events("process.misconfigured")] == ["bot"]
    if "cwd" in section:
        (one.home / "nowhere").mkdir()
        one.up("bot")
    one.onbam("down")


def test_a_working_program_is_not_ended_for_one_that_cannot_be_started(shop: Shops) -> None:
    """A command or a folder mistyped at night: told by `up` and `ps`, refused by `restart`, and followed once it is mended."""
    one = shop()
    one.section("bot", command=ENDLESS, watch="none")
    one.onbam("up")
    pid = one.up("bot")["pid"]
    one.section("bot", command=["/bin/sleeep", "1000"], watch="none")
    until(lambda: one.events("process.misconfigured"), what="it is told")
    for words, expected in ((["up"], 1), (["ps"], 0), (["restart", "bot"], 1), (["restart", "bot", "--now"], 1)):
        code, said = one.onbam(*words)
        assert (words, code) == (words, expected)
        assert re.search(r"명령 /bin/sleeep\S+ 찾을 수 없습니다", said), said
    assert one.of("bot")["pid"] == pid
    one.section("bot", command=ENDLESS, watch="none", cwd="nowhere")
    until(lambda: "nowhere" in one.onbam("ps")[1], what="the folder is missed")
    assert one.of("bot")["pid"] == pid
    (one.home / "nowhere").mkdir()
    one.other(pid, "bot")
    assert "nowhere" not in one.onbam("ps")[1]
    one.onbam("down")


# -- news


def test_with_robots_alone_a_notice_goes_into_the_inbox_and_out(shop: Shops) -> None:
    """No agent and no web run: who the guard sends takes what it told, beside settings nobody can use, and ends."""
    with hook() as chat:
        one = shop(f'[claims]\nstore = "nowhere"\n[notices]\nchat_url = "{chat.url("json", "/room")}"')
        one.section("typo", comand="x")
        system = this_system()
        guard = Guard(one.home, one.environ, {}, clock=SystemClock(), chance=Chance(1), system=system)
        try:
            guard.start()
            sent = sender(one.home, {}, one.environ, system)(one.run / "news.out")
            with cast("subprocess.Popen[bytes]", sent) as bearer:
                assert bearer.wait(60) == 0, (one.run / "news.out").read_text("utf-8")
        finally:
            guard.stop()
    assert ["typo" in body for _, body in chat.posts] == [True]
    (one.home / "onbam.toml").write_text('[app]\nlanguage = "ko"\n', "utf-8")
    (notice,) = json.loads(one.onbam("notices", "list", "--json")[1])["notices"]
    assert notice["key"].endswith(":process.misconfigured:typo")
    assert json.loads(one.onbam("notices", "carry", "--json")[1]) == {"waiting": 0}


def test_a_letter_that_did_not_go_out_calls_for_another_try(shop: Shops) -> None:
    """The chat room is away: the notice is in the inbox, and whoever sent is left word that a letter waits."""
    with hook() as chat:
        chat.status = 503
        one = shop(f'[notices]\nchat_url = "{chat.url("json", "/room")}"')
        one.section("brief", command=["/bin/false"])
        one.run.mkdir(parents=True)
        cause = Cause("process.slow:brief", "urgent", guard_words.SLOW_TITLE(name="brief"), guard_words.WHY_DOWN())
        Reporter(one.run, SystemClock()).tell(Event("process.slow", "brief", guard_words.WHY_DOWN(), {}, cause))
        assert json.loads(one.onbam("notices", "carry", "--json")[1]) == {"waiting": 1}
        assert (one.run / LEFT).exists()
