"""Looks on: how the orders stand, who works on what, what just happened; and at the end counts what is true.

For: the demo's board and its report.
Promises: reads the store like any desk; slips, duplicates and losses are counted in the ERP's own books, whatever our
side says.
Refuses: to change anything.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from onbam.claims.model import Item, Phase, State
from onbam.claims.ports import PAGE_MAX, Filter
from onbam.cli.demo_chaos import Accident, Chaos
from onbam.cli.demo_death import POINTS
from onbam.cli.demo_shop import Shop
from onbam.journal.model import Entry
from onbam.kernel.errors import Transient
from onbam.orders.model import KIND

OPEN: Final = (State.WAITING, State.PROCESSING, State.FAILED)
PERSON: Final = (State.UNCERTAIN, State.PARKED)
EVENTS_MAX: Final = 200
SHOWN: Final = {
    "item.completed": "entered",
    "item.there": "entered",
    "item.uncertain": "uncertain",
    "item.parked": "parked",
    "item.cancelled": "cancelled",
    "item.cancel": "cancelled",
}


@dataclass(frozen=True, slots=True)
class Happened:
    """One line for people."""

    at_s: float
    pc: str
    what: str
    number: str = ""
    detail: str = ""


@dataclass(slots=True)
class Watch:
    """What is known so far."""

    shop: Shop
    items: Sequence[Item] = ()
    events: deque[Happened] = field(default_factory=lambda: deque(maxlen=EVENTS_MAX))
    taken_over: Counter[str] = field(default_factory=Counter)
    work: Counter[tuple[str, int]] = field(default_factory=Counter)
    """What each PC did in each second: the strip."""
    _position: int = 0
    _holders: dict[str, str] = field(default_factory=dict)
    _accidents: int = 0

    def look(self, chaos: Chaos, second: int) -> None:
        """As it stands now. Out of reach of the store, as it stood."""
        try:
            self.items = self._all()
            self._follow(second)
        except Transient:
            return
        for accident in chaos.happened[self._accidents :]:
            self._accidents += 1
            self.events.append(_of_accident(accident))

    def _all(self) -> list[Item]:
        found: list[Item] = []
        after = ""
        while True:
            page = self.shop.desk.claims.find(Filter(kinds=(KIND,)), limit=PAGE_MAX, after=after)
            found += page.items
            after = page.after
            if not after:
                return found

    def _follow(self, second: int) -> None:
        stretch = self.shop.desk.claims.changes(self._position)
        self._position = stretch.position
        for entry in stretch.entries:
            if entry.line.kind == KIND:
                self._take(entry, second)

    def _take(self, entry: Entry, second: int) -> None:
        line, pc = entry.line, pc_of(entry.line.who)
        if line.what in ("item.claimed", "item.resumed"):
            before = self._holders.get(line.key, "")
            if before and before != pc:
                self.taken_over[pc] += 1
                self.events.append(Happened(self.shop.clock.monotonic(), pc, "taken-over", line.key, before))
            self._holders[line.key] = pc
        elif line.what in ("item.released", "item.not_there"):
            self._holders.pop(line.key, None)
        if line.what in SHOWN:
            shown = pc or self._holders.get(line.key, "")
            detail = str(line.data.get("receipt") or "")
            self.events.append(Happened(self.shop.clock.monotonic(), shown, SHOWN[line.what], line.key, detail))
        if pc:
            self.work[pc, second] += 1

    def entered_by(self, name: str) -> int:
        """How many orders stand there as completed by this PC."""
        return sum(item.state is State.COMPLETED and pc_of(item.holder) == name for item in self.items)

    # -- counting -----------------------------------------------------------------------------------------------------------

    def count(self, *states: State) -> int:
        """How many stand so."""
        return sum(item.state in states for item in self.items)

    @property
    def open(self) -> int:
        """How many are neither done nor a person's, those not yet placed included."""
        return self.shop.orders - len(self.items) + self.count(*OPEN)

    @property
    def open_now(self) -> int:
        """The same of those the supplier has."""
        return self.shop.placed - len(self.items) + self.count(*OPEN)

    @property
    def busy(self) -> set[str]:
        """The PCs with orders in hand."""
        return {pc_of(item.holder) for item in self.items if item.state is State.PROCESSING}

    def hands(self, name: str) -> list[tuple[str, str]]:
        """What a PC has in hand, and how far it is."""
        held = [item for item in self.items if item.state is State.PROCESSING and pc_of(item.holder) == name]
        order = {"sending": 0, "slip": 1}
        found = [(item.key, "sending" if item.phase is Phase.SENDING else _step(item)) for item in held]
        return sorted(found, key=lambda one: (order.get(one[1], 2), one[0]))


def _step(item: Item) -> str:
    """How far a holder is; before its first word of this attempt it fetches."""
    return item.step if "waiting for its turn" in item.note else "document"


def _of_accident(accident: Accident) -> Happened:
    return Happened(accident.at_s, accident.pc, accident.kind, accident.item, accident.detail)


def pc_of(who: str) -> str:
    """`agent:PC-A_192.168.1.100` or `PC-A_192.168.1.100` → `PC-A`; nobody's, when it was a person or the system."""
    role, colon, name = who.rpartition(":")
    return "" if colon and role != "agent" else name.rpartition("_")[0]


def report(shop: Shop, watch: Watch, chaos: Chaos, seconds: float) -> dict[str, Any]:
    """What is true, counted at the ERP."""
    slips = [slip for slip in shop.erp.get("/_sim/slips") if not slip["deleted"]]
    by_key = Counter(slip["key"] for slip in slips)
    numbers = {order["number"] for order in shop.portal.get("/_sim/orders")}
    by_state = {item.key: item.state for item in watch.items}
    settled = {key for key, state in by_state.items() if state in (State.CANCELLED, *PERSON)}
    # Lost: nobody will ever look at it again, and the ERP does not have it.
    lost = {n for n in numbers if by_state.get(n) is State.COMPLETED and not by_key[n]} | {
        n for n in numbers if n not in by_state and watch.open == 0
    }
    completed = watch.count(State.COMPLETED)
    doubtful = [key for key, state in by_state.items() if state is State.UNCERTAIN]
    fallen = Counter(accident.detail for accident in chaos.happened if accident.kind == "kill")
    machines = {
        pc.name: {
            "completed": watch.entered_by(pc.name),
            "taken_over": watch.taken_over[pc.name],
            "kills": pc.kills,
            "hangs": pc.hangs,
            "starts": pc.starts,
        }
        for pc in shop.fleet.pcs
    }
    return {
        "orders": shop.orders,
        "completed": completed,
        "uncertain": watch.count(State.UNCERTAIN),
        "parked": watch.count(State.PARKED),
        "cancelled": watch.count(State.CANCELLED),
        "open": shop.orders - completed - len(settled),
        "open_by_state": {
            **{state.value: watch.count(state) for state in OPEN},
            "unseen": len(numbers - set(by_state)),
            "unplaced": shop.orders - len(numbers),
        },
        "uncertain_in_erp": sum(by_key[key] > 0 for key in doubtful),
        "slips": len(slips),
        "duplicates": sum(count - 1 for count in by_key.values() if count > 1),
        "lost": len(lost),
        "kills": sum(fallen.values()),
        "kill_points": {point: fallen[point] for point in POINTS if fallen[point]},
        "kill_points_missed": [point for point in POINTS if "kill" in chaos.kinds and not fallen[point]],
        "left_out": chaos.left_out,
        "machines": machines,
        "seconds": round(seconds, 1),
        "orders_per_min": round(completed / seconds * 60, 1),
        "store": shop.store,
        "seed": shop.seed,
        "chaos": sorted(chaos.kinds),
        "time_scale": {"erp": shop.scale},
        "dashboard": shop.dashboard.as_data() if shop.dashboard is not None else None,
    }
