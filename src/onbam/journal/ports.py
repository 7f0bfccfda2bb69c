"""What the journal promises to writers and readers, whichever store keeps it.

For: rooms that append outside a store of their own, and readers that follow: live board, mirrors, history.
Promises: positions grow by one, without gaps, in the order in which the lines became visible; so "everything after position P"
can be asked again and again and nothing is missed.
Refuses: positions chosen by a caller; waiting without a limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from onbam.journal.model import Entry, Line, Stretch


class Journal(Protocol):
    """The record and its readers."""

    def append(self, lines: Sequence[Line]) -> int:
        """Write lines in a transaction of their own; answers the position of the last one.

        A room whose state lives in the same database writes its lines inside its own transaction instead.
        """
        ...

    def read(self, since: int, limit: int = 500) -> Stretch:
        """Entries after a position, oldest first."""
        ...

    def tail(self, since: int, wait_s: float, limit: int = 500) -> Stretch:
        """The same; when there is nothing yet, wait up to `wait_s` for the first one. An empty stretch is an honest answer."""
        ...

    def head(self) -> int:
        """The position of the newest entry; 0 when there is none."""
        ...

    def about(self, kind: str, key: str, limit: int = 200, before: int | None = None) -> Sequence[Entry]:
        """What happened to one thing, newest first."""
        ...
