"""The guard's parts: its door, its events, its evidence, what it keeps of output, what it remembers."""

from __future__ import annotations

import json
import os
import queue
import re
import socket
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from onbam.guard import door, incidents, memory
from onbam.guard import words as say
from onbam.guard.desk import Desk, Folders
from onbam.guard.judge import Verdict
from onbam.guard.model import Patience, Spec
from onbam.guard.notify import Notify
from onbam.guard.output import GUARD_FILES, PROCESS_FILES, TAIL_LINES, Capture, Family
from onbam.guard.plan import Plan, Program, own_command, plan_of
from onbam.guard.program import Program as Tended
from onbam.guard.renewal import written_late
from onbam.guard.report import FILE_BYTES, Cause, Event, Reporter, read
from onbam.guard.settings import GuardSettings, ProcessSettings, Share
from onbam.guard.system import interpreter, start_detached, this_system
from onbam.guard.weighing import Weighing
from onbam.kernel.clock import FakeClock, SystemClock
from onbam.kernel.errors import Misconfigured, Refused, Transient
from onbam.kernel.redact import Redactor

SEOUL = ZoneInfo("Asia/Seoul")


# -- the door


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[list[Mapping[str, Any]]]:
    """What came through an open door; every question is answered with itself."""
    got: list[Mapping[str, Any]] = []

    def handle(request: Mapping[str, Any], answer: Any) -> None:
        got.append(request)
        answer({"heard": dict(request)})

    one = door.Door(tmp_path, handle)
    one.open()
    yield got
    one.close()


def test_a_copied_folder_leads_to_nobody(heard: list[Mapping[str, Any]], tmp_path: Path) -> None:
    """The door's file in a copy of the folder names the first one's guard: it is not asked."""
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / door.NAME).write_bytes((tmp_path / door.NAME).read_bytes())
    with pytest.raises(Transient):
        door.ask(tmp_path / "copy", {"do": "stop"})
    assert heard == []
    (tmp_path / "link").symlink_to(tmp_path)
    assert door.ask(tmp_path / "link", {"do": "x"}) == {"heard": {"do": "x"}}


def test_whoever_may_read_the_token_is_heard(heard: list[Mapping[str, Any]], tmp_path: Path) -> None:
    """The question arrives without the token, and the answer comes back, in Korean as well."""
    assert door.ask(tmp_path, {"do": "멈춤"}) == {"heard": {"do": "멈춤"}}
    assert heard == [{"do": "멈춤"}]
    assert (tmp_path / door.NAME).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("text", [b"", b"\n", b"[]\n", b"not json\n", b'{"do": "down"}\n', b'{"do": "down", "token": "x"}\n'])
def test_whoever_does_not_know_it_is_sent_away(heard: list[Mapping[str, Any]], tmp_path: Path, text: bytes) -> None:
    """Silence, nonsense and a wrong token are not answered, and the next one is."""
    port = json.loads((tmp_path / door.NAME).read_text("utf-8"))["port"]
    with socket.create_connection((door.HOST, port)) as line:
        line.sendall(text)
        line.shutdown(socket.SHUT_WR)
        assert line.recv(100) == b""
    assert heard == []
    assert door.ask(tmp_path, {"do": "status"})["heard"] == {"do": "status"}


def test_a_door_that_is_closed_says_so(tmp_path: Path) -> None:
    """No file, a file that says nonsense, a port nobody listens at: the guard is not running."""
    for text in (None, "", "{}", "[1]", '{"port": 1, "token": "x"}'):
        if text is not None:
            (tmp_path / door.NAME).write_text(text, "utf-8")
        with pytest.raises(Transient, match="not running"):
            door.ask(tmp_path, {"do": "status"})


def test_a_refusal_comes_back_in_both_languages(tmp_path: Path) -> None:
    """The guard's own words, braces and all."""
    refused = Refused(say.NO_PROCESS(name="{x}"), say.NO_PROCESS_HINT(names="agent"))
    answer = {"refused": {"message": refused.message.both(), "hint": refused.hint.both()}}
    one = door.Door(tmp_path, lambda _, reply: reply(answer))
    one.open()
    with pytest.raises(Refused) as caught:
        door.ask(tmp_path, {"do": "stop"})
    assert caught.value.to("ko") == refused.to("ko")
    assert caught.value.to("en") == refused.to("en")
    one.close()


# -- events


def event(n: int) -> Event:
    """An event with a notice."""
    cause = Cause(f"process.stuck:{n}", "warn", say.RESTART_TITLE(), say.RESTART_TEXT(ago=say.SECONDS(n=n)))
    return Event("process.stuck", "agent", say.STARTED(name="agent", pid=n), {"pid": n}, cause)


def test_a_reader_misses_no_event_and_takes_none_twice(tmp_path: Path) -> None:
    """Numbers go on over the writer's end; what a crash cut in half is passed over."""
    Reporter(tmp_path, FakeClock()).tell(event(7))
    with (tmp_path / "events.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"n": 2, "half')
    Reporter(tmp_path, FakeClock()).tell(event(8))
    told = list(read(tmp_path))
    assert [(one.n, one.kind, one.data["pid"]) for one in told] == [(1, "process", 7), (2, "process", 8)]
    assert [one.n for one in read(tmp_path, after=1)] == [2]
    assert told[0].cause is not None
    assert told[0].cause["title"]["ko"] == "프로세스 정지 감지 - 자동 재시작"
    assert told[0].cause["advice"]["ko"] == "마지막 업데이트: 7초 전\n자동 재시작 실행"


def test_the_file_of_events_stays_small_and_a_full_disk_loses_none(tmp_path: Path) -> None:
    """Two halves at most; what could not be written comes with the next one."""
    reporter = Reporter(tmp_path / "run", FakeClock())
    for n in range(3_000):
        reporter.tell(event(n))
    assert sum(path.stat().st_size for path in (tmp_path / "run").iterdir()) < 2.1 * FILE_BYTES
    blocked = tmp_path / "full"
    blocked.write_text("a file where the folder should be")
    late = Reporter(blocked, FakeClock())
    late.tell(event(1))
    blocked.unlink()
    late.tell(event(2))
    assert [one.data["pid"] for one in read(blocked)] == [1, 2]


# -- output


class Lines:
    """A program's output, piece by piece."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        for piece in (*pieces, b""):
            self._pieces.put(piece)

    def read(self) -> bytes:
        """The next piece."""
        return self._pieces.get()

    def close(self) -> None:
        """Nothing to let go."""


def kept(folder: Path, *pieces: bytes, keep_mb: int = 1) -> tuple[Capture, str]:
    """What is kept of an output."""
    clock = FakeClock(datetime(2026, 1, 14, 6, 45, tzinfo=UTC))
    clean = Redactor(["hunter2xyz"]).text
    one = Capture(Lines(*pieces), folder, "my-robot", clock=clock, zone=SEOUL, lang="ko", keep_mb=keep_mb, clean=clean)
    one.start()
    one.finish(20)
    return one, "".join(path.read_text("utf-8") for path in Family(folder, PROCESS_FILES).files())


def test_every_line_has_its_time_and_no_secret(tmp_path: Path) -> None:
    """Letters cut between two reads are whole again; a last line without an end is kept."""
    word = "안녕".encode()
    one, text = kept(tmp_path, b"one\ntw", b"o hunter2xyz\n" + word[:4], word[4:] + b"\nlast")
    stamp = "[2026-01-14 15:45:00] "
    assert text == "".join(f"{stamp}{line}\n" for line in ("one", "two •••", "안녕", "last"))
    assert one.lines() == ["one", "two •••", "안녕", "last"]
    assert [path.name for path in tmp_path.iterdir()] == ["my_robot_20260114.log"]


def test_lines_of_an_older_korean_program_can_be_read(tmp_path: Path) -> None:
    """CP949 beside UTF-8, line by line; letters cut between two reads, and a line far too long, stay whole."""
    korean = "발주서 등록 완료".encode("cp949")
    one, text = kept(tmp_path, korean[:5], korean[5:] + b"\n" + "등록".encode() + b"\n\xff\xff\n")
    assert [line.partition("] ")[2] for line in text.splitlines()] == ["발주서 등록 완료", "등록", "\ufffd\ufffd"]
    assert one.lines() == ["발주서 등록 완료", "등록", "\ufffd\ufffd"]
    for number, coding in enumerate(("cp949", "utf-8")):
        long = ("a" + "가" * 20_000).encode(coding)
        _, text = kept(tmp_path / str(number), long[:17_000], long[17_000:33_000], long[33_000:])
        parts = [line.partition("] ")[2] for line in text.splitlines()]
        assert len(parts) > 1
        assert "".join(parts) == "a" + "가" * 20_000


def test_what_a_program_wrote_steers_no_terminal(tmp_path: Path) -> None:
    """Colours, a title, a bell, the other alphabet, a half sequence: gone; the words and the tabs stay."""
    wrote = b"\x1b[1;31mred\x1b[0m \x1b]0;title\x07a\tb\x07\x0e\x1b(0q\x1b[\n\xec\x95\x88\x1b[2J\xeb\x85\x95\x00\xc2\x9b31m\n"
    one, text = kept(tmp_path, wrote)
    assert [line.partition("] ")[2] for line in text.splitlines()] == ["red a\tbq", "안녕31m"]
    assert one.lines() == ["red a\tbq", "안녕31m"]


def test_what_comes_too_fast_is_counted(tmp_path: Path) -> None:
    """A hundred megabytes in an instant: about one is kept, the rest is one line that says how much."""
    piece = b"a line of the flood, quite a long one\n" * 1_700
    one, text = kept(tmp_path, *[piece] * 1_600, keep_mb=4)
    said = [line for line in text.splitlines() if "너무 빨리" in line]
    kept_lines = sum(1 for line in text.splitlines() if "of the flood" in line)
    assert len(said) == 1
    assert kept_lines + int(said[0].split("(")[1].split("줄")[0]) == 1_700 * 1_600
    assert len(text) < 2_500_000
    assert len(one.lines()) == TAIL_LINES


def test_the_last_lines_are_found_over_days_and_parts(tmp_path: Path) -> None:
    """Whatever order the names sort in: part 10 comes after part 2, today after yesterday."""
    for name, line in (("x_20260113.log", "a"), ("x_20260114.log", "b"), ("x_20260114.2.log", "c"), ("x_20260114.10.log", "d")):
        (tmp_path / name).write_text(f"{line}1\n{line}2\n", "utf-8")
    (tmp_path / "app_20260115.json").write_text("no\n", "utf-8")
    family = Family(tmp_path, PROCESS_FILES)
    assert family.last(5) == ["b2", "c1", "c2", "d1", "d2"]
    assert family.last(0) == []
    assert len(family.last(99)) == 8
    assert Family(tmp_path, GUARD_FILES).last(9) == []


def test_following_goes_on_into_the_next_file(tmp_path: Path) -> None:
    """Each line since the place the last ones were read from, once, over midnight."""
    today, tomorrow = tmp_path / "x_20260113.log", tmp_path / "x_20260114.log"
    today.write_text("old\n", "utf-8")
    family = Family(tmp_path, PROCESS_FILES)
    place = family.end()
    today.write_text("old\nbetween\n", "utf-8")
    assert family.last(9, place) == ["old"]
    stop = threading.Event()
    lines = family.follow(place, SystemClock(), stop, every_s=0.005)
    assert next(lines) == "between"
    today.write_text("old\nbetween\nnew\n", "utf-8")
    assert next(lines) == "new"
    tomorrow.write_text("next\n", "utf-8")
    assert next(lines) == "next"
    stop.set()
    assert list(lines) == []


def test_a_log_that_has_no_file_yet_is_followed_from_its_first_line(tmp_path: Path) -> None:
    """A program that has never said anything."""
    family = Family(tmp_path, PROCESS_FILES)
    place = family.end()
    (tmp_path / "x_20260113.log").write_text("first\n", "utf-8")
    assert family.last(9, place) == []
    assert next(family.follow(place, SystemClock(), threading.Event(), every_s=0.005)) == "first"


# -- evidence


def scene(name: str = "agent") -> incidents.Scene:
    """This very process, about to be ended."""
    why = say.WHY_STUCK(step="entry", silence=50, limit=49)
    pid = os.getpid()
    return incidents.Scene(
        name, "r1", pid, "0", "2026-01-14T06:00:00", why, Path("x.beat"), None, Verdict("stuck", 0), ["last"]
    )


def test_evidence_is_gathered_within_seconds_and_stays_within_its_limit(tmp_path: Path) -> None:
    """Memory, files and lines are there; two at the same second get two names; the oldest go first."""
    at = datetime(2026, 1, 14, 15, 0, tzinfo=SEOUL)
    ids = [incidents.save(tmp_path, scene(), this_system(), SystemClock(), at, str, 1) for _ in range(3)]
    assert ids == ["20260114-150000-agent", "20260114-150000-agent-2", "20260114-150000-agent-3"]
    newest = incidents.read(tmp_path)[0]
    assert newest["memory_mb"] > 1
    assert newest["lines"] == ["last"]
    assert newest["took_s"] < incidents.FACTS_LIMIT_S + incidents.TOOL_LIMIT_S
    (tmp_path / ids[0] / "screen.png").write_bytes(b"x" * (1 << 20))
    incidents.save(tmp_path, scene(), this_system(), SystemClock(), at, str, 1)
    assert not (tmp_path / ids[0]).exists()


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script with a first line")
@pytest.mark.parametrize(("script", "told"), [('echo "thread of $*"', True), ("exit 3", False)])
def test_where_py_spy_is_installed_it_shows_a_program_that_cannot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, told: bool
) -> None:
    """A shop's own program without our beat: its threads are shown from outside; a tool that fails costs only itself."""
    tool = tmp_path / incidents.SHOWER
    tool.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    incidents.save(tmp_path / "kept", scene(), this_system(), SystemClock(), datetime(2026, 1, 14, 15, 0, tzinfo=SEOUL), str, 1)
    [kept] = incidents.read(tmp_path / "kept")
    shown = (f"thread of dump --nonblocking --pid {os.getpid()}\n", incidents.SHOWER) if told else ("", "")
    assert (kept["stacks"], kept["stacks_from"]) == shown


def test_evidence_that_cannot_be_written_is_nobodys_trouble(tmp_path: Path) -> None:
    """A full disk: no id, no error."""
    blocked = tmp_path / "incidents"
    blocked.write_text("a file where the folder should be")
    at = datetime(2026, 1, 14, 15, 0, tzinfo=SEOUL)
    assert incidents.save(blocked, scene(), this_system(), SystemClock(), at, str, 1) == ""
    assert incidents.read(blocked) == []


# -- what it remembers


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '{"programs": 3, "down": 4}', '{"notes": [{}, 3]}', '{"notes": 7}'])
def test_nonsense_is_as_good_as_nothing(tmp_path: Path, text: str) -> None:
    """Whatever its files say, the guard starts."""
    for name in (memory.STATE_NAME, memory.WISHES_NAME, memory.LEARNED_NAME):
        (tmp_path / name).write_text(text, "utf-8")
    assert memory.notes_of(memory.read_state(tmp_path)) == []
    assert memory.opened_of(memory.read_state(tmp_path)) == []
    assert memory.read_wishes(tmp_path) == memory.Wishes()
    assert memory.read_learned(tmp_path) == {}


def test_a_notice_is_taken_back_by_the_next_guard_too(tmp_path: Path) -> None:
    """Opened by one that was killed: the next one knows of it, also after another boot, and takes it back once."""

    def desk() -> Desk:
        plan = Plan({}, SEOUL, "ko", tmp_path / "logs", time(5, 55), Patience())
        return Desk(Folders(tmp_path, tmp_path / "data"), plan, FakeClock(), str)

    first = desk()
    cause = Cause("process.slow:robot", "urgent", say.SLOW_TITLE(name="robot"), say.RECOVERED(name="robot"))
    first.tell("process.slow", "robot", say.SLOW_TITLE(name="robot"), cause=cause)
    first.close()
    run = tmp_path / "data" / "run"
    memory.write_state(run, {"boot": "another", "opened": first.opened})
    later = desk()
    later.reopen(memory.opened_of(memory.read_state(run)))
    for _ in range(2):
        later.resolve_all("process.removed", "robot", say.WHY_REMOVED())
    later.resolve_all("process.removed", "other", say.WHY_REMOVED())
    later.close()
    assert [told.resolves for told in read(run)] == ["", "process.slow:robot"]


def test_the_limits_of_memory_cost_one_look_at_the_processes(tmp_path: Path) -> None:
    """However many programs have one; none where none has."""
    plan = Plan({}, SEOUL, "ko", tmp_path / "logs", time(5, 55), Patience())
    desk = Desk(Folders(tmp_path, tmp_path / "data"), plan, FakeClock(), str)
    asked: list[list[tuple[str, int, str]]] = []
    replaced: list[str] = []

    class Weighed:
        """Ten megabytes for the first, twenty for the second, and so on."""

        def memory_mb(self, families: list[tuple[str, int, str]]) -> list[int]:
            """As said."""
            asked.append(families)
            return [10 * (n + 1) for n in range(len(families))]

    tending = SimpleNamespace(too_large=lambda program, _why, _now_s: replaced.append(program.name))
    weighing = Weighing(desk, Weighed(), tending)  # type: ignore[arg-type]
    programs = []
    for n, limit in enumerate((15, 0, 15, 25)):
        program = Tended(f"p{n}", Spec(f"p{n}", ("x",), ".", memory_mb=limit))
        program.run = SimpleNamespace(id=f"r{n}", pid=n, start=str(n), ending=None)  # type: ignore[assignment]
        programs.append(program)
    look_s = plan.settings.look_s
    assert weighing.turn(programs[1:2], 100.0) > look_s
    assert weighing.turn(programs, 100.0) == look_s
    assert weighing.turn(programs, 100.0 + look_s / 2) == look_s / 2
    assert [[run for run, _, _ in families] for families in asked] == [["r0", "r2", "r3"]]
    assert replaced == ["p2", "p3"]
    desk.close()


def test_what_people_wished_and_how_long_steps_take_outlives_the_guard(tmp_path: Path) -> None:
    """Written and read again."""
    wishes = memory.Wishes({"agent": "off", "old": "removed"}, memory.boot())
    memory.write_wishes(tmp_path, wishes)
    memory.write_learned(tmp_path, {"agent": {"document": 3.5}})
    assert memory.read_wishes(tmp_path) == wishes
    assert memory.read_learned(tmp_path) == {"agent": {"document": 3.5}}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("a", "a", True), ("a", "b", False), ("100", "190", True), ("100", "300", False), ("", "", False)],
)
def test_two_boots_are_told_apart(one: str, other: str, *, same: bool) -> None:
    """By the kernel's own name, or by the moment, which may be off by what somebody set the clock."""
    assert memory.same_boot(one, other) is same


# -- systemd


def test_systemd_hears_from_us(tmp_path: Path) -> None:
    """The words go to its socket; the interval is half of what it allows, and only when we are meant."""
    address = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(address))
        one = Notify({"NOTIFY_SOCKET": str(address), "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())})
        one.tell("READY=1", "STATUS=well")
        assert listening.recv(100) == b"READY=1\nSTATUS=well"
        assert one.every_s == 15
    one.tell("WATCHDOG=1")  # nobody listens any more: nothing happens
    assert Notify({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}).every_s is None
    assert Notify({}).every_s is None


# -- the plan

PROGRAMS = {"agent": Program("pause"), "web": Program("stop")}


def test_what_runs_comes_from_the_settings(tmp_path: Path) -> None:
    """Programs of Onbam's and of the shop's, each with what its section says."""
    sections = {"agent": ProcessSettings(memory_mb=900), "old": ProcessSettings(command="pythonw 'my main.py'", watch="file")}
    plan = plan_of(Share(guard=GuardSettings(main="-"), process=sections), tmp_path, {}, PROGRAMS)
    assert list(plan.specs) == ["agent", "web", "old"]
    agent, old = plan.specs["agent"], plan.specs["old"]
    assert (agent.command, agent.watch, agent.handover, agent.memory_mb) == (
        own_command(tmp_path, "agent"),
        "beats",
        "pause",
        900,
    )
    assert (old.command, old.watch, old.handover, old.timeout_s) == (("pythonw", "my main.py"), "file", "stop", 3_600)
    assert old.heartbeat == str(tmp_path / "heartbeat.txt")


@pytest.mark.parametrize(
    ("share", "names"),
    [
        (Share(guard=GuardSettings(run=("agnet",))), "agnet"),
        (Share(guard=GuardSettings(renew_at="dawn")), "guard.renew_at"),
    ],
)
def test_a_plan_that_is_none_is_named(tmp_path: Path, share: Share, names: str) -> None:
    """The setting stands in the message."""
    with pytest.raises(Misconfigured, match=names):
        plan_of(share, tmp_path, {}, PROGRAMS)


@pytest.mark.parametrize(
    ("section", "names"),
    [
        (ProcessSettings(), "process.x"),
        (ProcessSettings(command="a 'b"), "process.x"),
        (ProcessSettings(command="a", hours="6-18"), "process.x.hours"),
    ],
)
def test_a_program_that_is_set_up_wrongly_costs_only_itself(tmp_path: Path, section: ProcessSettings, names: str) -> None:
    """It is named with its setting, and the others are in the plan."""
    plan = plan_of(Share(process={"x": section, "y": ProcessSettings(command="b")}), tmp_path, {}, PROGRAMS)
    assert names in str(plan.wrong["x"])
    assert (list(plan.wrong), list(plan.specs)) == (["x"], ["agent", "web", "y"])


def test_b14_b29_a_heartbeat_file_that_another_program_writes_is_refused(tmp_path: Path) -> None:
    """The main program writes HOME/heartbeat.txt: a robot judged by it would look busy for ever. Its own file is accepted."""
    old = ProcessSettings(command="robot", watch="file")
    guard = GuardSettings(run=("web",), main="web")
    plan = plan_of(Share(guard=guard, process={"old": old, "second": old}), tmp_path, {}, PROGRAMS)
    assert list(plan.specs) == ["web"]
    assert "heartbeat.txt" in plan.wrong["old"].to("ko")
    assert "web" in plan.wrong["old"].to("ko")
    assert 'cwd = "old"' in plan.wrong["old"].to("en")
    own = {"old": replace(old, cwd=Path("old")), "second": replace(old, heartbeat=Path("second.txt"))}
    plan = plan_of(Share(guard=guard, process=own), tmp_path, {}, PROGRAMS)
    assert (list(plan.specs), plan.wrong) == (["web", "old", "second"], {})
    plan = plan_of(Share(guard=GuardSettings(run=()), process={"old": old, "second": old}), tmp_path, {}, PROGRAMS)
    assert (list(plan.specs), list(plan.wrong)) == (["old"], ["second"]), "nobody else writes it, but two cannot share it"


def test_yesterdays_files_are_known_by_name_and_time(tmp_path: Path) -> None:
    """Only dated logs of earlier days that were written since midnight."""
    midnight = 1_768_316_400.0
    for name, at in (
        ("app_20260113.json", midnight + 100),
        ("app_20260113.2.json", midnight - 100),
        ("app_20260114.json", midnight + 100),
        ("critical_errors.json", midnight + 100),
        ("process/robot/robot_20260113.log", midnight + 100),
        ("uploader/erp_upload_20260113_0630.log", midnight + 100),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (at, at))
    late = {path.relative_to(tmp_path).as_posix() for path in written_late(tmp_path, date(2026, 1, 14), midnight)}
    assert late == {"app_20260113.json", "uploader/erp_upload_20260113_0630.log"}


def test_every_notice_of_the_guard_is_explained() -> None:
    """Its title stands on the page that says what to do about it, in both languages."""
    page = (Path(__file__).parents[2] / "docs/how-to/when-it-says.md").read_text("utf-8")
    titles = (
        say.RESTART_TITLE,
        say.SLOW_TITLE,
        say.LARGE_TITLE,
        say.MISCONFIGURED_TITLE,
        say.RENEWAL_TITLE,
        say.YESTERDAY_TITLE,
        say.BAD_SETTINGS_TITLE,
    )
    sources = " ".join(path.read_text("utf-8") for path in Path(incidents.__file__).parent.glob("*.py"))
    assert set(re.findall(r"say\.(\w+_TITLE)\b", sources)) == {
        name for name, text in vars(say).items() if any(text is title for title in titles)
    }
    for title in titles:
        for text in (title.ko, title.en):
            assert re.sub(r"\{\w+\}", "…", text) in page


def test_a_guard_has_a_console_and_leaves_a_job_where_it_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows: the task is quiet (`pythonw`), the guard has a console nobody sees; a job that keeps it is no hindrance."""
    assert interpreter() == sys.executable
    for name in ("pythonw.exe", "python.exe"):
        (tmp_path / name).touch()
    monkeypatch.setattr(sys, "executable", str(tmp_path / "pythonw.exe"))
    assert interpreter() == str(tmp_path / "python.exe")
    asked: list[object] = []

    def popen(*_: object, **how: object) -> None:
        asked.append(how["creationflags"])
        if len(asked) == 1:
            raise PermissionError

    monkeypatch.setattr("subprocess.Popen", popen)
    system: Any = SimpleNamespace(detached=lambda: [{"creationflags": 3}, {"creationflags": 1}])
    start_detached(system, ["guard"], cwd=".")
    assert asked == [3, 1]
