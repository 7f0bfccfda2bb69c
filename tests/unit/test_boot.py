"""Starting at boot: what the operating system is given, held against its rules, put in place once and taken away."""

from __future__ import annotations

import json
import os
import plistlib
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onbam.care.checks.boot import starts_at_boot
from onbam.guard.boot import guide, linux, macos, taskrules, windows
from onbam.guard.boot.here import boot_here, system_here
from onbam.guard.boot.install import carry_out, look, plan
from onbam.guard.boot.model import KINDS, SCOPES, Boot, Scope
from onbam.guard.boot.systems import Launchd, Systemd, Windows
from onbam.guard.boot.tools import Ran, decoded, run
from onbam.kernel.errors import Refused
from support import parts

GOLDEN = Path(__file__).parent / "golden" / "boot"
PC = Boot(r"C:\온밤 프로그램\.venv\Scripts\python.exe", r"D:\회계 ERP\온밤", r"PC-A\홍 길동", "system")
BOX = Boot("/opt/온밤 집/bin/python3", "/srv/회계 100% $HOME", "onbam", "system")
MAC = Boot("/opt/onbam/bin/python3", "/Volumes/회계 ERP", "kim", "user")


def other(boot: Boot, scope: Scope) -> Boot:
    """The same installation for somebody else."""
    return Boot(boot.python, boot.home, boot.user, scope)


# ---- the texts


@pytest.mark.parametrize("scope", ["user", "system"])
def test_the_generated_texts_are_as_agreed(scope: Scope) -> None:
    """Golden files, with Korean and spaces in every path; HOUSE_GOLDEN=1 writes them anew for a person to look at."""
    made = {f"windows-{scope}-{n}.xml": piece.content for n, piece in enumerate(windows.tasks(other(PC, scope)))}
    made |= {f"linux-{scope}-{piece.name}": piece.content for piece in linux.units(other(BOX, scope), "/etc")}
    made |= {f"macos-{scope}.plist": macos.agent(other(MAC, scope), "/Library").content}
    if os.environ.get("HOUSE_GOLDEN") == "1":
        for name, content in made.items():
            (GOLDEN / name).write_text(content, "utf-8")
    assert {name: (GOLDEN / name).read_text("utf-8") for name in made} == made


@pytest.mark.parametrize("scope", ["user", "system"])
def test_b36_to_b39_b41_the_tasks_are_what_the_older_guide_asked_for(scope: Scope) -> None:
    """Their names, 05:55 every day, waking the PC, whether logged on or not, no condition of power, no limit of time."""
    daily, keep = windows.tasks(other(PC, scope))
    assert (daily.name, keep.name) == ("ERP 자동화 일일 재시작", "ERP Watchdog 자동 시작")
    first, second = taskrules.facts(daily.content), taskrules.facts(keep.content)
    settings = "/Task/Settings/"
    assert first["/Task/Triggers/CalendarTrigger/StartBoundary"] == "2026-01-01T05:55:00"
    assert first["/Task/Triggers/CalendarTrigger/ScheduleByDay/DaysInterval"] == "1"
    assert (first[f"{settings}WakeToRun"], first[f"{settings}StartWhenAvailable"]) == ("true", "true")
    for facts in (first, second):
        assert facts[f"{settings}DisallowStartIfOnBatteries"] == facts[f"{settings}StopIfGoingOnBatteries"] == "false"
        assert (facts[f"{settings}ExecutionTimeLimit"], facts[f"{settings}MultipleInstancesPolicy"]) == ("PT0S", "IgnoreNew")
        assert facts["/Task/Principals/Principal/LogonType"] == ("S4U" if scope == "system" else "InteractiveToken")
        assert facts["/Task/Actions/Exec/Command"].endswith(r"\pythonw.exe")
        assert facts["/Task/Actions/Exec/Arguments"] == '-P -m onbam --home "D:\\회계 ERP\\온밤" ensure'
    trigger = "BootTrigger" if scope == "system" else "LogonTrigger"
    assert second[f"/Task/Triggers/{trigger}/Repetition/Interval"] == "PT5M"


def test_t10_a_visible_browser_and_a_start_without_log_on_do_not_go_together() -> None:
    """Session 0 is named where nobody is logged on; on the desktop a log-on is asked for instead."""
    without, on_desktop = (Windows(other(PC, scope), nothing, Path()).cautions() for scope in ("system", "user"))
    assert any("session 0" in caution.to("en") for caution in without)
    assert any("세션 0" in caution.to("ko") for caution in without)
    assert [r"홍 길동" in caution.to("ko") for caution in on_desktop] == [True]


def test_a_task_is_written_in_the_encoding_it_names() -> None:
    """UTF-16 with its mark and Windows' line ends: an encoding that does not match is refused by `schtasks`."""
    data = windows.as_bytes(windows.tasks(PC)[0].content)
    assert data[:2] == b"\xff\xfe"
    text = data.decode("utf-16")
    assert text.startswith('<?xml version="1.0" encoding="UTF-16"?>\r\n')
    assert "\r\r" not in text


@pytest.mark.parametrize("word", ['a"b', "line\nbreak", "", "a|b", "\x00", " a", "\u2028"])
def test_a_path_a_system_could_misread_is_refused(word: str) -> None:
    """Rather no installation than one that starts something else."""
    with pytest.raises(Refused):
        Boot("/usr/bin/python3", word, "kim", "user")


NAMES = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters='"<>|\ufffe\uffff')


@given(st.text(NAMES, min_size=1, max_size=40).filter(lambda name: name == name.strip()))
def test_whatever_a_folder_is_called_the_texts_say_it_whole(name: str) -> None:
    """Every name that is allowed comes back out of the XML, the unit and the list as it went in."""
    home = f"/srv/{name}"
    boot = Boot("/usr/bin/python3", home, "kim", "system")
    for piece in windows.tasks(boot):
        assert taskrules.troubles(piece.content) == []
        facts = taskrules.facts(piece.content)
        assert facts["/Task/Actions/Exec/WorkingDirectory"] == home
    assert plistlib.loads(macos.agent(boot, "/L").content.encode())["WorkingDirectory"] == home
    line = linux.command_line(boot).replace("%%", "%").replace("$$", "$")
    assert shlex.split(line)[5] == home


# ---- the rules for tasks


def wounded() -> list[tuple[str, str, str]]:
    """(what is replaced, by what, what the rules must say)."""
    return [
        ("<DaysInterval>1</DaysInterval>", "<DaysInterval>0</DaysInterval>", "'0' is not allowed"),
        ("05:55:00</StartBoundary>", "5:55</StartBoundary>", "StartBoundary: '2026-01-01T5:55' is not allowed"),
        ("<WakeToRun>true</WakeToRun>", "<WakeToRun>yes</WakeToRun>", "WakeToRun: 'yes' is not allowed"),
        ("<WakeToRun>true</WakeToRun>", "<WakeUp>true</WakeUp>", "WakeUp does not belong here"),
        ("<Priority>5</Priority>", "<Priority>5</Priority><Priority>6</Priority>", "Priority comes twice"),
        ("<Priority>5</Priority>", "<Priority>11</Priority>", "Priority: '11' is not allowed"),
        ('Actions Context="Author"', 'Actions Context="Nobody"', "names no principal"),
        ('encoding="UTF-16"', 'encoding="UTF-8"', "UTF-16"),
        ("<Command>", "<Command>\x01", "not XML"),
        ("PT0S</ExecutionTimeLimit>", "3 days</ExecutionTimeLimit>", "'3 days' is not allowed"),
        ('version="1.2"', 'version="9"', "version '9' is unknown"),
        ("IgnoreNew", "Ignore", "MultipleInstancesPolicy: 'Ignore' is not allowed"),
        (windows.NAMESPACE, "http://example.org/task", "not Task in the Task Scheduler's namespace"),
        ("<LogonType>S4U", "<LogonType>Whoever", "LogonType: 'Whoever' is not allowed"),
        ("<Enabled>true</Enabled>", "words<Enabled>true</Enabled>", "text between elements"),
    ]


@pytest.mark.parametrize(("old", "new", "said"), wounded())
def test_the_rules_find_what_is_wrong_in_a_task(old: str, new: str, said: str) -> None:
    """A validator that accepts everything (Wine's does) would prove nothing."""
    content = windows.tasks(PC)[0].content
    assert old in content
    found = taskrules.troubles(content.replace(old, new, 1))
    assert any(said in trouble for trouble in found), found


def test_the_rules_want_the_order_of_a_trigger() -> None:
    """A trigger is a sequence: what stands at the wrong place is named."""
    content = windows.tasks(PC)[0].content
    moved = re.sub(
        r"(<StartBoundary>.*?</StartBoundary>\s*)(<ScheduleByDay>.*?</ScheduleByDay>\s*)", r"\2\1", content, flags=re.DOTALL
    )
    assert any("the order must be" in trouble for trouble in taskrules.troubles(moved))
    assert any("missing" in t for t in taskrules.troubles(re.sub(r"<Actions.*</Actions>", "", content, flags=re.DOTALL)))


@pytest.mark.parametrize(
    ("every", "fine"), [("PT59S", False), ("PT1M", True), ("P31D", True), ("P31DT1S", False), ("PT", False)]
)
def test_a_repetition_is_between_a_minute_and_31_days(every: str, fine: bool) -> None:
    """What Windows would refuse at registration is found before."""
    content = windows.tasks(PC)[1].content.replace("PT5M", every)
    assert (taskrules.troubles(content) == []) == fine


# ---- systemd's own judgement


@pytest.mark.needs("systemd-analyze")
@pytest.mark.parametrize("scope", ["user", "system"])
def test_systemd_finds_nothing_to_say_about_the_units(tmp_path: Path, scope: Scope) -> None:
    """`systemd-analyze verify` ends well and says nothing at all: an unknown key is only a word on stderr."""
    home = tmp_path / "회계 100% $HOME"
    home.mkdir()
    done = judged(tmp_path, linux.units(Boot(sys.executable, str(home), "root", scope), str(tmp_path)), scope)
    assert (done.returncode, done.stderr.strip()) == (0, "")


@pytest.mark.needs("systemd-analyze")
def test_systemds_judgement_can_fail(tmp_path: Path) -> None:
    """A key that does not exist, and a program that is not there, are both noticed by the test above."""
    service, timer = linux.units(Boot(sys.executable, str(tmp_path), "root", "system"), str(tmp_path))
    odd = [type(service)(service.name, service.content.replace("WatchdogSec", "WatchdogSecs"), service.path), timer]
    assert "WatchdogSecs" in judged(tmp_path, odd, "system").stderr
    gone = linux.units(Boot("/nowhere/python3", str(tmp_path), "root", "system"), str(tmp_path))
    assert judged(tmp_path, gone, "system").returncode != 0


def judged(folder: Path, pieces: Sequence[object], scope: Scope) -> subprocess.CompletedProcess[str]:
    """What systemd-analyze says of these units."""
    for piece in pieces:
        Path(piece.path).write_text(piece.content, "utf-8")  # type: ignore[attr-defined]
    program = parts.path("systemd-analyze")
    assert program is not None
    words = [program, "verify", "--man=no", *(["--user"] if scope == "user" else []), *(p.path for p in pieces)]  # type: ignore[attr-defined]
    # The system's own user units put sockets into the runtime folder, whose addresses have 108 letters: a short one.
    with tempfile.TemporaryDirectory(prefix="run", dir="/tmp") as runtime:
        around = {"PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": runtime, "LC_ALL": "C.UTF-8"}
        return subprocess.run(words, capture_output=True, text=True, check=False, env=around, timeout=30)


# ---- putting them in place


def nothing(_: Sequence[str]) -> Ran:
    """A program that must not be asked."""
    raise AssertionError(_)


class TaskScheduler:
    """A Task Scheduler that keeps what it is given, and gives it out in Windows' own manner."""

    def __init__(self) -> None:
        self.tasks: dict[str, str] = {}
        self.calls: list[tuple[str, ...]] = []
        self.denied = False

    def __call__(self, command: Sequence[str]) -> Ran:
        """Answer as schtasks and PowerShell do."""
        self.calls.append(tuple(command))
        name = command[command.index("/TN") + 1] if "/TN" in command else ""
        if command[0] == "powershell":
            task = re.search(r"-TaskName '([^']+)'", command[-1])
            assert task is not None
            if task[1] not in self.tasks:
                return Ran(1, "", "No MSFT_ScheduledTask objects found")
            return Ran(0, json.dumps({"State": "Ready", "Last": "2026-01-14T05:55:00", "Result": 0}))
        if command[1] == "/Query":
            return Ran(0, self._exported(name)) if name in self.tasks else Ran(1, "", "ERROR: The system cannot find the file")
        if self.denied:
            return Ran(1, "", "오류: 액세스가 거부되었습니다.")
        if command[1] == "/Create":
            self.tasks[name] = Path(command[command.index("/XML") + 1]).read_bytes().decode("utf-16")
        else:
            del self.tasks[name]
        return Ran(0, "SUCCESS")

    def _exported(self, name: str) -> str:
        """Windows adds what it filled in by itself and writes the account's name its own way."""
        text = self.tasks[name].replace("<Triggers>", "<Date>2026-01-14T10:00:00</Date>\r\n<Triggers>")
        text = text.replace("홍 길동", "홍 길동").replace("PC-A", "pc-a")
        return "\r\n" + text.replace("<Hidden>", "<UseUnifiedSchedulingEngine>true</UseUnifiedSchedulingEngine><Hidden>")


def test_windows_is_told_once_and_told_again_changes_nothing(tmp_path: Path) -> None:
    """Twice the same installation is one: the second plan finds everything the same, whatever Windows made of the text."""
    scheduler = TaskScheduler()
    system = Windows(PC, scheduler, tmp_path / "등록")
    assert [change.what for change in plan(system)] == ["new", "new"]
    assert carry_out(system, plan(system)) == [windows.DAILY, windows.KEEP]
    assert [change.what for change in plan(system)] == ["same", "same"]
    assert carry_out(system, plan(system)) == []
    assert [(s.there, s.active, s.says) for s in system.standing()] == [(True, True, "Ready")] * 2
    assert system.remove() == [windows.DAILY, windows.KEEP]
    assert (scheduler.tasks, system.remove()) == ({}, [])


def test_what_somebody_changed_in_windows_is_shown_before_it_is_put_right(tmp_path: Path) -> None:
    """The difference names the element, what it is and what it would become; a moved folder shows as one."""
    scheduler = TaskScheduler()
    carry_out(Windows(PC, scheduler, tmp_path), plan(Windows(PC, scheduler, tmp_path)))
    scheduler.tasks[windows.DAILY] = scheduler.tasks[windows.DAILY].replace("<WakeToRun>true", "<WakeToRun>false")
    daily, keep = plan(Windows(PC, scheduler, tmp_path))
    assert (daily.what, keep.what, daily.lines) == ("different", "same", ("Settings/WakeToRun: false → true",))
    moved = Boot(PC.python, r"E:\옮긴 곳", PC.user, PC.scope)
    lines = plan(Windows(moved, scheduler, tmp_path))[1].lines
    assert any(line.startswith("Actions/Exec/WorkingDirectory: D:") for line in lines)


def test_a_trigger_somebody_added_is_a_difference(tmp_path: Path) -> None:
    """A second daily time that is not ours would restart the robot at noon."""
    scheduler = TaskScheduler()
    system = Windows(PC, scheduler, tmp_path)
    carry_out(system, plan(system))
    extra = "<LogonTrigger><Enabled>true</Enabled></LogonTrigger></Triggers>"
    scheduler.tasks[windows.DAILY] = scheduler.tasks[windows.DAILY].replace("</Triggers>", extra)
    assert plan(system)[0].lines == ("Triggers/LogonTrigger/Enabled: true → -",)


def test_without_rights_the_way_out_is_named(tmp_path: Path) -> None:
    """A refusal in Korean or English leads to: as administrator, or --user."""
    scheduler = TaskScheduler()
    scheduler.denied = True
    system = Windows(PC, scheduler, tmp_path)
    with pytest.raises(Refused, match="refused") as caught:
        carry_out(system, plan(system))
    assert "--user" in caught.value.hint.to("en")


class Ctl:
    """A systemctl that remembers what it was told."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def __call__(self, command: Sequence[str]) -> Ran:
        """Always well."""
        self.calls.append(" ".join(command))
        if "show" in command:
            return Ran(0, "LoadState=loaded\nActiveState=active\nSubState=running\nUnitFileState=enabled\nResult=success\n")
        return Ran(0)


@pytest.mark.parametrize(("scope", "ctl"), [("user", "systemctl --user"), ("system", "systemctl")])
def test_systemd_is_told_what_it_needs_and_no_more(tmp_path: Path, scope: Scope, ctl: str) -> None:
    """Files, a reload, start at boot and now; one person's programs go on after the log-off; a second time nothing happens."""
    run_ctl = Ctl()
    system = Systemd(other(BOX, scope), run_ctl, str(tmp_path), booted=tmp_path)
    system._folder = str(tmp_path / "units")
    assert carry_out(system, plan(system)) == ["onbam.service", "onbam-daily.timer"]
    linger = ["loginctl enable-linger onbam"] if scope == "user" else []
    assert run_ctl.calls == [f"{ctl} daemon-reload", *linger, f"{ctl} enable --now onbam.service onbam-daily.timer"]
    assert [change.what for change in plan(system)] == ["same", "same"]
    assert all(standing.active for standing in system.standing())
    assert system.remove() == ["onbam.service", "onbam-daily.timer"]
    assert list((tmp_path / "units").iterdir()) == []


def test_the_check_up_finds_the_start_however_it_was_installed(tmp_path: Path) -> None:
    """Nothing: a warning with the way to it. For the person or for the machine: well. Another folder: bad."""
    units = {scope: Systemd(other(BOX, scope), Ctl(), str(tmp_path), booted=tmp_path) for scope in SCOPES}
    for scope, system in units.items():
        system._folder = str(tmp_path / scope)
    ways = [lambda scope=scope: units[scope] for scope in units]

    def states() -> list[tuple[str, str]]:
        return [(finding.name, finding.state) for finding in starts_at_boot(ways)]

    (nothing_there,) = starts_at_boot(ways)
    assert (nothing_there.state, "onbam install" in (nothing_there.fix or nothing_there.text).to("en")) == ("warn", True)
    carry_out(units["system"], plan(units["system"]))
    assert states() == [("boot", "ok"), ("boot", "ok")]
    service = tmp_path / "system" / linux.SERVICE
    service.write_text(service.read_text("utf-8").replace("/srv/", "/old/"), "utf-8")
    assert states() == [("boot", "bad"), ("boot", "ok")]
    carry_out(units["user"], plan(units["user"]))
    assert states() == [("boot", "ok"), ("boot", "ok")], "the one that fits is the one that counts"


def test_a_system_without_systemd_says_what_to_start(tmp_path: Path) -> None:
    """In a container nothing is half done: the command to give to whatever starts programs there is named."""
    system = Systemd(BOX, nothing, str(tmp_path), booted=tmp_path / "none")
    with pytest.raises(Refused) as caught:
        carry_out(system, plan(system))
    assert "-m onbam.guard --home" in caught.value.hint.to("en")


def test_launchd_loads_the_list_anew_when_it_changed(tmp_path: Path) -> None:
    """An earlier one is unloaded first; the same list, written differently, is the same."""
    calls = Ctl()
    boot = Boot("/opt/onbam/bin/python3", str(tmp_path / "회계 ERP"), "kim", "user")
    system = Launchd(boot, calls, str(tmp_path), 501)
    carry_out(system, plan(system))
    path = tmp_path / "LaunchAgents" / "onbam.guard.plist"
    assert calls.calls == ["launchctl bootout gui/501/onbam.guard", f"launchctl bootstrap gui/501 {path}"]
    path.write_text(plistlib.dumps(plistlib.loads(path.read_bytes()), sort_keys=True).decode(), "utf-8")
    assert [change.what for change in plan(system)] == ["same"]
    path.write_text(path.read_text("utf-8").replace("<integer>55</integer>", "<integer>30</integer>"), "utf-8")
    assert any("55" in line for line in plan(system)[0].lines)
    assert system.remove() == ["onbam.guard"]
    assert not path.exists()


def test_a_check_tells_missing_different_switched_off_and_right_apart(tmp_path: Path) -> None:
    """One word for each, and the fix for what is not right."""
    run_ctl = Ctl()
    system = Systemd(BOX, run_ctl, str(tmp_path), booted=tmp_path)
    system._folder = str(tmp_path)
    assert [finding.state for _, finding in look(system)] == ["bad", "bad"]
    carry_out(system, plan(system))
    assert [finding.state for _, finding in look(system)] == ["ok", "ok"]
    (tmp_path / "onbam.service").write_text("[Service]\n", "utf-8")
    assert [(change.what, finding.state) for change, finding in look(system)] == [("different", "bad"), ("same", "ok")]
    stopped = Systemd(BOX, lambda _: Ran(0, "LoadState=loaded\nActiveState=inactive\n"), str(tmp_path), booted=tmp_path)
    stopped._folder = str(tmp_path)
    assert [finding.state for _, finding in look(stopped)] == ["bad", "warn"]


# ---- the rest


def test_what_a_system_tool_wrote_is_read_in_its_encoding() -> None:
    """UTF-16 with its mark, UTF-8, and the code page of a Korean Windows."""
    for data in ("오류".encode("utf-16"), "오류".encode(), "오류".encode("cp949"), "오류".encode("utf-8-sig")):
        assert decoded(data) == "오류"


def test_an_absent_tool_is_a_refusal_not_a_crash() -> None:
    """Systemctl on a Mac, schtasks on Linux."""
    with pytest.raises(Refused, match="not on this PC"):
        run(["no-such-program-of-onbam"])
    assert run([sys.executable, "-c", "print('예')"]).code == 0


@pytest.mark.parametrize("kind", KINDS)
def test_b40_the_page_beside_what_was_registered_fits_this_installation(tmp_path: Path, kind: str) -> None:
    """Steps, a try by hand, a table of troubles, in both languages, with this PC's own paths."""
    boot = boot_here(tmp_path, {"USERDOMAIN": "PC-A", "SUDO_USER": "kim"}, "system", kind)  # type: ignore[arg-type]
    system = system_here(boot, kind, tmp_path, {"HOME": str(tmp_path)}, nothing)  # type: ignore[arg-type]
    for lang in ("ko", "en"):
        page = guide.guide(system, lang)  # type: ignore[arg-type]
        assert "{" not in page
        assert all(piece.name in page for piece in system.pieces())
        assert str(tmp_path) in page
        assert page.count("\n## ") == 3


def test_sudo_means_the_person_who_asked() -> None:
    """A guard that runs as root because somebody typed sudo would own the shop's files."""
    assert boot_here(Path("/srv/x"), {"SUDO_USER": "kim"}, "system", "linux").user == "kim"
    assert boot_here(Path("/srv/x"), {"SUDO_USER": "kim", "USERDOMAIN": "PC-A"}, "system", "windows").user == r"PC-A\kim"
