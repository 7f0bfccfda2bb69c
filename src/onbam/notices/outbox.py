"""What the store of letters promises.

For: the postman, `onbam notices channels`.
Promises: a letter is written once, whichever PCs plan at once; while one PC carries it no other does; what a PC took and died
with is free again after the time it was taken for. So a letter goes out at least once, and twice only when a PC dies between
handing it over and noting it.
Refuses: to send.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from onbam.notices.letters import Letter, Plan, Stand, State

LOOK_BACK_MS: Final = 3 * 24 * 3_600_000
"""How long after its end a notice may still be told as resolved, and a digest looks back."""
KEEP_MS: Final = 30 * 24 * 3_600_000
"""Letters that are done are kept this long."""


@dataclass(frozen=True, slots=True)
class ChannelState:
    """How a receiver is, as all PCs found it. Times are the store's milliseconds."""

    name: str
    fingerprint: str
    stopped: bool = False
    """Not tried again until its settings change or a test succeeds."""
    failures: int = 0
    """In a row."""
    paused_until_ms: int = 0
    error: str = ""
    ok_at_ms: int | None = None
    tried_at_ms: int | None = None


class Outbox(Protocol):
    """Letters and receivers, kept."""

    def stand(self) -> Stand:
        """All a plan looks at, in one reading."""
        ...

    def carry_out(self, plan: Plan) -> int:
        """Write, drop and postpone; answers how many were new."""
        ...

    def take(self, channel: str, most: int, for_ms: int) -> Sequence[Letter]:
        """The letters due for a receiver, the oldest first; for so long they are ours."""
        ...

    def done(self, letters: Sequence[Letter], state: State, error: str = "") -> None:
        """They went out, or never will."""
        ...

    def free(self, letters: Sequence[Letter]) -> None:
        """Taken, and not tried."""
        ...

    def again(self, letters: Sequence[Letter], error: str, in_ms: int) -> None:
        """They are tried again later."""
        ...

    def channels(self) -> Mapping[str, ChannelState]:
        """How each receiver is."""
        ...

    def note(self, state: ChannelState) -> None:
        """How a receiver is now."""
        ...

    def recent(self, limit: int = 100) -> Sequence[Letter]:
        """The newest letters, for people."""
        ...

    def tidy(self) -> int:
        """Remove letters done long ago."""
        ...

    def now_ms(self) -> int:
        """The store's clock."""
        ...
