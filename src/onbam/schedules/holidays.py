"""Public holidays, substitute days included.

For: `Shop.holiday`.
Promises: Korea's holidays come from a maintained library, with their names in both languages; a year is worked out once.
Refuses: to know days the government has not announced when the library was published: those go into the shop's exceptions.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Final

from onbam.kernel.words import Lang

if TYPE_CHECKING:
    from holidays import HolidayBase

COUNTRY: Final = "KR"
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
        from holidays import country_holidays  # slow to import: nobody pays who asks for no holiday

        return country_holidays(COUNTRY, language=_LANGUAGES[self._lang])
