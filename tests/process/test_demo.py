"""`onbam demo`, as a newcomer and as a script start it; what is left of it however it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import psutil
import pytest

from onbam.cli.demo_sweep import PREFIX
from support.servers import open_folder
from support.waiting import until

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform == "win32", reason="signals, and processes found by their environment"),
]
LIMIT_S = 150.0


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where this demo puts its folder: nobody else's processes know of it."""
    with open_folder("demo") as opened:
        yield opened


@contextmanager
def demo(folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A demo in a process of its own."""
    environ = {**os.environ, "TMPDIR": str(folder), "HOME": str(folder)}
    process = subprocess.Popen(
        [sys.executable, "-m", "onbam", "--lang", "en", "demo", *words],
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()
        until(lambda: not living(folder), what="the demo left nothing")


def living(folder: Path) -> list[psutil.Process]:
    """Every process that was started for a demo in this folder."""
    found = []
    for process in psutil.process_iter():
        try:
            ours = process.environ().get("TMPDIR") == str(folder) or str(folder) in " ".join(process.cmdline())
            if ours and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue  # it has just ended, or is nobody's business
    return found


def left(folder: Path) -> list[str]:
    """The demos' folders that are still there."""
    return [path.name for path in folder.iterdir() if path.name.startswith(PREFIX)]


def address_of(process: subprocess.Popen[str]) -> str:
    """Where it says its dashboard is."""
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(r"Dashboard: (http://localhost:\d+)", line):
            return found[1]
    raise AssertionError("it never said where the dashboard is")


def test_what_stands_in_the_erp_is_counted_and_told_as_one_object(folder: Path) -> None:
    """A script gets one JSON object; the run ended by itself, and nothing of it is left."""
    with demo(folder, "--machines", "2", "--orders", "4", "--chaos", "none", "--until-done", "--json") as process:
        out, told = process.communicate(timeout=LIMIT_S)
        assert process.returncode == 0, told
        assert living(folder) == []
    facts: dict[str, Any] = json.loads(out)
    assert (facts["orders"], facts["completed"], facts["slips"]) == (4, 4, 4)
    assert (facts["duplicates"], facts["lost"], facts["open"]) == (0, 0, 0)
    assert facts["dashboard"]["trouble"] is None
    assert f"Dashboard: {facts['dashboard']['address']}" in told
    assert facts["time_scale"] == {"erp": 40.0}
    assert left(folder) == []


def test_a_guest_sees_it_live_and_may_do_nothing_and_ctrl_c_ends_all_of_it(folder: Path) -> None:
    """The address is told at the start; whoever opens it looks without a password; the end leaves nothing behind."""
    with demo(folder, "--orders", "200") as process:
        address = address_of(process)
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        with browser.open(f"{address}/orders") as answer:
            page = answer.read().decode()
        assert (answer.status, answer.url) == (200, f"{address}/orders")
        assert "Guest" in page
        with pytest.raises(urllib.error.HTTPError) as refused:
            browser.open(f"{address}/people")
        with refused.value:
            assert refused.value.code == 403
        assert list(folder.glob(f"{PREFIX}*/PC-B/data"))
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=LIMIT_S)
        assert told.strip().endswith("Nothing it started is still running.")
        assert living(folder) == []
        assert left(folder) == []


def test_without_a_dashboard_there_is_none(folder: Path) -> None:
    """`--no-web` starts no server; a terminated demo goes as one that is interrupted."""
    with demo(folder, "--no-web", "--orders", "200") as process:
        until(lambda: list(folder.glob(f"{PREFIX}*/PC-B/data")), what="the PCs are at work", deadline_s=LIMIT_S)
        assert not list(folder.glob(f"{PREFIX}*/dashboard.*"))
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=LIMIT_S)
        assert living(folder) == []
        assert left(folder) == []


@pytest.mark.needs("postgres")
def test_killed_it_leaves_neither_a_database_server_nor_a_folder(folder: Path) -> None:
    """`kill -9`, which nobody can catch: its PCs, its dashboard and its own PostgreSQL end, and the folder goes."""
    with demo(folder, "--store", "postgres", "--orders", "200") as process:
        address_of(process)
        assert any("postgres" in running.name() for running in living(folder))
        process.kill()
        until(lambda: not left(folder), what="the folder is gone")
        until(lambda: not living(folder), what="nothing runs")
