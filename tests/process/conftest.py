"""The shop with a guard of its own, and the order of this ring.

A file is one process's share, and a long one at the end would let the other process wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.guarded import Guarded, Shops
from support.long_first import in_the_order_found, long_first

LONG = (
    "race",
    "embedded_shop",
    "orders_kill",
    "demo",
    "bootstrap_trouble",
    "postgres_crash",
    "bootstrap",
    "drill_agent",
    "guard_troubles",
    "guard",
    "guard_commands",
    "canaries",
    "leaks",
    "bench_recovery",
    "tutorial",
    "drill",
    "update_whole",
    "database_faults",
    "update",
    "bootstrap_real",
    "replay",
    "board_takeover",
)


def pytest_configure(config: pytest.Config) -> None:
    """Before anything is shared."""
    in_the_order_found(config)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first."""
    long_first(items, Path(__file__).parent, LONG)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shops]:
    """A folder, its settings, and later its guard."""
    made: list[Guarded] = []
    home = tmp_path / "shop"
    home.mkdir()

    def make(guard: str = "", **environ: str) -> Guarded:
        made.append(Guarded(home, guard, **environ))
        return made[-1]

    yield make
    for one in made:
        one.clean()
