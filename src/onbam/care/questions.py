"""The few questions that decide how a shop runs, and what follows from the answers.

For: `onbam init`, later the first page of the dashboard.
Promises: questions are data (both edges ask the same); the choice of store is a pure function of the answers and says why.
Refuses: a fleet without a common store: several PCs that do not agree are the duplicates this product exists to end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from onbam.care import start_words as say
from onbam.kernel.errors import Refused
from onbam.kernel.forms import day_of
from onbam.kernel.words import LANGS, Said, Text

Answers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """One question."""

    key: str
    text: Text
    choices: Mapping[str, Text] = field(default_factory=dict)
    """Empty: any text."""
    default: str = ""
    hidden: bool = False
    """A secret: not echoed, not repeated."""
    asked: Callable[[Answers], bool] = lambda _: True
    fits: Callable[[str], bool] = lambda _: True
    """Whether a text is an answer, where there are no choices."""
    hint: Text | str = ""
    """What one looks like, where not every text is."""

    def meant(self, text: str) -> str:
        """The choice somebody means who types its word, its meaning in either language, or how one of them begins."""
        typed = text.strip().casefold()
        found = [value for value, meaning in self.choices.items() if _begins(typed, value, *map(meaning.to, LANGS))]
        return found[0] if typed and len(found) == 1 else text

    def is_answer(self, text: str) -> bool:
        """Whether this is one."""
        return text in self.choices if self.choices else self.fits(text)

    @property
    def advice(self) -> Said | Text | str:
        """What to answer instead of what is none."""
        return say.NO_CHOICE_HINT(choices=", ".join(self.choices)) if self.choices else self.hint


def _begins(typed: str, *words: str) -> bool:
    return any(word.casefold().startswith(typed) for word in words)


FIRST_DAY: Final = "first_day"
TODAY: Final = "today"
EVERY_DAY: Final = "all"
YES_NO: Final = {"yes": say.YES, "no": say.NO}


def _is_first_day(text: str) -> bool:
    return text in (TODAY, EVERY_DAY) or bool(day_of(text))


QUESTIONS: Final = (
    Question("language", say.Q_LANGUAGE, {"auto": say.A_AUTO, "ko": say.A_KO, "en": say.A_EN}, "auto"),
    Question("pcs", say.Q_PCS, {"one": say.A_ONE, "several": say.A_SEVERAL}, "one"),
    Question("database", say.Q_DATABASE, YES_NO, "no", asked=lambda a: a["pcs"] == "several"),
    Question("database_url", say.Q_DATABASE_URL, hidden=True, asked=lambda a: a.get("database") == "yes"),
    Question("sheets", say.Q_SHEETS, YES_NO, "no"),
    Question("sheet_id", say.Q_SHEET_ID, asked=lambda a: a["sheets"] == "yes"),
    Question("latency", say.Q_LATENCY, YES_NO, "no", asked=lambda a: a["pcs"] == "several"),
    Question(FIRST_DAY, say.Q_FIRST_DAY, default=TODAY, fits=_is_first_day, hint=say.NO_DAY_HINT),
)


def of_a_working_shop(answers: Answers) -> dict[str, str]:
    """A first day it did not have would leave out orders that a shop at work has yet to enter: it is not asked for one."""
    return {FIRST_DAY: EVERY_DAY, **answers}


def next_question(answers: Answers) -> Question | None:
    """What to ask now; nothing when all is answered."""
    return next((q for q in QUESTIONS if q.key not in answers and q.asked(answers)), None)


def complete(answers: Answers) -> dict[str, str]:
    """The answers with defaults where nothing was said; refused is what is no answer, and an answer to what is not asked."""
    keys = [question.key for question in QUESTIONS]
    unknown = next((key for key in answers if key not in keys), None)
    if unknown is not None:
        raise Refused(say.NO_QUESTION(key=unknown), say.NO_QUESTION_HINT(keys=", ".join(keys)))
    out: dict[str, str] = {}
    for question in QUESTIONS:
        value = question.meant(answers.get(question.key, question.default))
        if not question.asked(out):
            if question.key in answers:
                raise Refused(say.NOT_ASKED(key=question.key), say.NOT_ASKED_HINT)
            continue
        if not question.is_answer(value):
            raise Refused(say.NO_CHOICE(key=question.key), question.advice)
        if not value:
            raise Refused(say.NEEDED(key=question.key), say.NEEDED_HINT(key=question.key))
        out[question.key] = value
    return out


Store = Literal["local", "database", "sheets"]


@dataclass(frozen=True, slots=True)
class Choice:
    """Where it will be decided who works on what, and why there."""

    store: Store
    why: tuple[Said, ...]


def choose(answers: Answers) -> Choice:
    """The rule of the two generations: one PC, a slow network or no Google account → local; several PCs → a common store."""
    if answers["pcs"] == "one":
        board = (say.WHY_BOARD(),) if answers["sheets"] == "yes" else ()
        return Choice("local", (say.WHY_LOCAL(), *board))
    if answers.get("database") == "yes":
        board = (say.WHY_BOARD(),) if answers["sheets"] == "yes" else ()
        return Choice("database", (say.WHY_DATABASE(), *board))
    if answers["sheets"] == "yes":
        slow = (say.WHY_SHEETS_SLOW(),) if answers.get("latency") == "yes" else ()
        return Choice("sheets", (say.WHY_SHEETS(), *slow))
    raise Refused(say.NO_COMMON_STORE, say.NO_COMMON_STORE_HINT)
