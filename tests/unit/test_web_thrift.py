"""A process that stands by for days: memory goes back in a pause, and what nobody uses is not loaded."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest

from onbam.web import thrift
from onbam.web.thrift import Thrift, give_back, without

ABSENT = "xml.dom.pulldom"
"""A module nothing here uses."""
MAKES_A_DESK = """
import sys, tempfile
from contextlib import closing
from pathlib import Path
from fastapi.testclient import TestClient
from onbam.bootstrap import Onbam
from onbam.kernel.clock import SystemClock
from onbam.web.app import create_app, guarded
with closing(Onbam(Path(sys.argv[1]), {}, clock=SystemClock())) as onbam:
    assert TestClient(guarded(create_app(onbam))).get("/login").status_code == 200
print(*[name for name in ("pydantic.v1", "selectolax") if name in sys.modules])
"""


def test_what_is_only_looked_at_is_not_there_for_a_while_and_comes_when_asked_for() -> None:
    """It cannot be imported inside; afterwards it can, and one that was there before stays."""
    assert ABSENT not in sys.modules
    with without(ABSENT), pytest.raises(ImportError):
        __import__(ABSENT)
    assert ABSENT not in sys.modules
    with without("json"):
        assert sys.modules["json"] is not None
    assert sys.modules["json"] is not None


def test_memory_goes_back_once_in_a_pause_after_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many answers, one pause, once; an answer soon afterwards waits for the next time."""
    monkeypatch.setattr(thrift, "PAUSE_S", 0.01)

    async def asked() -> list[float]:
        loop, given = asyncio.get_running_loop(), asyncio.Event()
        times: list[float] = []
        mine = Thrift(lambda: (times.append(loop.time()), given.set())[0])
        begun = loop.time()
        for _ in range(5):
            mine.answered()
        await asyncio.wait_for(given.wait(), 10)
        assert times[0] >= begun + thrift.PAUSE_S
        given.clear()
        monkeypatch.setattr(thrift, "EVERY_S", 0.05)
        mine.answered()
        mine.answered()
        await asyncio.wait_for(given.wait(), 10)
        return times

    first, second = asyncio.run(asked())
    assert second - first >= 0.05


def test_giving_back_harms_nothing() -> None:
    """On every system, also twice."""
    give_back()
    give_back()


def test_a_desk_loads_no_reader_of_documents_and_no_old_models(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Both are megabytes that a desk which only shows how things stand never uses."""
    home = tmp_path_factory.mktemp("thrift")
    done = subprocess.run([sys.executable, "-c", MAKES_A_DESK, str(home)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr
