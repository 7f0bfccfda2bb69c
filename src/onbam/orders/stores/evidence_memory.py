"""Evidence in memory: for tests and simulations.

For: everything that runs without a database.
Promises: the same answers as the kept one.
Refuses: to remember over a restart.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

from onbam.claims.model import Ref
from onbam.kernel.clock import Clock
from onbam.orders.evidence import Lot, Part, Piece, packed, page, pieces_of, place_of, unpacked


class MemoryEvidence:
    """Pieces in a dictionary."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pieces: dict[tuple[str, str, int, str, str, str], Piece] = {}
        self._blobs: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def keep(self, ref: Ref, *, token: int, attempt: int, step: str, name: str, media: str, body: bytes, by: str) -> Piece:
        """Keep it; the same piece again is the one that is there."""
        return self.keep_all(ref, [Part(step, name, media, body)], token=token, attempt=attempt, by=by)[0]

    def keep_all(self, ref: Ref, parts: Sequence[Part], *, token: int, attempt: int, by: str) -> Sequence[Piece]:
        """Keep them together."""
        return self.keep_lots([Lot(ref, parts, token, attempt, by)])

    def keep_lots(self, lots: Sequence[Lot]) -> Sequence[Piece]:
        """Keep them together."""
        at_ms = self.now_ms()
        pieces = [piece for lot in lots for piece in pieces_of(lot, at_ms=at_ms)]
        parts = [part for lot in lots for part in lot.parts]
        with self._lock:
            for piece, part in zip(pieces, parts, strict=True):
                if piece.sha256 not in self._blobs:
                    self._blobs[piece.sha256] = packed(part.body)
            return [self._pieces.setdefault(piece.mark, piece) for piece in pieces]

    def of(self, ref: Ref) -> Sequence[Piece]:
        """Everything kept of an item."""
        with self._lock:
            return [piece for piece in self._pieces.values() if piece.ref == ref]

    def last(self, ref: Ref, step: str) -> Piece | None:
        """The newest piece of a step."""
        return next((piece for piece in reversed(self.of(ref)) if piece.step == step), None)

    def read(self, piece: Piece) -> bytes:
        """Its bytes."""
        with self._lock:
            raw = self._blobs.get(piece.sha256)
        return unpacked(piece, raw)

    def old(self, before_ms: int, *, limit: int, after: str = "") -> tuple[Sequence[Ref], str]:
        """Items whose newest piece is older than that."""
        newest: dict[Ref, int] = {}
        with self._lock:
            for piece in self._pieces.values():
                newest[piece.ref] = max(newest.get(piece.ref, 0), piece.at_ms)
        marks = sorted((at_ms, ref.kind, ref.key) for ref, at_ms in newest.items() if at_ms < before_ms)
        return page([mark for mark in marks if not after or mark > place_of(after)], limit)

    def forget(self, refs: Sequence[Ref]) -> int:
        """Let go of everything kept of them."""
        gone = set(refs)
        with self._lock:
            self._pieces = {mark: piece for mark, piece in self._pieces.items() if piece.ref not in gone}
            shown = {piece.sha256 for piece in self._pieces.values()}
            freed = [sha256 for sha256 in self._blobs if sha256 not in shown]
            return sum(len(self._blobs.pop(sha256)) for sha256 in freed)

    def size(self) -> int:
        """How many bytes all of it takes."""
        with self._lock:
            return sum(map(len, self._blobs.values()))

    def now_ms(self) -> int:
        """The clock its times are on."""
        return int(self._clock.now().timestamp() * 1000)
