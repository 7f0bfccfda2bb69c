"""What Onbam needs of the supplier's portal, in our own words.

For: the order robot, which looks for orders and fetches their documents; the client (real wire) and the fake keep it.
Promises: reading only; a ledger lists each order once and says which rows it could not read; a document is the bytes as they
came, with their text beside them.
Refuses: to interpret a document: that is the business of `orders`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Protocol

KINDS: Final = ("임업", "산업")
"""The supplier's two businesses; each has a ledger of its own."""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of the portal, kept as it came."""

    raw: bytes
    text: str
    """What a browser would show, as markup."""
    encoding: str
    """What the bytes really were: utf-8 or cp949, whatever they said of themselves."""
    address: str
    """Where it came from, below the portal's own address."""
    fetched_at: datetime

    @property
    def sha256(self) -> str:
        """The fingerprint of the bytes."""
        return hashlib.sha256(self.raw).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """One order in the ledger."""

    number: str
    """Ten digits: the day and a serial."""
    kind: str
    day: date | None
    """The ledger's own date; none where the ledger shows none."""
    cancelled: bool = False
    address: str = ""
    """Where its document is, when the ledger links to it."""
    cells: Mapping[str, str] = field(default_factory=dict)
    """Everything the row says, by the name of the column."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The orders of one kind in a stretch of days."""

    kind: str
    since: date
    until: date
    entries: tuple[Entry, ...]
    unread: tuple[str, ...] = ()
    """Rows that look like orders and could not be read: for a person, never guessed at."""
    pages: tuple[Page, ...] = ()
    """The pages behind it: evidence."""


@dataclass(frozen=True, slots=True)
class Document:
    """The paper of one order."""

    number: str
    kind: str
    page: Page


class Portal(Protocol):
    """The supplier's site, for reading."""

    def ledger(self, kind: str, since: date, until: date) -> Ledger:
        """Every order of these days. Raises `Transient`, `CredentialsRejected` or `ContractBroken`."""
        ...

    def document(self, entry: Entry) -> Document:
        """An order's paper. Raises `Refused` when the portal says there is none, else as `ledger`."""
        ...

    def check(self) -> None:
        """Log in and look at a page: for a person who wants to know whether the settings are right."""
        ...

    def close(self) -> None:
        """Let the connection go."""
        ...
