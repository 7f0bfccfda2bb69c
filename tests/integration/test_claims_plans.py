"""No question a claim store asks SQLite makes it read what is only there, however many completed orders that is.

SQLite knows nothing of how full a table is and guesses; a wrong guess costs nothing in an empty table,
and a second in a full one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from onbam.claims.asks import Command, Ending, Grant, New, Progress
from onbam.claims.model import Act, Agent, Phase, Ref, State
from onbam.claims.ports import Memory
from onbam.claims.stores.sql import SqlStore
from onbam.database.engine import Database
from onbam.database.schema import metadata

BY = Agent("PC-A", "PC-A/agent/1", "PC-A", "192.168.1.100")
NEXT = Agent("PC-A", "PC-A/agent/2", "PC-A", "192.168.1.100")
REFS = [Ref("order", f"{n:010d}") for n in range(120)]
READS = ("SELECT", "UPDATE", "DELETE", "WITH")
TABLES = ("items", "item_memory", "journal")
WHOLE_KIND = "PRIMARY KEY (kind=?)"
BY_KEYS, HELD, DUE = (
    "items USING PRIMARY KEY (kind=? AND key=?)",
    "INDEX ix_items_held",
    "INDEX ix_items_due (kind=? AND due_at_ms<?)",
)


@pytest.fixture
def store(sqlite_database: Database) -> SqlStore:
    """A store with orders that wait."""
    metadata.create_all(sqlite_database.engine)
    store = SqlStore(sqlite_database)
    store.add([New(ref) for ref in REFS])
    return store


def grants(store: SqlStore, refs: list[Ref]) -> list[Grant]:
    """Leases on all of these."""
    given = [grant for grant in store.claim_many(BY, refs) if isinstance(grant, Grant)]
    assert len(given) == len(refs), "what waits is granted"
    return given


@contextmanager
def plans(database: Database) -> Iterator[list[str]]:
    """How SQLite answers each statement of the block."""
    told: list[str] = []
    found: list[str] = []
    assert database.lean is not None, "a file has lean transactions"
    driver = database.lean.connection().driver
    driver.set_trace_callback(told.append)
    yield found
    driver.set_trace_callback(None)
    for text in told:
        if text.startswith(READS):
            found += [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {text}")]


def claim_a_hundred(store: SqlStore) -> None:
    """By name."""
    grants(store, REFS[:100])


def claim_a_hundred_held(store: SqlStore) -> None:
    """By name, what another agent has."""
    store.claim_many(NEXT, REFS)


def claim_whatever_is_due(store: SqlStore) -> None:
    """More than there is, so that ended leases are looked for too."""
    assert len(store.claim_due(BY, ["order"], 200)) == len(REFS)


def work_through_a_few(store: SqlStore) -> None:
    """Renew, tell, finish, hand back."""
    fences = [grant.item.fence for grant in grants(store, REFS[:30])]
    store.renew(fences)
    store.advance([Progress(fence, Phase.SENDING, need_ms=1000) for fence in fences[:5]])
    store.finish([Ending(fence, State.COMPLETED, receipt="S-1") for fence in fences[:20]])
    store.release(fences[20:])


def take_back(store: SqlStore) -> None:
    """What ended, what a dead one held, what this seat held."""
    store.expire()
    store.declare_dead([BY.agent_id], who="system:test", why="silent")
    store.recover(NEXT)


def decide_as_a_person(store: SqlStore) -> None:
    """An override, and a look."""
    store.override([Command(REFS[0], Act.HOLD, "person:kim", "wait")])
    store.get(REFS[:50])


def keep_house(store: SqlStore) -> None:
    """Clean up, and take another system's memory over."""
    store.cleanup(0)
    store.remember([Memory(Ref("order", f"old-{n}"), State.COMPLETED, 1) for n in range(50)])


@pytest.mark.parametrize(
    ("act", "by"),
    [
        (claim_a_hundred, BY_KEYS),
        (claim_a_hundred_held, BY_KEYS),
        (claim_whatever_is_due, DUE),
        (work_through_a_few, BY_KEYS),
        (take_back, HELD),
        (decide_as_a_person, BY_KEYS),
        (keep_house, "item_memory USING PRIMARY KEY (kind=? AND key=?)"),
    ],
)
def test_a_question_reads_what_it_asks_for(
    sqlite_database: Database, store: SqlStore, act: Callable[[SqlStore], None], by: str
) -> None:
    """Rows by their keys, what is due and what is held by their own indexes; never a whole table or everything of a kind."""
    with plans(sqlite_database) as found:
        act(store)
    assert any(by in step for step in found), found
    assert not [step for step in found if step.startswith("SCAN") and any(name in step for name in TABLES)]
    assert not [step for step in found if WHOLE_KIND in step]


def test_named_orders_are_not_looked_for_among_all_that_wait(sqlite_database: Database, store: SqlStore) -> None:
    """A hundred named orders cost the same beside a hundred waiting ones and beside a hundred thousand."""
    with plans(sqlite_database) as found:
        claim_a_hundred(store)
    assert not [step for step in found if "ix_items_due" in step], found
