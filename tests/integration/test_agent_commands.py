"""`onbam agent|sweep|pause|resume`: what a person starts and stops at a terminal, in a folder with a real database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from onbam.bootstrap import Onbam
from onbam.claims.identity import agent_of
from onbam.claims.ports import Filter
from onbam.cli.main import run
from onbam.kernel.errors import EXIT_FAILED, EXIT_MISCONFIGURED, EXIT_OK
from onbam.orders.agent import SEAT
from onbam_sims.ecount import EcountSimulator
from onbam_sims.portal import Plan, PortalSimulator

DUE_MS = 60_000


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shop's folder, English."""
    monkeypatch.setenv("ONBAM_HOME", str(tmp_path))
    monkeypatch.setenv("ONBAM_LANG", "en")
    monkeypatch.setenv("USER", "kim")
    monkeypatch.setenv("USERNAME", "kim")
    return tmp_path


# -- starting ---------------------------------------------------------------------------------------------------------------


def test_everything_an_agent_lacks_is_named_before_it_begins(home: Path, capsys) -> None:
    """Of the supplier's site and of the ERP in one go, the codes of customer and warehouse too, and where each goes."""
    (home / "onbam.toml").write_text('[portal]\nuser = "dealer"\n[ecount]\ncompany = "900001"\n', "utf-8")
    assert run(["agent", "run", "--once"]) == EXIT_MISCONFIGURED
    said = capsys.readouterr().err
    missing = ("portal.password", "ecount.user", "ecount.api_key", "ecount.customer", "ecount.warehouse")
    assert all(name in said for name in missing)
    assert "portal.user" not in said
    assert "onbam secret set portal.password" in said
    assert "is at work" not in said


@pytest.mark.parametrize("missing", ["customer", "warehouse"])
def test_a_code_without_which_no_slip_can_be_written_is_missed_at_the_start(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys, missing: str
) -> None:
    """And not at each order, which would be parked one after the other."""
    given = {"PORTAL_USER": "u", "PORTAL_PASSWORD": "p", "ECOUNT_COMPANY": "900001", "ECOUNT_USER": "O", "ECOUNT_API_KEY": "k"}
    for name, value in {**given, "ECOUNT_CUSTOMER": "00001", "ECOUNT_WAREHOUSE": "100"}.items():
        monkeypatch.setenv(f"ONBAM_{name}", value)
    monkeypatch.delenv(f"ONBAM_ECOUNT_{missing.upper()}")
    assert run(["agent", "run", "--once"]) == EXIT_MISCONFIGURED
    assert f"ecount.{missing}." in capsys.readouterr().err


@pytest.fixture
def shop(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PortalSimulator]:
    """A supplier with three orders and an ERP; the shop has no codes, and is closed all day."""
    with PortalSimulator(seed=7, plan=Plan(orders=3)) as portal, EcountSimulator(seed=7) as erp:
        given = {
            "PORTAL_URL": portal.url,
            "PORTAL_USER": portal.user,
            "PORTAL_PASSWORD": portal.password,
            "PORTAL_PACE_S": "0",
            "ECOUNT_HOST": f"{erp.url}/{{host}}",
            "ECOUNT_COMPANY": erp.company.code,
            "ECOUNT_USER": erp.company.user,
            "ECOUNT_API_KEY": erp.company.real_key,
            "ECOUNT_CUSTOMER": "00001",
            "ECOUNT_WAREHOUSE": "100",
            "SCHEDULES_OPENS": "00:00",
            "SCHEDULES_CLOSES": "00:00:00.000001",
        }
        for name, value in given.items():
            monkeypatch.setenv(f"ONBAM_{name}", value)
        yield portal


@pytest.fixture
def onbam(home: Path) -> Iterator[Onbam]:
    """The installation itself."""
    with Onbam(home, os.environ) as made:
        yield made


def sit_down(onbam: Onbam, pid: int) -> None:
    """An agent of this PC takes its seat, as that process."""
    agent = agent_of(onbam.machine_id, onbam.host, SEAT, onbam.chance)
    assert onbam.registry is not None
    onbam.registry.join(agent, version="1", pid=pid, due_in_ms=DUE_MS)


def test_one_turn_looks_at_the_ledger_also_when_the_shop_is_closed(shop: PortalSimulator, capsys) -> None:
    """And says in the words of the states what became of the orders: without codes all of them are parked, none failed."""
    assert run(["agent", "run", "--once"]) == EXIT_OK
    said = capsys.readouterr().err
    assert "completed 0, failed (will be retried) 0, parked 3, uncertain 0, cancelled 0" in said


def test_orders_without_codes_lead_to_the_table_of_what_they_lack(shop: PortalSimulator, home: Path, capsys) -> None:
    """What needs a person names the command; it needs no document saved first, and is empty once the codes are there."""
    assert run(["agent", "run", "--once"]) == EXIT_OK
    assert run(["orders", "list", "--needs-you"]) == EXIT_OK
    assert "Orders that wait for product codes: 3" in capsys.readouterr().err
    questions = home / "questions.csv"
    assert run(["orders", "codes", "suggest", "--out", str(questions)]) == EXIT_OK
    head, *rows = questions.read_text("utf-8-sig").splitlines()
    assert len(rows) == len(set(rows)) > 3
    questions.write_text("\n".join([head, *(f"A{n}{row}" for n, row in enumerate(rows))]), "utf-8-sig")
    assert run(["orders", "codes", "import", str(questions)]) == EXIT_OK
    capsys.readouterr()
    assert run(["orders", "codes", "suggest"]) == EXIT_OK
    assert "No order waits for a product code" in capsys.readouterr().out


def test_one_turn_of_a_paused_pc_says_why_nothing_was_done(shop: PortalSimulator, capsys) -> None:
    """It looks, takes nothing, and names who paused it."""
    assert run(["pause", "--reason", "stock-taking"]) == EXIT_OK
    assert run(["agent", "run", "--once"]) == EXIT_OK
    assert "No more orders were taken. This PC is paused (kim: stock-taking)." in capsys.readouterr().err
    assert run(["orders", "list", "--json"]) == EXIT_OK
    assert [order["status"] for order in json.loads(capsys.readouterr().out)["orders"]] == ["waiting"] * 3


def test_one_turn_that_cannot_look_says_so(shop: PortalSimulator, capsys) -> None:
    """With its exit code too: a script would take the night's orders for none."""
    shop.set_fault("error_500", rate=1.0)
    assert run(["agent", "run", "--once"]) == EXIT_FAILED
    assert "The ledger could not be looked at" in capsys.readouterr().err


def test_one_turn_with_a_wrong_password_names_the_command_that_mends_it(shop: PortalSimulator, monkeypatch, capsys) -> None:
    """Not only that it was rejected; with the right one the next turn works."""
    with monkeypatch.context() as wrong:
        wrong.setenv("ONBAM_PORTAL_PASSWORD", "wrong")
        assert run(["agent", "run", "--once"]) == EXIT_FAILED
    assert "onbam secret set portal.password" in capsys.readouterr().err
    assert run(["agent", "run", "--once"]) == EXIT_OK
    assert "secret set" not in capsys.readouterr().err


def test_a_second_agent_by_hand_is_told_of_the_first(shop: PortalSimulator, onbam: Onbam, capsys) -> None:
    """Which process, since when; not that another PC has this PC's id, and nothing is to be deleted."""
    first = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        sit_down(onbam, first.pid)
        assert run(["--lang", "ko", "agent", "run", "--once"]) == EXIT_FAILED
        said = capsys.readouterr().err
        assert "[ERROR] 이미 실행 중인 프로세스가 있습니다" in said
        assert f"PID {first.pid}, " in said
        assert "machine.json" not in said
    finally:
        first.communicate(b"\n")
    assert run(["agent", "run", "--once"]) == EXIT_OK


def test_what_a_crash_left_in_the_list_keeps_nobody_out(shop: PortalSimulator, onbam: Onbam) -> None:
    """A number that belongs to a younger process is not the agent's any more."""
    sit_down(onbam, os.getppid())
    assert onbam.registry is not None
    [peer] = onbam.registry.peers()
    from onbam.cli.agent import _works_here

    assert _works_here(onbam, peer)
    assert not _works_here(onbam, replace(peer, started_at_ms=0))
    assert not _works_here(onbam, replace(peer, name="PC-Z", ip="10.9.9.9"))


def test_the_list_of_pcs_carries_the_record_of_their_beats(shop: PortalSimulator, onbam: Onbam, capsys) -> None:
    """For programs: the letters, what they come to, and the sentence of the tooltip."""
    agent = agent_of(onbam.machine_id, onbam.host, SEAT, onbam.chance)
    assert onbam.registry is not None
    onbam.registry.join(agent, version="1", pid=1, due_in_ms=DUE_MS)
    assert onbam.registry.beat(agent, doing="", due_in_ms=DUE_MS)
    assert run(["machines", "--json"]) == EXIT_OK
    [told] = json.loads(capsys.readouterr().out)["agents"]
    [peer] = onbam.registry.peers()
    assert told["beats"] == peer.beats(peer.beat_at_ms).to_json()
    assert (told["beats"]["marks"], told["due_at_ms"]) == ("|.", peer.due_at_ms)


# -- sweeping ---------------------------------------------------------------------------------------------------------------


def test_a_look_by_hand_says_who_takes_it_up(shop: PortalSimulator, onbam: Onbam, capsys) -> None:
    """Nobody while no PC works, the pause while one stands, and how many PCs else."""
    assert run(["sweep"]) == EXIT_OK
    said = capsys.readouterr().out
    assert "3 new" in said
    assert "No PC is at work now" in said
    sit_down(onbam, os.getpid())
    shop.book.add(shop.now(), number="", kind="임업", lines=[])
    assert run(["sweep"]) == EXIT_OK
    assert "PCs at work: 1." in capsys.readouterr().out
    assert run(["pause", "--all", "--reason", "wrong prices"]) == EXIT_OK
    shop.book.add(shop.now(), number="", kind="임업", lines=[])
    assert run(["sweep"]) == EXIT_OK
    assert "Work is stopped, so nobody takes them up: Every PC is paused (kim: wrong prices)." in capsys.readouterr().out


# -- stopping ---------------------------------------------------------------------------------------------------------------


def test_a_stop_file_is_the_reason_of_a_pc_and_of_its_orders(shop: PortalSimulator, onbam: Onbam, capsys) -> None:
    """The list of PCs and the order itself name the file, and no PC is said to take the order."""
    sit_down(onbam, os.getpid())
    (onbam.home / "PAUSE").write_text("wrong prices", "utf-8")
    assert run(["sweep"]) == EXIT_OK
    assert "Work is stopped, so nobody takes them up: The file PAUSE" in capsys.readouterr().out
    assert run(["machines", "--json"]) == EXIT_OK
    data = json.loads(capsys.readouterr().out)
    assert "wrong prices" in data["stopped_here"]["en"]
    assert [agent["why"]["rule"] for agent in data["agents"]] == ["pause.file"]
    number = onbam.claims.find(Filter(), limit=1).items[0].key
    assert run(["orders", "show", number]) == EXIT_OK
    assert "Work is stopped" in capsys.readouterr().out


def test_a_pause_that_is_set_again_keeps_its_reason(home: Path, onbam: Onbam) -> None:
    """A second press says nothing new; another reason does."""
    assert run(["pause", "--all", "--reason", "wrong prices"]) == EXIT_OK
    assert run(["pause", "--all"]) == EXIT_OK
    assert [pause.why for pause in onbam.pauses.standing()] == ["wrong prices"]
    assert run(["pause", "--all", "--reason", "still wrong"]) == EXIT_OK
    assert [pause.why for pause in onbam.pauses.standing()] == ["still wrong"]


def test_lifting_a_pause_names_every_stop_that_stays_and_what_lifts_it(home: Path, capsys) -> None:
    """A file is deleted, another scope has its own command; only when nothing stands was nothing paused."""
    assert run(["resume"]) == EXIT_OK
    assert "Nothing was paused." in capsys.readouterr().out
    (home / "PAUSE").write_text("", "utf-8")
    assert run(["pause", "--all", "--reason", "wrong prices"]) == EXIT_OK
    capsys.readouterr()
    assert run(["resume"]) == EXIT_OK
    said = capsys.readouterr().out.replace("\n", " ")
    assert "Nothing was paused." not in said
    assert "so this PC sends nothing (no reason given)" in said
    assert "when this file is deleted" in said
    assert "onbam resume --all" in said
