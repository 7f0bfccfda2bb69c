"""Whoever gets a notice finds it in the documentation by its text, and reads it whole."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator

import onbam
from onbam.kernel.redact import Redactor
from onbam.kernel.words import LANGS, Text
from support.sources import ROOT

PAGE = ROOT / "docs" / "how-to" / "when-it-says.md"
TITLES = {
    "effects.words": ("UNKNOWN", "TWICE", "CHANGED"),
    "orders.flow_words": (
        *("CONNECTOR_AWAY", "CONNECTOR_STOPPED", "CONNECTOR_DENIES", "ERP_MUTE", "LEDGER_CHANGED", "UNREAD"),
        *("CANCELLED_LATE", "CHANGED_LATE", "TWO_OF_A_NUMBER", "PAUSED_SHEET"),
        *("PARKED_ODD", "PARKED_UNKNOWN", "PARKED_REFUSED", "PARKED_TRIED", "PARKED_BUG"),
    ),
    "orders.went_back_words": ("WENT_BACK",),
    "claims.words": ("PARKED", "POISON"),
    "claims.board_words": ("STALE", "BOTH", "REFUSED"),
    "care.peer_words": ("SILENT", "STOPPED"),
    "care.update_words": ("NOTICE",),
    "notices.words": ("CHANNEL_FAILS",),
    "guard.words": (
        *("RESTART_TITLE", "SLOW_TITLE", "LARGE_TITLE", "MISCONFIGURED_TITLE"),
        *("BAD_SETTINGS_TITLE", "RENEWAL_TITLE", "YESTERDAY_TITLE"),
    ),
}
"""The titles of all notices."""
OPENED_IN = {
    "effects/causes.py": 3,
    "orders/ledgers.py": 3,
    "orders/health.py": 4,
    "orders/went_back.py": 1,
    "orders/sheet_stop.py": 1,
    "orders/attempt.py": 1,
    "claims/keeper.py": 1,
    "claims/board_service.py": 3,
    "care/peerwatch.py": 1,
    "care/update.py": 1,
    "care/guardnews.py": 1,
    "notices/postman.py": 1,
    "guard/renewal.py": 1,
    "guard/guard.py": 1,
    "guard/replacing.py": 1,
    "guard/tending.py": 3,
}
"""Where a `Cause` is made, and how often."""
SHOW_A_SECRET_S_PLACE = {
    ("care.start_words", "Q_DATABASE_URL"),
    ("care.start_words", "SECRET_LINE"),
    ("cli.care_words", "KEY_MADE"),
    ("cli.claims_sheet_words", "LOGGED_IN"),
    ("database.words", "BAD_URL_HINT"),
    ("web.words", "LOGIN_NEEDED_HINT"),
}
"""Texts that show how an address or a header is written: asked and answered at a terminal or in a refusal, never kept."""


def made_in(text: str) -> int:
    """How many notices a file makes."""
    calls = (node.func for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    return sum(isinstance(func, ast.Name) and func.id == "Cause" for func in calls)


def begins(text: str) -> str:
    """A title's first sentence as the page shows it."""
    return re.split(r"(?<=\.) ", re.sub(r"\{[^}]*\}", "…", text))[0].rstrip(".")


def texts() -> Iterator[tuple[tuple[str, str], Text]]:
    """Every text of the product with the place where it stands."""
    for module in pkgutil.walk_packages(onbam.__path__, "onbam."):
        if module.name.endswith("words"):
            for name, value in vars(importlib.import_module(module.name)).items():
                for one in value.values() if isinstance(value, dict) else (value,):
                    if isinstance(one, Text):
                        yield (module.name.removeprefix("onbam."), name), one


def test_every_place_that_opens_a_notice_is_known() -> None:
    """A new notice gets its title into the list above, and its row on the page."""
    rooms = ROOT / "src" / "onbam"
    found = Counter({path.relative_to(rooms).as_posix(): made_in(path.read_text("utf-8")) for path in rooms.rglob("*.py")})
    assert {name: count for name, count in found.items() if count and not name.startswith("simulate/")} == OPENED_IN


def test_every_notice_is_found_by_its_text() -> None:
    """In Korean and in English, as the reader has it before them."""
    page = PAGE.read_text("utf-8")
    titles = [getattr(importlib.import_module(f"onbam.{module}"), name) for module, names in TITLES.items() for name in names]
    assert [shown for title in titles for lang in LANGS if (shown := begins(title.to(lang))) not in page] == []


def test_no_advice_loses_a_word_to_the_redactor() -> None:
    """What the redactor takes for a password is missing where a notice, a log or the check-up shows the text."""
    redactor = Redactor()
    eaten = {place for place, text in texts() for lang in LANGS if redactor.text(text.to(lang)) != text.to(lang)}
    assert eaten == SHOW_A_SECRET_S_PLACE
