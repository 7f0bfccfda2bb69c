"""Settings changed on a page: judged as at a start, written where people read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from onbam.bootstrap import Onbam, Settings
from onbam.care.editing import SAFE, Editing, with_value
from onbam.kernel.errors import Damaged, Misconfigured, OnbamError, Refused
from onbam.kernel.settings import TOML_NAME, known

FILE = """# 우리 가게
[schedules]
opens = "07:00"  # 일곱 시
weekdays = ["mon", "tue"]

[notices]
# 조용한 시간
quiet = "22:00-06:00"
"""


def desk(home: Path, text: str = FILE, **environ: str) -> tuple[Onbam, Editing]:
    """A shop with this file."""
    (home / TOML_NAME).write_text(text, "utf-8")
    onbam = Onbam(home, environ)
    return onbam, onbam.editing


def change(editing: Editing, name: str, raw: str | None, was: str | None = None) -> None:
    """By a person."""
    editing.change(name, raw, was=was, who="person:kim", why="여름 시간", machine="PC-A-1")


def test_a_change_keeps_the_file_and_stands_in_the_journal(tmp_path: Path) -> None:
    """One line is different: comments, order and the other values stay; who, why, from and to are told."""
    onbam, editing = desk(tmp_path)
    change(editing, "schedules.opens", "05:30", was="07:00")
    change(editing, "schedules.closes", "19:00")
    change(editing, "guard.renew", "false")
    change(editing, "schedules.weekdays", "mon, tue, wed")
    assert (
        (tmp_path / TOML_NAME).read_text("utf-8")
        == """# 우리 가게
[schedules]
opens = "05:30"  # 일곱 시
weekdays = ["mon", "tue", "wed"]
closes = "19:00"

[notices]
# 조용한 시간
quiet = "22:00-06:00"

[guard]
renew = false
"""
    )
    line = onbam.journal.read(0).entries[0].line
    assert (line.what, line.kind, line.key, line.who, line.why) == (
        "setting.changed",
        "setting",
        "schedules.opens",
        "person:kim",
        "여름 시간",
    )
    assert (line.data["from"], line.data["to"], line.data["machine"]) == ("07:00", "05:30", "PC-A-1")
    found = editing.editable()["schedules.opens"]
    assert (found.now, found.pending, found.own, found.blocked) == ("05:30", True, True, "")
    assert onbam.settings.schedules.opens == "07:00"
    assert Onbam(tmp_path, {}).loaded.origins["schedules.opens"].where == f"{TOML_NAME}:3"
    onbam.close()


def test_the_default_comes_back_when_a_value_is_taken_out(tmp_path: Path) -> None:
    """Its line goes, nothing else does."""
    onbam, editing = desk(tmp_path)
    change(editing, "schedules.opens", None)
    assert (tmp_path / TOML_NAME).read_text("utf-8") == FILE.replace('opens = "07:00"  # 일곱 시\n', "")
    assert not editing.editable()["schedules.opens"].own
    onbam.close()


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("schedules.cycle_minutes", "0"),
        ("schedules.cycle_minutes", "soon"),
        ("schedules.opens", "25:99"),
        ("notices.quiet", "late"),
        ("notices.mail_floor", "loud"),
        ("guard.renew_at", "dawn"),
        ("schedules.weekdays", "someday"),
        ("schedules.opens", "06:00\x00"),
        ("schedules.opens", "\ud800"),
    ],
)
def test_what_a_start_would_refuse_is_not_written(tmp_path: Path, name: str, raw: str) -> None:
    """The same code judges it, also what only the room understands; the file stays as it was."""
    onbam, editing = desk(tmp_path)
    with pytest.raises(OnbamError) as caught:
        change(editing, name, raw)
    assert caught.value.message.to("ko")
    assert (tmp_path / TOML_NAME).read_text("utf-8") == FILE
    onbam.close()


def test_only_the_named_list_can_be_changed(tmp_path: Path) -> None:
    """No secret, no address, no folder, nothing that decides who works on what; every name on the list is a setting."""
    onbam, editing = desk(tmp_path)
    for name in ("claims.enabled", "database.url", "web.host", "portal.url", "nothing.here"):
        with pytest.raises(Refused):
            change(editing, name, "x")
    every = {item.dotted: item for item in known(Settings)}
    assert [name for name in SAFE if name not in every or every[name].secret] == []
    onbam.close()


def test_a_place_that_wins_is_named(tmp_path: Path) -> None:
    """What stands in .env is not written beside it; whoever saw another value is told."""
    (tmp_path / ".env").write_text("ONBAM_SCHEDULES_CLOSES=17:00\n", "utf-8")
    onbam, editing = desk(tmp_path)
    assert editing.editable()["schedules.closes"].blocked == ".env:1"
    with pytest.raises(Refused, match=r"\.env:1"):
        change(editing, "schedules.closes", "19:00")
    with pytest.raises(Refused, match="07:00"):
        change(editing, "schedules.opens", "05:30", was="06:00")
    onbam.close()


def test_a_file_of_an_odd_shape_is_left_alone() -> None:
    """A value over several lines, two sections of one name in dotted keys: refused, never guessed."""
    with pytest.raises(Refused):
        with_value('[schedules]\nweekdays = [\n "mon",\n]\n', "schedules", "weekdays", '["tue"]')
    with pytest.raises(Damaged):
        with_value('schedules = { opens = "06:00" }\n', "schedules", "closes", '"19:00"')
    assert with_value('a = 1\nschedules.opens = "06:00"\n', "schedules", "opens", '"07:00"').endswith(
        'schedules.opens = "07:00"\n'
    )
    assert with_value('[a]\nx = "#1" # y\n', "a", "x", "2") == "[a]\nx = 2  # y\n"


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    """Broken before us: the start says where, and so does the page."""
    onbam, editing = desk(tmp_path)
    onbam.loaded  # noqa: B018 -- read while it was whole
    (tmp_path / TOML_NAME).write_text("[schedules\n", "utf-8")
    with pytest.raises(Misconfigured, match=TOML_NAME):
        change(editing, "schedules.opens", "05:30")
    onbam.close()
