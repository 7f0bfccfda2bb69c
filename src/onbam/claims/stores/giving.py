"""PostgreSQL gives out due items in one round trip: pick, claim, take the journal's head, tell, ring.

For: `stores/sql.py`, where five round trips for one claim were most of its price.
Promises: exactly what `rules.claimed` says, held to it by the conformance suite; rows another turn is busy with are skipped,
but for one that was named; the head is taken after the items, as everywhere.
Refuses: several kinds at once, ended leases, other databases: for those the ordinary way is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from sqlalchemy.dialects import postgresql

from onbam.claims import words
from onbam.claims.model import Agent, Item, Phase, State, Terms
from onbam.claims.stores.given import KEPT, Kept, given
from onbam.database.engine import Database
from onbam.database.lean import LeanConnection
from onbam.database.prepared import fetched
from onbam.journal.bells import CHANNEL
from onbam.journal.sql import ensure_head
from onbam.kernel.errors import Damaged

_ORDER: Final = "was_due, added_at_ms, key"
_LIMIT: Final = "/* limit */"
"""A number in the text and not a value: with a value the planner expects a tenth of the table, and plans anew each time."""
_CLAIM: Final = """
  UPDATE items SET
    state = '{processing}', phase = '{claimed}', token = items.token + 1, attempt = items.attempt + 1,
    holder = %s, machine_id = %s, agent_id = %s,
    claimed_at_ms = {now}, expires_at_ms = {now} + %s, limit_at_ms = {now} + %s, lease_ms = %s,
    sending_until_ms = NULL, sending_ms = 0, due_at_ms = NULL, note = coalesce(nullif(%s, ''), items.note),
    version = items.version + 1, changed_at_ms = {now}"""
_HEAD: Final = "greatest(position, coalesce((SELECT max(position) FROM journal), 0))"
_TOLD: Final = """at_ms, 'item.claimed', kind, key, %s, '', concat('{{"token":', token, ',"attempt":', attempt, '}}')"""
_GIVE: Final = f"""
WITH picked AS (
  SELECT kind, key, due_at_ms FROM items WHERE kind = %s AND {{due}} <= {{now}} {{which}} FOR UPDATE SKIP LOCKED
), given AS ({_CLAIM}
  FROM picked WHERE items.kind = picked.kind AND items.key = picked.key
  RETURNING {{kept}}, items.changed_at_ms AS at_ms, items.kind, picked.due_at_ms AS was_due
), counted AS (
  SELECT count(*) AS n FROM given
), head AS (
  UPDATE journal_head SET position = {_HEAD} + counted.n FROM counted WHERE one = 1 AND counted.n > 0
  RETURNING position, counted.n, pg_notify('{{channel}}', '')
), told AS (
  INSERT INTO journal (position, at_ms, what, kind, key, who, why, data)
  SELECT head.position - head.n + row_number() OVER (ORDER BY {_ORDER}), {_TOLD} FROM given, head
  RETURNING position
)
SELECT given.*, (SELECT count(*) FROM told) FROM given ORDER BY {_ORDER}
"""  # noqa: S608 -- our own constants
_GIVE_ONE: Final = f"""
WITH given AS ({_CLAIM}
  WHERE kind = %s AND key = %s AND due_at_ms <= {{now}}
  RETURNING {{kept}}, items.changed_at_ms AS at_ms, items.kind
), head AS (
  UPDATE journal_head SET position = {_HEAD} + 1 FROM given WHERE one = 1 RETURNING position, pg_notify('{{channel}}', '')
), told AS (
  INSERT INTO journal (position, at_ms, what, kind, key, who, why, data)
  SELECT head.position, {_TOLD} FROM given, head
  RETURNING position
)
SELECT given.*, (SELECT count(*) FROM told) FROM given
"""  # noqa: S608 -- our own constants
"""One that was named: it is waited for, as everywhere; nothing to sort and to count, which is half of the server's work."""
_MANY: Final = len(KEPT)
_ANY_DUE: Final = f"ORDER BY due_at_ms, added_at_ms, key LIMIT {_LIMIT}"
_THESE: Final = "AND key = ANY(%s::varchar[]) ORDER BY key"
_BY_KEY: Final = "due_at_ms + 0"
"""Out of the index of what is due, where a hundred named ones would be looked for among all that wait."""


class Giving:
    """The statements, with the database's own clock in them."""

    def __init__(self, database: Database) -> None:
        now = database.now_ms().compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})  # type: ignore[no-untyped-call]

        def text(template: str, which: str = "", due: str = "due_at_ms") -> str:
            return template.format(
                due=due,
                now=str(now).replace("%", "%%"),
                which=which,
                processing=State.PROCESSING.value,
                claimed=Phase.CLAIMED.value,
                kept=", ".join(f"items.{name}" for name in KEPT),
                channel=CHANNEL,
            )

        self._due, self._these, self._one = text(_GIVE, _ANY_DUE), text(_GIVE, _THESE, _BY_KEY), text(_GIVE_ONE)
        self._has_head = False

    def due(self, connection: LeanConnection, by: Agent, kind: str, limit: int, terms: Terms, note: str) -> Sequence[Item]:
        """Whatever is due, the longest due first: claimed and told."""
        text = self._due.replace(_LIMIT, str(int(limit)), 1)
        return self._given(connection, text, by, kind, terms, (kind, *_lease(by, terms, note), by.who))

    def named(
        self, connection: LeanConnection, by: Agent, kind: str, keys: Sequence[str], terms: Terms, note: str
    ) -> Sequence[Item]:
        """Those of these that are due: claimed and told. Of several, those somebody is busy with are left out."""
        lease = _lease(by, terms, note)
        if len(keys) == 1:
            return self._given(connection, self._one, by, kind, terms, (*lease, kind, keys[0], by.who))
        return self._given(connection, self._these, by, kind, terms, (kind, array_of(keys), *lease, by.who))

    def _given(
        self, connection: LeanConnection, text: str, by: Agent, kind: str, terms: Terms, values: tuple[object, ...]
    ) -> Sequence[Item]:
        if not self._has_head:
            ensure_head(connection)
        rows = fetched(connection, text, values)
        if rows and rows[0][-1] != len(rows):
            raise Damaged(words.NOT_STILL, words.NOT_STILL_HINT, claimed=len(rows), told=rows[0][-1])
        self._has_head = self._has_head or bool(rows)
        return given(by, kind, [cast("Kept", row[:_MANY]) for row in rows], terms, rows[0][_MANY]) if rows else []


def _lease(by: Agent, terms: Terms, note: str) -> tuple[object, ...]:
    """The values of `_CLAIM`."""
    return (by.holder, by.machine_id, by.agent_id, terms.lease_ms, terms.limit_ms, terms.lease_ms, note)


def array_of(texts: Sequence[str]) -> str:
    """PostgreSQL's way to write an array of texts; the driver's own takes ten times as long."""
    return "{" + ",".join(['"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in texts]) + "}"
