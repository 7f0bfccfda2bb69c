"""The real order flow in simulated histories: the agent's own strands, between a supplier and an ERP that can be judged.

For: `onbam simulate --flow orders`, the simulation ring.
Promises: looking at the ledger, taking, preparing, entering, renewing, keeping, paying and settling are the product's code, put
together as the agent puts them together; what is made here is the outside only, and it is behind the simulated wire.
Refuses: to excuse a bug: what the attempt boundary would keep as a trace ends the history. Evidence is each PC's own here, so
no attempt can lean on what another PC kept.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from onbam.claims.claims import Claims
from onbam.claims.keeper import Keeper
from onbam.claims.renewer import Renewer
from onbam.connectors.ecount.contract import Description, Limits, Proof, Receipt, Slip, Turn
from onbam.connectors.portal.contract import KINDS, Document, Entry, Ledger, Page
from onbam.effects.model import START_S
from onbam.effects.payer import Payer
from onbam.effects.perform import Effects
from onbam.effects.settle import Settler
from onbam.kernel.beats import NoBeats
from onbam.kernel.errors import LeaseLost, Refused, Transient
from onbam.kernel.service import ERROR_PAUSE_FIRST_S, Service
from onbam.kernel.words import plain
from onbam.logs.uploads import UploadLog
from onbam.orders import flow_words
from onbam.orders.attempt import Attempts, Rules
from onbam.orders.codes import CodeBook, Rule
from onbam.orders.evidence import ERROR, Lot
from onbam.orders.flow import WHAT, Flow, Means
from onbam.orders.health import Health
from onbam.orders.lead import lead_s
from onbam.orders.ledgers import Ledgers
from onbam.orders.slip import as_bytes
from onbam.orders.stores.evidence_memory import MemoryEvidence
from onbam.orders.tally import Tally
from onbam.orders.work import Entering, Line, Preparing
from onbam.simulate.flow import Lookup
from onbam.simulate.protections import Protection, Rash
from onbam.simulate.seat import Seat, Strands
from onbam.simulate.world import HARD_TIMEOUT_S

IN_HAND: Final = 2
LOOK_S: Final = 1.0
RETRY_S: Final = 3.0
TRIES: Final = 3
REST_FIRST_S: Final = 1.0
REST_MAX_S: Final = 5.0
TURN_LATE_S: Final = 5.0
"""How late a turn may be used."""
DAY: Final = date(2026, 1, 5)
SEOUL: Final = ZoneInfo("Asia/Seoul")
BOOK: Final = CodeBook((Rule("Y1", "화이트", "문선", "80*2440"),))
PAPER: Final = (
    "<html><body><h1>거래명세서</h1><p>출하번호 : {key}</p><p>출하일자: 2026년 1월 5일</p><p>영림임업(주)</p>"
    "<table class='table-item'><tr><th>NO</th><th>색상</th><th>품명</th><th>규격</th><th>수량</th><th>단가</th><th>금액</th>"
    "<th>비고</th></tr><tr><td>1</td><td>화이트</td><td>문선</td><td>80*2440</td><td>2</td><td>1,500</td><td>3,000</td><td></td>"
    "</tr><tr><td>합계</td><td></td><td></td><td></td><td>2</td><td></td><td>3,000</td><td></td></tr></table></body></html>"
)


class Accident(AssertionError):
    """A bug that the attempt boundary met."""


def order_flow(seat: Seat) -> Strands:
    """The strands of one process: what `OrderAgent` starts, one by one."""
    return Robot(seat).strands()


class Robot:
    """One process's agent."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self._over = threading.Event()
        """The strand that enters has ended: only then is the rest handed back."""
        self.claims = (Rash if seat.off is Protection.MARGIN else Claims)(seat.store, seat.agent, seat.clock)
        self._evidence = Kept(seat)
        self._effects = Effects(seat.effects, self.claims, seat.notices, joint=seat.joint)
        self._portal, self._erp = Site(seat), Books(seat)
        self._portal_health, self._erp_health = self._health("portal"), self._health("erp")
        self._lead_s = lead_s(seat.store.capabilities)
        self._beats = NoBeats()
        self._flow = Flow(self._means())
        tally = Tally(self._beats)
        self._attempts = Attempts(
            self._flow,
            self.claims,
            self._evidence,
            seat.notices,
            (self._portal_health, self._erp_health),
            Rules(TRIES, RETRY_S),
            clock=seat.clock,
            chance=seat.chance,
            beats=self._beats,
            tally=tally,
            uploads=_unwritten,
        )

    def strands(self) -> Strands:
        """Names and bodies."""
        seat, line = self._seat, Line()
        provers = {WHAT: Lookup(seat.prover)} if seat.prover is not None else {}
        settler = Settler(seat.store, seat.effects, seat.notices, seat.clock, provers)
        keeper = Keeper(self.claims, seat.clock, notices=seat.notices)
        preparing, entering = self._preparing(line, keeper), self._entering(line)
        return [
            ("renewer", lambda: self._serve(Renewer(self.claims))),
            ("keeper", lambda: self._serve(keeper)),
            ("payer", lambda: self._serve(Payer(self._effects))),
            ("settler", lambda: self._serve(settler)),
            ("sweep", self._sweep),
            ("entering", lambda: self._enter(entering)),
            ("preparing", lambda: self._prepare(preparing)),
        ]

    # -- strands ------------------------------------------------------------------------------------------------------------

    def _serve(self, service: Service) -> None:
        """A service, as its runner runs it: a step that fails is tried again after a while."""
        seat = self._seat
        while not self._started(service):
            if seat.clock.wait(ERROR_PAUSE_FIRST_S, seat.stop):
                return
        while not seat.stop.is_set():
            try:
                pause_s = service.step(seat.clock.now())
            except (Transient, LeaseLost, Refused):
                pause_s = ERROR_PAUSE_FIRST_S
            seat.clock.wait(pause_s, seat.stop)
        try:
            service.stop()
        except Transient:
            return  # what is held ends by itself

    @staticmethod
    def _started(service: Service) -> bool:
        try:
            service.start()
        except Transient:
            return False
        return True

    def _sweep(self) -> None:
        """The ledger, on the beat of this history."""
        seat = self._seat
        ledgers = Ledgers(
            self._portal,
            seat.store,
            self._evidence,
            seat.notices,
            self._portal_health,
            kinds=KINDS[:1],
            window_days=7,
            zone=SEOUL,
            who=seat.agent.who,
            agent=seat.agent,
        )
        while not seat.stop.is_set():
            try:
                ledgers.look()
            except Transient:
                seat.clock.wait(seat.chance.uniform(0.5, 2.0), seat.stop)
            seat.clock.wait(seat.chance.jitter(seat.tempo.poll_s, 0.3), seat.stop)

    def _enter(self, entering: Entering) -> None:
        try:
            self._serve(entering)
        finally:
            self._over.set()

    def _prepare(self, preparing: Preparing) -> None:
        """Ends last: what is still held then goes back."""
        self._serve(preparing)
        while not self._over.is_set():
            self._seat.clock.wait(LOOK_S)
        try:
            self.claims.stop()
        except Transient:
            return  # the leases end by themselves

    # -- parts --------------------------------------------------------------------------------------------------------------

    def _preparing(self, line: Line, keeper: Keeper) -> Preparing:
        return Preparing(
            self.claims,
            self._attempts,
            line,
            lambda: None,
            (self._portal_health, self._erp_health),
            keeper,
            beats=self._beats,
            in_hand=IN_HAND,
            look_s=LOOK_S,
        )

    def _entering(self, line: Line) -> Entering:
        return Entering(
            self._flow,
            self._attempts,
            line,
            lambda: None,
            self._erp_health,
            clock=self._seat.clock,
            beats=self._beats,
            lead_s=self._lead_s,
            look_s=LOOK_S,
        )

    def _means(self) -> Means:
        seat = self._seat
        return Means(
            claims=self.claims,
            effects=self._effects,
            tries=seat.effects,
            evidence=self._evidence,
            portal=self._portal,
            erp=self._erp,
            portal_health=self._portal_health,
            erp_health=self._erp_health,
            codes=lambda: BOOK,
            clock=seat.clock,
            beats=self._beats,
            start_s=START_S,
        )

    def _health(self, name: str) -> Health:
        seat, shown = self._seat, {"portal": flow_words.PORTAL, "erp": flow_words.ERP}[name]
        return Health(
            name,
            shown,
            seat.notices,
            seat.clock,
            seat.chance,
            who=seat.agent.who,
            rest_first_s=REST_FIRST_S,
            rest_max_s=REST_MAX_S,
        )


# -- the outside --------------------------------------------------------------------------------------------------------------


class Site:
    """The supplier: the history's ledger and documents as the portal's contract tells them."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def ledger(self, kind: str, since: date, until: date) -> Ledger:
        """Every order so far; the newest may stand there twice."""
        return Ledger(kind, since, until, tuple(Entry(key, kind, DAY) for key in self._seat.ledger.read()))

    def document(self, entry: Entry) -> Document:
        """Its paper."""
        self._seat.portal.document(entry.number)
        text = PAPER.format(key=entry.number)
        return Document(entry.number, entry.kind, Page(text.encode(), text, "utf-8", entry.number, self._seat.clock.now()))

    def check(self) -> None:
        """Nothing to log in to."""

    def close(self) -> None:
        """Nothing is held."""


class Books:
    """The ERP: the history's own, which enters whatever it is sent."""

    hard_timeout_s: Final = HARD_TIMEOUT_S

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def turn(self) -> Turn:
        """Soon."""
        return Turn(self._seat.clock.monotonic() + self._seat.chance.uniform(0.0, 1.0), TURN_LATE_S)

    def draft(self, slip: Slip) -> bytes:
        """The slip itself."""
        return as_bytes(slip)

    def post(self, slip: Slip, turn: Turn) -> Receipt:
        """Enter it; a turn that was missed is not used."""
        clock = self._seat.clock
        if clock.monotonic() > turn.at_s + turn.late_after_s:
            raise Transient(plain("the turn was missed"), retry_after_s=0.0)
        number = self._seat.erp.save(slip.key, as_bytes(slip).decode(), self._seat.agent.agent_id)
        return Receipt(slip.key, number, len(slip.lines), number, clock.now(), b"{}")

    def prove(self, key: str) -> Proof:
        """Ask for a key."""
        assert self._seat.prover is not None, "asked only where it can be asked"
        number = self._seat.prover.find(key)
        return Proof("absent") if number is None else Proof("there", (number,))

    def limits(self) -> Limits:
        """None that matter here."""
        return Limits(0.0)

    def describe(self) -> Description:
        """A toy."""
        return Description("toy", "", "", live=False, key_field="", can_prove=self._seat.prover is not None)

    def close(self) -> None:
        """Nothing is held."""


class Kept(MemoryEvidence):
    """Evidence of this PC alone. A trace among it is a bug that met the attempt boundary."""

    def __init__(self, seat: Seat) -> None:
        super().__init__(seat.clock)

    def keep_lots(self, lots: Sequence[Lot]) -> Any:
        """Keep it; what went wrong inside an attempt goes wrong in the history."""
        for part in (part for lot in lots for part in lot.parts):
            if part.step == ERROR:
                raise Accident(part.body.decode())
        return super().keep_lots(lots)


class _Unwritten:
    """An upload log nobody reads."""

    def write(self, what: object, /, **values: object) -> None:
        """Nothing."""


def _unwritten(_: str) -> AbstractContextManager[UploadLog]:
    return cast("AbstractContextManager[UploadLog]", nullcontext(_Unwritten()))
