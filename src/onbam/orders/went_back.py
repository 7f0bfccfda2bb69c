"""Notices that what decides (the database, a sheet) went back to an earlier moment, or is another one: what was entered since
would be entered again.

For: the agent, as one of its brakes; whoever puts a copy in place.
Promises: this PC keeps, beside what decides and before the first byte leaves, the newest permission to send it has seen,
whichever PC's; where that is not known any more nothing is sent, and it is said what to do; what this PC's history file knows
to be completed is told first.
Refuses: to lift that stop: only the ERP knows what else was entered, and a person looks; to notice anything where this note was
put back together with the database.
"""

from __future__ import annotations

import json
import threading
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from onbam.claims.asks import Command
from onbam.claims.model import Act, Item, State
from onbam.claims.ports import ClaimStore, Memory
from onbam.journal.model import Entry, Stretch
from onbam.kernel.errors import Damaged
from onbam.kernel.files import replace_quickly
from onbam.kernel.words import Said, kept
from onbam.logs.voice import get_logger
from onbam.notices.model import Cause, Severity
from onbam.notices.ports import Notices
from onbam.orders import went_back_words as say
from onbam.orders.history_file import end_of
from onbam.orders.pauses import ALL, Pauses
from onbam.orders.why_figures import moment

FILE: Final = "sent.json"
"""In the data folder, which is not the database."""
SENDING: Final = "item.sending"
"""What the journal says when somebody may send."""
NOTICE: Final = "database-went-back"
WHO: Final = "system:onbam"
EVERY_S: Final = 10.0
READ: Final = 1000
TOLD_AT_ONCE: Final = 500
log: Final = get_logger("went_back")


@dataclass(frozen=True, slots=True)
class LastSending:
    """A permission to send, as the journal tells of it."""

    position: int
    line: str

    @classmethod
    def of(cls, entry: Entry) -> LastSending:
        """By its place and what makes it this line."""
        return cls(entry.position, f"{entry.at_ms} {entry.line.kind}:{entry.line.key} {entry.line.who}")

    @property
    def at_ms(self) -> int:
        """When it was given, by the clock of the store that gave it."""
        return int(self.line.partition(" ")[0])


class Lines(Protocol):
    """The record of what was done with the leases."""

    def read(self, since: int, limit: int) -> Stretch:
        """Entries after a position, oldest first."""
        ...

    def head(self) -> int:
        """The position of the newest entry."""
        ...


class StoreLines:
    """A claim store's own record, where the leases do not lie in the database."""

    def __init__(self, store: ClaimStore) -> None:
        self._store = store

    def read(self, since: int, limit: int) -> Stretch:
        """As the store tells of changes."""
        return self._store.changes(since, limit=limit)

    def head(self) -> int:
        """Its end."""
        return end_of(self._store)


class WentBack:
    """One PC's note, held against the database."""

    name = "went_back"

    def __init__(
        self,
        path: Path,
        journal: Lines,
        store: ClaimStore,
        pauses: Pauses,
        notices: Notices,
        done: Callable[[], Sequence[Memory]],
        *,
        zone: ZoneInfo,
        sheet_of: str = "",
    ) -> None:
        """`done`: what is known outside the database to be completed; `sheet_of`: this machine's id where a sheet decides, for
        then a stop holds this PC alone, and each of the others notices by itself.
        """
        self._path = path
        self._journal = journal
        self._store = store
        self._pauses = pauses
        self._notices = notices
        self._done = done
        self._scope, self._place = (sheet_of, say.SHEET) if sheet_of else (ALL, say.DATABASE)
        self._zone = zone
        self._lock = threading.Lock()
        self._mark: LastSending | None = None
        self._read_to: int | None = None
        self._has_looked = False

    # -- the brake ----------------------------------------------------------------------------------------------------------

    def __call__(self) -> Said | None:
        """Asked right before something is sent; the stop it sets is one like a person's, and is said with the others."""
        with self._lock:
            try:
                if self._read_to is None:
                    self._begin()
                if self._mark is not None and not self._knows(self._mark):
                    self._went_back(self._mark)
                self._follow()
                self._has_looked = True
            except Damaged as error:  # lines are missing in the middle: who reads the journal says so
                log.warning(error.message, error=error)
        return None

    def once(self) -> Said | None:
        """The same brake where each look costs of a small quota: until this process has looked; then the service goes on."""
        return None if self._has_looked else self()

    # -- a service beside it ------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Nothing to get ready: the agent looks before it begins."""

    def step(self, now: datetime) -> float:  # noqa: ARG002 -- it goes by the journal
        """What other PCs send is noted too; the notice closes with the stop."""
        self()
        if self._notices.get(NOTICE) is not None and not any(p.scope == self._scope for p in self._pauses.standing()):
            self._notices.resolve(NOTICE, who=WHO, why=kept(say.LIFTED))
        return EVERY_S

    def stop(self) -> None:
        """All that counts is written."""

    # -- inside -------------------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """What this PC knew when it last ran. One that knows nothing looks from now on."""
        self._mark = _read(self._path)
        self._read_to = self._mark.position if self._mark is not None else self._journal.head()

    def _knows(self, mark: LastSending) -> bool:
        """Whether the line still stands there; retention removes the oldest ones, and then a later one answers."""
        stretch = self._journal.read(mark.position - 1, 1)
        if not stretch.entries:
            return stretch.missing_before >= mark.position
        found = stretch.entries[0]
        return found.position > mark.position or LastSending.of(found) == mark

    def _follow(self) -> None:
        """On to the newest permission; noted beside the database before anybody goes on."""
        newest, at = self._mark, self._read_to or 0
        while True:
            stretch = self._journal.read(at, READ)
            for entry in stretch.entries:
                if entry.line.what == SENDING:
                    newest = LastSending.of(entry)
            if stretch.position == at:
                break
            at = stretch.position
        if newest is not None and newest != self._mark:
            text = json.dumps({"position": newest.position, "line": newest.line}, ensure_ascii=False)
            with suppress(OSError):  # a full disk: the older note notices all but the last few
                replace_quickly(self._path, text + "\n")
        self._mark, self._read_to = newest, at

    def _went_back(self, mark: LastSending) -> None:
        """Everybody stops; then the database is told what is known, and last of all the old note goes."""
        seen, place = moment(mark.at_ms, self._store.now_ms(), self._zone), self._place()
        self._pauses.set(self._scope, who=WHO, why=kept(say.STOPPED(place=place, seen=seen)))
        told = tell(self._store, self._done(), kept(say.FROM_FILE))
        everywhere = self._scope == ALL
        stopped = (say.EVERY_PC if everywhere else say.THIS_PC)()
        title = say.WENT_BACK(place=place, seen=seen, count=told, stopped=stopped)
        advice = say.ADVICE(resume="onbam resume --all" if everywhere else "onbam resume")
        self._notices.open(Cause(NOTICE, Severity.URGENT, title, advice))
        log.critical(title)
        self._path.unlink(missing_ok=True)
        self._mark, self._read_to = None, self._journal.head()


def stop_after_restore(pauses: Pauses, copy: Path, who: str) -> None:
    """A copy knows nothing of what was entered after it was made: nobody sends before a person has looked."""
    pauses.set(ALL, who=who, why=kept(say.RESTORED(copy=copy.name)))


def file_of_sheet(spreadsheet_id: str) -> str:
    """The same where a sheet decides, for each sheet its own."""
    return f"sent-sheet-{zlib.crc32(spreadsheet_id.encode()):08x}.json"


def tell(store: ClaimStore, completed: Sequence[Memory], why: str) -> int:
    """Make orders known as completed, each under its slip, whatever the store thought of them; answers how many were news."""
    told = 0
    for start in range(0, len(completed), TOLD_AT_ONCE):
        lot = completed[start : start + TOLD_AT_ONCE]
        told += store.remember(lot).new
        now = store.get([memory.ref for memory in lot])
        others = [memory for memory, item in zip(lot, now, strict=True) if item and item.state is not State.COMPLETED]
        answers = store.override([Command(memory.ref, Act.COMPLETE, WHO, why, memory.receipt) for memory in others])
        told += sum(isinstance(answer, Item) for answer in answers)
    return told


def _read(path: Path) -> LastSending | None:
    try:
        note = json.loads(path.read_text("utf-8"))
        mark = LastSending(int(note["position"]), str(note["line"]))
        is_one = mark.position > 0 and mark.at_ms > 0
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return mark if is_one else None
