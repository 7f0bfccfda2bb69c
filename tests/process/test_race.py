"""Real processes that race for the same orders while a script kills, freezes, doubles and restarts them.

The outside commits whatever it is sent and dedupes nothing, so a duplicate is a duplicate. `HOUSE_RACE_ORDERS=1000` runs the
full distance, `HOUSE_RACE_SEED=N` another draw of the moments.
"""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from onbam.claims.asks import Command, New
from onbam.claims.model import Act, Item, Ref, State
from onbam.claims.ports import CLAIM_MAX, ClaimStore, Filter
from onbam.claims.stores.sheet.store import CLOCK_GRAIN_MS, SheetStore
from onbam.claims.stores.sql import SqlStore
from onbam.connectors.sheets.budget import Budget
from onbam.connectors.sheets.client import SheetsClient
from onbam.connectors.sheets.credentials import read_credentials
from onbam.connectors.sheets.transport import HttpTransport
from onbam.database.engine import Database
from onbam.database.migrate import upgrade
from onbam.effects.settle import Settler
from onbam.effects.stores.sql import SqlLedger
from onbam.journal.model import Entry
from onbam.journal.sql import READ_MAX
from onbam.kernel.chance import Chance
from onbam.kernel.clock import SystemClock
from onbam.notices.stores.sql import SqlNotices
from onbam_sims.sheets import UNLIMITED
from onbam_sims.sheets.simulator import SheetsSimulator
from support.nursery import Nursery
from support.race import Race
from support.racer import KIND, SHEET_DELAY_MS, SLIP, Order
from support.slip_office import Slip, SlipDoor, SlipOffice, SlipProver
from support.waiting import until

ORDERS = int(os.environ.get("HOUSE_RACE_ORDERS", "240"))
SEED = int(os.environ.get("HOUSE_RACE_SEED", "1"))
pytestmark = [
    pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="POSIX signals"),
    pytest.mark.timeout(600 + 2 * ORDERS),
]
EVENTS = max(10, ORDERS // 30)
REPLIES_LOST = 0.03


@pytest.fixture
def office() -> Iterator[SlipOffice]:
    """An outside that loses some of its answers."""
    with SlipOffice(seed=SEED) as server:
        server.set_fault("reply_lost", rate=REPLIES_LOST)
        yield server


KINDS = (pytest.param("sqlite"), pytest.param("postgres", marks=pytest.mark.needs("postgres")))


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, open_url: Callable[[str], Database]) -> Database:
    """An empty database that several processes may share."""
    made = open_url(request.getfixturevalue(f"{request.param}_url"))
    upgrade(made)
    return made


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    """Where the workers come from."""
    with Nursery("support.racer") as opened:
        yield opened


def test_every_order_gets_its_slip_once_on_a_database(
    database: Database, nursery: Nursery, office: SlipOffice, tmp_path: Path
) -> None:
    """Three workers, killed, frozen and doubled: no slip twice, no order lost, no lease left, the record without a gap."""
    order = Order(office.url, "", SEED, ORDERS, 10, 4_000, database=database.url)
    store = SqlStore(database, order.terms)
    store.add([New(ref) for ref in order.refs])
    race = Race(nursery, order, office, tmp_path, events=EVENTS)
    ledger, clock = SqlLedger(database), SystemClock()
    settler = Settler(store, ledger, SqlNotices(database), clock, {SLIP: SlipProver(office.url)})
    laps(race, store, settler.consider)
    hold_to_account(store, race)


def test_every_order_gets_its_slip_once_on_a_sheet(nursery: Nursery, office: SlipOffice, tmp_path: Path) -> None:
    """The same with nothing but a spreadsheet between the workers, in batches, over real HTTP."""
    with SheetsSimulator(seed=SEED, limits=UNLIMITED) as google:
        book = google.service.create("shop")
        account = google.service_account()
        google.service.share(book, account["client_email"])
        credentials = tmp_path / "account.json"
        credentials.write_text(json.dumps(account), "utf-8")
        order = Order(
            office.url,
            "",
            SEED,
            ORDERS,
            min(max(20, ORDERS // 10), 50),
            5_000,
            sheets=google.url,
            spreadsheet=book,
            credentials=str(credentials),
        )
        transport = HttpTransport(read_credentials(credentials), api_url=google.url, drive_url=google.url, timeout_s=10.0)
        clock = SystemClock()
        client = SheetsClient(transport, book, clock, Budget(clock, Chance(1), reads=1_000_000, writes=1_000_000))
        store = SheetStore(
            client, clock, Chance(1), order.terms, worst_write_delay_ms=SHEET_DELAY_MS, overlap_ms=SHEET_DELAY_MS
        )
        store.add([New(ref) for ref in order.refs])
        race = Race(nursery, order, office, tmp_path, events=EVENTS, grace_s=CLOCK_GRAIN_MS / 1000)
        door = SlipDoor(office.url)
        seen: dict[tuple[Ref, int], float] = {}
        with closing(transport):
            laps(race, store, lambda item: prove(store, item, door, seen))
            hold_to_account(store, race)


def laps(race: Race, store: ClaimStore, settle: Callable[[Item], object]) -> None:
    """Race, settle every doubt by a look outside, and race again for what turned out not to be there."""
    while store.counts() != {(KIND, State.COMPLETED): race.order.orders}:
        race.lap()
        race.doubts += len(uncertain(store))
        until(lambda: not [settle(item) for item in uncertain(store)], what="every doubt is settled")


def prove(store: ClaimStore, item: Item, door: SlipDoor, seen: dict[tuple[Ref, int], float]) -> None:
    """Look it up outside and tell the store what was found; too early for a no, it says so, and one asks again."""
    now_s = SystemClock().monotonic()
    waited_ms = int((now_s - seen.setdefault((item.ref, item.token), now_s)) * 1000)
    numbers = door.look(item.key)
    act, receipt = (Act.THERE, numbers[0]) if numbers else (Act.NOT_THERE, "")
    store.override([Command(item.ref, act, "prover:erp", "looked up by its key", receipt, waited_ms=waited_ms)])


def uncertain(store: ClaimStore) -> list[Item]:
    """Everything in doubt."""
    found: list[Item] = []
    after = ""
    while True:
        page = store.find(Filter(states=(State.UNCERTAIN,)), after=after)
        found += page.items
        after = page.after
        if not after:
            return found


def hold_to_account(store: ClaimStore, race: Race) -> None:
    """Zero twice, zero lost, nothing held, nothing missing in the record."""
    slips = race.office.slips
    many = Counter(slip.key for slip in slips)
    assert {key: count for key, count in many.items() if count > 1} == {}
    refs = race.order.refs
    assert sorted(many) == sorted(ref.key for ref in refs)
    number_of = {Ref(KIND, slip.key): slip.number for slip in slips}
    items = [item for start in range(0, len(refs), CLAIM_MAX) for item in store.get(refs[start : start + CLAIM_MAX])]
    assert {item.state for item in items if item is not None} == {State.COMPLETED}
    assert {item.ref: item.receipt for item in items if item is not None} == number_of
    assert store.counts() == {(KIND, State.COMPLETED): len(refs)}
    entries = told_without_gaps(store)
    lines = Counter(entry.line.what for entry in entries)
    assert lines["item.completed"] + lines["item.there"] == len(refs)
    # Between the last look at the lease and the first byte nobody can look again: a freeze may fall in there, and once only.
    late = sent_after_the_lease(race.office.slips, entries)
    assert len(late) <= race.struck["freeze"]
    assert race.complaints() == ""
    # The race was one: the script struck as often as it was told, and some of what it did showed.
    assert sum(race.struck.values()) == EVENTS
    assert race.doubts, "no order ever was in doubt: nothing was tried here"
    print(  # noqa: T201 -- shown with -s: the figures of a full race
        f"\n{len(refs)} orders, {race.seconds:.1f} s, {dict(race.struck)}, in doubt {race.doubts},"
        f" of them not there {lines['item.not_there']}, late {len(late)}, {dict(lines)}"
    )


def sent_after_the_lease(slips: Sequence[Slip], entries: Sequence[Entry]) -> list[Slip]:
    """Slips that reached the outside when the lease they were sent under had been found over."""
    over = {
        (entry.line.key, entry.line.data["token"]): entry.at_ms
        for entry in entries
        if entry.line.what in {"item.uncertain", "item.expired"} and entry.line.why == "lease over"
    }
    return [slip for slip in slips if slip.at_ms > over.get((slip.key, slip.token), slip.at_ms)]


def told_without_gaps(store: ClaimStore) -> list[Entry]:
    """What the journal told of orders; a gap in its positions fails."""
    entries: list[Entry] = []
    position = 0
    while (stretch := store.changes(position, limit=READ_MAX)).position > position:
        assert stretch.missing_before == 0
        entries += stretch.entries
        position = stretch.position
    return entries
