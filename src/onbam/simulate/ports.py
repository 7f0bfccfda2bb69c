"""The way from a process to everything outside it: each call travels, and may be lost, doubled, late or the last one.

For: simulated processes; they get every port (store, outside, notices) wrapped in one of these.
Promises: a request that was sent arrives although its sender has died or sleeps; what the call did and what its caller was told
are two things, and both are in the record; a dead process's calls are refused.
Refuses: to change what a call means. A lost answer is told the way the port's own contract tells it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, NamedTuple, Protocol

from onbam.kernel.errors import OnbamError
from onbam.kernel.words import plain
from onbam.simulate.machines import Machine
from onbam.simulate.plan import Fault, Plan
from onbam.simulate.scheduler import Crashed, Process, Scheduler

GONE: Final = plain("the simulated wire gave no answer")

NAP_MAX: Final = 0.8
"""Of a lease."""
NAP_OFTEN: Final[Mapping[str, float]] = {"advance": 8.0, "begin": 8.0, "claim_many": 2.0, "intend": 2.0}
"""How much more often than after others a process falls into a nap after these calls."""

Watch = Callable[[str, tuple[Any, ...], Any], None]
"""Told what really happened at the far end: call, arguments, result."""


class Told(NamedTuple):
    """One line of the record."""

    at_s: float
    who: str
    what: str
    """Port and call."""
    args: tuple[Any, ...]
    answer: Any
    """What the caller was told: a value, or the error it got."""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Manner:
    """How calls of one kind travel."""

    port: str
    fast_s: tuple[float, float]
    timeout_s: float
    lost: Callable[[], BaseException]
    """What a caller is told whose answer never came."""
    unreached: Callable[[], BaseException]
    """What a caller is told whose request certainly did not leave."""
    faults: tuple[Fault, ...]
    cut_off: bool = False
    """Whether it stops while the PC cannot reach the store."""
    fenced: frozenset[str] = frozenset()
    """Calls that may arrive twice."""
    sleeps_before: bool = True
    """Whether a process may fall asleep between deciding to call and calling. See `docs/explanation/simulation.md`."""
    errors: tuple[type[Exception], ...] = (OnbamError,)
    """What the far end may answer with."""
    weights: Mapping[str, float] = field(default_factory=dict)
    """How much more often than others some calls go wrong: those around the act that cannot be undone."""
    late_s: float = 0.0
    """How long after the time-out a request may still arrive."""


class Stage(Protocol):
    """What a port needs to know of its history."""

    scheduler: Scheduler
    plan: Plan
    record: list[Told]
    happened: list[tuple[float, str, Fault, str]]
    """Faults that struck: when, by which name, what, where."""
    under_way_until_s: float
    """By then the last request of which nobody waits for an answer has arrived: some come long after their caller gave up, or
    a second time."""

    @property
    def faulty(self) -> bool:
        """Whether faults may still happen."""
        ...

    @property
    def freeze_s(self) -> float:
        """How long a process stands still that does: longer than a lease."""
        ...

    def crash(self, machine: Machine) -> None:
        """The process on this PC dies now, and is started again later."""
        ...

    def mistake(self, machine: Machine) -> None:
        """Somebody takes the process on this PC for dead."""
        ...


class Caller:
    """One process's side of all its wires: it counts and draws, so that a call's fate has a name."""

    def __init__(self, stage: Stage, machine: Machine, process: Process, *, lucky: bool = False) -> None:
        self.stage = stage
        self.lucky = lucky
        """Nothing goes wrong with its calls: a person at a desk."""
        self.machine = machine
        self.process = process
        self.calls = 0
        self.draw: Callable[[], float] = stage.plan.chance(process.name).random
        self._nap: Callable[[], float] = stage.plan.chance(process.name, "nap").random

    def nap(self, call: str) -> None:
        """After a call: perhaps the process stands still for a while, and perhaps others think that it is dead."""
        stage, name = self.stage, f"{self.process.name}:{self.calls}:nap"
        if Fault.NAP not in stage.plan.faults or self.lucky:
            return
        hit, how, taken = self._nap(), self._nap(), self._nap()
        if not stage.faulty or hit >= stage.plan.rate * NAP_OFTEN.get(call, 1.0) or name in stage.plan.without:
            return
        scheduler = stage.scheduler
        stage.happened.append((scheduler.now_s, name, Fault.NAP, call))
        stage.record.append(Told(scheduler.now_s, self.process.name, call, (), None, f"{Fault.NAP.value} {name}"))
        scheduler.freeze(self.process, stage.freeze_s * NAP_MAX * how)
        if taken < 0.5:
            stage.mistake(self.machine)
        scheduler.pause(0.0)


@dataclass(slots=True)
class _Reply:
    """What the far end did."""

    name: str
    args: tuple[Any, ...]
    watch: Watch | None
    errors: tuple[type[Exception], ...]
    value: Any = None
    error: Exception | None = None
    came: bool = False

    def deliver(self, function: Callable[[], Any]) -> None:
        """The request is there."""
        try:
            self.value = function()
        except self.errors as error:
            self.error = error
        self.came = True
        if self.watch is not None and self.error is None:
            self.watch(self.name, self.args, self.value)


class Port:
    """One thing outside, as one process reaches it."""

    def __init__(self, caller: Caller, manner: Manner, target: Any, watch: Watch | None = None) -> None:
        self._caller = caller
        self._manner = manner
        self._target = target
        self._watch = watch

    def __getattr__(self, name: str) -> Any:
        function = getattr(self._target, name)
        if not callable(function):
            return function

        def call(*args: Any, **how: Any) -> Any:
            return self._call(name, function, args, how)

        self.__dict__[name] = call
        return call

    def _call(self, name: str, function: Callable[..., Any], args: tuple[Any, ...], how: dict[str, Any]) -> Any:
        caller = self._caller
        stage = caller.stage
        caller.process.check()
        caller.calls += 1
        trip = _Trip(self._manner, caller.draw, partial(function, *args, **how), self._reply(name, args))
        fault = self._fault(name, trip)
        note = ""
        if fault is not None:
            note = f"{fault.value} {caller.process.name}:{caller.calls}"
            stage.happened.append((stage.scheduler.now_s, note.partition(" ")[2], fault, f"{self._manner.port}.{name}"))
        try:
            answer = self._travel(trip, fault)
        except BaseException as error:
            stage.record.append(
                Told(stage.scheduler.now_s, caller.process.name, f"{self._manner.port}.{name}", args, error, note)
            )
            raise
        stage.record.append(Told(stage.scheduler.now_s, caller.process.name, f"{self._manner.port}.{name}", args, answer, note))
        caller.nap(name)
        return answer

    def _fault(self, name: str, trip: _Trip) -> Fault | None:
        """What happens to this call, if anything."""
        caller, plan = self._caller, self._caller.stage.plan
        if trip.hit >= plan.rate * self._manner.weights.get(name, 1.0) or caller.lucky or not caller.stage.faulty:
            return None
        kinds = [
            f for f in self._manner.faults if f in plan.faults and (f is not Fault.DUPLICATE or name in self._manner.fenced)
        ]
        if not kinds or f"{caller.process.name}:{caller.calls}" in plan.without:
            return None
        return kinds[int(trip.which * len(kinds))]

    def _reply(self, name: str, args: tuple[Any, ...]) -> Callable[[], _Reply]:
        """What keeps the answer of one delivery."""
        return lambda: _Reply(name, args, self._watch, self._manner.errors)

    def _travel(self, trip: _Trip, fault: Fault | None) -> Any:
        caller, manner = self._caller, self._manner
        stage, scheduler = caller.stage, caller.stage.scheduler
        if fault is Fault.CRASH and trip.how < 0.4:
            self._die()
        if fault is Fault.FREEZE and trip.how < 0.5 and manner.sleeps_before:
            scheduler.freeze(caller.process, stage.freeze_s * (0.5 + trip.how * trip.how * 16))
            scheduler.pause(0.0)
        if manner.cut_off and caller.machine.cut_off_until > scheduler.now_s:
            scheduler.pause(min(manner.timeout_s, 1.0))
            raise manner.unreached()
        out_s, back_s = trip.times(fault)
        reply = trip.reply()
        arrives_s = scheduler.now_s + out_s
        if fault is not Fault.LOST_REQUEST:
            scheduler.at(arrives_s, partial(reply.deliver, trip.function))
        if fault is Fault.DUPLICATE:
            again, arrives_s = trip.reply(), arrives_s + trip.how * stage.freeze_s
            scheduler.at(arrives_s, partial(again.deliver, trip.function))
        if arrives_s > scheduler.now_s + manner.timeout_s or fault is Fault.DUPLICATE:
            stage.under_way_until_s = max(stage.under_way_until_s, arrives_s)
        if fault is Fault.CRASH and trip.how < 0.8:
            self._die()
        lost = fault in (Fault.LOST_REQUEST, Fault.LOST_REPLY) or out_s + back_s > manner.timeout_s
        if fault is Fault.FREEZE:
            scheduler.freeze(caller.process, stage.freeze_s * (0.5 + trip.how * trip.how * 5))
        scheduler.pause(manner.timeout_s if lost else out_s + back_s)
        if fault is Fault.CRASH:
            self._die()
        if lost or not reply.came:
            raise manner.lost()
        if reply.error is not None:
            raise reply.error
        return reply.value

    def _die(self) -> None:
        self._caller.stage.crash(self._caller.machine)
        raise Crashed


class _Trip:
    """One call: what it does, how long it takes, what is drawn about its fate (always the same number of draws)."""

    __slots__ = ("_back", "_manner", "_out", "function", "hit", "how", "reply", "which")

    def __init__(
        self, manner: Manner, draw: Callable[[], float], function: Callable[[], Any], reply: Callable[[], _Reply]
    ) -> None:
        self._manner = manner
        self.function = function
        self.reply = reply
        self._out, self._back, self.hit, self.which, self.how = draw(), draw(), draw(), draw(), draw()

    def times(self, fault: Fault | None) -> tuple[float, float]:
        """Until it arrives, and from there until its answer is back."""
        manner = self._manner
        low, high = manner.fast_s
        out_s, back_s = low + self._out * (high - low), low + self._back * (high - low)
        if fault is Fault.SLOW:
            slow = manner.timeout_s * 1.2 * self.how
            return (min(slow, manner.timeout_s * 0.99), back_s) if self._out < 0.5 else (out_s, slow)
        if fault is Fault.LATE:
            return manner.timeout_s + self.how * manner.late_s, back_s
        return out_s, back_s
