"""People, their sessions, keys and one-time links, in the database.

For: the pages, the programming interface, `onbam web …`; built in the composition root.
Promises: what opens a door is made here, shown once, and kept as its hash; a session renews what opens it while it is used, and
what opened it before still works for a minute, for the pages under way; the last administrator stays; each change is a line in
the journal, in the same transaction.
Refuses: to say which of name and password was wrong.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from onbam.database.engine import Database
from onbam.journal.model import Line, clipped
from onbam.journal.sql import append_in
from onbam.kernel.chance import Chance, secret_token
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Refused
from onbam.kernel.ids import new_id
from onbam.people import words as say
from onbam.people.model import (
    SHOWN_MAX,
    VIEW_NAME_MAX,
    VIEW_QUERY_MAX,
    Key,
    Person,
    Role,
    Scope,
    Session,
    View,
    good_name,
    too_easy,
)
from onbam.people.passwords import Passwords
from onbam.people.tables import ADDRESS_MAX, BROWSER_MAX, api_keys, door_links, people, saved_views, sessions

RENEW_AFTER_MS: Final = 15 * 60_000
"""What opens a session is exchanged after so long in use."""
BEFORE_WORKS_MS: Final = 60_000
SEEN_EVERY_MS: Final = 60_000
"""That a session was used is written down at most so often."""
LINK_MS: Final = 30 * 60_000
KEY_PREFIX: Final = "onbam_"
VIEWS_MAX: Final = 50
KIND: Final = "person"

_p, _s, _k, _l, _v = people.c, sessions.c, api_keys.c, door_links.c, saved_views.c


def hashed(opens: str) -> str:
    """How what opens a door is kept: it is long and random, so a plain hash is enough."""
    return hashlib.sha256(opens.encode()).hexdigest()


class People:
    """Everybody who may come in."""

    def __init__(self, database: Database, clock: Clock, chance: Chance, *, session_ms: int) -> None:
        self._database = database
        self._clock = clock
        self._chance = chance
        self._session_ms = session_ms
        self._passwords = Passwords()

    # ---- people

    def everybody(self) -> Sequence[Person]:
        """All of them, administrators first."""
        with self._database.read() as connection:
            found = [_person(row) for row in connection.execute(sa.select(people))]
        return sorted(found, key=lambda p: (list(Role).index(p.role), p.name))

    def nobody_yet(self) -> bool:
        """Whether nobody can come in: the first start."""
        with self._database.read() as connection:
            return self._with_password(connection) == 0

    def named(self, name: str) -> Person | None:
        """Who is called so."""
        with self._database.read() as connection:
            row = connection.execute(sa.select(people).where(_p.name == name)).first()
        return None if row is None else _person(row)

    def add(self, name: str, role: Role, *, who: str, shown: str = "", password: str = "", why: str = "") -> Person:
        """Somebody new; without a password they come in by a link and choose one."""
        if not good_name(name):
            raise Refused(say.NAME_BAD(name=name[:SHOWN_MAX]), say.NAME_BAD_HINT)
        kept = self._kept(password, name) if password else ""
        try:
            with self._database.write() as connection:
                self._added(connection, name, role, kept, shown=shown, who=who, why=why)
        except IntegrityError:
            raise Refused(say.NAME_TAKEN(name=name), say.NAME_TAKEN_HINT) from None
        found = self.named(name)
        assert found is not None, "somebody just added is there"
        return found

    def change(self, name: str, *, who: str, role: Role | None = None, disabled: bool | None = None, why: str = "") -> Person:
        """Another role, or shut out, or let in again. Whoever is shut out is out at once."""
        with self._database.write() as connection:
            person = self._known(connection, name)
            now_ms = self._database.clock_ms(connection)
            values: dict[str, Any] = {}
            if role is not None:
                values["role"] = role.value
            if disabled is not None:
                values["disabled_at_ms"] = now_ms if disabled else None
            weaker = disabled is True or (role is not None and role is not Role.ADMIN)
            if person.role is Role.ADMIN and weaker and self._admins(connection, but=person.id) == 0:
                raise Refused(say.LAST_ADMIN, say.LAST_ADMIN_HINT)
            if values:
                connection.execute(sa.update(people).where(_p.id == person.id).values(**values))
            if disabled:
                connection.execute(sa.delete(sessions).where(_s.person_id == person.id))
            told = {k: v for k, v in {"role": role.value if role else None, "disabled": disabled}.items() if v is not None}
            self._tell(connection, "person.changed", name, who, why, told, now_ms)
            return self._known(connection, name)

    def set_password(self, name: str, password: str, *, who: str) -> None:
        """A new password: every session of the person ends."""
        kept = self._kept(password, name)
        with self._database.write() as connection:
            self._changed_password(connection, self._known(connection, name), kept, who=who)

    def checked(self, name: str, password: str) -> Person | None:
        """Who this is, when name and password belong together and the person is let in."""
        with self._database.read() as connection:
            row = connection.execute(sa.select(people).where(_p.name == name)).first()
        kept = "" if row is None else str(row.password)
        if not self._passwords.fits(kept, password) or row is None:
            return None
        if self._passwords.outdated(kept):
            with self._database.write() as connection:
                fresh = self._passwords.made(password)
                connection.execute(sa.update(people).where(_p.id == row.id, _p.password == kept).values(password=fresh))
        person = _person(row)
        return person if person.disabled_at_ms is None else None

    def _kept(self, password: str, name: str) -> str:
        if too_easy(password, name):
            raise Refused(say.PASSWORD_EASY, say.PASSWORD_EASY_HINT)
        return self._passwords.made(password)

    # ---- sessions

    def enter(self, person: Person, *, address: str, browser: str, how: str) -> str:
        """A new session; answers what opens it."""
        opens = secret_token()
        with self._database.write() as connection:
            now_ms = self._database.clock_ms(connection)
            connection.execute(sa.delete(sessions).where(_s.expires_at_ms <= now_ms))
            row = {"hash": hashed(opens), "person_id": person.id, "handle": secret_token(18)}
            times = {"created_at_ms": now_ms, "renewed_at_ms": now_ms, "seen_at_ms": now_ms}
            place = {"address": clipped(address, ADDRESS_MAX), "browser": clipped(browser, BROWSER_MAX)}
            connection.execute(sa.insert(sessions).values(**row, **times, **place, expires_at_ms=now_ms + self._session_ms))
            connection.execute(sa.update(people).where(_p.id == person.id).values(seen_at_ms=now_ms))
            self._tell(connection, "person.entered", person.name, person.who, how, {"address": address[:60]}, now_ms)
        return opens

    def session(self, opens: str, *, used: bool = True) -> tuple[Session, str | None] | None:
        """Whose session this is, and what opens it from now on when that was exchanged. Not `used`: only looked at."""
        key = hashed(opens)
        with self._database.read() as connection:
            now_ms = self._database.clock_ms(connection)
            both = sa.select(sessions, people).join(people, _p.id == _s.person_id).where(_s.expires_at_ms > now_ms)
            row = connection.execute(both.where(_s.hash == key)).mappings().first()
            renewed = row is None
            if row is None:
                late = both.where(_s.before_hash == key, _s.before_until_ms > now_ms)
                row = connection.execute(late).mappings().first()
        if row is None or row[_p.disabled_at_ms] is not None:
            return None
        fresh = None if renewed or not used else self._kept_alive(row, now_ms)
        return _session(row), fresh

    def _kept_alive(self, row: sa.RowMapping, now_ms: int) -> str | None:
        """Write down that it is used; exchange what opens it when it is old enough. Answers the new one."""
        old = now_ms - row[_s.renewed_at_ms] >= RENEW_AFTER_MS
        if not old and now_ms - row[_s.seen_at_ms] < SEEN_EVERY_MS:
            return None
        values: dict[str, Any] = {"seen_at_ms": now_ms, "expires_at_ms": now_ms + self._session_ms}
        opens = secret_token() if old else None
        if opens is not None:
            before = {"before_hash": row[_s.hash], "before_until_ms": now_ms + BEFORE_WORKS_MS}
            values |= {**before, "hash": hashed(opens), "renewed_at_ms": now_ms}
        with self._database.write() as connection:
            same = sa.update(sessions).where(_s.hash == row[_s.hash], _s.renewed_at_ms == row[_s.renewed_at_ms])
            changed = connection.execute(same.values(**values)).rowcount
        return opens if changed else None  # another page of the same browser was faster: it has the new one

    def leave(self, opens: str) -> None:
        """Log out."""
        with self._database.write() as connection:
            mine = sa.or_(_s.hash == hashed(opens), _s.before_hash == hashed(opens))
            name = connection.scalar(sa.select(_p.name).join(sessions, _p.id == _s.person_id).where(mine))
            if name is not None:
                connection.execute(sa.delete(sessions).where(mine))
                self._tell(connection, "person.left", name, f"{KIND}:{name}", "", {}, self._database.clock_ms(connection))

    def sessions_of(self, person: Person) -> Sequence[Session]:
        """Where somebody is logged in, the latest first."""
        with self._database.read() as connection:
            now_ms = self._database.clock_ms(connection)
            both = sa.select(sessions, people).join(people, _p.id == _s.person_id)
            mine = both.where(_s.person_id == person.id, _s.expires_at_ms > now_ms).order_by(_s.seen_at_ms.desc())
            return [_session(row) for row in connection.execute(mine).mappings()]

    def end_session(self, person: Person, handle: str, *, who: str) -> bool:
        """End one of somebody's sessions."""
        with self._database.write() as connection:
            gone = connection.execute(sa.delete(sessions).where(_s.person_id == person.id, _s.handle == handle)).rowcount
            if gone:
                now_ms = self._database.clock_ms(connection)
                self._tell(connection, "person.session_ended", person.name, who, "", {}, now_ms)
        return gone > 0

    def refused(self, name: str, *, address: str) -> None:
        """A wrong try, for the record."""
        with self._database.write() as connection:
            shown = clipped(name, SHOWN_MAX) or "-"
            now_ms = self._database.clock_ms(connection)
            self._tell(connection, "person.refused", shown, "system:door", "", {"address": address[:60]}, now_ms)

    # ---- one-time links

    def link(self, name: str = "", *, who: str, purpose: str = "enter") -> str:
        """What a one-time link carries; for nobody in particular: the first administrator."""
        opens = secret_token()
        with self._database.write() as connection:
            person_id = self._known(connection, name).id if name else ""
            now_ms = self._database.clock_ms(connection)
            times = {"created_at_ms": now_ms, "expires_at_ms": now_ms + LINK_MS}
            connection.execute(sa.delete(door_links).where(_l.expires_at_ms <= now_ms))
            connection.execute(sa.insert(door_links).values(hash=hashed(opens), person_id=person_id, purpose=purpose, **times))
            self._tell(connection, "person.link", name or "*", who, purpose, {}, now_ms)
        return opens

    def link_for(self, opens: str) -> Person | str | None:
        """Whom an unused link is for; an empty text: for the first administrator; none: it is no good (any more)."""
        with self._database.read() as connection:
            now_ms = self._database.clock_ms(connection)
            good = sa.and_(_l.hash == hashed(opens), _l.used_at_ms.is_(None), _l.expires_at_ms > now_ms)
            row = connection.execute(sa.select(door_links).where(good)).first()
            if row is None:
                return None
            if not row.person_id:
                return "" if self._with_password(connection) == 0 else None
            found = connection.execute(sa.select(people).where(_p.id == row.person_id)).first()
        return None if found is None or found.disabled_at_ms is not None else _person(found)

    def use_link(self, opens: str, password: str, *, name: str = "") -> Person | None:
        """Choose a password by a link, or a name too: the first administrator. None: it is used up; somebody was faster.

        All of it or nothing: what is refused costs no link, and two who come at once do not both come in.
        """
        found = self.link_for(opens)
        if found is None:
            return None
        known = found if isinstance(found, Person) else None
        called = known.name if known is not None else name
        if not good_name(called):
            raise Refused(say.NAME_BAD(name=called[:SHOWN_MAX]), say.NAME_BAD_HINT)
        kept = self._kept(password, called)
        try:
            with self._database.write() as connection:
                now_ms = self._database.clock_ms(connection)
                good = sa.and_(_l.hash == hashed(opens), _l.used_at_ms.is_(None), _l.expires_at_ms > now_ms)
                if connection.execute(sa.update(door_links).where(good).values(used_at_ms=now_ms)).rowcount != 1:
                    return None
                if known is not None:
                    self._changed_password(connection, known, kept, who=known.who)
                elif self._with_password(connection):
                    return None
                else:
                    self._added(connection, called, Role.ADMIN, kept, shown="", who=f"{KIND}:door", why="first administrator")
        except IntegrityError:
            raise Refused(say.NAME_TAKEN(name=called), say.NAME_TAKEN_HINT) from None
        return self.named(called)

    # ---- keys of programs

    def add_key(self, name: str, scope: Scope, maker: Person, *, days: int | None = None) -> tuple[Key, str]:
        """A new key; what opens is answered once and never again."""
        opens = f"{KEY_PREFIX}{secret_token()}"
        number = new_id(self._clock, self._chance)
        with self._database.write() as connection:
            now_ms = self._database.clock_ms(connection)
            until = None if days is None else now_ms + days * 86_400_000
            shown = clipped(name.strip() or number, SHOWN_MAX)
            row = {"id": number, "hash": hashed(opens), "name": shown, "scope": scope.value, "person_id": maker.id}
            connection.execute(sa.insert(api_keys).values(**row, created_at_ms=now_ms, expires_at_ms=until))
            self._tell(connection, "key.added", maker.name, maker.who, "", {"key": shown, "scope": scope.value}, now_ms)
        return Key(number, shown, scope, maker.name, now_ms, None, until), opens

    def live_keys(self) -> Sequence[Key]:
        """Every key that still opens something."""
        with self._database.read() as connection:
            both = sa.select(api_keys, _p.name.label("maker")).join(people, _p.id == _k.person_id)
            rows = connection.execute(both.where(_k.revoked_at_ms.is_(None)).order_by(_k.created_at_ms.desc())).mappings()
            return [_key(row) for row in rows]

    def revoke_key(self, number: str, *, who: str) -> bool:
        """It opens nothing from now on."""
        with self._database.write() as connection:
            now_ms = self._database.clock_ms(connection)
            live = sa.and_(_k.id == number, _k.revoked_at_ms.is_(None))
            gone = connection.execute(sa.update(api_keys).where(live).values(revoked_at_ms=now_ms)).rowcount == 1
            if gone:
                self._tell(connection, "key.revoked", number, who, "", {}, now_ms)
        return gone

    def by_key(self, opens: str) -> tuple[Key, Person] | None:
        """Which key this is, and who made it."""
        with self._database.read() as connection:
            now_ms = self._database.clock_ms(connection)
            good = sa.and_(_k.hash == hashed(opens), _k.revoked_at_ms.is_(None))
            both = sa.select(api_keys, people).join(people, _p.id == _k.person_id).where(good)
            row = connection.execute(both).mappings().first()
        if row is None or (row[_k.expires_at_ms] or now_ms + 1) <= now_ms or row[_p.disabled_at_ms] is not None:
            return None
        if now_ms - (row[_k.used_at_ms] or 0) >= SEEN_EVERY_MS:
            with self._database.write() as connection:
                connection.execute(sa.update(api_keys).where(_k.id == row[_k.id]).values(used_at_ms=now_ms))
        maker = _person_of(row)
        return _key({**{c.name: row[c] for c in api_keys.c}, "maker": maker.name}), maker

    # ---- views a person kept

    def views(self, person: Person) -> Sequence[View]:
        """Their searches, by name."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(saved_views).where(_v.person_id == person.id).order_by(_v.name))
            return [View(row.id, row.name, row.query) for row in rows]

    def keep_view(self, person: Person, name: str, query: str) -> View:
        """Keep a search; the same name again replaces it."""
        shown, query = clipped(name.strip(), VIEW_NAME_MAX), query[:VIEW_QUERY_MAX]
        view = View(new_id(self._clock, self._chance), shown or "-", query)
        with self._database.write() as connection:
            mine = _v.person_id == person.id
            connection.execute(sa.delete(saved_views).where(mine, _v.name == view.name))
            if (connection.scalar(sa.select(sa.func.count()).select_from(saved_views).where(mine)) or 0) >= VIEWS_MAX:
                raise Refused(say.TOO_MANY_VIEWS(limit=VIEWS_MAX), say.TOO_MANY_VIEWS_HINT)
            row = {"id": view.id, "person_id": person.id, "name": view.name, "query": view.query}
            connection.execute(sa.insert(saved_views).values(**row))
        return view

    def drop_view(self, person: Person, number: str) -> bool:
        """Forget a search."""
        with self._database.write() as connection:
            mine = sa.delete(saved_views).where(_v.person_id == person.id, _v.id == number)
            return connection.execute(mine).rowcount == 1

    # ---- tools

    def _added(self, connection: Connection, name: str, role: Role, kept: str, *, shown: str, who: str, why: str) -> None:
        now_ms = self._database.clock_ms(connection)
        row = {"id": new_id(self._clock, self._chance), "name": name, "password": kept}
        values = {**row, "shown": clipped(shown.strip() or name, SHOWN_MAX), "role": role.value, "created_at_ms": now_ms}
        connection.execute(sa.insert(people).values(**values))
        self._tell(connection, "person.added", name, who, why, {"role": role.value}, now_ms)

    def _changed_password(self, connection: Connection, person: Person, kept: str, *, who: str) -> None:
        connection.execute(sa.update(people).where(_p.id == person.id).values(password=kept))
        connection.execute(sa.delete(sessions).where(_s.person_id == person.id))
        self._tell(connection, "person.password", person.name, who, "", {}, self._database.clock_ms(connection))

    @staticmethod
    def _with_password(connection: Connection) -> int:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(people).where(_p.password != "")) or 0)

    def _known(self, connection: Connection, name: str) -> Person:
        row = connection.execute(sa.select(people).where(_p.name == name)).first()
        if row is None:
            raise Refused(say.UNKNOWN(name=name[:SHOWN_MAX]), say.UNKNOWN_HINT)
        return _person(row)

    def _admins(self, connection: Connection, *, but: str) -> int:
        others = sa.select(sa.func.count()).select_from(people)
        others = others.where(_p.role == Role.ADMIN.value, _p.disabled_at_ms.is_(None), _p.id != but)
        return int(connection.scalar(others) or 0)

    def _tell(self, connection: Connection, what: str, key: str, who: str, why: str, data: dict[str, Any], now_ms: int) -> None:
        append_in(connection, [Line(what, KIND, key, who, why, data)], now_ms)


def _person(row: sa.Row[Any]) -> Person:
    return _person_of(row._mapping)  # noqa: SLF001 -- SQLAlchemy's documented way to a row by name


def _person_of(row: sa.RowMapping) -> Person:
    return Person(
        id=row[_p.id],
        name=row[_p.name],
        shown=row[_p.shown],
        role=Role(row[_p.role]),
        created_at_ms=row[_p.created_at_ms],
        seen_at_ms=row[_p.seen_at_ms],
        disabled_at_ms=row[_p.disabled_at_ms],
        has_password=bool(row[_p.password]),
    )


def _session(row: sa.RowMapping) -> Session:
    person = _person_of(row)
    times = (row[_s.created_at_ms], row[_s.seen_at_ms], row[_s.expires_at_ms])
    return Session(person, *times, row[_s.address], row[_s.browser], row[_s.handle])


def _key(row: Any) -> Key:
    return Key(
        id=row["id"],
        name=row["name"],
        scope=Scope(row["scope"]),
        made_by=row["maker"],
        created_at_ms=row["created_at_ms"],
        used_at_ms=row["used_at_ms"],
        expires_at_ms=row["expires_at_ms"],
        revoked_at_ms=row["revoked_at_ms"],
    )
