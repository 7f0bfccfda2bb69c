"""What comes next by itself, and when.

For: *Today*.
Promises: pure; computed from the schedule and from orders that wait for their time; never a moment that has passed.
Refuses: more than a handful.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from onbam.claims.model import State
from onbam.claims.ports import Filter
from onbam.kernel.words import Text
from onbam.web import today_words as say
from onbam.web.seen import Seen

MOST: Final = 5
RETRIES: Final = 100


@dataclass(frozen=True, slots=True)
class Coming:
    """One thing."""

    at_ms: int
    text: Text
    key: str = ""
    """The order it is about."""


RETRY: Final = Text(ko="주문 {key} 다시 시도", en="try order {key} again")


def coming(seen: Seen) -> Sequence[Coming]:
    """The next few, the nearest first."""
    house = seen.house
    now = house.clock.now()
    schedule = house.onbam.schedule
    due = schedule.next(now)
    found = [Coming(_ms(due.at.timestamp()), say.NEXT_SWEEP if due.beat == "cycle" else say.NEXT_STANDBY)]
    period = schedule.period(now)
    if period.ends is not None:
        found.append(Coming(_ms(period.ends.timestamp()), say.NEXT_CLOSE if period.open else say.NEXT_OPEN))
    waiting = house.onbam.claims.find(Filter(states=(State.FAILED,)), limit=RETRIES).items
    found += [Coming(item.due_at_ms, RETRY, item.key) for item in waiting if item.due_at_ms and item.due_at_ms > seen.now_ms]
    return sorted(found, key=lambda one: one.at_ms)[:MOST]


def _ms(seconds: float) -> int:
    return int(seconds * 1000)
