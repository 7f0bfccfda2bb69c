"""The wire of a simulated process: what a call did and what its caller was told are two things."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from onbam.kernel.chance import Chance
from onbam.kernel.errors import Refused, Transient
from onbam.simulate.machines import Machine
from onbam.simulate.plan import Fault, Plan
from onbam.simulate.ports import GONE, Caller, Manner, Port, Told
from onbam.simulate.scheduler import Crashed, Scheduler


@dataclass
class Stage:
    """The least a port stands on."""

    plan: Plan
    scheduler: Scheduler = field(default_factory=lambda: Scheduler(Chance(1)))
    record: list[Told] = field(default_factory=list)
    happened: list = field(default_factory=list)
    faulty: bool = True
    freeze_s: float = 20.0
    under_way_until_s: float = 0.0

    def crash(self, machine: Machine) -> None:
        """The process on this PC dies now."""
        assert machine.process is not None
        self.scheduler.kill(machine.process)


@dataclass
class Far:
    """The far end."""

    got: list[str] = field(default_factory=list)

    def put(self, what: str) -> int:
        """Takes it."""
        if what == "bad":
            raise Refused("no")
        self.got.append(what)
        return len(self.got)


def gone() -> Transient:
    """What a caller is told whose answer never came."""
    return Transient(GONE)


def told_with(fault: Fault | None, *, what: str = "x", calls: int = 1, cut: bool = False) -> tuple[list[str], list[str]]:
    """What arrived, and what the caller was told, when every call meets this fault."""
    plan = Plan(1, 2, 1, frozenset([fault] if fault else []), 1.0, prover=True, person=False)
    stage = Stage(plan)
    machine = Machine(stage.scheduler, "PC-A", 0)
    process, _ = machine.boot()
    machine.cut_off_until = 100.0 if cut else 0.0
    far, told = Far(), []
    manner = Manner("far", (0.1, 0.2), 5.0, gone, gone, (fault,) if fault else (), cut_off=True, fenced=frozenset({"put"}))
    port = Port(Caller(stage, machine, process), manner, far)

    def body() -> None:
        for _ in range(calls):
            try:
                told.append(str(port.put(what)))
            except (Transient, Refused) as error:
                told.append(type(error).__name__)
            except Crashed:
                told.append("dead")
                raise

    stage.scheduler.spawn(process, "a", body)
    stage.scheduler.run()
    return far.got, told


def test_a_call_arrives_and_is_answered() -> None:
    """Without any fault, and with a definite no."""
    assert told_with(None) == (["x"], ["1"])
    assert told_with(None, what="bad") == ([], ["Refused"])


def test_a_lost_reply_happened_all_the_same() -> None:
    """The far end has it; the caller is told that nobody knows."""
    assert told_with(Fault.LOST_REPLY) == (["x"], ["Transient"])


def test_a_lost_request_never_happened() -> None:
    """The caller cannot tell it from a lost reply."""
    assert told_with(Fault.LOST_REQUEST) == ([], ["Transient"])


def test_a_fenced_write_may_arrive_twice() -> None:
    """Its caller hears of the first arrival only."""
    assert told_with(Fault.DUPLICATE) == (["x", "x"], ["1"])


def test_a_pc_that_is_cut_off_sends_nothing() -> None:
    """It is told at once that nothing left."""
    assert told_with(None, cut=True) == ([], ["Transient"])


def test_a_crash_ends_the_process_before_during_or_after_the_call() -> None:
    """Whichever it is, the process is told nothing and calls no more."""
    arrived, told = told_with(Fault.CRASH, calls=3)
    assert told == ["dead"]
    assert len(arrived) <= 1


def test_the_dead_are_refused() -> None:
    """A port of a process that has died does nothing, not even in a `finally`."""
    stage = Stage(Plan(1, 2, 1, frozenset(), 0.0, prover=True, person=False))
    machine = Machine(stage.scheduler, "PC-A", 0)
    process, _ = machine.boot()
    far = Far()
    port = Port(Caller(stage, machine, process), Manner("far", (0.1, 0.2), 5.0, gone, gone, ()), far)
    stage.crash(machine)
    with pytest.raises(Crashed):
        port.put("x")
    assert far.got == []
