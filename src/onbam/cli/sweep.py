"""`onbam sweep`: look at the ledger now.

For: a person who has just placed an order and does not want to wait for the next half hour.
Promises: reads the ledger from this PC and makes known what is there; says who takes it up, or why nobody does.
Refuses: to enter anything itself.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from onbam.cli import agent_words as say
from onbam.cli.app import App
from onbam.cli.frame import command, json_option, pass_app

if TYPE_CHECKING:
    from rich.console import Console

    from onbam.bootstrap import Onbam
    from onbam.kernel.words import Said


@command(say.SWEEP, name="sweep")
@json_option
@pass_app
def sweep(app: App) -> None:
    """Look now."""
    from onbam.orders.marks import SWEPT

    onbam = app.onbam
    found = onbam.ledgers.look()
    onbam.marks.put(SWEPT, json.dumps({"who": onbam.person, **asdict(found)}))

    def show(_: Console) -> None:
        app.say(say.SWEPT(**asdict(found)))
        if found.unread:
            app.say(say.SWEPT_UNREAD(unread=found.unread))
        if found.new:
            app.say(_next(onbam))

    app.emit(asdict(found), show)


def _next(onbam: Onbam) -> Said:
    """Who takes up what is new, as far as it is known."""
    from onbam.orders.why_pc import agents_at_work

    stop = onbam.standstill()
    if stop is not None:
        return say.SWEPT_STOPPED(why=stop)
    if onbam.registry is None:  # a sheet keeps no list of agents
        return say.SWEPT_SHEET()
    count = agents_at_work(onbam.registry.peers(), onbam.claims.now_ms(), onbam.pauses.standing())
    return say.SWEPT_NEXT(count=count) if count else say.SWEPT_NOBODY()
