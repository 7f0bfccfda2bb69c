"""A channel whose settings are not complete: it says what is missing, instead of what a library makes of it.

For: `routes`.
Promises: stops at once, and is a new channel as soon as the settings change.
Refuses: to send.
"""

from __future__ import annotations

from onbam.kernel.words import Text, kept
from onbam.notices.channels.model import Message, Outcome


class UnsetChannel:
    """One that cannot be used yet."""

    fingerprint = "unset"

    def __init__(self, name: str, why: Text) -> None:
        self.name = name
        self._why = why

    def send(self, message: Message) -> Outcome:  # noqa: ARG002 -- nothing is sent
        """Say why."""
        return Outcome("stopped", kept(self._why))
