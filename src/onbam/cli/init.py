"""`onbam init`: a few questions, and the first settings.

For: whoever sets a shop up, at a terminal or from a script (`--answer pcs=one --yes`).
Promises: everything is shown before it is written; run again, it changes nothing a person wrote.
Refuses: to guess for a person who can be asked.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from onbam.cli import care_words as say
from onbam.cli import words
from onbam.cli.app import App
from onbam.cli.frame import command, json_option, option, pass_app
from onbam.kernel.errors import EXIT_FAILED, EXIT_OK, Refused
from onbam.kernel.home import environment, find_home
from onbam.kernel.words import LANGS, kept

if TYPE_CHECKING:
    from rich.console import Console

    from onbam.care.questions import Question
    from onbam.care.start import Plan

LANGUAGE: Final = "language"


@command(words.INIT, name="init")
@option("--answer", "given", text=say.ANSWER_OPTION, multiple=True, metavar="QUESTION=ANSWER")
@option("--yes", text=say.YES_OPTION, is_flag=True)
@json_option
@pass_app
def init(app: App, given: tuple[str, ...], *, yes: bool) -> int:
    """Ask, show, write."""
    from onbam.bootstrap import Settings
    from onbam.care.questions import complete, of_a_working_shop
    from onbam.care.start import apply, plan

    app.check_home()
    app.aside(say.HOME_IS(home=app.home))
    decided = {name for name, origin in app.onbam.loaded.origins.items() if origin.kind in ("file", "secret")}
    answers = _given(app, given)
    answers = complete(_asked(app, of_a_working_shop(answers) if decided else answers, yes=yes))
    today = app.onbam.clock.now().astimezone(app.onbam.zone).date()
    made = plan(Settings, app.home, answers, decided, today=today)
    app.onbam.redactor.learn(*(value for key, value in answers.items() if key == "database_url"))
    _show(app, made)
    if not any(change.needed for change in made.changes):
        app.emit(_data(made, []), lambda _: app.say(say.NOTHING_TO_WRITE))
        return EXIT_OK
    if not yes and not click.confirm(app.words(say.WRITE_THIS), default=True, err=True):
        app.aside(say.NOT_WRITTEN)
        return EXIT_FAILED
    written = [str(path) for path in apply(made)]

    def draw(_: Console) -> None:
        for path in written:
            app.say(say.WRITTEN(file=path))
        app.say(say.NEXT)
        if find_home(environment(), Path.cwd()).resolve() != app.home:
            app.say(say.NEXT_HOME(home=app.home))

    app.emit(_data(made, written), draw)
    return EXIT_OK


def _given(app: App, pairs: tuple[str, ...]) -> dict[str, str]:
    out: dict[str, str] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign:
            raise click.UsageError(kept(say.BAD_ANSWER))
        out[key] = value
        _speak(app, key, value)
    return out


def _asked(app: App, answers: dict[str, str], *, yes: bool) -> dict[str, str]:
    """The rest of the answers, from the person at the terminal."""
    from onbam.care.questions import next_question

    if yes:
        return answers
    while (question := next_question(answers)) is not None:
        if not sys.stdin.isatty():
            raise Refused(say.NO_TERMINAL, say.NO_TERMINAL_HINT)
        answers[question.key] = _ask(app, question)
        _speak(app, question.key, answers[question.key])
    return answers


def _speak(app: App, key: str, value: str) -> None:
    """From the answer on in the language that was chosen, unless this call has one of its own."""
    chosen = next((lang for lang in LANGS if lang == value), None)
    if key == LANGUAGE and chosen is not None and app.lang_chosen is None:
        app.lang_chosen = chosen
        app.__dict__.pop("lang", None)


def _ask(app: App, question: Question) -> str:
    """One question; what a choice means is shown where its word does not say it."""
    for value, meaning in question.choices.items():
        if (shown := app.words(meaning)) != value:
            app.aside(f"  {value}: {shown}")
    words = f" ({', '.join(question.choices)})" if question.choices else ""
    while True:
        answer: str = click.prompt(
            app.words(question.text) + words, default=question.default or None, hide_input=question.hidden, err=True
        )
        meant = question.meant(answer)
        if question.is_answer(meant):
            return meant
        app.aside(question.advice)


def _show(app: App, made: Plan) -> None:
    """Why this, and what would be written."""
    for why in made.choice.why:
        app.aside(why)
    if made.kept:
        app.aside(say.PRESENT(names=", ".join(made.kept)))
    for change in made.changes:
        if change.needed and change.path.name != ".env.example":  # hundreds of remarks; nobody reads them here
            for line in change.diff(app.onbam.redactor):
                app.aside(line)


def _data(made: Plan, written: list[str]) -> dict[str, object]:
    return {
        "store": made.choice.store,
        "why": [why.both() for why in made.choice.why],
        "kept": list(made.kept),
        "written": written,
    }
