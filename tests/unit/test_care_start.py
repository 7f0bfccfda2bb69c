"""The first settings: few questions, a reasoned choice, and no line of a person's ever lost."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onbam.bootstrap import Settings
from onbam.care import start
from onbam.care.questions import QUESTIONS, choose, complete, next_question
from onbam.care.start import IGNORED, apply, plan
from onbam.kernel import dotenv
from onbam.kernel.errors import Refused
from onbam.kernel.redact import Redactor
from onbam.kernel.settings import known, load
from support.sources import ROOT

URL = "postgresql://onbam:p#a'ss \"w$ord@server/onbam"
TODAY = date(2026, 2, 2)
ONE = {"language": "ko", "pcs": "one", "sheets": "no", "first_day": "today"}
MANY = {
    "language": "auto",
    "pcs": "several",
    "database": "yes",
    "database_url": URL,
    "sheets": "no",
    "latency": "no",
    "first_day": "all",
}
SHEET = {
    "language": "auto",
    "pcs": "several",
    "database": "no",
    "sheets": "yes",
    "sheet_id": "1AbC",
    "latency": "yes",
    "first_day": "2026-01-31",
}


def run(home, answers, given=()):
    made = plan(Settings, home, complete(answers), given, today=TODAY)
    return made, apply(made)


def read(home):
    return load(Settings, home, {}).tree


# -- the choice


@pytest.mark.parametrize(
    ("answers", "store", "because"),
    [
        (ONE, "local", "V8.1"),
        (MANY, "database", "V10"),
        (SHEET, "sheets", "quota"),
        (ONE | {"sheets": "yes", "sheet_id": "1"}, "local", "board"),
    ],
)
def test_the_store_follows_from_the_answers(answers, store, because):
    """And says why, in both languages."""
    choice = choose(complete(answers))
    assert choice.store == store
    assert because in " ".join(why.to("en") for why in choice.why)
    assert all(why.to("ko") for why in choice.why)


def test_a_bad_network_under_a_sheet_is_warned_about():
    """It would stand still, safely."""
    assert any("stands still" in why.to("en") for why in choose(complete(SHEET)).why)


def test_several_pcs_with_nothing_in_common_are_refused():
    """They would process the same order twice."""
    with pytest.raises(Refused, match="twice"):
        choose(complete({"pcs": "several"}))


def test_questions_are_asked_one_after_another():
    """Each only when the answers before it make it one."""
    answers = {}
    wanted = MANY
    asked = []
    while (question := next_question(answers)) is not None:
        asked.append(question.key)
        answers[question.key] = wanted[question.key]
    assert asked == ["language", "pcs", "database", "database_url", "sheets", "latency", "first_day"]
    assert complete(answers) == wanted


def test_an_answer_may_be_typed_as_it_is_meant():
    """The word, its meaning in either language, or how one of them begins; what could mean two things means none."""
    typed = {"language": "한국어", "pcs": " 여러 대", "database": "Y", "sheets": "아니요"}
    assert complete({**MANY, **typed}) == complete({**MANY, "language": "ko"})
    language = QUESTIONS[0]
    assert [language.meant(text) for text in ("e", "", "x")] == ["en", "", "x"]


@pytest.mark.parametrize(
    "answers",
    [
        {"colour": "red"},
        {"pcs": "three"},
        {"pcs": "one", "database": "yes"},
        {"sheets": "yes"},
        {"first_day": "three"},
        {"first_day": "2026-02-30"},
        {"first_day": ""},
        {"pcs": "several", "database": "yes"},
    ],
)
def test_an_answer_that_is_none_is_refused(answers):
    """Unknown, not a choice, not asked, or missing; the answer itself is not repeated, it may be a secret."""
    with pytest.raises(Refused) as caught:
        complete(answers)
    assert "three" not in caught.value.to("en")


@pytest.mark.parametrize(("answer", "day"), [("today", "2026-02-02"), ("2026-01-31", "2026-01-31"), ("all", "")])
def test_a_new_shop_enters_no_orders_of_the_days_before(tmp_path, answer, day):
    """From today on unless somebody says another day, or all of them."""
    run(tmp_path, ONE | {"first_day": answer})
    assert read(tmp_path).portal.first_day == day
    assert complete({})["first_day"] == "today"


# -- the files


@pytest.mark.parametrize("answers", [ONE, MANY, SHEET])
def test_what_is_written_can_be_read(tmp_path, answers):
    """Every name is a setting, every value comes back to the letter."""
    run(tmp_path, answers)
    tree = read(tmp_path)
    assert tree.claims.enabled is True
    assert tree.claims.store == ("sheets" if answers is SHEET else "auto")
    if answers is MANY:
        assert tree.database.url.reveal() == URL
    if answers is SHEET:
        assert tree.sheets.spreadsheet_id == "1AbC"


def test_a_second_run_changes_nothing(tmp_path):
    """And makes no copy."""
    run(tmp_path, ONE)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    _, written = run(tmp_path, ONE)
    assert written == []
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert ".env.bak" not in before


def test_a_persons_lines_stay_as_they_are(tmp_path):
    """Also remarks, order, spelling and names of older scripts; the file before is kept beside it."""
    mine = "# my shop\nENABLE_DISTRIBUTED_LOCK=false\nLOCK_TIMEOUT_SEC=900   # long orders\n"
    (tmp_path / ".env").write_text(mine, "utf-8")
    _, written = run(tmp_path, SHEET)
    after = (tmp_path / ".env").read_text("utf-8")
    assert after.startswith(mine)
    assert (tmp_path / ".env.bak").read_text("utf-8") == mine
    assert tmp_path / ".env" in written
    assert read(tmp_path).claims.enabled is False
    assert read(tmp_path).claims.store == "sheets"


def test_a_secret_in_a_file_of_its_own_is_not_given_twice(tmp_path):
    """`NAME_FILE` is an answer too."""
    (tmp_path / "url").write_text("mysql://a:b@c/d")
    (tmp_path / ".env").write_text("ONBAM_DATABASE_URL_FILE=url\n")
    run(tmp_path, MANY)
    assert read(tmp_path).database.url.reveal() == "mysql://a:b@c/d"


def test_what_is_set_elsewhere_is_kept(tmp_path):
    """A line in .env would outrank the person's onbam.toml."""
    (tmp_path / "onbam.toml").write_text('[claims]\nstore = "database"\n')
    made, _ = run(tmp_path, SHEET, given={"claims.store"})
    assert made.kept == ("claims.store",)
    assert read(tmp_path).claims.store == "database"


def test_a_file_of_korean_windows_is_copied_to_the_byte(tmp_path):
    """It is rewritten in UTF-8; the copy is what it was."""
    raw = "# 우리 가게\nLOCK_TIMEOUT_SEC=900\n".encode("cp949")
    (tmp_path / ".env").write_bytes(raw)
    run(tmp_path, ONE)
    assert (tmp_path / ".env.bak").read_bytes() == raw
    assert "우리 가게" in (tmp_path / ".env").read_text("utf-8")


def test_the_example_names_every_setting_and_sets_none(tmp_path):
    """With its default and what it means, in both languages; a copy of it is a valid .env, with or without the marks."""
    run(tmp_path, ONE)
    text = (tmp_path / ".env.example").read_text("utf-8")
    assert dotenv.parse(text, tmp_path / ".env.example") == {}
    for item in known(Settings):
        assert any(f"# {name}=" in text for name, _ in item.variables())
        assert item.meta.help.ko in text
    opened = [line.removeprefix("# ") for line in text.splitlines() if line.startswith("# ") and "=" in line.split(" ")[1]]
    (tmp_path / ".env").write_text("\n".join(line for line in opened if not line.endswith("=")), "utf-8")
    assert read(tmp_path) == load(Settings, tmp_path / "empty", {}).tree


def test_gitignore_keeps_secrets_out(tmp_path):
    """Missing lines are added below a person's own."""
    (tmp_path / ".gitignore").write_text("*.pyc\n.env\n")
    run(tmp_path, ONE)
    lines = (tmp_path / ".gitignore").read_text("utf-8").splitlines()
    assert lines[:2] == ["*.pyc", ".env"]
    assert [lines.count(line) for line in IGNORED] == [1] * len(IGNORED)


def test_a_shop_in_the_programs_own_folder_changes_nothing_git_follows():
    """The first way the guide shows; a changed file would stand in the way of the next `git pull`."""
    assert {*IGNORED, ".env.example"} <= set((ROOT / ".gitignore").read_text("utf-8").splitlines())


def test_the_diff_shows_no_secret(tmp_path):
    """A person looks at it before anything is written."""
    made = plan(Settings, tmp_path, complete(MANY), today=TODAY)
    assert not list(tmp_path.iterdir())
    shown = "\n".join(itertools.chain.from_iterable(change.diff(Redactor([URL])) for change in made.changes))
    assert "ONBAM_DATABASE_URL" in shown
    assert "p#a" not in shown


def test_a_folder_that_cannot_be_written_is_refused(tmp_path):
    """With the file's name."""
    (tmp_path / "home").write_text("a file")
    with pytest.raises(Refused):
        run(tmp_path / "home", ONE)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=40))
def test_any_value_comes_back_to_the_letter(value):
    """Whatever a password is made of; what no line can hold is refused."""
    try:
        line = f"X={start._quoted(value)}"
    except Refused:
        assert {"'", '"'} <= set(value)
        return
    assert dotenv.parse(line, Path(".env"))["X"].value == value


def test_every_question_is_in_both_languages():
    """And its key is short enough to type."""
    for question in QUESTIONS:
        assert question.text.ko != question.text.en
        assert question.key.replace("_", "").isalpha()
