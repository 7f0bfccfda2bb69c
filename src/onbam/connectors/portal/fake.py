"""The portal inside the process: the same answers without a wire.

For: tests and simulations of the rooms above.
Promises: keeps the same contract as the client and passes the same tests; trouble is put in with `fail`, in our own errors.
Refuses: to invent orders: what it lists was put in.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from datetime import date

from onbam.connectors.portal import words as say
from onbam.connectors.portal.contract import Document, Entry, Ledger, Page
from onbam.connectors.portal.reading import read
from onbam.kernel.clock import Clock
from onbam.kernel.errors import OnbamError, Refused, Transient


class FakePortal:
    """A ledger in memory."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: dict[str, Entry] = {}
        self._papers: dict[str, bytes] = {}
        self._troubles: deque[OnbamError] = deque()
        self.documents_fetched: list[str] = []

    # -- for tests ------------------------------------------------------------------------------------------------------

    def put(self, entry: Entry, paper: bytes) -> None:
        """An order appears, or changes."""
        self._entries[entry.number] = entry
        self._papers[entry.number] = paper

    def cancel(self, number: str) -> None:
        """The ledger marks an order as cancelled."""
        self._entries[number] = replace(self._entries[number], cancelled=True)

    def fail(self, *troubles: OnbamError) -> None:
        """The next calls fail like this, one after the other."""
        self._troubles.extend(troubles)

    # -- the contract ---------------------------------------------------------------------------------------------------

    def ledger(self, kind: str, since: date, until: date) -> Ledger:
        """Every order of these days."""
        self._meet_trouble()
        of_kind = [e for e in self._entries.values() if e.kind == kind]
        found = [e for e in of_kind if e.day is None or since <= e.day <= until]
        newest_first = sorted(found, key=lambda e: e.number, reverse=True)
        return Ledger(kind, since, until, tuple(newest_first))

    def document(self, entry: Entry) -> Document:
        """An order's paper."""
        self._meet_trouble()
        paper = self._papers.get(entry.number)
        if paper is None or self._entries[entry.number].kind != entry.kind:
            raise Refused(say.NO_DOCUMENT(number=entry.number), say.NO_DOCUMENT_HINT)
        reading = read(paper)
        if not reading.whole:
            raise Transient(say.CUT_SHORT, say.TOO_SLOW_HINT)
        self.documents_fetched.append(entry.number)
        page = Page(paper, reading.text, reading.encoding, f"/fake/{entry.number}", self._clock.now())
        return Document(entry.number, entry.kind, page)

    def check(self) -> None:
        """Nothing to log in to."""
        self._meet_trouble()

    def close(self) -> None:
        """Nothing to close."""

    def _meet_trouble(self) -> None:
        if self._troubles:
            raise self._troubles.popleft()
