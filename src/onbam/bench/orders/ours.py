"""The order robot as it is, between a supplier in memory and an ERP that answers at once.

For: the child process that takes one sample.
Promises: the agent itself with all its services, on the database's own stores; nothing is left out but the wires.
Refuses: a spacing between saves: that is the ERP's, not ours.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from onbam.bench.orders.papers import Paper, book
from onbam.claims.model import Agent, State, Terms
from onbam.claims.ports import Filter
from onbam.claims.stores.registry_sql import SqlRegistry
from onbam.claims.stores.sql import SqlStore
from onbam.connectors.ecount import form
from onbam.connectors.ecount.contract import Description, Limits, Proof, Receipt, Slip, Turn
from onbam.connectors.ecount.settings import EcountSettings
from onbam.connectors.portal.contract import Entry
from onbam.connectors.portal.fake import FakePortal
from onbam.database.engine import open_database
from onbam.database.schema import metadata
from onbam.effects.settle import Settler
from onbam.effects.stores.joint import JointBook
from onbam.effects.stores.sql import SqlLedger
from onbam.journal.sql import SqlJournal
from onbam.kernel.beats import NoBeats
from onbam.kernel.chance import Chance
from onbam.kernel.clock import Clock
from onbam.kernel.logfile import Limits as LogLimits
from onbam.kernel.redact import Redactor
from onbam.logs.uploads import Uploads
from onbam.notices.stores.sql import SqlNotices
from onbam.orders.agent import OrderAgent, Parts
from onbam.orders.marks import WANTED
from onbam.orders.settings import OrderSettings
from onbam.orders.stores.evidence_sql import SqlEvidence
from onbam.orders.stores.robot_sql import SqlMarks, SqlPauses
from onbam.schedules.settings import ScheduleSettings, schedule_of

SHOP: Final = EcountSettings(customer="00001", warehouse="100")
LEASE_MS: Final = 60_000
TURN_S: Final = 60.0
AGENT: Final = Agent("BENCH-1", "BENCH-1/agent/1", "BENCH", "127.0.0.1")
ZONE: Final = ZoneInfo("Asia/Seoul")
LIMITS: Final = LogLimits(file_bytes=1_000_000, total_bytes=100_000_000)


class InstantErp:
    """Enters what it is sent, and says so."""

    hard_timeout_s: Final = 20.0

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.slips: dict[str, str] = {}

    def turn(self) -> Turn:
        """Now."""
        return Turn(self._clock.monotonic(), TURN_S)

    def draft(self, slip: Slip) -> bytes:
        """As it would go over the real wire."""
        return form.evidence(slip, SHOP)

    def post(self, slip: Slip, turn: Turn) -> Receipt:  # noqa: ARG002 -- the contract's
        """One more."""
        assert slip.key not in self.slips, f"{slip.key} is entered twice"
        number = self.slips[slip.key] = f"{slip.day:%Y%m%d}-{len(self.slips) + 1}"
        return Receipt(slip.key, number, len(slip.lines), number, self._clock.now(), number.encode())

    def prove(self, key: str) -> Proof:
        """By its key."""
        return Proof("there", (self.slips[key],)) if key in self.slips else Proof("absent")

    def limits(self) -> Limits:
        """None."""
        return Limits(0.0)

    def describe(self) -> Description:
        """As the real one, it cannot be asked."""
        return Description("instant", "", "", live=False, key_field="", can_prove=False)

    def close(self) -> None:
        """Nothing is held."""


def per_second(url: str, folder: Path, papers: Sequence[Paper], clock: Clock) -> float:
    """Orders a second: from the agent's first breath to the last order completed."""
    erp, portal = InstantErp(clock), FakePortal(clock)
    for paper in papers:
        portal.put(Entry(paper.number, paper.kind, clock.now().astimezone(ZONE).date()), paper.raw)
    with closing(open_database(url, clock=clock)) as database:
        with database.write() as connection:
            metadata.create_all(connection)
        journal = SqlJournal(database, clock)
        store, marks = SqlStore(database, Terms(lease_ms=LEASE_MS)), SqlMarks(database)
        ledger, notices = SqlLedger(database), SqlNotices(database)
        logs = Uploads(folder / "logs", clock=clock, zone=ZONE, limits=LIMITS, redactor=Redactor(), lang="en")
        codes, schedule = book(), schedule_of(ScheduleSettings(), ZONE)
        schedule.next(clock.now())  # the calendar is read once in an agent's life, and is no part of an order
        agent = OrderAgent(
            Parts(
                agent=AGENT,
                version="bench",
                pid=1,
                home=folder,
                settings=OrderSettings(),
                store=store,
                registry=SqlRegistry(database),
                ledger=ledger,
                joint=JointBook(store, ledger),
                settler=Settler(store, ledger, notices, clock),
                notices=notices,
                evidence=SqlEvidence(database),
                portal=portal,
                erp=erp,
                pauses=SqlPauses(database),
                marks=marks,
                schedule=schedule,
                codes=lambda: codes,
                uploads=logs.open,
                beats=NoBeats(),
                clock=clock,
                chance=Chance(7),
                zone=ZONE,
                kinds=("임업", "산업"),
                window_days=7,
                head=journal.head,
                spacing_s=0.0,
            )
        )
        marks.put(WANTED)  # at any hour
        began_ms = store.now_ms()
        agent.run(threading.Event(), once=True)
        done = store.find(Filter(states=(State.COMPLETED,)), limit=1).items
        assert len(erp.slips) == len(papers), "every order was entered"
        assert store.counts() == {("order", State.COMPLETED): len(papers)}, "every order is completed"
        journal.close()
        return len(papers) / timedelta(milliseconds=done[0].changed_at_ms - began_ms).total_seconds()


def first_order_s(url: str, folder: Path, papers: Sequence[Paper], clock: Clock) -> float:
    """Seconds from the start of an agent to its first order completed."""
    return 1 / per_second(url, folder, papers[:1], clock)
