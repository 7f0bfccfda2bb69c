"""`onbam report`: a week or a month in figures.

For: the weekly checklist and the monthly evaluation; scripts (`--json`).
Promises: every question of the older weekly checklist, answered from the record; measured seconds beside the target.
Refuses: to count before there was a record, and says from when on there is one.
"""

from __future__ import annotations

from datetime import timedelta
from math import inf
from statistics import median
from typing import TYPE_CHECKING, Any

import click

from onbam.care import report_words as words
from onbam.cli import lookback_words as say
from onbam.cli.app import App
from onbam.cli.frame import command, json_option, option, pass_app
from onbam.cli.timeline import length, parsed_date
from onbam.kernel.words import Said, kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from onbam.care.report import Report

WEEK, MONTH = 7, 30
DETAILS_SHOWN = 30


@command(say.REPORT, name="report")
@option("--week", "week", text=say.WEEK_OPTION, is_flag=True)
@option("--month", "month", text=say.MONTH_OPTION, is_flag=True)
@option("--until", "until", text=say.UNTIL_OPTION, default=None)
@json_option
@pass_app
def report(app: App, week: bool, month: bool, until: str | None) -> None:  # noqa: FBT001 -- click's way
    """Gather, and tell."""
    if week and month:
        raise click.UsageError(kept(say.ONE_LENGTH))
    today = app.onbam.clock.now().astimezone(app.onbam.zone).date()
    last = parsed_date(until, "--until") or today
    days = MONTH if month else WEEK
    found = app.onbam.report(last - timedelta(days=days - 1), last)

    def draw(_: Console) -> None:
        for line in said(found, app.onbam.zone):
            app.say(line)

    app.emit(as_data(found), draw)


def said(found: Report, zone: Any) -> Iterator[Said]:
    """The report as people read it."""
    yield words.HEAD(first=found.first, last=found.last)
    if found.since is not None:
        yield words.PARTLY(since=f"{found.since.astimezone(zone):%Y-%m-%d %H:%M}")
    yield words.DUPLICATES(count=found.duplicates, most=found.most_at_once)
    yield words.HANGS(count=found.hangs)
    yield words.CRASHES(count=found.crashes)
    if found.misconfigured:
        yield words.MISCONFIGURED(count=found.misconfigured)
    yield words.RENEWED(good=len(found.renewed), days=found.days)
    missed = [
        found.first + timedelta(days=n) for n in range(found.days) if found.first + timedelta(days=n) not in found.renewed
    ]
    if missed and found.renewed:
        yield words.RENEWED_MISSED(days=", ".join(f"{day:%m-%d}" for day in missed))
    yield _beats(found)
    yield words.LOGS(good=len(found.logged), days=found.days)
    yield from _recoveries(found, zone)
    yield words.PEOPLE(count=len(found.interventions))
    for one in found.interventions[:DETAILS_SHOWN]:
        at = f"{one.at.astimezone(zone):%m-%d %H:%M}"
        what = f"{one.data.get('do', '')} {one.data.get('names', '')}".strip()
        yield words.PEOPLE_LINE(at=at, who=one.data.get("who", "?"), what=what, why=one.data.get("reason", ""))
    if found.decisions:
        yield words.ORDERS(count=found.decisions)
    if found.slept:
        yield words.SLEPT(count=len(found.slept), total=length(timedelta(seconds=sum(found.slept))))
    yield from _drills(found)
    yield words.VERDICT["good" if found.as_promised else "look"]()


def _drills(found: Report) -> Iterator[Said]:
    """Each kind's figures beside its target; one that never came back makes the worst."""
    if found.drills:
        yield words.DRILLS(count=len(found.drills), held=sum(one.held for one in found.drills))
    for kind in sorted({one.kind for one in found.drills}):
        these = [one for one in found.drills if one.kind == kind]
        took = sorted(one.took_s if one.took_s is not None else inf for one in these)
        middle, worst = (("-" if value == inf else f"{value:.1f}") for value in (median(took), took[-1]))
        yield words.DRILL_LINE(kind=kind, median=middle, worst=worst, target=these[-1].target_s, count=len(these))


def _beats(found: Report) -> Said:
    if found.longest_silence is None:
        return words.BEATS_NONE()
    longest = length(found.longest_silence)
    if found.silences:
        return words.BEATS_ODD(count=len(found.silences), longest=longest, limit=length(found.limit))
    return words.BEATS_OK(longest=longest)


def _recoveries(found: Report, zone: Any) -> Iterator[Said]:
    seconds, longest = found.recoveries, found.longest
    if not seconds:
        yield words.NO_RECOVERY()
    else:
        median_s = found.median_s or 0.0
        yield words.RECOVERY(
            count=len(seconds), median=length(timedelta(seconds=median_s)), worst=length(timedelta(seconds=seconds[-1]))
        )
    waiting = [stop.program for stop in found.stops if stop.ends is None]
    if waiting:
        yield words.NOT_RECOVERED(names=", ".join(waiting))
    if longest is None:
        yield words.NO_STOP()
    else:
        shown = words.STILL() if longest.lasted is None else length(longest.lasted)
        at = f"{longest.begins.astimezone(zone):%m-%d %H:%M:%S}"
        total = sum((stop.open for stop in found.stops), timedelta())
        yield words.LONGEST(longest=shown, what=f"{longest.program} {longest.what}", at=at, total=length(total))


def as_data(found: Report) -> dict[str, Any]:
    """For scripts."""
    return {
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        "days": found.days,
        "duplicates": found.duplicates,
        "most_at_once": found.most_at_once,
        "hangs": found.hangs,
        "crashes": found.crashes,
        "misconfigured": found.misconfigured,
        "renewed": [day.isoformat() for day in found.renewed],
        "logged": [day.isoformat() for day in found.logged],
        "irregular_beats": len(found.silences),
        "longest_silence_s": None if found.longest_silence is None else found.longest_silence.total_seconds(),
        "recoveries_s": [round(second, 3) for second in found.recoveries],
        "recovery_median_s": found.median_s,
        "stops": [
            {
                "program": stop.program,
                "what": stop.what,
                "begins": stop.begins.isoformat(),
                "ends": stop.ends.isoformat() if stop.ends else None,
                "lasted_s": None if stop.lasted is None else stop.lasted.total_seconds(),
                "open_s": stop.open.total_seconds(),
            }
            for stop in found.stops
        ],
        "interventions": [
            {"at": one.at.isoformat(), **{name: one.data.get(name) for name in ("who", "do", "names", "reason")}}
            for one in found.interventions
        ],
        "decisions": found.decisions,
        "slept_s": list(found.slept),
        "drills": [one.to_json() for one in found.drills],
        "since": found.since.isoformat() if found.since else None,
        "as_promised": found.as_promised,
    }
