"""A small shop with a desk: orders in every state, agents that take and lose them, an ERP that answers or does not.

For: tests of the orders desk, of its story and of its reasons.
Promises: everything is real but the clock and the outside; in memory, or in a file.
Refuses: time of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from onbam.claims.held import Held
from onbam.claims.machines import Registry
from onbam.claims.model import Agent, Item, Ref, State, Terms
from onbam.claims.stores.memory import MemoryStore
from onbam.claims.stores.registry_memory import MemoryRegistry
from onbam.claims.stores.registry_sql import SqlRegistry
from onbam.claims.stores.sql import SqlStore
from onbam.database.engine import open_database
from onbam.database.schema import metadata
from onbam.effects.model import Effect
from onbam.effects.permit import Permit
from onbam.effects.stores.memory import MemoryLedger
from onbam.effects.stores.sql import SqlLedger
from onbam.journal.memory import MemoryJournal
from onbam.journal.ports import Journal
from onbam.journal.sql import SqlJournal
from onbam.kernel.clock import FakeClock
from onbam.kernel.errors import OutcomeUnknown
from onbam.kernel.words import Said
from onbam.notices.stores.memory import MemoryNotices
from onbam.notices.stores.sql import SqlNotices
from onbam.orders.desk import Desk
from onbam.orders.desk_rows import PortRows, Rows
from onbam.orders.desk_sql import SqlRows
from onbam.orders.evidence import Evidence
from onbam.orders.receipts import PortReceipts, Receipts
from onbam.orders.receipts_sql import SqlReceipts
from onbam.orders.stores.evidence_memory import MemoryEvidence
from onbam.orders.stores.evidence_sql import SqlEvidence
from support.claim_stands import A
from support.claiming import orders
from support.effect_worlds import TIMEOUT_S, World

SEOUL = ZoneInfo("Asia/Seoul")
TUESDAY = datetime(2026, 1, 13, 0, 30, tzinfo=UTC)
"""09:30 in Seoul, in business hours."""
KINDS = ("memory", "sqlite", "sqlite-port")
"""A store of its own, the database's indexes, the database through the port."""
KIM = {"who": "person:kim", "reason": "확인함"}


class Shop(World):
    """A world with a desk."""

    def __init__(
        self,
        clock: FakeClock,
        store: MemoryStore | SqlStore,
        ledger: MemoryLedger | SqlLedger,
        notices: MemoryNotices | SqlNotices,
        journal: Journal,
        rows: Rows,
        evidence: Evidence,
        registry: Registry,
        receipts: Receipts,
    ) -> None:
        super().__init__(clock, store, ledger, notices)
        self.journal, self.evidence, self.registry = journal, evidence, registry
        self.paused: Said | None = None
        self.desk = Desk(
            self.store,
            rows,
            self.ledger,
            self.settler(),
            journal,
            notices,
            evidence,
            clock,
            SEOUL,
            registry=registry,
            stop=lambda: self.paused,
            receipts=receipts,
        )

    def item(self, ref: Ref) -> Item:
        """How it stands."""
        found = self.store.get([ref])[0]
        assert isinstance(found, Item)
        return found

    def held(self, ref: Ref, by: Agent = A) -> Held:
        """In an agent's hands."""
        return self.take(self.agent(by)[0], ref)

    def ended(self, ref: Ref, state: State, by: Agent = A, *, note: str = "", receipt: str = "", retry_in_s: float = 0) -> None:
        """An attempt, ended so."""
        claims, _ = self.agent(by)
        claims.finish(self.take(claims, ref), state, note=note, receipt=receipt, retry_in_s=retry_in_s)

    def doubt(self, ref: Ref, by: Agent = A) -> None:
        """Sent, and the answer was lost."""
        claims, effects = self.agent(by)

        def silent(_: Permit) -> None:
            raise OutcomeUnknown("no answer within 30 s")

        self.outside.after = silent
        try:
            effects.perform(self.take(claims, ref), Effect(ref.key, "erp.slip", "h1", TIMEOUT_S), self.outside.send)
        except OutcomeUnknown:
            return
        finally:
            self.outside.after = lambda _: None
        raise AssertionError("the answer was not lost")

    def one_of_each(self) -> dict[str, Ref]:
        """One order in every state, a second apart, the last one changed last."""
        names = ("waiting", "processing", "completed", "failed", "uncertain", "parked", "cancelled")
        refs = dict(zip(names, orders(len(names)), strict=True))
        from onbam.claims.asks import New

        self.store.add([New(ref) for ref in refs.values()])
        for name, ref in refs.items():
            self.clock.advance(1)
            match name:
                case "processing":
                    self.held(ref)
                case "completed":
                    self.ended(ref, State.COMPLETED, receipt="20260113-1")
                case "failed":
                    self.ended(ref, State.FAILED, note="portal answers 502", retry_in_s=600)
                case "uncertain":
                    self.doubt(ref)
                case "parked":
                    self.ended(ref, State.PARKED, note="품목코드를 모릅니다")
                case "cancelled":
                    self.ended(ref, State.CANCELLED, note="공급처가 취소")
        return refs


@contextmanager
def shop_of(kind: str, folder: Path, terms: Terms | None = None, look_max: int = 1000) -> Iterator[Shop]:
    """A shop in memory, or in a file."""
    clock = FakeClock(TUESDAY)
    if kind == "memory":
        journal = MemoryJournal(clock)
        store = MemoryStore(clock, terms, journal)
        registry = MemoryRegistry(clock, journal)
        rows = PortRows(store, look_max)
        yield Shop(
            clock,
            store,
            MemoryLedger(clock, journal),
            MemoryNotices(clock, journal),
            journal,
            rows,
            MemoryEvidence(clock),
            registry,
            PortReceipts(store),
        )
        return
    database = open_database(f"sqlite:///{(folder / 'shop.db').as_posix()}", clock=clock)
    with database.write() as connection:
        metadata.create_all(connection)
    in_file = SqlStore(database, terms)
    told = SqlJournal(database, clock)
    answers: Rows = PortRows(in_file, look_max) if kind == "sqlite-port" else SqlRows(database, look_max)
    yield Shop(
        clock,
        in_file,
        SqlLedger(database),
        SqlNotices(database),
        told,
        answers,
        SqlEvidence(database),
        SqlRegistry(database),
        PortReceipts(in_file) if kind == "sqlite-port" else SqlReceipts(database),
    )
    told.close()
    database.close()
