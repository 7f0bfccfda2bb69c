"""`onbam orders list|show|retry|…|paste`: the desk at a terminal, against a real database in a folder."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from onbam.bootstrap import Onbam
from onbam.claims.asks import Command, New
from onbam.claims.claims import Claims
from onbam.claims.model import Act, Agent, Ref, State
from onbam.cli.main import run
from onbam.cli.orders_clipboard import copied
from onbam.effects.model import Effect
from onbam.effects.perform import Effects, Receipt
from onbam.effects.permit import Permit
from onbam.kernel.errors import EXIT_FAILED, EXIT_OK, EXIT_USAGE, OutcomeUnknown
from onbam.orders.codefile import csv_bytes
from onbam.orders.codes import Rule, cells_of, escaped
from onbam.orders.evidence import DOCUMENT, HTML
from onbam.orders.flow_words import TAKEN_BACK
from onbam.orders.model import order_ref
from onbam.orders.understanding import understand_bytes
from onbam_sims.portal import Plan, PortalSimulator, document_page, encode
from support.claim_stands import A
from support.waiting import until

ORDERS = PortalSimulator(seed=7, plan=Plan(orders=30, days=3)).book.at(float("inf"))
NUMBERS = [order.number for order in ORDERS]
TIMEOUT_S = 0.2


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shop's folder, English."""
    monkeypatch.setenv("ONBAM_HOME", str(tmp_path))
    monkeypatch.setenv("ONBAM_LANG", "en")
    monkeypatch.setenv("USER", "kim")
    monkeypatch.setenv("USERNAME", "kim")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return tmp_path


@pytest.fixture
def onbam(home: Path) -> Iterator[Onbam]:
    """The installation itself, for putting orders into it."""
    with Onbam(home, os.environ) as made:
        yield made


def ended(onbam: Onbam, ref: Ref, state: State, by: Agent = A, **ending: str) -> None:
    """An attempt that ended so."""
    claims = Claims(onbam.claims, by, onbam.clock)
    (held,) = claims.take([ref]).held
    claims.finish(held, state, **ending)
    then_ms = onbam.claims.now_ms()
    until(lambda: onbam.claims.now_ms() > then_ms, what="whatever ends next ends later than this")


def doubt(onbam: Onbam, ref: Ref) -> None:
    """Sent, and no answer."""
    claims = Claims(onbam.claims, A, onbam.clock)

    def silent(_: Permit) -> Receipt:
        raise OutcomeUnknown("no answer")

    (held,) = claims.take([ref]).held
    with pytest.raises(OutcomeUnknown):
        Effects(onbam.ledger, claims, onbam.notices).perform(
            held, Effect(ref.key, "ecount.purchase", "h", TIMEOUT_S, start_s=TIMEOUT_S), silent
        )


def some(onbam: Onbam) -> list[str]:
    """A failed, a parked and a completed order, and one that waits."""
    refs = [order_ref(number) for number in NUMBERS[:4]]
    onbam.claims.add([New(ref) for ref in refs])
    ended(onbam, refs[0], State.FAILED, note="portal answers 502")
    ended(onbam, refs[1], State.PARKED, note="no code")
    ended(onbam, refs[2], State.COMPLETED, receipt="20260105-3")
    return [ref.key for ref in refs]


def answer(capsys, *words: str, code: int = EXIT_OK):
    """The JSON a command answers."""
    assert run(["orders", *words, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_an_empty_shop_says_what_comes_next(home, capsys) -> None:
    """No orders is no error, and says where they come from."""
    assert run(["orders", "list"]) == EXIT_OK
    assert "onbam agent run" in capsys.readouterr().out
    assert run(["orders", "list", "--needs-you"]) == EXIT_OK
    assert "All is well" in capsys.readouterr().out
    assert run(["orders", "list", "--state", "failed"]) == EXIT_OK
    assert "No order fits" in capsys.readouterr().out


def test_the_list_shows_counts_then_orders(onbam, capsys) -> None:
    """For people a sentence and rows, for scripts the same with the sheet's names."""
    keys = some(onbam)
    assert run(["orders", "list"]) == EXIT_OK
    said = capsys.readouterr().out
    assert said.startswith("waiting 1 ")
    assert all(key in said for key in keys)
    data = answer(capsys, "list")
    assert [order["order_id"] for order in data["orders"]] == [keys[2], keys[1], keys[0], keys[3]]
    assert list(data["orders"][0])[:5] == ["order_id", "locked_by", "status", "machine_id", "notes"]
    assert data["counts"]["completed_today"] == 1


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["502"], {0}),
        (["--state", "parked", "--state", "failed"], {0, 1}),
        (["--pc", "PC-A"], {0, 1, 2}),
        (["--pc", "PC-B"], set()),
        (["--since", "2h", "--state", "waiting"], {3}),
        (["--since", "today", "--until", "2020-01-01"], set()),
        (["--limit", "1"], {2}),
    ],
)
def test_the_list_is_narrowed(onbam, capsys, words, expected) -> None:
    """By words, state, PC and time."""
    keys = some(onbam)
    found = {order["order_id"] for order in answer(capsys, "list", *words)["orders"]}
    assert found == {keys[n] for n in expected}


def test_a_page_says_how_to_go_on(onbam, capsys) -> None:
    """And going on shows the rest."""
    keys = some(onbam)
    first = answer(capsys, "list", "--limit", "3")
    rest = answer(capsys, "list", "--limit", "3", "--after", first["after"])
    assert [o["order_id"] for o in rest["orders"]] == [keys[3]]
    assert run(["orders", "list", "--limit", "3"]) == EXIT_OK
    assert f"--after {first['after']}" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["--since", "soon"], ["--after", "there"], ["--until", "2026-13-01"]])
def test_what_is_no_moment_is_refused(onbam, capsys, words) -> None:
    """With an example."""
    assert run(["orders", "list", *words]) == EXIT_FAILED
    assert "→" in capsys.readouterr().err


def test_show_tells_the_story_to_its_end(onbam, capsys, tmp_path) -> None:
    """Every attempt, step, machine and piece of evidence; then why, and what next; the evidence as files."""
    key = some(onbam)[1]
    body = encode(document_page(ORDERS[1]), "utf-8").body
    onbam.evidence.keep(
        order_ref(key), token=1, attempt=1, step=DOCUMENT, name=f"../{key}.html", media=HTML, body=body, by=A.who
    )
    assert run(["orders", "show", key]) == EXIT_OK
    said = capsys.readouterr().out
    for words in (
        "parked",
        "attempt 1",
        "PC-A took it",
        "Fetched its document",
        "Parked: no code",
        "Nobody takes it until",
        "You may:",
    ):
        assert words in said
    assert said.index("PC-A took it") < said.index("Parked: no code") < said.index("Nobody takes it until")
    data = answer(capsys, "show", key, "--save", str(tmp_path / "out"))
    assert data["why"]["rule"] == "parked"
    assert data["acts"] == ["retry", "unhold", "cancel", "there"]
    assert {"item.added", "item.claimed", "item.parked", "evidence.document"} == {line["what"] for line in data["story"]}
    (file,) = (tmp_path / "out").iterdir()
    assert file.read_bytes() == body


def test_acts_on_numbers_are_done_with_a_reason(onbam, capsys) -> None:
    """Without a reason nothing; with several numbers each is done or named."""
    keys = some(onbam)
    assert run(["orders", "retry", keys[0]]) == EXIT_FAILED
    assert "say why" in capsys.readouterr().err
    data = answer(capsys, "retry", *keys[:3], "--reason", "portal is back", code=EXIT_FAILED)
    assert [order["order_id"] for order in data["done"]] == keys[:2]
    assert "20260105-3" in data["refused"][keys[2]]
    told = onbam.journal.about("order", keys[0], 1)[0].line
    assert (told.who, told.why) == ("person:kim", "portal is back")


def test_one_refusal_is_an_error_in_words(onbam, capsys) -> None:
    """Exit code 1, the reason and the way out."""
    keys = some(onbam)
    assert run(["orders", "cancel", keys[2], "--reason", "x"]) == EXIT_FAILED
    err = capsys.readouterr().err
    assert "never entered again" in err
    assert "→" in err


def test_many_are_changed_only_when_their_number_is_named(onbam, capsys) -> None:
    """A script names how many it expects; another count stops it."""
    some(onbam)
    for yes in ([], ["--yes", "3"]):
        assert run(["orders", "hold", "--state", "waiting", "--state", "failed", "--reason", "audit", *yes]) == EXIT_FAILED
        assert "Orders to 'park': 2;" in capsys.readouterr().err
    data = answer(capsys, "hold", "--state", "waiting", "--state", "failed", "--reason", "audit", "--yes", "2")
    assert len(data["done"]) == 2


def test_numbers_and_conditions_are_not_mixed(onbam, capsys) -> None:
    """Neither none of both nor both."""
    keys = some(onbam)
    assert run(["orders", "hold", "--reason", "x"]) == EXIT_USAGE
    assert run(["orders", "hold", keys[0], "--state", "failed", "--reason", "x"]) == EXIT_USAGE
    assert run(["orders", "list", "--state", "asleep"]) == EXIT_USAGE


def test_resolve_settles_a_doubt_either_way(onbam, capsys) -> None:
    """With its number at once; as not there after waiting until the call must be over."""
    refs = [order_ref(number) for number in NUMBERS[:2]]
    onbam.claims.add([New(ref) for ref in refs])
    for ref in refs:
        doubt(onbam, ref)
    needs = answer(capsys, "list", "--needs-you")
    assert (needs["after"], needs["looked_to_ms"]) == ("", None)
    (need, _) = needs["orders"]
    assert (need["state"], need["note"]) == (need["status"], need["notes"])
    assert (need["sort"], need["acts"]) == ("doubt", ["there", "not_there"])
    assert run(["orders", "resolve", refs[0].key, "--reason", "x"]) == EXIT_USAGE
    assert run(["orders", "resolve", refs[0].key, "--there", "1-1", "--not-there", "--reason", "x"]) == EXIT_USAGE
    done = answer(capsys, "resolve", refs[0].key, "--there", "20260105-9", "--reason", "seen")["done"][0]
    assert (done["status"], done["receipt"]) == ("completed", "20260105-9")
    assert run(["orders", "resolve", refs[1].key, "--not-there", "--no-wait", "--reason", "looked"]) == EXIT_FAILED
    assert "may still arrive" in capsys.readouterr().err
    done = answer(capsys, "resolve", refs[1].key, "--not-there", "--reason", "looked")["done"][0]
    assert done["status"] == "waiting"


def test_what_is_hardly_ever_meant_is_said_with_a_word_of_its_own(onbam, capsys) -> None:
    """A number that is none, another order's slip, an order that was never sent, one the supplier took back."""
    keys = some(onbam)
    there = ["orders", "resolve", keys[1], "--reason", "x", "--there"]
    assert run([*there, "20260105-8"]) == EXIT_FAILED
    assert "Onbam never sent order" in capsys.readouterr().err
    assert run([*there, "abc", "--sure"]) == EXIT_FAILED
    assert "as in 20260105-3" in capsys.readouterr().err
    assert run([*there, "20260105-3", "--sure"]) == EXIT_FAILED
    assert f"Slip 20260105-3 is order {keys[2]}'s already" in capsys.readouterr().err
    assert run([*there, "2026/01/05 -8", "--sure"]) == EXIT_OK
    assert onbam.desk.get(keys[1]).receipt == "20260105-8"
    onbam.claims.override([Command(order_ref(keys[3]), Act.CANCEL, "system:ledger", TAKEN_BACK.en)])
    capsys.readouterr()
    assert run(["orders", "retry", keys[3], "--reason", "x"]) == EXIT_FAILED
    assert "The supplier cancelled order" in capsys.readouterr().err
    assert run(["orders", "retry", keys[3], "--reason", "x", "--sure"]) == EXIT_OK
    assert onbam.desk.get(keys[3]).state is State.WAITING


def test_reconcile_reads_a_report_and_says_what_is_left(onbam, home, capsys) -> None:
    """A dry run changes nothing; then what is there is completed, and what is odd makes the exit code 1."""
    ref = order_ref(NUMBERS[0])
    onbam.claims.add([New(ref)])
    doubt(onbam, ref)
    report = home / "구매현황.csv"
    rows = f"회사명 : 온밤 / 구매현황 / 2026/01/01 ~ 2026/01/31\n일자-No.,적요,공급가액\n2026/01/05 -3,{ref.key} 9*60,1000\n"
    report.write_text(rows, "utf-8-sig")
    assert run(["orders", "reconcile", str(report)]) == EXIT_FAILED
    assert "say why" in capsys.readouterr().err
    dry = answer(capsys, "reconcile", str(report), "--dry-run", code=EXIT_FAILED)
    assert [(a["verdict"], a["number"]) for a in dry["doubts"]] == [("there", "20260105-3")]
    assert onbam.desk.get(ref.key).state is State.UNCERTAIN
    assert run(["orders", "reconcile", str(report), "--reason", "morning"]) == EXIT_OK
    assert "there, as slip 20260105-3" in capsys.readouterr().out
    assert onbam.desk.get(ref.key).receipt == "20260105-3"
    assert run(["orders", "reconcile", str(home / "codes.csv"), "--dry-run"]) == EXIT_FAILED
    (home / "holiday.xlsx").write_bytes(b"PK no")
    assert run(["orders", "reconcile", str(home / "holiday.xlsx"), "--dry-run"]) == EXIT_FAILED
    assert "holiday.xlsx" in capsys.readouterr().err


def taught(home: Path, *documents: bytes) -> None:
    """A code book that knows every line of these."""
    rules = []
    for body in documents:
        for line in understand_bytes(body).lines:
            rules.append(Rule(f"Y{len(rules)}", *map(escaped, cells_of(line))))
    (home / "codes.csv").write_bytes(csv_bytes({rule.key: rule for rule in rules}.values()))
    (home / "onbam.toml").write_text('[ecount]\ncustomer = "00001"\nwarehouse = "100"\n', "utf-8")


def test_a_note_is_shown_whole_on_a_narrow_terminal(home, capsys, monkeypatch) -> None:
    """Korean letters are two cells wide: where a line is full of them the last one is not cut off."""
    key = NUMBERS[0]
    with Onbam(home, os.environ) as onbam:
        onbam.claims.add([New(order_ref(key))])
        onbam.claims.override([Command(order_ref(key), Act.HOLD, "person:kim", "사람이 확인할 것이 다섯 가지 있습니다 " * 5)])
    for columns in range(70, 90):
        monkeypatch.setenv("COLUMNS", str(columns))
        assert run(["--lang", "ko", "orders", "list"]) == EXIT_OK
        assert "…" not in capsys.readouterr().out


def test_paste_makes_the_block_the_robot_would_have_sent(home, capsys) -> None:
    """Only when the robot cannot enter it at the same time; in the shop's thirty columns; to the screen, or a file."""
    body = encode(document_page(ORDERS[0]), "euc-kr").body
    taught(home, body)
    key = NUMBERS[0]
    with Onbam(home, os.environ) as onbam:
        onbam.claims.add([New(order_ref(key))])
        assert run(["orders", "paste", key]) == EXIT_FAILED
        assert "Park it first" in capsys.readouterr().err
        assert run(["orders", "paste", key, "--hold", "--reason", "interface is down"]) == EXIT_FAILED
        assert "not fetched yet" in capsys.readouterr().err
        onbam.evidence.keep(order_ref(key), token=1, attempt=1, step=DOCUMENT, name="d", media=HTML, body=body, by=A.who)
        assert run(["orders", "paste", key, "--hold", "--reason", "interface is down"]) == EXIT_OK, "parked already"
        out = capsys.readouterr()
        rows = out.out.strip("\n").split("\n")
        assert [len(row.split("\t")) for row in rows] == [30] * len(ORDERS[0].lines)
        assert all(key in row for row in rows)
        assert f"resolve {key} --there" in out.err
        assert run(["orders", "paste", key, "--out", str(home / "block.txt"), "--json"]) == EXIT_OK
        assert (home / "block.txt").read_text("utf-8-sig").replace("\r\n", "\n").strip("\n") == "\n".join(rows)
        capsys.readouterr()
        assert run(["orders", "resolve", key, "--there", "20260105-8", "--reason", "pasted"]) == EXIT_OK
        assert run(["orders", "paste", key]) == EXIT_FAILED
        assert "as slip 20260105-8" in capsys.readouterr().err
        assert run(["orders", "paste", key, "--again", "--hold", "--reason", "deleted"]) == EXIT_OK, "nothing to park"
        assert "Careful" in capsys.readouterr().err


def test_paste_warns_when_the_order_may_be_there(home, capsys) -> None:
    """A doubt: look first. And a document of another order, or one with something to look at, makes no block."""
    bodies = [encode(document_page(order), "utf-8").body for order in ORDERS[:2]]
    taught(home, bodies[0])
    for name, body in zip("ab", bodies, strict=True):
        (home / f"{name}.html").write_bytes(body)
    with Onbam(home, os.environ) as onbam:
        refs = [order_ref(number) for number in NUMBERS[:2]]
        onbam.claims.add([New(ref) for ref in refs])
        doubt(onbam, refs[0])
        data = answer(capsys, "paste", refs[0].key, "--document", str(home / "a.html"))
        assert "may be in the ERP already" in data["warnings"][0]
        assert run(["orders", "paste", refs[0].key, "--document", str(home / "b.html")]) == EXIT_FAILED
        assert NUMBERS[1] in capsys.readouterr().err
        held = ["--hold", "--reason", "x"]
        assert run(["orders", "paste", refs[1].key, "--document", str(home / "b.html"), *held]) == EXIT_FAILED
        assert "cannot be entered as it is" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="this system has a clipboard of its own")
def test_the_clipboard_takes_korean_whole(tmp_path, monkeypatch) -> None:
    """Through the program of the running desktop; without a desktop, or when it fails, there is none."""
    for name, script in (("xclip", f"cat > {tmp_path}/taken"), ("wl-copy", "exit 1")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert copied("문틀\t2\r\n", {}) == ""
    assert copied("문틀\t2\r\n", {"WAYLAND_DISPLAY": "wayland-0"}) == ""
    assert copied("문틀\t2\r\n", {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}) == "xclip"
    assert (tmp_path / "taken").read_bytes().decode() == "문틀\t2\r\n"
