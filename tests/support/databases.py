"""Databases for tests: real ones, each test its own.

For: any test that keeps state; use `sqlite_database`, or `any_database` for a claim about all kinds.
Promises: every test gets an empty database of its own and leaves nothing behind.
Refuses: a database shared between tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from onbam.database.engine import Database, open_database
from onbam.kernel.clock import SystemClock


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Iterator[Database]:
    """An empty SQLite file."""
    database = open_database(f"sqlite:///{(tmp_path / 'onbam.db').as_posix()}", clock=SystemClock())
    yield database
    database.close()
