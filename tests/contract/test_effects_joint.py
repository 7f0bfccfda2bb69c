"""Leases and effect ledger written in one step, on each kind of database."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from onbam.claims.asks import Ending, Grant, Lost, Progress
from onbam.claims.model import Item, Phase, State
from onbam.claims.stores.sql import SqlStore
from onbam.database.engine import Database
from onbam.database.schema import metadata
from onbam.effects.model import Doubt, Outcome, Try
from onbam.effects.ports import Begun, Intended
from onbam.effects.stores.joint import JointBook
from onbam.effects.stores.sql import SqlLedger, SqlTurn
from onbam.journal.sql import SqlJournal
from support.claim_stands import A, B
from support.claiming import ORDER
from support.effect_worlds import slip

NEED_MS = 5_000


class Stand:
    """A store, a ledger, and one order in A's hands."""

    def __init__(self, database: Database) -> None:
        with database.write() as connection:
            metadata.create_all(connection)
        self.store, self.ledger = SqlStore(database), SqlLedger(database)
        self.joint = JointBook(self.store, self.ledger)
        self.journal = SqlJournal(database, database.clock)
        (grant,) = self.store.claim_many(A, [ORDER])
        assert isinstance(grant, Grant)
        self.item = grant.item

    def begin(self, nonce: str = "a#1", item: Item | None = None) -> Begun:
        """Ask for an intent and the permission to send."""
        item = item or self.item
        return self.joint.begin(slip(), item, A.who, nonce, NEED_MS, Progress(item.fence, Phase.SENDING, need_ms=NEED_MS))

    def now(self) -> Item:
        """The order as it stands."""
        (item,) = self.store.get([ORDER])
        assert item is not None, "it is known"
        return item

    def told(self) -> list[str]:
        """What the journal says, in order."""
        return [entry.line.what for entry in self.journal.read(0).entries]


@pytest.fixture
def stand(any_database: Database) -> Stand:
    """On each kind of database."""
    return Stand(any_database)


def test_an_intent_and_its_permission_are_one_step(stand: Stand) -> None:
    """Both are there, and the journal tells them in their order; asked again under the same name it is the same intent."""
    begun = stand.begin()
    assert isinstance(begun.stands, Intended)
    assert (stand.now().phase, begun.moved) == (Phase.SENDING, stand.now())
    assert stand.told() == ["item.added", "item.claimed", "effect.intent", "item.sending"]
    assert stand.begin().stands == begun.stands
    assert len(stand.ledger.tries(ORDER.key)) == 1


def test_a_receipt_and_the_end_of_its_order_are_one_step(stand: Stand) -> None:
    """Both are there; told a second time it is harmless."""
    stand.begin()
    for _ in range(2):
        done = stand.joint.complete(ORDER.key, 1, "slip-1", "", Ending(stand.item.fence, State.COMPLETED, "slip-1"))
        assert (done.one.outcome, done.one.receipt) == (Outcome.RECEIPT, "slip-1")
    assert (stand.now().state, stand.now().receipt) == (State.COMPLETED, "slip-1")
    assert stand.told()[-2:] == ["effect.receipt", "item.completed"]


def test_a_lease_that_is_gone_takes_the_intent_with_it_and_not_the_receipt(stand: Stand) -> None:
    """No intent is written for who may not send; what was sent is written down whoever holds the order now."""
    stand.store.declare_dead([A.agent_id], who="system:test", why="silent")
    begun = stand.begin()
    assert (begun.stands, isinstance(begun.moved, Lost), stand.ledger.tries(ORDER.key)) == (None, True, [])
    (grant,) = stand.store.claim_many(B, [ORDER])
    assert isinstance(grant, Grant)
    stand.begin(item=grant.item)
    done = stand.joint.complete(ORDER.key, 1, "slip-1", "", Ending(stand.item.fence, State.COMPLETED, "slip-1"))
    assert (done.one.receipt, isinstance(done.moved, Lost)) == ("slip-1", True)
    assert stand.now().state is State.PROCESSING


class Blinded(SqlLedger):
    """Does not see at its first look what another one has just written."""

    blind = True

    def tries_in(self, turn: SqlTurn, key: str) -> Sequence[Try]:
        """Nothing, and then what is there."""
        self.blind, blind = False, self.blind
        return [] if blind else super().tries_in(turn, key)


def test_of_two_that_intend_one_key_at_once_one_gets_it(stand: Stand, any_database: Database) -> None:
    """The second one finds the other's intent, which is a doubt, and its order stays as it was."""
    stand.ledger.intend(slip(), stand.item, B.who, "b#1", deadline_in_ms=NEED_MS)
    stand.joint = JointBook(stand.store, Blinded(any_database))
    begun = stand.begin()
    assert isinstance(begun.stands, Doubt)
    assert (begun.moved, stand.now().phase, len(stand.ledger.tries(ORDER.key))) == (None, Phase.CLAIMED, 1)
