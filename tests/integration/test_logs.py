"""The log: every line whole, dated, bound and clean, and never the robot's trouble."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
import threading
import warnings
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from onbam.kernel.clock import FakeClock
from onbam.kernel.errors import Misconfigured, Refused
from onbam.kernel.logfile import LINE_MAX_BYTES
from onbam.kernel.redact import MARK, Redactor
from onbam.kernel.settings import Secret
from onbam.kernel.words import Text, plain
from onbam.logs import bind, get_logger
from onbam.logs.settings import LogSettings
from onbam.logs.setup import start

CANARY = "canary-7fQ2-온밤"
log = get_logger("claims")


class Terminal(io.StringIO):
    """A terminal that keeps what it shows."""

    def isatty(self) -> bool:
        """It is one."""
        return True


@pytest.fixture
def clock():
    return FakeClock(datetime(2026, 1, 13, 16, 30, tzinfo=UTC))


@pytest.fixture
def begin(tmp_path, clock):
    """Start a log in a home; it is stopped after the test."""
    running = []

    def go(settings=None, console=None, lang="ko"):
        logs = start(
            settings or LogSettings(),
            tmp_path,
            clock=clock,
            zone=ZoneInfo("Asia/Seoul"),
            redactor=Redactor([CANARY]),
            lang=lang,
            always={"machine": "PC-A", "agent": "PC-A_192.168.1.100", "process": "agent"},
            console=console,
        )
        running.append(logs)
        return logs

    yield go
    for logs in running:
        logs.stop()


def lines(folder, name="app_20260114.json"):
    return [json.loads(line) for line in (folder / "logs" / name).read_text("utf-8").splitlines()]


def test_a_line_says_when_who_and_what(begin, tmp_path):
    """The file is the shop's day, the time in the line is UTC; what is bound stands on it."""
    begin()
    with bind(item="order:2601050229", token=41):
        log.info("lease taken", took_s=0.25)
    log.info("idle")
    first, second = lines(tmp_path)
    assert first == {
        "at": "2026-01-13T16:30:00.000Z",
        "level": "info",
        "log": "claims",
        "event": "lease taken",
        "item": "order:2601050229",
        "token": 41,
        "machine": "PC-A",
        "agent": "PC-A_192.168.1.100",
        "process": "agent",
        "pid": os.getpid(),
        "took_s": 0.25,
    }
    assert "item" not in second


def test_a_text_of_ours_is_written_in_the_shops_language(begin, tmp_path):
    """Lines people already read stay as they are."""
    begin()
    log.info(Text(ko="[Scheduler] {n}개의 동기화 작업 발견", en="[Scheduler] {n} due")(n=2))
    assert lines(tmp_path)[0]["event"] == "[Scheduler] 2개의 동기화 작업 발견"


def test_threads_do_not_share_what_is_bound(begin, tmp_path):
    """Two attempts at once never sign for each other."""
    begin()
    both = threading.Barrier(2)

    def attempt(item):
        with bind(item=item):
            both.wait(60)
            log.info("step")

    threads = [threading.Thread(target=attempt, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert {line["item"] for line in lines(tmp_path)} == {"a", "b"}


def test_what_needs_a_person_is_also_in_the_critical_file(begin, tmp_path):
    """And nothing else is."""
    begin()
    log.error("later", error=Refused(plain("no")))
    log.critical("a person must act", item="order:1")
    assert [line["event"] for line in lines(tmp_path, "critical_errors.json")] == ["a person must act"]
    assert [line["event"] for line in lines(tmp_path)] == ["later", "a person must act"]


def test_the_level_decides_what_is_written(begin, tmp_path):
    """Debug is off unless asked for."""
    begin(LogSettings(level="warning"))
    log.debug("a")
    log.info("b")
    log.warning("c")
    assert [line["event"] for line in lines(tmp_path)] == ["c"]


def test_a_canary_never_reaches_a_file_or_a_terminal(begin, tmp_path):
    """By the text, a value, a nested value, a key, bytes, an error's text, context, cause or locals, a library, a warning."""
    terminal = Terminal()
    logs = begin(console=terminal)
    url = f"postgresql://onbam:{CANARY}@db/onbam"
    sentence = f"signed in with {CANARY}"
    with bind(item=CANARY):
        log.info(sentence, url=url, raw=CANARY.encode(), deep={"a": [{CANARY: CANARY}]}, s=Secret(CANARY))
    try:
        hidden = CANARY
        int(hidden)
    except ValueError as error:
        log.critical("failed", error=error)
        log.exception("failed")
    log.error("refused", error=Refused(plain(CANARY), plain(CANARY), key=CANARY))
    logging.getLogger("library").warning("sent %s", CANARY)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(f"old key {CANARY}", stacklevel=1)
    with pytest.raises(ValueError), logs.uploads.open(CANARY) as upload:
        int(upload.write("sent " + CANARY, session=CANARY, body={"x": CANARY}) or CANARY)
    sys.excepthook(ValueError, ValueError(CANARY), None)
    logs.stop()
    shown = terminal.getvalue() + "".join(p.read_text("utf-8") + p.name for p in (tmp_path / "logs").rglob("*.*"))
    assert shown.count(MARK) > 15
    assert "7fQ2" not in shown


def test_errors_keep_what_helps(begin, tmp_path):
    """Kind, text, hint, context and where it happened."""
    begin()

    def upload():
        raise Refused(Text(ko="거절", en="refused by the ERP"), Text(ko="고치기", en="mend the code"), code="E-17")

    with pytest.raises(Refused) as caught:
        upload()
    log.error("upload failed", error=caught.value)
    error = lines(tmp_path)[0]["error"]
    assert error["kind"] == "Refused"
    assert error["message"] == "refused by the ERP"
    assert error["hint"] == "mend the code"
    assert error["context"] == {"code": "E-17"}
    assert "test_errors_keep_what_helps" in error["trace"]


def test_errors_nobody_caught_are_critical(begin, tmp_path):
    """In the main program and in a thread."""
    begin()
    thread = threading.Thread(target=lambda: 1 // 0)
    thread.start()
    thread.join(60)
    assert lines(tmp_path, "critical_errors.json")[0]["error"]["kind"] == "ZeroDivisionError"


def test_a_line_that_would_not_fit_stays_json(begin, tmp_path):
    """Its long values are shortened, and if that is not enough, only the first facts stay."""
    begin()
    log.info("big", **{f"v{n}": "온" * 30_000 for n in range(8)})
    log.info("bigger", **{f"v{n}": "온" * 30_000 for n in range(190)})
    big, bigger = lines(tmp_path)
    assert big["event"] == "big"
    assert big["v7"].startswith("온온")
    assert bigger["cut"] is True
    assert (tmp_path / "logs" / "app_20260114.json").stat().st_size < 2 * LINE_MAX_BYTES


def test_a_full_disk_is_reported_when_it_is_over(begin, tmp_path, monkeypatch):
    """Nothing is raised; the first line after says how many are missing."""
    logs = begin(lang="en")
    real = os.write
    monkeypatch.setattr(os, "write", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    for _ in range(3):
        log.critical("lost")
    assert logs.dropped == 6
    monkeypatch.setattr(os, "write", real)
    log.info("back")
    report, back = lines(tmp_path)
    assert report["lost"] == 3
    assert report["event"].startswith("3 log lines could not be written")
    assert back["event"] == "back"


def test_the_terminal_is_drawn_for_people_and_scripts(begin, tmp_path):
    """Pretty on a terminal, JSON when asked, nothing in a pipe, and a closed one is nobody's trouble."""
    terminal = Terminal()
    logs = begin(console=terminal)
    log.info("lease taken", item="order:1")
    assert "lease taken" in terminal.getvalue()
    assert "order:1" in terminal.getvalue()
    terminal.close()
    log.info("still written")
    logs.stop()
    pipe, wanted = io.StringIO(), io.StringIO()
    begin(console=pipe).stop()
    begin(LogSettings(console="json"), console=wanted)
    log.info("for a script")
    assert pipe.getvalue() == ""
    assert json.loads(wanted.getvalue())["event"] == "for a script"
    assert [line["event"] for line in lines(tmp_path)] == ["lease taken", "still written", "for a script"]


def test_each_upload_has_a_file(begin, tmp_path):
    """Named by time and item, readable from top to bottom."""
    logs = begin()
    with logs.uploads.open("order:2601050229") as upload:
        upload.write("보냄", rows=3)
    assert upload.path.relative_to(tmp_path).as_posix() == "logs/uploader/erp_upload_20260114_013000_2601050229.log"
    assert upload.path.read_text("utf-8").splitlines() == [
        "[2026-01-14 01:30:00] 업로드 시작",
        "[2026-01-14 01:30:00] 보냄 rows=3",
        "[2026-01-14 01:30:00] 업로드 끝",
    ]


def test_one_upload_cannot_fill_the_disk(begin):
    """Its file ends at the limit and says so."""
    logs = begin(LogSettings(file_mb=1, total_mb=8))
    with logs.uploads.open("../../x: y") as upload:
        for _ in range(300):
            upload.write("z" * 10_000)
    assert upload.path.name == "erp_upload_20260114_013000_y.log"
    assert upload.path.stat().st_size < 1024 * 1024 + 200
    assert upload.dropped > 100


def test_a_cycle_gets_its_file_only_when_wanted(begin, tmp_path):
    """`file_per = cycle` is the habit of shops that read one cycle at a time."""
    logs = begin()
    logs.cycle("06:30")
    log.info("a")
    logs.stop()
    logs = begin(LogSettings(file_per="cycle"))
    logs.cycle("07:00")
    log.info("b")
    assert sorted(p.name for p in (tmp_path / "logs").glob("app*")) == ["app_20260114.json", "app_20260114_0700.json"]


def test_limits_that_would_eat_each_other_are_refused(begin):
    """With the number that would do."""
    with pytest.raises(Misconfigured, match="total_mb") as caught:
        begin(LogSettings(file_mb=8, total_mb=16))
    assert "32" in caught.value.hint.to("en")


def test_a_voice_costs_nothing_before_the_log_is_started():
    """A quick command imports a room without importing structlog, and its lines go nowhere."""
    code = (
        "import sys; from onbam.logs import bind, get_logger\n"
        "with bind(item='x'): get_logger('a').critical('nobody listens')\n"
        "print('structlog' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "False\n"
    assert done.stderr == ""


def test_a_log_pays_for_no_colours():
    """The library would bring `rich` into every process; whoever wants it still gets it."""
    code = (
        "import sys\nimport onbam.logs.setup\n"
        "print(sorted({'rich', 'pygments'} & set(sys.modules)))\n"
        "from rich.console import Console\nprint(Console.__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines() == ["[]", "Console"]


def test_help_pays_for_no_log():
    """What a quick command imports: neither the log's library nor the vault's."""
    code = (
        "import sys\nfrom onbam.cli.main import run\nimport onbam.bootstrap\nrun(['--help'])\n"
        "print(sorted({'structlog', 'keyring', 'cryptography', 'sqlalchemy', 'psutil'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
