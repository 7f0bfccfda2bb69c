"""A small worker that is meant to be killed: takes orders, has a slip made for each, finishes them.

For: races of real processes (`support.race` has them forked); everything that decides is the product's own: the agent's door to
the claims, the renewer, the effect ledger.
Promises: on a database one order at a time through the effect ledger; on a sheet in batches, marked as sending and finished in
one call each, with a look at the lease before every slip; ends by itself when no order is open any more, hands everything back
when it is asked to stop.
Refuses: to remember anything over its own end.
"""

from __future__ import annotations

import http.client
import json
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from onbam.claims.asks import Ending, Lost, Progress, TooShort
from onbam.claims.claims import Claims
from onbam.claims.held import Held
from onbam.claims.identity import Host, agent_of
from onbam.claims.model import Item, Phase, Ref, State, Terms
from onbam.claims.ports import ClaimStore
from onbam.claims.renewer import Renewer
from onbam.claims.stores.sheet.store import SheetStore
from onbam.claims.stores.sql import SqlStore
from onbam.connectors.sheets.budget import Budget
from onbam.connectors.sheets.client import SheetsClient
from onbam.connectors.sheets.credentials import read_credentials
from onbam.connectors.sheets.transport import HttpTransport
from onbam.database.engine import Database, open_database
from onbam.effects.model import Effect
from onbam.effects.payer import Payer
from onbam.effects.perform import MARGIN_S, Effects, Receipt, Withheld
from onbam.effects.permit import Permit
from onbam.effects.stores.sql import SqlLedger
from onbam.kernel.chance import Chance
from onbam.kernel.clock import Clock, SystemClock
from onbam.kernel.errors import LeaseLost, OutcomeUnknown, Transient
from onbam.kernel.service import Group, Runner
from onbam.notices.stores.sql import SqlNotices
from support.slip_office import SlipDoor

KIND: Final = "order"
SLIP: Final = "erp.slip"
HARD_TIMEOUT_S: Final = 0.3
PREPARING_S: Final = 0.01
"""At most so long an order is read while it is only claimed: whoever loses it here must not send it."""
START_S: Final = 0.4
"""The permission to send is not used any more after this."""
LOT_START_S: Final = 1.5
"""The same for a whole lot that got it in one call."""
FILLING_S: Final = 0.005
"""At most so long its form is filled in while it counts as being sent: whoever wakes up here must look at the lease again."""
IDLE_S: Final = 0.1
LIFE_S: Final = 120
"""And a second for each order: then an orphan ends by itself."""
KEEPER_AT: Final = 1 / 3
"""Of the lease: between two rounds of the keeper."""
SHEET_DELAY_MS: Final = 100
"""The simulated sheet shows every write at once; this is what the worker believes of it."""
OPEN: Final = (State.WAITING, State.FAILED, State.PROCESSING)
POISON_NEVER: Final = 1_000_000
"""The script kills far more often than three times; parking is another test's claim."""


@dataclass(frozen=True, slots=True)
class Order:
    """What the worker is told on its command line."""

    office: str
    machine: str
    seed: int
    orders: int
    lot: int
    lease_ms: int
    database: str = ""
    """The address of a database; or instead:"""
    sheets: str = ""
    """the address of Google, or of what is in its place,"""
    spreadsheet: str = ""
    credentials: str = ""

    @property
    def refs(self) -> list[Ref]:
        """All orders there are."""
        return [Ref(KIND, f"2601050{n:06d}") for n in range(self.orders)]

    @property
    def terms(self) -> Terms:
        """The rules of its leases."""
        return Terms(lease_ms=self.lease_ms, poison_after=POISON_NEVER)


class Keeper:
    """Takes back what has ended, as the product's own keeper does."""

    name = "keeper"

    def __init__(self, store: ClaimStore) -> None:
        self._store = store

    def start(self) -> None:
        """Nothing to get ready."""

    def step(self, now: datetime) -> float:
        """One round."""
        self._store.expire()
        return self._store.terms.lease_ms / 1000 * KEEPER_AT

    def stop(self) -> None:
        """Nothing is kept."""


class Racer:
    """What both kinds of worker do."""

    PREPARING_S: float = PREPARING_S

    def __init__(self, order: Order, claims: Claims, clock: Clock, stop: threading.Event) -> None:
        self.order = order
        self.claims = claims
        self.clock = clock
        self.chance = Chance(order.seed)
        self.door = SlipDoor(order.office)
        self.stop = stop

    def run(self) -> None:
        """Until no order is open, or somebody says stop."""
        held: Sequence[Held] = self.claims.recover().held
        while not self.stop.is_set():
            try:
                held = held or self._take()
                if not held and not self._open():
                    return
                if held:
                    self.work(held)
                else:
                    self.clock.wait(IDLE_S, self.stop)
            except Transient:
                self.clock.wait(IDLE_S, self.stop)
            held = ()

    def work(self, held: Sequence[Held]) -> None:
        """Do these orders."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Read an order."""
        self.clock.wait(self.chance.uniform(0.0, self.PREPARING_S))

    def fill(self) -> None:
        """Fill its form in."""
        self.clock.wait(self.chance.uniform(0.0, FILLING_S))

    def _take(self) -> Sequence[Held]:
        """Half of the time by name, all racers from the same list, so that they meet; else whatever is due."""
        if self.chance.random() < 0.5:
            first = self.chance.below(max(1, self.order.orders - self.order.lot))
            if held := self.claims.take(self.order.refs[first : first + self.order.lot]).held:
                return held
        return self.claims.take_due([KIND], self.order.lot)

    def _open(self) -> bool:
        return any(self.claims.store.counts().get((KIND, state)) for state in OPEN)


class OneByOne(Racer):
    """Through the effect ledger."""

    def __init__(self, order: Order, claims: Claims, clock: Clock, stop: threading.Event, effects: Effects) -> None:
        super().__init__(order, claims, clock, stop)
        self.effects = effects

    def work(self, held: Sequence[Held]) -> None:
        """Each order by itself."""
        for one in held:
            if self.stop.is_set():
                return
            try:
                self._order(one)
            except (LeaseLost, OutcomeUnknown):
                pass  # somebody else's now, or in doubt: the rules go on from there
            except Transient:
                self.claims.let_go(one)

    def _order(self, one: Held) -> None:
        key = one.ref.key

        def act(permit: Permit) -> Receipt:
            connection = self.door.connect(HARD_TIMEOUT_S)
            try:
                self.fill()
                permit.check()
                return Receipt(self.door.post(connection, key, one.item.token, self.order.machine))
            except (OSError, http.client.HTTPException) as error:
                raise OutcomeUnknown(f"no answer: {type(error).__name__}") from error
            finally:
                connection.close()

        self.prepare()
        sent = self.effects.perform(one, Effect(key, SLIP, f"hash of {key}", HARD_TIMEOUT_S, start_s=START_S), act)
        if isinstance(sent, Withheld):
            self.claims.give_back([one], "withheld")
        else:
            self.claims.finish(one, State.COMPLETED, receipt=sent.receipt)


class InBatches(Racer):
    """Where every call costs: a lot of orders is claimed, marked and finished in one call each."""

    CALL_S: Final = HARD_TIMEOUT_S + MARGIN_S
    NEED_S: Final = LOT_START_S + CALL_S
    PREPARING_S = 5 * PREPARING_S  # a call takes so long here that a lot would hardly ever be found only claimed

    _asked_s: float = 0.0

    def work(self, held: Sequence[Held]) -> None:
        """All of them together."""
        try:
            self._lot(held)
        except Transient:
            for one in held:
                self.claims.let_go(one)

    def _lot(self, held: Sequence[Held]) -> None:
        for _ in held:
            self.prepare()
        need_ms = int(self.NEED_S * 1000) + 1
        self._asked_s = self.clock.monotonic()
        answers = self.claims.store.advance([Progress(one.fence, Phase.SENDING, need_ms=need_ms) for one in held])
        short = [one for one, answer in zip(held, answers, strict=True) if isinstance(answer, TooShort)]
        lost = [one for one, answer in zip(held, answers, strict=True) if isinstance(answer, Lost)]
        for one in lost:
            self.claims.let_go(one)
        endings: dict[Ref, Ending] = {}
        unsent: list[Held] = []
        for one in held:
            if one in short or one in lost:
                continue
            ending = self._slip(one)
            if ending is None:
                unsent.append(one)
            else:
                endings[one.ref] = ending
        until = {
            one.ref: answer.sending_until_ms for one, answer in zip(held, answers, strict=True) if isinstance(answer, Item)
        }
        self.claims.store.advance([Progress(one.fence, Phase.CLAIMED, over_ms=until[one.ref]) for one in unsent])
        self.claims.give_back([*short, *unsent], "too late")
        self.claims.store.finish(list(endings.values()))
        for one in held:
            self.claims.let_go(one)

    def _slip(self, one: Held) -> Ending | None:
        """How it ended; none when nothing was sent."""
        if self.stop.is_set():
            return None
        connection = self.door.connect(HARD_TIMEOUT_S)
        try:
            self.fill()
            late = self.clock.monotonic() - self._asked_s > LOT_START_S
            if late or one.left_s() < self.CALL_S:  # the last look before the first byte
                return None
            number = self.door.post(connection, one.ref.key, one.item.token, self.order.machine)
            return Ending(one.fence, State.COMPLETED, number)
        except (OSError, http.client.HTTPException) as error:
            return Ending(one.fence, State.UNCERTAIN, note=f"no answer: {type(error).__name__}")
        finally:
            connection.close()


@contextmanager
def opened(order: Order, clock: Clock) -> Iterator[tuple[ClaimStore, Database | None]]:
    """The store, and the database under it where there is one."""
    if order.database:
        database = open_database(order.database, clock=clock)
        try:
            yield SqlStore(database, order.terms), database
        finally:
            database.close()
        return
    credentials = read_credentials(Path(order.credentials))
    transport = HttpTransport(credentials, api_url=order.sheets, drive_url=order.sheets, timeout_s=10.0)
    try:
        budget = Budget(clock, Chance(order.seed), reads=1_000_000, writes=1_000_000)
        client = SheetsClient(transport, order.spreadsheet, clock, budget)
        yield (
            SheetStore(client, clock, Chance(), order.terms, worst_write_delay_ms=SHEET_DELAY_MS, overlap_ms=SHEET_DELAY_MS),
            None,
        )
    finally:
        transport.close()


def told(service: str, error: BaseException) -> None:
    """A service's step that raised: out of reach is what happens in a race, anything else is a defect and shows."""
    if not isinstance(error, Transient):
        sys.stderr.write(f"{service}: {type(error).__name__}: {error}\n")


def main(order: Order) -> None:
    """One process's life."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.alarm(LIFE_S + order.orders)  # a long race is longer than the nursery counts on
    clock = SystemClock()
    agent = agent_of(order.machine, Host(order.machine, "127.0.0.1", ""), "agent", Chance())
    with opened(order, clock) as (store, database):
        claims = Claims(store, agent, clock)
        services: list[Runner] = [Runner(Renewer(claims), clock, told), Runner(Keeper(store), clock, told)]
        racer: Racer
        if database is None:
            racer = InBatches(order, claims, clock, stop)
        else:
            effects = Effects(SqlLedger(database), claims, SqlNotices(database))
            services.append(Runner(Payer(effects), clock, told))
            racer = OneByOne(order, claims, clock, stop, effects)
        group = Group(services)
        group.start()
        try:
            racer.run()
            claims.stop()
        finally:
            group.stop()


def live(text: str) -> None:
    """A process's life from its text."""
    main(Order(**json.loads(text)))
