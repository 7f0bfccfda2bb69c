"""Takes what the guard tells into the journal and the inbox: the guard itself cannot touch the database.

For: one service of each PC's programs (several do no harm).
Promises: each event of this PC once, in order, also those from before this program started; what was taken is remembered in a
small file beside the events, under a lock that the programs of this PC share; a database out of reach delays and loses nothing.
Refuses: to judge: what is a notice, the guard has said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from onbam.guard import report
from onbam.guard.report import TAKEN
from onbam.journal.model import KEY_MAX as LINE_KEY_MAX
from onbam.journal.model import KIND_MAX, WHAT_MAX, Fact, Line, clipped
from onbam.journal.ports import Journal
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Transient
from onbam.kernel.filelock import turn
from onbam.kernel.files import write_whole
from onbam.kernel.words import Lang, Said, kept, received
from onbam.notices.model import KEY_MAX, Cause, Severity
from onbam.notices.ports import Notices

LOOK_S: Final = 1.0
LOCK: Final = "events.lock"
LOCK_LIMIT_S: Final = 5.0
AT_ONCE: Final = 200
"""So many events are taken before what was taken is noted."""


class GuardNews:
    """One look after the other."""

    name = "guard-news"

    def __init__(
        self,
        folder: Path,
        journal: Journal,
        notices: Notices,
        clock: Clock,
        host: str,
        clean: Callable[[str], str],
    ) -> None:
        """`folder`: where the guard writes; `host`: this PC, whose name stands before each program's."""
        self._folder, self._journal, self._notices = folder, journal, notices
        self._clock, self._host, self._clean = clock, host, clean
        self._seen: tuple[int, int] | None = None

    def start(self) -> None:
        """Nothing to get ready."""

    def stop(self) -> None:
        """What was not taken is taken after the next start."""

    def step(self, now: datetime) -> float:  # noqa: ARG002 -- each event carries its own time
        """Take what is new."""
        size = self._looked()
        if size is None or size == self._seen:
            return LOOK_S
        try:
            with turn(self._folder / LOCK, self._clock, LOCK_LIMIT_S):
                self._take()
        except Transient:
            return LOOK_S
        self._seen = size
        return LOOK_S

    def _looked(self) -> tuple[int, int] | None:
        """Whether the guard wrote something since: an idle look costs one question to the file system."""
        try:
            facts = (self._folder / report.NAME).stat()
        except OSError:
            return None
        return facts.st_size, facts.st_mtime_ns

    def _take(self) -> None:
        after = report.taken(self._folder)
        fresh = list(report.read(self._folder, after))
        newest = max((told.n for told in report.read(self._folder)), default=0)
        if newest < after:  # the data folder was restored, or the guard began to count anew
            fresh = list(report.read(self._folder))
        for begin in range(0, len(fresh), AT_ONCE):
            part = fresh[begin : begin + AT_ONCE]
            self._journal.append([self._line(told) for told in part])
            for told in part:
                self._notice(told)
            write_whole(self._folder / TAKEN, str(part[-1].n))

    def _line(self, told: report.Told) -> Line:
        data: dict[str, Fact] = {"at": told.at, **{str(k): v for k, v in told.data.items() if isinstance(v, Fact)}}
        key = clipped(f"{self._host}/{told.key}", LINE_KEY_MAX)
        why = kept(_said(told.why, self._clean))
        return Line(told.what[:WHAT_MAX], told.kind[:KIND_MAX], key, told.who, why, data)

    def _notice(self, told: report.Told) -> None:
        if told.resolves:
            why = kept(_said(told.why, self._clean))
            self._notices.resolve(self._key(told.resolves), who=told.who, why=why)
        if told.cause is not None:
            self._notices.open(self._cause(told.cause))

    def _key(self, key: str) -> str:
        """The same program on two PCs is two causes."""
        return clipped(f"{self._host}:{key}", KEY_MAX)

    def _cause(self, raw: Mapping[str, Any]) -> Cause:
        title, advice = (_said(raw[name], self._clean) for name in ("title", "advice"))
        return Cause(self._key(str(raw["key"])), Severity(raw["severity"]), title, advice, "/machines")


def _said(both: Mapping[Lang, str], clean: Callable[[str], str]) -> Said:
    """Words that came from another process, in both languages; their braces are letters."""
    return received(clean(both.get("ko", "")), clean(both.get("en", "")))()
