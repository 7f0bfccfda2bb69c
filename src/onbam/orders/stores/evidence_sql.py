"""Evidence in a database.

For: every installation.
Promises: a piece and its bytes are committed together; of two PCs that keep the same bytes at once both find them afterwards.
Refuses: to overwrite bytes that are there: what has a fingerprint does not change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.engine import Connection

from onbam.claims.model import Ref
from onbam.database.engine import Database
from onbam.database.lean import LeanConnection
from onbam.database.prepared import Prepared, StoreClock
from onbam.orders.evidence import Lot, Part, Piece, packed, page, pieces_of, place_of, unpacked
from onbam.orders.tables import order_blobs, order_pieces

_p: Final = order_pieces.c
_b: Final = order_blobs.c
_mine: Final = (_p.kind == sa.bindparam("k"), _p.key == sa.bindparam("y"))
_NAMES: Final = ("kind", "key", "token", "attempt", "step", "name", "media", "sha256", "size", "at_ms", "by")
_BLOB_NAMES: Final = ("sha256", "packed", "at_ms")
_columns: Final = [_p[name] for name in _NAMES]
_OF: Final = Prepared(sa.select(*_columns).where(*_mine).order_by(_p.id))
_UNDER: Final = Prepared(sa.select(*_columns).where(*_mine, _p.token == sa.bindparam("token")).order_by(_p.id))
_LAST: Final = Prepared(sa.select(*_columns).where(*_mine, _p.step == sa.bindparam("step")).order_by(_p.id.desc()).limit(1))
_newest: Final = sa.func.max(_p.at_ms)
_START: Final = (-1, "", "")
_OLD: Final = Prepared(
    sa.select(_newest, _p.kind, _p.key)
    .group_by(_p.kind, _p.key)
    .having(_newest < sa.bindparam("before", type_=sa.BigInteger))
    .having(
        sa.or_(
            _newest > sa.bindparam("at", type_=sa.BigInteger),
            sa.and_(_newest == sa.bindparam("at2", type_=sa.BigInteger), _p.kind > sa.bindparam("kind")),
            sa.and_(
                _newest == sa.bindparam("at3", type_=sa.BigInteger),
                _p.kind == sa.bindparam("kind2"),
                _p.key > sa.bindparam("key"),
            ),
        )
    )
    .order_by(_newest, _p.kind, _p.key)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_SHOWN_BY: Final = Prepared(sa.select(_p.sha256).where(*_mine).distinct())
_FORGET: Final = Prepared(sa.delete(order_pieces).where(*_mine))
_unshown: Final = (
    _b.sha256 == sa.bindparam("sha256"),
    _b.at_ms <= sa.bindparam("before", type_=sa.BigInteger),
    ~sa.exists().where(_p.sha256 == _b.sha256),
)
_WEIGHT: Final = Prepared(sa.select(sa.func.length(_b.packed)).where(*_unshown))
_DROP: Final = Prepared(sa.delete(order_blobs).where(*_unshown))
_SIZE: Final = Prepared(sa.select(sa.func.coalesce(sa.func.sum(sa.func.length(_b.packed)), 0)))
REST_MS: Final = 3_600_000
"""Bytes that somebody kept within this time stay: he may be about to show them."""
_BYTES: Final = Prepared(sa.select(_b.packed).where(_b.sha256 == sa.bindparam("sha256")))


def _unless_there(table: sa.Table, names: Sequence[str]) -> Mapping[str, Prepared]:
    """Insert what is not there yet; another PC may keep the same this very moment."""
    values: dict[str, Any] = {name: sa.bindparam(name) for name in names}
    return {
        "sqlite": Prepared(sqlite.insert(table).values(values).on_conflict_do_nothing(), order=names),
        "postgresql": Prepared(postgresql.insert(table).values(values).on_conflict_do_nothing(), order=names),
        "mysql": Prepared(sa.insert(table).values(values).prefix_with("IGNORE"), order=names),
    }


def _touched() -> Mapping[str, Prepared]:
    """Insert bytes, or say of those that are there that they are wanted now: whoever makes room waits for that, and sees it."""
    values: dict[str, Any] = {name: sa.bindparam(name) for name in _BLOB_NAMES}
    on_sqlite, on_postgresql = sqlite.insert(order_blobs).values(values), postgresql.insert(order_blobs).values(values)
    on_mysql = mysql.insert(order_blobs).values(values)
    return {
        "sqlite": Prepared(
            on_sqlite.on_conflict_do_update(index_elements=[_b.sha256], set_={"at_ms": on_sqlite.excluded.at_ms}),
            order=_BLOB_NAMES,
        ),
        "postgresql": Prepared(
            on_postgresql.on_conflict_do_update(index_elements=[_b.sha256], set_={"at_ms": on_postgresql.excluded.at_ms}),
            order=_BLOB_NAMES,
        ),
        "mysql": Prepared(on_mysql.on_duplicate_key_update({"at_ms": on_mysql.inserted.at_ms}), order=_BLOB_NAMES),
    }


_NEW_BLOB: Final = _touched()
_NEW_PIECE: Final = _unless_there(order_pieces, _NAMES)
_AnyConnection = Connection | LeanConnection


class SqlEvidence:
    """Pieces in a table."""

    def __init__(self, database: Database) -> None:
        lean = database.lean
        self._write = lean.write if lean else database.write
        self._look = lean.alone if lean else database.read
        self._now_ms = StoreClock(database)

    def keep(self, ref: Ref, *, token: int, attempt: int, step: str, name: str, media: str, body: bytes, by: str) -> Piece:
        """Keep it; the same piece again is the one that is there."""
        return self.keep_all(ref, [Part(step, name, media, body)], token=token, attempt=attempt, by=by)[0]

    def keep_all(self, ref: Ref, parts: Sequence[Part], *, token: int, attempt: int, by: str) -> Sequence[Piece]:
        """Keep them in one transaction."""
        return self.keep_lots([Lot(ref, parts, token, attempt, by)])

    def keep_lots(self, lots: Sequence[Lot]) -> Sequence[Piece]:
        """Keep them in one transaction."""
        made = [piece for lot in lots for piece in pieces_of(lot, at_ms=0)]
        bodies = [part.body for lot in lots for part in lot.parts]
        blobs = {piece.sha256: packed(body) for piece, body in zip(made, bodies, strict=True)}
        with self._write() as connection:
            dialect, now_ms = connection.dialect.name, self._now_ms(connection)
            _NEW_BLOB[dialect].run_many(connection, [(sha256, blob, now_ms) for sha256, blob in sorted(blobs.items())])
            pieces = [replace(one, at_ms=now_ms) for one in made]
            fresh = list(dict.fromkeys(pieces))
            if _NEW_PIECE[dialect].run_many(connection, [_row(one) for one in fresh]) == len(fresh):
                return pieces
            known = _known(connection, pieces)  # some were there already: those are the ones
        return [known[one.mark] for one in pieces]

    def of(self, ref: Ref) -> Sequence[Piece]:
        """Everything kept of an item."""
        with self._look() as connection:
            return [_piece(row) for row in _OF.rows(connection, {"k": ref.kind, "y": ref.key})]

    def last(self, ref: Ref, step: str) -> Piece | None:
        """The newest piece of a step."""
        with self._look() as connection:
            rows = _LAST.rows(connection, {"k": ref.kind, "y": ref.key, "step": step})
        return _piece(rows[0]) if rows else None

    def read(self, piece: Piece) -> bytes:
        """Its bytes."""
        with self._look() as connection:
            rows = _BYTES.rows(connection, {"sha256": piece.sha256})
        return unpacked(piece, bytes(rows[0][0]) if rows else None)

    def old(self, before_ms: int, *, limit: int, after: str = "") -> tuple[Sequence[Ref], str]:
        """Items whose newest piece is older than that."""
        at_ms, kind, key = place_of(after) if after else _START
        place = {"at": at_ms, "at2": at_ms, "at3": at_ms, "kind": kind, "kind2": kind, "key": key}
        with self._look() as connection:
            rows = _OLD.rows(connection, {"before": before_ms, "most": limit + 1, **place})
        return page([(int(at), kind, key) for at, kind, key in rows], limit)

    def forget(self, refs: Sequence[Ref]) -> int:
        """Let go of everything kept of them; an item a transaction, so that nobody waits long."""
        return sum(map(self._forget, refs))

    def _forget(self, ref: Ref) -> int:
        mine = {"k": ref.kind, "y": ref.key}
        freed = 0
        with self._write() as connection:
            before_ms = self._now_ms(connection) - REST_MS
            shown = sorted(row[0] for row in _SHOWN_BY.rows(connection, mine))
            _FORGET.run(connection, mine)
            for sha256 in shown:
                one = {"sha256": sha256, "before": before_ms}
                weight = _WEIGHT.rows(connection, one)
                if weight and _DROP.run(connection, one):
                    freed += int(weight[0][0])
        return freed

    def size(self) -> int:
        """How many bytes all of it takes."""
        with self._look() as connection:
            return int(_SIZE.rows(connection, {})[0][0])

    def now_ms(self) -> int:
        """The clock its times are on."""
        with self._look() as connection:
            return self._now_ms(connection)


def _known(connection: _AnyConnection, pieces: Iterable[Piece]) -> dict[tuple[str, str, int, str, str, str], Piece]:
    """What is kept already under the same leases."""
    leases = dict.fromkeys((piece.ref, piece.token) for piece in pieces)
    values = [{"k": ref.kind, "y": ref.key, "token": token} for ref, token in leases]
    return {one.mark: one for each in values for one in map(_piece, _UNDER.rows(connection, each))}


def _row(piece: Piece) -> tuple[Any, ...]:
    """The values of `_NAMES`."""
    one = piece
    place = (one.ref.kind, one.ref.key, one.token, one.attempt)
    return (*place, one.step, one.name, one.media, one.sha256, one.size, one.at_ms, one.by)


def _piece(row: Sequence[Any]) -> Piece:
    kind, key, *rest = row
    return Piece(Ref(kind, key), *rest)
