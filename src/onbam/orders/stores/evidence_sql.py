"""Evidence in a database.

For: every installation.
Promises: a piece and its bytes are committed together; of two PCs that keep the same bytes at once both find them afterwards.
Refuses: to overwrite bytes that are there: what has a fingerprint does not change.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from onbam.claims.model import Ref
from onbam.database.engine import Database
from onbam.orders.evidence import Piece, packed, piece_of, unpacked
from onbam.orders.tables import order_blobs, order_pieces

_p: Final = order_pieces.c


class SqlEvidence:
    """Pieces in a table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, ref: Ref, *, token: int, attempt: int, step: str, name: str, media: str, body: bytes, by: str) -> Piece:
        """Keep it; the same piece again is the one that is there."""
        piece = piece_of(ref, token=token, attempt=attempt, step=step, name=name, media=media, body=body, by=by, at_ms=0)
        raw = packed(body)
        try:
            return self._keep(piece, raw)
        except IntegrityError:  # another PC kept the same bytes this very moment: now they are there
            return self._keep(piece, raw)

    def _keep(self, piece: Piece, raw: bytes) -> Piece:
        with self._database.write() as connection:
            known = _same(connection, piece)
            if known is not None:
                return known
            now_ms = self._database.clock_ms(connection)
            there = sa.select(order_blobs.c.sha256).where(order_blobs.c.sha256 == piece.sha256)
            if connection.execute(there).first() is None:
                connection.execute(sa.insert(order_blobs).values(sha256=piece.sha256, packed=raw, at_ms=now_ms))
            row = _row(piece) | {"at_ms": now_ms}
            connection.execute(sa.insert(order_pieces).values(row))
        return _piece(row)

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


def _same(connection: Connection, piece: Piece) -> Piece | None:
    kind, key, token, step, name, sha256 = piece.mark
    same = sa.and_(_p.kind == kind, _p.key == key, _p.token == token, _p.step == step, _p.name == name, _p.sha256 == sha256)
    row = connection.execute(sa.select(order_pieces).where(same)).mappings().first()
    return None if row is None else _piece(row)


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
