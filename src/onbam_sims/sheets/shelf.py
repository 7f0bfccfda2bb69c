"""Where a spreadsheet stands: its present state, a short past, and who may see it.

For: the service.
Promises: the past is kept only as long as somebody may ask for it (stale reads); each past state shares its rows with the
present.
Refuses: roles nobody knows.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from onbam_sims.sheets.a1 import EVERYTHING, write_corners
from onbam_sims.sheets.book import Book
from onbam_sims.sheets.metadata import to_json
from onbam_sims.sheets.named import to_json as named_to_json
from onbam_sims.sheets.values import rendered

ROLES = ("reader", "commenter", "writer", "owner")
ANYONE = "anyone"


class Shelf:
    """One spreadsheet of the service."""

    __slots__ = ("_past", "book", "changed_by", "roles", "since")

    def __init__(self, book: Book, owner: str, since: float) -> None:
        self.book = book
        self.since = since
        """When the present state began."""
        self.changed_by = owner
        """Who brought it about."""
        self.roles: dict[str, str] = {owner: "owner"}
        self._past: deque[tuple[float, Book]] = deque()

    def put(self, book: Book, now: float, history_s: float, who: str) -> None:
        """A new present; the old one is kept for as long as a stale read can reach back."""
        if history_s > 0:
            self._past.append((self.since, self.book))
            # The last state that began before the horizon is still the answer for the horizon itself.
            while len(self._past) > 1 and self._past[1][0] <= now - history_s:
                self._past.popleft()
        elif self._past:
            self._past.clear()
        self.book, self.since, self.changed_by = book, now, who

    def as_of(self, moment: float) -> Book:
        """The state at a moment, or the oldest one that is kept."""
        if self.since <= moment or not self._past:
            return self.book
        for since, book in reversed(self._past):
            if since <= moment:
                return book
        return self._past[0][1]

    def share(self, user: str, role: str) -> None:
        """Let somebody in."""
        if role not in ROLES:
            raise ValueError(f"no role {role!r}; the roles are {', '.join(ROLES)}")
        self.roles[user] = role

    def role_of(self, user: str) -> str | None:
        """What an account may do: `reader` or `writer`, or nothing."""
        found = [self.roles[who] for who in (user, ANYONE) if who in self.roles]
        if not found:
            return None
        return "writer" if {"writer", "owner"} & set(found) else "reader"


def describe(shelf: Shelf) -> dict[str, Any]:
    """A spreadsheet as data, for tests and people."""
    book = shelf.book
    tabs = []
    for sheet in book.sheets.values():
        region = sheet.clamp(EVERYTHING)
        tab: dict[str, Any] = {"sheetId": sheet.sheet_id, "title": sheet.title, "values": rendered(sheet, region, {})}
        tab |= {"rowCount": sheet.row_count, "columnCount": sheet.column_count}
        tabs.append({**tab, "merges": [write_corners(merge) for merge in sheet.merges]})
    return {
        "spreadsheetId": book.spreadsheet_id,
        "title": book.title,
        "shared": dict(shelf.roles),
        "sheets": tabs,
        "metadata": [to_json(entry) for entry in book.entries()],
        "namedRanges": [named_to_json(named) for named in book.named.values()],
    }
