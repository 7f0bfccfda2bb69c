"""The notices of this room.

For: the performer and the settler.
Promises: one key for one item's doubt, so that it opens once and closes when it is settled, whoever settles it.
Refuses: what was sent: a notice names the key to look for and nothing of the content.
"""

from __future__ import annotations

from typing import Final

from onbam.claims.model import Item, Ref
from onbam.effects import words as say
from onbam.effects.model import Try
from onbam.notices.model import KEY_MAX, Cause, Severity

DOUBT: Final = "uncertain:"
"""How the keys of notices about uncertain items begin."""


def doubt_key(kind: str, key: str) -> str:
    """The cause of an uncertain item."""
    return f"{DOUBT}{kind}:{key}"[:KEY_MAX]


def doubt_about(notice_key: str) -> Ref | None:
    """Which item such a notice is about; none when it is another notice, or the key was too long to be told whole."""
    if not notice_key.startswith(DOUBT) or len(notice_key) >= KEY_MAX:
        return None
    kind, _, key = notice_key.removeprefix(DOUBT).partition(":")
    return Ref(kind, key)


def unknown(item: Item, about: Try | None) -> Cause:
    """Whether an act happened is not known."""
    return Cause(
        doubt_key(item.kind, item.key),
        Severity.URGENT,
        say.UNKNOWN(item=item.key),
        say.UNKNOWN_ADVICE(key=about.key if about else item.key),
        f"/items/{item.kind}/{item.key}"[:200],
    )


def twice(one: Try) -> Cause:
    """A receipt came after the verdict that there was none."""
    return Cause(
        f"twice:{one.key}"[:191],
        Severity.URGENT,
        say.TWICE(item=one.item),
        say.TWICE_ADVICE(key=one.key, receipt=one.receipt),
        f"/items/{one.kind}/{one.item}"[:200],
    )


def changed(proof: Try) -> Cause:
    """What was sent is not what would be sent now."""
    return Cause(
        f"changed:{proof.key}"[:191],
        Severity.WARN,
        say.CHANGED(item=proof.item),
        say.CHANGED_ADVICE(receipt=proof.receipt),
        f"/items/{proof.kind}/{proof.item}"[:200],
    )
