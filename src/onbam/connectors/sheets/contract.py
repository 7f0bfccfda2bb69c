"""What Onbam needs of a spreadsheet, in our own words.

For: the claim store and the mirror; the client (real wire) and the fake (in memory) both keep it.
Promises: `write` is one call, all or nothing; `read` answers text cells exactly as written (leading zeros survive) and pads
nothing; rows are counted from 0, the header being row 0.
Refuses: formulas and formats: a value is written as the text it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

Cell = str | int | float | bool
"""What a person may have put into a cell. We ourselves write text only."""
Row = Sequence[Cell]


Span = tuple[str, int] | tuple[str, int, int]
"""Rows of a worksheet: (title, from row on) all of them, or (title, from row on, how many)."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One worksheet."""

    sheet_id: int
    title: str
    rows: int
    columns: int
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Append:
    """Rows after the last one that holds anything."""

    tab: Tab
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Put:
    """Cells of one row, from a column on."""

    tab: Tab
    row: int
    values: Sequence[str]
    column: int = 0


@dataclass(frozen=True, slots=True)
class AddTab:
    """A new worksheet with its first rows. Its id is chosen by the caller, so that a second arrival is refused."""

    tab: Tab
    rows: Sequence[Sequence[str]] = ()


@dataclass(frozen=True, slots=True)
class DropTab:
    """A worksheet goes, with all that is in it; by id, so that a late arrival hurts nobody else."""

    tab: Tab


@dataclass(frozen=True, slots=True)
class DropRows:
    """Rows go; by number, so only for sheets whose loss of a row does not matter or is noticed."""

    tab: Tab
    rows: Sequence[int] = field(default_factory=tuple)


Write = Append | Put | AddTab | DropTab | DropRows


@dataclass(frozen=True, slots=True)
class Spare:
    """What is left of this minute's requests."""

    reads: int
    writes: int
    of_reads: int
    of_writes: int
    wait_s: float = 0.0
    """Google asked for quiet this much longer."""


@dataclass(frozen=True, slots=True)
class LastChange:
    """Who changed the spreadsheet last, as far as Google tells: of the whole file, not of a cell."""

    who: str
    """A name or an address; empty when it was this very account."""
    at_ms: int


class Spreadsheet(Protocol):
    """One spreadsheet."""

    def tabs(self) -> Sequence[Tab]:
        """Its worksheets."""
        ...

    def read(self, ranges: Sequence[Span], columns: int) -> Sequence[Sequence[Row]]:
        """Rows of several worksheets in one call. Raises `Transient` and friends."""
        ...

    def write(self, writes: Sequence[Write]) -> None:
        """One call, all or nothing. `OutcomeUnknown` when the answer was lost, `Refused` when nothing was written."""
        ...

    def now_ms(self) -> int:
        """Google's clock as last seen, carried on by our monotonic one; asks once when it never answered yet."""
        ...

    def open_to_anyone(self) -> bool | None:
        """Whether everybody with the link may see it; none when Google would not say."""
        ...

    def last_change(self) -> LastChange | None:
        """Who changed it last; none when Google would not say."""
        ...

    def spare(self) -> Spare:
        """What is left of this minute's requests; asks nobody."""
        ...
