"""The benchmark of the desk: a shop that is as large as it says, in states an order can have, and addresses that are there."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from onbam.bench.desk import flower, history
from onbam.bench.desk.pages import Paths
from onbam.bench.tools import Tools
from onbam.bootstrap import Onbam
from onbam.claims.model import State
from onbam.journal.tables import journal
from onbam.kernel.chance import Chance
from onbam.kernel.clock import FakeClock
from onbam.kernel.words import Said
from onbam.orders.desk_rows import Query


def test_the_shop_is_as_large_as_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every order, every line in a row without a gap, everything open; and what is asked for stands there."""
    monkeypatch.setattr(history, "DAYS", 3)
    size = history.Size(orders=600, open=200, machines=7)
    with closing(Onbam(tmp_path, {"ONBAM_LANG": "en"})) as onbam:
        history.fill(onbam, size)
        counts = onbam.claims.counts()
        done = sum(counts.get(("order", state), 0) for state in (State.COMPLETED, State.CANCELLED))
        assert (done, sum(counts.values()) - done) == (600, 200)
        assert all(counts[("order", state)] for state in (State.PROCESSING, State.UNCERTAIN, State.PARKED))
        with onbam.database.read() as connection:
            lines, newest = connection.execute(sa.select(sa.func.count(), sa.func.max(journal.c.position))).one()
        assert lines == newest == 600 * len(history.LINES)
        assert len(onbam.registry.peers()) == 7  # type: ignore[union-attr]
        assert len(onbam.desk.needs_you(10)) > 0
        assert len(onbam.desk.find(Query(states=(State.WAITING,)), limit=50).items) == 50


def test_every_address_of_the_benchmark_is_another_one_where_it_can_be() -> None:
    """Orders, days and moments are drawn anew; the same seed asks for the same."""
    from datetime import UTC, datetime

    def asked() -> dict[str, list[str]]:
        table = Paths(history.WHOLE, datetime(2026, 1, 13, tzinfo=UTC), Chance(7)).table()
        return {name: [path() for _ in range(3)] for name, path in table.items()}

    assert asked() == asked()
    assert all(path.startswith("/") for paths in asked().values() for path in paths)
    assert len(set(asked()["/orders/n"])) == 3


def test_a_peer_that_cannot_run_here_is_named_and_not_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a Redis there is no Flower: the report says so, and nothing is started."""
    monkeypatch.setattr(flower, "program", lambda: None)
    notes: list[Said] = []
    with flower.flower(Tools(FakeClock(), {}, tmp_path), 10, notes) as peer:
        assert peer is None
    assert [flower.NAME in note.to("en") for note in notes] == [True]
    assert not list(tmp_path.iterdir())
