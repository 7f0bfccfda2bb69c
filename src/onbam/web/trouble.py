"""What can be wrong with a request itself.

For: routes raise these; `errors.py` draws them.
Promises: each is a known answer with its status.
Refuses: to stand for trouble of the house: those are the kernel's errors.
"""

from __future__ import annotations

from onbam.kernel.words import Said


class LoginNeeded(Exception):
    """Nobody came in yet."""

    def __init__(self, back: str) -> None:
        self.back = back
        super().__init__(back)


class Forbidden(Exception):
    """Came in, and may not."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


class NotHere(Exception):
    """There is no such thing."""

    def __init__(self, what: Said | None = None) -> None:
        self.what = what
        super().__init__(str(what or "not here"))
