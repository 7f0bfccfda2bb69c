"""When the ledger is looked at: on the shop's beats, at once after a start, and whenever somebody wants it.

For: the agent.
Promises: every half hour in business hours, on a grid that all PCs share; of the PCs that share a database one looks for all; a
beat missed in sleep is made up for once; trouble is met again after a while and not at once.
Refuses: to look outside business hours by itself; a person who asks for a look gets one at any hour.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final

from onbam.kernel.beats import Beats
from onbam.kernel.chance import Chance
from onbam.kernel.clock import Clock
from onbam.kernel.errors import ContractBroken, CredentialsRejected, Misconfigured, Refused, Transient
from onbam.kernel.words import Said
from onbam.logs.voice import get_logger
from onbam.orders import evidence as keep
from onbam.orders import flow_words as say
from onbam.orders.health import Health
from onbam.orders.ledgers import Ledgers, Swept
from onbam.orders.marks import SWEPT, WANTED, Marks
from onbam.orders.tally import Tally
from onbam.orders.work import due_s
from onbam.schedules.model import Schedule

ASKED_S: Final = 2.0
"""How soon it is noticed that somebody wants a look."""
RECENT_MS: Final = 60_000
"""A start does not look again when some PC has looked within this."""
AGAIN_S: Final = 60.0
"""After passing trouble; sooner in a shop that looks more often than that."""
PERSON_S: Final = 1800.0
"""After trouble a person has to see to."""
LOOK_PROMISE_S: Final = 300.0
log: Final = get_logger("sweep")


class Sweeping:
    """The service: when to look."""

    name = "sweep"

    def __init__(
        self,
        ledgers: Ledgers,
        schedule: Schedule,
        marks: Marks,
        health: Health,
        *,
        clock: Clock,
        chance: Chance,
        beats: Beats,
        who: str,
        tally: Tally,
        began: Callable[[datetime], None] = lambda _: None,
        found: Callable[[], None] = lambda: None,
    ) -> None:
        self._ledgers = ledgers
        self._schedule = schedule
        self._marks = marks
        self._health = health
        self._clock = clock
        self._chance = chance
        self._beats = beats
        self._who = who
        self._tally = tally
        self._began = began
        """Told that a cycle begins, before its first line."""
        self._found = found
        """Told when there may be something to do."""
        self._first = True
        self._asked = False
        self._was_stopped = False
        self._again_at = float("-inf")
        self.last: Swept | None = None
        self.trouble: Said | None = None
        """Why the last look came to nothing."""
        self.looked = threading.Event()
        """Set after the first look, whatever came of it."""

    def start(self) -> None:
        """Nothing to get ready."""

    def ask(self) -> None:
        """A person wants a look, whatever the hour and whoever has looked."""
        self._asked = True

    def step(self, now: datetime) -> float:
        """Look if it is time."""
        stopped = self._health.stopped is not None
        if self._was_stopped and not stopped:  # a person has seen to it
            self._again_at = float("-inf")
        self._was_stopped = stopped
        if not stopped and self._is_time(now):
            self._began(now)
            self._look()
        self.looked.set()
        pause_s = min(ASKED_S, max(0.1, (self._schedule.next(now).at - now).total_seconds()))
        self._beats.idle(due_s(pause_s))
        return pause_s

    def stop(self) -> None:
        """Nothing is held."""
        self._beats.leave()

    def _is_time(self, now: datetime) -> bool:
        """The first time, when somebody wants it, or when a beat is due that no PC has done."""
        if self._clock.monotonic() < self._again_at or self._health.rests_s > 0:
            return False
        if self._asked:
            self._asked = False
            return True
        done, wanted = self._marks.get(SWEPT), self._marks.get(WANTED)
        if wanted is not None and (done is None or wanted.at_ms > done.at_ms):
            return True
        if not self._schedule.is_open(now):
            return False
        first, self._first = self._first, False
        if first and (done is None or done.age_ms > RECENT_MS):
            return True
        last = None if done is None else now - timedelta(milliseconds=done.age_ms)
        due = self._schedule.due(now, last)
        return due is not None and due.beat == "cycle"

    def _look(self) -> None:
        self._beats.step(keep.LEDGER, promise_s=LOOK_PROMISE_S)
        try:
            self.last = self._ledgers.look()
        except Transient as error:
            self.trouble = error.message
            soon_s = min(AGAIN_S, self._schedule.cycle.total_seconds() / 2)
            self._again_at = self._clock.monotonic() + self._chance.jitter(max(soon_s, error.retry_after_s or 0.0), 0.3)
            log.warning(error.message, error=error)
            return
        except (ContractBroken, CredentialsRejected, Misconfigured, Refused) as error:
            self.trouble = error.message
            self._again_at = self._clock.monotonic() + PERSON_S
            log.warning(error.message, error=error)
            return
        self.trouble = None
        self._marks.put(SWEPT, json.dumps({"who": self._who, **asdict(self.last)}))
        log.info(say.LOG_SWEPT(seen=self.last.seen, new=self.last.new))
        self._tally.cancelled(self.last.cancelled)
        self._found()
