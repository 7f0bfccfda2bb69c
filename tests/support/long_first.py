"""Files that take long come first, so that the processes that share a ring end together.

For: the `conftest.py` of a ring that is shared by files.
Promises: the named files in the order they are named, then all others as they were; what they hold stays in its order.
Refuses: to change what runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest


def in_the_order_found(config: pytest.Config) -> None:
    """Xdist would begin with the files that hold the most tests, and these are not the long ones."""
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


def long_first(items: list[pytest.Item], folder: Path, names: Sequence[str]) -> None:
    """Put these files of the folder before all others."""
    places = {folder / f"test_{name}.py": place for place, name in enumerate(names)}
    items.sort(key=lambda item: places.get(item.path, len(places)))
