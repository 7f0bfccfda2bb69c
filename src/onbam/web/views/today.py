"""*Today*: the sentence, the night strip, what needs you, the PCs, the day, what comes and what just happened.

For: whoever comes in at 08:30.
Promises: everything from one look; a few database questions, whatever the shop's history.
Refuses: more cards than a person can take in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from onbam.claims.model import State
from onbam.web import codes_words, words
from onbam.web import today_words as say
from onbam.web.nightbook import HOUR_MS, Night
from onbam.web.page import Page
from onbam.web.seen import Seen
from onbam.web.strip import PHONE_HOURS, strip_of
from onbam.web.views import fleet
from onbam.web.views.beside import asking, beside
from onbam.web.views.coming import coming
from onbam.web.views.events import told
from onbam.web.views.locks import unshared
from onbam.web.views.past import Past, hours_then, lately, past
from onbam.web.views.sentence import Sentence, Standing, sentence

CARDS: Final = 4
EVENTS: Final = 12
NIGHT_UNTIL_H: Final = 12
"""Before noon people ask about the night."""


def standing(seen: Seen, night: Night, pcs: Sequence[fleet.Pc]) -> Standing:
    """What the sentence is made of."""
    house = seen.house
    counts = house.counts()
    needs = house.needs(CARDS)
    return Standing(
        pcs=pcs,
        counts=counts,
        needs=needs,
        needs_count=house.orders_needing(),
        night=night.ended("item.completed"),
        stop=house.stop(),
        locked=house.locked,
        at_night=seen.local(seen.now_ms).hour < NIGHT_UNTIL_H,
        notices=beside(house),
    )


def build(seen: Seen) -> Mapping[str, Any]:
    """Now, or then."""
    if seen.at_ms is not None:
        return _then(seen, seen.at_ms)
    night = seen.house.nightbook.night(seen.now_ms)
    pcs = fleet.fleet(seen)
    now = standing(seen, night, pcs)
    lives = {pc.name: pc.state for pc in pcs}
    everyone = seen.param("pcs") == "all"
    return {
        "s": say,
        "past": None,
        "sentence": sentence(now),
        "now": now,
        "c": codes_words,
        "asking": asking(seen.house, now.needs),
        "beside": now.notices[: max(1, CARDS - len(now.needs))],
        "State": State,
        "midnight_done": now.counts[State.COMPLETED],
        "at_work": fleet.count_of(pcs, "busy", "alive"),
        "strip": strip_of(seen, night, lives, everyone=everyone),
        "tall": strip_of(seen, night, lives, everyone=everyone, from_ms=seen.now_ms - PHONE_HOURS * HOUR_MS),
        "pcs": fleet.worst_first(pcs),
        "registry": seen.house.onbam.registry is not None,
        "flow": flow(seen, night.from_ms, night.to_ms, night.hours),
        "coming": coming(seen),
        "unshared": unshared(seen, pcs),
        "by_file": seen.house.stop_by_file() if now.stop is None else None,
        "events": told(night.events, EVENTS),
    }


def _then(seen: Seen, at_ms: int) -> Mapping[str, Any]:
    book = seen.house.nightbook
    same = book.bounds(at_ms) == book.bounds(seen.now_ms)
    night = book.night(seen.now_ms) if same else book.night_of(at_ms)
    then = past(seen.house, at_ms)
    text = say.THEN if then.held else say.THEN_NONE
    at = seen.local(at_ms).strftime("%H:%M")
    return {
        "s": say,
        "past": then,
        "sentence": Sentence("quiet", text(at=at, n=len(then.held))),
        "now": None,
        "unshared": False,
        "by_file": None,
        "State": State,
        "strip": strip_of(seen, night, dict(then.lives), everyone=seen.param("pcs") == "all"),
        "tall": None,
        "at_work": _at_work(then),
        "events": told(lately(seen.house, then, night.from_ms, EVENTS), EVENTS),
        "flow": flow(seen, night.from_ms, at_ms, hours_then(seen.house, then, night)),
    }


def _at_work(then: Past) -> int:
    return sum(state in ("busy", "alive") for state in then.lives.values())


def flow(seen: Seen, from_ms: int, to_ms: int, ended: Mapping[int, Mapping[str, int]]) -> Sequence[tuple[str, int, int]]:
    """By the hour: what was completed, and what was not."""
    first, last = from_ms // HOUR_MS, to_ms // HOUR_MS
    hours = []
    for hour in range(first, last + 1):
        counts = ended.get(hour, {})
        done = counts.get("item.completed", 0)
        wrong = sum(counts.get(what, 0) for what in ("item.failed", "item.uncertain", "item.parked"))
        hours.append((seen.local(hour * HOUR_MS).strftime("%H"), done, wrong))
    return hours


PAGE: Final = Page("today", "/", words.TODAY, build)
