"""One spreadsheet as a value, and the draft a write works on.

For: the requests (they change a draft), the reads (they look at a book), the service (it puts a finished draft in the book's
place).
Promises: a book never changes once it is the current one, so a read needs no lock and yesterday's book is still yesterday's; a
draft copies a sheet only when it is written to and shares all its rows, so a refused batch is undone by forgetting the draft.
Refuses: more than 10,000,000 cells, more than 30,000 characters of metadata in one place.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from onbam_sims.sheets.a1 import EVERYTHING, Region, read_corners, split
from onbam_sims.sheets.grid import Sheet, shift_region, shrink_region
from onbam_sims.sheets.refusal import Unfit, invalid

MAX_CELLS = 10_000_000
MAX_METADATA_CHARACTERS = 30_000
TOMB_SECONDS = 60.0
"""How long a deleted id is remembered; stale validation never looks further back."""
SPREADSHEET = -1
"""The place of metadata that belongs to the whole spreadsheet, where others have a sheet id."""


class Metadata(NamedTuple):
    """One entry of developer metadata. `place` is a sheet id or `SPREADSHEET`; `dimension` and `at` name one row or column."""

    metadata_id: int
    key: str
    value: str
    visibility: str
    place: int
    dimension: str
    at: int
    project: str
    born: float
    """When it was committed: a second creation soon after counts as overlapping."""

    @property
    def characters(self) -> int:
        """What it counts against the limit of its place."""
        return len(self.key) + len(self.value)


class NamedRange(NamedTuple):
    """A name for a region."""

    range_id: str
    name: str
    sheet_id: int
    region: Region
    born: float


@dataclass(frozen=True, slots=True)
class Area:
    """A region on a sheet."""

    sheet: Sheet
    region: Region


class Book:
    """A spreadsheet at one moment."""

    __slots__ = (
        "births",
        "characters",
        "locale",
        "metadata",
        "named",
        "sheets",
        "spreadsheet_id",
        "time_zone",
        "title",
        "tombs",
    )

    def __init__(self, spreadsheet_id: str, title: str) -> None:
        self.spreadsheet_id = spreadsheet_id
        self.title = title
        self.locale = "ko_KR"
        self.time_zone = "Asia/Seoul"
        self.sheets: dict[int, Sheet] = {}
        """In the order of the tabs."""
        self.births: dict[int, float] = {}
        """When each sheet was added."""
        self.metadata: dict[int, tuple[Metadata, ...]] = {}
        """By id; more than one entry under an id exists only after a merge that should not have happened."""
        self.characters: dict[int, int] = {}
        """Place → characters of metadata there."""
        self.named: dict[str, NamedRange] = {}
        self.tombs: dict[object, float] = {}
        """Ids and names that were deleted, and when: stale validation still sees them."""

    def sheet_titled(self, title: str) -> Sheet | None:
        """A tab by its exact title."""
        for sheet in self.sheets.values():
            if sheet.title == title:
                return sheet
        return None

    def entries(self) -> list[Metadata]:
        """All metadata, oldest id first seen first."""
        return [entry for group in self.metadata.values() for entry in group]

    def area(self, text: str) -> Area:
        """A range of the wire; text that is none is refused in Google's words."""
        title, corners = split(text)
        if title is not None:
            sheet = self.sheet_titled(title)
            region = EVERYTHING if corners is None else read_corners(corners)
            if sheet is not None and region is not None:
                return Area(sheet, region)
        elif corners is not None:
            region = read_corners(corners)
            if region is not None:
                return Area(next(iter(self.sheets.values())), region)
            sheet = self.sheet_titled(corners)
            if sheet is not None:
                return Area(sheet, EVERYTHING)
            for named in self.named.values():
                if named.name.casefold() == corners.casefold():
                    return Area(self.sheets[named.sheet_id], named.region)
        raise invalid(f"Unable to parse range: {text}")


class Draft:
    """A book being written."""

    __slots__ = ("_own_metadata", "_own_sheets", "_own_tombs", "book", "chance", "now", "year")

    def __init__(self, base: Book, now: float, year: int, chance: random.Random) -> None:
        book = Book.__new__(Book)
        for name in Book.__slots__:
            setattr(book, name, getattr(base, name))
        book.sheets = base.sheets.copy()
        self.book = book
        self.now = now
        self.year = year
        self.chance = chance
        self._own_sheets: set[int] = set()
        self._own_metadata = False
        self._own_tombs = False

    def sheet(self, sheet_id: int) -> Sheet:
        """A sheet to write on."""
        sheet = self.book.sheets.get(sheet_id)
        if sheet is None:
            raise Unfit(f"No grid with id: {sheet_id}")
        if sheet_id not in self._own_sheets:
            sheet = self.book.sheets[sheet_id] = sheet.copy()
            self._own_sheets.add(sheet_id)
        return sheet

    def fit(self) -> None:
        """Refuse a grid above the limit; called after each change that makes one larger."""
        if sum(sheet.cells for sheet in self.book.sheets.values()) > MAX_CELLS:
            raise Unfit(f"This action would increase the number of cells in the workbook above the limit of {MAX_CELLS} cells.")

    # -- sheets ---------------------------------------------------------------------------------------------------------

    def add_sheet(self, sheet: Sheet, index: int | None) -> None:
        """A new tab, at the end or at an index."""
        self._own_sheets.add(sheet.sheet_id)
        self.book.births = {**self.book.births, sheet.sheet_id: self.now}
        order = list(self.book.sheets.values())
        order.insert(len(order) if index is None else index, sheet)
        self.book.sheets = {s.sheet_id: s for s in order}
        self.fit()

    def delete_sheet(self, sheet_id: int) -> None:
        """A tab goes, and with it what is located on it."""
        self.sheet(sheet_id)
        del self.book.sheets[sheet_id]
        self.drop_metadata([entry for entry in self.book.entries() if entry.place == sheet_id])
        self.book.named = {k: n for k, n in self.book.named.items() if n.sheet_id != sheet_id}

    def move_sheet(self, sheet_id: int, index: int) -> None:
        """A tab takes another place."""
        order = list(self.book.sheets.values())
        sheet = self.sheet(sheet_id)
        at = [s.sheet_id for s in order].index(sheet_id)
        order.pop(at)
        order.insert(index - (1 if index > at else 0), sheet)
        self.book.sheets = {s.sheet_id: s for s in order}

    # -- rows and columns -----------------------------------------------------------------------------------------------

    def insert(self, sheet_id: int, dimension: str, start: int, count: int) -> None:
        """Room in a sheet; metadata and named ranges move with what they stand on."""
        self.sheet(sheet_id).insert(dimension, start, count)
        self.fit()
        for entry in self._located(sheet_id, dimension):
            if entry.at >= start:
                self.replace_metadata(entry, entry._replace(at=entry.at + count))
        self._named_moved(sheet_id, lambda region: shift_region(region, dimension, start, count))

    def delete(self, sheet_id: int, dimension: str, start: int, end: int) -> None:
        """Rows or columns go, with the metadata on them."""
        self.sheet(sheet_id).delete(dimension, start, end)
        for entry in self._located(sheet_id, dimension):
            if start <= entry.at < end:
                self.drop_metadata([entry])
            elif entry.at >= end:
                self.replace_metadata(entry, entry._replace(at=entry.at - (end - start)))
        self._named_moved(sheet_id, lambda region: shrink_region(region, dimension, start, end))

    def _located(self, sheet_id: int, dimension: str) -> list[Metadata]:
        if not self.book.characters.get(sheet_id):
            return []
        return [e for e in self.book.entries() if e.place == sheet_id and e.dimension == dimension]

    def _named_moved(self, sheet_id: int, move: Callable[[Region], Region | None]) -> None:
        if not any(n.sheet_id == sheet_id for n in self.book.named.values()):
            return
        moved: dict[str, NamedRange] = {}
        for key, named in self.book.named.items():
            region = move(named.region) if named.sheet_id == sheet_id else named.region
            if region is not None:
                moved[key] = named._replace(region=region)
        self.book.named = moved

    # -- metadata -------------------------------------------------------------------------------------------------------

    def _write_metadata(self) -> dict[int, tuple[Metadata, ...]]:
        if not self._own_metadata:
            self.book.metadata = self.book.metadata.copy()
            self.book.characters = self.book.characters.copy()
            self._own_metadata = True
        return self.book.metadata

    def add_metadata(self, entry: Metadata) -> None:
        """One more entry; the limit of its place holds."""
        metadata = self._write_metadata()
        used = self.book.characters.get(entry.place, 0) + entry.characters
        if used > MAX_METADATA_CHARACTERS:
            raise Unfit(
                f"The developer metadata of this location would exceed the limit of {MAX_METADATA_CHARACTERS} characters."
            )
        self.book.characters[entry.place] = used
        metadata[entry.metadata_id] = (*metadata.get(entry.metadata_id, ()), entry)

    def drop_metadata(self, entries: list[Metadata]) -> None:
        """Entries go; their ids are remembered as recently used."""
        if not entries:
            return
        metadata = self._write_metadata()
        self.bury(*(entry.metadata_id for entry in entries))
        for entry in entries:
            self.book.characters[entry.place] -= entry.characters
            left = tuple(e for e in metadata[entry.metadata_id] if e is not entry)
            if left:
                metadata[entry.metadata_id] = left
            else:
                del metadata[entry.metadata_id]

    def replace_metadata(self, old: Metadata, new: Metadata) -> None:
        """An entry changes in its place."""
        metadata = self._write_metadata()
        self.book.characters[old.place] -= old.characters
        used = self.book.characters.get(new.place, 0) + new.characters
        if used > MAX_METADATA_CHARACTERS:
            raise Unfit(
                f"The developer metadata of this location would exceed the limit of {MAX_METADATA_CHARACTERS} characters."
            )
        self.book.characters[new.place] = used
        metadata[old.metadata_id] = tuple(new if e is old else e for e in metadata[old.metadata_id])

    def bury(self, *names: object) -> None:
        """Remember what was just deleted, and forget what was deleted long ago."""
        if not self._own_tombs:
            self.book.tombs = {k: t for k, t in self.book.tombs.items() if self.now - t < TOMB_SECONDS}
            self._own_tombs = True
        self.book.tombs.update(dict.fromkeys(names, self.now))
