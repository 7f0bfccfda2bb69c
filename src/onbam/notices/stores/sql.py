"""The inbox in a database.

For: every installation.
Promises: two PCs that meet one cause at once open one notice: the unique open key decides, the second one counts.
Refuses: nothing more.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from onbam.database.engine import Database
from onbam.database.lean import LeanConnection
from onbam.database.prepared import Prepared
from onbam.journal.model import Line, clipped
from onbam.journal.sql import append_in
from onbam.kernel.words import Lang
from onbam.notices.model import Cause, Notice, Severity
from onbam.notices.ports import LIST_MAX
from onbam.notices.rules import again, closed, first_met, opened_line, order, resolved_line, seen_line, snoozed, snoozed_line
from onbam.notices.tables import WHO_MAX, WHY_MAX, notices

_c: Final = notices.c
_TEXTS: Final = ("title_ko", "title_en", "advice_ko", "advice_en")
_FIELDS: Final = [field.name for field in fields(Notice)]
assert list(_c.keys()) == ["id", "key", "open_key", "severity", *_TEXTS, *_FIELDS[5:]], "`notice_of` takes a row apart"
_of_key: Final = sa.select(notices).where(_c.open_key == sa.bindparam("k"))
_OPEN_OF: Final = Prepared(_of_key)
_OPEN_OF_LOCKED: Final = Prepared(_of_key.with_for_update())
_INBOX: Final = Prepared(
    sa.select(notices).where(_c.open_key.is_not(None)).order_by(_c.id.desc()).limit(sa.bindparam("most", type_=sa.Integer))
)
_ESCAPE: Final = "/"
_UNDER: Final = Prepared(sa.select(_c.open_key).where(_c.open_key.like(sa.bindparam("pattern"), escape=_ESCAPE)))


class SqlNotices:
    """Notices in a table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, cause: Cause) -> Notice:
        """Opens its notice, or counts once more."""
        try:
            with self._database.write() as connection:
                notice, lines = _met(connection, cause, self._database.clock_ms(connection))
                append_in(connection, lines, notice.last_at_ms)
        except IntegrityError:  # another PC opened it this very moment: now it can be counted on
            with self._database.write() as connection:
                notice, lines = _met(connection, cause, self._database.clock_ms(connection))
                append_in(connection, lines, notice.last_at_ms)
        return notice

    def resolve(self, key: str, *, who: str, why: str) -> bool:
        """The cause is gone."""
        with self._database.write() as connection:
            known = _open_of(connection, key)
            if known is None:
                return False
            now_ms = self._database.clock_ms(connection)
            append_in(connection, [_close(connection, known, who, why, now_ms)], now_ms)
        return True

    def settle(self, prefix: str, present: Sequence[Cause], *, who: str) -> None:
        """These are all the causes there are under this prefix."""
        wanted = {cause.key: cause for cause in present}
        with self._database.look() as connection:  # some databases find `A` where `a` was asked for
            there = {key for (key,) in _UNDER.rows(connection, {"pattern": _starting(prefix)}) if key.startswith(prefix)}
        for key in sorted(set(wanted) - there):
            self.open(wanted[key])
        for key in sorted(there - set(wanted)):
            self.resolve(key, who=who, why="gone")

    def seen(self, keys: Collection[str], *, who: str) -> int:
        """A person has read these."""
        with self._database.write() as connection:
            now_ms = self._database.clock_ms(connection)
            unread = sa.and_(_c.open_key.in_(keys), _c.seen_at_ms.is_(None))
            found = connection.scalars(sa.select(_c.key).where(unread).order_by(_c.id).with_for_update()).all()
            connection.execute(sa.update(notices).where(unread).values(seen_at_ms=now_ms, seen_by=clipped(who, WHO_MAX)))
            append_in(connection, [seen_line(key, who) for key in found], now_ms)
            return len(found)

    def snooze(self, key: str, *, for_ms: int, who: str, why: str) -> Notice | None:
        """Nobody is told outside for so long."""
        with self._database.write() as connection:
            known = _open_of(connection, key)
            if known is None:
                return None
            now_ms = self._database.clock_ms(connection)
            notice = snoozed(known, now_ms + for_ms)
            connection.execute(sa.update(notices).where(_c.id == known.id, _c.open_key == key).values(_row(notice)))
            append_in(connection, [snoozed_line(notice, who, why)], now_ms)
        return notice

    def inbox(self, *, limit: int = 100) -> Sequence[Notice]:
        """The open ones."""
        with self._database.look() as connection:
            return sorted(map(notice_of, _INBOX.rows(connection, {"most": LIST_MAX})), key=order)[:limit]

    def past(self, *, limit: int = 100, before_id: int | None = None) -> Sequence[Notice]:
        """The resolved ones, the newest first."""
        statement = sa.select(notices).where(_c.open_key.is_(None)).order_by(_c.id.desc()).limit(min(limit, LIST_MAX))
        if before_id is not None:
            statement = statement.where(_c.id < before_id)
        with self._database.read() as connection:
            return [notice_of(row) for row in connection.execute(statement)]

    def get(self, key: str) -> Notice | None:
        """The open notice of a cause."""
        with self._database.look() as connection:
            return _open_of(connection, key, locked=False)


def _met(connection: Connection, cause: Cause, now_ms: int) -> tuple[Notice, list[Line]]:
    known = _open_of(connection, cause.key)
    if known is not None:
        notice = again(known, cause, now_ms)
        connection.execute(sa.update(notices).where(_c.id == known.id, _c.open_key == cause.key).values(_row(notice)))
        return notice, []
    notice = first_met(cause, 0, now_ms)
    row = _row(notice)
    done = connection.execute(sa.insert(notices).values(row))
    number = done.inserted_primary_key
    assert number is not None, "a new notice has a number"
    made = first_met(cause, int(number[0]), now_ms)
    return made, [opened_line(made)]


def _close(connection: Connection, known: Notice, who: str, why: str, now_ms: int) -> Line:
    gone = closed(known, clipped(who, WHO_MAX), clipped(why, WHY_MAX), now_ms)
    connection.execute(sa.update(notices).where(_c.id == known.id, _c.open_key == known.key).values(_row(gone)))
    return resolved_line(gone)


def _open_of(connection: Connection | LeanConnection, key: str, *, locked: bool = True) -> Notice | None:
    rows = (_OPEN_OF_LOCKED if locked else _OPEN_OF).rows(connection, {"k": key})
    return notice_of(rows[0]) if rows else None


def _starting(prefix: str) -> str:
    """A pattern for whatever begins so."""
    for letter in (_ESCAPE, "%", "_"):
        prefix = prefix.replace(letter, _ESCAPE + letter)
    return f"{prefix}%"


def _row(notice: Notice) -> dict[str, Any]:
    return {
        "key": notice.key,
        "open_key": notice.key if notice.open else None,
        "severity": notice.severity.value,
        "title_ko": notice.title["ko"],
        "title_en": notice.title["en"],
        "advice_ko": notice.advice["ko"],
        "advice_en": notice.advice["en"],
        "link": notice.link,
        "count": notice.count,
        "first_at_ms": notice.first_at_ms,
        "last_at_ms": notice.last_at_ms,
        "resolved_at_ms": notice.resolved_at_ms,
        "resolved_by": notice.resolved_by,
        "resolved_why": notice.resolved_why,
        "seen_at_ms": notice.seen_at_ms,
        "seen_by": notice.seen_by,
        "snoozed_until_ms": notice.snoozed_until_ms,
    }


def notice_of(row: Sequence[Any]) -> Notice:
    """A row as a value."""
    number, key, _, severity, title_ko, title_en, advice_ko, advice_en, *others = row
    title: Mapping[Lang, str] = {"ko": title_ko, "en": title_en}
    return Notice(number, key, Severity(severity), title, {"ko": advice_ko, "en": advice_en}, *others)
