"""The ERP inside the process: the same answers without a wire.

For: tests and simulations of the rooms above.
Promises: keeps the same contract as the client and passes the same tests; like the real one it never looks for duplicates, so a
slip entered twice stands in `slips` twice.
Refuses: accidents nobody asked for with `meet`.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from typing import Final, Literal

from onbam.connectors.ecount import form
from onbam.connectors.ecount import words as say
from onbam.connectors.ecount.contract import Description, Limits, Proof, Receipt, Slip, Turn, Turnstile
from onbam.connectors.ecount.settings import EcountSettings
from onbam.kernel.clock import Clock
from onbam.kernel.errors import OutcomeUnknown, Refused, Transient
from onbam.kernel.wire_words import in_words
from onbam.kernel.words import Said, plain

Accident = Literal["reply lost", "request lost", "refused", "too often", "session ended", "down", "partly"]
GATE: Final = "fake:save"


@dataclass(frozen=True, slots=True)
class FakeSlip:
    """What stands in the books."""

    number: str
    slip: Slip


class FakeErp:
    """Books in memory."""

    def __init__(
        self,
        settings: EcountSettings,
        clock: Clock,
        turnstile: Turnstile,
        *,
        can_prove: bool = False,
        hard_timeout_s: float = 30.0,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._turnstile = turnstile
        self._can_prove = can_prove
        self._hard_timeout_s = hard_timeout_s
        self._accidents: deque[Accident] = deque()
        self._serials: Counter[str] = Counter()
        self.slips: list[FakeSlip] = []
        self.posts = 0

    # -- for tests ------------------------------------------------------------------------------------------------------

    def meet(self, *accidents: Accident) -> None:
        """The next posts go like this, one after the other."""
        self._accidents.extend(accidents)

    @property
    def duplicates(self) -> dict[str, int]:
        """Keys that stand there more than once."""
        return {key: n for key, n in Counter(s.slip.key for s in self.slips).items() if n > 1}

    # -- the contract ---------------------------------------------------------------------------------------------------

    @property
    def hard_timeout_s(self) -> float:
        """The longest a `post` takes."""
        return self._hard_timeout_s

    def turn(self) -> Turn:
        """Book the next free moment."""
        wait = self._turnstile.book(GATE, self._settings.save_interval_s + self._settings.slack_s)
        return Turn(self._clock.monotonic() + wait, self._settings.slack_s)

    def draft(self, slip: Slip) -> bytes:
        """As the client's."""
        return form.evidence(slip, self._settings)

    def post(self, slip: Slip, turn: Turn) -> Receipt:
        """Enter a slip."""
        form.checked(slip, self._settings)
        if self._clock.monotonic() - turn.at_s > turn.late_after_s:
            raise Transient(say.TURN_MISSED, retry_after_s=0.0)
        self.posts += 1
        accident = self._accidents.popleft() if self._accidents else None
        if accident == "too often":
            raise Transient(say.TOO_OFTEN, say.LATER_HINT, retry_after_s=self._settings.save_interval_s)
        if accident == "session ended":
            raise Transient(say.SESSION_ENDED, say.SESSION_ENDED_HINT, retry_after_s=0.0)
        if accident == "refused":
            raise Refused(say.REFUSED(key=slip.key, why=plain("PROD_CD")()), say.REFUSED_HINT, key=slip.key, evidence=b"")
        if accident in ("request lost", "down"):
            raise _unknown(slip, in_words("ReadError"))
        number = self._save(slip)
        if accident == "reply lost":
            raise _unknown(slip, in_words("ReadError"))
        if accident == "partly":
            message = say.PARTLY(key=slip.key, ok=1, failed=1)
            raise OutcomeUnknown(message, say.PARTLY_HINT(numbers=number), key=slip.key, evidence=b"")
        return Receipt(slip.key, number, len(slip.lines), f"fake-{self.posts}", self._clock.now(), b"{}")

    def prove(self, key: str) -> Proof:
        """Looks, when it was built as one that can."""
        if not self._can_prove:
            return Proof("cannot tell")
        numbers = tuple(s.number for s in self.slips if s.slip.key == key)
        return Proof("there" if numbers else "absent", numbers)

    def limits(self) -> Limits:
        """What is allowed."""
        return Limits(self._settings.save_interval_s)

    def describe(self) -> Description:
        """A fake."""
        own = self._settings
        return Description("fake", own.company, own.user, own.live, own.key_field, can_prove=self._can_prove)

    def close(self) -> None:
        """Nothing to close."""

    def _save(self, slip: Slip) -> str:
        day = f"{slip.day:%Y%m%d}"
        self._serials[day] += 1
        number = f"{day}-{self._serials[day]}"
        self.slips.append(FakeSlip(number, slip))
        return number


def _unknown(slip: Slip, what: Said) -> OutcomeUnknown:
    return OutcomeUnknown(say.LOST(what=what), say.LOST_HINT(key=slip.key), key=slip.key, evidence=b"")
