"""The list of agents in a database.

For: every installation with one.
Promises: two processes that take one seat at once come one after the other; a beat that finds the seat taken says so.
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
from onbam.journal.model import clipped
from onbam.journal.sql import append_in

_c: Final = machines.c
_COLUMNS: Final = tuple(f.name for f in fields(Peer))
_LIFE: Final = _COLUMNS.index("life")
_rows: Final = sa.select(*(_c[name] for name in _COLUMNS))
_EVERYBODY: Final = Prepared(_rows)
_LATE: Final = Prepared(_rows.where(_c.life == Life.ALIVE.value, _c.due_at_ms <= sa.bindparam("before_ms")).order_by(_c.seat))


class SqlRegistry:
    """Agents in a table."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._now_ms = StoreClock(database)

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
            row = _row(seated(agent, version, pid, now_ms, due_in_ms))
            if there is None:
                connection.execute(sa.insert(machines), row)
            else:
                connection.execute(sa.update(machines).where(_c.seat == agent.seat).values(row))
            append_in(connection, [joined_line(agent, version)], now_ms)
        return Joined(succeeded=there if there is not None and left_seat(there, agent) else None)

    def beat(self, agent: Agent, *, doing: str, due_in_ms: int) -> bool:
        """Still here."""
        with self._database.write() as connection:
            now_ms = self._database.clock_ms(connection)
            values = {"doing": clipped(doing, NOTE_MAX), "beat_at_ms": now_ms, "due_at_ms": now_ms + due_in_ms}
            return connection.execute(_mine(agent).where(_c.life == Life.ALIVE.value).values(values)).rowcount == 1

    def back(self, agent: Agent, *, due_in_ms: int) -> bool:
        """Declared dead, and here all the same."""
        with self._database.write() as connection:
            now_ms = self._database.clock_ms(connection)
            values = {"life": Life.ALIVE.value, "beat_at_ms": now_ms, "due_at_ms": now_ms + due_in_ms}
            again = connection.execute(_mine(agent).where(_c.life == Life.DEAD.value).values(values)).rowcount == 1
            if again:
                append_in(connection, [back_line(agent)], now_ms)
            return again

    def leave(self, agent: Agent) -> None:
        """A clean goodbye."""
        with self._database.write() as connection:
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
    return dict(zip(_COLUMNS, astuple(peer), strict=True)) | {"life": peer.life.value}


def _peer(row: Sequence[Any]) -> Peer:
    """A row of `_COLUMNS`."""
    values = list(row)
    values[_LIFE] = Life(values[_LIFE])
    return Peer(*values)
