"""What the guard reads: its own share, whatever is wrong elsewhere, and the shop's own programs."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from onbam.bootstrap import Settings
from onbam.guard.settings import LogFolder, Share, read_share
from onbam.kernel.errors import Misconfigured
from onbam.kernel.settings import Loaded, known, load
from onbam.logs.settings import LogSettings

TOML = """
[app]
language = "ko"

[process.my-robot]
command = ["python", "robot.py", "--only", "a,b"]
env.NAME = "값"
memory_mb = 300

[process.old]
command = "pythonw main.py"
watch = "file"
timeout_s = 900
"""


def written(home: Path, toml: str, env: str = "") -> Path:
    """A shop's folder with these files."""
    (home / "onbam.toml").write_text(toml, "utf-8")
    (home / ".env").write_text(env, "utf-8")
    return home


def whole(home: Path) -> Loaded[Settings]:
    """The whole tree."""
    return load(Settings, home, {})


def test_a_shop_names_its_own_programs(tmp_path: Path) -> None:
    """Each section is read under its name, lists and tables as they stand, with the line of every value."""
    loaded = whole(written(tmp_path, TOML))
    robot, old = loaded.tree.process["my-robot"], loaded.tree.process["old"]
    assert robot.command == ("python", "robot.py", "--only", "a,b")
    assert (robot.env, robot.memory_mb, robot.watch) == ({"NAME": "값"}, 300, "auto")
    assert (old.command, old.watch, old.timeout_s) == ("pythonw main.py", "file", 900)
    assert loaded.origins["process.old.timeout_s"].where == "onbam.toml:13"


@pytest.mark.parametrize(
    ("toml", "names"),
    [
        ("[process.My_Robot]\ncommand = 'x'", "[process.My_Robot]"),
        ("[process.'a b']\ncommand = 'x'", "[process.a b]"),
        ("[process]\ncommand = 'x'", "[process.command]"),
        ("[process.x]\ncomand = 'x'", "process.x.comand"),
        ("[process.x]\nmemory_mb = -1", "process.x.memory_mb"),
        ("[process.x]\nwatch = 'always'", "process.x.watch"),
    ],
)
def test_a_wrong_section_is_named(tmp_path: Path, toml: str, names: str) -> None:
    """A name that cannot be one, an unknown value, a wrong value: each names itself."""
    with pytest.raises(Misconfigured) as caught:
        whole(written(tmp_path, toml))
    assert names in str(caught.value)


def test_the_guard_passes_over_what_others_know(tmp_path: Path) -> None:
    """Another room's wrong values do not keep the guard from reading its own."""
    home = written(tmp_path, f"{TOML}\n[claims]\nstore = 7\n[nonsense]\nx = 1\n", "NONSENSE=1\nONBAM_GUARD_STOP_S=5\n")
    share = read_share(home, {"ONBAM_NONSENSE": "x", "ONBAM_LOGS_FOLDER": "protokolle"}, {"claims.store": "x"}).tree
    assert set(share.process) == {"my-robot", "old"}
    assert (share.guard.stop_s, share.logs.folder, share.app.language) == (5, Path("protokolle"), "ko")
    with pytest.raises(Misconfigured):
        whole(home)


def test_the_share_is_a_part_of_the_whole() -> None:
    """Every setting the guard reads by itself exists for all, with the same default."""
    everyone = {item.dotted: item.default for item in known(Settings)}
    assert {item.dotted: item.default for item in known(Share)}.items() <= everyone.items()
    assert {f.name for f in fields(LogFolder)} < {f.name for f in fields(LogSettings)}


def test_children_may_carry_the_guards_variables(tmp_path: Path) -> None:
    """What the guard gives a child is no unknown setting to it."""
    load(Settings, tmp_path, {"ONBAM_PROCESS": "agent", "ONBAM_RUN": "r1", "ONBAM_BEAT": "/x"})


def test_a_family_may_be_empty(tmp_path: Path) -> None:
    """Without a section there are none."""
    assert whole(tmp_path).tree.process == {}
