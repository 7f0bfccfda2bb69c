"""Two people of one PC who start it at once: one guard, and the other one is told whose it is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.guarded import Guarded
from support.waiting import until

NOBODY = 65534
LIMIT_S = 120
TESTS = Path(__file__).resolve().parent.parent
STARTED: list[subprocess.Popen[str]] = []
"""Ended after each test, also after one that failed."""


pytestmark = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may become somebody else")


@pytest.fixture
def shop() -> Iterator[Guarded]:
    """A folder both may write to, as a shared one is; with a robot."""
    home = Path(tempfile.mkdtemp(prefix="onbam-users-"))
    home.chmod(0o777)
    one = Guarded(home)
    one.section("robot", command=["/bin/sleep", "100000"], watch="none")
    try:
        yield one
    finally:
        while STARTED:
            process = STARTED.pop()
            process.kill()  # one that ended already hears nothing
            process.wait()
            if process.stdout is not None:
                process.stdout.close()
        one.clean()
        shutil.rmtree(home, ignore_errors=True)


def start(shop: Guarded, what: str, *words: str, user: int = 0) -> subprocess.Popen[str]:
    """The guard or a command, as this user of the PC."""
    command = [sys.executable, "-m", "support.as_user", str(user), what, "--home", str(shop.home), *words]
    environ = {**shop.environ, "ONBAM_LANG": "ko", "PYTHONPATH": str(TESTS)}
    process = subprocess.Popen(command, cwd=shop.home, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    STARTED.append(process)
    return process


def said(process: subprocess.Popen[str]) -> tuple[int, str]:
    """How it ended, and what it said."""
    out, _ = process.communicate(timeout=LIMIT_S)
    return process.returncode, out


def test_of_two_users_at_once_one_has_the_guard(shop: Guarded) -> None:
    """Two guards of each at the same moment: three are told and end with 1, one works, and nothing runs twice."""
    users = [0, NOBODY, 0, NOBODY]
    guards = [start(shop, "guard", user=user) for user in users]
    until(lambda: sum(guard.poll() is not None for guard in guards) == len(users) - 1, what="one is left")
    ended = [n for n, guard in enumerate(guards) if guard.poll() is not None]
    works = next(n for n in range(len(users)) if n not in ended)
    for n in ended:
        text = guards[n].communicate()[0]
        assert guards[n].returncode == 1, text
        assert "이미 실행 중인 프로세스가 있습니다" in text
    holder = (shop.home / "runtime.lock").read_text("utf-8").splitlines()
    assert int(holder[0]) == guards[works].pid
    assert (shop.home / "runtime.lock").stat().st_uid == users[works]
    guards[works].terminate()
    assert said(guards[works])[0] == 0


def test_whoever_did_not_start_it_is_told_so(shop: Guarded) -> None:
    """The other user's commands neither start a second guard nor call the first one dead."""
    code, text = said(start(shop, "onbam", "up"))
    assert code == 0, text
    pid = shop.status()["guard"]["pid"]
    for words, code, expected in (
        (("ensure",), 0, "잘 돌고 있습니다"),
        (("ps",), 1, "다른 사용자가 시작했습니다"),
        (("down",), 1, "다른 사용자가 시작했습니다"),
        (("up",), 1, "다른 사용자가 시작했습니다"),
    ):
        ended, text = said(start(shop, "onbam", *words, user=NOBODY))
        assert (ended, expected in text) == (code, True), (words, text)
    ended, text = said(start(shop, "guard", user=NOBODY))
    assert (ended, f"{pid}" in text) == (1, True), text
    assert json.loads(said(start(shop, "onbam", "ps", "--json"))[1])["guard"]["pid"] == pid
    assert said(start(shop, "onbam", "down"))[0] == 0


def test_what_another_user_left_behind_is_named_with_its_reason(shop: Guarded) -> None:
    """Their guard ended; the lock's file is theirs still: this user is told which file, and why."""
    guard = start(shop, "guard")
    until(shop.answers, what="it answers")
    guard.terminate()
    assert said(guard)[0] == 0
    code, text = said(start(shop, "guard", user=NOBODY))
    assert code != 0
    assert "guard.lock" in text
    assert "권한이 없음" in text
