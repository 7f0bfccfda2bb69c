"""Public holidays, substitute days included.

For: `Shop.holiday`.
Promises: Korea's holidays come from a maintained library, with their names in both languages; a year is worked out once.
Refuses: to know days the government has not announced when the library was published: those go into the shop's exceptions.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from datetime import date
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from onbam.kernel.words import Lang

if TYPE_CHECKING:
    from holidays import HolidayBase

COUNTRIES: Final = "holidays.countries"
_LANGUAGES: Final[dict[Lang, str]] = {"ko": "ko", "en": "en_US"}


class KoreanHolidays:
    """Asks the library; it works out a year when a day of it is first asked for."""

    def __init__(self, lang: Lang = "ko") -> None:
        self._lang = lang

    def __call__(self, day: date) -> str | None:
        """The holiday's name."""
        return self._days.get(day)

    @cached_property
    def _days(self) -> HolidayBase:
        return _korea()(language=_LANGUAGES[self._lang])


def _korea() -> Callable[..., HolidayBase]:
    """Korea's module alone: the package around it loads every country of the world, half a second and 19 MB of them.

    The package is in its place, without its content, only while Korea's module is loaded; whoever asks later gets it whole.
    """
    import holidays  # slow to import: nobody pays who asks for no holiday

    bare = ModuleType(COUNTRIES)
    bare.__path__ = [str(Path(place) / "countries") for place in holidays.__path__]
    package = sys.modules.setdefault(COUNTRIES, bare)
    try:
        found: Callable[..., HolidayBase] = importlib.import_module(f"{COUNTRIES}.south_korea").SouthKorea
    finally:
        if package is bare:
            del sys.modules[COUNTRIES]
    return found
