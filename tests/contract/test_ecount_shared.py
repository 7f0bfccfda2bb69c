"""What all PCs share about the ERP, in memory and on each database: the same claims for all."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from onbam.claims.stores.memory import MemoryStore
from onbam.claims.stores.sheet.store import SheetStore
from onbam.connectors.ecount.contract import Session, SessionShelf, Turnstile
from onbam.connectors.ecount.shared import MemoryShelf, MemoryTurnstile
from onbam.connectors.ecount.stores_sql import SqlShelf, SqlTurnstile, reencrypt
from onbam.connectors.ecount.tables import ecount_accounts, ecount_gates
from onbam.database.engine import Database, open_database
from onbam.database.schema import metadata
from onbam.kernel.clock import FakeClock
from onbam.kernel.errors import Misconfigured
from onbam.kernel.settings import Secret
from onbam.orders.stores.erp_claims import ClaimShelf, ClaimTurnstile
from onbam.orders.stores.erp_claims import reencrypt as claims_reencrypt
from onbam.vault.cipher import Cipher, Key
from support.claim_stands import MemoryStand
from support.databases import KINDS
from support.sheet_stand import SheetStand

KEY = Key("k" * 32)
MADE = datetime(2026, 1, 5, 6, 0, 0, 123000, tzinfo=UTC)
FIRST = Session("CC", Secret("f3a9:CC-0A1B!0"), MADE)
SECOND = Session("CC", Secret("77c2:CC-9F00!1"), MADE)


@dataclass(frozen=True)
class Shared:
    """Both stores as one PC sees them."""

    shelf: SessionShelf
    turnstile: Turnstile


@pytest.fixture(params=[pytest.param("memory"), pytest.param("claims"), pytest.param("sheets"), *KINDS])
def shared(request: pytest.FixtureRequest) -> Shared:
    """Empty stores of each kind."""
    if request.param == "memory":
        return Shared(MemoryShelf(), MemoryTurnstile(FakeClock()))
    if request.param in ("claims", "sheets"):
        stand = MemoryStand() if request.param == "claims" else SheetStand()
        store = stand.open()
        assert isinstance(store, MemoryStore | SheetStore)
        return Shared(ClaimShelf(store, lambda: Cipher([KEY]), stand.clock), ClaimTurnstile(store, 0.0))
    database: Database = request.getfixturevalue(f"{request.param}_database")
    metadata.create_all(database.engine, tables=[ecount_accounts, ecount_gates])
    return Shared(SqlShelf(database, lambda: Cipher([KEY])), SqlTurnstile(database))


@pytest.fixture
def hand_turned(tmp_path: Path) -> Iterator[Callable[[], tuple[SqlTurnstile, FakeClock]]]:
    """A turnstile on a clock turned by hand."""
    clock = FakeClock()
    database = open_database(f"sqlite:///{(tmp_path / 'onbam.db').as_posix()}", clock=clock)
    metadata.create_all(database.engine, tables=[ecount_gates])
    yield lambda: (SqlTurnstile(database), clock)
    database.close()


def test_a_session_is_everybodys_until_it_ends(shared: Shared) -> None:
    """What one PC keeps another finds, whole; only the session that ended is taken away."""
    shelf = shared.shelf
    assert shelf.session("a") is None
    shelf.keep("a", FIRST)
    assert (shelf.session("a"), shelf.session("b")) == (FIRST, None)
    shelf.keep("a", SECOND)
    shelf.drop("a", FIRST)
    assert shelf.session("a") == SECOND
    shelf.drop("a", SECOND)
    assert shelf.session("a") is None


def test_rejections_are_counted_until_a_log_in_works(shared: Shared) -> None:
    """All PCs share the count; a session or a person ends it; other accounts have their own."""
    shelf = shared.shelf
    assert [shelf.count_failure("a"), shelf.count_failure("a"), shelf.failures("b")] == [1, 2, 0]
    shelf.keep("a", FIRST)
    assert shelf.failures("a") == 0
    shelf.count_failure("a")
    shelf.forgive("a")
    assert (shelf.failures("a"), shelf.session("a")) == (0, FIRST)


def test_the_zone_is_asked_for_once(shared: Shared) -> None:
    """A zone stays, also when the session goes."""
    shelf = shared.shelf
    assert shelf.zone("a") == ""
    shelf.keep_zone("a", "CC")
    shelf.keep("a", FIRST)
    shelf.drop("a", FIRST)
    assert shelf.zone("a") == "CC"


def test_each_caller_gets_a_moment_of_its_own(shared: Shared) -> None:
    """Ten PCs that book at once are ten times the spacing apart, in whatever order."""
    waits: list[float] = []
    threads = [threading.Thread(target=lambda: waits.append(shared.turnstile.book("save", 100.0))) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    found = sorted(waits)
    assert len(found) == 10
    assert all(later - earlier > 90 for earlier, later in itertools.pairwise(found))


def test_a_moment_may_be_wanted_later(shared: Shared) -> None:
    """Whoever needs time to get ready books ahead; the next one comes after it."""
    assert 49 < shared.turnstile.book("save", 100.0, 50.0) <= 50
    assert shared.turnstile.book("save", 100.0, 50.0) > 140


def test_a_gate_that_is_taken_is_closed_for_the_others(shared: Shared) -> None:
    """One goes through, the next learns how long not; given back it is free; another gate is another gate."""
    turnstile = shared.turnstile
    assert turnstile.take("login", 600.0) == 0.0
    assert 590 < turnstile.take("login", 600.0) <= 600
    assert turnstile.take("zone", 600.0) == 0.0
    turnstile.release("login")
    assert turnstile.take("login", 600.0) == 0.0


def test_a_gate_can_be_held(shared: Shared) -> None:
    """Told to slow down, nobody is let through sooner; a longer booking is not made shorter."""
    turnstile = shared.turnstile
    turnstile.hold("save", 300.0)
    assert 290 < turnstile.book("save", 100.0) <= 300
    turnstile.hold("save", 5.0)
    assert turnstile.book("save", 100.0) > 390


def test_a_gate_opens_again_when_the_clock_was_set_back(
    hand_turned: Callable[[], tuple[SqlTurnstile, FakeClock]],
) -> None:
    """A moment booked under a clock that was years ahead does not close the gate for years."""
    turnstile, clock = hand_turned()
    clock.jump(86_400 * 365)
    turnstile.book("save", 10.0)
    clock.jump(-86_400 * 365)
    assert turnstile.book("save", 10.0) == 0.0
    assert turnstile.book("save", 10.0) == 10.0


def test_a_session_rests_encrypted_and_moves_to_a_new_key(sqlite_database: Database) -> None:
    """Neither zone nor session can be read from the table; after a change of key the old one is no longer needed."""
    metadata.create_all(sqlite_database.engine, tables=[ecount_accounts])
    SqlShelf(sqlite_database, lambda: Cipher([KEY])).keep("a", FIRST)
    with sqlite_database.read() as connection:
        kept = connection.execute(sa.select(ecount_accounts.c.session)).scalar_one()
    assert "0A1B" not in kept
    fresh = Key("n" * 32)
    with pytest.raises(Misconfigured):
        SqlShelf(sqlite_database, lambda: Cipher([fresh])).session("a")
    assert reencrypt(sqlite_database, Cipher([fresh, KEY])) == 1
    assert SqlShelf(sqlite_database, lambda: Cipher([fresh])).session("a") == FIRST
    assert reencrypt(sqlite_database, Cipher([fresh])) == 0


def test_a_session_in_a_sheet_rests_encrypted_and_moves_to_a_new_key() -> None:
    """Whoever reads the sheet cannot use it; the other PCs go on under the new key."""
    stand = SheetStand()
    store = stand.open()
    assert isinstance(store, SheetStore)
    ClaimShelf(store, lambda: Cipher([KEY]), stand.clock).keep("a", FIRST)
    assert "0A1B" not in str(stand.service.state())
    fresh = Key("n" * 32)
    assert claims_reencrypt(store, store, Cipher([fresh, KEY])) == 1
    assert ClaimShelf(store, lambda: Cipher([fresh]), stand.clock).session("a") == FIRST
    assert claims_reencrypt(store, store, Cipher([fresh])) == 0
