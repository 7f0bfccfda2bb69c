"""How spans, moments and names are said.

For: the sentences of `why.py`, the story, the refusals of the desk.
Promises: a span has one or two units, as people say it; a moment carries its day only when it is not today; a name is the one
people use: `PC-A`, `kim`.
Refuses: to read a clock.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from onbam.claims.asks import PROVER
from onbam.kernel.words import Said, heard, plain, received
from onbam.orders import why_words as say

_OUR_BOOK: Final = f"{PROVER}ledger"
_SMALL_BEYOND: Final = 10
"""From so many of the larger unit on, the smaller one says nothing more: `12 minutes`."""


def span(ms: int) -> Said:
    """So long: `31 seconds`, `1 minute 12 seconds`, `3 days 4 hours`."""
    seconds = max(0, round(ms / 1000))
    for place, (size, one, many) in enumerate(say.UNITS):
        count, rest = divmod(seconds, size)
        if not count and size > 1:
            continue
        large = (one if count == 1 else many)(n=count)
        if size == 1 or count >= _SMALL_BEYOND:
            return large
        small_size, small_one, small_many = say.UNITS[place + 1]
        small = rest // small_size
        return say.TWO_UNITS(large=large, small=(small_one if small == 1 else small_many)(n=small)) if small else large
    raise AssertionError("the smallest unit is a second")


def moment(at_ms: int, now_ms: int, zone: ZoneInfo) -> Said:
    """When, as the shop reads it: the time of today, else day and time."""
    at, now = (datetime.fromtimestamp(ms / 1000, UTC).astimezone(zone) for ms in (at_ms, now_ms))
    form = "%H:%M:%S" if at.date() == now.date() else "%m-%d %H:%M" if at.year == now.year else "%Y-%m-%d %H:%M"
    return plain(at.strftime(form))()


def pc_of(holder: str) -> str:
    """`PC-A` of `PC-A_192.168.1.100`, and of `PC-A-7k2a/agent/9nvfjv0ew4`: so older lines name who looked after another PC."""
    machine, slash, _ = holder.partition("/")
    name, _, _ = machine.rpartition("-" if slash else "_")
    return name or machine


def who_said(who: str) -> Said:
    """A name of the journal, as people say it."""
    role, _, name = who.partition(":")
    if who == _OUR_BOOK:
        return say.OUR_BOOK()
    match role:
        case "agent":
            return plain(pc_of(name))()
        case "person":
            return plain(name)()
        case "sheet":
            return say.SOMEBODY()
        case "prover":
            return say.LOOK_UP(name=name)
        case "system":
            return say.ONBAM()
    return plain(who)() if who else say.NOBODY()


def step_said(step: str) -> Said:
    """A step's name."""
    known = say.STEPS.get(step)
    return known() if known else plain(step)()


def reason(text: str) -> Said:
    """Words somebody wrote, fit to stand before a full stop."""
    ko, en = (told.strip().rstrip(".。") for told in heard(text).both().values())
    return received(ko, en)() if ko else say.NO_REASON()
