"""The first answer: is everything all right? One sentence, and one thing to do.

For: *Today*, the phone, the programming interface, the window.
Promises: pure; what is worst is said first; nothing is called well while something needs a person, an order or a notice, while
a PC is silent, or while locks are off; it is one sentence, however long the reason is.
Refuses: exclamation marks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from onbam.claims.model import State
from onbam.kernel.words import LANGS, Said, received
from onbam.notices.model import Notice, Severity
from onbam.orders.desk import Need, Sort
from onbam.orders.desk_rows import Counts
from onbam.orders.why_figures import pc_of
from onbam.web import today_words as say
from onbam.web.views.fleet import Pc, count_of

Level = Literal["well", "quiet", "need", "trouble"]
SHORT_MAX: Final = 60
"""So many letters of a reason stand in the sentence; the whole of it stands where the reader is led."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is said."""

    level: Level
    text: Said
    more: Said | None = None
    link: str = ""
    """Where the reader can do something about it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the sentence is made of."""

    pcs: Sequence[Pc]
    counts: Counts
    needs: Sequence[Need]
    needs_count: int
    night: int
    """Completed since yesterday's close."""
    stop: Said | None
    locked: bool
    """Whether the distributed lock is on."""
    at_night: bool
    """Whether the shop has not opened, or has just opened: people ask about the night."""
    notices: Sequence[Notice] = ()
    """Open ones that need a person and are about no order of `needs`, the urgent first."""

    @property
    def needing(self) -> int:
        """How many things need a person."""
        return self.needs_count + len(self.notices)


def sentence(now: Standing) -> Sentence:
    """The worst first."""
    at_work = count_of(now.pcs, "busy", "alive")
    if not now.locked:
        several = len(now.pcs) > 1
        return Sentence("trouble", say.UNLOCKED(n=len(now.pcs)) if several else say.UNLOCKED_ONE(), link="/locks")
    if now.stop is not None:
        return Sentence("trouble", say.STOPPED(stop=now.stop), link="/machines")
    if now.needs or now.notices:
        return _needs(now)
    gone = [pc for pc in now.pcs if pc.state == "dead"]
    if gone:
        text = say.PC_DOWN_OTHERS(pc=gone[0].name, n=at_work) if at_work else say.PC_DOWN(pc=gone[0].name)
        return Sentence("need" if at_work else "trouble", text, link=f"/machines/{gone[0].name}")
    if now.pcs and not at_work:
        waiting = now.counts[State.WAITING] + now.counts[State.FAILED]
        waits = say.NO_PC_WAITING(n=waiting) if waiting > 1 else say.NO_PC_WAITING_ONE()
        text = waits if waiting else say.NO_PC()
        return Sentence("trouble" if waiting else "quiet", text, link="/machines")
    if not now.pcs and not any(now.counts.states.values()) and not now.night:
        return Sentence("quiet", say.BEGINNING(), say.BEGINNING_TEXT())
    if not now.night:
        return Sentence("well", say.WELL(), say.WELL_QUIET())
    return Sentence("well", say.WELL(), _entered(now))


def _entered(now: Standing) -> Said:
    if now.night == 1:
        return (say.WELL_NIGHT_ONE if now.at_night else say.WELL_DAY_ONE)()
    return (say.WELL_NIGHT if now.at_night else say.WELL_DAY)(n=now.night)


def _needs(now: Standing) -> Sentence:
    what, link = _first(now)
    if now.needing > 1:
        return Sentence("need", say.NEED_MANY(n=now.needing, what=what), link="/needs-you")
    ko, en = (what.to(lang) for lang in LANGS)
    return Sentence("need", received(ko, capital(en))(), link=link)


def _first(now: Standing) -> tuple[Said, str]:
    """What is said of them: an urgent notice comes before an order that only waits."""
    urgent = bool(now.notices) and now.notices[0].severity is Severity.URGENT
    if now.needs and (now.needs[0].sort is not Sort.PARKED or not urgent):
        return need_said(now.needs[0]), f"/orders/{now.needs[0].item.key}"
    first = now.notices[0]
    return notice_said(first), first.link or "/notices"


def notice_said(notice: Notice) -> Said:
    """What one notice needs: its first sentence."""
    return say.NOTICE(what=received(short(notice.title["ko"]), short(notice.title["en"]))())


def need_said(need: Need) -> Said:
    """What one order needs."""
    item = need.item
    match need.sort:
        case Sort.DOUBT:
            return say.DOUBT(key=item.key)
        case Sort.STUCK:
            return say.STUCK(key=item.key, pc=pc_of(item.holder))
        case Sort.PARKED:
            why = need.why.now.values.get("why")
            if not isinstance(why, Said):
                return say.PARKED_BARE(key=item.key)
            ko, en = (short(why.to(lang).removeprefix(f"{item.key}: ")) for lang in LANGS)
            return say.PARKED(key=item.key, why=received(ko, en)())


def capital(text: str) -> str:
    """As a sentence or a button begins."""
    return f"{text[:1].upper()}{text[1:]}"


def short(text: str) -> str:
    """The first sentence of a text, cut where it is long; without its full stop."""
    line = text.strip().partition("\n")[0]
    first = line.partition(". ")[0].rstrip(".。: ")
    return first if len(first) <= SHORT_MAX else f"{first[: SHORT_MAX - 1].rstrip()}…"
