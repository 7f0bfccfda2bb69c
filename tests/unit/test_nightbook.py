"""The night as the desk adds it up."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from onbam.claims.model import TRIAL_KIND
from onbam.database.engine import open_database
from onbam.database.schema import metadata
from onbam.journal.model import Line
from onbam.journal.sql import SqlJournal
from onbam.kernel.clock import FakeClock
from onbam.schedules.settings import ScheduleSettings, schedule_of
from onbam.web import nightbook
from onbam.web.nightbook import NightBook

ZONE = ZoneInfo("Asia/Seoul")
WHO = "agent:PC-A_192.168.1.100"


@pytest.mark.parametrize("summed", [False, True])
def test_what_only_tried_the_store_out_was_no_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, summed: bool) -> None:
    """Neither line by line nor added up by the database."""
    if summed:
        monkeypatch.setattr(nightbook, "CATCH_UP_MAX", 0)
    clock = FakeClock()
    database = open_database(f"sqlite:///{(tmp_path / 'onbam.db').as_posix()}", clock=clock)
    metadata.create_all(database.engine)
    lines = [Line("item.completed", kind, "2601130229", WHO, "") for kind in ("order", TRIAL_KIND)]
    SqlJournal(database, clock).append(lines)
    clock.advance(1)
    night = NightBook(database, ZONE, schedule_of(ScheduleSettings(), ZONE), dict).night(int(clock.now().timestamp() * 1000))
    assert sum(hours["item.completed"] for hours in night.hours.values()) == 1
    assert [sum(row.work.values()) for row in night.rows] == [1]
    database.close()
