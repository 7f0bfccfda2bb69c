"""The way around the desk.

For: the frame of every page.
Promises: only what the reader may open; the number of things that need somebody stands beside their page.
Refuses: more than two groups.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from onbam.kernel.words import Text
from onbam.people.model import May
from onbam.web import words as say
from onbam.web.seen import Seen


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation."""

    name: str
    path: str
    text: Text
    may: May
    group: int
    here: bool = False
    thumb: bool = False
    """Also in the bar under the thumb, on a phone."""


TABLE: Final = (
    Entry("today", "/", say.TODAY, May.LOOK, 1, thumb=True),
    Entry("needs", "/needs-you", say.NEEDS, May.LOOK, 1, thumb=True),
    Entry("orders", "/orders", say.ORDERS, May.LOOK, 1, thumb=True),
    Entry("board", "/board", say.BOARD, May.LOOK, 1),
    Entry("machines", "/machines", say.MACHINES, May.LOOK, 1, thumb=True),
    Entry("locks", "/locks", say.LOCKS, May.LOOK, 1),
    Entry("codes", "/codes", say.CODES, May.LOOK, 1),
    Entry("notices", "/notices", say.NOTICES, May.LOOK, 1),
    Entry("settings", "/settings", say.SETTINGS, May.GOVERN, 2),
    Entry("people", "/people", say.PEOPLE, May.GOVERN, 2),
    Entry("help", "/help", say.HELP, May.LOOK, 2),
    Entry("about", "/about", say.ABOUT, May.LOOK, 2),
)


def entries(seen: Seen, path: str) -> list[Entry]:
    """What this reader may open."""
    return [
        Entry(e.name, e.path, e.text, e.may, e.group, path == e.path or (e.path != "/" and path.startswith(e.path)), e.thumb)
        for e in TABLE
        if e.may in seen.may
    ]
