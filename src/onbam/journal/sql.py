"""The journal in a database.

For: stores that change state and tell of it in the same transaction (`append_in`), and everybody who follows.
Promises: positions grow by one in the order of the commits, on every database: on SQLite because there is one writer, elsewhere
because the row `journal_head` is held from the moment a position is taken until the commit (why so: docs/decisions/
journal-sequence.md); a follower on PostgreSQL is woken, elsewhere an idle look costs next to nothing.
Refuses: to be the first thing a transaction does: take every other lock before, append last, or two of them may wait in a ring.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection

from onbam.database.engine import Database
from onbam.database.lean import LeanConnection
from onbam.database.prepared import Prepared, fetched
from onbam.journal import words
from onbam.journal.bells import CHANNEL, Bell, bell_for
from onbam.journal.model import DATA_MAX, KEY_MAX, KIND_MAX, WHAT_MAX, WHO_MAX, WHY_MAX, Entry, Line, Stretch, clipped
from onbam.journal.tables import journal, journal_head
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Damaged

READ_MAX: Final = 5000
"""How many entries one read may bring."""
_HEAD: Final = 1
_encode: Final = json.JSONEncoder(ensure_ascii=False).encode

_newest: Final = sa.select(sa.func.max(journal.c.position))
_oldest: Final = sa.select(sa.func.min(journal.c.position))
# Not only `position + n`: lines that were moved here from another database count too.
_at_least: Final = sa.func.greatest(
    journal_head.c.position, sa.func.coalesce(sa.select(sa.func.max(journal.c.position)).scalar_subquery(), 0)
)
_advance: Final = (
    sa.update(journal_head)
    .where(journal_head.c.one == _HEAD)
    .values(position=_at_least + sa.bindparam("by", type_=sa.BigInteger))
)
_head: Final = sa.select(journal_head.c.position).where(journal_head.c.one == _HEAD)
_COLUMNS: Final = tuple(journal.c.keys())
_ADVANCE: Final = Prepared(_advance)
_HEAD_NOW: Final = Prepared(_head)
_FIRST: Final = {"one": _HEAD, "position": 0}
_FIRST_HEAD: Final = {
    "postgresql": Prepared(postgresql.insert(journal_head).values(_FIRST).on_conflict_do_nothing()),
    "mysql": Prepared(sa.insert(journal_head).values(_FIRST).prefix_with("IGNORE")),
}
_INSERT: Final = Prepared(sa.insert(journal).values({name: sa.bindparam(name) for name in _COLUMNS}), order=_COLUMNS)
_NEWEST: Final = Prepared(_newest)
_after: Final = (
    sa.select(journal)
    .where(journal.c.position > sa.bindparam("since", type_=sa.BigInteger))
    .order_by(journal.c.position)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_about: Final = (
    sa.select(journal)
    .where(journal.c.kind == sa.bindparam("k"), journal.c.key == sa.bindparam("y"))
    .where(journal.c.position < sa.bindparam("before", type_=sa.BigInteger))
    .order_by(journal.c.position.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_AFTER: Final = Prepared(_after)
_OLDEST: Final = Prepared(_oldest)
_ABOUT: Final = Prepared(_about)
_END: Final = 2**62
_ON_POSTGRESQL: Final = f"""
WITH head AS (
  UPDATE journal_head SET position = greatest(position, coalesce((SELECT max(position) FROM journal), 0)) + %s
  WHERE one = {_HEAD} RETURNING position, pg_notify('{CHANNEL}', '')
), told AS (
  INSERT INTO journal (position, at_ms, what, kind, key, who, why, data)
  SELECT head.position - %s + t.n, %s, t.what, t.kind, t.key, t.who, t.why, t.data
  FROM head, unnest(%s::varchar[], %s::varchar[], %s::varchar[], %s::varchar[], %s::varchar[], %s::text[])
    WITH ORDINALITY AS t(what, kind, key, who, why, data, n)
)
SELECT position FROM head
"""  # noqa: S608 -- our own constants


def append_in(connection: Connection | LeanConnection, lines: Sequence[Line], at_ms: int) -> int:
    """Write lines as the last act of a transaction; answers the position of the last one."""
    if not lines:
        return _position(connection)
    name = connection.dialect.name
    if name == "sqlite" and len(lines) == 1:  # it counts by itself: the newest and one more
        return _INSERT.counted(connection, _row(lines[0], None, at_ms))
    if name == "sqlite":  # the one writer of the file
        last = _position(connection) + len(lines)
        _INSERT.run_many(connection, [_row(line, n, at_ms) for n, line in enumerate(lines, start=last - len(lines) + 1)])
        return last
    append = _append_on_postgresql if name == "postgresql" else _append_under_head
    last_one = append(connection, lines, at_ms)
    if last_one is None:  # the very first lines of this database
        ensure_head(connection)
        last_one = append(connection, lines, at_ms)
    assert last_one is not None, "the head was just made"
    return last_one


def append_alike(
    connection: Connection | LeanConnection, at_ms: int, what: str, kind: str, who: str, each: Iterable[tuple[str, str]]
) -> None:
    """On SQLite, lines that differ in nothing but key and data, the data as it is kept; the file counts by itself."""
    assert connection.dialect.name == "sqlite", "only SQLite counts by itself"
    who = clipped(who, WHO_MAX)
    _INSERT.run_many(connection, [(None, at_ms, what, kind, key, who, "", data) for key, data in each])


def _append_on_postgresql(connection: Connection | LeanConnection, lines: Sequence[Line], at_ms: int) -> int | None:
    """Take the head, write, ring: one round trip. None when there is no head yet."""
    columns = [list(column) for column in zip(*(_row(line, 0, at_ms)[2:] for line in lines), strict=True)]
    rows = fetched(connection, _ON_POSTGRESQL, (len(lines), len(lines), at_ms, *columns))
    return int(rows[0][0]) if rows else None


def _append_under_head(connection: Connection | LeanConnection, lines: Sequence[Line], at_ms: int) -> int | None:
    """Take the head, then write."""
    if _ADVANCE.run(connection, {"by": len(lines)}) == 0:
        return None
    last = int(_HEAD_NOW.rows(connection, {})[0][0])
    _INSERT.run_many(connection, [_row(line, n, at_ms) for n, line in enumerate(lines, start=last - len(lines) + 1)])
    return last


def ensure_head(connection: Connection | LeanConnection) -> None:
    """Make the head if it is not there. Two that do so at once: the second one waits for the first and then finds it."""
    _FIRST_HEAD[connection.dialect.name].run(connection, {})


def read_in(connection: Connection | LeanConnection, since: int, limit: int = 500) -> Stretch:
    """Entries after a position, inside a transaction that reads more than this."""
    assert 0 < limit <= READ_MAX, f"one read brings 1 to {READ_MAX} entries"
    entries = [_entry(row) for row in _AFTER.rows(connection, {"since": since, "most": limit})]
    if not entries:
        return Stretch(entries, since)
    first = entries[0].position
    if first > since + 1 and int(_OLDEST.rows(connection, {})[0][0] or first) < first:
        raise _hole(since + 1, first)  # older lines are still there, so it was not retention
    for expected, entry in enumerate(entries, start=first):
        if entry.position != expected:
            raise _hole(expected, entry.position)
    return Stretch(entries, entries[-1].position, first - 1 if first > since + 1 else 0)


def _hole(expected: int, found: int) -> Damaged:
    """Lines were lost or removed by hand: better to stop than to read over it."""
    return Damaged(words.HOLE(expected=expected, found=found), words.HOLE_HINT)


def _row(line: Line, position: int | None, at_ms: int) -> tuple[object, ...]:
    """The values of `_COLUMNS`."""
    data = _data(line) if line.data else ""
    assert len(data) <= DATA_MAX, f"the data of {line.what} has more than {DATA_MAX} letters"
    assert len(line.what) <= WHAT_MAX, f"{line.what} has more than {WHAT_MAX} letters"
    assert len(line.kind) <= KIND_MAX, f"{line.kind} has more than {KIND_MAX} letters"
    assert len(line.key) <= KEY_MAX, f"{line.key} has more than {KEY_MAX} letters"
    who, why = clipped(line.who, WHO_MAX), clipped(line.why, WHY_MAX)
    return (position, at_ms, line.what, line.kind, line.key, who, why, data)


def _data(line: Line) -> str:
    """Flat, so it is put together here: an encoder for anything takes twice as long, and every claim has a line."""
    facts = [f"{_encode(name)}:{fact if type(fact) is int else _encode(fact)}" for name, fact in line.data.items()]
    return "{" + ",".join(facts) + "}"


def _position(connection: Connection | LeanConnection) -> int:
    """Of the newest entry."""
    return int(_NEWEST.rows(connection, {})[0][0] or 0)


def _entry(row: Sequence[Any]) -> Entry:
    position, at_ms, what, kind, key, who, why, data = row
    return Entry(position, at_ms, Line(what, kind, key, who, why, json.loads(data) if data else {}))


class SqlJournal:
    """The record in a database, for readers and for rooms without a store of their own."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._bell: Bell = bell_for(database, clock)

    def append(self, lines: Sequence[Line]) -> int:
        """Write lines in a transaction of their own."""
        with self._database.write() as connection:
            return append_in(connection, lines, self._database.clock_ms(connection))

    def read(self, since: int, limit: int = 500) -> Stretch:
        """Entries after a position, oldest first."""
        with self._database.read() as connection:
            return read_in(connection, since, limit)

    def tail(self, since: int, wait_s: float, limit: int = 500) -> Stretch:
        """The same; when there is nothing yet, wait up to `wait_s` for the first one."""
        until = self._clock.monotonic() + wait_s
        with self._bell.listening() as heard:
            while not (stretch := self.read(since, limit)).entries:
                left = until - self._clock.monotonic()
                if left <= 0:
                    break
                heard(left)
        return stretch

    def head(self) -> int:
        """The position of the newest entry; 0 when there is none."""
        with self._database.look() as connection:
            return _position(connection)

    def about(self, kind: str, key: str, limit: int = 200, before: int | None = None) -> Sequence[Entry]:
        """What happened to one thing, newest first."""
        values = {"k": kind, "y": key, "before": _END if before is None else before, "most": min(limit, READ_MAX)}
        with self._database.look() as connection:
            return [_entry(row) for row in _ABOUT.rows(connection, values)]

    def close(self) -> None:
        """Let the listening connection go."""
        self._bell.close()
