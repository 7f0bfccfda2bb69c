"""Which orders: a person's question about many, answered a page at a time.

For: the desk. `Rows` is what it needs; `PortRows` answers through the claim store's own port and so over any store.
Promises: the newest change first; each call looks at a bounded number of orders and says where it stopped, so that a search for
something rare is slow only for as long as somebody goes on with it.
Refuses: to hold everything in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from onbam.claims.model import Item, State
from onbam.claims.ports import PAGE_MAX, ClaimStore, Filter
from onbam.kernel.errors import Refused
from onbam.orders import desk_words as say
from onbam.orders.card import card_of
from onbam.orders.model import KIND

LOOK_MAX: Final = 1_000
"""How many orders of each state one call looks through for words that no index finds."""
LIMIT_MAX: Final = 1000
"""The longest page."""
COUNTED: Final = (State.WAITING, State.PROCESSING, State.FAILED, State.UNCERTAIN, State.PARKED, State.CANCELLED)
"""Counted as they are; of the completed ones those of today."""
NEEDING: Final = (State.UNCERTAIN, State.PARKED)
"""A person's turn."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked; what is empty does not narrow."""

    text: str = ""
    """A number, its beginning, or words in number, slip, PC, note and what the ledger shows of it: business, site, customer."""
    states: tuple[State, ...] = ()
    machine: str = ""
    """A PC by its name or its machine id."""
    since_ms: int | None = None
    """Changed at or after this moment."""
    until_ms: int | None = None
    """Changed before this moment."""

    @property
    def plain(self) -> bool:
        """Whether indexes alone answer it."""
        return not self.text and not self.machine

    def fits(self, item: Item) -> bool:
        """Whether an order is one of these, states and all."""
        return (
            (not self.states or item.state in self.states)
            and (self.since_ms is None or item.changed_at_ms >= self.since_ms)
            and (self.until_ms is None or item.changed_at_ms < self.until_ms)
            and self._of_machine(item)
            and self._says(item)
        )

    def _of_machine(self, item: Item) -> bool:
        return not self.machine or item.machine_id == self.machine or item.holder.startswith(f"{self.machine}_")

    def _says(self, item: Item) -> bool:
        wanted = self.text.lower()
        if not wanted or any(wanted in text.lower() for text in (item.key, item.receipt, item.holder, item.note)):
            return True
        card = card_of(item)
        return any(wanted in text.lower() for text in (card.entry.kind, card.goods, *card.entry.cells.values()))


@dataclass(frozen=True, slots=True)
class Found:
    """A page."""

    items: Sequence[Item]
    after: str = ""
    """Give this to go on; empty: that was all."""
    looked_to_ms: int | None = None
    """Given when the page ended because enough was looked through: orders changed before this were not looked at yet."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many orders stand where."""

    states: Mapping[State, int] = field(default_factory=dict)
    """By state; of the completed ones those of today."""

    def __getitem__(self, state: State) -> int:
        return self.states.get(state, 0)

    @property
    def needing(self) -> int:
        """How many wait for a person."""
        return sum(self[state] for state in NEEDING)


class Rows(Protocol):
    """The orders that have a row."""

    def page(self, query: Query, limit: int, after: str = "") -> Found:
        """Some of those asked for, the newest change first."""
        ...

    def oldest(self, state: State, limit: int) -> Sequence[Item]:
        """Of a state, those that changed longest ago."""
        ...

    def counts(self, today_ms: int) -> Counts:
        """How many; `today_ms` is when today began."""
        ...

    def needing(self) -> int:
        """How many of these wait for a person."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: what comes after it changed earlier, or at the same moment and stands behind it in the list."""

    at_ms: int
    key: str

    def __str__(self) -> str:
        return f"{self.at_ms}:{self.key}"

    @classmethod
    def read(cls, text: str) -> Place:
        """From what the last page said."""
        at, colon, key = text.partition(":")
        if not colon or not at.isdecimal():
            raise Refused(say.BAD_PLACE(after=text[:40]), say.BAD_PLACE_HINT)
        return cls(int(at), key)


class PortRows:
    """Through the claim store's port: for stores that keep everything at hand anyway."""

    def __init__(self, store: ClaimStore, look_max: int = LOOK_MAX) -> None:
        self._store = store
        self._look_max = look_max

    def page(self, query: Query, limit: int, after: str = "") -> Found:
        """Look at one after the other, until enough fit or enough were looked at."""
        begin = Place.read(after) if after else None
        fitting: list[Item] = []
        last = begin
        for looked, item in enumerate(self._from(query, begin)):
            if query.since_ms is not None and item.changed_at_ms < query.since_ms:
                break
            if looked == self._look_max and last is not None:
                return Found(fitting, str(last), last.at_ms)
            if query.fits(item):
                if len(fitting) == limit:
                    return Found(fitting, str(last))
                fitting.append(item)
            last = Place(item.changed_at_ms, item.key)
        return Found(fitting)

    def _from(self, query: Query, begin: Place | None) -> Iterator[Item]:
        """The orders of these states after a place."""
        before_ms = min((ms for ms in (query.until_ms, begin.at_ms + 1 if begin else None) if ms is not None), default=None)
        which = Filter(kinds=(KIND,), states=query.states, changed_before_ms=before_ms)
        after = ""
        while True:
            page = self._store.find(which, limit=PAGE_MAX, after=after)
            for item in page.items:
                if begin is None or item.changed_at_ms < begin.at_ms or item.key > begin.key:
                    yield item
            after = page.after
            if not after:
                return

    def oldest(self, state: State, limit: int) -> Sequence[Item]:
        """All of that state, the last ones of it."""
        items: list[Item] = []
        after = ""
        while True:
            page = self._store.find(Filter(kinds=(KIND,), states=(state,)), limit=PAGE_MAX, after=after)
            items += page.items
            after = page.after
            if not after:
                return items[: -limit - 1 : -1]
            items = items[-limit:]

    def counts(self, today_ms: int) -> Counts:
        """The store's own counts; the completed ones of today one by one."""
        stands = self._store.counts()
        states = {state: stands.get((KIND, state), 0) for state in COUNTED}
        done, after = 0, ""
        while True:
            page = self._store.find(Filter(kinds=(KIND,), states=(State.COMPLETED,)), limit=PAGE_MAX, after=after)
            fresh = sum(item.changed_at_ms >= today_ms for item in page.items)
            done, after = done + fresh, page.after
            if not after or fresh < len(page.items):
                return Counts({**states, State.COMPLETED: done})

    def needing(self) -> int:
        """By the store's own counts."""
        stands = self._store.counts()
        return sum(stands.get((KIND, state), 0) for state in NEEDING)
