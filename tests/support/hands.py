"""A clock for simulators that a test turns by hand."""

from __future__ import annotations

from typing import Final

START: Final = 1_767_571_200.0
"""2026-01-05 00:00 UTC: a Monday, nine in the morning in Seoul."""


class Hands:
    """Seconds since 1970, as the test says."""

    def __init__(self, at: float = START) -> None:
        self.at = at

    def __call__(self) -> float:
        """What the simulator reads."""
        return self.at
