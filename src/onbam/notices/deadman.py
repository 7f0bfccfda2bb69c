"""Pings an address outside while all is well, so that somebody hears when even the notices have stopped.

For: shops that watch from outside (healthchecks and its like): the last loop of the chain.
Promises: one GET each few minutes, bounded in time; `/fail` as soon as the house says it is not well; a ping that fails harms
nothing and is tried again sooner.
Refuses: to say "well" for a house that is not; to tell anything but that.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from onbam.kernel.errors import Transient
from onbam.kernel.settings import Secret

RETRY_S: Final = 30.0
LIMIT_S: Final = 10.0

Get = Callable[[str, float], int]
"""Asks an address within a limit; answers the status, raises `Transient` when there was no answer."""


class DeadMan:
    """One ping after the other."""

    name = "deadman"

    def __init__(self, address: Secret, every_s: float, well: Callable[[], bool], get: Get) -> None:
        """`well`: whether this house is as it should be."""
        self._address = address
        self._every_s = every_s
        self._well = well
        self._get = get
        self.answered = False
        """Whether the last ping was heard."""

    def start(self) -> None:
        """Nothing to get ready."""

    def stop(self) -> None:
        """The outside notices the silence: that is its purpose."""

    def step(self, now: datetime) -> float:  # noqa: ARG002 -- the outside has a clock of its own
        """One ping."""
        suffix = "" if self._well() else "/fail"
        try:
            self.answered = self._get(_at(self._address.reveal(), suffix), LIMIT_S) < 300
        except Transient:
            self.answered = False
        return self._every_s if self.answered else min(RETRY_S, self._every_s)


def _at(address: str, suffix: str) -> str:
    """The suffix belongs to the path, before what follows a question mark."""
    path, mark, query = address.partition("?")
    return f"{path.rstrip('/')}{suffix}{mark}{query}" if suffix else address


def get(address: str, limit_s: float) -> int:
    """The real way; nothing of the address gets into an error."""
    import httpx2

    try:
        return httpx2.get(address, timeout=limit_s, follow_redirects=True).status_code
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        raise Transient(f"no answer ({type(error).__name__})") from None
