"""The command line's frame: two languages, exit codes, late imports, errors a person can follow."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from onbam.cli import care_words as say
from onbam.cli.app import App
from onbam.cli.frame import Context, Group, Option
from onbam.cli.main import TABLE, onbam, run

WHOLE = (".", ".)", "NAME", "--seed 7")
"""How a sentence of a help page ends; an example to be typed ends without a stop."""


def walk(command: click.Command, name: str, ctx: click.Context) -> list[tuple[str, click.Command, click.Context]]:
    """Every command below this one."""
    here = Context(command, info_name=name, parent=ctx)
    found = [(here.command_path, command, here)]
    if isinstance(command, click.Group):
        for sub in command.list_commands(here):
            inner = command.get_command(here, sub)
            assert inner is not None
            found += walk(inner, sub, here)
    return found


def everything(lang: str) -> list[tuple[str, click.Command, click.Context]]:
    """The whole tree, as seen in one language."""
    app = App(lang_chosen=lang)  # type: ignore[arg-type]
    return walk(onbam, "onbam", Context(onbam, info_name="", obj=app))


def test_the_language_of_a_flag_holds_for_the_call_itself(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """As the help of `--set` shows it; `--lang` has the last word."""
    run(["--home", str(tmp_path), "--set", "app.language=ko", "ps"])
    assert "지킴이가 돌고 있지 않습니다" in capsys.readouterr().out
    run(["--home", str(tmp_path), "--set", "app.language=ko", "--lang", "en", "ps"])
    assert "The guard is not running" in capsys.readouterr().out


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_command_explains_itself_in_both_languages(lang: str) -> None:
    """A help page in one language has no sentence in the other."""
    for path, command, ctx in everything(lang):
        text = command.get_help(ctx)
        assert ("사용법" if lang == "ko" else "Usage") in text, path
        has_hangul = any("가" <= letter <= "힣" for letter in text)
        assert has_hangul == (lang == "ko"), f"{path}:\n{text}"
        texts = [command.text, *(one.text for one in command.params if isinstance(one, Option))]  # type: ignore[attr-defined]
        first = [one.to(lang).split("\n\n")[0] for one in texts]  # type: ignore[arg-type]
        assert [one for one in first if not one.endswith(WHOLE)] == [], path


def test_the_first_help_page_imports_nothing_heavy() -> None:
    """`onbam --help` answers without the database, the tables' drawer or a web client."""
    heavy = ("rich", "sqlalchemy", "structlog", "httpx2", "google", "alembic", "cryptography", "openpyxl")
    program = (
        "import sys; from onbam.cli.main import run; run(['--help']); "
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_the_first_help_page_enters_no_room() -> None:
    """`onbam --help` loads the command line and the kernel; a room is loaded by the command that needs it."""
    program = "import sys; from onbam.cli.main import run; run(['--help']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    rooms = {name.split(".")[1] for name in done.stderr.split() if name.startswith("onbam.")}
    assert rooms <= {"cli", "kernel"}


def test_the_table_names_commands_that_exist() -> None:
    """Every entry leads to a command of its name."""
    ctx = Context(onbam, info_name="onbam", obj=App())
    for name in TABLE:
        command = onbam.get_command(ctx, name)
        assert command is not None
        assert command.name == name
    assert isinstance(onbam, Group)


@pytest.mark.parametrize("words", [["orders", "list"], ["down"]])
def test_a_home_with_a_wrong_letter_makes_no_new_shop(tmp_path, capsys, words) -> None:
    """It is named, nothing is made there, and nothing is said to be stopped; only `init` makes a folder."""
    wrong = tmp_path / "shpo"
    assert run(["--home", str(wrong), "--lang", "ko", *words]) == 78
    said = capsys.readouterr().err
    assert f"{wrong} 폴더가 없습니다" in said
    assert "init" in said
    assert not wrong.exists()
    assert run(["--home", str(wrong), "init", "--yes", "--answer", "language=ko"]) == 0


@pytest.mark.parametrize("named", ["option", "variable"])
@pytest.mark.parametrize("words", ["doctor", "ps", "config show", "init --yes", "db status", "ensure", "up", "orders list"])
def test_a_file_is_no_home(tmp_path, capsys, monkeypatch, words, named) -> None:
    """Whichever command, and however it was named: the sentence says that it is a file, and which folder it lies in."""
    file = tmp_path / "onbam.toml"
    file.touch()
    monkeypatch.setenv("ONBAM_HOME", str(file) if named == "variable" else str(tmp_path))
    where = ["--home", str(file)] if named == "option" else []
    assert run([*where, "--lang", "en", *words.split()]) == 78
    said = capsys.readouterr().err
    assert f"{file} is a file" in said
    assert f'--home "{tmp_path}"' in said
    assert [path.name for path in tmp_path.iterdir()] == ["onbam.toml"]


def test_a_group_alone_shows_its_commands_and_nothing_about_a_mistake(capsys) -> None:
    """`onbam orders`: the help begins at once, in the reader's language; nothing was done."""
    assert run(["--lang", "ko", "orders"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("사용법: onbam orders")
    assert "list" in said


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--lang", "en", "nonsense"], 2, "There is no command 'nonsense'"),
        (["--lang", "ko", "nonsense"], 2, "'nonsense'라는 명령은 없습니다"),
        (["--lang", "en", "confg"], 2, "Did you mean 'config'?"),
        (["--lang", "ko", "claims", "lst"], 2, "'list'를 쓰려던"),
        (["--lang", "ko", "claims", "list", "--limit", "abc"], 2, "정수여야 합니다"),
        (["--lang", "ko", "claims", "list", "--limit", "0"], 2, "1에서"),
        (["--lang", "ko", "claims", "selftest", "--store", "shets"], 2, "database, sheets, sheet 중 하나"),
        (["--lang", "en", "claims", "selftest", "--store", "shets"], 2, "Did you mean 'sheets'?"),
        (["--lang", "ko", "claims", "show", "1", "2"], 2, "더 쓴 것이 있습니다: 2"),
        (["--lang", "ko", "claims", "selftest", "--store"], 2, "뒤에 값을 쓰십시오"),
        (["--lang", "ko", "claims", "cleanup", "--max-age-days", "x"], 2, "숫자여야 합니다"),
        (["--lang", "en", "config", "show", "nonsense"], 1, "There is no setting with 'nonsense'"),
        (["--lang", "en", "config", "list", "databse"], 1, "Did you mean 'database'?"),
        (["--lang", "en", "claims", "list", "--nonsense"], 2, "There is no option '--nonsense'"),
        (["demo", "--lang", "en"], 2, "'--lang' stands before the command: onbam --lang [ko|en] demo"),
        (
            ["orders", "list", "--set", "a=b", "--lang", "ko"],
            2,
            "'--set'는 명령 앞에 쓰십시오: onbam --set NAME=VALUE orders list",
        ),
        (
            ["--lang", "en", "orders", "list", "--no-color"],
            2,
            "'--no-color' stands before the command: onbam --no-color orders",
        ),
        (["--lang", "en", "report", "--until", "soon"], 2, "The value of '--until' is not usable: 'soon' is no date"),
        (["--lang", "en", "timeline", "--date", "soon"], 2, "The value of '--date' is not usable: 'soon' is no date"),
        (["--lang", "en", "claims", "show"], 2, "'key' is needed"),
        (["--lang", "en", "claims", "list", "--limit", "0"], 2, "The value of '--limit' is not usable"),
        (["--lang", "en", "--set", "app", "claims", "list"], 2, "name=value"),
        (["--lang", "en", "--set", "app.langage=ko", "claims", "list"], 78, "Did you mean 'app.language'?"),
        (["--lang", "en", "--set", "claims.timeout_s=1", "claims", "list"], 78, "Use a value from 30 to 86400"),
    ],
)
def test_a_mistake_ends_with_its_code_and_the_fix(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, told: str
) -> None:
    """2 for wrong usage, 78 for wrong settings; one or two sentences on standard error, nothing on standard output."""
    assert run(["--home", str(tmp_path), *words]) == code
    captured = capsys.readouterr()
    assert told in captured.err
    assert captured.out == ""


RUNS_ON = {"agent run", "watchdog", "web run", "sim"}
"""They run until Ctrl-C: what they do is read by other commands."""
ANSWERS_WITH_A_FILE = {"completion"}
"""Its answer is a shell's program already."""
KEEPS_A_SECRET = {"secret set", "secret new-key", "secret remove"}
"""Acts on what is never shown; `secret list --json` says what there is."""


def test_every_command_answers_scripts_too() -> None:
    """`--json` stands on every command that answers at all."""
    without = set()
    for path, command, _ in everything("en"):
        if not isinstance(command, click.Group) and "--json" not in {name for one in command.params for name in one.opts}:
            without.add(path.partition("onbam ")[2])
    assert without == RUNS_ON | ANSWERS_WITH_A_FILE | KEEPS_A_SECRET


@pytest.mark.parametrize("as_json", [True, False])
def test_changes_are_followed_line_by_line(
    as_json: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`claims watch` tells each change as it happens, to a person or to a script."""
    old = tmp_path / "v10_history.json"
    old.write_text('{"2601050229": {"status": "completed"}}', encoding="utf-8")

    def first_pause(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("onbam.cli.claims._end", lambda _: 0)
    monkeypatch.setattr("onbam.kernel.clock.SystemClock.wait", first_pause)
    here = ["--home", str(tmp_path), "--lang", "en", "claims"]
    assert run([*here, "import-history", str(old)]) == 0
    capsys.readouterr()
    assert run([*here, "watch", *(["--json"] if as_json else [])]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    if as_json:
        told = json.loads(line)
        assert (told["key"], told["what"], told["who"]) == ("*", "item.remembered", "system:claims")
    else:
        assert line.endswith("remembered  system:claims")


@pytest.mark.parametrize(
    ("shell", "typing", "answer"),
    [
        ("bash", {"COMP_CWORD": "1"}, "plain,orders"),
        ("zsh", {"COMP_CWORD": "1"}, "plain\norders\n"),
        ("fish", {"COMP_CWORD": "or"}, "plain,orders\t"),
        ("powershell", {"COMP_INCOMPLETE": "or"}, "orders\t"),
    ],
)
def test_each_shell_completes_in_its_own_form(shell: str, typing: dict[str, str], answer: str) -> None:
    """`onbam or<TAB>` offers the orders, asked in the way the lines of `onbam completion` ask."""
    asked = {**os.environ, "COMP_WORDS": "onbam or", "_ONBAM_COMPLETE": f"{shell}_complete", "PYTHONUTF8": "1", **typing}
    command = [sys.executable, "-m", "onbam"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=asked, check=True)
    assert done.stdout.startswith(answer)


@pytest.mark.parametrize(("told", "plain"), [("", False), ("NO_COLOR=1", True), ("--no-color", True)])
def test_colour_is_for_terminals_whose_person_wants_it(told: str, plain: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe gets none; a terminal gets it unless NO_COLOR or --no-color says otherwise."""
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr("sys.stdout.isatty", lambda: False)
    assert App().out.is_terminal is False
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    if told.startswith("NO_COLOR"):
        monkeypatch.setenv("NO_COLOR", "1")
    out = App(color=told != "--no-color").out
    with out.capture() as drawn:
        out.print("bad", style="red")
    assert ("31m" in drawn.get()) is not plain


@pytest.mark.parametrize("total", [None, 3.0])
def test_an_answer_into_a_file_stays_out_of_the_bar(
    total: float | None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`onbam … > answer.txt` at a terminal: the bar is drawn on standard error, the answer still lands in the file."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setattr("sys.stdout.isatty", lambda: False)
    app = App()
    with app.progress(say.CHECKING, total) as advance:
        app.say("the answer")
        advance(1)
    captured = capsys.readouterr()
    assert captured.out == "the answer\n"
    assert app.words(say.CHECKING) in captured.err
    assert "None" not in captured.err


def test_a_script_gets_its_errors_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What asked for JSON can read what went wrong."""
    sheet = ["--set", "claims.store=sheets", "--set", "sheets.spreadsheet_id=x"]
    assert run(["--home", str(tmp_path), "--lang", "en", *sheet, "claims", "list", "--json"]) == 78
    error = json.loads(capsys.readouterr().err)["error"]
    assert error["kind"] == "Misconfigured"
    assert "google_oauth_credentials.json" in error["message"]
    assert (error["message"], error["hint"]) == (error["message_en"], error["hint_en"])
    assert re.search("[가-힣]", error["message_ko"])
    assert re.search("[가-힣]", error["hint_ko"])
    assert run(["--home", str(tmp_path), "--lang", "ko", "timeline", "--date", "soon", "--json"]) == 2
    error = json.loads(capsys.readouterr().err)["error"]
    assert "'soon'" in error["message_ko"]
    assert not re.search("[가-힣]", error["message_en"])


def test_an_answer_a_full_disk_does_not_take_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`onbam config show > file` at the worst moment: no traceback."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(App, "emit", full)
    assert run(["--home", str(tmp_path), "--lang", "ko", "config", "path"]) == 1
    assert "디스크에 자리가 없습니다" in capsys.readouterr().err


def test_the_version_and_completion_answer(capsys: pytest.CaptureFixture[str]) -> None:
    """The two things installers ask first."""
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("onbam ")
    for shell in ("bash", "zsh", "fish", "powershell"):
        assert run(["completion", shell]) == 0
        assert "_ONBAM_COMPLETE" in capsys.readouterr().out


def test_the_options_of_a_simulator_are_shown_behind_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    """`onbam sim portal --help` is the portal's help and not the command's."""
    with pytest.raises(SystemExit) as ended:
        run(["sim", "portal", "--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert all(option in said for option in ("--port", "--seed", "--orders", "--faults"))


@pytest.mark.parametrize("words", [["--help"], ["config", "show"], ["config", "list"]])
def test_a_reader_who_has_seen_enough_is_no_failure(words: list[str], tmp_path: Path) -> None:
    """`onbam config list | head -1` under `pipefail`: 1 is what a refusal says."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "onbam", "--home", str(tmp_path), *words],
            stdout=writing,
            stderr=subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")
