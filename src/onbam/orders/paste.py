"""An order as the block a person pastes into the ERP, when the interface is down or the robot may not.

For: `onbam orders paste`, the order's page.
Promises: the block is what the robot would have sent, from the document as it was kept and the code book of now; whatever could
bring a second slip is refused or said before the block is given.
Refuses: an order the robot may enter at the same time; an order with something to look at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from onbam.claims.model import Item, State
from onbam.connectors.ecount.contract import Slip
from onbam.connectors.ecount.paste import as_block
from onbam.connectors.ecount.settings import EcountSettings
from onbam.kernel.errors import Refused
from onbam.kernel.words import Said
from onbam.orders import paste_words as say
from onbam.orders.card import card_of
from onbam.orders.codes import CodeBook
from onbam.orders.desk_acts import NotNow
from onbam.orders.evidence import DOCUMENT, Evidence
from onbam.orders.model import Asked
from onbam.orders.slip import coded
from onbam.orders.understanding import understand_bytes

ROBOTS: Final = (State.WAITING, State.FAILED, State.PROCESSING)
"""Where the robot may enter an order by itself; anywhere else there is nothing to park."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a person pastes, and what to mind."""

    slip: Slip
    block: str
    warnings: tuple[Said, ...] = ()


def pasted(
    item: Item,
    evidence: Evidence,
    book: CodeBook,
    settings: EcountSettings,
    *,
    document: bytes | None = None,
    again: bool = False,
) -> Pasted:
    """The block of an order. `document`: a saved file instead of what was kept; `again`: also when it is in the ERP."""
    warnings = _minded(item, again=again)
    slip = _slip(item, document if document is not None else _kept(item, evidence), book)
    if not carries_key(settings):
        warnings.append(say.NO_KEY())
    return Pasted(slip, as_block(slip, settings), tuple(warnings))


def carries_key(settings: EcountSettings) -> bool:
    """Whether the shop's columns bring our number into the ERP."""
    columns = settings.paste_columns
    return "key" in columns or (settings.key_field == "REMARKS" and "remarks" in columns)


def _minded(item: Item, *, again: bool) -> list[Said]:
    """What a person must know before pasting; what must not be pasted is refused."""
    match item.state:
        case state if state in ROBOTS:
            raise NotNow(say.PARK_FIRST(key=item.key), say.PARK_FIRST_HINT())
        case State.COMPLETED if not again:
            raise NotNow(say.IS_THERE(key=item.key, receipt=item.receipt or "?"), say.IS_THERE_HINT())
        case State.COMPLETED:
            return [say.WAS_THERE(key=item.key, receipt=item.receipt or "?")]
        case State.UNCERTAIN:
            return [say.MAY_BE_THERE(key=item.key)]
        case State.CANCELLED:
            return [say.WAS_CANCELLED(key=item.key)]
    return []


def _kept(item: Item, evidence: Evidence) -> bytes:
    piece = evidence.last(item.ref, DOCUMENT)
    if piece is None:
        raise Refused(say.NO_DOCUMENT(key=item.key), say.NO_DOCUMENT_HINT)
    return evidence.read(piece)


def _slip(item: Item, raw: bytes, book: CodeBook) -> Slip:
    form = understand_bytes(raw, Asked(item.key, card_of(item).entry.kind))
    if form.number != item.key:
        raise Refused(say.OTHER_DOCUMENT(key=item.key, found=form.number or "?"))
    if form.state == "cancelled":
        raise Refused(say.IS_CANCELLED(key=item.key), say.IS_CANCELLED_HINT(key=item.key))
    answer = coded(form, book)
    if isinstance(answer, Slip):
        return answer
    first = answer[0]
    raise Refused(
        say.NOT_READY(key=item.key, count=len(answer), place=first.place, first=first.text), say.NOT_READY_HINT, item=item.key
    )
