"""One sample in a process of its own: `python -m onbam.bench.orders.child CONTENDER COUNT FOLDER ADDRESS [WAIT_MS]`.

For: `plan.py`, which starts it.
Promises: writes orders a second, and waits for a slowed disk an order, into `figure` in the folder; whatever goes wrong is an
exit code and a last line.
Refuses: to be fast by leaving something out: see the contenders.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from onbam.bench.orders import celery_peer, hand, office_disk, ours, peers
from onbam.bench.orders.papers import Paper, papers
from onbam.kernel.clock import Clock, SystemClock

FIGURE: Final = "figure"
CONTENDERS: Final[dict[str, Callable[[str, Path, Sequence[Paper], Clock], float]]] = {
    "ours": ours.per_second,
    "hand-sqlite": lambda _, folder, orders, clock: hand.on_sqlite(folder, orders, clock),
    "hand-postgresql": lambda url, _, orders, clock: hand.on_postgres(url, orders, clock),
    "huey": lambda _, folder, orders, clock: peers.on_huey(folder, orders, clock),
    "celery": lambda _, folder, orders, clock: celery_peer.on_celery(folder, orders, clock),
    "dbos": lambda url, _, orders, clock: peers.on_dbos(url, orders, clock),
    "pgqueuer": lambda url, _, orders, clock: peers.on_pgqueuer(url, orders, clock),
    "procrastinate": lambda url, _, orders, clock: peers.on_procrastinate(url, orders, clock),
}


def main(name: str, count: str, folder: str, address: str, wait_ms: str = "0") -> None:
    """Take the sample; `wait_ms` longer for each wait for SQLite's disk."""
    clock = SystemClock()
    if float(wait_ms):
        office_disk.use(float(wait_ms), clock)
    figure = CONTENDERS[name](address, Path(folder), papers(int(count)), clock)
    Path(folder, FIGURE).write_text(f"{figure!r} {office_disk.waits() / int(count)!r}", "ascii")


if __name__ == "__main__":
    main(*sys.argv[1:])
