"""`onbam sweep`: look at the ledger now.

For: a person who has just placed an order and does not want to wait for the next half hour.
Promises: reads the ledger from this PC and makes known what is there; the PCs at work take it up.
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
            app.say(say.SWEPT_NEXT)

    app.emit(asdict(found), show)
