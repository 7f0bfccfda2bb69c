"""One call of the command line, in a process of its own that starts at once.

For: `support.nursery`, which forks it; tests that type many commands.
Promises: the real command line, in the folder and with the environment of the text; both its channels go to the log, in the
order they were written.
Refuses: standard input.
"""

from __future__ import annotations

import importlib
import json
import os
import sys

from onbam.cli.main import run
from support.order_life import SOON

WARM = (*SOON, "onbam.cli.orders_desk", "onbam.cli.orders_documents", "onbam.cli.orders_erp", "rich.console", "rich.table")
for name in WARM:
    importlib.import_module(name)


def live(text: str) -> None:
    """Until its end."""
    told = json.loads(text)
    os.dup2(2, 1)
    os.chdir(told["folder"])
    os.environ.clear()
    os.environ.update(told["environ"])
    code = run(told["words"])
    sys.stdout.flush()
    assert code == 0, f"it ended with {code}"
