"""The outbox on every database: one letter whoever plans, one carrier whoever takes."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from onbam.database.engine import Database
from onbam.database.migrate import upgrade
from onbam.kernel.words import Text
from onbam.notices.letters import Letter, Plan, Sort, State
from onbam.notices.model import Cause, Severity
from onbam.notices.outbox import ChannelState
from onbam.notices.stores.outbox import SqlOutbox
from onbam.notices.stores.sql import SqlNotices
from support.waiting import DEADLINE_S

WORD = Text(ko="가 {n}", en="a {n}")


@pytest.fixture
def outbox(any_database: Database) -> SqlOutbox:
    """An empty outbox in a migrated database."""
    upgrade(any_database)
    return SqlOutbox(any_database)


def letter(about: str = "notice:1", channel: str = "mail:김@shop.kr", **changes: object) -> Letter:
    """A letter that is due."""
    return replace(Letter(0, channel, about, Sort.OPENED, "parked:1", Severity.WARN), **changes)  # type: ignore[arg-type]


def test_a_letter_is_written_once_whoever_plans(outbox: SqlOutbox) -> None:
    """Eight PCs come to the same conclusion at once."""
    new: list[int] = []
    threads = [threading.Thread(target=lambda: new.append(outbox.carry_out(Plan([letter()], [], [])))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE_S)
    assert sorted(new) == [0] * 7 + [1]
    assert [one.state for one in outbox.recent()] == [State.DUE]


def test_a_letter_is_taken_by_one_and_back_after_its_time(outbox: SqlOutbox) -> None:
    """Of eight takers one gets it; freed, or after the time it was taken for, it is anybody's."""
    outbox.carry_out(Plan([letter(f"notice:{n}") for n in range(5)], [], []))
    taken: list[Letter] = []
    threads = [threading.Thread(target=lambda: taken.extend(outbox.take("mail:김@shop.kr", 10, 60_000))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE_S)
    assert sorted(one.about for one in taken) == [f"notice:{n}" for n in range(5)]
    outbox.free(taken[:2])
    assert len(outbox.take("mail:김@shop.kr", 10, 0)) == 2
    assert len(outbox.take("mail:김@shop.kr", 10, 0)) == 2
    assert outbox.take("phone", 10, 0) == []


def test_what_became_of_letters_is_kept(outbox: SqlOutbox) -> None:
    """Sent, postponed with its reason and count of tries, dropped only while nobody carries it."""
    outbox.carry_out(Plan([letter(f"notice:{n}") for n in range(4)], [], []))
    mine = outbox.take("mail:김@shop.kr", 3, 60_000)
    outbox.done(mine[:1], State.SENT)
    outbox.again(mine[1:2], "452 가득 찼습니다", 60_000)
    outbox.carry_out(Plan([], [(mine[2].id, State.DROPPED), (mine[2].id + 1, State.DROPPED)], []))
    shown = [(one.state, one.tries, one.error) for one in reversed(outbox.recent())]
    assert shown == [(State.SENT, 1, ""), (State.DUE, 1, "452 가득 찼습니다"), (State.DUE, 0, ""), (State.DROPPED, 0, "")]
    outbox.carry_out(Plan([], [], [(mine[2].id, 1)]))
    assert next(one for one in outbox.recent() if one.id == mine[2].id).due_at_ms == 1


def test_how_a_receiver_is_is_kept_and_replaced(outbox: SqlOutbox) -> None:
    """Written twice the same or changed: one line."""
    state = ChannelState("mail:김@shop.kr", "f1", failures=2, error="x" * 600, paused_until_ms=5)
    for one in (state, state, replace(state, stopped=True, failures=3)):
        outbox.note(one)
    (kept,) = outbox.channels().values()
    assert (kept.stopped, kept.failures, len(kept.error)) == (True, 3, 500)


def test_a_stand_holds_what_a_plan_needs(outbox: SqlOutbox, any_database: Database) -> None:
    """Open notices, those resolved lately, and the letters about them."""
    notices = SqlNotices(any_database)
    first = notices.open(Cause("a", Severity.WARN, WORD(n=1), WORD(n=1)))
    notices.open(Cause("b", Severity.WARN, WORD(n=2), WORD(n=2)))
    notices.resolve("b", who="x", why="y")
    assert notices.snooze("a", for_ms=60_000, who="person:kim", why="later") is not None
    outbox.carry_out(Plan([letter(f"notice:{first.id}")], [], []))
    stand = outbox.stand()
    assert [(one.key, one.open) for one in stand.notices] == [("b", False), ("a", True)]
    assert [one.about for one in stand.letters] == [f"notice:{first.id}"]
    kept = notices.get("a")
    assert kept is not None
    assert (kept.snoozed_until_ms or 0) > stand.now_ms
    assert outbox.tidy() == 0
