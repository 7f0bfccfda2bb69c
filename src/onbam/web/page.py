"""What a page is: a path, a right, a title, and what builds its changing part.

For: the table of pages; the live stream, which draws the same part again.
Promises: everything about a page stands in one place.
Refuses: acts; those are routes of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from onbam.kernel.words import Text
from onbam.people.model import May

if TYPE_CHECKING:
    from onbam.web.entry import Ask
    from onbam.web.seen import Seen


@dataclass(frozen=True, slots=True)
class Page:
    """One page."""

    name: str
    path: str
    title: Text
    build: Callable[[Seen], Mapping[str, Any]]
    """The values of `templates/live/NAME.html`."""
    rights: tuple[May, ...] = (May.LOOK,)
    """One of these is enough."""
    live: bool = True
    """Whether its changing part follows the journal."""
    beats: bool = True
    """Whether it shows leases or signs of life, which change without a line in the journal."""
    template: str = "page.html"
    around: Callable[[Ask, Seen], Mapping[str, Any]] | None = None
    """What does not change while it is open, and may be the reader's own."""
    charts: bool = False
