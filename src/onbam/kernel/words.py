"""The one way a text reaches a person: written in Korean and English side by side, chosen when it is shown.

For: command line, pages, notices and logs for people.
Promises: a text cannot exist in one language only (both are required to build it); values are filled in once and the result can
be shown in either language later, so a notice or a note written on one PC reads right on another; Korean particles follow the
value before them.
Refuses: keys looked up by string, a fallback from one language to the other.
"""

from __future__ import annotations

import locale
import os
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from onbam.kernel.particles import settled

Lang = Literal["ko", "en"]
LANGS: Final[tuple[Lang, ...]] = get_args(Lang)


SEAM: Final = "\x1f"
"""Between the two languages of a kept text: nobody types it."""
KEPT_MAX: Final = 500
"""As long as the places are where one text is kept; each language has half of it."""


@dataclass(frozen=True, slots=True)
class Said:
    """A text with its values: what was said, still in both languages."""

    text: Text
    values: Mapping[str, object] = field(default_factory=dict)

    def to(self, lang: Lang) -> str:
        """Read it in one language."""
        filled = self.text.to(lang).format_map({k: _shown(v, lang) for k, v in self.values.items()})
        return settled(filled) if lang == "ko" and self.values else filled

    def both(self) -> dict[Lang, str]:
        """Read it in every language: what is stored, so that the reader chooses."""
        return {lang: self.to(lang) for lang in LANGS}

    def named(self, name: str) -> dict[str, str]:
        """For scripts, which get both languages whoever reads: `name_ko`, `name_en`."""
        return {f"{name}_{lang}": text for lang, text in self.both().items()}

    def __str__(self) -> str:
        return self.to("en")


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages, with `{named}` places for values."""

    ko: str
    en: str

    def to(self, lang: Lang) -> str:
        """The raw text, places unfilled."""
        return self.ko if lang == "ko" else self.en

    def __call__(self, **values: object) -> Said:
        """Fill the places."""
        return Said(self, values)

    def places(self, lang: Lang) -> set[str]:
        """The names of the places, for the test that compares the two languages."""
        return {name for _, name, _, _ in string.Formatter().parse(self.to(lang)) if name is not None}


def plain(text: str) -> Text:
    """The same text in both languages: a name, a path, a figure, or words of the outside world quoted as they came."""
    quoted = text.replace("{", "{{").replace("}", "}}")
    return Text(quoted, quoted)


def received(ko: str, en: str) -> Text:
    """A text that came from elsewhere in both languages, another process say, quoted as it came."""
    return Text(plain(ko).ko, plain(en).en)


def spoken(both: Mapping[Lang, str]) -> Said:
    """The same, of what was kept in both languages."""
    return received(both["ko"], both["en"])()


def kept(said: Said | Text) -> str:
    """Both languages in one string: for a place in a store that holds one text, as the note of an order."""
    both = (said() if isinstance(said, Text) else said).both()
    half = (KEPT_MAX - len(SEAM)) // len(LANGS)
    texts = dict.fromkeys(text if len(text) <= half else f"{text[: half - 1]}…" for text in both.values())
    return SEAM.join(texts)


def heard(text: str) -> Said:
    """A kept text, in either language again; what a person or the outside world wrote reads as it came."""
    ko, seam, en = text.partition(SEAM)
    return received(ko, en)() if seam else plain(text)()


def side_by_side(text: str) -> str:
    """A kept text for a place that all read, whatever their language."""
    return text.replace(SEAM, " / ")


def _shown(value: object, lang: Lang) -> object:
    """A value inside a text: texts in the reader's language, everything else as it is."""
    if isinstance(value, Said):
        return value.to(lang)
    if isinstance(value, Text):
        return value.to(lang)
    return value


def system_language(environ: Mapping[str, str] | None = None) -> Lang:
    """The language of this PC: Korean where the system says so, else English."""
    env = os.environ if environ is None else environ
    for name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE", "LANG"):
        if value := env.get(name):
            return "ko" if value.lower().startswith("ko") else "en"
    return "ko" if (locale.getlocale()[0] or "").lower().startswith("ko") else "en"


def language(chosen: str | None, environ: Mapping[str, str] | None = None) -> Lang:
    """The setting when it names a language, else the system's."""
    return next((lang for lang in LANGS if lang == chosen), None) or system_language(environ)
