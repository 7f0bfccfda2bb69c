"""Whoever sweeps up after a demo that was killed: its database server and its folder.

For: `onbam demo`, which starts it first.
Promises: does nothing while its standard input is open; when that ends and the folder is still there, the demo did not end by
itself: our own PostgreSQL in it is stopped, then the folder goes. Costs a bare Python until then.
Refuses: a folder that is not a demo's.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

PREFIX: Final = "onbam-demo-"
"""Of every demo's folder."""
KEEP: Final = "--keep"
FIND: Final = "*/data/postgres/cluster"


def main(arguments: Sequence[str]) -> int:
    """Wait for the end of the demo."""
    folder = Path(arguments[0])
    if not folder.name.startswith(PREFIX):
        return 2
    while os.read(0, 1024):
        continue
    if folder.is_dir():
        _sweep(folder, keep=KEEP in arguments)
    return 0


def _sweep(folder: Path, *, keep: bool) -> None:
    from onbam.database.embedded.server import EmbeddedPostgres
    from onbam.kernel import home as homes
    from onbam.kernel.clock import SystemClock

    clock = SystemClock()
    for cluster in folder.glob(FIND):
        EmbeddedPostgres(cluster.parent, clock=clock, environ=homes.environment()).stop()
    tries = 20
    while not keep and folder.exists() and tries:  # the other processes end meanwhile, and may still write
        shutil.rmtree(folder, ignore_errors=True)
        clock.wait(0.25)
        tries -= 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
