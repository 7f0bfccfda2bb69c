"""What the desk asks the journal in one question: the last line of each thing, and what came next."""

from __future__ import annotations

from collections import Counter

import pytest
import sqlalchemy as sa

from onbam.database.engine import Database
from onbam.journal.model import Line
from onbam.journal.sql import append_in
from onbam.journal.tables import journal
from onbam.web import journal_reads
from onbam.web.journal_reads import (
    LASTS_MAX,
    LOOKED_FOR,
    PART,
    about_items,
    about_kind,
    nexts_of,
    positions_at,
    stretch,
    written,
)

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
    whole = list(stretch(database, 0, 10_000))
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
    whole = list(stretch(database, 0, 10_000))
    fallen = [entry for entry in whole if entry.line.what == FELL]
    with database.read() as connection:
        found = nexts_of(connection, fallen, (TOOK,))
        assert nexts_of(connection, [], (TOOK,)) == []
    place = {entry.position: n for n, entry in enumerate(whole)}
    assert [place[entry.position] for entry in found] == [5, 7]


def test_a_stretch_longer_than_what_is_in_memory_at_a_time_is_told_whole(database: Database) -> None:
    """Every line once, in order, from the one after to the last one asked for."""
    told(database, *[("x", "order", f"{n}") for n in range(2 * PART + 3)])
    first = next(stretch(database, 0, 10_000)).position
    upto = first + 2 * PART + 1
    assert [entry.position for entry in stretch(database, first, upto)] == list(range(first + 1, upto + 1))


def test_where_the_journal_stood_at_each_moment(database: Database) -> None:
    """As one who reads all of it would say, also of moments before it began and after it ended, and of many at once."""
    with database.look() as connection:
        assert positions_at(connection, [5, 0]) == [0, 0]
    times = [1000 + n // 7 * 3 for n in range(400)]
    with database.write() as connection:
        for at_ms in times:
            append_in(connection, [Line("x", "order", "a", "agent:x")], at_ms)
    first = next(stretch(database, 0, 10_000)).position
    moments = [0, 999, *range(1000, 1180), 9_000]
    with database.look() as connection:
        assert len(moments) > LOOKED_FOR
        assert positions_at(connection, moments) == [first - 1 + sum(one <= at for one in times) for at in moments]
        assert [positions_at(connection, [at])[0] for at in moments[::9]] == positions_at(connection, moments)[::9]


def test_a_moment_before_the_lines_that_are_kept_is_before_all_of_them(database: Database) -> None:
    """Retention removed the older ones."""
    told(database, *[("x", "order", f"{n}") for n in range(60)])
    kept = next(stretch(database, 0, 10_000)).position + 40
    with database.write() as connection:
        connection.execute(sa.delete(journal).where(journal.c.position < kept))
    with database.look() as connection:
        assert positions_at(connection, [5, 1039, 1040, 1041, 1059]) == [kept - 1, kept - 1, kept, kept + 1, kept + 19]


@pytest.mark.parametrize("piece", [7, 1_000])
def test_a_stretch_added_up_is_what_one_who_counts_its_lines_finds(
    database: Database, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    """Who worked and what happened, five minutes by five minutes; what a PC says of itself is no work."""
    monkeypatch.setattr(journal_reads, "PIECE", piece)
    whats = (TOOK, "item.completed", "machine.joined", FELL)
    lines = [
        Line(whats[n % 4], "order", f"{n}", ("agent:PC-A_1", "agent:PC-B_1", "person:kim, park\n")[n % 3]) for n in range(50)
    ]
    with database.write() as connection:
        for n, line in enumerate(lines):
            append_in(connection, [line], 1_000 + 90 * n)
    entries = list(stretch(database, 0, 10_000))[5:45]
    works, happened = Counter[tuple[str, int]](), Counter[tuple[str, int]]()
    with database.look() as connection:
        for begin_ms, who, what in written(connection, entries[0].position - 1, entries[-1].position, 500):
            works.update((one, begin_ms) for one in who if one.startswith("agent:"))
            happened.update((one, begin_ms) for one in what)
        items = list(about_items(connection, entries[0].position - 1, entries[-1].position))
    begin = {entry.position: entry.at_ms - entry.at_ms % 500 for entry in entries}
    agents = [entry for entry in entries if entry.line.who.startswith("agent:") and not entry.line.what.startswith("machine.")]
    assert works == Counter((entry.line.who, begin[entry.position]) for entry in agents)
    assert happened == Counter((entry.line.what, begin[entry.position]) for entry in entries)
    of_items = [entry for entry in entries if entry.line.what.startswith("item.")]
    assert [(key, what) for _, what, key, _, _ in items] == [(entry.line.key, entry.line.what) for entry in of_items]
