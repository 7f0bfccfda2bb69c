"""The effect ledger in a database.

For: every installation.
Promises: an intent is durable when `intend` answers; a change of a try repeats what it was in the write and counts the rows;
each entry and its line in the journal are one transaction.
Refuses: to delete.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import fields
from operator import attrgetter
from typing import Any, Final, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from onbam.claims.model import Item, Ref
from onbam.database.engine import Database
from onbam.database.lean import LeanConnection
from onbam.database.prepared import Prepared, StoreClock
from onbam.effects import words as say
from onbam.effects.model import (
    DETAIL_MAX,
    RECEIPT_MAX,
    WHO_MAX,
    WHY_MAX,
    Clear,
    Done,
    Doubt,
    Effect,
    Outcome,
    Try,
    Verdict,
    Word,
    open_doubt,
    passed_over,
    settled,
    standing,
    told,
)
from onbam.effects.ports import Intended
from onbam.effects.stores.lines import line_of, verdict_line
from onbam.effects.stores.making import intended
from onbam.effects.tables import effects
from onbam.journal.model import clipped
from onbam.journal.sql import append_in
from onbam.kernel.errors import Damaged

_c: Final = effects.c
_FIELDS: Final = tuple(f.name for f in fields(Try))
_COLUMNS: Final = (*_FIELDS, "doubtful")
_SET: Final = _COLUMNS[2:]
_OUTCOME, _LAST, _VERDICT, _BY, _WHY = map(_FIELDS.index, ("outcome", "last", "verdict", "verdict_by", "verdict_why"))
_values: Final = attrgetter(*_COLUMNS)
_read: Final = sa.select(*(_c[name] for name in _FIELDS))
_of: Final = _read.where(_c.key == sa.bindparam("k")).order_by(_c.number)
_OF: Final = Prepared(_of)
_OF_LOCKED: Final = Prepared(_of.with_for_update())
_ABOUT: Final = Prepared(
    _read.where(_c.kind == sa.bindparam("k"), _c.item == sa.bindparam("i")).order_by(_c.at_ms, _c.key, _c.number)
)
_INSERT: Final = Prepared(sa.insert(effects).values({name: sa.bindparam(name) for name in _COLUMNS}), order=_COLUMNS)
_WAS: Final = ("was_key", "was_number", "was_outcome", "was_verdict")
_as_it_was: Final = (_c.key == sa.bindparam("was_key"), _c.number == sa.bindparam("was_number"))
_no_verdict: Final = sa.and_(_c.verdict.is_(None), sa.bindparam("was_verdict", type_=sa.String).is_(None))
_same_verdict: Final = sa.or_(_c.verdict == sa.bindparam("was_verdict", type_=sa.String), _no_verdict)
_CHANGE: Final = Prepared(
    sa.update(effects)
    .where(*_as_it_was, _c.outcome == sa.bindparam("was_outcome"), _same_verdict)
    .values({name: sa.bindparam(name) for name in _SET}),
    order=(*_SET, *_WAS),
)
_InTransaction = AbstractContextManager[Connection] | AbstractContextManager[LeanConnection]


class SqlTurn(Protocol):
    """A turn of a claim store that lies in this database."""

    @property
    def connection(self) -> Connection | LeanConnection:
        """Where it writes."""
        ...


class SqlLedger:
    """Tries in a table."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._clock = StoreClock(database)
        self.clash: tuple[type[Exception], ...] = (
            sa.exc.IntegrityError,
            database.engine.dialect.loaded_dbapi.IntegrityError,
        )

    def _write(self) -> _InTransaction:
        return self._database.lean.write() if self._database.lean else self._database.write()

    def _look(self) -> _InTransaction:
        return self._database.lean.read() if self._database.lean else self._database.read()

    def intend(self, effect: Effect, item: Item, who: str, nonce: str, *, deadline_in_ms: int) -> Intended | Done | Doubt:
        """Write the intent, or say how the key stands."""
        try:
            return self._intend(effect, item, who, nonce, deadline_in_ms=deadline_in_ms)
        except self.clash:  # somebody intended the same try this very moment: now it is a doubt, or more
            return self._intend(effect, item, who, nonce, deadline_in_ms=deadline_in_ms)

    def _intend(self, effect: Effect, item: Item, who: str, nonce: str, *, deadline_in_ms: int) -> Intended | Done | Doubt:
        with self._write() as connection:
            stands = standing(_tries(connection, effect.key), item.ref, item.token)
            if isinstance(stands, Doubt) and stands.about.nonce == nonce:
                return Intended(stands.about)
            if not isinstance(stands, Clear):
                return stands
            now_ms = self._clock(connection)
            over = [passed_over(old, now_ms) for old in stands.overtaken]
            for before, after in zip(stands.overtaken, over, strict=True):
                _change(connection, before, after)
            one = intended(effect, item, who, stands.number, nonce, now_ms=now_ms, deadline_in_ms=deadline_in_ms)
            _INSERT.run_many(connection, [_row(one)])
            append_in(connection, [*map(verdict_line, over), line_of(one)], now_ms)
        return Intended(one)

    def tell(self, key: str, number: int, outcome: Outcome, *, receipt: str = "", detail: str = "") -> Try:
        """What became of a try."""
        with self._write() as connection:
            one = next(one for one in _tries(connection, key) if one.number == number)
            now_ms = self._clock(connection)
            after = told(one, outcome, now_ms, clipped(receipt, RECEIPT_MAX), clipped(detail, DETAIL_MAX))
            if after is None:
                return one
            _change(connection, one, after)
            append_in(connection, [line_of(after)], now_ms)
        return after

    def settle(self, word: Word) -> Try | None:
        """A verdict about a key's open doubt."""
        with self._write() as connection:
            about = open_doubt(_tries(connection, word.key), word.number)
            if about is None:
                return None
            now_ms = self._clock(connection)
            after = settled(about, word, now_ms)
            _change(connection, about, after)
            append_in(connection, [verdict_line(after)], now_ms)
        return after

    # ---- inside a turn of the claim store on the same database

    def tries_in(self, turn: SqlTurn, key: str) -> Sequence[Try]:
        """Every try of a key, kept still until the turn ends."""
        return _tries(turn.connection, key)

    def put_in(self, turn: SqlTurn, new: Try) -> None:
        """One more."""
        _INSERT.run_many(turn.connection, [_row(new)])

    def change_in(self, turn: SqlTurn, before: Try, after: Try) -> None:
        """One as it becomes."""
        _change(turn.connection, before, after)

    # ---- looking

    def tries(self, key: str) -> Sequence[Try]:
        """Every try of a key, in order."""
        with self._look() as connection:
            return _tries(connection, key, locked=False)

    def about(self, ref: Ref) -> Sequence[Try]:
        """Every try for an item."""
        with self._database.look() as connection:
            return [_try(row) for row in _ABOUT.rows(connection, {"k": ref.kind, "i": ref.key})]

    def doubts(self, *, limit: int = 100) -> Sequence[Try]:
        """Those nobody has settled."""
        statement = _read.where(_c.doubtful.is_(sa.true())).order_by(_c.at_ms, _c.key).limit(limit)
        with self._database.read() as connection:
            return [_try(row) for row in connection.execute(statement)]


def _tries(connection: Connection | LeanConnection, key: str, *, locked: bool = True) -> list[Try]:
    return [_try(row) for row in (_OF_LOCKED if locked else _OF).rows(connection, {"k": key})]


def _change(connection: Connection | LeanConnection, before: Try, after: Try) -> None:
    was = (before.key, before.number, before.outcome.value, before.verdict.value if before.verdict else None)
    if _CHANGE.run_many(connection, [(*_row(after)[2:], *was)]) != 1:
        raise Damaged(say.NOT_STILL, say.NOT_STILL_HINT, effect=before.key)


def _row(one: Try) -> list[Any]:
    """The values of `_COLUMNS`."""
    row = list(_values(one))
    row[_OUTCOME] = one.outcome.value
    row[_VERDICT] = one.verdict.value if one.verdict else None
    row[_BY], row[_WHY] = clipped(one.verdict_by, WHO_MAX), clipped(one.verdict_why, WHY_MAX)
    return row


def _try(row: Sequence[Any]) -> Try:
    values = list(row)
    values[_OUTCOME], values[_LAST] = Outcome(values[_OUTCOME]), bool(values[_LAST])
    values[_VERDICT] = Verdict(values[_VERDICT]) if values[_VERDICT] else None
    return Try(*values)
