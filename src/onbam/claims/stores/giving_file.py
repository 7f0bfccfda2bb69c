"""SQLite gives out due items with as little as it takes: claim, tell, and nothing that does not change.

For: `stores/sql.py`. A row has 24 columns, a claim changes 15 of them in the same way for every row; most of the price of a
claim was carrying the others there and back.
Promises: exactly what `rules.claimed` says, held to it by the conformance suite; called inside a write transaction, so nobody
else writes between the look and the claim, and the claim repeats the look's condition and is counted all the same.
Refuses: ended leases, several kinds at once, other databases: for those the ordinary way is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

import sqlalchemy as sa

from onbam.claims import words
from onbam.claims.model import Agent, Item, Phase, State, Terms
from onbam.claims.stores.given import KEPT, Kept, given
from onbam.claims.stores.steering import unindexed
from onbam.claims.tables import items
from onbam.database.lean import LeanConnection
from onbam.database.prepared import LOT_MAX, Prepared
from onbam.journal.sql import append_alike
from onbam.kernel.errors import Damaged

_c: Final = items.c
_NOW: Final = sa.bindparam("now", type_=sa.BigInteger)
_ONE: Final[sa.ColumnElement[int]] = sa.literal_column("1", sa.Integer)
_of_kind: Final = _c.kind == sa.bindparam("k")
_DUE: Final = Prepared(
    sa.select(_c.key)
    .where(_of_kind, _c.due_at_ms <= _NOW)
    .order_by(_c.due_at_ms, _c.added_at_ms, _c.key)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
# By their keys and not by what is due: that would read everything that waits.
_CLAIM: Final = Prepared(
    sa.update(items)
    .where(_of_kind, _c.key.in_(sa.bindparam("keys", expanding=True)), unindexed(_c.due_at_ms) <= _NOW)
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
    .returning(*(_c[name] for name in KEPT))
)


class FileGiving:
    """Claim, tell."""

    def due(
        self, connection: LeanConnection, now_ms: int, by: Agent, kind: str, limit: int, terms: Terms, note: str
    ) -> Sequence[Item]:
        """Whatever is due, the longest due first."""
        keys = [key for (key,) in _DUE.rows(connection, {"k": kind, "now": now_ms, "most": limit})]
        every: list[Item] = []
        for start in range(0, len(keys), LOT_MAX):
            every += self.named(connection, now_ms, by, kind, keys[start : start + LOT_MAX], terms, note)
        if len(every) != len(keys):
            raise Damaged(words.NOT_STILL, words.NOT_STILL_HINT, wanted=len(keys), written=len(every))
        return every

    def named(
        self, connection: LeanConnection, now_ms: int, by: Agent, kind: str, keys: Sequence[str], terms: Terms, note: str
    ) -> Sequence[Item]:
        """Those of one lot that are due, in the order they were named."""
        values = {
            "k": kind,
            "keys": keys,
            "now": now_ms,
            "by_holder": by.holder,
            "by_machine": by.machine_id,
            "by_agent": by.agent_id,
            "until": now_ms + terms.lease_ms,
            "outer": now_ms + terms.limit_ms,
            "length": terms.lease_ms,
            "saying": note,
        }
        rows = cast("list[Kept]", _CLAIM.rows(connection, values))
        if len(rows) > 1:  # a file answers in whatever order it found them
            place = {key: n for n, key in enumerate(keys)}
            rows.sort(key=lambda row: place[row[0]])
        if rows:
            told = [(key, f'{{"token":{token},"attempt":{attempt}}}') for key, token, attempt, *_ in rows]
            append_alike(connection, now_ms, "item.claimed", kind, by.who, told)
        return given(by, kind, rows, terms, now_ms)
