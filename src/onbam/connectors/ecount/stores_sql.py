"""What the PCs of a company share about their ERP, kept in the database they share.

For: the client on every installation: one log-in, one spacing, one count of rejected log-ins for all PCs.
Promises: each answer is one transaction on the store's clock; a session rests encrypted, bound to its account; a change of key
re-encrypts it; a store's clock that was set back does not close a gate for long.
Refuses: to hand out a session it cannot open, and to put a new one over it: another PC lives on it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from onbam.connectors.ecount.contract import Session
from onbam.connectors.ecount.tables import ecount_accounts, ecount_gates
from onbam.database.engine import Database
from onbam.kernel.settings import Secret
from onbam.vault.cipher import Cipher

_a: Final = ecount_accounts.c
_g: Final = ecount_gates.c
BOOKED_MAX: Final = 100
"""A gate booked further ahead than so many moments was booked under a clock that has been set back since."""


class SqlShelf:
    """Sessions, zones and failed log-ins in a table."""

    def __init__(self, database: Database, cipher: Callable[[], Cipher]) -> None:
        self._database = database
        self._cipher = cipher

    def session(self, account: str) -> Session | None:
        """The session, if there is one."""
        row = self._row(account)
        if row is None or not row["session"]:
            return None
        kept = json.loads(self._cipher().decrypt(row["session"], _context(account)))
        return Session(kept["zone"], Secret(kept["id"]), datetime.fromtimestamp(row["made_at_ms"] / 1000, UTC))

    def keep(self, account: str, session: Session) -> None:
        """A new session for everybody; failed log-ins are forgotten."""
        plain = json.dumps({"zone": session.zone, "id": session.id.reveal()})
        locked = self._cipher().encrypt(plain, _context(account))
        made_at_ms = int(session.made_at.timestamp() * 1000)
        self._put(account, session=locked, made_at_ms=made_at_ms, failures=0)

    def drop(self, account: str, session: Session) -> None:
        """This session ended; a newer one stays."""
        row = self._row(account)
        if row is None or not row["session"] or self.session(account) != session:
            return
        with self._database.write() as connection:
            same = sa.and_(_a.account == account, _a.session == row["session"])
            connection.execute(sa.update(ecount_accounts).where(same).values(session="", made_at_ms=None))

    def zone(self, account: str) -> str:
        """The company's zone; empty before it is known."""
        row = self._row(account)
        return "" if row is None else str(row["zone"])

    def keep_zone(self, account: str, zone: str) -> None:
        """Remember the zone."""
        self._put(account, zone=zone)

    def failures(self, account: str) -> int:
        """How many log-ins failed since the last that worked."""
        row = self._row(account)
        return 0 if row is None else int(row["failures"])

    def count_failure(self, account: str) -> int:
        """One more."""
        self._put(account, failures=_a.failures + 1)
        return self.failures(account)

    def forgive(self, account: str) -> None:
        """Start counting again."""
        self._put(account, failures=0)

    def _row(self, account: str) -> Any:
        with self._database.read() as connection:
            return connection.execute(sa.select(ecount_accounts).where(_a.account == account)).mappings().first()

    def _put(self, account: str, **values: Any) -> None:
        try:
            self._change(account, values)
        except IntegrityError:  # another PC made the row this very moment
            self._change(account, values)

    def _change(self, account: str, values: dict[str, Any]) -> None:
        with self._database.write() as connection:
            mine = sa.update(ecount_accounts).where(_a.account == account).values(values)
            if connection.execute(mine).rowcount == 0:
                fresh = {"account": account, "zone": "", "session": "", "made_at_ms": None, "failures": 0}
                plain = {name: 1 if isinstance(value, sa.ColumnElement) else value for name, value in values.items()}
                connection.execute(sa.insert(ecount_accounts).values(fresh | plain))


def reencrypt(database: Database, cipher: Cipher) -> int:
    """Put every session under the cipher's current key; answers how many were changed."""
    changed = 0
    with database.write() as connection:
        for row in connection.execute(sa.select(_a.account, _a.session).where(_a.session != "").with_for_update()).all():
            fresh = cipher.rotate(row.session, _context(row.account))
            if fresh != row.session:
                connection.execute(sa.update(ecount_accounts).where(_a.account == row.account).values(session=fresh))
                changed += 1
    return changed


def _context(account: str) -> str:
    return f"ecount:{account}:session"


class SqlTurnstile:
    """The next free moment of each gate."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def book(self, gate: str, spacing_s: float, ahead_s: float = 0.0) -> float:
        """Take the next free moment that is at least so far ahead; answers the seconds until it."""

        def rule(free_ms: int, now_ms: int) -> tuple[int, int]:
            at_ms = max(now_ms + _ms(ahead_s), free_ms)
            return at_ms + _ms(spacing_s), at_ms - now_ms

        return self._turn(gate, spacing_s, rule)

    def take(self, gate: str, spacing_s: float) -> float:
        """Go through now, or learn how long not."""

        def rule(free_ms: int, now_ms: int) -> tuple[int, int]:
            return (free_ms, free_ms - now_ms) if free_ms > now_ms else (now_ms + _ms(spacing_s), 0)

        return self._turn(gate, spacing_s, rule)

    def hold(self, gate: str, seconds: float) -> None:
        """Nobody is let through or booked for this long."""
        self._turn(gate, seconds, lambda free_ms, now_ms: (max(free_ms, now_ms + _ms(seconds)), 0))

    def release(self, gate: str) -> None:
        """Free at once."""
        with self._database.write() as connection:
            connection.execute(sa.delete(ecount_gates).where(_g.gate == gate))

    def _turn(self, gate: str, spacing_s: float, rule: Callable[[int, int], tuple[int, int]]) -> float:
        """One decision about a gate: from when it is free and what time it is, when it is free then and the answer."""
        try:
            return self._decide(gate, spacing_s, rule)
        except IntegrityError:  # another PC made the row this very moment
            return self._decide(gate, spacing_s, rule)

    def _decide(self, gate: str, spacing_s: float, rule: Callable[[int, int], tuple[int, int]]) -> float:
        with self._database.write() as connection:
            known = _free_at_ms(connection, gate)
            now_ms = self._database.clock_ms(connection)
            believed = known if known is not None and known - now_ms <= BOOKED_MAX * _ms(spacing_s) else now_ms
            free_ms, wait_ms = rule(believed, now_ms)
            if known is None:
                connection.execute(sa.insert(ecount_gates).values(gate=gate, free_at_ms=free_ms))
            else:
                connection.execute(sa.update(ecount_gates).where(_g.gate == gate).values(free_at_ms=free_ms))
        return wait_ms / 1000


def _free_at_ms(connection: Connection, gate: str) -> int | None:
    found = connection.execute(sa.select(_g.free_at_ms).where(_g.gate == gate).with_for_update()).scalar_one_or_none()
    return None if found is None else int(found)


def _ms(seconds: float) -> int:
    """Rounded up: a gate is rather held too long than too short."""
    return math.ceil(seconds * 1000)
