"""The benchmark of orders measures whole orders: each contender brings every one of them through."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from onbam.bench.orders import hand, office_disk, ours, peers
from onbam.bench.orders.child import CONTENDERS
from onbam.bench.orders.papers import book, papers, understood
from onbam.bench.orders.plan import ON_POSTGRES, ON_SQLITE
from onbam.bench.postgres import plain
from onbam.kernel.clock import SystemClock
from support.servers import Postgres

FEW = 3


def test_every_order_has_a_document_of_its_own_that_can_be_entered() -> None:
    """Another number on each, and a code for every line."""
    some = papers(120)
    assert len({paper.number for paper in some}) == len({paper.raw for paper in some}) == 120
    codes = book()
    assert all(paper.number.encode() in understood(paper, codes)[1] for paper in some)


def test_ours_and_the_limit_bring_every_order_through(tmp_path: Path) -> None:
    """The agent itself, with all its services; and five commits by hand."""
    assert ours.per_second(f"sqlite:///{(tmp_path / 'o.db').as_posix()}", tmp_path, papers(FEW), SystemClock()) > 0
    assert hand.on_sqlite(tmp_path, papers(FEW), SystemClock()) > 0


def test_a_peer_keeps_every_step(tmp_path: Path) -> None:
    """Four records an order beside the queue's own."""
    import sqlite3

    assert peers.on_huey(tmp_path, papers(FEW), SystemClock()) > 0
    with sqlite3.connect(tmp_path / "huey.db") as connection:
        assert connection.execute("SELECT count(*) FROM bench_steps").fetchone() == (4 * FEW,)
    connection.close()


def test_everyone_on_the_list_can_be_measured() -> None:
    """Each name of the plan is one the child process knows."""
    assert {name for name, _, _ in (*ON_SQLITE, *ON_POSTGRES)} | {"ours"} == set(CONTENDERS)


def test_a_disk_as_on_an_office_pc_is_waited_for_longer(tmp_path: Path) -> None:
    """Every commit of the process waits, whoever opened the file; what is written is there."""
    program = """
import sqlite3, sys
from onbam.bench.orders import office_disk
from onbam.kernel.clock import SystemClock

waits = []

class Counting(SystemClock):
    def wait(self, seconds, event=None):
        waits.append(seconds)
        return False

office_disk.use(1.5, Counting())
with sqlite3.connect(sys.argv[1]) as made:
    made.execute("PRAGMA journal_mode=WAL")
    made.execute("PRAGMA synchronous=FULL")
    made.execute("CREATE TABLE t (n int)")
before = len(waits)
for n in range(5):
    with made:
        made.execute("INSERT INTO t VALUES (?)", (n,))
assert office_disk.waits() == len(waits)
print(len(waits) - before, set(waits), made.execute("SELECT count(*) FROM t").fetchone()[0])
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "slow.db")], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["5", "{0.0015}", "5"]


@pytest.mark.needs("postgres")
def test_a_server_waits_as_long(postgres_server: Postgres) -> None:
    """Whoever comes to the database after that finds it slow."""
    import psycopg

    with postgres_server.database() as url:
        address = plain(url)
        office_disk.on_postgres(address, 1.5)
        with psycopg.connect(address) as connection:
            shown = [connection.execute(f"SHOW {name}").fetchone() for name in ("commit_delay", "commit_siblings")]
    assert shown == [("1500",), ("0",)]
