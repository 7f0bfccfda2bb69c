"""What the benchmark `claims` measures, and on which databases.

For: the list of benchmarks.
Promises: SQLite always, also what is left of its speed with a million completed orders in the table; PostgreSQL as Onbam
brings it, on a server started for this benchmark and ended with it, or a line that says why it was not measured.
Refuses: somebody's server: its settings would be measured, and its data is not ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from typing import Final

from onbam.bench import words as say
from onbam.bench.claims.raw import BATCH_NAME, SINGLE_NAME, RawPostgres, RawSqlite
from onbam.bench.claims.shop import BATCH, Shop
from onbam.bench.claims.turns import Calls, rate, share
from onbam.bench.model import Peer, Result, Subject
from onbam.bench.tools import Bench, Plan, Tools
from onbam.database.engine import open_database
from onbam.kernel.errors import Misconfigured
from onbam.kernel.words import Said

REPEATS: Final = 7
TURNS: Final = 15
"""How often a share is taken: it costs little, and its spread shall be shown to be narrow."""
LARGE: Final = 1_000_000
SQLITE: Final = "SQLite"
POSTGRES: Final = "PostgreSQL"
BATCH_TARGET: Final = {SQLITE: 20_000.0, POSTGRES: 10_000.0}
P99_TARGET_MS: Final = {SQLITE: 5.0, POSTGRES: 20.0}
RAW_TARGET: Final = 0.5
LARGE_TARGET: Final = 0.9
"""With a million completed orders the figures drop by less than a tenth."""


@contextmanager
def prepare(tools: Tools) -> Iterator[Plan]:
    """A small shop and a large one in files, one on a server, and the raw limits beside them."""
    with ExitStack() as open_ones:
        small, large = _file_shop(tools, "small"), _file_shop(tools, "large")
        open_ones.enter_context(small)
        open_ones.enter_context(large)
        raw = open_ones.enter_context(closing(RawSqlite(tools.folder / "raw.db")))
        large.fill(LARGE)
        subjects = [*_subjects(tools, SQLITE, small, raw, None), *_large(tools, small, large)]
        shops, notes = {SQLITE: small}, list[Said]()
        try:
            shop, limit = open_ones.enter_context(_server(tools))
        except Misconfigured as error:
            notes.append(say.NOT_MEASURED(what=POSTGRES, why=error.message))
        else:
            shops[POSTGRES] = shop
            subjects += _subjects(tools, POSTGRES, shop, limit, limit.batches)
        yield Plan(subjects, lambda: [_p99(name, shop) for name, shop in shops.items()], notes)


def _file_shop(tools: Tools, name: str) -> Shop:
    return Shop(open_database(f"sqlite:///{(tools.folder / f'{name}.db').as_posix()}", clock=tools.clock), tools.clock)


@contextmanager
def _server(tools: Tools) -> Iterator[tuple[Shop, RawPostgres]]:
    """A shop on a PostgreSQL of our own, in the benchmark's folder, and the raw limit on the same server."""
    from onbam.database.embedded.server import EmbeddedPostgres

    tools.folder.chmod(0o711)  # under root the server runs as somebody else, who must pass through
    server = EmbeddedPostgres(tools.folder / "postgres", clock=tools.clock, environ=tools.environ)
    url = server.ensure()
    try:
        import psycopg
        from sqlalchemy import make_url

        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            shop = Shop(open_database(url, clock=tools.clock), tools.clock)
            with shop:
                yield shop, RawPostgres(connection)
    finally:
        server.stop()


def _subjects(
    tools: Tools, database: str, shop: Shop, raw: RawSqlite | RawPostgres, raw_batches: Calls | None
) -> Sequence[Subject]:
    """What one claim a call and a hundred a call reach, and the share of what the database itself can do."""
    clock = tools.clock
    return [
        Subject(
            say.CLAIM_SINGLE(database=database),
            "per second",
            rate(clock, shop.singles, 1),
            better="more",
            peers=(Peer(SINGLE_NAME, rate(clock, raw.singles, 1)),),
            repeats=REPEATS,
        ),
        _share(tools, say.CLAIM_SHARE(database=database), shop.singles, raw.singles, RAW_TARGET),
        Subject(
            say.CLAIM_BATCH(n=BATCH, database=database),
            "per second",
            rate(clock, shop.batches, BATCH),
            target=BATCH_TARGET[database],
            better="more",
            peers=(Peer(BATCH_NAME, rate(clock, raw_batches, BATCH)),) if raw_batches else (),
            repeats=REPEATS,
        ),
    ]


def _large(tools: Tools, small: Shop, large: Shop) -> Sequence[Subject]:
    """What is left of both with a large table."""
    rows = f"{LARGE:,}"
    return [
        _share(tools, say.CLAIM_SINGLE_LARGE(rows=rows), large.singles, small.singles, LARGE_TARGET),
        _share(tools, say.CLAIM_BATCH_LARGE(n=BATCH, rows=rows), large.batches, small.batches, LARGE_TARGET),
    ]


def _share(tools: Tools, what: Said, ours: Calls, theirs: Calls, target: float) -> Subject:
    return Subject(what, "count", share(tools.clock, ours, theirs), target=target, better="more", repeats=TURNS)


def _p99(name: str, shop: Shop) -> Result:
    """The slowest of a hundred single claims."""
    ordered = sorted(shop.latencies_ms)
    p99 = ordered[int(len(ordered) * 0.99)]
    what = say.CLAIM_P99(n=f"{len(ordered):,}", database=name)
    return Result(what, "ms", p99, (ordered[0], ordered[-1]), P99_TARGET_MS[name])


BENCH: Final = Bench("claims", say.CLAIMS, prepare)
