"""A person at the desk: looks after doubts, changes orders at any moment, and is sometimes hasty.

For: simulated histories.
Promises: asks through the same door as the dashboard; a hasty answer comes only where the ERP can be asked again, because
nothing can protect from a person who is wrong where nobody can look.
Refuses: to help after the faults have stopped: what is left in doubt then must be shown to somebody.
"""

# mypy: disable-error-code="misc"
# A lambda that binds a loop value by a default cannot be inferred; each is called without arguments.
from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Final, Protocol

from onbam.claims.asks import Command
from onbam.claims.model import Act, Agent, Item, Ref, State
from onbam.claims.ports import ClaimStore, Filter
from onbam.effects.settle import Settler
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Refused, Transient
from onbam.simulate.plan import Fault, Plan
from onbam.simulate.seat import ProverPort, Tempo
from onbam.simulate.world import KIND

WHO: Final = "person:kim"
ACTS: Final = (Act.HOLD, Act.UNHOLD, Act.RELEASE, Act.FAIL, Act.CANCEL, Act.COMPLETE)
CLEAN_DAYS: Final = 0.0002
"""About seventeen seconds."""


class Office(Protocol):
    """What the desk sees of its history."""

    plan: Plan
    tempo: Tempo

    @property
    def faulty(self) -> bool:
        """Whether things may still go wrong."""
        ...

    @property
    def agents(self) -> dict[str, Agent]:
        """Who sits where."""
        ...

    def orders(self) -> list[str]:
        """What the ledger shows."""
        ...

    def say(self, fault: Fault, what: str) -> None:
        """For the record."""
        ...


class Desk:
    """One person, and the fleet's beats, which are watched from here."""

    def __init__(self, office: Office, store: ClaimStore, settler: Settler, screen: ProverPort, clock: Clock) -> None:
        self._office = office
        self._store = store
        self._settler = settler
        self._screen = screen
        self._clock = clock
        self._chance = office.plan.chance("desk")

    def run(self) -> None:
        """Everything in its order, until the faults stop."""
        plan = self._office.plan
        began = self._clock.monotonic()
        day = [(m, act) for n, (m, fault, act) in enumerate(self._day()) if fault is None or plan.has(fault, f"desk:{n}")]
        for moment, act in sorted(day, key=lambda entry: entry[0]):
            self._clock.wait(moment - (self._clock.monotonic() - began))
            if not self._office.faulty:
                return
            try:
                act()
            except (Transient, Refused):
                continue

    def _day(self) -> Iterator[tuple[float, Fault | None, Callable[[], None]]]:
        """Always the same draws, whatever is in the plan."""
        chance, active_s = self._chance, self._office.tempo.active_s

        def moment() -> float:
            return chance.uniform(0.02, 0.97) * active_s

        for _ in range(4):
            act, which = chance.pick(ACTS), chance.random()
            yield moment(), Fault.PERSON, partial(self._change, act, which)
        for _ in range(15):
            yield moment(), Fault.HASTY, self._guess
        for _ in range(2):
            which = chance.random()
            yield moment(), Fault.DECLARED, partial(self._declare_dead, which)
            yield moment(), Fault.CLEANED, self._clean
        if self._office.plan.person:
            for _ in range(8):
                yield moment(), None, self._settle

    def _doubts(self) -> list[Item]:
        return list(self._store.find(Filter(states=(State.UNCERTAIN,))).items)

    def _change(self, act: Act, which: float) -> None:
        keys = self._office.orders()
        key = keys[int(which * len(keys))]
        self._office.say(Fault.PERSON, f"a person says {act.value} of {key}")
        self._store.override([Command(Ref(KIND, key), act, WHO, "because")])

    def _guess(self) -> None:
        if self._office.plan.prover:
            for item in self._doubts():
                self._office.say(Fault.HASTY, f"a person says without looking that {item.key} is not in the ERP")
                command = Command(item.ref, Act.NOT_THERE, WHO, "a script said so", version=item.version)
                self._store.override([command])  # whoever does not wait is refused, whichever door he takes
                self._settler.not_there(item.ref, who=WHO, why="it will not be there", version=item.version)

    def _settle(self) -> None:
        for item in self._doubts():
            found = self._screen.find(item.key)
            if found is None:
                self._settler.not_there(item.ref, who=WHO, why="looked in the ERP", version=item.version)
            else:
                self._settler.there(item.ref, receipt=found, who=WHO, why="looked in the ERP")

    def _declare_dead(self, which: float) -> None:
        agents = sorted(self._office.agents.items())
        if agents:
            self._declare(agents[int(which * len(agents))][1])

    def declare_dead(self, agent: Agent) -> None:
        """Somebody comes to the desk and says so."""
        with suppress(Transient):
            self._declare(agent)

    def _declare(self, agent: Agent) -> None:
        self._office.say(Fault.DECLARED, f"{agent.agent_id} is declared dead")
        self._store.declare_dead([agent.agent_id], who="system:fleet", why="no beat")

    def _clean(self) -> None:
        self._office.say(Fault.CLEANED, "finished rows are removed")
        self._store.cleanup(CLEAN_DAYS)
