"""A quick look at the visible sheet: what older programs hold of these orders, without reading the whole of it each time.

For: the wrapper that respects older programs at the moment of a claim.
Promises: reads the rows of the orders in question, the last known row, all new ones and the known gaps, in one call; when what
stands there is not what stood there (somebody sorted, deleted, cleaned), the whole sheet is read again. Safe from two threads.
Refuses: to decide; to answer from an old view while an older program was seen within the last days.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from onbam.claims.board import Board
from onbam.claims.board_rows import (
    HEADER,
    SHADOW,
    WIDTH,
    Foreign,
    Others,
    Place,
    Rows,
    cells_of,
    places_of,
    shadow_of,
    text,
    written_of,
)
from onbam.claims.model import DAY_MS, Item
from onbam.connectors.sheets.contract import Append, Put, Row, Span, Spreadsheet, Write
from onbam.kernel.clock import Clock
from onbam.kernel.errors import CredentialsRejected, Misconfigured, Refused, Transient

SPANS_MAX: Final = 60
"""More rows than this are asked for as the whole sheet: an address has its limits too."""
VIEW_S: Final = 20.0
"""While no older program was seen for days, a view this old will do."""
ABOUT_MS: Final = 7 * DAY_MS
"""An older program whose newest row is younger than this may still be about: its own clean-up keeps rows for so long."""


class Look:
    """What was seen, and the quick way to see it again."""

    def __init__(
        self, sheet: Spreadsheet, board: Board, title: str, zone: ZoneInfo, clock: Clock, *, timeout_ms: int, always: bool
    ) -> None:
        self._sheet = sheet
        self._board = board
        self._title = title
        self._zone = zone
        self._clock = clock
        self._others = Others(zone, timeout_ms)
        self._always = always
        self._rows: Rows | None = None
        self._looked_at = float("-inf")
        self._newest_ms: int | None = None
        """When an older program took an order last, as far as its rows say."""
        self._now_ms = 0

    @property
    def is_strict(self) -> bool:
        """Whether an older program may be about: each claim looks, shows itself and looks again."""
        return self._always or (self._newest_ms is not None and self._now_ms - self._newest_ms < ABOUT_MS)

    def at(self, keys: Sequence[str], now_ms: int) -> Mapping[str, Foreign]:
        """Which of these orders an older program holds or has completed."""
        rows = self._current(keys, now_ms)
        found = (self._others.of(key, rows.places.get(key, ()), rows.written.get(key), now_ms) for key in dict.fromkeys(keys))
        return {one.key: one for one in found if one is not None and (one.is_done or one.is_live(now_ms))}

    def show(self, items: Sequence[Item]) -> None:
        """These are ours now: in their rows, so that an older program that looks from now on leaves them alone."""
        tabs = self._board.tabs()
        rows = self._rows or self._board.read()
        tab, shadow = tabs[self._title], tabs[SHADOW]
        writes: list[Write] = []
        fresh: list[Sequence[str]] = []
        fresh_shadow: list[Sequence[str]] = []
        for item in items:
            cells = cells_of(item, self._zone)
            found, written = rows.places.get(item.key), rows.written.get(item.key)
            if found:
                writes.append(Put(tab, found[0].row, cells))
            else:
                fresh.append(cells)
            if written is not None:
                writes.append(Put(shadow, written.row, shadow_of(item, cells)))
            else:
                fresh_shadow.append(shadow_of(item, cells))
        self._sheet.write([*writes, Append(tab, fresh), Append(shadow, fresh_shadow)])

    def hide(self, keys: Sequence[str]) -> None:
        """They turned out to be an older program's: our rows are emptied (not removed: that would shift the others)."""
        tab = self._board.tabs()[self._title]
        rows = self._rows or self._board.read()
        blank = [""] * len(HEADER)
        writes: list[Write] = [
            Put(tab, place.row, blank)
            for key in keys
            for place in rows.places.get(key, ())
            if key in rows.written and rows.written[key].is_of(place)
        ]
        if writes:
            self._sheet.write(writes)

    # -- reading ------------------------------------------------------------------------------------------------------------

    def _current(self, keys: Sequence[str], now_ms: int) -> Rows:
        """The rows, fresh enough for how careful we have to be."""
        rows, self._now_ms = self._rows, now_ms
        if rows is not None and not self.is_strict and self._clock.monotonic() - self._looked_at < VIEW_S:
            return rows
        try:
            self._board.tabs()
            fresh = (self._glance(rows, keys) if rows is not None else None) or self._board.read()
        except (Transient, CredentialsRejected, Refused, Misconfigured):
            if rows is None or self.is_strict:
                raise
            return rows  # no older program was about when we last saw it: an outage of Google does not stop the shop
        self._looked_at = self._clock.monotonic()
        self._newest_ms = max((one.at_ms for one in self._all(fresh, now_ms)), default=None)
        self._rows = fresh
        return fresh

    def _all(self, rows: Rows, now_ms: int) -> Iterator[Foreign]:
        for key, found in rows.places.items():
            one = self._others.of(key, found, rows.written.get(key), now_ms)
            if one is not None:
                yield one

    def _glance(self, rows: Rows, keys: Sequence[str]) -> Rows | None:
        """The same rows, those of these orders and everything new read again; none when the sheet is not as it was."""
        wanted = [key for key in dict.fromkeys(keys) if key in rows.places]
        known = [place for key in wanted for place in rows.places[key]]
        written = [(key, rows.written[key].row) for key in dict.fromkeys(keys) if key in rows.written]
        spans: list[Span] = [(self._title, rows.count - 1), (SHADOW, rows.shadow_count - 1)]
        spans += [(self._title, place.row, 1) for place in known]
        spans += [(self._title, row, 1) for row in rows.empty]
        spans += [(SHADOW, row, 1) for _, row in written]
        if len(spans) > SPANS_MAX:
            return None
        try:
            tail, shadow_tail, *rest = self._sheet.read(spans, WIDTH)
        except Refused:  # the sheet has become shorter than what we ask for
            return None
        new = _Glance(rows, self._zone)
        again, gaps, shadow = rest[: len(known)], rest[len(known) : len(known) + len(rows.empty)], rest[-len(written) :]
        is_same = (
            new.ends_as_before(tail, shadow_tail)
            and all(new.place_again(place, found) for place, found in zip(known, again, strict=True))
            and all(
                new.written_again(key, row, found) for (key, row), found in zip(written, shadow if written else [], strict=True)
            )
        )
        if not is_same or any(text(cell) for gap in gaps for row in gap for cell in row):
            return None
        return new.rows


class _Glance:
    """Rows while some of them are replaced."""

    def __init__(self, rows: Rows, zone: ZoneInfo) -> None:
        self._zone = zone
        self._before = rows
        self.rows = Rows(
            {key: list(found) for key, found in rows.places.items()},
            list(rows.empty),
            rows.count,
            dict(rows.written),
            rows.shadow_count,
            rows.kept_by,
            rows.kept_until_ms,
            rows.last,
            rows.shadow_last,
        )

    def ends_as_before(self, tail: Sequence[Row], shadow_tail: Sequence[Row]) -> bool:
        """The last known row is still the last known one; what comes after it is new."""
        last = self._before.last
        if not tail or text(tail[0][0] if tail[0] else "") != last:
            return False
        shadow_last = self._before.shadow_last
        if not shadow_tail or text(shadow_tail[0][0] if shadow_tail[0] else "") != shadow_last:
            return False
        for place in places_of(tail[1:], self._before.count, self._zone):
            self.rows.add(place)
        for key, written in written_of(shadow_tail[1:], self._before.shadow_count):
            self.rows.add_written(key, written)
        return True

    def place_again(self, place: Place, found: Sequence[Row]) -> bool:
        """The row of an order is still the row of that order."""
        again = next(places_of(found, place.row, self._zone), None)
        if again is None or again.cells[0] != place.cells[0]:
            return False
        others = self.rows.places[place.cells[0]]
        others[others.index(place)] = again
        return True

    def written_again(self, key: str, row: int, found: Sequence[Row]) -> bool:
        """The shadow of an order is still the shadow of that order."""
        again = next(written_of(found, row), None)
        if again is None or again[0] != key:
            return False
        self.rows.written[key] = again[1]
        return True
