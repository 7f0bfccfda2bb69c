"""The attempt boundary: whatever happens inside an attempt, the order ends it in a state that is true and says what comes next.

For: the agent's two strands.
Promises: every way out of an attempt is in `_end`, sorted by what to do next; passing trouble is tried again later and never
waited for here; what a person has to look at is parked, with one notice that says where; a bug ends the attempt and not the
agent, with its trace kept as evidence.
Refuses: to call anything finished that is not proven; to fail an order for its connector's outage.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import Final, TypeVar

from onbam.claims.claims import Claims
from onbam.claims.held import Held
from onbam.claims.keeper import PARKED
from onbam.claims.model import Phase, State
from onbam.connectors.ecount.contract import Turn
from onbam.effects.perform import Sent, Withheld
from onbam.kernel.beats import Beats
from onbam.kernel.chance import Chance
from onbam.kernel.clock import Clock
from onbam.kernel.errors import (
    ContractBroken,
    CredentialsRejected,
    LeaseLost,
    Misconfigured,
    OnbamError,
    OutcomeUnknown,
    Refused,
    Transient,
)
from onbam.kernel.words import Said, Text, kept
from onbam.logs.uploads import UploadLog
from onbam.logs.voice import bind, get_logger
from onbam.notices.model import KEY_MAX, LINK_MAX, Cause, Severity
from onbam.notices.ports import Notices
from onbam.orders import evidence as keep
from onbam.orders import flow_words as say
from onbam.orders.card import card_of
from onbam.orders.evidence import Evidence, Part
from onbam.orders.flow import CONNECTOR, Flow, Odd, Proven, Ready, TakenBack
from onbam.orders.health import Health
from onbam.orders.in_work import InWork, Unwatched
from onbam.orders.tally import Tally

FINISH_TRIES: Final = 3
FINISH_PAUSE_S: Final = 0.5
BOOK_AGAIN: Final = 3
"""A turn that was missed is booked again so many times; then the order goes back and comes later."""
log: Final = get_logger("orders")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rules:
    """How often passing trouble is met again, and when."""

    tries: int
    retry_s: float

    def pause_s(self, failures: int) -> float:
        """Five, ten, twenty minutes."""
        return float(self.retry_s * 2 ** (failures - 1))


class Attempts:
    """One agent's attempts."""

    def __init__(
        self,
        flow: Flow,
        claims: Claims,
        evidence: Evidence,
        notices: Notices,
        healths: tuple[Health, Health],
        rules: Rules,
        *,
        clock: Clock,
        chance: Chance,
        beats: Beats,
        tally: Tally,
        uploads: Callable[[str], AbstractContextManager[UploadLog]],
        in_work: InWork | None = None,
    ) -> None:
        """`healths`: of the portal and of the ERP."""
        self._flow = flow
        self._claims = claims
        self._evidence = evidence
        self._notices = notices
        self._portal, self._erp = healths
        self._healths = {health.name: health for health in healths}
        self._rules = rules
        self._clock = clock
        self._chance = chance
        self._beats = beats
        self._tally = tally
        self._uploads = uploads
        self._in_work = in_work or Unwatched()

    # -- the two strands ----------------------------------------------------------------------------------------------------

    def prepare(self, held: Held) -> Ready | None:
        """As far as it goes without the ERP; none when the attempt has ended."""
        self._in_work.begin("preparing", held.ref)
        answer = self._guarded(held, lambda: self._flow.prepare(held), self._portal)
        self._in_work.end("preparing")  # not in a `finally`: whoever dies in it leaves it standing
        match answer:
            case Proven(receipt):
                self._completed(held, receipt, say.FOUND_ENTERED)
            case TakenBack():
                self._finish(held, State.CANCELLED, note=say.TAKEN_BACK())
                self._tally.cancelled()
            case Ready():
                self._portal.denials.through()
                return answer
        return None

    def enter(self, ready: Ready, turn: Turn) -> bool:
        """Into the ERP, in its turn. False: the turn was missed, and another one is to be booked."""
        held = ready.held
        self._in_work.begin("entering", held.ref)
        answer = self._guarded(held, lambda: self._enter(ready, turn), self._erp)
        self._in_work.end("entering")
        match answer:
            case Sent(receipt, fresh, finished):
                if fresh:
                    self._erp.denials.through()
                self._completed(held, receipt, say.ENTERED, lines=len(ready.slip.lines), finished=finished)
            case Withheld(why):
                self.give_back(held, why)
            case False:
                return False
        return True

    def waits(self, ready: Ready) -> None:
        """It is prepared and its turn is not yet. A store that cannot be told now says the older note: that is no trouble."""

        def say_so() -> None:
            with suppress(Transient):
                self._flow.waits(ready)

        self._guarded(ready.held, say_so)

    def give_back(self, held: Held, why: Said) -> None:
        """Nothing was sent: another PC, or a later moment, may take it."""
        try:
            self._claims.give_back([held], kept(why))
        except Transient:
            self._claims.let_go(held)

    def _enter(self, ready: Ready, turn: Turn) -> Sent | Withheld | bool:
        with self._uploads(str(ready.held.ref)) as upload:
            try:
                sent = self._flow.enter(ready, turn, upload)
            except Transient as error:
                if error.retry_after_s == 0.0 and ready.held.item.phase is not Phase.SENDING:
                    upload.write(say.UPLOAD_WITHHELD(why=error.message))
                    return False
                raise
            if isinstance(sent, Withheld):
                upload.write(say.UPLOAD_WITHHELD(why=sent.why))
            elif not sent.fresh:
                upload.write(say.UPLOAD_BEFORE, number=sent.receipt)
            return sent

    # -- the boundary -------------------------------------------------------------------------------------------------------

    def _guarded(self, held: Held, work: Callable[[], T], asked: Health | None = None) -> T | None:
        """`asked`: the connector it is about."""
        with bind(item=str(held.ref), token=held.item.token):
            try:
                return work()
            except Exception as error:  # noqa: BLE001 -- the attempt boundary: nothing that happens to one order ends the agent
                self._end(held, error, asked)
                return None

    def _end(self, held: Held, error: Exception, asked: Health | None) -> None:
        """How the attempt ends, by what is to be done next."""
        try:
            match error:
                case LeaseLost():  # another PC goes on, or a person decided
                    self._claims.let_go(held)
                    log.info(say.LOG_LOST, why=str(error))
                case OutcomeUnknown():  # uncertain already, with its notice
                    self._claims.let_go(held)
                    self._leave(held, _said_by_outside(error))
                    self._failed(held, error, State.UNCERTAIN)
                case CredentialsRejected() | Misconfigured():  # the connector's, not the order's
                    self.give_back(held, error.message)
                    log.error(error.message, error=error)
                case Transient():
                    self._again(held, error)
                case Odd() if self._alike(held, error):
                    self._after_rest(held, error, self._portal)
                case Odd():
                    self._claims.step(held, data=card_of(held.item).carrying(error.lines).data)
                    self._park(held, error, say.PARKED_ODD, error.hint)
                case ContractBroken() | Refused() if asked is not None and asked.denials.met(error.message, held.ref.key):
                    self._after_rest(held, error, asked)
                case ContractBroken():
                    self._leave(held, error.evidence)
                    self._park(held, error, say.PARKED_UNKNOWN, _advice(error, say.PARKED_UNKNOWN_HINT))
                case Refused():
                    self._leave(held, _said_by_outside(error))
                    self._park(held, error, say.PARKED_REFUSED, _advice(error, say.ODD_HINT))
                case _:
                    self._bug(held, error)
        except (LeaseLost, Transient) as late:  # it could not be told: the lease ends, and then the rules decide
            self._claims.let_go(held)
            log.warning(say.LOG_NOT_TOLD, why=str(late), error=error)

    def _again(self, held: Held, error: Transient) -> None:
        """Later, with the same input; when the tries are used up, a person."""
        health = self._healths.get(str(error.context.get(CONNECTOR)))
        if health is not None and health.away:
            self._after_rest(held, error, health, error.retry_after_s or 0.0)
            return
        card = card_of(held.item).troubled()
        if card.failures > self._rules.tries:
            self._claims.step(held, data=card.well().data)
            self._park(held, error, say.PARKED_TRIED, _advice(error, say.PARKED_TRIED_HINT))
            return
        pause_s = max(self._chance.jitter(self._rules.pause_s(card.failures), 0.1), error.retry_after_s or 0.0)
        self._claims.step(held, data=card.data)
        self._finish(held, State.FAILED, note=error.message, retry_in_s=pause_s)
        self._failed(held, error)

    def _alike(self, held: Held, error: Odd) -> bool:
        """Whether one page after the other is laid out differently; a page that could be read is as it always was."""
        if error.layout is None:
            self._portal.denials.through()
            return False
        return self._portal.denials.met(error.layout, held.ref.key)

    def _after_rest(self, held: Held, error: OnbamError, health: Health, least_s: float = 0.0) -> None:
        """It is the connector's trouble and not the order's, whose tries it does not use up."""
        pause_s = max(health.rests_s, least_s)
        self._finish(held, State.FAILED, note=error.message, retry_in_s=self._chance.jitter(pause_s, 0.2))
        self._failed(held, error, away=True)

    def _park(self, held: Held, error: OnbamError, title: Text, advice: Said) -> None:
        """In front of a person. The notice opens first: an order that waits for a person is never without one."""
        key = f"{PARKED}{held.ref}"[:KEY_MAX]
        told = title(item=held.ref.key, why=error.message)
        self._notices.open(Cause(key, Severity.WARN, told, advice, f"/items/{held.ref.kind}/{held.ref.key}"[:LINK_MAX]))
        self._finish(held, State.PARKED, note=error.message)
        self._failed(held, error, State.PARKED)

    def _bug(self, held: Held, error: Exception) -> None:
        """What no room foresaw."""
        log.critical(say.LOG_BUG, error=error)
        trace = "".join(traceback.format_exception(error)).encode("utf-8", "replace")
        self._leave(held, trace, keep.ERROR)
        kind = type(error).__name__
        self._park(held, OnbamError(say.BUG(kind=kind)), say.PARKED_BUG, say.PARKED_BUG_HINT())

    # -- ending -------------------------------------------------------------------------------------------------------------

    def _completed(self, held: Held, receipt: str, note: Text, *, lines: int = 0, finished: bool = False) -> None:
        self._beats.step(keep.RECEIPT, held.ref.key)
        if not finished:
            self._finish(held, State.COMPLETED, receipt=receipt, note=note(receipt=receipt))
        self._tally.completed(lines)
        self._beats.well()

    def _finish(self, held: Held, state: State, *, note: Said, receipt: str = "", retry_in_s: float = 0.0) -> None:
        """Tell the store, a few times; a receipt that cannot be told now is in the ledger, and the settler brings it."""
        text = kept(note)
        for left in range(FINISH_TRIES - 1, -1, -1):
            try:
                self._claims.finish(held, state, receipt=receipt, note=text, retry_in_s=retry_in_s)
            except LeaseLost as error:
                self._claims.let_go(held)
                log.info(say.LOG_LOST, why=str(error))
            except Transient as error:
                if left:
                    self._clock.wait(FINISH_PAUSE_S)
                    continue
                self._claims.let_go(held)
                log.warning(say.LOG_NOT_TOLD, why=str(error))
            return

    def _failed(self, held: Held, error: Exception, state: State = State.FAILED, *, away: bool = False) -> None:
        """For the figures, the log, and whoever restarts a program that fails again and again.

        An order only a person can help is no failure of the program, and neither is a connector that is away: it would be
        restarted for nothing, again and again.
        """
        self._tally.failed(state)
        if not (away or isinstance(error, Refused | ContractBroken)):
            self._beats.error(f"{held.ref.key}: {error}")
        log.warning(str(error) if not isinstance(error, OnbamError) else error.message, error=error)

    def _leave(self, held: Held, body: bytes | None, step: str = keep.PAGE) -> None:
        """What the outside said, or what went wrong, as evidence; best effort: the end of the attempt matters more."""
        if not body:
            return
        item = held.item
        name, media = ("trace.txt", keep.TEXT) if step == keep.ERROR else ("page.html", keep.HTML)
        part = Part(step, name, media, body[: keep.BODY_MAX])
        try:
            self._evidence.keep_all(item.ref, [part], token=item.token, attempt=item.attempt, by=self._claims.agent.who)
        except Transient as error:
            log.warning(say.LOG_NO_EVIDENCE, why=str(error))


def _advice(error: OnbamError, otherwise: Text) -> Said:
    """What the reader can do: the error's own hint where it has one."""
    return error.hint if error.hint.to("en") else otherwise()


def _said_by_outside(error: BaseException) -> bytes | None:
    """The outside's own words, where the connector brought them; also behind the error the effect ledger made of it."""
    at: BaseException | None = error
    while at is not None:
        found = at.context.get("evidence") if isinstance(at, OnbamError) else None
        if isinstance(found, bytes) and found:
            return found
        at = at.__cause__
    return None
