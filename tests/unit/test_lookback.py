"""`onbam incidents`, `check`, `report`, `timeline`: looking back at the terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from onbam.bootstrap import Onbam
from onbam.cli.main import run
from onbam.guard import incidents as evidence
from onbam.journal.model import Line
from onbam.kernel.errors import EXIT_FAILED, EXIT_OK, EXIT_USAGE

ID = "20260114-140058-agent"
SECRET = "Kz7QxStackWm3"


class Shop:
    """A folder and its terminal."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self._capsys = home, capsys
        self.err = ""

    def run(self, *words: str, lang: str = "ko") -> tuple[int, str]:
        """One command: its exit code and what it printed."""
        code = run(["--home", str(self.home), "--lang", lang, *words])
        captured = self._capsys.readouterr()
        self.err = captured.err
        return code, captured.out

    def json(self, *words: str, code: int = EXIT_OK) -> Any:
        """What it answers a script."""
        ended, out = self.run(*words, "--json")
        assert ended == code, self.err
        return json.loads(out)


@pytest.fixture
def shop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shop:
    """A shop with two incidents and the logs of two days."""
    folder = tmp_path / "data" / "incidents"
    for name, process in ((ID, "agent"), ("20260113-180112-agent", "agent")):
        (folder / name).mkdir(parents=True)
        found = {
            "id": name,
            "at": f"{name[:4]}-{name[4:6]}-{name[6:8]}T14:00:58+09:00",
            "process": process,
            "run": "x",
            "pid": 88332,
            "why": {"ko": "60초 동안 소식 없음", "en": "silent for 60 s"},
            "silence_s": 60.0,
            "limit_s": 55.0,
            "step": "document",
            "item": "order:2601050229",
            "stacks": f'File "flow.py", line 7 in fetch  password={SECRET}',
            "lines": ["2026-01-14 13:59:58 문서를 기다림"],
            "memory_mb": 120.5,
            "beat": None,
        }
        (folder / name / evidence.FILE).write_text(json.dumps(found, ensure_ascii=False), "utf-8")
    logs = tmp_path / "logs"
    logs.mkdir()
    first = {"at": "2026-01-12T21:00:00.000Z", "level": "info", "event": "시작", "process": "agent", "pid": 1}
    last = {"at": "2026-01-13T09:01:12.000Z", "level": "error", "event": f"password={SECRET}", "process": "agent", "pid": 1}
    (logs / "app_20260113.json").write_text(f"{json.dumps(first)}\n{json.dumps(last)}\n", "utf-8")
    again = {"at": "2026-01-14T05:48:00.000Z", "level": "info", "event": "다시 시작", "process": "agent", "pid": 2}
    (logs / "app_20260114.json").write_text(f"{json.dumps(again)}\n", "utf-8")
    return Shop(tmp_path, capsys)


def test_incidents_are_listed_the_newest_first_and_shown_whole(shop: Shop) -> None:
    """When, what, why; stacks and last words; no secret; an unknown one is named."""
    assert [one["id"] for one in shop.json("incidents")["incidents"]] == [ID, "20260113-180112-agent"]
    assert shop.json("incidents", "list")["incidents"][0]["item"] == "order:2601050229"
    assert ID in shop.run("incidents")[1]
    code, out = shop.run("incidents", "show", "latest")
    assert code == EXIT_OK
    for part in (ID, "60초 동안 소식 없음", "flow.py", "문서를 기다림", "memory_mb: 120.5", "order:2601050229"):
        assert part in out
    assert SECRET not in out + json.dumps(shop.json("incidents", "show", ID))
    assert shop.run("incidents", "show", "nothing")[0] == EXIT_FAILED
    assert "latest" in shop.err


def test_b62_a_day_is_told_from_our_own_logs_and_the_journal(shop: Shop) -> None:
    """The hole of that evening, its length, its share of business hours; the journal's lines count when there is one."""
    found = shop.json("timeline", "--date", "2026-01-13")
    (hole,) = (hole for hole in found["holes"] if hole["begins"].startswith("2026-01-13T18:01:12"))
    assert (hole["ends"], hole["lasted_s"], hole["open_s"]) == ("2026-01-14T14:48:00.000+09:00", 74808.0, 31680.0)
    assert (found["lines"], found["files"], found["errors"]) == (2, 2, 1)
    assert not (shop.home / "data" / "onbam.db").exists()
    code, out = shop.run("timeline", "--date", "2026-01-13")
    assert (code, "20:46:48 동안 기록 없음 (업무 시간 8:48:00)" in out, SECRET in out) == (EXIT_OK, True, False)
    with Onbam(shop.home, {}) as onbam:
        onbam.journal.append(
            [Line("process.died", "process", "PC-A/agent", "system:guard", "x", {"at": "2026-01-13T10:00:00+00:00"})]
        )
    assert shop.run("timeline", "--date", "the 13th")[0] == EXIT_USAGE
    today = shop.json("timeline")
    assert today["begins"][:10] != "2026-01-13"


def test_foreign_logs_are_read_alone(shop: Shop, tmp_path: Path) -> None:
    """Another robot's folder; ours is not mixed in; in English too."""
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "v9_20260113.log").write_text("2026-01-13 17:00:00 INFO PID: 41800 x\n2026-01-13 18:01:00 INFO x\n", "utf-8")
    found = shop.json("timeline", "--date", "2026-01-13", "--logs", str(theirs), "--gap", "30")
    assert [one["who"] for one in found["ran"]] == ["v9"]
    code, out = shop.run("timeline", "--date", "2026-01-13", "--logs", str(theirs), lang="en")
    assert (code, "nothing written for" in out) == (EXIT_OK, True)
    empty = shop.run("timeline", "--date", "2020-01-13", "--logs", str(theirs))
    assert "기록이 없습니다" in empty[1]


def test_the_daily_check_ends_with_1_when_something_is_bad(shop: Shop) -> None:
    """Nothing runs here: the three lines stand first, JSON has the same and the findings."""
    code, out = shop.run("check", "--daily")
    lines = out.splitlines()
    assert (code, lines[0].endswith("시스템 상태 체크")) == (EXIT_FAILED, True)
    assert lines[1:3] == ["  프로세스 수: 0 (예상: 1)", "  하트비트: 없음 (예상: <30분)"]
    data = shop.json("check", code=EXIT_FAILED)
    assert (data["processes"], data["state"]) == (0, "bad")
    assert [one["name"] for one in data["findings"]][:4] == ["log-today", "one-process", "heartbeat", "lock"]


def test_the_report_answers_for_a_week_or_a_month(shop: Shop) -> None:
    """Figures for scripts; sentences for people in both languages; not both lengths at once."""
    week = shop.json("report", "--week", "--until", "2026-01-14")
    assert (week["first"], week["last"], week["days"]) == ("2026-01-08", "2026-01-14", 7)
    assert (week["logged"], week["duplicates"], week["as_promised"]) == (["2026-01-13", "2026-01-14"], 0, False)
    assert week["longest_silence_s"] == 12 * 3600.0
    assert shop.json("report", "--month", "--until", "2026-01-14")["days"] == 30
    out = shop.run("report", "--until", "2026-01-14")[1]
    assert "일일 재시작 성공 0/7" in out
    assert "로그 파일 일일 갱신 2/7" in out
    assert "하트비트 주기 이상 3번" in out
    assert "daily renewal 0/7" in shop.run("report", "--until", "2026-01-14", lang="en")[1]
    assert shop.run("report", "--week", "--month")[0] == EXIT_USAGE
