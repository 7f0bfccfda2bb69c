"""The life of a PC of `order_shop`: the demo's agent, in a process of its own.

For: `support.nursery`, which forks it.
Promises: the real agent; the text is its arguments.
Refuses: anything else.
"""

from __future__ import annotations

import importlib
import json
from typing import Final

from onbam.bootstrap import Onbam
from onbam.cli.demo_agent import main

APART: Final = "--apart"
"""Ledger and leases are written one after the other, as where these lie in a sheet."""
SOON = (
    "onbam.bootstrap",
    "onbam.claims.stores.sql",
    "onbam.connectors.ecount.client",
    "onbam.connectors.ecount.stores_sql",
    "onbam.connectors.portal.client",
    "onbam.database.migrate",
    "onbam.effects.stores.sql",
    "onbam.guard.settings",
    "onbam.logs.setup",
    "onbam.notices.stores.sql",
    "onbam.orders.agent",
    "onbam.orders.codefile",
    "onbam.orders.stores.evidence_sql",
    "onbam.orders.stores.robot_sql",
)
"""Imported before the fork, so that a child starts at once."""
for name in SOON:
    importlib.import_module(name)


def live(text: str) -> None:
    """Until its end."""
    arguments = json.loads(text)
    if APART in arguments:
        arguments.remove(APART)
        Onbam.joint = None  # type: ignore[assignment]  # in this process, which ends with its life
    code = main(arguments)
    assert code == 0, f"the agent ended with {code}"
