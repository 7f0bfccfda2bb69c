"""Errands on each database: asked at one PC, done at another."""

from __future__ import annotations

import itertools

import pytest

from onbam.care.errands.carrier import told
from onbam.care.errands.model import Do, Stage
from onbam.care.errands.store import Errands
from onbam.care.errands.tables import errands
from onbam.database.engine import Database
from onbam.database.schema import metadata
from onbam.journal.sql import SqlJournal
from onbam.journal.tables import journal as journal_table
from onbam.journal.tables import journal_head
from onbam.kernel.clock import SystemClock
from support.databases import KINDS

PC = "PC-B-7k2b"


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest) -> Database:
    """An empty one of each kind."""
    found: Database = request.getfixturevalue(f"{request.param}_database")
    metadata.create_all(found.engine, tables=[journal_table, journal_head, errands])
    return found


@pytest.fixture
def store(database: Database) -> Errands:
    """The table."""
    numbers = itertools.count(1)
    return Errands(database, lambda: f"e{next(numbers):04d}")


def test_what_was_asked_is_taken_once_and_stands_in_the_journal(store: Errands, database: Database) -> None:
    """Two programs of a PC look: one takes it; each stage is a line of the journal."""
    asked = store.ask(PC, Do.RESTART, "agent", who="person:kim", why="느립니다")
    assert store.open("PC-A-7k2a") == []
    (found,) = store.open(PC)
    assert found == asked
    assert store.take(found)
    assert not store.take(found)
    (found,) = store.open(PC)
    assert store.end(found, Stage.DONE, '{"ko": "됨", "en": "done"}')
    assert not store.end(found, Stage.FAILED, "")
    assert store.open(PC) == []
    (over,) = store.of(PC)
    assert (over.stage, told(over.answer, "ko"), told(over.answer, "en")) == (Stage.DONE, "됨", "done")
    lines = [entry.line for entry in SqlJournal(database, SystemClock()).read(0).entries]
    assert [(line.what, line.key, line.who) for line in lines] == [
        ("errand.asked", PC, "person:kim"),
        ("errand.taken", PC, "system:errands"),
        ("errand.done", PC, "system:errands"),
    ]


def test_the_same_is_not_asked_twice_while_it_is_under_way(store: Errands) -> None:
    """A second press of the button joins the first."""
    first = store.ask(PC, Do.RESTART, "agent", who="person:kim")
    assert store.ask(PC, Do.RESTART, "agent", who="person:lee").id == first.id
    assert store.ask(PC, Do.RESTART, "", who="person:lee").id != first.id


def test_a_look_at_a_log_leaves_no_trail(store: Errands, database: Database) -> None:
    """The journal is silent about it, and what was seen last stays until the next look is there."""
    long = "줄" * 60_000
    asked = store.ask(PC, Do.LOG, "503", who="person:kim")
    assert store.end(asked, Stage.DONE, long)
    found = store.look(PC, Do.LOG, "503")
    assert found is not None
    assert (found.stage, found.answer) == (Stage.DONE, long)
    store.look_again(found)
    (again,) = store.open(PC)
    assert (again.id, again.stage, again.answer) == (asked.id, Stage.ASKED, long)
    assert store.of(PC) == []
    assert store.look(PC, Do.LOG, "404") is None
    assert SqlJournal(database, SystemClock()).read(0).entries == []
