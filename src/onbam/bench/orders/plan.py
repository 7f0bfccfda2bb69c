"""What the benchmark `orders` measures, and beside whom.

For: the list of benchmarks.
Promises: SQLite always; PostgreSQL as Onbam brings it, on a server of this benchmark's own; each on this machine's disk and on
one as an office PC has it; each contender gets a fresh database and a fresh process for each sample, in turns; a contender that
is missing is said.
Refuses: somebody's server.
"""

from __future__ import annotations

import importlib.util
import itertools
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from statistics import median
from typing import TYPE_CHECKING, Final

from onbam.bench import words as say
from onbam.bench.model import Peer, PeerResult, Result, Subject
from onbam.bench.orders import agent, celery_peer, office_disk
from onbam.bench.orders.child import FIGURE
from onbam.bench.orders.office_disk import WAIT_MS
from onbam.bench.postgres import fresh, plain, server
from onbam.bench.tools import QUICK, Bench, Plan, Tools
from onbam.kernel.errors import Misconfigured, Refused
from onbam.kernel.words import Said, Text
from onbam.kernel.words import plain as worded

if TYPE_CHECKING:
    from onbam.database.embedded.server import EmbeddedPostgres

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
OURS: Final = "ours"
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
DURABLE: Final = ("DBOS",)
"""On PostgreSQL, those that keep durable steps by themselves; the others keep a queue, and are shown for comparison."""
Address = Callable[[str], str]
"""A fresh database for one sample, by its name."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A database on a disk."""

    database: str
    contenders: tuple[tuple[str, str, str], ...]
    wait_ms: float = 0.0
    """How much longer each wait for the disk takes than it does here."""

    @property
    def said(self) -> Said:
        """As people read it."""
        if not self.wait_ms:
            return worded(self.database)()
        return say.OFFICE_DISK(database=self.database, ms=f"{self.wait_ms:g}")


class Samples:
    """Takes samples, each in its own process, and keeps the turns of everybody for the ratios."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self.quick = QUICK in tools.environ
        self.repeats = QUICK_REPEATS if self.quick else REPEATS
        self._count = itertools.count(1)
        self._kept: dict[tuple[Stage, str], list[float]] = {}
        self._waits: dict[tuple[Stage, str], list[float]] = {}

    def take(self, contender: str, shown: str, stage: Stage, address: Address) -> float:
        """Orders a second of one sample."""
        name = f"{contender}-{next(self._count)}".replace("-", "_")
        folder = self._tools.folder / name
        folder.mkdir()
        orders = str(QUICK_ORDERS if self.quick else ORDERS)
        sample = [contender, orders, str(folder), address(name), str(stage.wait_ms if stage.database == SQLITE else 0.0)]
        self._tools.output([sys.executable, "-m", "onbam.bench.orders.child", *sample])
        figure, waits = map(float, (folder / FIGURE).read_text("ascii").split())
        shutil.rmtree(folder, ignore_errors=True)
        self._kept.setdefault((stage, shown), []).append(figure)
        self._waits.setdefault((stage, shown), []).append(waits)
        return figure

    def ratios(self, stage: Stage) -> Iterator[Result]:
        """Ours as a share of the limit, and how far ahead of the quickest peer it is, turn by turn."""
        yield from self._ratio(stage, [HAND], say.ORDERS_SHARE, SHARE_TARGET)
        durable = stage.database == POSTGRES
        peers = [shown for _, shown, _ in stage.contenders if shown in DURABLE or not (durable or shown == HAND)]
        yield from self._ratio(stage, peers, say.ORDERS_AHEAD_DURABLE if durable else say.ORDERS_AHEAD, 1.0)

    def waits(self, stage: Stage) -> Iterator[Result]:
        """How often an order waits for the disk, where a slower file layer counts it."""
        counted = {shown: median(turns) for (at, shown), turns in self._waits.items() if at == stage and any(turns)}
        ours = counted.pop(OURS, None)
        if ours is not None:
            peers = tuple(PeerResult(shown, value, ours / value) for shown, value in counted.items() if value)
            yield Result(say.ORDERS_WAITS(database=stage.database), "count", ours, (ours, ours), peers=peers)

    def _ratio(self, stage: Stage, others: Sequence[str], what: Text, target: float) -> Iterator[Result]:
        """Ours over the best of these, without the warm-up."""
        turns = [self._kept[stage, one][1:] for one in (OURS, *others) if (stage, one) in self._kept]
        ratios = sorted(ours / max(theirs) for ours, *theirs in zip(*turns, strict=False) if theirs)
        if ratios:
            yield Result(what(database=stage.said), "count", median(ratios), (ratios[0], ratios[-1]), target, "more")


@contextmanager
def prepare(tools: Tools) -> Iterator[Plan]:
    """Both databases, and whoever is installed."""
    samples = Samples(tools)
    notes: list[Said] = []
    with ExitStack() as open_ones:
        file: Address = lambda name: f"sqlite:///{(tools.folder / name / 'orders.db').as_posix()}"  # noqa: E731 -- as below
        files = Stage(SQLITE, _there(ON_SQLITE, notes))
        # Celery's steps lie in Redis, whose disk is not slowed down.
        slow_files = replace(files, contenders=tuple(c for c in files.contenders if c[0] != CELERY), wait_ms=WAIT_MS)
        stages = [files, slow_files]
        subjects = [_subject(samples, stage, file, file) for stage in stages]
        try:
            running = open_ones.enter_context(server(tools))
        except Misconfigured as error:
            notes.append(say.NOT_MEASURED(what=POSTGRES, why=error.message))
        else:
            rooms = Stage(POSTGRES, _there(ON_POSTGRES, notes))
            for stage in (rooms, replace(rooms, wait_ms=WAIT_MS)):
                address = partial(_room, running, stage)
                subjects.append(_subject(samples, stage, address, partial(_plain_room, running, stage)))
                stages.append(stage)
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
            lambda: [
                *(ratio for stage in stages for ratio in samples.ratios(stage)),
                *(waits for stage in stages for waits in samples.waits(stage)),
                *_idle(tools),
            ],
            notes,
        )


def _room(running: EmbeddedPostgres, stage: Stage, name: str) -> str:
    """A fresh database on the server, as slow as the stage."""
    url = fresh(running, name)
    if stage.wait_ms:
        office_disk.on_postgres(plain(url), stage.wait_ms)
    return url


def _plain_room(running: EmbeddedPostgres, stage: Stage, name: str) -> str:
    """The same without our driver's name."""
    return plain(_room(running, stage, name))


def _there(contenders: Sequence[tuple[str, str, str]], notes: list[Said]) -> tuple[tuple[str, str, str], ...]:
    """Those that are installed; of the others it is said."""
    there = []
    for contender, shown, module in contenders:
        if module and importlib.util.find_spec(module) is None:
            notes.append(say.NOT_MEASURED(what=shown, why=say.NOT_INSTALLED()))
        elif contender == CELERY and celery_peer.program() is None:
            notes.append(say.NOT_MEASURED(what=shown, why=say.NO_REDIS()))
        else:
            there.append((contender, shown, module))
    return tuple(there)


def _subject(samples: Samples, stage: Stage, ours: Address, theirs: Address) -> Subject:
    peers = [Peer(shown, partial(samples.take, contender, shown, stage, theirs)) for contender, shown, _ in stage.contenders]
    return Subject(
        say.ORDERS_PER_SECOND(database=stage.said),
        "per second",
        partial(samples.take, OURS, OURS, stage, ours),
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
