"""The weekly and monthly report: the older checklist's questions, answered from the record."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from onbam.care.report import Happening, Report, report
from onbam.care.report_read import entries, gathered, happenings, log_days, position_at
from onbam.care.timeline import Hole, Mark, open_time
from onbam.cli.report import said
from onbam.guard import words as guard_words
from onbam.guard.report import Event, Reporter
from onbam.journal.memory import MemoryJournal
from onbam.journal.model import Line
from onbam.kernel.clock import FakeClock
from onbam.kernel.words import plain
from onbam.schedules.settings import ScheduleSettings, schedule_of

SEOUL = ZoneInfo("Asia/Seoul")
SCHEDULE = schedule_of(ScheduleSettings(), SEOUL)
FIRST, LAST = date(2026, 1, 12), date(2026, 1, 18)
NOW = datetime(2026, 1, 18, 23, 0, tzinfo=SEOUL)
AGENT = "PC-A/agent"


def local(text: str) -> datetime:
    """A moment of that January in Seoul: `13T18:01`."""
    return datetime.fromisoformat(f"2026-01-{text}").replace(tzinfo=SEOUL)


def told(at: str, what: str, program: str = AGENT, **data: Any) -> Happening:
    """Something a guard told."""
    return Happening(local(at), what, program, "", data)


def week(*happened: Happening, **more: Any) -> Report:
    """The week's report of this."""
    given: dict[str, Any] = {
        "shop": SCHEDULE.shop,
        "now": NOW,
        "decisions": 0,
        "log_days": [FIRST + timedelta(days=n) for n in range(7)],
        "silences": [],
        "limit": timedelta(minutes=60),
    }
    return report(FIRST, LAST, happenings=happened, **{**given, **more})


def renewals(*but: int) -> list[Happening]:
    """A renewal each morning but on these days."""
    return [told(f"{day}T05:55:08", "guard.renewed", "PC-A/guard", took_s=8.0) for day in range(12, 19) if day not in but]


def test_b56_to_b60_a_quiet_week_is_as_promised() -> None:
    """No duplicates, no hangs, 7/7 renewals, a regular heartbeat, a log each day, nobody had to step in."""
    found = week(*renewals(), told("12T05:00:00", "process.started", pid=1))
    assert (found.duplicates, found.hangs, found.crashes, len(found.renewed), len(found.logged)) == (0, 0, 0, 7, 7)
    assert (found.silences, found.longest_silence, found.interventions) == ((), timedelta(), ())
    assert found.as_promised


def test_a_hang_is_counted_from_its_last_sign_of_life_to_the_next_start() -> None:
    """Silent since 14:00:00, noticed at 14:00:58, replaced at 14:01:00: sixty seconds, all in business hours."""
    found = week(
        *renewals(),
        told("14T14:00:58", "process.stuck", silence_s=58.0, item="order:1"),
        told("14T14:00:59", "process.ended", incident="20260114-140058-agent"),
        told("14T14:01:00", "process.started", pid=2),
    )
    (stop,) = found.stops
    assert (stop.what, stop.lasted, stop.open) == ("hang", timedelta(seconds=60), timedelta(seconds=60))
    assert (found.hangs, found.recoveries, found.median_s, found.longest) == (1, [60.0], 60.0, stop)
    assert not found.as_promised


def test_crashes_and_their_recoveries_are_measured_by_program() -> None:
    """Each crash with the next start of the same program on the same PC; one without is not over and is the longest."""
    found = week(
        told("14T10:00:00", "process.died", code=1),
        told("14T10:00:00", "process.died", "PC-B/agent", code=1),
        told("14T10:00:01", "process.started", pid=2),
        told("14T10:00:10", "process.started", "PC-B/agent", pid=3),
        told("15T10:00:00", "process.died", "PC-A/web", code=1),
    )
    assert (found.crashes, found.recoveries) == (3, [1.0, 10.0])
    assert found.longest is not None
    assert (found.longest.program, found.longest.ends, found.longest.lasted) == ("PC-A/web", None, None)


def test_a_program_that_waits_for_its_settings_is_no_crash() -> None:
    """Exit code 78: it stays down on purpose, so that nothing is measured; a person should look at it all the same."""
    found = week(
        *renewals(),
        told("14T10:00:00", "process.died", code=78),
        told("14T12:00:00", "process.started", pid=2),
        told("14T15:00:00", "process.died", "PC-A/web", code=1),
        told("14T15:00:02", "process.started", "PC-A/web", pid=3),
    )
    assert (found.crashes, found.misconfigured, found.recoveries) == (1, 1, [2.0])
    assert [line.to("en") for line in said(found, SEOUL) if "wrong settings" in line.to("en")] == [
        "1 ends over wrong settings (down on purpose until they are corrected)"
    ]
    alone = week(*renewals(), told("14T10:00:00", "process.died", code=78))
    assert (alone.stops, alone.as_promised) == ((), False)


def test_a_program_a_person_stopped_is_not_waited_for() -> None:
    """It crashed again and again until somebody stopped it: that ends the stop, and recovered nothing; another's goes on."""
    crashed = [
        told(f"14T10:00:0{n}", what, code=1) for n, what in enumerate(("process.died", "process.started", "process.died"))
    ]
    web = told("14T10:00:00", "process.died", "PC-A/web", code=1)
    stopped = told("14T10:05:00", "guard.asked", "PC-A/guard", do="stop", names="agent", who="person:kim")
    found = week(*crashed, web, stopped)
    assert [(stop.program, stop.given_up, stop.ends) for stop in found.stops] == [
        (AGENT, True, local("14T10:05:00")),
        ("PC-A/web", False, None),
    ]
    assert found.recoveries == []
    down = told("14T11:00:00", "guard.asked", "PC-A/guard", do="down", names="", who="person:kim")
    assert [stop.given_up for stop in week(*crashed, web, down).stops] == [True, True]
    elsewhere = told("14T11:00:00", "guard.asked", "PC-B/guard", do="down", names="", who="person:kim")
    refused = told("14T11:00:00", "guard.asked", "PC-A/guard", do="stop", names="agent", who="person:kim", refused=True)
    assert [stop.ends for stop in week(*crashed, elsewhere, refused).stops] == [None]


def test_the_incident_would_have_stood_out() -> None:
    """Twenty hours and 47 minutes, eight hours and 48 minutes of them in business hours: the longest stop of the week."""
    found = week(
        told("14T14:47:00", "process.stuck", silence_s=20 * 3600 + 46 * 60.0),
        told("14T14:48:00", "process.started", pid=88332),
        told("14T14:48:00", "guard.asked", "PC-A/guard", do="restart", names="agent", who="person:kim", reason="멈춤"),
    )
    assert found.longest is not None
    assert (found.longest.begins, found.longest.lasted) == (local("13T18:01:00"), timedelta(hours=20, minutes=47))
    assert found.longest.open == timedelta(hours=8, minutes=48)
    assert [one.data["who"] for one in found.interventions] == ["person:kim"]


def test_b65_four_starts_beside_each_other_are_three_duplicates() -> None:
    """The incident's four processes; a fresh one that takes over from the old one is none."""
    four = [told(f"13T06:00:0{n}", "process.started", pid=pid) for n, pid in enumerate((41800, 41828, 42768, 42804))]
    assert (week(*four).duplicates, week(*four).most_at_once) == (3, 4)
    take_over = [
        told("13T05:00:00", "process.started", pid=1),
        told("13T05:55:02", "process.started", pid=2),
        told("13T05:55:05", "process.stopped"),
        told("13T05:55:05", "process.renewed"),
    ]
    assert (week(*take_over).duplicates, week(*take_over).most_at_once) == (0, 1)


def test_a_guard_that_starts_anew_knows_no_older_processes() -> None:
    """The PC lost its power: what ran before is not running beside what runs now; what it adopts does."""
    power = [
        told("13T05:00:00", "process.started", pid=1),
        told("13T05:00:00", "process.started", "PC-B/agent", pid=9),
        told("13T12:00:00", "guard.started", "PC-A/guard", pid=7),
        told("13T12:00:01", "process.started", pid=2),
    ]
    assert week(*power).duplicates == 0
    adopted = [*power[:3], told("13T12:00:01", "process.adopted", pid=1), told("13T12:10:00", "process.started", pid=2)]
    assert week(*adopted).duplicates == 1


def test_b58_days_without_a_renewal_are_missing_from_the_seven() -> None:
    """A failed one does not count as done."""
    found = week(*renewals(14), told("16T05:55:30", "process.not_renewed"))
    assert [day.day for day in found.renewed] == [12, 13, 15, 17, 18]


def test_b59_silences_beyond_two_cycles_of_business_hours_are_irregular() -> None:
    """At night nobody has to say anything."""

    def hole(begins: str, ends: str) -> Hole:
        first, last = local(begins), local(ends)
        return Hole(first, last, last - first, open_time(SCHEDULE.shop, first, last), Mark(first, "a", ""), None)

    quiet = [hole("13T10:00", "13T10:30"), hole("13T18:00", "14T06:00"), hole("14T10:00", "14T11:30")]
    found = week(silences=quiet)
    assert (len(found.silences), found.longest_silence) == (1, timedelta(minutes=90))
    assert week(silences=None).longest_silence is None


def test_b67_what_a_person_had_to_do_is_counted_and_an_update_is_not() -> None:
    """Start, stop and restart by a person; looking and the machine's own doing are no intervention."""
    asked = [
        told(f"13T10:00:0{n}", "guard.asked", "PC-A/guard", do=do, who=who)
        for n, (do, who) in enumerate(
            [("restart", "person:kim"), ("renew", "person:kim"), ("restart", "system:update"), ("stop", "person:lee")]
        )
    ]
    assert [one.data["who"] for one in week(*asked).interventions] == ["person:kim", "person:lee"]


def test_a_record_that_begins_later_says_so_and_other_weeks_do_not_count() -> None:
    """Installed on Wednesday: the report names the moment."""
    found = week(told("11T10:00:00", "process.died"), told("19T10:00:00", "process.died"), since=local("14T09:00:00"))
    assert (found.crashes, found.since) == (0, local("14T09:00:00"))
    assert week(since=local("10T09:00:00")).since is None


# ---- reading


def test_a_long_journal_is_entered_at_its_day() -> None:
    """By halving, whatever stands before; an empty journal has no entries."""
    clock = FakeClock(datetime(2026, 1, 1, tzinfo=UTC))
    journal = MemoryJournal(clock)
    assert list(entries(journal, local("12T00:00"), NOW)) == []
    for n in range(500):
        journal.append([Line("x", "order", str(n), "a")])
        clock.advance(3600)
    moment = local("12T00:00")
    position = position_at(journal, int(moment.timestamp() * 1000))
    assert journal.read(position, 1).entries[0].at_ms == int(moment.timestamp() * 1000)
    found = list(entries(journal, moment, moment + timedelta(days=1)))
    assert (len(found), found[0].position) == (24, position + 1)
    assert position_at(journal, 0) == 0
    assert list(entries(journal, NOW + timedelta(days=99), NOW + timedelta(days=100))) == []


def test_what_the_guard_told_counts_once_in_the_journal_or_not(tmp_path: Path) -> None:
    """Two events, one of them taken into the journal already, with the PC's name."""
    clock = FakeClock(datetime(2026, 1, 14, tzinfo=UTC))
    guard = Reporter(tmp_path, clock)
    guard.tell(Event("process.died", "agent", guard_words.WHY_PERSON()))
    at = clock.now().isoformat(timespec="milliseconds")
    clock.advance(60)
    guard.tell(Event("process.started", "agent", plain("x")(), {"pid": 7}))
    journal = MemoryJournal(clock)
    journal.append(
        [Line("process.died", "process", "PC-A/agent", "system:guard", "x", {"at": at}), Line("x", "order", "1", "a")]
    )
    found = happenings(list(journal.read(0).entries), tmp_path, "PC-A")
    assert [(one.what, one.program) for one in found] == [("process.died", AGENT), ("process.started", AGENT)]
    assert found[1].data == {"pid": 7}


@pytest.mark.parametrize("with_journal", [True, False])
def test_a_week_is_gathered_from_a_shops_folder(tmp_path: Path, with_journal: bool) -> None:
    """Logs, the guard's events, the journal when there is one: 1/7 renewed, 2/7 logs, a silence found, decisions counted."""
    clock = FakeClock(local("13T05:55:00").astimezone(UTC))
    logs, run = tmp_path / "logs", tmp_path / "run"
    logs.mkdir()
    guard = Reporter(run, clock)
    guard.tell(Event("guard.renewed", "guard", plain("x")(), {"took_s": 3.0}))
    for day, times in {"20260113": ("06:00", "12:00", "18:00"), "20260114": ("06:00",)}.items():
        moments = [datetime.fromisoformat(f"{day[:4]}-{day[4:6]}-{day[6:]}T{at}").replace(tzinfo=SEOUL) for at in times]
        lines = [json.dumps({"at": at.astimezone(UTC).isoformat(), "level": "info", "event": "x"}) for at in moments]
        (logs / f"app_{day}.json").write_text("\n".join(lines) + "\n", "utf-8")
    journal = MemoryJournal(clock)
    journal.append([Line("item.released", "order", "1", "person:kim", "again"), Line("item.claimed", "order", "1", "agent:a")])
    found = gathered(
        FIRST,
        LAST,
        journal=journal if with_journal else None,
        run=run,
        logs=logs,
        host="PC-A",
        schedule=SCHEDULE,
        now=local("14T06:30:00"),
    )
    assert (len(found.renewed), len(found.logged), found.decisions) == (1, 2, int(with_journal))
    assert [hole.open for hole in found.silences] == [timedelta(hours=6), timedelta(hours=6)]
    assert found.longest_silence == timedelta(hours=6)
    assert found.since == local("13T00:00:00")
    assert log_days(tmp_path / "nowhere") == set()


def test_only_the_morning_round_is_a_daily_renewal() -> None:
    """A restart by hand replaces a program as well, and renews no day."""
    by_hand = [
        told("13T14:00:00", "guard.asked", "PC-A/guard", do="restart", names="agent", who="person:kim", reason="new settings"),
        told("13T14:00:05", "process.renewed"),
    ]
    found = week(*by_hand)
    assert (found.renewed, len(found.interventions)) == ((), 1)


def test_what_the_guard_refused_was_no_intervention() -> None:
    """A name nobody knows changed nothing."""
    data = {"do": "restart", "names": "agnet", "who": "person:kim", "reason": ""}
    assert week(*renewals(), told("13T14:00:00", "guard.asked", "PC-A/guard", **data, refused=True)).as_promised


def test_a_robot_that_dies_at_each_start_recovers_once() -> None:
    """From its first death to the start that held; every death is counted as a crash."""
    deaths = [told(f"14T10:00:{n:02d}", "process.died", code=1) for n in range(0, 50, 10)]
    starts = [told(f"14T10:00:{n:02d}", "process.started", pid=n) for n in range(5, 55, 10)]
    found = week(*deaths, *starts, told("14T12:00:00", "process.died", code=1), told("14T12:00:02", "process.started", pid=99))
    assert (found.crashes, found.recoveries) == (6, [2.0, 45.0])
    (never,) = week(*deaths, *starts[:-1]).stops
    assert never.ends is None
