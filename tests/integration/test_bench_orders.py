"""The benchmark of orders measures whole orders: each contender brings every one of them through."""

from __future__ import annotations

from pathlib import Path

from onbam.bench.orders import hand, ours, peers
from onbam.bench.orders.child import CONTENDERS
from onbam.bench.orders.papers import book, papers, understood
from onbam.bench.orders.plan import ON_POSTGRES, ON_SQLITE
from onbam.kernel.clock import SystemClock

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
