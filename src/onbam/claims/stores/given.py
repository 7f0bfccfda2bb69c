"""An item that was just given out, put together from what a claim leaves as it was.

For: the two short cuts next door: everything else about it they know, and need not carry from the database.
Promises: the item that `rules.claimed` makes.
Refuses: to decide.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from onbam.claims.model import Agent, Item, Phase, State, Terms

KEPT: Final = ("key", "token", "attempt", "crashes", "step", "note", "receipt", "data", "version", "added_at_ms")
"""What a short cut asks of a row."""
Kept = tuple[str, int, int, int, str, str, str, str, int, int]


def given(by: Agent, kind: str, rows: Iterable[Kept], terms: Terms, now_ms: int) -> list[Item]:
    """The items after their claim, from their rows after the claim."""
    lease = (now_ms, now_ms + terms.lease_ms, now_ms + terms.limit_ms, terms.lease_ms, None, 0, None)
    same = (by.holder, by.machine_id, by.agent_id, *lease)
    make, held, sent = Item._make, State.PROCESSING, Phase.CLAIMED
    return [
        make((kind, key, held, sent, token, attempt, crashes, *same, step, note, receipt, data, version, added, now_ms))
        for key, token, attempt, crashes, step, note, receipt, data, version, added in rows
    ]
