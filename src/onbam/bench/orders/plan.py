"""What the benchmark `orders` measures, and beside whom.

For: the list of benchmarks.
Promises: SQLite always; PostgreSQL as Onbam brings it, on a server of this benchmark's own; each contender gets a fresh
database and a fresh process for each sample, in turns; a contender that is missing is said.
Refuses: somebody's server.
"""

from __future__ import annotations

import importlib.util
import itertools
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Final

from onbam.bench import words as say
from onbam.bench.model import Peer, Result, Subject
from onbam.bench.orders import agent, celery_peer
from onbam.bench.orders.child import FIGURE
from onbam.bench.postgres import fresh, plain, server
from onbam.bench.tools import QUICK, Bench, Plan, Tools
from onbam.kernel.errors import Misconfigured, Refused
from onbam.kernel.words import Said
from onbam.kernel.words import plain as worded

ORDERS: Final = 150
"""Of one sample."""
REPEATS: Final = 5
QUICK_ORDERS: Final = 40
QUICK_REPEATS: Final = 2
SQLITE: Final = "SQLite"
POSTGRES: Final = "PostgreSQL"
SHARE_TARGET: Final = 0.4
"""Of what five commits written by hand reach."""
IDLE_MB_TARGET: Final = 90.0
IDLE_CPU_TARGET: Final = 0.5
FIRST_TARGET_MS: Final = 3000.0
HAND: Final = "five commits, by hand"
CELERY: Final = "celery"
ON_SQLITE: Final = (
    ("hand-sqlite", HAND, ""),
    ("huey", "Huey", "huey"),
    ("dbos", "DBOS", "dbos"),
    (CELERY, "Celery + Redis", "celery"),
)
ON_POSTGRES: Final = (
    ("hand-postgresql", HAND, ""),
    ("pgqueuer", "PgQueuer", "pgqueuer"),
    ("procrastinate", "Procrastinate", "procrastinate"),
    ("dbos", "DBOS", "dbos"),
)
"""Contender, how people call it, the module it needs."""
Address = Callable[[str], str]
"""A fresh database for one sample, by its name."""


class Samples:
    """Takes samples, each in its own process, and keeps the turns of ours and the limit for the share."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self.quick = QUICK in tools.environ
        self.repeats = QUICK_REPEATS if self.quick else REPEATS
        self._count = itertools.count(1)
        self.kept: dict[str, list[float]] = {}

    def take(self, contender: str, database: str, address: Address) -> float:
        """Orders a second of one sample."""
        name = f"{contender}-{next(self._count)}".replace("-", "_")
        folder = self._tools.folder / name
        folder.mkdir()
        orders = QUICK_ORDERS if self.quick else ORDERS
        command = [sys.executable, "-m", "onbam.bench.orders.child", contender, str(orders), str(folder), address(name)]
        self._tools.output(command)
        figure = float((folder / FIGURE).read_text("ascii"))
        shutil.rmtree(folder, ignore_errors=True)
        self.kept.setdefault(f"{database} {'hand' if contender.startswith('hand') else contender}", []).append(figure)
        return figure

    def shares(self, database: str) -> Iterator[Result]:
        """Ours as a share of the limit, turn by turn."""
        ours, hand = (self.kept.get(f"{database} {who}", [])[1:] for who in ("ours", "hand"))
        turns = sorted(a / b for a, b in zip(ours, hand, strict=False))
        if turns:
            middle = turns[len(turns) // 2]
            yield Result(say.ORDERS_SHARE(database=database), "count", middle, (turns[0], turns[-1]), SHARE_TARGET, "more")


@contextmanager
def prepare(tools: Tools) -> Iterator[Plan]:
    """Both databases, and whoever is installed."""
    samples = Samples(tools)
    notes: list[Said] = []
    with ExitStack() as open_ones:
        file: Address = lambda name: f"sqlite:///{(tools.folder / name / 'orders.db').as_posix()}"  # noqa: E731 -- as below
        subjects = [_subject(samples, SQLITE, ON_SQLITE, file, file, notes)]
        try:
            running = open_ones.enter_context(server(tools))
        except Misconfigured as error:
            notes.append(say.NOT_MEASURED(what=POSTGRES, why=error.message))
        else:
            address = partial(fresh, running)
            subjects.append(_subject(samples, POSTGRES, ON_POSTGRES, address, lambda name: plain(address(name)), notes))
        seeds = itertools.count(1)
        yield Plan(
            [
                *subjects,
                Subject(
                    say.FIRST_ORDER(),
                    "ms",
                    lambda: agent.first_order_ms(tools, next(seeds)),
                    target=FIRST_TARGET_MS,
                    repeats=samples.repeats,
                ),
            ],
            lambda: [*samples.shares(SQLITE), *samples.shares(POSTGRES), *_idle(tools)],
            notes,
        )


def _subject(
    samples: Samples,
    database: str,
    contenders: Sequence[tuple[str, str, str]],
    ours: Address,
    theirs: Address,
    notes: list[Said],
) -> Subject:
    peers = []
    for contender, shown, module in contenders:
        if module and importlib.util.find_spec(module) is None:
            notes.append(say.NOT_MEASURED(what=f"{shown}, {database}", why=say.NOT_INSTALLED()))
        elif contender == CELERY and celery_peer.program() is None:
            notes.append(say.NOT_MEASURED(what=shown, why=say.NO_REDIS()))
        else:
            peers.append(Peer(shown, partial(samples.take, contender, database, theirs)))
    return Subject(
        say.ORDERS_PER_SECOND(database=database),
        "per second",
        partial(samples.take, "ours", database, ours),
        better="more",
        peers=tuple(peers),
        repeats=samples.repeats,
    )


def _idle(tools: Tools) -> Iterator[Result]:
    """What an agent costs that has nothing to do."""
    try:
        megabytes, per_cent = agent.idle(tools)
    except Refused as error:
        yield Result(worded(str(error))(), "MB", float("nan"), (0, 0))
        return
    yield Result(say.IDLE_MEMORY(), "MB", megabytes, (megabytes, megabytes), IDLE_MB_TARGET)
    yield Result(say.IDLE_CPU(seconds=f"{agent.WATCHED_S:g}"), "count", per_cent, (per_cent, per_cent), IDLE_CPU_TARGET)


BENCH: Final = Bench("orders", say.ORDERS, prepare)
