"""The settings that were good last: kept as they were, found where the files as they stand cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from onbam.bootstrap import Onbam
from onbam.guard import lastgood
from onbam.guard.settings import GuardSettings, LogFolder, ProcessSettings, Share, read_share
from onbam.kernel.app_settings import AppSettings
from onbam.kernel.errors import Misconfigured
from onbam.kernel.files import open_to_others

HARD = 'a "b" \\ \n\t값 \x7f [x] = 3 # no'
SHARE = Share(
    app=AppSettings(language="ko", data=Path("자료")),
    guard=GuardSettings(run=(), check_s=1.5, renew=False),
    logs=LogFolder(Path("기록")),
    process={
        "one": ProcessSettings(command=("py", HARD, "a,b"), env={"NAME": HARD, "b.c": "x"}, memory_mb=3, timeout_s=15.5),
        "two": ProcessSettings(command="pythonw main.py", watch="file", renew=True, enabled=False),
    },
)


def test_what_is_kept_comes_back_as_it_was(tmp_path: Path) -> None:
    """Every value of the share, whatever letters stand in it; private to its owner."""
    lastgood.keep(tmp_path, SHARE)
    assert lastgood.kept(tmp_path) == SHARE
    assert not open_to_others(tmp_path / lastgood.FOLDER / "onbam.toml")


def test_a_file_that_is_nonsense_leads_to_what_was_good_last(tmp_path: Path) -> None:
    """The data folder is found line by line, the rest comes from what was kept; the error is told."""
    lastgood.keep(tmp_path / "자료" / "run", SHARE)
    (tmp_path / "onbam.toml").write_text("[app]\ndata = '자료' # here\n[process.one\n", "utf-8")
    read = lastgood.read(tmp_path, {}, {})
    assert (read.share, read.known, read.run_folder(tmp_path)) == (SHARE, True, tmp_path / "자료" / "run")
    assert "line 3" in str(read.trouble)


@pytest.mark.parametrize(
    ("toml", "dotenv", "environ", "flags", "data"),
    [
        ("[x", "", {}, {}, "data"),
        ("app.data = 'a'\n[x", "", {}, {}, "a"),
        ("[other]\ndata = 'a'\n[app]\n data = \"b\"\n[x", "", {}, {}, "b"),
        ("[app]\ndata = 'a'\n[x", "ONBAM_APP_DATA=c\n", {}, {}, "c"),
        ("[app]\ndata = 'a'\n[x", "ONBAM_APP_DATA=c\n", {"ONBAM_APP_DATA": "d"}, {}, "d"),
        ("[app]\ndata = 'a'\n[x", "", {"ONBAM_APP_DATA": "d"}, {"app.data": "e"}, "e"),
    ],
)
def test_the_data_folder_is_found_in_the_order_of_the_settings(
    tmp_path: Path, toml: str, dotenv: str, environ: dict[str, str], flags: dict[str, str], data: str
) -> None:
    """Flag, environment, .env, onbam.toml, default."""
    (tmp_path / "onbam.toml").write_text(toml, "utf-8")
    (tmp_path / ".env").write_text(dotenv, "utf-8")
    read = lastgood.read(tmp_path, environ, flags)
    assert (read.share.app.data, read.known) == (Path(data), False)


def test_nonsense_that_was_kept_is_as_good_as_nothing(tmp_path: Path) -> None:
    """Nothing is believed that cannot be read."""
    (tmp_path / lastgood.FOLDER).mkdir()
    (tmp_path / lastgood.FOLDER / "onbam.toml").write_text("[process", "utf-8")
    assert lastgood.kept(tmp_path) is None


def test_a_wrong_section_is_left_out_and_told(tmp_path: Path) -> None:
    """Its file, its line, and what was probably meant; a name that cannot be one and a wrong value too."""
    sections = ("a]\ncomand = 'x'", "B]\ncommand = 'x'", "c]\ncommand = 'x'\nmemory_mb = -1", "d]\ncommand = 'x'")
    (tmp_path / "onbam.toml").write_text("".join(f"[process.{text}\n" for text in sections), "utf-8")
    loaded = read_share(tmp_path, {}, {})
    assert list(loaded.tree.process) == ["d"]
    assert set(loaded.wrong) == {"process.a", "process.B", "process.c"}
    assert "onbam.toml:2" in str(loaded.wrong["process.a"])
    assert "process.a.command" in loaded.wrong["process.a"].hint.to("en")


def test_what_the_guard_started_works_beside_a_wrong_section_of_another(tmp_path: Path) -> None:
    """The agent and the web read the whole tree: a robot's mistyped section is told by the guard and by other commands."""
    (tmp_path / "onbam.toml").write_text("[guard]\nmain = 'typo'\n[process.typo]\ncomand = 'x'\n", "utf-8")
    assert Onbam(tmp_path, {"ONBAM_PROCESS": "web"}).settings.process == {}
    with pytest.raises(Misconfigured, match=r"process\.typo\.comand"):
        _ = Onbam(tmp_path, {}).settings
