"""Evidence in a database.

For: every installation.
Promises: a piece and its bytes are committed together; of two PCs that keep the same bytes at once both find them afterwards.
Refuses: to overwrite bytes that are there: what has a fingerprint does not change.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from onbam.claims.model import Ref
from onbam.database.engine import Database
from onbam.orders.evidence import Part, Piece, packed, piece_of, unpacked
from onbam.orders.tables import order_blobs, order_pieces

_p: Final = order_pieces.c


class SqlEvidence:
    """Pieces in a table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, ref: Ref, *, token: int, attempt: int, step: str, name: str, media: str, body: bytes, by: str) -> Piece:
        """Keep it; the same piece again is the one that is there."""
        return self.keep_all(ref, [Part(step, name, media, body)], token=token, attempt=attempt, by=by)[0]

    def keep_all(self, ref: Ref, parts: Sequence[Part], *, token: int, attempt: int, by: str) -> Sequence[Piece]:
        """Keep them in one transaction."""
        pieces = [piece_of(ref, part, token=token, attempt=attempt, by=by, at_ms=0) for part in parts]
        blobs = {piece.sha256: packed(part.body) for piece, part in zip(pieces, parts, strict=True)}
        try:
            return self._keep(ref, pieces, blobs)
        except IntegrityError:  # another PC kept the same bytes this very moment: now they are there
            return self._keep(ref, pieces, blobs)

    def _keep(self, ref: Ref, pieces: Sequence[Piece], blobs: Mapping[str, bytes]) -> Sequence[Piece]:
        with self._database.write() as connection:
            known = {one.mark: one for one in _pieces(connection, ref, pieces[0].token)}
            fresh = [one for one in dict.fromkeys(pieces) if one.mark not in known]
            if fresh:
                now_ms = self._database.clock_ms(connection)
                missing = set(blobs) - _there(connection, blobs)
                rows = [{"sha256": sha256, "packed": blobs[sha256], "at_ms": now_ms} for sha256 in sorted(missing)]
                if rows:
                    connection.execute(sa.insert(order_blobs), rows)
                fresh = [replace(one, at_ms=now_ms) for one in fresh]
                connection.execute(sa.insert(order_pieces), [_row(one) for one in fresh])
        known |= {one.mark: one for one in fresh}
        return [known[one.mark] for one in pieces]

    def of(self, ref: Ref) -> Sequence[Piece]:
        """Everything kept of an item."""
        mine = sa.select(order_pieces).where(_p.kind == ref.kind, _p.key == ref.key).order_by(_p.id)
        with self._database.read() as connection:
            return [_piece(row) for row in connection.execute(mine).mappings()]

    def last(self, ref: Ref, step: str) -> Piece | None:
        """The newest piece of a step."""
        mine = sa.select(order_pieces).where(_p.kind == ref.kind, _p.key == ref.key, _p.step == step)
        with self._database.read() as connection:
            row = connection.execute(mine.order_by(_p.id.desc()).limit(1)).mappings().first()
        return None if row is None else _piece(row)

    def read(self, piece: Piece) -> bytes:
        """Its bytes."""
        blob = sa.select(order_blobs.c.packed).where(order_blobs.c.sha256 == piece.sha256)
        with self._database.read() as connection:
            raw = connection.execute(blob).scalar_one_or_none()
        return unpacked(piece, None if raw is None else bytes(raw))


def _pieces(connection: Connection, ref: Ref, token: int) -> list[Piece]:
    """What was kept under one lease."""
    mine = sa.select(order_pieces).where(_p.kind == ref.kind, _p.key == ref.key, _p.token == token)
    return [_piece(row) for row in connection.execute(mine).mappings()]


def _there(connection: Connection, blobs: Collection[str]) -> set[str]:
    """Which bytes are kept already."""
    return set(connection.execute(sa.select(order_blobs.c.sha256).where(order_blobs.c.sha256.in_(blobs))).scalars())


def _row(piece: Piece) -> dict[str, Any]:
    return {
        "kind": piece.ref.kind,
        "key": piece.ref.key,
        "token": piece.token,
        "attempt": piece.attempt,
        "step": piece.step,
        "name": piece.name,
        "media": piece.media,
        "sha256": piece.sha256,
        "size": piece.size,
        "at_ms": piece.at_ms,
        "by": piece.by,
    }


def _piece(row: Any) -> Piece:
    names = ("token", "attempt", "step", "name", "media", "sha256", "size", "at_ms", "by")
    return Piece(Ref(row["kind"], row["key"]), *(row[name] for name in names))
