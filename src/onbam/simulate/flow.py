"""A toy order flow: read the ledger, take, download, send, finish. Claims, renewal, effects and settling are the real ones.

For: simulated histories; the real order flow plugs into the same place.
Promises: does what the protocol asks and no more: look before the second attempt, send only through the effect ledger, end
every attempt; a clean stop hands everything back.
Refuses: cleverness. What keeps an order from being entered twice must be the claims and the effects.
"""

from __future__ import annotations

from typing import Final

from onbam.claims.asks import WhyDenied
from onbam.claims.claims import Claims
from onbam.claims.held import Held
from onbam.claims.model import Ref, State
from onbam.claims.ports import Filter
from onbam.claims.rendezvous import preferred
from onbam.claims.renewer import Renewer
from onbam.effects.model import Effect, Try
from onbam.effects.payer import Payer
from onbam.effects.perform import Effects, Receipt, Withheld
from onbam.effects.permit import Permit
from onbam.effects.ports import CannotTell, Found, NotFound
from onbam.effects.settle import Settler
from onbam.kernel.errors import LeaseLost, OutcomeUnknown, Refused, Transient
from onbam.kernel.service import ERROR_PAUSE_FIRST_S, Service
from onbam.kernel.words import plain
from onbam.notices.model import Cause, Severity
from onbam.simulate.protections import HANDS, Protection
from onbam.simulate.seat import ProverPort, Seat, Strands
from onbam.simulate.world import HARD_TIMEOUT_S, KIND

AT_ONCE_MAX: Final = 2
"""Orders taken at a time."""
RETRY_S: Final = 5.0
WHAT: Final = "toy.slip"
PARKED: Final = "parked:"
"""How the keys of notices about parked items begin."""


def toy_orders(seat: Seat) -> Strands:
    """The strands of one process: its agent, and the services beside it."""
    claims = HANDS.get(seat.off, Claims)(seat.store, seat.agent, seat.clock)
    effects = Effects(seat.effects, claims, seat.notices, joint=seat.joint)
    return [
        ("agent", _Agent(seat, claims, effects).run),
        ("renewer", lambda: _serve(seat, Renewer(claims))),
        ("keeper", lambda: _keep(seat, settler_of(seat), Payer(effects))),
    ]


def settler_of(seat: Seat) -> Settler:
    """The settler of one process."""
    provers = {WHAT: Lookup(seat.prover)} if seat.prover is not None else {}
    return Settler(seat.store, seat.effects, seat.notices, seat.clock, provers)


class Lookup:
    """The ERP asked by key."""

    name = "toy"

    def __init__(self, erp: ProverPort) -> None:
        self._erp = erp

    def look(self, one: Try) -> Found | NotFound | CannotTell:
        """Whether it is there."""
        try:
            number = self._erp.find(one.key)
        except Transient as error:
            return CannotTell(str(error))
        return NotFound() if number is None else Found(number)


class _Agent:
    """Finds, takes and works."""

    def __init__(self, seat: Seat, claims: Claims, effects: Effects) -> None:
        self._seat = seat
        self._claims = claims
        self._effects = effects
        self._recovered = False
        self._done: set[Ref] = set()
        """Not asked for again."""

    def run(self) -> None:
        seat = self._seat
        while not seat.stop.is_set():
            try:
                self._round()
            except Transient:
                seat.clock.wait(seat.chance.uniform(0.5, 2.0), seat.stop)
            else:
                seat.clock.wait(seat.chance.jitter(seat.tempo.poll_s, 0.3), seat.stop)
        try:
            self._claims.stop()
        except Transient:
            return  # the leases end by themselves

    def _round(self) -> None:
        seat = self._seat
        if not self._recovered:
            for held in self._claims.recover().held:
                self._attempt(held)
            self._recovered = True
        found = {Ref(KIND, key) for key in seat.ledger.read()}
        refs = preferred(seat.agent.machine_id, found - self._done)
        for start in range(0, len(refs), AT_ONCE_MAX):
            taken = self._claims.take(refs[start : start + AT_ONCE_MAX])
            self._done.update(denied.ref for denied in taken.denied if denied.why is WhyDenied.COMPLETED)
            for held in taken.held:
                self._attempt(held)

    def _attempt(self, held: Held) -> None:
        """One try, and how it ends."""
        try:
            self._work(held)
        except (LeaseLost, OutcomeUnknown):
            self._claims.let_go(held)
        except Transient as error:
            self._end(held, State.FAILED, note=str(error), retry_in_s=RETRY_S)
        except Refused as error:
            self._end(held, State.PARKED, note=str(error))

    def _end(self, held: Held, state: State, *, note: str = "", receipt: str = "", retry_in_s: float = 0.0) -> None:
        try:
            self._claims.finish(held, state, note=note, receipt=receipt, retry_in_s=retry_in_s)
        except (LeaseLost, Transient):
            self._claims.let_go(held)

    def _work(self, held: Held) -> None:
        seat, key = self._seat, held.ref.key
        if held.item.attempt > 1 and seat.prover is not None and seat.off is not Protection.RECONCILE:
            number = seat.prover.find(key)
            if number is not None:
                self._end(held, State.COMPLETED, receipt=number, note="found by its key")
                return
        held.check()
        document = seat.portal.document(key)
        self._claims.step(held, step="parsed")

        def act(permit: Permit) -> Receipt:
            permit.check()
            return Receipt(seat.erp.save(key, document, seat.agent.agent_id))

        sent = self._effects.perform(held, Effect(key, WHAT, document, HARD_TIMEOUT_S), act)
        if isinstance(sent, Withheld):
            self._end(held, State.FAILED, note=sent.why.to("en"), retry_in_s=RETRY_S)
        else:
            self._end(held, State.COMPLETED, receipt=sent.receipt)


def _serve(seat: Seat, service: Service) -> None:
    """A service, as its runner runs it: a step that fails is tried again."""
    while not seat.stop.is_set():
        try:
            pause_s = service.step(seat.clock.now())
        except (Transient, LeaseLost, Refused):
            pause_s = ERROR_PAUSE_FIRST_S
        seat.clock.wait(pause_s, seat.stop)
    try:
        service.stop()
    except Transient:
        return


def _keep(seat: Seat, settler: Settler, payer: Payer) -> None:
    """What each machine does for all: take back what expired, settle, tell of what is parked; and its own debts."""
    while not seat.clock.wait(seat.chance.jitter(seat.tempo.poll_s * 1.5, 0.3), seat.stop):
        try:
            payer.step(seat.clock.now())
            seat.store.expire()
            settler.step(seat.clock.now())
            items = seat.store.find(Filter(states=(State.PARKED,))).items
            causes = [
                Cause(
                    f"{PARKED}{item.kind}:{item.key}", Severity.WARN, plain(f"{item.ref} is parked")(), plain("Look at it.")()
                )
                for item in items
            ]
            seat.notices.settle(PARKED, causes, who="system:keeper")
        except (Transient, LeaseLost, Refused):
            continue
    payer.stop()
