"""A night of a small shop, told to the real stores: for tests of the desk, before and beside the real robot.

For: tests of pages, browser tests.
Promises: every line went through the claims, the ledger, the evidence, the registry and the journal as an agent's would, only
faster: the clock is moved by the stage. The same seed, the same night.
Refuses: to write a table by itself.
"""

from __future__ import annotations

import random
import re
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from onbam.bootstrap import Onbam
from onbam.claims.asks import Ending, Grant, New, Progress
from onbam.claims.model import Agent, Item, Phase, Ref, State
from onbam.connectors.portal.contract import Entry
from onbam.effects.model import Effect, Outcome
from onbam.effects.ports import Intended
from onbam.kernel.chance import Chance
from onbam.kernel.words import Text, kept
from onbam.orders import evidence as keep
from onbam.orders.card import Card
from onbam.orders.model import order_ref
from onbam.orders.understanding import understand_bytes
from onbam.people.model import Role
from onbam_sims.catalogue import Product
from onbam_sims.portal.document import document_page
from onbam_sims.portal.orders import Order, draw_lines

PASSWORD = "a small lamp by night"
VERSION = "0.1.0"
NUMBER = re.compile(r"\b2601\d{6}\b")
"""Any order number of a night: four digits alone also stand in a figure now and then."""
NO_ANSWER = Text(ko="10초 안에 답이 없었습니다", en="no answer within 10 seconds")
NO_CODE = Text(ko="'{line}'의 품목코드를 모릅니다", en="the product code of '{line}' is not known")
AWAY = Text(ko="포털이 503으로 답했습니다", en="the portal answered 503")


class StageClock:
    """The real clock, some time away from now; moved by whoever tells the story."""

    def __init__(self, now: datetime) -> None:
        self._lock = threading.Lock()
        self._away = now - datetime.now(UTC)

    def now(self) -> datetime:
        """The wall clock of the stage."""
        with self._lock:
            return datetime.now(UTC) + self._away

    def monotonic(self) -> float:
        """Seconds that only grow: the real ones."""
        return time.monotonic()

    def wait(self, seconds: float, stop: threading.Event | None = None) -> bool:
        """Really wait."""
        return (stop or threading.Event()).wait(max(0.0, seconds))

    def set(self, now: datetime) -> None:
        """Another moment, from which time goes on."""
        with self._lock:
            self._away = now - datetime.now(UTC)

    def advance(self, seconds: float) -> None:
        """Later."""
        with self._lock:
            self._away += timedelta(seconds=seconds)


def pc(letter: str, n: int, ip: str = "192.168.1.100") -> Agent:
    """A robot of the shop; those of one address work on one computer."""
    machine = f"PC-{letter}-7k2{letter.lower()}"
    return Agent(machine, f"{machine}/agent/{n}", f"PC-{letter}", ip)


@dataclass
class Stage:
    """A shop and its clock."""

    onbam: Onbam
    clock: StageClock
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    serial: int = 228

    def at(self, hour: int, minute: int = 0, second: int = 0, days: int = 0) -> None:
        """Move to a time of the shop's day (0: the day the story ends)."""
        zone = self.onbam.zone
        self.clock.set(self.day.replace(tzinfo=zone, hour=hour, minute=minute, second=second) + timedelta(days=days))

    day: datetime = datetime(2026, 1, 13)  # noqa: DTZ001 -- the shop's own day

    def number(self) -> str:
        """The next order's."""
        self.serial += 1
        return f"260113{self.serial:04d}"

    def join(self, *agents: Agent, due_s: float = 40.0) -> None:
        """They take their seats."""
        registry = self.onbam.registry
        assert registry is not None
        for agent in agents:
            registry.join(agent, version=VERSION, pid=4000 + ord(agent.name[-1]), due_in_ms=int(due_s * 1000))

    def beat(self, *agents: Agent, doing: str = "", due_s: float = 40.0) -> None:
        """Still here."""
        registry = self.onbam.registry
        assert registry is not None
        for agent in agents:
            registry.beat(agent, doing=doing, due_in_ms=int(due_s * 1000))

    def order(self, number: str = "") -> Order:
        """What the supplier printed."""
        number = number or self.number()
        lines = draw_lines(self.chance, self._products, 6)
        sites = ("래미안 원펜타스 104동", "힐스테이트 송도 3차", "성수 쀼띠하우스", "광교 푸르지오 시티")
        dealer = self.chance.choice(("온밤도어", "한빛창호", "대성목재"))
        kind = self.chance.choice(("임업", "임업", "산업"))
        return Order(number, kind, self.day.date(), dealer, self.chance.choice(sites), lines, 0.0)

    @property
    def _products(self) -> tuple[Product, ...]:
        from onbam_sims.catalogue import catalogue

        return catalogue()

    def found(self, *orders: Order, due_in_ms: int = 0) -> list[Ref]:
        """The ledger was looked through."""
        refs = [order_ref(order.number) for order in orders]
        cards = [Card(Entry(o.number, o.kind, o.date, cells={"현장명": o.site, "거래처": o.dealer})) for o in orders]
        news = [New(ref, due_in_ms=due_in_ms, data=card.data) for ref, card in zip(refs, cards, strict=True)]
        self.onbam.claims.add(news)
        return refs

    def taken(self, by: Agent, order: Order) -> Item:
        """Held, with its document read."""
        ref = order_ref(order.number)
        answer = self.onbam.claims.claim_many(by, [ref])[0]
        assert isinstance(answer, Grant), answer
        item = answer.item
        self.clock.advance(self.chance.uniform(0.2, 1.5))
        body = document_page(order).encode()
        self.kept(item, by, keep.DOCUMENT, f"{order.number}.html", keep.HTML, body)
        item = self.stepped(item, keep.DOCUMENT)
        form = understand_bytes(body)
        import json

        self.kept(
            item, by, keep.FORM, f"{order.number}.json", keep.JSON, json.dumps(form.to_json(), ensure_ascii=False).encode()
        )
        return self.stepped(item, keep.FORM)

    def kept(self, item: Item, by: Agent, step: str, name: str, media: str, body: bytes) -> None:
        """Evidence."""
        self.onbam.evidence.keep(
            item.ref, token=item.token, attempt=item.attempt, step=step, name=name, media=media, body=body, by=by.who
        )

    def stepped(self, item: Item, step: str, phase: Phase | None = None) -> Item:
        """One step further."""
        need_ms = 5000 if phase is Phase.SENDING else 0
        answer = self.onbam.claims.advance([Progress(item.fence, phase, step=step, need_ms=need_ms)])[0]
        assert isinstance(answer, Item), answer
        return answer

    def intended(self, item: Item, by: Agent) -> Intended:
        """Written into the ledger of acts."""
        effect = Effect(item.key, "ecount.purchase", "0" * 64, 10.0, evidence="{}")
        answer = self.onbam.ledger.intend(effect, item, by.who, f"{item.key}-{item.token}", deadline_in_ms=10_000)
        assert isinstance(answer, Intended), answer
        return answer

    def entered(self, by: Agent, order: Order) -> Item:
        """From claim to receipt."""
        item = self.taken(by, order)
        item = self.stepped(item, keep.SLIP)
        one = self.intended(item, by).one
        item = self.stepped(item, keep.INTENT, Phase.SENDING)
        self.clock.advance(self.chance.uniform(0.4, 2.0))
        receipt = f"{self.day:%Y%m%d}-{self.chance.randrange(1, 900)}"
        self.onbam.ledger.tell(one.key, one.number, Outcome.RECEIPT, receipt=receipt)
        self.kept(item, by, keep.RECEIPT, "receipt.json", keep.JSON, f'{{"SlipNos":["{receipt}"]}}'.encode())
        return self.ended(item, State.COMPLETED, receipt=receipt)

    def ended(self, item: Item, state: State, *, receipt: str = "", note: str = "", retry_in_ms: int = 0) -> Item:
        """The attempt ends."""
        answer = self.onbam.claims.finish([Ending(item.fence, state, receipt=receipt, note=note, retry_in_ms=retry_in_ms)])[0]
        assert isinstance(answer, Item), answer
        return answer

    def doubt(self, by: Agent, order: Order) -> Item:
        """Sent, and no answer came."""
        item = self.stepped(self.taken(by, order), keep.SLIP)
        one = self.intended(item, by).one
        item = self.stepped(item, keep.INTENT, Phase.SENDING)
        self.clock.advance(11)
        self.onbam.ledger.tell(one.key, one.number, Outcome.UNKNOWN, detail=kept(NO_ANSWER))
        return self.ended(item, State.UNCERTAIN, note=kept(NO_ANSWER))


def stage(home: Path, now: datetime | None = None) -> Stage:
    """An empty shop in this folder."""
    home.mkdir(parents=True, exist_ok=True)
    clock = StageClock(now or datetime(2026, 1, 12, 9, 0, tzinfo=UTC))
    onbam = Onbam(home, {"ONBAM_LANG": "ko"}, {"web.port": "5999"}, clock=clock, chance=Chance(7))
    return Stage(onbam, clock)


def night(home: Path, *, step: int = 5, doubt: bool = True, parked: bool = True, silence: bool = True) -> Stage:
    """From yesterday 18:00 to 08:30: orders in the evening and the morning, one PC silent for a minute, one order in doubt."""
    told = stage(home)
    a, b, c, c_again = pc("A", 1), pc("B", 1), pc("C", 1), pc("C", 2)
    told.at(17, 40, days=-1)
    told.join(a, b, c, due_s=30 * 3600)
    for minute in range(0, 150, 3 * step):
        told.at(18, 0, days=-1)
        told.clock.advance(minute * 60)
        for agent in (a, b, c)[: 1 + minute % 3]:
            order = told.order()
            told.found(order)
            told.entered(agent, order)
    if silence:
        _silence(told, a, c, c_again)
    for hour in (23, 26, 28):
        told.at(0, 7, days=-1)
        told.clock.advance(hour * 3600)
        order = told.order()
        told.found(order)
        told.entered(b, order)
    third = c_again if silence else c
    _busy(told, range(0, 132, step), a, b, third)
    told.at(8, 12)
    if doubt:
        order = told.order()
        told.found(order)
        told.doubt(a, order)
    if parked:
        order = told.order()
        told.found(order)
        item = told.taken(b, order)
        told.ended(item, State.PARKED, note=kept(NO_CODE(line=f"{order.lines[0].name} {order.lines[0].spec}")))
    order = told.order()
    told.found(order)
    told.ended(told.taken(a, order), State.FAILED, note=kept(AWAY), retry_in_ms=20 * 60_000)
    _busy(told, range(136, 151, step), a, b, third)
    told.at(8, 29, 50)
    told.found(*(told.order() for _ in range(5)))
    for agent in (a, b, third):
        order = told.order()
        told.found(order)
        told.taken(agent, order)
        told.beat(agent, doing=f"주문 {order.number} 해석", due_s=30 * 3600)
    return told


def _busy(told: Stage, minutes: range, *agents: Agent) -> None:
    """Some minutes after 05:58, one PC after the other."""
    for minute in minutes:
        told.at(5, 58)
        told.clock.advance(minute * 60)
        for agent in agents[: 1 + minute // 5 % len(agents)]:
            order = told.order()
            told.found(order)
            told.entered(agent, order)


def _silence(told: Stage, a: Agent, c: Agent, c_again: Agent) -> None:
    """PC-C falls silent over an order; PC-A takes it over, and PC-C comes back by itself."""
    told.at(21, 40, days=-1)
    order = told.order()
    told.found(order)
    told.taken(c, order)
    registry = told.onbam.registry
    assert registry is not None
    told.beat(c, due_s=20)
    told.clock.advance(31)
    dead = registry.bury()
    assert [peer.agent_id for peer in dead] == [c.agent_id]
    # As programs of before signed it: what they wrote is still read.
    told.onbam.claims.declare_dead([c.agent_id], who=f"agent:{a.agent_id}", why="missed its beat")
    told.clock.advance(2)
    told.entered(a, order)
    told.clock.advance(39)
    told.join(c_again, due_s=30 * 3600)


def people(told: Stage) -> None:
    """One of each role."""
    for name, role in (("kim", Role.ADMIN), ("lee", Role.OPERATOR), ("park", Role.VIEWER), ("choi", Role.SELLER)):
        told.onbam.people.add(name, role, who="person:pc", password=PASSWORD)
