"""The check-up: each finding can be shown, each hang is bounded, each trouble names its fix."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from onbam.care.checks import files, machine, ports
from onbam.care.checks.clock import clock_check, http_time
from onbam.care.doctor import as_data, examine, worst
from onbam.database.dialects import sqlite as sqlite_dialect
from onbam.kernel.checks import Finding, ok
from onbam.kernel.clock import FakeClock, SystemClock
from onbam.kernel.errors import Misconfigured
from onbam.kernel.redact import MARK, Redactor
from onbam.kernel.words import plain

NOW = datetime(2026, 1, 13, tzinfo=UTC)
SEOUL_HERE = timezone(timedelta(hours=9))


def states(findings):
    return [(finding.name, finding.state) for finding in findings]


# -- the runner


class Unhurried(SystemClock):
    """A clock nobody reads before these checks have answered: however busy the machine is, only the hanging one is late."""

    def monotonic(self):
        """The time, once they have."""
        for thread in threading.enumerate():
            if thread.name in {"check-first", "check-last"}:
                thread.join(60)
        return super().monotonic()


def test_a_check_that_hangs_is_bad_and_holds_nobody_up():
    """The others are shown, in their order, and the answer is there within the limit."""
    forever = threading.Event()

    def hangs():
        forever.wait()
        yield ok("never", plain("x"))

    checks = {"first": lambda: [ok("first", plain("fine"))], "hangs": hangs, "last": lambda: [ok("last", plain("fine"))]}
    found = examine(checks, 0.2, Unhurried())
    forever.set()
    assert states(found) == [("first", "ok"), ("hangs", "bad"), ("last", "ok")]
    assert worst(found) == "bad"


def test_a_check_that_raises_is_bad():
    """With the error's own words and hint, or its kind when it is none of ours."""

    def ours():
        raise Misconfigured(plain("no such zone"), plain("mend it"))

    found = examine({"zone": ours, "odd": lambda: [1 // 0]}, 10, SystemClock())
    assert states(found) == [("zone", "bad"), ("odd", "bad")]
    assert found[0].fix.to("ko") == "mend it"
    assert "ZeroDivisionError" in found[1].text.to("en")


def test_nothing_found_is_healthy():
    """An empty list has no worst part."""
    assert worst(examine({}, 1, SystemClock())) == "ok"


def test_the_data_has_both_languages_and_no_secret():
    """What a script and the bundle get."""
    finding = Finding("database", "bad", plain("mysql://u:pass1234@h/d refused")(), plain("mend")())
    data = as_data([finding], Redactor())
    assert data["state"] == "bad"
    assert data["findings"][0]["text"]["ko"] == f"mysql://u:{MARK}@h/d refused"
    assert data["findings"][0]["fix"] == {"ko": "mend", "en": "mend"}


# -- the machine


@pytest.mark.parametrize(
    ("version", "widest", "state"),
    [((3, 10, 9), sys.maxsize, "bad"), ((3, 11, 0), 2**31 - 1, "warn"), ((3, 13, 1), 2**63 - 1, "ok")],
)
def test_python(version, widest, state):
    """Too old, too narrow, right."""
    assert states(machine.python(version, widest)) == [("python", state)]


def test_sqlite():
    """The limit is the database room's own."""
    assert sqlite_dialect.LEAST == machine.LEAST_SQLITE
    assert states(machine.sqlite((3, 34, 1))) == [("sqlite", "bad")]
    assert states(machine.sqlite()) == [("sqlite", "ok")]


def test_disk(tmp_path):
    """Also for a folder that is not made yet."""
    free = next(machine.disk(tmp_path / "not" / "yet", 1))
    assert free.state == "ok"
    assert [next(machine.disk(tmp_path, limit)).state for limit in (10**9, free.text.values["free"] // 2)] == ["bad", "warn"]


def test_zone():
    """The shop's zone exists, and this PC lives in it."""
    assert states(machine.zone("Asia/Seoul", NOW, SEOUL_HERE)) == [("zone", "ok")]
    assert states(machine.zone("Asia/Seoul", NOW, UTC)) == [("zone", "warn")]
    for wrong in ("Asia/Soul", "", "../etc/passwd"):
        assert states(machine.zone(wrong, NOW)) == [("zone", "bad")]


# -- the clock


@pytest.mark.parametrize(("off", "state"), [(0, "ok"), (4.9, "ok"), (5.1, "bad"), (-3600, "bad")])
def test_the_clock_is_judged_by_the_database(off, state):
    """A server of another PC has a clock of its own."""
    clock = FakeClock(NOW)
    assert states(clock_check(clock, 5.0, database=lambda: clock.now().timestamp() + off)) == [("clock", state)]


def test_the_time_of_the_question_counts():
    """An answer that took ten seconds proves nothing about five."""
    clock = FakeClock(NOW)

    def slow():
        clock.advance(10)
        return clock.now().timestamp() - 1

    (found,) = clock_check(clock, 5.0, database=slow)
    assert found.state == "ok"


def test_nobody_to_compare_with_is_unknown():
    """It is said, not guessed."""
    assert states(clock_check(FakeClock(), 5.0)) == [("clock", "warn")]


class _Dated(BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.send_response_only(200)
        self.send_header("Date", self.server.date)
        self.end_headers()

    def log_message(self, *_):
        """Quiet."""


@pytest.fixture
def dated():
    server = HTTPServer(("127.0.0.1", 0), _Dated)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(60)


@pytest.mark.parametrize(("off", "state"), [(0, "ok"), (3600, "bad")])
def test_the_clock_is_judged_by_a_web_server(dated, off, state):
    """By its Date header."""
    dated.date = format_datetime(datetime.now(UTC) + timedelta(seconds=off), usegmt=True)
    ask = http_time(f"http://127.0.0.1:{dated.server_port}/")
    assert states(clock_check(SystemClock(), 5.0, web=ask)) == [("clock", state)]


@pytest.mark.parametrize("date", ["", "not a date"])
def test_a_web_server_without_a_date_is_unknown(dated, date):
    """As is one that does not answer at all."""
    dated.date = date
    assert states(clock_check(SystemClock(), 5.0, web=http_time(f"http://127.0.0.1:{dated.server_port}"))) == [
        ("clock", "warn")
    ]


def test_without_network_the_clock_is_unknown():
    """Not bad: the shop may work offline."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        ask = http_time(f"http://127.0.0.1:{taken.getsockname()[1]}")
        found = list(clock_check(SystemClock(), 5.0, database=lambda: datetime.now(UTC).timestamp(), web=ask))
    assert states(found) == [("clock", "ok"), ("clock.web", "warn")]


@pytest.mark.parametrize("url", ["google.com", "ftp://x", "https://"])
def test_a_clock_url_that_is_none_is_refused(url):
    """With what is expected."""
    with pytest.raises(Misconfigured):
        http_time(url)


# -- ports


def test_a_free_port_is_ok():
    """Found by listening and letting go."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert states(ports.port_check(port)) == [("port", "ok")]


LISTEN = """
import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
s.listen()
print(s.getsockname()[1], flush=True)
input()
"""


def test_who_holds_a_port_is_named():
    """By program and number, so that a person can end it."""
    with subprocess.Popen([sys.executable, "-c", LISTEN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        port = int(holder.stdout.readline())
        (found,) = ports.port_check(port)
        assert found.state == "bad"
        assert str(holder.pid) in found.text.to("en")
        assert "python" in found.text.to("en").lower()
        holder.communicate("\n", timeout=30)


@pytest.mark.parametrize(
    ("words", "ours"),
    [
        (["C:\\onbam\\.venv\\Scripts\\onbam.exe", "web"], True),
        (["/usr/bin/python3", "/opt/x/.venv/bin/onbam", "up"], True),
        (["pythonw.exe", "-X", "utf8", "-m", "onbam", "up"], True),
        (["python", "other.py", "onbam"], False),
        (["notepad.exe", "C:\\onbam\\notes.txt"], False),
        ([], False),
    ],
)
def test_our_own_dashboard_is_no_stranger(words, ours):
    """Told by the command line."""
    assert ports._is_ours(words) is ours


# -- files


@pytest.mark.skipif(os.name == "nt", reason="POSIX rights")
def test_a_secret_others_can_read_is_bad(tmp_path):
    """With the line to paste; folders with spaces too."""
    home = tmp_path / "새 폴더"
    home.mkdir()
    closed, wide = home / ".env", home / "ecount_session.json"
    for path, mode in ((closed, 0o600), (wide, 0o644)):
        path.write_text("x")
        path.chmod(mode)
    found = list(files.secrets([closed, wide, home / "missing", wide]))
    assert states(found) == [("rights", "bad"), ("rights", "ok")]
    fix = found[0].fix.to("en").removeprefix("Run: ")
    subprocess.run(["sh", "-c", fix], check=True)
    assert states(files.secrets([closed, wide])) == [("rights", "ok")]


def test_folders_we_write(tmp_path):
    """A missing one is judged by its parent; a file in the place of a folder is bad."""
    (tmp_path / "data").write_text("a file")
    assert states(files.writable([tmp_path / "logs" / "deep", tmp_path / "data"])) == [("folder", "ok"), ("folder", "bad")]


def test_leftovers_of_interrupted_writes_are_named(tmp_path):
    """Old ones only: a young one may be under way."""
    (tmp_path / ".secrets.enc.123.part").write_text("x")
    now = (tmp_path / ".secrets.enc.123.part").stat().st_mtime
    assert states(files.leftovers([tmp_path], now + 10)) == [("leftovers", "ok")]
    (found,) = files.leftovers([tmp_path, tmp_path / "missing"], now + 2 * files.OLD_ENOUGH_S)
    assert found.state == "warn"
    assert ".secrets.enc.123.part" in found.text.to("ko")


def test_an_unfinished_change_of_key_is_seen():
    """Secrets in the key ring have no key of ours."""
    assert states(files.vault_keys("new", ["new", None])) == [("vault", "ok")]
    assert states(files.vault_keys("new", ["new", "old"])) == [("vault", "warn")]
