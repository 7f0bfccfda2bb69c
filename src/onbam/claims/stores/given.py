"""An item that was just given out, put together from what a claim leaves as it was.

For: the two short cuts next door: everything else about it they know, and need not carry from the database.
Promises: the item that `rules.claimed` makes.
Refuses: to decide.
"""

from __future__ import annotations

from typing import Final

from onbam.claims.model import Agent, Item, Phase, State, Terms

KEPT: Final = ("key", "token", "attempt", "crashes", "step", "note", "receipt", "data", "version", "added_at_ms")
"""What a short cut asks of a row."""
Kept = tuple[str, int, int, int, str, str, str, str, int, int]


def given(by: Agent, holder: str, kind: str, row: Kept, terms: Terms, now_ms: int) -> Item:
    """The item after its claim, from its row after the claim."""
    key, token, attempt, crashes, step, note, receipt, data, version, added_at_ms = row
    return Item(
        kind,
        key,
        State.PROCESSING,
        Phase.CLAIMED,
        token,
        attempt,
        crashes,
        holder,
        by.machine_id,
        by.agent_id,
        now_ms,
        now_ms + terms.lease_ms,
        now_ms + terms.limit_ms,
        terms.lease_ms,
        None,
        0,
        None,
        step,
        note,
        receipt,
        data,
        version,
        added_at_ms,
        now_ms,
    )
