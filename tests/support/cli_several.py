"""Several command lines in one process, with what each of them said to either side.

For: `support.nursery`, which forks it from a process that has imported what commands need: importing it again for each would
take most of a ring's time.
Promises: the real command line in an environment of its own; between two answers stands a line nobody writes.
Refuses: to remember anything of whoever forked it.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import sys
import warnings

from onbam.cli.main import run
from support.order_life import SOON

WARM = (
    *SOON,
    "onbam.care.doctor",
    "onbam.care.bundle",
    "onbam.cli.doctor",
    "onbam.cli.support",
    "onbam.vault.shelf",
    "rich.table",
)
for name in WARM:
    importlib.import_module(name)
MARK = "\x1e"


def live(text: str) -> None:
    """Obey one after the other."""
    told = json.loads(text)
    warnings.resetwarnings()
    os.environ.clear()
    os.environ.update(told["environ"])
    for side, stream in (("out", sys.stdout), ("err", sys.stderr)):
        os.dup2(os.open(told[side], os.O_WRONLY | os.O_CREAT, 0o600), stream.fileno())
        assert isinstance(stream, io.TextIOWrapper)
        stream.reconfigure(encoding="utf-8")
    for command in told["lines"]:
        sys.stdin = io.StringIO(told["typed"])
        code = run(command)
        for stream in (sys.stdout, sys.stderr):
            stream.write(f"{MARK}{code}{MARK}\n")
            stream.flush()
