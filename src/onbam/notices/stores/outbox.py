"""The letters in a database.

For: every installation with channels.
Promises: as its port says, on SQLite, PostgreSQL and MySQL alike; every condition is repeated in the write.
Refuses: this PC's clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from onbam.database.engine import Database
from onbam.journal.model import clipped
from onbam.notices.letters import Letter, Plan, Sort, Stand, State
from onbam.notices.model import Notice, Severity
from onbam.notices.outbox import KEEP_MS, LOOK_BACK_MS, ChannelState
from onbam.notices.ports import LIST_MAX
from onbam.notices.stores.sql import notice_of
from onbam.notices.tables import ERROR_MAX, channels, letters, notices

_c: Final = letters.c
_LETTER: Final = tuple(f.name for f in fields(Letter))
_CHANNEL: Final = tuple(f.name for f in fields(ChannelState))
LETTERS_MAX: Final = 5_000


class SqlOutbox:
    """Letters in a table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def now_ms(self) -> int:
        """The store's clock."""
        with self._database.read() as connection:
            return self._database.clock_ms(connection)

    def stand(self) -> Stand:
        """All a plan looks at."""
        with self._database.read() as connection:
            now_ms = self._database.clock_ms(connection)
            found = _notices(connection, now_ms)
            abouts = [f"notice:{notice.id}" for notice in found]
            wanted = sa.or_(_c.state == State.DUE.value, _c.made_at_ms >= now_ms - LOOK_BACK_MS, _c.about.in_(abouts))
            rows = connection.execute(sa.select(letters).where(wanted).order_by(_c.id.desc()).limit(LETTERS_MAX))
            return Stand(now_ms, found, [_letter(row) for row in rows])

    def carry_out(self, plan: Plan) -> int:
        """Each new letter in a transaction of its own: one that another PC was faster with harms no other."""
        new = sum(self._written(letter) for letter in plan.write)
        if plan.drop or plan.wait:
            with self._database.write() as connection:
                now_ms = self._database.clock_ms(connection)
                for number, state in plan.drop:
                    free = sa.and_(_c.id == number, _c.state == State.DUE.value, _c.taken_until_ms <= now_ms)
                    connection.execute(sa.update(letters).where(free).values(state=state.value, done_at_ms=now_ms))
                for number, until_ms in plan.wait:
                    due = sa.and_(_c.id == number, _c.state == State.DUE.value)
                    connection.execute(sa.update(letters).where(due).values(due_at_ms=until_ms))
        return new

    def _written(self, letter: Letter) -> bool:
        row = {name: value for name, value in asdict(letter).items() if name != "id"}
        row |= {"sort": letter.sort.value, "severity": letter.severity.value, "state": letter.state.value, "taken_until_ms": 0}
        try:
            with self._database.write() as connection:
                connection.execute(sa.insert(letters), row)
        except IntegrityError:  # another PC wrote it this very moment
            return False
        return True

    def take(self, channel: str, most: int, for_ms: int) -> Sequence[Letter]:
        """Those we changed are ours."""
        with self._database.write() as connection:
            now_ms = self._database.clock_ms(connection)
            free = (_c.state == State.DUE.value, _c.channel == channel, _c.due_at_ms <= now_ms, _c.taken_until_ms <= now_ms)
            found = connection.execute(sa.select(letters).where(*free).order_by(_c.id).limit(most)).all()
            return [
                _letter(row)
                for row in found
                if connection.execute(
                    sa.update(letters).where(_c.id == row.id, *free).values(taken_until_ms=now_ms + for_ms)
                ).rowcount
                == 1
            ]

    def done(self, ours: Sequence[Letter], state: State, error: str = "") -> None:
        """They went out, or never will."""
        self._change(ours, state=state.value, error=clipped(error, ERROR_MAX), done=True)

    def free(self, ours: Sequence[Letter]) -> None:
        """Anybody may take them."""
        if ours:
            with self._database.write() as connection:
                mine = sa.and_(_c.id.in_([letter.id for letter in ours]), _c.state == State.DUE.value)
                connection.execute(sa.update(letters).where(mine).values(taken_until_ms=0))

    def again(self, ours: Sequence[Letter], error: str, in_ms: int) -> None:
        """Later."""
        self._change(ours, error=clipped(error, ERROR_MAX), in_ms=in_ms)

    def _change(self, ours: Sequence[Letter], *, in_ms: int | None = None, done: bool = False, **values: Any) -> None:
        with self._database.write() as connection:
            now_ms = self._database.clock_ms(connection)
            values |= {"taken_until_ms": 0, "tries": _c.tries + 1}
            values |= {"done_at_ms": now_ms} if done else {}
            values |= {"due_at_ms": now_ms + in_ms} if in_ms is not None else {}
            mine = sa.and_(_c.id.in_([letter.id for letter in ours]), _c.state == State.DUE.value)
            connection.execute(sa.update(letters).where(mine).values(values))

    def channels(self) -> Mapping[str, ChannelState]:
        """How each receiver is."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(channels))
            return {row.name: ChannelState(**{name: getattr(row, name) for name in _CHANNEL}) for row in rows}

    def note(self, state: ChannelState) -> None:
        """How a receiver is now."""
        row = asdict(state) | {"error": clipped(state.error, ERROR_MAX)}
        try:
            with self._database.write() as connection:
                if not connection.execute(sa.update(channels).where(channels.c.name == state.name).values(row)).rowcount:
                    connection.execute(sa.insert(channels), row)
        except IntegrityError:  # made this very moment by another PC, or on MySQL an update that changed nothing
            return

    def recent(self, limit: int = 100) -> Sequence[Letter]:
        """The newest letters."""
        with self._database.read() as connection:
            return [_letter(row) for row in connection.execute(sa.select(letters).order_by(_c.id.desc()).limit(limit))]

    def tidy(self) -> int:
        """Remove letters done long ago; those about a notice that is still open stay, or it would be told again."""
        still_open = sa.select(sa.literal("notice:").concat(sa.cast(notices.c.id, sa.String(20))))
        with self._database.write() as connection:
            before_ms = self._database.clock_ms(connection) - KEEP_MS
            old = sa.delete(letters).where(_c.state != State.DUE.value, _c.made_at_ms < before_ms)
            return connection.execute(old.where(_c.about.not_in(still_open.where(notices.c.open_key.is_not(None))))).rowcount


def _notices(connection: Connection, now_ms: int) -> list[Notice]:
    """The open ones, and those resolved lately."""
    late = notices.c.resolved_at_ms >= now_ms - LOOK_BACK_MS
    wanted = sa.or_(notices.c.open_key.is_not(None), late)
    rows = connection.execute(sa.select(notices).where(wanted).order_by(notices.c.id.desc()).limit(2 * LIST_MAX))
    return [notice_of(row) for row in rows]


def _letter(row: sa.Row[Any]) -> Letter:
    values = {name: getattr(row, name) for name in _LETTER}
    values |= {"sort": Sort(values["sort"]), "severity": Severity(values["severity"]), "state": State(values["state"])}
    return Letter(**values)
