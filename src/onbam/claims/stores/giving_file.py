"""SQLite gives out due items with as little as it takes: look, claim, tell, and nothing that does not change.

For: `stores/sql.py`. A row has 24 columns, a claim changes 15 of them in the same way for every row; most of the price of a
claim was carrying the others there and back.
Promises: exactly what `rules.claimed` says, held to it by the conformance suite; called inside a write transaction, so nobody
else writes between the look and the claim, and the claim repeats the look's condition and is counted all the same.
Refuses: ended leases, several kinds at once, other databases: for those the ordinary way is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from onbam.claims import words
from onbam.claims.model import Agent, Item, Phase, State, Terms
from onbam.claims.rules import told_of_claim
from onbam.claims.stores.given import KEPT, Kept, given
from onbam.claims.tables import items
from onbam.database.lean import LeanConnection
from onbam.database.prepared import LOT_MAX, Prepared
from onbam.journal.sql import append_in
from onbam.kernel.errors import Damaged

_c: Final = items.c
_NOW: Final = sa.bindparam("now", type_=sa.BigInteger)
_ONE: Final[sa.ColumnElement[int]] = sa.literal_column("1", sa.Integer)
_kept: Final = [_c[name] for name in KEPT]
_ready: Final = (_c.kind == sa.bindparam("k"), _c.due_at_ms <= _NOW)
_wanted: Final = (*_ready, _c.key.in_(sa.bindparam("keys", expanding=True)))
_NAMED: Final = Prepared(sa.select(*_kept).where(*_wanted))
_DUE: Final = Prepared(
    sa.select(*_kept)
    .where(*_ready)
    .order_by(_c.due_at_ms, _c.added_at_ms, _c.key)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_CLAIM: Final = Prepared(
    sa.update(items)
    .where(*_wanted)
    .values(
        {
            _c.state: sa.literal_column(f"'{State.PROCESSING.value}'", sa.String),
            _c.phase: sa.literal_column(f"'{Phase.CLAIMED.value}'", sa.String),
            _c.token: _c.token + _ONE,
            _c.attempt: _c.attempt + _ONE,
            _c.holder: sa.bindparam("by_holder"),
            _c.machine_id: sa.bindparam("by_machine"),
            _c.agent_id: sa.bindparam("by_agent"),
            _c.claimed_at_ms: _NOW,
            _c.expires_at_ms: sa.bindparam("until"),
            _c.limit_at_ms: sa.bindparam("outer"),
            _c.lease_ms: sa.bindparam("length"),
            _c.sending_until_ms: sa.null(),
            _c.sending_ms: sa.literal_column("0", sa.Integer),
            _c.due_at_ms: sa.null(),
            _c.note: sa.func.coalesce(sa.func.nullif(sa.bindparam("saying"), sa.literal_column("''")), _c.note),
            _c.version: _c.version + _ONE,
            _c.changed_at_ms: _NOW,
        }
    )
)


class FileGiving:
    """Look, claim, tell."""

    def due(
        self, connection: LeanConnection, now_ms: int, by: Agent, kind: str, limit: int, terms: Terms, note: str
    ) -> Sequence[Item]:
        """Whatever is due, the longest due first."""
        rows = _DUE.rows(connection, {"k": kind, "now": now_ms, "most": limit})
        every: list[Item] = []
        for start in range(0, len(rows), LOT_MAX):
            every += self._give(connection, now_ms, by, kind, rows[start : start + LOT_MAX], terms, note)
        return every

    def named(
        self, connection: LeanConnection, now_ms: int, by: Agent, kind: str, keys: Sequence[str], terms: Terms, note: str
    ) -> Sequence[Item]:
        """Those of one lot that are due."""
        rows = _NAMED.rows(connection, {"k": kind, "keys": keys, "now": now_ms})
        return self._give(connection, now_ms, by, kind, rows, terms, note)

    def _give(
        self, connection: LeanConnection, now_ms: int, by: Agent, kind: str, rows: Sequence[Any], terms: Terms, note: str
    ) -> list[Item]:
        if not rows:
            return []
        holder, until, outer = by.holder, now_ms + terms.lease_ms, now_ms + terms.limit_ms
        written = _CLAIM.run(
            connection,
            {
                "k": kind,
                "keys": [row[0] for row in rows],
                "now": now_ms,
                "by_holder": holder,
                "by_machine": by.machine_id,
                "by_agent": by.agent_id,
                "until": until,
                "outer": outer,
                "length": terms.lease_ms,
                "saying": note,
            },
        )
        if written != len(rows):
            raise Damaged(words.NOT_STILL, words.NOT_STILL_HINT, wanted=len(rows), written=written)
        claimed_items = [given(by, holder, kind, _after(row, note), terms, now_ms) for row in rows]
        append_in(connection, [told_of_claim(item, by) for item in claimed_items], now_ms)
        return claimed_items


def _after(row: Kept, note: str) -> Kept:
    """What was looked at, as the claim leaves it."""
    key, token, attempt, crashes, step, before, receipt, data, version, added_at_ms = row
    return (key, token + 1, attempt + 1, crashes, step, note or before, receipt, data, version + 1, added_at_ms)
