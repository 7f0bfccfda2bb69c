"""A follower misses nothing and sees nothing twice, however many write at the same time, on each kind of database."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NoReturn
from zoneinfo import ZoneInfo

import pytest

from onbam.database.engine import Database
from onbam.database.schema import metadata
from onbam.journal import bells
from onbam.journal.model import Entry, Line, Stretch
from onbam.journal.retention import Retention
from onbam.journal.sql import SqlJournal, append_in
from onbam.kernel.clock import SystemClock

WRITERS = 4
EACH = 40
DEADLINE_S = 60.0


class _RollBackError(Exception):
    """This transaction was not meant to stay."""


def line(writer: int, number: int) -> Line:
    """One of many."""
    return Line("item.claimed", "order", f"{writer}-{number:04d}", f"agent:{writer}")


def written(database: Database, writer: int, number: int, *, stays: bool) -> None:
    """One transaction, committed or not."""
    with database.write() as connection:
        append_in(connection, [line(writer, number)], number)
        if not stays:
            raise _RollBackError


def write(database: Database, writer: int) -> None:
    """Every seventh transaction is rolled back and done again."""
    for number in range(EACH):
        try:
            written(database, writer, number, stays=number % 7 != 3)
        except _RollBackError:
            written(database, writer, number, stays=True)


def follow(database: Database, done: threading.Event) -> Sequence[Entry]:
    """Read as they go, until they are done and there is nothing more."""
    journal, seen, position = SqlJournal(database, SystemClock()), [], 0
    while True:
        over = done.is_set()
        stretch = journal.tail(position, 0.05, limit=13)
        seen += stretch.entries
        position = stretch.position
        if over and not stretch.entries:
            journal.close()
            return seen


def prepared(open_url: Callable[[str], Database], url: str) -> Database:
    """The database with its tables."""
    database = open_url(url)
    with database.write() as connection:
        metadata.create_all(connection)
    return database


def test_followers_see_every_line_once_while_four_write(any_url: str, open_url: Callable[[str], Database]) -> None:
    """Writers commit out of step and some of them roll back; two followers read as they go; both read the same, whole."""
    prepared(open_url, any_url)
    done = threading.Event()
    with ThreadPoolExecutor(WRITERS + 2) as pool:
        readers = [pool.submit(follow, open_url(any_url), done) for _ in range(2)]
        writers = [pool.submit(write, open_url(any_url), n) for n in range(WRITERS)]
        try:
            for writer in writers:
                writer.result(DEADLINE_S)
        finally:
            done.set()
        seen = [reader.result(DEADLINE_S) for reader in readers]
    whole = {f"{writer}-{number:04d}" for writer in range(WRITERS) for number in range(EACH)}
    for entries in seen:
        assert [entry.position for entry in entries] == list(range(1, len(whole) + 1))
        assert {entry.line.key for entry in entries} == whole


def test_a4_a_change_on_one_pc_wakes_a_follower_on_another(
    any_url: str, open_url: Callable[[str], Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits on its own connection and has the line long before its wait is over; not because it looked again anyway."""
    monkeypatch.setattr(bells, "LISTEN_MAX_S", DEADLINE_S)
    ours = SqlJournal(prepared(open_url, any_url), SystemClock())
    theirs = SqlJournal(open_url(any_url), SystemClock())
    with ThreadPoolExecutor(1) as pool:
        heard = pool.submit(theirs.tail, 0, DEADLINE_S)
        ours.append([line(1, 1)])
        stretch = heard.result(DEADLINE_S / 2)
    theirs.close()
    assert [entry.line.key for entry in stretch.entries] == ["1-0001"]


def test_a4_a_follower_that_waits_is_woken_and_has_the_line(
    any_url: str, open_url: Callable[[str], Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has found nothing and waits; one line is written elsewhere; the read after its wait has it. A wait is no polling."""
    monkeypatch.setattr(bells, "LISTEN_MAX_S", DEADLINE_S)
    ours = SqlJournal(prepared(open_url, any_url), SystemClock())
    waits = threading.Event()
    reads: list[int] = []

    class Follower(SqlJournal):
        """Says when it has found nothing."""

        def read(self, since: int, limit: int = 500) -> Stretch:
            stretch = super().read(since, limit)
            reads.append(len(stretch.entries))
            waits.set()
            return stretch

    theirs = Follower(open_url(any_url), SystemClock())
    with ThreadPoolExecutor(1) as pool:
        heard = pool.submit(theirs.tail, 0, DEADLINE_S)
        assert waits.wait(DEADLINE_S)
        ours.append([line(1, 1)])
        heard.result(DEADLINE_S / 2)
    theirs.close()
    assert (reads[0], reads[-1]) == (0, 1)
    assert len(reads) <= 3, "a bell may ring for nothing, once"


@pytest.mark.needs("postgres")
def test_a4_postgresql_rings_and_nobody_looks(
    postgres_url: str, open_url: Callable[[str], Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server itself wakes the follower: looking now and then is not part of it."""

    def no_look(*_: object) -> NoReturn:
        raise AssertionError("a follower on PostgreSQL is woken, it does not look")

    monkeypatch.setattr(bells, "_watching", no_look)
    monkeypatch.setattr(bells, "LISTEN_MAX_S", DEADLINE_S)
    ours = SqlJournal(prepared(open_url, postgres_url), SystemClock())
    theirs = bells.bell_for(open_url(postgres_url), SystemClock())
    assert isinstance(theirs, bells.NotifyBell)
    with ThreadPoolExecutor(1) as pool, theirs.listening() as heard:
        rung = pool.submit(heard, DEADLINE_S)
        ours.append([line(1, 1)])
        rung.result(DEADLINE_S / 2)
    theirs.close()


def test_a4_where_nobody_rings_a_follower_looks_several_times_a_second() -> None:
    """So that a change on one PC is seen on another within a second on SQLite, MySQL and MariaDB too."""
    assert bells.LOOK_S <= 0.25


def test_a_follower_survives_the_end_of_its_connection(any_url: str, open_url: Callable[[str], Database]) -> None:
    """Every connection is thrown away between two reads: it goes on where it was."""
    database = prepared(open_url, any_url)
    journal = SqlJournal(database, SystemClock())
    journal.append([line(1, 1)])
    first = journal.tail(0, 1.0)
    journal.close()
    database.engine.dispose()
    journal.append([line(1, 2)])
    assert [entry.line.key for entry in journal.tail(first.position, 1.0).entries] == ["1-0002"]
    journal.close()


def test_old_lines_become_counts_on_each_kind_of_database(any_url: str, open_url: Callable[[str], Database]) -> None:
    """Counted in their day and removed; the newest stays, and a reader that comes too late is told up to where."""
    database = prepared(open_url, any_url)
    for number in range(5):
        written(database, 1, number, stays=True)  # in the first milliseconds of 1970
    journal, retention = SqlJournal(database, SystemClock()), Retention(database, ZoneInfo("Asia/Seoul"))
    assert [retention.roll_up(400) for _ in range(2)] == [4, 0]
    assert retention.days() == {("1970-01-01", "order", "item.claimed"): 4}
    assert journal.append([line(1, 5)]) == 6
    late = journal.read(0)
    assert ([entry.position for entry in late.entries], late.missing_before) == ([5, 6], 4)
    assert retention.roll_up(400) == 1
    assert retention.days() == {("1970-01-01", "order", "item.claimed"): 5}
    journal.close()
