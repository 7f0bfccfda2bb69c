"""Notices that the database went back to an earlier moment, or is another one: what was entered since would be entered again.

For: the agent, as one of its brakes.
Promises: this PC keeps, beside the database and before the first byte leaves, the newest permission to send it has seen,
whichever PC's; a database that does not know it any more stops every PC before anything is sent, and says what to do; what this
PC's history file knows to be completed is told to the database first.
Refuses: to lift that stop: only the ERP knows what else was entered, and a person looks; to notice anything where this note was
put back together with the database.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from onbam.claims.asks import Command
from onbam.claims.model import Act, Item, State
from onbam.claims.ports import ClaimStore, Memory
from onbam.journal.model import Entry
from onbam.journal.ports import Journal
from onbam.kernel.errors import Damaged
from onbam.kernel.files import replace_quickly
from onbam.kernel.words import Lang, Said
from onbam.logs.voice import get_logger
from onbam.notices.model import Cause, Severity
from onbam.notices.ports import Notices
from onbam.orders import tide_words as say
from onbam.orders.pauses import ALL, Pauses
from onbam.orders.why_figures import moment

FILE: Final = "sent.json"
"""In the data folder, which is not the database."""
SENDING: Final = "item.sending"
"""What the journal says when somebody may send."""
NOTICE: Final = "database-went-back"
WHO: Final = "system:database"
EVERY_S: Final = 10.0
READ: Final = 1000
TOLD_AT_ONCE: Final = 500
log: Final = get_logger("tide")


@dataclass(frozen=True, slots=True)
class Mark:
    """A permission to send, as the journal tells of it."""

    position: int
    line: str

    @classmethod
    def of(cls, entry: Entry) -> Mark:
        """By its place and what makes it this line."""
        return cls(entry.position, f"{entry.at_ms} {entry.line.kind}:{entry.line.key} {entry.line.who}")

    @property
    def at_ms(self) -> int:
        """When it was given, by the clock of the store that gave it."""
        return int(self.line.partition(" ")[0])


class Tide:
    """One PC's note, held against the database."""

    name = "tide"

    def __init__(
        self,
        path: Path,
        journal: Journal,
        store: ClaimStore,
        pauses: Pauses,
        notices: Notices,
        done: Callable[[], Sequence[Memory]],
        *,
        zone: ZoneInfo,
        lang: Lang,
    ) -> None:
        """`done`: what is known outside the database to be completed."""
        self._path = path
        self._journal = journal
        self._store = store
        self._pauses = pauses
        self._notices = notices
        self._done = done
        self._zone = zone
        self._lang: Lang = lang
        self._lock = threading.Lock()
        self._mark: Mark | None = None
        self._read_to: int | None = None

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
            except Damaged as error:  # lines are missing in the middle: who reads the journal says so
                log.warning(error.message, error=error)
        return None

    # -- a service beside it ------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Before anything is taken."""
        self()

    def step(self, now: datetime) -> float:  # noqa: ARG002 -- it goes by the journal
        """What other PCs send is noted too; the notice closes with the stop."""
        self()
        if self._notices.get(NOTICE) is not None and not any(p.scope == ALL for p in self._pauses.standing()):
            self._notices.resolve(NOTICE, who=WHO, why=say.LIFTED.to(self._lang))
        return EVERY_S

    def stop(self) -> None:
        """All that counts is written."""

    # -- inside -------------------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """What this PC knew when it last ran. One that knows nothing looks from now on."""
        self._mark = _read(self._path)
        self._read_to = self._mark.position if self._mark is not None else self._journal.head()

    def _knows(self, mark: Mark) -> bool:
        """Whether the line still stands there; retention removes the oldest ones, and then a later one answers."""
        found = self._journal.read(mark.position - 1, 1).entries
        return bool(found) and (found[0].position > mark.position or Mark.of(found[0]) == mark)

    def _follow(self) -> None:
        """On to the newest permission; noted beside the database before anybody goes on."""
        newest, at = self._mark, self._read_to or 0
        while True:
            stretch = self._journal.read(at, READ)
            for entry in stretch.entries:
                if entry.line.what == SENDING:
                    newest = Mark.of(entry)
            if stretch.position == at:
                break
            at = stretch.position
        if newest is not None and newest != self._mark:
            text = json.dumps({"position": newest.position, "line": newest.line}, ensure_ascii=False)
            with suppress(OSError):  # a full disk: the older note notices all but the last few
                replace_quickly(self._path, text + "\n")
        self._mark, self._read_to = newest, at

    def _went_back(self, mark: Mark) -> None:
        """Everybody stops; then the database is told what is known, and last of all the old note goes."""
        seen = moment(mark.at_ms, self._store.now_ms(), self._zone)
        self._pauses.set(ALL, who=WHO, why=say.STOPPED(seen=seen).to(self._lang))
        told = tell(self._store, self._done(), say.FROM_FILE.to(self._lang))
        self._notices.open(Cause(NOTICE, Severity.URGENT, say.WENT_BACK(seen=seen, count=told), say.ADVICE(seen=seen)))
        log.critical(say.WENT_BACK(seen=seen, count=told))
        self._path.unlink(missing_ok=True)
        self._mark, self._read_to = None, self._journal.head()


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


def _read(path: Path) -> Mark | None:
    try:
        note = json.loads(path.read_text("utf-8"))
        mark = Mark(int(note["position"]), str(note["line"]))
        is_one = mark.position > 0 and mark.at_ms > 0
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return mark if is_one else None
