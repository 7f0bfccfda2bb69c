"""A spreadsheet in memory, for tests of what stands on it.

For: rooms that need rows and nothing of Google's manners; those are the simulator's business.
Promises: passes the same contract tests as the client on the simulator.
Refuses: faults, quotas, other people.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from onbam.connectors.sheets import words as say
from onbam.connectors.sheets.contract import (
    AddTab,
    Append,
    DropRows,
    DropTab,
    LastChange,
    Put,
    Row,
    Span,
    Spare,
    Tab,
    Write,
)
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Refused

PLENTY: Final = 1_000


class FakeSpreadsheet:
    """Rows in lists."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tabs: dict[int, Tab] = {}
        self._rows: dict[int, list[list[str]]] = {}

    def tabs(self) -> Sequence[Tab]:
        """Its worksheets."""
        return list(self._tabs.values())

    def read(self, ranges: Sequence[Span], columns: int) -> Sequence[Sequence[Row]]:
        """Rows of several worksheets."""
        out: list[list[Row]] = []
        for title, start, *count in ranges:
            found = next((tab for tab in self._tabs.values() if tab.title == title), None)
            if found is None:
                raise Refused(say.BAD_REQUEST(what=f"Unable to parse range: {title}"))
            end = start + count[0] if count else None
            rows = [_ragged(row[:columns]) for row in self._rows[found.sheet_id][start:end]]
            while rows and not rows[-1]:
                rows.pop()
            out.append(list(rows))
        return out

    def write(self, writes: Sequence[Write]) -> None:
        """All or nothing."""
        tabs, rows = dict(self._tabs), {number: [list(row) for row in found] for number, found in self._rows.items()}
        for write in writes:
            _apply(tabs, rows, write)
        self._tabs, self._rows = tabs, rows

    def now_ms(self) -> int:
        """The clock it was given."""
        return int(self._clock.now().timestamp()) * 1000

    def open_to_anyone(self) -> bool | None:
        """Nobody else is here."""
        return False

    def last_change(self) -> LastChange | None:
        """Nobody else is here."""
        return None

    def spare(self) -> Spare:
        """No quota."""
        return Spare(PLENTY, PLENTY, PLENTY, PLENTY)


def _apply(tabs: dict[int, Tab], rows: dict[int, list[list[str]]], write: Write) -> None:
    number = write.tab.sheet_id
    if isinstance(write, AddTab):
        if number in tabs or any(tab.title == write.tab.title for tab in tabs.values()):
            raise Refused(say.BAD_REQUEST(what=f"A sheet {write.tab.title} already exists."))
        tabs[number], rows[number] = write.tab, [list(row) for row in write.rows]
        return
    if number not in tabs:
        raise Refused(say.BAD_REQUEST(what=f"No grid with id: {number}"))
    if isinstance(write, DropTab):
        del tabs[number], rows[number]
    elif isinstance(write, Append):
        while rows[number] and not any(rows[number][-1]):
            rows[number].pop()
        rows[number] += [list(row) for row in write.rows]
    elif isinstance(write, Put):
        _put(rows[number], write)
    else:
        assert isinstance(write, DropRows), write
        for index in sorted(write.rows, reverse=True):
            if index < len(rows[number]):
                del rows[number][index]


def _put(rows: list[list[str]], write: Put) -> None:
    while len(rows) <= write.row:
        rows.append([])
    row = rows[write.row]
    row += [""] * (write.column + len(write.values) - len(row))
    row[write.column : write.column + len(write.values)] = write.values


def _ragged(row: Sequence[str]) -> list[str]:
    """A row as Google answers it: empty cells at its end are left out."""
    out = list(row)
    while out and out[-1] == "":
        out.pop()
    return out
