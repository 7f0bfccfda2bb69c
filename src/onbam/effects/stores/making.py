"""The first entry of a try, the same in every store."""

from __future__ import annotations

from onbam.claims.model import Item
from onbam.effects.model import WHO_MAX, Effect, Outcome, Try
from onbam.journal.model import clipped


def intended(effect: Effect, item: Item, who: str, number: int, nonce: str, *, now_ms: int, deadline_in_ms: int) -> Try:
    """An intent."""
    return Try(
        key=effect.key,
        number=number,
        what=effect.what,
        kind=item.kind,
        item=item.key,
        token=item.token,
        who=clipped(who, WHO_MAX),
        payload_hash=effect.payload_hash,
        last=effect.last,
        nonce=nonce,
        outcome=Outcome.INTENT,
        at_ms=now_ms,
        deadline_ms=now_ms + deadline_in_ms,
        evidence=effect.evidence,
    )
