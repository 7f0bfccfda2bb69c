"""PostgreSQL gives out due items in one round trip: pick, claim, take the journal's head, tell, ring.

For: `stores/sql.py`, where five round trips for one claim were most of its price.
Promises: exactly what `rules.claimed` says, held to it by the conformance suite; rows another turn is busy with are skipped;
the head is taken after the items, as everywhere.
Refuses: several kinds at once, ended leases, other databases: for those the ordinary way is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy.dialects import postgresql

from onbam.claims import words
from onbam.claims.model import Agent, Item, Phase, State, Terms
from onbam.claims.tables import items
from onbam.database.engine import Database
from onbam.database.lean import LeanConnection
from onbam.database.prepared import fetched
from onbam.journal.bells import CHANNEL
from onbam.journal.sql import ensure_head
from onbam.kernel.errors import Damaged

_ORDER: Final = "was_due, added_at_ms, key"
_LIMIT: Final = "/* limit */"
"""A number in the text and not a value: with a value the planner expects a tenth of the table, and plans anew each time."""
_GIVE: Final = """
WITH clock AS MATERIALIZED (
  SELECT {now} AS now_ms
), picked AS (
  SELECT kind, key, due_at_ms FROM items
  WHERE kind = %s AND due_at_ms <= (SELECT now_ms FROM clock) {which} FOR UPDATE SKIP LOCKED
), given AS (
  UPDATE items SET
    state = '{processing}', phase = '{claimed}', token = items.token + 1, attempt = items.attempt + 1,
    holder = %s, machine_id = %s, agent_id = %s,
    claimed_at_ms = clock.now_ms, expires_at_ms = clock.now_ms + %s, limit_at_ms = clock.now_ms + %s, lease_ms = %s,
    sending_until_ms = NULL, sending_ms = 0, due_at_ms = NULL, note = coalesce(nullif(%s, ''), items.note),
    version = items.version + 1, changed_at_ms = clock.now_ms
  FROM picked, clock
  WHERE items.kind = picked.kind AND items.key = picked.key
  RETURNING {columns}, picked.due_at_ms AS was_due
), counted AS (
  SELECT count(*) AS n, max(changed_at_ms) AS at_ms FROM given
), head AS (
  UPDATE journal_head SET position = greatest(position, coalesce((SELECT max(position) FROM journal), 0)) + counted.n
  FROM counted WHERE one = 1 AND counted.n > 0
  RETURNING position, counted.n, counted.at_ms, pg_notify('{channel}', '')
), told AS (
  INSERT INTO journal (position, at_ms, what, kind, key, who, why, data)
  SELECT head.position - head.n + row_number() OVER (ORDER BY {order}), head.at_ms, 'item.claimed', kind, key, %s, '',
    concat('{{"token":', token, ',"attempt":', attempt, '}}')
  FROM given, head
  RETURNING position
)
SELECT given.*, (SELECT count(*) FROM told) FROM given ORDER BY {order}
"""


_ANY_DUE: Final = f"ORDER BY due_at_ms, added_at_ms, key LIMIT {_LIMIT}"
_ONE: Final = "AND key = %s"
_MANY: Final = "AND key = ANY(%s::varchar[]) ORDER BY key"


class Giving:
    """The statement, with the database's own clock in it."""

    def __init__(self, database: Database) -> None:
        now = database.now_ms().compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})  # type: ignore[no-untyped-call]
        text = _GIVE.format(
            now=str(now).replace("%", "%%"),
            which="{which}",
            processing=State.PROCESSING.value,
            claimed=Phase.CLAIMED.value,
            columns=", ".join(f"items.{name}" for name in items.c.keys()),  # noqa: SIM118 -- a ColumnCollection
            channel=CHANNEL,
            order=_ORDER,
        )
        self._due, self._one, self._many = (text.replace("{which}", which) for which in (_ANY_DUE, _ONE, _MANY))
        self._has_head = False

    def due(self, connection: LeanConnection, by: Agent, kind: str, limit: int, terms: Terms, note: str) -> Sequence[Item]:
        """Whatever is due, the longest due first: claimed and told."""
        return self._given(connection, self._due.replace(_LIMIT, str(int(limit)), 1), (kind,), by, terms, note)

    def named(
        self, connection: LeanConnection, by: Agent, kind: str, keys: Sequence[str], terms: Terms, note: str
    ) -> Sequence[Item]:
        """Those of these that are due and that nobody is busy with: claimed and told."""
        if len(keys) == 1:
            return self._given(connection, self._one, (kind, keys[0]), by, terms, note)
        return self._given(connection, self._many, (kind, array_of(keys)), by, terms, note)

    def _given(
        self, connection: LeanConnection, text: str, which: tuple[str, ...], by: Agent, terms: Terms, note: str
    ) -> Sequence[Item]:
        if not self._has_head:
            ensure_head(connection)
        lease = (terms.lease_ms, terms.limit_ms, terms.lease_ms)
        rows = fetched(connection, text, (*which, by.holder, by.machine_id, by.agent_id, *lease, note, by.who))
        if rows and rows[0][-1] != len(rows):
            raise Damaged(words.NOT_STILL, words.NOT_STILL_HINT, claimed=len(rows), told=rows[0][-1])
        self._has_head = self._has_head or bool(rows)
        return [Item._make((*row[:2], State(row[2]), Phase(row[3]), *row[4:-2])) for row in rows]


def array_of(texts: Sequence[str]) -> str:
    """PostgreSQL's way to write an array of texts; the driver's own takes ten times as long."""
    return "{" + ",".join(['"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in texts]) + "}"
