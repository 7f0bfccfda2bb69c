"""The permission to act, and its end.

For: the function that does the act: it asks once more immediately before the first byte leaves.
Promises: granted only while the lease outlasts the act's hard time-out, and only shortly after `sending` was asked for: whoever
stood still in between sends nothing, however much of the lease is left; knows when a stop was set.
Refuses: to be kept: a permit is for one act.
"""

from __future__ import annotations

from dataclasses import dataclass

from onbam.claims.held import Held
from onbam.effects import words as say
from onbam.effects.ports import Brakes
from onbam.kernel.errors import Transient
from onbam.kernel.words import Said


class NotSent(Transient):
    """Definitely nothing was sent: the permit had ended, or a stop was set."""


@dataclass(frozen=True, slots=True)
class Permit:
    """One act's permission."""

    held: Held
    timeout_s: float
    """The act ends by then after its first byte, with an answer or without."""
    start_s: float
    """Its first byte leaves within so long of our asking for `sending`: that the call is over is concluded from then on."""
    brakes: Brakes
    number: int = 1
    """Which try of its key this is."""

    def refusal(self) -> Said | None:
        """Why nothing may be sent now; none when the way is free."""
        return self.late() or self.brakes()

    def late(self) -> Said | None:
        """Why it is too late to begin; none when it is not."""
        if self.held.left_s() < self.timeout_s or self.held.sending_for_s() > self.start_s:
            return say.TOO_LATE(item=self.held.ref)
        return None

    def check(self) -> None:
        """The last look before the first byte; raises `NotSent`."""
        why = self.refusal()
        if why is not None:
            raise NotSent(why, say.TOO_LATE_HINT)
