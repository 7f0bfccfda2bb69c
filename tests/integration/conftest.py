"""The order of this ring: a file is one process's share, and a long one at the end would let the other process wait."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.long_first import in_the_order_found, long_first

LONG = (
    "database_move",
    "database_migrate",
    "claims_sheet_commands",
    "web_agreeing",
    "web_bad_input",
    "web_api",
    "web_live",
    "web",
    "bench",
    "channels",
    "people",
    "logs",
)


def pytest_configure(config: pytest.Config) -> None:
    """Before anything is shared."""
    in_the_order_found(config)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first."""
    long_first(items, Path(__file__).parent, LONG)
