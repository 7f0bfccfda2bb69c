"""Errands in the database all PCs share.

For: whoever asks, and the PC that is asked.
Promises: an errand and its line in the journal are one transaction; of several programs of a PC one takes it; what is over
and old goes by itself.
Refuses: this PC's clock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import sqlalchemy as sa

from onbam.care.errands.model import (
    ANSWER_MAX,
    KEEP_MS,
    LOOKS,
    OVER,
    WHAT_MAX,
    WHO_MAX,
    WHY_MAX,
    Do,
    Errand,
    Stage,
    line_of,
)
from onbam.care.errands.tables import errands
from onbam.database.engine import Database
from onbam.database.prepared import Prepared
from onbam.journal.model import clipped
from onbam.journal.sql import append_in

_e: Final = errands.c
_OPEN: Final = tuple(stage.value for stage in Stage if stage not in OVER)

_TO_DO: Final = Prepared(
    sa.select(errands)
    .where(_e.machine_id == sa.bindparam("machine"), sa.or_(*(_e.stage == stage for stage in _OPEN)))
    .order_by(_e.asked_at_ms, _e.id)
)


class Errands:
    """The table."""

    def __init__(self, database: Database, new_id: Callable[[], str]) -> None:
        self._database, self._new_id = database, new_id

    def now_ms(self) -> int:
        """The store's clock."""
        with self._database.read() as connection:
            return self._database.clock_ms(connection)

    def ask(self, machine_id: str, do: Do, what: str = "", *, who: str, why: str = "") -> Errand:
        """Ask a PC; one that was asked the same and is still at it is not asked twice."""
        with self._database.write() as connection:
            now = self._database.clock_ms(connection)
            same = sa.and_(_e.machine_id == machine_id, _e.act == do.value, _e.what == what[:WHAT_MAX], _e.stage.in_(_OPEN))
            known = connection.execute(sa.select(errands).where(same).order_by(_e.asked_at_ms.desc())).first()
            if known is not None and not _errand(known).silent(now):
                return _errand(known)
            connection.execute(sa.delete(errands).where(_e.asked_at_ms < now - KEEP_MS))
            row = {
                "id": self._new_id(),
                "machine_id": machine_id,
                "act": do.value,
                "what": what[:WHAT_MAX],
                "who": clipped(who, WHO_MAX),
                "why": clipped(why, WHY_MAX),
                "stage": Stage.ASKED.value,
                "asked_at_ms": now,
                "changed_at_ms": now,
                "answer": "",
            }
            connection.execute(sa.insert(errands).values(**row))
            asked = _made(row)
            if do not in LOOKS:
                append_in(connection, [line_of(asked)], now)
            return asked

    def look_again(self, errand: Errand) -> None:
        """The same look once more; what was seen last stays until it is there."""
        with self._database.write() as connection:
            again = {"stage": Stage.ASKED.value, "asked_at_ms": self._database.clock_ms(connection)}
            connection.execute(sa.update(errands).where(_e.id == errand.id, _e.stage.not_in(_OPEN)).values(**again))

    def of(self, machine_id: str, limit: int = 20) -> Sequence[Errand]:
        """What a PC was asked to do, the newest first; looks left out."""
        acts = [do.value for do in Do if do not in LOOKS]
        mine = sa.select(errands).where(_e.machine_id == machine_id, _e.act.in_(acts))
        return self._read(mine.order_by(_e.asked_at_ms.desc(), _e.id.desc()).limit(limit))

    def look(self, machine_id: str, do: Do, what: str) -> Errand | None:
        """The newest look of this kind, over or not."""
        mine = sa.select(errands).where(_e.machine_id == machine_id, _e.act == do.value, _e.what == what[:WHAT_MAX])
        return next(iter(self._read(mine.order_by(_e.asked_at_ms.desc(), _e.id.desc()).limit(1))), None)

    def open(self, machine_id: str) -> Sequence[Errand]:
        """What a PC has still to do, the oldest first."""
        with self._database.look() as connection:
            rows = _TO_DO.rows(connection, {"machine": machine_id})
        return [_made(dict(zip(errands.c.keys(), row, strict=True))) for row in rows]

    def take(self, errand: Errand, answer: str = "") -> bool:
        """Ours to do; false when another program of this PC was quicker."""
        return self._move(errand, Stage.ASKED, Stage.TAKEN, answer)

    def note(self, errand: Errand, answer: str) -> None:
        """What is known meanwhile."""
        self._move(errand, Stage.TAKEN, Stage.TAKEN, answer)

    def end(self, errand: Errand, stage: Stage, answer: str) -> bool:
        """It is over."""
        return self._move(errand, errand.stage, stage, answer)

    def _move(self, errand: Errand, before: Stage, after: Stage, answer: str) -> bool:
        with self._database.write() as connection:
            now = self._database.clock_ms(connection)
            values = {"stage": after.value, "changed_at_ms": now, "answer": answer[:ANSWER_MAX]}
            moved = sa.update(errands).where(_e.id == errand.id, _e.stage == before.value).values(**values)
            if connection.execute(moved).rowcount == 0:
                return False
            if errand.do not in LOOKS and after is not before:  # whoever looks at its page sees each stage at once
                row = connection.execute(sa.select(errands).where(_e.id == errand.id)).one()
                append_in(connection, [line_of(_errand(row))], now)
            return True

    def _read(self, query: sa.Select[Any]) -> Sequence[Errand]:
        with self._database.read() as connection:
            return [_errand(row) for row in connection.execute(query)]


def _errand(row: sa.Row[Any]) -> Errand:
    return _made(row._asdict())


def _made(row: dict[str, Any]) -> Errand:
    rest = {name: value for name, value in row.items() if name not in ("act", "stage")}
    return Errand(do=Do(row["act"]), stage=Stage(row["stage"]), **rest)
