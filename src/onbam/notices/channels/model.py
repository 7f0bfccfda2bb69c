"""What goes through a channel, and what a channel answers.

For: the postman, the channels.
Promises: values.
Refuses: to know what a notice is: a channel gets a title and a text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

Tone = Literal["info", "warn", "urgent", "good"]


@dataclass(frozen=True, slots=True)
class Message:
    """One message, ready to be read; its secrets are gone already."""

    title: str
    body: str
    tone: Tone = "info"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it."""

    kind: Literal["sent", "later", "refused", "stopped"]
    """`later`: may work at the next try. `refused`: this message or receiver never will. `stopped`: the channel does not work
    until a person changes something (password, address)."""
    why: str = ""
    """In the words of the other side; for a person."""


SENT: Outcome = Outcome("sent")


class Channel(Protocol):
    """One receiver."""

    @property
    def name(self) -> str:
        """`mail:kim@example.com`, `chat`, `phone:2`. Never a secret."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes when its settings do: one that was stopped is tried again then."""
        ...

    def send(self, message: Message) -> Outcome:
        """Hand it over and wait for the answer, within a limit."""
        ...
