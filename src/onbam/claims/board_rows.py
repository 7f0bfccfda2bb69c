"""What stands on the visible sheet and in its shadow, as values.

For: the board next door, and the wrapper that respects PCs still running V10.
Promises: pure; a cell is read as the text it shows (an order number that became a number is the same order); a lease written by
somebody else is told from our own, whatever was done to its status.
Refuses: a sheet whose columns are not the six known ones: which one, and what was expected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from onbam.claims import words as say
from onbam.claims.model import HOLDER_MAX, KEY_MAX, Act, Item, State
from onbam.connectors.sheets.contract import Row
from onbam.kernel.errors import Misconfigured
from onbam.kernel.words import side_by_side

HEADER: Final = ("order_id", "locked_by", "locked_at", "status", "machine_id", "notes")
SHADOW: Final = "onbam_board"
SHADOW_HEADER: Final = ("order_id", "status", "version", "token", "lease", "kept_by", "kept_until_ms")
KEPT: Final = SHADOW_HEADER.index("kept_by")
"""In the shadow's first row, from this column on: which PC keeps the board, and until when the others leave it to that one."""
WIDTH: Final = 7
"""Columns we read: one more than the six, to see an extra one; and all of the shadow's."""
LOCAL_TIME: Final = "%Y-%m-%d %H:%M:%S"
SHEET_ZERO: Final = datetime(1899, 12, 30)  # noqa: DTZ001 -- the zone is added where it is used

STATUS_OF: Final[Mapping[State, str]] = MappingProxyType(
    {
        State.WAITING: "waiting",
        State.PROCESSING: "processing",
        State.COMPLETED: "completed",
        State.FAILED: "failed",
        State.UNCERTAIN: "uncertain",
        State.PARKED: "hold",
        State.CANCELLED: "cancelled",
    }
)
COMMANDS: Final[Mapping[str, Act]] = MappingProxyType(
    {
        "failed": Act.FAIL,
        "hold": Act.HOLD,
        "cancelled": Act.CANCEL,
        "waiting": Act.RELEASE,
        "completed": Act.COMPLETE,
    }
)
"""What a person may write into `status`, and what it means."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A person changed a status."""

    key: str
    status: str
    version: int | None = None
    """Of the item when its row was written: the command holds while nothing has changed since."""
    token: int | None = None
    was: str = ""
    """The status that stood there."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A row that another program wrote: a PC that still runs V10."""

    key: str
    status: str
    """`processing`, `completed` or `failed`."""
    locked_by: str
    at_ms: int
    """When it says it took the order."""
    until_ms: int
    """Until then its `processing` is respected."""

    def is_live(self, now_ms: int) -> bool:
        """Whether that PC works on it now, for all we may assume."""
        return self.status == "processing" and self.until_ms > now_ms

    @property
    def is_done(self) -> bool:
        """Whether that PC completed it: never again."""
        return self.status == "completed"


@dataclass(frozen=True, slots=True)
class Place:
    """One row of an order."""

    row: int
    cells: Sequence[str]

    @property
    def status(self) -> str:
        """What stands in its fourth column."""
        return self.cells[3].lower()

    @property
    def lease(self) -> str:
        """Who says to hold it since when: the three cells a machine writes and a person leaves alone."""
        return "|".join((self.cells[1], self.cells[2], self.cells[4]))


@dataclass(frozen=True, slots=True)
class Written:
    """What the shadow says we wrote last."""

    row: int
    status: str
    version: int | None = None
    token: int | None = None
    lease: str = ""

    def is_of(self, place: Place) -> bool:
        """Whether nobody but a person's word about the status has touched the row since."""
        return self.lease == place.lease


@dataclass(slots=True)
class Rows:
    """Both sheets as they were read."""

    places: dict[str, list[Place]] = field(default_factory=dict)
    """Order → its rows, from the top."""
    empty: list[int] = field(default_factory=list)
    """Empty rows in between."""
    count: int = 0
    """Rows of the visible sheet, the header included."""
    written: dict[str, Written] = field(default_factory=dict)
    shadow_count: int = 0
    kept_by: str = ""
    kept_until_ms: int = 0
    last: str = HEADER[0]
    """What the first cell of the last row says, here and in the shadow."""
    shadow_last: str = SHADOW_HEADER[0]

    def add(self, place: Place) -> None:
        """The next row of the visible sheet."""
        key = place.cells[0]
        self.count, self.last = place.row + 1, key
        if 0 < len(key) <= KEY_MAX:  # a longer one is no order of anybody's: left alone
            self.places.setdefault(key, []).append(place)
        elif not any(place.cells):
            self.empty.append(place.row)

    def add_written(self, key: str, written: Written) -> None:
        """The next row of the shadow."""
        self.shadow_count, self.shadow_last = written.row + 1, key
        if 0 < len(key) <= KEY_MAX:
            self.written.setdefault(key, written)


def read_rows(visible: Sequence[Row], shadow: Sequence[Row], zone: ZoneInfo) -> Rows:
    """Both sheets sorted out; raises when the header is not ours."""
    check_header(visible[0] if visible else ())
    out = Rows(count=1, shadow_count=1)
    head = _padded(shadow[0] if shadow else (), len(SHADOW_HEADER))
    out.kept_by, out.kept_until_ms = head[KEPT], _number(head[KEPT + 1]) or 0
    for place in places_of(visible[1:], 1, zone):
        out.add(place)
    for key, written in written_of(shadow[1:], 1):
        out.add_written(key, written)
    return out


def places_of(rows: Sequence[Row], first: int, zone: ZoneInfo) -> Iterator[Place]:
    """Rows of the visible sheet, numbered from the given one."""
    for number, row in enumerate(rows, first):
        cells = _padded(row[: len(HEADER)], len(HEADER))
        cells[2] = _local(cells[2], zone)
        yield Place(number, cells)


def written_of(rows: Sequence[Row], first: int) -> Iterator[tuple[str, Written]]:
    """Rows of the shadow, numbered from the given one."""
    for number, row in enumerate(rows, first):
        cells = _padded(row, len(SHADOW_HEADER))
        yield cells[0], Written(number, cells[1], _number(cells[2]), _number(cells[3]), cells[4])


def _padded(row: Row, width: int) -> list[str]:
    return [text(cell) for cell in row] + [""] * (width - len(row))


class Others:
    """Tells rows of other programs from our own."""

    def __init__(self, zone: ZoneInfo, timeout_ms: int) -> None:
        self._zone = zone
        self._timeout_ms = timeout_ms
        self._first_seen: dict[str, int] = {}
        """When a lease whose time cannot be read was met first: from then on it counts."""

    def of(self, key: str, found: Sequence[Place], written: Written | None, now_ms: int) -> Foreign | None:
        """The row of this order that another program wrote, the most telling one; none when all are ours."""
        others = [
            place
            for place in found
            if place.cells[1] and place.status in _RANK and (written is None or not written.is_of(place))
        ]
        if not others:
            return None
        place = max(others, key=lambda one: _RANK[one.status])
        since_ms = self._since_ms(place, now_ms)
        return Foreign(key, place.status, place.cells[1][:NAME_MAX], since_ms, since_ms + self._timeout_ms)

    def _since_ms(self, place: Place, now_ms: int) -> int:
        """When its PC says it took the order: without a zone, by its own clock, and never believed to be after now."""
        try:
            local = datetime.strptime(place.cells[2], LOCAL_TIME).replace(tzinfo=self._zone)
            return min(int(local.timestamp() * 1000), now_ms)
        except (ValueError, OverflowError):
            return min(self._first_seen.setdefault(place.lease, now_ms), now_ms)


NAME_MAX: Final = HOLDER_MAX - len("sheet:")
_RANK: Final = {"failed": 0, "processing": 1, "completed": 2}


def cells_of(item: Item, zone: ZoneInfo) -> tuple[str, ...]:
    """An item as a person reads it: local time without a zone, as the sheet always had it."""
    at = ""
    if item.claimed_at_ms is not None:
        at = datetime.fromtimestamp(item.claimed_at_ms // 1000, UTC).astimezone(zone).strftime(LOCAL_TIME)
    cells = (item.key, item.holder, at, STATUS_OF[item.state], item.machine_id, side_by_side(item.note))
    return tuple(text(cell) for cell in cells)  # as they will be read back: else a space at an end is mended for ever


def shadow_of(item: Item, cells: Sequence[str]) -> tuple[str, ...]:
    """What the shadow keeps of it."""
    return (item.key, cells[3], str(item.version), str(item.token), Place(0, cells).lease)


def check_header(row: Row) -> None:
    """The six columns in their order; else which one is wrong and what was expected."""
    found = [text(cell) for cell in row]
    for number, expected in enumerate(HEADER):
        actual = found[number] if number < len(found) else ""
        if actual.lower() != expected:
            letter = chr(65 + number)
            raise Misconfigured(say.BAD_COLUMN(column=letter, expected=expected, actual=actual or "—"), say.BAD_COLUMN_HINT)
    if len(found) > len(HEADER) and any(found[len(HEADER) :]):
        raise Misconfigured(say.EXTRA_COLUMN(actual=found[len(HEADER)]), say.BAD_COLUMN_HINT)


def text(cell: object) -> str:
    """A cell as text: a number a person's typing made of an order number is written out whole."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _number(written: str) -> int | None:
    return int(written) if written.isdigit() else None


def _local(written: str, zone: ZoneInfo) -> str:
    """A time as we write it: Sheets makes a date of such a text when somebody types it anew, days since its own year zero."""
    if not written.replace(".", "", 1).isdigit():
        return written
    try:
        local = (SHEET_ZERO + timedelta(days=float(written))).replace(tzinfo=zone)
    except (ValueError, OverflowError):
        return written
    return (local + timedelta(milliseconds=500)).strftime(LOCAL_TIME)
