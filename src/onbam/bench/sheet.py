"""The benchmark `sheet`: how many orders a shop gets through when a Google Sheet is all its PCs share.

For: the promise of a thousand orders a minute for three PCs on one account's quota.
Promises: three PCs as threads, each with its own store and a third of the quota, on the simulated Google with its real quotas
and half a second for every call; each order is claimed, marked as sending and finished; the peer is the older robot's way (read
the whole sheet, append a row, update cells one by one) in the same surroundings.
Refuses: figures of the real Google, which nobody measured here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from onbam.bench import words as say
from onbam.bench.model import Peer, Subject
from onbam.bench.tools import Bench, Plan, Tools
from onbam.claims.asks import Ending, Grant, Progress
from onbam.claims.model import Agent, Item, Phase, Ref, State
from onbam.claims.stores.sheet.store import SheetStore
from onbam.connectors.sheets.budget import Budget
from onbam.connectors.sheets.client import Answer, Broken, SheetsClient
from onbam.connectors.sheets.contract import AddTab, Tab
from onbam.kernel.chance import Chance
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Transient
from onbam_sims.sheets import Dropped, SheetsService

PCS: Final = 3
QUOTA: Final = 60
LATENCY_S: Final = 0.5
WINDOW_S: Final = 60.0
BATCH: Final = 100
TARGET: Final = 1_000.0
ACCOUNT: Final = "shop@example.com"
_OK, _TOO_MANY = 200, 429


class _InProcess:
    """The simulated Google without a socket."""

    account = ACCOUNT

    def __init__(self, service: SheetsService) -> None:
        self._service = service

    def send(self, method: str, path: str, query: Any, body: Any) -> Answer:
        """One request."""
        try:
            status, answer = self._service.handle(method, path, query, body, user=ACCOUNT)
        except Dropped as broken:
            raise Broken(str(broken)) from None
        return Answer(status, answer, float(int(self._service.now())))


class _Office:
    """One spreadsheet and some PCs for one minute."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.service = SheetsService(now=lambda: clock.now().timestamp(), pause=self._pause, latency_s=LATENCY_S)
        self.book = self.service.create("shop", sheets=("processing_lock",))
        self.service.share(self.book, ACCOUNT)
        self.until = clock.monotonic() + WINDOW_S
        self.finished = [0] * PCS

    def _pause(self, seconds: float) -> None:
        self.clock.wait(seconds)

    @property
    def open(self) -> bool:
        """Whether the minute is still running."""
        return self.clock.monotonic() < self.until

    def run(self, work: Callable[[int], None]) -> float:
        """Every PC works until the minute is over; orders finished in it."""
        threads = [threading.Thread(target=work, args=(number,)) for number in range(PCS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sum(self.finished) * 60 / WINDOW_S


def ours(clock: Clock) -> float:
    """Orders a minute our way."""
    office = _Office(clock)

    def work(number: int) -> None:
        budget = Budget(clock, Chance(number), reads=QUOTA / PCS, writes=QUOTA / PCS)
        client = SheetsClient(_InProcess(office.service), office.book, clock, budget, patience_s=WINDOW_S)
        store = SheetStore(client, clock, Chance(number), view_age_s=2.0)
        agent = Agent(f"PC-{number}", f"PC-{number}/agent/1", f"PC-{number}", "127.0.0.1")
        lot = 0
        while office.open:
            refs = [Ref("order", f"{number}{lot + n:09d}") for n in range(BATCH)]
            lot += BATCH
            try:
                held = [a.item for a in store.claim_many(agent, refs) if isinstance(a, Grant)]
                store.advance([Progress(item.fence, phase=Phase.SENDING, need_ms=60_000) for item in held])
                done = store.finish([Ending(item.fence, State.COMPLETED, receipt="S") for item in held])
            except Transient as error:
                clock.wait(min(error.retry_after_s or 1.0, max(0.0, office.until - clock.monotonic())))
                continue
            if office.open:
                office.finished[number] += sum(isinstance(item, Item) for item in done)

    return office.run(work)


def v10(clock: Clock) -> float:
    """Orders a minute the older robot's way: one at a time, everything read, cells updated one by one."""
    office = _Office(clock)
    transport = _InProcess(office.service)
    SheetsClient(transport, office.book, clock, Budget(clock, Chance(1), reads=1000, writes=1000)).write(
        [AddTab(Tab(7, "lock", 1000, 6), [("order_id", "locked_by", "locked_at", "status", "machine_id", "notes")])]
    )

    def call(method: str, path: str, query: dict[str, Any], body: Any = None) -> Any:
        wait = 1.0
        while office.open:
            answer = transport.send(method, f"/v4/spreadsheets/{office.book}{path}", query, body)
            if answer.status == _OK:
                return answer.body
            assert answer.status == _TOO_MANY, answer
            clock.wait(min(wait, max(0.0, office.until - clock.monotonic())))
            wait = min(wait * 2, 32.0)
        return None

    def work(number: int) -> None:
        row = 0
        raw = {"valueInputOption": "RAW"}
        while office.open:
            key = f"{number}{row:09d}"
            row += 1
            rows = call("GET", "/values/lock!A1:F", {})
            if rows is None or any(cells[:1] == [key] for cells in rows.get("values", [])):
                continue
            added = call("POST", "/values/lock!A1:F:append", raw, {"values": [[key, "PC", "now", "processing", "PC", ""]]})
            if added is None:
                continue
            line = added["updates"]["updatedRange"].rpartition("A")[2].partition(":")[0]
            told = call("PUT", f"/values/lock!D{line}", raw, {"values": [["completed"]]})
            noted = call("PUT", f"/values/lock!F{line}", raw, {"values": [["Download successful"]]})
            if told is not None and noted is not None and office.open:
                office.finished[number] += 1

    return office.run(work)


@contextmanager
def prepare(tools: Tools) -> Iterator[Plan]:
    """One minute each."""
    peers = (Peer("V10: read all, append, update cells", lambda: v10(tools.clock)),)
    subject = Subject(
        say.SHEET_MINUTE(n=PCS),
        "count",
        lambda: ours(tools.clock),
        target=TARGET,
        better="more",
        peers=peers,
        warmups=0,
        repeats=1,
    )
    subjects: Sequence[Subject] = [subject]
    yield Plan(subjects, lambda: ())


BENCH: Final = Bench("sheet", say.SHEET, prepare)
