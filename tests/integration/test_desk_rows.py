"""Finding orders by the indexes of each database: the same orders, in the same pages, whatever keeps them."""

from __future__ import annotations

import pytest

from onbam.claims.asks import Command, New
from onbam.claims.model import Act, Ref, State
from onbam.claims.stores.sql import SqlStore
from onbam.connectors.portal.contract import Entry
from onbam.database.engine import Database
from onbam.database.migrate import upgrade
from onbam.kernel.chance import Chance
from onbam.orders.card import Card
from onbam.orders.desk_rows import PortRows, Query
from onbam.orders.desk_sql import SqlRows, _Asked
from support.claim_stands import A, B
from support.claiming import finished, granted

TWO = (State.FAILED, State.WAITING)
KEYS = [f"26010{day}{n:04d}" for day in range(1, 4) for n in range(9)]


@pytest.fixture
def rows(any_database: Database) -> tuple[SqlRows, PortRows]:
    """Orders of three days, some completed by two PCs; asked by the index, and through the port."""
    upgrade(any_database, chance=Chance(7))
    store = SqlStore(any_database)
    cards = {
        key: Card(Entry(key, "임업" if n % 2 else "산업", None, cells={"현장명": f"성수 {n}동"})) for n, key in enumerate(KEYS)
    }
    store.add([New(Ref("order", key), note=f"메모 {key[-1]}%_ Abc", data=card.data) for key, card in cards.items()])
    store.add([New(Ref("listing", "2601010000"))])
    for n, key in enumerate(KEYS[:12]):
        finished(store, granted(store, A if n % 3 else B, Ref("order", key)), receipt=f"20260105-{n}")
    store.override([Command(Ref("order", key), Act.HOLD, "person:x", "why") for key in KEYS[-2:]])
    return SqlRows(any_database, look_max=7), PortRows(store)


def paged(rows: SqlRows | PortRows, query: Query, limit: int) -> list[str]:
    """All pages."""
    found: list[str] = []
    after = ""
    while True:
        page = rows.page(query, limit, after)
        found += [item.key for item in page.items]
        after = page.after
        if not after:
            return found


@pytest.mark.parametrize(
    "query",
    [
        Query(),
        Query("2601010"),
        Query("26010100"),
        Query("메모 3"),
        Query("aBC"),
        Query("%_"),
        Query("_abc"),
        Query("/"),
        Query("\\"),
        Query("성수 1"),
        Query("임업", states=(State.COMPLETED,)),
        Query("현장명"),
        Query('"'),
        Query("20260105-1"),
        Query(machine="PC-B"),
        Query(states=(State.COMPLETED,)),
        Query(states=(State.WAITING, State.COMPLETED), machine="PC-A-7k2m"),
        Query(states=(State.COMPLETED, State.WAITING)),
        Query("abc", machine="PC-B", since_ms=1, until_ms=2**53),
        Query("abc", until_ms=1),
        Query("nowhere"),
    ],
    ids=str,
)
def test_the_index_finds_what_the_port_finds(rows: tuple[SqlRows, PortRows], query: Query) -> None:
    """Every page length brings each order once, and another kind of item never."""
    by_index, by_port = rows
    expected = sorted(paged(by_port, query, 100))
    for limit in (4, 100):
        found = paged(by_index, query, limit)
        assert sorted(found) == expected, limit
    assert [i.changed_at_ms for i in by_index.page(query, 100).items] == sorted(
        (i.changed_at_ms for i in by_index.page(query, 100).items), reverse=True
    )


def test_counts_and_the_oldest_agree(rows: tuple[SqlRows, PortRows]) -> None:
    """With the port's own."""
    by_index, by_port = rows
    assert dict(by_index.counts(0).states) == dict(by_port.counts(0).states)
    assert {i.key for i in by_index.oldest(State.WAITING, 100)} == {i.key for i in by_port.oldest(State.WAITING, 100)}
    assert by_index.counts(0)[State.COMPLETED] == 12
    assert by_index.needing() == by_port.needing() == by_index.counts(0).needing == 2


def test_words_that_only_the_card_itself_says_are_passed_over_in_one_call(any_database: Database) -> None:
    """They stand in every row's JSON: a page of them is not a page of nothing that has to be turned row by row."""
    upgrade(any_database, chance=Chance(7))
    store = SqlStore(any_database)
    card = Card(Entry("0", "임업", None, cells={"현장명": "성수"})).data
    store.add([New(Ref("order", key), data=card) for key in KEYS])
    found = SqlRows(any_database, look_max=len(KEYS) + 1).page(Query("cells"), 2)
    assert (list(found.items), found.after) == ([], "")


def test_states_asked_for_twice_and_in_another_order_are_the_same_question() -> None:
    """A question is kept written for the next who asks it: an address made by hand must not make a thousand of one."""
    asked = {_Asked.of(Query(states=states), None, None) for states in (TWO, TWO[::-1], TWO * 50)}
    assert len(asked) == 1
