"""A small world in which an agent sends things: an outside that remembers what it got, and everything of ours around it.

For: tests of effects.
Promises: the outside is the truth; what breaks, breaks because the test said so.
Refuses: time of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from onbam.claims.claims import Claims
from onbam.claims.held import Held
from onbam.claims.model import Agent, Ref, Terms
from onbam.claims.ports import ClaimStore
from onbam.claims.stores.memory import MemoryStore
from onbam.claims.stores.sql import SqlStore
from onbam.database.engine import open_database
from onbam.database.schema import metadata
from onbam.effects.model import Effect, Try
from onbam.effects.perform import Effects, Receipt
from onbam.effects.permit import Permit
from onbam.effects.ports import CannotTell, EffectLedger, Found, Joint, NotFound
from onbam.effects.settle import Settler
from onbam.effects.stores.joint import JointBook
from onbam.effects.stores.memory import MemoryLedger
from onbam.effects.stores.sql import SqlLedger
from onbam.journal.memory import MemoryJournal
from onbam.kernel.clock import FakeClock
from onbam.kernel.errors import Transient
from onbam.kernel.words import Said, plain
from onbam.notices.ports import Notices
from onbam.notices.stores.memory import MemoryNotices
from onbam.notices.stores.sql import SqlNotices
from support.claim_stands import A
from support.claiming import ORDER

TIMEOUT_S = 10.0
WHOLE_CALL_S = 15
"""A second more than from asking for the permission to the end of the call."""


def slip(payload: str = "h1", *, last: bool = True, key: str = ORDER.key) -> Effect:
    """The act of these tests: one slip for one order."""
    return Effect(key, "erp.slip", payload, TIMEOUT_S, last, '{"search":"2601050229"}')


@dataclass
class Outside:
    """An ERP: what arrived is there."""

    clock: FakeClock
    slips: list[str] = field(default_factory=list)
    before: Callable[[Permit], None] = lambda _: None
    """Runs before anything arrives."""
    after: Callable[[Permit], None] = lambda _: None
    """Runs after it arrived, before the answer."""

    def send(self, permit: Permit) -> Receipt:
        """The act."""
        permit.check()
        self.before(permit)
        self.slips.append(ORDER.key)
        number = f"slip-{len(self.slips)}"
        self.after(permit)
        return Receipt(number)


@dataclass
class Looker:
    """A prover that looks into the outside."""

    outside: Outside
    blind: bool = False
    looks: int = 0
    name: str = "erp"

    def look(self, one: Try) -> Found | NotFound | CannotTell:
        """Whether it is there."""
        self.looks += 1
        if self.blind:
            return CannotTell()
        if one.key in self.outside.slips:
            return Found(f"slip-{self.outside.slips.index(one.key) + 1}")
        return NotFound()


EVER = 1_000


class Breaking:
    """Passes every call on; a named method fails so many times, before or after it did its work."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.failing: dict[str, tuple[int, bool]] = {}

    def fail(self, name: str, times: int = 1, *, after: bool = False) -> None:
        """The next calls of this method: out of reach."""
        self.failing[name] = (times, after)

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)
        if name not in self.failing:
            return method

        def broken(*args: Any, **kwargs: Any) -> Any:
            times, after = self.failing.get(name, (0, False))
            if times <= 0:
                return method(*args, **kwargs)
            self.failing[name] = (times - 1, after)
            if after:
                method(*args, **kwargs)
            raise Transient("out of reach")

        return broken


class World:
    """Store, ledger, inbox, outside, and as many agents as the test wants."""

    def __init__(
        self, clock: FakeClock, store: ClaimStore, ledger: EffectLedger, notices: Notices, joint: Joint | None = None
    ) -> None:
        self.clock = clock
        self.store = Breaking(store)
        self.ledger = Breaking(ledger)
        self.joint: Any = None if joint is None else Breaking(joint)
        """Where store and ledger are written in one step; none where they are written one after the other."""
        self.notices = notices
        self.outside = Outside(clock)
        self.stop: Said | None = None
        self.looker = Looker(self.outside)

    def agent(self, by: Agent = A) -> tuple[Claims, Effects]:
        """One agent's hands and acts."""
        claims = Claims(self.store, by, self.clock)
        return claims, Effects(self.ledger, claims, self.notices, lambda: self.stop, self.joint)

    def part(self) -> None:
        """From now on nothing can be written in one step: it is written one after the other."""
        if self.joint is not None:
            for name in ("begin", "complete"):
                self.joint.fail(name, EVER)

    def take(self, claims: Claims, ref: Ref = ORDER) -> Held:
        """The item in its hands."""
        (held,) = claims.take([ref]).held
        return held

    def settler(self, *, proving: bool = False) -> Settler:
        """Goes through doubts."""
        return Settler(self.store, self.ledger, self.notices, self.clock, {"erp.slip": self.looker} if proving else {})

    def pull_the_brake(self) -> None:
        """A person set a stop."""
        self.stop = plain("stopped by kim")()


@contextmanager
def world_of(kind: str, folder: Path, terms: Terms | None = None) -> Iterator[World]:
    """A world in `memory`, or in a file (`sqlite`); with ` joint`, store and ledger are written in one step."""
    clock = FakeClock()
    kind, _, joint = kind.partition(" ")
    if kind == "memory":
        journal = MemoryJournal(clock)
        store = MemoryStore(clock, terms, journal)
        book = MemoryLedger(clock, journal)
        yield World(clock, store, book, MemoryNotices(clock, journal), JointBook(store, book) if joint else None)
        return
    database = open_database(f"sqlite:///{(folder / 'world.db').as_posix()}", clock=clock)
    with database.write() as connection:
        metadata.create_all(connection)
    rows, tries = SqlStore(database, terms), SqlLedger(database)
    yield World(clock, rows, tries, SqlNotices(database), JointBook(rows, tries) if joint else None)
    database.close()


def outcomes(world: World) -> list[str]:
    """How each try of the order stands."""
    return [one.verdict.value if one.verdict else one.outcome.value for one in world.ledger.tries(ORDER.key)]


def dies(_: Permit) -> None:
    """The process ends here."""
    raise KeyboardInterrupt
