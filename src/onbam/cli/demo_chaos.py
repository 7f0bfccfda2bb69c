"""The accidents of the demo: drawn from a seed, each one written down.

For: `onbam demo`.
Promises: with `kill`, a PC dies at every place there is in an order's life, at least once each, and is started again; with the
others, each strikes a few times while there is work; the supplier's orders come in such a way that there is work for them.
Refuses: to touch anything but the demo's own processes and simulators.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from onbam.cli.demo_death import POINTS
from onbam.cli.demo_fleet import RESTART_S, Pc
from onbam.cli.demo_shop import LEASE_S, Shop
from onbam.kernel.chance import Chance

KINDS: Final = ("kill", "hang", "lost-reply", "slow", "skew", "offline")
FEED_LEAST: Final = 3
"""For each PC so many orders are kept open while there are accidents to come."""
HANGS: Final = 2
HANG_S: Final = LEASE_S * 1.5
CUTS: Final = 2
CUT_S: Final = 4.0
EVERY_S: Final = 3.0
LATE: Final = 2
"""The how-many-eth time a place is reached, at most, when a PC dies there."""
PLENTY: Final = 3
"""With so many orders for each place there is enough work for everybody; with fewer it is handed out one by one."""
RESERVE: Final = 4
"""The last orders come one by one while there is a place where nobody has died."""
GIVE_UP_S: Final = 5.0
"""With nothing left to do for so long, what has not happened yet cannot happen any more: it is left out and said to be."""
BUSINESSES: Final = ("임업", "산업")


@dataclass(frozen=True, slots=True)
class Accident:
    """One that happened."""

    at_s: float
    kind: str
    pc: str
    detail: str
    item: str = ""


@dataclass
class Chaos:
    """The script."""

    shop: Shop
    kinds: frozenset[str]
    chance: Chance
    happened: list[Accident] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    """How many hangs and pulled cables found nobody at work any more."""
    _pending: list[str] = field(default_factory=list)
    _read: int = 0
    _hangs: int = 0
    _cuts: int = 0
    _next_at: float = 0.0
    _quiet_since: float | None = None

    def begin(self) -> None:
        """Everybody starts, some of them with an end."""
        if "kill" in self.kinds:
            self._pending = list(POINTS)
            self.chance.shuffle(self._pending)
        self._hangs = HANGS if "hang" in self.kinds else 0
        self._cuts = CUTS if "offline" in self.kinds else 0
        many = max(2, self.shop.orders // 20)
        if "lost-reply" in self.kinds:
            self.shop.erp.post("/_sim/faults", {"lost_reply": {"rate": 0.08, "count": many}})
        if "slow" in self.kinds:
            self.shop.erp.post("/_sim/faults", {"slow_reply": {"rate": 0.1, "count": many, "seconds": 0.6}})
            slow = {"rate": 0.1, "count": many * 2, "seconds": 1.0}
            self.shop.portal.post("/_sim/faults", {"slow": slow, "error_500": {"rate": 0.03, "count": many}})
        for pc in self.shop.fleet.pcs:
            self.shop.fleet.start(pc, self._fate())
        self._next_at = self._now + 2 * EVERY_S

    def step(self, open_orders: int, busy: Collection[str]) -> None:
        """One look: who died, who is to be started, what is to happen next.

        `open_orders` are neither done nor a person's; `busy` are the PCs with orders in hand.
        """
        self._bury()
        self._restart()
        self._feed(open_orders)
        self._strike(busy)
        self._mend()
        self._give_up(open_orders)

    @property
    def over(self) -> bool:
        """Whether every accident has happened and everybody is well again."""
        pcs = self.shop.fleet.pcs
        well = all(pc.pid is not None and pc.frozen_until is None and pc.offline_until is None for pc in pcs)
        return not self._open_points and not self._hangs and not self._cuts and well

    # -- deaths -------------------------------------------------------------------------------------------------------------

    @property
    def _now(self) -> float:
        return self.shop.clock.monotonic()

    @property
    def _open_points(self) -> set[str]:
        """Places where nobody has died yet."""
        return {*self._pending, *(fate.partition("=")[0] for pc in self.shop.fleet.pcs for fate in pc.fate)}

    def _fate(self) -> list[str]:
        """Where the next process is to end: at one place, or, with few orders, at the first it comes to of its share."""
        late, many = (LATE, 1) if self._plenty else (1, -(-len(POINTS) // len(self.shop.fleet.pcs)))
        taken, self._pending = self._pending[:many], self._pending[many:]
        return [f"{point}={1 + self.chance.below(late)}" for point in taken]

    @property
    def _plenty(self) -> bool:
        return self.shop.orders >= PLENTY * len(POINTS)

    def _bury(self) -> None:
        told = self._deaths()
        for pc, code in self.shop.fleet.bury():
            fate, pc.fate = pc.fate, ()
            death = told.get(pc.process.pid) if pc.process is not None else None
            if death is None:  # it ended by itself: the place is somebody else's now
                self._pending += [one.partition("=")[0] for one in fate]
                self._note("ended", pc, str(code))
                continue
            pc.kills += 1
            self._pending += [point for one in fate if (point := one.partition("=")[0]) != death["point"]]
            self._note("kill", pc, death["point"], death["item"])

    def _deaths(self) -> dict[int, dict[str, str]]:
        """What the dead have written, by their number."""
        file = self.shop.fleet.deaths
        if not file.exists():
            return {}
        lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        return {line["pid"]: line for line in lines}

    def _restart(self) -> None:
        for pc in self.shop.fleet.pcs:
            if pc.died_at is not None and self._now - pc.died_at >= RESTART_S:
                self.shop.fleet.start(pc, self._fate())

    def _give_up(self, open_orders: int) -> None:
        """Nothing left to do and accidents to come: there is nobody at work whom they could strike."""
        to_come = self._open_points or self._hangs or self._cuts
        if open_orders or self.shop.placed < self.shop.orders or not to_come:
            self._quiet_since = None
            return
        self._quiet_since = self._quiet_since or self._now
        if self._now - self._quiet_since > GIVE_UP_S:
            self._pending.clear()
            self.left_out = {kind: count for kind, count in (("hang", self._hangs), ("offline", self._cuts)) if count}
            self._hangs = self._cuts = 0
            for pc in self.shop.fleet.pcs:
                pc.fate = ()

    # -- the others ---------------------------------------------------------------------------------------------------------

    def _feed(self, open_orders: int) -> None:
        """New orders: slowly while there are accidents to come, then all that are left."""
        left = self.shop.orders - self.shop.placed
        if not left:
            return
        each = FEED_LEAST if self._plenty else 1
        wanted = left if not self._open_points else each * len(self.shop.fleet.pcs) - open_orders
        if self._open_points and left <= RESERVE:
            wanted = 0 if open_orders else 1
        for _ in range(min(left, max(0, wanted))):
            self.shop.place(BUSINESSES[self.chance.below(len(BUSINESSES))])

    def _strike(self, busy: Collection[str]) -> None:
        """A hang or a pulled cable, now and then, where there is work, never two PCs at once."""
        if self._now < self._next_at:
            return
        pcs = [pc for pc in self.shop.fleet.pcs if pc.pid is not None and pc.name in busy]
        if not pcs or any(pc.frozen_until or pc.offline_until for pc in self.shop.fleet.pcs):
            return
        self._next_at = self._now + self.chance.jitter(EVERY_S, 0.4)
        pc = self.chance.pick(pcs)
        if self._hangs and self.shop.fleet.freeze(pc, HANG_S):
            self._hangs -= 1
            self._note("hang", pc, f"{HANG_S:g}")
        elif self._cuts:
            self._cuts -= 1
            pc.offline_until = self._now + CUT_S
            self.shop.cut(pc, off=True)
            self._note("offline", pc, f"{CUT_S:g}")

    def _mend(self) -> None:
        self.shop.fleet.thaw()
        for pc in self.shop.fleet.pcs:
            if pc.offline_until is not None and self._now >= pc.offline_until:
                pc.offline_until = None
                self.shop.cut(pc, off=False)

    def _note(self, kind: str, pc: Pc, detail: str, item: str = "") -> None:
        self.happened.append(Accident(self._now, kind, pc.name, detail, item))
