"""A year of a busy shop, written straight into the tables.

For: the subjects next door.
Promises: made by the database itself, a day at a time, so that a million orders take a minute; numbers, moments, states and the
lines of the journal are as the robot leaves them; what is open today is open in every way an order can be.
Refuses: a database that holds anything already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from onbam.bootstrap import Onbam
from onbam.claims.model import State
from onbam.claims.tables import item_memory, items, machines
from onbam.connectors.portal.contract import Entry
from onbam.journal.tables import journal
from onbam.orders.card import Card

DAYS: Final = 365
DAY_MS: Final = 86_400_000
OPENS_MS: Final = 8 * 3_600_000
WORKDAY_MS: Final = 11 * 3_600_000
"""The hours in which the orders of a day are spread."""
LINES: Final = ("item.claimed", "item.sending", "item.completed")
"""What the journal tells of one order."""
LEASE_MS: Final = 30_000
AGES_MS: Final = 6 * 3_600_000
"""A lease of the benchmark lasts for the whole benchmark."""
SHARES: Final = ((State.WAITING, 0.9), (State.FAILED, 0.06), (State.PARKED, 0.015), (State.UNCERTAIN, 0.005))
"""How what is open stands; the rest is in hand."""
STATES_OF_THE_PAST: Final = 200
"""Of so many orders one was cancelled."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is."""

    orders: int
    open: int
    machines: int


WHOLE: Final = Size(1_000_000, 10_000, 50)
QUICK: Final = Size(20_000, 1_000, 50)


def fill(onbam: Onbam, size: Size) -> None:
    """The shop, as it stands now."""
    database, now = onbam.database, onbam.clock.now().astimezone(onbam.zone)
    today = datetime.combine(now.date(), datetime.min.time(), onbam.zone)
    now_ms = int(now.timestamp() * 1000)
    with database.write() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(items)) == 0, "somebody's orders stand here"
    for back in range(DAYS - 1, -1, -1):
        day = today - timedelta(days=back)
        count = size.orders // DAYS + (size.orders % DAYS if back == 0 else 0)
        with database.write() as connection:
            _day(connection, _Day(day, count, size.machines, min(now_ms, int(day.timestamp() * 1000) + OPENS_MS + WORKDAY_MS)))
    with database.write() as connection:
        _machines(connection, size.machines, now_ms)
        _open(connection, size, today, now_ms)
    _counted(onbam)


@dataclass(frozen=True, slots=True)
class _Day:
    begin: datetime
    count: int
    machines: int
    until_ms: int

    @property
    def first(self) -> int:
        """Its first number."""
        return int(self.begin.strftime("%y%m%d")) * 100_000

    @property
    def from_ms(self) -> int:
        """When its first order came."""
        return min(int(self.begin.timestamp() * 1000) + OPENS_MS, self.until_ms - 1)

    @property
    def step_ms(self) -> int:
        """From one to the next."""
        return max(1, (self.until_ms - self.from_ms) // max(1, self.count))


def _numbers(count: int) -> sa.CTE:
    """0, 1, 2, …"""
    counting = sa.select(_whole(0).label("n")).cte("counting", recursive=True)
    return counting.union_all(sa.select(counting.c.n + _whole(1)).where(counting.c.n < count - 1))


def _whole(n: int) -> sa.ColumnElement[int]:
    """A number that may be a moment."""
    return sa.literal(n, sa.BigInteger)


def _insert(
    connection: Connection,
    table: sa.Table,
    values: Mapping[str, Any],
    source: sa.FromClause,
    order: Sequence[sa.ColumnElement[Any]] = (),
) -> None:
    chosen = [(v if isinstance(v, sa.ColumnElement) else sa.literal(v, table.c[k].type)).label(k) for k, v in values.items()]
    connection.execute(sa.insert(table).from_select(list(values), sa.select(*chosen).select_from(source).order_by(*order)))


def _day(connection: Connection, day: _Day) -> None:
    """One day's orders, what is remembered of them for ever, and what the journal tells."""
    if day.count == 0:
        return
    number = _numbers(day.count)
    n = number.c.n
    key = sa.cast(n + _whole(day.first), sa.String)
    at_ms = n * _whole(day.step_ms) + _whole(day.from_ms)
    pc = sa.cast(n % day.machines + 1, sa.String)
    gone = n % STATES_OF_THE_PAST == STATES_OF_THE_PAST - 1
    state = sa.case((gone, State.CANCELLED.value), else_=State.COMPLETED.value)
    receipt = sa.case((gone, ""), else_=sa.literal(f"{day.begin:%Y%m%d}-") + sa.cast(n + 1, sa.String))
    holder = sa.literal("PC-") + pc + sa.literal("_192.168.1.") + pc
    ended = {"kind": "order", "key": key, "state": state, "holder": holder, "receipt": receipt}
    who = sa.literal("agent:PC-") + pc + sa.literal("_192.168.1.") + pc
    # In the order of their positions, as a journal grows: in another they would lie scattered over a server's pages.
    base = int(connection.scalar(sa.select(sa.func.coalesce(sa.func.max(journal.c.position), 0))) or 0)
    _insert(connection, items, {**_ROW, **ended, **_worked(pc), "data": _card(day.begin), **_at(at_ms)}, number)
    _insert(connection, item_memory, {**ended, "at_ms": at_ms, "token": n + 1}, number)
    sorts = [sa.select(_whole(place).label("place"), sa.literal(what).label("what")) for place, what in enumerate(LINES)]
    line = sa.union_all(*sorts).subquery()
    told = {
        "position": n * len(LINES) + line.c.place + _whole(base + 1),
        "at_ms": at_ms,
        "what": line.c.what,
        "kind": "order",
        "key": key,
        "who": who,
        "why": "",
        "data": '{"token":1,"attempt":1}',
    }
    _insert(connection, journal, told, number.join(line, sa.true()), order=(n, line.c.place))


def _machines(connection: Connection, count: int, now_ms: int) -> None:
    """So many PCs, all at work."""
    number = _numbers(count)
    pc = sa.cast(number.c.n + 1, sa.String)
    row = {
        **_worked(pc),
        "seat": sa.literal("PC-") + pc + sa.literal("-bench/agent"),
        "name": sa.literal("PC-") + pc,
        "ip": sa.literal("192.168.1.") + pc,
        "version": "0.1.0",
        "pid": 4000,
        "life": "alive",
        "doing": "주문 해석",
        "started_at_ms": now_ms,
        "beat_at_ms": now_ms,
        "due_at_ms": now_ms + AGES_MS,
    }
    _insert(connection, machines, row, number)


def _open(connection: Connection, size: Size, today: datetime, now_ms: int) -> None:
    """What is not done yet, in numbers of its own."""
    first, rest = int(today.strftime("%y%m%d")) * 100_000 + 50_000, size.open
    for state, share in SHARES:
        count = max(1, int(size.open * share))
        number = _numbers(count)
        at_ms = number.c.n * -500 + _whole(now_ms)
        waits = {"due_at_ms": at_ms} if state in (State.WAITING, State.FAILED) else {}
        note = {"note": "'아크릴 5T'의 품목코드를 모릅니다"} if state is State.PARKED else {}
        values = {**_ROW, "key": sa.cast(number.c.n + _whole(first), sa.String), "state": state.value, "data": _card(today)}
        _insert(connection, items, {**values, **waits, **note, **_at(at_ms)}, number)
        first, rest = first + count, rest - count
    number = _numbers(max(1, rest))
    pc = sa.cast(number.c.n % size.machines + 1, sa.String)
    held = {
        "key": sa.cast(number.c.n + _whole(first), sa.String),
        "state": State.PROCESSING.value,
        "phase": "claimed",
        "holder": sa.literal("PC-") + pc + sa.literal("_192.168.1.") + pc,
        "claimed_at_ms": now_ms,
        "expires_at_ms": now_ms + AGES_MS,
        "limit_at_ms": now_ms + AGES_MS,
        "lease_ms": AGES_MS,
        "step": "form",
        "data": _card(today),
    }
    _insert(connection, items, {**_ROW, **held, **_worked(pc), **_at(number.c.n * -100 + _whole(now_ms))}, number)


def _counted(onbam: Onbam) -> None:
    """What a server does by itself after a night: look how much there is of everything."""
    if onbam.database.kind == "postgresql":
        with onbam.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")


def _worked(pc: sa.ColumnElement[str]) -> dict[str, Any]:
    machine = sa.literal("PC-") + pc + sa.literal("-bench")
    return {"machine_id": machine, "agent_id": machine + sa.literal("/agent/1")}


def _at(at_ms: Any) -> dict[str, Any]:
    return {"added_at_ms": at_ms, "changed_at_ms": at_ms}


def _card(day: datetime) -> str:
    cells = {"현장명": "래미안 원펜타스 104동", "거래처": "온밤도어"}
    return Card(Entry("0", "임업", day.date(), cells=cells)).data


_ROW: Final = {
    "kind": "order",
    "token": 1,
    "attempt": 1,
    "crashes": 0,
    "holder": "",
    "machine_id": "",
    "agent_id": "",
    "lease_ms": LEASE_MS,
    "sending_ms": 0,
    "step": "",
    "note": "",
    "receipt": "",
    "version": 4,
}
