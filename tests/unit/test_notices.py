"""The inbox: one open notice per cause, in both languages, gone by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from onbam.database.engine import open_database
from onbam.database.schema import metadata
from onbam.journal.memory import MemoryJournal
from onbam.journal.ports import Journal
from onbam.journal.sql import SqlJournal
from onbam.kernel.clock import FakeClock
from onbam.kernel.words import Text
from onbam.notices.model import Cause, Severity
from onbam.notices.ports import Notices
from onbam.notices.stores.memory import MemoryNotices
from onbam.notices.stores.sql import SqlNotices

TITLE = Text(ko="주문 {key}의 전표가 올라갔는지 알 수 없습니다.", en="Whether the slip of {key} exists is not known.")
ADVICE = Text(ko="ERP에서 찾아보십시오.", en="Look it up in the ERP.")


def doubt(key: str, severity: Severity = Severity.URGENT) -> Cause:
    """A cause about one order."""
    return Cause(f"uncertain:order:{key}", severity, TITLE(key=key), ADVICE(), f"/items/order/{key}")


@pytest.fixture
def clock() -> FakeClock:
    """Time as the test says."""
    return FakeClock()


@pytest.fixture(params=["memory", "sqlite"])
def inbox(request: pytest.FixtureRequest, tmp_path: Path, clock: FakeClock) -> Iterator[tuple[Notices, Journal]]:
    """An empty inbox and the journal it tells."""
    if request.param == "memory":
        journal = MemoryJournal(clock)
        yield MemoryNotices(clock, journal), journal
        return
    database = open_database(f"sqlite:///{(tmp_path / 'n.db').as_posix()}", clock=clock)
    with database.write() as connection:
        metadata.create_all(connection)
    yield SqlNotices(database), SqlJournal(database, clock)
    database.close()


def test_one_cause_is_one_notice_however_often_it_is_met(inbox: tuple[Notices, Journal], clock: FakeClock) -> None:
    """Met three times: one notice with first, last and count; the journal says once that it opened."""
    notices, journal = inbox
    first = notices.open(doubt("1"))
    clock.advance(60)
    notices.open(doubt("1"))
    last = notices.open(doubt("1"))
    assert (last.id, last.count, last.last_at_ms - last.first_at_ms) == (first.id, 3, 60_000)
    assert notices.inbox() == [last]
    assert [entry.line.what for entry in journal.read(0).entries] == ["notice.opened"]


def test_a_notice_reads_in_both_languages(inbox: tuple[Notices, Journal]) -> None:
    """The reader chooses, whatever the writer's language was."""
    notice = inbox[0].open(doubt("2601050229"))
    assert notice.title == {
        "ko": "주문 2601050229의 전표가 올라갔는지 알 수 없습니다.",
        "en": "Whether the slip of 2601050229 exists is not known.",
    }
    assert inbox[0].get(notice.key) == notice


def test_a_cause_that_is_gone_closes_its_notice_and_may_come_again(inbox: tuple[Notices, Journal]) -> None:
    """Resolved is resolved; the same cause later is a new notice beside the old one."""
    notices, journal = inbox
    old = notices.open(doubt("1"))
    assert notices.resolve(old.key, who="prover:ecount", why="slip 20260105-12")
    assert not notices.resolve(old.key, who="prover:ecount", why="again")
    assert list(notices.inbox()) == []
    new = notices.open(doubt("1"))
    assert (new.count, new.id == old.id) == (1, False)
    assert [(n.id, n.resolved_by, n.resolved_why) for n in notices.past()] == [(old.id, "prover:ecount", "slip 20260105-12")]
    assert [e.line.what for e in journal.read(0).entries] == ["notice.opened", "notice.resolved", "notice.opened"]


def test_settling_makes_the_inbox_say_what_is_the_case(inbox: tuple[Notices, Journal]) -> None:
    """The whole truth under a prefix: what is missing opens, what is gone resolves, the rest is left as it is."""
    notices, _ = inbox
    kept = notices.open(doubt("1"))
    notices.open(doubt("2"))
    other = notices.open(replace(doubt("9"), key="disk:full"))
    notices.settle("uncertain:", [doubt("1"), doubt("3")], who="system:keeper")
    assert {n.key: n.count for n in notices.inbox()} == {kept.key: 1, "uncertain:order:3": 1, other.key: 1}


def test_urgent_comes_first(inbox: tuple[Notices, Journal]) -> None:
    """An old urgent notice stands before a new harmless one."""
    notices, _ = inbox
    notices.open(doubt("1", Severity.URGENT))
    notices.open(doubt("2", Severity.INFO))
    notices.open(doubt("3", Severity.WARN))
    assert [n.severity.value for n in notices.inbox()] == ["urgent", "warn", "info"]


def test_what_was_seen_stays_open_until_it_gets_worse(inbox: tuple[Notices, Journal]) -> None:
    """Reading a notice does not make its cause go away; a worse one is unread again."""
    notices, _ = inbox
    key = notices.open(doubt("1", Severity.WARN)).key
    assert (notices.seen([key], who="person:kim"), notices.seen([key], who="person:lee")) == (1, 0)
    assert notices.open(doubt("1", Severity.WARN)).seen_by == "person:kim"
    assert notices.open(doubt("1", Severity.URGENT)).seen_by == ""
