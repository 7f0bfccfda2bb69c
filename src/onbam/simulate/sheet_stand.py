"""A simulated history's claims in a simulated Google Sheet: the product's own client, log and store above it.

For: `campaign.py`.
Promises: each request is a call that may be lost, slow or its sender's last; what Google itself does wrong is drawn for each
history; effects and notices are each PC's own, for the PCs share nothing but the sheet.
Refuses: the quota. How many orders fit into it is a benchmark.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from onbam.claims.ports import ClaimStore
from onbam.claims.stores.sheet.store import SheetStore
from onbam.connectors.sheets.budget import Budget
from onbam.connectors.sheets.client import Answer, Broken, NotSent, SheetsClient
from onbam.effects.ports import EffectLedger, Joint
from onbam.effects.stores.memory import MemoryLedger
from onbam.journal.memory import MemoryJournal
from onbam.journal.model import Entry
from onbam.kernel.chance import Chance
from onbam.kernel.clock import Clock, FakeClock
from onbam.kernel.errors import OnbamError
from onbam.notices.ports import Notices
from onbam.notices.stores.memory import MemoryNotices
from onbam.simulate.machines import Machine
from onbam.simulate.plan import Fault, Plan
from onbam.simulate.ports import Caller, Manner, Port, Told, Watch
from onbam.simulate.protections import Protection, Trusting, Unfenced
from onbam.simulate.scheduler import Crashed
from onbam.simulate.seat import Tempo
from onbam.simulate.stands import LINES_MAX, terms_of
from onbam_sims.sheets import UNLIMITED, Dropped, SheetsService

ACCOUNT: Final = "robot@shop.example.com"
SHEET_TEMPO: Final = Tempo(
    lease_s=120.0,
    limit_s=600.0,
    poll_s=40.0,
    active_s=700.0,
    settle_s=6000.0,
    store_s=(0.1, 0.7),
    store_timeout_s=20.0,
)
SHEET_CALLS: Final = 100_000
"""Requests a minute: the quota is a test of its own."""
SHEET_MANNER: Final = Manner(
    port="google",
    fast_s=SHEET_TEMPO.store_s,
    timeout_s=SHEET_TEMPO.store_timeout_s,
    lost=lambda: Broken("time-out"),
    unreached=lambda: NotSent("no connection"),
    faults=(Fault.CRASH, Fault.FREEZE, Fault.LOST_REQUEST, Fault.LOST_REPLY, Fault.SLOW),
    cut_off=True,
    errors=(Broken,),
)
MISBEHAVIOUR: Final[Mapping[str, Mapping[str, Any]]] = {
    "race_merge": {"window": 2.0, "variant": "duplicated"},
    "append_collision": {"window": 1.0, "append_cells": True},
    "stale_reads": {"seconds": 1.9},
    "reply_lost": {},
    "late_write": {"seconds": 5.0},
    "rate_limited": {},
    "server_error": {"when": "after"},
}
"""What the simulated Google may do in a history, and how badly. Reads are older than the truth by less than the store's worst
write delay: that is what the delay says."""


class _Google:
    """The simulated service as a transport: what overlaps goes by true time, what it says of the time by its own clock."""

    account = ACCOUNT

    def __init__(self, service: SheetsService, clock: Clock) -> None:
        self._service = service
        self._clock = clock

    def send(self, method: str, path: str, query: Mapping[str, Any], body: Any) -> Answer:
        """One request."""
        try:
            status, answer = self._service.handle(method, path, query, body, user=ACCOUNT)
        except Dropped as broken:
            raise Broken(str(broken)) from None
        return Answer(status, answer, float(int(self._clock.now().timestamp())))


class _Spoken:
    """A store that is several requests a call: its wire is below it, so here calls are only written down."""

    def __init__(self, caller: Caller, store: ClaimStore) -> None:
        self._caller = caller
        self._store = store

    def __getattr__(self, name: str) -> Any:
        function = getattr(self._store, name)
        if not callable(function):
            return function
        caller, stage = self._caller, self._caller.stage

        def call(*args: Any, **how: Any) -> Any:
            caller.process.check()
            try:
                answer = function(*args, **how)
            except (OnbamError, Crashed) as error:
                stage.record.append(Told(stage.scheduler.now_s, caller.process.name, f"store.{name}", args, error))
                raise
            stage.record.append(Told(stage.scheduler.now_s, caller.process.name, f"store.{name}", args, answer))
            caller.nap(name)
            return answer

        self.__dict__[name] = call
        return call


class SheetStand:
    """The product's sheet store on a simulated Google."""

    tempo = SHEET_TEMPO
    shared = False

    def __init__(self, server: Machine, plan: Plan, off: Protection | None) -> None:
        self.misbehaved: Counter[str] = Counter()
        self._off = off
        self._plan = plan
        self._server = server
        began_s = server.clock.now().timestamp() - server.clock.monotonic()
        self._service = SheetsService(
            seed=plan.seed, now=lambda: began_s + server.clock.monotonic(), pause=_no_pause, limits=UNLIMITED
        )
        self._id = self._service.create("shop", owner=ACCOUNT)
        self._own: dict[str, tuple[MemoryLedger, MemoryNotices]] = {}
        """What each PC keeps on its own disk."""
        if Fault.SHEET in plan.faults:
            self._misbehave(plan.chance("sheet"))

    def _misbehave(self, chance: Chance) -> None:
        """Some of what Google may do, each rarely."""
        for name, values in MISBEHAVIOUR.items():
            if chance.random() < 0.5:
                self._service.faults.set(name, rate=chance.pick((0.02, 0.1)), **values)

    def open(self, caller: Caller, watch: Watch) -> ClaimStore:
        """A client of its own for each process."""
        del watch
        port = Port(caller, SHEET_MANNER, _Google(self._service, self._server.clock))
        store: Any = self._store(port, caller.machine.clock, self._plan.chance(caller.process.name, "store"))
        store = Unfenced(store) if self._off is Protection.FENCE else store
        spoken: Any = _Spoken(caller, store)
        return cast("ClaimStore", spoken)

    def effects(self, machine: Machine) -> EffectLedger:
        """Each PC its own."""
        return self._disk(machine)[0]

    def notices(self, machine: Machine) -> Notices:
        """Each PC its own."""
        return self._disk(machine)[1]

    def inboxes(self) -> Sequence[Notices]:
        """Every PC's."""
        return [notices for _, notices in self._own.values()]

    def _disk(self, machine: Machine) -> tuple[MemoryLedger, MemoryNotices]:
        if machine.name not in self._own:
            journal = MemoryJournal(machine.clock)
            self._own[machine.name] = (MemoryLedger(machine.clock, journal), MemoryNotices(machine.clock, journal))
        return self._own[machine.name]

    def _store(self, transport: Any, clock: Clock, chance: Chance) -> SheetStore:
        budget = Budget(clock, chance, reads=SHEET_CALLS, writes=SHEET_CALLS)
        client = SheetsClient(transport, self._id, clock, budget)
        kind = Trusting if self._off is Protection.SECOND_GATE else SheetStore
        return kind(client, clock, chance, terms_of(self.tempo))

    def joint(self, caller: Caller, watch: Watch) -> Joint | None:
        """The leases lie in the sheet and the effects do not."""
        del caller, watch
        return None

    def quiet(self) -> None:
        """Google behaves from now on."""
        self.misbehaved.update({name: fault["fired"] for name, fault in self._service.faults.describe()["on"].items()})
        self._service.faults.clear()

    def truth(self) -> ClaimStore:
        """Without any wire."""
        clock = FakeClock(self._server.clock.now())
        client = SheetsClient(
            _Google(self._service, self._server.clock), self._id, clock, Budget(clock, Chance(1), reads=1e9, writes=1e9)
        )
        return SheetStore(client, clock, Chance(1), terms_of(self.tempo))

    def lines(self) -> Sequence[Entry]:
        """The journal."""
        return self.truth().changes(0, limit=LINES_MAX).entries


def _no_pause(_: float) -> None:
    raise AssertionError("the simulated Google does not wait by itself here")
