"""The incident, replayed with real processes: four starts, a silent hang, a changed date; each found and on record."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from onbam.cli.report import as_data
from support.guarded import Guarded
from support.waiting import until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes of Linux")
FOUR = 4
FORMERLY_S = 20 * 3_600


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Guarded]:
    """A folder with one robot, nothing started."""
    one = Guarded(tmp_path, "look_s = 0.5")
    one.robot()
    try:
        yield one
    finally:
        one.clean()


def test_the_incident_of_the_thirteenth_of_january_ends_within_the_minute(shop: Guarded) -> None:
    """Four at once are one; a hang without a log line is replaced; one on yesterday's file too; a report measures it."""
    command = [sys.executable, "-m", "onbam.guard", "--home", str(shop.home)]
    four = [
        subprocess.Popen(command, env=shop.environ, cwd=shop.home, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for _ in range(FOUR)
    ]
    refused = []
    until(lambda: sum(one.poll() is not None for one in four) == FOUR - 1, what="three of four are refused")
    for one in four:
        if one.poll() is None:
            shop.process = one
        else:
            refused.append((one.returncode, one.communicate()[1].decode()))
    assert [code for code, _ in refused] == [1] * (FOUR - 1)
    assert all("[ERROR] 이미 실행 중인 프로세스가 있습니다." in said for _, said in refused)
    until(shop.answers, what="the one that runs answers")
    first = shop.up()["pid"]
    assert shop.ours() == [first], "pythonw × 4 → × 1"

    shop.say("block 1")
    second = shop.other(first)["pid"]
    (stuck,) = shop.events("process.stuck")
    silence_s = float(str(stuck.data["silence_s"]))
    started = next(told for told in shop.events("process.started") if told.n > stuck.n)
    stood_s = silence_s + (datetime.fromisoformat(started.at) - datetime.fromisoformat(stuck.at)).total_seconds()
    assert silence_s >= 1
    assert stood_s < 60 < FORMERLY_S
    (incident,) = shop.incidents()
    assert (incident["item"], "in block" in incident["stacks"]) == ("order:2601050229", True)

    day = datetime.now(ZoneInfo("Asia/Seoul")).date() - timedelta(days=1)
    shop.say(f"yesterday {shop.home / 'logs' / f'app_{day:%Y%m%d}.json'}")
    until(lambda: shop.events("process.yesterday"), what="the file of yesterday is noticed", deadline_s=120)
    shop.say("work")
    third = shop.other(second)["pid"]
    assert shop.ours() == [third]

    with Reported(shop) as report:
        assert (report["hangs"], report["duplicates"], report["interventions"]) == (1, 0, [])
        assert report["recoveries_s"] == [pytest.approx(stood_s, abs=0.2)]
    shop.end()


class Reported:
    """What the report tells of today."""

    def __init__(self, shop: Guarded) -> None:
        from onbam.bootstrap import Onbam

        self._onbam = Onbam(shop.home, dict(os.environ))

    def __enter__(self) -> dict[str, object]:
        today = self._onbam.clock.now().astimezone(self._onbam.zone).date()
        return as_data(self._onbam.report(today - timedelta(days=1), today))

    def __exit__(self, *_: object) -> None:
        self._onbam.close()
