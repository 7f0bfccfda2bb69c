"""Where a simulated history keeps its claims: in memory, or in a real SQLite database (a sheet: `sheet_stand.py`).

For: `history.py`; with the composition root and the benchmarks this is a place that may build stores.
Promises: each history begins with an empty store; the store's clock is the history's deciding clock; what the store holds in
the end, and the journal in its true order, can be read without any wire.
Refuses: a store of its own making, except where a protection is taken away on purpose.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Protocol, cast

import sqlalchemy as sa

from onbam.claims.model import Terms
from onbam.claims.ports import ClaimStore
from onbam.claims.stores.deciding import DecidingStore
from onbam.claims.stores.memory import MemoryStore
from onbam.claims.stores.sql import SqlStore
from onbam.claims.tables import item_memory, items
from onbam.database.engine import Database, open_database
from onbam.database.schema import metadata
from onbam.effects.ports import EffectLedger, Joint
from onbam.effects.stores.joint import JointBook, TriesInTurn
from onbam.effects.stores.memory import MemoryLedger
from onbam.effects.stores.sql import SqlLedger
from onbam.effects.tables import effects
from onbam.journal.memory import MemoryJournal
from onbam.journal.model import Entry
from onbam.journal.sql import READ_MAX, read_in
from onbam.journal.tables import journal, journal_head
from onbam.kernel.clock import Clock, FakeClock
from onbam.kernel.errors import Transient
from onbam.notices.ports import Notices
from onbam.notices.stores.memory import MemoryNotices
from onbam.notices.stores.sql import SqlNotices
from onbam.notices.tables import notices
from onbam.simulate.machines import Machine
from onbam.simulate.plan import Fault, Plan
from onbam.simulate.ports import GONE, Caller, Manner, Port, Watch
from onbam.simulate.protections import Blind, Careless, Protection, Unfenced
from onbam.simulate.seat import Tempo

STORES: Final = ("memory", "sqlite", "sheets")
DATABASE_TEMPO: Final = Tempo(
    lease_s=20.0,
    limit_s=90.0,
    poll_s=4.0,
    active_s=100.0,
    settle_s=1200.0,
    store_s=(0.002, 0.2),
    store_timeout_s=5.0,
)


LONG_TEMPO: Final = replace(DATABASE_TEMPO, lease_s=80.0, limit_s=300.0, active_s=160.0)
"""Leases so long that whoever stood still for a while finds much of his left."""


def tempo_of(plan: Plan) -> Tempo:
    """How fast a history on a database lives."""
    return LONG_TEMPO if Fault.NAP in plan.faults else DATABASE_TEMPO


class Stand(Protocol):
    """One history's store."""

    tempo: Tempo
    shared: bool
    """Whether effects and notices lie in the same database as the claims, behind the same wire."""
    misbehaved: Counter[str]
    """What the store itself has done wrong, and how often."""

    def open(self, caller: Caller, watch: Watch) -> ClaimStore:
        """The store as one process reaches it."""
        ...

    def joint(self, caller: Caller, watch: Watch) -> Joint | None:
        """Store and effect ledger in one step, as one process reaches them; none where they do not lie together."""
        ...

    def quiet(self) -> None:
        """Whatever the store itself does wrong, it stops now."""
        ...

    def effects(self, machine: Machine) -> EffectLedger:
        """The effect ledger this PC writes into, without any wire: the common one, or on a sheet its own."""
        ...

    def notices(self, machine: Machine) -> Notices:
        """The inbox this PC writes into."""
        ...

    def inboxes(self) -> Sequence[Notices]:
        """All of them."""
        ...

    def truth(self) -> ClaimStore:
        """The store without any wire: what it really holds. Not for processes of the history."""
        ...

    def lines(self) -> Sequence[Entry]:
        """The journal, in its true order."""
        ...


LINES_MAX: Final = 1_000_000
TABLES: Final = (items, item_memory, effects, notices, journal, journal_head)


def terms_of(tempo: Tempo) -> Terms:
    """The lease rules of a tempo."""
    return Terms(lease_ms=int(tempo.lease_s * 1000), limit_ms=int(tempo.limit_s * 1000))


def _unreached() -> Transient:
    return Transient(GONE)


def _store_manner(tempo: Tempo) -> Manner:
    return Manner(
        port="store",
        fast_s=tempo.store_s,
        timeout_s=tempo.store_timeout_s,
        lost=_unreached,
        unreached=_unreached,
        faults=(Fault.CRASH, Fault.FREEZE, Fault.LOST_REQUEST, Fault.LOST_REPLY, Fault.DUPLICATE, Fault.SLOW),
        cut_off=True,
        fenced=frozenset({"advance", "finish", "renew", "release"}),
        weights={"advance": 4.0, "claim_many": 2.0},
    )


def _ported(caller: Caller, store: DecidingStore, tempo: Tempo, watch: Watch, off: Protection | None) -> Any:
    """A store whose calls are one moment each, behind a process's wire."""
    target: Any = store
    if off is Protection.FENCE:
        target = Unfenced(store)
    if off is Protection.CONDITION:
        target = Blind(store)
    port = Port(caller, _store_manner(tempo), target, watch)
    return Careless(port) if off is Protection.CONDITION else port


_JOINT: Final = {"begin": "advance", "complete": "finish"}
"""What is written of an item together with the effect."""


def _jointly(
    caller: Caller, store: DecidingStore, ledger: TriesInTurn, tempo: Tempo, watch: Watch, off: Protection | None
) -> Joint | None:
    """Both in one step, behind the wire of the store. Who looks at the store's writes sees these too."""
    if off is Protection.FENCE:
        return None  # a store that takes any token takes it one call after the other

    def seen(name: str, args: tuple[Any, ...], answer: Any) -> None:
        if answer.moved is not None:
            watch(_JOINT[name], ([args[-1]],), [answer.moved])

    manner = replace(_store_manner(tempo), port="joint", fenced=frozenset(_JOINT), weights={"begin": 4.0})
    port: Any = Port(caller, manner, JointBook(store, ledger), seen)
    return cast("Joint", port)


class _SharedStand:
    """All PCs at one store, with effects and notices beside it."""

    shared = True

    def __init__(
        self,
        plan: Plan,
        off: Protection | None,
        store: Callable[[Terms], MemoryStore | SqlStore],
        effects: SqlLedger | MemoryLedger,
        notices: Notices,
    ) -> None:
        self.tempo = tempo_of(plan)
        self.misbehaved: Counter[str] = Counter()
        self._off = off
        self._store = store(terms_of(self.tempo))
        self._effects = effects
        self._notices = notices

    def open(self, caller: Caller, watch: Watch) -> ClaimStore:
        """Through the wire."""
        store: ClaimStore = _ported(caller, self._store, self.tempo, watch, self._off)
        return store

    def joint(self, caller: Caller, watch: Watch) -> Joint | None:
        """Through the same wire."""
        return _jointly(caller, self._store, self._effects, self.tempo, watch, self._off)

    def quiet(self) -> None:
        """It never does anything wrong."""

    def effects(self, machine: Machine) -> EffectLedger:
        """One for all."""
        del machine
        return self._effects

    def notices(self, machine: Machine) -> Notices:
        """One for all."""
        del machine
        return self._notices

    def inboxes(self) -> Sequence[Notices]:
        """The one."""
        return [self._notices]

    def truth(self) -> ClaimStore:
        """Without any wire."""
        return self._store


class MemoryStand(_SharedStand):
    """The reference, shared by all as if it were a server."""

    def __init__(self, server: Machine, plan: Plan, off: Protection | None) -> None:
        self._journal = journal = MemoryJournal(server.clock)
        super().__init__(
            plan,
            off,
            lambda terms: MemoryStore(server.clock, terms, journal),
            MemoryLedger(server.clock, journal),
            MemoryNotices(server.clock, journal),
        )

    def lines(self) -> Sequence[Entry]:
        """The journal."""
        return self._journal.read(0, LINES_MAX).entries


class _TheClock:
    """The clock of whichever history runs now: a database is opened once and used for many."""

    def __init__(self) -> None:
        self.of: Clock = FakeClock()

    def now(self) -> datetime:
        """The history's wall clock."""
        return self.of.now()

    def monotonic(self) -> float:
        """The history's monotonic clock."""
        return self.of.monotonic()

    def wait(self, seconds: float, stop: threading.Event | None = None) -> bool:
        """Let the history's time pass."""
        return self.of.wait(seconds, stop)


class SqliteBench:
    """One SQLite file for the histories of one process, emptied before each: what a shop runs on, short cuts and all."""

    def __init__(self) -> None:
        self._clock = _TheClock()
        self._folder = TemporaryDirectory(prefix="onbam-simulate-", ignore_cleanup_errors=True)
        address = f"sqlite:///{(Path(self._folder.name) / 'history.db').as_posix()}"
        self.database = open_database(address, clock=self._clock, durable=False)
        metadata.create_all(self.database.engine, tables=TABLES)

    def ready(self, clock: Clock) -> Database:
        """Empty, under this history's clock."""
        self._clock.of = clock
        with self.database.write() as connection:
            for table in TABLES:
                connection.execute(sa.delete(table))
        return self.database

    def close(self) -> None:
        """Let it go."""
        self.database.close()
        self._folder.cleanup()


class SqliteStand(_SharedStand):
    """The product's own database store."""

    def __init__(self, server: Machine, plan: Plan, off: Protection | None, bench: SqliteBench) -> None:
        self._database = database = bench.ready(server.clock)
        super().__init__(plan, off, lambda terms: SqlStore(database, terms), SqlLedger(database), SqlNotices(database))

    def lines(self) -> Sequence[Entry]:
        """The journal."""
        found: list[Entry] = []
        with self._database.read() as connection:
            while (stretch := read_in(connection, len(found), READ_MAX)).entries:
                found += stretch.entries
        return found
