"""`onbam db`: the shop's database seen, copied, moved and taken back, by a person at a terminal."""

from __future__ import annotations

import json
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


def test_a_copy_can_be_put_back(shop: Shop) -> None:
    """What a copy holds comes back in an empty database."""
    copy = shop.asks("db", "backup")["path"]
    assert shop.asks("db", "status")["last_backup"] == copy
    (shop.home / "onbam.toml").write_text('[database]\nurl = "sqlite:///{data}/other.db"\n')
    assert shop.asks("db", "restore", copy)["rows"] >= 1
    assert shop.asks("claims", "show", "2601050229")["state"] == "completed"


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
