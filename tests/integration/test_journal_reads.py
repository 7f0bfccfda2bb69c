"""What the desk asks the journal in one question: the last line of each thing, and what came next."""

from __future__ import annotations

import pytest

from onbam.database.engine import Database
from onbam.journal.model import Line
from onbam.journal.sql import append_in
from onbam.journal.tables import journal
from onbam.web.journal_reads import LASTS_MAX, about_kind, nexts_of, stretch

KINDS = (
    pytest.param("sqlite"),
    pytest.param("postgres", marks=pytest.mark.needs("postgres")),
    pytest.param("mariadb", marks=pytest.mark.needs("mariadb")),
)
FELL, TOOK = "item.expired", "item.claimed"


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest) -> Database:
    """A database with an empty journal."""
    opened: Database = request.getfixturevalue(f"{request.param}_database")
    with opened.write() as connection:
        journal.metadata.create_all(connection)
    return opened


def told(database: Database, *lines: tuple[str, str, str]) -> None:
    """Lines of a sort about a thing of a kind, one after the other."""
    with database.write() as connection:
        for n, (what, kind, key) in enumerate(lines):
            append_in(connection, [Line(what, kind, key, "agent:x")], 1000 + n)


@pytest.mark.parametrize("count", [1, 2, 5, 21, LASTS_MAX + 3])
def test_the_last_line_of_each_up_to_a_moment(database: Database, count: int) -> None:
    """In the order they are asked about; one that has no line is left out, and what came later does not count."""
    keys = [f"pc-{n:03}" for n in range(count)]
    told(database, *[("machine.joined", "machine", key) for key in keys], ("x", "order", "pc-000"))
    told(database, *[("machine.left", "machine", key) for key in keys[::2]])
    asked = [*reversed(keys), "nobody"]
    whole, _ = stretch(database, 0, 10_000, 10_000)
    upto = whole[-1].position
    found = about_kind(database, "machine", asked, upto)
    assert [entry.line.key for entry in found] == list(reversed(keys))
    assert {entry.line.key for entry in found if entry.line.what == "machine.left"} == set(keys[::2])
    before = about_kind(database, "machine", asked, upto - len(keys[::2]))
    assert {entry.line.what for entry in before} == {"machine.joined"}
    assert len(before) == count


def test_what_came_next_about_the_same_thing(database: Database) -> None:
    """The nearest line after each; another kind's, another thing's and an earlier one are not it."""
    told(database, (TOOK, "order", "a"), (FELL, "order", "a"), (TOOK, "other", "a"), (TOOK, "order", "b"), (FELL, "order", "c"))
    told(database, (TOOK, "order", "a"), (FELL, "order", "a"), (TOOK, "order", "a"), (TOOK, "order", "a"), ("x", "order", "c"))
    whole, _ = stretch(database, 0, 10_000, 10_000)
    fallen = [entry for entry in whole if entry.line.what == FELL]
    with database.read() as connection:
        found = nexts_of(connection, fallen, (TOOK,))
        assert nexts_of(connection, [], (TOOK,)) == []
    place = {entry.position: n for n, entry in enumerate(whole)}
    assert [place[entry.position] for entry in found] == [5, 7]
