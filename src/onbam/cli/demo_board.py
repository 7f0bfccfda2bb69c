"""The live board in the terminal: the sentence first, then a row for each PC, then what just happened.

For: `onbam demo`; the same words and the same order as the desk in the browser.
Promises: says in one sentence how it stands and what needs a person; never by colour alone; fits the terminal it is drawn on,
from eighty columns and twenty-four rows; letters that are two columns wide are counted as two.
Refuses: to blink.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from onbam.claims.model import State
from onbam.cli import demo_words as say
from onbam.cli.demo_dashboard import Dashboard
from onbam.cli.demo_fleet import Pc
from onbam.cli.demo_watch import PERSON, Happened, Watch
from onbam.kernel.words import Said, Text

if TYPE_CHECKING:
    from rich.console import RenderableType

Words = Callable[[Said | Text], str]
NARROW: Final = 80
STRIP: Final = (16, 60)
"""How many seconds are shown of each PC: at least, at most."""
BESIDE_STRIP: Final = 56
"""Columns a row needs beside its strip."""
BARS: Final = " ▁▂▃▄▅▆▇"
SILENCE: Final = "░"
EVENTS: Final = (3, 10)
FRAME_ROWS: Final = 12
"""Rows that are neither a PC's nor an event's, with the cursor's own."""
BAR: Final = (20, 40)
BESIDE_BAR: Final = 56
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
    "ended": (say.ENDED, RED),
}


class Board:
    """Draws."""

    def __init__(self, words: Words, watch: Watch, began_s: float) -> None:
        self._words = words
        self._watch = watch
        self._began_s = began_s
        self._silences: set[tuple[str, int]] = set()
        """The seconds in which a PC was down."""

    @property
    def dashboard(self) -> Dashboard | None:
        """Where the same can be seen in a browser."""
        return self._watch.shop.dashboard

    def draw(self, second: int, width: int = NARROW, height: int = 24, *, last: bool = False) -> RenderableType:
        """The whole of it; the `last` one is without the news: the report follows."""
        from rich.console import Group
        from rich.text import Text as Line

        parts = [self._head(), *self._dashboard(), Line(), self._sentence(), Line(), self._rows(second, width, height)]
        parts += [Line(), self._bar(width)]
        return Group(*parts) if last else Group(*parts, Line(), *self._news(width, height))

    def _head(self) -> RenderableType:
        from rich.text import Text as Line

        shop = self._watch.shop
        shown = say.SHOP(machines=shop.machines, store=say.STORES[shop.store], spacing=f"{shop.spacing_s:g}")
        return Line.assemble(
            (self._words(say.TITLE), "bold"), ("   " + self._words(shown), DIM), no_wrap=True, overflow="ellipsis"
        )

    def _dashboard(self) -> Sequence[RenderableType]:
        """Where the same can be seen in a browser."""
        from rich.text import Text as Line

        dashboard = self.dashboard
        if dashboard is None:
            return ()
        dashboard.look()
        if dashboard.address:
            link = (dashboard.address, f"bold link {dashboard.address}")
            parts = [(self._words(say.DASHBOARD) + "  ", DIM), link, ("  " + self._words(say.DASHBOARD_GUEST), DIM)]
            return (Line.assemble(*parts, no_wrap=True),)
        what = say.NO_DASHBOARD(why=dashboard.trouble) if dashboard.trouble else say.DASHBOARD_SOON
        return (Line(f"{self._words(say.DASHBOARD)}  {self._words(what)}", DIM, no_wrap=True, overflow="ellipsis"),)

    def _sentence(self) -> RenderableType:
        from rich.text import Text as Line

        watch = self._watch
        entered, left = watch.count(State.COMPLETED), watch.open
        doubts = watch.count(*PERSON)
        down = [pc.name for pc in watch.shop.fleet.pcs if pc.pid is None or pc.frozen_until or pc.offline_until]
        style = f"bold {DOUBT}" if doubts and not down else "bold"
        if not watch.items:
            what: Said | Text = say.OPENING
        elif not left:
            what = say.ALL_DONE_BUT(entered=entered, needs=doubts) if doubts else say.ALL_DONE(entered=entered)
        elif down:
            what = say.DOWN(names=", ".join(down[:3]) + (" …" if len(down) > 3 else ""))
        elif doubts:
            what = say.DOUBTS(count=doubts)
        else:
            what = say.WELL
        return Line(self._words(what), style, no_wrap=True, overflow="ellipsis")

    # -- PCs ----------------------------------------------------------------------------------------------------------------

    def _rows(self, second: int, width: int, height: int) -> RenderableType:
        from rich.table import Table
        from rich.text import Text as Line

        pcs = self._watch.shop.fleet.pcs
        room = max(1, height - FRAME_ROWS - EVENTS[0])
        shown = pcs if len(pcs) <= room else pcs[: room - 1]
        seconds = _within(width - BESIDE_STRIP, STRIP)
        table = Table(box=None, padding=(0, 2, 0, 0), header_style=DIM, pad_edge=False, width=width)
        table.add_column("", no_wrap=True, min_width=8)
        table.add_column(self._words(say.LAST_SECONDS(n=seconds)), no_wrap=True, min_width=seconds)
        table.add_column(self._words(say.ENTERED_BY), justify="right", no_wrap=True, min_width=4)
        table.add_column(self._words(say.NOW), no_wrap=True, overflow="ellipsis", ratio=1)
        for pc in shown:
            table.add_row(*self._row(pc, second, seconds))
        if len(shown) < len(pcs):
            table.add_row("", Line(self._words(say.MORE_PCS(n=len(pcs) - len(shown))), DIM), "", "")
        return table

    def _row(self, pc: Pc, second: int, seconds: int) -> tuple[RenderableType, ...]:
        from rich.text import Text as Line

        hands = self._watch.hands(pc.name)
        life = pc.life()
        color = {"alive": AMBER if hands else QUIET, "dead": RED, "frozen": RED, "offline": RED}.get(life, DIM)
        name = Line.assemble((f"{SHAPES[life]} ", color), (pc.name, "bold"))
        if life != "alive":
            doing = Line(self._words(say.LIVES[life]), color)
        elif hands:
            number, step = hands[0]
            known = say.STEPS.get(step, say.STEPS["document"])
            more = [("  " + self._words(say.AND_MORE(n=len(hands) - 1)), DIM)] if len(hands) > 1 else []
            doing = Line.assemble((number, ""), (f" {self._words(known)}", AMBER if step == "sending" else DIM), *more)
        else:
            doing = Line(self._words(say.IDLE), DIM)
        return name, self._strip(pc, second, life, seconds), str(self._watch.entered_by(pc.name)), doing

    def _strip(self, pc: Pc, second: int, life: str, seconds: int) -> RenderableType:
        """What this PC did in each of the last seconds; the hole is the first thing the eye finds."""
        from rich.text import Text as Line

        strip = Line()
        for at in range(second - seconds + 1, second + 1):
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

    # -- orders -------------------------------------------------------------------------------------------------------------

    def _bar(self, width: int) -> RenderableType:
        from rich.text import Text as Line

        watch = self._watch
        orders, bar = max(1, watch.shop.orders), _within(width - BESIDE_BAR, BAR)
        entered, needs = watch.count(State.COMPLETED, State.CANCELLED), watch.count(*PERSON)
        full = entered * bar // orders
        doubt = min(bar - full, -(-needs * bar // orders))
        told = say.FIGURES(orders=watch.shop.orders, entered=entered, needs=needs, left=watch.open)
        return Line.assemble(
            ("━" * full, QUIET),
            ("╍" * doubt, DOUBT),
            ("─" * (bar - full - doubt), DIM),
            ("  " + self._words(told), ""),
            no_wrap=True,
            overflow="ellipsis",
        )

    def _news(self, width: int, height: int) -> Sequence[RenderableType]:
        from rich.text import Text as Line

        rows = _within(height - FRAME_ROWS - len(self._watch.shop.fleet.pcs), EVENTS)
        lines: list[RenderableType] = [Line(self._words(say.JUST_NOW), DIM)]
        shown = [event for event in self._watch.events if event.what in SAID][-rows:]
        lines += [self._event(event, width) for event in reversed(shown)]
        return lines + [Line()] * (rows - len(shown))

    def _event(self, event: Happened, width: int) -> RenderableType:
        from rich.text import Text as Line

        text, color = SAID[event.what]
        point = say.POINTS.get(event.detail)
        said = text(receipt=event.detail, before=event.detail, seconds=event.detail, point=point or event.detail)
        at = max(0.0, event.at_s - self._began_s)
        line = Line.assemble(
            (f"{at:6.1f}s  ", DIM), (f"{event.pc:<6}", "bold"), (f" {event.number:<11} ", ""), (self._words(said), color)
        )
        line.truncate(width, overflow="ellipsis")
        return line


def _within(wanted: int, limits: tuple[int, int]) -> int:
    return max(limits[0], min(limits[1], wanted))
