"""Stops and marks, in memory and on each database: the same claims for all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from onbam.database.engine import Database
from onbam.database.schema import metadata
from onbam.journal.memory import MemoryJournal
from onbam.journal.ports import Journal
from onbam.journal.sql import SqlJournal
from onbam.journal.tables import journal as journal_table
from onbam.journal.tables import journal_head
from onbam.kernel.clock import FakeClock, SystemClock
from onbam.orders.marks import Marks
from onbam.orders.pauses import ALL, LATELY_S, Lately, Pauses, Stops
from onbam.orders.stores.robot_memory import MemoryMarks, MemoryPauses
from onbam.orders.stores.robot_sql import SqlMarks, SqlPauses
from onbam.orders.tables import order_marks, order_pauses
from support.databases import KINDS


@dataclass(frozen=True)
class Kept:
    """Both stores and the journal beside them."""

    pauses: Pauses
    marks: Marks
    journal: Journal


@pytest.fixture(params=[pytest.param("memory"), *KINDS])
def kept(request: pytest.FixtureRequest) -> Kept:
    """Empty stores of each kind."""
    if request.param == "memory":
        clock = FakeClock()
        journal = MemoryJournal(clock)
        return Kept(MemoryPauses(clock, journal), MemoryMarks(clock), journal)
    database: Database = request.getfixturevalue(f"{request.param}_database")
    metadata.create_all(database.engine, tables=[journal_table, journal_head, order_marks, order_pauses])
    return Kept(SqlPauses(database), SqlMarks(database), SqlJournal(database, SystemClock()))


def test_a_stop_stands_until_it_is_lifted(kept: Kept) -> None:
    """Each scope by itself; lifting twice is told."""
    kept.pauses.set(ALL, who="person:kim", why="wrong prices")
    kept.pauses.set("PC-A-7k2m", who="person:lee", why="")
    assert {(pause.scope, pause.who, pause.why) for pause in kept.pauses.standing()} == {
        (ALL, "person:kim", "wrong prices"),
        ("PC-A-7k2m", "person:lee", ""),
    }
    assert kept.pauses.lift(ALL, who="person:kim", why="corrected")
    assert not kept.pauses.lift(ALL, who="person:kim", why="again")
    assert [pause.scope for pause in kept.pauses.standing()] == ["PC-A-7k2m"]


def test_a_second_stop_of_one_scope_is_signed_anew(kept: Kept) -> None:
    """The last word stays; there is still one stop."""
    kept.pauses.set(ALL, who="person:kim", why="first")
    kept.pauses.set(ALL, who="person:lee", why="second")
    [pause] = kept.pauses.standing()
    assert (pause.who, pause.why) == ("person:lee", "second")


def test_stops_stand_in_the_journal(kept: Kept) -> None:
    """Who, what for, and when it was lifted."""
    kept.pauses.set(ALL, who="person:kim", why="wrong prices")
    kept.pauses.lift(ALL, who="person:lee", why="corrected")
    told = [(entry.line.what, entry.line.who, entry.line.why) for entry in kept.journal.read(0).entries]
    assert told == [("pause.set", "person:kim", "wrong prices"), ("pause.lifted", "person:lee", "corrected")]


def test_a_mark_keeps_its_last_word(kept: Kept) -> None:
    """And knows how old it is."""
    assert kept.marks.get("sweep.done") is None
    kept.marks.put("sweep.done", "first")
    kept.marks.put("sweep.done", "둘째")
    mark = kept.marks.get("sweep.done")
    assert mark is not None
    assert mark.value == "둘째"
    assert 0 <= mark.age_ms < 60_000


def test_what_was_looked_at_a_moment_ago_is_believed_for_a_moment() -> None:
    """While nothing is sent yet a fifth of a second does; a stop that was seen is asked for again each time, until it ends."""
    clock = FakeClock()
    kept = MemoryPauses(clock, MemoryJournal(clock))
    lately = Lately(Stops(kept, "PC-A-7k2m", Path("there is no such file")), clock)
    assert lately() is None
    kept.set(ALL, who="person:kim", why="wrong prices")
    assert lately() is None
    clock.advance(LATELY_S)
    assert lately() is not None
    kept.lift(ALL, who="person:kim", why="corrected")
    assert lately() is None
