"""The house is tidy: every file says what it is for, every text is whole, no forbidden word stands anywhere."""

from __future__ import annotations

import re

from support import rules, sources

UNFINISHED = re.compile("|".join(rf"\b{word}\b" for word in ("TO" + "DO", "FIX" + "ME", "XX" + "X")))
"""Written in two halves, so that this file does not find itself."""
NEUTRAL = re.compile(
    "|".join(
        (
            r"(?<![A-Za-z0-9._-])/(?:wo" + "rk|fa" + r"rm)/",
            r"\.libr" + "ary/",
            r"py" + r"pi\.org",
            "python" + "hosted",
            r"registry\.np" + "mjs",
            r"deb\.deb" + r"ian\.org",
            r"[A-Z]:\\\\?Users\\\\?(?!Public)[A-Za-z]",
            r"/ho" + r"me/(?!user\b)[a-z]+/",
        )
    )
)
"""Hosts of package registries and folders of somebody's machine: the repository speaks of the product alone."""
MACHINE_MADE = ("locks/",)


def test_every_module_of_the_product_says_what_it_is() -> None:
    """No file of the product is without a docstring."""
    assert [s.shown for s in sources.product() if not s.docstring] == []


def test_every_room_says_what_it_is_for_promises_and_refuses() -> None:
    """Each room's door plate is whole, and an empty room says so."""
    assert rules.rooms_without_plate(sources.product()) == []


def test_every_test_is_a_claim() -> None:
    """Each test has a docstring of one line."""
    assert rules.silent_tests(sources.tests()) == []


def test_no_test_sleeps() -> None:
    """Tests wait for conditions, never for time."""
    assert rules.sleeping_tests(sources.tests()) == []


def test_every_text_is_whole_in_both_languages() -> None:
    """Korean and English are both there and fill the same places."""
    assert rules.incomplete_texts(sources.product()) == []


def test_whatever_goes_wrong_is_caught_at_three_places_only() -> None:
    """`except Exception` stands at the attempt boundary, the service loop and the web error page."""
    assert rules.broad_excepts(s for s in sources.product() if s.shown.startswith("onbam/")) == []


def test_names_use_the_words_of_the_glossary() -> None:
    """No module, class or function is named with a word the glossary replaced."""
    assert rules.banned_names(s for s in sources.product() if s.shown.startswith("onbam/")) == []


def test_nothing_unfinished_is_kept_in_the_files() -> None:
    """There are no notes-to-self in the repository: work that is not done is not pretended."""
    assert _lines_with(UNFINISHED) == []


def test_the_repository_names_no_machine_and_no_registry() -> None:
    """Every file could be read by a stranger on another machine."""
    assert _lines_with(NEUTRAL) == []


def _lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path}:{number} {line.strip()[:120]}"
        for path, text in sources.texts()
        if not path.startswith(MACHINE_MADE)
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]
