"""A53: three PCs of one account work, and the board stays current, inside what Google allows one account."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from onbam.claims.asks import Ending, Grant
from onbam.claims.board import Board
from onbam.claims.board_rows import STATUS_OF
from onbam.claims.board_service import BoardService
from onbam.claims.model import Agent, Ref, State, Terms
from onbam.claims.ports import Filter
from onbam.claims.stores.sheet.store import SheetStore
from onbam.connectors.sheets.budget import Budget
from onbam.connectors.sheets.client import SheetsClient
from onbam.kernel.chance import Chance
from onbam.kernel.clock import FakeClock
from onbam_sims.sheets import SheetsService
from support.sheets import ACCOUNT, InProcess

SEOUL = ZoneInfo("Asia/Seoul")
LOCK = "processing_lock"
PCS = 3
MINUTES = 4
BATCH = 20
BEAT_S = 20.0
"""Each PC takes a batch this often, works on it for one beat and ends it."""


@dataclass
class Pc:
    """One PC: its client with a third of the quota, its store, its board, and what is due when."""

    agent: Agent
    store: SheetStore
    board: BoardService
    work_at: float
    board_at: float
    held: list[Grant]


def pc(number: int, service: SheetsService, book: str, clock: FakeClock) -> Pc:
    """A PC as the program builds it."""
    chance = Chance(number)
    budget = Budget(clock, chance, reads=60 / PCS, writes=60 / PCS)
    client = SheetsClient(InProcess(service), book, clock, budget)
    name = f"PC-{number}"
    store = SheetStore(client, clock, chance, Terms(lease_ms=1_800_000, limit_ms=1_800_000), view_age_s=2.0)
    board = Board(client, LOCK, "order", SEOUL, ours=name)
    kept = BoardService(lambda: board, store, clock, chance, SEOUL, every_s=15.0, spare=client.spare)
    start = clock.monotonic() + number * 3.0
    return Pc(Agent(name, f"{name}/agent/1", name, "192.168.1.1"), store, kept, start, start + 1.0, [])


def work(one: Pc, orders: list[str]) -> int:
    """End what is held, take the next batch."""
    if one.held:
        one.store.finish([Ending(grant.item.fence, State.COMPLETED, receipt="S") for grant in one.held])
    done = len(one.held)
    want = [Ref("order", orders.pop()) for _ in range(BATCH)]
    one.held = [answer for answer in one.store.claim_many(one.agent, want) if isinstance(answer, Grant)]
    return done


def test_three_pcs_and_their_boards_never_exceed_one_accounts_quota() -> None:
    """Four minutes of work: no 429, nobody waits for the quota, and a minute after the last order the board says what is so."""
    clock = FakeClock()
    service = SheetsService(now=lambda: clock.now().timestamp(), pause=clock.wait)
    book = service.create("shop")
    service.share(book, ACCOUNT)
    pcs = [pc(number, service, book, clock) for number in range(1, PCS + 1)]
    orders = [f"{2601050000 + n}" for n in range(10_000)]
    started, done = clock.monotonic(), 0
    while clock.monotonic() < started + MINUTES * 60:
        one = min(pcs, key=lambda each: min(each.work_at, each.board_at))
        clock.advance(max(0.0, min(one.work_at, one.board_at) - clock.monotonic()))
        if one.work_at <= one.board_at:
            done += work(one, orders)
            one.work_at = clock.monotonic() + BEAT_S
        else:
            one.board_at = clock.monotonic() + one.board.step(clock.now())
    for one in pcs:
        one.store.finish([Ending(grant.item.fence, State.COMPLETED, receipt="S") for grant in one.held])
    quiet_from = clock.monotonic()
    while clock.monotonic() < quiet_from + 60:
        one = min(pcs, key=lambda each: each.board_at)
        clock.advance(max(0.0, one.board_at - clock.monotonic()))
        one.board_at = clock.monotonic() + one.board.step(clock.now())
    assert service.refusals[429] == 0
    assert done >= PCS * BATCH * (MINUTES * 60 / BEAT_S) * 0.7
    shown = {row[0]: row[3] for row in service.rows(book, LOCK)[1:]}
    truth: dict[str, str] = {}
    after = ""
    while True:
        page = pcs[0].store.find(Filter(), limit=500, after=after)
        truth |= {item.key: STATUS_OF[item.state] for item in page.items}
        after = page.after
        if not after:
            break
    assert shown == truth
    assert set(truth.values()) == {"completed"}
