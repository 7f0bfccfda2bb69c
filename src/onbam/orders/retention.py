"""Old evidence makes room: of orders that are finished, after so many days or when all of it together is too much.

For: the agent, once a day on one of the PCs.
Promises: only orders that are completed, cancelled or long forgotten lose their evidence, the oldest first; what is open,
uncertain or in front of a person keeps everything, however old and however large, and so does what was kept within a day; a
look that is interrupted goes on next time.
Refuses: to be in a hurry: a portion at a time, so that nobody waits for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Final

from onbam.claims.model import Item, Ref, State
from onbam.claims.ports import ClaimStore
from onbam.logs.voice import get_logger
from onbam.orders import flow_words as say
from onbam.orders.evidence import Evidence
from onbam.orders.marks import PRUNED, Marks

DAY_MS: Final = 24 * 3_600_000
MIB: Final = 1024 * 1024
LOOK_S: Final = 3600.0
"""How often it is asked whether a day has gone by."""
START_S: Final = 60.0
PORTION: Final = 200
FINISHED: Final = frozenset((State.COMPLETED, State.CANCELLED))
log: Final = get_logger("orders")


class Retention:
    """A service of the agent."""

    name = "retention"

    def __init__(self, evidence: Evidence, store: ClaimStore, marks: Marks, *, days: float, most_mb: int) -> None:
        """0 days, or 0 megabytes: that limit is off."""
        self._evidence = evidence
        self._store = store
        self._marks = marks
        self._days = days
        self._most = most_mb * MIB
        self._settled = False

    def start(self) -> None:
        """Nothing to get ready."""

    def step(self, now: datetime) -> float:  # noqa: ARG002 -- ages are the store's business
        """Once a day, whichever PC comes first; not in an agent's first moments."""
        if not self._settled:
            self._settled = True
            return START_S
        done = self._marks.get(PRUNED)
        if done is None or done.age_ms >= DAY_MS:
            orders, size = self.prune()
            self._marks.put(PRUNED)
            if orders:
                log.info(say.LOG_PRUNED(orders=orders, size=round(size / MIB, 1)))
        return LOOK_S

    def stop(self) -> None:
        """Nothing is held."""

    def prune(self) -> tuple[int, int]:
        """Both limits, one after the other; how many orders lost their evidence, and how many bytes that made free."""
        orders = freed = 0
        if self._days:
            before_ms = self._evidence.now_ms() - int(self._days * DAY_MS)
            for portion in self._finished(before_ms):
                orders, freed = orders + len(portion), freed + self._evidence.forget(portion)
        if self._most and (over := self._evidence.size() - self._most) > 0:
            for ref in chain.from_iterable(self._finished(self._evidence.now_ms() - DAY_MS)):
                made = self._evidence.forget([ref])
                orders, freed, over = orders + 1, freed + made, over - made
                if over <= 0:
                    break
        return orders, freed

    def _finished(self, before_ms: int) -> Iterator[Sequence[Ref]]:
        """Orders whose last evidence is older than that and which may lose it, the oldest first."""
        after = ""
        while True:
            old, after = self._evidence.old(before_ms, limit=PORTION, after=after)
            items = self._store.get(old) if old else ()
            portion = [ref for ref, item in zip(old, items, strict=True) if _may_go(item)]
            if portion:
                yield portion
            if not after:
                return


def _may_go(item: Item | None) -> bool:
    """Also what no store knows: a page of the ledger that nobody understood."""
    return item is None or item.state in FINISHED
