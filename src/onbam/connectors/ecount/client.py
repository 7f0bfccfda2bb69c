"""The ERP over its real wire.

For: `Erp` of the contract, on the real service and on the simulator.
Promises: one order a call; a call is sent at most once; what the answer does not prove is unknown; all PCs of a company keep
one session and one spacing; the counters the ERP tells are obeyed.
Refuses: to follow a redirect, to believe a status, to send outside its turn.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from onbam.connectors.ecount import form, replies
from onbam.connectors.ecount import words as say
from onbam.connectors.ecount.contract import Description, Limits, Proof, Receipt, Session, SessionShelf, Slip, Turn, Turnstile
from onbam.connectors.ecount.door import Door, unreachable
from onbam.connectors.ecount.replies import EVIDENCE_MAX, Quota, Saved
from onbam.connectors.ecount.settings import EcountSettings
from onbam.connectors.ecount.wire import Broken, NotSent, Reply, Wire
from onbam.kernel.clock import Clock
from onbam.kernel.errors import CredentialsRejected, OnbamError, OutcomeUnknown, Refused, Transient
from onbam.kernel.wire_words import in_words
from onbam.kernel.words import Said, plain

SAVE: Final = "Purchases/SavePurchases"
ERROR_WINDOW: Final = timedelta(hours=1)
EARLY_MAX_S: Final = 0.05
"""A turn used before its time is a mistake of ours; two clocks may differ by a rounding."""
_SEOUL: Final = ZoneInfo("Asia/Seoul")


class EcountClient:
    """One company's books."""

    def __init__(
        self, settings: EcountSettings, clock: Clock, shelf: SessionShelf, turnstile: Turnstile, *, ahead_s: float = 0.0
    ) -> None:
        """`ahead_s`: a turn that comes sooner is of no use, because so long is needed to get ready for it."""
        self._settings = settings
        self._ahead_s = ahead_s
        self._clock = clock
        self._turnstile = turnstile
        self._wire = Wire(clock, secure=not settings.host.startswith("http://"))
        self._door = Door(settings, self._wire, shelf, turnstile, clock)
        self._quota: tuple[Quota, datetime] | None = None

    # -- the contract ---------------------------------------------------------------------------------------------------

    @property
    def hard_timeout_s(self) -> float:
        """The longest a `post` takes."""
        return self._settings.timeout_s

    def turn(self) -> Turn:
        """Book the next free moment, with a session that works as far as anybody knows."""
        self._door.session()
        spacing_s = self._settings.save_interval_s + self._settings.slack_s
        wait = self._turnstile.book(self._door.gate("save"), spacing_s, self._ahead_s)
        return Turn(self._clock.monotonic() + wait, self._settings.slack_s)

    def draft(self, slip: Slip) -> bytes:
        """The body of the call: what lets us in stands in the address and is not here."""
        return form.evidence(slip, self._settings)

    def post(self, slip: Slip, turn: Turn) -> Receipt:
        """Enter a slip, once, now."""
        rows = form.rows(form.checked(slip, self._settings), self._settings)
        self._obey_counters()
        late = self._clock.monotonic() - turn.at_s
        assert late >= -EARLY_MAX_S, "a turn is waited for before it is used"
        if late > turn.late_after_s:
            raise Transient(say.TURN_MISSED, retry_after_s=0.0)
        session = self._door.known()
        if session is None:
            raise Transient(say.SESSION_ENDED, say.SESSION_ENDED_HINT, retry_after_s=0.0)
        return self._send(slip, rows, session)

    def prove(self, key: str) -> Proof:  # noqa: ARG002 -- this ERP has no call that reads a slip back
        """It cannot be asked: a person looks, or an exported file tells."""
        return Proof("cannot tell")

    def limits(self) -> Limits:
        """What is allowed and used."""
        interval = self._settings.save_interval_s
        if self._quota is None:
            return Limits(interval)
        quota, told_at = self._quota
        return Limits(
            interval,
            today=quota.today,
            today_max=quota.today_max,
            failures=quota.failures,
            failures_max=quota.failures_max,
            told_at=told_at,
        )

    def describe(self) -> Description:
        """Which ERP this is."""
        own = self._settings
        return Description(say.NAME, own.company, own.user, own.live, own.key_field, can_prove=False)

    def forgive(self) -> int:
        """A person's word that rejected log-ins may be tried again, by every PC; how many there were."""
        return self._door.forgive()

    def close(self) -> None:
        """Let the connection go."""
        self._wire.close()

    # -- inside ---------------------------------------------------------------------------------------------------------

    def _send(self, slip: Slip, rows: list[dict[str, str]], session: Session) -> Receipt:
        address = self._door.address(session.zone, SAVE, session)
        body = form.body(rows)
        try:
            reply = self._wire.post(address, body, self._settings.timeout_s)
        except NotSent as error:
            why = unreachable(error)
            raise Transient(why.message, why.hint) from None  # whatever it is: nothing was sent, and the ledger may know it
        except Broken as error:
            what = say.NO_ANSWER(limit=self._settings.timeout_s) if error.late else in_words(error.what)
            raise _unknown(slip, what) from None
        try:
            saved = replies.read_save(reply)
        except replies.NotUnderstood as error:
            raise _unknown(slip, error.what, reply) from None
        except (replies.TooOften, replies.SessionEnded, replies.Blocked, replies.WrongRequest) as turned_away:
            raise self._turned_away(slip, session, turned_away, reply) from None
        return self._judged(slip, saved, reply)

    def _judged(self, slip: Slip, saved: Saved, reply: Reply) -> Receipt:
        """All lines or none; anything between is for a person."""
        if saved.quota is not None:
            self._quota = saved.quota, self._clock.now()
        if saved.ok and not saved.failed and len(saved.numbers) > 1:
            raise _several(slip, saved.numbers, reply)
        if saved.ok and not saved.failed:
            number = saved.numbers[0] if saved.numbers else ""
            return Receipt(slip.key, number, len(slip.lines), saved.trace, self._clock.now(), reply.body[:EVIDENCE_MAX])
        if saved.failed and not saved.ok and not saved.numbers:
            raise _refused(slip, _joined(saved.errors), reply)
        if not saved.ok and not saved.failed:
            raise _unknown(slip, say.ANSWERED_ODD(), reply)
        numbers = ", ".join(saved.numbers) or "?"
        message = say.PARTLY(key=slip.key, ok=saved.ok, failed=saved.failed)
        raise OutcomeUnknown(message, say.PARTLY_HINT(numbers=numbers), key=slip.key, evidence=reply.body[:EVIDENCE_MAX])

    def _turned_away(self, slip: Slip, session: Session, why: Exception, reply: Reply) -> OnbamError:
        """The answers that prove nothing was saved."""
        if isinstance(why, replies.TooOften):
            interval = self._settings.save_interval_s + self._settings.slack_s
            self._turnstile.hold(self._door.gate("save"), interval)
            return Transient(say.TOO_OFTEN, say.LATER_HINT, retry_after_s=interval)
        if isinstance(why, replies.SessionEnded):
            self._door.forget(session)
            return Transient(say.SESSION_ENDED, say.SESSION_ENDED_HINT, retry_after_s=0.0)
        if isinstance(why, replies.Blocked):
            return CredentialsRejected(say.BLOCKED, say.BLOCKED_HINT)
        return _refused(slip, plain(str(why))(), reply)

    def _obey_counters(self) -> None:
        """Nothing is sent that the ERP has announced to turn away."""
        if self._quota is None:
            return
        quota, told_at = self._quota
        now = self._clock.now()
        here, then = now.astimezone(_SEOUL), told_at.astimezone(_SEOUL)
        if quota.today >= quota.today_max and here.date() == then.date():
            midnight = (here + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
            message = say.QUOTA(used=quota.today, limit=quota.today_max)
            raise Transient(message, say.QUOTA_HINT, retry_after_s=(midnight - here).total_seconds())
        if quota.failures >= quota.failures_max and now - told_at < ERROR_WINDOW:
            left = ERROR_WINDOW - (now - told_at)
            message = say.TOO_MANY_ERRORS(used=quota.failures, limit=quota.failures_max)
            raise Transient(message, say.TOO_MANY_ERRORS_HINT, retry_after_s=left.total_seconds())


def _unknown(slip: Slip, what: Said, reply: Reply | None = None) -> OutcomeUnknown:
    evidence = reply.body[:EVIDENCE_MAX] if reply is not None else b""
    return OutcomeUnknown(say.LOST(what=what), say.LOST_HINT(key=slip.key), key=slip.key, evidence=evidence)


def _several(slip: Slip, numbers: tuple[str, ...], reply: Reply) -> OutcomeUnknown:
    """More than one slip of one order: something is there, and a person decides what stays."""
    message = say.SEVERAL(key=slip.key, count=len(numbers), numbers=", ".join(numbers))
    return OutcomeUnknown(message, say.SEVERAL_HINT, key=slip.key, evidence=reply.body[:EVIDENCE_MAX])


def _refused(slip: Slip, why: Said, reply: Reply) -> Refused:
    return Refused(say.REFUSED(key=slip.key, why=why), say.REFUSED_HINT, key=slip.key, evidence=reply.body[:EVIDENCE_MAX])


def _joined(errors: tuple[Said, ...]) -> Said:
    """Several sentences as one, still in both languages."""
    if not errors:
        return say.ANSWERED_ODD()
    first = errors[0]
    for error in errors[1:]:
        first = say.AND(first=first, second=error)
    return first
