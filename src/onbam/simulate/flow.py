"""A toy order flow: read the ledger, take, download, send, finish. The claims under it are the real ones.

For: simulated histories; the real order flow plugs into the same place.
Promises: does what the protocol asks and no more: look before the second attempt, mark before sending, send only while the
lease outlasts the call, doubt when the answer is lost; a clean stop hands everything back.
Refuses: cleverness. What keeps an order from being entered twice must be the claims and the effects.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from onbam.claims.asks import Command, WhyDenied
from onbam.claims.claims import Claims, Held
from onbam.claims.lease import Moment
from onbam.claims.model import Act, Item, Ref, State
from onbam.claims.ports import Filter
from onbam.claims.rendezvous import preferred
from onbam.kernel.errors import LeaseLost, OutcomeUnknown, Refused, Transient
from onbam.kernel.words import plain
from onbam.notices.model import Cause, Severity
from onbam.simulate.protections import Protection
from onbam.simulate.seat import Seat, Strands
from onbam.simulate.world import HARD_TIMEOUT_S, KIND, MARGIN_S

NEED_S: Final = HARD_TIMEOUT_S + MARGIN_S
"""What must be left of a lease to send."""
AT_ONCE_MAX: Final = 2
"""Orders taken at a time."""
RETRY_S: Final = 5.0
PROVER: Final = "prover:toy"
OPEN_STATES: Final = (State.UNCERTAIN, State.PARKED)


def toy_orders(seat: Seat) -> Strands:
    """The strands of one process."""
    claims = Claims(seat.store, seat.agent, seat.clock)
    return [
        ("agent", _Agent(seat, claims).run),
        ("renewer", lambda: _renew(seat, claims)),
        ("keeper", _Keeper(seat).run),
    ]


class _Agent:
    """Finds, takes and works."""

    def __init__(self, seat: Seat, claims: Claims) -> None:
        self._seat = seat
        self._claims = claims
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
        """One try; how it ends."""
        try:
            self._work(held)
        except LeaseLost:
            self._claims.let_go(held)
        except Transient as error:
            self._end(held, State.FAILED, note=str(error), retry_in_s=RETRY_S)
        except Refused as error:
            self._end(held, State.PARKED, note=str(error))
        except OutcomeUnknown as error:
            self._end(held, State.UNCERTAIN, note=str(error))

    def _end(self, held: Held, state: State, *, note: str = "", receipt: str = "", retry_in_s: float = 0.0) -> None:
        try:
            self._claims.finish(held, state, note=note, receipt=receipt, retry_in_s=retry_in_s)
        except LeaseLost:
            return
        except Transient:
            self._claims.let_go(held)

    def _work(self, held: Held) -> None:
        seat, claims, key = self._seat, self._claims, held.ref.key
        if held.item.attempt > 1 and seat.off is not Protection.RECONCILE:
            found = seat.prover.find(key) if seat.prover is not None else None
            if found is not None:
                self._end(held, State.COMPLETED, receipt=found, note="found by its key")
                return
        held.check()
        document = seat.portal.document(key)
        claims.step(held, step="parsed")
        number = self._send(held, document)
        self._end(held, State.COMPLETED, receipt=number)

    def _send(self, held: Held, document: str) -> str:
        """The act that cannot be undone."""
        seat, claims = self._seat, self._claims
        need_s = 0.001 if seat.off is Protection.MARGIN else NEED_S
        if not claims.sending(held, need_s):
            raise Transient(plain("The lease is too short to send."))
        if seat.off is not Protection.MARGIN and held.left_s() < NEED_S:
            claims.known(held, note="not sent: the lease is nearly over")
            raise Transient(plain("The lease is nearly over."))
        try:
            return seat.erp.save(held.ref.key, document, seat.agent.agent_id)
        except (Refused, Transient):
            claims.known(held, note="nothing was entered")
            raise


def _renew(seat: Seat, claims: Claims) -> None:
    """Renewal, apart from every run."""
    while not seat.clock.wait(seat.tempo.lease_s / 3, seat.stop):
        try:
            claims.renew()
        except Transient:
            claims.give_up_what_is_over()


class _Keeper:
    """Takes back what expired, settles doubts by proof, tells a person of the rest."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self._seen: dict[tuple[Ref, int], Moment] = {}
        """Since when each doubt is known here: waits are measured on our own clocks, the store's may be set."""

    def run(self) -> None:
        seat = self._seat
        while not seat.clock.wait(seat.chance.jitter(seat.tempo.poll_s * 2, 0.3), seat.stop):
            try:
                seat.store.expire()
                items = seat.store.find(Filter(states=OPEN_STATES)).items
                if seat.prover is not None:
                    for item in items:
                        self._settle(item)
                seat.notices.settle("simulated:", _causes(items), who="system:keeper")
            except Transient:
                continue

    def _settle(self, item: Item) -> None:
        seat = self._seat
        if item.state is not State.UNCERTAIN or seat.prover is None:
            return
        since = self._seen.setdefault((item.ref, item.version), Moment.now(seat.clock))
        try:
            found = seat.prover.find(item.key)
        except OutcomeUnknown:
            return
        if found is not None:
            act = Command(item.ref, Act.THERE, PROVER, "found by its key", found, item.version)
        elif since.monotonic + NEED_S < seat.clock.monotonic():
            act = Command(item.ref, Act.NOT_THERE, PROVER, "no slip with its key", version=item.version)
        else:
            return
        seat.store.override([act])


def _causes(items: Sequence[Item]) -> list[Cause]:
    return [
        Cause(f"simulated:{item.ref}", Severity.WARN, plain(f"{item.ref} is {item.state.value}")(), plain("Look at it.")())
        for item in items
    ]
