"""A shop that wants our own PostgreSQL: one word in its settings, and every command and process of the PC shares one server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from onbam.bootstrap import Onbam
from onbam.claims.model import State
from onbam.database import address
from onbam.database.embedded import programs
from onbam.database.embedded.server import EmbeddedPostgres
from onbam.database.words import LOST_AT
from onbam.kernel.clock import SystemClock
from onbam.kernel.errors import Misconfigured
from support.nursery import Nursery
from support.order_shop import come_to, open_shop
from support.servers import open_folder
from support.waiting import DEADLINE_S, until

FAILURES = 5
"""Of the agent's services, and of one of them again."""
BACK_S = 180.0
"""A service that failed often waits up to a minute before its next try."""
SETTING = {"ONBAM_DATABASE_URL": "embedded"}


@pytest.fixture
def home() -> Iterator[Path]:
    """A shop's folder with a space and Korean letters, whose server ends with the test."""
    with open_folder("가게") as folder:
        yield folder
        with Onbam(folder, environ()) as shop:
            assert shop.embedded_server is not None
            assert shop.embedded_server.stop()


def environ() -> Mapping[str, str]:
    """This process's environment with the one word."""
    return {**os.environ, **SETTING}


def spawn(home: Path, *words: str) -> subprocess.Popen[str]:
    """A command in a process of its own."""
    command = [sys.executable, "-m", "onbam", "--home", str(home), *words, "--json"]
    return subprocess.Popen(command, env=environ(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")


def answered(process: subprocess.Popen[str]) -> Any:
    """What it said."""
    with process:
        out, told = process.communicate(timeout=DEADLINE_S * 3)
    assert process.returncode == 0, told
    return json.loads(out)


@pytest.mark.needs("postgres")
def test_one_word_is_enough_and_all_processes_share_one_server(home: Path) -> None:
    """Three commands at once on a fresh folder: one makes and starts the server, the schema is there, it outlives them all."""
    (home / "v10_history.json").write_text('["2601050229"]')
    together = [spawn(home, "claims", "import-history", str(home / "v10_history.json")) for _ in range(3)]
    answers = [answered(process) for process in together]
    assert [answer["read"] for answer in answers] == [1, 1, 1]
    seen = [answered(spawn(home, "db", "status")) for _ in range(2)]
    assert {one["kind"] for one in seen} == {"postgresql"}
    assert seen[0]["current"] is True
    assert seen[0]["embedded"]["pid"] == seen[1]["embedded"]["pid"] is not None
    assert "@" not in seen[0]["address"] or ":***@" in seen[0]["address"]
    assert answered(spawn(home, "claims", "show", "2601050229"))["state"] == "completed"


@pytest.mark.needs("postgres")
def test_the_check_up_starts_nothing_and_a_stopped_server_comes_back(home: Path) -> None:
    """Before the first start and after a stop the doctor says how it is; the next command brings everything back."""

    def found() -> dict[str, str]:
        with Onbam(home, environ()) as shop:
            return {f.state: f.text.to("en") for f in shop.checks()["database"]()}

    assert "is not there yet" in found()["ok"]
    assert not (home / "data").exists()
    with Onbam(home, environ()) as shop, shop.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM items").scalar_one() == 0
    assert answered(spawn(home, "db", "stop")) == {"stopped": True}
    assert "is not running" in found()["ok"]
    with Onbam(home, environ()) as shop:
        assert shop.embedded_server is not None
        assert shop.embedded_server.running() is None
        assert shop.database.product == "PostgreSQL"
        assert shop.embedded_server.running() is not None


@pytest.mark.needs("postgres")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks its processes")
@pytest.mark.timeout(300)
def test_a_killed_server_is_started_again_by_the_agent_that_uses_it(home: Path) -> None:
    """PostgreSQL is killed while orders are entered: nobody does anything, every order comes to its end, none twice."""
    with Nursery("support.order_life") as nursery, open_shop(home, nursery, orders=10, url="embedded") as shop:
        with Onbam(shop.home("PC-A"), SETTING) as looking:
            server = looking.embedded_server
        assert server is not None
        try:
            with shop.at_work("PC-A"):
                until(shop.slips, what="the agent has entered one")
                killed = server.running()
                assert killed is not None
                os.kill(killed, signal.SIGKILL)
                until(lambda: server.running() not in {None, killed}, what="the agent has started it again")
                with Onbam(shop.home("PC-A"), {}) as onbam:
                    come_to(onbam, {State.COMPLETED, State.UNCERTAIN}, count=10)
            assert max(Counter(shop.slips()).values()) == 1
            assert server.running() is not None, "the agent's end takes nothing from others"
        finally:
            assert server.stop()


@pytest.mark.needs("postgres")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks its processes")
@pytest.mark.timeout(300)
def test_a_database_that_goes_away_for_a_while_loses_nothing() -> None:
    """A server that nobody here starts again: the agent lives, says what is wrong, and goes on by itself when it is back."""
    with open_folder("away") as folder, Nursery("support.order_life") as nursery:
        server = EmbeddedPostgres(folder / "server", clock=SystemClock(), environ=os.environ)
        url = server.ensure()
        try:
            with open_shop(folder, nursery, orders=10, url=url) as shop, shop.at_work("PC-A") as agent:
                until(shop.slips, what="the agent has entered one")
                killed = server.running()
                assert killed is not None
                os.kill(killed, signal.SIGKILL)
                until(lambda: failures(shop.home("PC-A")) >= FAILURES, what="the agent has said several times that it is away")
                assert agent.poll() is None, "it is no reason to end"
                assert server.running() is None, "it is not the agent's server"
                assert server.ensure() == url
                with Onbam(shop.home("PC-A"), {}) as onbam:
                    ends = come_to(onbam, {State.COMPLETED, State.UNCERTAIN}, count=10, limit_s=BACK_S)
                slips = Counter(shop.slips())
                assert max(slips.values()) == 1
                assert {key for key, state in ends.items() if state is State.COMPLETED} <= set(slips)
                assert set(slips) <= set(ends)
        finally:
            assert server.stop()


def failures(home: Path) -> int:
    """How often the log of this PC says that a database is out of reach."""
    texts = (path.read_text("utf-8", "replace") for path in (home / "logs").glob("app_*.json"))
    begins, _, ends = LOST_AT.en.partition("{place}")
    return sum(begins in line and ends in line for text in texts for line in text.splitlines())


def test_without_the_extra_the_command_that_brings_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs are not installed: one sentence and the command to type, and no half-made cluster."""
    monkeypatch.setattr(programs, "PACKAGE", "no_such_package")
    with Onbam(tmp_path, environ()) as shop, pytest.raises(Misconfigured) as caught:
        shop.database  # noqa: B018 -- building it is the act
    assert "run.py --with postgres" in caught.value.to("en")
    assert not (tmp_path / "data" / address.ROOM / "cluster").exists()


@pytest.mark.parametrize(("url", "extra"), [("postgresql://u@127.0.0.1/x", "postgres"), ("mariadb://u@127.0.0.1/x", "mysql")])
def test_without_a_driver_the_command_that_brings_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, extra: str
) -> None:
    """The same for a server somebody else runs."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with Onbam(tmp_path, {"ONBAM_DATABASE_URL": url}) as shop, pytest.raises(Misconfigured) as caught:
        shop.database  # noqa: B018 -- the same
    assert f"run.py --with {extra}" in caught.value.to("en")
