"""Who may come in: passwords, sessions that renew themselves, links that work once, keys that never exceed their maker."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from onbam.database.engine import Database, open_database
from onbam.database.schema import metadata
from onbam.kernel.chance import Chance
from onbam.kernel.clock import FakeClock
from onbam.kernel.errors import Refused
from onbam.people.model import May, Person, Role, Scope, good_name, too_easy
from onbam.people.passwords import Gate
from onbam.people.people import People
from onbam.people.tables import api_keys, door_links, people, sessions

LONG = "a small lamp by night"
HOUR_MS = 3_600_000


@dataclass
class Door:
    """An empty house and its clock."""

    people: People
    database: Database
    clock: FakeClock


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    """People in a file of their own."""
    clock = FakeClock()
    database = open_database(f"sqlite:///{(tmp_path / 'onbam.db').as_posix()}", clock=clock)
    with database.write() as connection:
        metadata.create_all(connection)
    yield Door(People(database, clock, Chance(1), session_ms=12 * HOUR_MS), database, clock)
    database.close()


def test_nobody_is_there_until_somebody_can_come_in(door: Door) -> None:
    """A person without a password does not count: they could not log in."""
    assert door.people.nobody_yet()
    door.people.add("kim", Role.ADMIN, who="person:pc")
    assert door.people.nobody_yet()
    door.people.set_password("kim", LONG, who="person:kim")
    assert not door.people.nobody_yet()


def test_name_and_password_belong_together(door: Door) -> None:
    """The right pair is a person; a wrong word, an unknown name and somebody shut out are nobody."""
    door.people.add("김부장", Role.ADMIN, who="person:pc", password=LONG)
    door.people.add("lee", Role.OPERATOR, who="person:pc", password=LONG)
    door.people.change("lee", who="person:김부장", disabled=True)
    found = door.people.checked("김부장", LONG)
    assert found is not None
    assert found.who == "person:김부장"
    assert door.people.checked("김부장", LONG + "!") is None
    assert door.people.checked("nobody", LONG) is None
    assert door.people.checked("lee", LONG) is None


def test_nothing_in_the_database_opens_a_door(door: Door) -> None:
    """Password, session, link and key are not in the file as they are."""
    kim = door.people.add("kim", Role.ADMIN, who="person:pc", password=LONG)
    secrets = [LONG, door.people.enter(kim, address="::1", browser="x", how="password"), door.people.link("kim", who="x")]
    secrets.append(door.people.add_key("script", Scope.READ, kim)[1])
    with door.database.read() as connection:
        kept = repr([connection.execute(sa.select(t)).all() for t in (people, sessions, door_links, api_keys)])
    assert [secret for secret in secrets if secret in kept] == []


def test_a_session_exchanges_what_opens_it(door: Door) -> None:
    """After a quarter of an hour in use another text opens it; the old one works a minute longer, then never again."""
    kim = door.people.add("kim", Role.ADMIN, who="person:pc", password=LONG)
    first = door.people.enter(kim, address="::1", browser="x", how="password")
    door.clock.advance(16 * 60)
    found = door.people.session(first)
    assert found is not None
    second = found[1]
    assert second is not None
    assert door.people.session(first) is not None
    door.clock.advance(61)
    assert door.people.session(first) is None
    again = door.people.session(second)
    assert again is not None
    assert again[0].person.name == "kim"


def test_a_session_ends_by_itself_by_leaving_and_by_being_shut_out(door: Door) -> None:
    """Unused for its hours, logged out, ended by hand, or its person disabled: it opens nothing."""
    door.people.add("root", Role.ADMIN, who="person:pc", password=LONG)
    kim = door.people.add("kim", Role.OPERATOR, who="person:pc", password=LONG)
    opens = [door.people.enter(kim, address="::1", browser=str(n), how="password") for n in range(4)]
    door.people.leave(opens[0])
    handle = next(s.handle for s in door.people.sessions_of(kim) if s.browser == "1")
    assert door.people.end_session(kim, handle, who="person:kim")
    assert [door.people.session(one) is None for one in opens] == [True, True, False, False]
    door.people.change("kim", who="person:root", disabled=True)
    assert door.people.session(opens[2]) is None
    root = door.people.named("root")
    assert root is not None
    late = door.people.enter(root, address="::1", browser="x", how="password")
    door.clock.advance(13 * 3600)
    assert door.people.session(late) is None


def test_a_link_works_once_and_not_for_long(door: Door) -> None:
    """The second use and the late use of a link are refused; what is too easy costs no link."""
    kim = door.people.add("kim", Role.ADMIN, who="person:pc")  # without a password: nobody can come in yet
    used, late, first = (door.people.link(name, who="person:pc") for name in ("kim", "kim", ""))
    assert door.people.link_for(used) == kim
    assert door.people.link_for(first) == ""
    with pytest.raises(Refused):
        door.people.use_link(used, "kim")
    assert door.people.use_link(used, LONG) == door.people.checked("kim", LONG)
    assert door.people.use_link(used, LONG) is None
    assert door.people.link_for(used) is None
    door.clock.advance(31 * 60)
    assert door.people.link_for(late) is None
    assert door.people.use_link(late, LONG) is None


def test_the_first_administrators_link_is_for_the_first_only(door: Door) -> None:
    """Two starts made two links: who comes second finds the house taken, and whoever fills in both forms at once does too."""
    one, other = (door.people.link(who="person:pc", purpose="first") for _ in range(2))
    found: list[Person | None] = []
    threads = [
        threading.Thread(target=lambda opens=opens, name=name: found.append(door.people.use_link(opens, LONG, name=name)))
        for opens, name in ((one, "kim"), (one, "lee"), (other, "park"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [person.name for person in found if person] == [person.name for person in door.people.everybody()]
    assert len(door.people.everybody()) == 1
    assert door.people.link_for(other) is None


def test_the_last_administrator_stays(door: Door) -> None:
    """Whoever governs the door cannot be shut out by mistake."""
    door.people.add("kim", Role.ADMIN, who="person:pc", password=LONG)
    for change in ({"disabled": True}, {"role": Role.VIEWER}):
        with pytest.raises(Refused, match="last administrator"):
            door.people.change("kim", who="person:kim", **change)  # type: ignore[arg-type]
    door.people.add("lee", Role.ADMIN, who="person:kim", password=LONG)
    assert door.people.change("kim", who="person:lee", role=Role.VIEWER).role is Role.VIEWER


def test_a_key_may_no_more_than_its_maker(door: Door) -> None:
    """An administrator's key loses its rights with its maker, and opens nothing once revoked or old."""
    door.people.add("root", Role.ADMIN, who="person:pc", password=LONG)
    kim = door.people.add("kim", Role.ADMIN, who="person:pc", password=LONG)
    key, opens = door.people.add_key("script", Scope.ADMIN, kim)
    _, short = door.people.add_key("short", Scope.READ, kim, days=1)
    found = door.people.by_key(opens)
    assert found is not None
    assert May.GOVERN in found[0].may(found[1])
    door.people.change("kim", who="person:root", role=Role.VIEWER)
    found = door.people.by_key(opens)
    assert found is not None
    assert found[0].may(found[1]) == {May.LOOK}
    assert door.people.revoke_key(key.id, who="person:root")
    assert door.people.by_key(opens) is None
    door.clock.advance(25 * 3600)
    assert door.people.by_key(short) is None
    assert [k.name for k in door.people.live_keys()] == ["short"]


def test_saved_views_are_a_persons_own(door: Door) -> None:
    """A view of the same name is replaced, and nobody drops another's."""
    kim = door.people.add("kim", Role.ADMIN, who="person:pc")
    lee = door.people.add("lee", Role.VIEWER, who="person:pc")
    door.people.keep_view(kim, "실패", "state=failed")
    view = door.people.keep_view(kim, "실패", "state=failed&q=PC-A")
    assert door.people.views(kim) == [view]
    assert not door.people.drop_view(lee, view.id)
    assert door.people.drop_view(kim, view.id)


def test_wrong_tries_make_a_pause_that_doubles() -> None:
    """The fifth wrong try closes the gate, the next one twice as long; a right one opens it, calm forgets."""
    clock = FakeClock()
    gate = Gate(clock, tries=5, pause_s=60)
    for _ in range(4):
        gate.wrong("kim", "10.0.0.7")
    assert gate.wait_s("kim", "10.0.0.7") == 0
    gate.wrong("kim", "10.0.0.7")
    assert gate.wait_s("lee", "10.0.0.7") == pytest.approx(60)
    clock.advance(61)
    gate.wrong("kim")
    assert gate.wait_s("kim") == pytest.approx(120)
    gate.right("kim")
    assert gate.wait_s("kim") == 0
    clock.advance(3000)
    gate.wrong("10.0.0.7")
    assert gate.wait_s("10.0.0.7") == 0


@pytest.mark.parametrize("password", ["short", "1234567890", "aaaaaaaaaaaa", "qwertyuiop", "kim-lee-parkkim", "x" * 300])
def test_easy_passwords_are_refused(password: str) -> None:
    """What is tried first by everybody is no password."""
    assert too_easy(password, "kim-lee-park")


def test_names_are_what_can_be_typed_and_read() -> None:
    """Letters of any script and a few signs; nothing that could break a line or a page."""
    assert all(good_name(name) for name in ("kim", "김부장", "kim.lee@shop", "a-b_c"))
    assert not any(good_name(name) for name in ("", " kim", "a b", "<b>", "a\nb", "a:b", "x" * 41))
