"""`onbam ps` on a terminal of eighty columns: every row whole, no letter cut off."""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from onbam.bootstrap import Onbam
from onbam.cli.app import App
from onbam.cli.guard_calls import sentence
from onbam.cli.main import run
from onbam.cli.ps import _picture
from onbam.kernel.words import Text
from onbam.notices.model import Cause, Severity

NARROW = 80


def program(name: str, **more: Any) -> dict[str, Any]:
    """A program as the guard tells of it."""
    known = {"name": name, "state": "up", "life": "idle", "step": "", "item": "", "why": None, "beat_age_s": 12, "pid": 26222}
    known["wish"] = "up"
    return {**known, "since": "2026-11-22T09:28:00", "memory_mb": 104, "restarts": 0, **more}


def drawn(*programs: dict[str, Any]) -> str:
    """What a Korean reader sees."""
    app = App()
    app.lang_chosen = "ko"
    console = Console(file=io.StringIO(), width=NARROW, force_terminal=False)
    console.print(
        _picture(app, {"sentence": "모두 정상입니다.", "needs": None, "paused": [], "trouble": [], "processes": list(programs)})
    )
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return text


def test_programs_at_rest_fit_a_line_each() -> None:
    """Without room kept for what nobody does."""
    lines = drawn(program("agent"), program("web")).splitlines()
    assert len(lines) == 5
    assert max(cell_len(line) for line in lines) <= NARROW


def test_what_went_wrong_is_folded_and_not_cut() -> None:
    """Korean letters are two cells wide; a line that is full loses none."""
    why = "127.0.0.1:5080에서 들을 수 없습니다. 대시보드가 이미 켜져 있거나 다른 프로그램이 그 포트를 씁니다."
    shown = drawn(program("web", state="misconfigured", why={"ko": why, "en": "?"}, beat_age_s=None, pid=None))
    assert "…" not in shown
    assert Counter(letter for letter in why if letter.isalpha()) <= Counter(shown)


def asked(capsys: pytest.CaptureFixture[str], home: Path, *words: str) -> str:
    """What a command answers."""
    run(["--home", str(home), "--lang", "en", *words])
    return capsys.readouterr().out


def test_a_stop_stands_below_the_sentence_with_what_lifts_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For people and for scripts, of this PC, of all and by the file; a PC that never worked is given nothing by looking."""
    assert json.loads(asked(capsys, tmp_path, "ps", "--json"))["paused"] == []
    assert list(tmp_path.iterdir()) == []
    asked(capsys, tmp_path, "pause", "--reason", "wrong prices")
    shown = asked(capsys, tmp_path, "ps")
    assert "This PC is paused" in shown
    assert "wrong prices" in shown
    assert "onbam resume" in shown
    asked(capsys, tmp_path, "pause", "--all", "--reason", "a holiday")
    (tmp_path / "PAUSE").write_text("the van is full", "utf-8")
    stops = json.loads(asked(capsys, tmp_path, "ps", "--json"))["paused"]
    assert [next(why for why in ("van", "prices", "holiday") if why in stop["why"]["en"]) for stop in stops] == [
        "van", "prices", "holiday",
    ]  # fmt: skip
    assert all(stop["why"]["ko"] != stop["why"]["en"] for stop in stops)
    (tmp_path / "PAUSE").unlink()
    asked(capsys, tmp_path, "resume", "--all")
    asked(capsys, tmp_path, "resume")
    assert json.loads(asked(capsys, tmp_path, "ps", "--json"))["paused"] == []


def test_what_urgently_needs_a_person_stands_below_the_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Programs can run and get nothing done: the ERP rejects the log-in. What the guard tells of programs, their rows say."""
    with Onbam(tmp_path, {}) as onbam:
        for key, severity in (
            ("disk", Severity.WARN),
            ("process.stuck:web", Severity.URGENT),
            ("credentials:erp", Severity.URGENT),
        ):
            said = Text(ko=f"{key} 이야기", en=f"story of {key}")()
            onbam.notices.open(Cause(key, severity, said, said))
    shown = asked(capsys, tmp_path, "ps")
    assert "Something needs you: story of credentials:erp → onbam notices list" in shown
    assert "stuck" not in shown
    answer = json.loads(asked(capsys, tmp_path, "ps", "--json"))
    assert [one["key"] for one in answer["urgent"]] == ["credentials:erp"]
    assert answer["needs"]["ko"].startswith("확인할 일이 있습니다. credentials:erp 이야기")
    with Onbam(tmp_path, {}) as onbam:
        onbam.notices.resolve("credentials:erp", who="person:kim", why="put right")
    assert json.loads(asked(capsys, tmp_path, "ps", "--json"))["needs"] is None


def test_nobody_is_told_that_all_is_well_above_something_urgent() -> None:
    """The programs run; whether all is well is another question."""
    both = [program("agent"), program("web")]
    assert sentence(both).to("en") == "All is well. 2 programs are running."
    assert sentence(both, quiet=False).to("en") == "2 programs are running."
    assert sentence(both[:1], quiet=False).to("ko") == "프로그램 1개가 돌고 있습니다."
    ends = program("robot", state="slow", why={"ko": "robot이 스스로 끝남", "en": "robot ended by itself"})
    assert sentence([ends]).to("ko") == "robot: 자꾸 끝나 천천히 다시 시작. robot이 스스로 끝남 → onbam logs robot"
    assert sentence([ends]).to("en") == "robot: keeps ending, restarted slowly. robot ended by itself → onbam logs robot"


def test_a_database_out_of_reach_keeps_nobody_from_seeing_what_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file is told of all the same; what cannot be asked is left out."""
    (tmp_path / "onbam.toml").write_text('[database]\nurl = "postgresql://u:p@127.0.0.1:1/shop"\n', "utf-8")
    (tmp_path / "PAUSE").touch()
    answer = json.loads(asked(capsys, tmp_path, "ps", "--json"))
    assert (answer["guard"], len(answer["paused"])) == (None, 1)


def test_who_has_seen_enough_ends_the_look_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`ps --watch` ends with Ctrl-C as it says: exit code 0, and no word of stopping that might be taken for the programs."""

    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("onbam.kernel.clock.SystemClock.wait", pressed)
    assert run(["--home", str(tmp_path), "--lang", "en", "ps", "--watch"]) == 0
    assert capsys.readouterr().err == ""
