"""What one reader sees: in which language, with which rights, at which moment.

For: the builders of pages; two readers with the same `Seen` get the same words, so a fragment is drawn once for both.
Promises: carries nothing of the person themselves; times are the store's milliseconds.
Refuses: to know the request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from onbam.kernel.words import Lang, Said, Text
from onbam.people.model import May

if TYPE_CHECKING:
    from onbam.web.house import House

AT: Final = "at"
"""The parameter that sets the time of a page."""
PARAM_MAX: Final = 400


@dataclass(frozen=True, slots=True)
class Seen:
    """One view of the house."""

    house: House
    lang: Lang
    may: frozenset[May]
    now_ms: int
    """By the store's clock."""
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def at_ms(self) -> int | None:
        """The past moment the page looks at; none: now."""
        given = self.params.get(AT, "")
        return int(given) if given.isascii() and given.isdecimal() and int(given) < self.now_ms else None

    @property
    def zone(self) -> ZoneInfo:
        """The shop's."""
        return self.house.zone

    def t(self, what: Said | Text | str | None, **values: object) -> str:
        """A text in the reader's language."""
        if what is None:
            return ""
        if isinstance(what, str):
            return what
        if isinstance(what, Text) and not values:
            return what.to(self.lang)
        return (what(**values) if isinstance(what, Text) else what).to(self.lang)

    def local(self, at_ms: int) -> datetime:
        """A moment as the shop's clock on the wall shows it."""
        return datetime.fromtimestamp(at_ms / 1000, self.zone)

    def can(self, right: str) -> bool:
        """Whether the reader may: `act`, `steer`, `govern`."""
        return May(right) in self.may

    def param(self, name: str, default: str = "") -> str:
        """A parameter of the page, cut to a sane length."""
        return self.params.get(name, default)[:PARAM_MAX]
