"""Whether the PCs' common ground can be reached, and what stands in the way: one look for the command and the check-up.

For: `onbam claims status`, the doctor, the dashboard's tile.
Promises: names the one thing that is wrong (the credentials file, the log-in, the Sheets API, the internet, the permission, the
columns) with its fix; all who ask judge by one rule (`judge`); asks the sheet three questions at most; never raises for what it
looks at.
Refuses: to repair; to claim anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Literal
from zoneinfo import ZoneInfo

from onbam.claims.board_rows import SHADOW, WIDTH, Rows, check_header, read_rows
from onbam.connectors.sheets import words as sheets
from onbam.connectors.sheets.contract import Spreadsheet
from onbam.connectors.sheets.credentials import Papers
from onbam.kernel.errors import CredentialsRejected, Misconfigured, OnbamError, Transient
from onbam.kernel.words import Text


class Obstacle(StrEnum):
    """What stands in the way."""

    CREDENTIALS = "credentials"
    """The file: missing, damaged, an older program's."""
    LOGIN = "login"
    """Google rejects it: revoked, expired, nobody has consented."""
    API = "api"
    """The Sheets API is switched off in the project."""
    INTERNET = "internet"
    PERMISSION = "permission"
    """The account may not open the spreadsheet, or it does not exist."""
    COLUMNS = "columns"
    """The visible sheet's first row."""
    OTHER = "other"


_BY_TEXT: Final[Mapping[Text, Obstacle]] = MappingProxyType(
    {
        sheets.API_OFF: Obstacle.API,
        sheets.NOT_SHARED: Obstacle.PERMISSION,
        sheets.NOT_FOUND: Obstacle.PERMISSION,
        sheets.REJECTED: Obstacle.LOGIN,
        sheets.NO_TOKEN: Obstacle.LOGIN,
        sheets.QUOTA: Obstacle.OTHER,
        sheets.SERVER: Obstacle.OTHER,
    }
)


@dataclass(frozen=True, slots=True)
class Connection:
    """One look at the sheet."""

    papers: Papers | None = None
    obstacle: Obstacle | None = None
    error: OnbamError | None = None
    rows: Rows | None = None
    """What stands there; none when it could not be read, or there is no such sheet yet."""
    open_to_anyone: bool | None = None

    @property
    def connected(self) -> bool:
        """Whether the spreadsheet answers; a wrong column is not a matter of connection."""
        return self.obstacle is None or self.obstacle is Obstacle.COLUMNS


class Mode(StrEnum):
    """What decides who works on an order."""

    SHEET = "sheet decides"
    MIRROR = "sheet mirrors"
    DATABASE = "database only"
    OFF = "lock off"


@dataclass(frozen=True, slots=True)
class Standing:
    """How the shop has set it up."""

    enabled: bool
    """`ENABLE_DISTRIBUTED_LOCK`."""
    decides: bool
    """The sheet does."""
    has_sheet: bool
    older: bool
    """Older programs on the sheet are respected: a robot that starts takes no order before it has seen it."""

    @property
    def mode(self) -> Mode:
        """In one word."""
        if not self.enabled:
            return Mode.OFF
        if self.decides:
            return Mode.SHEET
        return Mode.MIRROR if self.has_sheet else Mode.DATABASE


@dataclass(frozen=True, slots=True)
class Verdict:
    """How it is, for everybody who asks."""

    state: Literal["ok", "warn", "bad"]
    """`bad`: a robot that starts now takes no order; `warn`: orders go on, and somebody should look."""
    connected: bool
    """The word people know: Connected, also where the sheet answers and its columns are wrong."""
    error: OnbamError | None = None
    obstacle: Obstacle | None = None


def judge(standing: Standing, own: OnbamError | None, found: Connection | None) -> Verdict:
    """The rule. `own`: why this PC cannot or must not work whatever the sheet says; `found`: the look at the sheet."""
    if own is not None:
        return Verdict("bad", connected=False, error=own)
    if found is None or found.obstacle is None:
        return Verdict("ok", connected=True)
    needed = standing.decides or (standing.older and standing.enabled) or found.obstacle is Obstacle.COLUMNS
    return Verdict("bad" if needed else "warn", found.connected, found.error, found.obstacle)


def look(papers: Callable[[], Papers], open_sheet: Callable[[], Spreadsheet], title: str, zone: ZoneInfo) -> Connection:
    """Look now."""
    known: Papers | None = None
    try:
        known = papers()
        sheet = open_sheet()
        titles = {tab.title for tab in sheet.tabs()}
        shared = sheet.open_to_anyone()
        wanted = [name for name in (title, SHADOW) if name in titles]
        found = dict(zip(wanted, sheet.read([(name, 0) for name in wanted], WIDTH), strict=True)) if wanted else {}
    except OnbamError as error:
        return Connection(known, _obstacle(error, known), error)
    if title not in found:
        return Connection(known, open_to_anyone=shared)
    try:
        check_header(found[title][0] if found[title] else ())
        rows = read_rows(found[title], found.get(SHADOW, ()), zone)
    except Misconfigured as error:
        return Connection(known, Obstacle.COLUMNS, error, open_to_anyone=shared)
    return Connection(known, rows=rows, open_to_anyone=shared)


def _obstacle(error: OnbamError, papers: Papers | None) -> Obstacle:
    """What an error means here."""
    named = _BY_TEXT.get(error.message.text)
    if named is not None:
        return named
    if isinstance(error, Transient):
        return Obstacle.INTERNET
    if isinstance(error, CredentialsRejected):
        return Obstacle.LOGIN
    return Obstacle.CREDENTIALS if papers is None and isinstance(error, Misconfigured) else Obstacle.OTHER
