"""The front door opens: first start, every later start, extras, moves, changes of the locks."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from support import little
from support.little import BASE_PYTHON, HOME, Little, seen

pytestmark = [pytest.mark.needs("uv"), pytest.mark.skipif(sys.platform == "win32", reason="POSIX paths of the environment")]
PREPARING = "Preparing the environment"


@pytest.fixture
def fresh(tmp_path: Path) -> Little:
    """A folder nobody has started yet."""
    return little.build(tmp_path)


@pytest.fixture
def ready(fresh: Little) -> Little:
    """The same after its first start."""
    assert fresh.start("hello").returncode == 0
    return fresh


def test_the_first_start_in_a_folder_with_space_and_hangul_makes_the_environment_and_runs(fresh: Little) -> None:
    """One command in a fresh folder: the program runs with its arguments, its home and UTF-8, from its own environment."""
    done = fresh.start("hello", "세계")
    assert PREPARING in done.stderr
    answer = seen(done)
    assert answer["arguments"] == ["hello", "세계"]
    assert answer["home"] == str(fresh.root)
    assert answer["prefix"] == str(fresh.venv)
    assert answer["utf8"] == 1


def test_a_second_start_is_silent_and_needs_no_network(ready: Little) -> None:
    """Once made, the environment is not looked for again: no word, no index, no uv."""
    done = ready.start("hello", offline=True, uv=False)
    assert seen(done)["has"] == ["lamp"]
    assert done.stderr == ""


def test_what_lies_in_the_folder_one_stands_in_is_no_part_of_the_program(ready: Little) -> None:
    """Somebody's own `lamp.py` beside their orders is neither run by a start nor by the launcher."""
    folder = ready.root.parent
    for name in ("lamp", "onbam", "json"):
        (folder / f"{name}.py").write_text("raise SystemExit('taken over')\n", encoding="utf-8")
    assert seen(ready.start("hello"))["has"] == ["lamp"]
    launched = subprocess.run(
        [str(ready.venv / "bin" / "onbam"), "hello"],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        env=ready.environ(),
        check=False,
    )
    assert seen(launched)["arguments"] == ["hello"]


def test_a_second_start_imports_nothing_of_its_own(ready: Little) -> None:
    """What a fitting environment costs is a bare Python start: run.py loads no module that Python has not loaded already."""

    def imported(*command: str) -> set[str]:
        done = subprocess.run(
            [BASE_PYTHON, "-X", "importtime", *command], capture_output=True, encoding="utf-8", env=ready.environ(), check=True
        )
        return {line.rsplit("|", 1)[1].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}

    assert imported(str(ready.root / "run.py"), "hello") <= imported("-c", "pass")


def test_bytecode_is_ready_also_for_those_who_may_not_write_it(fresh: Little) -> None:
    """A service's account may not write it and some people forbid it: what every command loads was compiled while preparing."""
    fresh.extra["PYTHONDONTWRITEBYTECODE"] = "1"
    assert fresh.start("hello").returncode == 0
    for folder in (fresh.root / "src" / "onbam", fresh.site / "lamp"):
        assert list((folder / "__pycache__").glob("__init__.*.pyc")), folder


def test_the_programs_exit_code_is_the_doors_exit_code(ready: Little) -> None:
    """A script that calls run.py sees what the program said."""
    assert ready.start("exit", "37").returncode == 37


def test_no_words_show_what_can_be_done_and_make_nothing(fresh: Little) -> None:
    """`run.py` alone answers at once, in both languages, and leaves the folder as it was."""
    done = fresh.start()
    assert done.returncode == 0
    for part in ("run.py demo", "run.py test", "모든 시험", "every test"):
        assert part in done.stdout
    assert not fresh.venv.exists()


@pytest.mark.parametrize(
    ("arguments", "extra"),
    [
        (["bench", "list"], "star"),
        (["--lang", "ko", "bench"], "star"),
        (["agent", "--store", "postgres"], "moon"),
        (["db", "move", "postgresql+psycopg://127.0.0.1/x"], "moon"),
        (["db", "move", "embedded"], "moon"),
        (["--set", "database.url=embedded", "db", "status"], "moon"),
        (["--with", "postgres", "hello"], "moon"),
    ],
)
def test_a_command_brings_the_extra_it_needs(ready: Little, arguments: list[str], extra: str) -> None:
    """Only what the command needs is installed, when it first needs it, and stays for the others."""
    assert seen(ready.start("hello"))["has"] == ["lamp"]
    assert seen(ready.start(*arguments))["has"] == ["lamp", extra]
    done = ready.start("hello", offline=True)
    assert seen(done)["has"] == ["lamp", extra]
    assert done.stderr == ""


@pytest.mark.parametrize("place", [".env", "onbam.toml", "environment"])
def test_a_database_address_in_the_settings_brings_its_driver(ready: Little, place: str) -> None:
    """Whoever sets a PostgreSQL address need not know that a driver exists; a commented line is no setting."""
    address = "postgresql+psycopg://onbam@127.0.0.1/onbam"
    if place == "environment":
        ready.extra["ONBAM_DATABASE_URL"] = address
    else:
        (ready.root / place).write_text(f'# url = "{address}"\n', encoding="utf-8")
        assert seen(ready.start("hello"))["has"] == ["lamp"]
        (ready.root / place).write_text(f'url = "{address}"\n', encoding="utf-8")
    assert seen(ready.start("hello"))["has"] == ["lamp", "moon"]


@pytest.mark.parametrize("line", ["ONBAM_DATABASE_URL=embedded", 'url = "embedded"  # ours', "ONBAM_DATABASE_URL='embedded'"])
def test_a_shop_that_wants_our_own_postgresql_gets_its_programs(ready: Little, line: str) -> None:
    """One word in the settings is enough; the account that runs it is no address."""
    (ready.root / ".env").write_text('embedded_user = "postgres"\n# url = embedded\n', encoding="utf-8")
    assert seen(ready.start("hello"))["has"] == ["lamp"]
    (ready.root / ".env").write_text(line + "\n", encoding="utf-8")
    assert seen(ready.start("hello"))["has"] == ["lamp", "moon"]


def test_an_address_in_a_file_of_its_own_is_found(ready: Little, tmp_path: Path) -> None:
    """The address is a secret and may rest in a file that only one account reads."""
    secret = tmp_path / "address"
    secret.write_text("postgresql://onbam:secret@127.0.0.1/onbam\n", encoding="utf-8")
    ready.extra["ONBAM_DATABASE_URL_FILE"] = str(secret)
    assert seen(ready.start("hello"))["has"] == ["lamp", "moon"]


def test_an_unknown_extra_is_told_with_the_known_ones(fresh: Little) -> None:
    """A typing mistake installs nothing."""
    done = fresh.start("--with", "postgers", "hello")
    assert done.returncode == 2
    assert "bench, postgres" in done.stderr
    assert not fresh.venv.exists()


def test_a_changed_lock_is_installed_and_a_merely_touched_one_is_not(ready: Little) -> None:
    """The lock's content decides; its date (a fresh checkout) costs one silent look."""
    lock = ready.root / "locks" / "core.txt"
    os.utime(lock, (1, 1))
    done = ready.start("hello")
    assert (seen(done)["lamp"], done.stderr) == ("1.0", "")
    ready.lock("core", little.make_wheel(ready.shelf, "lamp", "2.0"))
    done = ready.start("hello")
    assert seen(done)["lamp"] == "2.0"
    assert PREPARING in done.stderr


def test_a_moved_folder_goes_on_without_network(ready: Little) -> None:
    """Rename the shop's folder: the program, its launcher and the tools of the environment work from the new place."""
    ready.root = ready.root.rename(ready.root.parent / "옮긴 곳 b")
    done = ready.start("hello", offline=True)
    assert seen(done)["prefix"] == str(ready.venv)
    for name in ("onbam", "lamp"):
        tool = subprocess.run([ready.venv / "bin" / name, "hello"], capture_output=True, encoding="utf-8", check=False)
        assert tool.returncode == 0, tool.stderr
        assert "lamp" in tool.stdout
    assert ready.start("hello", offline=True).stderr == ""


def test_an_environment_somebody_made_is_adopted_with_what_is_in_it(fresh: Little) -> None:
    """A developer's own .venv gets what is missing and loses nothing."""
    uv = fresh.tools() / "uv"
    subprocess.run([uv, "venv", "-q", "--python", BASE_PYTHON, fresh.venv], env=fresh.environ(), check=True)
    keepsake = fresh.site / "keepsake.py"
    keepsake.write_text("mine = True\n", encoding="utf-8")
    assert seen(fresh.start("hello"))["has"] == ["lamp"]
    assert keepsake.exists()


def test_another_python_does_not_replace_a_working_environment(ready: Little, tmp_path: Path) -> None:
    """Somebody installs a newer Python: the shop's environment stays on the one it was made with."""
    other = tmp_path / "other"
    subprocess.run([BASE_PYTHON, "-m", "venv", "--without-pip", other], check=True)
    done = subprocess.run(
        [other / "bin" / "python", ready.root / "run.py", "hello"],
        capture_output=True,
        encoding="utf-8",
        env=ready.environ(offline=True),
        check=False,
    )
    assert seen(done)["prefix"] == str(ready.venv)
    assert done.stderr == ""


def test_without_uv_pip_does_the_work(fresh: Little) -> None:
    """No uv on the path and none to be had: Python's own pip installs the same locks."""
    answer = seen(fresh.start("bench", uv=False))
    assert answer["has"] == ["lamp", "star"]


def test_two_first_starts_take_turns(fresh: Little) -> None:
    """Three double clicks at once: one prepares, the others wait, all run."""
    running = [fresh.spawn("hello", str(number)) for number in range(3)]
    ended = [(process, *process.communicate(timeout=little.START_LIMIT_S)) for process in running]
    assert [process.returncode for process, _, _ in ended] == [0, 0, 0]
    assert sum(PREPARING in told for _, _, told in ended) == 1


def test_the_door_is_readable_for_an_old_python() -> None:
    """Any Python since 2.7 can read run.py to the sentence that asks for a newer one, and nothing newer stands before it."""
    text = (HOME / "run.py").read_text(encoding="utf-8")
    assert text.startswith("# -*- coding: utf-8 -*-\n")
    tree = ast.parse(text, feature_version=(3, 0))
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [node.names[0].name for node in imports] == ["os", "sys"]
    too_new = (ast.Starred, ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Nonlocal, ast.YieldFrom, ast.AsyncFunctionDef)
    for node in ast.walk(tree):
        assert not isinstance(node, too_new), f"line {getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.FunctionDef):
            arguments = node.args.args
            assert not node.args.kwonlyargs, node.name
            assert [node.returns, *(one.annotation for one in arguments)] == [None] * (len(arguments) + 1), node.name
        if isinstance(node, ast.Dict):
            assert None not in node.keys, f"line {node.lineno}"
