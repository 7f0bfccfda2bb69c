"""The list of agents in a database.

For: every installation with one.
Promises: two processes that take one seat at once come one after the other; a beat that finds the seat taken says so; a beat is
one statement and one commit, the record of the last ones included.
Refuses: this PC's clock: beats are promised and missed by the store's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, fields, replace
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from onbam.claims.machines import Joined, Life, Peer, is_twin, left_seat, seated
from onbam.claims.model import NOTE_MAX, Agent
from onbam.claims.stores.registry_lines import back_line, buried_line, joined_line, left_line
from onbam.claims.tables import machines
from onbam.database.engine import Database
from onbam.database.prepared import Prepared, StoreClock
from onbam.journal.model import Line, clipped
from onbam.journal.sql import append_in

_c: Final = machines.c
_COLUMNS: Final = tuple(f.name for f in fields(Peer))
_LIFE, _BEAT_AT, _MARKS = (_COLUMNS.index(name) for name in ("life", "beat_at_ms", "marks"))
_rows: Final = sa.select(*(_c[name] for name in _COLUMNS), _c.marks_at_ms)
_EVERYBODY: Final = Prepared(_rows)
_fence: Final = sa.and_(
    _c.seat == sa.bindparam("of_seat"), _c.agent_id == sa.bindparam("of_agent"), _c.life == sa.bindparam("was")
)
_WRITTEN: Final = ("life", "doing", "beat_at_ms", "due_at_ms", "marks", "marks_at_ms")
_BEAT: Final = Prepared(sa.update(machines).where(_fence).values({name: sa.bindparam(name) for name in _WRITTEN}))
_LATE: Final = Prepared(_rows.where(_c.life == Life.ALIVE.value, _c.due_at_ms <= sa.bindparam("before_ms")).order_by(_c.seat))


class SqlRegistry:
    """Agents in a table."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._now_ms = StoreClock(database)
        self._told: dict[str, Peer] = {}
        """What our own agents wrote last: a beat goes on from there, and reads nothing."""

    def join(self, agent: Agent, *, version: str, pid: int, due_in_ms: int) -> Joined:
        """Take the seat."""
        try:
            return self._join(agent, version, pid, due_in_ms)
        except IntegrityError:  # another process made the seat this very moment
            return self._join(agent, version, pid, due_in_ms)

    def _join(self, agent: Agent, version: str, pid: int, due_in_ms: int) -> Joined:
        with self._database.write() as connection:
            there = _peer_in(connection, agent.seat)
            now_ms = self._database.clock_ms(connection)
            if there is not None and is_twin(there, agent, now_ms):
                return Joined(twin=there)
            peer = seated(agent, version, pid, now_ms, due_in_ms, there)
            row = _row(peer)
            if there is None:
                connection.execute(sa.insert(machines), row)
            else:
                connection.execute(sa.update(machines).where(_c.seat == agent.seat).values(row))
            append_in(connection, [joined_line(agent, version)], now_ms)
        self._told[agent.agent_id] = peer
        return Joined(succeeded=there if there is not None and left_seat(there, agent) else None)

    def beat(self, agent: Agent, *, doing: str, due_in_ms: int) -> bool:
        """Still here."""
        return self._beat(agent, due_in_ms, Life.ALIVE, clipped(doing, NOTE_MAX))

    def back(self, agent: Agent, *, due_in_ms: int) -> bool:
        """Declared dead, and here all the same."""
        return self._beat(agent, due_in_ms, Life.DEAD, line=back_line(agent))

    def _beat(self, agent: Agent, due_in_ms: int, was: Life, doing: str | None = None, line: Line | None = None) -> bool:
        """One more sign of life, if the agent is as it was believed to be."""
        before = self._told.pop(agent.agent_id, None)  # with the answer to a write lost, the row itself is asked the next time
        with self._database.write() as connection:
            before = before or _peer_in(connection, agent.seat)
            if before is None:
                return False
            now_ms = self._database.clock_ms(connection)
            peer = replace(before.beaten(now_ms, due_in_ms), life=Life.ALIVE, doing=before.doing if doing is None else doing)
            fence = {"of_seat": agent.seat, "of_agent": agent.agent_id, "was": was.value}
            if _BEAT.run(connection, {**_row(peer), **fence}) == 0:
                return False
            if line is not None:
                append_in(connection, [line], now_ms)
        self._told[agent.agent_id] = peer
        return True

    def leave(self, agent: Agent) -> None:
        """A clean goodbye."""
        with self._database.write() as connection:
            self._told.pop(agent.agent_id, None)
            if connection.execute(_mine(agent).values(life=Life.STOPPED.value, doing="")).rowcount:
                append_in(connection, [left_line(agent)], self._database.clock_ms(connection))

    def bury(self, *, grace_ms: int = 0) -> Sequence[Peer]:
        """Declare dead whoever is late; the condition is repeated in the write, so each is declared once."""
        with self._database.look() as connection:
            before_ms = self._now_ms(connection) - grace_ms
            late = [_peer(row) for row in _LATE.rows(connection, {"before_ms": before_ms})]
        if not late:
            return []
        with self._database.write() as connection:
            now_ms = self._database.clock_ms(connection)
            dead = [peer for peer in late if _declared(connection, peer)]
            append_in(connection, [buried_line(peer) for peer in dead], now_ms)
        return [replace(peer, life=Life.DEAD) for peer in dead]

    def peers(self) -> Sequence[Peer]:
        """Everybody known, the living first."""
        with self._database.look() as connection:
            found = [_peer(row) for row in _EVERYBODY.rows(connection, {})]
        return sorted(found, key=lambda p: (p.life is not Life.ALIVE, p.seat))

    def forget(self, machine_id: str) -> int:
        """That machine is gone for good."""
        with self._database.write() as connection:
            gone = sa.delete(machines).where(_c.machine_id == machine_id, _c.life != Life.ALIVE.value)
            return connection.execute(gone).rowcount


def _peer_in(connection: Connection, seat: str) -> Peer | None:
    row = connection.execute(_rows.where(_c.seat == seat).with_for_update()).first()
    return None if row is None else _peer(row)


def _declared(connection: Connection, peer: Peer) -> bool:
    fence = sa.and_(_c.seat == peer.seat, _c.agent_id == peer.agent_id, _c.life == Life.ALIVE.value)
    change = sa.update(machines).where(fence, _c.due_at_ms == peer.due_at_ms).values(life=Life.DEAD.value)
    return connection.execute(change).rowcount == 1


def _mine(agent: Agent) -> sa.Update:
    return sa.update(machines).where(_c.seat == agent.seat, _c.agent_id == agent.agent_id)


def _row(peer: Peer) -> dict[str, Any]:
    values = dict(zip(_COLUMNS, astuple(peer), strict=True))
    return values | {"life": peer.life.value, "marks_at_ms": peer.beat_at_ms}


def _peer(row: Sequence[Any]) -> Peer:
    """A row of `_COLUMNS`, then until when its marks go: an older program beats without them, and the old ones say nothing."""
    *values, marks_at_ms = row
    values[_LIFE] = Life(values[_LIFE])
    if marks_at_ms != values[_BEAT_AT]:
        values[_MARKS] = ""
    return Peer(*values)
