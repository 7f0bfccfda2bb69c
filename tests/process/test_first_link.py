"""The link that makes the first administrator is for one person's eyes: it stands in no file."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.desk_server import port_aside
from support.guarded import Guarded
from support.waiting import until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes of Linux")
LINK = re.compile(rb"/enter/[\w-]{16,}")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Guarded]:
    """A folder nobody can come into yet, with a guard that runs the dashboard."""
    made = Guarded(tmp_path, ONBAM_GUARD_RUN="web", ONBAM_WEB_PORT=str(port_aside()))
    made.write()
    yield made
    made.clean()


def test_no_file_holds_the_link_for_the_first_administrator(house: Guarded) -> None:
    """Under the guard the dashboard says how to get one and prints none; asked for at a terminal it is shown there alone."""
    assert house.onbam("up")[0] == 0

    def said() -> str:
        return "".join(path.read_text("utf-8") for path in house.home.glob("logs/process/web/*.log"))

    until(lambda: "onbam web link" in said(), what="the dashboard says how to come in")
    code, answer = house.onbam("web", "link")
    assert (code, len(LINK.findall(answer.encode()))) == (0, 1)
    assert house.onbam("down")[0] == 0
    files = [path for path in house.home.rglob("*") if path.is_file()]
    assert [path for path in files if LINK.search(path.read_bytes())] == []
    opens = answer.strip().rpartition("/")[2].encode()
    assert [path for path in files if opens in path.read_bytes()] == []
