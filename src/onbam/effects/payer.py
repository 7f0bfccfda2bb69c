"""Brings to the ledger what it could not be told in time.

For: every agent that sends: a receipt is kept in hand until it is written down.
Promises: tries every second while something is owed.
Refuses: to forget.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from onbam.effects.perform import Effects

OWING_S: Final = 1.0
IDLE_S: Final = 5.0


class Payer:
    """A service beside the flows."""

    name = "payer"

    def __init__(self, effects: Effects) -> None:
        self._effects = effects

    def start(self) -> None:
        """Nothing to get ready."""

    def step(self, now: datetime) -> float:  # noqa: ARG002 -- it goes by what is owed
        """One round."""
        return OWING_S if self._effects.pay() else IDLE_S

    def stop(self) -> None:
        """A last try; what is still owed then shows as a doubt, and a person or a prover settles it."""
        self._effects.pay()
