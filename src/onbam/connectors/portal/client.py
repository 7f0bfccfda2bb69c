"""The supplier's portal over its real wire.

For: `Portal` of the contract, on the real site and on the simulator.
Promises: one request at a time, on average never faster than the pace, after a rest a few in a row; a session that ended is
renewed once and the page asked for again; a rejected password is not tried a second time, because the site locks accounts; a
page that ended in the middle is asked for again later, a page of another shape is kept and reported.
Refuses: to write anything at the portal; to read a document that is another order's; to choose between two rows of one order of
which one says that it was cancelled: they are rows nobody can read.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Final
from urllib.parse import urljoin

from onbam.connectors.portal import pages
from onbam.connectors.portal import words as say
from onbam.connectors.portal.contract import Document, Entry, Ledger, Page
from onbam.connectors.portal.pages import Markup
from onbam.connectors.portal.reading import EVIDENCE_MAX, read
from onbam.connectors.portal.settings import PortalSettings
from onbam.connectors.portal.wire import MEGABYTE, Fetched, Wire, is_address
from onbam.kernel.clock import Clock
from onbam.kernel.errors import ContractBroken, CredentialsRejected, Misconfigured, Refused, Transient

PAGES_MAX: Final = 500
"""A ledger of more pages is asked for in smaller stretches of days."""


class PortalClient:
    """One dealer's log-in."""

    def __init__(self, settings: PortalSettings, clock: Clock) -> None:
        needed = {"portal.user": settings.user, "portal.password": settings.password}
        missing = [name for name, value in needed.items() if not value]
        if missing:
            raise Misconfigured(say.NO_ACCOUNT(names=", ".join(missing)), say.NO_ACCOUNT_HINT)
        if not is_address(settings.url):
            raise Misconfigured(say.BAD_URL(url=settings.url), say.BAD_URL_HINT)
        self._settings = settings
        self._clock = clock
        self._wire = Wire(
            settings.url, timeout_s=settings.timeout_s, max_bytes=int(settings.max_megabytes * MEGABYTE), clock=clock
        )
        self._lock = threading.RLock()
        self._logged_in = False
        self._rejected: CredentialsRejected | None = None
        self._codec = "cp949"
        """How the site's own pages are written, as last seen."""
        self._paid_until: float | None = None
        """When the pace is kept again by everything that was asked so far."""

    # -- the contract ---------------------------------------------------------------------------------------------------

    def ledger(self, kind: str, since: date, until: date) -> Ledger:
        """Every order of these days."""
        with self._lock:
            start = self._page(partial(self._open, self._settings.ledger_path, {}))
            form = pages.search_form(start.markup, kind, since, until)
            search = urljoin(start.page.address, form.action)
            entries: dict[str, Entry] = {}
            unread: list[str] = []
            seen: list[Page] = []
            doubted: set[str] = set()
            address, values = search, form.values
            for number in range(1, PAGES_MAX + 1):
                here = self._page(partial(self._open, address, values))
                found = pages.listing(here.markup, kind)
                for entry in found.entries:
                    if entry.number in entries and entries[entry.number].cancelled != entry.cancelled:
                        doubted.add(entry.number)
                    if entry.number not in entries and _within(entry, since, until):
                        entries[entry.number] = replace(entry, address=_beside(here.page, entry.address))
                unread += found.unread
                seen.append(here.page)
                turn = pages.next_page(here.markup, number)
                if turn is None:
                    unread += [" | ".join(entries.pop(number).cells.values()) for number in sorted(doubted)]
                    return Ledger(kind, since, until, tuple(entries.values()), tuple(unread), tuple(seen))
                address = _beside(here.page, turn.address) or search
                values = {} if turn.address else {**form.values, turn.field: turn.value}
            raise Refused(say.TOO_MANY_PAGES(most=PAGES_MAX), say.TOO_MANY_PAGES_HINT)

    def document(self, entry: Entry) -> Document:
        """An order's paper, checked to be this order's."""
        address = entry.address or self._settings.document_path
        values = {} if entry.address else {"chulhano": entry.number, "younglim_gubun": entry.kind}
        with self._lock:
            here = self._page(partial(self._open, address, values))
        if not pages.item_tables(here.markup):
            if pages.what_it_says(here.markup, pages.NOTHING_THERE):
                raise Refused(say.NO_DOCUMENT(number=entry.number), say.NO_DOCUMENT_HINT)
            raise ContractBroken(say.NOT_A_DOCUMENT(number=entry.number), say.CHANGED_HINT, evidence=here.evidence)
        shown = pages.numbers_like(here.markup, entry.number)
        if shown and entry.number not in shown:
            message = say.OTHER_ORDER(number=entry.number, others=", ".join(sorted(shown)[:3]))
            raise ContractBroken(message, say.OTHER_ORDER_HINT, evidence=here.evidence)
        return Document(entry.number, entry.kind, here.page)

    def check(self) -> None:
        """Log in, whatever happened before, and look at the ledger."""
        with self._lock:
            self._logged_in, self._rejected = False, None
            self._page(partial(self._open, self._settings.ledger_path, {}))

    def close(self) -> None:
        """Let the connection go."""
        self._wire.close()

    # -- sessions -------------------------------------------------------------------------------------------------------

    def _page(self, ask: Callable[[], Fetched]) -> _Seen:
        """A page as it looks to someone who is logged in."""
        if not self._logged_in:
            self._log_in()
        here = self._fetch(ask)
        if here.markup.logged_out:
            self._log_in()
            here = self._fetch(ask)
        if here.markup.logged_out:
            self._logged_in = False
            raise Transient(say.LOGGED_OUT, say.LOGGED_OUT_HINT)
        if not here.whole:
            raise Transient(say.CUT_SHORT, say.TOO_SLOW_HINT, address=here.page.address)
        return here

    def _log_in(self) -> None:
        """Once; a rejected password is remembered and never sent again by this client."""
        if self._rejected is not None:
            raise self._rejected
        here = self._fetch(lambda: self._wire.get(self._settings.main_path))
        if here.markup.logged_out:
            form = pages.login_form(here.markup, self._settings.user, self._settings.password.reveal())
            send = self._wire.post if form.method == "post" else self._wire.get
            address = urljoin(here.page.address, form.action)
            here = self._fetch(lambda: send(address, form.values, self._query_codec))
            if here.markup.logged_out:
                said = pages.what_it_says(here.markup, pages.LOG_IN_TROUBLE) or say.NOTHING_SAID
                self._rejected = CredentialsRejected(say.REJECTED(said=said), say.REJECTED_HINT)
                raise self._rejected
        self._logged_in = True

    # -- one request ----------------------------------------------------------------------------------------------------

    @property
    def _query_codec(self) -> str:
        """In which encoding Korean words stand in an address."""
        asked = self._settings.query_encoding
        return self._codec if asked == "page" else "cp949" if asked == "euc-kr" else asked

    def _open(self, address: str, values: Mapping[str, str]) -> Fetched:
        return self._wire.get(address, values, self._query_codec)

    def _fetch(self, ask: Callable[[], Fetched]) -> _Seen:
        """One request, not sooner than the pace allows, and its bytes read."""
        pace_s = self._settings.pace_s
        if self._paid_until is not None:
            self._clock.wait(self._paid_until - (self._settings.burst - 1) * pace_s - self._clock.monotonic())
        try:
            fetched = ask()
        finally:
            now = self._clock.monotonic()
            self._paid_until = max(now, now if self._paid_until is None else self._paid_until) + pace_s
        reading = read(fetched.raw)
        if not reading.archive and not reading.text.isascii():
            self._codec = reading.encoding
        page = Page(fetched.raw, reading.text, reading.encoding, fetched.address, self._clock.now())
        return _Seen(page, Markup(reading.text), reading.whole)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A page, parsed."""

    page: Page
    markup: Markup
    whole: bool

    @property
    def evidence(self) -> bytes:
        """What is kept when it is not understood."""
        return self.page.raw[:EVIDENCE_MAX]


def _beside(page: Page, address: str) -> str:
    """An address as the page means it."""
    return urljoin(page.address, address) if address else ""


def _within(entry: Entry, since: date, until: date) -> bool:
    """Whether an order is of these days, whatever the site made of the question; an order without a day is."""
    return entry.day is None or since <= entry.day <= until
