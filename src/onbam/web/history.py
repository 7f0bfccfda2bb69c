"""How the shop did, day by day.

For: the chart of the orders page, and `/api/history`.
Promises: each past day is counted once and remembered while the process lives; the day under way is counted anew.
Refuses: to count more than was asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy.engine import Connection

from onbam.web import journal_reads as reads
from onbam.web.seen import Seen

if TYPE_CHECKING:
    from onbam.web.house import House

EVER_MS: Final = 2**53
"""One stretch of time."""
DONE: Final = ("item.completed", "item.complete", "item.there")
WRONG: Final = ("item.failed", "item.uncertain", "item.parked")


def history(house: House, seen: Seen, days: int) -> list[dict[str, object]]:
    """The last so many days, the oldest first."""
    today = seen.local(seen.now_ms).date()
    dates = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
    missing = [one for one in dates if one == today or one.isoformat() not in house.days]
    with house.onbam.database.read() as connection:
        counted = {one.isoformat(): counts for one, counts in _counted(connection, seen, missing)}
    house.days |= {name: counts for name, counts in counted.items() if name != today.isoformat()}
    known = {**house.days, **counted}
    return [{"day": one.isoformat(), "completed": c[0], "failed": c[1]} for one in dates for c in [known[one.isoformat()]]]


def _counted(connection: Connection, seen: Seen, days: Sequence[date]) -> Iterator[tuple[date, tuple[int, int]]]:
    """From the journal; of days it no longer has, from what it counted of them."""
    begins = [_midnight(seen, day) - 1 for day in days]
    ends = [min(_midnight(seen, day + timedelta(days=1)) - 1, seen.now_ms) for day in days]
    moments = sorted({*begins, *ends})
    position = dict(zip(moments, reads.positions_at(connection, moments), strict=True))
    for day, begin_ms, end_ms in zip(days, begins, ends, strict=True):
        after, upto = position[begin_ms], position[end_ms]
        counts = Counter(reads.rolled_up(connection, day.isoformat()))
        if upto > after:
            for what, _, lines in reads.happened(connection, after, upto, EVER_MS, (*DONE, *WRONG)):
                counts[what] += lines
        yield day, (sum(counts[what] for what in DONE), sum(counts[what] for what in WRONG))


def _midnight(seen: Seen, day: date) -> int:
    return int(datetime.combine(day, datetime.min.time(), seen.zone).timestamp() * 1000)
