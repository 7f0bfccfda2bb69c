"""What can go wrong, sorted by what to do next.

For: every room raises these and nothing else across its door.
Promises: each error carries a message and a hint a shop owner can follow, in both languages, and a context for the log.
Refuses: secrets in a context (the redactor is the second line, not the first); an error whose next action is unclear.
"""

from __future__ import annotations

from typing import ClassVar, Final

from onbam.kernel.words import Lang, Said, Text, plain

EXIT_OK: Final = 0
EXIT_FAILED: Final = 1
"""Refused or failed: the command was understood and could not be done."""
EXIT_USAGE: Final = 2
EXIT_MISCONFIGURED: Final = 78
"""The number other programs use for a configuration error; the guard does not restart a child that ends with it."""


class OnbamError(Exception):
    """Trouble with a next step."""

    exit_code: ClassVar[int] = EXIT_FAILED

    def __init__(self, message: Said | Text | str, hint: Said | Text | str = "", **context: object) -> None:
        self.message = _said(message)
        self.hint = _said(hint)
        self.context = context
        super().__init__(self.message.to("en"))

    def to(self, lang: Lang) -> str:
        """Message and hint as one or two sentences."""
        hint = self.hint.to(lang)
        return f"{self.message.to(lang)} {hint}" if hint else self.message.to(lang)


class Transient(OnbamError):
    """Later, with the same input: a time-out on a read, 429, 5xx, a busy database."""

    def __init__(
        self, message: Said | Text | str, hint: Said | Text | str = "", *, retry_after_s: float | None = None, **context: object
    ) -> None:
        super().__init__(message, hint, **context)
        self.retry_after_s = retry_after_s
        """How long the outside asked us to wait; none when it did not say."""


class StoreAway(Transient):
    """Our own store did not answer: that says nothing about the outside system it was asked on behalf of."""


class Refused(OnbamError):
    """Never with the same input: park the item."""


class CredentialsRejected(OnbamError):
    """Stop this connector or seller and tell a person; never retry by itself."""


class OutcomeUnknown(OnbamError):
    """An effect may have happened: settle it by its key, never repeat it blindly."""


class LeaseLost(OnbamError):
    """Another holds the item now: stop this run, write nothing. Not a failure of the item."""


class ContractBroken(OnbamError):
    """The outside changed its shape: save the evidence, park, tell a person."""

    def __init__(
        self, message: Said | Text | str, hint: Said | Text | str = "", *, evidence: bytes | None = None, **context: object
    ) -> None:
        super().__init__(message, hint, **context)
        self.evidence = evidence
        """What the outside sent, to be kept; never shown in a message."""


class Damaged(OnbamError):
    """Our own state contradicts itself: stop, preserve, tell a person."""


class Misconfigured(OnbamError):
    """At start only: names the setting, where it came from, and the fix."""

    exit_code: ClassVar[int] = EXIT_MISCONFIGURED


def _said(what: Said | Text | str) -> Said:
    """A bare string stands for words of the outside world, quoted as they came."""
    if isinstance(what, Said):
        return what
    return what() if isinstance(what, Text) else plain(what)()
