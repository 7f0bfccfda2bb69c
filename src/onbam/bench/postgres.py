"""A PostgreSQL of a benchmark's own, as Onbam brings it.

For: benchmarks that measure on it.
Promises: in the benchmark's folder, stopped at the end; `Misconfigured` where it is not installed.
Refuses: somebody's server.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from onbam.bench.tools import Tools

if TYPE_CHECKING:
    from onbam.database.embedded.server import EmbeddedPostgres


@contextmanager
def server(tools: Tools) -> Iterator[EmbeddedPostgres]:
    """Running while the block runs."""
    from onbam.database.embedded.server import EmbeddedPostgres

    tools.folder.chmod(0o711)  # under root the server runs as somebody else, who must pass through
    ours = EmbeddedPostgres(tools.folder / "postgres", clock=tools.clock, environ=tools.environ)
    ours.ensure()
    try:
        yield ours
    finally:
        ours.stop()


def fresh(ours: EmbeddedPostgres, name: str) -> str:
    """An empty database on it; its full address."""
    import psycopg
    from sqlalchemy import make_url

    url = ours.ensure()
    with psycopg.connect(plain(url), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def plain(url: str) -> str:
    """The same address without our driver's name."""
    from sqlalchemy import make_url

    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
