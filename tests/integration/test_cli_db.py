"""`onbam db`: the shop's database seen, copied, moved and taken back, by a person at a terminal."""

from __future__ import annotations

import json
import shlex
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from onbam.cli.main import run


class Shop:
    """A shop's folder and its command line."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self._capsys = capsys

    def asks(self, *words: str, code: int = 0) -> Any:
        """What the command answers as JSON."""
        assert run(["--home", str(self.home), "--lang", "en", *words, "--json"]) == code
        captured = self._capsys.readouterr()
        return json.loads(captured.out if code == 0 else captured.err)

    def said(self) -> str:
        """What a person has read since."""
        captured = self._capsys.readouterr()
        return captured.out + captured.err


@pytest.fixture
def shop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shop:
    """A shop in a folder with a space and Korean letters, with one remembered order."""
    home = tmp_path / "가게 a"
    home.mkdir()
    made = Shop(home, capsys)
    (home / "v10_history.json").write_text('["2601050229"]')
    assert made.asks("claims", "import-history", str(home / "v10_history.json"))["new"] == 1
    return made


def test_the_status_looks_and_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A new folder has no schema, and asking does not make one."""
    empty = Shop(tmp_path, capsys)
    assert empty.asks("db", "status")["schema"] is None
    assert empty.asks("db", "status")["schema"] is None
    upgraded = empty.asks("db", "upgrade")
    assert (upgraded["before"], upgraded["after"]) == (None, empty.asks("db", "status")["schema"])


def test_the_steps_a_copy_names_are_the_steps_that_go_back(shop: Shop) -> None:
    """Into the living file nothing is put, and the refusal says what to move; with the file aside its own line works."""
    made = shop.asks("db", "backup")
    steps = made["restore"].splitlines()
    assert "onbam down" in steps[1]
    assert "move it" in shop.asks("db", "restore", made["path"], code=1)["error"]["hint"]
    for file in shop.home.glob("data/onbam.db*"):
        if file.name != "onbam.db.made":
            file.rename(shop.home / file.name)
    words = shlex.split(steps[3].removeprefix("3. onbam "))
    assert shop.asks(*words)["rows"] >= 1


def test_a_copy_can_be_put_back(shop: Shop) -> None:
    """What a copy holds comes back in an empty database."""
    copy = shop.asks("db", "backup")["path"]
    assert shop.asks("db", "status")["last_backup"] == copy
    (shop.home / "onbam.toml").write_text('[database]\nurl = "sqlite:///{data}/other.db"\n')
    assert shop.asks("db", "restore", copy)["rows"] >= 1
    assert shop.asks("claims", "show", "2601050229")["state"] == "completed"


def test_a_copy_that_was_put_back_sends_nothing_by_itself(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was entered after the copy was made is not in it: every PC waits until a person has looked."""
    copy = shop.asks("db", "backup")["path"]
    (shop.home / "onbam.toml").write_text('[database]\nurl = "sqlite:///{data}/other.db"\n')
    stops: list[Callable[[], object]] = []
    with monkeypatch.context() as patch:
        patch.setattr("onbam.database.backup.finish", lambda *given: stops.append(given[-1]))
        shop.asks("db", "restore", copy)
    assert len(stops) == 1, "the stop is set before anybody may use the rows"
    assert shop.asks("claims", "list", code=78)
    assert shop.asks("db", "restore", copy)["paused"]
    assert shop.asks("resume")["still"]
    assert shop.asks("resume", "--all") == {"lifted": True, "still": None}


def test_a_move_closes_the_old_place_until_it_is_taken_back(shop: Shop) -> None:
    """Nobody can go on working in the place that was left by mistake."""
    target = f"sqlite:///{(shop.home / 'data' / 'new.db').as_posix()}"
    assert shop.asks("db", "move", target)["rows"] >= 1
    refused = shop.asks("claims", "list", code=78)["error"]
    assert "moved" in refused["message"]
    assert "reopen" in refused["hint"]
    assert shop.asks("db", "reopen")["tables"] > 0
    assert shop.asks("claims", "show", "2601050229")["state"] == "completed"


def test_this_pc_names_itself_the_same_every_time(shop: Shop) -> None:
    """A14: the machine's id is made once and kept; nobody works here yet."""
    first = shop.asks("machines")
    assert first == shop.asks("machines")
    assert first["machine_id"]
    assert first["agents"] == []


def gone(shop: Shop, how: str) -> None:
    """The shop's file after an accident; its logs went with it."""
    file = shop.home / "data" / "onbam.db"
    for end in ("-wal", "-shm"):
        file.with_name(file.name + end).unlink(missing_ok=True)
    if how == "gone":
        file.unlink()
    elif how == "emptied":
        file.write_bytes(b"")
    elif how == "without tables":
        file.unlink()
        with closing(sqlite3.connect(file)) as raw:
            raw.execute("PRAGMA journal_mode=WAL")
    else:
        content = file.read_bytes()
        file.write_bytes(b"\xff" * 200 + content[200:])


@pytest.mark.parametrize("how", ["gone", "emptied", "without tables"])
@pytest.mark.parametrize("copied", [True, False])
def test_a_shop_that_lost_its_file_is_not_taken_for_a_new_one(shop: Shop, how: str, *, copied: bool) -> None:
    """T5, A24: nothing is made in its place, the last copy is named, and the check-up is red."""
    copy = Path(shop.asks("db", "backup")["path"]) if copied else None
    gone(shop, how)
    file = shop.home / "data" / "onbam.db"
    before = file.read_bytes() if file.exists() else None
    error = shop.asks("claims", "list", code=1)["error"]
    assert error["kind"] == "Damaged"
    if how == "without tables":
        assert shop.asks("db", "status")["emptied"]["ko"] == f"{error['message_ko']} {error['hint_ko']}"
    assert (copy.name if copy else "onbam.db.made") in error["hint"]
    assert run(["--home", str(shop.home), "--lang", "en", "doctor"]) == 1
    assert "held records before" in shop.said()
    assert (file.read_bytes() if file.exists() else None) == before


@pytest.mark.parametrize("how", ["gone", "emptied", "without tables", "overwritten"])
def test_the_way_back_works_when_it_is_needed(shop: Shop, how: str) -> None:
    """The damaged file is kept under a name that tells so, and what was completed is known again."""
    copy = shop.asks("db", "backup")["path"]
    gone(shop, how)
    file = shop.home / "data" / "onbam.db"
    before = [file.read_bytes()] if how in ("emptied", "overwritten") else []  # there is nothing to keep of the others
    aside = shop.asks("db", "restore", copy)["aside"]
    assert [Path(path).read_bytes() for path in aside] == before
    assert shop.asks("claims", "show", "2601050229")["state"] == "completed"


def test_a_bad_copy_is_not_taken_for_a_bad_database(shop: Shop) -> None:
    """What is wrong is said of the copy, and the shop goes on."""
    junk, other = shop.home / "junk.db", shop.home / "other.db"
    junk.write_bytes(b"no database" * 500)
    with closing(sqlite3.connect(other)) as raw:
        raw.execute("CREATE TABLE of_somebody_else (one INTEGER)")
    for copy in (junk, other):
        error = shop.asks("db", "restore", str(copy), code=1)["error"]
        assert (error["kind"], copy.name in error["message"]) == ("Refused", True)
        assert "Nothing was changed" in error["hint"]
    assert shop.asks("claims", "show", "2601050229")["state"] == "completed"


def test_nothing_is_put_aside_while_onbam_runs(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that still has the file open would go on writing into it."""
    copy = shop.asks("db", "backup")["path"]
    gone(shop, "overwritten")
    monkeypatch.setattr("onbam.guard.lock.is_held", lambda *_: True)
    assert "onbam down" in shop.asks("db", "restore", copy, code=1)["error"]["hint"]
    assert list((shop.home / "data").glob("*.damaged-*")) == []
