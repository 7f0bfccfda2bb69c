"""The guard sends for somebody who carries its news, where nobody else does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from onbam.guard import words as say
from onbam.guard.desk import Desk, Folders
from onbam.guard.herald import FIRST_PAUSE_S, LIMIT_S, LONGEST_PAUSE_S, SAID_NAME, WAIT_S, Herald
from onbam.guard.model import Patience
from onbam.guard.plan import Plan
from onbam.guard.report import LEFT, TAKEN, Cause, read
from onbam.kernel.clock import FakeClock

LOOK_S = 5.0
CAUSE = Cause("process.slow:robot", "urgent", say.SLOW_TITLE(name="robot"), say.RECOVERED(name="robot"))


class One:
    """Somebody sent."""

    def __init__(self) -> None:
        self.code: int | None = None

    def poll(self) -> int | None:
        """As set."""
        return self.code

    def kill(self) -> None:
        """Ended."""
        self.code = -9


class House:
    """A guard's desk, and who was sent when."""

    def __init__(self, folder: Path) -> None:
        plan = Plan({}, ZoneInfo("Asia/Seoul"), "ko", folder / "logs", time(5, 55), Patience())
        self.clock = FakeClock()
        self.desk = Desk(Folders(folder, folder / "data"), plan, self.clock, str)
        self.run = self.desk.folders.run
        self.sent: list[float] = []
        self.now: One | None = None
        self.takes: Callable[[], None] = lambda: None
        self.herald = Herald(self.desk, self.begin)
        self.carried = False
        self.begun_s = self.clock.monotonic()

    def begin(self, said: Path) -> One:
        """Sent: it takes what it takes, and ends at once."""
        self.sent.append(self.clock.monotonic() - self.begun_s)
        said.write_text("no mail server\n", "utf-8")
        self.now = One()
        self.takes()
        return self.now

    def tell(self) -> None:
        """A notice."""
        self.desk.tell("process.slow", "robot", say.SLOW_TITLE(name="robot"), cause=CAUSE)

    def take(self) -> None:
        """As `onbam notices carry` does."""
        (self.run / TAKEN).write_text(str(max(told.n for told in read(self.run))), "ascii")
        assert self.now is not None
        self.now.code = 0

    def fail(self) -> None:
        """It ended without having taken anything."""
        assert self.now is not None
        self.now.code = 1

    def pass_s(self, seconds: float) -> None:
        """So much time, with a look every five seconds."""
        for _ in range(int(seconds / LOOK_S)):
            self.clock.advance(LOOK_S)
            self.herald.turn(self.clock.monotonic(), carried=self.carried)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_a_notice_nobody_takes_is_carried_within_a_minute(house: House) -> None:
    """Sent for once; what is no notice sends for nobody."""
    house.desk.tell("guard.started", "guard", say.GUARD_ENDS())
    house.pass_s(600)
    assert house.sent == []
    house.tell()
    house.takes = house.take
    house.pass_s(600)
    assert len(house.sent) == 1
    assert house.sent[0] <= 600 + WAIT_S + 2 * LOOK_S


def test_where_a_program_carries_nobody_is_sent_for(house: House) -> None:
    """The agent or the web is alive."""
    house.carried = True
    house.tell()
    house.pass_s(600)
    assert house.sent == []


def test_what_could_not_be_carried_is_tried_ever_more_slowly_and_said(house: House) -> None:
    """No storm: a minute, two, four, at most half an hour; its last words stand in the guard's log."""
    house.tell()
    house.takes = house.fail
    house.pass_s(6 * LONGEST_PAUSE_S)
    pauses = [later - one for one, later in zip(house.sent, house.sent[1:], strict=False)]
    assert pauses[0] == FIRST_PAUSE_S
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE_S
    log = "".join(path.read_text("utf-8") for path in (house.desk.folders.home / "logs").glob("guard_*.log"))
    assert "알림을 전하지 못해 나중에 다시 해 봄: no mail server" in log


def test_one_that_hangs_is_ended(house: House) -> None:
    """Carrying has its limit, and the guard's own end is one too."""
    house.tell()
    house.pass_s(WAIT_S + 2 * LOOK_S)
    first = house.now
    assert first is not None
    assert (len(house.sent), first.code) == (1, None)
    house.pass_s(LIMIT_S + FIRST_PAUSE_S)
    assert first.code == -9
    second = house.now
    assert second is not None
    assert (len(house.sent), second.code) == (2, None)
    house.herald.stop()
    assert second.code == -9


def test_a_letter_that_was_not_delivered_is_tried_again(house: House) -> None:
    """The notice is in the inbox, and the mail server was away."""
    house.tell()
    house.takes = house.take
    house.pass_s(60)
    (house.run / LEFT).touch()
    house.pass_s(60)
    assert len(house.sent) == 2
    assert (house.run / SAID_NAME).exists()


def test_what_an_earlier_guard_told_is_carried_too(house: House, tmp_path: Path) -> None:
    """Nobody took it before the guard was killed."""
    house.tell()
    later = House(tmp_path)
    later.pass_s(60)
    assert len(later.sent) == 1
