"""What the demo says: before it begins, and in the end the sentence a shop owner understands, then the figures.

For: `onbam demo`.
Promises: the first line is the answer; what is not done is said beside it, and how it stands; lines break between words.
Refuses: a figure nobody counted.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from onbam.cli import demo_words as say
from onbam.cli.app import App
from onbam.cli.demo_board import AMBER, DIM, DOUBT, RED
from onbam.kernel.words import Said, Text

WIDEST: Final = 100
"""Longer lines are hard to read."""


def introduce(app: App, machines: int, orders: int, kinds: Collection[str]) -> None:
    """What is about to happen, read while it starts."""
    _line(app, say.TITLE, "bold")
    _line(app, say.STORY(machines=machines, orders=orders))
    if kinds:
        listed = ", ".join(app.words(text) for kind, text in say.WILL_BE.items() if kind in kinds)
        _line(app, say.WILL(list=listed))
    _line(app, say.QUESTION)
    _line(app, say.HARMLESS, DIM)
    _line(app, say.STARTING, DIM)
    app.say("")


def tell(app: App, facts: dict[str, Any], *, skew_left_out: bool, until_done: bool) -> None:
    """The report for people."""
    app.say("")
    if facts["duplicates"] or facts["lost"]:
        _line(app, say.NOT_HELD(**facts), f"bold {RED}")
    elif facts["open"]:
        _line(app, say.NOT_DONE(open=facts["open"]), f"bold {AMBER}")
    else:
        _line(app, say.HELD(orders=facts["orders"]), "bold")
    hangs = sum(machine["hangs"] for machine in facts["machines"].values())
    if facts["kills"] or hangs:
        _line(app, say.ACCIDENTS(kills=facts["kills"], hangs=hangs))
    _line(app, say.IN_THE_ERP(slips=facts["slips"]))
    if facts["uncertain"]:
        _line(app, say.ASKED(uncertain=facts["uncertain"]), DOUBT)
        if facts["uncertain_in_erp"]:
            _line(app, say.ASKED_THERE(there=facts["uncertain_in_erp"]), DOUBT)
    if facts["open"]:
        listed = ", ".join(app.words(say.OPEN_STATES[state](n=n)) for state, n in facts["open_by_state"].items() if n)
        _line(app, say.LEFT_OPEN(list=listed))
        if not until_done:
            _line(app, say.SEE_THROUGH)
    _line(app, say.TEMPO(seconds=facts["seconds"], rate=facts["orders_per_min"], scale=f"{facts['time_scale']['erp']:g}"), DIM)
    app.say("")
    _machines(app, facts["machines"])
    app.say("")
    if facts["kills"]:
        shown = ", ".join(f"{app.words(say.POINTS[point])} {count}" for point, count in facts["kill_points"].items())
        _line(app, say.KILLS(points=shown), DIM)
    if facts["kill_points_missed"]:
        _line(app, say.NO_POINT(points=", ".join(app.words(say.POINTS[point]) for point in facts["kill_points_missed"])))
    if facts["left_out"]:
        listed = ", ".join(app.words(say.ACCIDENT_KINDS[kind](n=n)) for kind, n in facts["left_out"].items())
        _line(app, say.LEFT_OUT(list=listed), DIM)
    if skew_left_out:
        _line(app, say.NO_SKEW, DIM)
    _line(app, say.NEXT, DIM)


def _machines(app: App, machines: dict[str, dict[str, int]]) -> None:
    from rich.table import Table

    table = Table(box=None, padding=(0, 3, 0, 0), header_style=DIM, pad_edge=False)
    table.add_column(app.words(say.PC_HEAD))
    for heading in (say.DONE_HEAD, say.TAKEN_HEAD, say.KILLS_HEAD, say.HANGS_HEAD):
        table.add_column(app.words(heading), justify="right")
    for name, one in machines.items():
        table.add_row(name, *(str(one[field]) for field in ("completed", "taken_over", "kills", "hangs")))
    app.out.print(table)


def _line(app: App, what: Said | Text, style: str = "") -> None:
    """Broken between words where the terminal ends, or where reading becomes hard."""
    app.out.print(app.words(what), style=style, soft_wrap=False, width=min(WIDEST, app.out.width), highlight=False)
