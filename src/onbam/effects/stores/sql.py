"""The effect ledger in a database.

For: every installation.
Promises: an intent is durable when `intend` answers; a change of a try repeats what it was in the write and counts the rows;
each entry and its line in the journal are one transaction.
Refuses: to delete.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, fields
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from onbam.claims.model import Item, Ref
from onbam.database.engine import Database
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
_COLUMNS: Final = tuple(f.name for f in fields(Try))


class SqlLedger:
    """Tries in a table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def intend(self, effect: Effect, item: Item, who: str, nonce: str, *, deadline_in_ms: int) -> Intended | Done | Doubt:
        """Write the intent, or say how the key stands."""
        try:
            return self._intend(effect, item, who, nonce, deadline_in_ms=deadline_in_ms)
        except IntegrityError:  # somebody intended the same try this very moment: now it is a doubt, or more
            return self._intend(effect, item, who, nonce, deadline_in_ms=deadline_in_ms)

    def _intend(self, effect: Effect, item: Item, who: str, nonce: str, *, deadline_in_ms: int) -> Intended | Done | Doubt:
        with self._database.write() as connection:
            stands = standing(_tries(connection, effect.key), item.ref, item.token)
            if isinstance(stands, Doubt) and stands.about.nonce == nonce:
                return Intended(stands.about)
            if not isinstance(stands, Clear):
                return stands
            now_ms = self._database.clock_ms(connection)
            over = [passed_over(old, now_ms) for old in stands.overtaken]
            for before, after in zip(stands.overtaken, over, strict=True):
                _change(connection, before, after)
            one = intended(effect, item, who, stands.number, nonce, now_ms=now_ms, deadline_in_ms=deadline_in_ms)
            connection.execute(sa.insert(effects), _row(one))
            append_in(connection, [*map(verdict_line, over), line_of(one)], now_ms)
        return Intended(one)

    def tell(self, key: str, number: int, outcome: Outcome, *, receipt: str = "", detail: str = "") -> Try:
        """What became of a try."""
        with self._database.write() as connection:
            one = next(one for one in _tries(connection, key) if one.number == number)
            now_ms = self._database.clock_ms(connection)
            after = told(one, outcome, now_ms, clipped(receipt, RECEIPT_MAX), clipped(detail, DETAIL_MAX))
            if after is None:
                return one
            _change(connection, one, after)
            append_in(connection, [line_of(after)], now_ms)
        return after

    def settle(self, word: Word) -> Try | None:
        """A verdict about a key's open doubt."""
        with self._database.write() as connection:
            about = open_doubt(_tries(connection, word.key), word.number)
            if about is None:
                return None
            now_ms = self._database.clock_ms(connection)
            after = settled(about, word, now_ms)
            _change(connection, about, after)
            append_in(connection, [verdict_line(after)], now_ms)
        return after

    def tries(self, key: str) -> Sequence[Try]:
        """Every try of a key, in order."""
        with self._database.read() as connection:
            return _tries(connection, key, locked=False)

    def about(self, ref: Ref) -> Sequence[Try]:
        """Every try for an item."""
        mine = sa.select(effects).where(_c.kind == ref.kind, _c.item == ref.key).order_by(_c.at_ms, _c.key, _c.number)
        with self._database.read() as connection:
            return [_try(row) for row in connection.execute(mine)]

    def doubts(self, *, limit: int = 100) -> Sequence[Try]:
        """Those nobody has settled."""
        statement = sa.select(effects).where(_c.doubtful.is_(sa.true())).order_by(_c.at_ms, _c.key).limit(limit)
        with self._database.read() as connection:
            return [_try(row) for row in connection.execute(statement)]


def _tries(connection: Connection, key: str, *, locked: bool = True) -> list[Try]:
    statement = sa.select(effects).where(_c.key == key).order_by(_c.number)
    return [_try(row) for row in connection.execute(statement.with_for_update() if locked else statement)]


def _change(connection: Connection, before: Try, after: Try) -> None:
    same = sa.and_(_c.key == before.key, _c.number == before.number, _c.outcome == before.outcome.value)
    unspoken = _c.verdict.is_(None) if before.verdict is None else _c.verdict == before.verdict.value
    row = _row(after)
    del row["key"], row["number"]
    if connection.execute(sa.update(effects).where(same, unspoken).values(row)).rowcount != 1:
        raise Damaged(say.NOT_STILL, say.NOT_STILL_HINT, effect=before.key)


def _row(one: Try) -> dict[str, Any]:
    row = dict(zip(_COLUMNS, astuple(one), strict=True))
    return row | {
        "outcome": one.outcome.value,
        "verdict": one.verdict.value if one.verdict else None,
        "verdict_by": clipped(one.verdict_by, WHO_MAX),
        "verdict_why": clipped(one.verdict_why, WHY_MAX),
        "doubtful": one.doubtful,
    }


def _try(row: sa.Row[Any]) -> Try:
    values = dict(row._mapping)  # noqa: SLF001 -- SQLAlchemy's documented way to a row by name
    del values["doubtful"]
    verdict = values["verdict"]
    return Try(**values | {"outcome": Outcome(values["outcome"]), "verdict": Verdict(verdict) if verdict else None})
