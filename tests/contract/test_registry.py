"""The record of each PC's last beats, on every store that keeps a list of PCs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from onbam.claims.machines import Peer, Registry
from onbam.claims.stores.registry_memory import MemoryRegistry
from onbam.claims.stores.registry_sql import SqlRegistry
from onbam.claims.tables import machines
from onbam.database.engine import Database
from onbam.journal.memory import MemoryJournal
from onbam.kernel.clock import FakeClock
from support.claim_stands import A_AGAIN, A, B, SqlStand, server_stand, sqlite_stand
from support.databases import KINDS

PAUSE_S = 10
DUE_MS = 4 * PAUSE_S * 1000
AGAIN = replace(A, agent_id=A_AGAIN.agent_id)
LONG_S = 65
"""Two and a half pauses after its promise, so that a slow test changes nothing."""


@dataclass
class Office:
    """One list of PCs, and the hand on its store's clock."""

    another: Callable[[], Registry]
    """The list as one more process sees it."""
    pass_time: Callable[[float], None]
    database: Callable[[], Database] | None = None


def _in(stand: SqlStand) -> Office:
    return Office(lambda: SqlRegistry(stand.database()), stand.pass_time, stand.database)


def _server(request: pytest.FixtureRequest) -> SqlStand:
    return server_stand(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=("memory", *KINDS))
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """Nobody has joined."""
    if request.param == "memory":
        clock = FakeClock()
        one = MemoryRegistry(clock, MemoryJournal(clock))
        yield Office(lambda: one, clock.jump)
        return
    with closing(sqlite_stand(tmp_path) if request.param == "sqlite" else _server(request)) as stand:
        yield _in(stand)


@pytest.fixture(params=KINDS)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with the tables, and nobody in them."""
    with closing(sqlite_stand(tmp_path) if request.param == "sqlite" else _server(request)) as stand:
        yield stand.database()


def only(registry: Registry) -> Peer:
    """The one PC there is."""
    (peer,) = registry.peers()
    return peer


def test_each_beat_leaves_its_letter_and_anybody_reads_it(office: Office) -> None:
    """On time, late, missed, a new process: the same letters on every store, for every process that looks."""
    own, others = office.another(), office.another()
    own.join(A, version="1", pid=1, due_in_ms=DUE_MS)
    for _ in range(2):
        office.pass_time(PAUSE_S)
        assert own.beat(A, doing="", due_in_ms=DUE_MS)
    office.pass_time(LONG_S)
    assert own.beat(A, doing="", due_in_ms=DUE_MS)
    office.pass_time(PAUSE_S)
    own.join(AGAIN, version="1", pid=2, due_in_ms=DUE_MS)
    assert own.beat(AGAIN, doing="", due_in_ms=DUE_MS)
    assert not own.beat(A, doing="", due_in_ms=DUE_MS)
    assert only(others).marks == only(own).marks == "|..xx!|."


def test_a_pc_that_was_declared_dead_and_comes_back_shows_its_hole(office: Office) -> None:
    """The pauses it stood still for are on record, and what came before them too."""
    own, others = office.another(), office.another()
    own.join(A, version="1", pid=1, due_in_ms=DUE_MS)
    office.pass_time(LONG_S)
    others.bury()
    silent = only(others)
    assert silent.beats(silent.beat_at_ms + LONG_S * 1000).marks == "|xxx"
    assert not own.beat(A, doing="", due_in_ms=DUE_MS)
    assert own.back(A, due_in_ms=DUE_MS)
    assert own.beat(A, doing="", due_in_ms=DUE_MS)
    assert only(others).marks == "|xx!."


def test_the_record_outlives_the_process_and_a_goodbye(office: Office) -> None:
    """A new process goes on with the bars of the old one; the time it was switched off for is nobody's fault."""
    first = office.another()
    first.join(A, version="1", pid=1, due_in_ms=DUE_MS)
    first.beat(A, doing="", due_in_ms=DUE_MS)
    first.leave(A)
    office.pass_time(LONG_S)
    fresh = office.another()
    fresh.join(AGAIN, version="1", pid=2, due_in_ms=DUE_MS)
    office.pass_time(PAUSE_S)
    assert fresh.beat(AGAIN, doing="", due_in_ms=DUE_MS)
    assert only(fresh).marks == "|.___|."


def test_a_clock_set_back_and_a_year_ahead_leave_sixty_letters(office: Office) -> None:
    """The store's clock decides, and whatever it says the record fits its column."""
    own = office.another()
    own.join(A, version="1", pid=1, due_in_ms=0)
    for seconds in (-86_400.0, 365 * 86_400.0, *[0.0] * 70, -1.0):
        office.pass_time(seconds)
        assert own.beat(A, doing="", due_in_ms=1 if seconds else DUE_MS)
    assert len(only(own).marks) == 60
    assert own.join(B, version="1", pid=1, due_in_ms=DUE_MS).succeeded is None


def test_a_process_that_did_not_join_by_itself_goes_on_from_the_row(office: Office) -> None:
    """What the last answer said was lost with the connection, or the list was opened anew."""
    office.another().join(A, version="1", pid=1, due_in_ms=DUE_MS)
    office.pass_time(LONG_S)
    assert office.another().beat(A, doing="", due_in_ms=DUE_MS)
    assert only(office.another()).marks == "|xx!"


def test_an_older_program_writes_its_row_and_its_bars_are_not_known(kept: Database) -> None:
    """It knows no such column: nothing breaks, no old green bar stands for it, and a silence is seen all the same."""
    before = sa.table("machines", *(sa.column(c.name) for c in machines.c if not c.name.startswith("marks")))
    registry = SqlRegistry(kept)
    registry.join(A, version="2", pid=1, due_in_ms=DUE_MS)
    mine = only(registry)
    seat = before.c.seat == A.seat
    beat = {"beat_at_ms": mine.beat_at_ms + 5000, "due_at_ms": mine.due_at_ms + 5000}
    with kept.write() as connection:
        connection.execute(sa.update(before).where(seat).values(agent_id=AGAIN.agent_id, version="1", **beat))
        row = {c.name: getattr(mine, c.name) for c in before.c} | {"life": "alive", "seat": B.seat, "machine_id": B.machine_id}
        connection.execute(sa.insert(before), row)
    older, other = sorted(registry.peers(), key=lambda peer: peer.seat)
    assert (older.marks, other.marks) == ("", "")
    assert older.beats(older.due_at_ms + PAUSE_S * 2000).marks == "xx"
    assert registry.join(A, version="2", pid=1, due_in_ms=DUE_MS).succeeded is not None
    assert next(peer.marks for peer in registry.peers() if peer.seat == A.seat) == "|"


def test_a_beat_is_one_statement_as_ever(kept: Database) -> None:
    """A PC that only waits writes every few seconds: no look at the row before, no second write after."""
    registry = SqlRegistry(kept)
    registry.join(A, version="1", pid=1, due_in_ms=DUE_MS)
    seen: list[str] = []

    def saw(_c: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement.split(maxsplit=1)[0])

    sa.event.listen(kept.engine, "before_cursor_execute", saw)
    for _ in range(2):
        assert registry.beat(A, doing="", due_in_ms=DUE_MS)
    sa.event.remove(kept.engine, "before_cursor_execute", saw)
    asked = "BEGIN" if kept.kind == "sqlite" else "SELECT"  # a server is asked for its clock
    assert seen == [asked, "UPDATE"] * 2
