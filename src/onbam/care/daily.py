"""The morning's look: the three lines of the older `daily_check.ps1`, and the four things on its checklist.

For: `onbam check --daily`, the daily digest, the dashboard's checklist.
Promises: pure; the same three lines as before, in the same words; each thing on the list is ok, warn or bad with its fix.
Refuses: to look anything up: the reader next door does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from onbam.care import daily_words as say
from onbam.kernel.checks import Finding, bad, ok, warn
from onbam.kernel.words import Said, Text

BEAT_LIMIT_MIN: Final = 30
"""What the older check expected."""


@dataclass(frozen=True, slots=True)
class Start:
    """How the start at boot is registered."""

    name: str
    says: str
    """The system's own word; empty when it is not there."""
    active: bool
    trouble: Said | None = None
    """Why it could not be looked at."""


@dataclass(frozen=True, slots=True)
class Day:
    """What was found, at one moment."""

    at: datetime
    """In the shop's zone."""
    main: str
    """The main program's name."""
    pids: tuple[int, ...]
    """Its processes, whoever started them."""
    beat_age_s: float | None
    log: str
    """The newest log file of today; empty when there is none."""
    last_log: str
    lock_pid: int | None
    """Who `runtime.lock` says it is."""
    guard_pid: int | None
    """The guard that really works."""
    start: Start
    rests: bool = False
    """The guard leaves the main program alone, as it was told: somebody stopped it, or its settings are wrong."""


def three_lines(day: Day) -> list[Said]:
    """The head and the three lines, as people know them."""
    minutes = None if day.beat_age_s is None else int(day.beat_age_s // 60)
    beat = say.NO_HEARTBEAT(limit=BEAT_LIMIT_MIN) if minutes is None else say.HEARTBEAT(minutes=minutes, limit=BEAT_LIMIT_MIN)
    says = day.start.says or (say.UNKNOWN if day.start.trouble else say.NOT_REGISTERED)
    return [
        say.HEAD(at=f"{day.at:%Y-%m-%d %H:%M:%S}"),
        say.PROCESSES(count=len(day.pids)),
        beat,
        say.SCHEDULER(says=says),
    ]


def checklist(day: Day) -> list[Finding]:
    """Log, one process, heartbeat, lock; then what starts at boot."""
    return [_log(day), _one(day), _beat(day), _lock(day), _start(day)]


def _log(day: Day) -> Finding:
    if day.log:
        return ok("log-today", say.LOG_OK, file=day.log)
    return bad("log-today", say.LOG_NONE, say.LOG_FIX, last=day.last_log or "-")


def _one(day: Day) -> Finding:
    pids = ", ".join(map(str, day.pids))
    if not day.pids:
        return Finding("one-process", "bad", say.ONE_NONE(name=day.main), say.ONE_NONE_FIX())
    if len(day.pids) > 1:
        text = say.ONE_MANY(name=day.main, count=len(day.pids), pids=pids)
        return Finding("one-process", "warn", text, say.ONE_MANY_FIX())
    return Finding("one-process", "ok", say.ONE_OK(name=day.main, pids=pids))


def _beat(day: Day) -> Finding:
    if day.beat_age_s is None:
        return bad("heartbeat", say.BEAT_NONE, _beat_fix(day))
    minutes = int(day.beat_age_s // 60)
    if minutes >= BEAT_LIMIT_MIN:
        return bad("heartbeat", say.BEAT_OLD, _beat_fix(day), minutes=minutes)
    return ok("heartbeat", say.BEAT_OK, minutes=minutes)


def _beat_fix(day: Day) -> Text:
    if not day.guard_pid:
        return say.BEAT_DOWN_FIX
    return say.BEAT_RESTS_FIX if day.rests else say.BEAT_FIX


def _lock(day: Day) -> Finding:
    fix = say.LOCK_FIX if day.guard_pid else say.LOCK_DOWN_FIX
    if day.lock_pid is None:
        return bad("lock", say.LOCK_NONE, fix)
    if day.lock_pid != day.guard_pid:
        return bad("lock", say.LOCK_WRONG, fix, pid=day.lock_pid, guard=day.guard_pid or "-")
    return ok("lock", say.LOCK_OK, pid=day.lock_pid)


def _start(day: Day) -> Finding:
    start = day.start
    if start.trouble:
        return warn("start-at-boot", say.TASK_UNKNOWN, say.TASK_FIX, what=start.trouble)
    if not start.active:
        return Finding("start-at-boot", "warn", say.TASK_OFF(name=start.name), say.TASK_FIX())
    return Finding("start-at-boot", "ok", say.TASK_OK(name=start.name, says=start.says))
