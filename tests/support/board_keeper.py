"""A PC that keeps the sheet current, as a process of its own.

For: tests that kill the keeper (`support.nursery` forks it).
Promises: the product's own service in the product's own loop, over real HTTP; each round that only watched is a line in its
log.
Refuses: to end by itself.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from onbam.claims.board import Board
from onbam.claims.board_service import BoardService
from onbam.claims.stores.sql import SqlStore
from onbam.connectors.sheets.budget import Budget
from onbam.connectors.sheets.client import SheetsClient
from onbam.connectors.sheets.credentials import read_credentials
from onbam.connectors.sheets.transport import HttpTransport
from onbam.database.engine import open_database
from onbam.kernel.chance import Chance
from onbam.kernel.clock import SystemClock

LOCK: Final = "processing_lock"
EVERY_S: Final = 0.1
WATCHED: Final = "watched"
KEPT: Final = "kept"


@dataclass(frozen=True, slots=True)
class Keeper:
    """What it is told."""

    name: str
    google: str
    book: str
    credentials: str
    database: str
    keep_ms: int

    def text(self) -> str:
        """One line."""
        return json.dumps(asdict(self))


def live(text: str) -> None:
    """Keep the board, or watch who does."""
    told = Keeper(**json.loads(text))
    clock = SystemClock()
    budget = Budget(clock, Chance(1), reads=1_000_000, writes=1_000_000)
    transport = HttpTransport(
        read_credentials(Path(told.credentials)), api_url=told.google, drive_url=told.google, timeout_s=10.0
    )
    client = SheetsClient(transport, told.book, clock, budget)
    board = Board(client, LOCK, "order", ZoneInfo("Asia/Seoul"), ours=told.name, keep_ms=told.keep_ms)
    store = SqlStore(open_database(told.database, clock=clock))
    service = BoardService(lambda: board, store, clock, Chance(2), ZoneInfo("Asia/Seoul"), every_s=EVERY_S, spare=budget.spare)
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    while not over.is_set():
        pause_s = service.step(clock.now())
        state = service.state
        said = str(state.problem) if state.problem else WATCHED if state.seen and state.seen.watching else KEPT
        sys.stderr.write(f"{said}\n")
        sys.stderr.flush()
        over.wait(pause_s)
