"""What a notice is.

For: whoever opens one, the inbox, the channels.
Promises: a value; the text in both languages with its values filled in, so that it reads right on another PC.
Refuses: a notice without a next step for the reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from onbam.kernel.words import Lang, Said

KEY_MAX: Final = 191
TEXT_MAX: Final = 1000
LINK_MAX: Final = 200


class Severity(StrEnum):
    """How much it matters."""

    INFO = "info"
    """Good to know; nobody has to do anything."""
    WARN = "warn"
    """Somebody should look today."""
    URGENT = "urgent"
    """Somebody must act now: work stands still, or money may be lost."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What is the matter, as the room that met it says it."""

    key: str
    """Stable: the same cause, the same key, on every PC. `uncertain:order:2601050229`."""
    severity: Severity
    title: Said
    advice: Said
    """What the reader can do."""
    link: str = ""
    """A path on the dashboard: `/items/order/2601050229`."""

    def __post_init__(self) -> None:
        assert 0 < len(self.key) <= KEY_MAX, f"a notice's key has 1 to {KEY_MAX} letters"
        assert len(self.link) <= LINK_MAX, f"a link has at most {LINK_MAX} letters"


@dataclass(frozen=True, slots=True)
class Notice:
    """A cause in the inbox. Times are milliseconds of the store's clock."""

    id: int
    key: str
    severity: Severity
    title: Mapping[Lang, str]
    advice: Mapping[Lang, str]
    link: str = ""
    count: int = 1
    """How often it was met since it opened."""
    first_at_ms: int = 0
    last_at_ms: int = 0
    resolved_at_ms: int | None = None
    resolved_by: str = ""
    resolved_why: str = ""
    seen_at_ms: int | None = None
    """When a person said: I have seen it."""
    seen_by: str = ""
    snoozed_until_ms: int | None = None
    """Until then nobody is told outside; the inbox shows it all the same."""

    @property
    def open(self) -> bool:
        """Whether the cause is still there, as far as we know."""
        return self.resolved_at_ms is None
