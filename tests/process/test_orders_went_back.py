"""A database that is put back to yesterday: what was entered since stands in the ERP and nowhere else."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from onbam.claims.model import State
from onbam.orders.pauses import ALL
from onbam.orders.went_back import FILE, NOTICE, WHO
from support.nursery import Nursery
from support.order_shop import Shop, come_to, item, open_shop, told
from support.waiting import until

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="forks its processes"),
    pytest.mark.timeout(300),
]
ORDERS = 3


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    """Where agents come from."""
    with Nursery("support.order_life") as opened:
        yield opened


@pytest.fixture
def shop(tmp_path: Path, nursery: Nursery) -> Iterator[Shop]:
    """A shop whose orders were entered by PC-A after the backup, and whose database is the backup again."""
    with open_shop(tmp_path, nursery, orders=ORDERS) as opened:
        database, backup = opened.folder / "shop.db", opened.folder / "yesterday.db"
        with opened.open() as onbam:
            assert onbam.database.path == database
        with closing(sqlite3.connect(database)) as now, closing(sqlite3.connect(backup)) as copy:
            now.backup(copy)
        with opened.at_work("PC-A"), opened.open() as onbam:
            come_to(onbam, {State.COMPLETED}, count=ORDERS)
            until((opened.folder / "PC-A" / "v10_history.json").exists, what="PC-A has written its history")
        for end in ("-wal", "-shm"):
            database.with_name(database.name + end).unlink(missing_ok=True)
        shutil.copyfile(backup, database)
        yield opened


def test_after_a_restore_nothing_is_entered_a_second_time(shop: Shop) -> None:
    """The PC that saw the orders being entered stops every PC, says so, and brings back what its own file knows."""
    with shop.at_work("PC-A"), shop.open() as onbam:
        told(onbam, NOTICE)
        assert [(stop.scope, stop.who) for stop in onbam.pauses.standing()] == [(ALL, WHO)]
        come_to(onbam, {State.COMPLETED}, count=0)
        assert {item(onbam, slip.key).receipt for slip in shop.erp.slips} == {slip.number for slip in shop.erp.slips}
    assert len(shop.slips()) == ORDERS


def test_without_a_history_file_everything_waits_for_a_person(shop: Shop) -> None:
    """The ledger is looked at, its orders stand as if nobody knew them, and none is sent again."""
    (shop.folder / "PC-A" / "v10_history.json").unlink()
    with shop.at_work("PC-A"), shop.open() as onbam:
        come_to(onbam, {State.WAITING}, count=ORDERS)
        told(onbam, NOTICE)
    assert len(shop.slips()) == ORDERS


def test_a_pc_that_only_looked_on_stops_the_others_too(shop: Shop) -> None:
    """The note is of every PC's permissions to send: one that sent nothing itself has it."""
    note = shop.folder / "PC-A" / "data" / FILE
    (shop.home("PC-B") / "data").mkdir()
    note.replace(shop.folder / "PC-B" / "data" / FILE)
    with shop.at_work("PC-B"), shop.open() as onbam:
        told(onbam, NOTICE)
    assert len(shop.slips()) == ORDERS
