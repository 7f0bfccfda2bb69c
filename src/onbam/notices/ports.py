"""What the inbox promises.

For: rooms that open notices, pages that show them, channels that carry them.
Promises: opening and resolving are idempotent and safe from several PCs at once.
Refuses: an unlimited list.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from onbam.notices.model import Cause, Notice

LIST_MAX = 500


class Notices(Protocol):
    """The inbox."""

    def open(self, cause: Cause) -> Notice:
        """The cause was met: opens its notice, or counts once more on the open one (text and severity as said last)."""
        ...

    def resolve(self, key: str, *, who: str, why: str) -> bool:
        """The cause is gone: false when there was no open notice of it."""
        ...

    def settle(self, prefix: str, present: Sequence[Cause], *, who: str) -> None:
        """These are all the causes under this prefix: missing ones open, the others resolve; one that stays is not counted."""
        ...

    def seen(self, keys: Collection[str], *, who: str) -> int:
        """A person has read these; they stay open. Answers how many were open and unread."""
        ...

    def snooze(self, key: str, *, for_ms: int, who: str, why: str) -> Notice | None:
        """Tell nobody outside for so long, unless it becomes worse; none when there is no open notice of it."""
        ...

    def inbox(self, *, limit: int = 100) -> Sequence[Notice]:
        """The open ones, urgent first, then the newest."""
        ...

    def past(self, *, limit: int = 100, before_id: int | None = None) -> Sequence[Notice]:
        """The resolved ones, the newest first."""
        ...

    def get(self, key: str) -> Notice | None:
        """The open notice of a cause."""
        ...
