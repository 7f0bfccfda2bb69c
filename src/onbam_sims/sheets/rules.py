"""What Google's merging of collaborators may do to uniqueness, as switches.

For: creations of ids and names, and overwriting appends; everything that two callers can do "at the same time".
Promises: with no switch on, every rule is the strict one; a race happens only between two writes within the switch's window,
and each of its variants has a name (`duplicated`, `renamed`, `dropped`, `replaced`; `random` draws one each time).
Refuses: a variant that does not exist.
"""

from __future__ import annotations

import random

from onbam_sims.faults import Fault, Faults
from onbam_sims.sheets.book import Draft

DEFAULT_WINDOW_S = 1.0
VARIANTS = ("duplicated", "renamed", "dropped", "replaced")


class Rules:
    """The switchboard as the requests see it."""

    __slots__ = ("chance", "faults")

    def __init__(self, faults: Faults, chance: random.Random) -> None:
        self.faults = faults
        self.chance = chance

    def overlap(self, now: float, born: float, allowed: set[str]) -> str | None:
        """The variant of the race between a creation now and an existing one, or nothing: then the strict rule holds."""

        def overlapping(fault: Fault) -> bool:
            return now - born <= float(fault.get("window", DEFAULT_WINDOW_S))

        fault = self.faults.strike("race_merge", when=overlapping)
        if fault is None:
            return None
        variant = fault.get("variant", "duplicated")
        if variant == "random":
            return self.chance.choice(sorted(allowed))
        if variant not in VARIANTS:
            raise ValueError(f"race_merge knows no variant {variant!r}; it knows: {', '.join(VARIANTS)}, random")
        return variant if variant in allowed else "renamed"

    def conflict_name(self, name: str) -> str:
        """The name the second of two overlapping additions ends up with."""
        return f"{name}_conflict{self.chance.randrange(10**8, 10**9)}"

    def still_seen(self, draft: Draft, name: object) -> bool:
        """Does validation, looking at a slightly old snapshot, still see what was deleted?"""
        gone = draft.book.tombs.get(name)
        if gone is None:
            return False
        return (
            self.faults.strike("stale_validation", when=lambda f: draft.now - gone <= float(f.get("seconds", DEFAULT_WINDOW_S)))
            is not None
        )

    def collision(self, draft: Draft, last: tuple[float, int] | None, *, cells: bool) -> int | None:
        """The row an overwriting append collides on, or nothing. `cells`: the append is an `appendCells` request."""
        if last is None:
            return None
        since, row = last

        def overlapping(fault: Fault) -> bool:
            return draft.now - since <= float(fault.get("window", DEFAULT_WINDOW_S)) and (
                not cells or bool(fault.get("append_cells", False))
            )

        return row if self.faults.strike("append_collision", when=overlapping) else None
