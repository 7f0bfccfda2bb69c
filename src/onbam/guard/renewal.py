"""Every morning a fresh process, and none that still lives in yesterday.

For: the guard's loop.
Promises: whoever began before this morning's moment is replaced once, also when the PC slept over it, one program after the
other, so that two of a kind never rest together; the steps stand in the log with their times, in the words of the older script;
a program that writes into yesterday's file is noticed within a minute and replaced.
Refuses: to replace the same program twice a day because the first time did not work.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from onbam.guard import model
from onbam.guard import words as say
from onbam.guard.desk import Desk
from onbam.guard.looking import open_files
from onbam.guard.program import Program
from onbam.guard.report import Cause
from onbam.guard.tending import Tending

GRACE: Final = timedelta(seconds=60)
"""A line that was under way at midnight may still go to the old file."""
_DATED: Final = re.compile(r"_(\d{8})\w*(?:[-.]\w+)*\.(?:json|log)\Z")
MOST_FILES: Final = 200


class Renewal:
    """The morning's round."""

    def __init__(self, desk: Desk, tending: Tending) -> None:
        self._desk, self._tending = desk, tending
        self._waiting: list[str] = []
        self._current: str | None = None
        self._round_s: float | None = None
        """When the round began; none while there is none."""
        self._looked_s = -1e9
        self._told: set[tuple[str, date]] = set()

    def turn(self, programs: Mapping[str, Program], now_s: float) -> float:
        """Begin what is due; in how many seconds to come again."""
        now = self._desk.local()
        for program in programs.values():
            if self._is_due(program, now):
                self.begin(program, now_s, now.date())
        self._next(programs, now_s)
        look_s = self._desk.plan.settings.look_s
        if now_s - self._looked_s >= look_s:
            self._looked_s = now_s
            self._look_for_yesterday(programs, now, now_s)
        return look_s if self._round_s is None else 0.05

    def begin(self, program: Program, now_s: float, today: date) -> None:
        """A program's turn comes as soon as those before it are through."""
        if self._round_s is None:
            self._round_s = now_s
            self._desk.tell("guard.renewal", "guard", say.RENEWAL_BEGINS())
        if program.name not in self._waiting:
            self._waiting.append(program.name)
        program.renewed_on = today

    def _is_due(self, program: Program, now: datetime) -> bool:
        run, spec = program.run, program.spec
        if run is None or run.ending is not None or spec is None or not spec.renew or program.take_over is not None:
            return False
        return program.renewed_on != now.date() and model.is_stale(run.began, now, self._desk.plan.renew_at)

    def _next(self, programs: Mapping[str, Program], now_s: float) -> None:
        """One after the other; when the last is through, the round is."""
        current = programs.get(self._current) if self._current is not None else None
        if self._round_s is None or (current is not None and current.take_over is not None):
            return
        self._current = None
        while self._waiting:
            program = programs.get(self._waiting.pop(0))
            if program is not None and program.run is not None:
                self._current = program.name
                self._tending.replace(program, say.WHY_RENEWAL(), now_s)
                return
        took_s, self._round_s = now_s - self._round_s, None
        self._desk.say(say.RENEWAL_FILES())
        self._desk.tell("guard.renewed", "guard", say.RENEWAL_DONE(seconds=took_s), took_s=round(took_s, 2))

    # -- yesterday

    def _look_for_yesterday(self, programs: Mapping[str, Program], now: datetime, now_s: float) -> None:
        """A file of an earlier day that was written after midnight, and who has it open."""
        midnight = datetime.combine(now.date(), time.min, now.tzinfo)
        if now - midnight < GRACE:
            return
        late = written_late(self._desk.plan.logs, now.date(), (midnight + GRACE).timestamp())
        self._told = {told for told in self._told if told[1] == now.date()}
        for path in late:
            for program in programs.values():
                run = program.run
                if run is None or program.take_over is not None or (program.name, now.date()) in self._told:
                    continue
                if str(path.resolve()) in open_files(run.pid):
                    self._told.add((program.name, now.date()))
                    self._yesterday(program, path, now_s)

    def _yesterday(self, program: Program, path: Path, now_s: float) -> None:
        title, text = say.YESTERDAY_TITLE(name=program.name), say.YESTERDAY_TEXT(file=path.name)
        cause = Cause(f"process.yesterday:{program.name}", "warn", title, text)
        self._desk.tell("process.yesterday", program.name, say.WHY_YESTERDAY(file=path.name), cause=cause, file=path.name)
        self._tending.replace(program, say.WHY_YESTERDAY(file=path.name), now_s)


def written_late(logs: Path, today: date, since_s: float) -> list[Path]:
    """Dated files of earlier days that were written since a moment."""
    out: list[Path] = []
    for path in [*logs.glob("*"), *logs.glob("*/*")]:
        found = _DATED.search(path.name)
        if found is None or found[1] >= f"{today:%Y%m%d}" or len(out) >= MOST_FILES:
            continue
        try:
            if path.stat().st_mtime >= since_s:
                out.append(path)
        except OSError:
            continue
    return out
