"""The three acts: what would change, change it, take it away.

For: the command line; it draws and asks, this decides.
Promises: a plan tells of each piece whether it is new, the same or different and how; carrying out a plan touches only what
is new or different; a second plan afterwards has nothing to do.
Refuses: to carry out a plan by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from onbam.guard.boot import words as say
from onbam.guard.boot.model import Piece
from onbam.guard.boot.systems import Standing, System
from onbam.kernel.checks import Finding, bad, ok, warn

CHECK: Final = "boot"
"""The name of what a check-up finds here."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an installation means for one piece."""

    piece: Piece
    what: Literal["new", "same", "different"]
    lines: tuple[str, ...] = ()
    """The differences, to be shown."""


def plan(system: System) -> list[Change]:
    """Look, and compare."""
    return [_change(system, piece) for piece in system.pieces()]


def _change(system: System, piece: Piece) -> Change:
    found = system.found(piece)
    if found is None:
        return Change(piece, "new")
    lines = tuple(system.differences(piece, found))
    return Change(piece, "different" if lines else "same", lines)


def carry_out(system: System, changes: list[Change]) -> list[str]:
    """Put what is new or different in place; answers the names."""
    due = [change.piece for change in changes if change.what != "same"]
    if due:
        system.put(due)
    return [piece.name for piece in due]


def look(system: System) -> list[tuple[Change, Finding]]:
    """Of each piece: there, the same, and switched on."""
    standing = {one.name: one for one in system.standing()}
    return [(change, _finding(change, standing[change.piece.name])) for change in plan(system)]


def _finding(change: Change, how: Standing) -> Finding:
    name = change.piece.name
    if change.what == "new":
        return bad(CHECK, say.BOOT_MISSING, say.BOOT_MISSING_FIX, piece=name)
    if change.what == "different":
        return bad(CHECK, say.BOOT_DIFFERENT, say.BOOT_DIFFERENT_FIX, piece=name, lines=len(change.lines))
    if not how.active:
        return warn(CHECK, say.BOOT_IDLE, say.BOOT_MISSING_FIX, piece=name, says=how.says or "?")
    return ok(CHECK, say.BOOT_OK, piece=name, says=how.says)
