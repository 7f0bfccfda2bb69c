"""The journal: every line once, in order, from any position."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from onbam.database.engine import Database, open_database
from onbam.database.schema import metadata
from onbam.journal.memory import MemoryJournal
from onbam.journal.model import WHY_MAX, Line
from onbam.journal.ports import Journal
from onbam.journal.retention import Retention
from onbam.journal.roller import BREATH_S, LOOK_S, START_S, Roller
from onbam.journal.settings import LEAST_DAYS, JournalSettings
from onbam.journal.sql import SqlJournal, append_in
from onbam.journal.tables import journal as table
from onbam.kernel.clock import FakeClock
from onbam.kernel.errors import Damaged
from onbam.orders.settings import OrderSettings
from onbam.orders.stores.robot_sql import SqlMarks

DAY_S = 86_400


def line(number: int, what: str = "item.claimed") -> Line:
    """One of many."""
    return Line(what, "order", f"{number:04d}", "agent:PC-A_192.168.1.100", "", {"token": number})


@pytest.fixture
def clock() -> FakeClock:
    """Time as the test says."""
    return FakeClock()


@pytest.fixture
def database(tmp_path: Path, clock: FakeClock) -> Iterator[Database]:
    """An empty file."""
    opened = open_database(f"sqlite:///{(tmp_path / 'j.db').as_posix()}", clock=clock)
    with opened.write() as connection:
        metadata.create_all(connection)
    yield opened
    opened.close()


@pytest.fixture(params=["memory", "sqlite"])
def journal(request: pytest.FixtureRequest, clock: FakeClock) -> Journal:
    """An empty journal."""
    if request.param == "memory":
        return MemoryJournal(clock)
    return SqlJournal(request.getfixturevalue("database"), clock)


def test_a_reader_gets_every_line_once_and_in_order(journal: Journal) -> None:
    """In portions, from where it stopped, with the same words that were written."""
    for start in range(0, 25, 5):
        journal.append([line(n) for n in range(start, start + 5)])
    position, seen = 0, []
    while (stretch := journal.read(position, limit=7)).entries:
        seen += [entry.line for entry in stretch.entries]
        position = stretch.position
    assert seen == [line(n) for n in range(25)]
    assert (position, journal.head()) == (25, 25)


def test_positions_grow_by_one(journal: Journal) -> None:
    """A hole would be a lost line, so there are none."""
    assert [journal.append([line(n)]) for n in range(3)] == [1, 2, 3]
    assert journal.append([line(4), line(5)]) == 5
    assert [entry.position for entry in journal.read(0).entries] == [1, 2, 3, 4, 5]


def test_a_follower_waits_for_the_first_line_and_no_longer_than_asked(journal: Journal, clock: FakeClock) -> None:
    """Nothing new is an honest answer after the time is over; what is there is answered at once."""
    before = clock.monotonic()
    assert list(journal.tail(0, 2.0).entries) == []
    assert clock.monotonic() - before == pytest.approx(2.0, abs=0.2)
    journal.append([line(1)])
    before = clock.monotonic()
    assert [entry.line for entry in journal.tail(0, 60.0).entries] == [line(1)]
    assert clock.monotonic() == before


def test_the_story_of_one_thing_is_read_backwards(journal: Journal) -> None:
    """Newest first, in portions, nothing of the others."""
    for n in range(6):
        journal.append([line(n % 2, f"item.step{n}")])
    newest = journal.about("order", "0001", limit=2)
    assert [entry.line.what for entry in newest] == ["item.step5", "item.step3"]
    assert [e.line.what for e in journal.about("order", "0001", before=newest[-1].position)] == ["item.step1"]


def test_what_a_person_writes_is_cut_to_its_column_and_kept_as_it_is(journal: Journal) -> None:
    """Korean, quotes, newlines; a reason of a thousand letters is cut, and says so."""
    said = Line("item.hold", "order", "1", "person:김철수", 'he said: "wait"\n기다려 ☕', {"note": "'); DROP TABLE items;--"})
    journal.append([said, Line("item.hold", "order", "1", "person:kim", "x" * 1000)])
    first, second = journal.read(0).entries
    assert first.line == said
    assert (len(second.line.why), second.line.why[-1]) == (WHY_MAX, "…")


def test_a_line_of_a_transaction_that_fails_was_never_written(database: Database, clock: FakeClock) -> None:
    """The change and its line are one; the position is used by the next one."""
    journal = SqlJournal(database, clock)
    with pytest.raises(ZeroDivisionError), database.write() as connection:
        append_in(connection, [line(1)], 0) // 0
    assert journal.append([line(2)]) == 1
    assert [entry.line for entry in journal.read(0).entries] == [line(2)]


def test_a_hole_made_by_hand_is_said_and_not_read_over(database: Database, clock: FakeClock) -> None:
    """Somebody deleted a line in the middle: the follower stops there."""
    journal = SqlJournal(database, clock)
    journal.append([line(n) for n in range(5)])
    with database.write() as connection:
        connection.execute(sa.delete(table).where(table.c.position == 3))
    with pytest.raises(Damaged, match="4 stands where 3 should be"):
        journal.read(1)


def test_old_lines_become_counts_of_their_day(database: Database, clock: FakeClock) -> None:
    """By the shop's own days: 23:30 UTC is tomorrow in Seoul. The young ones stay, and positions go on."""
    journal, retention = SqlJournal(database, clock), Retention(database, ZoneInfo("Asia/Seoul"))
    journal.append([line(n) for n in range(3)])  # 2026-01-13 18:00 in Seoul
    clock.advance(6.5 * 3600)
    journal.append([line(9), line(9, "item.completed")])  # 2026-01-14 00:30 in Seoul
    clock.advance(100 * DAY_S)
    journal.append([line(10)])
    assert [retention.roll_up(90) for _ in range(2)] == [5, 0]
    assert retention.days() == {
        ("2026-01-13", "order", "item.claimed"): 3,
        ("2026-01-14", "order", "item.claimed"): 1,
        ("2026-01-14", "order", "item.completed"): 1,
    }
    assert [entry.position for entry in journal.read(5).entries] == [6]
    assert journal.append([line(11)]) == 7


def test_a_reader_that_comes_too_late_is_told_what_it_missed(database: Database, clock: FakeClock) -> None:
    """It asks from a position that was removed: it gets what there is, and the number of the last missing one."""
    journal, retention = SqlJournal(database, clock), Retention(database, ZoneInfo("Asia/Seoul"))
    journal.append([line(n) for n in range(4)])
    clock.advance(100 * DAY_S)
    journal.append([line(10)])
    retention.roll_up(90)
    late = journal.read(1)
    assert ([e.position for e in late.entries], late.missing_before) == ([5], 4)
    assert journal.read(4).missing_before == 0


def test_the_newest_line_stays_however_old_it_is(database: Database, clock: FakeClock) -> None:
    """So that positions never start again."""
    journal, retention = SqlJournal(database, clock), Retention(database, ZoneInfo("Asia/Seoul"))
    journal.append([line(1), line(2)])
    clock.advance(1000 * DAY_S)
    assert [retention.roll_up(90) for _ in range(2)] == [1, 0]
    assert journal.append([line(3)]) == 3


def test_what_a_reader_still_needs_is_kept(database: Database, clock: FakeClock) -> None:
    """A mirror that was away for a year gets its lines first."""
    journal, retention = SqlJournal(database, clock), Retention(database, ZoneInfo("Asia/Seoul"))
    journal.append([line(n) for n in range(10)])
    clock.advance(1000 * DAY_S)
    assert retention.roll_up(90, still_needed_after=4) == 4
    assert len(journal.read(4).entries) == 6


def test_lines_that_another_pc_removed_meanwhile_are_counted_once(database: Database, clock: FakeClock) -> None:
    """Two PCs looked at the same old lines: the second one finds them gone, takes its counts back and says so."""
    journal, first = SqlJournal(database, clock), Retention(database, ZoneInfo("Asia/Seoul"))
    journal.append([line(n) for n in range(3)])
    clock.advance(100 * DAY_S)
    journal.append([line(3)])

    class Late(Retention):
        """Looked before the other one removed."""

        def _old(self, *_: object) -> tuple[Counter[tuple[str, str, str]], int]:
            return seen

    with database.read() as connection:
        seen = first._old(connection, database.clock_ms(connection), None)
    assert first.roll_up(90) == 3
    counted = first.days()
    assert Late(database, ZoneInfo("Asia/Seoul")).roll_up(90) == 0
    assert first.days() == counted == {("2026-01-13", "order", "item.claimed"): 3}


class Office:
    """PCs that share a journal."""

    def __init__(self, database: Database, clock: FakeClock) -> None:
        self.database = database
        self.clock = clock
        self.journal = SqlJournal(database, clock)
        self.needed: int | None = None

    def pc(self) -> Roller:
        """The service as a PC starts it, with its first moments behind it."""
        kept = Retention(self.database, ZoneInfo("Asia/Seoul"))
        roller = Roller(kept, SqlMarks(self.database), 400, lambda: self.needed)
        assert roller.step(self.clock.now()) == START_S
        return roller

    def step(self, roller: Roller) -> float:
        """Its next turn."""
        return roller.step(self.clock.now())


@pytest.fixture
def office(database: Database, clock: FakeClock) -> Office:
    """Five lines, more than 400 days ago, and a young one."""
    office = Office(database, clock)
    office.journal.append([line(n) for n in range(5)])
    clock.advance(401 * DAY_S)
    office.journal.append([line(5)])
    return office


def test_the_journal_does_not_grow_for_ever(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once a day, in portions with a breath between them, by whichever PC comes first; the others find it done."""
    monkeypatch.setattr("onbam.journal.retention.PORTION", 2)
    first, second = office.pc(), office.pc()
    assert [office.step(first) for _ in range(4)] == [BREATH_S, BREATH_S, BREATH_S, LOOK_S]
    assert [entry.position for entry in office.journal.read(5).entries] == [6]
    office.clock.advance(401 * DAY_S - 1)
    office.journal.append([line(6)])
    assert office.step(second) == BREATH_S, "a day has gone by: the next one's turn"
    assert [office.step(second), office.step(first)] == [LOOK_S, LOOK_S]
    office.clock.advance(DAY_S - 1)
    office.journal.append([line(7)])
    assert office.step(first) == LOOK_S, "not yet a day"
    assert office.journal.read(6).missing_before == 0


def test_what_still_has_to_be_told_to_the_others_is_not_rolled_up(office: Office) -> None:
    """A PC that has worked without the lock for more than a year: what it completed is still there when the lock is back."""
    office.needed = 2
    roller = office.pc()
    assert [office.step(roller), office.step(roller)] == [BREATH_S, LOOK_S]
    assert [entry.position for entry in office.journal.read(2).entries] == [3, 4, 5, 6]


def test_the_journal_outlives_the_evidence_and_every_look_back() -> None:
    """By default it is older than the evidence it tells of, and a year and a month; never younger than three months."""
    assert JournalSettings().keep_days >= max(OrderSettings().evidence_days, 366 + 31)
    assert LEAST_DAYS >= 3 * 31
