"""The agent: looks at the ledger, takes orders, enters them, and keeps the house in order while it does.

For: `onbam agent run`, under the guard or by hand.
Promises: one seat, one process: whoever was in it before is succeeded, and what it held is gone on with; a clean stop takes
nothing new, finishes the call that is under way and hands the rest back at once; a lease that is too short for the ERP's
time-out is refused at the start, not discovered in the night.
Refuses: to work beside another PC with the lock switched off, or in a seat where a living twin sits.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from onbam.claims.beats import BEATS_A_PROMISE
from onbam.claims.claims import Claims
from onbam.claims.keeper import Keeper
from onbam.claims.lease import MARGIN_SHARE
from onbam.claims.machines import Life, Registry
from onbam.claims.model import Agent, State
from onbam.claims.ports import ClaimStore, Filter
from onbam.claims.renewer import Renewer
from onbam.connectors.ecount.contract import Erp
from onbam.connectors.portal.contract import Portal
from onbam.effects.model import START_S
from onbam.effects.payer import Payer
from onbam.effects.perform import MARGIN_S, TRIPS, Effects
from onbam.effects.ports import EffectLedger, Joint
from onbam.effects.settle import Settler
from onbam.kernel.beats import Beats
from onbam.kernel.chance import Chance
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Misconfigured, Refused, Transient
from onbam.kernel.service import Group, Runner, Service
from onbam.kernel.words import Said, kept
from onbam.logs.services import troubles
from onbam.logs.uploads import UploadLog
from onbam.logs.voice import get_logger
from onbam.notices.ports import Notices
from onbam.orders import flow_words as say
from onbam.orders.attempt import Attempts, Rules
from onbam.orders.codes import CodeBook
from onbam.orders.evidence import Evidence
from onbam.orders.flow import Flow, Means
from onbam.orders.health import Health
from onbam.orders.history_file import HistoryFile
from onbam.orders.in_work import InWork, Unwatched
from onbam.orders.lead import lead_s, store_s
from onbam.orders.ledgers import Ledgers
from onbam.orders.marks import RELOGIN, Marks, put_ms
from onbam.orders.model import KIND
from onbam.orders.pauses import Lately, Pauses, Stops
from onbam.orders.retention import Retention
from onbam.orders.settings import OrderSettings
from onbam.orders.sweep import Sweeping
from onbam.orders.tally import Tally
from onbam.orders.unhurried import Unhurried
from onbam.orders.went_back import WentBack
from onbam.orders.work import Entering, Line, Preparing, most_in_hand
from onbam.schedules.model import Schedule

SEAT: Final = "agent"
REST_SHARE: Final = 20
"""A connector's first rest is this part of the pause before an order's first new try; its longest is that pause."""
START_LEAST_S: Final = 0.4
"""On a quick store: the lead, and as much again for a busy PC."""
READ_LIMIT_S: Final = 40.0
"""A stop waits so long for a download that is under way."""
STOP_SPARE_S: Final = 5.0
LOOK_S: Final = 0.1
WORKING_LOOK_S: Final = 1.0
"""Until asked to end; Windows hears Ctrl+C only between two waits."""
log: Final = get_logger("agent")


@dataclass(frozen=True, slots=True)
class Parts:
    """What an agent is made of."""

    agent: Agent
    version: str
    pid: int
    home: Path
    settings: OrderSettings
    store: ClaimStore
    registry: Registry | None
    ledger: EffectLedger
    settler: Settler
    notices: Notices
    evidence: Evidence
    portal: Portal
    erp: Erp
    pauses: Pauses
    marks: Marks
    schedule: Schedule
    codes: Callable[[], CodeBook]
    uploads: Callable[[str], AbstractContextManager[UploadLog]]
    beats: Beats
    clock: Clock
    chance: Chance
    zone: ZoneInfo
    kinds: Sequence[str]
    window_days: int
    first_day: date | None = field(default=None, kw_only=True)
    """Orders of earlier days are people's."""
    head: Callable[[], int]
    """The newest position of the store's journal."""
    spacing_s: float
    """Between two turns of this PC, the others' between them."""
    went_back: WentBack | None = None
    """Notices that what decides went back to an earlier moment."""
    joint: Joint | None = None
    """The same leases and the same ledger, where they lie in one place."""
    cleanup_days: float = 7.0
    locked: bool = True
    """False: the shop switched the lock off (`ENABLE_DISTRIBUTED_LOCK=false`)."""
    drains: Callable[[], bool] = lambda: False
    """Whether a fresh process is about to take over: nothing new is taken."""
    in_work: InWork = field(default_factory=Unwatched)
    pace_s: float = 0.0
    """Where looking costs of a small quota: so long an idle service leaves the store alone."""
    stops: Sequence[Callable[[], Said | None]] = ()
    """Other places where a stop may be set."""
    cycle: Callable[[str], None] = lambda _: None
    """Told the hour (`0630`) when this PC begins a cycle: its log may begin a file then."""
    services: Sequence[Service] = ()
    """What else lives and dies with the agent: the sheet people look at."""


@dataclass(slots=True)
class OrderAgent:
    """One running agent."""

    parts: Parts
    claims: Claims = field(init=False)
    sweeping: Sweeping = field(init=False)
    preparing: Preparing = field(init=False)
    entering: Entering = field(init=False)
    keeper: Keeper = field(init=False)
    tally: Tally = field(init=False)
    stops: Stops = field(init=False)
    _group: Group = field(init=False)
    _healths: tuple[Health, Health] = field(init=False)
    _stop_limit_s: float = field(init=False)

    def __post_init__(self) -> None:
        self._build()

    # -- life ---------------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Take the seat, and begin."""
        self._check_lease()
        self._take_seat()
        try:
            if self.parts.went_back is not None:
                with suppress(Transient):  # asked again before anything is sent
                    self.parts.went_back()
            self._group.start()
        except BaseException:
            self._leave_seat()
            raise

    def stop(self) -> bool:
        """Take nothing new, finish what is under way, hand back the rest; true when everything ended in its time."""
        self.parts.beats.stopping()
        ended = self._group.stop(self._stop_limit_s)
        try:
            self.claims.stop(kept(say.STOPPING))
        except (Transient, Misconfigured) as error:  # the leases end by themselves
            log.warning(say.LOG_NOT_TOLD, why=str(error))
        self._leave_seat()
        return ended

    def run(self, stopping: threading.Event, *, once: bool = False, begun: Callable[[], None] = lambda: None) -> bool:
        """Work until asked to end; with `once`, look at the ledger, and until there is nothing left to do now."""
        if once:
            self.sweeping.ask()
        self.start()
        begun()
        try:
            while not self.parts.clock.wait(LOOK_S if once else WORKING_LOOK_S, stopping):
                if self.keeper.succeeded or (once and self.is_through()):
                    break
        finally:
            ended = self.stop()
        if self.keeper.succeeded:
            raise Refused(say.SUCCEEDED, say.SUCCEEDED_HINT)
        return ended

    def is_through(self) -> bool:
        """Whether the ledger was looked at, and nothing is in hand or waits to be taken."""
        if not self.sweeping.looked.is_set() or not self._rests:
            return False
        if self.preparing.refuses is not None:
            return True
        waiting = self.parts.store.find(Filter(kinds=(KIND,), states=(State.WAITING,)), limit=1).items
        return not waiting and self._rests  # what no longer waits may have been taken this very moment

    @property
    def _rests(self) -> bool:
        """Whether nothing is in hand, and nothing is being taken."""
        return self.preparing.idle.is_set() and not self.claims.held

    @property
    def idle_because(self) -> Said | None:
        """Why nothing is taken, as of the last look: a stop, or a connector that may not be used or rests."""
        why = self.preparing.refuses
        resting = next((health for health in self._healths if why is not None and health.rests_s > 0), None)
        return why if resting is None or resting.stopped is not None else say.RESTING(connector=resting.shown)

    # -- the seat -----------------------------------------------------------------------------------------------------------

    def _take_seat(self) -> None:
        p = self.parts
        if p.registry is None:
            return
        joined = p.registry.join(p.agent, version=p.version, pid=p.pid, due_in_ms=self._beat_ms)
        if joined.twin is not None:
            raise Misconfigured(say.TWIN(other=joined.twin.holder), say.TWIN_HINT)
        others = [peer for peer in p.registry.peers() if peer.life is Life.ALIVE and peer.machine_id != p.agent.machine_id]
        if others and not p.locked:
            p.registry.leave(p.agent)
            raise Misconfigured(say.NO_LOCK(others=", ".join(peer.holder for peer in others)), say.NO_LOCK_HINT)

    def _leave_seat(self) -> None:
        if self.parts.registry is None:
            return
        try:
            self.parts.registry.leave(self.parts.agent)
        except (Transient, Misconfigured) as error:  # the beat ends by itself
            log.warning(say.LOG_NOT_TOLD, why=str(error))

    @property
    def _beat_ms(self) -> int:
        return int(self.keeper.pause_s * BEATS_A_PROMISE * 1000)

    def _check_lease(self) -> None:
        """A lease must outlast the call it protects."""
        if self._room_s < START_LEAST_S:
            terms = self.parts.store.terms
            least = (terms.lease_ms / 1000 * (1 - MARGIN_SHARE) - self._room_s + START_LEAST_S) / (1 - MARGIN_SHARE)
            raise Misconfigured(say.LEASE_SHORT(lease=terms.lease_ms / 1000), say.LEASE_SHORT_HINT(least=f"{least:.1f}"))

    @property
    def _room_s(self) -> float:
        """What of a lease is left for the moment between asking to send and sending."""
        p = self.parts
        relied_on_s = p.store.terms.lease_ms / 1000 * (1 - MARGIN_SHARE)
        return relied_on_s - p.erp.hard_timeout_s - MARGIN_S - self._store_s(TRIPS)

    @property
    def _lead_s(self) -> float:
        """How long before its turn an act begins."""
        return lead_s(self.parts.store.capabilities)

    def _store_s(self, trips: int) -> float:
        return store_s(self.parts.store.capabilities, trips)

    # -- building -----------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        p = self.parts
        who = p.agent.who
        self.claims = Claims(p.store, p.agent, p.clock)
        self.tally = Tally(p.beats)
        self.stops = Stops(p.pauses, p.agent.machine_id, p.home / p.settings.pause_file, p.stops)
        self.keeper = Keeper(self.claims, p.clock, registry=p.registry, notices=p.notices, cleanup_days=p.cleanup_days)
        rest_s = p.settings.retry_s
        rests = partial(Health, rest_first_s=rest_s / REST_SHARE, rest_max_s=rest_s)
        lifted_ms = partial(put_ms, p.marks, RELOGIN)
        health = partial(rests, notices=p.notices, clock=p.clock, chance=p.chance, who=who, lifted_ms=lifted_ms)
        portal_health = health("portal", say.PORTAL)
        erp_health = health("erp", say.ERP)
        self._healths = (portal_health, erp_health)
        more = p.stops if p.went_back is None else (p.went_back.once if p.pace_s else p.went_back, *p.stops)
        # It is asked when something is sent, and not at every look around.
        brakes = Stops(p.pauses, p.agent.machine_id, p.home / p.settings.pause_file, more)
        effects = Effects(p.ledger, self.claims, p.notices, brakes, p.joint)
        flow = Flow(
            Means(
                claims=self.claims,
                effects=effects,
                tries=p.ledger,
                evidence=p.evidence,
                portal=p.portal,
                erp=p.erp,
                portal_health=portal_health,
                erp_health=erp_health,
                codes=p.codes,
                clock=p.clock,
                beats=p.beats,
                start_s=max(START_LEAST_S, min(START_S, self._room_s)),
            )
        )
        attempts = Attempts(
            flow,
            self.claims,
            p.evidence,
            p.notices,
            (portal_health, erp_health),
            Rules(p.settings.tries, p.settings.retry_s),
            clock=p.clock,
            chance=p.chance,
            beats=p.beats,
            tally=self.tally,
            uploads=p.uploads,
            in_work=p.in_work,
        )
        self._services(flow, attempts, Payer(effects), portal_health, erp_health)

    def _services(self, flow: Flow, attempts: Attempts, payer: Payer, portal_health: Health, erp_health: Health) -> None:
        p = self.parts
        line = Line()
        stops = Lately(self.stops, p.clock)
        limit_s = p.store.terms.limit_ms / 1000
        self.preparing = Preparing(
            self.claims,
            attempts,
            line,
            stops,
            (portal_health, erp_health),
            self.keeper,
            beats=p.beats,
            in_hand=most_in_hand(p.settings.in_hand, limit_s, p.spacing_s),
            look_s=max(p.settings.look_s, p.pace_s),
            drains=p.drains,
            begun=p.in_work.begun,
        )
        preparing = self._runner(self.preparing)
        self.entering = Entering(
            flow,
            attempts,
            line,
            stops,
            erp_health,
            clock=p.clock,
            beats=p.beats,
            lead_s=self._lead_s,
            look_s=p.settings.look_s,
            done=preparing.wake,
        )
        entering = self._runner(self.entering)
        line.wake = entering.wake
        ledgers = Ledgers(
            p.portal,
            p.store,
            p.evidence,
            p.notices,
            portal_health,
            kinds=p.kinds,
            window_days=p.window_days,
            first_day=p.first_day,
            zone=p.zone,
            who=p.agent.who,
            agent=p.agent,
        )
        self.sweeping = Sweeping(
            ledgers,
            p.schedule,
            p.marks,
            portal_health,
            clock=p.clock,
            chance=p.chance,
            beats=p.beats,
            who=p.agent.who,
            tally=self.tally,
            began=lambda now: p.cycle(f"{now.astimezone(p.zone):%H%M}"),
            found=preparing.wake,
        )
        history = HistoryFile(p.home / p.settings.history_file, p.store, p.zone, p.head)
        retention = Retention(p.evidence, p.store, p.marks, days=p.settings.evidence_days, most_mb=p.settings.evidence_mb)
        went_back = () if p.went_back is None else (p.went_back,)
        calm: tuple[Service, ...] = (self.keeper, p.settler, history, retention, *went_back)
        quiet = [Unhurried(service, p.pace_s) if p.pace_s else service for service in calm]
        first: list[Service] = [Renewer(self.claims), payer, *quiet, *p.services]
        self._group = Group([*map(self._runner, first), entering, preparing, self._runner(self.sweeping)])
        self._stop_limit_s = max(READ_LIMIT_S, p.erp.hard_timeout_s + self._lead_s) + STOP_SPARE_S

    def _runner(self, service: Service) -> Runner:
        return Runner(service, self.parts.clock, troubles("agent"))
