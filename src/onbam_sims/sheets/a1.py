"""A1 notation: "'my sheet'!B2:C" to a region of numbers and back.

For: every range on the wire, in requests and in answers.
Promises: indexes count from zero and ends are exclusive, as in the API's own grid ranges; an open end is `None`; corners may
come reversed; titles are quoted in answers exactly when Google quotes them (anything but ASCII letters, digits and
underscores).
Refuses: to guess: text that is no range is `None`, and the caller says "Unable to parse range".
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_CORNERS = re.compile(r"\$?([A-Za-z]{1,3})?\$?([1-9]\d*)?(?::\$?([A-Za-z]{1,3})?\$?([1-9]\d*)?)?\Z")
_PLAIN_TITLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_LOOKS_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}\d+\Z")


class Region(NamedTuple):
    """A rectangle: rows `top` to `bottom`, columns `left` to `right`, ends exclusive, `None` = to the end of the grid."""

    top: int
    bottom: int | None
    left: int
    right: int | None
    single: bool = False
    """Written as one cell: a place to start, not a limit."""


EVERYTHING = Region(0, None, 0, None)


def column_number(letters: str) -> int:
    """`A` → 0, `AA` → 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


@lru_cache(maxsize=1024)
def column_letters(number: int) -> str:
    """0 → `A`, 26 → `AA`."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@lru_cache(maxsize=1024)
def split(text: str) -> tuple[str | None, str | None]:
    """A range as (title, corners); either may be missing. A broken quotation gives neither."""
    if text.startswith("'"):
        match = re.match(r"'((?:[^']|'')+)'(?:!(.+))?\Z", text, re.DOTALL)
        if match is None:
            return None, None
        return match[1].replace("''", "'"), match[2]
    title, bang, corners = text.rpartition("!")
    if bang:
        return (title, corners) if title and corners else (None, None)
    return None, text


@lru_cache(maxsize=1024)
def read_corners(text: str) -> Region | None:
    """`B2:C` → a region; nothing when it is no range."""
    match = _CORNERS.match(text)
    if match is None or not text:
        return None
    left, top, right, bottom = match.groups()
    if ":" not in text:
        if left is None or top is None:
            return None
        row, column = int(top) - 1, column_number(left)
        return Region(row, row + 1, column, column + 1, single=True)
    if (left is None and top is None) or (right is None and bottom is None):
        return None
    return _ordered(left, top, right, bottom)


def _ordered(left: str | None, top: str | None, right: str | None, bottom: str | None) -> Region:
    columns = [column_number(c) for c in (left, right) if c is not None]
    rows = [int(r) - 1 for r in (top, bottom) if r is not None]
    first_column, first_row = min(columns, default=0), min(rows, default=0)
    last_column = max(columns) + 1 if len(columns) == 2 or (right is not None) else None
    last_row = max(rows) + 1 if len(rows) == 2 or (bottom is not None) else None
    return Region(first_row, last_row, first_column, last_column)


def quoted(title: str) -> str:
    """A title as Google writes it before the exclamation mark."""
    if _PLAIN_TITLE.match(title) and not _LOOKS_LIKE_A_CELL.match(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def write(title: str, region: Region) -> str:
    """A region as text, with its title."""
    return f"{quoted(title)}!{write_corners(region)}"


def write_corners(region: Region) -> str:
    """A region as text."""
    top, bottom, left, right = region[:4]
    start = f"{column_letters(left)}{top + 1}"
    if bottom == top + 1 and right == left + 1:
        return start
    return f"{start}:{'' if right is None else column_letters(right - 1)}{'' if bottom is None else bottom}"
