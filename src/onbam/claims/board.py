"""The sheet people look at: `processing_lock`, kept current, and read back as commands.

For: staff who live in the spreadsheet, whichever store decides; PCs that still run V10 on the same sheet.
Promises: exactly the six columns; every order in one row; a person's edit of a status is a command, applied once; what a
person did to the order of rows, or a row written to the wrong place meanwhile, is repaired at the next round; a live row of a
V10 PC is seen and respected until its 30 minutes are over.
Refuses: to decide. A shadow of what was written last stands in a hidden sheet, so that an edit is told from our own old value
on every PC and after every restart.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from onbam.claims import words as say
from onbam.claims.asks import Command, NotAllowed
from onbam.claims.model import Act, Item, Ref, State
from onbam.claims.ports import ClaimStore, Filter
from onbam.connectors.sheets.contract import AddTab, Append, DropRows, Put, Row, Spreadsheet, Tab, Write
from onbam.kernel.errors import Misconfigured

HEADER: Final = ("order_id", "locked_by", "locked_at", "status", "machine_id", "notes")
SHADOW: Final = "onbam_board"
SHADOW_HEADER: Final = ("order_id", "status")
V10_TIMEOUT_MS: Final = 1_800_000
SHEET_ZERO: Final = datetime(1899, 12, 30)  # noqa: DTZ001 -- the zone is added where it is used
ROWS_MAX: Final = 10_000
PAGE: Final = 1_000

STATUS_OF: Final[Mapping[State, str]] = {
    State.WAITING: "waiting",
    State.PROCESSING: "processing",
    State.COMPLETED: "completed",
    State.FAILED: "failed",
    State.UNCERTAIN: "uncertain",
    State.PARKED: "hold",
    State.CANCELLED: "cancelled",
}
COMMANDS: Final[Mapping[str, Act]] = {
    "failed": Act.FAIL,
    "hold": Act.HOLD,
    "cancelled": Act.CANCEL,
    "waiting": Act.RELEASE,
    "completed": Act.COMPLETE,
}
"""What a person may write into `status`, and what it means."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A person changed a status."""

    key: str
    status: str


@dataclass(frozen=True, slots=True)
class Foreign:
    """A row that another program wrote: a PC that still runs V10."""

    key: str
    status: str
    locked_by: str
    until_ms: int
    """Until then it is respected."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one round found."""

    edits: Sequence[Edit] = ()
    foreign: Sequence[Foreign] = ()
    refused: Sequence[Edit] = ()
    """Edits that are no command, or that came too late; the row shows the truth again."""
    written: int = 0
    problems: Sequence[str] = ()


@dataclass(slots=True)
class _Rows:
    """The visible sheet as it was read."""

    first: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    extra: list[int] = field(default_factory=list)
    """Second rows of one order, and empty ones in between."""
    doubled: set[str] = field(default_factory=set)


class Board:
    """One visible sheet."""

    def __init__(self, sheet: Spreadsheet, title: str, kind: str, zone: ZoneInfo, *, ours: str = "") -> None:
        self._sheet = sheet
        self._title = title
        self._kind = kind
        self._zone = zone
        self._ours = ours

    def round(self, store: ClaimStore) -> Seen:
        """Read, obey, write: three calls at most."""
        tabs = self._tabs()
        visible, shadow_rows = self._sheet.read([(self._title, 0), (SHADOW, 1)], len(HEADER) + 1)
        check_header(visible[0] if visible else ())
        rows = _sorted_out(visible)
        shadow = {_text(row[0]): _text(row[1]) for row in shadow_rows if len(row) > 1}
        now_ms = store.now_ms()
        foreign = self._foreign(rows, shadow, now_ms)
        edits = [
            Edit(key, _status(cells))
            for key, (_, cells) in rows.first.items()
            if key in shadow and key not in rows.doubled and _status(cells) != shadow[key]
        ]
        refused = self._obey(store, edits)
        items = self._items(store)
        writes = self._writes(tabs, rows, shadow_rows, items, {f.key for f in foreign})
        self._sheet.write(writes)
        return Seen(edits, foreign, refused, len(writes))

    def foreign(self, now_ms: int) -> Sequence[Foreign]:
        """Live rows of PCs that still run V10: to be looked at before claiming during a migration."""
        visible, shadow_rows = self._sheet.read([(self._title, 0), (SHADOW, 1)], len(HEADER) + 1)
        shadow = {_text(row[0]): _text(row[1]) for row in shadow_rows if len(row) > 1}
        return self._foreign(_sorted_out(visible), shadow, now_ms)

    # -- reading --------------------------------------------------------------------------------------------------------

    def _tabs(self) -> Mapping[str, Tab]:
        """The two sheets, made when missing."""
        tabs = {tab.title: tab for tab in self._sheet.tabs()}
        new: list[Write] = []
        if self._title not in tabs:
            new.append(AddTab(Tab(_id(self._title), self._title, 200, len(HEADER)), [HEADER]))
        if SHADOW not in tabs:
            new.append(AddTab(Tab(_id(SHADOW), SHADOW, 200, 2, hidden=True), [SHADOW_HEADER]))
        if new:
            self._sheet.write(new)
            tabs = {tab.title: tab for tab in self._sheet.tabs()}
        return tabs

    def _foreign(self, rows: _Rows, shadow: Mapping[str, str], now_ms: int) -> Sequence[Foreign]:
        out: list[Foreign] = []
        for key, (_, cells) in rows.first.items():
            status, locked_by = _status(cells), _text(cells[1])
            if key in shadow or not locked_by or status not in {"processing", "completed"}:
                continue
            until = self._locked_at_ms(cells, now_ms) + V10_TIMEOUT_MS
            if status == "completed" or until > now_ms:
                out.append(Foreign(key, status, locked_by, until))
        return out

    def _locked_at_ms(self, cells: Sequence[str], now_ms: int) -> int:
        """When a V10 PC says it took the order: without a zone, by its own clock. What cannot be read counts as now."""
        written = _text(cells[2])
        try:
            if written.replace(".", "", 1).isdigit():  # Sheets made a date of the text: days since its own year zero
                local = (SHEET_ZERO + timedelta(days=float(written))).replace(tzinfo=self._zone)
            else:
                local = datetime.strptime(written, "%Y-%m-%d %H:%M:%S").replace(tzinfo=self._zone)
        except (ValueError, OverflowError):
            return now_ms
        return min(int(local.timestamp() * 1000), now_ms)

    def _items(self, store: ClaimStore) -> Sequence[Item]:
        items: list[Item] = []
        after = ""
        while len(items) < ROWS_MAX:
            page = store.find(Filter(kinds=(self._kind,)), limit=PAGE, after=after)
            items += page.items
            after = page.after
            if not after:
                break
        return items

    # -- obeying --------------------------------------------------------------------------------------------------------

    def _obey(self, store: ClaimStore, edits: Sequence[Edit]) -> Sequence[Edit]:
        """Edits as commands; answers those that changed nothing."""
        known = [edit for edit in edits if edit.status in COMMANDS]
        refused = [edit for edit in edits if edit.status not in COMMANDS]
        commands = [
            Command(Ref(self._kind, edit.key), COMMANDS[edit.status], "sheet:someone", f"status → {edit.status}")
            for edit in known
        ]
        answers = store.override(commands) if commands else []
        refused += [edit for edit, answer in zip(known, answers, strict=True) if isinstance(answer, NotAllowed)]
        return refused

    # -- writing --------------------------------------------------------------------------------------------------------

    def _writes(
        self, tabs: Mapping[str, Tab], rows: _Rows, shadow_rows: Sequence[Row], items: Sequence[Item], foreign: set[str]
    ) -> list[Write]:
        """What has to change so that both sheets say what is true. One call, so that the shadow never lies."""
        tab, shadow_tab = tabs[self._title], tabs[SHADOW]
        shadow_at = {
            _text(row[0]): (number, _text(row[1]) if len(row) > 1 else "") for number, row in enumerate(shadow_rows, 1) if row
        }
        writes: list[Write] = []
        fresh: list[Sequence[str]] = []
        fresh_shadow: list[Sequence[str]] = []
        shown = {item.key for item in items}
        for item in sorted(items, key=lambda i: i.key):
            cells = self.cells(item)
            place = rows.first.get(item.key)
            if place is None:
                fresh.append(cells)
            elif list(cells) != [_text(c) for c in place[1]]:
                writes.append(Put(tab, place[0], cells))
            written = shadow_at.get(item.key)
            if written is None:
                fresh_shadow.append((item.key, cells[3]))
            elif written[1] != cells[3]:
                writes.append(Put(shadow_tab, written[0], (item.key, cells[3])))
        stale = [place[0] for key, place in rows.first.items() if key in shadow_at and key not in shown and key not in foreign]
        stale_shadow = [number for key, (number, _) in shadow_at.items() if key not in shown]
        if fresh:
            writes.append(Append(tab, fresh))
        if fresh_shadow:
            writes.append(Append(shadow_tab, fresh_shadow))
        if rows.extra or stale:
            writes.append(DropRows(tab, sorted({*rows.extra, *stale})))
        if stale_shadow:
            writes.append(DropRows(shadow_tab, sorted(stale_shadow)))
        return writes

    def cells(self, item: Item) -> tuple[str, ...]:
        """An item as a person reads it: local time without a zone, as the sheet always had it."""
        at = ""
        if item.claimed_at_ms is not None:
            at = datetime.fromtimestamp(item.claimed_at_ms / 1000, UTC).astimezone(self._zone).strftime("%Y-%m-%d %H:%M:%S")
        return (item.key, item.holder, at, STATUS_OF[item.state], item.machine_id, item.note)


def check_header(row: Row) -> None:
    """The six columns in their order; else which one is wrong and what was expected."""
    found = [_text(cell) for cell in row]
    for number, expected in enumerate(HEADER):
        actual = found[number] if number < len(found) else ""
        if actual.lower() != expected:
            letter = chr(65 + number)
            raise Misconfigured(say.BAD_COLUMN(column=letter, expected=expected, actual=actual or "—"), say.BAD_COLUMN_HINT)
    if len(found) > len(HEADER) and any(found[len(HEADER) :]):
        raise Misconfigured(say.EXTRA_COLUMN(actual=found[len(HEADER)]), say.BAD_COLUMN_HINT)


def _sorted_out(visible: Sequence[Row]) -> _Rows:
    """Rows by order; the first of several counts."""
    out = _Rows()
    for number, row in enumerate(visible[1:], 1):
        cells = [_text(cell) for cell in row] + [""] * (len(HEADER) - len(row))
        key = cells[0]
        if not key:
            if not any(cells):
                out.extra.append(number)
        elif key in out.first:
            out.extra.append(number)
            out.doubled.add(key)
        else:
            out.first[key] = (number, cells)
    return out


def _text(cell: object) -> str:
    """A cell as text: a number a person's typing made of an order number is written out whole."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _status(cells: Sequence[str]) -> str:
    return _text(cells[3]).lower()


def _id(title: str) -> int:
    return zlib.crc32(title.encode()) & 0x7FFFFFFF
