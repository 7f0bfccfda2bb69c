"""One history: PCs, orders and faults as the seed says, then quiet, then judgement.

For: `campaign.py`, the tests, and a person who looks at one seed.
Promises: the same plan, the same history; faults stop at a known moment and everything must come to its end after it; the
record says who asked what and was told what.
Refuses: to stop half-way: a history that does not end is itself a finding.
"""

# mypy: disable-error-code="misc"
# A lambda that binds a loop value by a default cannot be inferred; each is called without arguments.
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from onbam.claims.model import Agent, Item, Ref, State
from onbam.effects.settle import LOOK_AGAIN_S, Settler
from onbam.kernel.errors import OnbamError, OutcomeUnknown, Transient
from onbam.simulate.checkers import BEFORE_A_PERSON, ENDED, Rule, Violation, Watcher, judged
from onbam.simulate.desk import Desk
from onbam.simulate.flow import toy_orders
from onbam.simulate.machines import Machine
from onbam.simulate.plan import Fault, Plan
from onbam.simulate.ports import GONE, Caller, Manner, Port, Told
from onbam.simulate.protections import Protection
from onbam.simulate.scheduler import Bell, Process, Scheduler
from onbam.simulate.seat import Flow, Seat
from onbam.simulate.stands import Stand, terms_of
from onbam.simulate.world import HARD_TIMEOUT_S, KIND, LATE_S, Erp, Ledger, Outside, Portal

MakeStand = Callable[[Machine, Plan, Protection | None], Stand]
DOUBT_S: Final = LOOK_AGAIN_S + 3 * HARD_TIMEOUT_S
"""How long, with some looks more, a doubt must have stayed one to count as its end: its prover may be about to look."""
CLOCK_S: Final = 120.0
"""How wrong a clock may be, and how far it may be set."""
MISTAKEN_S: Final = 0.5
"""After so long standing still a process looks dead to a hasty eye."""
NAMES: Final = "ABCDEFGHIJ"


def _read_failed() -> Transient:
    return Transient(GONE)


ERP: Final = Manner(
    port="erp",
    fast_s=(0.1, 1.5),
    timeout_s=HARD_TIMEOUT_S,
    lost=lambda: OutcomeUnknown(GONE),
    unreached=_read_failed,
    faults=(Fault.CRASH, Fault.FREEZE, Fault.LOST_REQUEST, Fault.LOST_REPLY, Fault.SLOW, Fault.LATE),
    sleeps_before=False,
    weights={"save": 4.0},
    late_s=LATE_S,
)
READS: Final = Manner(
    port="look",
    fast_s=(0.05, 0.5),
    timeout_s=HARD_TIMEOUT_S,
    lost=_read_failed,
    unreached=_read_failed,
    faults=(Fault.CRASH, Fault.FREEZE, Fault.LOST_REQUEST, Fault.SLOW),
)
_BOOKS: Final = frozenset({"settle", "open", "resolve", "tell"})
BESIDE: Final = Manner(
    port="books",
    fast_s=(0.002, 0.05),
    timeout_s=5.0,
    lost=_read_failed,
    unreached=_read_failed,
    faults=(Fault.CRASH, Fault.FREEZE, Fault.LOST_REQUEST, Fault.LOST_REPLY, Fault.DUPLICATE, Fault.SLOW),
    cut_off=True,
    fenced=_BOOKS,
)
"""Effects and notices in the same database as the claims."""
INBOX: Final = replace(BESIDE, fenced=frozenset({"open", "resolve"}))
"""The inbox in that database. What settles it is decided anew each round: nobody repeats an old answer."""
OWN_DISK: Final = Manner(
    port="books",
    fast_s=(0.001, 0.02),
    timeout_s=5.0,
    lost=_read_failed,
    unreached=_read_failed,
    faults=(Fault.CRASH, Fault.FREEZE),
)
"""Effects and notices on the PC's own disk."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it."""

    plan: Plan
    violations: list[Violation]
    steps: int
    lasted_s: float
    record: list[Told]
    happened: list[tuple[float, str, Fault, str]]
    slips: int
    states: dict[str, str] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Whether every rule held."""
        return not self.violations


class History:
    """One history while it happens; also the stage its ports stand on."""

    def __init__(self, plan: Plan, make: MakeStand, flow: Flow = toy_orders, off: Protection | None = None) -> None:
        self.plan = plan
        self.record: list[Told] = []
        self.happened: list[tuple[float, str, Fault, str]] = []
        self.scheduler = Scheduler(plan.chance("order"))
        self._flow = flow
        self._off = off
        self._chance = plan.chance("events")
        self._server = Machine(self.scheduler, "store", 99)
        self._stand = make(self._server, plan, off)
        self.tempo = self._stand.tempo
        self._outside = Outside(self._true_s)
        self._erp = Erp(self._outside, self._true_s)
        self._watcher = Watcher(self._true_s, terms_of(self.tempo).lease_ms, self.tempo.limit_s)
        self._machines = [
            Machine(self.scheduler, f"PC-{NAMES[n]}", n, counts_sleep=self._chance.random() < 0.5) for n in range(plan.agents)
        ]
        self._agents: dict[str, Agent] = {}
        """Who sits at each machine now."""
        self._desk: tuple[Process, Desk] | None = None
        self._stops: list[Bell] = []
        self._over = False
        self._quiet_since_s = self.tempo.active_s + self.tempo.poll_s * 2
        self.under_way_until_s = 0.0

    def _true_s(self) -> float:
        return self.scheduler.now_s

    # -- what ports ask for ---------------------------------------------------------------------------------------------

    @property
    def faulty(self) -> bool:
        """Whether faults may still happen."""
        return self.scheduler.now_s < self.tempo.active_s

    @property
    def freeze_s(self) -> float:
        """About a lease."""
        return self.tempo.lease_s

    def crash(self, machine: Machine) -> None:
        """The process dies, and is started again in its seat."""
        assert machine.process is not None, "only what lives can die"
        self.scheduler.kill(machine.process)
        again_s = machine.process.frozen_until - self.scheduler.now_s
        wait_s = max(again_s, 0.0) + self._chance.uniform(0.5, 1.3 * self.tempo.lease_s)
        self.scheduler.at(self.scheduler.now_s + wait_s, lambda: self._boot(machine))

    def mistake(self, machine: Machine) -> None:
        """Somebody at the desk declares this PC's process dead, although it lives."""
        agent = self._agents[machine.name]
        if self.plan.has(Fault.DECLARED, f"mistake:{agent.agent_id}") and self._desk is not None:
            process, desk = self._desk
            self.scheduler.spawn(process, f"desk about {agent.agent_id}", partial(desk.declare_dead, agent), MISTAKEN_S)

    # -- the history ----------------------------------------------------------------------------------------------------

    def run(self) -> Outcome:
        """Let it happen, and judge it."""
        self._set_out()
        accident: list[Violation] = []
        try:
            self.scheduler.run()
        except (AssertionError, OnbamError, LookupError, TypeError, ValueError, AttributeError) as error:
            accident = [Violation(Rule.NO_ACCIDENT, f"{type(error).__name__}: {error}", self.scheduler.now_s)]
        self._stand.quiet()
        self.happened += [(self.tempo.active_s, "", Fault.SHEET, what) for what in self._stand.misbehaved.elements()]
        items = self._items()
        found = judged(self._outside, items, self._stand.lines(), self._notices(), self.scheduler.now_s)
        violations = [*accident, *self._watcher.violations, *(found if not accident else ())]
        return Outcome(
            self.plan,
            violations,
            self.scheduler.steps,
            self.scheduler.now_s,
            self.record,
            self.happened,
            len(self._outside.slips),
            {key: item.state.value if item else "unknown" for key, item in items.items()},
        )

    def _set_out(self) -> None:
        chance, tempo, at = self._chance, self.tempo, self.scheduler.at
        for number in range(self.plan.orders):
            key = f"26010{number + 1:05d}"
            if chance.random() < 0.08:
                self._outside.unknown_customers.add(key)
            at(chance.uniform(0.0, tempo.active_s * 0.5) if number else 0.0, partial(self._outside.orders.append, key))
        for machine in self._machines:
            skew_s = chance.uniform(-CLOCK_S, CLOCK_S)
            if self.plan.has(Fault.SKEW, f"skew:{machine.name}"):
                machine.skew_s = skew_s
                self.happened.append((0.0, f"skew:{machine.name}", Fault.SKEW, machine.name))
            at(chance.uniform(0.0, tempo.poll_s), partial(self._boot, machine))
        for number, (moment, fault, happens) in enumerate(self._events()):
            if self.plan.has(fault, f"event:{number}"):
                at(moment, happens)
        at(tempo.active_s, self._stand.quiet)
        at(tempo.active_s + tempo.poll_s, self._look)
        self._seat_person()

    def _boot(self, machine: Machine) -> None:
        """A process begins on this PC."""
        if self._over:
            return
        process, agent = machine.boot()
        self._agents[machine.name] = agent
        for name, body in self._flow(self._seat(machine, process, agent)):
            self.scheduler.spawn(process, f"{process.name} {name}", body)

    def _seat(self, machine: Machine, process: Process, agent: Agent) -> Seat:
        caller = Caller(self, machine, process)
        stop = Bell(self.scheduler)
        self._stops.append(stop)
        books = BESIDE if self._stand.shared else OWN_DISK
        return Seat(
            agent=agent,
            clock=machine.clock,
            chance=self.plan.chance(process.name, "flow"),
            store=self._stand.open(caller, self._watcher.watch),
            ledger=_port(caller, READS, Ledger(self._outside)),
            portal=_port(caller, READS, Portal()),
            erp=_port(caller, ERP, self._erp),
            prover=_port(caller, READS, self._erp) if self.plan.prover else None,
            effects=_port(caller, books, self._stand.effects(machine)),
            notices=_port(caller, INBOX if self._stand.shared else OWN_DISK, self._stand.notices(machine)),
            tempo=self.tempo,
            stop=stop,
            joint=self._stand.joint(caller, self._watcher.watch),
            off=self._off,
        )

    # -- what happens by itself -------------------------------------------------------------------------------------------

    def _events(self) -> Iterator[tuple[float, Fault, Callable[[], None]]]:
        """Faults that are no call's: always the same draws, whether they are in the plan or not."""
        chance, tempo = self._chance, self.tempo

        def moment() -> float:
            return chance.uniform(0.02, 0.95) * tempo.active_s

        for _ in range(2):
            machine, seconds = chance.pick(self._machines), chance.uniform(0.3, 2.0) * tempo.lease_s
            cut = [machine] if chance.random() < 0.6 else self._machines
            yield moment(), Fault.UNREACHABLE, partial(self._cut_off, cut, seconds)
            machine, seconds = chance.pick(self._machines), chance.uniform(0.4, 2.5) * tempo.lease_s
            yield moment(), Fault.SLEEP, partial(self._sleep, machine, seconds)
            machine, seconds = chance.pick(self._machines), chance.uniform(-CLOCK_S, CLOCK_S)
            yield moment(), Fault.JUMP, partial(self._jump, machine, seconds)
            seconds = chance.uniform(-CLOCK_S, CLOCK_S)
            yield moment(), Fault.STORE_JUMP, partial(self._jump, self._server, seconds)

    def say(self, fault: Fault, what: str) -> None:
        """Something that is no call goes into the record."""
        self.happened.append((self.scheduler.now_s, "", fault, what))
        self.record.append(Told(self.scheduler.now_s, "world", what, (), None, fault.value))

    def _cut_off(self, machines: list[Machine], seconds: float) -> None:
        self.say(Fault.UNREACHABLE, f"{', '.join(m.name for m in machines)}: no way to the store for {seconds:.0f}s")
        until = min(self.scheduler.now_s + seconds, self.tempo.active_s)
        for machine in machines:
            machine.cut_off_until = max(machine.cut_off_until, until)

    def _sleep(self, machine: Machine, seconds: float) -> None:
        self.say(Fault.SLEEP, f"{machine.name} sleeps {seconds:.0f}s" + ("" if machine.counts_sleep else ", uncounted"))
        if machine.process is not None and machine.process.alive:
            self.scheduler.freeze(machine.process, seconds)
        if not machine.counts_sleep:
            machine.slept_s += seconds

    def _jump(self, machine: Machine, seconds: float) -> None:
        self.say(Fault.STORE_JUMP if machine is self._server else Fault.JUMP, f"{machine.name}: clock set by {seconds:+.0f}s")
        machine.skew_s += seconds
        if machine is self._server and seconds < 0:
            self._watcher.clock_moved_s -= seconds

    # -- a person ---------------------------------------------------------------------------------------------------------

    def _seat_person(self) -> None:
        machine = Machine(self.scheduler, "desk", 50)
        process, _ = machine.boot()
        caller = Caller(self, machine, process, lucky=True)
        store = self._stand.open(caller, self._watcher.watch)
        screen = _port(caller, READS, self._erp)
        where = self._machines[0]
        books = BESIDE if self._stand.shared else OWN_DISK
        effects, notices = self._stand.effects(where), self._stand.notices(where)
        settler = Settler(store, _port(caller, books, effects), _port(caller, books, notices), machine.clock)
        desk = Desk(self, store, settler, screen, machine.clock)
        self._desk = (process, desk)
        self.scheduler.spawn(process, "desk", desk.run)

    # -- the end ----------------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        """When all has come to its end, or time is up, everybody goes home."""
        now_s, every_s = self.scheduler.now_s, self.tempo.poll_s * 1.5
        if not self._ended() or now_s < self.under_way_until_s:
            self._quiet_since_s = now_s + every_s
        doubt = any(item is not None and item.state is State.UNCERTAIN for item in self._items().values())
        enough = now_s >= self._quiet_since_s + (DOUBT_S + 4 * every_s if doubt else 0.0)
        if enough or now_s > self.tempo.active_s + self.tempo.settle_s:
            self._over = True
            for stop in self._stops:
                stop.set()
        else:
            self.scheduler.at(now_s + every_s, self._look)

    def _ended(self) -> bool:
        if any(m.process is None or not m.process.alive or m.process.frozen_until > self._true_s() for m in self._machines):
            return False
        told = self._notices()
        return all(
            item is not None
            and item.state in ENDED
            and {state for state, key in told if key == item.key} == ({item.state.value} & {s.value for s in BEFORE_A_PERSON})
            for item in self._items().values()
        )

    def _items(self) -> dict[str, Item | None]:
        keys = self._outside.orders
        return dict(zip(keys, self._stand.truth().get([Ref(KIND, key) for key in keys]), strict=True))

    def _notices(self) -> set[tuple[str, str]]:
        """State and order of every open notice about an order."""
        parts = [notice.key.split(":") for inbox in self._stand.inboxes() for notice in inbox.inbox()]
        return {(part[0], part[2]) for part in parts if len(part) == 3 and part[1] == KIND}

    def orders(self) -> list[str]:
        """What the ledger shows."""
        return list(self._outside.orders)

    @property
    def agents(self) -> dict[str, Agent]:
        """Who sits at each machine now."""
        return self._agents


def _port(caller: Caller, manner: Manner, target: object) -> Any:
    """A port is what it stands before; types cannot say that."""
    return Port(caller, manner, target)
