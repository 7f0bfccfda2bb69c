"""The live board in the terminal: the sentence first, then a row for each PC, then what just happened.

For: `onbam demo`; the same words and the same order as the desk in the browser.
Promises: says in one sentence how it stands and what needs a person; never by colour alone; fits eighty columns.
Refuses: to blink.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from onbam.claims.model import State
from onbam.cli import demo_words as say
from onbam.cli.demo_fleet import Pc
from onbam.cli.demo_watch import PERSON, Happened, Watch
from onbam.kernel.words import Said, Text

if TYPE_CHECKING:
    from rich.console import RenderableType

Words = Callable[[Said | Text], str]
STRIP: Final = 24
"""Seconds shown of each PC."""
BARS: Final = " ▁▂▃▄▅▆▇"
SILENCE: Final = "░"
EVENTS: Final = 8
BAR: Final = 40
AMBER, RED, QUIET, DIM, DOUBT = "#d98e04", "#c0392b", "green4", "grey58", "#7d5ba6"
SHAPES: Final = {"alive": "●", "starting": "◔", "dead": "✕", "frozen": "▨", "offline": "◌", "ended": "○"}
SAID: Final = {
    "entered": (say.ENTERED, ""),
    "taken-over": (say.TAKEN_OVER, AMBER),
    "uncertain": (say.UNCERTAIN, DOUBT),
    "parked": (say.PARKED, DOUBT),
    "cancelled": (say.CANCELLED, DIM),
    "kill": (say.KILLED, RED),
    "hang": (say.FROZEN, RED),
    "offline": (say.CUT, RED),
}


class Board:
    """Draws."""

    def __init__(self, words: Words, watch: Watch, began_s: float) -> None:
        self._words = words
        self._watch = watch
        self._began_s = began_s
        self._silences: set[tuple[str, int]] = set()
        """The seconds in which a PC was down."""

    def draw(self, second: int) -> RenderableType:
        """The whole of it."""
        from rich.console import Group
        from rich.text import Text as Line

        shop = self._watch.shop
        shown = say.SHOP(machines=shop.machines, store=say.STORES[shop.store], spacing=f"{shop.spacing_s:g}")
        head = Line.assemble((self._words(say.TITLE), "bold"), ("   " + self._words(shown), DIM))
        return Group(head, Line(), self._sentence(), Line(), self._rows(second), Line(), self._bar(), Line(), *self._news())

    def _sentence(self) -> RenderableType:
        from rich.text import Text as Line

        watch = self._watch
        entered, left = watch.count(State.COMPLETED), watch.open
        doubts = [item.key for item in watch.items if item.state in PERSON]
        down = [pc.name for pc in watch.shop.fleet.pcs if pc.pid is None or pc.frozen_until is not None]
        if not watch.items:
            return Line(self._words(say.OPENING), "bold")
        if not left:
            done = say.ALL_DONE_BUT(entered=entered, needs=len(doubts)) if doubts else say.ALL_DONE(entered=entered)
            return Line(self._words(done), f"bold {DOUBT}" if doubts else "bold")
        if down:
            return Line(self._words(say.DOWN(names=", ".join(down), entered=entered, left=left)), "bold")
        if len(doubts) == 1:
            return Line(self._words(say.DOUBT(number=doubts[0], entered=entered, left=left)), f"bold {DOUBT}")
        if doubts:
            return Line(self._words(say.DOUBTS(count=len(doubts), entered=entered, left=left)), f"bold {DOUBT}")
        return Line(self._words(say.WELL(entered=entered, left=left)), "bold")

    def _rows(self, second: int) -> RenderableType:
        from rich.table import Table

        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        for name, width in (("pc", 8), ("strip", STRIP), ("life", 0)):
            table.add_column(name, min_width=width, no_wrap=True)
        for pc in self._watch.shop.fleet.pcs:
            table.add_row(*self._row(pc, second))
        return table

    def _row(self, pc: Pc, second: int) -> tuple[RenderableType, ...]:
        from rich.text import Text as Line

        hands = self._watch.hands(pc.name)
        life = pc.life()
        color = {"alive": AMBER if hands else QUIET, "dead": RED, "frozen": RED, "offline": RED}.get(life, DIM)
        name = Line.assemble((f" {SHAPES[life]} ", color), (pc.name, "bold"))
        if life in ("dead", "frozen", "offline", "starting"):
            doing = Line(self._words(say.LIVES[life]), color)
        elif hands:
            parts: list[tuple[str, str]] = []
            for number, step in hands[:3]:
                known = say.STEPS.get(step, say.STEPS["document"])
                parts += [(number, ""), (f" {self._words(known)}   ", AMBER if step == "sending" else DIM)]
            doing = Line.assemble(*parts)
        else:
            doing = Line(self._words(say.IDLE), DIM)
        return name, self._strip(pc, second, life), doing

    def _strip(self, pc: Pc, second: int, life: str) -> RenderableType:
        """What this PC did in each of the last seconds; the hole is the first thing the eye finds."""
        from rich.text import Text as Line

        strip = Line()
        for at in range(second - STRIP + 1, second + 1):
            amount = self._watch.work[pc.name, at] if at >= 0 else 0
            if (not amount and at == second and life in ("dead", "frozen")) or (not amount and (pc.name, at) in self._silences):
                strip.append(SILENCE, RED)
            else:
                strip.append(BARS[min(amount, len(BARS) - 1)], AMBER if at == second else DIM)
        return strip

    def note_silence(self, second: int) -> None:
        """Remember who is down now."""
        for pc in self._watch.shop.fleet.pcs:
            if pc.pid is None or pc.frozen_until is not None:
                self._silences.add((pc.name, second))

    def _bar(self) -> RenderableType:
        from rich.text import Text as Line

        watch = self._watch
        orders = max(1, watch.shop.orders)
        entered, needs = watch.count(State.COMPLETED, State.CANCELLED), watch.count(*PERSON)
        full = entered * BAR // orders
        doubt = -(-(entered + needs) * BAR // orders) - full if needs else 0
        rest = BAR - full - doubt
        return Line.assemble(
            ("  " + "━" * full, QUIET),
            ("╍" * doubt, DOUBT),
            ("─" * rest, DIM),
            (f"  {entered + needs}/{watch.shop.orders}", DIM),
        )

    def _news(self) -> Sequence[RenderableType]:
        from rich.text import Text as Line

        lines: list[RenderableType] = [Line("  " + self._words(say.JUST_NOW), DIM)]
        shown = [event for event in self._watch.events if event.what in SAID][-EVENTS:]
        lines += [self._event(event) for event in reversed(shown)]
        return lines + [Line()] * (EVENTS - len(shown))

    def _event(self, event: Happened) -> RenderableType:
        from rich.text import Text as Line

        text, color = SAID[event.what]
        point = say.POINTS.get(event.detail)
        said = text(receipt=event.detail, before=event.detail, seconds=event.detail, point=point or event.detail)
        at = max(0.0, event.at_s - self._began_s)
        return Line.assemble(
            (f"  {at:5.1f}s  ", DIM), (f"{event.pc:<6}", "bold"), (f" {event.number:<11} ", ""), (self._words(said), color)
        )
