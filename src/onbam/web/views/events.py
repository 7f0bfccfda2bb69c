"""What happened last, in sentences.

For: *Today*, a PC's page, the board.
Promises: the words of an order's story where it is about an order; every line leads to what it is about.
Refuses: lines that tell of a step: those belong to the order's own page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from onbam.journal.model import Entry, Line
from onbam.kernel.words import Said, heard, plain, received
from onbam.orders.model import KIND
from onbam.orders.story import lines_of
from onbam.orders.why_figures import pc_of, who_said
from onbam.web import events_words as say
from onbam.web.machines_words import ACTS as ERRAND_ACTS

TONES: Final = {
    "item.completed": "completed",
    "item.complete": "completed",
    "item.there": "completed",
    "item.failed": "failed",
    "item.uncertain": "uncertain",
    "item.parked": "parked",
    "item.hold": "parked",
    "item.cancelled": "cancelled",
    "item.cancel": "cancelled",
    "item.expired": "swap",
    "item.bereaved": "swap",
    "item.resumed": "swap",
    "machine.joined": "alive",
    "machine.left": "stopped",
    "machine.dead": "dead",
    "machine.back": "alive",
    "notice.opened": "notices",
    "notice.resolved": "completed",
    "effect.contradicted": "parked",
    "person.refused": "key",
    "errand.asked": "machines",
    "errand.done": "completed",
    "errand.failed": "parked",
    "setting.changed": "settings",
}
FIRST_LINK: Final = "person:door"
"""Whoever came in by the link of the first start."""
LOUD: Final = frozenset({"uncertain", "parked", "dead"})


@dataclass(frozen=True, slots=True)
class Told:
    """One line."""

    at_ms: int
    text: Said
    sign: str
    """An icon."""
    pc: str
    link: str


def told(entries: Iterable[Entry], limit: int) -> Sequence[Told]:
    """Some of them, in the order given."""
    found: list[Told] = []
    for entry in entries:
        if len(found) == limit:
            break
        found.append(_told(entry))
    return found


def _asked(do: object) -> Said | str:
    """What a PC was asked for."""
    return next((text() for act, text in ERRAND_ACTS.items() if act.value == do), str(do or "-"))


def _titled(line: Line) -> Said | None:
    """A notice's own words; none where its line was written before they stood there."""
    ko, en = line.data.get("title_ko"), line.data.get("title_en")
    if line.kind != "notice" or not isinstance(ko, str) or not isinstance(en, str):
        return None
    return received(ko.rstrip("."), en.rstrip("."))()


def signed(who: str) -> Said:
    """A name of the journal, as people say it; a PC is called so also where it signed for another one."""
    role, _, name = who.partition(":")
    return plain(pc_of(name))() if role == "agent" else who_said(who)


def _who(who: str) -> Said:
    """A name of the journal; what is no person and no PC is Onbam itself."""
    if who == FIRST_LINK:
        return say.BY_LINK()
    if who.endswith(":unknown") or not who:
        return say.SOMEBODY()
    return signed(who) if ":" in who else say.ONBAM()


def _told(entry: Entry) -> Told:
    line = entry.line
    role, _, name = line.who.partition(":")
    pc = pc_of(name) if role == "agent" else ""
    sign = TONES.get(line.what, "info")
    if line.kind == KIND:
        what = lines_of([entry], (), ())[0].text
        return Told(entry.at_ms, say.ORDER_LINE(key=line.key, what=what), sign, pc, f"/orders/{line.key}")
    text = say.LINES.get(line.what)
    whose = pc or pc_of(str(line.data.get("held_by") or "")) or line.key.partition("/")[0]
    shown = whose.rpartition("-")[0] if line.kind == "errand" else whose
    why = _titled(line) or heard(line.why or "-")
    said = (
        text(pc=shown, who=_who(line.who), key=_titled(line) or line.key, why=why, do=_asked(line.data.get("do")))
        if text
        else say.ORDER_LINE(key=line.key, what=line.what)
    )
    link = {
        "machine": f"/machines/{whose}",
        "errand": f"/machines/{whose}",
        "setting": "/settings",
        "notice": "/notices",
        "person": "/people",
    }.get(line.kind, "")
    return Told(entry.at_ms, said, sign, pc, link)
