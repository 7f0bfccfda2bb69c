"""What each step of an order leaves behind: the bytes as they were, who kept them, and when.

For: the flow, which goes on from the last evidence that is still valid; the story of an order; the person who has to decide.
Promises: the same bytes are kept once however many orders or attempts left them, compressed, under their fingerprint; keeping
the same piece again changes nothing and answers the piece that is there; what is read is what was kept, or `Damaged`.
Refuses: a body beyond `BODY_MAX`; to say what evidence means: that is the step's business.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from onbam.claims.model import Ref
from onbam.journal.model import clipped
from onbam.kernel.errors import Damaged, Refused
from onbam.orders import flow_words as say

LEDGER: Final = "ledger"
"""The row of the ledger in which the order was seen."""
DOCUMENT: Final = "document"
"""The paper, byte for byte."""
FORM: Final = "form"
"""What it says, in our words, as JSON."""
SLIP: Final = "slip"
"""What would be entered, as JSON."""
INTENT: Final = "intent"
"""What was about to be sent, written before it was sent."""
RECEIPT: Final = "receipt"
"""The ERP's answer."""
PAGE: Final = "page"
"""A page nobody understood."""
ERROR: Final = "error"
"""What went wrong, in words."""
TAKEN_BACK: Final = "taken-back.json"
"""The name of the ledger's row when it says that the supplier cancelled the order."""
STEPS: Final = (LEDGER, DOCUMENT, FORM, SLIP, INTENT, RECEIPT, PAGE, ERROR)

BODY_MAX: Final = 32 * 1024 * 1024
"""Larger than any page that is read at all."""
STEP_MAX: Final = 20
NAME_MAX: Final = 120
MEDIA_MAX: Final = 60
BY_MAX: Final = 120
JSON: Final = "application/json"
HTML: Final = "text/html"
TEXT: Final = "text/plain; charset=utf-8"
BYTES: Final = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence, without its bytes. Times are milliseconds of the store's clock."""

    ref: Ref
    token: int
    """Under which lease it was kept; 0: before any, as the ledger's row is."""
    attempt: int
    step: str
    """One of `STEPS`."""
    name: str
    """As a file would be called: `2601050229.html`."""
    media: str
    sha256: str
    size: int
    at_ms: int
    by: str
    """Role and name, as in the journal."""

    @property
    def mark(self) -> tuple[str, str, int, str, str, str]:
        """What makes it this piece and no other."""
        return (self.ref.kind, self.ref.key, self.token, self.step, self.name, self.sha256)


@dataclass(frozen=True, slots=True)
class Part:
    """What a step leaves, before it is kept."""

    step: str
    name: str
    media: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Lot:
    """What one attempt leaves of one order."""

    ref: Ref
    parts: Sequence[Part]
    token: int
    attempt: int
    by: str


class Evidence(Protocol):
    """Where evidence lies for all PCs."""

    def keep_lots(self, lots: Sequence[Lot]) -> Sequence[Piece]:
        """As `keep_all`, of several orders together."""
        ...

    def keep_all(self, ref: Ref, parts: Sequence[Part], *, token: int, attempt: int, by: str) -> Sequence[Piece]:
        """Keep them together or not at all; a piece that is there already is answered as it is. Raises `Transient`."""
        ...

    def keep(self, ref: Ref, *, token: int, attempt: int, step: str, name: str, media: str, body: bytes, by: str) -> Piece:
        """Keep it; the same piece again is the one that is there. Raises `Transient` when it could not be kept."""
        ...

    def of(self, ref: Ref) -> Sequence[Piece]:
        """Everything kept of an item, in the order in which it was kept."""
        ...

    def last(self, ref: Ref, step: str) -> Piece | None:
        """The newest piece of a step."""
        ...

    def read(self, piece: Piece) -> bytes:
        """Its bytes; `Damaged` when they are not what was kept."""
        ...

    def old(self, before_ms: int, *, limit: int, after: str = "") -> tuple[Sequence[Ref], str]:
        """Items whose newest piece is older than that, the oldest first; where to go on, empty at the end."""
        ...

    def forget(self, refs: Sequence[Ref]) -> int:
        """Let go of everything kept of them; bytes that other items show too stay. Answers how many bytes became free."""
        ...

    def size(self) -> int:
        """How many bytes all of it takes, packed."""
        ...

    def now_ms(self) -> int:
        """The clock its times are on."""
        ...


def piece_of(ref: Ref, part: Part, *, token: int, attempt: int, by: str, at_ms: int) -> Piece:
    """The piece a part becomes; `Refused` beyond the limit."""
    assert part.step in STEPS, f"no step leaves evidence of the sort {part.step!r}"
    size = len(part.body)
    if size > BODY_MAX:
        raise Refused(say.EVIDENCE_LARGE(item=ref, size=size, limit=BODY_MAX), say.EVIDENCE_LARGE_HINT)
    digest = hashlib.sha256(part.body).hexdigest()
    name, by = clipped(part.name, NAME_MAX), clipped(by, BY_MAX)
    return Piece(ref, token, attempt, part.step, name, part.media[:MEDIA_MAX], digest, size, at_ms, by)


def pieces_of(lot: Lot, *, at_ms: int) -> list[Piece]:
    """The pieces a lot becomes."""
    return [piece_of(lot.ref, part, token=lot.token, attempt=lot.attempt, by=lot.by, at_ms=at_ms) for part in lot.parts]


def ever_taken_back(pieces: Sequence[Piece]) -> bool:
    """Whether the ledger has said at some time that the supplier cancelled the order."""
    return any(piece.step == LEDGER and piece.name == TAKEN_BACK for piece in pieces)


def packed(body: bytes) -> bytes:
    """As it lies in a store."""
    return zlib.compress(body, 6)


def unpacked(piece: Piece, raw: bytes | None) -> bytes:
    """As it was kept, proven by its fingerprint; a packed bomb is not unpacked further than the piece is long."""
    if raw is not None:
        stream = zlib.decompressobj()
        try:
            body = stream.decompress(raw, piece.size + 1)
        except zlib.error:
            body = b""
        if len(body) == piece.size and hashlib.sha256(body).hexdigest() == piece.sha256:
            return body
    raise Damaged(say.EVIDENCE_DAMAGED(item=piece.ref, name=piece.name), say.EVIDENCE_DAMAGED_HINT, sha256=piece.sha256)


def page(marks: Sequence[tuple[int, str, str]], limit: int) -> tuple[Sequence[Ref], str]:
    """The first of these, and where to go on: time of the newest piece, kind, key."""
    first = marks[:limit]
    after = ":".join(map(str, first[-1])) if len(marks) > limit else ""
    return [Ref(kind, key) for _, kind, key in first], after


def place_of(after: str) -> tuple[int, str, str]:
    """Where to go on."""
    at_ms, kind, key = after.split(":", 2)
    return int(at_ms), kind, key
