"""What is there when the server begins to listen is not looked through again."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from onbam.web.collector import settle


@pytest.fixture
def thawed() -> Iterator[None]:
    """This program lives on: nothing of it stays frozen."""
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("thawed")
def test_what_a_full_collection_leaves_is_here_to_stay_a_few_times() -> None:
    """Then the collector is left alone, and finds every ring of objects again."""
    listening, kept = list(gc.callbacks), gc.get_freeze_count()
    settle(2)
    assert gc.get_freeze_count() > kept
    assert len(gc.callbacks) == len(listening) + 1
    kept, more = gc.get_freeze_count(), [[] for _ in range(1000)]
    gc.collect()
    assert gc.get_freeze_count() >= kept + len(more)
    assert gc.callbacks == listening
    kept = gc.get_freeze_count()
    gc.collect()
    assert gc.get_freeze_count() <= kept
