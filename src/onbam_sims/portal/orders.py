"""The supplier's order book: what was ordered, when it appears, what happens to it later.

For: the portal's pages, and the tests that compare what an agent entered with what was really ordered.
Promises: the same seed and options give the same orders, numbers, lines and times; a day's numbers are the date and a growing
serial; amounts are quantity times price, exactly.
Refuses: an order whose number is taken; a change to an order nobody knows.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, Literal

from onbam_sims.catalogue import Product, catalogue

KINDS: Final = ("임업", "산업")
SERIAL_MAX: Final = 9999
"""A number is the date and four digits; a day with more orders cannot exist."""
INDUSTRY_SHARE: Final = 0.3
MAX_DRAWN_LINES: Final = 12
SITES: Final = (
    "래미안 원펜타스 104동",
    "힐스테이트 송도 3차",
    "자이 더 빌리지 B블록",
    "해운대 아이파크 2201호",
    "판교 테크원 12층",
    "똠방리 전원주택",
    "성수 쀼띠하우스",
    "광교 푸르지오 시티",
    "행복주택 7공구",
)
"""One of them holds a syllable that CP949 has and plain EUC-KR has not."""
DEALERS: Final = ("온밤도어", "한빛창호", "대성목재")

NEVER: Final = float("inf")
"""When an order arrives that does not."""

PLAIN_LINE: Final = {"color": "화이트", "name": "걸레받이", "spec": "80*2440"}
"""What a line is when whoever adds it does not say."""

State = Literal["출하", "수정", "취소"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order."""

    no: int
    color: str
    name: str
    spec: str
    qty: Decimal
    price: Decimal
    amount: Decimal
    note: str
    code: str = ""
    """The shop's own code for it; never printed on the supplier's pages."""

    def as_json(self) -> dict[str, Any]:
        """For `/_sim/state`; figures as text, so that nobody reads them as floats."""
        return {
            "no": self.no,
            "color": self.color,
            "name": self.name,
            "spec": self.spec,
            "qty": str(self.qty),
            "price": str(self.price),
            "amount": str(self.amount),
            "note": self.note,
            "code": self.code,
        }


@dataclass(frozen=True, slots=True)
class Order:
    """One order as it stands now."""

    number: str
    kind: str
    date: date
    dealer: str
    site: str
    lines: tuple[Line, ...]
    arrives_at: float
    """On the simulator's clock."""
    state: State = "출하"
    revision: int = 0
    changed_at: float | None = None

    @property
    def total(self) -> Decimal:
        """The sum of the amounts."""
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def quantity(self) -> Decimal:
        """The sum of the quantities."""
        return sum((line.qty for line in self.lines), Decimal(0))

    def as_json(self, now: float) -> dict[str, Any]:
        """For `/_sim/state`."""
        return {
            "number": self.number,
            "kind": self.kind,
            "date": self.date.isoformat(),
            "dealer": self.dealer,
            "site": self.site,
            "state": self.state,
            "revision": self.revision,
            "total": str(self.total),
            "arrived": self.arrives_at <= now,
            "arrived_at": None if self.arrives_at == NEVER else self.arrives_at,
            "changed_at": self.changed_at,
            "lines": [line.as_json() for line in self.lines],
        }


@dataclass(frozen=True, slots=True)
class Change:
    """Something that will happen to an order."""

    at: float
    number: str
    what: Literal["edit", "cancel"]


@dataclass(frozen=True, slots=True)
class Plan:
    """How many orders there are, and how they come."""

    orders: int = 20
    at_start: int | None = None
    """How many are there already; none = all of them."""
    per_second: float = 0.0
    """How fast the others arrive on the simulator's clock; 0 = they never do."""
    days: int = 1
    """Over how many days up to today the orders at the start are spread."""
    edits: int = 0
    """How many orders are changed after they appeared."""
    cancels: int = 0
    """How many are cancelled after they appeared."""
    change_after_s: float = 60.0
    """How long after an order appeared its change comes, at the latest."""
    max_lines: int = MAX_DRAWN_LINES


@dataclass(slots=True)
class OrderBook:
    """All orders, also those that have not appeared yet."""

    plan: Plan
    seed: int
    today: date
    started: float
    products: tuple[Product, ...] = ()
    _orders: dict[str, Order] = field(default_factory=dict)
    _changes: list[Change] = field(default_factory=list)
    _last_serial: dict[date, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        chance = random.Random(f"orders:{self.seed}")
        self.products = self.products or catalogue(self.seed)
        at_start = self.plan.orders if self.plan.at_start is None else min(self.plan.at_start, self.plan.orders)
        days = sorted(self.today - timedelta(days=chance.randrange(max(1, self.plan.days))) for _ in range(at_start))
        roomy = self.plan.orders <= SERIAL_MAX // 8
        for i in range(self.plan.orders):
            arrives = self.started if i < at_start else self._arrival(i - at_start, chance)
            self._draw(chance, days[i] if i < at_start else self.today, arrives, gap=chance.randint(1, 7) if roomy else 1)
        self._plan_changes(chance)

    # -- reading --------------------------------------------------------------------------------------------------------

    def at(self, now: float) -> list[Order]:
        """Every order in the order it appears, with all changes up to now made."""
        self._settle(now)
        return list(self._orders.values())

    def visible(self, now: float, kind: str | None = None) -> list[Order]:
        """The orders that have appeared, newest first as the ledger shows them."""
        here = [o for o in self.at(now) if o.arrives_at <= now and kind in (None, o.kind)]
        return sorted(here, key=lambda o: o.number, reverse=True)

    def find(self, number: str, now: float) -> Order | None:
        """One order that has appeared."""
        self._settle(now)
        order = self._orders.get(number)
        return order if order is not None and order.arrives_at <= now else None

    # -- changing -------------------------------------------------------------------------------------------------------

    def add(self, now: float, *, number: str = "", kind: str = KINDS[0], lines: Sequence[Mapping[str, Any]] = ()) -> Order:
        """A new order; drawn by chance where nothing is said."""
        if number and number in self._orders:
            raise ValueError(f"there is an order {number} already")
        if kind not in KINDS:
            raise ValueError(f"a kind is one of {KINDS}")
        wanted = _lines_from(lines)
        order = self._draw(random.Random(f"added:{self.seed}:{len(self._orders)}"), self.today, now, number=number, kind=kind)
        if wanted:
            order = replace(order, lines=wanted)
            self._orders[order.number] = order
        return order

    def edit(self, number: str, now: float, lines: Sequence[Mapping[str, Any]] = ()) -> Order:
        """Other lines; without any, the first line's quantity grows by one."""
        order = self._known(number)
        if lines:
            new = _lines_from(lines)
        else:
            first = order.lines[0]
            more = replace(first, qty=first.qty + 1, amount=_whole(first.price * (first.qty + 1)))
            new = (more, *order.lines[1:])
        return self._change(order, now, lines=new, state="수정" if order.state == "출하" else order.state)

    def cancel(self, number: str, now: float) -> Order:
        """Marked as cancelled; it stays in the ledger."""
        return self._change(self._known(number), now, state="취소")

    def restore(self, number: str, now: float) -> Order:
        """A cancellation taken back."""
        return self._change(self._known(number), now, state="수정")

    # -- inside ---------------------------------------------------------------------------------------------------------

    def _known(self, number: str) -> Order:
        if number not in self._orders:
            raise ValueError(f"there is no order {number}")
        return self._orders[number]

    def _change(self, order: Order, now: float, **what: Any) -> Order:
        changed = replace(order, revision=order.revision + 1, changed_at=now, **what)
        self._orders[order.number] = changed
        return changed

    def _settle(self, now: float) -> None:
        """Make the planned changes whose time has come."""
        while self._changes and self._changes[0].at <= now:
            change = self._changes.pop(0)
            (self.edit if change.what == "edit" else self.cancel)(change.number, change.at)

    def _arrival(self, i: int, chance: random.Random) -> float:
        """When the i-th late order appears: evenly, with a little unrest."""
        if self.plan.per_second <= 0:
            return NEVER
        return self.started + (i + chance.uniform(0.5, 1.0)) / self.plan.per_second

    def _plan_changes(self, chance: random.Random) -> None:
        """Choose which orders change, and when."""
        candidates = [o for o in self._orders.values() if o.arrives_at != NEVER]
        chance.shuffle(candidates)
        changing = candidates[: self.plan.edits + self.plan.cancels]
        for i, order in enumerate(changing):
            what: Literal["edit", "cancel"] = "edit" if i < self.plan.edits else "cancel"
            self._changes.append(Change(order.arrives_at + chance.uniform(0, self.plan.change_after_s), order.number, what))
        self._changes.sort(key=lambda change: change.at)

    def _draw(
        self, chance: random.Random, day: date, arrives: float, *, gap: int = 1, number: str = "", kind: str = ""
    ) -> Order:
        """One order by chance."""
        kind = kind or (KINDS[1] if chance.random() < INDUSTRY_SHARE else KINDS[0])
        order = Order(
            number or self._next_number(day, gap),
            kind,
            day,
            chance.choice(DEALERS),
            chance.choice(SITES),
            draw_lines(chance, [p for p in self.products if p.kind == kind], self.plan.max_lines),
            arrives,
        )
        self._orders[order.number] = order
        return order

    def _next_number(self, day: date, gap: int) -> str:
        """The date and the day's next free serial."""
        serial = self._last_serial.get(day, 100 if self.plan.orders < SERIAL_MAX // 16 else 0)
        while True:
            serial += gap
            if serial > SERIAL_MAX:
                raise ValueError(f"a day has at most {SERIAL_MAX} orders; spread them over more days")
            number = f"{day:%y%m%d}{serial:04d}"
            if number not in self._orders:
                self._last_serial[day] = serial
                return number


def _whole(amount: Decimal) -> Decimal:
    """Whole won written without a point."""
    return amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount


def draw_lines(chance: random.Random, products: Sequence[Product], at_most: int) -> tuple[Line, ...]:
    """A few different products, most orders short."""
    count = min(len(products), 1 + int(chance.random() ** 2 * at_most))
    out = []
    for no, product in enumerate(chance.sample(list(products), count), start=1):
        qty = Decimal(chance.choice((1, 1, 2, 2, 3, 4, 6, 10)))
        if product.halves and chance.random() < 0.3:
            qty += Decimal("0.5")
        amount = _whole(qty * product.price)
        note = product.note
        out.append(Line(no, product.color, product.name, product.spec, qty, product.price, amount, note, product.code))
    return tuple(out)


def _lines_from(given: Sequence[Mapping[str, Any]]) -> tuple[Line, ...]:
    """Lines a test asked for: whatever is not said is plain."""
    out = []
    for no, line in enumerate(given, start=1):
        qty, price = Decimal(str(line.get("qty", 1))), Decimal(str(line.get("price", 1000)))
        amount = Decimal(str(line["amount"])) if "amount" in line else _whole(qty * price)
        texts = [str(line.get(name, default)) for name, default in PLAIN_LINE.items()]
        note, code = str(line.get("note", "")), str(line.get("code", ""))
        out.append(Line(int(line.get("no", no)), texts[0], texts[1], texts[2], qty, price, amount, note, code))
    return tuple(out)
