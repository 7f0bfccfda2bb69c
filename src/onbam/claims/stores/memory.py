"""The claim store in memory: the reference the others are held against.

For: tests, simulations, trying things out.
Promises: one turn at a time; no lock is held while anything outside is called, so that a scheduler may switch between calls.
Refuses: to remember over a restart; agents on other machines.
"""

# ruff: noqa: D102 -- `Turn` next door says what each method of the turn is for
from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from onbam.claims.model import Item, Ref, State, Terms
from onbam.claims.ports import Capabilities, Filter, Memory, Page
from onbam.claims.stores.deciding import DecidingStore
from onbam.claims.stores.turn import Rewrite
from onbam.journal.memory import MemoryJournal
from onbam.journal.model import Line, Stretch
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Damaged

CAPABILITIES: Final = Capabilities(
    clock="machine", many_machines=False, durable=False, push=False, best_batch=1000, round_trip_ms=0
)


class MemoryStore(DecidingStore):
    """Items in a dictionary."""

    capabilities: Final = CAPABILITIES

    def __init__(self, clock: Clock, terms: Terms | None = None, journal: MemoryJournal | None = None) -> None:
        super().__init__(terms or Terms())
        self._clock = clock
        self.journal = journal or MemoryJournal(clock)
        self.items: dict[Ref, Item] = {}
        self.memory: dict[Ref, Memory] = {}
        self._lock = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[MemoryTurn]:
        """One atomic step."""
        now_ms = int(self._clock.now().timestamp() * 1000)
        with self._lock:
            turn = MemoryTurn(self.items, self.memory, now_ms)
            yield turn
            self.items.update(turn.rows)
            for ref in turn.removed:
                del self.items[ref]
            self.memory.update(turn.memorised)
            if turn.lines:
                self.journal.append(turn.lines)

    look = turn

    def find(self, which: Filter, *, limit: int = 100, after: str = "") -> Page:
        """A page of rows, the last changed first."""
        with self._lock:
            return page_of(self.items.values(), which, limit, after)

    def counts(self) -> Mapping[tuple[str, State], int]:
        """How many rows of each kind are in each state."""
        with self._lock:
            return Counter((item.kind, item.state) for item in self.items.values())

    def changes(self, since: int, *, limit: int = 500) -> Stretch:
        """The journal's lines about items after a position."""
        stretch = self.journal.read(since, limit)
        return Stretch([e for e in stretch.entries if e.line.what.startswith("item.")], stretch.position)


class MemoryTurn:
    """One step over the dictionaries; what it writes is applied by the store when the step ends well."""

    def __init__(self, items: Mapping[Ref, Item], memory: Mapping[Ref, Memory], now_ms: int) -> None:
        self.now_ms = now_ms
        self._items = items
        self._memory = memory
        self.rows: dict[Ref, Item] = {}
        self.removed: set[Ref] = set()
        self.memorised: dict[Ref, Memory] = {}
        self.lines: list[Line] = []

    def _now(self) -> Iterator[Item]:
        yield from (self.rows.get(ref, item) for ref, item in self._items.items())
        yield from (item for ref, item in self.rows.items() if ref not in self._items)

    def _row(self, ref: Ref) -> Item | None:
        return self.rows.get(ref) or self._items.get(ref)

    def load(self, refs: Collection[Ref]) -> Mapping[Ref, Item]:
        return {ref: row for ref in refs if (row := self._row(ref)) is not None}

    peek = load

    def recall(self, refs: Collection[Ref]) -> Mapping[Ref, Memory]:
        return {ref: self._memory[ref] for ref in refs if ref in self._memory}

    def due(self, kinds: Sequence[str], limit: int) -> Sequence[Item]:
        due = [i for i in self._now() if i.kind in kinds and i.due_at_ms is not None and i.due_at_ms <= self.now_ms]
        return sorted(due, key=lambda i: (i.due_at_ms or 0, i.added_at_ms, i.key))[:limit]

    def lapsed(self, kinds: Sequence[str], before_ms: int, limit: int) -> Sequence[Item]:
        over = [
            i
            for i in self._now()
            if i.expires_at_ms is not None and i.expires_at_ms <= before_ms and (not kinds or i.kind in kinds)
        ]
        return sorted(over, key=lambda i: (i.expires_at_ms or 0, i.key))[:limit]

    def outlasting(self) -> Sequence[Item]:
        return [i for i in self._now() if i.expires_at_ms is not None and i.expires_at_ms > self.now_ms + i.lease_ms]

    def held(self, *, machine_id: str = "", agent_ids: Collection[str] = ()) -> Sequence[Item]:
        return [
            i
            for i in self._now()
            if i.state is State.PROCESSING
            and (not machine_id or i.machine_id == machine_id)
            and (not agent_ids or i.agent_id in agent_ids)
        ]

    def worn(self, states: Collection[State], before_ms: int, limit: int) -> Sequence[Item]:
        return [i for i in self._now() if i.state in states and i.changed_at_ms <= before_ms][:limit]

    def insert(self, items: Sequence[Item]) -> Collection[Ref]:
        new = [item for item in items if self._row(item.ref) is None]
        self.rows.update((item.ref, item) for item in new)
        return [item.ref for item in new]

    def write(self, rewrites: Sequence[Rewrite]) -> None:
        for before, after in rewrites:
            row = self._row(before.ref)
            if row is None or (row.token, row.state, row.version) != (before.token, before.state, before.version):
                raise Damaged("An item changed inside its own turn.", item=str(before.ref))
            self.rows[after.ref] = after

    def extend(self, items: Sequence[Item]) -> None:
        for item in items:
            row = self._row(item.ref)
            assert row is not None, "a lease is extended where it was loaded"
            self.rows[item.ref] = row._replace(expires_at_ms=item.expires_at_ms, limit_at_ms=item.limit_at_ms)

    def memorise(self, memories: Sequence[Memory]) -> int:
        new = sum(memory.ref not in self._memory for memory in memories)
        self.memorised.update((memory.ref, memory) for memory in memories)
        return new

    def remove(self, items: Sequence[Item]) -> None:
        self.removed.update(item.ref for item in items)

    def tell(self, lines: Sequence[Line]) -> None:
        self.lines.extend(lines)


def page_of(items: Iterable[Item], which: Filter, limit: int, after: str) -> Page:
    """A page of items that are all at hand, the last changed first."""
    rows = sorted((item for item in items if _fits(item, which)), key=_newest_first)
    start = int(after) if after else 0
    return Page(rows[start : start + limit], str(start + limit) if start + limit < len(rows) else "")


def _newest_first(item: Item) -> tuple[int, str, str]:
    return (-item.changed_at_ms, item.kind, item.key)


def _fits(item: Item, which: Filter) -> bool:
    return (
        (not which.kinds or item.kind in which.kinds)
        and (not which.states or item.state in which.states)
        and (not which.machine_id or item.machine_id == which.machine_id)
        and which.text in item.key
        and (which.changed_before_ms is None or item.changed_at_ms < which.changed_before_ms)
    )
