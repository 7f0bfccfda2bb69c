"""A service that is called less often than it asks for, because each of its looks costs something.

For: the agent of a shop whose store has a small quota.
Promises: it does what the service does, and then rests at least so long.
Refuses: to change what the service itself finds due.
"""

from __future__ import annotations

from datetime import datetime

from onbam.kernel.service import Service


class Unhurried:
    """A service that is called less often: each of its looks costs something."""

    def __init__(self, service: Service, least_s: float) -> None:
        self.name = service.name
        self._service = service
        self._least_s = least_s

    def start(self) -> None:
        """As it does."""
        self._service.start()

    def step(self, now: datetime) -> float:
        """As it does, and then a rest."""
        return max(self._least_s, self._service.step(now))

    def stop(self) -> None:
        """As it does."""
        self._service.stop()
