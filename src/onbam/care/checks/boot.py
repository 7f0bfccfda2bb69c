"""Whether the operating system starts this installation by itself.

For: the check-up.
Promises: what is registered is held against what this installation would register now, whichever way it was installed (for the
person or for the whole machine); nothing registered is a warning, something registered that starts another folder is bad.
Refuses: to register anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from onbam.care import words as say
from onbam.kernel.checks import Finding, warn

if TYPE_CHECKING:
    from onbam.guard.boot.install import Change
    from onbam.guard.boot.systems import System

NAME = "boot"


def starts_at_boot(ways: Iterable[Callable[[], System]]) -> Iterator[Finding]:
    """Of the ways it may have been installed, the one that fits best is looked at."""
    from onbam.guard.boot.install import look, plan

    found: list[tuple[int, System]] = []
    for way in ways:
        system = way()
        changes = plan(system)
        if any(change.what != "new" for change in changes):
            found.append((_distance(changes), system))
    if not found:
        yield warn(NAME, say.BOOT_NOTHING, say.BOOT_NOTHING_FIX)
        return
    _, best = min(found, key=lambda one: one[0])
    yield from (finding for _, finding in look(best))


def _distance(changes: list[Change]) -> int:
    """How far what is there lies from what should be."""
    return sum(len(change.lines) + (1_000 if change.what == "new" else 0) for change in changes)
