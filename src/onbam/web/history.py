"""How the shop did, day by day.

For: the chart of the orders page, and `/api/history`.
Promises: each past day is counted once and remembered while the process lives; the day under way is counted anew.
Refuses: to count more than was asked for.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from onbam.web import journal_reads as reads
from onbam.web.seen import Seen

if TYPE_CHECKING:
    from onbam.web.house import House

DAY_MS: Final = 86_400_000
DONE: Final = ("item.completed", "item.complete", "item.there")
WRONG: Final = ("item.failed", "item.uncertain", "item.parked")


def history(house: House, seen: Seen, days: int) -> list[dict[str, object]]:
    """The last so many days, the oldest first."""
    today = seen.local(seen.now_ms).date()
    return [
        _day(house, seen, datetime.combine(today - timedelta(days=back), datetime.min.time(), seen.zone), back == 0)
        for back in range(days - 1, -1, -1)
    ]


def _day(house: House, seen: Seen, begin: datetime, under_way: bool) -> dict[str, object]:  # noqa: FBT001 -- reads well here
    name = begin.date().isoformat()
    known = house.days.get(name)
    if known is None:
        known = _counted(house, seen, begin)
        if not under_way:
            house.days[name] = known
    return {"day": name, "completed": known[0], "failed": known[1]}


def _counted(house: House, seen: Seen, begin: datetime) -> tuple[int, int]:
    """From the journal; of days it no longer has, from what it counted of them."""
    from_ms = int(begin.timestamp() * 1000)
    to_ms = int((begin + timedelta(days=1)).timestamp() * 1000) - 1
    with house.onbam.database.read() as connection:
        after, upto = reads.position_at(connection, from_ms - 1), reads.position_at(connection, min(to_ms, seen.now_ms))
        counts: Counter[str] = Counter()
        if upto > after:
            for tally in reads.tallies(connection, after, upto, DAY_MS):
                counts[tally.what] += tally.lines
        counts.update(reads.rolled_up(connection, begin.date().isoformat()))
    return sum(counts[what] for what in DONE), sum(counts[what] for what in WRONG)
