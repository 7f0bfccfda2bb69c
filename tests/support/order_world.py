"""A shop in memory: a supplier, an ERP, and PCs whose strands are stepped by hand on one clock.

For: tests of the order flow and its agent.
Promises: the real flow, claims, effects, evidence and notices; the supplier's documents are the simulated site's own; time
moves only when a step says that it waits.
Refuses: threads: what happens, happens in the order in which a test says so.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from onbam.claims.model import Agent, Item, State, Terms
from onbam.claims.stores.memory import MemoryStore
from onbam.connectors.ecount.contract import Receipt, Slip, Turn
from onbam.connectors.ecount.fake import FakeErp
from onbam.connectors.ecount.shared import MemoryTurnstile
from onbam.connectors.portal.contract import Entry
from onbam.connectors.portal.fake import FakePortal
from onbam.effects.settle import Settler
from onbam.effects.stores.joint import JointBook
from onbam.effects.stores.memory import MemoryLedger
from onbam.journal.memory import MemoryJournal
from onbam.kernel.beats import NoBeats
from onbam.kernel.chance import Chance
from onbam.kernel.clock import FakeClock
from onbam.kernel.logfile import Limits
from onbam.kernel.redact import Redactor
from onbam.logs.uploads import Uploads
from onbam.notices.stores.memory import MemoryNotices
from onbam.orders.agent import OrderAgent, Parts
from onbam.orders.codes import CodeBook, Rule
from onbam.orders.model import order_ref
from onbam.orders.settings import OrderSettings
from onbam.orders.stores.evidence_memory import MemoryEvidence
from onbam.orders.stores.robot_memory import MemoryMarks, MemoryPauses
from onbam.schedules.settings import ScheduleSettings, schedule_of
from onbam_sims.catalogue import catalogue
from onbam_sims.portal import Line, Order, document_page, encode
from support.erp_stand import settings as erp_settings

ZONE = ZoneInfo("Asia/Seoul")
NUMBER = "2601130229"
DAY = date(2026, 1, 13)
PRODUCTS = catalogue(7)
SPACING_S = 10.0
STEPS_MAX = 10_000


class Killed(BaseException):
    """The process ends here."""


class MortalErp(FakeErp):
    """An ERP during whose call the process may end: before it is reached, or right after it has saved."""

    def __init__(self, *args: Any, **how: Any) -> None:
        super().__init__(*args, **how)
        self.kill_before = self.kill_after = False
        self.during: Callable[[], None] = lambda: None

    def post(self, slip: Slip, turn: Turn) -> Receipt:
        """Enter a slip, if the process lives that long."""
        self.during()
        if self.kill_before:
            raise Killed
        receipt = super().post(slip, turn)
        if self.kill_after:
            raise Killed
        return receipt


def lines_of(count: int = 2, first: int = 0) -> tuple[Line, ...]:
    """So many lines of the catalogue."""
    out = []
    for no, product in enumerate(PRODUCTS[first : first + count], start=1):
        qty = Decimal(no)
        out.append(
            Line(
                no,
                product.color,
                product.name,
                product.spec,
                qty,
                product.price,
                qty * product.price,
                product.note,
                product.code,
            )
        )
    return tuple(out)


def order(number: str = NUMBER, **changed: Any) -> Order:
    """An order of the supplier."""
    plain = Order(number, "임업", DAY, "온밤도어", "판교 테크원 12층", lines_of(), 0.0)
    return replace(plain, **changed)


def paper(what: Order, **faults: Any) -> bytes:
    """Its document, as the site would send it."""
    return encode(document_page(what, **faults), "euc-kr").body


def book_of(skip: Sequence[str] = ()) -> CodeBook:
    """The shop's codes, but for these."""
    known = [p for p in PRODUCTS if p.code not in skip]
    return CodeBook(tuple(Rule(p.code, p.color, p.name, p.spec, "%", p.unit) for p in known))


@dataclass
class Pc:
    """One PC with its agent."""

    world: World
    robot: OrderAgent

    def take_in(self) -> None:
        """Look at the ledger now."""
        self.robot.sweeping._ledgers.look()

    def work(self, seconds: float = 60.0) -> None:
        """Both strands until there is nothing to do, or until so much time has passed."""
        clock = self.world.clock
        ends = clock.monotonic() + seconds
        for _ in range(STEPS_MAX):
            waits = [self.robot.preparing.step(clock.now()), self.robot.entering.step(clock.now())]
            if min(waits) > 0:
                if clock.monotonic() + min(waits) > ends:
                    return
                clock.advance(min(waits))
            self.robot.claims.renew()
        raise AssertionError("it never comes to rest")

    def keep_house(self) -> None:
        """The services beside the strands, once."""
        for service in (self.robot.keeper, self.world.settler):
            service.step(self.world.clock.now())


@dataclass
class World:
    """Everything the PCs share."""

    home: Path
    clock: FakeClock = field(default_factory=FakeClock)
    terms: Terms = field(default_factory=Terms)
    spacing_s: float = SPACING_S
    can_prove: bool = False
    settings: OrderSettings = field(default_factory=OrderSettings)
    together: bool = False
    """Whether leases and effect ledger are written in one step, as in a database."""

    def __post_init__(self) -> None:
        self.journal = MemoryJournal(self.clock)
        self.store = MemoryStore(self.clock, self.terms, self.journal)
        self.notices = MemoryNotices(self.clock, self.journal)
        self.ledger = MemoryLedger(self.clock, self.journal)
        self.evidence = MemoryEvidence(self.clock)
        self.portal = FakePortal(self.clock)
        own = erp_settings(save_interval_s=self.spacing_s, slack_s=1.0)
        turnstile = MemoryTurnstile(self.clock)
        self.erp = MortalErp(own, self.clock, turnstile, can_prove=self.can_prove, hard_timeout_s=20.0)
        self.pauses = MemoryPauses(self.clock, self.journal)
        self.marks = MemoryMarks(self.clock)
        self.settler = Settler(self.store, self.ledger, self.notices, self.clock)
        self.book = book_of()
        self._boots = itertools.count(1)

    def pc(self, name: str = "PC-A", **changed: Any) -> Pc:
        """A PC whose program starts now; the same name again is the same seat."""
        agent = Agent(f"{name}-7k2m", f"{name}-7k2m/agent/{next(self._boots)}", name, "192.168.1.100")
        home = self.home / name
        home.mkdir(exist_ok=True)
        parts = Parts(
            agent=agent,
            version="test",
            pid=1,
            home=home,
            settings=self.settings,
            store=self.store,
            registry=None,
            ledger=self.ledger,
            joint=JointBook(self.store, self.ledger) if self.together else None,
            settler=self.settler,
            notices=self.notices,
            evidence=self.evidence,
            portal=self.portal,
            erp=self.erp,
            pauses=self.pauses,
            marks=self.marks,
            schedule=schedule_of(ScheduleSettings(), ZONE),
            codes=lambda: self.book,
            uploads=self._uploads(home).open,
            beats=NoBeats(),
            clock=self.clock,
            chance=Chance(7),
            zone=ZONE,
            kinds=("임업", "산업"),
            window_days=7,
            head=self.journal.head,
            spacing_s=self.spacing_s,
        )
        robot = OrderAgent(replace(parts, **changed))
        robot._check_lease()
        robot.preparing.start()
        return Pc(self, robot)

    def _uploads(self, home: Path) -> Uploads:
        limits = Limits(file_bytes=1_000_000, total_bytes=10_000_000)
        return Uploads(home / "logs", clock=self.clock, zone=ZONE, limits=limits, redactor=Redactor(), lang="en")

    # -- the supplier -------------------------------------------------------------------------------------------------------

    def place(self, what: Order | None = None, **faults: Any) -> str:
        """An order appears at the supplier's, or changes there."""
        what = what or order()
        entry = Entry(what.number, what.kind, what.date, what.state == "취소", "", {"금액": f"{what.total:,}"})
        self.portal.put(entry, paper(what, **faults))
        return what.number

    def found(self, *orders: Order) -> Pc:
        """A first PC that has seen these orders (or one) in the ledger."""
        for one in orders or (order(),):
            self.place(one)
        pc = self.pc()
        pc.take_in()
        return pc

    # -- looking ------------------------------------------------------------------------------------------------------------

    def item(self, number: str = NUMBER) -> Item:
        """How an order stands."""
        found = self.store.get([order_ref(number)])[0]
        assert found is not None, f"nobody knows {number}"
        return found

    def state(self, number: str = NUMBER) -> State:
        """Only its state."""
        return self.item(number).state

    def steps(self, number: str = NUMBER) -> list[str]:
        """What its steps left."""
        return [piece.step for piece in self.evidence.of(order_ref(number))]

    def inbox(self) -> dict[str, str]:
        """The open notices: what they are about, and what they say."""
        return {notice.key: notice.title["en"] for notice in self.notices.inbox()}

    def slips(self) -> list[str]:
        """The keys of what stands in the ERP."""
        return [slip.slip.key for slip in self.erp.slips]

    def later(self, **time: float) -> None:
        """Time passes."""
        self.clock.advance(timedelta(**time).total_seconds())
