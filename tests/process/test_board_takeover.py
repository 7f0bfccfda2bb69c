"""Two PCs with one sheet: the one that kept it is killed, and the other goes on."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from onbam.claims import board
from onbam.claims.asks import Grant
from onbam.claims.board_rows import HEADER, KEPT, SHADOW
from onbam.claims.model import Agent, Ref, Terms
from onbam.claims.stores.sql import SqlStore
from onbam.database.engine import open_database
from onbam.database.migrate import upgrade
from onbam.kernel.clock import SystemClock
from onbam_sims.sheets import UNLIMITED
from onbam_sims.sheets.simulator import SheetsSimulator
from support.board_keeper import KEPT as IT_KEPT
from support.board_keeper import LOCK, WATCHED, Keeper
from support.nursery import Child, Nursery
from support.waiting import until

pytestmark = [pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="POSIX signals"), pytest.mark.timeout(300)]
AGENT = Agent("PC-C", "PC-C/agent/1", "PC-C", "192.168.1.102")
IN_TIME_S = 90.0


def test_a_killed_keeper_of_the_sheet_is_followed_by_the_other_pc(tmp_path: Path) -> None:
    """Its word runs out, the other one writes what was claimed since; the first one comes back and doubles nothing."""
    url = f"sqlite:///{(tmp_path / 'onbam.db').as_posix()}"
    database = open_database(url, clock=SystemClock())
    upgrade(database)
    store = SqlStore(database, Terms(lease_ms=1_800_000))
    with SheetsSimulator(seed=1, limits=UNLIMITED) as google, Nursery("support.board_keeper") as nursery:
        book = google.service.create("shop")
        account = google.service_account()
        google.service.share(book, account["client_email"])
        credentials = tmp_path / "account.json"
        credentials.write_text(json.dumps(account), "utf-8")

        def started(name: str, log: str) -> Child:
            told = Keeper(name, google.url, book, str(credentials), url, board.KEEP_MS)
            return nursery.child(tmp_path / log, told.text())

        def keys() -> list[str]:
            return [str(row[0]) for row in google.service.rows(book, LOCK)[1:]]

        def keep_until(moment_ms: int) -> None:
            place = f"{chr(ord('A') + KEPT + 1)}1"
            google.service.person(book).edit(SHADOW, place, str(moment_ms))

        def kept_by() -> str:
            return str(google.service.rows(book, SHADOW)[0][KEPT])

        def claim(key: str) -> None:
            assert isinstance(store.claim_many(AGENT, [Ref("order", key)])[0], Grant)

        claim("0601050229")
        first = started("PC-A", "a.log")
        until(lambda: said(first, IT_KEPT), what="the first PC keeps the board")
        second = started("PC-B", "b.log")
        until(lambda: said(second, WATCHED), what="the second PC watches")
        assert keys() == ["0601050229"]

        first.kill()
        claim("0601050230")
        keep_until(0)  # its word of two minutes has run out
        until(lambda: keys() == ["0601050229", "0601050230"], what="the second PC goes on with the sheet", deadline_s=IN_TIME_S)
        assert kept_by() == "PC-B"

        again = started("PC-A", "again.log")
        until(lambda: said(again, WATCHED) or said(again, IT_KEPT), what="the first PC is back")
        claim("0601050231")
        until(lambda: len(keys()) >= 3, what="the board is current", deadline_s=IN_TIME_S)
        assert google.service.rows(book, LOCK)[0] == list(HEADER)
        assert keys() == ["0601050229", "0601050230", "0601050231"]
        second.kill()
        again.kill()
    database.close()


def said(child: Child, line: str) -> bool:
    """Whether a keeper's log has this line."""
    return child.log.exists() and line in child.log.read_text("utf-8").splitlines()
