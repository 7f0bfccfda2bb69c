"""Another place decides from now on who works on what: it is told what was completed before, and begins with nothing open.

For: the agent, before it takes its seat.
Promises: when the settings name another place than this PC last worked with (a sheet instead of the database, another sheet,
the database again), the new one learns from this PC's history file which orders are completed, before any is taken there; while
it is not known of an order whether it was entered, this PC does not change over.
Refuses: to judge two databases: that the one in use knows what was sent is `went_back.py`'s; to speak for other PCs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from onbam.claims.model import Ref
from onbam.claims.ports import ClaimStore, Memory
from onbam.effects.ports import EffectLedger
from onbam.kernel.errors import Misconfigured
from onbam.kernel.files import write_whole
from onbam.orders import went_back_words as say
from onbam.orders.went_back import tell

FILE: Final = "decides.txt"
"""In the data folder: which place decided when this PC last worked."""
DATABASE: Final = "database"
SHOWN: Final = 5


def change_over(
    note: Path,
    decides: str,
    store: ClaimStore,
    ledger: EffectLedger,
    done: Callable[[], Sequence[Memory]],
    why: str,
) -> int:
    """Answers how many orders the new place did not know; raises `Misconfigured` while something is open."""
    before = _read(note)
    told = 0
    if before not in ("", decides):
        completed = done()
        _check_nothing_open(ledger, {memory.ref for memory in completed}, before)
        told = tell(store, completed, why)
    if before != decides:
        write_whole(note, f"{decides}\n")
    return told


def _check_nothing_open(ledger: EffectLedger, completed: set[Ref], before: str) -> None:
    """A doubt is settled where it arose: its lease, and with it the proof that nothing is on its way, stays behind."""
    doubts = [Ref(one.kind, one.item) for one in ledger.doubts()]
    numbers = sorted({ref.key for ref in doubts if ref not in completed})
    if numbers:
        shown = ", ".join(numbers[:SHOWN])
        raise Misconfigured(
            say.STILL_OPEN(count=len(numbers), numbers=shown, before=before), say.STILL_OPEN_HINT(before=before)
        )


def _read(note: Path) -> str:
    try:
        return note.read_text("utf-8").strip()
    except (OSError, ValueError):
        return ""
