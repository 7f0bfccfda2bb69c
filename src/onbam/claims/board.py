"""The sheet people look at: `processing_lock`, kept current, and read back as commands.

For: staff who live in the spreadsheet, whichever store decides; PCs that still run V10 on the same sheet.
Promises: exactly the six columns; every order in one row; a person's edit of a status is a command, applied once however many
PCs see it, with who and when as far as Google tells; what a person did to the order of rows, or a row written to the wrong
place meanwhile, is repaired at the next round; a live row of a V10 PC is left as it is until its time is over, and what it
completed is remembered for ever.
Refuses: to decide. A shadow of what was written last stands in a hidden sheet, so that an edit is told from our own old value
on every PC and after every restart.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from onbam.claims.asks import Command, NotAllowed, WhyNotAllowed
from onbam.claims.board_rows import (
    COMMANDS,
    HEADER,
    KEPT,
    LOCAL_TIME,
    SHADOW,
    SHADOW_HEADER,
    STATUS_OF,
    WIDTH,
    Edit,
    Foreign,
    Others,
    Place,
    Rows,
    cells_of,
    read_rows,
    shadow_of,
)
from onbam.claims.board_view import View
from onbam.claims.model import DAY_MS, Act, Item, Ref, State
from onbam.claims.ports import PAGE_MAX, ClaimStore, Memory
from onbam.connectors.sheets.contract import AddTab, Append, DropRows, Put, Spreadsheet, Tab, Write
from onbam.kernel.errors import Refused

V10_TIMEOUT_MS: Final = 1_800_000
DROPS_MAX: Final = 500
"""Rows of older programs that one round cleans away at most."""
KEEP_MS: Final = 120_000
"""So long the other PCs leave the board to the one that keeps it, at least."""
UNDECIDED: Final = frozenset({State.WAITING, State.FAILED, State.PARKED})
"""From here an order that an older program completed is completed at once; what is under way is a person's to look at."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one round found."""

    edits: Sequence[Edit] = ()
    foreign: Sequence[Foreign] = ()
    """Live rows of V10 PCs."""
    refused: Sequence[Edit] = ()
    """Edits that are no command, or that came too late; the row shows the truth again."""
    both: Sequence[Foreign] = ()
    """Orders that a V10 PC and one of ours work on: somebody must look before both are entered."""
    written: int = 0
    watching: bool = False
    """Another PC keeps the board; nothing was done."""


class Board:
    """One visible sheet."""

    def __init__(
        self,
        sheet: Spreadsheet,
        title: str,
        kind: str,
        zone: ZoneInfo,
        *,
        ours: str = "",
        timeout_ms: int = V10_TIMEOUT_MS,
        keep_days: float = 7.0,
        keep_ms: int = KEEP_MS,
    ) -> None:
        self._sheet = sheet
        self._title = title
        self._kind = kind
        self._zone = zone
        self._ours = ours
        """Who keeps the board, for the other PCs; empty = whoever calls, without asking."""
        self._others = Others(zone, timeout_ms)
        self._keep_days = keep_days
        self._keep_ms = keep_ms
        self._tabs_seen: Mapping[str, Tab] = {}
        self._view: View | None = None
        self._odd: dict[str, Sequence[str]] = {}
        """Rows another hand has changed, as they stood a round ago: what still moves is not mended under its hands."""
        self._adopted: set[str] = set()

    def round(self, store: ClaimStore) -> Seen:
        """Read, obey, write: a read and a write of the sheet, and one question to Drive when somebody edited."""
        tabs = self.tabs()
        rows = self.read()
        now_ms = store.now_ms()
        if not self._is_mine(rows, now_ms):
            return Seen(watching=True)
        view = self._view = self._view or View(store, self._kind)
        view.refresh()
        others = {one.key: one for one in self.foreign_in(rows, now_ms)}
        live = [one for one in others.values() if one.is_live(now_ms)]
        edits = self._edits(rows, others)
        refused = self._obey(store, edits)
        both = self._adopt(store, others, now_ms)
        if edits or both or others:
            view.refresh()
        moving = self._moving(rows, others, now_ms)
        writes = [
            *self._changed(tabs, rows, view.items, {one.key for one in live} | moving),
            *self._worn(tabs, rows, others, view.items, now_ms),
            *self._kept(tabs, rows, now_ms),
        ]
        if writes:
            self._sheet.write(writes)
        return Seen(edits, live, refused, both, len(writes))

    def others(self, now_ms: int) -> Sequence[Foreign]:
        """Every row of a program that is not ours."""
        self.tabs()
        return self.foreign_in(self.read(), now_ms)

    def foreign(self, now_ms: int) -> Sequence[Foreign]:
        """Live rows of PCs that still run V10."""
        return [one for one in self.others(now_ms) if one.is_live(now_ms)]

    def foreign_in(self, rows: Rows, now_ms: int) -> Sequence[Foreign]:
        """The same in rows that were read already."""
        out: list[Foreign] = []
        for key, found in rows.places.items():
            item = self._view.items.get(key) if self._view is not None else None
            strange = [place for place in found if not self._is_ours(item, place)]
            one = self._others.of(key, strange, rows.written.get(key), now_ms)
            if one is not None:
                out.append(one)
        return out

    def _is_ours(self, item: Item | None, place: Place) -> bool:
        """A row that says of its lease what the store says: ours also when its shadow is gone."""
        return item is not None and Place(0, cells_of(item, self._zone)).lease == place.lease

    # -- reading --------------------------------------------------------------------------------------------------------

    def tabs(self) -> Mapping[str, Tab]:
        """The two sheets, made when missing."""
        if self._title in self._tabs_seen and SHADOW in self._tabs_seen:
            return self._tabs_seen
        tabs = {tab.title: tab for tab in self._sheet.tabs()}
        new: list[Write] = []
        if self._title not in tabs:
            new.append(AddTab(Tab(_id(self._title), self._title, 200, len(HEADER)), [HEADER]))
        if SHADOW not in tabs:
            new.append(AddTab(Tab(_id(SHADOW), SHADOW, 200, len(SHADOW_HEADER), hidden=True), [SHADOW_HEADER]))
        if new:
            self._sheet.write(new)
            tabs = {tab.title: tab for tab in self._sheet.tabs()}
        self._tabs_seen = tabs
        return tabs

    def read(self) -> Rows:
        """Both sheets, whole."""
        try:
            visible, shadow = self._sheet.read([(self._title, 0), (SHADOW, 0)], WIDTH)
        except Refused:
            self._tabs_seen = {}  # somebody renamed or deleted a sheet: look again before the next try
            raise
        return read_rows(visible, shadow, self._zone)

    # -- one of several PCs keeps it --------------------------------------------------------------------------------------

    def _is_mine(self, rows: Rows, now_ms: int) -> bool:
        """Whether the others leave the board to us. Two who believe so for a moment do no harm, only double work."""
        return not self._ours or rows.kept_by in ("", self._ours) or rows.kept_until_ms <= now_ms

    def _kept(self, tabs: Mapping[str, Tab], rows: Rows, now_ms: int) -> Iterator[Write]:
        """Say that we keep it, before what we said last runs out."""
        if self._ours and (rows.kept_by != self._ours or rows.kept_until_ms < now_ms + self._keep_ms // 2):
            yield Put(tabs[SHADOW], 0, (self._ours, str(now_ms + self._keep_ms)), column=KEPT)

    # -- obeying --------------------------------------------------------------------------------------------------------

    def _edits(self, rows: Rows, others: Mapping[str, Foreign]) -> list[Edit]:
        """Statuses that a person changed; a row that a machine changed as well is no edit."""
        out: list[Edit] = []
        for key, found in rows.places.items():
            written = rows.written.get(key)
            if written is None or len(found) > 1 or key in others or not written.is_of(found[0]):
                continue
            if found[0].status not in (written.status, "processing"):
                out.append(Edit(key, found[0].status, written.version, written.token, written.status))
        return out

    def _obey(self, store: ClaimStore, edits: Sequence[Edit]) -> Sequence[Edit]:
        """Edits as commands; answers those that changed nothing."""
        refused = [edit for edit in edits if edit.status not in COMMANDS]
        known = [edit for edit in edits if edit.status in COMMANDS]
        if not known:
            return refused
        who, when = self._author()
        answers = store.override([self._command(edit, who, when, edit.version) for edit in known])
        again: list[tuple[Edit, int]] = []
        for edit, answer in zip(known, answers, strict=True):
            if not isinstance(answer, NotAllowed):
                continue
            item = answer.item
            if item is not None and STATUS_OF[item.state] == edit.status:
                continue  # it came to stand so meanwhile, or another PC was quicker to obey
            moved_on = answer.why is WhyNotAllowed.CHANGED_MEANWHILE
            if moved_on and item is not None and (item.token, STATUS_OF[item.state]) == (edit.token, edit.was):
                again.append((edit, item.version))  # a step further under the same lease: what the person saw is still so
            else:
                refused.append(edit)
        if again:
            answers = store.override([self._command(edit, who, when, version) for edit, version in again])
            refused += [edit for (edit, _), answer in zip(again, answers, strict=True) if isinstance(answer, NotAllowed)]
        return refused

    def _command(self, edit: Edit, who: str, when: str, version: int | None) -> Command:
        why = f"status → {edit.status}{when}"
        return Command(Ref(self._kind, edit.key), COMMANDS[edit.status], who, why, version=version)

    def _author(self) -> tuple[str, str]:
        """Who edited, and when: the last change of the whole file, which is the best that can be known."""
        change = self._sheet.last_change()
        if change is None or not change.who:
            return "sheet:someone", ""
        at = datetime.fromtimestamp(change.at_ms / 1000, self._zone).strftime(LOCAL_TIME)
        return f"sheet:{change.who}", f" ({at})"

    # -- what older programs did --------------------------------------------------------------------------------------------

    def _adopt(self, store: ClaimStore, others: Mapping[str, Foreign], now_ms: int) -> Sequence[Foreign]:
        """Remember for ever what they completed; answers the orders that one of ours works on as well."""
        looked = [one for one in others.values() if one.is_live(now_ms) or (one.is_done and one.key not in self._adopted)]
        both: list[Foreign] = []
        for start in range(0, len(looked), PAGE_MAX):
            part = looked[start : start + PAGE_MAX]
            items = store.get([Ref(self._kind, one.key) for one in part])
            memories: list[Memory] = []
            commands: list[Command] = []
            for one, item in zip(part, items, strict=True):
                ref = Ref(self._kind, one.key)
                if item is not None and item.state in (State.PROCESSING, State.UNCERTAIN):
                    both.append(one)
                    continue
                if not one.is_done:
                    continue
                self._adopted.add(one.key)
                if item is None:
                    memories.append(Memory(ref, State.COMPLETED, one.at_ms, holder=one.locked_by))
                elif item.state in UNDECIDED:
                    why = f"status = completed ({one.locked_by})"
                    commands.append(Command(ref, Act.COMPLETE, f"sheet:{one.locked_by}", why, version=item.version))
            store.remember(memories)
            store.override(commands)
        return both

    # -- writing --------------------------------------------------------------------------------------------------------

    def _moving(self, rows: Rows, others: Mapping[str, Foreign], now_ms: int) -> set[str]:
        """Rows that another program may be writing this very moment, cell by cell: those that changed since the last round."""
        odd: dict[str, Sequence[str]] = {}
        for key, found in rows.places.items():
            written = rows.written.get(key)
            if written is None or (key in others and others[key].is_live(now_ms)):
                continue
            begun = written.status != "processing" and any(place.status == "processing" for place in found)
            if begun or not all(written.is_of(place) for place in found):
                odd[key] = [cell for place in found for cell in place.cells]
        moving = {key for key, cells in odd.items() if self._odd.get(key) != cells}
        self._odd = odd
        return moving

    def _changed(self, tabs: Mapping[str, Tab], rows: Rows, items: Mapping[str, Item], leave: set[str]) -> Iterator[Write]:
        """What has to change so that both sheets say what is true. One call, so that the shadow never lies."""
        tab, shadow = tabs[self._title], tabs[SHADOW]
        fresh: list[Sequence[str]] = []
        fresh_shadow: list[Sequence[str]] = []
        for key in sorted(items):
            if key in leave:
                continue
            cells = cells_of(items[key], self._zone)
            found, written = rows.places.get(key), rows.written.get(key)
            if found is None:
                fresh.append(cells)
            elif list(cells) != list(found[0].cells):
                yield Put(tab, found[0].row, cells)
            kept = shadow_of(items[key], cells)
            if written is None:
                fresh_shadow.append(kept)
            elif (written.status, str(written.version), str(written.token), written.lease) != kept[1:]:
                yield Put(shadow, written.row, kept)
        if fresh:
            yield Append(tab, fresh)
        if fresh_shadow:
            yield Append(shadow, fresh_shadow)

    def _worn(
        self, tabs: Mapping[str, Tab], rows: Rows, others: Mapping[str, Foreign], items: Mapping[str, Item], now_ms: int
    ) -> Iterator[Write]:
        """Rows that go: empty ones, second ones, those of orders the store has cleaned away, and old ones of older programs."""
        oldest_ms = now_ms - int(self._keep_days * DAY_MS)
        gone = [*rows.empty]
        for key, found in rows.places.items():
            other = others.get(key)
            if other is not None and other.is_live(now_ms):
                continue
            if key not in self._odd:
                gone += [place.row for place in found[1:]]
            if key in items:
                continue
            is_over = other is not None and (other.status == "failed" or key in self._adopted)
            is_old = is_over and other is not None and other.at_ms < oldest_ms
            if (key in rows.written and other is None) or is_old:
                gone.append(found[0].row)
        if gone:
            yield DropRows(tabs[self._title], sorted(set(gone))[-DROPS_MAX:])
        gone_shadow = [written.row for key, written in rows.written.items() if key not in items]
        if gone_shadow:
            yield DropRows(tabs[SHADOW], sorted(gone_shadow))


def _id(title: str) -> int:
    return zlib.crc32(title.encode()) & 0x7FFFFFFF
