"""The store's items as the board shows them, kept current without asking for all of them each time.

For: the board.
Promises: after `refresh`, the last changed rows of the store, `ROWS_MAX` at most; an idle one asks for one page and a count.
Refuses: to decide anything.
"""

from __future__ import annotations

from typing import Final

from onbam.claims.model import Item
from onbam.claims.ports import ClaimStore, Filter

ROWS_MAX: Final = 10_000
"""Orders on the sheet at most, the last changed ones; the store keeps them all."""
PAGE: Final = 500
SLACK_MS: Final = 10_000
"""A change may become visible this much after the time it carries."""


class View:
    """Items of one kind by key."""

    def __init__(self, store: ClaimStore, kind: str) -> None:
        self._store = store
        self._kind = kind
        self.items: dict[str, Item] = {}

    def refresh(self) -> None:
        """What changed since, or everything when rows have gone."""
        newest_ms = max((item.changed_at_ms for item in self.items.values()), default=-SLACK_MS)
        self._take(newest_ms - SLACK_MS)
        if len(self.items) != self._count():
            self.items = {}
            self._take(0)

    def _take(self, since_ms: int) -> None:
        """Pages of the last changed items, as far back as needed."""
        after, taken = "", 0
        while taken < ROWS_MAX:
            page = self._store.find(Filter(kinds=(self._kind,)), limit=min(PAGE, ROWS_MAX - taken), after=after)
            self.items |= {item.key: item for item in page.items}
            taken += len(page.items)
            after = page.after
            if not after or (page.items and page.items[-1].changed_at_ms < since_ms):
                return

    def _count(self) -> int:
        """How many there should be."""
        rows = sum(count for (kind, _), count in self._store.counts().items() if kind == self._kind)
        return min(rows, ROWS_MAX)
