"""What the benchmark `claims` measures, and on which databases.

For: the list of benchmarks.
Promises: SQLite always, the last figures with a million completed orders in the table; PostgreSQL as Onbam brings it, on a
server started for this benchmark and ended with it, or a line that says why it was not measured.
Refuses: somebody's server: its settings would be measured, and its data is not ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from typing import Final

from onbam.bench import words as say
from onbam.bench.claims.raw import BATCH_NAME, SINGLE_NAME, RawPostgres, RawSqlite
from onbam.bench.claims.shop import BATCH, Shop
from onbam.bench.model import Peer, Result, Subject
from onbam.bench.tools import Bench, Plan, Tools
from onbam.database.engine import open_database
from onbam.kernel.errors import Misconfigured
from onbam.kernel.words import Said

REPEATS: Final = 7
LARGE: Final = 1_000_000
SMALL_NAME: Final = "an empty table"
SQLITE: Final = "SQLite"
POSTGRES: Final = "PostgreSQL"
BATCH_TARGET: Final = {SQLITE: 20_000.0, POSTGRES: 10_000.0}
P99_TARGET_MS: Final = {SQLITE: 5.0, POSTGRES: 20.0}


@contextmanager
def prepare(tools: Tools) -> Iterator[Plan]:
    """A small shop and a large one in files, one on a server, and the raw limits beside them."""
    with ExitStack() as open_ones:
        small, large = _file_shop(tools, "small"), _file_shop(tools, "large")
        open_ones.enter_context(small)
        open_ones.enter_context(large)
        raw = open_ones.enter_context(closing(RawSqlite(tools.folder / "raw.db", tools.clock)))
        large.fill(LARGE)
        subjects = [*_sqlite(small, raw), *_sqlite_large(small, large)]
        shops, notes = {SQLITE: small}, list[Said]()
        try:
            shop, limit = open_ones.enter_context(_server(tools))
        except Misconfigured as error:
            notes.append(say.NOT_MEASURED(what=POSTGRES, why=error.message))
        else:
            shops[POSTGRES] = shop
            subjects += _postgres(shop, limit)
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
                yield shop, RawPostgres(connection, tools.clock)
    finally:
        server.stop()


def _sqlite(small: Shop, raw: RawSqlite) -> Sequence[Subject]:
    return [
        Subject(
            say.CLAIM_SINGLE(database=SQLITE),
            "per second",
            small.singles,
            better="more",
            peers=(Peer(SINGLE_NAME, raw.singles),),
            repeats=REPEATS,
        ),
        Subject(
            say.CLAIM_BATCH(n=BATCH, database=SQLITE),
            "per second",
            small.batches,
            target=BATCH_TARGET[SQLITE],
            better="more",
            repeats=REPEATS,
        ),
    ]


def _sqlite_large(small: Shop, large: Shop) -> Sequence[Subject]:
    return [
        Subject(
            say.CLAIM_SINGLE_LARGE(n=f"{LARGE:,}"),
            "per second",
            large.singles,
            better="more",
            peers=(Peer(SMALL_NAME, small.singles),),
            repeats=REPEATS,
        ),
        Subject(
            say.CLAIM_BATCH_LARGE(n=BATCH, rows=f"{LARGE:,}"),
            "per second",
            large.batches,
            better="more",
            peers=(Peer(SMALL_NAME, small.batches),),
            repeats=REPEATS,
        ),
    ]


def _postgres(shop: Shop, raw: RawPostgres) -> Sequence[Subject]:
    return [
        Subject(
            say.CLAIM_SINGLE(database=POSTGRES),
            "per second",
            shop.singles,
            better="more",
            peers=(Peer(SINGLE_NAME, raw.singles),),
            repeats=REPEATS,
        ),
        Subject(
            say.CLAIM_BATCH(n=BATCH, database=POSTGRES),
            "per second",
            shop.batches,
            target=BATCH_TARGET[POSTGRES],
            better="more",
            peers=(Peer(BATCH_NAME, raw.batches),),
            repeats=REPEATS,
        ),
    ]


def _p99(name: str, shop: Shop) -> Result:
    """The slowest of a hundred single claims."""
    ordered = sorted(shop.latencies_ms)
    p99 = ordered[int(len(ordered) * 0.99)]
    what = say.CLAIM_P99(n=f"{len(ordered):,}", database=name)
    return Result(what, "ms", p99, (ordered[0], ordered[-1]), P99_TARGET_MS[name])


BENCH: Final = Bench("claims", say.CLAIMS, prepare)
