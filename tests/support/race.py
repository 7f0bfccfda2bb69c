"""A race: real workers on one store, and a script that kills, stops, doubles and freezes them at drawn moments.

For: `tests/process/test_race.py`, which says what must be true afterwards.
Promises: the moments are drawn from a seed and tied to the progress of the work, so that a fast machine and a slow one are
struck equally often; whoever dies is started again in the same seat; a freeze is longer than a lease; nothing outlives a race.
Refuses: to look into a store while the race runs.
"""

from __future__ import annotations

import dataclasses
import json
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from support.freezing import freeze
from support.nursery import Child, Nursery
from support.racer import KEEPER_AT, Order
from support.slip_office import SlipOffice
from support.waiting import until

RACERS: Final = 3
FROZEN_MAX: Final = 2
"""At least one is always at work: a race of the frozen proves nothing."""
LIMIT_S: Final = 150.0
LIMIT_PER_ORDER_S: Final = 0.8
"""Generous: they are only ever spent by a race that fails."""
JITTER_S: Final = 0.02
"""A moment is drawn by progress, and progress is a slip: this moves it away from the slip."""
EVENTS: Final = (("kill", 4), ("freeze", 5), ("double", 4), ("stop", 2))


class Pc:
    """One seat and whoever sits in it."""

    def __init__(self, number: int) -> None:
        self.machine = f"PC-{number}"
        self.process: Child | None = None
        self.frozen_until: float | None = None
        self.ghosts: list[tuple[float, Child]] = []
        """Frozen predecessors whose seat is taken already, and when they come back."""

    @property
    def done(self) -> bool:
        """Whether everybody who ever sat here has ended."""
        return not self.ghosts and self.process is not None and self.process.poll() is not None


class Race:
    """The script."""

    def __init__(
        self, nursery: Nursery, order: Order, office: SlipOffice, folder: Path, *, events: int, grace_s: float = 0.0
    ) -> None:
        self.order = order
        self.office = office
        self.struck: Counter[str] = Counter()
        self.seconds = 0.0
        self.doubts = 0
        """How many orders were in doubt at the ends of the laps."""
        self._nursery = nursery
        self._grace_s = grace_s
        """How long past its end the store leaves a lease alone."""
        self._folder = folder
        self._chance = random.Random(order.seed)
        self._moments = sorted(self._chance.sample(range(1, int(order.orders * 0.9)), events))
        self._pcs = [Pc(number) for number in range(1, RACERS + 1)]
        self._started = 0

    def lap(self) -> None:
        """Until every worker has found nothing left to do: what is in doubt then is somebody else's to settle."""
        begun = time.monotonic()
        try:
            for pc in self._pcs:
                pc.process = self._start(pc)
            until(self._round, what="the lap is over", deadline_s=self._limit_s)
        finally:
            self._end_all()
        self.seconds += time.monotonic() - begun

    def complaints(self) -> str:
        """Everything the workers had to say: nothing, when all is well."""
        return "".join(path.read_text("utf-8", "replace") for path in sorted(self._folder.glob("racer-*.log")))

    # ---- one look

    def _round(self) -> bool:
        now = time.monotonic()
        for pc in self._pcs:
            self._thaw(pc, now)
        due = bool(self._moments) and len(self.office.slips) >= self._moments[0]
        if due:
            self._moments.pop(0)
            self._strike()
        overs = [self._over(pc) for pc in self._pcs]  # every one of them is looked at
        return not due and all(overs)

    def _thaw(self, pc: Pc, now: float) -> None:
        if pc.frozen_until is not None and now >= pc.frozen_until:
            assert pc.process is not None
            pc.process.send_signal(signal.SIGCONT)
            pc.frozen_until = None
        for back_at, ghost in pc.ghosts:
            if now >= back_at:
                ghost.send_signal(signal.SIGCONT)  # harmless to one that runs

    def _over(self, pc: Pc) -> bool:
        """Whether this seat's work is done. A worker that fails ends the race at once."""
        assert pc.process is not None
        everybody = [pc.process, *(ghost for _, ghost in pc.ghosts)]
        for one in everybody:
            assert one.poll() in (None, 0), f"a racer ended with {one.poll()}: {self.complaints()}"
        pc.ghosts = [(at, ghost) for at, ghost in pc.ghosts if ghost.poll() is None]
        return pc.done

    # ---- what the script does to them

    def _strike(self) -> None:
        with _moment_of_its_own(self._chance):
            awake = [pc for pc in self._pcs if pc.frozen_until is None]
            name = self._chance.choices([n for n, _ in EVENTS], [w for _, w in EVENTS])[0]
            if name == "freeze" and len(self._pcs) - len(awake) >= FROZEN_MAX:
                name = "kill"
            self.struck[name] += 1
            getattr(self, f"_{name}")(self._victim(awake, sending=name == "freeze"))

    def _victim(self, awake: list[Pc], *, sending: bool) -> Pc:
        """Half of the time where it hurts: a freeze whoever sends just now, all else who has only claimed; or anybody."""
        sender = self.office.slips[-1].by
        there = [pc for pc in awake if (pc.machine == sender) is sending]
        return self._chance.choice(there if there and self._chance.random() < 0.5 else awake)

    def _kill(self, pc: Pc) -> None:
        """SIGKILL, and a new process in the same seat."""
        assert pc.process is not None
        pc.process.kill()
        pc.process = self._start(pc)

    def _stop(self, pc: Pc) -> None:
        """A polite stop, and a new process in the same seat while the old one may still be leaving."""
        assert pc.process is not None
        pc.process.send_signal(signal.SIGTERM)
        pc.ghosts.append((0.0, pc.process))
        pc.process = self._start(pc)

    def _freeze(self, pc: Pc) -> None:
        """Stopped for longer than a lease: a laptop that was closed."""
        assert pc.process is not None
        freeze(pc.process, self.order.database)
        pc.frozen_until = time.monotonic() + self._outlasting_s * self._chance.uniform(1.1, 1.6)

    def _double(self, pc: Pc) -> None:
        """Frozen for less than a lease, while a successor takes its seat: back, it believes in leases that are not its own."""
        assert pc.process is not None
        freeze(pc.process, self.order.database)
        pc.ghosts.append((time.monotonic() + self._lease_s * self._chance.uniform(0.1, 0.5), pc.process))
        pc.process = self._start(pc)

    @property
    def _limit_s(self) -> float:
        return LIMIT_S + LIMIT_PER_ORDER_S * self.order.orders

    @property
    def _outlasting_s(self) -> float:
        """So long, and the others have found the lease over: its length, what they wait beyond it, and their keeper's round."""
        return self._lease_s + self._grace_s + self._lease_s * KEEPER_AT

    @property
    def _lease_s(self) -> float:
        return self.order.lease_ms / 1000

    # ---- processes

    def _start(self, pc: Pc) -> Child:
        self._started += 1
        order = dataclasses.replace(self.order, machine=pc.machine, seed=self.order.seed * 1000 + self._started)
        log = self._folder / f"racer-{self._started:03d}.log"
        return self._nursery.child(log, json.dumps(dataclasses.asdict(order)))

    def _end_all(self) -> None:
        for pc in self._pcs:
            for one in [pc.process, *(ghost for _, ghost in pc.ghosts)]:
                if one is not None:
                    one.kill()


@contextmanager
def _moment_of_its_own(chance: random.Random) -> Iterator[None]:
    """Somewhere within the next milliseconds."""
    at = time.monotonic() + chance.uniform(0.0, JITTER_S)
    until(lambda: time.monotonic() >= at, what="the moment has come")
    yield
